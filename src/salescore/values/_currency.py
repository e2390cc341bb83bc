"""The registry of currencies, and the codes that users make up themselves."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import Final

import attrs

from salescore.errors import UnknownCurrency
from salescore.values import _iso4217 as iso
from salescore.values._iso4217_former import FORMER, FORMER_WITHOUT_MINOR_UNIT

_USER_CODE: Final = re.compile(r"X-([A-Z0-9]{1,20})(?:\.([0-8]))?", re.ASCII)
#: What every currency code looks like, as a pattern of JSON Schema; not all that fit are codes.
CURRENCY_PATTERN: Final = r"^(?:[A-Z]{3}|X-[A-Z0-9]{1,20}(?:\.[0-8])?)$"


@attrs.frozen
class Currency:
    """
    A currency as ISO 4217 lists or once listed it, or a unit of the user's own.

    Attributes:
        code: Three capital letters, or "X-" and a name for a unit of the user's own.
        name: English name; for a unit of the user's own the name within its code.
        minor_units: Digits after the point in accounts: USD 2, JPY 0, KWD 3. 0 for the codes to
            which the standard gives none, see `has_minor_unit`.
        valid_from: First day of the currency, or `None` if not known for certain.
        valid_until: Last day of the currency, or `None` if it is current, or if it is former and
            the day is not known for certain.
        has_minor_unit: Whether accounts have a smallest step: `False` for precious metals, units
            of account, XTS and XXX, whose amounts are never rounded by `Money.rounded`. JPY has
            one, which is the yen.
        is_former: Whether the code has left the standard.
    """

    code: str
    name: str
    minor_units: int
    valid_from: date | None = None
    valid_until: date | None = None
    has_minor_unit: bool = True
    is_former: bool = False

    def is_valid_on(self, day: date) -> bool:
        """
        Return whether the currency existed on a day, as far as its days are known.

        Args:
            day: A business date.

        Returns:
            `False` only where that is certain: before the first day or after the last one.

        Examples:
            >>> currency("HRK").is_valid_on(date(2023, 1, 1))
            False
        """
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def _current() -> dict[str, Currency]:
    """Return list one of the standard."""
    found: dict[str, Currency] = {}
    for digits, block in (
        (0, iso.NO_DIGITS),
        (2, iso.TWO_DIGITS),
        (3, iso.THREE_DIGITS),
        (4, iso.FOUR_DIGITS),
        (None, iso.NO_MINOR_UNIT),
    ):
        for line in block.strip().splitlines():
            code, name = line.split(" ", 1)
            start = iso.VALID_FROM.get(code)
            found[code] = Currency(
                code, name, digits or 0, start, has_minor_unit=digits is not None
            )
    return found


def _former() -> dict[str, Currency]:
    """Return list three of the standard, since 1990."""
    found: dict[str, Currency] = {}
    for block in (FORMER, FORMER_WITHOUT_MINOR_UNIT):
        for line in block.strip().splitlines():
            code, digits, first, last, name = line.split(" ", 4)
            start, end = (None if day == "-" else date.fromisoformat(day) for day in (first, last))
            has_minor_unit = block is FORMER
            found[code] = Currency(
                code, name, int(digits), start, end, has_minor_unit, is_former=True
            )
    return found


_REGISTRY: Final = _former() | _current()
#: Digits after the point by code of the registry.
MINOR_UNITS: Final = {code: one.minor_units for code, one in _REGISTRY.items()}
#: Every code of the registry; the codes of users are not among them.
CODES: Final = frozenset(_REGISTRY)
#: Codes of the registry without a smallest step in accounts.
WITHOUT_MINOR_UNIT: Final = frozenset(
    code for code, one in _REGISTRY.items() if not one.has_minor_unit
)


def currency(code: str) -> Currency:
    """
    Return the currency with a code.

    Points, credits and whatever else is counted like money have codes of the user's own, which
    are made up and need no registration: "X-", 1 to 20 capital letters or digits, and for units
    with a fraction a point and the number of digits after it, 0 to 8. "X-POINTS" are whole,
    "X-CREDIT.2" have hundredths. The whole text is the code: "X-CREDIT" is another currency.

    Args:
        code: Three capital letters, also of a code that has left the standard, or a code of the
            user's own.

    Returns:
        The currency.

    Raises:
        UnknownCurrency: If no currency has the code; the error offers the closest one.

    Examples:
        >>> currency("KWD").minor_units, currency("X-CREDIT.2").minor_units
        (3, 2)

    Source:
        ISO 4217, lists one and three; `docs/decisions/0021`.
    """
    found = _REGISTRY.get(code)
    if found is not None:
        return found
    digits = user_digits(code)
    if digits is None:
        raise unknown(code)
    return Currency(code, code[2:].partition(".")[0], digits)


# A pure function of its text, remembered because every amount of such a currency asks it.
@lru_cache(maxsize=1024)
def user_digits(code: object) -> int | None:
    """Return the digits after the point that a code of the user's own states, else `None`."""
    found = _USER_CODE.fullmatch(code) if isinstance(code, str) else None
    return None if found is None else int(found[2] or 0)


def minor_units(code: str) -> int:
    """Return the digits after the point of a code that is known to be a currency."""
    digits = MINOR_UNITS.get(code)
    return digits if digits is not None else user_digits(code) or 0


def unknown(code: str) -> UnknownCurrency:
    """Return the error for a code that is no currency, with codes that would be right."""
    meant = str(code).strip().upper()
    return UnknownCurrency(code, tuple(sorted(CODES)) if user_digits(meant) is None else (meant,))


def is_currency(code: str) -> bool:
    """
    Return whether a code is that of a currency, in exactly this spelling.

    Args:
        code: Any text.

    Returns:
        `True` for a code that is or once was a currency, and for a code of the user's own.

    Examples:
        >>> is_currency("EUR"), is_currency("eur"), is_currency("X-POINTS")
        (True, False, True)
    """
    return code in CODES or user_digits(code) is not None


@cache
def currencies() -> tuple[Currency, ...]:
    """
    Return all currencies of the registry, sorted by code.

    Returns:
        Current and former ones; `is_former` tells them apart. Codes of users are not among them.

    Examples:
        >>> currencies()[0].code
        'ADP'
    """
    return tuple(_REGISTRY[code] for code in sorted(CODES))
