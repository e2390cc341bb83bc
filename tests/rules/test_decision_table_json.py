"""Decision tables are JSON documents, read strictly."""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from salescore.errors import InvalidDocument, RuleTypeError
from salescore.plain import Node, parse_json
from salescore.rules import (
    DECISION_TABLE_SCHEMA,
    Band,
    Cell,
    Collect,
    DecisionTable,
    F,
    HitPolicy,
    Input,
    IsNull,
    OneOf,
    Output,
    Row,
    decide_row,
    decision_table_schema,
    read_table,
    table_from_data,
    table_to_data,
)

DOCUMENT = """
{
  "schema": "salescore/decision-table/1",
  "name": "discount",
  "version": "2024-1",
  "labels": ["Discount", "折扣"],
  "valid_from": "2024-01-01",
  "valid_until": "2024-12-31",
  "hit_policy": "priority",
  "inputs": [
    {"name": "net", "of": {"-": [{"field": ["net"]}, {"field": ["cost"]}]}},
    {"name": "region", "of": {"field": ["region"]}, "labels": ["Region", "区域"]}
  ],
  "outputs": [{"name": "percent", "labels": ["Percent", "折扣率"], "priorities": [5, 0]}],
  "rows": [
    {"when": [{">=": 1000, "<": {"decimal": ["5000.50"]}}, "West"], "then": [5], "note": "by hand"},
    {"when": [null, {"not": ["West", "East"]}], "then": [0]}
  ],
  "default": [0]
}
"""

TABLE = DecisionTable(
    name="discount",
    version="2024-1",
    labels=("Discount", "折扣"),
    valid_from=date(2024, 1, 1),
    valid_until=date(2024, 12, 31),
    hit_policy=HitPolicy.PRIORITY,
    inputs=[Input("net", F.net - F.cost), Input("region", F.region, ("Region", "区域"))],
    outputs=[Output("percent", ("Percent", "折扣率"), [5, 0])],
    rows=[
        Row([Band(1000, Decimal("5000.50")), "West"], [5], "by hand"),
        Row([None, OneOf(["West", "East"], is_negated=True)], [0]),
    ],
    default=[0],
)


VALIDATOR: Any = Draft202012Validator(decision_table_schema())


def data(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Return the data of the document, changed; a change to `None` leaves a key out."""
    found: Any = copy.deepcopy(parse_json(DOCUMENT)) | changes
    return {key: value for key, value in found.items() if value is not None}


def test_a_document_is_read_as_it_says() -> None:
    """Every key of the form has its place in the table."""
    assert table_from_data(parse_json(DOCUMENT)) == TABLE
    assert read_table(Node(parse_json(DOCUMENT), "tables/0")) == TABLE


def test_a_table_is_written_in_one_form() -> None:
    """What is written names its schema, tags its numbers, and leaves out what is unset."""
    written = table_to_data(TABLE)
    assert written["schema"] == DECISION_TABLE_SCHEMA
    assert "collect" not in written
    assert written["default"] == [{"decimal": ["0"]}]
    assert table_from_data(parse_json(json.dumps(written))) == TABLE


@pytest.mark.parametrize(
    ("cell", "spelled"),
    [
        (None, None),
        (OneOf(["West"]), "West"),
        (OneOf([True]), True),
        (OneOf([12]), {"decimal": ["12"]}),
        (OneOf([date(2024, 1, 1)]), {"date": ["2024-01-01"]}),
        (OneOf([datetime(2024, 1, 1, tzinfo=UTC)]), {"instant": ["2024-01-01T00:00:00Z"]}),
        (OneOf(["a", "b"]), ["a", "b"]),
        (OneOf(["a"], is_negated=True), {"not": ["a"]}),
        (OneOf(["a", "b"], is_negated=True), {"not": ["a", "b"]}),
        (IsNull(), {"is_null": True}),
        (IsNull(is_negated=True), {"is_null": False}),
        (Band("a", "b"), {">=": "a", "<": "b"}),
        (Band("a", "b", includes_low=False, includes_high=True), {">": "a", "<=": "b"}),
        (Band(None, "b"), {"<": "b"}),
        (Band("a", None, includes_low=False), {">": "a"}),
        (Band(1, 0), {">=": {"decimal": ["1"]}, "<": {"decimal": ["0"]}}),
    ],
)
def test_each_cell_has_one_spelling(cell: Cell, spelled: object) -> None:
    """Cells are written in one form and read back from it."""
    table = DecisionTable(
        name="t",
        version="1",
        inputs=[Input("x", F.x)],
        outputs=[Output("n")],
        rows=[Row([cell], [1])],
        hit_policy=HitPolicy.COLLECT,
        collect=Collect.SUM,
    )
    written: Any = table_to_data(table)
    assert written["rows"][0]["when"] == [spelled]
    assert written["collect"] == "sum"
    assert table_from_data(written) == table


def test_a_list_of_one_is_the_value_itself() -> None:
    """Both spellings of a single option are read as the same cell."""
    rows = [{"when": [None, ["West"]], "then": [5]}]
    assert table_from_data(data(rows=rows)).rows[0].cells == (None, OneOf(("West",)))


MANY = list(range(10_000))


def row(*when: object, **keys: object) -> dict[str, Any]:
    """Return the document with one row."""
    return data(rows=[{"when": list(when), "then": [5], **keys}])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "expected an object"),
        (data(schema=None), "'schema' is missing"),
        (data(schema="salescore/decision-table/2"), "decision table schema"),
        (data(hits="first"), "hits: no key 'hits'"),
        (data(name=""), "name: it must not be empty"),
        (data(hit_policy="frist"), "hit_policy: no hit policy 'frist'; did you mean 'first'?"),
        (data(hit_policy="collect"), "needs a Collect"),
        (data(collect="mean", hit_policy="collect"), "collect: no collect 'mean'"),
        (data(valid_from="2024-13-01"), "valid_from: '2024-13-01' is not a date"),
        (data(valid_until="2023-12-31"), "its last day lies before its first"),
        (data(labels=["Discount"]), "labels: expected an English and a Chinese label"),
        (data(inputs=[]), "a table has 1 to 64 inputs"),
        (data(inputs=[{"name": "x"}]), "inputs/0: the key 'of' is missing"),
        (data(inputs=[{"name": "x", "of": {"len": ["x"]}}]), "inputs/0/of"),
        (data(inputs=[{"name": "x", "of": "x"}] * 65), "inputs: it has 65 members; at most 64"),
        (data(rows=[]), "a table has 1 to 1,000 rows"),
        (data(rows=[{"when": []}]), "rows/0: the key 'then' is missing"),
        (data(rows=[{}] * 1_001), "rows: it has 1,001 members; at most 1,000"),
        (row("West"), "row 1 has 1 cells for 2 inputs"),
        (row(None, None, then=[5, 5]), "row 1 has 2 outputs; 1 are named"),
        (row(None, None, then=[7]), "priorities lack 7 of row 1"),
        (row(None, None, then=[None]), "rows/0/then/0"),
        (row(None, None, note=5), "rows/0/note: expected a text"),
        (row(None, 1.5), "rows/0/when/1"),
        (row(None, Decimal("1.5")), "rows/0/when/1"),
        (row(None, None, then=[0.5]), "rows/0/then/0"),
        (row(None, []), "rows/0/when/1: OneOf.options is (): it lists 0 options"),
        (row(None, ["a", 1]), "rows/0/when/1: OneOf.options"),
        (row(None, {"not": "a"}), "rows/0/when/1/not: expected a list"),
        (row(None, {"not": ["a"], "is_null": True}), "rows/0/when/1/is_null: no key"),
        (row(None, {"is_null": 1}), "rows/0/when/1/is_null: expected true or false"),
        (row({}, None), "rows/0/when/0: a band has one of >= and >"),
        (row({">=": 1, ">": 1}, None), "rows/0/when/0: a band has one of >= and >"),
        (row({"<=": 1, "<": 1}, None), "rows/0/when/0: a band has one of >= and >"),
        (row({">=": 1, "=<": 1}, None), "rows/0/when/0/=<: no key '=<'"),
        (row({">=": None}, None), "rows/0/when/0/>="),
        (row({">=": 1, "<": "b"}, None), "rows/0/when/0: Band.high"),
        (row({">=": True}, None), "rows/0/when/0: Band.low"),
        (row({"decimal": ["1e5"]}, None), "rows/0/when/0"),
        (row({"date": ["2024-02-30"]}, None), "rows/0/when/0"),
        (row({"field": ["x"]}, None), "rows/0/when/0"),
        (data(inputs=[{"name": "x", "of": "region"}]), "inputs/0/of: rule \"'region'\": it reads"),
        (row(*[None] * 65), "rows/0/when: it has 65 members; at most 64"),
        (row(None, None, then=[5] * 65), "rows/0/then: it has 65 members; at most 64"),
        (data(default=[0] * 65), "default: it has 65 members; at most 64"),
        (data(name="half \ud800"), "name: it holds half of a surrogate pair"),
        (row(None, None, note="\udfff"), "rows/0/note: it holds half of a surrogate pair"),
        (data(rows=[{"when": [None, MANY], "then": [5]}] * 11), "priorities list 110,0"),
        (
            data(rows=[{"when": [{"not": MANY}] * 2, "then": [5]}] * 6),
            "rows: its cells and priorities list 120",
        ),
        (data(outputs=[{"name": "x", "priorities": MANY}] * 11), "priorities list 110,0"),
        (data(outputs={}), "outputs: expected a list"),
        (data(rows=[5]), "rows/0: expected an object"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(given: object, said: str) -> None:
    """The error names where the document is wrong, and what would be right."""
    with pytest.raises(InvalidDocument) as caught:
        table_from_data(given)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        data(),
        row(True, [1, 2]),
        row({">": 1}, {"is_null": False}, note=""),
        data(default=None, hit_policy="collect", collect="list"),
        data(valid_until=None, hit_policy="first"),
    ],
)
def test_the_schema_takes_what_is_read(given: dict[str, Any]) -> None:
    """A document that is read fits the published schema."""
    table_from_data(given)
    VALIDATOR.validate(given)


@pytest.mark.parametrize(
    "given",
    [
        data(schema="salescore/decision-table/2"),
        data(hits="first"),
        data(hit_policy="frist"),
        data(labels=["Discount"]),
        data(labels=["Discount", ""]),
        data(rows=[]),
        data(rows=[{"when": [None, None]}]),
        row(None, None, then=[None]),
        row(None, []),
        row(None, {"not": "a"}),
        row(None, {"not": ["a"], "is_null": True}),
        row({}, None),
        row({">=": 1, ">": 1}, None),
        row({"<=": 1, "<": 1}, None),
        row({">=": {"field": ["x"]}}, None),
        row(None, 1.5),
        data(hit_policy="collect"),
        data(hit_policy="first", collect="list"),
        data(collect="sum"),
        data(valid_from="2024-01-01\n"),
        data(valid_until="2024-12-31\n"),
    ],
)
def test_what_the_schema_refuses_is_never_read(given: dict[str, Any]) -> None:
    """A document that does not fit the published schema is refused by the reader too."""
    assert not VALIDATOR.is_valid(given)
    with pytest.raises(InvalidDocument):
        table_from_data(given)


def test_the_schema_is_published_with_the_package() -> None:
    """The file in the package is what the library says now, and is a sound schema."""
    Draft202012Validator.check_schema(decision_table_schema())
    file = resources.files("salescore.rules") / "schemas" / "decision-table.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == decision_table_schema()


def test_a_path_stands_before_every_place() -> None:
    """In a larger document the whole path is named."""
    with pytest.raises(InvalidDocument, match="at tables/3/name:"):
        table_from_data(data(name=""), "tables/3")


HALF = "\ud800"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": HALF},
        {"version": HALF},
        {"labels": ("x", HALF)},
        {"inputs": [Input(HALF, F.x)]},
        {"inputs": [Input("x", F.x, (HALF, "x"))]},
        {"outputs": [Output(HALF)]},
        {"outputs": [Output("n", (HALF, "x"))]},
        {"rows": [Row([HALF], [1])]},
        {"rows": [Row(["x"], [1], HALF)]},
        {"rows": [Row(["x"], [HALF])]},
    ],
)
def test_what_json_cannot_hold_is_not_written(changes: dict[str, Any]) -> None:
    """Half of a surrogate pair is no text of JSON, wherever in a table it stands."""
    given: dict[str, Any] = {
        "name": "t",
        "version": "1",
        "inputs": [Input("x", F.x)],
        "outputs": [Output("n")],
        "rows": [Row(["x"], [1])],
        "hit_policy": HitPolicy.FIRST,
    }
    table_to_data(DecisionTable(**given))
    with pytest.raises(RuleTypeError, match="surrogate"):
        table_to_data(DecisionTable(**given | changes))


def test_a_table_from_json_decides() -> None:
    """What was read from a file decides like what was written in Python."""
    facts = {"net": Decimal(2000), "cost": Decimal(500), "region": "West"}
    assert decide_row(table_from_data(parse_json(DOCUMENT)), facts).value("percent") == 5
