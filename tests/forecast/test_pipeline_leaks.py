"""The leak probe on forecasts of the pipeline: what came later moves none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import attrs
import pytest
from tests.forecast.open_deals import D
from tests.pipeline.passing import Sale, book_of, on, sale

from salescore.book import Facts
from salescore.entities import Event
from salescore.forecast import (
    PipelineForecast,
    PipelineSnapshot,
    WinChances,
    age_chances,
    amounts_won_before,
    calendar_effect,
    leak_probe,
    new_business,
    overall_chances,
    pipeline_forecast,
    pipeline_snapshot,
    slip_history,
    stage_chances,
    stated_chances,
    timed_chain,
    won_so_far,
)
from salescore.funnel import Funnel, Stage
from salescore.pipeline import close_date_event
from salescore.values import Calendar, Period

DAY = date(2024, 6, 30)
QUARTER = Calendar().parse("2024-Q3")
FUNNEL = Funnel(
    name="talks",
    version="1",
    stages=[Stage(key=key, probability=D("0.3")) for key in ("talk", "offer", "deal")],
    transitions=[],
)

Method = Callable[[Facts, PipelineSnapshot, Period], WinChances]


def by_stage(facts: Facts, snapshot: PipelineSnapshot, during: Period) -> WinChances:
    """Return chances by stage."""
    chain = timed_chain(facts, as_of=snapshot.as_of)
    assert chain is not None
    return stage_chances(snapshot, chain, during=during)


METHODS: dict[str, Method] = {
    "stated": lambda _, seen, during: stated_chances(seen, during=during),
    "slipping": lambda facts, seen, during: stated_chances(
        seen, during=during, slips=slip_history(facts, as_of=DAY, fewest=1)
    ),
    "overall": lambda facts, seen, during: overall_chances(seen, facts, during=during),
    "ages": lambda facts, seen, during: age_chances(
        seen, facts, during=during, fewest=1, effect=calendar_effect(facts, as_of=DAY)
    ),
    "stages": by_stage,
}


def known_ways(seed: int) -> Facts:
    """Return 80 sales with all their stays and pushes, of which many come after the day."""
    dice = Random(seed)  # noqa: S311 - made-up sales, no secret
    sales: list[Sale] = []
    events: list[Event] = []
    for number in range(80):
        day = dice.randrange(250)
        expected = on(day + dice.randrange(10, 120))
        stays = [("talk", day)]
        for stage in ("offer", "deal", "won"):
            day += dice.randrange(5, 60)
            end = "lost" if dice.random() < 0.3 else stage
            if day < 330:
                stays.append((end, day))
            if end == "lost":
                break
        product = dice.choice(["chair", "desk"])
        amount = dice.randrange(10, 90)
        fields = {"amount": amount, "product": product, "expected_close_on": expected}
        made = sale(f"s{number:02}", *stays, **fields)
        pushed = attrs.evolve(made.opportunity, expected_close_on=expected + timedelta(days=30))
        at = datetime.combine(on(stays[0][1] + dice.randrange(90)), time(12), UTC)
        event = close_date_event(made.opportunity, pushed, at=at)
        assert event is not None
        sales.append(attrs.evolve(made, opportunity=pushed))
        events.append(event)
    return Facts.of(book_of(sales, events=events), currency="USD")


@pytest.mark.parametrize("name", METHODS)
def test_no_method_looks_ahead(name: str) -> None:
    """Later records removed, changed or doubled leave chances, amounts and new business alone."""

    def forecast(facts: Facts, day: date, period: Period) -> PipelineForecast:
        snapshot = pipeline_snapshot(facts, as_of=day, by="product", funnel=FUNNEL)
        return pipeline_forecast(
            snapshot,
            METHODS[name](facts, snapshot, period),
            amounts=amounts_won_before(snapshot, facts, fewest=1),
            extra=[
                won_so_far(facts, as_of=day, during=period),
                new_business(facts, as_of=day, during=period, fewest=1),
            ],
            points=256,
        )

    known = known_ways(2)
    expected = forecast(known.at(DAY), DAY, QUARTER)
    assert expected.distribution is not None
    assert expected.n > 5
    found = leak_probe(forecast, known, day=DAY, period=QUARTER)
    assert found.is_clean, found.text()
    assert found.later > 50
