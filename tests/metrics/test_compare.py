"""A figure beside its own past: the previous period, a year ago, and typed changes."""

from datetime import date
from decimal import Decimal

import pytest
from tests.metrics.small_books import book_of, facts_of, opportunity, sale

from salescore.book import SalesBook
from salescore.errors import InvalidPeriod, UnknownName
from salescore.metrics import Aggregate, FigureDefinition, Measure, Part, compare
from salescore.rules import F
from salescore.values import Calendar, ChangeKind, Period

GREGORIAN = Calendar()
SALES = book_of(
    [
        sale(1, "2025-06-15", "50"),
        sale(2, "2026-05-01", "70"),
        sale(3, "2026-05-31", "30"),
        sale(4, "2026-06-01", "100"),
        sale(5, "2026-06-30", "30"),
    ]
)
JUNE = Period.custom(date(2026, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("calendar", "text", "previous", "year_ago"),
    [
        (GREGORIAN, "2026-06", "2026-05", "2025-06"),
        (GREGORIAN, "2026-Q2", "2026-Q1", "2025-Q2"),
        (GREGORIAN, "2026", "2025", "2025"),
        (Calendar.months(4), "2026-Q1", "2025-Q4", "2025-Q1"),
        (GREGORIAN, "2026-W10", "2026-W09", "2025-W10"),
        (GREGORIAN, "2026-06-01..2026-06-30", "2026-05-02..2026-05-31", "2025-06-01..2025-06-30"),
        (GREGORIAN, "2024-02-29", "2024-02-28", None),
        (GREGORIAN, "2026-W53", "2026-W52", None),
    ],
)
def test_periods(calendar: Calendar, text: str, previous: str, year_ago: str | None) -> None:
    """
    June looks back to May, 1–30 June to the 30 days before, week 53 to no week a year ago.

    Source:
        SEMANTICS 1.6.
    """
    (found,) = compare(["revenue"], facts_of(SALES, calendar=calendar), during=calendar.parse(text))
    assert str(found.figure.during) == text
    assert str(found.previous.during) == previous
    assert (None if found.year_ago is None else str(found.year_ago.during)) == year_ago
    assert (found.since_year_ago is None) == (year_ago is None)


@pytest.mark.parametrize(
    ("during", "previous", "change"),
    [(GREGORIAN.parse("2026-06"), 100, "0.3"), (JUNE, 30, None)],
)
def test_amounts_change_in_percent(during: Period, previous: int, change: str | None) -> None:
    """From 100 in May to 130 in June is +30 %; the custom range before holds only 30."""
    (found,) = compare(["revenue"], facts_of(SALES), during=during)
    assert (found.figure.value, found.previous.value) == (130, previous)
    assert found.since_previous.kind is ChangeKind.PERCENT
    if change is not None:
        assert found.since_previous.value == Decimal(change)
    assert found.year_ago is not None
    assert found.year_ago.value == 50
    assert found.since_year_ago is not None
    assert found.since_year_ago.value == Decimal("1.6")


def test_rates_change_in_points() -> None:
    """
    From 70 % to 90 % is +20 percentage points.

    Source:
        SEMANTICS 1.5.
    """
    found = [
        opportunity(
            number,
            "won" if number % 10 < (7 if number < 10 else 9) else "lost",
            closed_on="2026-05-05" if number < 10 else "2026-06-05",
        )
        for number in range(20)
    ]
    (rate,) = compare(
        ["win_rate"], facts_of(SalesBook(opportunities=found)), during=GREGORIAN.parse("2026-06")
    )
    assert rate.since_previous.kind is ChangeKind.POINTS
    assert rate.since_previous.value == Decimal("0.2")
    assert rate.since_previous.text() == "+20.0 pp"


def test_a_change_from_nothing_is_undefined() -> None:
    """From 0, or from what is undefined, there is no change; the reason says which."""
    facts = facts_of(SALES)
    revenue, average = compare(
        ["revenue", "average_order_value"], facts, during=GREGORIAN.parse("2025-06")
    )
    assert (revenue.since_previous.value, revenue.since_previous.reason) == (
        None,
        "the old value is 0",
    )
    assert average.since_previous.reason == "the old value is undefined"


PIPELINE = SalesBook(
    opportunities=[
        opportunity(1, "open", amount=100, created_on="2026-04-30", probability=Decimal("0.5")),
        opportunity(2, "won", amount=40, created_on="2026-05-05", closed_on="2026-06-10"),
        opportunity(3, "open", amount=7, created_on="2026-06-20"),
        opportunity(4, "open", amount=1000, created_on="2026-07-01"),
    ]
)


@pytest.mark.parametrize(
    ("as_of", "now"),
    [(None, 107), (date(2026, 12, 31), 107), (date(2026, 6, 15), 100)],
)
def test_the_pipeline_is_that_of_the_last_day(as_of: date | None, now: int) -> None:
    """
    A figure of a moment is taken as of the last day of its period, or of knowledge.

    On 31 May the first was open and the second too, for it closed in June; a year ago was nothing.
    """
    (found,) = compare(
        ["open_pipeline"], facts_of(PIPELINE, as_of=as_of), during=GREGORIAN.parse("2026-06")
    )
    assert (found.figure.value, found.previous.value) == (now, 140)
    assert found.figure.as_of == min(as_of or date.max, date(2026, 6, 30))
    assert found.previous.as_of == date(2026, 5, 31)
    assert found.year_ago is not None
    assert (found.year_ago.value, found.year_ago.reason) == (
        None,
        "no opportunities among the facts",
    )


def test_comparisons_stand_in_the_order_asked_for() -> None:
    """Figures of periods and of moments mix freely, also two of one name."""
    mine = FigureDefinition(
        name="won_amount",
        labels=("All won", "全部赢单"),
        words="Amount won at any time.",
        unit="money",
        source="here",
        numerator=[
            Part(
                Measure(
                    name="won",
                    table="opportunities",
                    aggregate=Aggregate.SUM,
                    of=F.amount,
                    where=F.kind == "won",
                )
            )
        ],
    )
    names = ["open_pipeline", mine, "won_amount", "opportunities", "won_amount"]
    found = compare(names, facts_of(PIPELINE), during=GREGORIAN.parse("2026-07"))
    assert [one.figure.value for one in found] == [1107, 40, 0, 4, 0]
    assert [one.definition.name for one in found] == [
        "open_pipeline",
        "won_amount",
        "won_amount",
        "opportunities",
        "won_amount",
    ]


def test_refused() -> None:
    """An unknown figure and a period of another calendar are refused."""
    facts = facts_of(SALES)
    with pytest.raises(UnknownName, match="did you mean 'revenue'"):
        compare(["revenu"], facts, during=JUNE)
    with pytest.raises(InvalidPeriod, match="it belongs to gregorian-04"):
        compare(["revenue"], facts, during=Calendar.months(4).parse("2026"))


def test_the_first_period_of_all_has_nothing_before_it() -> None:
    """Before the first year of a calendar there is no period: no figure, and no change since."""
    (found,) = compare(["revenue"], facts_of(SALES), during=GREGORIAN.parse("0001"))
    assert (found.previous, found.since_previous) == (None, None)
    assert (found.year_ago, found.since_year_ago) == (None, None)
    assert found.figure.value == 0
