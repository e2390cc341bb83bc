"""Clocks on a wall: a day and a time in a zone are one instant, or are refused."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDate, InvalidValue, UnknownName
from salescore.values import instant_at

ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def test_a_time_on_the_wall() -> None:
    """Shanghai is eight hours ahead of UTC, and Berlin two in summer."""
    assert instant_at(date(2017, 3, 1), time(8, 30), "Asia/Shanghai") == datetime(
        2017, 3, 1, 0, 30, tzinfo=UTC
    )
    assert instant_at(date(2017, 7, 1), time(2), "Europe/Berlin") == datetime(
        2017, 7, 1, tzinfo=UTC
    )
    assert instant_at(date(2017, 7, 1), time(2), "UTC").tzinfo is UTC


def test_a_time_that_the_clocks_skip() -> None:
    """Half past two on the day clocks go forward is no time at all."""
    with pytest.raises(InvalidDate, match="skip this time"):
        instant_at(date(2017, 3, 26), time(2, 30), "Europe/Berlin")


def test_a_time_that_the_clocks_show_twice() -> None:
    """Half past two on the day clocks go back may be either of two."""
    with pytest.raises(InvalidDate, match="twice"):
        instant_at(date(2017, 10, 29), time(2, 30), "Europe/Berlin")


def test_refused() -> None:
    """A time with an offset, an unknown zone and a day before all time are refused."""
    with pytest.raises(InvalidValue, match="no offset"):
        instant_at(date(2017, 1, 1), time(1, tzinfo=UTC), "UTC")
    with pytest.raises(UnknownName, match="Asia/Shanghai"):
        instant_at(date(2017, 1, 1), time(1), "Asia/Shanghi")
    with pytest.raises(InvalidDate, match="outside the years"):
        instant_at(date(1, 1, 1), time(0), "Asia/Shanghai")


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 - the wall's own
    st.sampled_from(ZONES),
)
def test_an_instant_leads_back_to_its_wall(wall: datetime, zone: str) -> None:
    """What is not refused shows the same day and time on the wall of its zone."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - the check alone needs it

    try:
        found = instant_at(wall.date(), wall.time(), zone)
    except InvalidDate:
        assert zone not in ("UTC", "Asia/Shanghai") or wall.year < 1992
    else:
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
