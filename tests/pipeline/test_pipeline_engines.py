"""Rows, Polars and DuckDB give the same figures of the pipeline, to the last digit and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import attrs
import pytest
from tests.pipeline.passing import FUNNEL, Sale, book_of, frames_of, on, rep, sale

from salescore.book import Facts
from salescore.metrics import AnyFacts
from salescore.pipeline import (
    PastDue,
    SkippedStages,
    WinPolicy,
    bottlenecks,
    close_date_event,
    cohort_conversion,
    compare_reps,
    conversion_mix_shift,
    losses,
    mix_shift,
    passages,
    slippage,
    snapshot_ratio,
    stage_conversions,
    velocity,
    velocity_by,
    weighted_pipeline,
    win_rate_within,
)
from salescore.values import Calendar

pytestmark = pytest.mark.engine

ENGINES = ("polars", "duckdb")
JANUARY, FEBRUARY = Calendar().parse("2024-01"), Calendar().parse("2024-02")
CYCLE = "sales_cycle_from_creation_mean"


def _some_sale(chance: Random, number: int) -> Sale:
    day = chance.randrange(60)
    stays = [(chance.choice(("talk", "offer")), day)]
    for _ in range(chance.randrange(4)):
        day += chance.randrange(12)
        stays.append((chance.choice(("talk", "offer", "deal", "won", "lost", "hold")), day))
    lost = stays[-1][0] == "lost"
    return sale(
        f"s{number:03}",
        *stays,
        rep=chance.choice((None, "ann", "bob", "cat")),
        source=chance.choice((None, "web", "fair")),
        amount=chance.choice((None, 100, 250)),
        probability=chance.choice((None, Decimal("0.3"))),
        loss_reason=chance.choice((None, "price")) if lost else None,
        expected_close_on=chance.choice((None, on(40), on(90), on(120))),
        **({"created_on": None} if number % 11 == 0 else {}),
    )


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the facts of 150 sales, many of them odd, with pushes of their close dates."""
    chance = Random(7)  # noqa: S311 - made-up rows, no secret
    sales = [_some_sale(chance, number) for number in range(150)]
    start = datetime(2024, 1, 2, tzinfo=UTC)
    events = [
        event
        for number, one in enumerate(sales)
        if number % 3 == 0
        and (
            event := close_date_event(
                attrs.evolve(one.opportunity, expected_close_on=on(number)),
                attrs.evolve(one.opportunity, expected_close_on=on(80)),
                at=start + timedelta(hours=number),
            )
        )
    ]
    reps = [rep("ann", "t1"), rep("bob", "t2"), rep("cat")]
    return Facts.of(book_of(sales, events=events, sales_reps=reps), as_of=on(100))


def _bottlenecks(facts: AnyFacts) -> object:
    ways = passages(FUNNEL, facts, by="team")
    return bottlenecks(ways.of("t1"), ways.others("t1"), days=30)


def _mix_of_cohorts(facts: AnyFacts) -> object:
    ways = passages(FUNNEL, facts, by="source")
    return conversion_mix_shift(ways, "talk", "won", before=JANUARY, after=FEBRUARY, days=30)


ASKED: dict[str, Callable[[AnyFacts], Any]] = {
    "passages": lambda facts: passages(FUNNEL, facts),
    "passages_first": lambda facts: passages(FUNNEL, facts, policy=WinPolicy.FIRST),
    "passages_apart": lambda facts: passages(FUNNEL, facts, by="rep", skipped=SkippedStages.APART),
    "conversion": lambda facts: cohort_conversion(
        passages(FUNNEL, facts), "talk", "deal", days=20, during=FEBRUARY
    ),
    "conversions": lambda facts: stage_conversions(passages(FUNNEL, facts), days=9),
    "bottlenecks": _bottlenecks,
    "conversion_mix": _mix_of_cohorts,
    "snapshot": lambda facts: snapshot_ratio(facts, "talk", "offer"),
    "losses": lambda facts: losses(facts, kinds=("lost", "void")),
    "losses_first": lambda facts: losses(facts, funnel=FUNNEL, policy=WinPolicy.FIRST),
    "snapshot_of": lambda facts: snapshot_ratio(facts, "talk", "offer", funnel=FUNNEL),
    "win_rate_first": lambda facts: win_rate_within(facts, 30, policy=WinPolicy.FIRST),
    "losses_in": lambda facts: losses(facts, during=FEBRUARY),
    "slippage": lambda facts: slippage(facts, by=("rep", "stage")),
    "slippage_in": lambda facts: slippage(facts, by="rep", during=FEBRUARY),
    "weighted": weighted_pipeline,
    "weighted_in": lambda facts: weighted_pipeline(
        facts, policy=PastDue.ROLL_FORWARD, during=Calendar().parse("2024-04")
    ),
    "weighted_without": lambda facts: weighted_pipeline(facts, policy=PastDue.EXCLUDE),
    "velocity": lambda facts: velocity(facts, cycle=CYCLE),
    "velocity_by": lambda facts: velocity_by(facts, "team", cycle=CYCLE),
    "mix": lambda facts: mix_shift("win_rate", facts, by="rep", before=JANUARY, after=FEBRUARY),
    "reps": lambda facts: compare_reps(facts, least_closed=5),
    "win_rate_within": lambda facts: win_rate_within(facts, 30, during=FEBRUARY),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree(facts: Facts, engine: str) -> None:
    """Every figure of the pipeline, with its rows, intervals and what was left out."""
    frames = frames_of(facts, engine)
    for name, ask in ASKED.items():
        assert ask(frames) == ask(facts), name


@pytest.mark.parametrize("name", ASKED)
def test_there_is_something_to_agree_on(facts: Facts, name: str) -> None:
    """No figure of the comparison is empty, so that engines cannot agree on nothing."""
    found = ASKED[name](facts)
    rows = getattr(found, "rows", found)
    assert rows if isinstance(rows, tuple) else getattr(found, "value", 1) is not None


@pytest.mark.parametrize("engine", ENGINES)
def test_frames_that_know_no_day_say_so(facts: Facts, engine: str) -> None:
    """Without a day nobody can tell who may still convert, or what is past its day."""
    frames = attrs.evolve(frames_of(facts, engine), as_of=None)
    found = cohort_conversion(passages(FUNNEL, frames), "talk", "deal", days=0)
    assert found.running == found.open > 0
    assert slippage(frames).total.past_due is None
    assert weighted_pipeline(frames).figure.value is None
    assert win_rate_within(frames, 5).value is None
    then = passages(FUNNEL, frames, as_of=on(50))
    assert then.rows == ()
    lack = cohort_conversion(then, "talk", "deal").figure.reason
    assert lack is not None
    assert "do not tell" in lack
    assert losses(frames, as_of=on(50)).reason == lack
    assert slippage(frames, as_of=on(50)).total.pushed_share.reason == lack
