"""Stages after the win: what goes on among won stages was closed when it was won."""

from __future__ import annotations

from datetime import date, timedelta

from tests.funnel.selling import MONDAY, begun, stage, then, way

from salescore.book import Facts, SalesBook
from salescore.entities import StageKind
from salescore.funnel import Accepted, Funnel
from salescore.metrics import figure
from salescore.pipeline import cohort_conversion, funnel_chain, passages
from salescore.values import Calendar

CARED_FOR = Funnel(
    name="care",
    version="1",
    stages=[
        stage("talk"),
        stage("won", StageKind.WON),
        stage("care", StageKind.WON),
        stage("lost", StageKind.LOST),
    ],
    transitions=[
        way("win", "talk", "won"),
        way("hand_over", "won", "care"),
        way("reopen", ("won", "care"), "talk"),
        way("lose", "talk", "lost"),
    ],
)


def walked(*events: str) -> Accepted:
    """Return a sale after these events, thirty days apart from 2 March 2026 on."""
    found = begun(CARED_FOR, created_on=date(2026, 3, 2), first_contact_on=date(2026, 3, 2))
    for number, event in enumerate(events, 1):
        found = then(CARED_FOR, found, event, MONDAY + timedelta(days=30 * number))
    return found


def test_what_is_handed_over_after_the_win_was_closed_by_the_win() -> None:
    """The day of closing stays; after-sales are a following track, and no second win."""
    won, cared = walked("win"), walked("win", "hand_over")
    assert won.opportunity.closed_on == date(2026, 4, 1)
    assert (cared.opportunity.stage, cared.opportunity.closed_on) == ("care", date(2026, 4, 1))
    assert "opportunity_won" not in {one.name for one in cared.events}
    again = walked("win", "hand_over", "reopen", "win")
    assert again.opportunity.closed_on == date(2026, 6, 30)


def test_figures_end_at_the_win() -> None:
    """Cycle, month of the win and conversion are those of the win; nothing was opened again."""
    cared = walked("win", "hand_over")
    book = SalesBook(opportunities=[cared.opportunity], stage_visits=cared.history.visits)
    facts = Facts.of(book)
    april = Calendar().parse("2026-04")
    assert figure("won_opportunities", facts, during=april).value == 1
    assert figure("sales_cycle_mean", facts).value == 30
    ways = passages(CARED_FOR, facts)
    assert cohort_conversion(ways, "talk", "won", days=30).value == 1
    assert funnel_chain(facts, funnel=CARED_FOR).reopened == 0
    before = Facts.of(book, as_of=date(2026, 4, 15)).known.book.opportunities[0]
    assert (before.stage, before.closed_on) == ("won", date(2026, 4, 1))
