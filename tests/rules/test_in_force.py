"""Versions are in force on days, and what is wrong with these days is told."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.rules import (
    DecisionTable,
    F,
    HitPolicy,
    Input,
    Output,
    Row,
    Versioned,
    check_versions,
    in_force,
)
from salescore.values import Severity


@attrs.frozen
class Plan:
    """A thing with versions that is no decision table."""

    name: str
    version: str
    valid_from: date | None = None
    valid_until: date | None = None


def day(month: int, number: int) -> date:
    """Return a day of 2024."""
    return date(2024, month, number)


SPRING = Plan("plan", "1", day(1, 1), day(6, 30))
AUTUMN = Plan("plan", "2", day(7, 1), None)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (day(1, 1), "1"),
        (day(6, 30), "1"),
        (day(7, 1), "2"),
        (date(9999, 12, 31), "2"),
        (date(2023, 12, 31), None),
    ],
)
def test_the_first_and_the_last_day_are_in_force(on: date, version: str | None) -> None:
    """Both ends of a validity count, and a day outside all of them has none."""
    found = in_force([SPRING, AUTUMN], on)
    assert (None if found is None else found.version) == version


def test_a_version_without_days_is_always_in_force() -> None:
    """No first and no last day means from ever and for ever."""
    assert in_force([Plan("plan", "1")], date.min) == Plan("plan", "1")


def test_two_in_force_on_one_day_are_refused() -> None:
    """Nobody can say which of two counts."""
    with pytest.raises(InvalidValue, match="several are in force on it: plan 1, plan 3"):
        in_force([SPRING, AUTUMN, Plan("plan", "3")], day(6, 30))


def test_a_name_picks_among_several_things() -> None:
    """Versions of other things do not stand in the way."""
    other = Plan("other", "1")
    assert in_force([SPRING, other], day(1, 1), "plan") is SPRING
    assert in_force([SPRING, other], day(8, 1), "plan") is None


def test_decision_tables_have_versions() -> None:
    """A decision table is one of the things that are in force for some days."""
    table = DecisionTable(
        name="t",
        version="1",
        inputs=[Input("x", F.x)],
        outputs=[Output("n")],
        rows=[Row([None], [1])],
        hit_policy=HitPolicy.FIRST,
        valid_until=day(6, 30),
    )
    later = attrs.evolve(table, version="2", valid_from=day(7, 1), valid_until=None)
    assert in_force([later, table], day(7, 1)) is later
    assert check_versions([later, table]) == ()


def told(*versions: Versioned) -> list[tuple[str, str]]:
    """Return code and message of what is wrong with some versions."""
    return [(one.code, one.message) for one in check_versions(versions)]


def test_versions_that_follow_each_other_are_sound() -> None:
    """The day after the last day is the next first day, in whatever order they are given."""
    assert told(AUTUMN, SPRING) == []
    assert told(SPRING, Plan("other", "1")) == []


def test_two_versions_on_one_day_are_an_error() -> None:
    """The days that both cover are named."""
    (found,) = check_versions([SPRING, Plan("plan", "2", day(6, 30))])
    assert (found.code, found.severity, found.subject) == (
        "versions-overlap",
        Severity.ERROR,
        "plan/2",
    )
    assert found.message == "plan 1 and plan 2 are both in force on 2024-06-30"


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        (Plan("p", "1"), Plan("p", "2"), "on every day"),
        (Plan("p", "1"), Plan("p", "2", None, day(1, 1)), "until 2024-01-01"),
        (Plan("p", "1"), Plan("p", "2", day(1, 1)), "from 2024-01-01 on"),
        (
            Plan("p", "1"),
            Plan("p", "2", day(1, 1), day(1, 9)),
            "from 2024-01-01 to 2024-01-09",
        ),
    ],
)
def test_the_days_in_common_are_told_in_words(one: Plan, other: Plan, days: str) -> None:
    """Open ends have words of their own."""
    (found,) = check_versions([one, other])
    assert found.message == f"p 1 and p 2 are both in force {days}"


def test_days_without_a_version_are_a_warning() -> None:
    """A gap between two versions is told with its days."""
    (found,) = check_versions([Plan("plan", "2", day(7, 3)), SPRING])
    assert (found.code, found.severity) == ("versions-gap", Severity.WARNING)
    assert found.message == "no version of 'plan' is in force from 2024-07-01 to 2024-07-02"


def test_a_long_version_covers_the_gap_between_two_short_ones() -> None:
    """Only days on which no version at all is in force are a gap."""
    long = Plan("p", "0", day(1, 1), day(12, 31))
    short = [Plan("p", "1", day(2, 1), day(2, 2)), Plan("p", "2", day(4, 1), day(4, 2))]
    assert {code for code, _ in told(long, *short)} == {"versions-overlap"}


def test_a_version_that_is_there_twice_is_an_error() -> None:
    """Two records of one version are told once for each repetition."""
    assert told(SPRING, Plan("plan", "1", day(7, 1))) == [
        ("duplicate-version", "version '1' of 'plan' is there more than once")
    ]


def test_a_version_that_ends_before_it_starts_is_an_error() -> None:
    """It is never in force, and neither overlaps nor closes a gap."""
    backwards = Plan("plan", "x", day(6, 30), day(6, 1))
    assert told(SPRING, backwards, AUTUMN) == [
        ("ends-before-start", "plan x ends on 2024-06-01, before 2024-06-30")
    ]


DAYS = st.none() | st.integers(1, 12).map(lambda number: day(1, number))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=4))
def test_sound_versions_have_one_in_force_on_each_day_between(
    bounds: list[tuple[date | None, date | None]],
) -> None:
    """Gaps and overlaps are told exactly where a day has none, or more than one."""
    versions = [Plan("p", str(place), *two) for place, two in enumerate(bounds)]
    some = [
        sum((one.valid_from or date.min) <= on <= (one.valid_until or date.max) for one in versions)
        for on in (day(1, 1) + timedelta(days=ahead) for ahead in range(-1, 14))
    ]
    covered = [place for place, count in enumerate(some) if count]
    codes = {one.code for one in check_versions(versions)}
    assert ("versions-overlap" in codes) is any(count > 1 for count in some)
    inner = some[covered[0] : covered[-1] + 1] if covered else []
    assert ("versions-gap" in codes) is (0 in inner)
