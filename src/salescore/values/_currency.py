"""The registry of currencies: code, name, minor units, and when a code was valid."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import attrs

from salescore.errors import UnknownCurrency
from salescore.values import _iso4217 as iso


@attrs.frozen
class Currency:
    """
    A currency as ISO 4217 lists it.

    Attributes:
        code: Three capital letters.
        name: English name.
        minor_units: Digits after the point in accounts: USD 2, JPY 0, KWD 3. 0 for the codes to
            which the standard gives none (precious metals, units of account, XTS, XXX).
        valid_from: First day of the currency, or `None` if not recorded.
        valid_until: Last day of the currency, or `None` if it is current.
    """

    code: str
    name: str
    minor_units: int
    valid_from: date | None = None
    valid_until: date | None = None


def _read(block: str) -> dict[str, str]:
    """Return the names by code of one block of the table."""
    return {line[:3]: line[4:] for line in block.strip().splitlines()}


_NAMES: Final[dict[str, str]] = {}
#: Digits after the point by code; a code is a currency if and only if it stands here.
MINOR_UNITS: Final[dict[str, int]] = {}
for _digits, _block in (
    (0, iso.NO_DIGITS),
    (2, iso.TWO_DIGITS),
    (3, iso.THREE_DIGITS),
    (4, iso.FOUR_DIGITS),
    (0, iso.NO_MINOR_UNIT),
):
    _NAMES.update(_read(_block))
    MINOR_UNITS.update(dict.fromkeys(_read(_block), _digits))
#: Every code of the registry.
CODES: Final = frozenset(MINOR_UNITS)


@cache
def currency(code: str) -> Currency:
    """
    Return the currency with a code.

    Args:
        code: Three capital letters; codes that have left the standard are found too.

    Returns:
        The currency; the same object for the same code.

    Raises:
        UnknownCurrency: If no currency has the code; the error offers the closest one.

    Examples:
        >>> currency("KWD").minor_units
        3

    Source:
        ISO 4217, lists one and three.
    """
    if code not in CODES:
        raise unknown(code)
    return Currency(
        code,
        _NAMES[code],
        MINOR_UNITS[code],
        iso.VALID_FROM.get(code),
        iso.VALID_UNTIL.get(code),
    )


def unknown(code: str) -> UnknownCurrency:
    """Return the error for a code that the registry lacks, with the codes it has."""
    return UnknownCurrency(code, tuple(sorted(CODES)))


def is_currency(code: str) -> bool:
    """
    Return whether a code is in the registry, in exactly this spelling.

    Args:
        code: Any text.

    Returns:
        `True` for a code that is or once was a currency.

    Examples:
        >>> is_currency("EUR"), is_currency("eur")
        (True, False)
    """
    return code in CODES


def currencies() -> tuple[Currency, ...]:
    """
    Return all currencies, sorted by code.

    Returns:
        Current and former ones; `valid_until` tells them apart.

    Examples:
        >>> currencies()[0].code
        'AED'
    """
    return tuple(currency(code) for code in sorted(CODES))
