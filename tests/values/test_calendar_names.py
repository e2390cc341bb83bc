"""Every calendar that follows a rule has one name, which says all of it."""

import pytest

from salescore.errors import UnknownName
from salescore.values import Calendar, YearEnd, YearName


@pytest.mark.parametrize(
    ("calendar", "name"),
    [
        (Calendar(), "gregorian"),
        (Calendar.months(1), "gregorian"),
        (Calendar.months(4), "gregorian-04"),
        (Calendar.months(12, YearName.LAST), "gregorian-12-last"),
        (Calendar.weeks("4-5-4"), "nrf"),
        (Calendar.weeks("4-5-4", named_by=YearName.LAST), "454-sat-nearest-01-last"),
        (Calendar.weeks("4-5-4", leap_month=1), "454-sat-nearest-01-first-leap01"),
        (Calendar.weeks("4-4-5"), "445-sat-nearest-01-first"),
        (Calendar.weeks("5-4-4", end_month=12, weekday=0, rule=YearEnd.LAST), "544-mon-last-12"),
        (Calendar.weeks("4-4-5", end_month=12, leap_month=6), "445-sat-nearest-12-leap06"),
        (Calendar.weeks(None, end_month=12, weekday=6), "iso"),
        (Calendar.weeks(None, end_month=6, weekday=6), "weeks-sun-nearest-06-first"),
    ],
)
def test_names(calendar: Calendar, name: str) -> None:
    """A calendar's name leads back to it."""
    assert calendar.name == name
    assert Calendar.named(name) == calendar


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("gregorian-01", "gregorian"),
        ("gregorian-01-last", "gregorian"),
        ("gregorian-first", "gregorian"),
        ("gregorian-04-first", "gregorian-04"),
        ("454-sat-nearest-01", "nrf"),
        ("454-sat-nearest-01-first", "nrf"),
        ("454-sat-nearest-01-first-leap12", "nrf"),
        ("445-sat-last-06", "445-sat-last-06-first"),
        ("445-sat-last-12-last", "445-sat-last-12"),
        ("weeks-sun-nearest-12", "iso"),
        ("weeks-sun-nearest-12-leap03", "iso"),
    ],
)
def test_second_names(name: str, right: str) -> None:
    """Another spelling is refused and told the one name."""
    with pytest.raises(UnknownName, match=rf"no calendar '{name}'; .*'{right}'") as caught:
        Calendar.named(name)
    assert caught.value.known == (right,)


@pytest.mark.parametrize(
    "name",
    [
        *("", "Gregorian", "gregorian-13", "gregorian-4", "gregorian-00", "gregorian-04-", "NRF"),
        *("nrf-2020", "iso-01", "445", "4-4-5-sat-last-01-first", "455-sat-last-01-first"),
        *("445-saturday-last-01-first", "445-sat-next-01-first", "445-sat-last-13-first"),
        *("445-sat-last-01-first-leap13", "445-sat-last-1-first", "445-sat-last-01-first\n"),
        "custom",
    ],
)
def test_unknown_names(name: str) -> None:
    """What is no name is refused, with names of every kind."""
    with pytest.raises(UnknownName, match="no calendar") as caught:
        Calendar.named(name)
    assert {"gregorian", "gregorian-04-last", "nrf", "iso", "445-sat-last-12"} <= {
        *caught.value.known
    }
    assert all(Calendar.named(known).name == known for known in caught.value.known)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("julian", "known are 'gregorian', 'gregorian-04-last', 'nrf', 'iso', '445-sat-last-12'"),
        ("gregorian-4-last", "did you mean 'gregorian-04-last'?"),
    ],
)
def test_an_unknown_name_is_told_what_is_known(name: str, told: str) -> None:
    """The text shows one name of each kind, or the nearest one."""
    with pytest.raises(UnknownName) as caught:
        Calendar.named(name)
    assert told in str(caught.value)
