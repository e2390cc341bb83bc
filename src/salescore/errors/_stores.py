"""Errors of stores."""

from __future__ import annotations

from salescore.errors._root import SalesCoreError, shown


class VersionConflict(SalesCoreError, RuntimeError):
    """
    A record is at another version than the one that was to be changed.

    Attributes:
        records: Record type in snake_case plural.
        id: Id of the record.
        expected: Version that the change was made for; 0 for a record that was to be new, `None`
            for one that was to be removed at any version.
        found: Version that is kept; 0 where there is no such record.
    """

    def __init__(
        self,
        records: str,
        id: str,  # noqa: A002 - the attribute's name
        expected: int | None,
        found: int,
    ) -> None:
        """Keep the record and both versions."""
        super().__init__(records, id, expected, found)
        self.records = records
        self.id = id
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        """Name the record, both versions and the way out."""
        thing = f"{self.records} {shown(self.id)}"
        if self.expected is None:
            return f"{thing} was to be removed, but there is no such record"
        if self.found == 0:
            return f"{thing} was to be at version {self.expected}, but there is no such record"
        if self.expected == 0:
            return f"{thing} was to be new, but is kept at version {self.found}"
        return (
            f"{thing} was to be at version {self.expected}, but is at {self.found}; "
            "read it again and repeat the change"
        )


class KeyReused(SalesCoreError, ValueError):
    """
    An idempotency key or the id of an event came again with other content.

    Attributes:
        kind: What was reused: "idempotency key" or "event id".
        key: The key.
    """

    def __init__(self, kind: str, key: str) -> None:
        """Keep the kind and the key."""
        super().__init__(kind, key)
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        """Name the key and what would be right."""
        return (
            f"{self.kind} {shown(self.key)} stands for other content already; "
            "a retry must repeat the same content, anything else needs a key of its own"
        )


class StoreRefused(SalesCoreError, ValueError):
    """
    A store cannot be opened or asked like that.

    Attributes:
        store: The store as the caller named it, without any password.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, store: str, fault: str) -> None:
        """Keep the store and the fault."""
        super().__init__(store, fault)
        self.store = store
        self.fault = fault

    def __str__(self) -> str:
        """Name the store and the fault."""
        return f"the store {self.store} cannot be used: {self.fault}"


class StoreBusy(SalesCoreError, TimeoutError):
    """
    Others kept a store locked for longer than the caller would wait; nothing was changed.

    Attributes:
        store: The store as the caller named it, without any password.
        fault: How long it was waited for, and what would be right.
    """

    def __init__(self, store: str, fault: str) -> None:
        """Keep the store and the fault."""
        super().__init__(store, fault)
        self.store = store
        self.fault = fault

    def __str__(self) -> str:
        """Name the store and the fault."""
        return f"the store {self.store} is busy: {self.fault}"


class StoreFailed(SalesCoreError, OSError):
    """
    The disk, the file or the server of a store failed.

    A unit of work that meets it is kept as a whole or not at all; where an answer got lost on its
    way, the same unit with its idempotency key tells which.

    Attributes:
        store: The store as the caller named it, without any password.
        fault: What failed and what would be right.
    """

    def __init__(self, store: str, fault: str) -> None:
        """Keep the store and the fault."""
        super().__init__(store, fault)
        self.store = store
        self.fault = fault

    def __str__(self) -> str:
        """Name the store and the fault."""
        return f"the store {self.store} failed: {self.fault}"
