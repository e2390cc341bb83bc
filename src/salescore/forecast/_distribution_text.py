"""A distribution in words and rows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._numbers import as_chance
from salescore.render import Language, number, percent, text_table

_HEAD = (("Chance", "机会"), ("At least", "至少"))
MEAN = ("Mean", "均值")
_DEVIATION = ("standard deviation", "标准差")
_BAND = ("80 % from {} to {}", "80 % 区间：{} 至 {}")
_SURE = ("Sure: {}", "确定：{}")
_MOST_DIGITS = 12
_LEAST, _MOST = Decimal(0), Decimal(1)


@attrs.frozen
class QuantileRow:
    """
    What is reached with a chance.

    Attributes:
        chance: The chance asked for, from 0 to 1.
        value: The largest value that is reached, or exceeded, with at least this chance; the least
            value of all for a chance of 1.
        reached: How likely the value, or more, is; at least the chance asked for.
    """

    chance: Decimal
    value: Decimal
    reached: Decimal


class Ends(Protocol):
    """Two ends of an interval."""

    @property
    def low(self) -> Decimal:
        """Lower end."""
        ...

    @property
    def high(self) -> Decimal:
        """Upper end."""
        ...


class Shown(Protocol):
    """What words and drawings ask of a distribution; told here, because it asks them to show it."""

    @property
    def mean(self) -> Decimal:
        """Mean."""
        ...

    @property
    def deviation(self) -> Decimal:
        """Standard deviation."""
        ...

    def at_least(self, value: Decimal) -> Decimal:
        """Return the chance of a value or more."""
        ...

    def reached_with(self, p: Decimal | Fraction) -> Decimal:
        """Return the largest value that is reached with a chance."""
        ...

    def quantile(self, p: Decimal | Fraction) -> Decimal:
        """Return the least value that is not exceeded with a chance."""
        ...

    def band(self) -> Ends:
        """Return the central interval."""
        ...

    def rows(self) -> tuple[QuantileRow, ...]:
        """Return what is reached with which chance."""
        ...


def quantile_rows(distribution: Shown, chances: Iterable[Decimal]) -> tuple[QuantileRow, ...]:
    """
    Return what is reached with given chances, from the surest on.

    Args:
        distribution: The distribution.
        chances: From 0 to 1, each once.

    Raises:
        InvalidValue: A chance lies outside 0 to 1 or stands there twice.
    """
    asked = listed("chances", chances, "chances, such as Decimal('0.9')")
    for one in asked:
        as_chance(one)
    wanted = sorted(asked, reverse=True)
    if len(set(wanted)) < len(wanted):
        raise InvalidValue("chances", wanted, "one stands there twice")
    found: list[QuantileRow] = []
    for one in wanted:
        value = distribution.reached_with(one)
        found.append(QuantileRow(one, value, distribution.at_least(value)))
    return tuple(found)


def distribution_text(distribution: Shown, language: Language, digits: int) -> str:
    """
    Return mean, band and a table of what is reached with which chance.

    Args:
        distribution: The distribution.
        language: Language of the words.
        digits: Digits behind the point, from 0 to 12.

    Raises:
        InvalidValue: The digits lie outside.
    """
    check_shown(language, digits)
    if _is_sure(distribution):
        return summary(distribution, language, digits)
    heads = [language.pick(one) for one in _HEAD]
    rows = [
        (percent(row.chance, digits=shown_digits(row.chance)), number(row.value, digits))
        for row in distribution.rows()
    ]
    return "\n".join([summary(distribution, language, digits), "", *text_table(heads, rows)])


def summary(distribution: Shown, language: Language, digits: int) -> str:
    """Return mean, deviation and band of a distribution in one line, or its only value."""
    band = distribution.band()
    if _is_sure(distribution):
        return language.pick(_SURE).format(number(band.low, digits))
    comma, stop = language.pick((", ", "，")), language.pick(("; ", "；"))
    return (
        f"{language.pick(MEAN)} {number(distribution.mean, digits)}{comma}"
        f"{language.pick(_DEVIATION)} {number(distribution.deviation, digits)}{stop}"
        f"{language.pick(_BAND).format(number(band.low, digits), number(band.high, digits))}"
    )


def _is_sure(distribution: Shown) -> bool:
    return distribution.quantile(_LEAST) == distribution.quantile(_MOST)


def shown_digits(chance: Decimal) -> int:
    """Return how many digits a chance in percent needs, four at most."""
    share = as_chance(chance) * 100
    return next((digits for digits in range(4) if (share * 10**digits).denominator == 1), 4)


def check_shown(language: Language, digits: int) -> None:
    """Refuse what is no language, and digits behind the point that nobody reads."""
    check_kind("language", language, Language, "Language.EN or Language.ZH")
    if type(digits) is not int or not 0 <= digits <= _MOST_DIGITS:
        raise InvalidValue("digits", digits, f"a whole number from 0 to {_MOST_DIGITS}")
