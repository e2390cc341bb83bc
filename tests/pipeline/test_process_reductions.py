"""What the figures of the pipeline read is declared in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest
from tests.metrics.small_books import RATES, crowded_book

from salescore.book import Facts
from salescore.funnel import standard_funnel
from salescore.metrics import AnyFacts, Reduced, Reduction
from salescore.metrics._source import FactsSource
from salescore.pipeline import (
    funnel_chain,
    losses,
    passages,
    process_reductions,
    slippage,
    stage_times,
    stale_opportunities,
    weighted_pipeline,
    win_curves,
)
from salescore.values import Period

DAY = date(2024, 9, 30)
FUNNEL = standard_funnel("deal")


class Listening(FactsSource):
    """The facts of a book that note what they are asked."""

    heard: list[Reduction]

    @classmethod
    def to(cls, facts: Facts, heard: list[Reduction]) -> Listening:
        """Return facts that note in a list."""
        found = cls(facts)
        object.__setattr__(found, "heard", heard)
        return found

    def at(self, day: date, /) -> Listening:
        """Return the facts as of a day, which note in the same place."""
        return Listening.to(self.facts.at(day), self.heard)

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Note what is asked, and answer it."""
        self.heard.extend(reductions)
        return super().reduce(reductions, during)


ASKED: Mapping[str, Callable[[AnyFacts], object]] = {
    "passages": lambda facts: passages(FUNNEL, facts),
    "stage_times": stage_times,
    "per_sale": lambda facts: stage_times(facts, per_sale=True),
    "chain": funnel_chain,
    "curves": win_curves,
    "curves_since_contact": lambda facts: win_curves(facts, since="first_contact"),
    "losses": losses,
    "slippage": slippage,
    "slippage_in": lambda facts: slippage(facts, during=facts.calendar.parse("2024-Q1")),
    "weighted": weighted_pipeline,
    "stale": stale_opportunities,
}


def shape(one: Reduction) -> tuple[object, ...]:
    """Return what a reduction asks, whatever it groups by and dates by."""
    measures = tuple((each.name, each.aggregate, each.of, each.where) for each in one.measures)
    return one.name, one.table, measures


@pytest.mark.parametrize("name", ASKED)
def test_figures_read_declared_reductions_alone(name: str) -> None:
    """Whatever a figure asks of the facts is among the declared reductions."""
    facts = Facts.of(crowded_book(5, 40), rates=RATES, as_of=DAY)
    heard: list[Reduction] = []
    ASKED[name](Listening.to(facts, heard))
    declared = {shape(one) for one in process_reductions(FUNNEL, DAY)}
    assert heard
    assert {shape(one) for one in heard} <= declared
