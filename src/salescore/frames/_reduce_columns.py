"""Which columns of a fact table reductions read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from salescore.frames._frame import schema_of
from salescore.frames._reduce_currency import CURRENCY_COLUMNS
from salescore.frames._reduce_scan import is_unit
from salescore.metrics import Measure, Reduction
from salescore.rules import fields_of


def columns_of(reductions: Sequence[Reduction]) -> tuple[str, ...]:
    """Return the columns that reductions read."""
    found: dict[str, None] = {}
    for one in reductions:
        found |= dict.fromkeys(key for key in one.keys if not is_unit(key))
        for measure in one.measures:
            found |= dict.fromkeys(measure_columns(measure))
    schema = schema_of(reductions[0].table)
    return tuple(found | dict.fromkeys(one for one in CURRENCY_COLUMNS if one in schema))


def summed_columns(reductions: Iterable[Reduction]) -> tuple[str, ...]:
    """Return the columns whose values reductions bring together."""
    rules = dict.fromkeys(measure.of for one in reductions for measure in one.measures)
    return tuple(
        dict.fromkeys(name for rule in rules if rule is not None for name in fields_of(rule))
    )


def measure_columns(measure: Measure) -> tuple[str, ...]:
    """Return the columns that a measure reads."""
    rules = [rule for rule in (measure.of, measure.where) if rule is not None]
    found = dict.fromkeys(name for rule in rules for name in fields_of(rule))
    return (*found, measure.date) if measure.date is not None else tuple(found)
