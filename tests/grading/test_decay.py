"""How points are lost: worked by hand, and by law."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.grading import Decay, ExponentialDecay, LinearDecay, StepDecay, decayed

SIX = Decimal("0.000001")
POINTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
LENGTHS = st.integers(1, 36_600)
AGES = st.integers(0, 100_000)
SHARES = st.integers(0, 100).map(lambda percent: Decimal(percent).scaleb(-2))


@st.composite
def step_decays(draw: st.DrawFn) -> StepDecay:
    """Return steps that go one way: days up, shares down."""
    days = sorted(draw(st.sets(LENGTHS, min_size=1, max_size=5)))
    shares = sorted(draw(st.lists(SHARES, min_size=len(days), max_size=len(days))), reverse=True)
    return StepDecay(tuple(zip(days, shares, strict=True)))


DECAYS = st.one_of(
    st.none(), st.builds(LinearDecay, LENGTHS), st.builds(ExponentialDecay, LENGTHS), step_decays()
)


@pytest.mark.parametrize(
    ("decay", "left"),
    [
        (None, [12, 12, 12, 12]),
        (LinearDecay(90), ["12", "8", "4", "0"]),
        (ExponentialDecay(30), ["12", "6", "3", "1.5"]),
        (StepDecay([(30, Decimal("0.5")), (60, Decimal("0.25"))]), ["12", "6", "3", "3"]),
    ],
)
def test_twelve_points_over_ninety_days(decay: Decay | None, left: list[str]) -> None:
    """After 0, 30, 60 and 90 days what is left is what a pencil says."""
    assert [decayed(Decimal(12), age, decay) for age in (0, 30, 60, 90)] == [*map(Decimal, left)]


def test_points_between_half_lives() -> None:
    """Ten points of half-life 30 are worth 10 x 2^(-1/3) after ten days, to six digits."""
    assert decayed(Decimal(10), 10, ExponentialDecay(30)) == Decimal("7.937005")


@given(POINTS, AGES, AGES, DECAYS)
def test_points_never_grow_with_age(
    points: Decimal, first: int, second: int, decay: Decay | None
) -> None:
    """An older event gives no more than a newer one, and never the other sign."""
    young = decayed(points, min(first, second), decay)
    old = decayed(points, max(first, second), decay)
    assert abs(old) <= abs(young) <= abs(points)
    assert old * points >= 0


@given(POINTS, DECAYS)
def test_an_event_of_the_day_keeps_all_its_points(points: Decimal, decay: Decay | None) -> None:
    """At age 0 nothing is lost."""
    assert decayed(points, 0, decay) == points


@given(POINTS, LENGTHS, st.integers(0, 1000))
def test_linear_decay_reaches_nothing_at_its_days(points: Decimal, days: int, more: int) -> None:
    """Nothing is left at `days` and after, and something on the day before."""
    assert decayed(points, days + more, LinearDecay(days)) == 0
    assert bool(decayed(points.copy_sign(1) + 1, days - 1, LinearDecay(days)))


@given(POINTS, LENGTHS, st.integers(0, 20))
def test_exponential_decay_halves_at_each_half_life(
    points: Decimal, half_life: int, times: int
) -> None:
    """After whole half-lives the points are halved as often, exactly but for the last rounding."""
    wanted = (points / 2**times).quantize(SIX, ROUND_HALF_EVEN)
    assert decayed(points, half_life * times, ExponentialDecay(half_life)) == wanted


@given(POINTS, AGES, step_decays())
def test_steps_leave_the_share_of_the_last_one_reached(
    points: Decimal, age: int, decay: StepDecay
) -> None:
    """The share is that of the last step on or before the age, all before the first."""
    share = Decimal(1)
    for days, left in decay.steps:
        if days <= age:
            share = left
    assert decayed(points, age, decay) == points * share


@pytest.mark.parametrize("days", [0, -1, 36_601, True, 1.5, "30", None])
def test_days_are_whole_numbers_in_range(days: object) -> None:
    """Neither length is anything but a whole number from 1 to 36,600."""
    with pytest.raises(InvalidValue, match="expected a whole number from 1 to 36,600"):
        LinearDecay(days)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="half-life"):
        ExponentialDecay(days)  # type: ignore[arg-type]


HALF, ALL = Decimal("0.5"), Decimal(1)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([], "at least one"),
        ([(30, HALF), (30, HALF)], "none twice"),
        ([(60, ALL), (30, HALF)], "they go up"),
        ([(30, HALF), (60, ALL)], "they go down"),
        ([(30, Decimal("1.1"))], "within 0 and 1"),
        ([(30, Decimal("-0.1"))], "within 0 and 1"),
        ([(30, Decimal("NaN"))], "expected a Decimal"),
        ([(30, 0.5)], "expected a Decimal"),
        ([(0, HALF)], "days of a step"),
    ],
)
def test_steps_go_one_way(steps: list[tuple[int, Decimal]], fault: str) -> None:
    """Steps without order, out of range or that are no decimals are refused."""
    with pytest.raises(InvalidValue, match=fault):
        StepDecay(steps)


def test_an_event_of_tomorrow_has_no_age() -> None:
    """A negative age would let points grow, and is refused."""
    with pytest.raises(InvalidValue, match="lies after the day"):
        decayed(Decimal(1), -1, ExponentialDecay(30))
