"""Searches for the least value find it where it is known, and say so where they do not."""

from itertools import pairwise
from math import cosh, inf, log, nan, pi, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import line_minimum, minimum

CENTRES = st.lists(st.floats(-50, 50), min_size=1, max_size=4)


def rosenbrock(at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the valley of Rosenbrock (1960), in any dimension; least at all ones."""
    pairs = pairwise(at)
    return sum(100.0 * (two - one * one) ** 2 + (1.0 - one) ** 2 for one, two in pairs)


def powell(at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the singular function of Powell (1962); least at zero, where it is very flat."""
    one, two, three, four = at
    return (
        (one + 10 * two) ** 2
        + 5 * (three - four) ** 2
        + (two - 2 * three) ** 4
        + 10 * (one - four) ** 4
    )


@pytest.mark.parametrize("start", [(-1.2, 1.0), (5.0, -5.0), (0.0, 0.0), (-1.2, 1.0, -1.0, 1.0)])
def test_the_valley_of_rosenbrock(start: tuple[float, ...]) -> None:
    """The curved valley of Rosenbrock, The Computer Journal 3 (1960), is least at all ones."""
    found = minimum(rosenbrock, start)
    assert found.is_converged
    assert found.point == pytest.approx([1.0] * len(start), abs=1e-3)
    assert found.value < 1e-7


def test_the_singular_function_of_powell() -> None:
    """Powell's function has no curvature at its least point, and is still left close to it."""
    found = minimum(powell, [3.0, -1.0, 0.0, 1.0])
    assert found.is_converged
    assert found.value < 1e-9


def test_one_dimension() -> None:
    """A single coordinate is searched too, from far away."""
    found = minimum(lambda at: cosh(at[0] - 2.0), [50.0])
    assert found.is_converged
    assert found.point == pytest.approx([2.0], abs=1e-3)


def test_a_simplex_that_collapses_early_is_set_up_again() -> None:
    """On the edges of a pyramid one simplex dies 0.008 above the foot; the next one finds it."""
    found = minimum(lambda at: max(abs(one - 1.0 - n) for n, one in enumerate(at)), [5.0] * 4)
    assert found.is_converged
    assert found.point == pytest.approx([1.0, 2.0, 3.0, 4.0], abs=1e-6)


def test_a_steep_bowl_is_left_at_its_foot() -> None:
    """Where coordinates that hardly differ have values far apart the search goes on."""
    found = minimum(lambda at: 1e12 * (at[0] - 1.0) ** 2 + (at[1] - 2.0) ** 2, [0.0, 0.0])
    assert found.value < 1e-4


def test_a_large_value_does_not_hide_a_shallow_bowl() -> None:
    """The coordinates must come to rest too, so a constant of thousands costs no digits of them."""
    found = minimum(lambda at: 9582.0 + (at[0] - 1.0) ** 2 + 3.0 * (at[1] + 2.0) ** 2, [0.0, 0.0])
    assert found.point == pytest.approx([1.0, -2.0], abs=3e-4)


def test_a_constant_function() -> None:
    """Where every point is as good as another the search comes to rest at its start."""
    found = minimum(lambda _: 3.0, [0.0, 4.0])
    assert (found.point, found.value, found.is_converged) == ((0.0, 4.0), 3.0, True)


@pytest.mark.parametrize("outside", [inf, nan, "raise"])
def test_undefined_regions_are_avoided(outside: float | str) -> None:
    """Infinity, NaN and arithmetic errors say that a function is not defined there."""

    def bowl(at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if at[0] > 0.0:
            return at[0] - log(at[0]) + at[1] ** 2
        return log(-1.0) if outside == "raise" else outside

    found = minimum(bowl, [0.05, 1.0])
    assert found.is_converged
    assert found.point == pytest.approx([1.0, 0.0], abs=1e-3)


def test_the_limit_ends_a_search_and_is_told() -> None:
    """A search that runs out of evaluations gives what it has and says that it is not done."""
    found = minimum(rosenbrock, [-1.2, 1.0], limit=50)
    assert not found.is_converged
    assert 50 <= found.evaluations < 56
    assert found.value < rosenbrock([-1.2, 1.0])


def test_a_tighter_tolerance_comes_closer() -> None:
    """The tolerance rules how close the search comes, and what that costs."""
    far, near = (minimum(rosenbrock, [-1.2, 1.0], tolerance=one) for one in (1e-2, 1e-14))
    assert near.value < 1e-13 < far.value
    assert far.evaluations < near.evaluations


@given(CENTRES, st.integers(0, 3))
def test_a_bowl_is_found_wherever_it_stands(centre: list[float], turn: int) -> None:
    """Any start leads to the foot of a bowl, and the same start twice to the same point."""

    def bowl(at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        terms = zip(at, centre, strict=True)
        return sum((1 + (place + turn) % 3) * (a - c) ** 2 for place, (a, c) in enumerate(terms))

    found = minimum(bowl, [0.0] * len(centre), limit=5000)
    assert found.is_converged
    assert found.point == pytest.approx(centre, abs=2e-3, rel=2e-3)
    assert found == minimum(bowl, [0.0] * len(centre), limit=5000)


@pytest.mark.parametrize(
    ("start", "options", "fault"),
    [
        ([], {}, "one finite number"),
        ([inf], {}, "one finite number"),
        ([-1.0], {}, "not finite there"),
        ([1.0], {"tolerance": 0.0}, "between 0 and 1"),
        ([1.0], {"tolerance": nan}, "between 0 and 1"),
        ([1.0], {"limit": 2}, "asks 2 times"),
    ],
)
def test_searches_that_cannot_begin(
    start: list[float], options: dict[str, float], fault: str
) -> None:
    """A search without a usable start, tolerance or limit is refused, and says why."""
    with pytest.raises(InvalidValue, match=fault):
        minimum(lambda at: at[0] - log(at[0]), start, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "low", "high", "place"),
    [
        (lambda at: (at - 2.0) ** 2, 0.0, 5.0, 2.0),
        (lambda at: at - log(at), 0.0, 5.0, 1.0),
        (lambda at: at - log(at), 2.0, 5.0, 2.0),
        (lambda at: -at, 2.0, 5.0, 5.0),
        (lambda at: abs(at - pi), -100.0, 500.0, pi),
        (sin, 0.0, 2.0 * pi, 1.5 * pi),
        (lambda at: at**4, -1.0, 6.0, 0.0),
        (sqrt, -1.0, 6.0, 0.0),
        (lambda at: nan if at < 3.0 else at, 0.0, 8.0, 3.0),
        (abs, 3.0, 3.0, 3.0),
    ],
)
def test_least_points_along_a_line(function, low: float, high: float, place: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Smooth, kinked, flat and partly undefined functions, also with the least at a bound."""
    found, value = line_minimum(function, low, high)
    assert found == pytest.approx(place, abs=1e-6)
    assert value == function(found)


@pytest.mark.parametrize(("low", "high", "place"), [(2.0, 5.0, 2.0), (-5.0, -2.0, -2.0)])
def test_a_bound_is_found_exactly(low: float, high: float, place: float) -> None:
    """Bounds are asked themselves, so a function that is least at one is not left beside it."""
    assert line_minimum(abs, low, high) == (place, abs(place))


def test_a_flat_line() -> None:
    """A constant function is least everywhere, and the answer lies between the bounds."""
    place, value = line_minimum(lambda _: 1.0, 3, 6)
    assert 3.0 <= place <= 6.0
    assert (value, type(place)) == (1.0, float)


def test_parabolas_are_seen_at_once() -> None:
    """A parabola needs few looks; golden sections alone would take dozens."""
    asked = []

    def function(at: float) -> float:
        asked.append(at)
        return (at - 2.0) ** 2 + 1.0

    line_minimum(function, 0.0, 5.0)
    assert len(asked) < 12


def test_a_line_search_ends_beside_a_bound() -> None:
    """
    A function that is nearly flat and rises towards a bound is left after few looks.

    It is that of smoothing a row of 0 and thirteen times -1; a search that trusts parabolas whose
    steps are too small to be made goes on for ever here.
    """
    asked = []

    def function(weight: float) -> float:
        asked.append(weight)
        assert 0.85 <= weight <= 0.9999
        assert len(asked) < 200
        keep, level, both, own, decay = 1 - weight, 0.0, 0.0, 0.0, 1.0
        for one in (0.0, *(-1.0 for _ in range(13))):
            error = one - level
            own += error * error
            both += error * decay
            level += weight * error
            decay *= keep
        square = keep * keep
        return max(own - both * both * (1 - square) / (1 - square**14), 0.0)

    place, value = line_minimum(function, 0.85, 0.9999, tolerance=1e-5)
    assert value == pytest.approx(min(map(function, (0.85, place, 0.9999))))


@given(st.floats(-100, 100), st.floats(1e-6, 1e4), st.floats(-0.5, 1.5), st.sampled_from(range(6)))
def test_a_line_search_ends_and_stays_between_its_bounds(
    low: float, width: float, share: float, kind: int
) -> None:
    """Kinks, steps, plateaus and noise: few looks, none outside, no worse than either bound."""
    high = low + width
    asked = []

    def function(at: float) -> float:
        asked.append(at)
        assert low <= at <= high
        assert len(asked) < 500
        away = (at - low) / (high - low) - share
        return (
            abs(away) ** 0.5,
            1 + away**4,
            float(round(20 * away)),
            1.0,
            sin(40 * away),
            1 + 1e-12 * (at * 1e9 % 1),
        )[kind]

    place, value = line_minimum(function, low, high, tolerance=1e-5)
    assert low <= place <= high
    assert value <= min(function(low), function(high))


@pytest.mark.parametrize(
    ("low", "high", "options", "fault"),
    [
        (1.0, 0.0, {}, "the lower one first"),
        (0.0, inf, {}, "finite"),
        (nan, 1.0, {}, "finite"),
        (-2.0, -1.0, {}, "finite nowhere"),
        (0.0, 1.0, {"tolerance": 2.0}, "between 0 and 1"),
    ],
)
def test_lines_that_cannot_be_searched(
    low: float, high: float, options: dict[str, float], fault: str
) -> None:
    """Bounds the wrong way round and functions that are defined nowhere are refused."""
    with pytest.raises(InvalidValue, match=fault):
        line_minimum(log, low, high, **options)
