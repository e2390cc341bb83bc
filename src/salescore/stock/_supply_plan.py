"""From a demand forecast to orders: what arrives, what leaves and what is left, by period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.plain import as_tuple
from salescore.render import Language, number, percent, text_table
from salescore.stock._amounts import (
    MOST_PERIODS,
    as_fraction,
    check_kind,
    closed_share,
    counted_periods,
    demand_of,
    from_zero,
    inside,
    settled,
    settled_up,
    several,
    shown,
    whole_periods,
)
from salescore.stock._lead_time import demand_until
from salescore.stock._lots import ANY_QUANTITY, LotRules, check_lots
from salescore.stock._receipts import is_day
from salescore.stock._risk import chance_above, least_covering, shortage_of
from salescore.stock._words import Words
from salescore.values import EXACT, Period, exact_sum

_NOTHING = Decimal(0)
_SHOWN = 2
_HEAD = (
    ("Period", "期间"),
    ("Opening", "期初"),
    ("Demand", "需求"),
    ("Receipts", "到货"),
    ("Order", "下单"),
    ("Closing", "期末"),
    ("Shortage risk", "缺货概率"),
    ("Shortage", "预期缺货"),
    ("Excess", "预期剩余"),
)


@attrs.frozen(kw_only=True)
class SupplyRow:
    """
    One period of a supply plan; all quantities in units.

    Attributes:
        number: Which period, counted from 1.
        period: Its days; `None` where none were given.
        opening: Expected at its start: the closing of the period before; below 0 customers wait.
        demand: Expected demand, to 12 digits after the point.
        scheduled: What arrives of what is on order already.
        planned: What arrives of the orders of this plan.
        order: What to order at its start; `None` where it would arrive after the last period.
        closing: Expected at its end: opening + scheduled + planned - demand.
        missing: Units by which supply falls short of what the wanted service needs, as no order
            could arrive in time; 0 from the first period on that an order can reach.
        shortage_chance: Chance, seen from now, that demand up to its end exceeds supply, from 0 to
            1.
        expected_shortage: Units that customers then wait for, on average, to 12 digits after the
            point.
        expected_excess: Units then left, on average: closing + expected_shortage.
    """

    number: int
    period: Period | None
    opening: Decimal
    demand: Decimal
    scheduled: Decimal
    planned: Decimal
    order: Decimal | None
    closing: Decimal
    missing: Decimal
    shortage_chance: Decimal
    expected_shortage: Decimal
    expected_excess: Decimal

    @property
    def receipts(self) -> Decimal:
        """Return all that arrives in the period, in units."""
        return EXACT.add(self.scheduled, self.planned)

    @property
    def label(self) -> str:
        """Return the key of the period, or its number."""
        return str(self.number) if self.period is None else self.period.key


@attrs.frozen(kw_only=True)
class SupplyPlan:
    """
    What to order in each period, and what that risks.

    Attributes:
        rows: The periods, in order.
        method: How orders were found.
        as_of: Day on which the plan is made; `None` where none was given.
        product_id: Product; `None` where none was given.
        notes: What to know about it, each in English and Chinese.
    """

    rows: tuple[SupplyRow, ...] = attrs.field(converter=as_tuple)
    method: str
    as_of: date | None = None
    product_id: str | None = None
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def orders(self) -> tuple[Decimal | None, ...]:
        """Return what to order in each period; `None` where it arrives after the last period."""
        return tuple(one.order for one in self.rows)

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the plan as a table.

        Args:
            language: Language of the words.
        """
        rows = [
            [
                row.label,
                *(
                    number(one, _SHOWN)
                    for one in (row.opening, row.demand, row.receipts, row.order, row.closing)
                ),
                percent(row.shortage_chance),
                number(row.expected_shortage, _SHOWN),
                number(row.expected_excess, _SHOWN),
            ]
            for row in self.rows
        ]
        head = [language.pick(one) for one in _HEAD]
        return "\n".join([*text_table(head, rows), *map(language.pick, self.notes)])


def supply_plan(
    demand: Sequence[Distribution | Decimal],
    *,
    opening: Decimal,
    lead_time: int | Decimal,
    receipts: Sequence[Decimal] = (),
    service_level: Decimal | None = None,
    safety_stock: Decimal = _NOTHING,
    lots: LotRules = ANY_QUANTITY,
    correlation: Decimal = _NOTHING,
    periods: Sequence[Period] = (),
    as_of: date | None = None,
    product_id: str | None = None,
) -> SupplyPlan:
    """
    Return supply rows for a demand forecast: receipts, orders to place, and what they risk.

    An order placed at the start of a period arrives at the start of the one a lead time later.
    As much is ordered, in whole lots, as lifts the supply up to its end to the wanted level: the
    quantile of all demand until then, or its mean and a safety stock.
    Customers who find nothing wait.
    Risks are those of this plan carried out unchanged; a plan made anew each period knows more, so
    that later orders come out smaller and only those to be placed now bind.

    Args:
        demand: Demand of each period from now on, in units; a plain number is sure. `unit_demand`
            makes one of a forecast.
        opening: Units there are to sell: on hand, less what is reserved beyond the forecast; below
            0 where customers wait for more than there is.
        lead_time: Whole periods from order to arrival; 0 arrives in the period of the order.
        receipts: Units on order already that arrive in each period; none for periods not stated.
        service_level: Chance of no shortage up to the end of a period, between 0 and 1; `None`
            plans for the mean and the safety stock.
        safety_stock: Units to be left by expectation, from 0 on; only without a service level.
        lots: Quantities that can be ordered.
        correlation: Of the common factor on which the demands of all periods depend, from 0 to 1.
            It takes long where demands have hundreds of values: let `unit_demand` take larger
            units.
        periods: Days of the periods, as many as demands, one following the other; may be left out.
        as_of: Day on which the plan is made, to be kept with it.
        product_id: Product, to be kept with it.

    Returns:
        One row per period; opening + receipts - demand is closing in each, to the last digit, and
        the closing of one the opening of the next.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: There is no period or more than 1,000, a demand or receipt may lie below 0,
            there are more receipts than periods, the lead time is no whole number from 0 on,
            both a service level and a safety stock are given, or periods leave gaps.

    Examples:
        >>> plan = supply_plan(
        ...     [Decimal(40)] * 3,
        ...     opening=Decimal(60),
        ...     lead_time=1,
        ...     lots=LotRules(lot_size=Decimal(25)),
        ... )
        >>> plan.orders, [row.closing for row in plan.rows]
        ((Decimal('25'), Decimal('50'), None), [Decimal('20'), Decimal('5'), Decimal('15')])

    Source:
        Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition
        (2017): time-phased order points; chances from the distribution of cumulative demand.
    """
    wanted = _demands(demand)
    closed_share("correlation", correlation)
    if as_of is not None and not is_day(as_of):
        raise InvalidValue("as_of", as_of, "it must be a date without a time, or None")
    check_kind("product_id", product_id, str | None, "a text, or None")
    arriving = _receipts(receipts, len(wanted))
    after = whole_periods("lead time", lead_time)
    check_lots(lots)
    as_fraction("opening stock", opening)
    from_zero("safety stock", safety_stock)
    share = None if service_level is None else inside("service level", service_level)
    if share is not None and safety_stock:
        fault = "the service level sets it; state one of the two"
        raise InvalidValue("safety stock", safety_stock, fault)
    days = _days(periods, len(wanted))
    planned = [_NOTHING] * len(wanted)
    rows: list[SupplyRow] = []
    supply, closing = opening, opening
    expected = _NOTHING
    until = wanted[0]
    for place, one in enumerate(wanted):
        until = demand_until(until, wanted[: place + 1], correlation) if place else one
        mean = settled(one.exact_mean)
        expected = EXACT.add(expected, mean)
        supply = EXACT.add(supply, arriving[place])
        level = EXACT.add(expected, safety_stock) if share is None else least_covering(until, share)
        missing = settled_up(max(_NOTHING, EXACT.subtract(level, supply)))
        if place >= after and missing:
            planned[place] = lots.quantity(missing)
            supply = EXACT.add(supply, planned[place])
            missing = _NOTHING
        start = closing
        closing = EXACT.subtract(exact_sum((start, arriving[place], planned[place])), mean)
        short = max(settled(shortage_of(supply, until)), EXACT.minus(closing), _NOTHING)
        rows.append(
            SupplyRow(
                number=place + 1,
                period=days[place],
                opening=start,
                demand=mean,
                scheduled=arriving[place],
                planned=planned[place],
                order=None,
                closing=closing,
                missing=missing,
                shortage_chance=shown(chance_above(supply, until)),
                expected_shortage=short,
                expected_excess=EXACT.add(closing, short),
            )
        )
    return SupplyPlan(
        rows=[
            attrs.evolve(row, order=planned[place + after]) if place + after < len(rows) else row
            for place, row in enumerate(rows)
        ],
        method=_method(service_level, safety_stock, after, correlation),
        as_of=as_of,
        product_id=product_id,
        notes=_notes(rows, after),
    )


def _method(
    service_level: Decimal | None, safety_stock: Decimal, lead_time: int, correlation: Decimal
) -> str:
    aim = (
        f"mean and safety stock of {safety_stock}"
        if service_level is None
        else f"quantile {service_level} of cumulative demand"
    )
    return f"supply plan, {aim}, lead time {lead_time}, correlation {correlation}"


def _notes(rows: Sequence[SupplyRow], lead_time: int) -> tuple[Words, ...]:
    late = [row for row in rows[:lead_time] if row.missing]
    if not late:
        return ()
    named = ", ".join(row.label for row in late)
    chinese = f" {'、'.join(row.label for row in late)}"
    if late[0].period is None:
        named = f"period {named}" if len(late) == 1 else f"periods {named}"
        chinese = f"第{chinese} 期"
    return (
        (
            f"no order placed now arrives in time for {named}: hasten what is on order",
            f"现在下单赶不上{chinese}：请催促在途货物",
        ),
    )


def _demands(demand: Sequence[Distribution | Decimal]) -> list[Distribution]:
    each = several("demand", demand, "one for each period, such as [demand] * 12")
    if not 1 <= len(each) <= MOST_PERIODS:
        fault = f"a plan has 1 to {MOST_PERIODS:,} periods"
        raise InvalidValue("number of periods", len(each), fault)
    return [demand_of("demand", one) for one in each]


def _receipts(receipts: Sequence[Decimal], periods: int) -> list[Decimal]:
    each = several("receipts", receipts, "units for each period")
    if len(each) > periods:
        fault = f"the plan has {counted_periods(periods)}; leave out what arrives later"
        raise InvalidValue("number of receipts", len(each), fault)
    for one in each:
        from_zero("receipt", one)
    return [*each, *[_NOTHING] * (periods - len(each))]


def _days(periods: Sequence[Period], wanted: int) -> list[Period | None]:
    return [*checked_periods(periods, wanted)] or [None] * wanted


def checked_periods(periods: Sequence[Period], wanted: int) -> tuple[Period, ...]:
    """
    Return periods; refuse what is none, too few or too many, or does not follow each other.

    Args:
        periods: The periods, or none.
        wanted: Number of rows.

    Raises:
        InvalidValue: They do not fit.
    """
    each = several("periods", periods, "one after the other")
    for one in each:
        check_kind("period", one, Period, "a Period, such as Calendar().parse('2026-03')")
    if each and len(each) != wanted:
        fault = f"state one for each of the {wanted:,}, or none" if wanted > 1 else "state one"
        raise InvalidValue("number of periods", len(each), fault)
    for first, second in pairwise(each):
        if first.end != second.start:
            fault = f"it must start on {first.end}, where {first.key} ends"
            raise InvalidValue("period", second.key, fault)
    return each
