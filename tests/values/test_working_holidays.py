"""Public holidays come from the package where it knows them, and only there."""

import subprocess
import sys
from datetime import date

import holidays
import pytest

from salescore.errors import InvalidValue, MissingExtra, UnknownName
from salescore.values import DayKind, WorkingCalendar, public_holidays


def test_the_room_does_not_load_the_package() -> None:
    """It is imported where it is used, and its absence names the extra."""
    script = (
        "import sys, salescore.values as v\n"
        "from salescore.errors import MissingExtra\n"
        "assert 'holidays' not in sys.modules\n"
        "sys.modules['holidays'] = None\n"
        "try:\n"
        "    v.public_holidays('DE', [2026])\n"
        "except MissingExtra as error:\n"
        "    assert 'salescore[calendars]' in str(error), error\n"
        "else:\n"
        "    raise SystemExit('no error')\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_absence_of_the_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"pip install 'salescore\[calendars\]'"):
        public_holidays("DE", [2026])


def test_a_subdivision_has_holidays_of_its_own() -> None:
    """Epiphany is a holiday in Bavaria and a working day in Germany as a whole."""
    epiphany = date(2026, 1, 6)
    bavaria = public_holidays("DE", [2026], "BY", zone="Europe/Berlin")
    assert (bavaria.name, bavaria.zone) == ("DE-BY", "Europe/Berlin")
    assert bavaria.is_working_day(epiphany) is False
    assert public_holidays("DE", [2026]).is_working_day(epiphany) is True


@pytest.mark.parametrize("country", ["CN", "US", "HU", "DE"])
def test_days_are_those_of_the_package(country: str) -> None:
    """Each day of a year is a working day exactly if the package says so."""
    source = holidays.country_holidays(country, years=range(2019, 2023))
    calendar = public_holidays(country, [2020, 2021])
    for ordinal in range(date(2020, 1, 1).toordinal(), date(2022, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert calendar.is_working_day(day) == source.is_working_day(day), day


def test_a_day_moved_by_the_next_years_order_is_there() -> None:
    """The order for 2006 made a Saturday of 2005 a working day; who asks for 2005 is told."""
    calendar = public_holidays("CN", [2005])
    assert calendar.years == {2005}
    assert calendar.is_working_day(date(2005, 12, 31)) is True
    assert {special.day.year for special in calendar.special_days} == {2005}


def test_a_year_whose_working_days_were_not_yet_moved_is_unknown() -> None:
    """In China every year has its own order; the package guesses the next years' holidays."""
    calendar = public_holidays("CN", range(2000, 2100))
    assert {2001, 2018, 2026} <= set(calendar.years)
    assert 2000 not in calendar.years
    assert 2090 not in calendar.years
    assert calendar.is_working_day(date(2090, 10, 1)) is None


def test_a_year_with_estimated_holidays_is_unknown() -> None:
    """Holidays by the moon are estimated years ahead; an estimate is no knowledge."""
    calendar = public_holidays("AE", [2023, 2090])
    assert calendar.years == {2023}
    assert [day for day in calendar.special_days if day.day.year == 2090] == []


def test_a_year_before_the_packages_first_is_unknown() -> None:
    """Germany as one country begins in the package's 1991."""
    assert public_holidays("DE", [1950, 1995]).years == {1995}


def test_chinese_names_are_given_where_the_package_has_them() -> None:
    """China's holidays have two names, Germany's one."""
    national = public_holidays("CN", [2026]).special_day(date(2026, 10, 1))
    assert national is not None
    assert (national.name, national.name_zh) == ("National Day", "国庆节")
    unity = public_holidays("DE", [2026]).special_day(date(2026, 10, 3))
    assert unity is not None
    assert unity.name_zh is None
    lieu = public_holidays("CN", [2026]).special_day(date(2026, 10, 10))
    assert lieu is not None
    assert (lieu.kind, lieu.name_zh) == (DayKind.WORKDAY_IN_LIEU, "调休")


def test_the_week_leaves_out_the_countrys_weekend() -> None:
    """In Israel the week begins on Sunday; a week given by the caller stands as given."""
    assert list(map(len, public_holidays("IL", [2025]).weekly)) == [1, 1, 1, 1, 0, 0, 1]
    own = public_holidays("IL", [2025], weekly={"mon-fri": "09:00-12:00"})
    assert own.weekly == WorkingCalendar.of("w", years=[], weekly={"mon-fri": "09:00-12:00"}).weekly
    assert list(map(len, public_holidays("IL", []).weekly)) == [1, 1, 1, 1, 1, 0, 0]


def test_a_weekend_that_changed_is_not_guessed() -> None:
    """The Emirates moved theirs in 2022; whoever asks for both sides must say the hours."""
    with pytest.raises(InvalidValue, match="its weekend changed within these years"):
        public_holidays("AE", [2020, 2023])
    assert public_holidays("AE", [2020]).weekly[4] == ()


@pytest.mark.parametrize(
    ("country", "subdivision", "fault"),
    [
        ("XX", None, "no country 'XX'"),
        ("de", None, "no country 'de'; did you mean 'DE'"),
        ("DE", "XX", "no subdivision of DE 'XX'"),
    ],
)
def test_unknown_places_are_refused(country: str, subdivision: str | None, fault: str) -> None:
    """A misspelt country is not one without holidays."""
    with pytest.raises(UnknownName, match=fault):
        public_holidays(country, [2026], subdivision)


@pytest.mark.parametrize("year", [1, 0, 9999])
def test_years_out_of_reach_are_refused(year: int) -> None:
    """At the ends of all time a year has days that no calendar can hold; they are not asked for."""
    with pytest.raises(InvalidValue, match="from 2 to 9998"):
        public_holidays("DE", [year])
