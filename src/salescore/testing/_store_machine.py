"""A state machine that does anything to a store and to a model, and compares what both tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from salescore.errors import KeyReused, VersionConflict
from salescore.rules import F, Term
from salescore.storage import (
    NOW,
    Capability,
    Moment,
    OrderBy,
    Put,
    Query,
    Remove,
    Store,
    Unit,
)
from salescore.testing._hypothesis import st
from salescore.testing._store_drawn import drawn_settings
from salescore.testing._store_model import StoreModel
from salescore.testing._store_queries import walked
from salescore.testing._store_samples import at, contact, customer, day, dollars, event
from salescore.testing._store_trial import Check, Trial, holds, same

_IDS = ("a", "b", "华")
_PEOPLE = {"p": "a", "q": "b"}
"""Contacts, each of one customer for ever, so that what an erasure reaches is beyond doubt."""

_SEGMENTS = (None, "old", "new", "")
_NUMBERS = (None, Decimal(0), Decimal("0.5"), Decimal("10.00"), Decimal(9))
_EVENTS = ("e1", "e2", "e3", "e4", "e5", "e6")
_KEYS = (None, None, "k1", "k2", "k3")
_RULES: tuple[Term | None, ...] = (
    None,
    F.segment == "old",
    ~(F.segment == "old"),
    F.employees > Decimal("0.5"),
    F.credit_limit_amount.is_null(),
    (F.segment == "new") | (F.employees <= Decimal(9)),
)
_ORDERS: tuple[tuple[OrderBy, ...], ...] = (
    (),
    (OrderBy("employees"),),
    (OrderBy("employees", is_descending=True), OrderBy("segment")),
    (OrderBy("segment", is_descending=True),),
)

_DAYS = st.one_of(st.none(), st.none(), st.integers(1, 9).map(day))
_EXPECTED = st.one_of(st.none(), st.none(), st.just("right"), st.integers(0, 4))
_MINUTES = st.integers(0, 40)
_HISTORIES = 20
_MOMENTS = st.one_of(
    st.just(NOW),
    st.builds(Moment, recorded=st.one_of(st.none(), _MINUTES.map(at)), effective=_DAYS),
)


class _Drawn(NamedTuple):
    """A change as it was drawn: of which record, for which version, what it says."""

    subject: str
    is_removal: bool
    segment: str | None
    number: Decimal | None
    needs: str | None
    expected: int | str | None
    effective_on: date | None


_CHANGES = st.lists(
    st.builds(
        _Drawn,
        st.sampled_from((*_IDS, *_PEOPLE)),
        st.booleans(),
        st.sampled_from(_SEGMENTS),
        st.sampled_from(_NUMBERS),
        st.sampled_from((None, "needs")),
        _EXPECTED,
        _DAYS,
    ),
    max_size=3,
    unique_by=lambda one: one.subject,
)


class StoreMachine(RuleBasedStateMachine):
    """
    One run: a store, its model, and answers of the past that must stay.

    Attributes:
        trial: Where stores come from; a class made for the run sets it.
    """

    trial: Trial
    steps: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.place = self.trial.factory.fresh()
        self.store: Store = self.trial.open(self.place)
        self.model = StoreModel(self.store.tables)
        self.told: dict[tuple[str, Moment], object] = {}

    def teardown(self) -> None:
        """Close the store."""
        self.store.close()

    @rule(
        changes=_CHANGES,
        events=st.lists(st.sampled_from(_EVENTS), max_size=2, unique=True),
        detail=st.sampled_from((None, None, None, "other")),
        key=st.sampled_from(_KEYS),
        minutes=_MINUTES,
    )
    def commit(
        self,
        changes: list[_Drawn],
        events: list[str],
        detail: str | None,
        key: str | None,
        minutes: int,
    ) -> None:
        """Commit a unit that may be right, in conflict, or under a used key."""
        made = tuple(map(self._change, changes))
        told = tuple(event(one, "a", actor="who", detail=detail) for one in events)
        if made or told:
            self._both(Unit(recorded_at=at(minutes), changes=made, events=told, key=key))

    @rule(
        subject=st.sampled_from(_IDS),
        segment=st.sampled_from(_SEGMENTS),
        key=st.sampled_from(_KEYS),
        effective_on=_DAYS,
        minutes=_MINUTES,
    )
    def put(
        self,
        subject: str,
        segment: str | None,
        key: str | None,
        effective_on: date | None,
        minutes: int,
    ) -> None:
        """Put one record, whatever is kept."""
        whole = customer(subject, segment=segment)
        unit = Unit(recorded_at=at(minutes), key=key).put(whole, effective_on=effective_on)
        self._both(unit.append([event("e1", "a")]) if segment is None else unit)

    def _change(self, drawn: _Drawn) -> Put | Remove:
        subject, effective_on = drawn.subject, drawn.effective_on
        records = "contacts" if subject in _PEOPLE else "customers"
        kept = self.model.read(records, subject)
        current = 0 if kept is None else kept.version
        expected = current if isinstance(drawn.expected, str) else drawn.expected
        if records == "contacts":
            person = contact(subject, _PEOPLE[subject], title="title")
            return Put(person, expected, effective_on)
        if drawn.is_removal:
            return Remove(records, subject, expected, effective_on)
        limit = None if drawn.number is None else dollars(str(drawn.number))
        whole = customer(
            subject,
            segment=drawn.segment,
            employees=drawn.number,
            needs=drawn.needs,
            credit_limit=limit,
        )
        return Put(whole, expected, effective_on)

    def _both(self, unit: Unit) -> None:
        """Give a unit to both, and compare answers or refusals."""
        faults = [_named(fault) for fault in self.model.faults(unit)]
        try:
            answer = self.store.commit(unit)
        except (VersionConflict, KeyReused) as fault:
            holds(_named(fault) in faults, f"expected {faults}, found {fault!r} for {unit}")
        else:
            same([], faults, f"{unit} was kept, and these faults of it")
            same(answer, self.model.commit(unit), f"the answer to {unit}")

    @rule(place=st.integers(0, 100), minutes=_MINUTES)
    def retry(self, place: int, minutes: int) -> None:
        """Repeat a unit that was kept under a key, at any later time."""
        keyed = [one.unit for one in self.model.units if one.unit.key is not None]
        if keyed:
            unit = keyed[place % len(keyed)]
            self._both(
                Unit(
                    recorded_at=at(minutes), changes=unit.changes, events=unit.events, key=unit.key
                )
            )

    @rule(subject=st.sampled_from(_IDS))
    def erase(self, subject: str) -> None:
        """Erase a customer, and forget what was told of the past: it may have named the subject."""
        count = self.store.erase("customers", subject, recorded_at=at(0))
        same(count, self.model.erase("customers", subject), f"rows changed by erasing {subject}")
        self.told.clear()
        same(self.store.erase("customers", subject, recorded_at=at(0)), 0, "erasing again")

    @rule(
        where=st.sampled_from(_RULES),
        order=st.sampled_from(_ORDERS),
        limit=st.integers(1, 3),
        moment=_MOMENTS,
        after=st.integers(0, 7),
    )
    def ask(
        self,
        where: Term | None,
        order: tuple[OrderBy, ...],
        limit: int,
        moment: Moment,
        after: int,
    ) -> None:
        """Ask everything of one moment, and remember what can never change."""
        query = Query(records="customers", where=where, order=order, at=moment)
        same(tuple(walked(self.store, query, limit)), self.model.find(query), f"{query}")
        clock = max((one.answer.recorded_at for one in self.model.units), default=at(0))
        for records, ids in (("customers", _IDS), ("contacts", tuple(_PEOPLE))):
            for name in ids:
                found = self.store.read(records, name, moment)
                same(found, self.model.read(records, name, moment), f"{name} as of {moment}")
                if moment.recorded is not None and moment.recorded < clock:
                    self.told[f"{records} {name}", moment] = found
        found_events = self.store.events(after=after, limit=limit)
        same(found_events, self.model.events(after)[:limit], f"{limit} events after {after}")

    @rule()
    def reopen(self) -> None:
        """Close the store and open the same place again, where it is durable."""
        if Capability.DURABLE in self.trial.capabilities:
            self.store.close()
            self.store = self.trial.open(self.place)

    @invariant()
    def agrees(self) -> None:
        """Hold the present and the remembered past against the model."""
        type(self).steps += 1
        for name in _IDS:
            same(self.store.read("customers", name), self.model.read("customers", name), name)
            found = self.store.versions("customers", name)
            same(found, self.model.versions("customers", name), f"the versions of {name}")
        same(self.store.events(), self.model.events(), "the events")
        for (subject, moment), answer in self.told.items():
            records, _, name = subject.partition(" ")
            same(self.store.read(records, name, moment), answer, f"{subject} as of {moment}, again")


def _named(fault: VersionConflict | KeyReused) -> tuple[object, ...]:
    if isinstance(fault, KeyReused):
        return ("reused", fault.kind, fault.key)
    return ("conflict", fault.records, fault.id, fault.expected, fault.found)


def any_history_is_as_the_model_says(trial: Trial) -> str:
    """Whatever is done in whatever order, a store tells what a model in plain Python tells."""

    class Machine(StoreMachine):
        """The machine of this trial."""

    settings = drawn_settings(trial, examples=_HISTORIES, steps=25)
    Machine.trial = trial
    if trial.seed:
        hypothesis.seed(trial.seed)(Machine)
    run_state_machine_as_test(Machine, settings=settings)
    holds(Machine.steps, "the machine did nothing")
    return f"{Machine.steps} steps in {_HISTORIES * trial.rounds} histories"


CHECKS = (Check("any_history_is_as_the_model_says", any_history_is_as_the_model_says),)
