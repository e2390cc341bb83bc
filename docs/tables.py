"""
Tables of the reference, made from the code each time the documentation is built.

A page asks for one with a line such as `<!-- made: figures -->`; nothing is listed twice, and
nothing can go stale.
"""

import re
from collections.abc import Callable, Sequence

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from salescore.book import FACT_TABLES
from salescore.entities import RECORD_TABLES
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    Aggregate,
    FigureDefinition,
    Part,
    dimensions_of,
)
from salescore.plain import Field, FieldTable, Kind, PersonalData
from salescore.rules import rule_text

MARK = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)
NONE = "–"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell or NONE for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """Return text set as code."""
    return f"`{text}`"


def codes(names: Sequence[str]) -> str:
    """Return names set as code, with commas between."""
    return ", ".join(map(code, names))


# Figures ------------------------------------------------------------------------------------


def figures() -> str:
    """Return an overview of the catalogue, then each figure with its formula and source."""
    overview = table(
        ["figure", "English", "中文", "unit"],
        [[f"[`{one.name}`](#{one.name})", *one.labels, one.unit] for one in CATALOGUE],
    )
    return "\n\n".join([overview, *map(figure, CATALOGUE)])


def figure(one: FigureDefinition) -> str:
    """Return one figure."""
    (name,) = {part.measure.table for part in one.numerator[:1]}
    added = "the parts of a slice sum to the whole" if one.is_additive else "not additive"
    placed = {part.measure.date for part in (*one.numerator, *one.denominator)}
    moment = ", ".join(code(day) for day in sorted(filter(None, placed)))
    lines = [
        f"({one.name})=",
        f"### `{one.name}`",
        "",
        f"**{one.labels[0]} · {one.labels[1]}.** {one.words}",
        "",
        "```text",
        formula(one),
        "```",
        "",
        f"- Unit: {one.unit}; {added}.",
        f"- Placed in a period by: {moment}."
        if moment
        else "- Of a moment: it describes the day of knowledge, whatever the period.",
        f"- Rows: `{name}`; sliced by {codes(dimensions_of(one))}.",
        f"- Source: {one.source}.",
    ]
    return "\n".join(lines)


def formula(one: FigureDefinition) -> str:
    """Return the formula of a figure on one line, or on two for a ratio."""
    above = side(one.numerator)
    if one.quantile is not None:
        return f"quantile {one.quantile} of {above}"
    return f"  {above}\n÷ {side(one.denominator)}" if one.denominator else above


def side(parts: Sequence[Part]) -> str:
    """Return what stands above or below the line."""
    texts: list[str] = []
    for number, part in enumerate(parts):
        sign = "− " if part.weight < 0 else "+ " if number else ""
        texts.append(sign + measure(part))
    return " ".join(texts)


WORDS = {
    Aggregate.SUM: "sum of",
    Aggregate.COUNT: "number of",
    Aggregate.DISTINCT: "number of different",
    Aggregate.VALUES: "values of",
}


def measure(part: Part) -> str:
    """Return one measure in words and in the language of rules."""
    one = part.measure
    of = "" if one.of is None else rule_text(one.of)
    where = "" if one.where is None else f" where {rule_text(one.where)}"
    if one.aggregate is Aggregate.COUNT:
        known = f" with known {of}" if of else ""
        return f"{WORDS[one.aggregate]} {one.table}{known}{where}"
    return f"{WORDS[one.aggregate]} {of} over {one.table}{where}"


def dimensions() -> str:
    """Return every dimension with its labels and what has it."""
    return table(
        ["dimension", "English", "中文", "column", "fact tables"],
        [
            [
                code(one.name),
                *one.labels,
                code(one.column),
                codes([schema.name for schema in FACT_TABLES if one.column in schema])
                or "every one that has a date",
            ]
            for one in DIMENSIONS
        ],
    )


# Records and fact tables --------------------------------------------------------------------


def what(field: Field) -> str:
    """Return what a field holds."""
    parts = [field.kind.value]
    if field.kind is Kind.CHOICE:
        parts = ["one of " + codes(field.choices)]
    if field.refers:
        parts = [f"{field.kind.value} of [`{field.refers}`](record-types.md#record-{field.refers})"]
    if field.minimum is not None or field.maximum is not None:
        parts.append(f"{field.minimum} to {field.maximum}")
    if field.unit not in (None, field.kind.value):
        parts.append(field.unit)
    return ", ".join(parts)


def personal(field: Field) -> str:
    """Return the personal-data class of a field."""
    return "" if field.personal is PersonalData.NONE else code(field.personal.value)


def fields(one: FieldTable) -> str:
    """Return the fields of one record type."""
    rows = [
        [
            code(field.name),
            what(field),
            "yes" if field.nullable else "no",
            personal(field),
            *field.labels,
        ]
        for field in one.fields
    ]
    head = ["field", "holds", "may be null", "personal data", "English", "中文"]
    return table(head, rows)


def records() -> str:
    """Return every record type with its fields."""
    found: list[str] = []
    for one in RECORD_TABLES:
        record = one.record
        says = "" if record is None or record.__doc__ is None else record.__doc__.strip()
        name = "" if record is None else record.__name__
        found += [
            f"(record-{one.name})=\n## `{one.name}`: `{name}`",
            says.partition("\n")[0],
            fields(one),
        ]
    return "\n\n".join(found)


def fact_tables() -> str:
    """Return every fact table with its columns."""
    found: list[str] = []
    for one in FACT_TABLES:
        rows = [
            [
                code(field.name),
                what(field),
                "yes" if field.nullable else "no",
                personal(field),
                *field.labels,
            ]
            for field in one.fields
        ]
        head = ["column", "holds", "may be null", "personal data", "English", "中文"]
        found += [f"(facts-{one.name})=\n## `{one.name}`", table(head, rows)]
    return "\n\n".join(found)


def files() -> str:
    """Return every file of a folder of facts with its columns."""
    rows: list[list[str]] = []
    for one in RECORD_TABLES:
        required = [field.name for field in one.fields if not field.nullable]
        if set(required) & set(one.money_fields):
            required.append("currency")
        rest = [name for name in one.csv_columns if name not in required]
        rows.append([f"[`{one.name}.csv`](#record-{one.name})", codes(required), codes(rest)])
    return table(["file", "columns it must have", "columns it may have"], rows)


MAKERS: dict[str, Callable[[], str]] = {
    "dimensions": dimensions,
    "fact_tables": fact_tables,
    "figures": figures,
    "files": files,
    "records": records,
}


def fill(app: Sphinx, name: str, source: list[str]) -> None:  # noqa: ARG001 - the signature is Sphinx's
    """Put tables where a page asks for them."""
    source[0] = MARK.sub(lambda mark: MAKERS[mark[1]](), source[0])


def made_pages(
    app: Sphinx,  # noqa: ARG001 - the signature is Sphinx's
    env: BuildEnvironment,
    added: set[str],  # noqa: ARG001
    changed: set[str],  # noqa: ARG001
    removed: set[str],  # noqa: ARG001
) -> list[str]:
    """Return the pages to be read anew on every build: their tables come from the code."""
    return [
        name
        for name in env.found_docs
        if MARK.search(env.doc2path(name).read_text(encoding="utf-8"))
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Fill pages as they are read, and read those with made tables every time."""
    app.connect("source-read", fill)
    app.connect("env-get-outdated", made_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
