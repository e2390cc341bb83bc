"""People call a period by a label."""

from datetime import date

import pytest

from salescore.errors import UnknownName
from salescore.values import Calendar, CustomYear, Period, YearName

CUSTOM = Calendar.custom(
    "thirteen",
    [
        CustomYear(
            year=2020,
            start=date(2020, 1, 6),
            last_day=date(2020, 2, 2),
            quarters=[date(2020, 1, 6)],
            months=[date(2020, 1, 6)],
            weeks=[date(2020, 1, 6), date(2020, 1, 13)],
        )
    ],
)


@pytest.mark.parametrize(
    ("calendar", "text", "english", "chinese"),
    [
        (Calendar(), "2017", "2017", "2017年"),
        (Calendar(), "2017-Q4", "Q4 2017", "2017年第四季度"),
        (Calendar(), "2017-12", "Dec 2017", "2017年12月"),
        (Calendar(), "2017-01", "Jan 2017", "2017年1月"),
        (Calendar(), "2017-W50", "week 50 of 2017", "2017年第50周"),
        (Calendar(), "2017-12-31", "31 Dec 2017", "2017年12月31日"),
        (
            Calendar(),
            "2017-10-01..2017-12-31",
            "1 Oct 2017 – 31 Dec 2017",
            "2017年10月1日至2017年12月31日",
        ),
        (Calendar.months(4), "2017", "fiscal 2017", "2017财年"),
        (Calendar.months(4), "2017-Q4", "Q4 of fiscal 2017", "2017财年第四季度"),
        (Calendar.months(4, YearName.LAST), "2018-03", "Mar 2018", "2018年3月"),
        (Calendar.months(4), "2017-W50", "week 50 of 2017", "2017年第50周"),
        (Calendar.named("nrf"), "2020", "fiscal 2020", "2020财年"),
        (Calendar.named("nrf"), "2020-Q1", "Q1 of fiscal 2020", "2020财年第一季度"),
        (
            Calendar.named("nrf"),
            "2020-01",
            "Feb 2020 (month 1 of fiscal 2020)",
            "2020年2月（2020财年第1个月）",
        ),
        (
            Calendar.named("nrf"),
            "2020-12",
            "Jan 2021 (month 12 of fiscal 2020)",
            "2021年1月（2020财年第12个月）",
        ),
        (
            Calendar.named("454-sat-nearest-01-last"),
            "2021-01",
            "Feb 2020 (month 1 of fiscal 2021)",
            "2020年2月（2021财年第1个月）",
        ),
        (
            Calendar.named("445-sat-last-06-first"),
            "2020-07",
            "Jan 2021 (month 7 of fiscal 2020)",
            "2021年1月（2020财年第7个月）",
        ),
        (Calendar.named("nrf"), "2017-W53", "week 53 of fiscal 2017", "2017财年第53周"),
        (
            Calendar.named("445-sat-last-12"),
            "2020-01",
            "Jan 2020 (month 1 of 2020)",
            "2020年1月（2020年第1个月）",
        ),
        (Calendar.named("445-sat-last-12"), "2020-Q2", "Q2 2020", "2020年第二季度"),
        (Calendar.named("iso"), "2020-W53", "week 53 of 2020", "2020年第53周"),
        (CUSTOM, "2020", "fiscal 2020", "2020财年"),
        (CUSTOM, "2020-Q1", "Q1 of fiscal 2020", "2020财年第一季度"),
        (CUSTOM, "2020-01", "month 1 of fiscal 2020", "2020财年第1个月"),
        (CUSTOM, "2020-W02", "week 2 of fiscal 2020", "2020财年第2周"),
    ],
)
def test_labels(calendar: Calendar, text: str, english: str, chinese: str) -> None:
    """A year that is no calendar year is called fiscal, and months of weeks say both names."""
    period = calendar.parse(text)
    assert calendar.label(period) == english
    assert calendar.label(period, "en") == english
    assert calendar.label(period, "zh") == chinese


def test_a_free_range_belongs_to_every_calendar() -> None:
    """A free range has the same label everywhere."""
    free = Period.custom(date(2020, 1, 1), date(2020, 1, 2))
    assert CUSTOM.label(free) == Calendar().label(free) == "1 Jan 2020 – 2 Jan 2020"


@pytest.mark.parametrize("language", ["de", "EN", ""])
def test_an_unknown_language(language: str) -> None:
    """A language without labels is refused."""
    with pytest.raises(UnknownName, match="no language"):
        Calendar().label(Calendar().parse("2020"), language)
