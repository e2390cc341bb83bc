"""Cells of a page: numbers in their unit, labels of figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salescore.metrics import CATALOGUE, FRACTION, Exclusion, Figure
from salescore.render import Language, clip, number, percent, text_width, wrapped
from salescore.values import currency

MARK = "*"
"""What stands behind a number that leaves rows out."""

WIDTH = 100
"""Columns of the terminal that a page takes."""


def figure_label(name: str, language: Language) -> str:
    """Return the label of a figure, or its name where the catalogue does not have it."""
    known = next((one for one in CATALOGUE if one.name == name), None)
    return name if known is None else language.pick(known.labels)


def shown(figure: Figure) -> str:
    """Return the number of a figure in its unit."""
    return valued(figure.value, figure.unit)


def marked(figure: Figure, excluded: Sequence[Exclusion]) -> str:
    """
    Return the number of a figure in its unit, marked where it leaves rows out.

    Args:
        figure: The figure.
        excluded: Rows that it leaves out.
    """
    return shown(figure) + (MARK if is_partial(figure, excluded) else "")


def is_partial(figure: Figure | None, excluded: Sequence[Exclusion]) -> bool:
    """Return whether there is a number, and it leaves rows out."""
    return figure is not None and figure.value is not None and bool(excluded)


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[list[str]]:
    """
    Return rows whose digits stand below each other though some numbers are marked.

    Args:
        rows: Cells.
        columns: Where the numbers stand that may be marked.
    """
    starred = {place for place in columns if any(row[place].endswith(MARK) for row in rows)}
    return [
        [
            f"{cell} " if place in starred and not cell.endswith(MARK) else cell
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]


def valued(value: Decimal | None, unit: str) -> str:
    """Return a number in its unit, rates in percent."""
    return percent(value) if unit == FRACTION else number(value, digits_of(unit))


def digits_of(unit: str) -> int:
    """Return digits behind the point: the currency's for money, one for days, none for counts."""
    first = unit.split(" ", 1)[0]
    if first.isupper():
        return currency(first).minor_units
    return 1 if unit == "days" else 0


def padded(text: str, width: int) -> str:
    """Return a text with blanks up to so many columns of the terminal."""
    return text + " " * (width - text_width(text))


def on_lines(text: str, *, first: str) -> list[str]:
    """Return a text on lines of the page's width; a word that is longer, such as an id, is cut."""
    return [clip(line, WIDTH) for line in wrapped(text, first=first, width=WIDTH)]
