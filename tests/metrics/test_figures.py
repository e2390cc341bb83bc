"""Figures against worked examples, with what they leave out and why they are undefined."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import book_of, day, facts_of, opportunity, sale, usd

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Expense,
    ExpenseId,
    Product,
    ProductId,
    SalesRep,
    SalesRepId,
    Team,
    TeamId,
)
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import (
    CATALOGUE,
    FRACTION,
    Aggregate,
    Exclusion,
    FigureDefinition,
    Measure,
    Part,
    figure,
    figures,
    slices,
    slices_of,
)
from salescore.rules import F
from salescore.values import Calendar, ConstantRates, Money

YEAR = Calendar().parse("2024")


def closed(won: int, lost: int, void: int) -> Facts:
    """Return facts with so many opportunities closed in 2024, and one still open."""
    kinds = ["won"] * won + ["lost"] * lost + ["void"] * void
    found = [
        opportunity(number, kind, closed_on="2024-05-05", amount=number + 1)
        for number, kind in enumerate(kinds)
    ]
    return facts_of(SalesBook(opportunities=[*found, opportunity(999, "open", amount=7)]))


# Worked examples --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown", "above", "below"),
    [("win_rate", "0.3158", 12, 38), ("win_rate_broad", "0.2553", 12, 47)],
)
def test_win_rates(name: str, shown: str, above: int, below: int) -> None:
    """
    12 won, 26 lost and 9 without a decision are 31.58 % narrow and 25.53 % broad.

    Source:
        SEMANTICS 4.2.
    """
    found = figure(name, closed(12, 26, 9), during=YEAR)
    assert found.value is not None
    assert round(found.value, 4) == Decimal(shown)
    assert (found.numerator, found.denominator, found.n) == (above, below, below)
    assert found.exact == Fraction(above, below)
    assert found.unit == FRACTION


def test_win_rate_by_value() -> None:
    """Won 1 + 2 of won and lost 1 + 2 + 3 + 4; the void 5 and the open 7 stay out."""
    found = figure("win_rate_by_value", closed(2, 2, 1), during=YEAR)
    assert (found.numerator, found.denominator, found.value) == (3, 10, Decimal("0.3"))


@pytest.mark.parametrize(
    ("opportunities", "expected"),
    [
        (
            [
                opportunity(1, "open", amount=100, probability=Decimal("0.99")),
                opportunity(2, "open", amount=200, probability=Decimal(0)),
            ],
            "99",
        ),
        (
            [
                opportunity(1, "lost", amount=100_000, closed_on="2024-01-01"),
                opportunity(2, "open", amount=50_000, probability=Decimal("0.5")),
            ],
            "25000",
        ),
    ],
)
def test_weighted_pipeline(opportunities: list[object], expected: str) -> None:
    """
    Amount times probability is summed over each open opportunity; what is lost weighs nothing.

    Source:
        SEMANTICS 4.8.
    """
    facts = facts_of(SalesBook(opportunities=opportunities))  # type: ignore[arg-type]
    assert figure("weighted_pipeline", facts).value == Decimal(expected)


def test_weighted_pipeline_without_a_probability() -> None:
    """An opportunity whose probability or amount nobody stated is left out, with the reason."""
    facts = facts_of(
        SalesBook(
            opportunities=[
                opportunity(1, "open", amount=100, probability=Decimal("0.5")),
                opportunity(2, "open", amount=100),
                opportunity(3, "open", probability=Decimal("0.5")),
            ]
        )
    )
    found = figure("weighted_pipeline", facts)
    assert (found.value, found.n) == (50, 1)
    assert found.excluded == (
        Exclusion("opportunities", "amount unknown", 1),
        Exclusion("opportunities", "probability unknown", 1),
    )


def test_per_customer_is_not_per_order() -> None:
    """
    客单价 is revenue per customer, 600 ÷ 2; the average order value is per order, 600 ÷ 4.

    Source:
        Seed; SEMANTICS 5.2.
    """
    sales = [
        sale(number, "2024-03-03", "150", customer="a" if number else "b") for number in range(4)
    ]
    facts = facts_of(book_of(sales))
    per_customer, per_order = figures(["revenue_per_customer", "average_order_value"], facts)
    assert (per_customer.value, per_customer.unit) == (300, "USD per customer")
    assert (per_order.value, per_order.unit) == (150, "USD per order")


def test_margins_divide_sums() -> None:
    """
    A margin is the sum of profits over the sum of revenues, not the mean of margins.

    Lines of 100 at cost 50 and of 900 at cost 810 earn 140 of 1,000: 14 %, and not 30 %.
    """
    facts = facts_of(
        book_of([sale(1, "2024-01-01", "100", cost="50"), sale(2, "2024-01-01", "900", cost="810")])
    )
    assert figure("gross_margin", facts).value == Decimal("0.14")


def test_sales_profit_takes_expenses_off() -> None:
    """Gross profit 40 less expenses 15 is 25, and 25 % of the revenue of 100."""
    facts = facts_of(
        book_of(
            [sale(1, "2024-01-01", "100", cost="60")],
            expenses=[
                Expense(id=ExpenseId("e1"), spent_on=day("2024-02-02"), amount=usd(20)),
                Expense(id=ExpenseId("e2"), spent_on=day("2024-02-03"), amount=usd(-5)),
            ],
        )
    )
    profit, margin = figures(["sales_profit", "sales_margin"], facts, during=YEAR)
    assert (profit.value, margin.value) == (25, Decimal("0.25"))
    march = Calendar().parse("2024-03")
    assert figure("sales_profit", facts, during=march).value == 0


def test_sales_profit_without_expenses_is_unknown() -> None:
    """Where nobody recorded any expense, it is not taken as 0."""
    found = figure("sales_profit", facts_of(book_of([sale(1, "2024-01-01", "100", cost="60")])))
    assert (found.value, found.reason) == (None, "no expenses among the facts")


def test_sales_cycle() -> None:
    """
    Won after 10, 20, 30 and 100 days: mean 40, median 25, 90th percentile 79.

    The percentile stands at position 0.9 × 3 = 2.7: 30 + 0.7 × 70. The lost one stays out.
    """
    found = [
        opportunity(number, "won", first_contact_on="2024-01-01", closed_on=closing)
        for number, closing in enumerate(("2024-01-11", "2024-01-21", "2024-01-31", "2024-04-10"))
    ]
    lost = opportunity(9, "lost", first_contact_on="2024-01-01", closed_on="2024-12-01")
    facts = facts_of(SalesBook(opportunities=[*found, lost]))
    mean, median, p90 = figures(
        ["sales_cycle_mean", "sales_cycle_median", "sales_cycle_p90"], facts, during=YEAR
    )
    assert (mean.value, median.value, p90.value) == (40, 25, 79)
    assert (mean.numerator, mean.denominator, mean.n) == (160, 4, 4)
    assert (median.numerator, median.denominator, median.n) == (None, None, 4)
    assert p90.exact == 79


def test_a_cycle_that_ends_before_it_begins_is_left_out() -> None:
    """Days below 0 are a fault of the data: unknown, counted, never part of the mean."""
    facts = facts_of(
        SalesBook(
            opportunities=[
                opportunity(1, "won", first_contact_on="2024-03-01", closed_on="2024-01-01"),
                opportunity(2, "won", first_contact_on="2024-01-01", closed_on="2024-01-01"),
            ]
        )
    )
    found = figure("sales_cycle_mean", facts)
    assert (found.value, found.n) == (0, 1)
    assert found.excluded == (
        Exclusion("opportunities", "days from first contact to close unknown", 1),
    )


def test_new_customers_by_first_order_ever() -> None:
    """A customer is new once: an order the year before makes this year's no first order."""
    book = book_of(
        [
            sale(1, "2023-12-31", "1", customer="old"),
            sale(2, "2024-01-01", "1", customer="old"),
            sale(3, "2024-06-01", "1", customer="new"),
            sale(4, "2024-07-01", "1", customer="new"),
        ],
        customers=[
            Customer(id=CustomerId("old"), name="Old", created_on=day("2024-02-01")),
            Customer(id=CustomerId("new"), name="New"),
            Customer(id=CustomerId("none"), name="None", created_on=day("2024-02-01")),
        ],
    )
    facts = facts_of(book)
    assert figure("new_customers", facts, during=YEAR).value == 1
    acquired = figure("new_customers_acquired", facts, during=YEAR)
    assert acquired.value == 2
    assert acquired.excluded == (Exclusion("customers", "created on unknown", 1),)
    assert [one.key for one in slices("new_customers", facts, by="month")] == ["2023-12", "2024-06"]


# Unknown is not 0 -------------------------------------------------------------------------------


def test_a_missing_rate_is_counted_not_priced() -> None:
    """The yen line is an order and a unit sold; from money it is left out, with the reason."""
    facts = facts_of(
        book_of(
            [
                sale(1, "2024-01-01", "100", cost="60"),
                sale(2, "2024-01-01", Money.of("5000", "JPY")),
                sale(3, "2024-01-01", Money.of("8", "EUR")),
            ]
        ),
        rates=ConstantRates.of("USD", {"EUR": Decimal("1.25")}),
    )
    revenue, orders, volume, average = figures(
        ["revenue", "orders", "volume", "average_order_value"], facts
    )
    assert (revenue.value, revenue.n) == (110, 2)
    assert revenue.excluded == (Exclusion("sales_lines", "no exchange rate from JPY to USD", 1),)
    assert (orders.value, volume.value) == (3, 3)
    assert (average.value, average.denominator) == (55, 2)
    assert [(one.reason, one.n) for one in average.excluded] == [
        ("no exchange rate from JPY to USD", 1)
    ]


def test_a_missing_cost_is_unknown() -> None:
    """Its line enters neither gross profit nor the revenue that the margin divides by."""
    facts = facts_of(
        book_of([sale(1, "2024-01-01", "100", cost="60"), sale(2, "2024-01-01", "300")])
    )
    profit, margin, revenue = figures(["gross_profit", "gross_margin", "revenue"], facts)
    assert (profit.value, margin.value, margin.denominator) == (40, Decimal("0.4"), 100)
    assert profit.excluded == (Exclusion("sales_lines", "cost unknown", 1),)
    assert (revenue.value, revenue.excluded) == (400, ())


@pytest.mark.parametrize(
    ("name", "sales", "reason"),
    [
        (
            "gross_profit",
            [sale(1, "2024-01-01", "100"), sale(2, "2024-01-01", "100")],
            "cost unknown",
        ),
        (
            "gross_margin",
            [sale(1, "2024-01-01", "100", cost="1"), sale(2, "2024-01-01", "-100", cost="1")],
            "nothing to divide by: revenue with cost is 0",
        ),
        (
            "revenue",
            [sale(1, "2024-01-01", Money.of("5", "JPY"))],
            "no exchange rate from JPY",
        ),
        (
            "customers",
            [sale(1, "2024-01-01", "100")],
            "customer unknown",
        ),
        (
            "revenue_per_customer",
            [sale(1, "2024-01-01", "100")],
            "nothing to divide by: priced customers is 0",
        ),
        (
            "average_order_value",
            [sale(1, "2023-01-01", "100")],
            "nothing to divide by: priced orders is 0",
        ),
        ("win_rate", [sale(1, "2024-01-01", "100")], "no opportunities among the facts"),
    ],
)
def test_undefined_says_why(name: str, sales: list[tuple[object, object]], reason: str) -> None:
    """What nobody knows, or what would divide by 0, is `None` with a reason."""
    found = figure(name, facts_of(book_of(sales), currency="USD"), during=YEAR)  # type: ignore[arg-type]
    assert (found.value, found.exact) == (None, None)
    assert found.reason is not None
    assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("win_rate", "closed_on known in none of 1 opportunity"),
        ("won_amount", "closed_on known in none of 1 opportunity"),
        ("sales_cycle_median", "closed_on known in none of 1 opportunity"),
        ("lost_opportunities", None),
    ],
)
def test_won_at_no_known_day(name: str, reason: str | None) -> None:
    """What was won at no known day falls in no period: not 0 won, but nobody knows how many."""
    facts = facts_of(SalesBook(opportunities=[opportunity(1, "won", amount=5)]))
    found = figure(name, facts, during=YEAR)
    assert found.reason == reason


def test_a_quantile_of_nothing() -> None:
    """A median without values says whether there were rows at all."""
    facts = closed(0, 1, 0)
    assert figure("median_won_amount", facts).reason == "no opportunities here"
    unpriced = facts_of(
        SalesBook(opportunities=[opportunity(1, "won", closed_on="2024-01-01")]), currency="USD"
    )
    found = figure("median_won_amount", unpriced)
    assert (found.value, found.reason) == (None, "amount unknown in 1 opportunity")


def test_nothing_sold_in_the_period_is_zero() -> None:
    """Facts without a row in the period are a true 0, unlike facts that nobody has."""
    found = figure("revenue", facts_of(book_of([sale(1, "2023-01-01", "100")])), during=YEAR)
    assert (found.value, found.n, found.reason) == (0, 0, None)


def test_negative_revenue() -> None:
    """Returns alone make a negative revenue; the margin is defined, as the divisor is not 0."""
    facts = facts_of(book_of([sale(1, "2024-01-01", "-50", cost="-30")]))
    revenue, margin = figures(["revenue", "gross_margin"], facts)
    assert (revenue.value, margin.value) == (-50, Decimal("0.4"))


def test_an_undated_line_is_left_out_of_every_period() -> None:
    """A line whose order is missing has no day; the figure says that it left it out."""
    book = book_of([sale(1, "2024-01-01", "100"), sale(2, "2024-01-01", "7")])
    facts = facts_of(attrs.evolve(book, orders=book.orders[:1]))
    found = figure("revenue", facts)
    assert found.value == 100
    assert found.excluded == (Exclusion("sales_lines", "sold on unknown", 1),)


# What a figure carries --------------------------------------------------------------------------


def test_a_figure_names_its_period_and_moment() -> None:
    """A figure of a period tells both; one of a moment has no period."""
    facts = facts_of(closed(1, 1, 0).book, as_of=date(2024, 12, 31))
    rate, pipeline = figures(["win_rate", "open_pipeline"], facts, during=YEAR)
    assert (rate.during, rate.as_of) == (YEAR, date(2024, 12, 31))
    assert (pipeline.during, pipeline.as_of) == (None, date(2024, 12, 31))


@settings(deadline=None)
@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_exact_is_the_ratio_itself(won: int, lost: int) -> None:
    """The number has 28 digits; `exact` is the fraction that they round."""
    facts = facts_of(
        SalesBook(
            opportunities=[
                opportunity(1, "won", closed_on="2024-01-01", amount=won),
                opportunity(2, "lost", closed_on="2024-01-01", amount=lost),
            ]
        )
    )
    found = figure("win_rate_by_value", facts)
    assert found.value is not None
    assert found.exact == Fraction(won, won + lost)
    assert abs(Fraction(found.value) - found.exact) <= Fraction(1, 10**28)


def test_a_definition_of_your_own() -> None:
    """A figure of your own stands beside those of the catalogue, also under a name of theirs."""
    big = FigureDefinition(
        name="revenue",
        labels=("Revenue of big lines", "大额销售额"),
        words="Net amount of the order lines above 100.",
        unit="money",
        source="our sales handbook",
        numerator=[
            Part(
                Measure(
                    name="revenue",
                    table="order_lines",
                    aggregate=Aggregate.SUM,
                    of=F.net_amount,
                    where=F.net_amount > 100,
                    date="ordered_on",
                )
            )
        ],
    )
    facts = facts_of(book_of([sale(1, "2024-01-01", "100"), sale(2, "2024-01-01", "101")]))
    assert [one.value for one in figures([big, "revenue"], facts)] == [101, 201]


# Slices -----------------------------------------------------------------------------------------

TEAMWORK = book_of(
    [
        sale(1, "2024-01-10", "10", product="tea", rep="ann"),
        sale(2, "2024-02-10", "30", product="rice", rep="bob"),
        sale(3, "2024-02-11", "30", product="oats", rep="ann"),
        sale(4, "2024-03-10", "5"),
        sale(5, "2024-03-11", Money.of("1", "JPY"), product="jade"),
    ],
    teams=[Team(id=TeamId("n"), name="North", region="Cold")],
    sales_reps=[SalesRep(id=SalesRepId("ann"), name="Ann", team_id=TeamId("n"))],
    products=[
        Product(id=ProductId("tea"), name="Green tea", family="Drinks"),
        Product(id=ProductId("rice"), name="Rice", family="Food"),
    ],
)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "product",
            [
                ("oats", "oats", "30"),
                ("rice", "Rice", "30"),
                ("tea", "Green tea", "10"),
                (None, "–", "5"),
                ("jade", "jade", None),
            ],
        ),
        ("product_family", [(None, "–", "35"), ("Food", "Food", "30"), ("Drinks", "Drinks", "10")]),
        ("rep", [("ann", "Ann", "40"), ("bob", "bob", "30"), (None, "–", "5")]),
        ("team", [("n", "North", "40"), (None, "–", "35")]),
        ("region", [("Cold", "Cold", "40"), (None, "–", "35")]),
        ("currency", [("USD", "USD", "75"), ("JPY", "JPY", None)]),
        (
            "month",
            [
                ("2024-01", "2024-01", "10"),
                ("2024-02", "2024-02", "60"),
                ("2024-03", "2024-03", "5"),
            ],
        ),
        (
            "week",
            [
                ("2024-W02", "2024-W02", "10"),
                ("2024-W06", "2024-W06", "60"),
                ("2024-W10", "2024-W10", "5"),
                ("2024-W11", "2024-W11", None),
            ],
        ),
    ],
)
def test_slices(by: str, expected: list[tuple[str | None, str, str | None]]) -> None:
    """The largest first, ties by key, undefined last; time in its own order; names as labels."""
    found = slices("revenue", facts_of(TEAMWORK), by=by)
    assert [(one.key, one.label, one.value) for one in found] == [
        (key, label, None if value is None else Decimal(value)) for key, label, value in expected
    ]
    assert all(one.figure.excluded == () for one in found)


def test_slices_by_two_dimensions() -> None:
    """Keys and labels stand in the order asked for; time leads, then the largest."""
    found = slices("revenue", facts_of(TEAMWORK), by=("rep", "month"))
    assert [(one.keys, one.label, one.value) for one in found] == [
        (("ann", "2024-01"), "Ann · 2024-01", 10),
        (("ann", "2024-02"), "Ann · 2024-02", 30),
        (("bob", "2024-02"), "bob · 2024-02", 30),
        ((None, "2024-03"), "– · 2024-03", 5),
    ]


def test_what_a_table_cannot_be_sliced_by_is_one_slice() -> None:
    """Expenses know no channel: they stand under no channel, so the slices still sum up."""
    sales = [sale(1, "2024-01-01", "100", cost="60")]
    shop = attrs.evolve(sales[0][0], channel="shop")
    facts = facts_of(
        book_of(
            [(shop, sales[0][1])],
            expenses=[Expense(id=ExpenseId("e"), spent_on=day("2024-01-01"), amount=usd(15))],
        )
    )
    found = slices("sales_profit", facts, by=["channel", "month"])
    assert [(one.keys, one.value) for one in found] == [
        (("shop", "2024-01"), 40),
        ((None, "2024-01"), -15),
    ]


@pytest.mark.parametrize(
    ("name", "by", "message"),
    [
        ("revenue", "stage", "no dimension of revenue 'stage'"),
        ("open_pipeline", "month", "no dimension of open_pipeline 'month'"),
        ("revenue", "produkt", "no dimension 'produkt'; did you mean 'product'?"),
        ("revenues", "product", "no figure 'revenues'; did you mean 'revenue'?"),
    ],
)
def test_slices_refused(name: str, by: str, message: str) -> None:
    """A figure is not sliced by what its facts do not have."""
    with pytest.raises(UnknownName) as found:
        slices(name, facts_of(TEAMWORK), by=by)
    assert message in str(found.value)


def test_slices_by_nothing() -> None:
    """To slice by no dimension is to ask for the figure itself."""
    with pytest.raises(InvalidValue, match="name at least one dimension"):
        slices_of(["revenue"], facts_of(TEAMWORK), by=())


def test_figures_without_names() -> None:
    """No figures asked for are no figures."""
    assert figures([], facts_of(TEAMWORK)) == ()
    assert len(figures(CATALOGUE, facts_of(TEAMWORK))) == len(CATALOGUE)


def test_expenses_alone_are_no_profit() -> None:
    """Where no cost is known the sales profit is undefined; where some is, its parts sum to it."""
    known = sale(1, "2024-01-05", "100", cost="50")
    unknown = sale(2, "2024-02-05", "100")
    spent = Expense(id=ExpenseId("E"), spent_on=day("2024-02-07"), amount=usd(30))
    alone = facts_of(book_of([unknown], expenses=[spent]))
    assert figure("sales_profit", alone).value is None
    assert [one.value for one in slices("sales_profit", alone, by="month")] == [None]
    both = facts_of(book_of([known, unknown], expenses=[spent]))
    assert figure("sales_profit", both).value == 20
    parts = {one.key: one.value for one in slices("sales_profit", both, by="month")}
    assert parts == {"2024-01": 50, "2024-02": -30}
