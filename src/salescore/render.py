"""Rendering: tables of text and numbers as a person reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, Inexact, localcontext

from salescore.values import EXACT

__all__ = ["NOTHING", "clip", "number", "percent", "text_table", "text_width"]

NOTHING = "–"
"""What stands for a value that is undefined."""


def number(value: Decimal | None, digits: int) -> str:
    """
    Return a number with thousands apart, rounded half to even for show.

    Args:
        value: Any number; `None` is undefined.
        digits: Digits behind the point.

    Examples:
        >>> number(Decimal("1234567.125"), 2)
        '1,234,567.12'
    """
    if value is None:
        return NOTHING
    with localcontext(EXACT) as context:
        context.traps[Inexact] = False
        rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return f"{rounded + 0:,f}"


def percent(value: Decimal | None, digits: int = 1) -> str:
    """
    Return a fraction in percent.

    Args:
        value: A fraction; `None` is undefined.
        digits: Digits behind the point.

    Examples:
        >>> percent(Decimal("0.63150052"))
        '63.2 %'
    """
    return NOTHING if value is None else f"{number(EXACT.scaleb(value, 2), digits)} %"


def text_width(text: str) -> int:
    """
    Return how many columns of a terminal a text takes: wide characters two, combining ones none.

    Examples:
        >>> text_width("销售额")
        6
    """
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def clip(text: str, width: int) -> str:
    """
    Return a text on one line, cut with an ellipsis where it is wider than `width` columns.

    Control characters become spaces, so that a name cannot move the cursor.
    """
    line = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in text)
    if text_width(line) <= width:
        return line
    cut = ""
    for letter in line:
        if text_width(cut + letter) > width - 1:
            break
        cut += letter
    return f"{cut}…"


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int = 36) -> list[str]:
    """
    Return the lines of a table: the first column to the left, all others to the right.

    Args:
        head: Headings; an empty table has these alone.
        rows: Cells, as many a row as there are headings.
        widest: Columns of the terminal that the first column may take.
    """
    lines = [[clip(row[0], widest), *(clip(cell, widest) for cell in row[1:])] for row in (head, *rows)]
    widths = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    shown = ["  ".join(_padded(cell, widths, place) for place, cell in enumerate(line)) for line in lines]
    return [shown[0].rstrip(), "─" * (sum(widths) + 2 * (len(widths) - 1)), *map(str.rstrip, shown[1:])]


def _padded(cell: str, widths: Sequence[int], place: int) -> str:
    gap = " " * (widths[place] - text_width(cell))
    return gap + cell if place else cell + gap
