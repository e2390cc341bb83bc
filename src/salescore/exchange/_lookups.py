"""Look-ups: what another file of the folder holds under a key."""

from __future__ import annotations

from salescore.exchange._cells import cleaner
from salescore.exchange._entries import nearest
from salescore.exchange._headings import called
from salescore.exchange._layout import FileRule
from salescore.exchange._tables import Table


def lookup_table(
    opened: Table, rule: FileRule, key: str, value: str
) -> dict[str, str | None] | str:
    """
    Return the values of a file by key, the first row of a key counting.

    Args:
        opened: The file.
        rule: What the profile says of it.
        key: First heading of the column that holds the key.
        value: First heading of the column that holds the value.

    Returns:
        Value by key as the rows that count hold them, or what is wrong with the file.
    """
    names = [called(rule, opened.header, name) for name in (key, value)]
    for name in names:
        count = opened.header.count(name)
        if not count:
            return f"which has no column {name!r}; {nearest(name, opened.header)}"
        if count > 1:
            return f"which has {count} columns with the heading {name!r}"
    filters = [
        (opened.header.index(one.column), cleaner(opened.rule, one.column, frozenset()), one)
        for one in opened.rule.filters
        if one.column in opened.header
    ]
    (at_key, clean_key), (at_value, clean_value) = (
        (opened.header.index(name), cleaner(opened.rule, name, frozenset())) for name in names
    )
    found: dict[str, str | None] = {}
    for _, rows in opened.batches():
        for row in rows:
            if len(row) != len(opened.header):
                continue
            if any(
                ((clean(row[place]) or "") in one.texts) is not one.keep
                for place, clean, one in filters
            ):
                continue
            text = clean_key(row[at_key])
            if text is not None:
                found.setdefault(text, clean_value(row[at_value]))
    return found
