"""The parts of a profile: how files, records and values are laid out in somebody's export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from typing import assert_never

import attrs

from salescore.exchange._numerals import Numbers
from salescore.plain import Field

ISO_DATE = "%Y-%m-%d"
#: What a date format holds where it tells a time too.
HOUR = "%H"


@attrs.frozen
class Column:
    """
    The cell of a named column.

    Attributes:
        name: Heading of the column.
        nulls: Texts that mean no value here, besides those of the whole file.
        dates: Date formats tried in order; empty where those of the file hold.
        optional: Whether the column may be missing, which reads as no value in every row.
        others: Headings that the same column bears elsewhere, in order; the first one there counts.
        numbers: How its numbers are written; `None` where digits and the marks of the file are all.
        zone: Time zone of the moments in it; `None` where its days are days as they stand.
        is_nulled: Whether a fault empties the field in place of refusing the row; `None` where the
            profile decides.
    """

    name: str
    nulls: frozenset[str] = frozenset()
    dates: tuple[str, ...] = ()
    optional: bool = False
    others: tuple[str, ...] = ()
    numbers: Numbers | None = None
    zone: str | None = None
    is_nulled: bool | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """Return all its headings, in the order in which they count."""
        return (self.name, *self.others)


@attrs.frozen
class Constant:
    """
    The same text in every row, in our own notation: `2017-12-31`, `1.5`.

    Attributes:
        text: The text.
    """

    text: str


@attrs.frozen
class First:
    """
    The first of several values that is there.

    Attributes:
        parts: The values, in order.
    """

    parts: tuple[Value, ...]


@attrs.frozen
class Join:
    """
    Several texts in one; no value where any part has none.

    Attributes:
        parts: The values, in order.
        between: What stands between two parts.
    """

    parts: tuple[Value, ...]
    between: str


@attrs.frozen
class RowNumber:
    """The number of the row, as a spreadsheet shows it."""


class Operation(Enum):
    """What is done with numbers, exactly and never rounded."""

    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"


@attrs.frozen
class Compute:
    """
    A number computed from others; no value where any part has none.

    Attributes:
        operation: What is done, from left to right.
        parts: The operands, at least two.
    """

    operation: Operation
    parts: tuple[Value, ...]


@attrs.frozen
class Mapped:
    """
    A text translated by a list.

    Attributes:
        value: What is translated.
        pairs: Text and translation, `None` for no value; in our own notation.
        strict: Whether a text outside the list is a fault.
        otherwise: What stands for a text outside the list, where that is no fault.
    """

    value: Value
    pairs: tuple[tuple[str, str | None], ...]
    strict: bool = True
    otherwise: str | None = None

    @cached_property
    def by_text(self) -> dict[str, str | None]:
        """Return the translations by text."""
        return dict(self.pairs)


@attrs.frozen
class Lookup:
    """
    The cell of another file of the folder, found by a key.

    Attributes:
        file: Name of the other file, which the profile describes too.
        key: Its column that holds the key.
        value: Its column that holds the value.
        by: The key that is looked for.
        strict: Whether a key that the other file lacks is a fault.
        otherwise: What stands for such a key, where that is no fault.
    """

    file: str
    key: str
    value: str
    by: Value
    strict: bool = True
    otherwise: str | None = None


@attrs.frozen
class SignOf:
    """
    The currency that an amount states by a sign or code of its own; no value without one.

    Attributes:
        column: Where the amount stands.
    """

    column: Column


@attrs.frozen
class When:
    """
    A value that holds only where another is one of several texts; no value elsewhere.

    Attributes:
        value: What is looked at.
        texts: The texts.
        then: The value where it is one of them.
    """

    value: Value
    texts: frozenset[str]
    then: Value


Value = Column | Constant | First | Join | RowNumber | Compute | Mapped | Lookup | SignOf | When


@attrs.frozen
class Filter:
    """
    Which rows count, by the texts of one column.

    Attributes:
        column: Heading of the column.
        texts: The texts, after aliases; the empty text stands for an empty cell.
        keep: Whether rows with these texts are kept (`only`), or left out (`skip`, `deleted`).
        is_deletion: Whether the texts mark rows as deleted, which a finding counts.
    """

    column: str
    texts: frozenset[str]
    keep: bool
    is_deletion: bool = False


@attrs.frozen(kw_only=True)
class RecordRule:
    """
    How the rows of a file become records of one type.

    Attributes:
        record: Record type, in snake_case plural.
        fields: Field and its value, in the order of the field table; `currency` comes last.
        distinct: Whether several rows may describe the same record.
        filters: Which rows count for this record type.
        nulled: Fields that a fault empties, in place of refusing the row.
        custom: Fields of the record type that an application registered.
    """

    record: str
    fields: tuple[tuple[str, Value], ...]
    distinct: bool = False
    filters: tuple[Filter, ...] = ()
    nulled: frozenset[str] = frozenset()
    custom: tuple[Field, ...] = ()

    @cached_property
    def by_field(self) -> dict[str, Value]:
        """Return the values by field."""
        return dict(self.fields)


@attrs.frozen(kw_only=True)
class FileRule:
    """
    How one file of the folder is written, and the records in its rows.

    Attributes:
        file: Name of the file.
        records: The record types that its rows hold; empty where other files only look things up
            in it.
        optional: Whether the file may be missing.
        encoding: Encoding of the text; a byte order mark in the file overrides it.
        delimiter: What parts two cells.
        dates: Date formats, tried in order.
        decimal: Decimal mark.
        group: Mark between thousands; empty where there is none.
        nulls: Texts that mean no value, besides the empty cell.
        filters: Which rows count at all.
        aliases: Column, and text with its replacement, applied before anything else.
        guarded: Whether an apostrophe guards texts that a spreadsheet would take for a formula, or
            a reader for something else, as `write_folder` writes them.
        is_folded: Whether headings are compared after NFKC, without spaces around them and
            whatever their capitals.
        booleans: Texts that stand for true and false, besides `true` and `false`.
        zone: Time zone of instants that name no offset; `None` where each must name one.
        day_zone: Time zone in which a moment falls on its day; `None` for that of its column.
    """

    file: str
    records: tuple[RecordRule, ...]
    optional: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    dates: tuple[str, ...] = (ISO_DATE,)
    decimal: str = "."
    group: str = ""
    nulls: frozenset[str] = frozenset()
    filters: tuple[Filter, ...] = ()
    aliases: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    guarded: bool = False
    is_folded: bool = False
    booleans: tuple[tuple[str, bool], ...] = ()
    zone: str | None = None
    day_zone: str | None = None

    @cached_property
    def aliases_by_column(self) -> dict[str, dict[str, str]]:
        """Return replacement by text, by column."""
        return {column: dict(pairs) for column, pairs in self.aliases}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns that must or may be there, each once."""
        wanted: dict[str, Column] = {}
        for column in self._mentioned():
            known = wanted.get(column.name, column)
            others = tuple(dict.fromkeys((*known.others, *column.others)))
            optional = known.optional and column.optional
            wanted[column.name] = Column(column.name, optional=optional, others=others)
        return tuple(wanted.values())

    @cached_property
    def columns_by_name(self) -> dict[str, Column]:
        """Return the columns that must or may be there, by their first heading."""
        return {column.name: column for column in self.columns}

    def _mentioned(self) -> Iterator[Column]:
        for one in self.filters:
            yield Column(one.column)
        for record in self.records:
            for one in record.filters:
                yield Column(one.column)
            for _, value in record.fields:
                yield from (part for part in walk(value) if isinstance(part, Column))

    @cached_property
    def lookups(self) -> tuple[Lookup, ...]:
        """Return everything that is looked up in other files."""
        return tuple(
            part
            for record in self.records
            for _, value in record.fields
            for part in walk(value)
            if isinstance(part, Lookup)
        )


def walk(value: Value) -> Iterator[Value]:
    """Yield a value and all values inside it, outermost first."""
    yield value
    match value:
        case First(parts) | Join(parts) | Compute(_, parts):
            for part in parts:
                yield from walk(part)
        case Mapped():
            yield from walk(value.value)
        case Lookup():
            yield from walk(value.by)
        case SignOf(column):
            yield column
        case When():
            yield from walk(value.then)
            yield from walk(value.value)
        case Column() | Constant() | RowNumber():
            pass
        case _:
            assert_never(value)


def with_columns(value: Value, change: Callable[[Column], Column]) -> Value:
    """Return a value with each of its columns replaced."""
    match value:
        case Column():
            return change(value)
        case SignOf(column):
            return SignOf(change(column))
        case First(parts) | Join(parts) | Compute(_, parts):
            return attrs.evolve(value, parts=tuple(with_columns(part, change) for part in parts))
        case Mapped():
            return attrs.evolve(value, value=with_columns(value.value, change))
        case Lookup():
            return attrs.evolve(value, by=with_columns(value.by, change))
        case When():
            return attrs.evolve(
                value,
                value=with_columns(value.value, change),
                then=with_columns(value.then, change),
            )
        case Constant() | RowNumber():
            return value
        case _:
            assert_never(value)


def day_format(dates: tuple[str, ...]) -> str:
    """
    Return the first format of a day alone, or the ISO form where each tells a time.

    Examples:
        >>> day_format(("%d.%m.%Y", "%Y-%m-%d %H:%M"))
        '%d.%m.%Y'
    """
    return next((form for form in dates if HOUR not in form), ISO_DATE)


def column_of(value: Value) -> str | None:
    """Return the column where a fault in a value is shown, or `None` if it comes from none."""
    return next((part.name for part in walk(value) if isinstance(part, Column)), None)


@attrs.frozen
class Stage:
    """
    What a stage of the source stands for.

    Attributes:
        name: Stage as the source calls it.
        kind: State that it stands for: open, won, lost, void or hold.
        probability: Chance to win, a fraction as text; `None` where the source states none.
    """

    name: str
    kind: str
    probability: str | None = None
