"""
Backtest of pipeline forecasts on Maven's CRM data, at each month end of 2017.

Run `python tools/backtest_maven.py FOLDER`, FOLDER being that of the CSV files.
Two traps of these data are stepped around here, and a forecast that does not would look ahead:
amounts are written over when a sale closes, so that open ones are priced at the list price of
their product; and sales that never went beyond prospecting have no date at all, so that nobody
knows on which day they existed, and they are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import attrs

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, StageKind, StageVisit, StageVisitId
from salescore.exchange import read_folder
from salescore.forecast import (
    Backtest,
    ChanceBacktest,
    Distribution,
    Method,
    PipelineForecast,
    PipelineSnapshot,
    RunRate,
    Series,
    WinChances,
    age_chances,
    amounts_won_before,
    backtest,
    chance_backtest,
    new_business,
    overall_chances,
    pipeline_forecast,
    pipeline_snapshot,
    series_forecast,
    stage_chances,
    timed_chain,
    with_past_errors,
)
from salescore.funnel import Funnel, Stage
from salescore.grading import LeadField, SkillReport, lead_examples, skill_report
from salescore.values import Calendar, CalendarUnit, Period

CALENDAR = Calendar()
LAST = date(2017, 12, 31)
FIRST_MONTH = (2016, 11)
"""The first month whose beginning the data saw: engagements begin on 20 October 2016."""

MONTH_ENDS = tuple(
    CALENDAR.period(date(2017, month, 1), CalendarUnit.MONTH).last_day for month in range(1, 13)
)
FUNNEL = Funnel(
    name="maven",
    version="1",
    stages=[
        Stage(key="Engaging"),
        Stage(key="Won", kind=StageKind.WON),
        Stage(key="Lost", kind=StageKind.LOST),
    ],
    transitions=[],
)
Kept = dict[tuple[str, date, str], PipelineForecast]
BASELINES = ("open × win rate", "run rate")
_ARGUMENTS = 2


def book_with_visits(book: SalesBook) -> SalesBook:
    """Return the book without undated sales, and with the stages that its dates tell of."""
    dated = [one for one in book.opportunities if one.first_contact_on is not None]
    visits = [visit for one in dated for visit in _visits(one)]
    return attrs.evolve(book, opportunities=dated, stage_visits=visits)


def _visits(one: Opportunity) -> Iterable[StageVisit]:
    if one.first_contact_on is None:
        return
    engaging = StageVisit(
        id=StageVisitId(f"{one.id}-engaging"),
        opportunity_id=one.id,
        stage="Engaging",
        kind=StageKind.OPEN,
        entered_on=one.first_contact_on,
        left_on=one.closed_on,
    )
    yield engaging
    if one.closed_on is not None:
        ended = StageVisitId(f"{one.id}-end")
        yield attrs.evolve(
            engaging,
            id=ended,
            stage=one.stage,
            kind=one.kind,
            entered_on=one.closed_on,
            left_on=None,
        )


def next_month(day: date) -> Period:
    """Return the month after a month's last day."""
    return CALENDAR.period(date.fromordinal(day.toordinal() + 1), CalendarUnit.MONTH)


def rest_of_quarter(day: date) -> Period:
    """Return the days after a day up to the end of the quarter that the first of them lies in."""
    first = date.fromordinal(day.toordinal() + 1)
    return Period.custom(first, CALENDAR.period(first, CalendarUnit.QUARTER).last_day)


def won_amount(facts: Facts, period: Period) -> Decimal:
    """Return the amount won in a period."""
    return sum((amount for _, amount in _wins(facts, period)), Decimal(0))


def won_count(facts: Facts, period: Period) -> Decimal:
    """Return the number of sales won in a period."""
    return Decimal(len(_wins(facts, period)))


def _wins(facts: Facts, period: Period) -> list[tuple[date, Decimal]]:
    table = facts.table("opportunities")
    columns = (table.column(name) for name in ("kind", "closed_on", "amount"))
    return [
        (day, amount)
        for kind, day, amount in zip(*columns, strict=True)
        if kind == "won" and day is not None and day in period
    ]


def snapshot_of(facts: Facts, day: date) -> PipelineSnapshot:
    """Return the open sales of a day at the list prices of their products."""
    found = pipeline_snapshot(facts, as_of=day, by="product", since="first_contact")
    prices = {one.id: one.list_price for one in facts.known.book.products}
    rows: list[object] = []
    for one in found.opportunities:
        price = prices.get(one.product_id)  # type: ignore[call-overload]
        rows.append(attrs.evolve(one, amount=None if price is None else price.amount))
    return attrs.evolve(found, opportunities=rows)


def rate_chances(facts: Facts, day: date, period: Period | None) -> WinChances:
    """Return the win rate of all that have closed, for every open sale."""
    return overall_chances(snapshot_of(facts, day), facts, during=period)


def by_age_chances(facts: Facts, day: date, period: Period | None) -> WinChances:
    """Return the chances by age, won and lost competing."""
    return age_chances(snapshot_of(facts, day), facts, during=period)


def chain_chances(facts: Facts, day: date, period: Period | None) -> WinChances:
    """Return the chances by stage, whatever the age."""
    chain = timed_chain(facts, as_of=day, funnel=FUNNEL)
    if chain is None:
        raise LookupError("no sale has ended")
    return stage_chances(snapshot_of(facts, day), chain, during=period)


CHANCES = {
    "open × win rate": rate_chances,
    "by age": by_age_chances,
    "chain": chain_chances,
}


@attrs.frozen
class Wins:
    """The number of wins of a forecast, in the place of its amount."""

    distribution: Distribution | None


def _forecast(name: str, facts: Facts, day: date, period: Period) -> PipelineForecast:
    """Return the forecast by a method; the naive one at list prices, without new business."""
    name, _, new = name.partition(", with ")
    snapshot = snapshot_of(facts, day)
    extra = [new_business(facts, as_of=day, during=period, since="first_contact")] if new else []
    amounts = None if name == BASELINES[0] else amounts_won_before(snapshot, facts)
    chances = CHANCES[name](facts, day, period)
    return pipeline_forecast(snapshot, chances, amounts=amounts, extra=extra)


def _months(facts: Facts, day: date, *, is_count: bool) -> Series:
    """Return what was won in each month from the first whole one to a day."""
    of = won_count if is_count else won_amount
    last = day.year * 12 + day.month
    months = [
        CALENDAR.period(date((number - 1) // 12, (number - 1) % 12 + 1, 1), CalendarUnit.MONTH)
        for number in range(FIRST_MONTH[0] * 12 + FIRST_MONTH[1], last + 1)
    ]
    return Series.over([(month, of(facts, month)) for month in months], season=1)


def _run_rate(facts: Facts, day: date, period: Period, *, is_count: bool) -> Distribution:
    """Return that the mean of the last three months goes on, for certain."""
    ahead = (period.last_day.year - day.year) * 12 + period.last_day.month - day.month
    series = _months(facts, day, is_count=is_count)
    return Distribution.certain(
        series_forecast(series, horizon=ahead, method=RunRate(window=3)).expected
    )


def _earlier(day: date) -> list[date]:
    return [one for one in MONTH_ENDS if one < day]


def methods(*, is_quarter: bool, is_count: bool, kept: Kept) -> dict[str, Method[Facts]]:
    """
    Return all methods.

    Args:
        is_quarter: Whether they speak of the rest of the quarter; of the next month otherwise.
        is_count: Whether they speak of the number of wins; of the won amount otherwise.
        kept: Forecasts made before, by method, day and period: what was known on a day is one
            thing, so that amounts and wins, and those who ask again, share them.
    """

    def shared(name: str) -> Method[Facts]:
        def forecast(facts: Facts, day: date, period: Period) -> PipelineForecast | Wins:
            place = name, day, period.key
            if place not in kept:
                kept[place] = _forecast(name, facts, day, period)
            return Wins(kept[place].wins) if is_count else kept[place]

        return forecast

    def widened(method: Method[Facts]) -> Method[Facts]:
        return with_past_errors(
            method,
            days_before=_earlier,
            facts_at=Facts.at,
            period_of=rest_of_quarter if is_quarter else next_month,
            actual=won_count if is_count else won_amount,
        )

    names = (BASELINES[0], "by age", "by age, with new", "chain", "chain, with new")
    found = {name: shared(name) for name in names}
    found[BASELINES[1]] = partial(_run_rate, is_count=is_count)
    for name in (BASELINES[1], "by age, with new"):
        found[f"{name}, past errors"] = widened(found[name])
    return found


def amounts_backtest(
    facts: Facts, kept: Kept, *, is_quarter: bool, is_count: bool = False
) -> Backtest:
    """Return the backtest of the next month or of the rest of the quarter."""
    return backtest(
        MONTH_ENDS,
        facts_at=facts.at,
        methods=methods(is_quarter=is_quarter, is_count=is_count, kept=kept),
        baselines=BASELINES,
        period_of=rest_of_quarter if is_quarter else next_month,
        actual=won_count if is_count else won_amount,
        judged_on=LAST,
    )


def single_chances(facts: Facts, horizon: int) -> ChanceBacktest:
    """Return the backtest of the chances of single sales to be won within some days."""
    return chance_backtest(
        MONTH_ENDS, facts=facts, methods=CHANCES, horizon=horizon, judged_on=LAST
    )


def lead_skill(facts: Facts) -> SkillReport:
    """Return whether the lead score beats the base rate on all that have closed."""
    names = ("product_id", "rep_id", "customer_id", "segment", "region", "country")
    fields = [LeadField(name=name) for name in names]
    stages = ("Prospecting", "Engaging")
    examples = lead_examples(facts, fields=fields, stages=stages)
    return skill_report(examples, fields=fields, stages=stages)


def main() -> None:
    """Print all backtests."""
    if len(sys.argv) != _ARGUMENTS:
        raise SystemExit("usage: python tools/backtest_maven.py FOLDER, that of the CSV files")
    book = read_folder(Path(sys.argv[1]), "maven_crm").book
    print("\n=== Lead score\n")
    print(lead_skill(Facts.of(book)).text())
    facts = Facts.of(book_with_visits(book))
    kept: Kept = {}
    for is_quarter in (False, True):
        for is_count in (False, True):
            ahead = "rest of the quarter" if is_quarter else "next month"
            print(f"\n=== {'Wins' if is_count else 'Won amount'} of the {ahead}\n")
            found = amounts_backtest(facts, kept, is_quarter=is_quarter, is_count=is_count)
            print(found.text(with_days=True))
    for horizon in (30, 90):
        print(f"\n=== Single sales, {horizon} days ahead\n")
        print(single_chances(facts, horizon).text())


if __name__ == "__main__":
    main()
