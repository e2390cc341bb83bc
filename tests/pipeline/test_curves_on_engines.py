"""Curves, times, chains and stale lists over dataframes: equal to those of a book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_book

from salescore.book import Facts
from salescore.frames import FrameFacts, fact_frames
from salescore.metrics import AnyFacts, Exclusion
from salescore.pipeline import (
    WinPolicy,
    funnel_chain,
    stage_times,
    stale_opportunities,
    win_curves,
)

pytestmark = pytest.mark.engine

TABLES = ("opportunities", "stage_visits", "activities")
DAY = date(2024, 9, 30)


def framed(facts: Facts, engine: str, as_of: date | None = DAY) -> FrameFacts:
    """Return the fact tables that the pipeline reads as dataframes."""
    native = fact_frames(facts, engine)
    return FrameFacts.of(
        {name: native[name] for name in TABLES}, currency=facts.currency, as_of=as_of
    )


ASKED: Sequence[tuple[str, Callable[..., Any], dict[str, Any]]] = (
    ("win curves", win_curves, {"by": ("source", "month")}),
    ("since contact", win_curves, {"since": "first_contact", "by": "stage_kind"}),
    ("since the lead", win_curves, {"since": "lead", "policy": WinPolicy.FIRST, "by": "source"}),
    ("stage times", stage_times, {"by": "source"}),
    ("per sale", stage_times, {"per_sale": True}),
    ("chain", funnel_chain, {}),
    ("stale", stale_opportunities, {"fewest_won": 1, "silent_days": 30, "with_hold": True}),
)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@given(seed=st.integers(0, 2**32), during=st.sampled_from([None, "2024", "2023-Q3"]))
@settings(max_examples=4, deadline=None)
def test_engines_say_what_rows_say(engine: str, seed: int, during: str | None) -> None:
    """All figures of crowded books with unknowns and faults are equal, exclusions included."""
    facts = Facts.of(crowded_book(seed, 40), rates=RATES, as_of=DAY)
    asked = framed(facts, engine)
    period = None if during is None else facts.calendar.parse(during)
    for name, figure, options in ASKED:
        given_ = options if name == "stale" else {**options, "during": period}
        assert figure(asked, **given_) == figure(facts, **given_), name


def test_a_kind_that_frames_lack_is_left_out() -> None:
    """A dataframe may not know the kind of an opportunity; it is counted, and in no curve."""
    rows = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "kind": ["won", None, None],
            "created_on": [date(2024, 1, 1)] * 3,
            "closed_on": [date(2024, 1, 9), None, date(2024, 2, 1)],
        },
        schema_overrides={"closed_on": pl.Date},
    )
    found = win_curves(FrameFacts.of({"opportunities": rows}, currency="USD", as_of=DAY)).total
    assert found.n == 1
    assert found.excluded == (Exclusion("opportunities", "stage kind unknown", 2),)


@pytest.mark.parametrize(
    ("as_of", "day", "reason"),
    [
        (None, None, "nobody knows as of which day the facts hold"),
        (DAY, date(2024, 1, 1), "the dataframes are as of 2024-09-30"),
    ],
)
def test_frames_of_an_unknown_day_have_no_ages(
    as_of: date | None, day: date | None, reason: str
) -> None:
    """Where nobody knows how things stood on a day, every figure is undefined, with the reason."""
    facts = Facts.of(crowded_book(3, 40), rates=RATES, as_of=DAY)
    asked: AnyFacts = framed(facts, "polars", as_of)
    curve = win_curves(asked, as_of=day).total
    assert str(curve.chance().reason).startswith(reason)
    for found in (stage_times(asked, as_of=day), funnel_chain(asked, as_of=day)):
        assert str(found.lack).startswith(reason)
        assert found.stages == ()
    assert str(stale_opportunities(asked, as_of=day).lack).startswith(reason)
