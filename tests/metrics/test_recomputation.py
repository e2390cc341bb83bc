"""
Every figure of the catalogue, worked out a second time by plain loops over the records.

The loops below know nothing of fact tables, measures or reductions. They read records, keep money
as fractions and follow the words of each definition.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_books

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, Opportunity, Order, OrderLine, StageKind
from salescore.metrics import CATALOGUE, figures
from salescore.testing import books
from salescore.values import ConstantRates, Money, Period

Value = Fraction | None
CLOSED_BADLY = (StageKind.LOST, StageKind.VOID)


def total(values: Iterable[Value]) -> Value:
    """Return the sum of what is known; unknown where there are values and none is known."""
    found = list(values)
    known = [value for value in found if value is not None]
    return None if found and not known else sum(known, Fraction(0))


def count(values: Iterable[object]) -> Value:
    """Return how many values are known; unknown where there are values and none is known."""
    return total(None if value is None else Fraction(1) for value in values)


def ratio(above: Value, below: Value) -> Value:
    """Return a ratio, undefined where either part is, or the lower is 0."""
    return None if above is None or not below else above / below


def at_share(values: Sequence[Value], share: str) -> Value:
    """Return the quantile of definition 7 of Hyndman and Fan."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    position = (len(known) - 1) * Fraction(share)
    low = int(position)
    high = min(low + 1, len(known) - 1)
    return known[low] + (position - low) * (known[high] - known[low])


class _Loops:
    """Figures of a book by loops over its records."""

    def __init__(
        self, book: SalesBook, rates: ConstantRates, as_of: date | None, during: Period | None
    ) -> None:
        self.book = book
        self.rates = rates
        self.as_of = as_of
        self.during = during
        self.lines = list(self._lines())
        self.opportunities = [
            one
            for one in book.opportunities
            if self.known(one, one.created_on, one.first_contact_on, one.closed_on)
        ]
        self.expenses = [one for one in book.expenses if self.known(one, one.spent_on)]
        self.activities = [one for one in book.activities if self.known(one, one.happened_on)]
        self.customers = [one for one in book.customers if self.known(one, one.created_on)]
        sold = {line.order_id for line, _ in self.lines}
        self.qualifying = [
            one
            for one in book.orders
            if self.known(one, one.ordered_on) and (not sold or one.id in sold)
        ]
        buyers = {one.customer_id for one in self.qualifying} - {None}
        self.people = buyers | {one.id for one in self.customers}

    def known(self, record: Any, *days: date | None) -> bool:  # noqa: ANN401
        """Return whether a record was known on the day."""
        if self.as_of is None:
            return True
        if record.recorded_at is not None:
            return bool(record.recorded_at.date() <= self.as_of)
        dated = [one for one in days if one is not None]
        return not dated or min(dated) <= self.as_of

    def _lines(self) -> Iterable[tuple[OrderLine, Order | None]]:
        for line in self.book.order_lines:
            orders = [one for one in self.book.orders if one.id == line.order_id]
            known = [one for one in orders if self.known(one, one.ordered_on)]
            if known or not orders:
                yield line, known[0] if known else None

    def falls(self, day: date | None) -> bool:
        """Return whether a day is known and lies in the period."""
        return day is not None and (self.during is None or day in self.during)

    def price(self, money: Money | None) -> Value:
        """Return money in the reporting currency, unknown without a rate."""
        if money is None:
            return None
        rate = self.rates.rate(money.currency)
        return None if rate is None else Fraction(money.amount) * Fraction(rate)

    def sold(self) -> list[tuple[OrderLine, Order]]:
        """Return the lines of the period."""
        return [
            (line, order)
            for line, order in self.lines
            if order is not None and self.falls(order.ordered_on)
        ]

    def profit(self, line: OrderLine) -> Value:
        """Return revenue less cost of a line, unknown where either is."""
        net, cost = self.price(line.net_amount), self.price(line.cost)
        return None if net is None or cost is None else net - cost

    # The five quantities ------------------------------------------------------------------------

    def revenue(self) -> Value:
        return total(self.price(line.net_amount) for line, _ in self.sold())

    def gross_revenue(self) -> Value:
        return total(self.price(line.gross_amount) for line, _ in self.sold())

    def volume(self) -> Value:
        return total(Fraction(line.quantity) for line, _ in self.sold())

    def gross_profit(self) -> Value:
        return total(self.profit(line) for line, _ in self.sold())

    def revenue_with_cost(self) -> Value:
        return total(
            self.price(line.net_amount)
            for line, _ in self.sold()
            if self.price(line.cost) is not None
        )

    def gross_margin(self) -> Value:
        return ratio(self.gross_profit(), self.revenue_with_cost())

    def selling_expenses(self) -> Value:
        return total(self.price(one.amount) for one in self.expenses if self.falls(one.spent_on))

    def sales_profit(self) -> Value:
        profit, spent = self.gross_profit(), self.selling_expenses()
        return None if profit is None or spent is None else profit - spent

    def sales_margin(self) -> Value:
        return ratio(self.sales_profit(), self.revenue_with_cost())

    # Orders and customers -----------------------------------------------------------------------

    def orders(self) -> Value:
        return Fraction(len({line.order_id for line, _ in self.sold()}))

    def customers_who_ordered(self) -> Value:
        ids = [order.customer_id for _, order in self.sold()]
        if ids and not any(ids):
            return None
        return Fraction(len(set(ids) - {None}))

    def first_order(self, customer_id: str) -> date | None:
        days = [order.ordered_on for order in self.qualifying if order.customer_id == customer_id]
        return min(days, default=None)

    def new_customers(self) -> Value:
        return Fraction(sum(self.falls(self.first_order(one)) for one in self.people))

    def new_customers_acquired(self) -> Value:
        return Fraction(sum(self.falls(one.created_on) for one in self.listed_once()))

    def listed_once(self) -> list[Customer]:
        first: dict[str, Customer] = {}
        for one in self.customers:
            first.setdefault(one.id, one)
        return list(first.values())

    def average_order_value(self) -> Value:
        priced = {
            line.order_id for line, _ in self.sold() if self.price(line.net_amount) is not None
        }
        return ratio(self.revenue(), Fraction(len(priced)))

    def revenue_per_customer(self) -> Value:
        mine = [
            (self.price(line.net_amount), order.customer_id)
            for line, order in self.sold()
            if order.customer_id is not None
        ]
        people = {key for net, key in mine if net is not None}
        return ratio(total(net for net, _ in mine), Fraction(len(people)))

    # The funnel ---------------------------------------------------------------------------------

    def is_open(self, one: Opportunity) -> bool:
        """Return whether an opportunity was open on the day, also if it has closed since."""
        closed = (StageKind.WON, StageKind.LOST, StageKind.VOID)
        return one.kind is StageKind.OPEN or (one.kind in closed and self.closed_later(one))

    def closed_later(self, one: Opportunity) -> bool:
        return self.as_of is not None and one.closed_on is not None and one.closed_on > self.as_of

    def closed(self, *kinds: StageKind) -> list[Opportunity]:
        """Return what closed in the period, and was known to be closed."""
        return [
            one
            for one in self.opportunities
            if one.kind in kinds and self.falls(one.closed_on) and not self.closed_later(one)
        ]

    def amounts(self, *kinds: StageKind) -> list[Value]:
        return [self.price(one.amount) for one in self.closed(*kinds)]

    def won_amount(self) -> Value:
        return total(self.amounts(StageKind.WON))

    def number(self, *kinds: StageKind) -> Value:
        return Fraction(len(self.closed(*kinds)))

    def average_won_amount(self) -> Value:
        return ratio(self.won_amount(), count(self.amounts(StageKind.WON)))

    def median_won_amount(self) -> Value:
        return at_share(self.amounts(StageKind.WON), "0.5")

    def win_rate(self) -> Value:
        return ratio(self.number(StageKind.WON), self.number(StageKind.WON, StageKind.LOST))

    def win_rate_broad(self) -> Value:
        return ratio(self.number(StageKind.WON), self.number(StageKind.WON, *CLOSED_BADLY))

    def win_rate_by_value(self) -> Value:
        return ratio(self.won_amount(), total(self.amounts(StageKind.WON, StageKind.LOST)))

    def open_opportunities(self) -> Value:
        return Fraction(sum(map(self.is_open, self.opportunities)))

    def open_pipeline(self) -> Value:
        return total(self.price(one.amount) for one in self.opportunities if self.is_open(one))

    def weighted_pipeline(self) -> Value:
        values: list[Value] = []
        for one in self.opportunities:
            if self.is_open(one):
                amount = self.price(one.amount)
                chance = None if self.closed_later(one) else one.probability
                values.append(
                    None if amount is None or chance is None else amount * Fraction(chance)
                )
        return total(values)

    def activities_in_period(self) -> Value:
        return Fraction(sum(self.falls(one.happened_on) for one in self.activities))

    def first_contact(self, one: Opportunity) -> date | None:
        days = [each.happened_on for each in self.activities if each.opportunity_id == one.id]
        stated = one.first_contact_on
        is_later = stated is not None and self.as_of is not None and stated > self.as_of
        return min(days, default=None) if stated is None or is_later else stated

    def cycle(self, since: Callable[[Opportunity], date | None]) -> list[Value]:
        """Return the days to close of what was won, unknown where they are or are negative."""
        found: list[Value] = []
        for one in self.closed(StageKind.WON):
            start, end = since(one), one.closed_on
            days = None if start is None or end is None else (end - start).days
            found.append(None if days is None or days < 0 else Fraction(days))
        return found


def created(one: Opportunity) -> date | None:
    """Return the day on which an opportunity was created."""
    return one.created_on


def mean(values: Sequence[Value]) -> Value:
    """Return the mean of what is known."""
    return ratio(total(values), count(values))


NEEDS: dict[str, tuple[str, ...]] = {
    "lines": (
        "revenue",
        "gross_revenue",
        "volume",
        "gross_profit",
        "gross_margin",
        "sales_profit",
        "sales_margin",
        "orders",
        "customers",
        "average_order_value",
        "revenue_per_customer",
    ),
    "expenses": ("selling_expenses", "sales_profit", "sales_margin"),
    "people": ("new_customers", "new_customers_acquired"),
    "activities": ("activities",),
    "opportunities": (
        "won_amount",
        "won_opportunities",
        "lost_opportunities",
        "average_won_amount",
        "median_won_amount",
        "win_rate",
        "win_rate_broad",
        "win_rate_by_value",
        "open_opportunities",
        "open_pipeline",
        "weighted_pipeline",
        "opportunities",
        "sales_cycle_mean",
        "sales_cycle_median",
        "sales_cycle_p90",
        "sales_cycle_from_creation_mean",
        "sales_cycle_from_creation_median",
        "sales_cycle_from_creation_p90",
    ),
}

LOOPS: dict[str, Callable[[_Loops], Value]] = {
    "revenue": _Loops.revenue,
    "gross_revenue": _Loops.gross_revenue,
    "volume": _Loops.volume,
    "gross_profit": _Loops.gross_profit,
    "gross_margin": _Loops.gross_margin,
    "selling_expenses": _Loops.selling_expenses,
    "sales_profit": _Loops.sales_profit,
    "sales_margin": _Loops.sales_margin,
    "orders": _Loops.orders,
    "customers": _Loops.customers_who_ordered,
    "new_customers": _Loops.new_customers,
    "new_customers_acquired": _Loops.new_customers_acquired,
    "average_order_value": _Loops.average_order_value,
    "revenue_per_customer": _Loops.revenue_per_customer,
    "won_amount": _Loops.won_amount,
    "won_opportunities": lambda one: one.number(StageKind.WON),
    "lost_opportunities": lambda one: one.number(StageKind.LOST),
    "average_won_amount": _Loops.average_won_amount,
    "median_won_amount": _Loops.median_won_amount,
    "win_rate": _Loops.win_rate,
    "win_rate_broad": _Loops.win_rate_broad,
    "win_rate_by_value": _Loops.win_rate_by_value,
    "open_opportunities": _Loops.open_opportunities,
    "open_pipeline": _Loops.open_pipeline,
    "weighted_pipeline": _Loops.weighted_pipeline,
    "opportunities": lambda one: Fraction(len(one.opportunities)),
    "activities": _Loops.activities_in_period,
    "sales_cycle_mean": lambda one: mean(one.cycle(one.first_contact)),
    "sales_cycle_median": lambda one: at_share(one.cycle(one.first_contact), "0.5"),
    "sales_cycle_p90": lambda one: at_share(one.cycle(one.first_contact), "0.9"),
    "sales_cycle_from_creation_mean": lambda one: mean(one.cycle(created)),
    "sales_cycle_from_creation_median": lambda one: at_share(one.cycle(created), "0.5"),
    "sales_cycle_from_creation_p90": lambda one: at_share(one.cycle(created), "0.9"),
}


STOCKS = {one.name for one in CATALOGUE if one.is_stock}


def by_loops(loops: _Loops, name: str) -> Value:
    """Return a figure by loops; without any fact of the kind it is undefined, not 0."""
    if loops.during is not None:
        day = loops.as_of
        if STOCKS & {name}:
            last = loops.during.last_day
            loops = _Loops(loops.book, loops.rates, min(last, day or last), loops.during)
        elif day is not None and loops.during.start > day:
            return None
    needed = [kind for kind, names in NEEDS.items() if name in names]
    if not all(getattr(loops, kind) for kind in needed) or is_timeless(loops, name):
        return None
    return LOOPS[name](loops)


def is_timeless(loops: _Loops, name: str) -> bool:
    """Return whether there are facts of the kind, yet none of them has a date: unknown, not 0."""
    if name in NEEDS["lines"]:
        return all(order is None for _, order in loops.lines)
    if name == "new_customers_acquired":
        return all(one.created_on is None for one in loops.listed_once())
    kind = {"lost_opportunities": StageKind.LOST}.get(name, StageKind.WON)
    if name not in ("won_amount", "won_opportunities", "lost_opportunities"):
        return False
    now = [one for one in loops.opportunities if not loops.closed_later(one)]
    return all(one.closed_on is None for one in now) and any(one.kind is kind for one in now)


def assert_equal_to_loops(
    book: SalesBook, rates: ConstantRates, as_of: date | None, during: Period | None
) -> None:
    """Assert that every figure of the catalogue is what the loops say."""
    facts = Facts.of(book, rates=rates, as_of=as_of)
    loops = _Loops(book, rates, as_of, during)
    found = {one.name: one for one in figures(CATALOGUE, facts, during=during)}
    assert {name: one.exact for name, one in found.items()} == {
        name: by_loops(loops, name) for name in found
    }
    for one in found.values():
        assert (one.value is None) == (one.reason is not None), one
        assert one.value is None or one.value.is_finite(), one
        if one.value is not None and one.exact is not None:
            assert abs(Fraction(one.value) - one.exact) <= abs(one.exact) / 10**27


PERIODS = st.one_of(
    st.none(),
    st.builds(
        lambda one, other: Period.custom(min(one, other), max(one, other)),
        st.dates(date(2023, 6, 1), date(2024, 10, 12)),
        st.dates(date(2023, 6, 1), date(2024, 10, 12)),
    ),
)
DAYS = st.one_of(st.none(), st.dates(date(2023, 6, 1), date(2024, 10, 12)))


def test_the_loops_know_every_figure() -> None:
    """Whoever adds a figure to the catalogue adds a loop for it here."""
    assert set(LOOPS) == {one.name for one in CATALOGUE}
    assert {name for names in NEEDS.values() for name in names} == set(LOOPS)


@settings(deadline=None, max_examples=250)
@given(crowded_books(), DAYS, PERIODS)
def test_figures_equal_loops_over_records(
    book: SalesBook, as_of: date | None, during: Period | None
) -> None:
    """Every figure equals the loops, as of any day, during any period, unknowns among the rows."""
    assert_equal_to_loops(book, RATES, as_of, during)


@settings(deadline=None, max_examples=60)
@given(
    books(faulty=True),
    st.one_of(st.none(), st.dates(date(2016, 1, 1), date(2018, 12, 31))),
    st.sampled_from([None, Period.custom(date(2016, 7, 1), date(2018, 3, 31))]),
)
def test_figures_equal_loops_over_faulty_records(
    book: SalesBook, as_of: date | None, during: Period | None
) -> None:
    """The same holds where ids stand twice, references dangle and numbers have 38 digits."""
    rates = ConstantRates.of("USD", {"EUR": Decimal("1.0850")})
    assert_equal_to_loops(book, rates, as_of, during)
