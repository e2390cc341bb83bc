"""
Walk one sale through a funnel, refusals and all, then measure 260 that went before.

Run: python examples/sales_process.py

The funnel is `funnel.json`; the sales are invented, as the README beside them says.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from salescore import Facts, Money, Opportunity, SalesBook, StageKind, read_folder
from salescore.entities import CustomerId, OpportunityId, SalesRepId
from salescore.funnel import (
    Accepted,
    Context,
    Funnel,
    Refused,
    StageHistory,
    begin,
    decide,
    funnel_from_data,
    funnel_svg,
    guard_schema,
    opportunity_row,
)
from salescore.pipeline import bottlenecks, passages, stage_conversions, stage_counts, win_curves
from salescore.storage import MemoryStore, Unit

HERE = Path(__file__).parent
FUNNEL = HERE / "funnel.json"
SALES = HERE / "data" / "machines"


def main() -> None:
    """Print what happens to one sale, and what became of many."""
    funnel = funnel_from_data(json.loads(FUNNEL.read_text("utf-8")))
    one_sale(funnel)
    many_sales(funnel)


def known(sale: Opportunity, history: StageHistory, day: date, *, manager: bool = False) -> Context:
    """Return what is known of a sale on a day: its row of facts, its history, and who asks."""
    facts = Facts.of(SalesBook(opportunities=[sale]))
    return Context(
        at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        row=opportunity_row(facts, sale.id),
        history=history,
        actor="ann" if manager else "ida",
        roles=("manager",) if manager else ("rep",),
    )


def one_sale(funnel: Funnel) -> None:
    """Walk a sale through the funnel, and keep every step."""
    store = MemoryStore()
    sale = Opportunity(
        id=OpportunityId("M-1"),
        stage="-",
        kind=StageKind.OPEN,
        name="Filling line",
        customer_id=CustomerId("C-1"),
        rep_id=SalesRepId("ida"),
        amount=Money(Decimal(140_000), "EUR"),
        created_on=date(2026, 7, 6),
        first_contact_on=date(2026, 7, 7),
        expected_close_on=date(2026, 9, 30),
    )
    history = StageHistory(opportunity_id=sale.id)
    print(f"The funnel {funnel.title}: {' → '.join(funnel.order)}\n")

    def take(answer: Accepted | Refused) -> None:
        nonlocal sale, history
        if isinstance(answer, Refused):
            print(f"  {answer.event}: refused")
            print("\n".join(f"    - {line}" for line in answer.text().splitlines()))
            fields = guard_schema(Facts.of(SalesBook()).schema("opportunities"))
            ways = answer.ways(fields, ["amount"])
            for way in () if ways is None else ways.ways:
                print(f"    would do: {way.text(table=fields)}")
            return
        unit = Unit(recorded_at=answer.context.at, key=answer.visits[-1].id)
        store.commit(unit.put(*answer.records).append(answer.events))
        sale, history = answer.opportunity, answer.history
        events = ", ".join(one.name for one in answer.events)
        print(f"  {answer.event}: in {answer.stage.key}, {sale.probability:.0%} ({events})")

    take(begin(funnel, sale, known(sale, history, date(2026, 7, 6))))
    steps = [
        ("negotiate", date(2026, 7, 8)),
        ("analyse_needs", date(2026, 7, 8)),
        ("offer_solution", date(2026, 7, 20)),
        ("try_out", date(2026, 7, 30)),
        ("negotiate", date(2026, 8, 25)),
        ("win", date(2026, 9, 15)),
    ]
    for event, day in steps:
        take(decide(funnel, sale, event, known(sale, history, day)))
    take(decide(funnel, sale, "win", known(sale, history, date(2026, 9, 15), manager=True)))
    kept = store.read("opportunities", "M-1")
    days = history.time_in("trial", datetime(2026, 10, 1, tzinfo=UTC)).days
    version = None if kept is None else kept.version
    print(f"  kept as version {version}, {days} days of trial\n")


def many_sales(funnel: Funnel) -> None:
    """Print how many sales go on from each stage, the bottleneck, and how fast they are won."""
    facts = Facts.of(read_folder(SALES).book)
    ways = passages(funnel, facts, by="team")
    steps = stage_conversions(ways)
    for one in steps:
        print(f"  {one.source:12} {one.n:4} → {one.converted:4} {one.value:6.1%}")
    worst = bottlenecks(ways.of("south"), ways.others("south")).worst
    if worst is not None:
        print(f"The bottleneck of the south: {worst.stage}, {worst.lost_wins:.0f} wins lost")
    chance = win_curves(facts).total.won_by(120)
    if chance.interval is not None:
        low, high = chance.interval.low, chance.interval.high
        print(f"Won within 120 days: {chance.value:.0%} ({low:.0%} to {high:.0%})")
    drawing = funnel_svg(funnel, stage_counts(ways))
    print(f"A drawing of it has {len(drawing.svg):,} characters of SVG.")


if __name__ == "__main__":
    main()
