"""Every public type has a strategy, or says what to draw and ask in its place."""

from enum import Enum
from importlib import import_module
from inspect import isclass
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import salescore
from salescore import testing
from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.metrics import Measure, Reduction, reduce_rows
from salescore.plain import Node
from salescore.rules import Expression, check_types
from salescore.storage import Put, Unit
from salescore.testing import instances
from salescore.testing._instances_answers import ANSWERS, answer_of
from salescore.testing._instances_rules import OWN as NODES
from salescore.testing._instances_rules import TABLE
from salescore.values import Severity

ROOMS = sorted(
    path.stem
    for path in Path(salescore.__path__[0]).iterdir()
    if not path.name.startswith("_") and path.suffix in ("", ".py")
)


def public_types() -> list[type[Any]]:
    """Return the attrs classes and enumerations that the doors of all rooms offer."""
    found: dict[type[Any], None] = {}
    for room in ROOMS:
        door = import_module(f"salescore.{room}")
        for name in door.__all__:
            kind = getattr(door, name)
            if isclass(kind) and (attrs.has(kind) or issubclass(kind, Enum)):
                found[kind] = None
    return list(found)


TYPES = public_types()
DRAWN = [kind for kind in TYPES if answer_of(kind) is None]
ANSWERED = [kind for kind in TYPES if answer_of(kind) is not None]


def called(kind: type[Any]) -> str:
    """Return how a type is called in the list of answers."""
    return f"{kind.__module__.split('.')[1]}.{kind.__name__}"


@pytest.mark.parametrize("kind", DRAWN, ids=called)
@settings(max_examples=5)
@given(data=st.data())
def test_each_public_type_can_be_drawn(kind: type[Any], data: st.DataObject) -> None:
    """What is drawn is of the very type, so that it passed all that the type demands."""
    assert type(data.draw(instances(kind))) is kind


def test_types_that_are_drawn_are_the_rule() -> None:
    """Only answers and wrappers are listed as not drawn, and each listed type exists."""
    domain = [kind for kind in ANSWERED if called(kind).split(".")[0] not in ("frames", "testing")]
    assert len(DRAWN) > 12 * len(domain)
    known = {called(kind) for kind in ANSWERED}
    rooms = {kind.__module__.split(".")[1] for kind in ANSWERED}
    assert set(ANSWERS) <= known | rooms


def test_each_type_that_is_not_drawn_says_what_to_do() -> None:
    """The error names the functions to draw and ask."""
    with pytest.raises(InvalidValue, match="build it around any JSON data"):
        instances(Node)
    for kind in ANSWERED:
        with pytest.raises(InvalidValue, match=kind.__name__):
            instances(kind)


@pytest.mark.parametrize("kind", [int, dict, Path])
def test_what_is_no_public_type_is_refused(kind: type[Any]) -> None:
    """Strategies for anything else are those of Hypothesis."""
    with pytest.raises(InvalidValue, match="an attrs class or an enumeration"):
        instances(kind)


def test_a_strategy_is_made_once() -> None:
    """Making one is dearer than many draws from it."""
    assert instances(Measure) is instances(Measure)


@given(instances(Severity))
def test_members_of_an_enumeration_are_drawn(member: Severity) -> None:
    """A closed set is drawn from its members."""
    assert member in Severity


@pytest.mark.parametrize(
    "kind", [kind for kind in NODES if kind in Expression.__args__], ids=lambda kind: kind.__name__
)
@settings(max_examples=15)
@given(data=st.data())
def test_nodes_of_rules_fit_their_types(kind: type[Any], data: st.DataObject) -> None:
    """A drawn node is a rule that a table of fields accepts, whatever its parts."""
    check_types(data.draw(instances(kind)), TABLE)


@settings(max_examples=25)
@given(instances(Reduction), testing.books())
def test_reductions_can_be_asked(reduction: Reduction, book: Any) -> None:  # noqa: ANN401 - a book
    """A drawn reduction reduces the facts of any book, and reads back from JSON as itself."""
    found = reduce_rows(Facts.of(book), reduction)
    assert len(found.values) == len(reduction.measures)
    assert Reduction.from_data(reduction.as_data()) == reduction


@settings(max_examples=25)
@given(instances(Unit))
def test_units_change_no_record_twice(unit: Unit) -> None:
    """A drawn unit is one that a store accepts: not empty, each record at most once."""
    changed = [
        (type(one.record).__name__, one.record.id) if isinstance(one, Put) else ("Customer", one.id)
        for one in unit.changes
    ]
    assert 0 < len(set(changed)) == len(changed)
