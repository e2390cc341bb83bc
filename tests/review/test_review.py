"""`review_book`: defaults that the review tells, every figure by hand, findings and notes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.review.small_review import ACME, ANN, BO, BOOK, TEA, usd

from salescore.book import SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Opportunity,
    OpportunityId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    SalesRep,
    SalesRepId,
    StageKind,
)
from salescore.errors import CurrencyMismatch, InvalidValue, UnknownCurrency, UnknownName
from salescore.metrics import CATALOGUE
from salescore.review import DEFAULT_DIMENSIONS, review_book, review_data, review_text
from salescore.values import Calendar, ConstantRates, Finding, Money, Period, Severity

FIGURES: dict[str, tuple[str | None, str, str | None, str | None, int, str | None]] = {
    # name: value, unit, numerator, denominator, n, previous year
    "revenue": ("200", "USD", "200", None, 3, "20"),
    "gross_revenue": ("220", "USD", "220", None, 3, "20"),
    "volume": ("25", "units", "25", None, 3, "2"),
    "free_volume": ("0", "units", "0", None, 0, "0"),
    "gross_profit": ("65", "USD", "65", None, 2, "12"),
    "gross_margin": ("0.5", "fraction", "65", "130", 2, "0.6"),
    "selling_expenses": ("30", "USD", "30", None, 1, "5"),
    "sales_profit": ("35", "USD", "35", None, 3, "7"),
    "sales_margin": ("0.2692307692307692307692307692", "fraction", "35", "130", 2, "0.35"),
    "orders": ("2", "orders", "2", None, 3, "1"),
    "customers": ("2", "customers", "2", None, 3, "1"),
    "new_customers": ("1", "customers", "1", None, 1, "1"),
    "new_customers_acquired": ("1", "customers", "1", None, 1, "1"),
    "average_order_value": ("100", "USD per order", "200", "2", 3, "20"),
    "revenue_per_customer": ("100", "USD per customer", "200", "2", 3, "20"),
    "won_amount": ("130", "USD", "130", None, 1, "20"),
    "won_opportunities": ("1", "opportunities", "1", None, 1, "1"),
    "lost_opportunities": ("1", "opportunities", "1", None, 1, "0"),
    "average_won_amount": ("130", "USD per opportunity", "130", "1", 1, "20"),
    "median_won_amount": ("130", "USD", None, None, 1, "20"),
    "win_rate": ("0.5", "fraction", "1", "2", 2, "1"),
    "win_rate_broad": ("0.3333333333333333333333333333", "fraction", "1", "3", 3, "1"),
    "win_rate_by_value": ("0.5652173913043478260869565217", "fraction", "130", "230", 2, "1"),
    "open_opportunities": ("1", "opportunities", "1", None, 1, "0"),
    "open_pipeline": ("200", "USD", "200", None, 1, "0"),
    "weighted_pipeline": ("50.00", "USD", "50.00", None, 1, "0"),
    "opportunities": ("5", "opportunities", "5", None, 5, "1"),
    "activities": (None, "activities", None, None, 0, None),
    "sales_cycle_mean": ("30", "days", "30", "1", 1, "10"),
    "sales_cycle_median": ("30", "days", None, None, 1, "10"),
    "sales_cycle_p90": ("30", "days", None, None, 1, "10"),
    "sales_cycle_from_creation_mean": (None, "days", None, None, 0, None),
    "sales_cycle_from_creation_median": (None, "days", None, None, 0, None),
    "sales_cycle_from_creation_p90": (None, "days", None, None, 0, None),
    "sales_cycle_from_lead_mean": (None, "days", None, None, 0, None),
    "sales_cycle_from_lead_median": (None, "days", None, None, 0, None),
    "sales_cycle_from_lead_p90": (None, "days", None, None, 0, None),
}

WITHOUT_FACTS: dict[str, tuple[None, str, None, None, int, None]] = {
    name: (None, unit, None, None, 0, None)
    for name, unit in (
        ("invoiced_amount", "USD"),
        ("collections", "USD"),
        ("collection_ratio_period", "fraction"),
        ("on_time_delivery_rate", "fraction"),
        ("order_handling_days_mean", "days"),
        ("leads_created", "leads"),
        ("conversion_rate", "fraction"),
        ("conversion_open_share", "fraction"),
        ("cost_per_lead", "USD per lead"),
        ("cost_per_conversion", "USD per lead"),
        ("stage_conversion", "fraction"),
        ("stage_open_share", "fraction"),
        ("stage_win_rate", "fraction"),
        ("stage_days_median", "days"),
        ("case_response_days_mean", "days"),
        ("revenue_target", "USD"),
    )
}


def data_of(book: SalesBook, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the review of a book as plain data."""
    return review_data(review_book(book, **options))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """Return the codes of findings."""
    return [one.code for one in findings]


def test_every_figure_by_hand() -> None:
    """The figures of the small book are those of its table, worked out by hand."""
    found = data_of(BOOK)["figures"]
    assert {
        name: tuple(
            one[key] for key in ("value", "unit", "numerator", "denominator", "n", "previous")
        )
        for name, one in found.items()
    } == FIGURES | WITHOUT_FACTS
    assert list(found) == [one.name for one in CATALOGUE]
    for one in found.values():
        assert one["year_ago"] == one["previous"]
        assert (one["reason"] is None) == (one["value"] is not None)
    assert found["activities"]["reason"] == "no activities among the facts"


def test_slices_by_hand() -> None:
    """Ann sold 130 of tea and rice in the North, Bo 70 of rice in the South at unknown cost."""
    review = review_book(BOOK)

    def told(name: str, by: str) -> list[tuple[str | None, str, Decimal | None]]:
        return [(one.key, one.label, one.value) for one in review.slices_by(name, by)]

    assert told("revenue", "rep") == [("ann", "Ann", 130), ("bo", "Bo", 70)]
    assert told("revenue", "product") == [("rice", "Rice", 110), ("tea", "Tea", 90)]
    assert told("gross_profit", "region") == [("North", "North", 65), ("South", "South", None)]
    assert told("revenue", "month") == [("2024-02", "2024-02", 130), ("2024-06", "2024-06", 70)]
    assert told("open_pipeline", "stage") == [("Talks", "Talks", 200)]
    assert told("win_rate", "rep") == [("ann", "Ann", 1), ("bo", "Bo", 0)]
    assert told("revenue", "stage") == []


def test_customers_by_abc() -> None:
    """Acme makes 65 % of the revenue and Bolt the rest: both begin under 80 %, so both are A."""
    review = review_book(BOOK)
    assert review.abc_figure == "revenue"
    assert review.abc is not None
    assert [(one.key, one.share, one.grade) for one in review.abc.items] == [
        ("acme", Decimal("0.65"), "A"),
        ("bolt", Decimal("0.35"), "A"),
    ]


def test_without_orders_customers_are_ranked_by_won_amount() -> None:
    """A book of opportunities alone ranks who was won, and one with neither ranks nobody."""
    funnel = attrs.evolve(BOOK, orders=(), order_lines=())
    review = review_book(funnel)
    assert review.abc_figure == "won_amount"
    assert review.abc is not None
    assert [one.key for one in review.abc.items] == ["acme"]
    neither = review_book(SalesBook(customers=BOOK.customers))
    assert (neither.abc_figure, neither.abc) == (None, None)


# Defaults ---------------------------------------------------------------------------------------


def test_the_last_date_is_the_day_of_knowledge() -> None:
    """Without `as_of` it is the last date among the facts, `during` its year, and notes say so."""
    review = review_book(BOOK)
    assert (review.as_of, review.period.key) == (date(2024, 6, 30), "2024")
    assert (review.calendar, review.currency) == ("gregorian", "USD")
    assert review.notes[:2] == (
        "No as-of day was given; 2024-06-30 is the last date among the facts.",
        (
            "2024 ends on 2024-12-31, after the last day known (2024-06-30): "
            "changes compare what is known of it with whole periods."
        ),
    )


def test_a_stated_day_needs_no_note() -> None:
    """A period that had ended by the stated day is neither noted nor incomplete."""
    review = review_book(BOOK, as_of=date(2024, 12, 31))
    assert not any("as-of" in note or "ends on" in note for note in review.notes)
    assert review.period.key == "2024"


def test_the_year_of_the_calendar() -> None:
    """A year from April holds the last date of the facts, too."""
    review = review_book(BOOK, calendar=Calendar.months(4))
    assert (review.calendar, review.period.key) == ("gregorian-04", "2024")
    assert review.comparison("revenue").figure.value == 70
    assert review.comparison("revenue").previous.value == 130


def test_records_made_after_their_business_are_seen() -> None:
    """
    An order of 30 December that was recorded on 2 January counts unless `as_of` says otherwise.

    The period stays the year of the business, not of its recording.
    """
    order = Order(
        id=OrderId("o"),
        ordered_on=date(2017, 12, 30),
        recorded_at=datetime(2018, 1, 2, 8, tzinfo=UTC),
    )
    line = OrderLine(
        id=OrderLineId("l"), order_id=OrderId("o"), quantity=Decimal(1), net_amount=usd(100)
    )
    book = SalesBook(orders=[order], order_lines=[line])
    review = review_book(book)
    assert (review.as_of, review.period.key) == (date(2018, 1, 2), "2017")
    assert review.comparison("revenue").figure.value == 100
    assert "2018-01-02 is the last date among the facts" in review.notes[0]
    hidden = review_book(book, as_of=date(2017, 12, 31))
    assert hidden.comparison("revenue").figure.value is None


def test_facts_without_any_date_need_a_period() -> None:
    """Nobody can guess a period for facts without a date; with one given, the review is written."""
    book = SalesBook(customers=[Customer(id=ACME, name="Acme")])
    with pytest.raises(InvalidValue, match="the facts have no date; say which period to review"):
        review_book(book)
    review = review_book(book, during=Calendar().parse("2024"))
    assert review.as_of is None
    assert review_data(review)["as_of"] is None
    assert "known as of" not in review_text(review)
    recorded = attrs.evolve(book.customers[0], recorded_at=datetime(2024, 5, 5, tzinfo=UTC))
    assert review_book(SalesBook(customers=[recorded])).period.key == "2024"


def test_several_currencies_are_noted() -> None:
    """The most frequent currency reports, the note names it, and rows without a rate are found."""
    euros = attrs.evolve(
        BOOK.order_lines[3], id="l9", net_amount=Money.of(5, "EUR"), gross_amount=None
    )
    mixed = attrs.evolve(BOOK, order_lines=(*BOOK.order_lines, euros))
    review = review_book(mixed)
    assert review.currency == "USD"
    assert "The facts are in several currencies; USD is the most frequent." in review.notes
    assert "missing-rate" in codes(review.findings)
    assert review.comparison("revenue").figure.value == 200
    stated = review_book(mixed, currency="EUR")
    assert not any("several currencies" in note for note in stated.notes)
    priced = review_book(mixed, rates=ConstantRates.of("USD", {"EUR": Decimal(2)}))
    assert not any("several currencies" in note for note in priced.notes)
    assert priced.comparison("revenue").figure.value == 210


def test_rows_left_out_are_noted_once() -> None:
    """The line without a cost is noted with all figures that leave it out."""
    (note,) = [one for one in review_book(BOOK).notes if "left out" in one.lower()]
    for told in ("gross profit, gross margin, sales profit, sales margin", "cost unknown"):
        assert told in note


def test_refused() -> None:
    """Unknown names are refused, a currency that is not that of the rates, and what is no book."""
    with pytest.raises(InvalidValue, match=r"book is .*: it must be a SalesBook"):
        review_book({})  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="did you mean 'product'"):
        review_book(BOOK, by=["produkt"])
    with pytest.raises(UnknownCurrency):
        review_book(BOOK, currency="US$")
    with pytest.raises(CurrencyMismatch):
        review_book(BOOK, currency="EUR", rates=ConstantRates.of("USD", {}))


# Slices -----------------------------------------------------------------------------------------


def test_dimensions_asked_for() -> None:
    """`by` replaces the default dimensions, each once, in the order of the catalogue's figures."""
    slices = data_of(BOOK, by=["rep", "customer", "rep"])["slices"]
    assert {by for one in slices.values() for by in one} == {"rep", "customer"}
    assert list(slices) == [one.name for one in CATALOGUE if one.name in slices]
    assert "activities" not in slices
    assert data_of(BOOK, by=[])["slices"] == {}


def test_dimensions_without_any_value_are_left_out() -> None:
    """By default a dimension that no row has is left out; asked for, it is one nameless slice."""
    bare = attrs.evolve(BOOK, products=())
    assert "product_family" not in data_of(bare)["slices"]["revenue"]
    (slice_,) = data_of(bare, by=["product_family"])["slices"]["revenue"]["product_family"]
    assert (slice_["key"], slice_["label"], slice_["value"]) == (None, "–", "200")
    assert set(data_of(BOOK)["slices"]["revenue"]) == set(DEFAULT_DIMENSIONS) - {"stage"}


def test_the_pipeline_is_sliced_as_of_the_end_of_the_period() -> None:
    """Slices of a moment are those of the period's last day, as the figure is."""
    review = review_book(BOOK, during=Calendar().parse("2024-Q1"), by=["rep"])
    assert review.comparison("open_pipeline").figure.value == 50
    assert [(one.key, one.value) for one in review.slices_by("open_pipeline", "rep")] == [
        ("bo", 50)
    ]
    before = review_book(BOOK, during=Calendar().parse("2020"), by=["rep"])
    assert before.slices_by("open_pipeline", "rep") == ()


# Findings ---------------------------------------------------------------------------------------


def finding(book: SalesBook, code: str, **options: Any) -> Finding | None:  # noqa: ANN401
    """Return the finding of a kind, if there is one."""
    found = [one for one in review_book(book, **options).findings if one.code == code]
    assert len(found) <= 1
    return found[0] if found else None


def test_open_past_their_date() -> None:
    """
    What is open past its expected close is counted, as of the day of knowledge.

    On the expected day itself it is not late, and before it was created it was not there.
    """
    found = finding(BOOK, "open-past-close-date")
    assert found is not None
    assert (found.severity, found.count, found.subject) == (
        Severity.WARNING,
        1,
        "opportunities/p5",
    )
    assert finding(BOOK, "open-past-close-date", as_of=date(2024, 6, 15)) is None
    assert finding(BOOK, "open-past-close-date", as_of=date(2024, 6, 16)) is not None
    may = Calendar().parse("2024-05")
    assert finding(BOOK, "open-past-close-date", during=may) is None
    timeless = attrs.evolve(BOOK.opportunities[4], created_on=None)
    book = SalesBook(opportunities=[timeless])
    year = Period.custom(date(2024, 1, 1), date(2024, 12, 31))
    assert finding(book, "open-past-close-date", during=year) is not None


def test_sold_below_cost() -> None:
    """Lines of the period sold below cost are counted with what they lost; at cost is no loss."""
    dear = attrs.evolve(BOOK.order_lines[1], cost=usd(95))
    even = attrs.evolve(BOOK.order_lines[2], cost=usd(40))
    book = attrs.evolve(BOOK, order_lines=(BOOK.order_lines[0], dear, even))
    found = finding(book, "sold-below-cost")
    assert found is not None
    assert found.count == 1
    assert "5.00 USD" in found.message
    assert finding(book, "sold-below-cost", during=Calendar().parse("2023")) is None
    assert finding(BOOK, "sold-below-cost") is None


def test_rows_without_a_customer_or_a_date() -> None:
    """Rows without a customer are found, and so are opportunities without any date."""
    nobody = Opportunity(
        id=OpportunityId("p9"), stage="?", kind=StageKind.OPEN, rep_id=BO, product_id=TEA
    )
    order = attrs.evolve(BOOK.orders[0], customer_id=None)
    book = attrs.evolve(
        BOOK, orders=(order, *BOOK.orders[1:]), opportunities=(*BOOK.opportunities, nobody)
    )
    found = review_book(book).findings
    assert sorted(one.subject for one in found if one.code == "without-customer") == [
        "opportunities.customer_id",
        "order_lines.customer_id",
    ]
    (undated,) = [one for one in found if one.code == "without-date"]
    assert (undated.severity, undated.count) == (Severity.INFO, 1)
    assert "without-customer" not in codes(review_book(BOOK).findings)
    assert "without-date" not in codes(review_book(BOOK).findings)


def test_idle_reps() -> None:
    """Reps without opportunities and orders are named, the first five of them."""
    assert finding(BOOK, "idle-reps") is None
    idle = [SalesRep(id=SalesRepId(f"r{n}"), name=f"Rep {n}") for n in range(6)]
    few = finding(attrs.evolve(BOOK, sales_reps=(*BOOK.sales_reps, *idle[:5])), "idle-reps")
    many = finding(attrs.evolve(BOOK, sales_reps=(*BOOK.sales_reps, *idle)), "idle-reps")
    assert few is not None
    assert many is not None
    assert few.message.endswith(": Rep 0, Rep 1, Rep 2, Rep 3, Rep 4")
    assert many.message.endswith("Rep 4 and others")
    assert (few.count, many.count) == (5, 6)
    assert finding(attrs.evolve(BOOK, sales_reps=()), "idle-reps") is None


def test_findings_stand_by_gravity() -> None:
    """The findings of the import, the book and the business stand together, errors first."""
    info = Finding(code="note", severity=Severity.INFO, message="Info.")
    error = Finding(code="bad-cell", severity=Severity.ERROR, message="Error.")
    stranger = attrs.evolve(BOOK.orders[0], customer_id=CustomerId("gone"), rep_id=ANN)
    book = attrs.evolve(BOOK, orders=(stranger, *BOOK.orders[1:]))
    found = codes(review_book(book, findings=[info, error]).findings)
    assert found == ["bad-cell", "dangling-reference", "open-past-close-date", "note"]


def test_a_review_of_nothing() -> None:
    """An empty book is reviewed without a crash: every figure is undefined, with its reason."""
    review = review_book(SalesBook(), during=Calendar().parse("2024"))
    assert all(one.figure.value is None and one.figure.reason for one in review.comparisons)
    assert (review.slices, review.abc, review.findings) == ((), None, ())
    assert "none: no sales lines among the facts" in review_text(review)
