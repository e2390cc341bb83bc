"""The rows behind a figure, as a page of text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from salescore.book import FACT_TABLES, Facts
from salescore.errors import UnknownName
from salescore.metrics import (
    FRACTION,
    MONEY,
    Aggregate,
    Contribution,
    Figure,
    FigureDefinition,
    figure,
    find_figure,
    rows_behind,
    slices,
)
from salescore.render import NOTHING, Language, text_table
from salescore.review._cells import on_lines, shown, valued
from salescore.review._words import word
from salescore.rules import fields_of
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
        currency: Reporting currency.
        calendar: Name of the calendar.
        as_of: Last day whose facts are seen; `None` sees all.
        notes: Why a slice has no row: the key that it should perhaps have been.
    """

    definition: FigureDefinition
    figure: Figure | None
    during: Period | None
    where: tuple[tuple[str, str | None], ...]
    rows: tuple[Contribution, ...]
    currency: str
    calendar: str
    as_of: date | None
    notes: tuple[str, ...] = ()


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
    rows = rows_behind(name, facts, during=during, where=chosen)
    return Trace(
        definition=find_figure(name),
        figure=found,
        during=during,
        where=tuple(chosen.items()),
        rows=rows,
        currency=facts.currency,
        calendar=facts.calendar.name,
        as_of=facts.as_of,
        notes=() if rows else tuple(_unmatched(name, facts, during, chosen)),
    )


def _unmatched(
    name: str, facts: Facts, during: Period | None, where: Mapping[str, str | None]
) -> Iterator[str]:
    """Yield which keys of a slice no row has, each with the nearest that one has."""
    lacking = False
    for dimension, key in where.items():
        parts = slices(name, facts, by=dimension, during=during)
        if key in [part.key for part in parts]:
            continue
        lacking = True
        named = [part for part in parts if key and part.label.casefold() == key.casefold()]
        keys = tuple(part.key for part in parts if part.key is not None)
        if key is None:
            yield f"every row has a {dimension}" if keys else f"no row has a {dimension}"
        elif named and named[0].key is not None:
            yield f"no {dimension} {key!r}; did you mean {named[0].key!r}?"
        elif keys:
            yield str(UnknownName(dimension, key, keys))
        else:
            yield f"no {dimension} {key!r}; no row has a {dimension}"
    if len(where) > 1 and not lacking:
        yield "each of these keys is known, but no row has all of them"


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
        "as_of": None if found.as_of is None else found.as_of.isoformat(),
        "calendar": found.calendar,
        "currency": found.currency,
        "period": None if found.during is None else found.during.key,
        "where": dict(found.where),
        "value": None if one is None else _text(one.value),
        "unit": None if one is None else one.unit,
        "numerator": None if one is None else _text(one.numerator),
        "denominator": None if one is None else _text(one.denominator),
        "n": 0 if one is None else one.n,
        "reason": "no rows" if one is None else one.reason,
        "notes": list(found.notes),
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
    heads = [
        word(language, "rows").upper(),
        *(word(language, key) for key in ("id", "measure", "side", "value", "rate", "reason")),
    ]
    money = _money_measures(found.definition)
    lines = text_table(
        heads,
        [
            [
                row.table,
                row.id,
                row.measure,
                word(language, row.side),
                _shown(row.value, found.currency if row.measure in money else None),
                "" if row.rate is None else row.rate.note,
                row.reason or "",
            ]
            for row in found.rows
        ],
        widest=60,
    )
    first = [f"{' · '.join(title)}: {_answer(found, language)}"]
    known = [] if found.as_of is None else [word(language, "known", found.as_of)]
    notes = [line for note in found.notes for line in on_lines(note, first="  ")]
    return "\n".join([*first, *notes, *known, *(["", *lines] if found.rows else [])]) + "\n"


def _answer(found: Trace, language: Language) -> str:
    """Return the figure in its unit, with what stands above and below the line of a ratio."""
    one = found.figure
    if one is None:
        return word(language, "none")
    if one.value is None:
        return f"{NOTHING} ({one.reason})"
    answer = shown(one) if one.unit == FRACTION else f"{shown(one)} {one.unit}"
    if one.denominator is None:
        return answer
    money = _money_measures(found.definition)
    above, below = (
        _shown(
            number, found.currency if any(part.measure.name in money for part in parts) else None
        )
        for number, parts in (
            (one.numerator, found.definition.numerator),
            (one.denominator, found.definition.denominator),
        )
    )
    return f"{answer} = {above} ÷ {below}"


def _money_measures(definition: FigureDefinition) -> frozenset[str]:
    """Return which measures of a figure are amounts of the reporting currency."""
    schemas = {table.name: table for table in FACT_TABLES}
    return frozenset(
        one.name
        for one in definition.measures
        if one.of is not None
        and one.aggregate is not Aggregate.COUNT
        and any(
            (schemas[one.table].field(name).unit or "").startswith(MONEY)
            for name in fields_of(one.of)
        )
    )


def _shown(value: Decimal | str | None, currency: str | None) -> str:
    """Return money in the digits of its currency, other numbers exactly, thousands apart."""
    if isinstance(value, str):
        return value
    if value is None or currency is None:
        return NOTHING if value is None else f"{value:,f}"
    return valued(value, currency)


def _text(value: Decimal | str | None) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else value
