"""Stores that older releases wrote: what is in them, and whether it is still told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from salescore.entities import (
    Contact,
    ContactId,
    Customer,
    CustomerId,
    Event,
    EventId,
    Lifecycle,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
)
from salescore.rules import F
from salescore.storage import Moment, Query, Store, Unit
from salescore.testing._store_model import StoreModel
from salescore.testing._store_trial import Check, Trial, same
from salescore.values import Money

_BEGAN = datetime(2024, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC)
_IDS = (("customers", "华东-1"), ("customers", "b"), ("contacts", "c"), ("orders", "o"))


@attrs.frozen
class GoldenStore:
    """
    A store that an older release wrote with `write_golden`, kept as a file of the tests.

    Attributes:
        name: What wrote it, such as "form 1".
        place: Makes a copy of it at a new place, and returns that place.
    """

    name: str
    place: Callable[[], str]


def _at(minutes: int) -> datetime:
    return _BEGAN + timedelta(minutes=minutes)


def _tape() -> Iterator[Unit]:
    """
    Yield what every golden store holds; it must stay as it is, for files were written with it.

    A release that adds fields to records leaves them unknown here.
    """
    first = Customer(
        id=CustomerId("华东-1"),
        name="上海某公司",
        lifecycle=Lifecycle.CUSTOMER,
        employees=Decimal("120.50"),
        credit_limit=Money(Decimal("12345678901234567890.123456"), "CNY"),
        phone="+86 21 1234",
        needs="交货快",
        created_on=date(2020, 2, 29),
        recorded_at=datetime(2020, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
    )
    second = Customer(id=CustomerId("b"), name="B", region="West", parent_id=first.id)
    person = Contact(
        id=ContactId("c"), name="王芳", customer_id=first.id, birthday=date(1990, 1, 2)
    )
    order = Order(id=OrderId("o"), ordered_on=date(2024, 5, 1), customer_id=first.id)
    line = OrderLine(
        id=OrderLineId("l"),
        order_id=order.id,
        quantity=Decimal("0.001"),
        net_amount=Money(Decimal("99.995"), "KWD"),
    )
    told = [
        Event(
            id=EventId(f"e{number}"),
            name="noted",
            happened_at=_at(-number),
            record="customers",
            subject=first.id,
            actor="王芳" if number % 2 else None,
            detail='{"n": 1}',
        )
        for number in range(3)
    ]
    yield Unit(recorded_at=_at(0), key="k1", events=told[:2]).put(first, second)
    yield Unit(recorded_at=_at(1)).put(person, order, line)
    changed = attrs.evolve(first, employees=None, needs="")
    yield Unit(recorded_at=_at(2), key="k2").put(changed, expected=1, effective_on=date(2024, 6, 1))
    yield Unit(recorded_at=_at(2), events=told[2:]).remove(
        "customers", "b", effective_on=date(2024, 5, 20)
    )
    back = attrs.evolve(second, region="East", parent_id=None)
    yield Unit(recorded_at=_at(3), key="k3").put(back, expected=0)


def write_golden(store: Store) -> None:
    """
    Write into an empty store what the stores of later releases will be asked about.

    Keep the file that it makes, and never write it again: it shows what this release wrote.
    """
    for unit in _tape():
        store.commit(unit)
    store.erase("customers", "b", recorded_at=_at(4))


def golden_check(golden: GoldenStore) -> Check:
    """Return the check that a store of an older release is brought up to date."""

    def an_older_store_is_brought_up_to_date(trial: Trial) -> str:
        """What an older release wrote is told as it was, and goes on from there."""
        place = golden.place()
        for _ in range(2):
            _judge(trial.open(place))
        store = trial.open(place)
        model = _model(store)
        for unit in _tape():
            if unit.key is not None:
                same(store.commit(unit).is_repeat, True, f"is_repeat of unit {unit.key}")
        late = Unit(recorded_at=_at(9)).remove("contacts", "c", expected=1)
        same(store.commit(late), model.commit(late), "the answer to the next unit")
        return f"{golden.name}: 5 units, 3 events and 1 erasure told as then"

    name = f"{an_older_store_is_brought_up_to_date.__name__}[{golden.name}]"
    return Check(name, an_older_store_is_brought_up_to_date)


def _model(store: Store) -> StoreModel:
    model = StoreModel(store.tables)
    for unit in _tape():
        model.commit(unit)
    model.erase("customers", "b")
    return model


def _judge(store: Store) -> None:
    model = _model(store)
    same(store.events(), model.events(), "the events")
    moments: list[Any] = [Moment()]
    moments += [Moment(recorded=_at(minute)) for minute in range(-1, 5)]
    moments += [Moment(effective=date(2024, 5, 19)), Moment(effective=date(2024, 6, 1))]
    for records, name in _IDS:
        found = store.versions(records, name)
        same(found, model.versions(records, name), f"the versions of {name}")
        for moment in moments:
            kept = store.read(records, name, moment)
            same(kept, model.read(records, name, moment), f"{name} as of {moment}")
    for rule in (None, F.region == "East", F.credit_limit_amount > Decimal(1), F.region.is_null()):
        for moment in moments:
            query = Query(records="customers", where=rule, at=moment)
            same(store.find(query).kept, model.find(query), f"{query}")
