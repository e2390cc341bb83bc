"""Types that annotations alone do not describe, each with what draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType
from typing import Any, assert_never

import attrs

from salescore.book import FACT_TABLES, Facts, FactTable, SalesBook
from salescore.entities import RECORD_TABLES
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    Aggregate,
    Dimension,
    FigureDefinition,
    Measure,
    Part,
    QuantileCuts,
    Reduced,
    Reduction,
    Thresholds,
    reduce_rows,
)
from salescore.plain import CustomFields, Field, FieldTable
from salescore.rules import Expression, RuleType
from salescore.testing._books import books
from salescore.testing._calendars import calendars, periods
from salescore.testing._forecasts import OWN as FORECASTS
from salescore.testing._funnels import OWN as FUNNELS
from salescore.testing._hypothesis import st
from salescore.testing._instances_policies import OWN as POLICIES
from salescore.testing._instances_rules import OWN as RULES
from salescore.testing._instances_rules import conditions
from salescore.testing._rates import rate_tables
from salescore.testing._records import records
from salescore.testing._rules import rules
from salescore.testing._statuses import OWN as STATUSES
from salescore.testing._values import CURRENCIES, days, decimals, moneys, texts
from salescore.testing._working import (
    cadences,
    interval_sets,
    intervals,
    rule_cadences,
    working_calendars,
)
from salescore.values import (
    BlockedDay,
    Cadence,
    Calendar,
    ConstantRates,
    Currency,
    CustomYears,
    EventDateRates,
    Finding,
    Interval,
    Intervals,
    LockedAtCloseRates,
    Money,
    MonthYears,
    Period,
    PeriodAverageRates,
    Place,
    Rate,
    RateTable,
    RuleCadence,
    Severity,
    Shift,
    ShiftedCadence,
    SpecialDay,
    UsedRate,
    WeekYears,
    WorkingCalendar,
    currencies,
)

Strategy = st.SearchStrategy[Any]

_MOST = 3
_WHOLE = next(one for one in FACT_TABLES if one.name == "sales_lines")
_READ = ("region", "product_id", "sold_on", "quantity", "net_amount", "is_free")
_SALES = attrs.evolve(_WHOLE, fields=tuple(_WHOLE.field(name) for name in _READ))
"""Sold lines with the few columns that drawn measures read: a strategy of all is slow to make."""


def _layouts(kind: type[Any]) -> Strategy:
    return calendars().map(lambda one: one.layout).filter(lambda one: isinstance(one, kind))


def _rates() -> Strategy:
    return rate_tables(least=1).flatmap(lambda table: st.sampled_from(table.rates))


def _policies(kind: type[Any]) -> Strategy:
    return st.builds(kind, currency=st.sampled_from(CURRENCIES), table=rate_tables())


def _constant() -> Strategy:
    pairs = st.dictionaries(
        st.sampled_from(CURRENCIES[1:]), decimals(Decimal("0.01"), Decimal(100)), max_size=_MOST
    )
    return pairs.map(lambda found: ConstantRates(CURRENCIES[0], tuple(sorted(found.items()))))


def _shifts() -> Strategy:
    hours = st.sets(st.integers(0, 23), min_size=2, max_size=2).map(sorted)
    return hours.map(lambda pair: Shift(time(pair[0]), time(pair[1])))


def _special_days() -> Strategy:
    holidays = st.builds(SpecialDay.holiday, days(), texts(least=1), st.none() | texts(least=1))
    return st.one_of(holidays, st.builds(SpecialDay.workday, days()))


def _fields() -> Strategy:
    every = [field for table in (*RECORD_TABLES, *FACT_TABLES) for field in table.fields]
    return st.sampled_from(every)


def _custom_fields() -> Strategy:
    return books(custom=True).map(lambda book: book.custom_fields)


def _facts() -> Strategy:
    return books().map(Facts.of)


@cache
def _measured(aggregate: Aggregate) -> Strategy:
    """Return what an aggregate can be of."""
    match aggregate:
        case Aggregate.SUM | Aggregate.VALUES | Aggregate.MAX:
            return rules(_SALES, RuleType.NUMBER)
        case Aggregate.MIN:
            return rules(_SALES, RuleType.DATE)
        case Aggregate.COUNT:
            return st.none() | rules(_SALES, RuleType.TEXT)
        case Aggregate.DISTINCT:
            return rules(_SALES, RuleType.TEXT)
        case _:
            assert_never(aggregate)


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """Return measures of sold lines, some of them where a rule holds."""
    aggregate = draw(st.sampled_from(Aggregate))
    return Measure(
        name=draw(st.text("abcdef", min_size=1, max_size=6)),
        table=_SALES.name,
        aggregate=aggregate,
        of=draw(_measured(aggregate)),
        where=draw(st.none() | rules(_SALES)),
        date="sold_on",
    )


def reductions() -> Strategy:
    """Return reductions of sold lines by columns and units of the calendar."""
    keys = ("region", "product_id", "customer_id", "is_free", "month", "quarter", "year")
    return st.builds(
        Reduction,
        name=texts(least=1),
        table=st.just(_SALES.name),
        keys=st.lists(st.sampled_from(keys), max_size=_MOST, unique=True),
        measures=st.lists(measures(), min_size=1, max_size=_MOST, unique_by=lambda one: one.name),
    )


def _definitions() -> Strategy:
    return st.sampled_from(CATALOGUE)


def _reduced() -> Strategy:
    return st.builds(reduce_rows, _facts(), reductions(), st.none() | periods())


def _thresholds() -> Strategy:
    cuts = st.sets(st.integers(1, 400), min_size=4, max_size=4).map(
        lambda found: tuple(map(Decimal, sorted(found)))
    )
    return st.builds(Thresholds, recency=cuts, frequency=cuts, monetary=cuts)


def _findings() -> Strategy:
    return st.builds(
        Finding,
        code=st.sampled_from(("missing-cost", "unknown-column", "late")),
        severity=st.sampled_from(Severity),
        message=texts(least=1),
        place=st.none() | st.builds(Place.of, texts(least=1), st.none() | st.integers(1, 99)),
    )


_VALUES: Mapping[Any, Callable[[], Strategy]] = {
    Cadence: cadences,
    Calendar: calendars,
    ConstantRates: _constant,
    Currency: lambda: st.sampled_from(tuple(currencies())),
    Finding: _findings,
    CustomYears: lambda: _layouts(CustomYears),
    EventDateRates: lambda: _policies(EventDateRates),
    Interval: intervals,
    Intervals: interval_sets,
    LockedAtCloseRates: lambda: _policies(LockedAtCloseRates),
    Money: moneys,
    MonthYears: lambda: _layouts(MonthYears),
    Period: periods,
    PeriodAverageRates: lambda: _policies(PeriodAverageRates),
    Rate: _rates,
    RateTable: rate_tables,
    RuleCadence: rule_cadences,
    Shift: _shifts,
    ShiftedCadence: lambda: st.builds(
        ShiftedCadence,
        cadence=cadences(),
        calendar=working_calendars(),
        policy=st.sampled_from(BlockedDay),
    ),
    SpecialDay: _special_days,
    UsedRate: lambda: _rates().map(lambda one: UsedRate(rate=one.rate, legs=(one,))),
    WeekYears: lambda: _layouts(WeekYears),
    WorkingCalendar: working_calendars,
}
_FACTS: Mapping[Any, Callable[[], Strategy]] = {
    CustomFields: _custom_fields,
    Dimension: lambda: st.sampled_from(DIMENSIONS),
    Facts: _facts,
    Field: _fields,
    FieldTable: lambda: st.sampled_from((*RECORD_TABLES, *FACT_TABLES)),
    FactTable: lambda: _facts().map(lambda one: one.table("sales_lines")),
    FigureDefinition: _definitions,
    Measure: measures,
    Part: lambda: st.builds(Part, measures(), st.sampled_from((1, -1))),
    QuantileCuts: lambda: st.builds(QuantileCuts, parts=st.integers(2, 9)),
    Reduced: _reduced,
    Reduction: reductions,
    SalesBook: books,
    Thresholds: _thresholds,
}
_RECORDS: Mapping[Any, Callable[[], Strategy]] = {
    table.record: partial(records, table) for table in RECORD_TABLES
}

OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        **RULES,
        **_VALUES,
        **_FACTS,
        **POLICIES,
        **FUNNELS,
        **FORECASTS,
        **STATUSES,
        **_RECORDS,
        Expression: conditions,
    }
)
"""Types, each with what draws it."""
