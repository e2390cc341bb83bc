"""Cells of workbooks as text: the text that stands for each value in the notation of its file."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

import attrs

from salescore.exchange._layout import ISO_DATE, Column, FileRule, day_format, walk
from salescore.exchange._numerals import Scale
from salescore.values import EXACT

#: Stands before what is shown of a cell without a value that can be read; no field holds it.
LOST = "\0"
#: What is shown of a formula that was never worked out.
UNCACHED = f"{LOST}="
#: Digits of a number that Excel keeps.
DIGITS = 15
_FIRST_LOST = 10**DIGITS
_MIDNIGHT = time()
_AT_MIDNIGHT = {"%H": "00", "%M": "00", "%S": "00", "%f": "000000"}
_LETTERS = re.compile(r"[A-Z]{1,3}")
_SERIAL = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,15})?")
#: The day before the first, by the date system: 1900, which counts a 29 February 1900, and 1904.
_BEFORE_FIRST = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_FICTIVE = 60
_LAST_SERIAL = 2_958_465


@attrs.frozen
class CellNotation:
    """
    How the values of one column are written down as text.

    Attributes:
        date: Date format, in which the reader of the column reads them back; `None` where it
            would take them in several ways.
        decimal: Decimal mark; `None` where the column is read with several.
        plain: Texts of errors that the profile has a meaning for, such as `#N/A` among its nulls.
        in_percent: Whether the reader takes every number for hundredths, so that a share which the
            workbook shows as 70 % must be written as "70".
    """

    date: str | None = ISO_DATE
    decimal: str | None = "."
    plain: frozenset[str] = frozenset()
    in_percent: bool = False


def notation_of(rule: FileRule, column: str) -> CellNotation:
    """
    Return how the values of a column are written down, so that the profile reads them.

    Args:
        rule: What the profile says of the file.
        column: Heading of the column.
    """
    mentioned = [
        part
        for record in rule.records
        for _, value in record.fields
        for part in walk(value)
        if isinstance(part, Column) and part.name == column
    ]
    forms = {day_format(part.dates or rule.dates) for part in mentioned}
    forms = forms or {day_format(rule.dates)}
    marks = {(part.numbers and part.numbers.decimal) or rule.decimal for part in mentioned}
    scales = {part.numbers and part.numbers.scale for part in mentioned}
    nulls = rule.nulls.union(*(part.nulls for part in mentioned))
    return CellNotation(
        date=forms.pop() if len(forms) == 1 else None,
        decimal=marks.pop() if len(marks) == 1 else None if marks else rule.decimal,
        plain=nulls.union(rule.aliases_by_column.get(column, ())),
        in_percent=scales == {Scale.PERCENT},
    )


def number_text(value: float, decimal: str | None = ".") -> str:
    """
    Return a number as text: all its digits and no exponent, whole numbers without a fraction.

    The shortest text that names the number in the file is taken, so 12345.0 is "12345" and what
    stands there as 19.899999999999999 is "19.9". A fraction with more digits than Excel keeps is
    rounded to these, as Excel shows it: .30000000000000004 is "0.3". A whole number with more of
    them has lost its last digits, and is marked as lost.

    Args:
        value: The number.
        decimal: Decimal mark; `None` to do without one: 12.5 is then "125E-1".

    Examples:
        >>> number_text(0.1 + 0.2), number_text(12345.0), number_text(1e-7)
        ('0.3', '12345', '0.0000001')
    """
    shown = repr(value)
    if len(shown) <= DIGITS and "e" not in shown and "n" not in shown:  # most are short and plain
        text = shown.removesuffix(".0")
        return _marked("0" if text == "-0" else text, decimal)
    exact = Decimal(shown)
    if not exact.is_finite():
        return f"{LOST}{value}"
    if exact == exact.to_integral_value():
        text = format(exact or Decimal(0), ".0f")
        return text if abs(exact) < _FIRST_LOST else f"{LOST}{text}"
    if is_rounded(value):
        exact = Decimal(f"{value:.{DIGITS}g}")
    text = format(exact, "f")
    return _marked(text.rstrip("0").rstrip(".") if "." in text else text, decimal)


def lost_fault(text: str) -> tuple[str, str]:
    r"""
    Return code and message of a cell without a value that can be read.

    Args:
        text: What is shown of it, behind `LOST`.

    Examples:
        >>> lost_fault("\0#N/A")
        ('cell-error', 'the cell holds the error #N/A in place of a value')
    """
    shown = text.removeprefix(LOST)
    if text == UNCACHED:
        fault = "the formula was never worked out; open the workbook in Excel and save it"
        return "formula-value", fault
    digits = shown.lstrip("-")
    if digits.isdecimal():
        fault = f"a number of {len(digits)} digits, of which Excel keeps 15; the last may be wrong"
        return "long-number", f"{fault}: enter it as text"
    return "cell-error", f"the cell holds the error {shown} in place of a value"


def hundredths_text(value: float, decimal: str | None = ".") -> str:
    """
    Return a share as the text of its hundredths.

    Args:
        value: The share.
        decimal: Decimal mark; see `number_text`.

    Examples:
        >>> hundredths_text(0.07), hundredths_text(1)
        ('7', '100')
    """
    shown = number_text(value)
    if shown.startswith(LOST):
        return shown
    text = format(EXACT.scaleb(Decimal(shown), 2), "f")
    return _marked(text.rstrip("0").rstrip(".") if "." in text else text, decimal)


def _marked(text: str, decimal: str | None) -> str:
    """Return a plain number with another decimal mark, or without any."""
    if decimal is not None:
        return text.replace(".", decimal)
    whole, _, fraction = text.partition(".")
    return f"{whole}{fraction}E-{len(fraction)}" if fraction else whole


def is_rounded(value: float) -> bool:
    """Return whether a fraction has more digits than Excel keeps."""
    return float(f"{value:.{DIGITS}g}") != value


def day_text(value: date, form: str | None) -> str:
    """
    Return a day in a format, or with a time behind it where no format is certain.

    Examples:
        >>> day_text(date(2017, 3, 1), "%d.%m.%Y"), day_text(date(2017, 3, 1), None)
        ('01.03.2017', '2017-03-01T00:00:00')
    """
    if form == ISO_DATE:
        return value.isoformat()
    if form is None:
        return f"{value.isoformat()}T00:00:00"
    parts = {"%Y": f"{value.year:04d}", "%m": f"{value.month:02d}", "%d": f"{value.day:02d}"}
    for code, part in (parts | _AT_MIDNIGHT).items():
        form = form.replace(code, part)
    return form


def value_text(value: object, notation: CellNotation) -> str:
    """
    Return the text of a value that is neither a text nor an error.

    A moment at midnight is its day; any other is written without an offset, because a workbook
    knows none, and no field takes it. Truth is `true` or `false`. A share of 25 % is "0.25".

    Args:
        value: What the workbook holds.
        notation: How it is written down.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value, notation.decimal)
        case datetime():
            if value.time() == _MIDNIGHT:
                return day_text(value.date(), notation.date)
            return value.isoformat()
        case date():
            return day_text(value, notation.date)
        case time():
            return value.isoformat()
        case timedelta():
            return _duration_text(value)
        case _:
            return str(value)


def _duration_text(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, seconds = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def serial_text(text: str, system: int) -> str | None:
    """
    Return the day that Excel would show for a bare number, or `None` if it would show none.

    Args:
        text: What stands in the cell.
        system: Date system of the workbook: 1900 or 1904.

    Examples:
        >>> serial_text("43101", 1900), serial_text("41639.5", 1904), serial_text("60", 1900)
        ('2018-01-01', '2018-01-01T12:00:00', None)
    """
    if not _SERIAL.fullmatch(text):
        return None
    number = Decimal(text.replace(",", "."))
    whole = int(number)
    last = _LAST_SERIAL if system == 1900 else _LAST_SERIAL - 1462  # noqa: PLR2004 - the system
    if not 1 <= whole < last or (system == 1900 and whole == _FICTIVE):  # noqa: PLR2004 - as above
        return None
    if system == 1900 and whole < _FICTIVE:  # noqa: PLR2004 - as above
        whole += 1
    day = _BEFORE_FIRST[system] + timedelta(days=whole)
    if number == int(number):
        return day.isoformat()
    seconds = round((number - int(number)) * 86_400)
    moment = datetime.combine(day, _MIDNIGHT) + timedelta(seconds=seconds)
    return moment.isoformat()


@lru_cache(maxsize=1024)
def _number_of(letters: str) -> int:
    if not _LETTERS.fullmatch(letters):
        message = f"{letters!r} names no column"
        raise ValueError(message)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_number(cell: str) -> int:
    """
    Return the number of a cell's column, counted from 1.

    Raises:
        ValueError: It is no name of a cell.

    Examples:
        >>> column_number("A1"), column_number("$AB$7")
        (1, 28)
    """
    return _number_of(cell.strip("$0123456789"))


def column_letters(number: int) -> str:
    """
    Return the letters of a column.

    Examples:
        >>> column_letters(1), column_letters(28)
        ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
