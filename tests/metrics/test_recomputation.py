"""
Every figure of the catalogue, worked out a second time by plain loops over the records.

The loops below know nothing of fact tables, measures or reductions. They read records, keep money
as fractions and follow the words of each definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_books

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Customer,
    DocumentKind,
    Lead,
    LeadKind,
    Opportunity,
    Order,
    OrderLine,
    StageKind,
    StageVisit,
    Target,
    TargetLevel,
)
from salescore.metrics import CATALOGUE, figures
from salescore.plain import FieldTable
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


class _Sale(NamedTuple):
    """What was sold, or came back."""

    day: date | None
    customer_id: str | None
    sign: int
    quantity: Decimal
    net: Money
    gross: Money | None
    cost: Money | None
    is_free: bool

    @classmethod
    def of_order(cls, pair: tuple[OrderLine, Order | None]) -> _Sale:
        line, order = pair
        return cls(
            day=None if order is None else order.ordered_on,
            customer_id=None if order is None else order.customer_id,
            sign=1,
            quantity=line.quantity,
            net=line.net_amount,
            gross=line.gross_amount,
            cost=line.cost,
            is_free=line.is_free is True,
        )


CLOSED_KINDS = (StageKind.WON, StageKind.LOST, StageKind.VOID)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def on_day(day: date | None, instant: datetime | None) -> date | None:
    """Return a day, or that of the instant where it alone is stated."""
    return day if day is not None or instant is None else instant.date()


class _Loops:
    """Figures of a book by loops over its records."""

    def __init__(
        self, book: SalesBook, rates: ConstantRates, as_of: date | None, during: Period | None
    ) -> None:
        self.book = book
        self.rates = rates
        self.as_of = as_of
        self.during = during
        self._hidden: dict[str, set[str]] = {}
        self._known: dict[str, list[Any]] = {}
        for table in book.tables:
            every = book.records(table.name)
            self._known[table.name] = [one for one in every if self.is_known(table, one)]
            seen = {one.id for one in self._known[table.name]}
            self._hidden[table.name] = {one.id for one in every} - seen
        self.opportunities: list[Opportunity] = self._known["opportunities"]
        self.expenses: list[Any] = self._known["expenses"]
        self.activities: list[Any] = self._known["activities"]
        self.customers: list[Customer] = self._known["customers"]
        self.leads: list[Lead] = self._known["leads"]
        self.visits: list[StageVisit] = self._known["stage_visits"]
        self.opportunities[:] = [self.before_reopening(one) for one in self.opportunities]
        self.payments: list[Any] = self._known["payments"]
        self.deliveries: list[Any] = self._known["deliveries"]
        self.cases: list[Any] = self._known["cases"]
        self.invoices = [one for one in self._known["invoices"] if self.counts(one)]
        self.targets = [one for one in self._known["targets"] if not self.is_replaced(one)]
        self.lines = list(self._lines())
        self.sales = [*map(_Sale.of_order, self.lines), *self._came_back()]
        with_lines = {line.order_id for line in self._known["order_lines"]}
        self.qualifying = [
            one
            for one in self._known["orders"]
            if self.counts(one) and (not with_lines or one.id in with_lines)
        ]
        buyers = {one.customer_id for one in self.qualifying} - {None}
        self.people = buyers | {one.id for one in self.customers}

    def is_known(self, table: FieldTable, record: Any) -> bool:  # noqa: ANN401
        """Return whether a record was known: recorded, or begun, or all that it names."""
        if self.as_of is None:
            return True
        recorded_at = getattr(record, "recorded_at", None)
        if recorded_at is not None:
            return bool(recorded_at.date() <= self.as_of)
        dates = {field.name: getattr(record, field.name) for field in table.happened}
        days = [
            dates.get(f"{name.removesuffix('_at')}_on") or one.date()
            if isinstance(one, datetime)
            else one
            for name, one in dates.items()
            if one
        ]
        if days:
            return bool((getattr(record, "created_on", None) or min(days)) <= self.as_of)
        return not any(
            getattr(record, field.name) in self._hidden.get(field.refers, ())
            for field in table.fields
            if field.refers is not None and (not field.nullable or "recorded_at" not in table)
        )

    def counts(self, document: Any) -> bool:  # noqa: ANN401
        """Return whether a document is neither a draft nor void, as far as was known."""
        if self.seen(document.voided_on) is not document.voided_on:
            return True
        is_void = document.voided_on is not None
        return not is_void and document.kind not in (DocumentKind.DRAFT, DocumentKind.VOID)

    def seen(self, day: date | None) -> date | None:
        """Return a day, unless it lay in the future."""
        return None if day is not None and self.as_of is not None and day > self.as_of else day

    def find(self, name: str, key: str | None) -> Any:  # noqa: ANN401
        """Return the first known record with an id."""
        return next((one for one in self._known[name] if one.id == key), None)

    def is_replaced(self, target: Target) -> bool:
        """Return whether a later target stands in for one, unless they replace one another."""
        following = {one.replaces_id: one.id for one in self._known["targets"] if one.replaces_id}
        key, seen = target.id, []
        while key in following and key not in seen:
            seen.append(key)
            key = following[key]
        return target.id in following and key != target.id

    def _lines(self) -> Iterable[tuple[OrderLine, Order | None]]:
        for line in self._known["order_lines"]:
            order = self.find("orders", line.order_id)
            if order is None or self.counts(order):
                yield line, order

    def _came_back(self) -> Iterable[_Sale]:
        for line in self._known["return_lines"]:
            back = self.find("returns", line.return_id)
            ordered = self.find("order_lines", line.order_line_id)
            key = None if back is None else back.order_id
            if key is None and ordered is not None:
                key = ordered.order_id
            order = self.find("orders", key)
            if order is not None and not self.counts(order):
                continue
            buyer = None if back is None else back.customer_id
            if buyer is None and order is not None:
                buyer = order.customer_id
            yield _Sale(
                day=None if back is None else back.returned_on,
                customer_id=buyer,
                sign=-1,
                quantity=line.quantity,
                net=line.net_amount,
                gross=None,
                cost=line.cost,
                is_free=ordered is not None and ordered.is_free is True,
            )

    def falls(self, day: date | None) -> bool:
        """Return whether a day is known and lies in the period."""
        return day is not None and (self.during is None or day in self.during)

    def price(self, money: Money | None) -> Value:
        """Return money in the reporting currency, unknown without a rate."""
        if money is None:
            return None
        rate = self.rates.rate(money.currency)
        return None if rate is None else Fraction(money.amount) * Fraction(rate)

    def ordered(self) -> list[tuple[OrderLine, Order]]:
        """Return the order lines of the period."""
        return [
            (line, order)
            for line, order in self.lines
            if order is not None and self.falls(order.ordered_on)
        ]

    def sold(self) -> list[_Sale]:
        """Return what was sold and what came back in the period."""
        return [one for one in self.sales if self.falls(one.day)]

    def signed(self, one: _Sale, money: Money | None) -> Value:
        """Return priced money of a sale, negative where the goods came back."""
        worth = self.price(money)
        return None if worth is None else one.sign * worth

    def profit(self, one: _Sale) -> Value:
        """Return revenue less cost of a line, unknown where either is."""
        net, cost = self.signed(one, one.net), self.signed(one, one.cost)
        return None if net is None or cost is None else net - cost

    # The five quantities ------------------------------------------------------------------------

    def revenue(self) -> Value:
        return total(self.signed(one, one.net) for one in self.sold())

    def gross_revenue(self) -> Value:
        return total(self.signed(one, one.gross) for one in self.sold())

    def units(self, *, is_free: bool) -> Value:
        return total(
            Fraction(one.sign * one.quantity) for one in self.sold() if one.is_free is is_free
        )

    def gross_profit(self) -> Value:
        return total(map(self.profit, self.sold()))

    def revenue_with_cost(self) -> Value:
        return total(
            self.signed(one, one.net) for one in self.sold() if self.price(one.cost) is not None
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
        return Fraction(len({line.order_id for line, _ in self.ordered()}))

    def customers_who_bought(self) -> Value:
        ids = [one.customer_id for one in self.sold() if one.sign > 0]
        if ids and not any(ids):
            return None
        return Fraction(len(set(ids) - {None}))

    def first_order(self, customer_id: str) -> date | None:
        days = [order.ordered_on for order in self.qualifying if order.customer_id == customer_id]
        return min(days, default=None)

    def new_customers(self) -> Value:
        return Fraction(sum(self.falls(self.first_order(one)) for one in self.people))

    def new_customers_acquired(self) -> Value:
        return Fraction(sum(self.falls(self.seen(one.created_on)) for one in self.listed_once()))

    def listed_once(self) -> list[Customer]:
        first: dict[str, Customer] = {}
        for one in self.customers:
            first.setdefault(one.id, one)
        return list(first.values())

    def average_order_value(self) -> Value:
        worth = {
            number: self.price(one.net_amount) for number, (one, _) in enumerate(self.ordered())
        }
        priced = {one.order_id for n, (one, _) in enumerate(self.ordered()) if worth[n] is not None}
        return ratio(total(worth.values()), Fraction(len(priced)))

    def revenue_per_customer(self) -> Value:
        mine = [one for one in self.sold() if one.customer_id is not None]
        people = {
            one.customer_id for one in mine if one.sign > 0 and self.price(one.net) is not None
        }
        return ratio(total(self.signed(one, one.net) for one in mine), Fraction(len(people)))

    # Money in, goods out ------------------------------------------------------------------------

    def invoiced(self) -> Value:
        return total(self.price(one.amount) for one in self.invoices if self.falls(one.issued_on))

    def collected(self) -> Value:
        return total(self.price(one.amount) for one in self.payments if self.falls(one.received_on))

    def on_time(self) -> Value:
        kept: list[bool] = []
        last = self.as_of or self.book.last_day
        for one in self.deliveries:
            order = self.find("orders", one.order_id)
            due = one.promised_on or (None if order is None else order.required_on)
            left = self.seen(one.shipped_on) or self.seen(one.delivered_on)
            if due is None or not self.falls(due):
                continue
            if left is not None:
                kept.append(left <= due)
            elif last is not None and last > due:
                kept.append(False)
        return ratio(Fraction(sum(kept)), Fraction(len(kept)))

    def handling_days(self) -> list[Value]:
        found: list[Value] = []
        for one in self.deliveries:
            order, left = self.find("orders", one.order_id), self.seen(one.shipped_on)
            if left is None or not self.falls(left):
                continue
            days = None if order is None else (left - order.ordered_on).days
            found.append(None if days is None or days < 0 else Fraction(days))
        return found

    def response_days(self) -> list[Value]:
        found: list[Value] = []
        for one in self.cases:
            if self.falls(one.opened_on):
                answered = self.seen(on_day(one.responded_on, one.responded_at))
                days = None if answered is None else (answered - one.opened_on).days
                found.append(None if days is None or days < 0 else Fraction(days))
        return found

    def revenue_target(self) -> Value:
        return total(
            self.price(one.amount)
            for one in self.targets
            if one.figure == "revenue"
            and one.level in (None, TargetLevel.BASE)
            and not any(
                part.parent_id == one.id and part.figure == "revenue" for part in self.targets
            )
            and self.falls(one.starts_on)
        )

    # Leads and stages ---------------------------------------------------------------------------

    def cohort(self) -> list[Lead]:
        return [one for one in self.leads if self.falls(self.seen(one.created_on))]

    def fate(self, lead: Lead) -> LeadKind:
        """Return what became of a lead: its kind if that is older than the day, else its dates."""
        qualified, converted, disqualified = (
            lead.qualified_on,
            lead.converted_on,
            lead.disqualified_on,
        )
        if lead.kind is not None and all(
            self.seen(day) is day for day in (qualified, converted, disqualified)
        ):
            return lead.kind
        if self.seen(converted):
            return LeadKind.CONVERTED
        if self.seen(disqualified):
            return LeadKind.DISQUALIFIED
        return LeadKind.QUALIFIED if self.seen(qualified) else LeadKind.OPEN

    def share_of_leads(self, *kinds: LeadKind) -> Value:
        fates = [self.fate(one) for one in self.cohort()]
        return ratio(Fraction(sum(one in kinds for one in fates)), Fraction(len(fates)))

    def course(self, visit: StageVisit) -> list[StageVisit]:
        """Return all visits of the same lead or opportunity in the order of entering."""
        same = [
            one
            for one in self.visits
            if (one.opportunity_id, one.lead_id if one.opportunity_id is None else None)
            == (visit.opportunity_id, visit.lead_id if visit.opportunity_id is None else None)
        ]
        return sorted(same, key=lambda one: (one.entered_on, self.entered_at(one)))

    def entered_at(self, visit: StageVisit) -> datetime:
        at = visit.entered_at
        known = at is not None and self.seen(at.date()) is not None
        return at if at is not None and known else datetime.min.replace(tzinfo=UTC)

    def first_visits(self) -> list[StageVisit]:
        """Return the first visit of each subject to each stage that does not end the sale."""
        found: list[StageVisit] = []
        for one in self.visits:
            if one.opportunity_id is None and one.lead_id is None:
                continue
            if one.kind not in (None, StageKind.OPEN, StageKind.HOLD) or not self.falls(
                one.entered_on
            ):
                continue
            stays = [each for each in self.course(one) if is_same_stage(each, one)]
            if stays[0] is one:
                found.append(one)
        return found

    def sale_of(self, visit: StageVisit) -> tuple[Lead | None, Opportunity | None]:
        if visit.opportunity_id is not None:
            return None, self.find("opportunities", visit.opportunity_id)
        lead = self.find("leads", visit.lead_id)
        if lead is None:
            return None, None
        return lead, self.find("opportunities", self.became(lead))

    def became(self, lead: Lead) -> str | None:
        """Return the opportunity that a lead became, once that was known."""
        later = lead.converted_on is not None and self.seen(lead.converted_on) is None
        return None if later else lead.opportunity_id

    def kind_now(self, one: Opportunity) -> StageKind:
        return self.kind_then(one)

    def is_won(self, visit: StageVisit) -> bool | None:
        lead, sale = self.sale_of(visit)
        if sale is not None:
            return self.kind_now(sale) is StageKind.WON
        return None if lead is None or self.became(lead) is not None else False

    def outcome(self, visit: StageVisit) -> str:
        """Return what followed a visit: another stage or success, the end, or nothing yet."""
        course = self.course(visit)
        after = course[next(n for n, one in enumerate(course) if one is visit) + 1 :]
        lead, sale = self.sale_of(visit)
        fate = None if lead is None else self.fate(lead)
        moved = any(not is_same_stage(one, visit) and one.kind not in CLOSED_BADLY for one in after)
        if moved or fate is LeadKind.CONVERTED or self.is_won(visit):
            return "advanced"
        lost = sale is not None and self.kind_now(sale) in CLOSED_BADLY
        return "lost" if lost or fate is LeadKind.DISQUALIFIED else "open"

    def share_of_visits(self, outcome: str) -> Value:
        found = [self.outcome(one) for one in self.first_visits()]
        return ratio(Fraction(found.count(outcome)), Fraction(len(found)))

    def stage_win_rate(self) -> Value:
        ends = [self.is_won(one) for one in self.first_visits()]
        known = [one for one in ends if one is not None]
        return ratio(Fraction(sum(known)), Fraction(len(known)))

    def stage_days(self) -> list[Value]:
        stays = [
            (one.entered_on, self.seen(on_day(one.left_on, one.left_at))) for one in self.visits
        ]
        days = [(left - entered).days for entered, left in stays if left and self.falls(left)]
        return [Fraction(one) for one in days if one >= 0]

    # The funnel ---------------------------------------------------------------------------------

    def is_open(self, one: Opportunity) -> bool:
        """Return whether an opportunity was open on the day, also if it has closed since."""
        return self.kind_then(one) is StageKind.OPEN

    def visit_then(self, one: Opportunity) -> StageVisit | None:
        """Return the last visit known: of two that began at one time, the one that ended later."""
        mine = [
            visit
            for visit in self.visits
            if visit.opportunity_id == one.id
            and (self.as_of is None or visit.entered_on <= self.as_of)
        ]
        last = max((visit.entered_on for visit in mine), default=None)
        day = [visit for visit in mine if visit.entered_on == last]
        knows = all(visit.entered_at for visit in day)
        day.sort(
            key=lambda visit: (
                (visit.entered_at or LONG_AGO) if knows else LONG_AGO,
                on_day(visit.left_on, visit.left_at) or date.max,
                visit.entered_at or LONG_AGO,
                visit.left_at or visit.entered_at or LONG_AGO,
                visit.id,
            )
        )
        return day[-1] if day else None

    def moved_later(self, one: Opportunity) -> bool:
        """Return whether it entered a stage later, or left that of its last visit later."""
        visit = self.visit_then(one)
        left = None if visit is None else on_day(visit.left_on, visit.left_at)
        return self.as_of is not None and (
            (left is not None and left > self.as_of)
            or any(
                each.opportunity_id == one.id and each.entered_on > self.as_of
                for each in self.book.stage_visits
            )
        )

    def was_elsewhere(self, one: Opportunity) -> bool:
        """Return whether it closed later, or left the stage of its last visit later."""
        if self.closed_later(one):
            return True
        return one.kind not in CLOSED_KINDS and self.moved_later(one)

    def kind_then(self, one: Opportunity) -> StageKind:
        if not self.was_elsewhere(one):
            return one.kind
        visit = self.visit_then(one)
        kind = one.kind if visit is None else visit.kind or StageKind.OPEN
        if visit is None and self.moved_later(one):
            return StageKind.OPEN
        return StageKind.OPEN if kind in CLOSED_KINDS else kind

    def before_reopening(self, one: Opportunity) -> Opportunity:
        """Return an opportunity as closed where it left that stage later; else as it is."""
        closed_by_then = one.closed_on is not None and not self.closed_later(one)
        visit = self.visit_then(one)
        if not self.moved_later(one) or (one.kind in CLOSED_KINDS and closed_by_then):
            return one
        if visit is None:
            return attrs.evolve(one, kind=StageKind.OPEN, probability=None)
        if visit.kind in CLOSED_KINDS:
            return attrs.evolve(one, kind=visit.kind, closed_on=visit.entered_on, probability=None)
        if one.kind in CLOSED_KINDS:
            return attrs.evolve(one, kind=visit.kind or StageKind.OPEN, probability=None)
        return one

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
                chance = None if self.was_elsewhere(one) else one.probability
                values.append(
                    None if amount is None or chance is None else amount * Fraction(chance)
                )
        return total(values)

    def activities_in_period(self) -> Value:
        return Fraction(sum(self.falls(one.happened_on) for one in self.activities))

    def first_contact(self, one: Opportunity) -> date | None:
        days = [each.happened_on for each in self.activities if each.opportunity_id == one.id]
        for lead in self.leads:
            if self.became(lead) == one.id:
                touches = [self.seen(lead.first_contact_on), self.seen(lead.created_on)]
                days += [day for day in touches if day is not None]
                days += [each.happened_on for each in self.activities if each.lead_id == lead.id]
        stated = one.first_contact_on
        is_later = stated is not None and self.as_of is not None and stated > self.as_of
        return min(days, default=None) if stated is None or is_later else stated

    def lead_created(self, one: Opportunity) -> date | None:
        mine = [lead for lead in self.leads if self.became(lead) == one.id]
        days = [self.seen(lead.created_on) for lead in mine]
        return min((day for day in days if day is not None), default=None)

    def cycle(self, since: Callable[[Opportunity], date | None]) -> list[Value]:
        """Return the days to close of what was won, unknown where they are or are negative."""
        found: list[Value] = []
        for one in self.closed(StageKind.WON):
            start, end = since(one), one.closed_on
            days = None if start is None or end is None else (end - start).days
            found.append(None if days is None or days < 0 else Fraction(days))
        return found


def is_same_stage(one: StageVisit, other: StageVisit) -> bool:
    """Return whether two visits are to the same stage of the same funnel."""
    return (one.funnel, one.stage) == (other.funnel, other.stage)


def created(one: Opportunity) -> date | None:
    """Return the day on which an opportunity was created."""
    return one.created_on


def mean(values: Sequence[Value]) -> Value:
    """Return the mean of what is known."""
    return ratio(total(values), count(values))


NEEDS: dict[str, tuple[str, ...]] = {
    "lines": ("orders", "average_order_value"),
    "sales": (
        "revenue",
        "gross_revenue",
        "volume",
        "free_volume",
        "gross_profit",
        "gross_margin",
        "sales_profit",
        "sales_margin",
        "revenue_per_customer",
        "customers",
    ),
    "invoices": ("invoiced_amount", "collection_ratio_period"),
    "payments": ("collections", "collection_ratio_period"),
    "cases": ("case_response_days_mean",),
    "deliveries": ("on_time_delivery_rate", "order_handling_days_mean"),
    "targets": ("revenue_target",),
    "leads": (
        "leads_created",
        "conversion_rate",
        "conversion_open_share",
        "cost_per_lead",
        "cost_per_conversion",
    ),
    "visits": ("stage_conversion", "stage_open_share", "stage_win_rate", "stage_days_median"),
    "expenses": (
        "selling_expenses",
        "sales_profit",
        "sales_margin",
        "cost_per_lead",
        "cost_per_conversion",
    ),
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
        "sales_cycle_from_lead_mean",
        "sales_cycle_from_lead_median",
        "sales_cycle_from_lead_p90",
    ),
}

LOOPS: dict[str, Callable[[_Loops], Value]] = {
    "revenue": _Loops.revenue,
    "gross_revenue": _Loops.gross_revenue,
    "volume": lambda one: one.units(is_free=False),
    "free_volume": lambda one: one.units(is_free=True),
    "invoiced_amount": _Loops.invoiced,
    "collections": _Loops.collected,
    "collection_ratio_period": lambda one: ratio(one.collected(), one.invoiced()),
    "on_time_delivery_rate": _Loops.on_time,
    "order_handling_days_mean": lambda one: mean(one.handling_days()),
    "case_response_days_mean": lambda one: mean(one.response_days()),
    "revenue_target": _Loops.revenue_target,
    "leads_created": lambda one: Fraction(len(one.cohort())),
    "conversion_rate": lambda one: one.share_of_leads(LeadKind.CONVERTED),
    "conversion_open_share": lambda one: one.share_of_leads(LeadKind.OPEN, LeadKind.QUALIFIED),
    "cost_per_lead": lambda one: ratio(one.selling_expenses(), Fraction(len(one.cohort()))),
    "cost_per_conversion": lambda one: ratio(
        one.selling_expenses(),
        Fraction(sum(one.fate(lead) is LeadKind.CONVERTED for lead in one.cohort())),
    ),
    "stage_conversion": lambda one: one.share_of_visits("advanced"),
    "stage_open_share": lambda one: one.share_of_visits("open"),
    "stage_win_rate": _Loops.stage_win_rate,
    "stage_days_median": lambda one: at_share(one.stage_days(), "0.5"),
    "gross_profit": _Loops.gross_profit,
    "gross_margin": _Loops.gross_margin,
    "selling_expenses": _Loops.selling_expenses,
    "sales_profit": _Loops.sales_profit,
    "sales_margin": _Loops.sales_margin,
    "orders": _Loops.orders,
    "customers": _Loops.customers_who_bought,
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
    "sales_cycle_from_lead_mean": lambda one: mean(one.cycle(one.lead_created)),
    "sales_cycle_from_lead_median": lambda one: at_share(one.cycle(one.lead_created), "0.5"),
    "sales_cycle_from_lead_p90": lambda one: at_share(one.cycle(one.lead_created), "0.9"),
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
    if name in ("volume", "free_volume"):
        mine = [one for one in loops.sales if one.is_free is (name == "free_volume")]
        return bool(mine) and all(one.day is None for one in loops.sales)
    if name == "customers":
        bought = any(one.sign > 0 for one in loops.sales)
        return bought and all(one.day is None for one in loops.sales)
    if name in NEEDS["sales"]:
        return all(one.day is None for one in loops.sales)
    if name == "leads_created":
        return all(loops.seen(one.created_on) is None for one in loops.leads)
    if name == "new_customers_acquired":
        return all(loops.seen(one.created_on) is None for one in loops.listed_once())
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
    """
    The same holds where ids stand twice, references dangle and numbers have 38 digits.

    Without invoice lines, which would replace the order lines as what was sold, and of one version
    of each funnel: what becomes of stays that another one parts is asked in the tests of stays.
    """
    visits = [attrs.evolve(one, funnel_version=None) for one in book.stage_visits]
    book = attrs.evolve(book, invoice_lines=(), stage_visits=visits)
    rates = ConstantRates.of("USD", {"EUR": Decimal("1.0850")})
    assert_equal_to_loops(book, rates, as_of, during)
