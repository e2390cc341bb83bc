"""The days that a forecast looks at, counted from the day as of which it is made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.values import Period


@attrs.frozen
class Window:
    """
    The days of a period that are still to come.

    Attributes:
        as_of: Last day seen; the day after is day 1.
        first: First day to come that lies in the period, from 1.
        last: Last day of the period.
    """

    as_of: date
    first: int
    last: int

    @classmethod
    def of(cls, as_of: date, during: Period) -> Window:
        """
        Return what is to come of a period.

        Args:
            as_of: Last day seen.
            during: The period, which may have begun.

        Raises:
            InvalidValue: It is no period, or over by then.
        """
        if not isinstance(cast("object", during), Period):
            fault = "it must be a Period; Calendar().parse('2017-Q4') makes one"
            raise InvalidValue("during", during, fault)
        last = (during.last_day - as_of).days
        if last < 1:
            fault = f"nothing of it is to come after {as_of}; name one that ends later"
            raise InvalidValue("during", during.key, fault)
        return cls(as_of, max((during.start - as_of).days, 1), last)

    @property
    def days(self) -> int:
        """Return how many days to come lie in the period."""
        return self.last - self.first + 1

    def day(self, number: int) -> date:
        """Return the day of a number."""
        return self.as_of + timedelta(days=number)
