"""Status tables as plain JSON data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salescore.entities import DocumentKind
from salescore.funnel._json_parts import (
    add_each,
    add_labels,
    add_texts,
    criterion_data,
    made,
    read_any_text,
    read_criteria,
    read_labels,
    read_some,
)
from salescore.funnel._status_table import DOCUMENTS, Status, StatusMove, StatusTable
from salescore.plain import Node

STATUS_TABLE_SCHEMA = "salescore/status-table/1"
"""What the key `schema` of a status table says."""


def status_table_to_data(table: StatusTable) -> dict[str, object]:
    """
    Return a status table as plain JSON data, in the form that `status_table_from_data` reads.

    What says nothing, such as an empty list, is left out.

    Args:
        table: The table.
    """
    found: dict[str, object] = {
        "schema": STATUS_TABLE_SCHEMA,
        "name": table.name,
        "version": table.version,
        "records": table.records,
    }
    add_labels(found, table.labels)
    add_texts(found, "override_roles", table.override_roles)
    if table.source is not None:
        found["source"] = table.source
    found["statuses"] = [
        add_labels({"key": one.key, "kind": one.kind.value}, one.labels) for one in table.statuses
    ]
    found["moves"] = [_move_data(one) for one in table.moves]
    return found


def _move_data(move: StatusMove) -> dict[str, object]:
    found: dict[str, object] = {"sources": list(move.sources), "target": move.target}
    add_each(found, "guards", [criterion_data(one) for one in move.guards])
    add_texts(found, "required", move.required)
    add_texts(found, "roles", move.roles)
    if move.needs_reason:
        found["needs_reason"] = True
    if move.sets is not None:
        found["sets"] = move.sets
    add_texts(found, "clears", move.clears)
    return found


def status_table_from_data(data: object, path: str = "status_table") -> StatusTable:
    """
    Return the status table that plain JSON data describe.

    Args:
        data: What `status_table_to_data` wrote.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    return read_status_table(Node(data, path))


def read_status_table(node: Node) -> StatusTable:
    """Return the status table of a part of a document; errors of `status_table_from_data`."""
    required = ("schema", "name", "version", "records", "statuses", "moves")
    keys = node.object((*required, "labels", "override_roles", "source"), required)
    keys["schema"].choice((STATUS_TABLE_SCHEMA,), "schema of a status table")
    values = read_some(keys, labels=read_labels, override_roles=Node.texts, source=read_any_text)
    values["name"], values["version"] = keys["name"].text(), keys["version"].text()
    values["records"] = keys["records"].choice(DOCUMENTS, "record type of a status table")
    values["statuses"] = [_read_status(one) for one in keys["statuses"].items()]
    values["moves"] = [_read_move(one) for one in keys["moves"].items()]
    return made(node, StatusTable, values)


def _read_status(node: Node) -> Status:
    keys = node.object(("key", "kind", "labels"), ("key", "kind"))
    values = read_some(keys, labels=read_labels)
    values["key"] = keys["key"].text()
    kinds = [one.value for one in DocumentKind]
    values["kind"] = DocumentKind(keys["kind"].choice(kinds, "kind of a status"))
    return made(node, Status, values)


def _read_move(node: Node) -> StatusMove:
    readers: dict[str, Callable[[Node], Any]] = {
        "guards": read_criteria,
        "required": Node.texts,
        "roles": Node.texts,
        "needs_reason": Node.flag,
        "sets": Node.text,
        "clears": Node.texts,
    }
    keys = node.object(("sources", "target", *readers), ("sources", "target"))
    values = read_some(keys, **readers)
    values["sources"], values["target"] = keys["sources"].texts(), keys["target"].text()
    return made(node, StatusMove, values)
