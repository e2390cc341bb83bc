"""The days of a backtest: what may be asked on them, and how far they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import cast

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.stats import wilson_interval

CONFIDENCE = Decimal("0.95")
"""Level of confidence of what is said about means and shares, by default."""

_FEWEST_FOR_SPREAD = 2
_LONGEST = 36_525


def check_settings(
    methods: Mapping[str, object],
    levels: Sequence[Decimal],
    confidence: Decimal,
    fewest: int,
    judged_on: date,
) -> None:
    """
    Refuse settings that no backtest can have.

    Args:
        methods: The methods, by name.
        levels: Levels of intervals.
        confidence: Level of confidence.
        fewest: Days below which nothing is judged.
        judged_on: Last day of the facts that judge.

    Raises:
        InvalidValue: There is no method, one has no name or cannot be called, a level is none or
            stands twice, the days are below 2, or the last is no day.
    """
    if not isinstance(cast("object", methods), Mapping):
        fault = "name them: a mapping of each name to a method"
        raise InvalidValue("methods", type(methods).__name__, fault)
    if not methods:
        raise InvalidValue("methods", 0, "there is at least one")
    for name, method in methods.items():
        if not isinstance(cast("object", name), str) or not name.strip():
            raise InvalidValue("name of a method", name, "it must be a text that is not empty")
        check_callable(name, method)
    if not _is_several(levels):
        raise InvalidValue("levels", levels, 'give several Decimals, such as [Decimal("0.8")]')
    for level in (*levels, confidence):
        wilson_interval(0, 1, level)
    if len(set(levels)) < len(levels):
        fault = "one stands twice; each counts once"
        raise InvalidValue("levels", ", ".join(map(str, levels)), fault)
    if type(fewest) is not int or fewest < _FEWEST_FOR_SPREAD:
        fault = f"it must be a whole number from {_FEWEST_FOR_SPREAD}"
        raise InvalidValue("fewest", fewest, fault)
    check_day("judged_on", judged_on)


def check_callable(name: str, found: object) -> None:
    """
    Refuse what cannot be called.

    Raises:
        InvalidValue: It cannot.
    """
    if not callable(found):
        raise InvalidValue(name, found, "it must be a function, which is called on each day")


def check_day(name: str, day: object) -> None:
    """
    Refuse what is no day.

    Raises:
        InvalidValue: It is an instant, or anything else.
    """
    if isinstance(day, datetime) or not isinstance(day, date):
        raise InvalidValue(name, day, "it must be a date, without a time")


def check_facts(facts: object) -> None:
    """
    Refuse what is no `Facts`.

    Raises:
        InvalidValue: It is something else, such as the book that they are made of.
    """
    if not isinstance(facts, Facts):
        raise InvalidValue("facts", type(facts).__name__, "it must be Facts; see Facts.of")


def check_horizon(horizon: object) -> None:
    """
    Refuse what is no number of days ahead; `None` stands for in the end.

    Raises:
        InvalidValue: It is no whole number from 1 on, or longer than a century.
    """
    if horizon is not None and (type(horizon) is not int or not 1 <= horizon <= _LONGEST):
        fault = f"a whole number of days from 1 to {_LONGEST:,}, or None"
        raise InvalidValue("horizon", horizon, fault)


def _is_several(found: object) -> bool:
    return isinstance(found, Iterable) and not isinstance(found, str)


def ascending_days(days: Iterable[date]) -> list[date]:
    """
    Return days in ascending order.

    Raises:
        InvalidValue: One is no day, or stands twice.
    """
    if not _is_several(days):
        raise InvalidValue("days", days, "give several dates, such as the ends of months")
    given = list(days)
    for day in given:
        check_day("day", day)
    found = sorted(given)
    for before, after in pairwise(found):
        if before == after:
            raise InvalidValue("day", after, "it stands twice; a day counts once")
    return found


def refuse_foresight(facts: object, day: date) -> None:
    """
    Refuse facts that tell of days after the one they were asked for.

    Raises:
        InvalidValue: They do.
    """
    if isinstance(facts, Facts) and (facts.as_of is None or facts.as_of > day):
        until = "all days" if facts.as_of is None else f"{facts.as_of}"
        fault = f"for {day} it gives the facts of {until}; use facts.at"
        raise InvalidValue("facts_at", repr(facts), fault)


def check_judge(facts: object, judged_on: date) -> date | None:
    """
    Return the last day of which the facts that judge tell anything; `None` where none is known.

    Raises:
        InvalidValue: They are seen up to an earlier day than the one on which they judge.
    """
    if not isinstance(facts, Facts):
        return judged_on
    if facts.as_of is not None and facts.as_of < judged_on:
        fault = f"the facts are seen up to {facts.as_of} alone; judge on that day or before"
        raise InvalidValue("judged_on", judged_on, fault)
    return facts.known.book.last_known


def overlapping(ranges: Sequence[tuple[date, date]]) -> int:
    """
    Return how many places back at most a range reaches that shares days with a later one.

    Args:
        ranges: First day, and the day after the last, by ascending day of the forecast.
    """
    found = 0
    for place, (start, end) in enumerate(ranges):
        for back in range(1, place + 1):
            first, after = ranges[place - back]
            if first < end and after > start:
                found = max(found, back)
    return found
