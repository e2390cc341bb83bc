from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from salescore.entities import Event, EventId, Team, TeamId
from salescore.errors import InvalidValue
from salescore.rules import F, as_tree
from salescore.storage import NOW, Moment, OrderBy, Put, Query, Remove, Unit

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
NORTH = Team(id=TeamId("north"), name="North")
SOUTH = Team(id=TeamId("south"), name="South")
BEGAN = Event(id=EventId("e-1"), name="began", happened_at=NOON)


def test_each_verb_returns_a_longer_unit_and_leaves_the_first_alone() -> None:
    """Records are put and removed and events appended in the order of the calls."""
    empty = Unit(recorded_at=NOON, key="import-1")
    unit = (
        empty.put(NORTH, SOUTH, expected=0)
        .remove("teams", "west", expected=2, effective_on=date(2017, 4, 1))
        .append([BEGAN])
        .put(Team(id=TeamId("east"), name="East"), effective_on=date(2017, 5, 1))
    )
    assert empty.changes == ()
    assert empty.events == ()
    assert unit.changes == (
        Put(NORTH, 0),
        Put(SOUTH, 0),
        Remove("teams", "west", 2, date(2017, 4, 1)),
        Put(Team(id=TeamId("east"), name="East"), None, date(2017, 5, 1)),
    )
    assert unit.events == (BEGAN,)
    assert unit.key == "import-1"


def test_a_unit_takes_any_collection_and_keeps_tuples() -> None:
    """Lists and generators of changes and events become tuples, so a unit is hashable data."""
    unit = Unit(recorded_at=NOON, changes=[Put(NORTH)], events=(one for one in [BEGAN]))
    assert unit == Unit(recorded_at=NOON).put(NORTH).append([BEGAN])
    assert len({unit, attrs.evolve(unit)}) == 1


def test_a_unit_cannot_be_changed() -> None:
    """Its attributes cannot be set."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Unit(recorded_at=NOON).key = "other"  # type: ignore[misc]


def test_a_query_takes_terms_and_lists() -> None:
    """A term of the builder becomes its tree, a list of orders a tuple, and now is the default."""
    query = Query(records="teams", where=F.name == "North", order=[OrderBy("name")])
    assert query.where == as_tree(F.name == "North")
    assert query.order == (OrderBy("name", is_descending=False),)
    assert query.at is NOW
    assert Moment() == NOW


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda wrong: Unit(recorded_at=NOON).append(wrong), "events is"),
        (lambda wrong: Unit(recorded_at=NOON, events=wrong), "events is"),
        (lambda wrong: Unit(recorded_at=NOON, changes=wrong), "changes is"),
        (lambda wrong: Query(records="teams", order=wrong), "order is"),
    ],
)
@pytest.mark.parametrize("wrong", [BEGAN, Put(NORTH), OrderBy("name"), "name", None])
def test_one_alone_is_refused_where_several_are_held(
    make: Callable[[Any], object], words: str, wrong: object
) -> None:
    """The argument is named, and what would be right."""
    with pytest.raises(InvalidValue, match=f"{words} .*several, such as"):
        make(wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"recorded": date(2017, 3, 1)}, "recorded is .* an instant"),
        ({"recorded": "2017-03-01"}, "recorded is '2017-03-01'"),
        ({"effective": NOON}, "effective is .* a date without a time"),
        ({"effective": "2017-03-01"}, "effective is"),
    ],
)
def test_a_moment_is_of_an_instant_and_a_day(wrong: dict[str, Any], words: str) -> None:
    """Anything else is refused where the moment is made, not only where a store is read."""
    with pytest.raises(InvalidValue, match=words):
        Moment(**wrong)
