"""The rows that measures leave out, and why: an unknown value or date is told, never dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from salescore.book import Facts, FactTable
from salescore.metrics._dimensions import Dimension, key_text
from salescore.metrics._figures import Exclusion
from salescore.metrics._measures import Measure
from salescore.metrics._reduce import Key, evaluate_rows, select_rows
from salescore.rules import Expression, fields_of, rule_text
from salescore.values import Period


def rows_left_out_by_key(
    facts: Facts, measures: Sequence[Measure], by: Sequence[Dimension], during: Period | None
) -> dict[Key, tuple[Exclusion, ...]]:
    """
    Return the rows left out by key, each row once however many measures miss it.

    Args:
        facts: The fact tables.
        measures: Measures of one figure.
        by: Dimensions of the keys; a unit of the calendar has the key `None`.
        during: Period.
    """
    reasons: dict[tuple[str, int], tuple[Key, str]] = {}
    for measure in measures:
        table = facts.table(measure.table)
        columns = [table.column(one.column) if one.is_in(table.schema) else None for one in by]
        for row, reason in rows_left_out(facts, measure, during):
            key = tuple(None if one is None else key_text(one[row]) for one in columns)
            reasons.setdefault((measure.table, row), (key, reason))
    return exclusions_of(
        Counter((key, table, reason) for (table, _), (key, reason) in reasons.items())
    )


def exclusions_of(counted: Counter[tuple[Key, str, str]]) -> dict[Key, tuple[Exclusion, ...]]:
    """Return counts of rows by key, table and reason as exclusions, by table and reason."""
    found: dict[Key, tuple[Exclusion, ...]] = {}
    for (key, table, reason), n in sorted(counted.items(), key=lambda item: item[0][1:]):
        found[key] = (*found.get(key, ()), Exclusion(table, reason, n))
    return found


def rows_left_out(facts: Facts, measure: Measure, during: Period | None) -> list[tuple[int, str]]:
    """Return the rows that a measure leaves out for an unknown value or date, and why."""
    table = facts.table(measure.table)
    selection = select_rows(table, measure.date, during if measure.date else None)
    found: list[tuple[int, str]] = []
    for rows, date in ((selection.rows, None), (selection.undated, measure.date)):
        if measure.where is not None:
            holds = evaluate_rows(table, measure.where, rows)
            rows = [row for row, yes in zip(rows, holds, strict=True) if yes]  # noqa: PLW2901 narrowed
        if date is not None:
            found.extend((row, table.null_reason(date, row)) for row in rows)
        elif measure.of is not None:
            values = evaluate_rows(table, measure.of, rows)
            found.extend(
                (row, _unknown(table, measure.of, row))
                for row, value in zip(rows, values, strict=True)
                if value is None
            )
    return found


def _unknown(table: FactTable, of: Expression, row: int) -> str:
    """Return why an expression has no value: for the first column that has none, if any lacks."""
    for name in fields_of(of):
        if table.column(name)[row] is None:
            return table.null_reason(name, row)
    return unknown_value(of)


def unknown_value(of: Expression) -> str:
    """Return the reason where an expression has no value although all its columns have one."""
    return f"no case of {rule_text(of)} holds"
