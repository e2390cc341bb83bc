"""Faults of targets: what they ask for, and the periods they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from salescore.book._book import SalesBook
from salescore.book._faults import Fault, judged
from salescore.entities import Target
from salescore.errors import InvalidPeriod, UnknownName
from salescore.values import Calendar, Finding, Period, Severity

_AMOUNTS: tuple[tuple[Fault, Callable[[Target], bool]], ...] = (
    (
        Fault(
            "target-without-value",
            Severity.ERROR,
            "targets",
            "with neither an amount nor a value",
            "nothing can be attained",
        ),
        lambda one: one.amount is None and one.value is None,
    ),
    (
        Fault(
            "target-with-two-values",
            Severity.ERROR,
            "targets",
            "with both an amount and a value",
            "money is an amount, everything else a value",
        ),
        lambda one: one.amount is not None and one.value is not None,
    ),
)
_UNKNOWN_CALENDAR = Fault(
    "unknown-calendar",
    Severity.WARNING,
    "targets",
    "in a calendar that has no rule of this name",
    "first and last day hold",
)
_UNKNOWN_PERIOD = Fault(
    "period-unknown",
    Severity.ERROR,
    "targets",
    "for a period that its calendar does not have",
    "first and last day hold",
)
_OTHER_PERIOD = Fault(
    "calendars-disagree",
    Severity.ERROR,
    "targets",
    "for a period that has other days in its calendar",
    "first and last day hold",
)


def plan_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield the faults of targets."""
    yield from judged(book.targets, _AMOUNTS)
    calendars = _calendars(book.targets)
    periods = _periods(book.targets, calendars)
    known = [one for one in book.targets if calendars[one.calendar] is not None]
    lost = [one.id for one in book.targets if calendars[one.calendar] is None]
    yield from _UNKNOWN_CALENDAR.found(lost)
    named = [(one, periods[one.calendar, one.period]) for one in known if one.period is not None]
    yield from _UNKNOWN_PERIOD.found(one.id for one, period in named if period is None)
    yield from _OTHER_PERIOD.found(
        one.id
        for one, period in named
        if period is not None and (period.start, period.last_day) != (one.starts_on, one.ends_on)
    )


def _calendars(targets: tuple[Target, ...]) -> dict[str | None, Calendar | None]:
    """Return the calendars that targets name; `None` for one that has no rule of that name."""
    found: dict[str | None, Calendar | None] = {None: Calendar()}
    for name in {one.calendar for one in targets} - {None}:
        try:
            found[name] = Calendar.named(str(name))
        except UnknownName:
            found[name] = None
    return found


def _periods(
    targets: tuple[Target, ...], calendars: dict[str | None, Calendar | None]
) -> dict[tuple[str | None, str], Period | None]:
    """Return the periods that targets name; `None` for one that their calendar does not have."""
    found: dict[tuple[str | None, str], Period | None] = {}
    for name, key in {(one.calendar, one.period) for one in targets}:
        calendar = calendars[name]
        if calendar is not None and key is not None:
            try:
                found[name, key] = calendar.parse(key)
            except InvalidPeriod:
                found[name, key] = None
    return found
