"""
Make the folder of sales that `examples/data/machines/README.md` describes.

    python tools/make_machines.py FOLDER

The sales are invented, and each step of them is decided by the funnel in `examples/funnel.json`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import attrs

from salescore.book import SalesBook
from salescore.entities import (
    Activity,
    ActivityId,
    Customer,
    CustomerId,
    Event,
    Opportunity,
    OpportunityId,
    SalesRep,
    SalesRepId,
    StageKind,
    Team,
    TeamId,
)
from salescore.exchange import write_folder
from salescore.funnel import (
    Accepted,
    Context,
    Funnel,
    Refused,
    StageHistory,
    begin,
    decide,
    funnel_from_data,
)
from salescore.pipeline import close_date_event
from salescore.values import Money

EXAMPLES = Path(__file__).parents[1] / "examples"
FIRST, LAST = date(2025, 1, 7), date(2026, 6, 30)
SALES = 260

TEAMS = (("north", "North"), ("south", "South"))
REPS = (
    ("ida", "Ida", "north"),
    ("jon", "Jon", "north"),
    ("kim", "Kim", "north"),
    ("lea", "Lea", "south"),
    ("max", "Max", "south"),
)
SOURCES = ("exhibition", "referral", "search")
STEPS = ("analyse_needs", "offer_solution", "try_out", "negotiate", "win")
SKIP, FORGET, HOLD, BACK = 0.07, 0.12, 0.05, 0.04
NEEDS, SOLUTION, TRIAL, NEGOTIATION = 1, 2, 3, 4
REASONS = (
    ("no need", "no budget"),
    ("no budget", "no need"),
    ("price", "competitor"),
    ("machine did not convince", "price"),
    ("price", "competitor"),
)
DAYS = ((3, 12), (6, 25), (5, 20), (12, 55), (5, 30))
GOES_ON = (0.78, 0.74, 0.72, 0.68, 0.74)
SOUTH_AFTER_TRIAL = 0.36
REFERRED = 0.12


@attrs.define
class _Sale:
    """One sale as it goes on."""

    funnel: Funnel
    chance: random.Random
    opportunity: Opportunity
    history: StageHistory
    at: datetime
    events: list[Event] = attrs.field(factory=list[Event])

    def wait(self, least: int, most: int) -> bool:
        """Let days pass; return whether they are over on the last day on record."""
        days = least + int(self.chance.random() ** 1.6 * (most - least + 1))
        minutes = int(self.chance.random() * 9 * 60)
        later = self.at.replace(hour=8, minute=0) + timedelta(days=days, minutes=minutes)
        if later.date() > LAST:
            return False
        self.at = later
        return True

    def happens(self, share: float) -> bool:
        """Return whether something happens that does so in a share of all cases."""
        return self.chance.random() < share

    def take(self, found: Accepted | Refused) -> None:
        """Take what was decided."""
        if isinstance(found, Refused):
            raise SystemExit(f"{found.opportunity.id}: {found.text()}")
        self.opportunity, self.history = found.opportunity, found.history

    def ask(self, event: str, reason: str | None = None) -> None:
        """Let an event happen."""
        sale = self.opportunity
        row = {
            "id": sale.id,
            "amount": None if sale.amount is None else sale.amount.amount,
            "first_contact_on": sale.first_contact_on,
            "expected_close_on": sale.expected_close_on,
        }
        context = Context(
            at=self.at,
            row=row,
            history=self.history,
            actor=sale.rep_id,
            roles=("manager",),
            reason=reason,
        )
        self.take(decide(self.funnel, sale, event, context))

    def expect(self, days: int) -> None:
        """Let the day of closing be expected anew."""
        after = attrs.evolve(
            self.opportunity, expected_close_on=self.at.date() + timedelta(days=days)
        )
        event = close_date_event(self.opportunity, after, at=self.at, actor=self.opportunity.rep_id)
        self.opportunity = after
        if event is not None:
            self.events.append(event)


def main() -> None:
    """Write the folder."""
    funnel = funnel_from_data(json.loads((EXAMPLES / "funnel.json").read_text("utf-8")))
    write_folder(machines(funnel), Path(sys.argv[1]), replace=True)


def machines(funnel: Funnel) -> SalesBook:
    """Return the sales."""
    chance = random.Random(20260630)  # noqa: S311 - invented sales need no secret
    sales = [_sold(funnel, chance, number) for number in range(1, SALES + 1)]
    customers = dict.fromkeys(one.opportunity.customer_id for one in sales)
    return SalesBook(
        teams=[Team(id=TeamId(key), name=name) for key, name in TEAMS],
        sales_reps=[
            SalesRep(id=SalesRepId(key), name=name, team_id=TeamId(team))
            for key, name, team in REPS
        ],
        customers=[
            Customer(id=key, name=f"Plant {key[1:]}") for key in sorted(filter(None, customers))
        ],
        opportunities=[one.opportunity for one in sales],
        stage_visits=[visit for one in sales for visit in one.history.visits],
        activities=[one for sale in sales for one in _activities(sale)],
        events=[event for one in sales for event in one.events],
    )


def _sold(funnel: Funnel, chance: random.Random, number: int) -> _Sale:
    """Return one sale from its beginning as far as it came."""
    begun = FIRST + timedelta(days=(LAST - FIRST).days * (number - 1) // SALES)
    rep, _, team = REPS[int(chance.random() * len(REPS))]
    opportunity = Opportunity(
        id=OpportunityId(f"S{number:03}"),
        stage="-",
        kind=StageKind.OPEN,
        name=f"Machine {number:03}",
        customer_id=CustomerId(f"C{1 + int(chance.random() * 140):03}"),
        rep_id=SalesRepId(rep),
        source=SOURCES[int(chance.random() * len(SOURCES))],
        created_on=begun,
        first_contact_on=begun - timedelta(days=int(chance.random() * 9)),
    )
    at = datetime(begun.year, begun.month, begun.day, 8, tzinfo=UTC)
    sale = _Sale(funnel, chance, opportunity, StageHistory(opportunity_id=opportunity.id), at)
    sale.take(begin(funnel, opportunity, Context(at=at, actor=rep)))
    place = 0
    while place < len(STEPS) and sale.wait(*DAYS[place]):
        if sale.happens(HOLD):
            sale.ask("hold", "the budget is frozen")
            if not sale.wait(15, 60):
                break
            sale.ask("resume")
            if not sale.wait(2, 10):
                break
        if place > NEEDS and sale.happens(BACK):
            sale.ask("analyse_needs", "the plant changed its plans")
            place = NEEDS
            continue
        if not sale.happens(_share(sale.opportunity, place, team)):
            _given_up(sale, place)
            break
        place = _next(sale, place)
    return sale


def _share(opportunity: Opportunity, place: int, team: str) -> float:
    """Return the share of sales that go on from a stage."""
    found = SOUTH_AFTER_TRIAL if place == TRIAL and team == "south" else GOES_ON[place]
    return found + (REFERRED if opportunity.source == "referral" else 0)


def _next(sale: _Sale, place: int) -> int:
    """Go on from a stage, and return the place of the next."""
    reason, event = None, STEPS[place]
    if place == SOLUTION:
        if sale.opportunity.amount is None:
            amount = Decimal(200 * int(90 + sale.chance.random() ** 2 * 500))
            sale.opportunity = attrs.evolve(sale.opportunity, amount=Money(amount, "EUR"))
        sale.expect(60)
        if sale.happens(SKIP):
            reason, event, place = "they run the same machine already", "negotiate", TRIAL
    sale.ask(event, reason)
    if place >= SOLUTION and event != "win" and sale.happens(0.35) and sale.wait(2, 9):
        sale.expect(60 + int(sale.chance.random() * 40))
    return place + 1


def _given_up(sale: _Sale, place: int) -> None:
    """Let a sale be lost or come to nothing, or be forgotten as it is."""
    if sale.happens(FORGET):
        return
    if sale.happens(0.15):
        sale.ask("drop", "nobody decides")
        return
    first, second = REASONS[place]
    sale.ask("lose", first if sale.happens(0.6) else second)


def _activities(sale: _Sale) -> Iterator[Activity]:
    """Yield a visit to the plant on the day of entering each open stage."""
    for number, visit in enumerate(sale.history.visits, 1):
        if visit.kind is StageKind.OPEN:
            yield Activity(
                id=ActivityId(f"{visit.opportunity_id}-{number}"),
                happened_on=visit.entered_on,
                channel="visit",
                customer_id=sale.opportunity.customer_id,
                opportunity_id=sale.opportunity.id,
                rep_id=sale.opportunity.rep_id,
            )


if __name__ == "__main__":
    main()
