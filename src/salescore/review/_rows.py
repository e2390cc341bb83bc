"""The rows behind a figure, as a page of text and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from salescore.book import Facts
from salescore.metrics import (
    Contribution,
    Figure,
    FigureDefinition,
    figure,
    find_figure,
    rows_behind,
    slices,
)
from salescore.render import NOTHING, Language, text_table
from salescore.review._words import word
from salescore.values import Period

SCHEMA = "salescore/rows/1"


@attrs.frozen(kw_only=True)
class Trace:
    """
    A figure, or one slice of it, with every row behind it.

    Attributes:
        definition: What the figure is.
        figure: The figure; `None` where a slice has no row at all.
        during: Period asked for; `None` for all dates.
        where: Dimension and key of the slice; empty for the whole.
        rows: What each row brings, those left out included.
    """

    definition: FigureDefinition
    figure: Figure | None
    during: Period | None
    where: tuple[tuple[str, str | None], ...]
    rows: tuple[Contribution, ...]


def trace(
    name: str,
    facts: Facts,
    *,
    during: Period | None = None,
    where: Mapping[str, str | None] | None = None,
) -> Trace:
    """
    Return a figure or one slice of it with the rows behind it.

    Args:
        name: Name in the catalogue.
        facts: The fact tables.
        during: Period; `None` takes every date.
        where: Key by dimension, to trace one slice; `None` for rows that have no value of it.

    Raises:
        UnknownName: No such figure or dimension, or the figure's facts do not have the dimension.
    """
    chosen = dict(where or {})
    found: Figure | None
    if chosen:
        keys = tuple(chosen.values())
        parts = slices(name, facts, by=list(chosen), during=during)
        found = next((one.figure for one in parts if one.keys == keys), None)
    else:
        found = figure(name, facts, during=during)
    return Trace(
        definition=find_figure(name),
        figure=found,
        during=during,
        where=tuple(chosen.items()),
        rows=rows_behind(name, facts, during=during, where=chosen),
    )


def trace_data(found: Trace) -> dict[str, object]:
    """
    Return the rows behind a figure as plain JSON data; decimals are text.

    Args:
        found: The figure with its rows.
    """
    one = found.figure
    return {
        "schema": SCHEMA,
        "figure": found.definition.name,
        "period": None if found.during is None else found.during.key,
        "where": dict(found.where),
        "value": None if one is None else _text(one.value),
        "unit": None if one is None else one.unit,
        "numerator": None if one is None else _text(one.numerator),
        "denominator": None if one is None else _text(one.denominator),
        "n": 0 if one is None else one.n,
        "reason": "no rows" if one is None else one.reason,
        "rows": [
            {
                "table": row.table,
                "id": row.id,
                "measure": row.measure,
                "side": row.side,
                "value": _text(row.value),
                "reason": row.reason,
                "rate": None if row.rate is None else _text(row.rate.rate),
                "rate_note": None if row.rate is None else row.rate.note,
            }
            for row in found.rows
        ],
    }


def trace_text(found: Trace, language: Language = Language.EN) -> str:
    """
    Return the rows behind a figure as a page of text.

    Args:
        found: The figure with its rows.
        language: Language of the labels.
    """
    title = [
        language.pick(found.definition.labels),
        *([] if found.during is None else [found.during.key]),
        *(f"{name} = {NOTHING if key is None else key}" for name, key in found.where),
    ]
    one = found.figure
    if one is None or one.value is None:
        reason = None if one is None else one.reason
        answer = word(language, "none") if reason is None else f"{NOTHING} ({reason})"
    else:
        answer = f"{_text(one.value)} {one.unit}"
        if one.denominator is not None:
            answer = f"{answer} = {_text(one.numerator)} ÷ {_text(one.denominator)}"
    lines = text_table(
        [word(language, "rows").upper(), "id", "measure", "side", "value", "rate", "reason"],
        [
            [
                row.table,
                row.id,
                row.measure,
                row.side,
                _text(row.value) or NOTHING,
                "" if row.rate is None else row.rate.note,
                row.reason or "",
            ]
            for row in found.rows
        ],
        widest=60,
    )
    return "\n".join([f"{' · '.join(title)}: {answer}", "", *lines]) + "\n"


def _text(value: Decimal | str | None) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else value
