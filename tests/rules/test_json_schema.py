"""The JSON Schema of rules accepts what is written and refuses what is never read."""

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from salescore import testing
from salescore.errors import InvalidDocument
from salescore.rules import (
    EXAMPLE_TABLE,
    OPERATORS,
    Expression,
    OperatorSpec,
    RuleType,
    rule_from_data,
    rule_schema,
    rule_to_data,
)
from tools import write_schemas

VALIDATOR: Any = Draft202012Validator(rule_schema())

BAD: list[object] = [
    None,
    0.5,
    2**53,
    {"date": ["2020-02-28\n"]},
    {"decimal": ["12.50\n"]},
    {"instant": ["2017-03-01T00:00:00Z\n"]},
    [],
    {},
    {"=": [1, 1]},
    {"==": [1, 1], "!=": [1, 1]},
    {"==": [1]},
    {"==": [1, 1, 1]},
    {"==": 1},
    {"==": {"0": 1, "1": 2}},
    {"not": []},
    {"not": [None]},
    {"not": [0.5]},
    {"if": [True]},
    {"coalesce": []},
    {"+": [1]},
    {"+": [1] * 33},
    {"-": [1, 2, 3]},
    {"in": [1, 2]},
    {"in": [1, [{"field": ["a"]}]]},
    {"in": [1, [[1]]]},
    {"in": [1, [None]]},
    {"has_any": [{"field": ["a"]}, "x"]},
    {"has_any": [{"field": ["a"]}, [1]]},
    {"contains": [{"field": ["a"]}, {"field": ["b"]}]},
    {"field": [""]},
    {"field": [1]},
    {"field": ["a", "b"]},
    {"decimal": [1]},
    {"decimal": ["1e3"]},
    {"decimal": ["+1"]},
    {"decimal": [".5"]},
    {"decimal": ["\uff11"]},
    {"date": ["2017-3-1"]},
    {"date": ["01/03/2017"]},
    {"instant": ["2017-03-01T00:00:00"]},
    {"instant": ["2017-03-01T00:00:00+01:00"]},
    {"instant": ["2017-03-01"]},
    {"round": [1, 19, "half_up"]},
    {"round": [1, -1, "half_up"]},
    {"round": [1, "2", "half_up"]},
    {"round": [1, 2, "bankers"]},
    {"round": [1, 2]},
    "x" * 65_537,
]


def test_the_schema_is_one_of_its_dialect() -> None:
    """The schema itself is valid, names its version, and its id points at no host."""
    Draft202012Validator.check_schema(rule_schema())
    assert rule_schema()["title"] == "salescore/rule/1"
    assert rule_schema()["$id"] == "urn:salescore:rule:1"


@given(st.one_of([testing.rules(EXAMPLE_TABLE, kind) for kind in RuleType]))
@settings(max_examples=150)
def test_what_is_written_fits(rule: Expression) -> None:
    """Whatever `rule_to_data` writes, the schema accepts."""
    VALIDATOR.validate(rule_to_data(rule))


@pytest.mark.parametrize("data", BAD, ids=lambda data: ascii(data)[:40])
def test_what_does_not_fit_is_never_read(data: object) -> None:
    """The schema refuses it, and so does the reader; neither does within a larger rule."""
    larger: object = {"and": [{"not": [copy.deepcopy(data)]}]}
    for one in (data, larger):
        assert not VALIDATOR.is_valid(one)
        with pytest.raises(InvalidDocument):
            rule_from_data(one)


@pytest.mark.parametrize(
    "data",
    [
        {"date": ["2017-02-30"]},
        {"instant": ["2017-03-01T24:00:00Z"]},
        {"decimal": ["9" * 38 + ".9"]},
    ],
    ids=["no such day", "no such hour", "too many digits"],
)
def test_the_reader_knows_more_than_the_schema(data: object) -> None:
    """A schema knows no calendar and counts no digits; the reader still refuses."""
    assert VALIDATOR.is_valid(data)
    with pytest.raises(InvalidDocument):
        rule_from_data(data)


@pytest.mark.parametrize("one", OPERATORS, ids=lambda one: one.name)
def test_an_operator_has_its_place_in_the_schema(one: OperatorSpec) -> None:
    """Each example fits, and no longer with one argument more than the operator takes."""
    data = json.loads(one.example)
    assert VALIDATOR.is_valid(data)
    data[one.name] = data[one.name][:1] * (one.most + 1)
    assert not VALIDATOR.is_valid(data)


def test_the_shipped_schema_is_in_step() -> None:
    """The file in the package is what `tools/write_schemas.py` would write now."""
    folder = resources.files("salescore.rules") / "schemas"
    shipped = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert shipped == write_schemas.rule_schema_texts()


def test_the_schema_is_written_beside_those_of_records(tmp_path: Path) -> None:
    """The tool writes the schema of rules into a folder of its own."""
    folders = [tmp_path / name for name in ("records", "rules", "grading", "funnel")]
    assert write_schemas.main(*folders) == 0
    written = (tmp_path / "rules" / "rule.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == rule_schema()
