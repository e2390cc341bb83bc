"""What of the calendar moves a series: working days, and holidays that move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import Protocol

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._pipeline_checks import check_day
from salescore.values import Period, WorkingCalendar

_MOST_DAYS = 366


class RegressorRole(Enum):
    """
    How a regressor joins a series.

    Attributes:
        DIVIDE: The value is in proportion to it, as sales are to working days.
        REGRESS: How strong it is, is found from the series.
    """

    DIVIDE = "divide"
    REGRESS = "regress"


class Regressor(Protocol):
    """
    A number per period that is known in advance; hand in an object of your own for another.

    Laws:
        The same period has the same number, whenever it is asked for.
        A period of which nothing is known is refused, not guessed.
    """

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def role(self) -> RegressorRole:
        """How it joins a series."""
        ...

    def at(self, during: Period, /) -> float:
        """Return its number in a period."""
        ...


def _days(days: Iterable[date]) -> tuple[date, ...]:
    return listed("days of a holiday", days, "days, in a list")


def check_regressor(found: object) -> None:
    """
    Refuse what is no regressor, such as its class.

    Raises:
        InvalidValue: It has no name, no role or no number of a period, or is a class.
    """
    has_all = hasattr(found, "at") and isinstance(getattr(found, "role", None), RegressorRole)
    if isinstance(found, type) or not has_all or not hasattr(found, "name"):
        fault = "it is an object with a name, a role and an at, such as WorkingDays(calendar=...)"
        raise InvalidValue("regressor", repr(found), fault)


@attrs.frozen(kw_only=True)
class WorkingDays:
    """
    Working days of a period, to which its value is taken to be in proportion.

    Attributes:
        calendar: Counts them.
        role: How they join the series.
    """

    calendar: WorkingCalendar
    role: RegressorRole = RegressorRole.DIVIDE

    def __attrs_post_init__(self) -> None:
        """Refuse what counts no working days, and a role that is none."""
        wanted = "a WorkingCalendar, such as WorkingCalendar.of gives"
        check_kind("calendar of working days", self.calendar, WorkingCalendar, wanted)
        check_kind("role", self.role, RegressorRole, "a RegressorRole")

    @property
    def name(self) -> str:
        """What it is called."""
        return f"working days ({self.calendar.name})"

    def at(self, during: Period, /) -> float:
        """
        Return the number of working days.

        Raises:
            InvalidValue: The calendar does not know the year.
        """
        found = self.calendar.working_days(during)
        if found is None:
            fault = f"the calendar {self.calendar.name} does not know the year; add its holidays"
            raise InvalidValue("working days", during.key, fault)
        return float(found)


@attrs.frozen(kw_only=True)
class MovingHoliday:
    """
    The share of a holiday's window that falls into a period, such as of Chinese New Year.

    Attributes:
        name: What it is called.
        days: First day of the holiday in each year that is known.
        before: Days before it in which it is felt already, from 0.
        after: Days after its first day in which it is still felt, from 0.
        role: How it joins the series.

    Examples:
        >>> spring = MovingHoliday(name="spring festival", days=[date(2026, 2, 17)], after=13)
        >>> spring.at(Period.custom(date(2026, 2, 1), date(2026, 2, 28)))
        0.8571428571428571
    """

    name: str
    days: tuple[date, ...] = attrs.field(converter=_days)
    before: int = 0
    after: int = 6
    role: RegressorRole = RegressorRole.REGRESS

    def __attrs_post_init__(self) -> None:
        """Refuse a window that is none, days that are texts, and a role that is none."""
        for day in self.days:
            check_day("day of a holiday", day)
        check_kind("role", self.role, RegressorRole, "a RegressorRole")
        for one in (self.before, self.after):
            if type(one) is not int or not 0 <= one < _MOST_DAYS:
                raise InvalidValue("days of a holiday", one, f"from 0 to {_MOST_DAYS - 1}")

    def at(self, during: Period, /) -> float:
        """
        Return the share of the window in a period, from 0 to 1 per holiday.

        Raises:
            InvalidValue: No day is stated for a year that the period touches.
        """
        known = {one.year for one in self.days}
        lacking = {during.start.year, during.last_day.year} - known
        if lacking:
            fault = f"no day is stated for {min(lacking)}; a year without data is unknown"
            raise InvalidValue(self.name, during.key, fault)
        length = self.before + 1 + self.after
        found = 0
        for one in self.days:
            start = max(one - timedelta(days=self.before), during.start)
            end = min(one + timedelta(days=self.after + 1), during.end)
            found += max((end - start).days, 0)
        return found / length
