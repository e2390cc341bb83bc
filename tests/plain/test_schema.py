"""The JSON Schema of a record type says what the codec writes and reads."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from salescore import testing
from salescore.entities import RECORD_TABLES, record_table
from salescore.errors import InvalidDocument
from salescore.plain import Field, FieldTable, Kind, from_data, json_schema, to_data
from tools import write_schemas

TABLES = pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)


def validator(table: FieldTable) -> Draft202012Validator:
    """Return a validator of a record type that also checks formats."""
    return Draft202012Validator(
        json_schema(table), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@TABLES
def test_a_schema_is_a_schema(table: FieldTable) -> None:
    """The schema conforms to its dialect, and names the record type."""
    schema = json_schema(table)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:salescore:{table.name}:1"
    assert schema["title"] == table.name


@TABLES
def test_a_schema_requires_what_is_not_null(table: FieldTable) -> None:
    """Required are exactly the fields that are never null, and no field is unheard of."""
    schema: Any = json_schema(table)
    assert schema["required"] == [field.name for field in table.fields if not field.nullable]
    assert list(schema["properties"]) == list(table.names)
    assert schema["additionalProperties"] is False


@TABLES
@settings(max_examples=20)
@given(data=st.data())
def test_a_schema_admits_what_is_written(table: FieldTable, data: st.DataObject) -> None:
    """Whatever the codec writes for a record conforms to the record type's schema."""
    record = data.draw(testing.records(table))
    assert list(validator(table).iter_errors(to_data(table, record))) == []


WRONG: tuple[object, ...] = (
    1,
    1.5,
    True,
    [],
    {},
    {"amount": "1", "currency": "US"},
    {"amount": 1, "currency": "USD"},
    {"amount": "1", "currency": "USD", "x": 1},
    "+1",
    "1e3",
    "2017-13-01",
    "2017-03-01T00:00:00+08:00",
    "2017-03-01 00:00:00Z",
    "",
    "gone",
    "x" * 40_000,
    None,
)


@TABLES
@settings(max_examples=20)
@given(data=st.data())
def test_what_a_schema_refuses_the_codec_refuses(table: FieldTable, data: st.DataObject) -> None:
    """No document reads that a validator elsewhere would have refused."""
    written = to_data(table, data.draw(testing.records(table)))
    field = data.draw(st.sampled_from([*table.names, "stranger"]))
    written[field] = data.draw(st.sampled_from(WRONG))
    if list(validator(table).iter_errors(written)):
        with pytest.raises(InvalidDocument):
            from_data(table, written)


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("stranger", "1"),
        ("id", ""),
        ("id", None),
        ("kind", "gone"),
        ("probability", 0.5),
        ("probability", "1e-1"),
        ("amount", {"amount": "1", "currency": "usd"}),
        ("amount", {"amount": "1"}),
        ("amount", "1 USD"),
        ("closed_on", "2017-02-30"),
        ("closed_on", "01.03.2017"),
        ("recorded_at", "2017-03-01T00:00:00"),
        ("recorded_at", "2017-03-01T00:00:00+00:00"),
        ("stage", "x" * 32_768),
    ],
)
def test_a_schema_refuses(field: str, raw: object) -> None:
    """A strange field, a null, a wrong form or a wrong choice does not conform."""
    data = {"id": "CA-1", "stage": "Won", "kind": "won"}
    check = validator(record_table("opportunities"))
    assert check.is_valid(data)
    assert not check.is_valid({**data, field: raw})


def test_a_schema_tells_what_it_cannot_check() -> None:
    """Unit, bounds and references stand in the description; labels and privacy beside it."""
    schema: Any = json_schema(record_table("opportunities"))
    probability = schema["properties"]["probability"]
    assert probability["description"] == "Unit: fraction. At least 0. At most 1."
    assert probability["x-label-zh"] == "赢单概率"
    assert schema["properties"]["customer_id"]["description"] == "Id of one of customers."
    assert schema["properties"]["loss_reason"]["x-personal-data"] == "free_text"
    assert "description" not in schema["properties"]["stage"]


def test_a_schema_of_a_fact_table_knows_truth_values_too() -> None:
    """Every kind of field has a shape."""
    table = FieldTable(
        name="flags",
        fields=(Field(name="up", kind=Kind.BOOLEAN, nullable=False, labels=("Up", "升")),),
    )
    assert Draft202012Validator(json_schema(table)).is_valid({"up": True})


def test_the_shipped_schemas_are_in_step(root: Path) -> None:
    """The files in the package are what `tools/write_schemas.py` would write now."""
    folder = root / "src" / "salescore" / "entities" / "schemas"
    shipped = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert shipped == write_schemas.schema_texts()


def test_writing_the_schemas_replaces_what_is_stale(tmp_path: Path) -> None:
    """The tool writes one file per record type and removes those of types that are gone."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "gone.schema.json").write_text("{}", encoding="utf-8")
    others = [tmp_path / name for name in ("rules", "grading", "funnel")]
    assert write_schemas.main(folder, *others) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(write_schemas.schema_texts())
    schema = json.loads((folder / "teams.schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema(record_table("teams"))
