"""Service limits in words."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from salescore.funnel._due import Due, NoDue
from salescore.funnel._stage import LimitUnit, ServiceLimit
from salescore.render import Language

_UNITS = {
    (LimitUnit.HOURS, False): ("hour", "小时"),
    (LimitUnit.DAYS, False): ("day", "天"),
    (LimitUnit.HOURS, True): ("working hour", "个工作小时"),
    (LimitUnit.DAYS, True): ("working day", "个工作日"),
}
_DUE: dict[NoDue | None, tuple[str, str]] = {
    None: ("due {}", "应于{}前完成"),
    NoDue.NO_CALENDAR: ("due unknown without a working calendar", "未提供工作日历，无法确定期限"),
    NoDue.UNKNOWN_YEAR: (
        "due unknown, as the working calendar does not know {}",
        "工作日历缺少{}年数据，无法确定期限",
    ),
    NoDue.TOO_FAR: ("due beyond the calendar", "期限超出日历范围"),
}
_HEAD = ("{}: {}, entered {}, limit {}", "{}：{}，{}进入，时限{}")
_LEFT = ("{} left", "剩余{}")
_OVER = ("overdue by {}", "逾期{}")
_LATE = ("overdue", "已逾期")
_OF_WORK = ("{} of working time", "{}（工作时间）")
_COMMA = (", ", "，")
_PARTS = (("{} d", "{}天"), ("{} h", "{}小时"), ("{} min", "{}分钟"))
_BETWEEN = (" ", "")


def limit_words(limit: ServiceLimit, language: Language = Language.EN) -> str:
    """
    Return a service limit in words.

    Examples:
        >>> limit_words(ServiceLimit(amount=3, is_working=True))
        '3 working days'
    """
    unit = language.pick(_UNITS[limit.unit, limit.is_working])
    if language is Language.ZH:
        return f"{limit.amount}{unit}"
    return f"{limit.amount} {unit}" + ("" if limit.amount == 1 else "s")


def due_words(due: Due, language: Language = Language.EN) -> str:
    """
    Return in words which opportunity is due in which stage, since and until when, and what is left.

    Days and times are those of the zone that was asked for; time that is left or over is told in
    whole minutes.
    """
    label = language.pick(due.stage.labels) or due.stage.key
    entered, limit = _wall(due.entered_at, due.zone), limit_words(due.limit, language)
    parts = [language.pick(_HEAD).format(due.opportunity_id, label, entered, limit)]
    until = due.unknown_year if due.due_at is None else _wall(due.due_at, due.zone)
    parts.append(language.pick(_DUE[due.no_due]).format(until))
    if due.is_overdue:
        over = _time(due.overdue, due.limit, language)
        parts.append(language.pick(_LATE) if over is None else language.pick(_OVER).format(over))
    else:
        left = _time(due.remaining, due.limit, language)
        parts += [] if left is None else [language.pick(_LEFT).format(left)]
    return language.pick(_COMMA).join(parts)


def _time(time: timedelta | None, limit: ServiceLimit, language: Language) -> str | None:
    """Return an amount of time; a day of it on the clock has 24 hours, of work none is told."""
    if time is None:
        return None
    minutes = time // timedelta(minutes=1)
    days, rest = (0, minutes) if limit.is_working else divmod(minutes, 24 * 60)
    counts = (days, *divmod(rest, 60))
    said = [
        language.pick(words).format(count)
        for words, count in zip(_PARTS, counts, strict=True)
        if count
    ]
    shown = language.pick(_BETWEEN).join(said) or language.pick(_PARTS[-1]).format(0)
    return language.pick(_OF_WORK).format(shown) if limit.is_working else shown


def _wall(at: datetime, zone: str) -> str:
    """Return day and time on the wall of a zone, in UTC where the zone's lie in no year."""
    if zone != "UTC":
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - loaded when a zone is first needed

        with suppress(OverflowError):
            at = at.astimezone(ZoneInfo(zone))
    return at.replace(tzinfo=None).isoformat(" ", "minutes")
