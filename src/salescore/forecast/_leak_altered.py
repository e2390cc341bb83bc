"""What came after a day, and what may be done to it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from enum import Enum

import attrs

from salescore.book import Facts
from salescore.forecast._leak_rates import later_rates
from salescore.plain import Kind
from salescore.values import day_of

_LAST_YEAR = 2199


class Alteration(Enum):
    """
    What is done to the records that came after a day.

    Attributes:
        REMOVED: They were never recorded.
        LOST: Their days lie one day later, their money and exchange rates are twice as much, and
            every opportunity that closed later is lost.
        WON: The same, but every opportunity that closed later is won.
        ADDED: Each is there twice.
        UNENDED: Nothing happened later to those that were known: they stay as they were known. It
            finds what is told by a gap alone: where nobody kept the stage or chance of whoever
            closed later, that it is missing tells who did.
    """

    REMOVED = "removed"
    LOST = "lost"
    WON = "won"
    ADDED = "added"
    UNENDED = "unended"

    @property
    def labels(self) -> tuple[str, str]:
        """Return it in English and Chinese."""
        return _LABELS[self]


_LABELS = {
    Alteration.REMOVED: ("removed", "删除"),
    Alteration.LOST: ("changed, with every later end a loss", "更改（之后均输单）"),
    Alteration.WON: ("changed, with every later end a win", "更改（之后均赢单）"),
    Alteration.ADDED: ("added", "增加"),
    Alteration.UNENDED: ("without what happened to known ones", "去掉已知记录之后的变化"),
}

Place = tuple[str, str]
"""Record type in snake_case plural, and id."""


@attrs.frozen
class Later:
    """
    A record that came after a day, or whose end did; or an exchange rate asked for.

    Attributes:
        place: Its type and id; of an exchange rate that was asked for `asked_rates`, and the pair,
            kind and day of it.
        is_new: Whether the record itself came later; otherwise something happened to it later.
    """

    place: Place
    is_new: bool


def later_records(facts: Facts, day: date, until: date | None) -> tuple[Later, ...]:
    """
    Return the records that came, or to which something happened, after a day.

    Events are among them, and the exchange rates that the facts were asked for with.
    Parts stand before what they belong to, so that a part never stays behind alone.

    Args:
        facts: All facts.
        day: Day up to which everything is known.
        until: Last day of what comes after; `None` for all that the facts see.
    """
    before = facts.at(day).known.book
    after = facts.known.book if until is None else facts.at(until).known.book
    found: list[Later] = []
    for table in reversed(after.tables):
        if not after.records(table.name):
            continue
        # Of several with one id, of which some are known, nobody can say which is meant.
        times = Counter(one.id for one in facts.known.book.records(table.name))
        then = {one.id: one for one in before.records(table.name)}
        found += [
            Later(place=(table.name, one.id), is_new=one.id not in then)
            for one in after.records(table.name)
            if one.id not in then or (times[one.id] == 1 and _is_other(one, then[one.id]))
        ]
    found += [Later(place=place, is_new=True) for place in later_rates(facts, day, until)]
    return tuple(dict.fromkeys(found))


def last_told(facts: Facts) -> date | None:
    """Return the last day of which facts tell anything: of records, instants and asked rates."""
    book = facts.known.book
    days = [] if book.last_known is None else [book.last_known]
    for table in book.tables:
        names = [field.name for field in table.happened if field.kind is Kind.INSTANT]
        for one in book.records(table.name) if names else ():
            instants = (getattr(one, name) for name in names)
            days += [day_of(at, facts.zone) for at in instants if at is not None]
    days += [on for on in later_rates(facts, date.min, None).values() if on is not None]
    # What lies beyond stands for something else, such as never.
    return max((one for one in days if one.year <= _LAST_YEAR), default=None)


def _is_other(record: object, then: object) -> bool:
    """Return whether a record was another one then; mostly it is the very same."""
    return record is not then and record != then
