"""What makes the targets and exchange rates of a drawn book mean something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from salescore.testing._tapes import LAST_DAY, ODD_DAYS, Draft
from salescore.values import Calendar, CalendarUnit, Period, RateKind, is_currency

_IN_MONEY = ("revenue", "gross_profit")
_CALENDARS = ("gregorian", "gregorian-04", "iso", "nrf")
_UNITS = (CalendarUnit.YEAR, CalendarUnit.MONTH, CalendarUnit.WEEK)
_RATES = ("USD", "EUR")


def mend_targets(draft: Draft) -> None:
    """Let a target ask for an amount or a value, in a period that its calendar has."""
    for raw in draft["targets"]:
        unused, wanted = ("value", "amount")
        if raw["figure"] not in _IN_MONEY:
            unused, wanted = wanted, unused
        raw[unused] = None
        raw[wanted] = Decimal(1) if raw[wanted] is None else raw[wanted]
        if raw["calendar"] not in _CALENDARS:
            raw["calendar"] = None
        if raw["period"] is not None:
            day = LAST_DAY if raw["starts_on"] in ODD_DAYS else raw["starts_on"]
            period = _period(raw["calendar"], day)
            raw["period"] = period.key
            raw["starts_on"], raw["ends_on"] = period.start, period.last_day


@cache
def _period(calendar: str | None, day: date) -> Period:
    chosen = Calendar() if calendar is None else Calendar.named(calendar)
    units = [unit for unit in _UNITS if unit in chosen.units]
    return chosen.period(day, units[day.day % len(units)])


def mend_rates(draft: Draft) -> None:
    """Let a rate be between two currencies, and one rate hold for a pair, kind and day."""
    first: dict[tuple[object, ...], Decimal] = {}
    for raw in draft["exchange_rates"]:
        if not is_currency(raw["base"]):
            raw["base"] = _RATES[0]
        if not is_currency(raw["quote"]) or raw["quote"] == raw["base"]:
            raw["quote"] = _RATES[raw["base"] == _RATES[0]]
        key = (raw["base"], raw["quote"], raw["kind"] or RateKind.SPOT, raw["valid_from"])
        raw["rate"] = first.setdefault(key, raw["rate"])
