"""Measures and reductions as JSON: written, read back the same, refused with the place."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.errors import InvalidDocument, UnknownName
from salescore.metrics import CATALOGUE, Aggregate, Measure, Reduction, reduce_rows
from salescore.plain import FieldTable, Kind, Node, parse_json
from salescore.rules import Expression, F, RuleType
from salescore.testing import rules

BIG_LINES = Measure(
    name="big_lines",
    table="order_lines",
    aggregate=Aggregate.SUM,
    of=F.net_amount - F.cost,
    where=F.net_amount >= Decimal("12.50"),
    date="ordered_on",
)
BIG_LINES_DATA = {
    "name": "big_lines",
    "table": "order_lines",
    "date": "ordered_on",
    "of": {"sum": [{"-": [{"field": ["net_amount"]}, {"field": ["cost"]}]}]},
    "where": {">=": [{"field": ["net_amount"]}, {"decimal": ["12.50"]}]},
}
LINES = Measure(name="lines", table="order_lines", aggregate=Aggregate.COUNT)
LINES_DATA = {"name": "lines", "table": "order_lines", "of": {"count": []}}
BY_REGION = Reduction(
    name="by_region", table="order_lines", keys=["region", "month"], measures=[BIG_LINES]
)
BY_REGION_DATA = {
    "name": "by_region",
    "table": "order_lines",
    "keys": ["region", "month"],
    "measures": [BIG_LINES_DATA],
}


@pytest.mark.parametrize(
    ("measure", "data"), [(BIG_LINES, BIG_LINES_DATA), (LINES, LINES_DATA)], ids=["sum", "count"]
)
def test_a_measure_as_data(measure: Measure, data: dict[str, object]) -> None:
    """The aggregate is the operator over its expression; what is not needed is not written."""
    assert measure.as_data() == data
    assert Measure.from_data(data) == measure


def test_a_reduction_as_data() -> None:
    """Keys and measures in their order; a reduction without keys may leave them out."""
    assert BY_REGION.as_data() == BY_REGION_DATA
    assert Reduction.from_data(BY_REGION_DATA) == BY_REGION
    whole = {"name": "all", "table": "order_lines", "measures": [LINES_DATA]}
    assert Reduction.from_data(whole).keys == ()
    assert Reduction.from_data(whole).as_data() == {**whole, "keys": []}


def test_part_of_a_larger_document() -> None:
    """A node brings its own place along, for a fault deep inside, too."""
    node = Node({"name": "x", "table": "order_lines", "of": {"sum": [{"feld": ["x"]}]}}, "doc/2")
    with pytest.raises(InvalidDocument) as found:
        Measure.from_data(node)
    assert found.value.path.startswith("doc/2/of/sum/0")
    assert Measure.from_data(Node(LINES_DATA, "doc/3")) == LINES
    assert Reduction.from_data(Node(BY_REGION_DATA, "doc/4")) == BY_REGION


def test_every_measure_of_the_catalogue_as_data() -> None:
    """Each measure behind the figures that ship goes through JSON text and back unchanged."""
    for one in CATALOGUE:
        for measure in one.measures:
            assert Measure.from_data(parse_json(json.dumps(measure.as_data()))) == measure


_KINDS = {
    Aggregate.SUM: [RuleType.NUMBER],
    Aggregate.VALUES: [RuleType.NUMBER],
    Aggregate.MIN: [RuleType.NUMBER, RuleType.DATE],
    Aggregate.MAX: [RuleType.NUMBER, RuleType.DATE],
    Aggregate.COUNT: [RuleType.NUMBER, RuleType.TEXT, RuleType.DATE, RuleType.BOOLEAN],
    Aggregate.DISTINCT: [RuleType.NUMBER, RuleType.TEXT, RuleType.DATE, RuleType.BOOLEAN],
}


@st.composite
def measures(draw: st.DrawFn, table: FieldTable, date: str | None) -> Measure:
    """Return a measure of a table with expressions of every kind."""
    aggregate = draw(st.sampled_from(Aggregate))
    of: st.SearchStrategy[Expression | None] = draw(
        st.sampled_from([rules(table, kind) for kind in _KINDS[aggregate]])
    )
    if aggregate is Aggregate.COUNT:
        of = st.none() | of
    return Measure(
        name=draw(st.text(min_size=1, max_size=5)),
        table=table.name,
        aggregate=aggregate,
        of=draw(of),
        where=draw(st.none() | rules(table)),
        date=date,
    )


@st.composite
def reductions(draw: st.DrawFn) -> Reduction:
    """Return a reduction of some fact table."""
    table = draw(st.sampled_from(FACT_TABLES))
    days = [None, *(field.name for field in table.fields if field.kind is Kind.DATE)]
    date = draw(st.sampled_from(days))
    names = table.names if date is None else (*table.names, "month", "year")
    return Reduction(
        name=draw(st.text(min_size=1, max_size=5)),
        table=table.name,
        keys=draw(st.lists(st.sampled_from(names), unique=True, max_size=3)),
        measures=draw(st.lists(measures(table, date), min_size=1, max_size=3)),
    )


@settings(deadline=None)
@given(reductions())
def test_any_reduction_goes_through_json_and_back(reduction: Reduction) -> None:
    """What is written is JSON, and reading it gives the same reduction, measure by measure."""
    text = json.dumps(reduction.as_data(), ensure_ascii=False)
    assert Reduction.from_data(parse_json(text)) == reduction
    assert Reduction.from_data(parse_json(text)).as_data() == reduction.as_data()


def changed(data: dict[str, Any], **members: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return JSON data with members set, or left out where they are `...`."""
    return {key: one for key, one in {**data, **members}.items() if one is not ...}


FIELD = {"field": ["net_amount"]}


@pytest.mark.parametrize(
    ("data", "path", "fault"),
    [
        ([], "measure", "expected an object"),
        (changed(LINES_DATA, name=...), "measure", "the key 'name' is missing"),
        (changed(LINES_DATA, of=...), "measure", "the key 'of' is missing"),
        (changed(LINES_DATA, table=...), "measure", "the key 'table' is missing"),
        (changed(LINES_DATA, name=""), "measure/name", "it must not be empty"),
        (changed(LINES_DATA, name=3), "measure/name", "expected a text"),
        (changed(LINES_DATA, wher=True), "measure/wher", "did you mean 'where'?"),
        (changed(LINES_DATA, table="order_line"), "measure/table", "did you mean 'order_lines'?"),
        (changed(LINES_DATA, date=None), "measure/date", "expected a text"),
        (changed(LINES_DATA, date="region"), "measure", "it must be a column of dates"),
        (changed(LINES_DATA, where=None), "measure/where", ""),
        (changed(LINES_DATA, where=FIELD), "measure", "it must be a condition"),
        (changed(LINES_DATA, where={"==": [FIELD, "x"]}), "measure", "compares number with text"),
        (changed(LINES_DATA, of={}), "measure/of", "expected one aggregate"),
        (changed(LINES_DATA, of={"sum": [FIELD], "min": [FIELD]}), "measure/of", "one aggregate"),
        (changed(LINES_DATA, of={"sums": [FIELD]}), "measure/of/sums", "did you mean 'sum'?"),
        (changed(LINES_DATA, of={"sum": FIELD}), "measure/of/sum", "expected a list"),
        (changed(LINES_DATA, of={"sum": [FIELD, FIELD]}), "measure/of/sum", "of one expression"),
        (changed(LINES_DATA, of={"sum": []}), "measure", "sum needs an expression"),
        (
            changed(LINES_DATA, of={"max": [{"field": ["region"]}]}),
            "measure",
            "it must be a number or a date",
        ),
        (changed(LINES_DATA, of={"sum": [1.5]}), "measure/of/sum/0", ""),
    ],
)
def test_refused_measures(data: object, path: str, fault: str) -> None:
    """A fault is named with its place in the document, and what would be right."""
    with pytest.raises(InvalidDocument) as found:
        Measure.from_data(data)
    assert found.value.path == path
    assert fault in str(found.value)


@pytest.mark.parametrize(
    ("data", "path", "fault"),
    [
        ("x", "reduction", "expected an object"),
        (changed(BY_REGION_DATA, measures=...), "reduction", "the key 'measures' is missing"),
        (changed(BY_REGION_DATA, measures=[]), "reduction", "there must be at least one"),
        (changed(BY_REGION_DATA, table="leads"), "reduction", "by_region reduces leads"),
        (changed(BY_REGION_DATA, table="leeds"), "reduction/table", "did you mean 'leads'?"),
        (changed(BY_REGION_DATA, keys="month"), "reduction/keys", "expected a list"),
        (changed(BY_REGION_DATA, keys=["a", "a"]), "reduction/keys", "stands twice"),
        (
            changed(BY_REGION_DATA, measures=[BIG_LINES_DATA, changed(BIG_LINES_DATA, of={})]),
            "reduction/measures/1/of",
            "expected one aggregate",
        ),
    ],
)
def test_refused_reductions(data: object, path: str, fault: str) -> None:
    """Likewise, down to the measure among several."""
    with pytest.raises(InvalidDocument) as found:
        Reduction.from_data(data)
    assert found.value.path == path
    assert fault in str(found.value)


@pytest.mark.parametrize("read", [Measure.from_data, Reduction.from_data])
def test_a_place_of_ones_own(read: Callable[[object, str], object]) -> None:
    """Whoever reads a measure out of a document of their own says where it stood."""
    with pytest.raises(InvalidDocument, match="policy/measures/0"):
        read(None, "policy/measures/0")


def test_a_column_that_only_the_facts_can_have_is_read() -> None:
    """A registered field is checked when the facts are at hand, not when the JSON is read."""
    data = changed(LINES_DATA, of={"sum": [{"field": ["weight"]}]})
    measure = Measure.from_data(data)
    assert measure.as_data() == data
    reduction = Reduction(name="r", table="order_lines", measures=[measure])
    with pytest.raises(UnknownName, match="weight"):
        reduce_rows(Facts.of(SalesBook()), reduction)
