"""Strategies for values: text, decimals, days, instants, money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor

from salescore.testing._hypothesis import st
from salescore.values import Money

CURRENCIES = ("USD", "EUR", "CNY", "JPY", "KWD")
"""Codes with two, none and three digits after the point."""

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2060, 12, 31)

_AWKWARD = ("", " ", "华东", "Überseehandel", "Ω", "=1+1", 'a,"b"', "line\nbreak", "e\u0301", "😀")
_TAGS = ("vip", "partner", "dormant", "华东")
_DIGITS = 38
_SCALE = 18
_CENTS = 2
_PLACES = 4
_PLAIN_DAY = date(2000, 1, 1)
"""What days shrink to, where they may."""

_DAY_SECONDS = 86_400
_MICROSECONDS = 1_000_000


def texts(*, most: int = 20, least: int = 0) -> st.SearchStrategy[str]:
    """
    Return texts of any script, with awkward ones among them.

    Args:
        most: Most characters.
        least: Fewest characters.
    """
    letters = st.characters(exclude_categories=["Cs"])
    awkward = [text for text in _AWKWARD if least <= len(text) <= most]
    return st.one_of(st.sampled_from(awkward), st.text(letters, min_size=least, max_size=most))


def tags() -> st.SearchStrategy[str]:
    """Return tags of records, a few of them often, so that sets of them meet."""
    return st.one_of(st.sampled_from(_TAGS), texts(least=1))


def decimals(
    minimum: Decimal | None = None, maximum: Decimal | None = None, *, most: int = 10**15
) -> st.SearchStrategy[Decimal]:
    """
    Return admissible decimals: some short, some with all 38 digits, some with 18 behind the point.

    Args:
        minimum: Smallest number; `None` when unbounded.
        maximum: Largest number; `None` when unbounded.
        most: Largest size of the common ones; the rare ones reach 38 digits.
    """
    if minimum is not None or maximum is not None:
        low = Decimal(-most) if minimum is None else minimum
        high = Decimal(most) if maximum is None else maximum
        least, greatest = ceil(low.scaleb(_PLACES)), floor(high.scaleb(_PLACES))
        ends = st.sampled_from([low, high])
        if least > greatest:
            return ends
        return st.one_of(ends, st.integers(least, greatest).map(_shifted(_PLACES)))
    cents = most * 10**_CENTS
    common = st.integers(-cents, cents).map(_shifted(_CENTS))
    limit = 10**_DIGITS - 1
    rare = st.builds(_scaled, st.integers(-limit, limit), st.integers(0, _SCALE))
    return st.one_of(common, common, rare)


def _scaled(digits: int, scale: int) -> Decimal:
    return Decimal(f"{digits}E-{scale}")


def _shifted(scale: int) -> Callable[[int], Decimal]:
    return lambda digits: _scaled(digits, scale)


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> st.SearchStrategy[date]:
    """
    Return business dates.

    Args:
        first: First day.
        last: Last day.
    """
    plain = min(max(first, _PLAIN_DAY), last)
    return st.integers((first - plain).days, (last - plain).days).map(
        lambda ahead: plain + timedelta(days=ahead)
    )


def instants(first: date = FIRST_DAY, last: date = LAST_DAY) -> st.SearchStrategy[datetime]:
    """
    Return instants in UTC.

    Args:
        first: First day, in UTC.
        last: Last day, in UTC.
    """
    return st.builds(_instant, days(first, last), st.integers(0, _DAY_SECONDS - 1), _FRACTIONS)


_FRACTIONS = st.one_of(st.just(0), st.integers(0, _MICROSECONDS - 1))


def _instant(day: date, seconds: int, microseconds: int) -> datetime:
    midnight = datetime.combine(day, time(), UTC)
    return midnight + timedelta(seconds=seconds, microseconds=microseconds)


def moneys(
    currencies: Sequence[str] = CURRENCIES, amounts: st.SearchStrategy[Decimal] | None = None
) -> st.SearchStrategy[Money]:
    """
    Return amounts of money.

    Args:
        currencies: Codes to choose from, the simplest first.
        amounts: Amounts; by default any that `Money` admits.
    """
    chosen = decimals() if amounts is None else amounts
    return st.builds(Money, chosen, st.sampled_from(currencies))
