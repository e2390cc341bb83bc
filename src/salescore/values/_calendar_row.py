"""One day and the keys of its periods."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class CalendarRow(NamedTuple):
    """
    The keys of one day, a row of `Calendar.table`.

    Attributes:
        day: The day.
        week: Key of its week. Here as below `None` in a calendar without that unit, and for a day
            at the ends of all time or of a custom calendar that no such unit holds.
        month: Key of its month.
        quarter: Key of its quarter.
        year: Key of its year.
    """

    day: date
    week: str | None
    month: str | None
    quarter: str | None
    year: str | None
