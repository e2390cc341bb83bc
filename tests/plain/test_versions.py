"""Records of an older form are brought up to date, step by step, by pure functions."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.entities import RECORD_TABLES, Team, record_table
from salescore.errors import InvalidDocument, InvalidValue
from salescore.plain import Upcaster, Upcasters, pack, unpack

TEAMS = record_table("teams")
THIRD = attrs.evolve(TEAMS, version=3)


def renamed(data: dict[str, Any]) -> Mapping[str, Any]:
    """Version 1 called the name of a team its title."""
    data["name"] = data.pop("title")
    return data


def regioned(data: dict[str, Any]) -> Mapping[str, Any]:
    """Version 2 had no region."""
    return data | {"region": "West"}


CHAIN = Upcasters.of([Upcaster("teams", 2, regioned), Upcaster("teams", 1, renamed)])
OLD = {"type": "teams", "version": 1, "data": {"id": "T-1", "title": "North"}}


@given(st.sampled_from(RECORD_TABLES).flatmap(testing.records), st.data())
def test_an_envelope_carries_any_record(record: Any, data: st.DataObject) -> None:  # noqa: ANN401
    """What is packed says its type and version, and is unpacked the same."""
    table = next(one for one in RECORD_TABLES if one.record is type(record))
    envelope = pack(table, record)
    assert (envelope["type"], envelope["version"]) == (table.name, 1)
    assert unpack(envelope, RECORD_TABLES) == (table, record)
    key = data.draw(st.sampled_from(list(envelope)))
    with pytest.raises(InvalidDocument, match="type, version and data"):
        unpack({name: one for name, one in envelope.items() if name != key}, RECORD_TABLES)


def test_an_old_record_walks_the_whole_chain() -> None:
    """Each step reads one version and writes the next, whatever order they were given in."""
    before = deepcopy(OLD)
    assert unpack(OLD, [THIRD], CHAIN) == (THIRD, Team(id="T-1", name="North", region="West"))  # type: ignore[arg-type]
    assert before == OLD
    second = OLD | {"version": 2, "data": {"id": "T-1", "name": "North"}}
    assert unpack(second, [THIRD], CHAIN)[1].region == "West"


@pytest.mark.parametrize(
    ("envelope", "fault"),
    [
        ([], "envelope: it must be an object of type, version and data"),
        (OLD | {"more": 1}, "nothing else"),
        (OLD | {"type": "team"}, "envelope/type: there is no record type 'team' here"),
        (OLD | {"type": 5}, "envelope/type"),
        (OLD | {"version": 0}, "envelope/version: it must be a whole number from 1"),
        (OLD | {"version": True}, "envelope/version"),
        (OLD | {"version": "1"}, "envelope/version"),
        (OLD | {"data": []}, "envelope/data: it must be an object"),
        (OLD | {"version": 4}, "written by a newer release; this one reads up to 3"),
        (OLD | {"data": {"id": "T-1"}}, "the upcaster from version 1 failed: KeyError"),
        (OLD | {"data": {"id": "T-1", "title": "N", "x": 1}}, "envelope/data/x"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(envelope: object, fault: str) -> None:
    """A wrong envelope, a version from the future and a step that fails are told apart."""
    with pytest.raises(InvalidDocument, match=fault):
        unpack(envelope, [THIRD], CHAIN)


def test_a_missing_step_is_named() -> None:
    """Without the step the record is not guessed."""
    with pytest.raises(InvalidDocument, match="no upcaster of teams from version 1 to 2"):
        unpack(OLD, [THIRD])


def test_a_chain_has_neither_gaps_nor_two_ways() -> None:
    """From each version leads one step, to the version after."""
    with pytest.raises(InvalidValue, match="go up one by one"):
        Upcasters.of([Upcaster("teams", 1, renamed), Upcaster("teams", 3, regioned)])
    with pytest.raises(InvalidValue, match="go up one by one"):
        Upcasters.of([Upcaster("teams", 1, renamed), Upcaster("teams", 1, regioned)])
    with pytest.raises(InvalidValue, match="versions count from 1"):
        Upcaster("teams", 0, renamed)
    assert len(Upcasters.of([Upcaster("a", 1, renamed), Upcaster("b", 5, renamed)]).steps) == 2
