"""Periods that are not over: what is known of them, and what that may stand for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._numbers import as_decimal, as_fraction
from salescore.forecast._pipeline_checks import check_day
from salescore.render import Language
from salescore.values import Period, WorkingCalendar

_DAY = timedelta(days=1)


class Unfinished(Enum):
    """
    What becomes of a period that is not over.

    Attributes:
        LEAVE_OUT: It is not among the values; a forecast begins with it.
        SCALE: It counts with its value × days ÷ elapsed days, as if the rest went on alike.
    """

    LEAVE_OUT = "leave_out"
    SCALE = "scale"


@attrs.frozen(kw_only=True)
class UnfinishedPeriod:
    """
    A period that is not over, and what was made of it.

    Attributes:
        during: The period.
        value: What it has brought so far.
        elapsed: Days of it that are over.
        days: Days that it has.
        are_working_days: Whether these are working days; calendar days otherwise.
        scaled: value × days ÷ elapsed, to 28 significant digits; `None` where it was left out, by
            choice or because no such day is over.
    """

    during: Period
    value: Decimal
    elapsed: int
    days: int
    are_working_days: bool
    scaled: Decimal | None

    def words(self, language: Language = Language.EN) -> str:
        """
        Return what was made of the period.

        Args:
            language: Language of the words.
        """
        check_kind("language", language, Language, "a Language, such as Language.EN")
        if language is Language.ZH:
            kind = "个工作日" if self.are_working_days else "天"
            state = f"{self.during.key} 尚未结束（已过 {self.elapsed}/{self.days} {kind}）"
            if self.scaled is None:
                return f"{state}，未计入"
            return f"{state}，按比例折算：{self.value} → {float(self.scaled):.12g}"
        kind = "working days" if self.are_working_days else "days"
        state = f"{self.during.key} is not over ({self.elapsed} of {self.days} {kind})"
        if self.scaled is None:
            return f"{state} and was left out"
        return f"{state} and was scaled from {self.value} to {float(self.scaled):.12g}"


def unfinished_period(
    during: Period,
    value: Decimal,
    *,
    as_of: date,
    policy: Unfinished,
    working: WorkingCalendar | None = None,
) -> UnfinishedPeriod:
    """
    Return what an unfinished period comes to under a policy.

    Args:
        during: The period.
        value: What it has brought up to and with the day.
        as_of: Last day known, inside the period and not its last.
        policy: Whether it is left out or scaled.
        working: Counts working days; `None` for calendar days.

    Raises:
        InvalidPeriod: The day lies outside the period, or is its last: then it is finished.
        InvalidValue: The working calendar does not know all of the period.
    """
    check_kind("policy", policy, Unfinished, "an Unfinished, such as Unfinished.LEAVE_OUT")
    check_day("as_of", as_of)
    if not during.start <= as_of < during.last_day:
        fault = f"{as_of} is no day of it before its last; a finished period is a value"
        raise InvalidPeriod(during.key, fault)
    amount = as_fraction(value)
    if working is None:
        elapsed, days = (as_of + _DAY - during.start).days, during.days
    else:
        check_kind("working", working, WorkingCalendar, "a WorkingCalendar or None")
        seen = working.working_days_between(during.start, as_of + _DAY)
        all_days = working.working_days(during)
        if seen is None or all_days is None:
            fault = f"the calendar {working.name} does not know the year"
            raise InvalidValue("working days", during.key, fault)
        elapsed, days = seen, all_days
    scaled = None
    if policy is Unfinished.SCALE and elapsed:
        scaled = as_decimal(amount * Fraction(days, elapsed))
    return UnfinishedPeriod(
        during=during,
        value=value,
        elapsed=elapsed,
        days=days,
        are_working_days=working is not None,
        scaled=scaled,
    )
