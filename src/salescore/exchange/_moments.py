"""Days and instants as other systems write them: formats with a time, zones, offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache

from salescore.errors import InvalidDate, InvalidValue
from salescore.exchange._layout import HOUR
from salescore.values import day_of, instant_at, parse_date, parse_instant

#: Read besides where a format tells a time, because workbooks are turned into these.
_ISO = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_ISO_FORMS = tuple(f"{form}{tail}" for form in _ISO for tail in ("", ":%S", ":%S.%f"))
_CODES = {
    "Y": "(?P<year>[0-9]{4})",
    "m": "(?P<month>[0-9]{1,2})",
    "d": "(?P<day>[0-9]{1,2})",
    "H": "(?P<hour>[0-9]{1,2})",
    "M": "(?P<minute>[0-9]{2})",
    "S": "(?P<second>[0-9]{2})",
    "f": "(?P<fraction>[0-9]{1,6})",
}
_NEEDED = frozenset("YmdHM")
_ORDER = "HMSf"
_MAX_LENGTH = 100


def check_form(form: str) -> None:
    """
    Refuse a date format that no text could follow.

    Raises:
        InvalidValue: It lacks a part of a day, or tells a time without hour and minute.
    """
    if "%" in form and any(f"%{code}" in form for code in _ORDER):
        _pattern(form)
        return
    try:
        parse_date("", form)
    except InvalidDate:
        return


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of a format with a time."""
    pieces = re.split(r"%(.)", form, flags=re.DOTALL)
    codes = pieces[1::2]
    times = [code for code in codes if code in _ORDER]
    right = (
        len(set(codes)) == len(codes)
        and set(_CODES) >= set(codes) >= _NEEDED
        and "".join(times) == _ORDER[: len(times)]
    )
    if not right:
        fault = "with a time it must hold %Y, %m, %d, %H and %M once each; %S and %f may follow"
        raise InvalidValue("the date format", form, fault)
    between = zip(codes, pieces[2::2], strict=True)
    parts = (f"{_CODES[code]}{re.escape(text)}" for code, text in between)
    return re.compile(re.escape(pieces[0]) + "".join(parts))


def _wall(text: str, form: str) -> tuple[date, time]:
    """Return day and time that a text states in a format with a time."""
    found = _pattern(form).fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        raise InvalidDate(text, f"expected the form {_spelled(form)}")
    parts = found.groupdict()
    day = parse_date(f"{parts['year']}/{parts['month']}/{parts['day']}", "%Y/%m/%d")
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    try:
        return day, time(hour, minute, second, int((parts.get("fraction") or "").ljust(6, "0")))
    except ValueError:
        raise InvalidDate(text, "hours go to 23, minutes and seconds to 59") from None


def _spelled(form: str) -> str:
    """Return a format in letters that a reader knows."""
    words = {"Y": "YYYY", "m": "MM", "d": "DD", "H": "HH", "M": "MM", "S": "SS", "f": "FFF"}
    for code, word in words.items():
        form = form.replace(f"%{code}", word)
    return form


def _walls(text: str, forms: tuple[str, ...]) -> Iterator[tuple[date, time]]:
    """Yield day and time by each format that the text follows."""
    for form in forms:
        if HOUR in form:
            try:
                yield _wall(text, form)
            except InvalidDate as error:
                if "expected the form" not in error.fault:
                    raise


def read_day(text: str, forms: tuple[str, ...], zone: str | None, day_zone: str | None) -> date:
    """
    Return the day that a text states.

    Args:
        text: A day, or a moment.
        forms: Formats, tried in order.
        zone: Time zone in which the moments of the column are written; `None` where what stands
            there is a day, and a time behind it says nothing.
        day_zone: Time zone in which a moment falls on its day; `None` for `zone`.

    Raises:
        InvalidDate: The text follows none of the formats, or names what does not exist.
    """
    fault: InvalidDate | None = None
    days = [form for form in forms if HOUR not in form]
    for form in days:
        try:
            return parse_date(text, form)
        except InvalidDate as error:
            fault = error
    if zone is not None:
        return day_of(read_instant(text, forms, zone), day_zone or zone)
    if len(days) < len(forms):
        for day, _ in _walls(text, (*forms, *_ISO_FORMS)):
            return day
        try:
            return parse_date(text)
        except InvalidDate:
            fault = None
    raise fault or InvalidDate(text, f"expected the form {_spelled(forms[-1])}")


def read_instant(text: str, forms: tuple[str, ...], zone: str | None) -> datetime:
    """
    Return the instant that a text states.

    Args:
        text: A moment, with an offset or without.
        forms: Formats of moments without an offset, tried in order; those without a time are none.
        zone: Time zone of moments without an offset; `None` where each must name its own.

    Raises:
        InvalidDate: The text states no instant.
    """
    try:
        return parse_instant(text)
    except InvalidDate:
        if zone is None:
            raise
    for day, clock in _walls(text, (*forms, *_ISO_FORMS)):
        return instant_at(day, clock, zone)
    timed = [form for form in forms if HOUR in form] or list(_ISO_FORMS[1:2])
    raise InvalidDate(text, f"expected the form {_spelled(timed[-1])}, or an offset")
