"""Rendering: tables of text and numbers as a person reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from decimal import Decimal
from enum import Enum

from salescore.values import EXACT, Rounding, round_to

__all__ = [
    "NOTHING",
    "Language",
    "clip",
    "counted",
    "number",
    "percent",
    "text_table",
    "text_width",
    "wrapped",
]

NOTHING = "–"
"""What stands for a value that is undefined."""


class Language(Enum):
    """A language that labels are shown in."""

    EN = "en"
    ZH = "zh"

    def pick(self, labels: tuple[str, str]) -> str:
        """
        Return the label of this language.

        Args:
            labels: English and Chinese label, in this order.

        Examples:
            >>> Language.ZH.pick(("Revenue", "销售额"))
            '销售额'
        """
        return labels[self is Language.ZH]


_COMBINING = ("Mn", "Me")
_UNSHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_WIDE = ("W", "F")


def number(value: Decimal | None, digits: int) -> str:
    """
    Return a number with thousands apart, rounded half to even for show.

    Args:
        value: Any finite number; `None` is undefined.
        digits: Digits behind the point.

    Returns:
        The number without a negative zero, or `NOTHING`.

    Examples:
        >>> number(Decimal("1234567.125"), 2)
        '1,234,567.12'
    """
    if value is None:
        return NOTHING
    rounded = round_to(value, digits, Rounding.HALF_EVEN)
    return f"{rounded or rounded.copy_abs():,f}"


def percent(value: Decimal | None, digits: int = 1) -> str:
    """
    Return a fraction in percent.

    Args:
        value: A fraction; `None` is undefined.
        digits: Digits behind the point.

    Returns:
        Hundred times the fraction and a percent sign, or `NOTHING`.

    Examples:
        >>> percent(Decimal("0.63150052"))
        '63.2 %'
    """
    return NOTHING if value is None else f"{number(EXACT.scaleb(value, 2), digits)} %"


def counted(count: int, records: str) -> str:
    """
    Return how many records of a type, in words.

    Args:
        count: How many.
        records: Record type or fact table, in snake_case plural.

    Examples:
        >>> counted(1, "opportunities"), counted(2_000, "order_lines")
        ('1 opportunity', '2,000 order lines')
    """
    words = records.replace("_", " ")
    if count == 1:
        words = f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")
    return f"{count:,} {words}"


def text_width(text: str) -> int:
    """
    Return how many columns of a terminal a text takes: wide characters two, combining ones none.

    Args:
        text: A text on one line.

    Examples:
        >>> text_width("销售额")
        6
    """
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in _COMBINING:
        return 0
    return 1 + (unicodedata.east_asian_width(letter) in _WIDE)


def clip(text: str, width: int) -> str:
    r"""
    Return a text on one line, cut with an ellipsis where it is wider than `width` columns.

    Control characters become spaces, so that a name cannot move the cursor, and so do halves of
    surrogate pairs, which no terminal can be sent.

    Args:
        text: Any text.
        width: Columns of the terminal, at least 1.

    Examples:
        >>> clip("a name\nthat goes on", 8)
        'a name …'
    """
    line = "".join(" " if unicodedata.category(letter) in _UNSHOWN else letter for letter in text)
    if text_width(line) <= width:
        return line
    taken = 0
    place = 0
    while (taken := taken + _letter_width(line[place])) < width:
        place += 1
    return f"{line[:place]}…"


def wrapped(text: str, *, first: str, width: int) -> list[str]:
    """
    Return a text on as many lines as it needs, broken between words.

    Args:
        text: The text; control characters become spaces.
        first: What stands before the first line; further lines are indented as far.
        width: Columns of the terminal that a line may take; a longer word stands out.

    Examples:
        >>> wrapped("one two three", first="- ", width=9)
        ['- one two', '  three']
    """
    indent = " " * text_width(first)
    lines: list[str] = []
    line = first
    for word in clip(text, text_width(text) + 1).split():
        is_empty = line in (first, indent)
        if not is_empty and text_width(f"{line} {word}") > width:
            lines.append(line)
            line, is_empty = indent, True
        line += word if is_empty else f" {word}"
    return [*lines, line]


def text_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widest: int = 36,
    left: Collection[int] = (),
) -> list[str]:
    r"""
    Return the lines of a table: the first column to the left, others to the right.

    Args:
        head: Headings; an empty table has these alone.
        rows: Cells, as many a row as there are headings.
        widest: Columns of the terminal that one column of the table may take.
        left: Columns besides the first, counted from 0, that are words and stand to the left.

    Returns:
        The headings, a rule and the rows, without spaces at their ends.

    Raises:
        ValueError: A row has more or fewer cells than there are headings.

    Examples:
        >>> print("\n".join(text_table(["Rep", "Won"], [["Anna", "12"], ["Bo", "3"]])))
        Rep   Won
        ─────────
        Anna   12
        Bo      3
    """
    lines = [[clip(cell, widest) for cell in row] for row in (head, *rows)]
    widths = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    shown = [
        "  ".join(
            _padded(cell, widths[place], is_left=place == 0 or place in left)
            for place, cell in enumerate(line)
        )
        for line in lines
    ]
    return [
        shown[0].rstrip(),
        "─" * (sum(widths) + 2 * (len(widths) - 1)),
        *map(str.rstrip, shown[1:]),
    ]


def _padded(cell: str, width: int, *, is_left: bool) -> str:
    gap = " " * (width - text_width(cell))
    return cell + gap if is_left else gap + cell
