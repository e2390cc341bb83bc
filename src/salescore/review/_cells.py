"""Cells of a page: numbers in their unit, labels of figures."""

from __future__ import annotations

from decimal import Decimal

from salescore.metrics import CATALOGUE, FRACTION, Figure
from salescore.render import Language, clip, number, percent, text_width, wrapped
from salescore.values import currency

WIDTH = 100
"""Columns of the terminal that a page takes."""


def figure_label(name: str, language: Language) -> str:
    """Return the label of a figure, or its name where the catalogue does not have it."""
    known = next((one for one in CATALOGUE if one.name == name), None)
    return name if known is None else language.pick(known.labels)


def shown(figure: Figure) -> str:
    """Return the number of a figure in its unit."""
    return valued(figure.value, figure.unit)


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
