"""
Values: money, numbers, dates, periods, calendars, changes, findings.

The smallest facts, each a frozen record or a pure function, that every other room builds on.
This is the only room that uses pendulum (zones) and dateutil (calendar arithmetic); each loads
when a zone or a calendar is first needed, so importing this room loads neither.
"""

from __future__ import annotations

from salescore.values._allocation import allocate
from salescore.values._bag import MoneyBag
from salescore.values._calendar import Calendar
from salescore.values._change import Change, ChangeKind, change
from salescore.values._currency import Currency, currencies, currency, is_currency
from salescore.values._dates import (
    check_instant,
    day_of,
    format_instant,
    parse_date,
    parse_instant,
)
from salescore.values._finding import Finding, Place, Severity
from salescore.values._money import Money, bulk_money
from salescore.values._numbers import (
    EXACT,
    Rounding,
    check_decimal,
    decimals_ok,
    exact_sum,
    parse_decimal,
    quotient,
    round_to,
)
from salescore.values._period import CalendarUnit, Period
from salescore.values._rates import ConstantRates

__all__ = [
    "EXACT",
    "Calendar",
    "CalendarUnit",
    "Change",
    "ChangeKind",
    "ConstantRates",
    "Currency",
    "Finding",
    "Money",
    "MoneyBag",
    "Period",
    "Place",
    "Rounding",
    "Severity",
    "allocate",
    "bulk_money",
    "change",
    "check_decimal",
    "check_instant",
    "currencies",
    "currency",
    "day_of",
    "decimals_ok",
    "exact_sum",
    "format_instant",
    "is_currency",
    "parse_date",
    "parse_decimal",
    "parse_instant",
    "quotient",
    "round_to",
]
