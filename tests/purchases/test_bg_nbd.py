"""BG/NBD and MBG/NBD: fits obey the laws of a likelihood, and bad data are refused or noted."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.purchases.customers import (
    CDNOW,
    MIXED,
    MODIFIED,
    histories,
    history,
    some_history,
    some_model,
)

from salescore.errors import InvalidValue
from salescore.purchases import BgNbd, Fit, PurchaseHistory, fit_bg_nbd

SCALES = [Decimal(7), Decimal("0.001")]


def parameters(fit: Fit[BgNbd]) -> list[float]:
    """Return r, α, a and b."""
    model = fit.model
    return [float(one) for one in (model.r, model.alpha, model.a, model.b)]


def scaled(one: PurchaseHistory, factor: Decimal) -> PurchaseHistory:
    """Return a history in another unit of time."""
    return attrs.evolve(one, recency=one.recency * factor, age=one.age * factor)


@pytest.mark.parametrize("is_modified", [False, True])
def test_no_parameters_nearby_are_likelier(is_modified: bool) -> None:  # noqa: FBT001
    """At the fitted parameters the likelihood falls in every direction."""
    fit = fit_bg_nbd(MIXED, is_modified=is_modified)
    assert fit.is_converged
    assert fit.model.log_likelihood(MIXED) == pytest.approx(fit.log_likelihood, rel=Decimal("1E-9"))
    for name in ("r", "alpha", "a", "b"):
        for factor in (Decimal("0.97"), Decimal("1.03")):
            moved = attrs.evolve(fit.model, **{name: getattr(fit.model, name) * factor})
            assert moved.log_likelihood(MIXED) < fit.log_likelihood


@pytest.mark.parametrize("is_modified", [False, True])
@pytest.mark.parametrize("factor", SCALES)
def test_another_unit_of_time_scales_alpha(factor: Decimal, is_modified: bool) -> None:  # noqa: FBT001
    """In days instead of weeks α is seven times as large, and nothing else changes."""
    fit = fit_bg_nbd(MIXED, is_modified=is_modified)
    other = fit_bg_nbd([scaled(one, factor) for one in MIXED], is_modified=is_modified)
    r, alpha, a, b = parameters(fit)
    assert parameters(other) == pytest.approx([r, alpha * float(factor), a, b], rel=1e-5)
    repeats = sum(one.repeats for one in MIXED)
    change = -repeats * float(factor.ln())
    assert float(other.log_likelihood - fit.log_likelihood) == pytest.approx(change)


def test_the_order_of_customers_is_free() -> None:
    """A fit is of a set of customers: their order and names change no digit."""
    fit = fit_bg_nbd(MIXED)
    turned = [attrs.evolve(one, key=f"x{one.key}") for one in reversed(MIXED)]
    assert fit_bg_nbd(turned) == fit


def test_likelihoods_of_customers_add_up() -> None:
    """Customers with equal histories are grouped; one by one they give the same sum."""
    together = [*MIXED, *MIXED[:7]]
    for model in (CDNOW, MODIFIED):
        single = sum(model.log_likelihood([one]) for one in together)
        assert single == pytest.approx(model.log_likelihood(together), rel=Decimal("1E-10"))


def test_twice_the_customers_say_the_same_more_surely() -> None:
    """Each customer twice gives the same model and twice the log-likelihood."""
    fit, twice = fit_bg_nbd(MIXED), fit_bg_nbd([*MIXED, *MIXED])
    assert parameters(twice) == pytest.approx(parameters(fit), rel=1e-4)
    assert twice.log_likelihood == pytest.approx(2 * fit.log_likelihood, rel=Decimal("1E-9"))
    assert (twice.customers, twice.informative) == (2 * len(MIXED), 2 * fit.informative)


def test_few_customers_are_noted() -> None:
    """A fit on a handful says that chance rules its parameters, in both languages."""
    fit = fit_bg_nbd(MIXED)
    assert fit.customers == len(MIXED) < 50
    (note,) = [one for one in fit.notes if "rests on" in one[0]]
    assert str(len(MIXED)) in note[1]


def test_customers_who_are_all_alike() -> None:
    """Equal customers leave open how rates differ: the fit says so, and still expects well."""
    alike = histories(*[(3, "30", "39")] * 60)
    fit = fit_bg_nbd(alike)
    assert any("ran to a bound" in english for english, _ in fit.notes)
    outlook = fit.model.customer(alike[0])
    assert 0 < outlook.chance_alive <= 1
    assert outlook.expected_purchases(Decimal(39)) == pytest.approx(3, rel=Decimal("0.25"))


def test_nobody_seems_to_leave() -> None:
    """Where everybody bought to the end, hardly anybody is found to leave, which is noted."""
    loyal = histories(*[(n, "38.9", "39") for n in (4, 6, 9, 12, 15) for _ in range(12)])
    fit = fit_bg_nbd(loyal)
    assert any("Hardly anybody seems to leave" in english for english, _ in fit.notes)
    assert fit.model.customer(loyal[0]).chance_alive > Decimal("0.95")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "two or more"),
        ([history(2, "30", "39")], "two or more"),
        ([history(0, "0", "39")] * 5, "nobody bought again"),
        ([history(0, "0", "0")] * 5, "nobody bought again"),
    ],
)
def test_what_cannot_be_fitted(rows: list[PurchaseHistory], fault: str) -> None:
    """No customers, one customer and customers who never bought again teach no model."""
    with pytest.raises(InvalidValue, match=fault):
        fit_bg_nbd(rows)


@settings(deadline=None, max_examples=25)
@given(st.lists(some_history(), min_size=2, max_size=8), st.booleans())
def test_any_customers_are_fitted_or_refused(
    rows: list[PurchaseHistory],
    is_modified: bool,  # noqa: FBT001
) -> None:
    """Whatever the histories, there is a model that answers, or a clear refusal."""
    if not any(one.repeats for one in rows):
        with pytest.raises(InvalidValue, match="nobody bought again"):
            fit_bg_nbd(rows, is_modified=is_modified)
        return
    fit = fit_bg_nbd(rows, is_modified=is_modified)
    assert fit.log_likelihood.is_finite()
    for one in rows:
        outlook = fit.model.customer(one)
        assert 0 <= outlook.chance_alive <= 1
        assert outlook.expected_purchases(one.age) >= 0


@pytest.mark.parametrize("name", ["r", "alpha", "a", "b"])
@pytest.mark.parametrize("value", [Decimal(0), Decimal(-1), Decimal("NaN"), 0.5, Decimal("1E+99")])
def test_parameters_that_are_none(name: str, value: object) -> None:
    """Parameters lie above 0, are decimals and of a size that floats bear."""
    with pytest.raises(InvalidValue, match=name):
        attrs.evolve(CDNOW, **{name: value})


def test_names() -> None:
    """The forms are told apart by name."""
    assert (CDNOW.name, MODIFIED.name) == ("BG/NBD", "MBG/NBD")


@given(some_model(), some_history())
def test_likelihoods_are_finite(model: BgNbd, one: PurchaseHistory) -> None:
    """Every history has a likelihood above 0 under every model."""
    assert model.log_likelihood([one]).is_finite()


@pytest.mark.parametrize("flag", ["no", 1, None])
def test_the_form_is_told_by_true_or_false(flag: object) -> None:
    """A text is no answer, though Python takes it for a yes."""
    with pytest.raises(InvalidValue, match="True or False"):
        BgNbd(r=Decimal(1), alpha=Decimal(1), a=Decimal(1), b=Decimal(1), is_modified=flag)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="True or False"):
        fit_bg_nbd([], is_modified=flag)  # type: ignore[arg-type]
