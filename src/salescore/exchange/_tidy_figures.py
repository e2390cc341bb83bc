"""Figures for BI tools: one row per figure, dimension, key and period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.exchange._tidy_facts import LISTED, is_shown, units_of
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.metrics import (
    CATALOGUE,
    Dimension,
    Figure,
    FigureDefinition,
    dimensions_of,
    find_dimension,
    find_figure,
    slices_of,
)
from salescore.metrics import figures as totals_of
from salescore.plain import Field, Kind, PersonalData
from salescore.values import Period

FIGURES = "figures"
"""Table of figures."""

MOST_DIGITS = 18
"""Digits behind the point of a value in Parquet; its numerator and denominator keep all."""

_NAME = "name"


def definitions_of(
    names: Iterable[str | FigureDefinition] | str | FigureDefinition | None,
) -> tuple[FigureDefinition, ...]:
    """
    Return the definitions of figures; the catalogue for `None`.

    Raises:
        UnknownName: The catalogue has no such figure.
        InvalidValue: Two of them share a name.
    """
    if names is None:
        return CATALOGUE
    chosen = (names,) if isinstance(names, str | FigureDefinition) else names
    found: dict[str, FigureDefinition] = {}
    for one in map(find_figure, chosen):
        if found.setdefault(one.name, one) != one:
            raise InvalidValue("figures", one.name, "two definitions share this name; rename one")
    return tuple(found.values())


def dimensions_for(
    facts: Facts,
    definitions: Sequence[FigureDefinition],
    by: Iterable[str] | str | None,
    personal: Collection[PersonalData],
) -> tuple[Dimension, ...]:
    """
    Return the dimensions that figures are sliced by.

    Args:
        facts: The facts.
        definitions: The figures.
        by: Names of dimensions, each that of one figure at least; `None` for those that have a
            table of their own, and the units of the calendar.
        personal: Personal-data classes whose values may be written.

    Raises:
        UnknownName: None of the figures has such a dimension.
        InvalidValue: Its keys are of a personal-data class that is not written.
    """
    if by is None:
        return tuple(
            one for one in (*LISTED, *units_of(facts)) if _having(definitions, one.name, facts)
        )
    found: list[Dimension] = []
    for name in dict.fromkeys((by,) if isinstance(by, str) else by):
        having = _having(definitions, name, facts)
        if not having:
            known = dict.fromkeys(name for one in definitions for name in dimensions_of(one, facts))
            raise UnknownName("dimension of these figures", name, tuple(known))
        schemas = [facts.schema(one.numerator[0].measure.table) for one in having]
        dimension = find_dimension(name, schemas)
        for schema in schemas:
            field = schema.field(dimension.column) if dimension.column in schema else None
            if field is not None and not is_shown(field, personal):
                fault = f"its keys may be personal data ({field.personal.value}); add to personal"
                raise InvalidValue("by", name, fault)
        found.append(dimension)
    return tuple(found)


def _having(
    definitions: Iterable[FigureDefinition], dimension: str, facts: Facts
) -> list[FigureDefinition]:
    """Return the figures that have a dimension."""
    return [one for one in definitions if dimension in dimensions_of(one, facts)]


def figure_table(
    facts: Facts,
    definitions: Sequence[FigureDefinition],
    dimensions: Sequence[Dimension],
    during: Period | None,
    personal: Collection[PersonalData],
) -> TidyTable:
    """
    Return the figures over all rows, then sliced by one dimension at a time.

    Args:
        facts: The facts.
        definitions: The figures.
        dimensions: The dimensions; a figure that lacks one is not sliced by it.
        during: Period; `None` takes every date.
        personal: Personal-data classes that labels may be of; else the key stands as label.

    Raises:
        InvalidValue: `during` is no period.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {one.name: [] for one in definitions}
    totals = totals_of(definitions, facts, during=during)
    period = None if during is None else during.key
    for total in totals:
        rows[total.name].append(_row(None, None, None, period, total))
    for dimension in dimensions:
        is_named = _may_name(facts, dimension, personal)
        having = _having(definitions, dimension.name, facts)
        for slices in slices_of(having, facts, by=dimension.name, during=during):
            for one in slices:
                label = one.label if is_named or one.key is None else one.key
                found = _row(dimension.name, one.key, label, period, one.figure)
                rows[one.figure.name].append(found)
    cells = [row for found in rows.values() for row in found]
    values = list(zip(*cells, strict=True)) if cells else [()] * len(_COLUMNS)
    return TidyTable(
        name=FIGURES,
        labels=("Figures", "指标"),
        words="One row per figure, dimension, key and period; of a total, dimension and key are "
        "empty. Only rows that are additive may be summed.",
        columns=[
            TidyColumn(
                field=attrs.evolve(field, personal=PersonalData.IDENTITY)
                if field.name == "label" and PersonalData.IDENTITY in personal
                else field,
                values=column,
                words=words,
                most_digits=MOST_DIGITS if field.name == "value" else None,
            )
            for (field, words), column in zip(_COLUMNS, values, strict=True)
        ],
    )


def _may_name(facts: Facts, dimension: Dimension, personal: Collection[PersonalData]) -> bool:
    """Return whether the names behind the keys of a dimension may be written."""
    if dimension.records is None:
        return True
    table = facts.book.table(dimension.records)
    return _NAME not in table or is_shown(table.field(_NAME), personal)


def _row(
    dimension: str | None, key: str | None, label: str | None, period: str | None, one: Figure
) -> tuple[Any, ...]:
    return (
        *(one.name, dimension, key, label, period, one.as_of),
        *(one.value, one.numerator, one.denominator, Decimal(one.n)),
        *(one.unit, one.is_additive, one.reason),
    )


def _column(
    name: str, kind: Kind, labels: tuple[str, str], words: str, *, nullable: bool = True
) -> tuple[Field, str]:
    unit = "rows" if name == "n" else "see unit" if kind is Kind.DECIMAL else None
    return Field(name=name, kind=kind, nullable=nullable, labels=labels, unit=unit), words


_COLUMNS: tuple[tuple[Field, str], ...] = (
    _column("figure", Kind.TEXT, ("Figure", "指标"), "Name of the figure.", nullable=False),
    _column(
        "dimension",
        Kind.TEXT,
        ("Dimension", "维度"),
        "What it is sliced by; empty for the figure over all rows.",
    ),
    _column(
        "key",
        Kind.TEXT,
        ("Key", "键"),
        "Key of the dimension; empty for a total, and for rows that have no value of it.",
    ),
    _column(
        "label", Kind.TEXT, ("Label", "名称"), "Name behind the key; – for rows without a key."
    ),
    _column(
        "period",
        Kind.TEXT,
        ("Period", "期间"),
        "Key of the period; empty where every date counts. A figure of a moment is taken as of "
        "its last day.",
    ),
    _column(
        "as_of",
        Kind.DATE,
        ("As of", "截至"),
        "Last day whose facts it sees; empty where all are seen.",
    ),
    _column(
        "value",
        Kind.DECIMAL,
        ("Value", "数值"),
        "Empty where undefined, with the reason. Rates are fractions. Ratios have 28 significant "
        f"digits in CSV; in Parquet every value has at most {MOST_DIGITS} behind the point.",
    ),
    _column(
        "numerator",
        Kind.DECIMAL,
        ("Numerator", "分子"),
        "Exact sum above the line; empty for quantiles.",
    ),
    _column(
        "denominator",
        Kind.DECIMAL,
        ("Denominator", "分母"),
        "Exact sum below the line; empty for amounts and quantiles.",
    ),
    _column(
        "n",
        Kind.DECIMAL,
        ("Rows counted", "计入行数"),
        "Rows that entered: below the line for ratios.",
        nullable=False,
    ),
    _column("unit", Kind.TEXT, ("Unit", "单位"), "What value counts.", nullable=False),
    _column(
        "additive",
        Kind.BOOLEAN,
        ("Is additive", "可加"),
        "Whether the rows of one dimension sum to the total.",
        nullable=False,
    ),
    _column("reason", Kind.TEXT, ("Reason", "原因"), "Why it is undefined."),
)
