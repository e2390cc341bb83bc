"""Stated chances in a period, slippage out of it, and the overall win rate."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.forecast.open_deals import (
    NEXT,
    QUARTER,
    TODAY,
    D,
    deal,
    facts,
    record,
    snapshot_of,
)

from salescore.book import Facts
from salescore.entities import Event, Opportunity
from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import (
    SlipHistory,
    Standing,
    WinChance,
    overall_chances,
    pipeline_forecast,
    pipeline_snapshot,
    slip_history,
    stated_chances,
)
from salescore.forecast._pipeline_window import Window
from salescore.pipeline import PastDue, close_date_event, weighted_pipeline
from salescore.values import Calendar

FEBRUARY = Calendar().parse("2026-02")
JANUARY = date(2026, 1, 20)
MARCH = date(2026, 3, 20)
MAY = date(2026, 5, 20)
ROWS = (
    record(1, amount=100, probability=D("0.5"), expected_close_on=JANUARY),
    record(2, amount=200, probability=D("0.5"), expected_close_on=MARCH),
    record(3, amount=400, probability=D("0.5"), expected_close_on=MAY),
    record(4, amount=800, probability=D("0.5")),
    record(5, amount=1600, probability=D("0.5"), expected_close_on=TODAY),
)


@pytest.mark.parametrize("policy", list(PastDue))
@pytest.mark.parametrize("during", [FEBRUARY, QUARTER, NEXT, None])
def test_it_is_the_weighted_pipeline(policy: PastDue, during: object) -> None:
    """The mean is the weighted pipeline of the same period and policy."""
    known = facts(*ROWS, as_of=TODAY)
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    chances = stated_chances(snapshot, during=during, past_due=policy)  # type: ignore[arg-type]
    found = pipeline_forecast(snapshot, chances)
    weighted = weighted_pipeline(known, policy=policy, during=during)  # type: ignore[arg-type]
    assert found.distribution is not None
    assert found.distribution.mean == weighted.figure.value


def test_why_one_does_not_count() -> None:
    """Another period, no day, past due: each is told."""
    snapshot = pipeline_snapshot(facts(*ROWS), as_of=TODAY)
    found = stated_chances(snapshot, during=QUARTER, past_due=PastDue.EXCLUDE)
    assert [one.standing for one in found.rows] == [
        Standing.OUTSIDE,
        Standing.COUNTS,
        Standing.OUTSIDE,
        Standing.UNKNOWN,
        Standing.COUNTS,
    ]
    assert {one.reason[0] for one in found.left_out} == {
        "past its expected close",
        "expected to close in another period",
        "expected close unknown",
    }
    assert found.of("d2").chance == D("0.5")
    with pytest.raises(UnknownName):
        found.of("d9")


def test_a_period_that_is_over_is_refused() -> None:
    """The last day of a period has nothing to come of it, nor has any day after."""
    snapshot = pipeline_snapshot(facts(*ROWS), as_of=TODAY)
    january = Calendar().parse("2026-01")
    with pytest.raises(InvalidValue, match="nothing of it is to come"):
        stated_chances(snapshot, during=january)
    with pytest.raises(InvalidValue, match="nothing of it is to come"):
        Window.of(january.last_day, january)
    with pytest.raises(InvalidValue, match="it must be a Period"):
        stated_chances(snapshot, during="2026-Q1")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="PastDue"):
        stated_chances(snapshot, past_due="keep")  # type: ignore[arg-type]
    window = Window.of(TODAY, QUARTER)
    assert (window.first, window.last, window.days) == (1, 49, 49)
    assert window.day(49) == QUARTER.last_day
    assert Window.of(TODAY, NEXT).day(Window.of(TODAY, NEXT).first) == NEXT.start


def test_days_slip_out_of_the_period_and_into_it() -> None:
    """Of four delays two leave the quarter; what slips out of it comes in the next."""
    slips = SlipHistory(delays=[30, 0, 5, 60])
    one = deal(1, "100", "0.8", expected_close_on=date(2026, 3, 20))
    snapshot = snapshot_of(one)
    now = stated_chances(snapshot, during=QUARTER, slips=slips)
    later = stated_chances(snapshot, during=NEXT, slips=slips)
    assert (now.of("d1").chance, later.of("d1").chance) == (D("0.4"), D("0.4"))
    window = Window.of(TODAY, QUARTER)
    assert slips.slips_out(38, window) == Fraction(1, 2)
    assert "50%" in now.of("d1").basis[0]


def test_what_is_past_due_is_compared_with_wins_as_late() -> None:
    """A deal 21 days late is one of the two wins later than that; one later than all is unknown."""
    slips = SlipHistory(delays=[0, 5, 30, 90])
    late = deal(1, "100", "0.8", expected_close_on=date(2026, 1, 20))
    snapshot = snapshot_of(
        late, deal(2, "100", "0.8", expected_close_on=date(2025, 1, 1)), deal(3, "1", "1")
    )
    found = stated_chances(snapshot, during=QUARTER, slips=slips)
    assert [one.chance for one in found.rows] == [D("0.4"), None, None]
    assert found.of("d2").basis[0].startswith("past its expected close by more")
    assert slips.slips_out(-500, Window.of(TODAY, QUARTER)) is None


def test_slips_need_a_period_and_a_history_of_before() -> None:
    """Delays that nobody knew yet, and no period to slip out of, are refused."""
    snapshot = snapshot_of(
        deal(1, "1", "1", expected_close_on=MARCH), deal(2, "1", None, expected_close_on=MARCH)
    )
    with pytest.raises(InvalidValue, match="name `during`"):
        stated_chances(snapshot, slips=SlipHistory(delays=[1]))
    ahead = SlipHistory(delays=[1], as_of=date(2026, 2, 11))
    with pytest.raises(InvalidValue, match="after the snapshot"):
        stated_chances(snapshot, during=QUARTER, slips=ahead)
    none = stated_chances(snapshot, during=QUARTER, slips=SlipHistory(delays=[]))
    assert [one.standing for one in none.rows] == [Standing.UNKNOWN, Standing.UNKNOWN]


@given(
    st.lists(st.integers(-40, 200), min_size=1, max_size=20),
    st.integers(-100, 200),
)
def test_shares_of_adjoining_periods_never_exceed_the_whole(delays: list[int], slack: int) -> None:
    """Of what has not come yet, quarter after quarter takes its share, together all of it."""
    slips = SlipHistory(delays=delays)
    quarters = [QUARTER, NEXT, Calendar().parse("2026-Q3"), Calendar().parse("2026-Q4")]
    shares = [slips.share(slack, Window.of(TODAY, one)) for one in quarters]
    if shares[0] is None:
        assert shares == [None] * 4
        assert max(delays) + slack <= 0
    else:
        total = sum(one for one in shares if one is not None)
        out = slips.slips_out(slack, Window.of(TODAY, quarters[-1]))
        assert out is not None
        assert total + out == 1


def pushed(number: int, days: int) -> tuple[Opportunity, Event]:
    """Return a win of which the expected day was pushed by some days, closed two days later."""
    first = date(2025, 6, 1)
    end = date.fromordinal(first.toordinal() + days)
    won = date.fromordinal(end.toordinal() + 2)
    after = record(number, "won", created_on=first, expected_close_on=end, closed_on=won)
    before = record(number, created_on=first, expected_close_on=first)
    event = close_date_event(before, after, at=datetime(2025, 6, 1, 12, tzinfo=UTC))
    assert event is not None
    return after, event


def test_delays_are_learnt_from_pushes_and_the_last_days() -> None:
    """A push of ten days and a win two days after the last expected day are twelve days."""
    sales, events = zip(*(pushed(number, 10 * number) for number in range(1, 4)), strict=True)
    known = facts(*sales, events=events)
    found = slip_history(known, as_of=TODAY, fewest=3)
    assert (found.delays, found.reason, found.as_of) == ((12, 22, 32), None, TODAY)
    few = slip_history(known, as_of=TODAY, fewest=4)
    assert few.n == 0
    assert few.reason is not None
    assert few.reason[0] == "3 wins with known delays, 4 needed"
    assert slip_history(known, as_of=date(2025, 6, 20), fewest=1).delays == (12,)
    nobody = slip_history(facts(*sales), as_of=TODAY)
    assert nobody.reason is not None
    assert nobody.reason[0] == "changes of the close date unknown"
    with pytest.raises(InvalidValue, match="fewest"):
        slip_history(known, as_of=TODAY, fewest=0)


def history(*kinds: str) -> Facts:
    """Return opportunities that closed in January, and two that are open."""
    closed = [
        record(10 + number, kind, amount=10, closed_on=date(2026, 1, 30))
        for number, kind in enumerate(kinds)
    ]
    return facts(*closed, record(1, amount=100), record(2, amount=200))


def test_the_overall_win_rate_is_a_baseline() -> None:
    """Three won, one lost, one void: 75 % of each open amount narrow, 60 % broad."""
    known = history("won", "won", "won", "lost", "void")
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    narrow = overall_chances(snapshot, known, during=QUARTER)
    assert {one.chance for one in narrow.rows} == {D("0.75")}
    found = pipeline_forecast(snapshot, narrow)
    assert found.distribution is not None
    assert found.distribution.mean == 225
    broad = overall_chances(snapshot, known, rate="win_rate_broad")
    assert broad.rows[0].chance == D("0.6")


def test_without_history_nothing_is_said() -> None:
    """Nobody closed: the forecast is undefined and says why, not 0."""
    known = history()
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    found = pipeline_forecast(snapshot, overall_chances(snapshot, known))
    assert (found.distribution, found.wins) == (None, None)
    assert found.reason is not None
    assert "no chance" in found.reason[0]
    assert found.left_out[0].reason[0].startswith("no win rate")


def test_a_later_win_changes_no_rate() -> None:
    """What closes after the day is not seen."""
    known = history("won", "lost")
    late = [record(20 + n, "won", closed_on=date(2026, 3, 1)) for n in range(5)]
    more = facts(*known.book.opportunities, *late)
    before = overall_chances(pipeline_snapshot(known, as_of=TODAY), known)
    snapshot = pipeline_snapshot(more, as_of=TODAY)
    after = overall_chances(snapshot, more)
    assert after.of("d1") == before.of("d1")
    with pytest.raises(InvalidValue, match="to come"):
        overall_chances(snapshot, more, during=Calendar().parse("2025"))


def test_a_chance_and_its_standing_belong_together() -> None:
    """Who counts has a chance, and nobody else; it lies from 0 to 1."""
    with pytest.raises(InvalidValue, match="and no other"):
        WinChance(id="a", chance=None, basis=("", ""))
    with pytest.raises(InvalidValue, match="and no other"):
        WinChance(id="a", chance=D(1), basis=("", ""), standing=Standing.OUTSIDE)
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        WinChance(id="a", chance=D(2), basis=("", ""))
