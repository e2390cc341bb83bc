"""Parts of plain data that several sections of a review are made of."""

from __future__ import annotations

from decimal import Decimal

from salescore.metrics import Exclusion, Figure
from salescore.stats import ConfidenceInterval


def excluded_data(rows: tuple[Exclusion, ...]) -> list[dict[str, object]]:
    """Return which rows a figure leaves out, and why."""
    return [{"table": one.table, "reason": one.reason, "n": one.n} for one in rows]


def interval_data(found: ConfidenceInterval | None) -> dict[str, object] | None:
    """Return where a value lies; `None` where nobody can say."""
    if found is None:
        return None
    return {
        "low": decimal_text(found.low),
        "high": decimal_text(found.high),
        "level": decimal_text(found.level),
    }


def number_data(figure: Figure) -> dict[str, object]:
    """Return the value of a figure with what stands above and below the line."""
    return {
        "value": decimal_text(figure.value),
        "numerator": decimal_text(figure.numerator),
        "denominator": decimal_text(figure.denominator),
        "n": figure.n,
    }


def decimal_text(value: Decimal | None) -> str | None:
    """Return a number as text; `None` where it is undefined."""
    return None if value is None else format(value, "f")
