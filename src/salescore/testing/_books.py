"""Strategies for whole books, without fault or with every fault that data have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import SalesBook
from salescore.entities import Opportunity, StageKind, record_table
from salescore.testing._hypothesis import st
from salescore.testing._records import Fields, records
from salescore.testing._values import days, decimals, instants

_START = date(2016, 1, 1)
_END = date(2018, 12, 31)
_DAYS = days(_START, _END)
_INSTANTS = st.one_of(st.none(), st.none(), instants(_START, _END))
_AMOUNTS = decimals(Decimal(-100), Decimal(100_000))
_NAMES = st.sampled_from(["Anna", "Bo", "陈伟", "Ünal & Co"])
_GROUPS = st.sampled_from([None, "West", "East", "华东"])
_CHANNELS = st.sampled_from([None, "web", "shop"])
_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)
_NOBODY = "nobody"


@st.composite
def books(
    draw: st.DrawFn, *, faulty: bool = False, currencies: Sequence[str] = ("USD", "EUR", "JPY")
) -> SalesBook:
    """
    Return small books of the years 2016 to 2018.

    Args:
        draw: Hypothesis's own.
        faulty: Whether the facts have what real data have: ids that stand twice, references to
            nobody, several currencies, costs that nobody recorded, dates out of order.
            `check_book` finds nothing in a book without fault.
        currencies: Codes of the money; a book without fault keeps to one of them.
    """
    codes = tuple(currencies) if faulty else (draw(st.sampled_from(currencies)),)
    maker = _Maker(draw=draw, faulty=faulty, codes=codes)
    teams = maker.make("teams", 3, name=_NAMES, region=_GROUPS, parent_id=st.none())
    reps = maker.make("sales_reps", 3, name=_NAMES, team_id=maker.one_of(teams), region=_GROUPS)
    customers = maker.make(
        "customers",
        4,
        name=_NAMES,
        segment=_GROUPS,
        industry=_GROUPS,
        country=_GROUPS,
        region=_GROUPS,
        rep_id=maker.one_of(reps),
        parent_id=st.none(),
        source=_CHANNELS,
        created_on=st.one_of(st.none(), _DAYS),
        recorded_at=_INSTANTS,
    )
    products = maker.make("products", 3, name=_NAMES, family=_GROUPS, subfamily=_GROUPS)
    keys = {
        "customer_id": maker.one_of(customers),
        "rep_id": maker.one_of(reps),
        "recorded_at": _INSTANTS,
    }
    opportunities = maker.make(
        "opportunities",
        5,
        product_id=maker.one_of(products),
        stage=st.sampled_from(["New", "Talks", "End"]),
        amount=maker.amounts(),
        source=_CHANNELS,
        created_on=st.one_of(st.none(), _DAYS),
        first_contact_on=st.one_of(st.none(), _DAYS),
        expected_close_on=st.one_of(st.none(), _DAYS),
        closed_on=st.one_of(st.none(), _DAYS),
        **keys,
    )
    if not faulty:
        opportunities = [_mended(one) for one in opportunities]
    activities = maker.make(
        "activities",
        5,
        happened_on=_DAYS,
        channel=_CHANNELS,
        opportunity_id=maker.one_of(opportunities),
        **keys,
    )
    orders = maker.make(
        "orders",
        5,
        ordered_on=_DAYS,
        opportunity_id=maker.one_of(opportunities),
        region=_GROUPS,
        channel=_CHANNELS,
        source=_CHANNELS,
        **keys,
    )
    order_lines = maker.make(
        "order_lines",
        8 if orders or faulty else 0,
        order_id=maker.one_of(orders, required=True),
        product_id=maker.one_of(products),
        quantity=decimals(Decimal(-5), Decimal(50)),
        net_amount=_AMOUNTS,
        gross_amount=st.one_of(st.none(), _AMOUNTS),
        cost=maker.amounts(),
    )
    expenses = maker.make(
        "expenses",
        4,
        spent_on=_DAYS,
        amount=_AMOUNTS,
        category=_CHANNELS,
        product_id=maker.one_of(products),
        region=_GROUPS,
        **keys,
    )
    return SalesBook(
        teams=teams,
        sales_reps=reps,
        customers=customers,
        products=products,
        opportunities=opportunities,
        activities=activities,
        orders=orders,
        order_lines=order_lines,
        expenses=expenses,
    )


@attrs.frozen(kw_only=True)
class _Maker:
    """Draws the records of one book; see `books` for what the attributes mean."""

    draw: st.DrawFn
    faulty: bool
    codes: tuple[str, ...]

    def make(self, name: str, most: int, /, **fields: Fields) -> list[Any]:
        """Return drawn records with ids of their own, or, in a faulty book, with some shared."""
        made = records(record_table(name), self.codes, id=st.just("-"), **fields)
        found = self.draw(st.lists(made, max_size=most))
        numbers = list(range(len(found)))
        if self.faulty and found:
            numbers = [self.draw(st.sampled_from([n, n, n, 0])) for n in numbers]
        return [
            attrs.evolve(one, id=f"{name}-{number}")
            for one, number in zip(found, numbers, strict=True)
        ]

    def one_of(self, targets: Sequence[Any], *, required: bool = False) -> Fields:
        """Return ids of records, null where that is allowed, and of nobody in a faulty book."""
        ids: list[str | None] = [one.id for one in targets]
        if self.faulty:
            ids.append(_NOBODY)
        if not required or not ids:
            ids.append(None)
        return st.sampled_from(ids)

    def amounts(self) -> Fields:
        """Return amounts, null only where data may be missing."""
        return st.one_of(st.none(), _AMOUNTS) if self.faulty else _AMOUNTS


def _mended(one: Opportunity) -> Opportunity:
    """Return an opportunity whose dates, kind and probability fit each other."""
    probability = one.probability
    closed_on: date | None = None
    if one.kind in _CLOSED:
        begun = [day for day in (one.created_on, one.first_contact_on) if day is not None]
        closed_on = max([*begun, one.closed_on or _END])
        probability = Decimal(one.kind is StageKind.WON)
    return attrs.evolve(one, closed_on=closed_on, probability=probability)
