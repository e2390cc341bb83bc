"""The data dictionary: what every table, column and figure of a set of tidy tables means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from salescore.book import Facts
from salescore.exchange._tidy_facts import LISTED, table_of
from salescore.exchange._tidy_figures import FIGURES
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.metrics import Dimension, FigureDefinition, formula_text
from salescore.plain import Field, Kind
from salescore.values import Period

SCHEMA = "salescore/data-dictionary/1"
"""Form of the dictionary as JSON."""

DICTIONARY = "data_dictionary"
"""Table of the dictionary."""

_SETTING, _NOTE, _TABLE, _FIGURE, _DIMENSION = "setting", "note", "table", "figure", "dimension"
_BETWEEN = "; "
_GUARD = (
    "A text that a spreadsheet would take for a formula, an empty text, and one with spaces around "
    "it stand behind this sign; numbers and days never do. In Parquet there is none."
)


@attrs.frozen(kw_only=True)
class Entry:
    """
    One row of the dictionary.

    Attributes:
        table: Table; `None` for what holds for all of them.
        column: Column of the table; `None` for the table itself. Of a setting, its name.
        value: Value of the column that the row explains, or of the setting; else `None`.
        kind: What a column holds, or `table`, `figure`, `dimension`, `setting`, `note`.
        unit: What a number counts; `None` for what is not a number.
        nullable: Whether a column may be empty; `None` for what is no column.
        english: English label.
        chinese: Chinese label.
        meaning: What the labels leave unsaid; `None` where they say it all.
        formula: Formula of a figure; `None` for all else.
        source: Where the definition of a figure comes from; `None` for all else.
        personal: Personal-data class; `None` for what holds no values of facts.
        choices: Values that may stand there; `None` for any.
        joins: Table and column that the values refer to; `None` where they refer to none.
    """

    table: str | None = None
    column: str | None = None
    value: str | None = None
    kind: str
    unit: str | None = None
    nullable: bool | None = None
    english: str
    chinese: str
    meaning: str | None = None
    formula: str | None = None
    source: str | None = None
    personal: str | None = None
    choices: tuple[str, ...] | None = None
    joins: str | None = None


_LABELS: dict[str, tuple[str, str]] = {
    "table": ("Table", "表"),
    "column": ("Column", "列"),
    "value": ("Value", "取值"),
    "kind": ("Kind", "类型"),
    "unit": ("Unit", "单位"),
    "nullable": ("May be empty", "可为空"),
    "english": ("English label", "英文名称"),
    "chinese": ("Chinese label", "中文名称"),
    "meaning": ("Meaning", "含义"),
    "formula": ("Formula", "公式"),
    "source": ("Source", "出处"),
    "personal": ("Personal data", "个人信息类别"),
    "choices": ("Choices", "可选值"),
    "joins": ("Joins", "关联"),
}
_REQUIRED = ("kind", "english", "chinese")


def entries(
    facts: Facts,
    tables: Sequence[TidyTable],
    definitions: Iterable[FigureDefinition],
    dimensions: Iterable[Dimension],
    during: Period | None,
) -> tuple[Entry, ...]:
    """
    Return all rows of the dictionary, its own columns among them.

    Args:
        facts: The facts.
        tables: The tables that are written.
        definitions: The figures among them.
        dimensions: What the figures are sliced by.
        during: Period of the figures.
    """
    own = TidyTable(
        name=DICTIONARY,
        labels=("Data dictionary", "数据字典"),
        words="One row per setting, table, column, figure and dimension.",
        columns=_own_columns(()),
    )
    found = list(_settings(facts, during))
    for table in (*tables, own):
        found.append(
            Entry(
                table=table.name,
                kind=_TABLE,
                english=table.labels[0],
                chinese=table.labels[1],
                meaning=table.words,
            )
        )
        found.extend(_column(table, column) for column in table.columns)
        if table.name == FIGURES:
            found.extend(_figure(facts, one) for one in definitions)
            found.extend(_dimension(tables, one) for one in dimensions)
    return tuple(found)


def dictionary_table(rows: Sequence[Entry]) -> TidyTable:
    """Return the dictionary as a table."""
    return TidyTable(name=DICTIONARY, labels=("", ""), words="", columns=_own_columns(rows))


def dictionary_json(rows: Sequence[Entry]) -> str:
    """Return the dictionary as JSON: the same rows, with lists for choices and null for empty."""
    data = {"schema": SCHEMA, "rows": [attrs.asdict(row) for row in rows]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _own_columns(rows: Sequence[Entry]) -> list[TidyColumn]:
    columns: list[TidyColumn] = []
    for name, labels in _LABELS.items():
        values: list[Any] = [getattr(row, name) for row in rows]
        if name == "choices":
            values = [None if one is None else _BETWEEN.join(one) for one in values]
        columns.append(
            TidyColumn(
                field=Field(
                    name=name,
                    kind=Kind.BOOLEAN if name == "nullable" else Kind.TEXT,
                    nullable=name not in _REQUIRED,
                    labels=labels,
                ),
                values=values,
            )
        )
    return columns


def _settings(facts: Facts, during: Period | None) -> Iterable[Entry]:
    """Yield what holds for all tables."""
    as_of = None if facts.as_of is None else facts.as_of.isoformat()
    said = (
        ("currency", facts.currency, "Reporting currency", "报告币种", "Of all money in facts."),
        ("rates", facts.rates.name, "Exchange-rate policy", "汇率政策", None),
        ("basis", facts.basis.value, "Revenue basis", "收入口径", "What counts as sold."),
        ("calendar", facts.calendar.name, "Calendar", "日历", None),
        ("as_of", as_of, "As of", "截至", "Last day whose facts are seen; empty for all."),
        ("zone", facts.zone, "Time zone", "时区", "In which the time of recording is a day."),
        (
            *("during", None if during is None else during.key, "Period of the figures"),
            *("指标期间", "Empty for all dates. Fact tables hold every row all the same."),
        ),
        (
            *("guard", "'", "Guard of texts in CSV", "CSV文本防护符"),
            _GUARD,
        ),
    )
    for column, value, english, chinese, meaning in said:
        yield Entry(
            column=column,
            value=value,
            kind=_SETTING,
            english=english,
            chinese=chinese,
            meaning=meaning,
        )
    for finding in facts.findings():
        yield Entry(kind=_NOTE, english="Note", chinese="说明", meaning=finding.message)


def _column(table: TidyTable, column: TidyColumn) -> Entry:
    field = column.field
    return Entry(
        table=table.name,
        column=column.name,
        kind=field.kind.value,
        unit=field.unit,
        nullable=field.nullable,
        english=field.labels[0],
        chinese=field.labels[1],
        meaning=column.words or None,
        personal=field.personal.value,
        choices=field.choices or None,
        joins=column.joins,
    )


def _figure(facts: Facts, one: FigureDefinition) -> Entry:
    return Entry(
        table=FIGURES,
        column="figure",
        value=one.name,
        kind=_FIGURE,
        unit=one.unit.replace("money", facts.currency, 1),
        english=one.labels[0],
        chinese=one.labels[1],
        meaning=one.words,
        formula=formula_text(one),
        source=one.source,
    )


def _dimension(tables: Iterable[TidyTable], one: Dimension) -> Entry:
    joins = None
    if one in LISTED and any(table.name == table_of(one) for table in tables):
        joins = f"{table_of(one)}.{one.column}"
    return Entry(
        table=FIGURES,
        column="dimension",
        value=one.name,
        kind=_DIMENSION,
        english=one.labels[0],
        chinese=one.labels[1],
        joins=joins,
    )
