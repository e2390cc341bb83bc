"""Lines of a journal: an entry as one line of JSON with a checksum, and back."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import cast

from salescore.errors import InvalidDate, InvalidDocument
from salescore.plain import FieldTable, Node, Upcasters, pack, unpack
from salescore.storage._checks import EVENTS, RecordTypes
from salescore.storage._entry import Appended, Change, Entry
from salescore.values import format_instant, parse_instant

FORM = 1
"""Form of the journals that this release writes, and the latest that it reads."""

KIND = "salescore/journal"
"""What the first line of a journal says that it is."""

_CHECK = b',"check":"'
_DIGITS = 16
_SUFFIX = len(_CHECK) + _DIGITS + len(b'"}')


def header_line() -> bytes:
    """Return the first line of a journal."""
    return _sealed({"journal": KIND, "form": FORM})


def read_header(line: bytes) -> int:
    """
    Return the form of the journal that a first line begins.

    Raises:
        InvalidDocument: No first line of a journal, a damaged one, or one of a newer form.
    """
    said = _parsed(
        line, "line 1"
    )  # before the checksum, which a newer form may write in another way
    if said.get("journal") != KIND:
        raise InvalidDocument("line 1", f"it is no journal; one begins with {KIND!r}")
    form = said.get("form")
    if type(form) is not int or form < 1:
        raise InvalidDocument("line 1", "its form is no number")
    if form > FORM:
        fault = f"a newer release wrote it, in form {form}; this one reads up to {FORM}"
        raise InvalidDocument("line 1", fault)
    _check(line, "line 1")
    return form


def entry_line(entry: Entry, types: RecordTypes) -> bytes:
    """
    Return an entry as one line of JSON with a checksum, without the nulls of its records.

    Args:
        entry: What a unit changed.
        types: The record types of the store.

    Returns:
        UTF-8 with a line feed at the end and nowhere else.
    """
    said: dict[str, object] = {
        "unit": entry.position,
        "recorded_at": format_instant(entry.recorded_at),
    }
    if entry.key is not None:
        said |= {"key": entry.key, "digest": entry.digest}
    if entry.changes:
        said["changes"] = [_said_change(change, types) for change in entry.changes]
    if entry.events:
        said["events"] = [_said_event(one, types) for one in entry.events]
    return _sealed(said)


def read_entry(
    line: bytes, number: int, types: RecordTypes, upcasters: Upcasters | None = None
) -> Entry:
    """
    Return the entry of a line, its records brought up to date.

    Args:
        line: The line, with or without its end.
        number: Its number in the file, from 1.
        types: The record types of the store.
        upcasters: Steps between versions of records; `None` for none.

    Raises:
        InvalidDocument: The line is damaged, or says what this release cannot read.
    """
    where = f"line {number}"
    line = line.removesuffix(b"\n")
    _check(line, where)
    said = Node(_parsed(line, where), where).object(
        ("unit", "recorded_at", "key", "digest", "changes", "events", "check"),
        required=("unit", "recorded_at"),
    )
    changes = said["changes"].items() if "changes" in said else ()
    events = said["events"].items() if "events" in said else ()
    return Entry(
        position=said["unit"].whole(),
        recorded_at=_instant(said["recorded_at"]),
        changes=tuple(_read_change(one, types, upcasters) for one in changes),
        events=tuple(_read_event(one, types, upcasters) for one in events),
        key=said["key"].text() if "key" in said else None,
        digest=said["digest"].text() if "digest" in said else None,
    )


def _said_change(change: Change, types: RecordTypes) -> dict[str, object]:
    said: dict[str, object] = {"version": change.version}
    if change.effective_on is not None:
        said["effective_on"] = change.effective_on.isoformat()
    if change.record is None:
        return said | {"remove": [change.records, change.id]}
    return said | {"put": _packed(types.table(change.records), change.record)}


def _read_change(node: Node, types: RecordTypes, upcasters: Upcasters | None) -> Change:
    said = node.object(("version", "effective_on", "remove", "put"), required=("version",))
    day = said["effective_on"].day() if "effective_on" in said else None
    number = said["version"].whole()
    if "put" in said:
        table, record = unpack(said["put"].data, types.tables, upcasters, said["put"].path)
        if table.name == EVENTS:
            said["put"].refuse("an event is no change")
        return Change(table.name, record.id, record, number, day)
    gone = [one.text() for one in said["remove"].items()] if "remove" in said else []
    known = tuple(table.name for table in types.versioned)
    if len(gone) != 2 or gone[0] not in known:  # noqa: PLR2004 - record type and id
        node.refuse("expected a record put, or the type and id of one removed")
    return Change(gone[0], gone[1], None, number, day)


def _said_event(one: Appended, types: RecordTypes) -> dict[str, object]:
    said: dict[str, object] = {"position": one.position}
    if one.event is not None:
        said["append"] = _packed(types.table(EVENTS), one.event)
    if one.is_erased:
        said["erased"] = True
    return said


def _read_event(node: Node, types: RecordTypes, upcasters: Upcasters | None) -> Appended:
    said = node.object(("position", "append", "erased"), required=("position",))
    place = said["position"].whole()
    if "append" not in said:
        return Appended(place, None)
    table, event = unpack(said["append"].data, types.tables, upcasters, said["append"].path)
    if table.name != EVENTS:
        said["append"].refuse("only events are appended")
    return Appended(place, event, "erased" in said and said["erased"].flag())


def _packed(table: FieldTable, record: object) -> dict[str, object]:
    envelope = pack(table, record)
    data = cast("dict[str, object]", envelope["data"])
    return envelope | {"data": {name: one for name, one in data.items() if one is not None}}


def _instant(node: Node) -> datetime:
    try:
        return parse_instant(node.text())
    except InvalidDate as error:
        node.refuse(str(error))


def _sealed(said: dict[str, object]) -> bytes:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return body[:-1] + _CHECK + _digest(body) + b'"}\n'


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:_DIGITS].encode()


def _check(line: bytes, where: str) -> None:
    """Refuse a line whose checksum is not that of what stands before it."""
    body, suffix = line[:-_SUFFIX] + b"}", line[-_SUFFIX:]
    if suffix != _CHECK + _digest(body) + b'"}':
        fault = "it is damaged: its checksum is another; put back a copy of the file"
        raise InvalidDocument(where, fault)


def _parsed(line: bytes, where: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidDocument(where, "it is no object of JSON")
    return cast("dict[str, object]", found)
