"""Rules of RFC 5545, read strictly and followed within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

import attrs

from salescore.errors import InvalidDate, InvalidValue, UnknownName
from salescore.values._dates import parse_date
from salescore.values._period import is_day

_YEARS = 100
_CYCLE = 400
_MOST = 10_000
_LONGEST = 1_000
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Most of each number in a list; those marked may count back from the end.
_NUMBERS: Final = {
    "BYMONTH": (12, False),
    "BYWEEKNO": (53, True),
    "BYYEARDAY": (366, True),
    "BYMONTHDAY": (31, True),
    "BYSETPOS": (366, True),
}
_PARTS: Final = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS"),
)
_BELOW_A_DAY: Final = ("HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND")
_BYDAY = re.compile(r"([+-]?)([1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[1-9][0-9]{0,4}")
# Where each part says nothing, by the table in section 3.3.10.
_MISPLACED: Final = {
    ("BYWEEKNO", "DAILY"),
    ("BYWEEKNO", "WEEKLY"),
    ("BYWEEKNO", "MONTHLY"),
    ("BYYEARDAY", "DAILY"),
    ("BYYEARDAY", "WEEKLY"),
    ("BYYEARDAY", "MONTHLY"),
    ("BYMONTHDAY", "WEEKLY"),
}


@attrs.frozen
class Recurrence:
    """
    A rule that has been read.

    Attributes:
        text: The rule in canonical order.
        pattern: The rule without its end.
        count: Most steps, or `None`.
        until: Last day, or `None`.
        anchor: The day from which it counts.
    """

    text: str
    pattern: str
    count: int | None
    until: date | None
    anchor: date

    @classmethod
    def parse(cls, text: str, anchor: date) -> Recurrence:
        """Return the rule that a text states, or raise `InvalidValue` or `InvalidDate`."""
        if not is_day(anchor):
            raise InvalidDate(str(anchor), "expected a date without a time")
        if len(text) > _LONGEST:
            raise _refused(text, f"it is longer than {_LONGEST} characters")
        found: dict[str, str] = {}
        for part in text.upper().removeprefix("RRULE:").split(";"):
            key, _, value = part.partition("=")
            if {key, value} & set(_BELOW_A_DAY):
                raise _refused(text, "it recurs below a day; a cadence knows days alone")
            if key not in _PARTS:
                raise _refused(text, str(UnknownName("part", key, _PARTS)))
            if key in found:
                raise _refused(text, f"{key} stands twice")
            found[key] = _checked(text, key, value)
        _check_whole(text, found)
        parts: dict[str, str] = {key: found[key] for key in _PARTS if key in found}
        ends = {"COUNT", "UNTIL"}
        return cls(
            _written(parts),
            _written({key: value for key, value in parts.items() if key not in ends}),
            int(found["COUNT"]) if "COUNT" in found else None,
            parse_date(found["UNTIL"], "%Y%m%d") if "UNTIL" in found else None,
            anchor,
        )

    @property
    def reach(self) -> date:
        """The last day on which a step is looked for."""
        years = min(self.anchor.year + _YEARS, date.max.year)
        # A leap day is a hundred years later a day that may not exist.
        return date(years, self.anchor.month, min(self.anchor.day, 28))

    def check_reach(self, end: date) -> None:
        """Refuse a range that reaches further than the rule is followed."""
        ends = self.until is not None and self.until <= self.reach
        if end > self.reach and not ends:
            fault = f"the rule is followed up to {self.reach}, 100 years from its anchor"
            raise InvalidDate(str(end), fault)

    def days(self) -> Iterator[date]:
        """Yield the days of the steps in order."""
        from dateutil.rrule import rrulestr  # noqa: PLC0415 - loaded when first needed

        # A rule without a match is searched to the last year there is, whatever its end. Four
        # hundred years repeat every date with its weekday, so the search is moved up to there.
        moved = max(0, (date.max.year - _YEARS - self.anchor.year) // _CYCLE * _CYCLE)
        last = self.reach if self.until is None else min(self.until, self.reach)
        last = last.replace(year=last.year + moved)
        start = datetime(self.anchor.year + moved, self.anchor.month, self.anchor.day)  # noqa: DTZ001
        # Days alone are asked for, so the wall's midnight serves, and no zone enters.
        rule = rrulestr(f"{self.pattern};UNTIL={last:%Y%m%d}", dtstart=start)
        for moment in islice(rule, self.count):
            yield date(moment.year - moved, moment.month, moment.day)


def _checked(text: str, key: str, value: str) -> str:
    """Return a part's value in canonical form, or refuse it."""
    match key:
        case "FREQ" | "WKST":
            known = _FREQUENCIES if key == "FREQ" else _WEEKDAYS
            if value not in known:
                raise _refused(text, str(UnknownName(key, value, known)))
            return value
        case "INTERVAL" | "COUNT":
            return _number(text, key, value, _MOST)
        case "UNTIL":
            return f"{parse_date(value, '%Y%m%d'):%Y%m%d}"
        case "BYDAY":
            return ",".join(_weekday(text, item) for item in value.split(","))
        case _:
            most, back = _NUMBERS[key]
            return ",".join(_number(text, key, item, most, back=back) for item in value.split(","))


def _number(text: str, key: str, item: str, most: int, *, back: bool = False) -> str:
    """Return a number in canonical form, or refuse it."""
    if not _NUMBER.fullmatch(item) or not (-most if back else 1) <= int(item) <= most:
        fault = f"{key} goes from 1 to {most}" + (", or back from -1" if back else "")
        raise _refused(text, fault)
    return str(int(item))


def _weekday(text: str, item: str) -> str:
    """Return a weekday with its place, such as 2TU or -1FR."""
    found = _BYDAY.fullmatch(item)
    if found is None or (found[1] and not found[2]) or int(found[2] or 1) > 53:  # noqa: PLR2004
        raise _refused(text, "BYDAY takes weekdays such as TU, 2TU or -1FR")
    return f"{found[1].removesuffix('+')}{found[2] or ''}{found[3]}"


def _check_whole(text: str, found: dict[str, str]) -> None:
    """Refuse parts that are missing or do not go together."""
    frequency = found.get("FREQ")
    if frequency is None:
        raise _refused(text, "the part FREQ is missing")
    if "COUNT" in found and "UNTIL" in found:
        raise _refused(text, "it ends by COUNT or by UNTIL, not by both")
    for key in found:
        if (key, frequency) in _MISPLACED:
            raise _refused(text, f"{key} says nothing where FREQ is {frequency}")
    placed = any(character.isdigit() for character in found.get("BYDAY", ""))
    if placed and (frequency in {"DAILY", "WEEKLY"} or "BYWEEKNO" in found):
        raise _refused(text, "a weekday's place needs a month or year to count in")
    if "BYSETPOS" in found and not any(key in found for key in (*list(_NUMBERS)[:-1], "BYDAY")):
        raise _refused(text, "BYSETPOS chooses among the days of another BY part")


def _written(parts: dict[str, str]) -> str:
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _refused(text: str, fault: str) -> InvalidValue:
    return InvalidValue("the rule", text, fault)
