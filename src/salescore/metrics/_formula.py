"""The formula of a figure in words, in the language of rules."""

from __future__ import annotations

from collections.abc import Sequence

from salescore.metrics._figures import FigureDefinition, Part
from salescore.metrics._measures import Aggregate
from salescore.rules import rule_text

_WORDS = {
    Aggregate.SUM: "sum of",
    Aggregate.COUNT: "number of",
    Aggregate.DISTINCT: "number of different",
    Aggregate.VALUES: "values of",
    Aggregate.MIN: "least of",
    Aggregate.MAX: "greatest of",
}


def formula_sides(one: FigureDefinition) -> tuple[str, ...]:
    """
    Return what stands above the line of a figure and, for a ratio, what stands below it.

    Args:
        one: What the figure is.

    Returns:
        One or two texts: measures in the language of rules, over fact tables.
    """
    above = _side(one.numerator)
    if one.quantile is not None:
        return (f"quantile {one.quantile} of {above}",)
    return (above, _side(one.denominator)) if one.denominator else (above,)


def formula_text(one: FigureDefinition) -> str:
    """
    Return the formula of a figure on one line.

    Args:
        one: What the figure is.
    """
    sides = formula_sides(one)
    return sides[0] if len(sides) == 1 else f"({sides[0]}) ÷ ({sides[1]})"


def _side(parts: Sequence[Part]) -> str:
    texts: list[str] = []
    for part in parts:
        sign = "− " if part.weight < 0 else "+ " if texts else ""
        texts.append(sign + _measure(part))
    return " ".join(texts)


def _measure(part: Part) -> str:
    one = part.measure
    of = "" if one.of is None else rule_text(one.of)
    where = "" if one.where is None else f" where {rule_text(one.where)}"
    by = "" if one.date is None else f" by {one.date}"
    if one.aggregate is Aggregate.COUNT:
        known = f" with known {of}" if of else ""
        return f"{_WORDS[one.aggregate]} {one.table}{known}{where}{by}"
    return f"{_WORDS[one.aggregate]} {of} over {one.table}{where}{by}"
