"""Fields that an application registered slice figures, stand in rules, and trace rows."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.metrics.small_books import book_of, facts_of, sale

from salescore.book import FACT_TABLES, Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import (
    DIMENSIONS,
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    custom_dimensions,
    dimensions_of,
    figure,
    find_dimension,
    rows_behind,
    slices,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.rules import F

FIELDS = CustomFields.of(
    {
        "orders": [
            custom_field("shop", Kind.TEXT, "Shop", "门店"),
            custom_field("is_rush", Kind.BOOLEAN, "Rush", "加急"),
            custom_field("wanted_on", Kind.DATE, "Wanted on", "希望日期"),
            custom_field("helper_id", Kind.ID, "Helper", "协助人", refers="sales_reps"),
        ],
        "order_lines": [custom_field("weight", Kind.DECIMAL, "Weight", "重量")],
    }
)
WEIGHT = FigureDefinition(
    name="weight_sold",
    labels=("Weight", "重量"),
    words="Weight sold.",
    unit="kilograms",
    source="here",
    numerator=[
        Part(
            Measure(
                name="weight",
                table="sales_lines",
                aggregate=Aggregate.SUM,
                of=F.weight,
                where=~F.is_rush,
                date="sold_on",
            )
        )
    ],
)


def facts() -> Facts:
    """Return the facts of three sales with registered fields."""
    sales = [
        sale(1, "2024-01-01", "10"),
        sale(2, "2024-01-02", "20"),
        sale(3, "2024-01-03", "40"),
    ]
    custom = [
        custom_values(shop="north", is_rush=True, wanted_on=date(2024, 5, 1), helper_id="ann"),
        custom_values(shop="south", is_rush=False),
        custom_values(shop="south", is_rush=False),
    ]
    book = book_of(
        [
            (attrs.evolve(order, custom=values), attrs.evolve(line, custom=custom_values(weight=w)))
            for (order, line), values, w in zip(
                sales, custom, map(Decimal, ("1.5", "2", "4")), strict=True
            )
        ],
        custom_fields=FIELDS,
    )
    return facts_of(book)


def test_slices_by_a_registered_field() -> None:
    """Texts, truth values, dates and references are dimensions of their own name."""
    assert [(one.key, one.value) for one in slices("revenue", facts(), by="shop")] == [
        ("south", 60),
        ("north", 10),
    ]
    assert [(one.key, one.value) for one in slices("revenue", facts(), by="is_rush")] == [
        ("false", 60),
        ("true", 10),
    ]
    assert [(one.key, one.value) for one in slices("revenue", facts(), by="wanted_on")] == [
        (None, 60),
        ("2024-05-01", 10),
    ]
    assert slices("revenue", facts(), by="helper_id")[1].label == "ann"
    assert [one.keys for one in slices("revenue", facts(), by=["shop", "month"])] == [
        ("south", "2024-01"),
        ("north", "2024-01"),
    ]


def test_measures_over_a_registered_field() -> None:
    """A figure of your own may sum one field where another holds, and be traced."""
    found = figure(WEIGHT, facts())
    assert (found.value, found.n) == (6, 2)
    assert [
        (one.id, one.value) for one in rows_behind(WEIGHT, facts(), where={"shop": "south"})
    ] == [
        ("l2", 2),
        ("l3", 4),
    ]
    assert rows_behind("revenue", facts(), where={"is_rush": "true"})[0].value == 10
    assert [one.value for one in slices(WEIGHT, facts(), by="shop")] == [6]


def test_where_nobody_registered_it() -> None:
    """Over other facts the same figure is refused with the name that is missing."""
    plain = facts_of(book_of([sale(1, "2024-01-01", "10")]))
    with pytest.raises(UnknownName, match="no field of sales_lines 'is_rush'"):
        figure(WEIGHT, plain)
    with pytest.raises(UnknownName, match="no field of sales_lines 'is_rush'"):
        rows_behind(WEIGHT, plain)
    with pytest.raises(UnknownName, match="no dimension 'shop'"):
        slices("revenue", plain, by="shop")


def test_dimensions_with_registered_fields() -> None:
    """They come behind ours, numbers apart; another fact table does not have them."""
    assert set(dimensions_of("revenue", facts())) - set(dimensions_of("revenue")) == {
        "shop",
        "is_rush",
        "wanted_on",
        "helper_id",
    }
    assert dimensions_of("win_rate", facts()) == dimensions_of("win_rate")
    schema = facts().schema("sales_lines")
    assert find_dimension("shop", [schema]).labels == ("Shop", "门店")
    assert find_dimension("product", [schema]).column == "product_id"
    assert {one.name for one in custom_dimensions([schema, schema])} == {
        "shop",
        "is_rush",
        "wanted_on",
        "helper_id",
    }
    with pytest.raises(UnknownName, match="no dimension 'weight'"):
        slices("revenue", facts(), by="weight")
    with pytest.raises(UnknownName, match="no dimension 'shop'"):
        slices("win_rate", facts(), by="shop")


def test_no_registered_field_can_be_taken_for_a_dimension() -> None:
    """The name of a dimension is a column of some fact table, or refused when it is registered."""
    columns = {name for schema in FACT_TABLES for name in schema.names}
    for dimension in DIMENSIONS:
        if dimension.name not in columns:
            with pytest.raises(InvalidValue, match="another meaning"):
                custom_field(dimension.name, Kind.TEXT, "A", "甲")
