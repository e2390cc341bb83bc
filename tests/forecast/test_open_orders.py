from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast import (
    OpenOrderForecast,
    OrderedLine,
    backlog_curves,
    open_order_forecast,
)
from salescore.render import Language
from salescore.values import Calendar, CalendarUnit, Period

CALENDAR = Calendar()
TODAY = date(2026, 3, 31)
APRIL, MAY, JUNE = CALENDAR.periods(CALENDAR.parse("2026-Q2"), CalendarUnit.MONTH)
NONE = Decimal(0)


def line(
    name: str,
    ordered: date,
    *,
    amount: int = 100,
    after: int | None = None,
    cancelled: int | None = None,
    planned: date | None = None,
) -> OrderedLine:
    """Return a line that was invoiced or called off so many days after its order."""
    return OrderedLine(
        id=name,
        amount=Decimal(amount),
        ordered_on=ordered,
        planned_on=planned,
        invoiced_on=None if after is None else ordered + timedelta(days=after),
        cancelled_on=None if cancelled is None else ordered + timedelta(days=cancelled),
    )


def past() -> list[OrderedLine]:
    """Return four lines of January: invoiced after 10, 40 and 70 days, called off after 20."""
    day = date(2026, 1, 2)
    return [
        line("P1", day, after=10),
        line("P2", day, after=40),
        line("P3", day, after=70),
        line("P4", day, cancelled=20),
    ]


def forecast(
    lines: list[OrderedLine], correlation: Decimal = NONE, many: int = 3
) -> OpenOrderForecast:
    """Return the forecast of the next months."""
    months = (APRIL, MAY, JUNE)[:many]
    return open_order_forecast(lines, as_of=TODAY, periods=months, correlation=correlation)


def test_a_new_line_goes_as_the_lines_before_it() -> None:
    """
    Ordered on the last of March: invoiced after 10, 40 or 70 days with a quarter each.

    These days are 10 April, 10 May and 9 June; the last quarter is called off.
    """
    found = forecast([*past(), line("N", TODAY, amount=200)])
    assert [one.expected for one in found.periods] == [Decimal(50)] * 3
    assert [one.parts[0].chance for one in found.periods] == [Decimal("0.25")] * 3
    assert (found.open_amount, found.later, found.excluded) == (Decimal(200), Decimal(50), ())
    for one in found.periods:
        assert one.distribution.exactly(Decimal(200)) == Decimal("0.25")
        assert one.distribution.mean == one.expected


def test_a_line_that_has_waited_is_compared_with_lines_that_had() -> None:
    """After 45 days only the last of the four was still open: invoiced it will be, after 70."""
    old = line("N", TODAY - timedelta(days=45), amount=200)
    found = forecast([*past(), old])
    assert [one.expected for one in found.periods] == [Decimal(200), NONE, NONE]
    assert found.periods[1].parts == ()
    assert found.periods[1].distribution.values == (NONE,)
    assert found.later == 0


def test_a_line_older_than_any_before_is_left_out_with_a_reason() -> None:
    """Nothing was ever open for 80 days, so nothing says when; the amount is told."""
    old = line("N", TODAY - timedelta(days=80), amount=200)
    found = forecast([*past(), old])
    assert found.excluded == (("N", Decimal(200)),)
    assert [one.expected for one in found.periods] == [NONE] * 3
    assert found.later == 0
    assert "left out: 1 line of 200: no earlier line was open for so long" in found.text()
    assert "无从得知" in found.text(Language.ZH)


def test_lines_with_a_planned_day_are_compared_with_such_lines() -> None:
    """Of two planned lines one came early, counting as on its day, one ten days late."""
    day = date(2026, 1, 2)
    planned = date(2026, 2, 1)
    history = [
        line("Q1", day, after=18, planned=planned),
        line("Q2", day, after=40, planned=planned),
    ]
    ahead = line("N", TODAY, amount=200, planned=date(2026, 4, 25))
    found = forecast([*past(), *history, ahead])
    assert [one.expected for one in found.periods] == [Decimal(100), Decimal(100), NONE]
    late = line("L", TODAY - timedelta(days=60), amount=200, planned=TODAY - timedelta(days=5))
    found = forecast([*past(), *history, late])
    assert [one.expected for one in found.periods] == [Decimal(200), NONE, NONE]


def test_what_came_after_the_day_changes_nothing() -> None:
    """A line invoiced in April is open in March, and one ordered then is not there."""
    open_line = line("N", TODAY, amount=200)
    later = line("N", TODAY, amount=200, after=3)
    new = line("M", TODAY + timedelta(days=1), amount=999)
    assert forecast([*past(), later, new]) == forecast([*past(), open_line])


def test_open_lines_count_for_as_long_as_they_were_seen() -> None:
    """The curve knows an open line by its age; one planned for later is not seen at all."""
    curves = backlog_curves([*past(), line("N", TODAY - timedelta(days=30))], as_of=TODAY)
    assert curves.n == 5
    assert curves.incidence("invoiced", 10) == Decimal("0.2")
    ahead = line("A", TODAY, planned=TODAY + timedelta(days=9))
    assert backlog_curves([ahead], as_of=TODAY).n == 0


def test_nothing_open_brings_nothing() -> None:
    """No open order, or no history at all: defined, and told."""
    found = forecast(past())
    assert [one.distribution.values for one in found.periods] == [(NONE,)] * 3
    assert (found.open_amount, found.later) == (0, 0)
    alone = forecast([line("N", TODAY)])
    assert alone.excluded == (("N", Decimal(100)),)


def test_lines_that_wait_together_widen_the_distribution() -> None:
    """With a common factor ten lines differ more from what is expected of them."""
    lines = [*past(), *(line(f"N{at}", TODAY) for at in range(10))]
    alone, together = (
        forecast(lines, Decimal(one), many=1).periods[0].distribution for one in ("0", "0.5")
    )
    assert alone.mean == pytest.approx(Decimal(250))
    assert together.mean == pytest.approx(Decimal(250))
    assert together.deviation > alone.deviation


def test_text_tells_every_period() -> None:
    """What is open, a line per period, and what is left, in both languages."""
    found = forecast([*past(), line("N", TODAY, amount=200)], many=1)
    assert found.text().splitlines() == [
        "Open orders of 200 on 2026-03-31",
        "2026-04: 50 (80 %: 0 to 200)",
        "later or never: 150",
    ]
    assert found.text(Language.ZH).splitlines()[0] == "2026-03-31 未完成订单 200"
    with pytest.raises(InvalidValue, match=r"Language\.EN"):
        found.text("zh")  # type: ignore[arg-type]


def test_bad_input_is_refused() -> None:
    """Amounts below 0, two ends, an end before the order, names twice, days that are known."""
    with pytest.raises(InvalidValue, match="from 0 on"):
        line("N", TODAY, amount=-1)
    with pytest.raises(InvalidValue, match="not both"):
        line("N", TODAY, after=1, cancelled=1)
    with pytest.raises(InvalidValue, match="before it was ordered"):
        line("N", TODAY, after=-1)
    with pytest.raises(InvalidValue, match="named once"):
        forecast([line("N", TODAY), line("N", TODAY)])
    with pytest.raises(InvalidValue, match="at least one"):
        open_order_forecast([], as_of=TODAY, periods=[], correlation=NONE)
    for periods in ([CALENDAR.parse("2026-03")], [MAY], [APRIL, JUNE]):
        with pytest.raises(InvalidPeriod, match="follow each other"):
            open_order_forecast([], as_of=TODAY, periods=periods, correlation=NONE)
    with pytest.raises(InvalidValue):
        forecast([*past(), line("N", TODAY)], Decimal(2))


DAYS = st.integers(0, 120)
LINES = st.lists(st.tuples(DAYS, DAYS, st.integers(0, 500)), max_size=12)


@settings(deadline=None, max_examples=50)
@given(LINES)
def test_all_parts_sum_to_what_is_open(rows: list[tuple[int, int, int]]) -> None:
    """Periods, later and what is left out are exactly what is open; nothing lies below 0."""
    lines = [
        line(f"L{at}", TODAY - timedelta(days=ago), amount=amount, after=after)
        for at, (ago, after, amount) in enumerate(rows)
    ]
    found = forecast(lines)
    parts = [one.expected for one in found.periods]
    lost = sum((amount for _, amount in found.excluded), NONE)
    assert sum(map(Fraction, parts), Fraction(found.later) + Fraction(lost)) == found.open_amount
    assert min([*parts, found.later]) >= 0
    for one in found.periods:
        assert abs(one.distribution.mean - one.expected) <= Decimal("1E-6")


def test_quarters_hold_what_their_months_hold() -> None:
    """A quarter expects the sum of its months."""
    lines = [*past(), line("N", TODAY, amount=200)]
    quarter: Period = CALENDAR.parse("2026-Q2")
    whole = open_order_forecast(lines, as_of=TODAY, periods=[quarter], correlation=NONE)
    assert whole.periods[0].expected == sum(one.expected for one in forecast(lines).periods)
