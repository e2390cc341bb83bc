"""Headings: under which of its names a column stands in a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import attrs

from salescore.entities import record_table
from salescore.exchange._layout import (
    Column,
    FileRule,
    Filter,
    First,
    RecordRule,
    Value,
    with_columns,
)


def folded(heading: str) -> str:
    """
    Return what of a heading counts where profiles compare headings loosely.

    Examples:
        >>> folded(" Deal\u3000Name ")
        'deal name'
    """
    return unicodedata.normalize("NFKC", heading).strip().casefold()


def called(rule: FileRule, header: Sequence[str], name: str) -> str:
    """
    Return the heading under which a column stands in a file.

    Args:
        rule: What the profile says of the file.
        header: The headings that are there.
        name: First heading of the column.

    Returns:
        The first of the column's headings that is there, or `name` where none is.
    """
    return next(_found(rule, header, name), name)


def doubled(rule: FileRule, header: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """
    Return the columns that stand in a file under several headings.

    Args:
        rule: What the profile says of the file.
        header: The headings that are there.

    Returns:
        The heading that counts and the others, for each such column.
    """
    found = (tuple(dict.fromkeys(_found(rule, header, one.name))) for one in rule.columns)
    return [(names[0], names[1:]) for names in found if len(names) > 1]


def _found(rule: FileRule, header: Sequence[str], name: str) -> Iterator[str]:
    """Yield the headings of a column that are there, in the order in which they count."""
    column = rule.columns_by_name.get(name)
    for wanted in (name,) if column is None else column.headings:
        if wanted in header:
            yield wanted
        if rule.is_folded:
            right = folded(wanted)
            yield from (one for one in header if folded(one) == right)


def resolved(rule: FileRule, header: Sequence[str]) -> FileRule:
    """
    Return how a file is laid out, in the headings that stand in it.

    Args:
        rule: What the profile says of the file.
        header: The headings that are there.

    Returns:
        The rule with each column under its heading in this file; of several values the first of
        which is taken, those of a column that is not there are left out, and so are fields that
        may be empty and of which nothing is there.
    """
    names = {name: called(rule, header, name) for name in rule.columns_by_name}
    return attrs.evolve(
        rule,
        filters=_filters(rule.filters, names),
        aliases=tuple((called(rule, header, column), pairs) for column, pairs in rule.aliases),
        records=tuple(_record(record, names, header) for record in rule.records),
    )


def _filters(filters: tuple[Filter, ...], names: dict[str, str]) -> tuple[Filter, ...]:
    return tuple(attrs.evolve(one, column=names[one.column]) for one in filters)


def _record(record: RecordRule, names: dict[str, str], header: Sequence[str]) -> RecordRule:
    def rename(column: Column) -> Column:
        return attrs.evolve(column, name=names[column.name])

    table = record_table(record.record)
    fields = ((field, with_columns(value, rename)) for field, value in record.fields)
    return attrs.evolve(
        record,
        filters=_filters(record.filters, names),
        fields=tuple(
            (field, _there(value, header))
            for field, value in fields
            if not (_is_absent(value, header) and field in table and table.field(field).nullable)
        ),
    )


def _is_absent(value: Value, header: Sequence[str]) -> bool:
    """Return whether a value is but a column that may be missing, and is."""
    return isinstance(value, Column) and value.optional and value.name not in header


def _there(value: Value, header: Sequence[str]) -> Value:
    """Return a value without the parts that are never there, if any part remains."""
    if not isinstance(value, First):
        return value
    parts = tuple(
        part for part in value.parts if not isinstance(part, Column) or part.name in header
    )
    return value if not parts else parts[0] if len(parts) == 1 else First(parts)
