"""What became of opportunities after a day, and how many are won as a rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.book import Facts
from salescore.forecast._backtest_days import check_day, check_facts, check_horizon
from salescore.forecast._numbers import as_decimal

_WON = "won"
_CLOSED = (_WON, "lost", "void")


class Fate(Enum):
    """
    What became of an opportunity that was open on a day.

    Attributes:
        WON: It was won in the time asked for.
        NOT_WON: It was not: it ended otherwise, or later, or was still open.
        CENSORED: It was still open when it was last seen, before that time was over.
        UNKNOWN: Nobody can tell: it is not on record, closed on an unknown day, or was not open.
    """

    WON = "won"
    NOT_WON = "not_won"
    CENSORED = "censored"
    UNKNOWN = "unknown"


@attrs.frozen
class Ended:
    """
    How an opportunity stands on the last day that is seen.

    Attributes:
        kind: State it is in.
        began_on: Day of its first contact, else of its creation; `None` when unknown.
        closed_on: Day it was closed; `None` while it is open, or when unknown.
    """

    kind: str | None
    began_on: date | None
    closed_on: date | None

    @property
    def is_closed(self) -> bool:
        """Whether it was won, lost or given up."""
        return self.kind in _CLOSED

    def fate(self, day: date, until: date | None) -> Fate:
        """
        Return what became of it after a day.

        Args:
            day: Day on which it was open.
            until: Last day of the time asked for, which is over; `None` for in the end.
        """
        if not self.is_closed:
            return Fate.CENSORED if until is None else Fate.NOT_WON
        if self.closed_on is None or self.closed_on <= day:
            return Fate.UNKNOWN
        is_in_time = until is None or self.closed_on <= until
        return Fate.WON if is_in_time and self.kind == _WON else Fate.NOT_WON

    def is_open_on(self, day: date) -> bool:
        """Return whether it had begun and was not closed by the end of a day."""
        has_begun = self.began_on is not None and self.began_on <= day
        is_done = self.is_closed and (self.closed_on is None or self.closed_on <= day)
        return has_begun and not is_done


def ended_opportunities(facts: Facts) -> dict[str, Ended]:
    """Return how all opportunities stand, by id; of two with one id, the first."""
    table = facts.table("opportunities")
    columns = [
        table.column(name) for name in ("id", "kind", "first_contact_on", "created_on", "closed_on")
    ]
    found: dict[str, Ended] = {}
    for key, kind, first, created, closed in zip(*columns, strict=True):
        found.setdefault(key, Ended(kind, created if first is None else first, closed))
    return found


def open_base_rate(facts: Facts, day: date, horizon: int | None) -> Decimal | None:
    """
    Return the share of open opportunities that are won within some days, as known on a day.

    With a horizon of h days it looks at those open h, 2h, 3h … days before, as far back as there
    are any, and takes the share of them all that was won within h days. Without a horizon it is
    the share won of all that have closed.

    Args:
        facts: Facts known on the day.
        day: The day.
        horizon: Days ahead, from 1 on; `None` for in the end.

    Returns:
        From 0 to 1, to 28 significant digits; `None` where there is nothing to learn from.

    Raises:
        InvalidValue: The facts are none, the day is none, or the horizon is no number of days from
            1 on.
    """
    check_facts(facts)
    check_day("day", day)
    check_horizon(horizon)
    known = list(ended_opportunities(facts).values())
    won = n = 0
    if horizon is None:
        closed = [one for one in known if one.is_closed]
        won, n = sum(1 for one in closed if one.kind == _WON), len(closed)
    else:
        begun = [one.began_on for one in known if one.began_on is not None]
        until, step = day, timedelta(days=horizon)
        while begun and until - min(begun) >= step:
            start = until - step
            fates = [one.fate(start, until) for one in known if one.is_open_on(start)]
            won, n = won + fates.count(Fate.WON), n + len(fates)
            until = start
    return as_decimal(Fraction(won, n)) if n else None
