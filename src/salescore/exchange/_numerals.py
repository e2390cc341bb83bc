"""Numbers as people write them: percent, thousands, suffixes, currency signs, parentheses."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from functools import lru_cache

import attrs

from salescore.errors import InvalidNumber
from salescore.values import EXACT, is_currency, parse_decimal

#: Signs that stand for one currency wherever they are written.
SIGNS = (("£", "GBP"), ("€", "EUR"), ("US$", "USD"))
#: Signs that several currencies share; a profile must say which is meant.
_SHARED = ("$", "¥", "￥", "kr", "Kr")
_HUNDREDTH = Decimal("0.01")
_SPACES = " \u00a0\u202f"
_PARTS = re.compile(r"([^0-9]*)([0-9](?:.*[0-9])?)([^0-9]*)", re.DOTALL)
_MAX_LENGTH = 100


class Scale(Enum):
    """
    What a number in a cell counts.

    Attributes:
        FRACTION: The number itself: 0.7 is 0.7.
        PERCENT: Hundredths, with a percent sign or without: 70 is 0.7.
        MARKED: Hundredths behind a percent sign, else the number itself: 70% and 0.7 are 0.7.
    """

    FRACTION = "fraction"
    PERCENT = "percent"
    MARKED = "marked"


@attrs.frozen(kw_only=True)
class Numbers:
    """
    How the numbers of one column are written, where that is more than digits.

    Attributes:
        scale: What a number counts.
        suffixes: Text behind a number, such as `k`, and what it multiplies the number by.
        signs: Currency sign and ISO code, besides those that every reader knows; `None` where no
            cell may bear one.
        parentheses: Whether `(5)` is minus 5.
        decimal: Decimal mark; `None` where that of the file holds.
        group: Mark between thousands; `None` where that of the file holds.
    """

    scale: Scale = Scale.FRACTION
    suffixes: tuple[tuple[str, Decimal], ...] = ()
    signs: tuple[tuple[str, str], ...] | None = None
    parentheses: bool = False
    decimal: str | None = None
    group: str | None = None

    @property
    def has_marks(self) -> bool:
        """Return whether a number may be more than digits and the marks between them."""
        return self != Numbers(decimal=self.decimal, group=self.group)


def marked_number(
    text: str, numbers: Numbers, decimal: str, group: str
) -> tuple[Decimal, str | None]:
    """
    Return the number that a text states, and the currency where it names one.

    Args:
        text: The text.
        numbers: What may stand around the digits.
        decimal: Decimal mark.
        group: Mark between thousands, or empty.

    Returns:
        The number, and the ISO code of its sign or `None`; nothing is rounded.

    Raises:
        InvalidNumber: The text is no such number, or bears a mark that the profile does not know.
    """
    inner = text.strip(_SPACES)
    is_negative = numbers.parentheses and inner.startswith("(") and inner.endswith(")")
    if is_negative:
        inner = inner[1:-1].strip(_SPACES)
    found = _PARTS.fullmatch(inner) if len(text) <= _MAX_LENGTH else None
    if found is None:
        return parse_decimal(text, decimal=decimal, group=group), None  # which names the fault
    head, digits, tail = found.groups()
    sign, head = _sign(head)
    if is_negative and sign:
        raise InvalidNumber(text, "a number in parentheses has no sign of its own")
    times, is_percent, tail = _tail(text, tail.strip(_SPACES), numbers)
    codes = {_code(text, one, numbers) for one in (head, tail) if one}
    if len(codes) > 1:
        raise InvalidNumber(text, "it names two currencies")
    value = parse_decimal(sign + digits, decimal=decimal, group=group)
    if is_percent and codes:
        raise InvalidNumber(text, "it is both money and percent")
    if is_percent or numbers.scale is Scale.PERCENT:
        times = EXACT.multiply(times, _HUNDREDTH)
    value = EXACT.multiply(value, times)
    return (value.copy_negate() if is_negative and value else value), next(iter(codes), None)


def _sign(head: str) -> tuple[str, str]:
    """Return the sign before or behind what else stands before the digits, and the rest."""
    rest = head.strip(_SPACES)
    for sign in ("-", "+"):
        if rest.startswith(sign):
            return sign, rest[1:].strip(_SPACES)
        if rest.endswith(sign):
            return sign, rest[:-1].strip(_SPACES)
    return "", rest


def _tail(text: str, tail: str, numbers: Numbers) -> tuple[Decimal, bool, str]:
    """Return what the number is multiplied by, whether it is percent, and what else follows."""
    times = Decimal(1)
    for suffix, factor in numbers.suffixes:
        if tail.startswith(suffix):
            times, tail = factor, tail[len(suffix) :].strip(_SPACES)
            break
    if not tail.startswith("%"):
        return times, False, tail
    if numbers.scale is Scale.FRACTION:
        raise InvalidNumber(text, "it is percent; the profile knows no percent here")
    return times, True, tail[1:].strip(_SPACES)


def _code(text: str, mark: str, numbers: Numbers) -> str:
    """Return the currency that a mark before or behind the digits names."""
    if numbers.signs is not None:
        code = _signs(numbers.signs).get(mark)
        if code is not None:
            return code
        if mark.isupper() and is_currency(mark):
            return mark
        if mark in _SHARED:
            fault = f"{mark!r} may be one of several currencies; say in the profile which"
            raise InvalidNumber(text, fault)
    raise InvalidNumber(text, f"the profile says nothing of {mark!r} in it")


@lru_cache(maxsize=64)
def _signs(declared: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return currencies by sign; what a profile declares comes first."""
    return {**dict(SIGNS), **dict(declared)}
