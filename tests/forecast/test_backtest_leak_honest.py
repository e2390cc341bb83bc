"""Who reads only what was known is never accused, however a book tells what happened later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import attrs
import pytest
from tests.pipeline.passing import Sale, book_of, on, sale

from salescore.book import FACT_TABLES, Facts
from salescore.entities import Event, EventId
from salescore.forecast import Alteration, leak_probe
from salescore.pipeline import close_date_event
from salescore.values import Period

DAY = on(150)
JUNE = Period.custom(date(2024, 6, 1), date(2024, 6, 30))


def whole(facts: Facts, day: date, period: Period) -> object:
    """Return every cell of every fact table: nothing sees more of a day."""
    del day, period
    return [
        [list(map(repr, facts.table(schema.name).column(name))) for name in schema.names]
        for schema in FACT_TABLES
    ]


def noon(day: date) -> datetime:
    """Return noon of a day."""
    return datetime.combine(day, time(12), UTC)


def wandering(dice: Random, key: str) -> Sale:
    """Return a sale that skips stages, is reopened, and of whose visits some state no end."""
    day = dice.randrange(200)
    stays = [("talk", day)]
    for stage in ("offer", "deal", "won", "deal", "lost"):
        day += dice.choice([0, 0, 5, 20, 60])
        if dice.random() < 0.2:
            continue
        stays.append(("lost" if dice.random() < 0.2 else stage, day))
        if dice.random() < 0.3:
            break
    expected = on(stays[0][1] + dice.randrange(10, 200))
    made = sale(key, *stays, amount=dice.randrange(10, 90), expected_close_on=expected)
    visits = []
    for one in made.visits:
        left = None if dice.random() < 0.4 else one.left_on
        reason = "price" if dice.random() < 0.2 else None
        visits.append(attrs.evolve(one, left_on=left, reason=reason))
    if dice.random() < 0.2:
        late = noon(on(stays[0][1] + dice.choice([0, 100])))
        return attrs.evolve(
            made, visits=visits, opportunity=attrs.evolve(made.opportunity, recorded_at=late)
        )
    return attrs.evolve(made, visits=visits)


def told(dice: Random, one: Sale) -> tuple[Sale, list[Event]]:
    """Return a sale whose expected end is moved to and fro, with the events, some told late."""
    began = one.visits[0].entered_on
    events: list[Event] = []
    for _ in range(dice.randrange(4)):
        to = dice.choice([None, began + timedelta(days=dice.randrange(10, 300))])
        moved = attrs.evolve(one.opportunity, expected_close_on=to)
        at = noon(began + timedelta(days=dice.choice([0, 30, 100, 100, 180])))
        event = close_date_event(one.opportunity, moved, at=at)
        if event is not None:
            late = at + timedelta(days=40) if dice.random() < 0.2 else None
            events.append(attrs.evolve(event, recorded_at=late))
            one = attrs.evolve(one, opportunity=moved)
    for visit in one.visits:
        if dice.random() < 0.3:
            at = noon(visit.entered_on)
            late = at + timedelta(days=50) if dice.random() < 0.3 else None
            events.append(
                Event(
                    id=EventId(f"{visit.id}#1"),
                    name="stage_entered",
                    happened_at=at,
                    record="opportunities",
                    subject=one.opportunity.id,
                    recorded_at=late,
                )
            )
    return one, events


def wandering_facts(seed: int) -> Facts:
    """Return a dozen such sales in one book, events in no order."""
    dice = Random(seed)  # noqa: S311 - made-up sales, no secret
    pairs = [told(dice, wandering(dice, f"s{number:02}")) for number in range(12)]
    events = list({one.id: one for _, of in pairs for one in of}.values())
    dice.shuffle(events)
    return Facts.of(book_of([one for one, _ in pairs], events=events), currency="USD")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_whoever_reads_what_was_known_is_not_accused(seed: int) -> None:
    """No cell of any fact table of the day moves, whatever is done to what came later."""
    facts = wandering_facts(seed)
    found = leak_probe(whole, facts, day=DAY, period=JUNE)
    assert (found.is_clean, found.later > 5) == (True, True), found.text()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_whoever_reads_later_events_or_visits_of_them_is_accused(seed: int) -> None:
    """The same books give away whoever reads the log or the visits to its end."""
    facts = wandering_facts(seed)
    for name in ("events", "stage_visits", "opportunities"):
        found = leak_probe(
            lambda seen, *_, name=name: seen.book.records(name), facts, day=DAY, period=JUNE
        )
        assert found.is_clean is False
        assert Alteration.REMOVED in {one.alteration for one in found.leaks}
