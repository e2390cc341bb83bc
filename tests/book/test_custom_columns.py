"""Fields that an application registered are columns of the fact tables of their records."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from salescore.book import FACT_TABLES, Facts, RevenueBasis, SalesBook, check_book
from salescore.errors import UnknownName
from salescore.metrics import figure, slices
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.values import ConstantRates, Severity

if TYPE_CHECKING:
    from tests.book.conftest import Make

MARCH = date(2017, 3, 1)
EUROS = ConstantRates.of("USD", {"EUR": Decimal(2)})


def text(name: str) -> Any:  # noqa: ANN401 - a field
    """Return a registered text field."""
    return custom_field(name, Kind.TEXT, name.title(), name)


def money(name: str) -> Any:  # noqa: ANN401 - a field
    """Return a registered amount."""
    return custom_field(name, Kind.MONEY, name.title(), name)


def number(name: str) -> Any:  # noqa: ANN401 - a field
    """Return a registered number."""
    return custom_field(name, Kind.DECIMAL, name.title(), name, minimum=Decimal(0))


def booked(make: "Make") -> SalesBook:
    """Return an order with a return, all with registered fields."""
    return SalesBook(
        custom_fields=CustomFields.of(
            {
                "order_lines": [text("shelf"), money("levy"), number("pallets"), text("note")],
                "orders": [text("door"), money("toll"), number("trucks"), text("note")],
            }
        ),
        orders=[
            make.order(
                custom=custom_values(
                    door="D", toll=make.money("9", "EUR"), trucks=Decimal(3), note="order"
                )
            )
        ],
        order_lines=[
            make.line(
                net_amount=make.money("10", "EUR"),
                custom=custom_values(
                    shelf="S", levy=make.money("4", "EUR"), pallets=Decimal(5), note="line"
                ),
            ),
            make.line(id="L-2"),
        ],
        returns=[make.of("returns", "RE-1")],
        return_lines=[make.of("return_lines", return_id="RE-1", order_line_id="L-1")],
    )


def test_lines_have_their_own_fields_and_those_of_their_order(make: "Make") -> None:
    """A field of the line hides one of the order; money of the order would sum once per line."""
    facts = Facts.of(booked(make), rates=EUROS)
    lines = facts.table("order_lines")
    assert [one.name for one in lines.schema.custom_fields] == [
        "shelf",
        "levy",
        "pallets",
        "note",
        "door",
        "trucks",
    ]
    assert facts.schema("order_lines") == lines.schema
    first, second = lines.row(0), lines.row(1)
    assert (first["shelf"], first["levy"], first["pallets"]) == ("S", 8, 5)
    assert (first["note"], first["door"], first["trucks"]) == ("line", "D", 3)
    assert (second["shelf"], second["levy"], second["door"]) == (None, None, "D")
    levy = lines.schema.field("levy")
    assert (levy.kind, levy.unit, levy.is_custom) == (Kind.DECIMAL, "money", True)


def test_what_came_back_has_words_but_no_numbers_of_what_was_sold(make: "Make") -> None:
    """A number of the order line would count twice; what it is sliced by stays."""
    sold = Facts.of(booked(make), rates=EUROS).table("sales_lines")
    assert len(sold) == 3
    assert {name: sold.row(0)[name] for name in ("shelf", "levy", "door")} == {
        "shelf": "S",
        "levy": 8,
        "door": "D",
    }
    back = sold.row(2)
    assert (back["shelf"], back["note"]) == ("S", "line")
    assert (back["levy"], back["pallets"]) == (None, None)
    assert (back["door"], back["trucks"]) == ("D", 3)  # the order is that of the order line


def test_invoiced_lines_have_the_fields_of_invoices(make: "Make") -> None:
    """On the invoiced basis registered fields are those of invoices and their lines."""
    book = SalesBook(
        custom_fields=CustomFields.of(
            {"invoice_lines": [text("shelf")], "invoices": [text("desk")], "orders": [text("door")]}
        ),
        invoices=[make.of("invoices", "I-1", custom=custom_values(desk="K"))],
        invoice_lines=[make.of("invoice_lines", invoice_id="I-1", custom=custom_values(shelf="S"))],
        returns=[make.of("returns", "RE-1")],
        return_lines=[make.of("return_lines", "RL-1", return_id="RE-1")],
    )
    facts = Facts.of(book)
    sold, back = (facts.table("sales_lines").row(number) for number in range(2))
    assert (sold["shelf"], sold["desk"], back["shelf"], back["desk"]) == ("S", "K", None, None)
    assert "door" not in facts.schema("sales_lines")
    assert "door" in facts.schema("order_lines")
    assert "door" in Facts.of(book, basis=RevenueBasis.BOOKED).schema("sales_lines")


@pytest.mark.parametrize("name", [one.name for one in FACT_TABLES if one.name != "sales_lines"])
def test_every_fact_table_takes_registered_fields(make: "Make", name: str) -> None:
    """Text is as it stands; money is priced, with the currency beside it where none was."""
    book = SalesBook(
        custom_fields=CustomFields.of({name: [text("mood"), money("bet")]}),
        **{name: [make.of(name, custom=custom_values(mood="calm", bet=money_of(make, name)))]},
    )
    facts = Facts.of(book, rates=EUROS)
    table = facts.table(name)
    row = table.row(0)
    code = "USD" if has_own_money(name) else "EUR"
    assert (row["mood"], row["bet"]) == ("calm", 3 if code == "USD" else 6)
    assert (row["currency"], row["exchange_rate"]) == (code, 1 if code == "USD" else 2)
    plain = next(one for one in FACT_TABLES if one.name == name)
    assert table.schema.names[: len(plain.names)] == plain.names
    assert Facts.of(SalesBook()).schema(name) == plain


def has_own_money(name: str) -> bool:
    """Return whether records of the type must state money."""
    return name in {"order_lines", "expenses", "invoices", "payments"}


def money_of(make: "Make", name: str) -> Any:  # noqa: ANN401 - money
    """Return three of the currency that the record is in."""
    return make.money("3", "USD" if has_own_money(name) else "EUR")


def test_who_bought_without_being_listed_has_no_registered_field(make: "Make") -> None:
    """The row stands, its registered fields are null."""
    book = SalesBook(
        custom_fields=CustomFields.of({"customers": [text("mood")]}),
        orders=[make.order(customer_id="C-9")],
    )
    assert Facts.of(book).table("customers").row(0)["mood"] is None


def test_a_field_with_the_name_of_a_column_is_hidden_and_told(make: "Make") -> None:
    """The column stays what it is, and a finding says where the field went."""
    book = SalesBook(
        custom_fields=CustomFields.of({"order_lines": [text("region")]}),
        orders=[make.order(region="West")],
        order_lines=[make.line(custom=custom_values(region="attic"))],
    )
    facts = Facts.of(book)
    assert facts.schema("order_lines").custom_fields == ()
    assert facts.table("order_lines").row(0)["region"] == "West"
    (found,) = check_book(book)
    assert (found.code, found.severity) == ("custom-field-hidden", Severity.INFO)
    assert found.subject == "order_lines.region"


def test_a_schema_that_does_not_exist_is_refused() -> None:
    """The closest fact table is offered."""
    with pytest.raises(UnknownName, match="did you mean 'order_lines'"):
        Facts.of(SalesBook()).schema("order_line")


def test_fields_of_a_record_type_that_does_not_exist_are_refused() -> None:
    """The error offers the closest record type."""
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        SalesBook(custom_fields=CustomFields.of({"order": [text("mood")]}))


def test_a_row_in_the_reporting_currency_needs_no_rate(make: "Make") -> None:
    """Nothing was converted, so there is nothing to tell."""
    lines = Facts.of(SalesBook(orders=[make.order()], order_lines=[make.line()])).table(
        "order_lines"
    )
    assert lines.conversion(0) is None
    assert lines.column("exchange_rate") == [1]


def test_rows_have_the_fields_of_whom_they_refer_to(make: "Make") -> None:
    """The tier of a customer slices revenue; the nearest of two fields of one name counts."""
    book = SalesBook(
        custom_fields=CustomFields.of(
            {
                "customers": [text("tier"), text("mark"), money("wallet"), number("rank")],
                "products": [text("colour"), text("mark")],
                "sales_reps": [text("desk")],
                "order_lines": [text("desk")],
            }
        ),
        customers=[
            make.of(
                "customers",
                "C-1",
                name="Acme",
                custom=custom_values(
                    tier="gold", mark="c", wallet=make.money("5", "EUR"), rank=Decimal(2)
                ),
            ),
            make.of("customers", "C-2", name="Bolt"),
        ],
        products=[
            make.of("products", "P", name="Tea", custom=custom_values(colour="red", mark="p"))
        ],
        sales_reps=[make.of("sales_reps", "S", name="Ann", custom=custom_values(desk="rep"))],
        orders=[
            make.order(id="O-1", customer_id="C-1", rep_id="S"),
            make.order(id="O-2", customer_id="C-2"),
        ],
        order_lines=[
            make.line(order_id="O-1", product_id="P", custom=custom_values(desk="line")),
            make.line(id="L-2", order_id="O-2", product_id="P"),
        ],
    )
    facts = Facts.of(book)
    lines = facts.table("sales_lines")
    told = {one.name: list(lines.column(one.name)) for one in lines.schema.custom_fields}
    assert told == {
        "desk": ["line", None],
        "tier": ["gold", None],
        "mark": ["c", None],
        "rank": [Decimal(2), None],
        "colour": ["red", "red"],
    }
    by_tier = {one.key: one.value for one in slices("revenue", facts, by="tier")}
    assert set(by_tier) == {"gold", None}
    assert sum(filter(None, by_tier.values())) == figure("revenue", facts).value
    assert "mark" in facts.schema("customers")


def test_a_field_of_a_document_that_no_line_shows_is_told() -> None:
    """Behind a column of the lines' table, or a field of the line, a document's is not seen."""
    book = SalesBook(
        custom_fields=CustomFields.of(
            {
                "orders": [text("sold_on"), text("note"), text("door")],
                "order_lines": [text("note")],
                "invoices": [text("record")],
            }
        )
    )
    hidden = [one.subject for one in check_book(book) if one.code == "custom-field-hidden"]
    assert hidden == ["invoices.record", "orders.sold_on", "orders.note"]
