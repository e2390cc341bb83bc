"""Adding what was imported to a book, so that the same import twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import attrs

from salescore.book import SalesBook
from salescore.errors import InvalidValue
from salescore.exchange._cells import shown
from salescore.exchange._report import Import
from salescore.exchange._sources import Sourced, check_shared, check_source, sourced
from salescore.plain import CUSTOM, CustomFields, FieldTable, as_tuple
from salescore.values import Finding, Severity


class OnChange(Enum):
    """
    What becomes of a record that says something else than the one in the book.

    Attributes:
        KEEP: The book's stays.
        REPLACE: The imported one takes its place.
    """

    KEEP = "keep"
    REPLACE = "replace"


@attrs.frozen(kw_only=True)
class FieldChange:
    """
    One field in which an imported record differs from the book's.

    Attributes:
        record: Record type, in snake_case plural.
        id: Id of the record in the book.
        field: Name of the field.
        old: Its value in the book, before.
        new: Its value in the import.
    """

    record: str
    id: str
    field: str
    old: object
    new: object


@attrs.frozen(kw_only=True)
class MergeCount:
    """
    What became of the imported records of one type.

    Attributes:
        record: Record type, in snake_case plural.
        added: Records that the book did not have.
        unchanged: Records that the book has just so.
        changed: Records that the book has with other values.
        repeated: Further records with an id that stood in the import before; left out.
        refused: Records left out because an id is too long with the source before it.
    """

    record: str
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    repeated: int = 0
    refused: int = 0


@attrs.frozen(kw_only=True)
class Merged:
    """
    A book with an import added to it.

    Attributes:
        book: The facts; the very book that was given where nothing came to it.
        counts: What became of the records, by record type; types without any are left out.
        changes: Every field that differs, whether or not it was replaced.
        findings: One for each record that differs, stands twice in the import, or has too long an
            id.
    """

    book: SalesBook
    counts: tuple[MergeCount, ...] = attrs.field(default=(), converter=as_tuple)
    changes: tuple[FieldChange, ...] = attrs.field(default=(), converter=as_tuple)
    findings: tuple[Finding, ...] = attrs.field(default=(), converter=as_tuple)


def merge_import(
    book: SalesBook,
    imported: Import | SalesBook,
    *,
    source: str | None = None,
    shared: Iterable[str] = (),
    on_change: OnChange = OnChange.KEEP,
) -> Merged:
    """
    Return a book with the records of an import added to it; the same import twice adds nothing.

    A record is known by its id. With a source, every imported id and every reference is put behind
    the name of the source, `123` becoming `crm:123`, so that what two systems call by the same id
    stays apart. What the id looks like does not matter, nor what else is in the import or the book:
    so files can come in any order, and one whose ids were read before finds its records again.

    Args:
        book: The facts so far.
        imported: What comes to them.
        source: The system it comes from; `None` where its ids are those of the book.
        shared: Record types that this source calls by the ids of the book, such as `sales_reps`;
            their ids and references to them stay as they are.
        on_change: What becomes of a record that says something else than the one in the book.

    Returns:
        The new book, counts, and every difference, also of what was kept.

    Raises:
        InvalidValue: The source could be taken for another: it is empty, long or holds a colon; or
            a field is registered in the book and in the import with different meanings.
        UnknownName: There is no record type of a name in `shared`.
    """
    incoming = imported.book if isinstance(imported, Import) else imported
    common = check_shared(tuple(shared))
    if source is not None:
        check_source(source)
    registry = _both(book.custom_fields, incoming.custom_fields)
    replaced: dict[str, Any] = {}
    counts: list[MergeCount] = []
    changes: list[FieldChange] = []
    findings: list[Finding] = []
    for table in incoming.tables:
        records = incoming.records(table.name)
        if not records:
            continue
        found = Sourced(records)
        if source is not None:
            found = sourced(table, records, source, common)
        merger = _Merger(table, book, on_change)
        merger.take(found)
        counts.append(merger.count())
        changes.extend(merger.changes)
        findings.extend(merger.findings())
        if merger.added or merger.replaced:
            replaced[table.name] = merger.records()
    merged = attrs.evolve(book, **replaced, custom_fields=registry) if replaced else book
    return Merged(book=merged, counts=counts, changes=changes, findings=findings)


def _both(ours: CustomFields, theirs: CustomFields) -> CustomFields:
    """Return the fields that are registered here or there."""
    fields = {name: list(those) for name, those in ours.tables}
    for name, those in theirs.tables:
        for field in those:
            known = {one.name: one for one in fields.setdefault(name, [])}
            if field.name not in known:
                fields[name].append(field)
            elif known[field.name] != field:
                fault = "the book has registered another field of this name; rename one of them"
                raise InvalidValue(f"custom field of {name}", field.name, fault)
    return CustomFields.of(fields)


class _Merger:
    """Adds records of one type to those of a book."""

    def __init__(self, table: FieldTable, book: SalesBook, on_change: OnChange) -> None:
        self._table = table
        self._book = book
        self._replaces = on_change is OnChange.REPLACE
        self._known: Mapping[str, Any] = book.index(table.name)
        self._seen: dict[str, int] = {}
        self._too_long: tuple[str, ...] = ()
        self._unchanged = 0
        self._changed: list[str] = []
        self.added: list[Any] = []
        self.replaced: dict[str, Any] = {}
        self.changes: list[FieldChange] = []

    def take(self, found: Sourced) -> None:
        self._too_long = found.too_long
        for record in found.records:
            key: str = record.id
            self._seen[key] = self._seen.get(key, 0) + 1
            if self._seen[key] > 1:
                continue
            old = self._known.get(key)
            if old is None:
                self.added.append(record)
            elif old == record:
                self._unchanged += 1
            else:
                self._differ(key, old, record)

    def _differ(self, key: str, old: Any, new: Any) -> None:  # noqa: ANN401 - any record
        self._changed.append(key)
        before, after = _values(self._table, old), _values(self._table, new)
        for name in dict.fromkeys((*before, *after)):
            was, is_now = before.get(name), after.get(name)
            if was != is_now:
                self.changes.append(
                    FieldChange(record=self._table.name, id=key, field=name, old=was, new=is_now)
                )
        if self._replaces:
            self.replaced[key] = new

    def records(self) -> tuple[Any, ...]:
        """Return the records of the new book: those of before in their places, then the others."""
        before = self._book.records(self._table.name)
        # References mean the first of two with the same id, so the first is the one replaced.
        waiting = dict(self.replaced)
        kept = [waiting.pop(one.id, one) for one in before] if waiting else before
        return (*kept, *self.added)

    def count(self) -> MergeCount:
        return MergeCount(
            record=self._table.name,
            added=len(self.added),
            unchanged=self._unchanged,
            changed=len(self._changed),
            repeated=sum(self._seen.values()) - len(self._seen),
            refused=len(self._too_long),
        )

    def findings(self) -> Iterator[Finding]:
        name = self._table.name
        for key, times in self._seen.items():
            if times > 1:
                fault = f"{name}/{key} stands {times} times in the import; the first was taken"
                yield self._finding("duplicate-id", Severity.ERROR, fault, key, times - 1)
        for key in self._too_long:
            fault = (
                f"{name}/{key} was left out: with the source before it, its id or one that it "
                "refers to has too many characters; give the source a shorter name"
            )
            yield self._finding("id-too-long", Severity.ERROR, fault, key)
        effect = "the import's replaced it" if self._replaces else "the book's was kept"
        by_record: dict[str, list[str]] = {key: [] for key in self._changed}
        for one in self.changes:
            told = f"{one.field} is {_told(one.old)} in the book and {_told(one.new)} here"
            by_record[one.id].append(told)
        for key, sentences in by_record.items():
            fault = f"{name}/{key}: {', '.join(sentences)}; {effect}"
            yield self._finding("changed-record", Severity.WARNING, fault, key)

    def _finding(
        self, code: str, severity: Severity, message: str, key: str, count: int = 1
    ) -> Finding:
        subject = f"{self._table.name}/{key}"
        return Finding(code=code, severity=severity, message=message, subject=subject, count=count)


def _values(table: FieldTable, record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record
    """Return the values of a record by field, registered fields among them."""
    own = {one.name: getattr(record, one.name) for one in table.fields if not one.is_custom}
    return own | dict(getattr(record, CUSTOM, ()))


def _told(value: object) -> str:
    """Return a value of a field as a reader should see it."""
    if value is None:
        return "nothing"
    return shown(str(value.value if isinstance(value, Enum) else value))
