"""Sums of independent parts: exact while they are few, on a grid that keeps its promises beyond."""

import decimal
import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.sample_deals import deals, many

from salescore.errors import InvalidValue
from salescore.forecast import Distribution, mixture_of, poisson_binomial, sum_of

AMOUNTS = st.decimals(-1000, 1000, places=2)
PERCENT = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
EITHER = st.builds(Distribution.either, AMOUNTS, PERCENT)
SMALL = st.dictionaries(AMOUNTS, st.integers(1, 9), min_size=1, max_size=3).map(
    Distribution.weighted
)


def check_five(found: Distribution) -> None:
    """Check the figures of the five deals."""
    assert (found.mean, found.variance) == (Decimal(239), Decimal(13_957))
    assert found.deviation.quantize(Decimal("0.000001")) == Decimal("118.139748")
    assert found.at_least(Decimal(200)) == Decimal("0.6948")
    assert found.at_least(Decimal(300)) == Decimal("0.2784")
    assert [found.quantile(Decimal(p)) for p in ("0.1", "0.5", "0.9")] == [80, 250, 400]
    assert found.exactly(Decimal(80)) == Decimal("0.1134")


def test_five_deals() -> None:
    """Five deals have the figures of ORACLES §1, computed from the formula, to the digit."""
    found = sum_of(deals())
    assert found.is_exact
    check_five(found)
    check_five(sum_of(reversed(deals()), correlation=Decimal("0.00")))


def test_five_deals_as_a_mixture() -> None:
    """The fifth deal lost or won, each with its chance, gives the figures of ORACLES §1 again."""
    four = sum_of(deals()[:4])
    won, lost = Decimal("0.6"), Decimal("0.4")
    check_five(mixture_of([(won, four.shifted(Decimal(120))), (lost, four)]))


def test_three_chances() -> None:
    """Counts of .1, .2 and .3 are 63/125, 199/500, 23/250 and 3/500: ORACLES §1."""
    found = poisson_binomial(map(Decimal, ("0.1", "0.2", "0.3")))
    wanted = [Fraction(63, 125), Fraction(199, 500), Fraction(23, 250), Fraction(3, 500)]
    assert [Fraction(weight, found.total) for weight in found.weights] == wanted
    assert found.values == tuple(map(Decimal, range(4)))
    assert found.is_exact


def test_nothing_to_add() -> None:
    """Of no parts the sum is surely 0; of sure parts it is their sum; of one part that part."""
    assert sum_of([]) == Distribution.certain(Decimal(0)) == poisson_binomial([])
    sure = [Distribution.certain(Decimal(value)) for value in ("0.1", "0.2", "-1000000.5")]
    assert sum_of(sure) == Distribution.certain(Decimal("-1000000.2"))
    assert sum_of(sure, correlation=Decimal(1)) == sum_of(sure)
    one = Distribution.either(Decimal(7), Decimal("0.3"))
    assert sum_of([one], correlation=Decimal("0.4")) == one
    assert poisson_binomial([Decimal(0), Decimal(1), Decimal(1)]) == Distribution.certain(
        Decimal(2)
    )


@given(st.lists(SMALL, max_size=4))
def test_every_combination_is_counted(parts: list[Distribution]) -> None:
    """The sum has the chance of every combination of values, as an enumeration finds it."""
    wanted: dict[Decimal, Fraction] = {}
    for chosen in product(*(zip(one.values, one.weights, strict=True) for one in parts)):
        value = sum((value for value, _ in chosen), Decimal(0))
        chance = Fraction(1)
        for (_, weight), one in zip(chosen, parts, strict=True):
            chance *= Fraction(weight, one.total)
        wanted[value] = wanted.get(value, Fraction(0)) + chance
    found = sum_of(parts)
    assert found == Distribution.weighted(wanted)
    assert sum_of(parts[::-1]) == found


@given(st.lists(EITHER, max_size=12), AMOUNTS)
def test_means_and_variances_add(parts: list[Distribution], by: Decimal) -> None:
    """Means add exactly, and so do variances of independent parts; a sure part only shifts."""
    found = sum_of(parts)
    assert found.exact_mean == sum((one.exact_mean for one in parts), Fraction(0))
    assert found.exact_variance == sum((one.exact_variance for one in parts), Fraction(0))
    assert sum_of([*parts, Distribution.certain(by)]) == found.shifted(by)


@given(st.lists(EITHER, max_size=8))
def test_a_hundredfold_unit_scales_the_sum(parts: list[Distribution]) -> None:
    """A sum in cents is the sum in units, hundredfold."""
    scaled = [one.scaled(Decimal(100)) for one in parts]
    assert sum_of(scaled) == sum_of(parts).scaled(Decimal(100))


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([20, 30, 150]))
def test_a_grid_has_the_moments_of_its_parts(seed: int, count: int) -> None:
    """On a grid mean and variance are exact, and what stands there has them but for its cells."""
    parts = many(count, seed)
    found = sum_of(parts)
    assert found.step is not None
    assert found.exact_mean == sum(one.exact_mean for one in parts)
    assert found.exact_variance == sum(one.exact_variance for one in parts)
    drawn = attrs.evolve(found, moments=None)
    assert float(drawn.mean) == pytest.approx(float(found.mean), rel=1e-6)
    assert float(drawn.deviation) == pytest.approx(float(found.deviation), rel=1e-3)
    shuffled = random.Random(seed).sample(parts, len(parts))  # noqa: S311 - no secrets
    assert sum_of(shuffled) == found
    assert found.total <= 2**60


def walked(parts: Sequence[Distribution], step: float) -> list[float]:
    """Return the chance of each value or less of a sum of deals on a fine lattice, one by one."""
    found = [1.0]
    for one in parts:
        place = float(one.values[-1]) / step
        low = int(place)
        share = place - low
        comes = one.weights[-1] / one.total
        moved = [0.0] * (len(found) + low + 1)
        for at, old in enumerate(found):
            moved[at] += old * (1 - comes)
            moved[at + low] += old * comes * (1 - share)
            moved[at + low + 1] += old * comes * share
        found = moved
    until: list[float] = []
    total = 0.0
    for chance in found:
        total += chance
        until.append(total)
    return until


@pytest.mark.parametrize(("count", "low", "high"), [(25, 5, 95), (30, 2, 20)])
def test_quantiles_are_those_of_a_fine_grid(count: int, low: int, high: int) -> None:
    """The 10th, 50th and 90th percentile of a lumpy sum lie within .05 % of a fine lattice's."""
    parts = many(count, count, low, high)
    found = sum_of(parts)
    mean = float(found.mean)
    step = mean / 40_000
    until = walked(parts, step)
    for p in (Decimal("0.1"), Decimal("0.5"), Decimal("0.9")):
        place = next(at for at, one in enumerate(until) if one >= float(p))
        value = float(found.quantile(p))
        assert value == pytest.approx(place * step, rel=0.0005, abs=2 * step)


@pytest.mark.parametrize("count", [200, 2_000])
def test_many_parts_agree_with_a_grid_sixteen_times_finer(count: int) -> None:
    """Quantiles of an inverted sum lie within .05 % of those of a much finer inversion."""
    parts = many(count, count)
    found, fine = sum_of(parts), sum_of(parts, points=65_536)
    assert len(fine.values) > 8 * len(found.values)
    for p in map(Decimal, ("0.01", "0.1", "0.25", "0.5", "0.75", "0.9", "0.99")):
        assert float(found.quantile(p)) == pytest.approx(float(fine.quantile(p)), rel=0.0005)


@pytest.mark.parametrize(("count", "chance"), [(400, "0.3"), (2_500, "0.5"), (10_000, "0.001")])
def test_counts_of_equal_chances_are_binomial(count: int, chance: str) -> None:
    """Many equal chances give the binomial distribution, whose formula is known."""
    p = Fraction(chance)
    found = poisson_binomial([Decimal(chance)] * count)
    likely = (1 - float(p)) ** count
    for wins in range(count + 1):
        if likely > 1e-11:
            assert float(found.exactly(Decimal(wins))) == pytest.approx(likely, rel=1e-3, abs=1e-12)
        likely *= (count - wins) / (wins + 1) * float(p / (1 - p))
    assert found.exact_mean == count * p
    assert found.exact_variance == count * p * (1 - p)


def test_exact_and_inverted_counts_agree() -> None:
    """Where a sum just becomes too long to be exact, the inverted one continues it."""
    chances = [Decimal(501 + place * 83 % 9000) / 10_000 for place in range(250)]
    mixed = poisson_binomial(chances[:150])
    assert mixed.is_exact
    found = poisson_binomial(chances)
    assert not found.is_exact
    for comes in chances[150:]:
        mixed = mixture_of([(comes, mixed.shifted(Decimal(1))), (1 - comes, mixed)])
    for wins in range(0, 251, 2):
        value = Decimal(wins)
        assert abs(found.at_least(value) - mixed.at_least(value)) < Decimal("1E-9")


def test_one_part_larger_than_all_others_keeps_its_place() -> None:
    """A deal of a thousand million beside a hundred small ones costs them no resolution."""
    small, large = many(100, 3), Decimal(10**9)
    rest = sum_of(small)
    found = sum_of([*small, Distribution.either(large, Decimal("0.01"))])
    assert abs(found.at_least(large) - Decimal("0.01")) < Decimal("1E-9")
    wanted = mixture_of([(Decimal("0.99"), rest), (Decimal("0.01"), rest.shifted(large))])
    for p in map(Decimal, ("0.1", "0.5", "0.9", "0.995")):
        assert float(found.quantile(p)) == pytest.approx(float(wanted.quantile(p)), rel=0.0005)


def test_grids_add_up() -> None:
    """Parts that stand on grids themselves are added with their moments and their widest step."""
    grid = attrs.evolve(
        Distribution.weighted({Decimal(one): 1 for one in range(10)}),
        step=Decimal(1),
        moments=(Fraction(5), Fraction(9)),
    )
    found = sum_of([grid, grid, Distribution.either(Decimal("0.5"), Decimal("0.5"))])
    assert (found.step, found.exact_mean) == (Decimal(1), 10 + Fraction(1, 4))
    assert found.exact_variance == 18 + Fraction(1, 16)
    thirds = [sum_of(many(30, seed)) for seed in (1, 2, 4)]
    wide = sum_of(thirds)
    assert wide.exact_mean == sum(one.exact_mean for one in thirds)
    flat = sum_of([*many(30, 1), *many(30, 2), *many(30, 4)])
    for p in map(Decimal, ("0.1", "0.5", "0.9")):
        assert float(wide.quantile(p)) == pytest.approx(float(flat.quantile(p)), rel=0.001)


def test_negative_values_lower_the_sum() -> None:
    """Returns and credits are parts like any other, also on a grid."""
    parts = [*many(20, 5), *(one.scaled(Decimal(-1)) for one in many(20, 6))]
    found = sum_of(parts)
    mirrored = sum_of([one.scaled(Decimal(-1)) for one in parts])
    assert found.values[0] < 0 < found.values[-1]
    for p in map(Decimal, ("0.1", "0.5", "0.9")):
        gap = found.quantile(p) + mirrored.quantile(1 - p)
        assert abs(float(gap)) < 0.001 * float(found.deviation)


def test_the_context_of_the_caller_changes_no_sum() -> None:
    """A caller who works with three digits gets the same sum."""
    few, more = deals(), many(60, 9)
    wanted = sum_of(few), sum_of(more)
    with decimal.localcontext(decimal.Context(prec=3)):
        assert (sum_of(few), sum_of(more)) == wanted


@pytest.mark.parametrize("points", [0, 255, 65_537])
def test_a_grid_of_too_few_or_too_many_points_is_refused(points: int) -> None:
    """A grid has from 256 to 65,536 points."""
    with pytest.raises(InvalidValue, match="256"):
        sum_of(deals(), points=points)


@pytest.mark.parametrize("correlation", ["-0.1", "1.01"])
def test_a_correlation_outside_0_to_1_is_refused(correlation: str) -> None:
    """One common factor cannot make parts go against each other."""
    with pytest.raises(InvalidValue):
        sum_of(deals(), correlation=Decimal(correlation))


@pytest.mark.parametrize("count", [30, 300])
def test_a_coarse_grid_holds_multiples_of_its_step(count: int) -> None:
    """Wherever a sum begins, its grid has round values, and they stand where they should."""
    base = Decimal("-1234567.89")
    parts = [one.shifted(Decimal("12.34")) for one in many(count, 2)]
    found = sum_of([*parts, Distribution.certain(base)])
    assert found.step is not None
    assert found.step > 1
    assert all(value % found.step == 0 for value in found.values)
    assert float(attrs.evolve(found, moments=None).mean) == pytest.approx(
        float(found.mean), abs=float(found.step) / 1000
    )


def uncertain(seed: int, count: int) -> list[Distribution]:
    """Return deals that are lost, or won at one of 40 amounts."""
    chance = random.Random(seed)  # noqa: S311 - no secrets
    found: list[Distribution] = []
    for _ in range(count):
        amount = Decimal(chance.randrange(1_000, 100_001))
        ratios = chance.sample(range(60, 140), 40)
        won = Distribution.weighted({amount * ratio / 100: 1 for ratio in ratios})
        share = Decimal(chance.randrange(10, 60)) / 100
        found.append(mixture_of([(share, won), (1 - share, Distribution.certain(Decimal(0)))]))
    return found


@pytest.mark.parametrize("correlation", ["0", "0.2"])
def test_deals_of_uncertain_amounts(correlation: str) -> None:
    """Parts of many values add up too: moments hold, and what is drawn has them nearly."""
    parts = uncertain(3, 25)
    found = sum_of(parts, correlation=Decimal(correlation))
    assert found.exact_mean == sum(one.exact_mean for one in parts)
    assert found.exact_variance >= sum(one.exact_variance for one in parts)
    drawn = attrs.evolve(found, moments=None)
    assert float(drawn.mean) == pytest.approx(float(found.mean), rel=1e-4)
    assert float(drawn.deviation) == pytest.approx(float(found.deviation), rel=2e-3)
    nothing = 1.0
    for one in parts:
        nothing *= float(one.exactly(Decimal(0)))
    if not Decimal(correlation):
        assert float(found.exactly(Decimal(0))) == pytest.approx(nothing, abs=1e-6)
    else:
        assert float(found.exactly(Decimal(0))) > 5 * nothing


@pytest.mark.parametrize("correlation", ["0", "0.3", "1"])
@pytest.mark.parametrize("count", [3, 40])
def test_extreme_values_and_chances_are_borne(count: int, correlation: str) -> None:
    """Values 180 digits apart and chances of 1 in 10^5000 give a sum, never an error of floats."""
    parts = [
        Distribution.either(Decimal("9E+59"), Decimal("0.5")),
        Distribution.either(Decimal("1E-100"), Fraction(1, 10**5_000)),
        Distribution.either(Decimal("-1E-120"), 1 - Fraction(1, 10**5_000)),
        *(Distribution.either(Decimal(f"{at}.25"), Decimal("0.3")) for at in range(1, count)),
    ]
    found = sum_of(parts, correlation=Decimal(correlation))
    assert found.exact_mean == sum(one.exact_mean for one in parts)
    assert found.at_least(Decimal("8E+59")) == pytest.approx(Decimal("0.5"), abs=Decimal("1E-8"))


def test_very_unlikely_deals_are_added_one_by_one() -> None:
    """Thirty deals of one in 10^12 hardly ever come, and the grid says so."""
    parts = [
        Distribution.either(Decimal(1000 + 37 * at * at), Decimal("1E-12")) for at in range(30)
    ]
    found = sum_of(parts)
    assert found.exactly(Decimal(0)) > 1 - Decimal("1E-9")
    assert found.exact_mean == sum(one.exact_mean for one in parts)
