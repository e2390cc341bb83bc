"""
Values: money, numbers, dates, periods, calendars, changes, findings.

The smallest facts, each a frozen record or a pure function, that every other room builds on.
This is the only room that uses pendulum (zones) and dateutil (calendar arithmetic); each loads
when a zone or a calendar is first needed, so importing this room loads neither.
"""

from __future__ import annotations

from salescore.values._allocation import allocate
from salescore.values._bag import MoneyBag
from salescore.values._cadence import Cadence
from salescore.values._calendar import Calendar
from salescore.values._calendar_row import CalendarRow
from salescore.values._change import Change, ChangeKind, change
from salescore.values._currency import (
    CURRENCY_PATTERN,
    Currency,
    currencies,
    currency,
    is_currency,
)
from salescore.values._custom_years import CustomYear, CustomYears
from salescore.values._dates import (
    check_instant,
    day_of,
    format_instant,
    parse_date,
    parse_instant,
)
from salescore.values._finding import Finding, Place, Severity
from salescore.values._holidays import public_holidays
from salescore.values._intervals import Interval, Intervals
from salescore.values._joining import calendar_disagreements, join_calendars
from salescore.values._money import Money, bulk_money
from salescore.values._month_years import MonthYears, YearName
from salescore.values._numbers import (
    EXACT,
    Rounding,
    check_decimal,
    decimals_ok,
    exact_sum,
    parse_decimal,
    quotient,
    round_to,
    scale_of,
)
from salescore.values._period import CalendarUnit, Period
from salescore.values._rate import MissingRate, Rate, RateGap, RateKind, UsedRate
from salescore.values._rate_policies import (
    EventDateRates,
    LockedAtCloseRates,
    PeriodAverageRates,
)
from salescore.values._rate_policy import RatePolicy
from salescore.values._rate_table import RateTable
from salescore.values._rates import ConstantRates
from salescore.values._rule_cadence import RuleCadence
from salescore.values._shifts import Shift
from salescore.values._special_days import (
    DayKind,
    SpecialDay,
    parse_special_days,
    years_on_record,
)
from salescore.values._steps import BlockedDay, Recurring, ShiftedCadence, Step, StepState
from salescore.values._wall import instant_at
from salescore.values._week_years import WeekYears, YearEnd
from salescore.values._working import WorkingCalendar
from salescore.values._working_data import ALL_YEARS

__all__ = [
    "ALL_YEARS",
    "CURRENCY_PATTERN",
    "EXACT",
    "BlockedDay",
    "Cadence",
    "Calendar",
    "CalendarRow",
    "CalendarUnit",
    "Change",
    "ChangeKind",
    "ConstantRates",
    "Currency",
    "CustomYear",
    "CustomYears",
    "DayKind",
    "EventDateRates",
    "Finding",
    "Interval",
    "Intervals",
    "LockedAtCloseRates",
    "MissingRate",
    "Money",
    "MoneyBag",
    "MonthYears",
    "Period",
    "PeriodAverageRates",
    "Place",
    "Rate",
    "RateGap",
    "RateKind",
    "RatePolicy",
    "RateTable",
    "Recurring",
    "Rounding",
    "RuleCadence",
    "Severity",
    "Shift",
    "ShiftedCadence",
    "SpecialDay",
    "Step",
    "StepState",
    "UsedRate",
    "WeekYears",
    "WorkingCalendar",
    "YearEnd",
    "YearName",
    "allocate",
    "bulk_money",
    "calendar_disagreements",
    "change",
    "check_decimal",
    "check_instant",
    "currencies",
    "currency",
    "day_of",
    "decimals_ok",
    "exact_sum",
    "format_instant",
    "instant_at",
    "is_currency",
    "join_calendars",
    "parse_date",
    "parse_decimal",
    "parse_instant",
    "parse_special_days",
    "public_holidays",
    "quotient",
    "round_to",
    "scale_of",
    "years_on_record",
]
