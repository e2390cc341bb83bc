"""Shifted beta-geometric: curves fall, retention rises, values are sums of the curve."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.purchases import ContractCohort, ShiftedBetaGeometric, fit_contracts

REGULAR = ShiftedBetaGeometric(alpha=Decimal("0.704"), beta=Decimal("1.182"))
SIZES = st.sampled_from(["0.2", "0.704", "1", "1.5", "6"]).map(Decimal)
MODELS = st.builds(ShiftedBetaGeometric, alpha=SIZES, beta=SIZES)


@st.composite
def cohorts(draw: st.DrawFn) -> ContractCohort:
    """Return contracts that fall off in any way."""
    began = draw(st.integers(1, 500))
    ends = draw(st.lists(st.integers(0, began), min_size=1, max_size=8))
    return ContractCohort(began=began, left=sorted(ends, reverse=True))


@given(MODELS, st.integers(1, 60))
def test_curves_fall_and_retention_rises(model: ShiftedBetaGeometric, renewals: int) -> None:
    """Each renewal leaves fewer, and a larger share of those still there than the one before."""
    curve = model.curve(renewals + 1)
    assert all(1 > one > other > 0 for one, other in pairwise(curve))
    assert model.retention(renewals) < model.retention(renewals + 1) < 1
    product = Decimal(1)
    for one in range(1, renewals + 1):
        product *= model.retention(one)
    assert curve[renewals - 1] == pytest.approx(product, rel=Decimal("1E-9"))
    assert model.survival(0) == 1


@given(MODELS, st.sampled_from(["0.1", "0.3", "2"]).map(Decimal), st.integers(0, 8))
def test_discounted_periods_are_a_sum_of_the_curve(
    model: ShiftedBetaGeometric, discount: Decimal, made: int
) -> None:
    """Fader and Hardie (2010), equation (6): the closed form is the discounted sum of survivors."""
    found = model.discounted_periods(discount, made)
    here = float(model.survival(made))
    rate = 1.0 + float(discount)
    later = sum(float(model.survival(made + n)) / here / rate ** (n - 1) for n in range(1, 400))
    assert found is not None
    assert float(found) == pytest.approx(later, rel=1e-6)


def test_a_value_without_discount() -> None:
    """Without discount the periods are the mean renewals, which need α above 1."""
    loyal = ShiftedBetaGeometric(alpha=Decimal(3), beta=Decimal(4))
    assert loyal.expected_renewals() == loyal.discounted_periods(Decimal(0)) == 2
    assert loyal.lifetime_value(Decimal(10), Decimal(0)) == 30
    assert sum(loyal.curve(1200)) == pytest.approx(Decimal(2), rel=Decimal("1E-4"))
    assert REGULAR.expected_renewals(3) is None
    assert REGULAR.lifetime_value(Decimal(10), Decimal(0)) is None


def test_the_value_of_a_new_contract() -> None:
    """The first payment comes now, each renewal a period later, less by the discount each time."""
    found = REGULAR.lifetime_value(Decimal(100), Decimal("0.1"))
    paid = 1.0 + sum(float(one) / 1.1**n for n, one in enumerate(REGULAR.curve(600), 1))
    assert found is not None
    assert float(found) == pytest.approx(100.0 * paid, rel=1e-9)


def test_parameters_next_to_nothing() -> None:
    """However small the parameters, the first renewal keeps its digits and divides by no zero."""
    tiny = ShiftedBetaGeometric(alpha=Decimal("1E-29"), beta=Decimal("3E-29"))
    assert tiny.retention(1) == Decimal("0.75")
    assert tiny.survival(1) == pytest.approx(Decimal("0.75"))


def test_long_customers_are_worth_more() -> None:
    """Who renewed often has more renewals to come, which one rate of retention for all denies."""
    found = [REGULAR.discounted_periods(Decimal("0.1"), n) for n in range(6)]
    assert found == sorted(found, key=lambda one: one or 0)
    assert found[0] != found[5]


def test_cohorts_are_pooled() -> None:
    """Two cohorts that tell the same fit as one of both; unequal lengths may be mixed."""
    one = ContractCohort(began=1000, left=[631, 468, 382])
    double = ContractCohort(began=2000, left=[1262, 936, 764])
    pooled, single = fit_contracts([one, one]), fit_contracts([double])
    assert pooled == single
    assert (pooled.customers, pooled.informative) == (2000, 1236)
    mixed = fit_contracts([one, ContractCohort(began=500, left=[316])])
    assert mixed.model.log_likelihood(
        [one, ContractCohort(began=500, left=[316])]
    ) == pytest.approx(mixed.log_likelihood, rel=Decimal("1E-9"))


def test_no_parameters_nearby_are_likelier() -> None:
    """At the fitted parameters the likelihood falls in every direction."""
    seen = [ContractCohort(began=1000, left=[631, 468, 382, 326, 289, 262, 241])]
    fit = fit_contracts(seen)
    for name in ("alpha", "beta"):
        for factor in (Decimal("0.97"), Decimal("1.03")):
            moved = attrs.evolve(fit.model, **{name: getattr(fit.model, name) * factor})
            assert moved.log_likelihood(seen) < fit.log_likelihood


def test_one_renewal_is_noted() -> None:
    """A single renewal tells the mean chance to end, and the fit says that it tells no more."""
    fit = fit_contracts([ContractCohort(began=100, left=[80])])
    assert any(english.startswith("One renewal") for english, _ in fit.notes)
    assert fit.model.retention(1) == pytest.approx(Decimal("0.8"), abs=Decimal("0.001"))


def test_a_constant_rate_of_renewal() -> None:
    """Where the same share renews each time customers are alike: noted, and the curve holds."""
    fit = fit_contracts([ContractCohort(began=10_000, left=[8000, 6400, 5120, 4096])])
    assert any("ran to a bound" in english for english, _ in fit.notes)
    assert fit.model.survival(4) == pytest.approx(Decimal("0.4096"), abs=Decimal("0.001"))


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        ([], "one or more"),
        ([5], "must be a ContractCohort"),
        (ContractCohort(began=10, left=[5]), "give several"),
        ([ContractCohort(began=10, left=[10, 10])], "none ended"),
        ([ContractCohort(began=10, left=[0])], "first renewal"),
        ([ContractCohort(began=10, left=[0, 0])], "first renewal"),
    ],
)
def test_what_cannot_be_fitted(seen: list[ContractCohort], fault: str) -> None:
    """No cohorts, no end and nothing but ends teach no model."""
    with pytest.raises(InvalidValue, match=fault):
        fit_contracts(seen)


@settings(deadline=None, max_examples=40)
@given(st.lists(cohorts(), min_size=1, max_size=4))
def test_any_cohorts_are_fitted_or_refused(seen: list[ContractCohort]) -> None:
    """Whatever contracts did, there is a model that answers, or a clear refusal."""
    try:
        fit = fit_contracts(seen)
    except InvalidValue as error:
        assert "ended" in str(error)  # noqa: PT017 - either outcome is right
        return
    assert fit.log_likelihood.is_finite()
    assert 0 < fit.model.survival(1) < 1


@pytest.mark.parametrize(
    ("began", "left", "fault"),
    [
        (0, [0], "one contract or more"),
        (5, [], "one renewal or more"),
        (5, [6], "there were 5 before"),
        (5, [3, 4], "there were 3 before"),
        (5, [-1], "from 0 on"),
        (True, [1], "from 0 on"),
    ],
)
def test_contracts_from_nowhere(began: int, left: list[int], fault: str) -> None:
    """No renewal leaves more contracts than there were, and none fewer than none."""
    with pytest.raises(InvalidValue, match=fault):
        ContractCohort(began=began, left=left)


def test_questions_without_an_answer() -> None:
    """Renewals are counted from 1, curves end, discounts and margins are not negative."""
    with pytest.raises(InvalidValue, match="number 1"):
        REGULAR.retention(0)
    with pytest.raises(InvalidValue, match="from 0 on"):
        REGULAR.survival(-1)
    with pytest.raises(InvalidValue, match="1200 at most"):
        REGULAR.curve(1201)
    with pytest.raises(InvalidValue, match="discount"):
        REGULAR.discounted_periods(Decimal("-0.1"))
    with pytest.raises(InvalidValue, match="margin"):
        REGULAR.lifetime_value(Decimal(0), Decimal("0.1"))


@pytest.mark.parametrize("renewals", [10**3, 10**6, 10**9, 10**12, 10**15])
def test_curves_far_out_keep_their_digits(renewals: int) -> None:
    """With whole parameters the share left has a closed form."""
    closed = {
        (1, 1): Fraction(1, renewals + 1),
        (2, 1): Fraction(2, (renewals + 1) * (renewals + 2)),
        (1, 7): Fraction(7, renewals + 7),
        (1, 10**6): Fraction(10**6, renewals + 10**6),
    }
    for (alpha, beta), wanted in closed.items():
        model = ShiftedBetaGeometric(alpha=Decimal(alpha), beta=Decimal(beta))
        assert float(model.survival(renewals)) == pytest.approx(float(wanted), rel=1e-9)
    assert REGULAR.survival(renewals) < REGULAR.survival(renewals // 2)


@pytest.mark.parametrize("renewals", [10**15 + 1, 10**16, 10**400])
def test_renewals_beyond_all_bounds_are_refused(renewals: int) -> None:
    """There the numbers of floats are no longer those of renewals."""
    for asked in (REGULAR.survival, REGULAR.retention, REGULAR.expected_renewals):
        with pytest.raises(InvalidValue, match="at most 1E15"):
            asked(renewals)
    with pytest.raises(InvalidValue, match="at most 1E15"):
        REGULAR.discounted_periods(Decimal("0.1"), renewals)


@pytest.mark.parametrize("left", [3, None])
def test_what_was_left_is_several_numbers(left: object) -> None:
    """A single number says nothing of when."""
    with pytest.raises(InvalidValue, match="give several, in a list"):
        ContractCohort(began=5, left=left)  # type: ignore[arg-type]
