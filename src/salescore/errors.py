"""
Everything `salescore` raises, as one tree.

Catch `SalesCoreError` for all of it, a leaf for one fault, or the builtin a leaf also inherits.

```text
SalesCoreError
├── CurrencyMismatch    (ValueError)   two currencies where one is needed
├── UnknownCurrency     (LookupError)  a code that is not in the registry
├── InvalidNumber       (ValueError)   a text or value that is no admissible decimal
├── InvalidDate         (ValueError)   a text or value that is no date or instant
├── InvalidValue        (ValueError)   any other value out of its range
├── InvalidRecord       (ValueError)   a record whose field breaks the record's rules
├── InvalidPeriod       (ValueError)   a text or range that is no period
├── InvalidDocument     (ValueError)   a JSON document that does not match its schema
├── RuleTypeError       (TypeError)    a rule that does not fit the fields it reads
├── UnknownName         (LookupError)  a name that nobody declared
├── MissingExtra        (ImportError)  an optional package that is not installed
├── InexactResult       (ArithmeticError, ValueError)  exact arithmetic that would have rounded
├── ImportRefused       (ValueError)   a folder or file that cannot be read at all
├── ExportRefused       (ValueError)   a folder or file that cannot be written
├── InvalidFrame        (ValueError)   a dataframe whose columns are not those of its fact table
├── EngineRefused       (ValueError)   what an engine cannot answer exactly
├── VersionConflict     (RuntimeError) a record that somebody else changed in between
├── KeyReused           (ValueError)   an idempotency key or event id that means something else
├── StoreRefused        (ValueError)   a store that cannot be opened, such as one of a newer form
├── StoreBusy           (TimeoutError) a store that others kept locked for too long
└── StoreFailed         (OSError)      a store whose disk or server failed; nothing was half kept
```

Each leaf carries plain data as positional attributes and builds its text when asked, so that
errors pickle and cost no text until shown.
"""

from __future__ import annotations

__all__ = [
    "CurrencyMismatch",
    "EngineRefused",
    "ExportRefused",
    "ImportRefused",
    "InexactResult",
    "InvalidDate",
    "InvalidDocument",
    "InvalidFrame",
    "InvalidNumber",
    "InvalidPeriod",
    "InvalidRecord",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "RuleTypeError",
    "SalesCoreError",
    "StoreBusy",
    "StoreFailed",
    "StoreRefused",
    "UnknownCurrency",
    "UnknownName",
    "VersionConflict",
]

_SHOWN = 60


class SalesCoreError(Exception):
    """The root of every error that this library raises."""


class CurrencyMismatch(SalesCoreError, ValueError):
    """
    Two amounts in different currencies met where one currency is needed.

    Attributes:
        left: Currency code of the first amount.
        right: Currency code of the second amount.
    """

    def __init__(self, left: str, right: str) -> None:
        """Keep both codes."""
        super().__init__(left, right)
        self.left = left
        self.right = right

    def __str__(self) -> str:
        """Name both currencies and the ways out."""
        return (
            f"{self.left} and {self.right} are different currencies; "
            "convert one of them first, or keep both in a MoneyBag"
        )


class UnknownCurrency(SalesCoreError, LookupError):
    """
    A currency code is not in the registry.

    Attributes:
        code: The code that was asked for.
        known: The codes that exist, or an empty tuple if the raiser offers none.
    """

    def __init__(self, code: str, known: tuple[str, ...] = ()) -> None:
        """Keep the code and what would have been right."""
        super().__init__(code, known)
        self.code = code
        self.known = known

    def __str__(self) -> str:
        """Name the code and the closest known one."""
        return (
            f"no currency {_shown(self.code)}; {_offer(self.code, self.known, 'an ISO 4217 code')}"
        )


class InvalidNumber(SalesCoreError, ValueError):
    """
    A text or value is no decimal number that the library accepts.

    Attributes:
        text: The text, or the value written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{_shown(self.text)} is not a number: {self.fault}"


class InvalidDate(SalesCoreError, ValueError):
    """
    A text or value is no date, or no instant.

    Attributes:
        text: The text, or the value written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{_shown(self.text)} is not a date or instant: {self.fault}"


class InvalidValue(SalesCoreError, ValueError):
    """
    A value lies outside what its purpose allows.

    Attributes:
        thing: What the value stands for, such as "weight".
        value: The value itself.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, thing: str, value: object, fault: str) -> None:
        """Keep the thing, its value and the fault."""
        super().__init__(thing, value, fault)
        self.thing = thing
        self.value = value
        self.fault = fault

    def __str__(self) -> str:
        """Name the thing, its value and the fault."""
        return f"{self.thing} is {_shown(self.value)}: {self.fault}"


class InvalidRecord(SalesCoreError, ValueError):
    """
    A field of a record breaks the record's rules.

    Attributes:
        record: Name of the record's type, such as "Opportunity".
        field: Name of the field.
        value: The field's value.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, record: str, field: str, value: object, fault: str) -> None:
        """Keep the record's type, the field, its value and the fault."""
        super().__init__(record, field, value, fault)
        self.record = record
        self.field = field
        self.value = value
        self.fault = fault

    def __str__(self) -> str:
        """Name the record, the field, its value and the fault."""
        return f"{self.record}.{self.field} is {_shown(self.value)}: {self.fault}"


class InvalidPeriod(SalesCoreError, ValueError):
    """
    A text or a range of dates is no period.

    Attributes:
        text: The text, or the range written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{_shown(self.text)} is not a period: {self.fault}"


class InvalidDocument(SalesCoreError, ValueError):
    """
    A JSON document does not match its schema.

    Attributes:
        path: Where in the document, such as "customers/0/name"; empty for the whole document.
        fault: What is wrong there and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the place and the fault."""
        return f"at {self.path}: {self.fault}" if self.path else f"the document: {self.fault}"


class RuleTypeError(SalesCoreError, TypeError):
    """
    A rule does not fit the fields it reads.

    Attributes:
        rule: The rule, or the part of it at fault, as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, rule: str, fault: str) -> None:
        """Keep the rule and its fault."""
        super().__init__(rule, fault)
        self.rule = rule
        self.fault = fault

    def __str__(self) -> str:
        """Name the rule and its fault."""
        return f"rule {_shown(self.rule)}: {self.fault}"


class UnknownName(SalesCoreError, LookupError):
    """
    A name is not among those declared.

    Attributes:
        kind: What the name should have named, such as "field" or "time zone".
        name: The name that was asked for.
        known: The names that exist.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...] = ()) -> None:
        """Keep the name and those that would have been right."""
        super().__init__(kind, name, known)
        self.kind = kind
        self.name = name
        self.known = known

    def __str__(self) -> str:
        """Name what is missing and the closest known name."""
        return f"no {self.kind} {_shown(self.name)}; {_offer(self.name, self.known, 'nothing')}"


class MissingExtra(SalesCoreError, ImportError):
    """
    An optional package is needed and not installed.

    Attributes:
        package: The package that could not be imported.
        extra: The extra of this library that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        """Keep the package and the extra that brings it."""
        super().__init__(package, extra)
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        """Name the package and the command that installs it."""
        return f"{self.package} is not installed; pip install 'salescore[{self.extra}]' brings it"


class InexactResult(SalesCoreError, ArithmeticError, ValueError):
    """
    An exact operation would have had to round.

    Attributes:
        operation: The operation in words, such as "the sum of 3 values".
    """

    def __init__(self, operation: str) -> None:
        """Keep the operation."""
        super().__init__(operation)
        self.operation = operation

    def __str__(self) -> str:
        """Name the operation and the way out."""
        return f"{self.operation} cannot be held exactly; round its inputs first, with a named mode"


class ImportRefused(SalesCoreError, ValueError):
    """
    A folder or file cannot be read at all.

    Attributes:
        path: The folder or file as the caller named it.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the path and the fault."""
        return f"{self.path} cannot be imported: {self.fault}"


class ExportRefused(SalesCoreError, ValueError):
    """
    A folder or file cannot be written.

    Attributes:
        path: The folder or file as the caller named it.
        fault: What stands in the way and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the path and the fault."""
        return f"{self.path} cannot be written: {self.fault}"


class InvalidFrame(SalesCoreError, ValueError):
    """
    A dataframe has not the columns of its fact table.

    Attributes:
        table: Fact table.
        faults: Everything that is wrong with its columns, one sentence each.
    """

    def __init__(self, table: str, faults: tuple[str, ...]) -> None:
        """Keep the table and all faults."""
        super().__init__(table, faults)
        self.table = table
        self.faults = faults

    def __str__(self) -> str:
        """List every fault."""
        return f"the frame of {self.table} cannot be read: {'; '.join(self.faults)}"


class EngineRefused(SalesCoreError, ValueError):
    """
    An engine cannot answer a question exactly.

    Attributes:
        engine: The engine, such as "polars".
        question: What it was asked, such as a rule or a measure as text.
        fault: Why it cannot, and what would be right.
    """

    def __init__(self, engine: str, question: str, fault: str) -> None:
        """Keep the engine, the question and the fault."""
        super().__init__(engine, question, fault)
        self.engine = engine
        self.question = question
        self.fault = fault

    def __str__(self) -> str:
        """Name the engine, the question and the fault."""
        return f"{self.engine} cannot answer {_shown(self.question)} exactly: {self.fault}"


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
        thing = f"{self.records} {_shown(self.id)}"
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
            f"{self.kind} {_shown(self.key)} stands for other content already; "
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


def _shown(value: object) -> str:
    """Return a value as a reader should see it, cut where it grows too long."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}…"
    try:
        text = repr(value)
    except ValueError:  # an integer with more digits than Python will write
        return f"a very long {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _offer(name: str, known: tuple[str, ...], otherwise: str) -> str:
    """Return what would have been right, the closest name first; a name may be no text at all."""
    if not known:
        return f"expected {otherwise}" if otherwise != "nothing" else "none is declared"
    from difflib import get_close_matches  # noqa: PLC0415 - only a failing call pays for it

    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    close = get_close_matches(str(name)[:_SHOWN].casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    few = ", ".join(repr(candidate) for candidate in known[:5])
    return f"known are {few}" + (" …" if len(known) > 5 else "")  # noqa: PLR2004 - a short list
