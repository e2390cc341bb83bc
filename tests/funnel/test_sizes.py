"""Large funnels: what they cost, and what is refused of them."""

from time import perf_counter

import pytest

from salescore.entities import StageKind
from salescore.errors import InvalidValue
from salescore.funnel import Criterion, Funnel, Stage, Transition, procedure, scxml
from salescore.rules import F


def free(count: int, *, undo: bool = False) -> Funnel:
    """Return a funnel of open stages that all lead to one another."""
    keys = [f"s{one}" for one in range(count)]
    ways = [
        Transition(event=f"to_{key}", sources=[one for one in keys if one != key], target=key)
        for key in keys
    ]
    ways.append(Transition(event="win", sources=keys, target="won"))
    if undo:
        ways.append(Transition(event="undo", sources=keys, target=None))
    asked = [Criterion(key="known", rule=F.source == "known")]
    stages = [Stage(key=key, exit_criteria=asked) for key in keys]
    stages.append(Stage(key="won", kind=StageKind.WON))
    return Funnel(name="free", version="1", stages=stages, transitions=ways)


def test_a_hundred_free_stages_are_told_in_little_time() -> None:
    """Ten thousand ways are prepared and written, each rule once."""
    one = free(100)
    begun = perf_counter()
    assert len(one.steps) == 100 * 99 + 100
    assert procedure(one).count("- to\\_s99 → s99") == 99
    assert perf_counter() - begun < 8


def test_a_rule_is_compiled_once_for_all_steps() -> None:
    """Steps that ask for the same criterion share it."""
    steps = free(5).steps
    first, other = steps["s0", "to_s1"][0].asked[0], steps["s0", "win"][0].asked[0]
    assert first is other


def test_scxml_of_too_many_states_is_refused() -> None:
    """The stage before of each of 60 stages makes 200,000 transitions; of 20, 8,000."""
    with pytest.raises(
        InvalidValue, match="funnel is 'free 1': SCXML of it takes more than 100,000"
    ):
        scxml(free(60, undo=True))
    assert scxml(free(20, undo=True)).count("<transition ") == 20 * 19 * 21 + 20
