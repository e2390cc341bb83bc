"""Facts are the book made flat: priced once, in one currency, as one day knew them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, RevenueBasis, SalesBook
from salescore.entities import DocumentKind, StageKind, record_table
from salescore.errors import CurrencyMismatch, UnknownCurrency, UnknownName
from salescore.plain import Kind, value_fault
from salescore.values import Calendar, ConstantRates, Severity

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH = date(2017, 1, 10), date(2017, 2, 1), date(2017, 3, 1)
NAMES = tuple(schema.name for schema in FACT_TABLES)


def rows(facts: Facts, name: str) -> list[dict[str, Any]]:
    """Return all rows of a fact table."""
    table = facts.table(name)
    return [table.row(number) for number in range(len(table))]


def only(facts: Facts, name: str) -> dict[str, Any]:
    """Return the one row of a fact table."""
    (row,) = rows(facts, name)
    return row


# The reporting currency ---------------------------------------------------------------------


def test_the_currency_is_the_most_frequent_unless_told(make: "Make") -> None:
    """By default a book is seen in its own currency; rates or a caller name another."""
    book = SalesBook(expenses=[make.expense(amount=make.money("1", "EUR"))])
    assert Facts.of(book).currency == "EUR"
    assert Facts.of(book, currency="USD").currency == "USD"
    assert Facts.of(book, rates=ConstantRates("JPY")).currency == "JPY"
    assert Facts.of(book, currency="JPY", rates=ConstantRates("JPY")).currency == "JPY"
    assert Facts.of(SalesBook()).currency == "XXX"


def test_what_is_not_told_has_a_default() -> None:
    """Years begin in January, days change in UTC, and everything is seen."""
    facts = Facts.of(SalesBook())
    assert (facts.calendar, facts.zone, facts.as_of) == (Calendar(), "UTC", None)
    assert Facts.of(SalesBook(), calendar=Calendar.months(4)).calendar == Calendar.months(4)


@pytest.mark.parametrize(
    ("options", "error", "fault"),
    [
        ({"currency": "EUR", "rates": ConstantRates("USD")}, CurrencyMismatch, "EUR and USD"),
        ({"currency": "EU"}, UnknownCurrency, "no currency 'EU'"),
        ({"zone": "Asia/Shangai"}, UnknownName, "did you mean 'Asia/Shanghai'"),
    ],
)
def test_a_wrong_option_is_refused_at_once(
    options: dict[str, Any], error: type[Exception], fault: str
) -> None:
    """Two currencies, an unknown one or an unknown zone fail before any table is built."""
    with pytest.raises(error, match=fault):
        Facts.of(SalesBook(), **options)


def test_a_fact_table_that_does_not_exist_is_refused() -> None:
    """The closest fact table is offered."""
    with pytest.raises(UnknownName, match="did you mean 'order_lines'"):
        Facts.of(SalesBook()).table("order_line")


def test_a_table_is_built_once() -> None:
    """Asking again gives the same table."""
    facts = Facts.of(SalesBook())
    assert facts.table("expenses") is facts.table("expenses")


# Pricing ------------------------------------------------------------------------------------


def mixed(make: "Make") -> SalesBook:
    """Return a book with lines in three currencies."""
    euro, yen = make.money("10.50", "EUR"), make.money("300", "JPY")
    return SalesBook(
        orders=[make.order()],
        order_lines=[
            make.line(cost=make.money("4")),
            make.line(id="L-2", net_amount=euro, gross_amount=make.money("12", "EUR"), cost=euro),
            make.line(id="L-3", net_amount=yen),
        ],
        expenses=[make.expense(amount=yen)],
    )


def test_money_is_priced_once_and_exactly(make: "Make") -> None:
    """Amounts are multiplied by their rate to the last digit; the row keeps its currency."""
    facts = Facts.of(mixed(make), rates=ConstantRates.of("USD", {"EUR": Decimal("1.085")}))
    lines = facts.table("order_lines")
    assert list(lines.column("net_amount")) == [Decimal(10), Decimal("11.3925"), None]
    assert list(lines.column("gross_amount")) == [None, Decimal("13.02"), None]
    assert list(lines.column("cost")) == [Decimal(4), Decimal("11.3925"), None]
    assert list(lines.column("currency")) == ["USD", "EUR", "JPY"]


def test_a_row_without_a_rate_is_counted_not_priced(make: "Make") -> None:
    """The row stays, its money is null, the table names the currency, a finding counts the rows."""
    facts = Facts.of(mixed(make), currency="USD")
    lines = facts.table("order_lines")
    assert len(lines) == 3
    assert list(lines.column("exchange_rate")) == [Decimal(1), None, None]
    found = facts.findings()
    assert [(one.code, one.severity, one.subject, one.count) for one in found] == [
        ("missing-rate", Severity.ERROR, "order_lines.currency/EUR", 1),
        ("missing-rate", Severity.ERROR, "order_lines.currency/JPY", 1),
        ("missing-rate", Severity.ERROR, "expenses.currency/JPY", 1),
    ]
    assert found[2].message == (
        "counted, not priced: 1 expense in JPY; no exchange rate from JPY to USD"
    )


def test_a_book_in_one_currency_has_nothing_unpriced(make: "Make") -> None:
    """No rate is needed for the reporting currency, and none for money that is missing."""
    book = SalesBook(
        orders=[make.order()], order_lines=[make.line()], opportunities=[make.opportunity()]
    )
    facts = Facts.of(book)
    assert facts.findings() == ()
    row = only(facts, "opportunities")
    assert (row["currency"], row["exchange_rate"]) == (None, None)


def test_a_null_has_a_reason(make: "Make") -> None:
    """Money without a rate says so; anything else that is null is unknown under its label."""
    book = SalesBook(
        orders=[make.order()],
        order_lines=[make.line(), make.line(id="L-2", net_amount=make.money("1", "EUR"))],
    )
    lines = Facts.of(book, currency="USD").table("order_lines")
    assert lines.null_reason("net_amount", 1) == "no exchange rate from EUR to USD"
    assert lines.null_reason("cost", 0) == "cost unknown"
    assert lines.null_reason("discount", 1) == "discount unknown"
    assert lines.null_reason("segment", 1) == "segment unknown"
    customers = Facts.of(SalesBook(customers=[make.customer()])).table("customers")
    assert customers.null_reason("first_ordered_on", 0) == "first ordered on unknown"
    with pytest.raises(UnknownName, match="did you mean 'cost'"):
        lines.null_reason("costs", 0)


# Look-ups -----------------------------------------------------------------------------------


def test_a_line_sees_its_order_its_customer_its_product_and_its_seller(make: "Make") -> None:
    """A row of the order lines is flat: everything a figure may slice by stands in it."""
    book = SalesBook(
        teams=[make.team(region="North")],
        sales_reps=[make.rep(team_id="T-1")],
        customers=[make.customer(segment="VIP", industry="Steel", country="DE", rep_id="R-1")],
        products=[make.product(family="Saws", subfamily="Band saws")],
        orders=[make.order(customer_id="C-1", channel="web", source="fair")],
        order_lines=[make.line(product_id="P-1", quantity=Decimal(3), discount=Decimal("0.1"))],
    )
    assert only(Facts.of(book), "order_lines") == {
        "id": "L-1",
        "order_id": "O-1",
        "ordered_on": MARCH,
        "customer_id": "C-1",
        "segment": "VIP",
        "industry": "Steel",
        "country": "DE",
        "product_id": "P-1",
        "product_family": "Saws",
        "product_subfamily": "Band saws",
        "region": "North",
        "territory_id": None,
        "rep_id": "R-1",
        "team_id": "T-1",
        "channel": "web",
        "source": "fair",
        "currency": "USD",
        "exchange_rate": Decimal(1),
        "quantity": Decimal(3),
        "net_amount": Decimal(10),
        "gross_amount": None,
        "discount": Decimal("0.1"),
        "cost": None,
    }


@pytest.mark.parametrize(
    ("order", "customer", "rep", "team", "found"),
    [
        ("order", "customer", "rep", "team", "order"),
        (None, "customer", "rep", "team", "customer"),
        (None, None, "rep", "team", "rep"),
        (None, None, None, "team", "team"),
        (None, None, None, None, None),
    ],
)
def test_the_nearest_region_holds(
    make: "Make",
    order: str | None,
    customer: str | None,
    rep: str | None,
    team: str | None,
    found: str | None,
) -> None:
    """A region comes from the order, else its customer, else the rep, else the rep's team."""
    book = SalesBook(
        teams=[make.team(region=team)],
        sales_reps=[make.rep(region=rep, team_id="T-1")],
        customers=[make.customer(region=customer)],
        orders=[make.order(customer_id="C-1", rep_id="R-1", region=order)],
        order_lines=[make.line()],
        expenses=[make.expense(customer_id="C-1", rep_id="R-1", region=order)],
    )
    assert only(Facts.of(book), "order_lines")["region"] == found
    assert only(Facts.of(book), "expenses")["region"] == found


@pytest.mark.parametrize(
    ("own", "customers", "found"),
    [("R-2", "R-1", ("R-2", "T-2")), (None, "R-1", ("R-1", None)), (None, None, (None, None))],
)
def test_the_customers_rep_stands_in_for_a_missing_one(
    make: "Make", own: str | None, customers: str | None, found: tuple[str | None, str | None]
) -> None:
    """Whoever is named on an order sold; else whoever is in charge of the customer."""
    book = SalesBook(
        sales_reps=[make.rep(), make.rep(id="R-2", team_id="T-2")],
        customers=[make.customer(rep_id=customers)],
        orders=[make.order(customer_id="C-1", rep_id=own)],
        order_lines=[make.line()],
        opportunities=[make.opportunity(customer_id="C-1", rep_id=own)],
        activities=[make.activity(customer_id="C-1", rep_id=own)],
        expenses=[make.expense(customer_id="C-1", rep_id=own)],
    )
    row = only(Facts.of(book), "order_lines")
    assert (row["rep_id"], row["team_id"]) == found
    for name in ("opportunities", "activities", "expenses"):  # nobody there is nobody
        assert only(Facts.of(book), name)["rep_id"] == own


def test_an_id_of_nobody_stays_and_leads_to_nulls(make: "Make") -> None:
    """A dangling reference is kept as a key; what it would have told is null."""
    book = SalesBook(
        orders=[make.order(customer_id="C-9", rep_id="R-9")],
        order_lines=[make.line(product_id="P-9")],
    )
    row = only(Facts.of(book), "order_lines")
    assert (row["customer_id"], row["rep_id"], row["product_id"]) == ("C-9", "R-9", "P-9")
    assert (row["segment"], row["team_id"], row["product_family"]) == (None, None, None)


def test_a_line_whose_order_is_missing_has_no_date(make: "Make") -> None:
    """The line is counted with its money, and has neither day nor customer."""
    lines = [make.line(order_id="O-9", cost=make.money("3")), make.line(id="L-2")]
    book = SalesBook(orders=[make.order(customer_id="C-1")], order_lines=lines)
    for as_of in (None, JANUARY):
        orphan = rows(Facts.of(book, as_of=as_of), "order_lines")[0]
        assert (orphan["order_id"], orphan["cost"]) == ("O-9", Decimal(3))
        assert (orphan["ordered_on"], orphan["customer_id"], orphan["region"]) == (None,) * 3


def test_of_two_orders_with_one_id_a_line_sees_the_first(make: "Make") -> None:
    """References mean the first; the second order still is an order of its customer."""
    book = SalesBook(
        customers=[make.customer(id="C-2"), make.customer(segment="A"), make.customer(segment="B")],
        orders=[make.order(customer_id="C-1"), make.order(ordered_on=JANUARY, customer_id="C-2")],
        order_lines=[make.line()],
    )
    line = only(Facts.of(book), "order_lines")
    assert (line["ordered_on"], line["customer_id"], line["segment"]) == (MARCH, "C-1", "A")
    second, first = rows(Facts.of(book), "customers")
    assert second["first_ordered_on"] == JANUARY
    assert first["segment"] == "A"


# Customers ----------------------------------------------------------------------------------


def test_a_customer_shows_its_first_order(make: "Make") -> None:
    """The earliest order counts, of one day the lower id; its rep, region and channel are shown."""
    book = SalesBook(
        customers=[
            make.customer(rep_id="R-1", region="West", created_on=JANUARY, source="fair"),
            make.customer(id="C-2", rep_id="R-1", region="West"),
        ],
        orders=[
            make.order(id="O-1", customer_id="C-1", rep_id="R-9"),
            make.order(id="O-3", customer_id="C-1", ordered_on=FEBRUARY, rep_id="R-3"),
            make.order(
                id="O-2",
                customer_id="C-1",
                ordered_on=FEBRUARY,
                rep_id="R-2",
                region="East",
                channel="web",
            ),
            make.order(id="O-0"),
        ],
    )
    buyer, other = rows(Facts.of(book), "customers")
    assert buyer["first_ordered_on"] == FEBRUARY
    assert (buyer["rep_id"], buyer["region"], buyer["channel"]) == ("R-2", "East", "web")
    assert (buyer["created_on"], buyer["source"]) == (JANUARY, "fair")
    assert (other["first_ordered_on"], other["channel"]) == (None, None)
    assert (other["rep_id"], other["region"]) == ("R-1", "West")


# Opportunities ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "stated", "found"),
    [
        (StageKind.WON, "0.3", "1"),
        (StageKind.LOST, "0.3", "0"),
        (StageKind.VOID, None, "0"),
        (StageKind.OPEN, "0.3", "0.3"),
        (StageKind.HOLD, "0.3", "0.3"),
        (StageKind.OPEN, None, None),
    ],
)
def test_a_closed_kind_fixes_the_probability(
    make: "Make", kind: StageKind, stated: str | None, found: str | None
) -> None:
    """Won is 1, lost and void are 0, whatever was stated; open keeps what was stated."""
    one = make.opportunity(kind=kind, probability=stated and Decimal(stated))
    row = only(Facts.of(SalesBook(opportunities=[one])), "opportunities")
    assert row["probability"] == (None if found is None else Decimal(found))
    assert row["kind"] == kind.value


@pytest.mark.parametrize(
    ("own", "activities", "found", "days"),
    [
        (FEBRUARY, [JANUARY], FEBRUARY, 28),
        (None, [FEBRUARY, JANUARY], JANUARY, 50),
        (None, [], None, None),
        (MARCH, [], MARCH, 0),
        (date(2017, 3, 2), [], date(2017, 3, 2), None),
    ],
)
def test_the_cycle_runs_from_the_first_contact_to_the_close(
    make: "Make", own: date | None, activities: list[date], found: date | None, days: int | None
) -> None:
    """The stated first contact holds, else the first activity; a reversed cycle is undefined."""
    book = SalesBook(
        opportunities=[
            make.opportunity(
                kind=StageKind.WON, first_contact_on=own, created_on=FEBRUARY, closed_on=MARCH
            )
        ],
        activities=[
            *(make.activity(opportunity_id="CA-1", happened_on=day) for day in activities),
            make.activity(happened_on=date(2016, 1, 1)),
            make.activity(happened_on=date(2016, 1, 1), opportunity_id="CA-2"),
        ],
    )
    row = only(Facts.of(book), "opportunities")
    assert row["first_contact_on"] == found
    assert row["cycle_days"] == (None if days is None else Decimal(days))
    assert row["cycle_days_from_creation"] == Decimal(28)


# What was known -----------------------------------------------------------------------------


def known(book: SalesBook, as_of: date, zone: str = "UTC") -> dict[str, int]:
    """Return how many rows each fact table has as of a day, without the empty ones."""
    facts = Facts.of(book, as_of=as_of, zone=zone)
    counts = {name: len(facts.table(name)) for name in NAMES if len(facts.table(name))}
    assert counts.pop("sales_lines", 0) == counts.get("order_lines", 0)
    return counts


DATED: list[tuple[str, Callable[["Make", dict[str, Any]], SalesBook], str]] = [
    (
        "order_lines",
        lambda make, said: SalesBook(orders=[make.order(**said)], order_lines=[make.line()]),
        "ordered_on",
    ),
    (
        "opportunities",
        lambda make, said: SalesBook(opportunities=[make.opportunity(**said)]),
        "created_on",
    ),
    (
        "opportunities",
        lambda make, said: SalesBook(opportunities=[make.opportunity(**said)]),
        "first_contact_on",
    ),
    ("expenses", lambda make, said: SalesBook(expenses=[make.expense(**said)]), "spent_on"),
    ("activities", lambda make, said: SalesBook(activities=[make.activity(**said)]), "happened_on"),
    ("customers", lambda make, said: SalesBook(customers=[make.customer(**said)]), "created_on"),
]


@pytest.mark.parametrize(("table", "book", "date_field"), DATED)
def test_a_record_is_known_from_its_business_date(
    make: "Make", table: str, book: Callable[..., SalesBook], date_field: str
) -> None:
    """On the day itself it is seen, the day before it is not."""
    facts = book(make, {date_field: FEBRUARY})
    assert known(facts, FEBRUARY) == {table: 1}
    assert known(facts, date(2017, 1, 31)) == {}


@pytest.mark.parametrize(("table", "book", "date_field"), DATED)
def test_the_recording_day_wins_over_the_business_date(
    make: "Make", table: str, book: Callable[..., SalesBook], date_field: str
) -> None:
    """What was recorded late is known late, what was recorded ahead is known ahead."""
    late = book(make, {date_field: JANUARY, "recorded_at": datetime(2017, 2, 1, 9, tzinfo=UTC)})
    assert known(late, FEBRUARY) == {table: 1}
    assert known(late, date(2017, 1, 31)) == {}
    ahead = book(make, {date_field: MARCH, "recorded_at": datetime(2017, 1, 10, 9, tzinfo=UTC)})
    assert known(ahead, JANUARY) == {table: 1}


def test_the_zone_says_on_which_day_something_was_recorded(make: "Make") -> None:
    """17:00 UTC on 31 January is 1 February in Shanghai."""
    book = SalesBook(expenses=[make.expense(recorded_at=datetime(2017, 1, 31, 17, tzinfo=UTC))])
    assert known(book, date(2017, 1, 31)) == {"expenses": 1}
    assert known(book, date(2017, 1, 31), "Asia/Shanghai") == {}
    assert known(book, FEBRUARY, "Asia/Shanghai") == {"expenses": 1}


def test_a_record_without_any_date_is_always_known(make: "Make") -> None:
    """Nobody can say when it was not."""
    book = SalesBook(customers=[make.customer()], opportunities=[make.opportunity()])
    assert known(book, date.min) == {"opportunities": 1, "customers": 1}


def test_an_opportunity_that_closed_later_is_open_at_an_unknown_stage(make: "Make") -> None:
    """Neither outcome, reason, stage, probability nor cycle of a later close is seen."""
    lost = make.opportunity(
        stage="Lost",
        kind=StageKind.LOST,
        probability=Decimal(0),
        loss_reason="price",
        created_on=JANUARY,
        first_contact_on=JANUARY,
        closed_on=MARCH,
        amount=make.money("7"),
    )
    facts = Facts.of(SalesBook(opportunities=[lost]), as_of=date(2017, 2, 28))
    row = only(facts, "opportunities")
    hidden = ("stage", "probability", "loss_reason", "closed_on", "cycle_days")
    assert row["kind"] == "open"
    assert [row[name] for name in hidden] == [None] * 5
    assert row["cycle_days_from_creation"] is None
    assert (row["amount"], row["created_on"]) == (Decimal(7), JANUARY)
    on_the_day = only(Facts.of(SalesBook(opportunities=[lost]), as_of=MARCH), "opportunities")
    assert (on_the_day["kind"], on_the_day["stage"]) == ("lost", "Lost")
    assert (on_the_day["closed_on"], on_the_day["cycle_days"]) == (MARCH, Decimal(50))


def test_what_is_not_known_does_not_stand_behind_an_id(make: "Make") -> None:
    """A customer recorded later tells nothing of an earlier order; of two, the known one speaks."""
    later = make.customer(segment="VIP", rep_id="R-1", region="West", created_on=MARCH)
    order = make.order(ordered_on=JANUARY, customer_id="C-1")
    book = SalesBook(
        customers=[later],
        orders=[order],
        order_lines=[make.line()],
        activities=[make.activity(opportunity_id="CA-1", happened_on=MARCH)],
        opportunities=[make.opportunity(created_on=JANUARY)],
    )
    facts = Facts.of(book, as_of=FEBRUARY)
    row = only(facts, "order_lines")
    assert (row["customer_id"], row["segment"], row["rep_id"], row["region"]) == (
        "C-1",
        None,
        None,
        None,
    )
    assert only(facts, "opportunities")["first_contact_on"] is None
    both = attrs.evolve(book, customers=[later, make.customer(segment="B", created_on=JANUARY)])
    assert only(Facts.of(both, as_of=FEBRUARY), "order_lines")["segment"] == "B"
    assert only(Facts.of(both, as_of=MARCH), "order_lines")["segment"] == "VIP"


def test_a_line_goes_with_its_order(make: "Make") -> None:
    """Lines of an order that was not known are not seen; of two orders, the known one counts."""
    book = SalesBook(orders=[make.order()], order_lines=[make.line()])
    assert known(book, FEBRUARY) == {}
    double = SalesBook(
        orders=[make.order(), make.order(ordered_on=JANUARY)], order_lines=[make.line()]
    )
    row = only(Facts.of(double, as_of=FEBRUARY), "order_lines")
    assert row["ordered_on"] == JANUARY


def test_a_later_look_reveals_nothing_more(make: "Make") -> None:
    """Going back in time hides; going forward from an earlier day does not show."""
    book = SalesBook(expenses=[make.expense()])
    facts = Facts.of(book, as_of=FEBRUARY)
    assert facts.at(MARCH) is facts
    assert facts.at(FEBRUARY) is facts
    assert facts.at(JANUARY).as_of == JANUARY
    unbounded = Facts.of(book)
    assert len(unbounded.at(FEBRUARY).table("expenses")) == 0
    assert len(unbounded.at(MARCH).table("expenses")) == 1


def as_known(book: SalesBook, as_of: date | None) -> dict[str, dict[str, list[Any]]]:
    """Return the columns of all fact tables, priced alike."""
    rates = ConstantRates.of("USD", {"EUR": Decimal("1.1")})
    facts = Facts.of(book, rates=rates, as_of=as_of)
    return {
        name: {
            column: list(facts.table(name).column(column)) for column in facts.schema(name).names
        }
        for name in NAMES
    }


DAY = date(2017, 6, 30)
LATER = datetime(2019, 1, 1, tzinfo=UTC)


def postponed(record: Any, name: str) -> Any:  # noqa: ANN401 - a record of any type
    """Return a record that becomes known after the day, under an id of its own."""
    shift: dict[str, Any] = {
        field.name: LATER if field.kind is Kind.INSTANT else LATER.date()
        for field in record_table(name).happened
        if getattr(record, field.name) is not None
    }
    if not shift or record.recorded_at is not None:
        shift["recorded_at"] = LATER
    return attrs.evolve(record, id=f"later-{record.id}", **shift)


@settings(max_examples=40)
@given(testing.books(faulty=True), testing.books(faulty=True))
def test_a_fact_recorded_after_as_of_changes_nothing(book: SalesBook, other: SalesBook) -> None:
    """Records of later days, and the lines of later orders, leave every fact table as it was."""
    added: dict[str, Any] = {}
    for name in ("customers", "opportunities", "activities", "orders", "expenses"):
        later = [postponed(one, name) for one in other.records(name)]
        added[name] = [*later, *book.records(name), *later]
    own = {order.id for order in other.orders}
    lines = [
        attrs.evolve(line, id=f"later-{line.id}", order_id=f"later-{line.order_id}")
        for line in other.order_lines
        if line.order_id in own
    ]
    added["order_lines"] = [*lines, *book.order_lines]
    assert as_known(attrs.evolve(book, **added), DAY) == as_known(book, DAY)


@settings(max_examples=25)
@given(testing.books(faulty=True))
def test_a_later_customer_of_an_earlier_fact_changes_nothing(book: SalesBook) -> None:
    """Whoever is recorded later under an id that was in use tells nothing of the past."""
    ids = {one.customer_id for one in (*book.orders, *book.opportunities, *book.expenses)}
    known_ids = set(book.index("customers"))
    later = [told_customer(key) for key in sorted(ids - known_ids - {None}, key=str)]
    more = attrs.evolve(book, customers=[*later, *book.customers])
    assert as_known(more, DAY) == as_known(book, DAY)


def told_customer(key: Any) -> Any:  # noqa: ANN401 - a customer
    """Return a customer of 2019 who would tell a lot."""
    customer: Any = record_table("customers").record
    told = {"segment": "later", "rep_id": "later", "region": "later", "country": "later"}
    return customer(id=key, name="later", created_on=date(2019, 1, 1), **told)


@settings(max_examples=20)
@given(testing.books(faulty=True))
def test_as_of_the_end_of_time_is_to_see_all(book: SalesBook) -> None:
    """With nothing after the day, the day changes nothing but what is still running."""
    at_the_end, all_of_it = as_known(book, date.max), as_known(book, None)
    for name, column in (("stage_visits", "stage_days"), ("deliveries", "is_late")):
        for late, unbounded in zip(
            at_the_end[name].pop(column), all_of_it[name].pop(column), strict=True
        ):
            assert unbounded in (late, None)
    assert at_the_end == all_of_it


# The shape of the tables --------------------------------------------------------------------

HOLDS = {
    Kind.ID: str,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date,
    Kind.INSTANT: datetime,
    Kind.BOOLEAN: bool,
}


@settings(max_examples=40)
@given(
    testing.books(faulty=True),
    st.one_of(st.none(), testing.days(date(2016, 1, 1), date(2018, 12, 31))),
)
def test_every_column_conforms_to_its_schema(book: SalesBook, as_of: date | None) -> None:
    """All columns are equally long; each holds its kind alone, its choices, and null by leave."""
    facts = Facts.of(book, rates=ConstantRates.of("USD", {"EUR": Decimal("1.1")}), as_of=as_of)
    for schema in FACT_TABLES:
        table = facts.table(schema.name)
        assert table.name == schema.name
        assert len(table.columns) == len(schema.fields)
        for field, column in zip(schema.fields, table.columns, strict=True):
            assert len(column) == len(table)
            for value in column:
                if value is None:
                    assert field.nullable
                    continue
                assert isinstance(value, HOLDS[field.kind])
                if field.kind is Kind.CHOICE:
                    assert value in field.choices
                else:
                    assert value_fault(field, value) is None


@settings(max_examples=25)
@given(testing.books(faulty=True))
def test_every_record_is_a_row(book: SalesBook) -> None:
    """Without a day of knowledge nothing that counts is left out or counts twice, in order."""
    facts = Facts.of(book, currency="USD", basis=RevenueBasis.BOOKED)
    void: dict[str, bool] = {}
    for order in book.orders:
        void.setdefault(order.id, not counts(order))
    replaced = {target.replaces_id for target in book.targets}
    for schema in FACT_TABLES:
        name = schema.name
        if name in {"customers", "sales_lines"}:
            continue
        records = book.records(name)
        if name == "order_lines":
            records = tuple(line for line in records if not void.get(line.order_id))
        if name == "invoices":
            records = tuple(filter(counts, records))
        found = list(facts.table(name).column(schema.names[0]))
        if name == "targets":  # those that are replaced stay only in a circle
            assert {one.id for one in records if one.id not in replaced} <= set(found)
            continue
        assert found == [record.id for record in records]
    sold = {line.order_id for line in book.order_lines}
    orders = [one for one in book.orders if counts(one) and (not sold or one.id in sold)]
    listed = list(dict.fromkeys(one.id for one in book.customers))
    ids = list(facts.table("customers").column("customer_id"))
    assert ids[: len(listed)] == listed
    assert set(ids[len(listed) :]) == {one.customer_id for one in orders} - {None, *listed}


def counts(document: Any) -> bool:  # noqa: ANN401 - an order or an invoice
    """Return whether a document is neither a draft nor void."""
    gone = {DocumentKind.DRAFT, DocumentKind.VOID}
    return document.kind not in gone and document.voided_on is None


def test_no_fact_table_holds_money() -> None:
    """Behind pricing there are plain decimals, and the first column tells rows apart."""
    for schema in FACT_TABLES:
        assert schema.record is None
        assert Kind.MONEY not in {field.kind for field in schema.fields}
        assert (schema.fields[0].kind, schema.fields[0].nullable) == (Kind.ID, False)


def test_a_table_is_read_by_column_and_by_row(make: "Make") -> None:
    """A column is found by its name, a row by its number."""
    table = Facts.of(SalesBook(expenses=[make.expense()])).table("expenses")
    assert len(table) == 1
    assert list(table.column("amount")) == [Decimal(5)]
    assert table.row(0)["amount"] == Decimal(5)
    assert list(table.row(0)) == list(table.schema.names)
    with pytest.raises(UnknownName, match="did you mean 'amount'"):
        table.column("amounts")


# Labels -------------------------------------------------------------------------------------


def test_a_record_is_shown_by_its_name(make: "Make") -> None:
    """Where a record is missing or unnamed its id is shown."""
    book = SalesBook(
        customers=[make.customer(), make.customer(id="C-2", name="")],
        opportunities=[make.opportunity()],
        orders=[make.order()],
    )
    facts = Facts.of(book)
    assert [facts.label("customers", key) for key in ("C-1", "C-2", "C-9")] == [
        "Acme",
        "C-2",
        "C-9",
    ]
    assert facts.label("opportunities", "CA-1") == "CA-1"
    assert facts.label("orders", "O-1") == "O-1"
    with pytest.raises(UnknownName, match="record type"):
        facts.label("persons", "1")
