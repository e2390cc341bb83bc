"""The judge of histories: it accepts what one hand could have done, and nothing else."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.testing import Operation, history_fault


def _did(
    version: int, began: int, ended: int, value: str | None = None, *, key: str = "k"
) -> Operation:
    """Return a write where a value is given, else a read."""
    return Operation(
        key=key,
        began=began,
        ended=ended,
        is_write=value is not None,
        version=version,
        value=value,
    )


def _saw(version: int, began: int, ended: int, value: str | None = None) -> Operation:
    return attrs.evolve(_did(version, began, ended), value=value)


_WRITES = (_did(1, 0, 10, "a"), _did(2, 20, 30, "b"), _did(3, 40, 50, "c"))


@pytest.mark.parametrize(
    "reads",
    [
        (),
        (_saw(0, -5, 5),),
        (_saw(1, 5, 15, "a"),),
        (_saw(1, 25, 35, "a"), _saw(2, 26, 34, "b")),
        (_saw(2, 35, 60, "b"), _saw(3, 35, 45, "c")),
        (_saw(3, 100, 110), _saw(3, 120, 130, "c")),
    ],
)
def test_what_one_hand_could_have_done_is_accepted(reads: tuple[Operation, ...]) -> None:
    """Reads may see either side of a write that they overlap."""
    assert history_fault([*reads, *_WRITES]) is None


@pytest.mark.parametrize(
    ("others", "fault"),
    [
        ((_did(3, 60, 70, "d"),), "made twice: [3]"),
        ((_did(5, 60, 70, "d"),), "the last of 4 is 5"),
        ((_saw(4, 60, 70),), "nobody made it"),
        ((_saw(2, 25, 45, "x"),), "was seen as 'x'"),
        ((_saw(1, 35, 45, "a"),), "version 1 of k was seen after version 2 was known"),
        ((_saw(0, 12, 13),), "version 0 of k was seen after version 1 was known"),
        ((_saw(3, 32, 38, "c"),), "version 3 of k was made after version 3 was known"),
        ((_saw(2, 21, 22), _saw(1, 23, 24)), "version 1 of k was seen after version 2"),
    ],
)
def test_what_no_hand_could_have_done_is_named(others: tuple[Operation, ...], fault: str) -> None:
    """Lost, doubled and invented versions are found, and those that break the order of time."""
    assert fault in str(history_fault([*_WRITES, *others]))


def test_records_are_judged_one_by_one() -> None:
    """A fault of one record is found among others, which have versions of their own."""
    other = _did(1, 5, 6, "z", key="other")
    assert history_fault([*_WRITES, other]) is None
    assert "other" in str(history_fault([*_WRITES, other, attrs.evolve(other, began=7, ended=8)]))


@given(st.lists(st.booleans(), max_size=12), st.data())
def test_any_history_of_one_hand_is_accepted(writes: list[bool], data: st.DataObject) -> None:
    """Operations done one after the other are accepted, however long each took to be answered."""
    version, done = 0, []
    for place, is_write in enumerate(writes):
        version += is_write
        early, late = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 30))
        value = str(version) if is_write else None
        began, ended = place * 10 - early, place * 10 + 1 + late
        done.append(_did(version, began, ended, value) if is_write else _saw(version, began, ended))
    assert history_fault(data.draw(st.permutations(done))) is None
