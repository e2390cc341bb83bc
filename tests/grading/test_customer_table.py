"""The table of customers: who stands in it, as of when, and each kind of field against a loop."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, sale, usd

from salescore.book import FACT_TABLES, Facts, RevenueBasis, SalesBook
from salescore.entities import (
    Activity,
    ActivityId,
    Customer,
    CustomerId,
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceLineId,
    Opportunity,
    OpportunityId,
    StageKind,
    Tag,
    TagId,
    TagSource,
)
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import (
    CUSTOMER_FIGURES,
    STANDARD_SEGMENT_FIELDS,
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    TableFields,
    customer_figure,
    customer_table,
)
from salescore.metrics import (
    Aggregate,
    Measure,
    MidRanks,
    abc_of,
    rfm,
    rfm_inputs,
    rfm_segment,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.rules import (
    Band,
    Collect,
    DecisionTable,
    F,
    HitPolicy,
    Input,
    Output,
    Row,
    days_between,
)
from salescore.testing import books
from salescore.values import Money, Period

DAY = date(2024, 6, 30)
LABELS = ("Field", "字段")
DAYS = st.dates(date(2023, 6, 1), date(2024, 12, 31))
MONTHS = st.sampled_from([None, 1, 3, 12])
USUAL: tuple[CustomerField, ...] = (
    *(customer_figure(name) for name in CUSTOMER_FIGURES),
    customer_figure("revenue", 12),
    AbcField(name="abc", by="revenue_12m"),
    RfmFields(),
)


def facts_of(book: SalesBook, as_of: date | None = DAY) -> Facts:
    """Return facts in dollars."""
    return Facts.of(book, rates=RATES, as_of=as_of)


def people(*keys: str, **fields: Any) -> tuple[Customer, ...]:  # noqa: ANN401
    """Return listed customers."""
    return tuple(Customer(id=CustomerId(key), name=f"Name {key}", **fields) for key in keys)


def column(book: SalesBook, name: str, *fields: CustomerField) -> dict[str, Any]:
    """Return a field by customer."""
    found = customer_table(facts_of(book), fields)
    return dict(zip(found.keys, found.table.column(name), strict=True))


def figure(aggregate: Aggregate, of: Any, **more: Any) -> CustomerFigure:  # noqa: ANN401
    """Return a figure `x` over sales lines."""
    names = ("months", "unit")
    own = {name: more.pop(name) for name in names if name in more}
    measured: dict[str, Any] = {"table": "sales_lines", "date": "sold_on", **more}
    measure = Measure(name="x", aggregate=aggregate, of=of, **measured)
    return CustomerFigure(name="x", measure=measure, labels=LABELS, **own)


def derived(name: str, of: Any) -> DerivedField:  # noqa: ANN401
    """Return a derived field."""
    return DerivedField(name=name, of=of, labels=LABELS)


# Who, and as of when ------------------------------------------------------------------------------


@given(crowded_books(), DAYS, st.sampled_from(RevenueBasis))
def test_every_listed_or_buying_customer_stands_there_once(
    book: SalesBook, day: date, basis: RevenueBasis
) -> None:
    """Nobody is missing, nobody stands twice, and there is a name for each."""
    facts = Facts.of(book, rates=RATES, as_of=day, basis=basis)
    found = customer_table(facts)
    assert len(found) == len(set(found.keys)) == len(found.names) == len(found.rows())
    listed = {one.id for one in facts.known.book.customers}
    sold = set(facts.table("sales_lines").column("customer_id"))
    assert set(found.keys) >= listed | (sold - {None})
    assert set(found.keys) == set(facts.table("customers").column("customer_id")) | sold - {None}


def test_who_is_only_on_an_invoice_is_a_customer() -> None:
    """Where a book has orders too, a stranger on an invoice is listed behind those known."""
    book = book_of(
        [sale(1, "2024-01-31", "10", customer="c1")],
        customers=people("c1"),
        invoices=[
            Invoice(
                id=InvoiceId("i1"),
                issued_on=date(2024, 2, 1),
                amount=usd(7),
                customer_id=CustomerId("stranger"),
            )
        ],
        invoice_lines=[
            InvoiceLine(
                id=InvoiceLineId("n1"),
                invoice_id=InvoiceId("i1"),
                quantity=Decimal(1),
                net_amount=usd(7),
            )
        ],
    )
    found = customer_table(facts_of(book), [customer_figure("revenue")])
    assert (list(found.keys), found.names) == (["c1", "stranger"], ("Name c1", "stranger"))
    assert found.table.row(1)["revenue"] == 7
    assert found.table.row(1)["industry"] is None


@given(books(faulty=True), st.dates(date(2016, 1, 1), date(2018, 12, 31)))
def test_what_became_known_later_changes_nothing(book: SalesBook, day: date) -> None:
    """The table of a day is that of the book as it was known on the day."""
    facts = facts_of(book, day)
    then = facts_of(facts.known.book, day)
    assert customer_table(facts, USUAL).rows() == customer_table(then, USUAL).rows()


def test_later_purchases_tags_and_answers_are_not_seen() -> None:
    """A purchase and a tag of the day after stand in no field of the day."""
    tomorrow = DAY + timedelta(days=1)
    book = book_of(
        [
            sale(1, "2024-06-01", "10", customer="c1"),
            sale(2, tomorrow.isoformat(), "99", customer="c1"),
            sale(3, tomorrow.isoformat(), "99", customer="c2"),
        ],
        tags=[tag("a", tomorrow)],
    )
    found = customer_table(facts_of(book), USUAL)
    assert list(found.keys) == ["c1"]
    (row,) = found.rows()
    assert (row["revenue"], row["last_sold_on"], row["tags"]) == (10, date(2024, 6, 1), frozenset())


def test_without_a_day_the_last_one_known_is_taken() -> None:
    """A book without any date has no day of grading, and says what to do."""
    assert customer_table(Facts.of(book_of([sale(1, "2024-03-01", "1")]))).as_of == date(2024, 3, 1)
    with pytest.raises(InvalidValue, match="say as_of"):
        customer_table(Facts.of(SalesBook(customers=people("c1"))))


def tag(name: str, start: date, end: date | None = None, **more: Any) -> Tag:  # noqa: ANN401
    """Return a tag of customer c1."""
    said: dict[str, Any] = {
        "record": "customers",
        "subject": "c1",
        "source": TagSource.MANUAL,
        **more,
    }
    return Tag(id=TagId(name), namespace="k", name=name, starts_on=start, ends_on=end, **said)


def test_tags_count_on_the_days_of_their_validity() -> None:
    """First and last day belong to a tag; tags of other records are not those of customers."""
    day = timedelta(days=1)
    book = SalesBook(
        customers=people("c1", "c2"),
        tags=[
            tag("open", DAY),
            tag("last_day", DAY - day, DAY),
            tag("ended", DAY - 2 * day, DAY - day),
            tag("of_a_lead", DAY, record="leads"),
            tag("erased", DAY, subject=None),
        ],
    )
    found = column(book, "tags")
    assert found == {"c1": {"k:open", "k:last_day"}, "c2": frozenset()}


def test_rules_can_ask_how_long_ago_something_was() -> None:
    """The day of grading is a field, so that a rule says within ninety days."""
    book = book_of(
        [
            sale(1, "2024-04-01", "1", customer="c1"),
            sale(2, "2024-03-31", "1", customer="c2"),
        ],
        customers=people("c0"),
    )
    rule = days_between(F.last_sold_on, F.as_of) <= 90
    found = column(book, "fresh", customer_figure("last_sold_on"), derived("fresh", rule))
    assert found == {"c0": None, "c1": True, "c2": False}


def test_a_declared_wallet_is_priced() -> None:
    """Money that an application registers stands there in the reporting currency."""
    book = SalesBook(
        custom_fields=CustomFields.of(
            {"customers": [custom_field("wallet", Kind.MONEY, "Wallet", "钱包份额")]}
        ),
        customers=[
            Customer(id=CustomerId(key), name=key, custom=custom_values(wallet=wallet))
            for key, wallet in (("c1", Money.of(100, "EUR")), ("c2", Money.of(9, "JPY")))
        ],
    )
    assert column(book, "wallet") == {"c1": Decimal(125), "c2": None}
    assert column(book, "big", derived("big", F.wallet >= 100)) == {"c1": True, "c2": None}


@pytest.mark.parametrize("name", ["as_of", "tags"])
def test_a_registered_field_may_not_hide_ours(name: str) -> None:
    """A registered field named like one of the table is refused, not mixed up with it."""
    field = custom_field(name, Kind.TEXT, "Own", "自有")
    book = SalesBook(custom_fields=CustomFields.of({"customers": [field]}))
    with pytest.raises(InvalidValue, match="register it under another"):
        customer_table(facts_of(book))


# Figures ------------------------------------------------------------------------------------------


@given(crowded_books(), DAYS, MONTHS)
def test_figures_of_sales_agree_with_a_loop_over_the_lines(
    book: SalesBook, day: date, months: int | None
) -> None:
    """Revenue, profit, orders and the last purchase are what a plain loop makes of the rows."""
    facts = facts_of(book, day)
    wanted = ("revenue", "gross_profit", "orders")
    fields = [*(customer_figure(name, months) for name in wanted), customer_figure("last_sold_on")]
    table = facts.table("sales_lines")
    rows = [table.row(number) for number in range(len(table))]
    window = None if months is None else Period.trailing(day, months)
    ending = "" if months is None else f"_{months}m"
    for one in customer_table(facts, fields).rows():
        own = [row for row in rows if row["customer_id"] == one["customer_id"]]
        own = [row for row in own if row["sold_on"] is not None]
        seen = [row for row in own if window is None or row["sold_on"] in window]
        assert one[f"revenue{ending}"] == added([row["net_amount"] for row in seen])
        profits = [
            None if None in (row["net_amount"], row["cost"]) else row["net_amount"] - row["cost"]
            for row in seen
        ]
        assert one[f"gross_profit{ending}"] == added(profits)
        bought = [row for row in seen if is_purchase(row)]
        assert one[f"orders{ending}"] == len({row["order_id"] for row in bought} - {None})
        days = [row["sold_on"] for row in own if is_purchase(row)]
        assert one["last_sold_on"] == max(days, default=None)


def added(values: list[Decimal | None]) -> Decimal | None:
    """Return a sum, unknown where a part of it is."""
    return None if None in values else sum((one for one in values if one is not None), Decimal(0))


def is_purchase(row: dict[str, Any]) -> bool:
    """Return whether a sales line is a purchase."""
    is_back = row["record"] == "return_lines"
    return not is_back and (row["quantity"] or 0) >= 0 and (row["net_amount"] or 0) >= 0


@given(crowded_books(), DAYS, MONTHS)
def test_figures_of_work_and_money_agree_with_a_loop(
    book: SalesBook, day: date, months: int | None
) -> None:
    """Activities, payments and opportunities of a customer are those of its rows."""
    facts = facts_of(book, day)
    window = None if months is None else Period.trailing(day, months)
    ending = "" if months is None else f"_{months}m"
    fields = [
        *(customer_figure(name, months) for name in ("activities", "collections", "won_amount")),
        *map(customer_figure, ("open_opportunities", "open_pipeline", "last_contact_on")),
    ]

    def own(table: str, key: str, dated: str | None = None) -> list[dict[str, Any]]:
        rows = [facts.table(table).row(number) for number in range(len(facts.table(table)))]
        return [
            row
            for row in rows
            if row["customer_id"] == key
            and (dated is None or row[dated] is not None)
            and (dated is None or window is None or row[dated] in window)
        ]

    for one in customer_table(facts, fields).rows():
        key = one["customer_id"]
        assert one[f"activities{ending}"] == len(own("activities", key, "happened_on"))
        paid = [row["amount"] for row in own("payments", key, "received_on")]
        assert one[f"collections{ending}"] == added(paid)
        won = [row for row in own("opportunities", key, "closed_on") if row["kind"] == "won"]
        assert one[f"won_amount{ending}"] == added([row["amount"] for row in won])
        still = [row for row in own("opportunities", key) if row["kind"] == "open"]
        assert one["open_opportunities"] == len(still)
        assert one["open_pipeline"] == added([row["amount"] for row in still])
        days = [row["happened_on"] for row in own("activities", key)]
        assert one["last_contact_on"] == max(days, default=None)


def test_no_rows_make_zero_of_sums_and_nothing_of_extremes() -> None:
    """A customer without sales has revenue 0 and 0 orders, but no last purchase."""
    (row,) = customer_table(facts_of(SalesBook(customers=people("c1"))), USUAL).rows()
    numbers = ("revenue", "orders", "activities", "collections", "open_pipeline")
    assert [row[name] for name in numbers] == [0] * 5
    days = ("last_sold_on", "last_contact_on", "last_answer_on")
    assert [row[name] for name in days] == [None] * 3


def test_a_row_without_a_rate_makes_a_sum_unknown_and_counts_all_the_same() -> None:
    """Yen have no rate: revenue of c1 is unknown, its two lines are two, one of which is priced."""
    book = book_of(
        [
            sale(1, "2024-06-01", "10", customer="c1"),
            sale(2, "2024-06-02", Money.of(900, "JPY"), customer="c1"),
            sale(3, "2024-06-02", "3", customer="c2"),
        ]
    )

    def found(aggregate: Aggregate, of: Any) -> list[Any]:  # noqa: ANN401
        values = column(book, "x", figure(aggregate, of))
        return [values["c1"], values["c2"]]

    assert found(Aggregate.SUM, F.net_amount) == [None, 3]
    assert found(Aggregate.MAX, F.net_amount) == [None, 3]
    assert found(Aggregate.COUNT, None) == [2, 1]
    assert found(Aggregate.COUNT, F.net_amount) == [1, 1]
    assert found(Aggregate.DISTINCT, F.net_amount) == [1, 1]


def test_a_window_begins_the_day_after_that_of_months_ago() -> None:
    """Twelve months up to 30 June 2024 begin on 1 July 2023."""
    book = book_of(
        [
            sale(1, "2023-06-30", "1", customer="c1"),
            sale(2, "2023-07-01", "10", customer="c1"),
            sale(3, "2024-06-30", "100", customer="c1"),
        ]
    )
    assert column(book, "revenue_12m", customer_figure("revenue", 12)) == {"c1": 110}


def test_a_last_day_is_a_date_and_a_sum_a_number() -> None:
    """Types follow the measure, so that rules are checked against them."""
    schema = customer_table(facts_of(SalesBook()), USUAL).schema
    assert schema.field("last_sold_on").kind is Kind.DATE
    assert (schema.field("revenue").kind, schema.field("revenue").unit) == (Kind.DECIMAL, "money")
    assert schema.field("revenue_12m").labels == ("Revenue, 12 months", "近12个月销售额")
    assert not schema.field("as_of").nullable


def test_every_fact_table_tells_of_customers() -> None:
    """Any fact table can be brought together by customer."""
    assert all("customer_id" in schema for schema in FACT_TABLES)


# Classes and scores -------------------------------------------------------------------------------


@given(crowded_books(), DAYS)
def test_the_abc_field_is_the_abc_of_the_known_values(book: SalesBook, day: date) -> None:
    """Classes are those of `abc_of` among customers with a value; who has none has no class."""
    fields = [customer_figure("revenue"), AbcField(name="abc", by="revenue")]
    rows = customer_table(facts_of(book, day), fields).rows()
    known = [row for row in rows if row["revenue"] is not None]
    items = abc_of([(row["customer_id"], "", row["revenue"]) for row in known]).items
    wanted = {one.key: one.grade for one in items}
    for row in rows:
        if row["revenue"] is None:
            assert row["abc"] is None
        else:
            assert row["abc"] == wanted.get(row["customer_id"], "C")


@given(crowded_books(), DAYS, st.sampled_from([None, 3]))
def test_rfm_fields_are_the_scores_of_metrics(
    book: SalesBook, day: date, months: int | None
) -> None:
    """Scores and segment of each customer are those of `rfm` over `rfm_inputs`."""
    facts = facts_of(book, day)
    scheme = MidRanks(parts=5)
    during = None if months is None else Period.trailing(day, months)
    wanted = {one.key: one for one in rfm(rfm_inputs(facts, day, during), day, scheme)}
    for row in customer_table(facts, [RfmFields(scheme=scheme, months=months)]).rows():
        one = wanted.get(row["customer_id"])
        if one is None:  # a stranger who did not buy within the window
            assert (row["rfm_r"], row["rfm_f"], row["rfm_m"]) == (0, 0, 0)
            assert row["rfm_segment"] is None
            continue
        assert (row["rfm_r"], row["rfm_f"], row["rfm_m"]) == (one.r, one.f, one.m)
        assert row["rfm_segment"] == rfm_segment(one)


# Derived fields and tables ------------------------------------------------------------------------


def decision(**more: Any) -> DecisionTable:  # noqa: ANN401
    """Return a table of size by employees."""
    said: dict[str, Any] = {
        "name": "size",
        "version": "1",
        "hit_policy": HitPolicy.UNIQUE,
        "inputs": [Input("employees", F.employees)],
        "outputs": [Output("size", ("Size", "规模")), Output("hours")],
        "rows": [Row([Band(None, 50)], ["small", 2]), Row([Band(50, None)], ["large", 8])],
        **more,
    }
    return DecisionTable(**said)


SIZES = SalesBook(
    customers=[
        Customer(id=CustomerId(f"c{number}"), name="", employees=employees)
        for number, employees in enumerate([Decimal(5), Decimal(50), None])
    ]
)


def test_outputs_of_a_table_become_fields() -> None:
    """Each output is a field of its type; who is not decided on has none."""
    found = customer_table(facts_of(SIZES), [TableFields(table=decision())])
    assert list(found.table.column("size")) == ["small", "large", None]
    assert list(found.table.column("hours")) == [2, 8, None]
    assert found.schema.field("size").labels == ("Size", "规模")
    assert found.schema.field("hours").labels == ("hours", "hours")
    assert found.schema.field("hours").kind is Kind.DECIMAL


@pytest.mark.parametrize(
    ("value", "kind"),
    [("a", Kind.TEXT), (True, Kind.BOOLEAN), (1, Kind.DECIMAL), (DAY, Kind.DATE)],
)
def test_a_decided_field_has_the_type_of_its_values(value: Any, kind: Kind) -> None:  # noqa: ANN401
    """Text, truth, number and day are told apart."""
    table = decision(outputs=[Output("x")], rows=[Row([Band(0, None)], [value])])
    assert (
        customer_table(facts_of(SIZES), [TableFields(table=table)]).schema.field("x").kind is kind
    )


@pytest.mark.parametrize(
    ("collect", "wanted"),
    [(Collect.SUM, [2, 10, None]), (Collect.MAX, [2, 8, None]), (Collect.COUNT, [1, 2, 0])],
)
def test_collected_numbers_become_fields(collect: Collect, wanted: list[Any]) -> None:
    """A sum, a greatest and a count are numbers; a count is 0 where no row matches."""
    table = decision(
        hit_policy=HitPolicy.COLLECT,
        collect=collect,
        outputs=[Output("x")],
        rows=[Row([Band(0, None)], [2]), Row([Band(50, None)], [8])],
    )
    assert list(column(SIZES, "x", TableFields(table=table)).values()) == wanted


def test_a_count_of_texts_is_a_number() -> None:
    """What is counted may be texts; the field is a number all the same."""
    table = decision(
        hit_policy=HitPolicy.COLLECT,
        collect=Collect.COUNT,
        outputs=[Output("x")],
        rows=[Row([Band(0, None)], ["any"])],
    )
    found = customer_table(facts_of(SIZES), [TableFields(table=table)])
    assert found.schema.field("x").kind is Kind.DECIMAL
    assert list(found.table.column("x")) == [1, 1, 0]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (decision(inputs=[Input("i", F.industry)]), "size"),
        (
            decision(rows=[Row([Band(None, 50)], ["a", 1]), Row([Band(9, None)], ["b", 2])]),
            "rows 1 and 2",
        ),
    ],
)
def test_a_table_with_an_error_is_refused(table: DecisionTable, fault: str) -> None:
    """Cells that do not fit their input, and rows that overlap, are told before anyone is asked."""
    with pytest.raises(InvalidValue, match=fault):
        customer_table(facts_of(SIZES), [TableFields(table=table)])


# What is refused ----------------------------------------------------------------------------------

LATER = derived("later", F.employees + 1)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ([derived("x", F.later + 1), LATER], "x reads is 'later': .* declare it before"),
        ([AbcField(name="x", by="later"), LATER], "x reads is 'later'"),
        (
            [TableFields(table=decision(inputs=[Input("i", F.later)])), LATER],
            "table size reads is 'later'",
        ),
        ([derived("x", F.rfm_segment == "a"), RfmFields()], "x reads is 'rfm_segment'"),
        ([derived("x", F.hours >= 1), TableFields(table=decision())], "x reads is 'hours'"),
        ([LATER, LATER], "field is 'later': customers have a field of this name"),
        ([derived("industry", F.employees >= 1)], "field is 'industry'"),
        ([derived("hours", F.employees >= 1), TableFields(table=decision())], "field is 'hours'"),
        ([derived("rfm_m", F.employees >= 1), RfmFields()], "field is 'rfm_m'"),
        ([AbcField(name="x", by="industry")], "by of x is 'industry': it must be a number"),
        ([derived("x", F.tags)], "expression of x .* has_any"),
        ([derived("segment.x", F.employees)], "rule of segment.x .* must be a condition"),
    ],
)
def test_fields_that_do_not_fit_name_who_declares_them(
    fields: list[CustomerField], fault: str
) -> None:
    """Clashes, later fields and wrong types are refused with the names of both."""
    with pytest.raises(InvalidValue, match=fault):
        customer_table(facts_of(SIZES), fields)


def test_unknown_fields_and_types_name_who_reads_them() -> None:
    """A typo is answered with the closest name and with the field that has it."""
    with pytest.raises(
        UnknownName, match="field of customers for x 'employes'; did you mean 'employees'"
    ):
        customer_table(facts_of(SIZES), [derived("x", F.employes >= 1)])
    with pytest.raises(RuleTypeError, match="\\(in x\\)"):
        customer_table(facts_of(SIZES), [derived("x", F.industry >= 1)])
    with pytest.raises(UnknownName, match="for x 'net_amont'"):
        customer_table(facts_of(SIZES), [figure(Aggregate.SUM, F.net_amont)])


def test_opportunities_that_closed_later_are_open() -> None:
    """As of a day a sale that was won afterwards is open business."""
    book = SalesBook(
        opportunities=[
            Opportunity(
                id=OpportunityId("p1"),
                stage="won",
                kind=StageKind.WON,
                customer_id=CustomerId("c1"),
                created_on=date(2024, 1, 1),
                closed_on=DAY + timedelta(days=1),
                amount=usd(5),
            )
        ],
        customers=people("c1"),
        activities=[Activity(id=ActivityId("v"), happened_on=DAY, customer_id=CustomerId("c1"))],
    )
    names = ("open_pipeline", "won_amount", "last_contact_on")
    (row,) = customer_table(facts_of(book), [customer_figure(name) for name in names]).rows()
    assert [row[name] for name in names] == [5, 0, DAY]
    assert STANDARD_SEGMENT_FIELDS[0].name == "orders_12m"
