"""Status tables: which states a document may have, and which moves lead from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import attrs

from salescore.entities import Contract, DocumentKind, Order, Quote, record_table
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel._names import (
    as_clears,
    as_override_roles,
    as_required,
    as_roles,
    as_sources,
    check_text,
)
from salescore.funnel._stage import (
    Criterion,
    as_members,
    check_choice,
    check_flag,
    check_labels,
    check_members,
)
from salescore.funnel._step import Asked, asked_for
from salescore.plain import FieldTable, Kind

Document = Quote | Contract | Order
"""Records that a status table moves."""

DOCUMENTS = ("quotes", "contracts", "orders")
"""Record types that a status table can be for."""


@attrs.frozen(kw_only=True)
class Status:
    """
    One state of a document.

    Attributes:
        key: What records call it, in their field `status`.
        kind: State that it stands for; a document is neither won nor lost.
        labels: English and Chinese label, in this order.
    """

    key: str
    kind: DocumentKind
    labels: tuple[str, str] = ("", "")

    def __attrs_post_init__(self) -> None:
        check_text("key of a status", self.key)
        check_choice(f"kind of {self.key}", self.kind, DocumentKind)
        check_labels(f"labels of {self.key}", self.labels)


@attrs.frozen(kw_only=True)
class StatusMove:
    """
    One way from states to a state.

    Attributes:
        sources: Keys of the states that it leads out of.
        target: Key of the state that it leads to.
        guards: What must be fulfilled.
        required: Fields of the document that must be known.
        roles: Who may do it, of whom one is enough; empty for anybody.
        needs_reason: Whether a reason must be given.
        sets: Field that takes the day of the move, where it is not known; `None` for none.
        clears: Fields that are unknown afterwards, such as the day of a cancellation taken back.
    """

    sources: tuple[str, ...] = attrs.field(converter=as_sources)
    target: str
    guards: tuple[Criterion, ...] = attrs.field(default=(), converter=as_members)
    required: tuple[str, ...] = attrs.field(default=(), converter=as_required)
    roles: tuple[str, ...] = attrs.field(default=(), converter=as_roles)
    needs_reason: bool = False
    sets: str | None = None
    clears: tuple[str, ...] = attrs.field(default=(), converter=as_clears)

    def __attrs_post_init__(self) -> None:
        check_text("target of a move", self.target)
        check_members(f"guards to {self.target}", self.guards, Criterion)
        check_flag(f"needs_reason to {self.target}", self.needs_reason)
        if not self.sources:
            raise InvalidValue(f"sources to {self.target}", (), "expected at least one status")
        if self.target in self.sources:
            fault = "a document that has a status already does not move to it"
            raise InvalidValue(f"sources to {self.target}", self.sources, fault)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Return the guards, ready to be asked."""
        return tuple(asked_for(one, None) for one in self.guards)


@attrs.frozen(kw_only=True)
class StatusTable:
    """
    The states of one type of document in one version, and the moves between them.

    Attributes:
        name: What events call the table.
        version: Version; another one is another table, and rewrites nothing.
        records: Record type that it is for: quotes, contracts or orders.
        statuses: The states in order; a document begins in the first.
        moves: The ways between them.
        labels: English and Chinese label, in this order.
        override_roles: Who may pass over what is not fulfilled, giving a reason; empty for anybody.
        source: Where the table comes from; `None` where nobody said.
    """

    name: str
    version: str
    records: str
    statuses: tuple[Status, ...] = attrs.field(converter=as_members)
    moves: tuple[StatusMove, ...] = attrs.field(converter=as_members)
    labels: tuple[str, str] = ("", "")
    override_roles: tuple[str, ...] = attrs.field(default=(), converter=as_override_roles)
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        check_text("name of a status table", self.name)
        check_text(f"version of {self.name}", self.version)
        check_members(f"statuses of {self.name}", self.statuses, Status)
        check_members(f"moves of {self.name}", self.moves, StatusMove)
        check_labels(f"labels of {self.name}", self.labels)
        if self.records not in DOCUMENTS:
            raise UnknownName(f"record type of {self.name}", self.records, DOCUMENTS)
        if not self.statuses:
            raise InvalidValue(f"statuses of {self.name}", (), "a table needs at least one status")
        known = [one.key for one in self.statuses]
        for place, key in enumerate(known):
            if key in known[:place]:
                raise InvalidValue(f"status of {self.name}", key, "it stands there twice")
        ways: set[tuple[str, str]] = set()
        for move in self.moves:
            for key in (*move.sources, move.target):
                if key not in known:
                    raise UnknownName(f"status of {self.name}", key, tuple(known))
            for source in move.sources:
                if (source, move.target) in ways:
                    way = f"{source} to {move.target}"
                    raise InvalidValue(f"move of {self.name}", way, "it stands there twice")
                ways.add((source, move.target))
            self._check_days(move)

    def _check_days(self, move: StatusMove) -> None:
        table = record_table(self.records)
        days = {one.name for one in table.fields if one.kind is Kind.DATE}
        if move.sets is not None and move.sets not in days:
            raise UnknownName(f"date of {self.records}", move.sets, tuple(sorted(days)))
        nullable = {one.name for one in table.fields if one.nullable} - {"status", "kind"}
        for name in move.clears:
            if name not in nullable:
                raise UnknownName(f"field of {self.records}", name, tuple(sorted(nullable)))

    @property
    def title(self) -> str:
        """Return name and version, as events and refusals tell them."""
        return f"{self.name} {self.version}"

    @cached_property
    def by_key(self) -> Mapping[str, Status]:
        """Return the states by key."""
        return {one.key: one for one in self.statuses}

    @cached_property
    def ways(self) -> Mapping[tuple[str, str], StatusMove]:
        """Return the moves by the keys of the states that they lead out of and to."""
        return {(source, one.target): one for one in self.moves for source in one.sources}

    def status(self, key: str) -> Status:
        """
        Return the state of a key.

        Raises:
            UnknownName: The table has no such status.
        """
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownName(f"status of {self.name}", key, tuple(self.by_key)) from None

    def status_of(self, document: Document) -> Status | None:
        """
        Return the state of a document; `None` where the table does not have it.

        One without a word for its status has the first of its kind, and one without a kind is open.
        """
        if document.status is not None:
            return self.by_key.get(document.status)
        kind = DocumentKind.OPEN if document.kind is None else document.kind
        return next((one for one in self.statuses if one.kind is kind), None)

    def targets(self, key: str) -> tuple[str, ...]:
        """Return the keys of the states that moves lead to from a state."""
        return tuple(target for source, target in self.ways if source == key)

    @property
    def table(self) -> FieldTable:
        """Return the field table of its documents."""
        return record_table(self.records)

    @property
    def record(self) -> type[Any]:
        """Return the class of its documents."""
        return cast("type[Any]", self.table.record)
