"""The forecast of a pipeline: the vector of the oracles, its laws, and bad input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.open_deals import (
    QUARTER,
    TODAY,
    VECTOR,
    D,
    deal,
    facts,
    record,
    snapshot_of,
    snapshot_of_pairs,
)

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import (
    OpenOpportunity,
    PipelineForecast,
    PipelineSnapshot,
    WonAmounts,
    pipeline_forecast,
    pipeline_snapshot,
    stated_amounts,
    stated_chances,
)
from salescore.render import Language


def forecast(snapshot: PipelineSnapshot, **options: object) -> PipelineForecast:
    """Return the forecast out of stated chances."""
    return pipeline_forecast(snapshot, stated_chances(snapshot), **options)  # type: ignore[arg-type]


def test_the_deals_of_the_oracle_through_a_book() -> None:
    """Five deals: mean 239, variance 13,957 and the rest of ORACLES, section 1, exactly."""
    rows = [
        record(number, amount=int(amount), probability=D(chance))
        for number, (amount, chance) in enumerate(VECTOR)
    ]
    found = forecast(pipeline_snapshot(facts(*rows), as_of=TODAY))
    told = found.distribution
    assert told is not None
    assert told.is_exact
    assert (told.mean, told.variance) == (239, 13957)
    assert round(told.deviation, 6) == D("118.139748")
    assert (told.at_least(D(200)), told.at_least(D(300))) == (D("0.6948"), D("0.2784"))
    assert [told.quantile(D(p)) for p in ("0.1", "0.5", "0.9")] == [80, 250, 400]
    assert told.exactly(D(80)) == D("0.1134")
    assert [one.expected for one in found.parts] == [10, 25, 60, 72, 72]
    assert found.wins is not None
    assert found.wins.mean == D("2.4")


def test_the_number_of_wins_of_the_oracle() -> None:
    """Chances .1, .2 and .3: none to three wins with 63/125, 199/500, 23/250 and 3/500."""
    found = forecast(snapshot_of_pairs([("1", ".1"), ("1", ".2"), ("1", ".3")])).wins
    assert found is not None
    chances = [Fraction(one, found.total) for one in found.weights]
    assert chances == [Fraction(63, 125), Fraction(199, 500), Fraction(23, 250), Fraction(3, 500)]


def test_it_reads_like_a_forecast() -> None:
    """Method, period, day, mean, band, wins and what is left out, in English and Chinese."""
    snapshot = snapshot_of(deal(1, "1000", "0.5"), deal(2, None, "0.5"), deal(3, "7", None))
    found = forecast(snapshot)
    assert found.text().splitlines() == [
        "stage-weighted, past due counts on its day · in the end · as of 2026-02-10",
        "expected USD 500.00, 80 % from 0.00 to 1,000.00",
        "wins 1.0, 80 % from 0.0 to 2.0",
        "left out: amount unknown (1)",
        "left out: chance unknown (1)",
        "amounts as stated",
        "sales taken as independent: if they succeed or fail together the spread is wider",
    ]
    assert "independent" not in forecast(snapshot, correlation=D("0.2")).text()
    assert "independent" not in forecast(snapshot_of(deal(1, "5", "0.5"), deal(2, "5", "1"))).text()
    assert found.text(Language.ZH).splitlines()[1:5] == [
        "预期 USD 500.00，80 % 区间：0.00 至 1,000.00",
        "赢单 1.0，80 % 区间：0.0 至 2.0",
        "未计入：金额未知（1个）",
        "未计入：赢单概率未知（1个）",
    ]
    assert found.n == 2
    assert found.part("d2").expected is None
    with pytest.raises(UnknownName):
        found.part("d3")


def test_no_open_opportunity_is_a_certain_0() -> None:
    """Nothing open brings 0 for sure, and the note says why; likewise where none is due."""
    empty = forecast(snapshot_of())
    assert empty.distribution is not None
    assert empty.wins is not None
    assert (empty.distribution.values, empty.wins.values) == ((0,), (0,))
    assert empty.notes == (("no open opportunity", "没有进行中的商机"),)
    snapshot = snapshot_of(deal(1, "5", "0.5", expected_close_on=date(2027, 1, 1)))
    none = pipeline_forecast(snapshot, stated_chances(snapshot, during=QUARTER))
    assert none.distribution is not None
    assert none.distribution.values == (0,)
    assert none.notes[0][0] == "no open opportunity belongs to the period"
    assert none.text().splitlines()[0].endswith("2026-Q1 · as of 2026-02-10")


def test_unknown_is_not_0() -> None:
    """Where no chance or no amount is known at all, there is a reason and no number."""
    nothing = forecast(snapshot_of(deal(1, "5", None)))
    assert (nothing.distribution, nothing.wins) == (None, None)
    assert nothing.reason is not None
    assert nothing.reason[0].startswith("no chance")
    assert nothing.reason[0] in nothing.text()
    priceless = forecast(snapshot_of(deal(1, None, "0.5")))
    assert priceless.distribution is None
    assert priceless.wins is not None
    assert priceless.wins.mean == D("0.5")
    assert priceless.reason is not None
    assert priceless.reason[0].startswith("no amount")


def test_a_currency_without_rate_is_left_out_with_its_reason() -> None:
    """Yen without a rate count as a win, not as money."""
    snapshot = snapshot_of(deal(1, "5", "0.5"), deal(2, None, "0.5", unpriced="JPY"))
    found = forecast(snapshot)
    assert [(one.reason[0], one.ids) for one in found.left_out] == [
        ("no exchange rate for JPY", ("d2",))
    ]
    assert found.distribution is not None
    assert found.distribution.mean == D("2.5")


def test_what_belongs_elsewhere_is_refused() -> None:
    """Chances of another day, of other deals, amounts of others, a correlation above 1."""
    one, other = snapshot_of(deal(1, "5", "0.5")), snapshot_of(deal(2, "5", "0.5"))
    moved = attrs.evolve(one, as_of=date(2026, 2, 9))
    with pytest.raises(InvalidValue, match="they are as of"):
        pipeline_forecast(one, stated_chances(moved))
    with pytest.raises(InvalidValue, match="another snapshot"):
        pipeline_forecast(one, stated_chances(other))
    with pytest.raises(InvalidValue, match="another snapshot"):
        forecast(one, amounts=WonAmounts(method=("", ""), rows=stated_amounts(other).rows))
    for correlation in ("-0.1", "1.1"):
        with pytest.raises(InvalidValue, match="from 0 to 1"):
            forecast(one, correlation=D(correlation))


CHANCES = st.sampled_from(["0", "0.1", "0.25", "0.5", "0.9", "1"])
DEALS = st.lists(
    st.tuples(st.integers(0, 400).map(str), CHANCES), min_size=1, max_size=7
)  # few enough to be exact


@given(DEALS)
@settings(max_examples=50, deadline=None)
def test_parts_sum_to_the_whole(pairs: list[tuple[str, str]]) -> None:
    """Expected amounts and wins of the parts are exactly the means."""
    found = forecast(snapshot_of_pairs(pairs))
    assert found.distribution is not None
    assert found.wins is not None
    nothing = Fraction(0)
    amounts = sum((one.exact for one in found.parts if one.exact is not None), nothing)
    wins = sum((one.wins for one in found.parts if one.wins is not None), nothing)
    assert (amounts, wins) == (found.distribution.exact_mean, found.wins.exact_mean)


@given(DEALS, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_names_and_order_do_not_matter(pairs: list[tuple[str, str]], dice: object) -> None:
    """The same deals under other names in another order have the same distributions."""
    shuffled = [*pairs]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (forecast(snapshot_of_pairs(each)) for each in (pairs, shuffled))
    assert (one.distribution, one.wins) == (other.distribution, other.wins)


@given(DEALS)
@settings(max_examples=50, deadline=None)
def test_a_currency_scaled_by_100_scales_every_value(pairs: list[tuple[str, str]]) -> None:
    """In cents every value is a hundred times as large, and as likely."""
    one = forecast(snapshot_of_pairs(pairs)).distribution
    cents = [(f"{amount}00", chance) for amount, chance in pairs]
    other = forecast(snapshot_of_pairs(cents)).distribution
    assert one is not None
    assert other is not None
    assert other.values == tuple(100 * value for value in one.values)
    assert other.weights == one.weights


@given(st.lists(st.integers(0, 400), max_size=6), st.integers(0, 6))
def test_chances_of_0_and_1_leave_no_doubt(amounts: list[int], sure: int) -> None:
    """What is sure to be won is the sum; what cannot be won adds nothing."""
    pairs = [(str(one), "1" if place < sure else "0") for place, one in enumerate(amounts)]
    found = forecast(snapshot_of_pairs(pairs))
    assert found.distribution is not None
    assert found.wins is not None
    assert found.distribution.values == (sum(amounts[:sure]),)
    assert found.wins.values == (min(sure, len(amounts)),)


@given(DEALS, st.lists(st.integers(0, 3000).map(Decimal), min_size=2, max_size=6))
def test_more_is_never_likelier(pairs: list[tuple[str, str]], asked: list[Decimal]) -> None:
    """P(at least x) never rises with x."""
    found = forecast(snapshot_of_pairs(pairs)).distribution
    assert found is not None
    chances = [found.at_least(one) for one in sorted(asked)]
    assert chances == sorted(chances, reverse=True)


@given(DEALS, st.sampled_from(["0.1", "0.5", "0.9"]))
@settings(max_examples=15, deadline=None)
def test_correlation_leaves_the_mean(pairs: list[tuple[str, str]], correlation: str) -> None:
    """One common factor widens the spread, if anything, and leaves mean and parts as they are."""
    snapshot = snapshot_of_pairs(pairs)
    alone, shared = forecast(snapshot), forecast(snapshot, correlation=D(correlation))
    assert alone.distribution is not None
    assert shared.distribution is not None
    assert shared.parts == alone.parts
    assert shared.distribution.exact_mean == alone.distribution.exact_mean
    width = shared.distribution.step or 0
    more = shared.distribution.deviation + width + D("0.001")
    assert more >= alone.distribution.deviation
    assert shared.correlation == D(correlation)


def test_sales_that_succeed_or_fail_together() -> None:
    """With all driven by one factor all or nothing is likelier, of amounts and of wins."""
    snapshot = snapshot_of_pairs([("10", "0.5")] * 6)
    alone, together = forecast(snapshot), forecast(snapshot, correlation=D("0.9"))
    for one, other in (
        (alone.distribution, together.distribution),
        (alone.wins, together.wins),
    ):
        assert one is not None
        assert other is not None
        assert other.deviation > D("1.5") * one.deviation


def test_what_is_recorded_later_changes_no_forecast() -> None:
    """New deals of tomorrow leave today's forecast as it was, to the last digit."""
    rows = [
        record(number, amount=int(amount), probability=D(chance))
        for number, (amount, chance) in enumerate(VECTOR)
    ]
    late = [
        record(9, amount=5, probability=D(1), created_on=date(2026, 2, 11)),
        record(8, "won", amount=5, created_on=date(2026, 2, 12), closed_on=date(2026, 2, 13)),
    ]
    one, other = (
        forecast(pipeline_snapshot(facts(*each), as_of=TODAY)) for each in (rows, [*rows, *late])
    )
    assert one == other


def many(n: int) -> PipelineSnapshot:
    """Return a snapshot of many deals."""
    return snapshot_of(
        *(
            OpenOpportunity(
                id=f"d{number:05}",
                stage="offer",
                chance=D(5 + number * 7 % 90) / 100,
                amount=D(1000 + number * 37 % 9000),
            )
            for number in range(n)
        )
    )


def test_many_deals_stand_on_a_grid_with_exact_moments() -> None:
    """Of 300 deals mean and variance are those of the parts, whatever the grid."""
    snapshot = many(300)
    found = forecast(snapshot).distribution
    assert found is not None
    pairs = [(one.amount or D(0), one.chance or D(0)) for one in snapshot.opportunities]
    mean = sum((Fraction(a) * Fraction(p) for a, p in pairs), Fraction(0))
    variance = sum(
        (Fraction(a) ** 2 * Fraction(p) * Fraction(1 - p) for a, p in pairs), Fraction(0)
    )
    assert (found.exact_mean, found.exact_variance) == (mean, variance)
