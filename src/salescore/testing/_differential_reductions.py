"""Random reductions for the differential test, and what Python rows answer to them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import cast

import attrs

from salescore.book import Facts, FactTable
from salescore.metrics import Aggregate, Measure, Reduced, Reduction, reduce_rows
from salescore.rules import Expression, RuleType, rule_text
from salescore.testing._differential_rows import TABLE, DifferentialRows
from salescore.testing._differential_rules import RandomRules
from salescore.values import Calendar, CalendarUnit, Period

_KEYS = ("t_first", "t_choice", "b_first", "d_first")
_UNITS = (CalendarUnit.YEAR, CalendarUnit.QUARTER, CalendarUnit.MONTH, CalendarUnit.WEEK)
_CALENDARS = (Calendar(), Calendar.months(4), Calendar.named("nrf"))
_NUMBERS = (Aggregate.SUM, Aggregate.SUM, Aggregate.VALUES, Aggregate.MIN, Aggregate.MAX)
_DATES = (Aggregate.MIN, Aggregate.MAX)
_ANY = (Aggregate.COUNT, Aggregate.DISTINCT)
_OFTEN, _SELDOM = 0.5, 0.25
_OUTSIDE = timedelta(days=30)


@attrs.frozen(kw_only=True)
class DifferentialQuestion:
    """
    A reduction, and what it is asked with.

    Attributes:
        reduction: The reduction.
        calendar: Calendar of its periods.
        during: Period in which its date must fall; `None` takes every date.
    """

    reduction: Reduction
    calendar: Calendar
    during: Period | None = None

    def __str__(self) -> str:
        """Say in one line what is asked."""
        measures = "; ".join(map(_measure_text, self.reduction.measures))
        by = f" by {', '.join(self.reduction.keys)}" if self.reduction.keys else ""
        placed = "" if self.reduction.date is None else f" placed by {self.reduction.date}"
        span = "" if self.during is None else f" during {self.during.key}"
        return f"{measures}{by}{placed}{span} ({self.calendar.name})"


def _measure_text(measure: Measure) -> str:
    of = "rows" if measure.of is None else rule_text(measure.of)
    where = "" if measure.where is None else f" where {rule_text(measure.where)}"
    return f"{measure.aggregate.value} of {of}{where}"


def random_question(randomness: Random, rows: DifferentialRows) -> DifferentialQuestion:
    """Return a random reduction over rows; the same randomness gives the same."""
    rules = RandomRules(randomness, rows)
    day = randomness.choice(("d_first", "d_second", None))
    calendar = randomness.choice(_CALENDARS)
    keys = list[str](randomness.sample(_KEYS, randomness.randrange(3)))
    if day is not None and randomness.random() < _OFTEN:
        keys.insert(randomness.randint(0, len(keys)), randomness.choice(_UNITS).value)
    measures = tuple(
        _measure(randomness, rules, f"m_{place}", day) for place in range(randomness.randint(1, 4))
    )
    during = None
    known = [one for one in rows.by_name[day] if one is not None] if day is not None else []
    if known and randomness.random() < _OFTEN:
        during = _period(randomness, calendar, known)
    return DifferentialQuestion(
        reduction=Reduction(name="random", table=TABLE, keys=keys, measures=measures),
        calendar=calendar,
        during=during,
    )


def answer(rows: DifferentialRows, question: DifferentialQuestion) -> Reduced:
    """Return what Python rows answer."""
    facts = cast("Facts", _RowFacts(rows=rows, calendar=question.calendar))
    return reduce_rows(facts, question.reduction, question.during)


@attrs.frozen(kw_only=True, eq=False)
class _RowFacts:
    """Rows in the place of facts: all that a reduction asks of these."""

    rows: DifferentialRows
    calendar: Calendar

    def table(self, _name: str) -> FactTable:
        return FactTable(schema=self.rows.schema, sources=self.rows.columns)


def _measure(randomness: Random, rules: RandomRules, name: str, day: str | None) -> Measure:
    of: Expression | None = None
    aggregate = Aggregate.COUNT
    kind = randomness.choice((RuleType.NUMBER, RuleType.NUMBER, RuleType.DATE, None))
    if kind is None:
        if randomness.random() < _OFTEN:
            aggregate = randomness.choice(_ANY)
            of = rules.rule()
    else:
        aggregate = randomness.choice((*(_NUMBERS if kind is RuleType.NUMBER else _DATES), *_ANY))
        of = rules.rule(kind)
    where = rules.rule(RuleType.BOOLEAN) if randomness.random() < _OFTEN else None
    return Measure(name=name, table=TABLE, aggregate=aggregate, of=of, where=where, date=day)


def _period(randomness: Random, calendar: Calendar, days: list[date]) -> Period:
    if randomness.random() < _SELDOM:
        first = randomness.choice(days)
        return Period.custom(first, min(first + _OUTSIDE, max(days)), calendar.name)
    return calendar.period(randomness.choice(days), randomness.choice(_UNITS))
