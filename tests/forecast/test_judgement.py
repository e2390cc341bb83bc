"""What people judge otherwise: author, reason, day, before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.forecast.open_deals import (
    QUARTER,
    TODAY,
    VECTOR,
    D,
    deal,
    snapshot_of,
    snapshot_of_pairs,
)
from tests.metrics.small_books import usd

from salescore.errors import InvalidValue
from salescore.forecast import (
    Judgement,
    PipelineForecast,
    PipelineSnapshot,
    pipeline_forecast,
    stated_chances,
)
from salescore.render import Language
from salescore.values import Money

SNAPSHOT = snapshot_of_pairs(VECTOR)


def said(key: str | None = "d0", days: int = -1, **fields: Any) -> Judgement:  # noqa: ANN401
    """Return what Anna says, by default yesterday."""
    given: dict[str, Any] = {"author": "Anna", "reason": "she called", **fields}
    if isinstance(given.get("amount"), int):
        given["amount"] = usd(given["amount"])
    return Judgement(opportunity_id=key, on=TODAY + timedelta(days=days), **given)


def forecast(*judgements: Judgement, snapshot: PipelineSnapshot = SNAPSHOT) -> PipelineForecast:
    """Return the forecast after judgement."""
    return pipeline_forecast(snapshot, stated_chances(snapshot), judgements=judgements)


def mean(found: PipelineForecast) -> Fraction:
    """Return the mean, having seen that the parts sum to it."""
    assert found.distribution is not None
    parts = sum((one.exact for one in found.parts if one.exact is not None), Fraction(0))
    assert parts == found.distribution.exact_mean
    return found.distribution.exact_mean


def test_before_and_after_are_shown() -> None:
    """100 at .1 becomes 300 at .5: 10 before, 150 after, and 140 more in all."""
    found = forecast(said(chance=D("0.5"), amount=300))
    assert mean(found) == 239 + 140
    (one,) = found.judgements
    assert (one.chance_before, one.chance_after) == (D("0.1"), D("0.5"))
    assert (one.expected_before, one.expected_after) == (10, 150)
    assert found.part("d0").is_judged
    assert found.part("d0").basis[0] == "judged by Anna, 2026-02-09: she called"
    assert not found.part("d1").is_judged
    assert "judged d0: 10.00 → 150.00 · Anna, 2026-02-09: she called" in found.text()
    assert "判断d0：10.00 → 150.00 · Anna，2026-02-09：she called" in found.text(Language.ZH)


def test_one_part_of_it_may_stay() -> None:
    """A judged amount leaves the chance, a judged chance the amount."""
    assert mean(forecast(said(amount=200))) == 239 + 10
    assert mean(forecast(said(chance=D(1)))) == 239 + 90


def test_exclusion_takes_it_out() -> None:
    """What is excluded adds nothing and stands among those left out, with who said so."""
    found = forecast(said("d3", is_excluded=True))
    assert mean(found) == 239 - 72
    assert found.n == 4
    assert found.judgements[0].chance_after is None
    assert found.judgements[0].expected_after is None
    assert found.left_out[0].ids == ("d3",)
    assert "excluded by Anna" in found.left_out[0].reason[0]


def test_a_later_one_counts_and_the_earlier_is_listed() -> None:
    """Of two chances the later stands; of an earlier chance and amount the amount stays."""
    early = said(days=-9, chance=D("0.2"), amount=1000, author="Bo")
    late = said(days=-2, chance=D("0.4"))
    for order in ((early, late), (late, early)):
        found = forecast(*order)
        assert mean(found) == 239 - 10 + 400
        (one,) = found.ignored
        assert one.judgement == early
        assert one.reason[0] == "a later one says otherwise"
        assert [each.judgement.author for each in found.judgements] == ["Bo", "Anna"]
        assert found.judgements[0].judgement.chance is None
    out_then_in = forecast(said(days=-5, is_excluded=True), said(days=-3, chance=D("0.3")))
    assert mean(out_then_in) == 239 + 20
    assert len(out_then_in.ignored) == 1
    in_then_out = forecast(said(days=-5, chance=D("0.3")), said(days=-3, is_excluded=True))
    assert mean(in_then_out) == 229
    assert "not applied to d0: Anna, 2026-02-05" in in_then_out.text()


def test_of_one_day_the_last_one_said_counts() -> None:
    """On one day the order given is the order in which they were said."""
    assert mean(forecast(said(chance=D(0)), said(chance=D(1)))) == 239 + 90
    assert mean(forecast(said(chance=D(1)), said(chance=D(0)))) == 239 - 10


def test_what_is_said_after_the_day_changes_nothing() -> None:
    """Tomorrow's judgement is not there today, not even in the list of those not applied."""
    assert forecast(said(days=1, chance=D(1)), said(None, days=3, amount=5)) == forecast()
    assert forecast(said(days=0, chance=D(1))) != forecast()


def test_the_total_is_judged_by_its_mean() -> None:
    """Twice the mean doubles every part and every value; chances stay."""
    plain, found = forecast(), forecast(said(None, amount=478))
    assert mean(found) == 478
    assert plain.distribution is not None
    assert found.distribution is not None
    assert found.distribution.values == tuple(2 * one for one in plain.distribution.values)
    assert found.part("d3").exact == 144
    assert found.part("d3").chance == D("0.9")
    (one,) = found.judgements
    assert (one.expected_before, one.expected_after) == (239, 478)
    assert (one.chance_before, one.chance_after) == (None, None)
    assert "judged total: 239.00 → 478.00" in found.text()


@pytest.mark.parametrize("correlation", [D(0), D("0.2")])
@pytest.mark.parametrize("amount", [100, 5000, 7, 70_000])
def test_the_total_keeps_all_digits_of_what_was_judged(amount: int, correlation: Decimal) -> None:
    """Also where what was judged over the mean has no end as a decimal, the mean is as judged."""
    chances = stated_chances(SNAPSHOT)
    found = pipeline_forecast(
        SNAPSHOT, chances, judgements=[said(None, amount=amount)], correlation=correlation
    )
    assert found.distribution is not None
    assert found.distribution.mean == amount
    assert abs(mean(found) - amount) < Fraction(amount, 10**38)
    assert found.judgements[0].expected_after == amount


def test_the_total_of_nothing_is_what_was_judged() -> None:
    """Where nothing is expected, or nothing known, the judgement is a part of its own."""
    empty = forecast(said(None, amount=50), snapshot=snapshot_of())
    assert (mean(empty), len(empty.parts)) == (50, 1)
    assert empty.parts[0].name[0] == "judgement of the total"
    unknown = forecast(said(None, amount=50), snapshot=snapshot_of(deal(1, None, None)))
    assert (mean(unknown), unknown.reason) == (50, None)
    assert unknown.judgements[0].expected_before is None


def test_it_brings_in_what_the_method_left_out() -> None:
    """Without a chance or an amount a deal counts once both are judged."""
    snapshot = snapshot_of(deal(1, None, None))
    assert forecast(snapshot=snapshot).distribution is None
    found = forecast(said("d1", chance=D("0.5"), amount=10), snapshot=snapshot)
    assert mean(found) == 5
    assert found.judgements[0].expected_before is None


def test_it_brings_in_what_belongs_elsewhere() -> None:
    """A deal of another quarter that somebody judges counts in this one."""
    snapshot = snapshot_of(deal(1, "10", "0.5", expected_close_on=date(2027, 1, 1)))
    chances = stated_chances(snapshot, during=QUARTER)
    found = pipeline_forecast(snapshot, chances, judgements=[said("d1", chance=D(1))])
    assert (mean(found), found.n) == (10, 1)
    assert found.notes == (("amounts as stated", "按商机所载金额"),)


def test_one_that_is_not_open_is_told() -> None:
    """A judgement of a deal that is not there changes nothing and is listed."""
    found = forecast(said("gone", chance=D(1)))
    assert mean(found) == 239
    assert [one.reason[0] for one in found.ignored] == ["its opportunity is not open here"]


@pytest.mark.parametrize(
    "fields",
    [
        {"author": " ", "chance": D(1)},
        {"reason": "", "chance": D(1)},
        {"chance": D("1.1")},
        {"chance": D("NaN")},
        {"chance": 1},
        {"chance": D(1), "is_excluded": True},
        {},
        {"opportunity_id": None, "chance": D(1), "amount": usd(5)},
        {"opportunity_id": None, "is_excluded": True},
        {"on": datetime(2026, 1, 1, tzinfo=UTC), "chance": D(1)},
    ],
)
def test_what_is_no_judgement_is_refused(fields: dict[str, Any]) -> None:
    """Author, reason and day are told; it says something, and nothing that contradicts itself."""
    given: dict[str, Any] = {
        "author": "Anna",
        "reason": "so",
        "on": date(2026, 1, 1),
        "opportunity_id": "d0",
        **fields,
    }
    with pytest.raises(InvalidValue, match="judgement"):
        Judgement(**given)


def test_an_amount_is_in_the_reporting_currency() -> None:
    """Euros do not judge a forecast in dollars, and the message tells whose they are."""
    euros = Money(D(5), "EUR")
    words = "in EUR, the pipeline in USD; state it in USD"
    with pytest.raises(InvalidValue, match=f"judgement of d0 by Anna on 2026-02-09.*{words}"):
        forecast(said(amount=euros))
    with pytest.raises(InvalidValue, match=f"of the total by Anna.*'5 EUR': it is {words}"):
        forecast(said(None, amount=euros))
