"""Write the tables and lists that are made from the code into the pages of the documentation."""

import inspect
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from salescore.book import FACT_TABLES
from salescore.entities import RECORD_TABLES
from salescore.errors import InvalidValue
from salescore.exchange import CANONICAL
from salescore.grading import (
    CUSTOMER_FIGURES,
    STANDARD_POLICIES,
    GradingPolicy,
    customer_figure,
)
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    Aggregate,
    FigureDefinition,
    dimensions_of,
    formula_sides,
)
from salescore.plain import CREATED_ON, RECORDED_AT, Field, FieldTable, Kind, PersonalData
from salescore.render import text_width
from salescore.rules import (
    EXAMPLE_ROW,
    EXAMPLE_TABLE,
    OPERATORS,
    F,
    OperatorSpec,
    check_types,
    rule_text,
)

FOLDER = Path(__file__).parent.parent / "docs"
BETWEEN = re.compile(
    r"(?P<begin>^<!-- begin (?P<name>\w+): [^\n]* -->\n).*?(?P<end>^<!-- end (?P=name) -->$)",
    re.DOTALL | re.MULTILINE,
)
NONE = "–"


# Markdown -----------------------------------------------------------------------------------


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns, but for the last, are as wide in every line."""
    lines = [[cell or NONE for cell in line] for line in (head, *rows)]
    sizes = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    sizes[-1] = 0
    lines.insert(1, ["-" * max(size, 3) for size in sizes])
    return "\n".join(f"| {' | '.join(map(padded, line, sizes))} |" for line in lines)


def padded(cell: str, size: int) -> str:
    """Return a cell with blanks up to a size."""
    return cell + " " * (size - text_width(cell))


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
    dates = codes(sorted(filter(None, placed)))
    lines = [
        f"### `{one.name}`",
        "",
        f"**{one.labels[0]} · {one.labels[1]}.** {one.words}",
        "",
        "```text",
        formula(one),
        "```",
        "",
        f"- Unit: {one.unit}; {added}{qualities(one)}.",
        f"- Placed in a period by: {dates}."
        if dates
        else "- Of a moment: the last day of the period, or the last day known if that is earlier.",
        f"- Rows: `{name}`; sliced by {codes(dimensions_of(one))}.",
        f"- Source: {one.source}.",
    ]
    return "\n".join(lines)


def qualities(one: FigureDefinition) -> str:
    """Return what else is to be said of a figure beside its unit."""
    found = ["; a share of counted rows"] if one.is_share else []
    return "".join(found + (["; less is better"] if one.is_lower_better else []))


def formula(one: FigureDefinition) -> str:
    """Return the formula of a figure on one line, or on two for a ratio."""
    above, *below = formula_sides(one)
    return f"  {above}\n÷ {below[0]}" if below else above


def dimensions() -> str:
    """Return every dimension with its labels and what has it."""
    return table(
        ["dimension", "English", "中文", "column", "fact tables"],
        [
            [
                code(one.name),
                *one.labels,
                code(one.column),
                codes([schema.name for schema in FACT_TABLES if one.is_in(schema)])
                or "every one that has a date",
            ]
            for one in DIMENSIONS
        ],
    )


# Records and fact tables --------------------------------------------------------------------

THEMES = {
    "_parties": "People and organisations",
    "_campaigns": "Efforts to win customers",
    "_products": "What is sold",
    "_opportunities": "From lead to opportunity",
    "_selling": "Needs, solutions, negotiations",
    "_offers": "Offers and agreements",
    "_orders": "From order to delivery",
    "_invoices": "From invoice to payment",
    "_aftersales": "After the sale",
    "_plans": "Goals and yardsticks",
    "_work": "What is to be done",
    "_outcomes": "What rules decided",
}
"""Heading of each module of records; the module says what stands under it."""

ATTRIBUTE = re.compile(r"^    (?P<name>\w+): (?P<words>.*(?:\n {5,}.*)*)", re.MULTILINE)


def what(field: Field) -> str:
    """Return what a field holds: kind, allowed values, range and unit."""
    parts = [field.kind.value]
    if field.kind is Kind.CHOICE:
        parts = ["one of " + codes(field.choices)]
    if field.refers:
        parts = [f"{field.kind.value} of [`{field.refers}`](record-types.md#{field.refers})"]
    parts += limits(field)
    if field.unit not in (None, field.kind.value):
        parts.append(str(field.unit))
    return ", ".join(parts)


def limits(field: Field) -> list[str]:
    """Return the range of a number in words, as one part or none."""
    if field.minimum is not None and field.maximum is not None:
        return [f"{field.minimum} to {field.maximum}"]
    if field.minimum is not None:
        return [f"{'above' if field.is_above_minimum else 'at least'} {field.minimum}"]
    return [] if field.maximum is None else [f"at most {field.maximum}"]


def columns(one: FieldTable) -> str:
    """Return the columns of one fact table."""
    rows = [
        [
            code(field.name),
            what(field),
            "yes" if field.nullable else "no",
            "" if field.personal is PersonalData.NONE else code(field.personal.value),
            *field.labels,
        ]
        for field in one.fields
    ]
    return table(["column", "holds", "may be null", "personal data", "English", "中文"], rows)


def fields(one: FieldTable) -> str:
    """Return the fields of one record type with the words of its class."""
    words = attributes(of(one))
    rows = [
        [
            code(field.name),
            what(field) + (" or null" if field.nullable else ""),
            words[field.name].replace("|", "\\|"),
            ", ".join(marks(field)),
            *field.labels,
        ]
        for field in one.fields
    ]
    return table(["field", "holds", "meaning", "marks", "English", "中文"], rows)


def attributes(record: type[object]) -> dict[str, str]:
    """Return what the docstring of a class says of each attribute, each on one line."""
    _, _, section = inspect.cleandoc(record.__doc__ or "").partition("\nAttributes:\n")
    found = ATTRIBUTE.finditer(section)
    return {one["name"]: " ".join(one["words"].split()) for one in found}


def marks(field: Field) -> list[str]:
    """Return what a field has to do with time and with persons."""
    found: list[str] = []
    if field.kind in (Kind.DATE, Kind.INSTANT) and field.name != RECORDED_AT:
        found.append("happened" if field.has_happened else "plan or term")
    if field.since:
        found.append("since " + codes(field.since))
    if field.personal is not PersonalData.NONE:
        found.append(code(field.personal.value))
    return found


def known(one: FieldTable) -> str:
    """Return which date makes a record of a type known."""
    first = [name for name in (RECORDED_AT, CREATED_ON) if name in one]
    dates = [code(field.name) for field in one.happened if field.name not in first]
    ways = [f"from {code(name)}" for name in first]
    if dates:
        several = "the earliest of " if len(dates) > 1 else ""
        ways.append(f"from {several}{', '.join(dates)}")
    if all(field.nullable for field in one.happened):
        others = waits_for(one)
        records = "records" if len(others) > 1 else "record"
        ways.append(f"together with the {records} behind {codes(others)}" if others else "always")
    return f"Known {', else '.join(ways)}."


def waits_for(one: FieldTable) -> list[str]:
    """
    Return the references behind which a record without dates is unknown.

    A part, which has no day of recording, waits for all that it refers to; any other record for
    what it cannot be without.
    """
    is_part = RECORDED_AT not in one
    tables = {other.name: other for other in RECORD_TABLES if other is not one}
    return [
        field.name
        for field in one.fields
        if field.refers in tables
        and (is_part or not field.nullable)
        and is_ever_unknown(tables[field.refers])
    ]


def is_ever_unknown(one: FieldTable) -> bool:
    """Return whether a record of a type may be unknown on some day."""
    return bool(one.happened) or RECORDED_AT in one or bool(waits_for(one))


def records() -> str:
    """Return a list of the record types by theme, then every one of them with its fields."""
    themes: dict[str, list[FieldTable]] = {}
    for one in RECORD_TABLES:
        themes.setdefault(of(one).__module__, []).append(one)
    contents = [
        [f"[{title(name)}](#{slug(title(name))})", ", ".join(map(link, those))]
        for name, those in themes.items()
    ]
    found = [table(["theme", "record types"], contents)]
    for name, those in themes.items():
        found += [f"## {title(name)}", sentence(sys.modules[name].__doc__)]
        for one in those:
            head = f"{sentence(of(one).__doc__)}\nClass `{of(one).__name__}`. {known(one)}"
            found += [f"### `{one.name}`", head, fields(one)]
    return "\n\n".join(found)


def of(one: FieldTable) -> type[object]:
    """Return the class of a record type."""
    if one.record is None:
        raise TypeError(f"{one.name} is no record type")
    return one.record


def title(module: str) -> str:
    """Return the heading of a module of records."""
    return THEMES[module.rpartition(".")[2]]


def slug(heading: str) -> str:
    """Return the anchor of a heading."""
    return heading.lower().replace(",", "").replace(" ", "-")


def link(one: FieldTable) -> str:
    """Return a link to a record type on its own page."""
    return f"[`{one.name}`](#{one.name})"


def sentence(words: str | None) -> str:
    """Return the first sentence of a docstring."""
    return (words or "").strip().partition("\n")[0]


def fact_tables() -> str:
    """Return every fact table with its columns."""
    return "\n\n".join(f"## `{one.name}`\n\n{columns(one)}" for one in FACT_TABLES)


def files() -> str:
    """Return every file of a folder of facts with its columns."""
    rules = {rule.file: rule for rule in CANONICAL.files}
    rows: list[list[str]] = []
    for one in RECORD_TABLES:
        columns_of = rules[f"{one.name}.csv"].columns_by_name
        required = [name for name in one.csv_columns if not columns_of[name].optional]
        rest = [name for name in one.csv_columns if columns_of[name].optional]
        file = f"[`{one.name}.csv`](record-types.md#{one.name})"
        rows.append([file, codes(required), codes(rest)])
    return table(["file", "columns it must have", "columns it may have"], rows)


# Operators ----------------------------------------------------------------------------------

AGGREGATES = {
    "sum": ("Sum", "合计"),
    "count": ("Count", "计数"),
    "distinct": ("Distinct", "去重计数"),
    "values": ("Values", "取值"),
    "min": ("Least", "最小值"),
    "max": ("Greatest", "最大值"),
}
"""Labels of each aggregate."""


def operators() -> str:
    """Return an overview of the operators, then each with its arguments and an example."""
    overview = table(
        ["operator", "English", "中文", "arguments", "yields"],
        [
            [f"[`{one.name}`](#{slug(one.labels[0])})", *one.labels, one.arguments, one.yields]
            for one in OPERATORS
        ],
    )
    return "\n\n".join([overview, *map(operator, OPERATORS)])


def operator(one: OperatorSpec) -> str:
    """Return one operator, under its English label: signs are no anchors."""
    lines = [
        f"### {one.labels[0]}",
        "",
        f"**{code(one.name)} · {one.labels[1]}**",
        "",
        f"- Arguments: {one.arguments}.",
        f"- Yields: {one.yields}; {one.nulls}.",
        f"- JSON: {code(one.example)}",
        f"- Python: {code(one.python)}",
        f"- On the row above: {code(one.value)}",
    ]
    return "\n".join(lines)


def example_row() -> str:
    """Return the fields of the row on which the examples are told, and what they hold."""
    return table(
        ["field", "holds", "on the row"],
        [
            [code(name), check_types(F[name].tree, EXAMPLE_TABLE).value, shown(value)]
            for name, value in EXAMPLE_ROW.items()
        ],
    )


def shown(value: object) -> str:
    """Return a value of the row as a reader should see it."""
    if isinstance(value, frozenset):
        return codes(sorted(map(str, value)))
    return "null" if value is None else code(str(value).lower() if value is True else str(value))


def aggregates() -> str:
    """Return every aggregate of a measure, with the words of its class."""
    words = attributes(Aggregate)
    return table(
        ["aggregate", "English", "中文", "yields"],
        [[code(one.value), *AGGREGATES[one.value], words[one.name]] for one in Aggregate],
    )


# Decisions ----------------------------------------------------------------------------------


def decisions() -> str:
    """Return a list of the decisions with links to their records."""
    found: list[str] = []
    for page in sorted((FOLDER / "decisions").glob("0*.md")):
        heading = page.read_text(encoding="utf-8").partition("\n")[0]
        number, _, title = heading.removeprefix("# ").partition(". ")
        found.append(f"{number}. [{title}]({page.name})")
    return "\n".join(found)


# Policies -----------------------------------------------------------------------------------


def standard_policies() -> str:
    """Return each standard policy: its grades, what it measures, and what each grade is owed."""
    return "\n\n".join(map(policy, STANDARD_POLICIES))


def policy(one: GradingPolicy) -> str:
    """Return one standard policy."""
    rows = [
        [
            code(grade.key),
            *grade.labels,
            "" if grade.entry is None else code(rule_text(grade.entry)),
            "" if grade.exit is None else code(rule_text(grade.exit)),
        ]
        for grade in reversed(one.grades)
    ]
    parts = [
        f"### `{one.name}`",
        f"**{one.labels[0]} · {one.labels[1]}.** {tempering(one)}",
        table(["grade", "English", "中文", "entered if", "left if"], rows),
    ]
    if one.services:
        parts.append(services(one))
    return "\n\n".join(parts)


def tempering(one: GradingPolicy) -> str:
    """Return in words what tempers the moves of a policy."""
    if one.review_months is None:
        ladder = "Whoever" if one.is_ladder else "No ladder: whoever"
        return f"{ladder} belongs elsewhere moves there at once."
    return (
        f"A review every {one.review_months} months, a minimum stay of "
        f"{one.minimum_stay_days} days, {one.grace_days} days of grace."
    )


def services(one: GradingPolicy) -> str:
    """Return what each grade of a policy is owed, and what is to be kept of its customers."""
    rows = [
        [
            code(plan.grade),
            "" if plan.contact_days is None else f"every {plan.contact_days} days",
            "; ".join(" · ".join(labels) for labels in plan.benefits),
            "" if plan.hours is None else str(plan.hours),
            "; ".join(" · ".join(need.labels) for need in plan.requirements),
        ]
        for grade in reversed(one.grades)
        for plan in [one.service(grade.key)]
        if plan is not None
    ]
    return table(["grade", "contact", "benefits", "hours a year", "on record"], rows)


def policy_figures() -> str:
    """Return every figure of customers that can be had by its name."""
    return table(
        ["figure", "English", "中文", "fact table", "unit", "window"],
        [
            [
                code(name),
                *one.labels,
                code(one.measure.table),
                one.unit or "day",
                "months" if has_window(name) else "",
            ]
            for name in CUSTOMER_FIGURES
            for one in [customer_figure(name)]
        ],
    )


def has_window(name: str) -> bool:
    """Return whether a figure of customers can be had for the last months."""
    try:
        customer_figure(name, months=1)
    except InvalidValue:
        return False
    return True


def engines() -> str:
    """Return what the differential test found on each engine, as `tools.differential` kept it."""
    kept = json.loads((Path(__file__).parent / "differential.json").read_text(encoding="utf-8"))
    head = ("engine", "version", "cells", "rules", "reductions", "refused", "mismatches")
    rows = [
        (f"`{name}`", one["version"], *(f"{one[key]:,}" for key in head[2:]))
        for name, one in kept.items()
    ]
    return table(head, rows)


def declared_on_engines() -> str:
    """Return what it found on what rooms declare, as `tools.differential --asked` kept it."""
    path = Path(__file__).parent / "differential_declared.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    head = (
        "asked by",
        "engine",
        "version",
        "cells",
        "rules",
        "reductions",
        "refused",
        "mismatches",
    )
    rows = [
        (f"`{room}`", f"`{name}`", one["version"], *(f"{one[key]:,}" for key in head[3:]))
        for room, engines in sorted(kept.items())
        for name, one in engines.items()
    ]
    return table(head, rows)


# Pages --------------------------------------------------------------------------------------

MAKERS: dict[str, Callable[[], str]] = {
    "aggregates": aggregates,
    "decisions": decisions,
    "declared": declared_on_engines,
    "differential": engines,
    "dimensions": dimensions,
    "example_row": example_row,
    "fact_tables": fact_tables,
    "figures": figures,
    "files": files,
    "operators": operators,
    "policy_figures": policy_figures,
    "records": records,
    "standard_policies": standard_policies,
}


def filled(page: str) -> str:
    """Return the text of a page with everything between its marks made anew."""
    return BETWEEN.sub(
        lambda found: f"{found['begin']}\n{MAKERS[found['name']]()}\n\n{found['end']}", page
    )


def main(folder: Path = FOLDER) -> int:
    """Write the pages that are out of step, name them, and return 0."""
    for page in sorted(folder.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = filled(text)
        if new != text:
            page.write_text(new, encoding="utf-8", newline="\n")
            print(f"{page.name}: tables written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
