"""Decimals: exact arithmetic, strict reading, named rounding."""

from __future__ import annotations

import decimal
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from functools import lru_cache, reduce
from typing import Final

from salescore.errors import InexactResult, InvalidNumber, InvalidValue

#: Digits a decimal may have when written out, before and after the point together.
MAX_DIGITS: Final = 38
#: Digits a decimal may have after the point.
MAX_SCALE: Final = 18
#: The largest exponent, up or down, that a text may state.
MAX_EXPONENT: Final = 30
_MAX_LENGTH = 100

#: The context of every exact sum and product: it raises where it would have to round.
EXACT: Final = decimal.Context(
    prec=1000,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[
        decimal.Inexact,
        decimal.InvalidOperation,
        decimal.Overflow,
        decimal.DivisionByZero,
    ],
)

_ZERO = Decimal(0)
_PLAIN_CELL = re.compile(r"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?")
_PLAIN_COLUMN = re.compile(r"(?:(?!-0+(?:\.0+)?\n)-?[0-9]{1,20}(?:\.[0-9]{1,18})?\n)*+")


class Rounding(Enum):
    """
    How a number that lies between two steps is rounded; always named, never a default of a machine.

    Attributes:
        HALF_EVEN: To the nearest step, a tie to the even one.
        HALF_UP: To the nearest step, a tie away from zero.
        UP: Away from zero.
        DOWN: Towards zero.
        FLOOR: Towards minus infinity.
        CEILING: Towards plus infinity.
    """

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"
    FLOOR = "floor"
    CEILING = "ceiling"


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """
    Return the sum of decimals, exact to the last digit whatever their order.

    Args:
        values: Finite decimals, any number of them, each read once.

    Returns:
        The sum; 0 for no values.

    Raises:
        InexactResult: If the values lie so far apart that 1,000 digits cannot hold their sum.
        InvalidNumber: If a value is not finite.

    Examples:
        >>> exact_sum([Decimal("0.1")] * 3)
        Decimal('0.3')
    """
    try:
        total = reduce(EXACT.add, values, _ZERO)
    except decimal.Inexact:
        raise InexactResult("a sum of decimals") from None
    except decimal.InvalidOperation:
        raise InvalidNumber("a sum", "one of its values is not finite") from None
    if not total.is_finite():
        raise InvalidNumber(str(total), "one of the values summed is not finite")
    return total


def quotient(numerator: Decimal, denominator: Decimal, digits: int = 28) -> Decimal | None:
    """
    Return one decimal divided by another, rounded half to even, for showing a ratio.

    Args:
        numerator: A finite decimal, any unit.
        denominator: A finite decimal, any unit.
        digits: Significant digits of the result, at least 1.

    Returns:
        The ratio, or `None` when the denominator is 0.

    Raises:
        InvalidNumber: If either is not finite.
        InvalidValue: If `digits` is below 1.

    Examples:
        >>> quotient(Decimal(2), Decimal(3), digits=4)
        Decimal('0.6667')
    """
    if not (numerator.is_finite() and denominator.is_finite()):
        raise InvalidNumber(f"{numerator} / {denominator}", "both must be finite")
    if not denominator:
        return None
    # A zero would keep the exponent of the division: 0E+4.
    return _dividing(digits).divide(numerator, denominator) if numerator else _ZERO


@lru_cache(maxsize=32)
def _dividing(digits: int) -> decimal.Context:
    """Return the context that divides to so many significant digits."""
    if digits < 1:
        raise InvalidValue("digits", digits, "a ratio needs at least one significant digit")
    return decimal.Context(
        prec=digits,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=decimal.MIN_EMIN,
        Emax=decimal.MAX_EMAX,
        traps=[decimal.InvalidOperation, decimal.Overflow, decimal.DivisionByZero],
    )


def round_to(value: Decimal, digits: int, mode: Rounding) -> Decimal:
    """Return a decimal with exactly so many digits after the point, rounded in a named mode."""
    return value.quantize(Decimal((0, (1,), -digits)), _MODES[mode], _dividing(EXACT.prec))


_MODES: Final = {
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.UP: decimal.ROUND_UP,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.FLOOR: decimal.ROUND_FLOOR,
    Rounding.CEILING: decimal.ROUND_CEILING,
}


def scale_of(value: Decimal) -> int:
    """Return how many digits after the point a finite decimal needs, trailing zeros not counted."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= 0 or not value:
        return 0
    stripped = EXACT.normalize(value).as_tuple().exponent
    return max(0, -stripped) if isinstance(stripped, int) else 0


def parse_decimal(text: str, *, decimal: str = ".", group: str = "") -> Decimal:
    """
    Return the decimal that a text states, and refuse whatever is not plainly one.

    ASCII digits with an optional sign, digits on both sides of a decimal mark, and an optional
    exponent of at most 30 either way, which is checked before any arithmetic. Spaces around the
    number are dropped. Infinity, NaN, underscores and digits of other scripts are refused. A
    negative zero becomes zero; trailing zeros stay.

    Args:
        text: The text.
        decimal: The decimal mark, one character.
        group: The mark between thousands, one character, or empty if none is allowed. Grouped
            and ungrouped texts are both read, but a mark must stand at every third digit.

    Returns:
        The decimal: at most 38 digits when written out, at most 18 of them after the point.

    Raises:
        InvalidNumber: If the text is not such a number.
        InvalidValue: If the marks are not two different single characters.

    Examples:
        >>> parse_decimal("1.234,50", decimal=",", group=".")
        Decimal('1234.50')
    """
    pattern = _number_pattern(decimal, group)
    if decimal == "." and _PLAIN_CELL.fullmatch(text):
        return Decimal(text)
    if len(text) > _MAX_LENGTH:
        raise InvalidNumber(text, f"it is longer than {_MAX_LENGTH} characters")
    found = pattern.fullmatch(text.strip(" "))
    if found is None:
        raise InvalidNumber(text, _why_no_number(text, decimal, group))
    sign, whole, fraction, exponent = found.groups(default="")
    if exponent:
        size = exponent.lstrip("+-").lstrip("0")
        if len(size) > 2 or int(size or "0") > MAX_EXPONENT:  # noqa: PLR2004 - two digits reach 99
            raise InvalidNumber(text, f"its exponent goes beyond {MAX_EXPONENT}")
    if group:
        whole = whole.replace(group, "")
    value = Decimal(f"{sign}{whole}.{fraction}E{exponent or 0}")
    fault = size_fault(value)
    if fault:
        raise InvalidNumber(text, fault)
    return value or value.copy_abs()


@lru_cache(maxsize=32)
def _number_pattern(mark: str, group: str) -> re.Pattern[str]:
    """Return the pattern of numbers written with these marks."""
    taken = "0123456789+-eE"
    if len(mark) != 1 or mark in taken:
        raise InvalidValue("the decimal mark", mark, "it must be one character, such as '.'")
    if len(group) > 1 or (group and group in taken) or group == mark:
        raise InvalidValue("the group mark", group, "it must be one other character, or empty")
    whole = "[0-9]+"
    if group:
        whole = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|{whole}"
    return re.compile(rf"([+-]?)({whole})(?:{re.escape(mark)}([0-9]+))?(?:[eE]([+-]?[0-9]+))?")


def _why_no_number(text: str, mark: str, group: str) -> str:
    """Return what keeps a text from being a number, in the words of its writer."""
    inside = text.strip(" ")
    if not inside:
        return "it is empty"
    if not inside.isascii() and any(
        character.isdecimal() and not character.isascii() for character in inside
    ):
        return "write its digits as 0 to 9"
    if inside.lstrip("+-").casefold() in {"nan", "snan", "inf", "infinity"}:
        return "only finite numbers are accepted"
    thousands = f", thousands parted by {group!r}" if group else ", no mark between thousands"
    return f"expected digits, {mark!r} as the decimal mark{thousands}"


def size_fault(value: Decimal) -> str:
    """Return why a decimal is too long or not finite, or an empty text if it is admissible."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "only finite numbers are accepted"
    if -exponent > MAX_SCALE:
        return f"it has more than {MAX_SCALE} digits after the point"
    if len(digits) > MAX_DIGITS or value.adjusted() >= MAX_DIGITS:
        return f"it has more than {MAX_DIGITS} digits"
    return ""


#: With an `Emin` of 0 its smallest step is the 18th digit after the point: a value that it need not
#: touch has at most 19 digits, at most 18 of them after the point.
_NARROW = decimal.Context(
    prec=MAX_SCALE + 1,
    Emin=0,
    Emax=MAX_SCALE,
    traps=[
        decimal.Clamped,
        decimal.Inexact,
        decimal.InvalidOperation,
        decimal.Overflow,
        decimal.Rounded,
    ],
)


def check_decimal(value: object) -> Decimal:
    """
    Return a value unchanged if it is an admissible decimal.

    Args:
        value: Anything; only a finite `Decimal` of at most 38 digits, at most 18 of them after the
            point (trailing zeros count), passes. `bool`, `int` and `float` do not.

    Returns:
        The same object.

    Raises:
        InvalidNumber: If it is anything else.

    Examples:
        >>> check_decimal(Decimal("1.50"))
        Decimal('1.50')
    """
    # The cheapest test there is comes first; what it refuses may be right all the same.
    try:
        if type(value) is Decimal and value.is_finite():
            _NARROW.plus(value)
            return value
    except decimal.DecimalException:
        pass
    if type(value) is not Decimal:
        shown = value if isinstance(value, str) else type(value).__name__
        raise InvalidNumber(shown, f"expected a Decimal, not a {type(value).__name__}")
    fault = size_fault(value)
    if fault:
        raise InvalidNumber(str(value), fault)
    return value


def decimals_ok(column: Sequence[str]) -> bool:
    """
    Return whether every text of a column is a plain decimal, fit for `map(Decimal, column)`.

    Plain means an optional minus, 1 to 20 ASCII digits, optionally a point and 1 to 18 more; no
    space, plus, exponent or negative zero. For such a column `Decimal` gives what `parse_decimal`
    gives. A column that fails may still hold numbers; read it cell by cell.

    Args:
        column: Texts. A text with a line break in it fails, as any other stray character does.

    Returns:
        `True` if all are plain, also for an empty column.

    Examples:
        >>> decimals_ok(["1", "-2.50"]), decimals_ok(["1e3"])
        (True, False)
    """
    joined = "\n".join(column) + "\n" if column else ""
    return joined.count("\n") == len(column) and _PLAIN_COLUMN.fullmatch(joined) is not None
