"""What a distribution says of its values is exact, and what is none is refused."""

import copy
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Band, Distribution, mixture_of
from salescore.values import Rounding

VALUES = st.decimals(-(10**6), 10**6, places=2)
CHANCES = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
WEIGHTS = st.dictionaries(VALUES, st.integers(1, 10**6), min_size=1, max_size=12)
DISTRIBUTIONS = WEIGHTS.map(Distribution.weighted)
ONE_THIRD = Distribution.weighted({Decimal(0): 2, Decimal(9): 1})


@given(DISTRIBUTIONS)
def test_chances_add_up_to_1(one: Distribution) -> None:
    """Chances are whole weights over their sum, so nothing is lost."""
    assert sum(Fraction(weight, one.total) for weight in one.weights) == 1
    assert one.at_least(one.values[0]) == one.at_most(one.values[-1]) == 1


@given(DISTRIBUTIONS, VALUES, VALUES)
def test_a_chance_never_rises_with_the_value(one: Distribution, a: Decimal, b: Decimal) -> None:
    """More is never likelier: P(≥ x) falls or stays as x rises, P(≤ x) rises or stays."""
    low, high = sorted((a, b))
    assert one.at_least(low) >= one.at_least(high)
    assert one.at_most(low) <= one.at_most(high)


@given(DISTRIBUTIONS, CHANCES, CHANCES)
def test_quantiles_never_fall(one: Distribution, a: Decimal, b: Decimal) -> None:
    """A larger chance has a quantile that is as large or larger."""
    low, high = sorted((a, b))
    assert one.quantile(low) <= one.quantile(high)
    assert one.reached_with(low) >= one.reached_with(high)


@given(DISTRIBUTIONS, CHANCES)
def test_quantile_and_at_most_are_inverse(one: Distribution, p: Decimal) -> None:
    """A quantile is the least value that is not exceeded with at least its chance."""
    value = one.quantile(p)
    assert one.at_most(value) >= p
    for smaller in one.values:
        if smaller < value:
            assert one.at_most(smaller) < p


@given(DISTRIBUTIONS, CHANCES)
def test_reached_with_and_at_least_are_inverse(one: Distribution, p: Decimal) -> None:
    """What is reached with a chance is the largest value of which that can be said."""
    value = one.reached_with(p)
    assert one.at_least(value) >= p
    for larger in one.values:
        if larger > value:
            assert one.at_least(larger) < p


@given(DISTRIBUTIONS)
def test_moments_are_those_of_the_values(one: Distribution) -> None:
    """Mean and variance equal their definitions, in fractions."""
    chances = [Fraction(weight, one.total) for weight in one.weights]
    mean = sum(Fraction(value) * part for value, part in zip(one.values, chances, strict=True))
    spread = sum(
        (Fraction(value) - mean) ** 2 * part
        for value, part in zip(one.values, chances, strict=True)
    )
    assert (one.exact_mean, one.exact_variance) == (mean, spread)
    assert abs(float(one.deviation) ** 2 - float(spread)) <= 1e-9 * float(spread)


@given(DISTRIBUTIONS, VALUES, VALUES)
def test_scaling_and_shifting_are_exact(one: Distribution, factor: Decimal, by: Decimal) -> None:
    """Mean goes with factor and shift, variance with the squared factor, whatever the sign."""
    found = one.scaled(factor).shifted(by)
    assert found.exact_mean == one.exact_mean * Fraction(factor) + Fraction(by)
    assert found.exact_variance == one.exact_variance * Fraction(factor) ** 2
    assert found.shifted(-by) == one.scaled(factor)


@given(DISTRIBUTIONS)
def test_a_hundredfold_unit_changes_no_chance(one: Distribution) -> None:
    """Counting in cents moves every value by two digits and no weight at all."""
    cents = one.scaled(Decimal(100))
    assert cents.weights == one.weights
    assert cents.values == tuple(value * 100 for value in one.values)


@given(st.lists(DISTRIBUTIONS, min_size=2, max_size=2), CHANCES, VALUES)
def test_a_mixture_has_the_mixed_chances(
    pair: list[Distribution], share: Decimal, value: Decimal
) -> None:
    """The chance of a mixture is the mean of the chances of its cases, and so is its mean."""
    first, second = pair
    mixed = mixture_of([(share, first), (1 - share, second)])
    part = Fraction(share)
    for at in (value, *first.values):
        wanted = part * chance_of(first, at) + (1 - part) * chance_of(second, at)
        assert chance_of(mixed, at) == wanted
    assert mixed.exact_mean == part * first.exact_mean + (1 - part) * second.exact_mean


def chance_of(one: Distribution, value: Decimal) -> Fraction:
    """Return the exact chance of a value or more."""
    found = sum(weight for at, weight in zip(one.values, one.weights, strict=True) if at >= value)
    return Fraction(found, one.total)


def test_a_mixture_of_grids_keeps_the_moments_of_its_cases() -> None:
    """A mixture on a grid knows mean and variance as well as its cases did."""
    grid = attrs.evolve(ONE_THIRD, step=Decimal(3), moments=(Fraction(4), Fraction(20)))
    mixed = mixture_of([(Decimal("0.5"), grid), (Decimal("0.5"), Distribution.certain(Decimal(6)))])
    assert mixed.step == 3
    assert (mixed.exact_mean, mixed.exact_variance) == (Fraction(5), Fraction(11))
    assert mixture_of([(Decimal(1), grid), (Decimal(0), ONE_THIRD)]) == grid


def test_a_mixture_whose_chances_leave_something_out_is_refused() -> None:
    """Cases cover everything: their chances add up to 1 exactly."""
    with pytest.raises(InvalidValue, match="add up to 1 exactly"):
        mixture_of([(Decimal("0.5"), ONE_THIRD)])
    with pytest.raises(InvalidValue, match="add up to 1 exactly"):
        mixture_of([])


def test_equal_chances_make_equal_distributions() -> None:
    """Weights are kept without a common divisor, so two ways to the same chances are equal."""
    values = (Decimal(0), Decimal("9.00"))
    other = Distribution(values=values, weights=(200, 100))
    assert other == ONE_THIRD
    assert hash(other) == hash(ONE_THIRD)
    assert other.weights == (2, 1)
    again = pickle.loads(pickle.dumps(other))  # noqa: S301 - made here
    assert again == copy.deepcopy(other) == other


def test_chances_are_as_stated() -> None:
    """A value named twice has both its chances; one of chance 0 is left out."""
    half = Decimal("0.5")
    found = Distribution.of(
        [(Decimal(1), Fraction(1, 4)), (Decimal(1), Decimal("0.25")), (Decimal(2), half)]
    )
    assert found == Distribution.weighted({Decimal(1): 1, Decimal(2): 1, Decimal(3): 0})
    assert found.exactly(Decimal(1)) == half
    assert found.exactly(Decimal("1.5")) == 0


@pytest.mark.parametrize(
    ("value", "chance", "values", "weights"),
    [
        ("100", "0.25", ("0", "100"), (3, 1)),
        ("-100", "0.25", ("-100", "0"), (1, 3)),
        ("100", "1", ("100",), (1,)),
        ("100", "0", ("0",), (1,)),
        ("0", "0.3", ("0",), (1,)),
    ],
)
def test_either_comes_or_not(
    value: str, chance: str, values: tuple[str, ...], weights: tuple[int, ...]
) -> None:
    """A value comes with its chance, else 0; what is sure has one value."""
    found = Distribution.either(Decimal(value), Decimal(chance))
    assert found.values == tuple(map(Decimal, values))
    assert found.weights == weights


def test_a_band_has_as_much_above_it_as_below() -> None:
    """The central 80 % of ten equal chances leave out at most a tenth on each side."""
    ten = Distribution.weighted({Decimal(one): 1 for one in range(1, 11)})
    assert ten.band() == Band(Decimal(1), Decimal(9), Decimal("0.8"))
    assert ten.band(Decimal("0.5")) == Band(Decimal(3), Decimal(8), Decimal("0.5"))
    assert Distribution.certain(Decimal(7)).band().low == 7


@pytest.mark.parametrize("level", ["0", "1", "-0.1", "1.1"])
def test_a_band_of_nothing_or_everything_is_refused(level: str) -> None:
    """A level lies between 0 and 1, for neither end is an interval."""
    with pytest.raises(InvalidValue):
        ONE_THIRD.band(Decimal(level))


@pytest.mark.parametrize(
    ("values", "weights", "more", "fault"),
    [
        ([], [], {}, "there is no value"),
        (["1", "1"], [1, 1], {}, "larger than the one before"),
        (["2", "1"], [1, 1], {}, "larger than the one before"),
        (["1"], [1, 1], {}, "1 values and 2 weights"),
        (["1"], [0], {}, "whole number from 1 on"),
        (["1", "2"], [3, -3], {}, "whole number from 1 on"),
        (["1"], [True], {}, "whole number from 1 on"),
        (["1"], [1.0], {}, "whole number from 1 on"),
        (["1"], [1], {"step": Decimal(0)}, "above 0"),
        (["1"], [1], {"moments": (Fraction(1), Fraction(0))}, "state a step"),
        (["1"], [1], {"step": Decimal(1), "moments": (Fraction(3), Fraction(0))}, "mean lies"),
        (["1"], [1], {"step": Decimal(1), "moments": (Fraction(1), Fraction(-1))}, "variance"),
    ],
)
def test_what_is_no_distribution_is_refused(
    values: list[str], weights: list[int], more: dict[str, object], fault: str
) -> None:
    """Every rule of the record is told when it is broken."""
    with pytest.raises(InvalidValue, match=fault):
        Distribution(values=map(Decimal, values), weights=weights, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1, 1.5, True, "1", None])
def test_only_decimals_are_values(value: object) -> None:
    """A number of another type is no value: floats are not exact, and whole ones hide a unit."""
    for act in (Distribution.certain, ONE_THIRD.at_least, ONE_THIRD.exactly, ONE_THIRD.scaled):
        with pytest.raises(InvalidNumber):
            act(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "1E+61", "1E-121", "0E+999999"])
def test_a_number_that_arithmetic_cannot_bear_is_refused(text: str) -> None:
    """Neither what is not finite nor what would take minutes to write out becomes a value."""
    with pytest.raises(InvalidNumber):
        Distribution.certain(Decimal(text))
    with pytest.raises(InvalidNumber):
        Distribution.weighted({Decimal(1): 1}).quantile(Decimal(text))


@pytest.mark.parametrize("chance", ["-0.01", "1.01"])
def test_a_chance_outside_0_to_1_is_refused(chance: str) -> None:
    """There is no chance below 0 or above 1, wherever one is stated."""
    part = Decimal(chance)
    for act in (
        lambda: Distribution.either(Decimal(5), part),
        lambda: Distribution.of([(Decimal(5), part)]),
        lambda: ONE_THIRD.quantile(part),
        lambda: ONE_THIRD.reached_with(part),
        lambda: ONE_THIRD.rows([part]),
    ):
        with pytest.raises(InvalidValue):
            act()


def test_chances_that_do_not_add_up_are_refused() -> None:
    """What is left is a value of its own, not something to guess."""
    with pytest.raises(InvalidValue, match="add up to 1"):
        Distribution.of([(Decimal(5), Decimal("0.9"))])
    with pytest.raises(InvalidValue, match="below 0"):
        Distribution.weighted({Decimal(5): -1, Decimal(6): 2})
    with pytest.raises(InvalidValue, match="none is above 0"):
        Distribution.weighted({Decimal(5): 0})


def test_the_context_of_the_caller_changes_nothing() -> None:
    """Arithmetic is exact, or to 28 digits, also where the caller works with three."""
    price = Distribution.either(Decimal("123456789.123456789"), Decimal("0.5"))
    wanted = (price.scaled(Decimal("1.000000001")).shifted(Decimal("0.01")), price.deviation)
    with decimal.localcontext(decimal.Context(prec=3)):
        found = price.scaled(Decimal("1.000000001")).shifted(Decimal("0.01"))
        assert (found, price.deviation) == wanted
    mean = Fraction("123456789.123456789") * Fraction("1.000000001") / 2 + Fraction("0.01")
    assert found.exact_mean == mean


def test_a_grid_scales_with_its_step_and_its_moments() -> None:
    """A grid of 3 in units is one of 300 in cents, and so is what it knows of its parts."""
    grid = attrs.evolve(ONE_THIRD, step=Decimal(3), moments=(Fraction(4), Fraction(20)))
    found = grid.scaled(Decimal(-100)).shifted(Decimal(5))
    assert found.values == (Decimal(-895), Decimal(5))
    assert (found.step, found.moments) == (Decimal(300), (Fraction(-395), Fraction(200_000)))
    assert not grid.is_exact
    assert ONE_THIRD.is_exact


@pytest.mark.parametrize(
    ("mode", "values", "weights"),
    [
        (Rounding.UP, ("-10", "0", "5", "10"), (1, 1, 2, 1)),
        (Rounding.DOWN, ("-5", "0", "5"), (1, 3, 1)),
        (Rounding.FLOOR, ("-10", "0", "5"), (1, 3, 1)),
        (Rounding.CEILING, ("-5", "0", "5", "10"), (1, 1, 2, 1)),
        (Rounding.HALF_EVEN, ("-10", "0", "5"), (1, 2, 2)),
        (Rounding.HALF_UP, ("-10", "0", "5"), (1, 1, 3)),
    ],
)
def test_rounding_to_lots_is_named(
    mode: Rounding, values: tuple[str, ...], weights: tuple[int, ...]
) -> None:
    """Values become multiples of the step in the mode that is named; alike ones join."""
    one = Distribution.weighted({Decimal(text): 1 for text in ("-7.5", "0", "2.5", "4.99", "5.01")})
    found = one.rounded(Decimal(5), mode)
    assert found == Distribution.weighted(dict(zip(map(Decimal, values), weights, strict=True)))


def test_rounding_a_grid_keeps_the_wider_step() -> None:
    """A rounded grid is still one, of its own step or the lot's, whichever is wider."""
    grid = attrs.evolve(ONE_THIRD, step=Decimal(3))
    assert grid.rounded(Decimal(2), Rounding.FLOOR).step == 3
    assert grid.rounded(Decimal(4), Rounding.FLOOR).step == 4
    with pytest.raises(InvalidValue, match="above 0"):
        grid.rounded(Decimal(0), Rounding.FLOOR)


def test_its_line_tells_mean_and_band() -> None:
    """Thousands of values are shown as one line."""
    assert repr(ONE_THIRD) == "<Distribution of 2 values, exact: mean 3, 80 % from 0 to 9>"
    grid = attrs.evolve(ONE_THIRD, step=Decimal("0.5"))
    assert "grid of 0.5" in repr(grid)
