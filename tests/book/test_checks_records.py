"""Every kind of record has its contradictions, told with a count and the first example."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import SalesBook, check_book
from salescore.book._circles import circles
from salescore.entities import DocumentKind, LeadKind
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.values import Money, Severity

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH = date(2017, 1, 10), date(2017, 2, 1), date(2017, 3, 1)
NINE, NOON = (datetime(2017, 1, 10, hour, tzinfo=UTC) for hour in (9, 12))
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

Raw = dict[str, list[dict[str, Any]]]


def built(make: "Make", raw: Raw) -> SalesBook:
    """Return a book of what a test cares about; the rest is filled in, ids are counted."""
    return SalesBook(
        **{
            name: [
                make.of(name, **{"key": str(number), **one}) for number, one in enumerate(those, 1)
            ]
            for name, those in raw.items()
        }
    )


def told(make: "Make", raw: Raw, code: str) -> list[tuple[Severity, str | None, int]]:
    """Return severity, subject and count of the findings of one code."""
    return [
        (one.severity, one.subject, one.count)
        for one in check_book(built(make, raw))
        if one.code == code
    ]


def usd(amount: str) -> Money:
    """Return dollars."""
    return Money.of(amount, "USD")


def eur(amount: str) -> Money:
    """Return euros."""
    return Money.of(amount, "EUR")


INVOICE = {"invoices": [{"amount": usd("119"), "tax_amount": usd("19")}]}
LINE = {"invoice_id": "1"}
CHARGED = {"payments": [{"amount": usd("100"), "customer_id": "x"}]}

FAULTS: list[tuple[str, Severity, str, int, Raw]] = [
    # documents
    (
        "invoice-without-lines", INFO, "invoices/1", 2,
        {"invoices": [{}, {}, {}], "invoice_lines": [{"invoice_id": "3"}]},
    ),
    ("quote-without-lines", INFO, "quotes/1", 1,
     {"quotes": [{}, {}], "quote_lines": [{"quote_id": "2"}]}),
    ("delivery-without-lines", INFO, "deliveries/2", 1,
     {"deliveries": [{}, {}], "delivery_lines": [{"delivery_id": "1"}]}),
    ("return-without-lines", INFO, "returns/2", 1,
     {"returns": [{}, {}], "return_lines": [{"return_id": "1"}]}),
    ("due-before-issued", WARNING, "invoices/1", 1, {"invoices": [{"due_on": FEBRUARY}]}),
    ("invoice-differs-from-lines", WARNING, "invoices/1", 1,
     {**INVOICE, "invoice_lines": [{**LINE, "net_amount": usd("99.99")}]}),
    ("invoice-differs-from-lines", WARNING, "invoices/1", 1,
     {"invoices": [{"amount": usd("119")}],
      "invoice_lines": [{**LINE, "net_amount": usd("100"), "tax_amount": usd("18")}]}),
    ("lines-in-another-currency", ERROR, "invoices/1", 1,
     {**INVOICE, "invoice_lines": [{**LINE, "net_amount": eur("100")}]}),
    ("negative-quantity", WARNING, "invoice_lines/1", 1,
     {**INVOICE, "invoice_lines": [{**LINE, "quantity": Decimal(-1), "net_amount": usd("100")}]}),
    ("negative-quantity", WARNING, "order_lines/1", 1,
     {"order_lines": [{"quantity": Decimal(-1)}]}),
    ("negative-quantity", WARNING, "delivery_lines/1", 1,
     {"delivery_lines": [{"quantity": Decimal(-1)}]}),
    ("negative-quantity", WARNING, "quote_lines/1", 1,
     {"quote_lines": [{"quantity": Decimal(-1)}]}),
    ("negative-quantity", WARNING, "opportunity_lines/1", 1,
     {"opportunity_lines": [{"quantity": Decimal(-1)}]}),
    ("returned-more-than-sold", WARNING, "order_lines/1", 1,
     {"order_lines": [{"quantity": Decimal(3)}],
      "return_lines": [{"order_line_id": "1", "quantity": Decimal(2)}] * 2}),
    # payments
    ("instalments-differ-from-invoice", WARNING, "invoices/1", 1,
     {**INVOICE, "instalments": [{**LINE, "amount": usd("60")}, {**LINE, "amount": usd("60")}]}),
    ("instalments-differ-from-invoice", WARNING, "invoices/1", 1,
     {**INVOICE, "instalments": [{**LINE, "amount": eur("119")}]}),
    ("payment-without-customer", WARNING, "payments/1", 1, {"payments": [{}]}),
    ("over-allocated", ERROR, "payments/1", 1,
     {**CHARGED, "allocations": [{"payment_id": "1", "amount": usd("60")}] * 2}),
    ("over-allocated", ERROR, "payments/1", 1,
     {**CHARGED, "allocations": [{"payment_id": "1", "amount": usd("-1")}]}),
    ("over-allocated", ERROR, "payments/1", 1,
     {"payments": [{"amount": usd("-5"), "customer_id": "x"}],
      "allocations": [{"payment_id": "1", "amount": usd("-6")}]}),
    ("over-allocated", ERROR, "instalments/1", 1,
     {"instalments": [{"amount": usd("50")}],
      "allocations": [{"instalment_id": "1", "amount": usd("51")}]}),
    ("over-allocated", ERROR, "invoices/1", 1,
     {**INVOICE, "allocations": [{**LINE, "amount": usd("120")}]}),
    ("allocation-across-currencies", ERROR, "allocations/1", 1,
     {**CHARGED, "allocations": [{"payment_id": "1", "amount": eur("1")}]}),
    ("allocation-across-currencies", ERROR, "allocations/1", 1,
     {**INVOICE, "allocations": [{**LINE, "amount": eur("1")}]}),
    ("allocation-across-currencies", ERROR, "allocations/1", 1,
     {"instalments": [{}], "allocations": [{"instalment_id": "1", "amount": eur("1")}]}),
    # leads, stages, tasks
    ("converted-and-disqualified", WARNING, "leads/1", 1,
     {"leads": [{"converted_on": MARCH, "disqualified_on": MARCH}]}),
    ("left-before-entered", ERROR, "stage_visits/1", 1,
     {"stage_visits": [{"entered_on": MARCH, "left_on": FEBRUARY, "lead_id": "x"}]}),
    ("left-before-entered", ERROR, "stage_visits/1", 1,
     {"stage_visits": [{"lead_id": "x", "entered_at": NOON, "left_at": NINE}]}),
    ("visit-of-nobody", WARNING, "stage_visits/1", 1, {"stage_visits": [{}]}),
    ("stage-visits-overlap", WARNING, "stage_visits/1", 1,
     {"stage_visits": [
         {"lead_id": "x", "entered_on": FEBRUARY},
         {"lead_id": "x", "entered_on": JANUARY, "left_on": MARCH},
     ]}),
    ("stage-visits-overlap", WARNING, "stage_visits/2", 1,
     {"stage_visits": [
         {"opportunity_id": "x", "entered_on": JANUARY},
         {"opportunity_id": "x", "entered_on": FEBRUARY},
     ]}),
    ("done-before-created", WARNING, "tasks/1", 1,
     {"tasks": [{"created_on": MARCH, "done_on": FEBRUARY}]}),
    ("done-before-created", WARNING, "follow_ups/1", 1,
     {"follow_ups": [{"created_on": MARCH, "done_on": FEBRUARY}]}),
    # plans
    ("target-without-value", ERROR, "targets/1", 1, {"targets": [{}]}),
    ("target-with-two-values", ERROR, "targets/1", 1,
     {"targets": [{"amount": usd("1"), "value": Decimal(1)}]}),
    ("unknown-calendar", WARNING, "targets/1", 1,
     {"targets": [{"calendar": "lunar", "period": "2017"}]}),
    ("period-unknown", ERROR, "targets/1", 3,
     {"targets": [{"period": "2017-02-29"}, {"period": "2017-W53"}, {"period": "2017-Q5"}]}),
    ("calendars-disagree", ERROR, "targets/1", 2,
     {"targets": [
         {"period": "2017", "starts_on": date(2017, 4, 1), "ends_on": date(2018, 3, 31)},
         {"period": "2017", "calendar": "gregorian-04",
          "starts_on": date(2017, 1, 1), "ends_on": date(2017, 12, 31)},
     ]}),
    # links
    ("circle", ERROR, "teams/1", 2, {"teams": [{"parent_id": "2"}, {"parent_id": "1"}]}),
    ("circle", ERROR, "territories/2", 1,
     {"territories": [{"parent_id": "2"}, {"parent_id": "2"}]}),
    ("circle", ERROR, "customers/1", 1, {"customers": [{"parent_id": "1"}]}),
    ("circle", ERROR, "sales_reps/1", 1, {"sales_reps": [{"manager_id": "1"}]}),
    ("circle", ERROR, "targets/1", 3,
     {"targets": [{"replaces_id": "2"}, {"replaces_id": "3"}, {"replaces_id": "1"}]}),
    ("ends-before-start", ERROR, "targets/1", 1,
     {"targets": [{"starts_on": MARCH, "ends_on": FEBRUARY}]}),
    ("ends-before-start", ERROR, "price_books/1", 1,
     {"price_books": [{"valid_from": MARCH, "valid_until": FEBRUARY}]}),
    ("ends-before-start", ERROR, "quotes/1", 1, {"quotes": [{"valid_until": FEBRUARY}]}),
    ("ends-before-start", ERROR, "grade_intervals/1", 1,
     {"grade_intervals": [{"ends_on": FEBRUARY}]}),
    ("ends-before-start", ERROR, "demonstrations/1", 1,
     {"demonstrations": [{"started_on": MARCH, "ended_on": FEBRUARY}]}),
    ("ends-before-start", ERROR, "negotiations/1", 1,
     {"negotiations": [{"started_on": MARCH, "ended_on": FEBRUARY}]}),
    ("ends-before-start", ERROR, "objections/1", 1,
     {"objections": [{"raised_on": MARCH, "resolved_on": FEBRUARY}]}),
    ("assignments-overlap", WARNING, "territory_assignments/2", 2,
     {"territory_assignments": [
         {"starts_on": JANUARY, "ends_on": MARCH},
         {"starts_on": FEBRUARY, "ends_on": FEBRUARY},
         {"starts_on": MARCH},
     ]}),
    ("assignments-overlap", WARNING, "territory_assignments/2", 2,
     {"territory_assignments": [
         {"starts_on": JANUARY},
         {"starts_on": FEBRUARY, "ends_on": FEBRUARY},
         {"starts_on": MARCH},
     ]}),
    ("prices-overlap", WARNING, "price_book_entries/2", 1,
     {"price_book_entries": [{}, {"valid_from": MARCH}]}),
    # currencies
    ("rate-of-nothing", ERROR, "exchange_rates/1", 2,
     {"exchange_rates": [{"base": "EU", "quote": "USD"}, {"base": "USD", "quote": "USD"}]}),
    ("rates-contradict", WARNING, "exchange_rates/2", 1,
     {"exchange_rates": [
         {"base": "EUR", "quote": "USD"}, {"base": "EUR", "quote": "USD", "rate": Decimal(2)},
     ]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "subject", "count", "raw"),
    FAULTS,
    ids=[f"{code} of {subject}" for code, _, subject, _, _ in FAULTS],
)
def test_a_contradiction_is_told(
    make: "Make", code: str, severity: Severity, subject: str, count: int, raw: Raw
) -> None:
    """The finding names the first record of the fault and counts all of them."""
    assert told(make, raw, code) == [(severity, subject, count)]


SOUND: list[tuple[str, Raw]] = [
    ("due-before-issued", {"invoices": [{"due_on": MARCH}, {}]}),
    ("invoice-differs-from-lines",
     {**INVOICE, "invoice_lines": [{**LINE, "net_amount": usd("60")},
                                   {**LINE, "net_amount": usd("40"), "tax_amount": usd("1")}]}),
    ("invoice-differs-from-lines",
     {"invoices": [{"amount": usd("10")}, {"amount": usd("7")}], "invoice_lines": [LINE]}),
    ("negative-quantity",
     {"invoices": [{"amount": usd("-10")}],
      "invoice_lines": [{**LINE, "quantity": Decimal(-1), "net_amount": usd("-10")}]}),
    ("negative-quantity",
     {"order_lines": [{"quantity": Decimal(-1), "net_amount": usd("-10")}],
      "opportunity_lines": [{}],
      "invoice_lines": [{"quantity": Decimal(-1), "invoice_id": "nobody"}]}),
    ("returned-more-than-sold",
     {"order_lines": [{"quantity": Decimal(3)}],
      "return_lines": [{"order_line_id": "1", "quantity": Decimal(3)},
                       {"order_line_id": "nobody"}, {}]}),
    ("instalments-differ-from-invoice",
     {**INVOICE, "instalments": [{**LINE, "amount": usd("59")}, {**LINE, "amount": usd("60")},
                                 {"invoice_id": "nobody"}, {}]}),
    ("over-allocated",
     {**CHARGED, **INVOICE,
      "allocations": [{"payment_id": "1", "amount": usd("60"), "invoice_id": "1"},
                      {"payment_id": "1", "amount": usd("40")}, {"payment_id": "nobody"}]}),
    ("allocation-across-currencies",
     {**CHARGED, **INVOICE,
      "allocations": [{"payment_id": "1", "amount": usd("60"), "invoice_id": "1"},
                      {"payment_id": "nobody", "instalment_id": "nobody"}]}),
    ("converted-and-disqualified", {"leads": [{"converted_on": MARCH}, {}]}),
    ("left-before-entered",
     {"stage_visits": [{"left_on": MARCH, "entered_at": NINE, "left_at": NOON}, {}]}),
    ("stage-visits-overlap",
     {"stage_visits": [
         {"lead_id": "x", "entered_on": JANUARY, "left_on": FEBRUARY},
         {"lead_id": "x", "entered_on": FEBRUARY},
         {"lead_id": "x", "entered_on": JANUARY, "funnel": "other"},
         {"lead_id": "y", "entered_on": JANUARY},
         {"entered_on": JANUARY},
     ]}),
    ("done-before-created",
     {"tasks": [{"created_on": MARCH, "done_on": MARCH}, {"done_on": MARCH}]}),
    ("period-unknown", {"targets": [{"period": "2020-W53"}, {}]}),
    ("calendars-disagree",
     {"targets": [{"period": "2017-03-01"},
                  {"period": "2017", "calendar": "gregorian-04",
                   "starts_on": date(2017, 4, 1), "ends_on": date(2018, 3, 31)}]}),
    ("circle", {"teams": [{"parent_id": "2"}, {"parent_id": "nobody"}, {"parent_id": "2"}]}),
    ("ends-before-start", {"targets": [{}], "price_books": [{"valid_until": FEBRUARY}]}),
    ("assignments-overlap",
     {"territory_assignments": [
         {"starts_on": FEBRUARY}, {"starts_on": JANUARY, "ends_on": date(2017, 1, 31)},
         {"territory_id": "other"},
     ]}),
    ("prices-overlap",
     {"price_book_entries": [
         {"valid_until": FEBRUARY}, {"valid_from": date(2017, 2, 2)},
         {"price": eur("1")}, {"minimum_quantity": Decimal(10)},
     ]}),
    ("rates-contradict",
     {"exchange_rates": [{"base": "EUR", "quote": "USD"}] * 2
      + [{"base": "EUR", "quote": "USD", "valid_from": FEBRUARY, "rate": Decimal(2)}]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "raw"), SOUND, ids=[code for code, _ in SOUND])
def test_what_fits_is_not_told(make: "Make", code: str, raw: Raw) -> None:
    """What only looks like a fault is none."""
    assert told(make, raw, code) == []


@pytest.mark.parametrize(
    ("raw", "subject", "count"),
    [
        ({"orders": [{"ordered_on": date(1998, 12, 31)}],
          "order_lines": [{"order_id": "1", "net_amount": eur("1"), "cost": eur("1")},
                          {"order_id": "nobody", "net_amount": eur("1")}]}, "order_lines/1", 1),
        ({"expenses": [{"spent_on": date(1998, 1, 1), "amount": eur("1")}, {}]}, "expenses/1", 1),
        ({"leads": [{"created_on": date(1998, 1, 1), "amount": eur("1")}]}, "leads/1", 1),
        ({"leads": [{"amount": eur("1")}]}, None, 0),
        ({"expenses": [{"spent_on": date(1999, 1, 1), "amount": eur("1")}]}, None, 0),
    ],
)  # fmt: skip
def test_money_of_another_time(make: "Make", raw: Raw, subject: str | None, count: int) -> None:
    """A record counts once, on its own day or that of its document."""
    expected = [(WARNING, subject, count)] if count else []
    assert told(make, raw, "currency-not-valid") == expected


def test_a_currency_that_left(make: "Make") -> None:
    """The finding says how long it was valid."""
    book = SalesBook(
        expenses=[make.expense(spent_on=date(2026, 1, 1), amount=make.money("1", "HRK"))]
    )
    (found,) = check_book(book)
    assert (found.code, found.subject) == ("currency-not-valid", "expenses/E-1")
    assert found.message.startswith("money in HRK on a day without this currency: 1 expense")
    assert "until 20" in found.message


def test_a_circle_is_shown(make: "Make") -> None:
    """The way goes once round."""
    raw = {"teams": [{"parent_id": "2"}, {"parent_id": "3"}, {"parent_id": "2"}]}
    (found,) = [one for one in check_book(built(make, raw)) if one.code == "circle"]
    assert found.message == "parent_id of 2 teams leads in a circle, the first '2' → '3' → '2'"


def test_registered_references_and_dates_are_checked_too(make: "Make") -> None:
    """A registered field is a field like any other."""
    fields = [
        custom_field("mentor", Kind.ID, "Mentor", "导师", refers="teams"),
        custom_field("feast", Kind.DATE, "Feast", "节日"),
    ]
    custom = custom_values(mentor="T-9", feast=date(1066, 10, 14))
    book = SalesBook(
        custom_fields=CustomFields.of({"teams": fields}), teams=[make.team(custom=custom)]
    )
    assert [one.code for one in check_book(book)] == ["dangling-reference", "implausible-date"]


@settings(max_examples=200)
@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)))
def test_circles_are_those_that_come_back(following: dict[int, int]) -> None:
    """Whoever walks on from a member of a circle comes back to it, and nobody else does."""

    def returns(start: int) -> bool:
        key, steps = following.get(start), 0
        while key is not None and key != start and steps < len(following):
            key, steps = following.get(key), steps + 1
        return key == start

    found = circles(following)
    members = [key for circle in found for key in circle]
    assert sorted(members) == [key for key in sorted(following) if returns(key)]
    for circle in found:
        assert [following[key] for key in circle] == [*circle[1:], circle[0]]


@pytest.mark.parametrize(
    ("name", "kind", "date_of_kind"),
    [
        ("leads", LeadKind.DISQUALIFIED, "disqualified_on"),
        ("quotes", DocumentKind.VOID, "accepted_on"),
        ("contracts", DocumentKind.CLOSED, "signed_on"),
        ("orders", DocumentKind.VOID, "voided_on"),
        ("invoices", DocumentKind.VOID, "voided_on"),
    ],
)
def test_a_status_without_a_kind(make: "Make", name: str, kind: object, date_of_kind: str) -> None:
    """The business's own word says nothing to figures; a kind beside it, or a date, does."""
    raw: Raw = {
        name: [
            {"status": "lost"},
            {"status": "lost"},
            {"status": "lost", "kind": kind},
            {"status": "lost", date_of_kind: MARCH},
            {},
        ]
    }
    assert told(make, raw, "status-without-kind") == [(WARNING, f"{name}.status", 2)]
