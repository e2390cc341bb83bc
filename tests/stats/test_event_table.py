"""Cases are counted by time and cause, in any order, and nonsense is refused."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue, UnknownName
from salescore.stats import EventCounts, EventTable, event_table

CAUSES = ("won", "lost")
Cases = list[tuple[int, str | None]]
CASES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*CAUSES, None])), max_size=30)


def table(cases: Cases) -> EventTable:
    """Return the table of times and outcomes."""
    return event_table([time for time, _ in cases], [outcome for _, outcome in cases], CAUSES)


def row(time: int, won: int = 0, lost: int = 0, censored: int = 0, entered: int = 0) -> EventCounts:
    """Return one row of counts."""
    return EventCounts(time=time, counts=(won, lost), censored=censored, entered=entered)


def test_cases_are_counted_by_time_and_cause() -> None:
    """Five cases make three rows; who is still open is counted apart."""
    found = table([(5, "lost"), (3, "won"), (5, None), (5, "lost"), (8, None)])
    assert found.rows == (row(3, 1), row(5, 0, 2, 1), row(8, 0, 0, 1))
    assert (found.n, found.from_start, found.until) == (5, 5, 8)
    assert [at_risk for _, at_risk in found.at_risk()] == [5, 4, 1]


def test_late_cases_are_at_risk_after_their_entry() -> None:
    """A case seen from day 3 on is not at risk on day 3, though it is on day 4."""
    found = event_table([3, 4, 6], ["won", "won", None], CAUSES, entries=[0, 3, Decimal("3.0")])
    assert found.rows == (row(3, 1, entered=2), row(4, 1), row(6, censored=1))
    assert [at_risk for _, at_risk in found.at_risk()] == [1, 2, 1]
    assert (found.n, found.from_start) == (3, 1)


def test_cases_may_be_counted_already() -> None:
    """Numbers of alike cases give the table of those cases one by one."""
    counted = event_table([5, 5, 7], ["won", None, "won"], CAUSES, numbers=[2, 3, 1])
    assert counted == table([(5, "won")] * 2 + [(5, None)] * 3 + [(7, "won")])
    late = event_table([5, 7], ["won", None], CAUSES, numbers=[2, 3], entries=[1, 0])
    assert late.rows == (row(1, entered=2), row(5, 2), row(7, censored=3))


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_means_nothing(cases: Cases, chance: random.Random) -> None:
    """The same cases or rows in another order make the same table."""
    found = table(cases)
    chance.shuffle(cases)
    rows = list(found.rows)
    chance.shuffle(rows)
    assert table(cases) == found == EventTable.of(CAUSES, rows)


@given(CASES, CASES)
def test_tables_add_up(some: Cases, others: Cases) -> None:
    """The rows of two tables together are the table of the cases of both."""
    together = EventTable.of(CAUSES, (*table(some).rows, *table(others).rows))
    assert together == table(some + others)


@given(CASES, st.integers(0, 9))
def test_those_still_open_at_an_age(cases: Cases, age: int) -> None:
    """After an age only the cases that lasted longer are left, all of them seen at once."""
    assert table(cases).after(age) == table([case for case in cases if case[0] > age])


def test_those_who_had_entered_by_an_age_were_there() -> None:
    """Who entered late, yet before the age, is there from the beginning of the later table."""
    found = event_table([9, 9, 9], [None, "won", None], CAUSES, entries=[2, 5, 7]).after(5)
    assert (found.n, found.from_start) == (3, 2)


def test_a_time_may_have_decimals() -> None:
    """Times of an int and of decimals are one where they are equal."""
    found = event_table([2, Decimal("2.0"), Decimal("1.5")], ["won", "lost", None], CAUSES)
    assert [(row.time, row.counts) for row in found.rows] == [(Decimal("1.5"), (0, 0)), (2, (1, 1))]
    assert found.until == 2


def test_nothing() -> None:
    """Without cases there is a table with no rows and no last time."""
    found = table([])
    assert (found.rows, found.n, found.from_start, found.until) == ((), 0, 0, None)


@pytest.mark.parametrize(
    "time",
    [-1, Decimal("-0.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 10**18, 2.0, "3"],
)
def test_no_time(time: Any) -> None:  # noqa: ANN401 - anything at all
    """A time is an exact finite number from 0; neither NaN nor a float is one."""
    with pytest.raises(InvalidValue, match="time"):
        event_table([1, time], ["won", None], CAUSES)
    with pytest.raises(InvalidValue, match="time"):
        EventCounts(time=time, counts=(1,))
    with pytest.raises(InvalidValue, match="time"):
        table([(3, "won")]).after(time)
    with pytest.raises(InvalidValue, match="time"):
        event_table([10**17], ["won"], CAUSES, entries=[time])


def test_true_is_no_number() -> None:
    """Neither a time nor a count is a truth value."""
    with pytest.raises(InvalidValue, match="time is True"):
        EventCounts(time=True, counts=(1,))
    with pytest.raises(InvalidValue, match="count at time 1"):
        EventCounts(time=1, counts=(True,))


@pytest.mark.parametrize("counts", [{"counts": (-1, 0)}, {"censored": -1}, {"entered": 1.5}])
def test_no_count(counts: dict[str, Any]) -> None:
    """A count is a whole number from 0."""
    with pytest.raises(InvalidValue, match="count at time 4"):
        EventCounts(**{"time": 4, "counts": (0, 0), **counts})
    with pytest.raises(InvalidValue, match="number of cases"):
        event_table([4], ["won"], CAUSES, numbers=[-1])


def test_an_unknown_cause_is_named() -> None:
    """An outcome that no cause is called is refused, with the nearest name."""
    with pytest.raises(UnknownName, match="did you mean 'won'"):
        event_table([1], ["Won"], CAUSES)


@pytest.mark.parametrize(
    "columns",
    [
        {"outcomes": ["won"]},
        {"numbers": [1]},
        {"entries": [0, 0, 0]},
    ],
)
def test_columns_of_unlike_length(columns: dict[str, Any]) -> None:
    """Every column has one value per time."""
    full: dict[str, Any] = {"outcomes": ["won", None], **columns}
    with pytest.raises(InvalidValue, match="one per time, of which there are 2"):
        event_table([1, 2], causes=CAUSES, **full)


def test_entry_lies_before_the_end() -> None:
    """Who is seen only from its end on was never seen at risk."""
    with pytest.raises(InvalidValue, match="entry is 5: it must lie before the end at 5"):
        event_table([5], ["won"], CAUSES, entries=[5])


@pytest.mark.parametrize(
    ("causes", "rows", "words"),
    [
        ((), (), "at least one"),
        (("won", "won"), (), "none twice"),
        (("won",), (row(1, 1),), "one for each cause"),
        (CAUSES, (row(2, 1), row(1, 1)), "the times of a table ascend"),
        (CAUSES, (row(2, 1), row(2, 1)), "the times of a table ascend"),
        (CAUSES, (row(2, 3), row(3, entered=2), row(4, 1)), "of these 3 only 2 had entered"),
        (CAUSES, (row(2, 3), row(3, entered=4)), "of these 3 only 0 had entered"),
    ],
)
def test_no_table(causes: tuple[str, ...], rows: tuple[EventCounts, ...], words: str) -> None:
    """Causes are distinct, times ascend, and nobody ends who had not entered."""
    with pytest.raises(InvalidValue, match=words):
        EventTable(causes=causes, rows=rows)


def test_rows_of_one_time_have_the_same_causes() -> None:
    """Rows with different numbers of causes are not added up."""
    with pytest.raises(InvalidValue, match="one for each cause"):
        EventTable.of(CAUSES, [row(1, 1), EventCounts(time=1, counts=(1,))])
