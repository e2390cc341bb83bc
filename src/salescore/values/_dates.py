"""Business dates and instants: strict reading, UTC inside, zones only where a day is asked for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Final

from salescore.errors import InvalidDate, InvalidValue, UnknownName

_ISO_DATE = "%Y-%m-%d"
_ISO_LENGTH = 10
_MAX_LENGTH = 40
_PARTS: Final = {"Y": "year", "m": "month", "d": "day"}
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.([0-9]{1,6})0{0,3})?)?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})|)"
)


def parse_date(text: str, format: str = _ISO_DATE) -> date:  # noqa: A002 - strptime's own word
    """
    Return the date that a text states in a given format.

    Args:
        text: The text, with ASCII digits; nothing around it.
        format: `%Y`, `%m` and `%d`, once each, with any text between them. The year has four
            digits. Month and day have two; outside the default format they may have one where
            the format parts them from the next digits.

    Returns:
        The date.

    Raises:
        InvalidDate: If the text does not match, or there is no such day.
        InvalidValue: If the format is not as described.

    Examples:
        >>> parse_date("31/01/2017", "%d/%m/%Y")
        datetime.date(2017, 1, 31)
    """
    if format == _ISO_DATE and len(text) == _ISO_LENGTH and text[4] == "-" == text[7]:
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # the slow path names the fault
    found = _date_pattern(format).fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        raise InvalidDate(text, _why_no_match(text, f"expected the form {_spelled(format)}"))
    return _day(text, int(found["year"]), int(found["month"]), int(found["day"]))


@lru_cache(maxsize=64)
def _date_pattern(format: str) -> re.Pattern[str]:  # noqa: A002 - as in parse_date
    """Return the pattern of a date format."""
    pieces = re.split(r"%(.)", format, flags=re.DOTALL)
    names = pieces[1::2]
    if sorted(names) != sorted(_PARTS):
        fault = "it must hold %Y, %m and %d once each and no other code"
        raise InvalidValue("the date format", format, fault)
    literals = pieces[0::2]
    inner = [bool(part) and not any(map(str.isdecimal, part)) for part in literals[1:-1]]
    apart = [True, *inner, True]
    pattern = re.escape(literals[0])
    for place, name in enumerate(names):
        loose = format != _ISO_DATE and apart[place] and apart[place + 1]
        width = "4" if name == "Y" else "1,2" if loose else "2"
        pattern += f"(?P<{_PARTS[name]}>[0-9]{{{width}}}){re.escape(literals[place + 1])}"
    return re.compile(pattern)


def _spelled(format: str) -> str:  # noqa: A002 - as in parse_date
    """Return a date format in letters that a reader knows."""
    return format.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")


def _why_no_match(text: str, otherwise: str) -> str:
    """Return why a text has not the form of a date."""
    if any(character.isdecimal() and not character.isascii() for character in text[:_MAX_LENGTH]):
        return "write its digits as 0 to 9"
    return otherwise


def _day(text: str, year: int, month: int, day: int) -> date:
    """Return a date, or say which part of it does not exist."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise InvalidDate(text, f"there is no month {month}")
    try:
        return date(year, month, day)
    except ValueError:
        where = f"{year:04d}-{month:02d}"
        fault = f"{where} has no day {day}" if year else "years count from 1"
        raise InvalidDate(text, fault) from None


def parse_instant(text: str) -> datetime:
    """
    Return the instant that a text states, in UTC.

    ISO 8601 with date, hours and minutes, optional seconds and fraction, and an offset: `Z`,
    `+08:00` or `+0800`. A text without an offset names no instant and is refused, and so is any
    word; the clock is never read.

    Args:
        text: The text; a space may stand for the `T`.

    Returns:
        An aware datetime in UTC, to the microsecond.

    Raises:
        InvalidDate: If the text does not match, has no offset, or there is no such instant.

    Examples:
        >>> parse_instant("2017-03-01T08:30:00+08:00").isoformat()
        '2017-03-01T00:30:00+00:00'
    """
    found = _INSTANT.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        form = "expected the form YYYY-MM-DDTHH:MM:SSZ or with an offset such as +08:00"
        raise InvalidDate(text, _why_no_match(text, form))
    year, month, day, hour, minute, second, fraction, zulu, sign, hours, minutes = found.groups()
    if not (zulu or sign):
        raise InvalidDate(text, "it names no offset; add Z for UTC or one such as +08:00")
    on = _day(text, int(year), int(month), int(day))
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        micro = int((fraction or "").ljust(6, "0"))
        local = datetime(
            on.year, on.month, on.day, int(hour), int(minute), int(second or 0), micro, tzinfo=zone
        )
        return local.astimezone(UTC)
    except ValueError:
        fault = "hours go to 23, minutes and seconds to 59, an offset stays under a day"
        raise InvalidDate(text, fault) from None
    except OverflowError:
        raise InvalidDate(text, "in UTC it lies outside the years 1 to 9999") from None


def format_instant(instant: datetime) -> str:
    """
    Return an instant as text in UTC with a `Z`.

    Args:
        instant: An aware datetime.

    Returns:
        `YYYY-MM-DDTHH:MM:SSZ`, with six digits of a second if it has a fraction.

    Raises:
        InvalidDate: If the datetime is naive.

    Examples:
        >>> format_instant(datetime(2017, 3, 1, tzinfo=UTC))
        '2017-03-01T00:00:00Z'
    """
    return check_instant(instant).replace(tzinfo=None).isoformat() + "Z"


def check_instant(instant: object) -> datetime:
    """
    Return an instant in UTC, refusing a naive datetime.

    Args:
        instant: Anything; an aware datetime in any zone, of any subclass, passes.

    Returns:
        A plain `datetime` in UTC; the same object if it was one.

    Raises:
        InvalidDate: If it is no datetime, is naive, or lies outside the years 1 to 9999 in UTC.

    Examples:
        >>> check_instant(datetime(2017, 3, 1, tzinfo=UTC)).tzname()
        'UTC'
    """
    if type(instant) is datetime and instant.tzinfo is UTC:
        return instant
    if not isinstance(instant, datetime):
        raise InvalidDate(str(instant), f"expected a datetime, not a {type(instant).__name__}")
    offset = instant.utcoffset()
    if offset is None:
        fault = "it names no zone; give the datetime a tzinfo, such as datetime.UTC"
        raise InvalidDate(instant.isoformat(), fault)
    wall = datetime.combine(instant.date(), instant.time())
    try:
        return (wall - offset).replace(tzinfo=UTC)
    except OverflowError:
        raise InvalidDate(wall.isoformat(), "in UTC it lies outside the years 1 to 9999") from None


def day_of(instant: datetime, zone: str = "UTC") -> date:
    """
    Return the business date of an instant in a named zone.

    Args:
        instant: An aware datetime.
        zone: Name in the IANA time zone database, such as "Asia/Shanghai".

    Returns:
        The date that a calendar on the wall of that zone shows.

    Raises:
        InvalidDate: If the datetime is naive, or its date there lies outside the years 1 to 9999.
        UnknownName: If there is no such zone; the error offers the closest one.

    Examples:
        >>> day_of(datetime(2017, 2, 28, 17, tzinfo=UTC), "Asia/Shanghai")
        datetime.date(2017, 3, 1)
    """
    moment = check_instant(instant)
    if zone == "UTC":
        return moment.date()
    try:
        return moment.astimezone(_zone(zone)).date()
    except OverflowError:
        fault = f"in {zone} it lies outside the years 1 to 9999"
        raise InvalidDate(moment.isoformat(), fault) from None


@cache
def _zone(name: str) -> tzinfo:
    """Return the zone with a name; pendulum loads here and nowhere earlier."""
    import pendulum  # noqa: PLC0415 - 80 ms that only a question about a zone should cost

    known = tuple(pendulum.timezones())
    if name not in known:
        raise UnknownName("time zone", name, known)
    return pendulum.timezone(name)
