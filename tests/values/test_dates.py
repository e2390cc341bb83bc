"""Dates and instants are read strictly; the clock is never read."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDate, InvalidValue, UnknownName
from salescore.values import check_instant, day_of, format_instant, parse_date, parse_instant


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2017-03-04", "%Y-%m-%d", date(2017, 3, 4)),
        ("04/03/2017", "%d/%m/%Y", date(2017, 3, 4)),
        ("03/04/2017", "%m/%d/%Y", date(2017, 3, 4)),
        ("3/4/2017", "%m/%d/%Y", date(2017, 3, 4)),
        ("2017/3/4", "%Y/%m/%d", date(2017, 3, 4)),
        ("4.3.2017", "%d.%m.%Y", date(2017, 3, 4)),
        ("20170304", "%Y%m%d", date(2017, 3, 4)),
        ("2017年3月4日", "%Y年%m月%d日", date(2017, 3, 4)),
        ("2017年03月04日", "%Y年%m月%d日", date(2017, 3, 4)),
        ("2016-02-29", "%Y-%m-%d", date(2016, 2, 29)),
        ("day 4: 2017-03", "day %d: %Y-%m", date(2017, 3, 4)),
    ],
)
def test_date_reads(text: str, form: str, day: date) -> None:
    """A date is read in the form that is named."""
    assert parse_date(text, form) == day


@pytest.mark.parametrize(
    ("text", "form", "fault"),
    [
        ("2017-02-31", "%Y-%m-%d", "2017-02 has no day 31"),
        ("31/02/2017", "%d/%m/%Y", "2017-02 has no day 31"),
        ("2017-02-29", "%Y-%m-%d", "2017-02 has no day 29"),
        ("2017-13-01", "%Y-%m-%d", "no month 13"),
        ("2017-00-01", "%Y-%m-%d", "no month 0"),
        ("0000-01-01", "%Y-%m-%d", "years count from 1"),
        ("2017-3-4", "%Y-%m-%d", "expected the form YYYY-MM-DD"),
        ("20170304", "%Y-%m-%d", "expected the form YYYY-MM-DD"),
        ("2017-W01-1", "%Y-%m-%d", "expected the form YYYY-MM-DD"),
        ("2017-03-04 ", "%Y-%m-%d", "expected the form"),
        ("2017-03-04\n", "%Y-%m-%d", "expected the form"),
        ("", "%Y-%m-%d", "expected the form"),
        ("today", "%Y-%m-%d", "expected the form"),
        ("17-03-04", "%Y-%m-%d", "expected the form"),
        ("2017134", "%Y%m%d", "expected the form YYYYMMDD"),
        ("04/03/17", "%d/%m/%Y", "expected the form DD/MM/YYYY"),
        ("\u0662\u0660\u0661\u0667-03-04", "%Y-%m-%d", "digits as 0 to 9"),
        ("2" * 100_000, "%Y-%m-%d", "expected the form"),
    ],
)
def test_date_refuses(text: str, form: str, fault: str) -> None:
    """A text in another form, or a day that does not exist, is refused by name."""
    with pytest.raises(InvalidDate, match=fault):
        parse_date(text, form)


@pytest.mark.parametrize(
    "form", ["", "%Y-%m", "%y-%m-%d", "%Y-%m-%d %H", "%Y-%m-%d-%d", "%d/%b/%Y"]
)
def test_date_forms(form: str) -> None:
    """A form holds year, month and day once each, in figures, and nothing else."""
    with pytest.raises(InvalidValue, match="the date format"):
        parse_date("2017-03-04", form)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%m.%d.%Y", "%d0%m0%Y"]))
def test_date_round_trip(day: date, form: str) -> None:
    """What is written in a form is read in it."""
    text = form.replace("%Y", f"{day.year:04d}")
    text = text.replace("%m", f"{day.month:02d}").replace("%d", f"{day.day:02d}")
    assert parse_date(text, form) == day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2017-03-01T08:30:00Z", datetime(2017, 3, 1, 8, 30, tzinfo=UTC)),
        ("2017-03-01T08:30Z", datetime(2017, 3, 1, 8, 30, tzinfo=UTC)),
        ("2017-03-01 08:30:00+08:00", datetime(2017, 3, 1, 0, 30, tzinfo=UTC)),
        ("2017-03-01T08:30:00.000+0000", datetime(2017, 3, 1, 8, 30, tzinfo=UTC)),
        ("2017-03-01T08:30:00.5-05:30", datetime(2017, 3, 1, 14, 0, 0, 500000, tzinfo=UTC)),
        ("2017-03-01T08:30:00.123456000Z", datetime(2017, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)),
        ("2017-03-01T08:30:00 -00:00", datetime(2017, 3, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_instant_reads(text: str, instant: datetime) -> None:
    """An instant with an offset becomes UTC."""
    found = parse_instant(text)
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("now", "expected the form"),
        ("", "expected the form"),
        ("2017-03-01", "expected the form"),
        ("2017-03-01T08:30:00", "names no offset"),
        ("2017-03-01T24:00:00Z", "hours go to 23"),
        ("2017-03-01T08:30:60Z", "seconds to 59"),
        ("2017-03-01T08:30:00+24:00", "under a day"),
        ("2017-02-30T08:30:00Z", "has no day 30"),
        ("2017-03-01T08:30:00.1234567Z", "expected the form"),
        ("2017-03-01t08:30:00z", "expected the form"),
        ("0001-01-01T00:00:00+01:00", "outside the years"),
        ("9999-12-31T23:59:59-01:00", "outside the years"),
        ("\u0662017-03-01T08:30:00Z", "digits as 0 to 9"),
        ("2" * 100_000, "expected the form"),
    ],
)
def test_instant_refuses(text: str, fault: str) -> None:
    """A text that names no one instant is refused, and 'now' is only a word."""
    with pytest.raises(InvalidDate, match=fault):
        parse_instant(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_instant_round_trip(instant: datetime) -> None:
    """What format_instant writes, parse_instant reads."""
    text = format_instant(instant)
    assert text.endswith("Z")
    assert parse_instant(text) == instant


def test_check_instant() -> None:
    """An instant becomes a plain datetime in UTC, whatever zone or class it came in."""
    utc = datetime(2017, 3, 1, tzinfo=UTC)
    assert check_instant(utc) is utc
    china = datetime(2017, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert check_instant(china) == utc
    foreign = check_instant(pendulum.datetime(2017, 3, 1, 8, tz="Asia/Shanghai"))
    assert type(foreign) is datetime
    assert foreign == utc
    assert foreign.tzinfo is UTC


def test_check_instant_knows_both_sides_of_a_clock_change() -> None:
    """An hour that a clock repeats names two instants, told apart by fold."""
    zone = pendulum.timezone("America/New_York")
    first, second = (datetime(2017, 11, 5, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    assert check_instant(second) - check_instant(first) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (datetime(2017, 3, 1), "names no zone"),  # noqa: DTZ001 - naive on purpose
        (date(2017, 3, 1), "not a date"),
        ("2017-03-01T00:00:00Z", "not a str"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "outside the years"),
    ],
)
def test_check_instant_refuses(value: Any, fault: str) -> None:  # noqa: ANN401 - wrong types too
    """A naive datetime, another type or an instant beyond the years is refused."""
    with pytest.raises(InvalidDate, match=fault):
        check_instant(value)


def test_day_of() -> None:
    """The business date depends on the zone that is named."""
    evening = datetime(2017, 2, 28, 17, tzinfo=UTC)
    assert day_of(evening) == date(2017, 2, 28)
    assert day_of(evening, "Asia/Shanghai") == date(2017, 3, 1)
    assert day_of(evening, "America/New_York") == date(2017, 2, 28)
    assert type(day_of(evening, "Asia/Shanghai")) is date


def test_day_of_refuses() -> None:
    """An unknown zone offers the closest one; a naive datetime has no day anywhere."""
    instant = datetime(2017, 2, 28, tzinfo=UTC)
    with pytest.raises(UnknownName, match="did you mean 'Asia/Shanghai'"):
        day_of(instant, "asia/shanghai")
    with pytest.raises(UnknownName, match="no time zone"):
        day_of(instant, "local")
    with pytest.raises(InvalidDate, match="names no zone"):
        day_of(datetime(2017, 2, 28), "Asia/Shanghai")  # noqa: DTZ001 - naive on purpose
    with pytest.raises(InvalidDate, match="outside the years"):
        day_of(datetime.max.replace(tzinfo=UTC), "Asia/Shanghai")
