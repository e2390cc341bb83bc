"""
Cursors: where the next page of an answer begins.

A cursor is opaque text, safe in a URL. It holds the sort key of the last record seen, its id
included, and a seal over that key and the question; so a cursor of another question, or one that
was changed on its way, is found.
It is no secret: it shows values of the fields that the answer is sorted by.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, NoReturn

from salescore.errors import InvalidDocument, InvalidValue
from salescore.plain import Node, parse_json
from salescore.rules import Scalar, read_scalar, rule_to_data, scalar_to_data
from salescore.storage._query import Query
from salescore.values import format_instant

SortKey = tuple[Scalar | None, ...]
"""Values of the fields that an answer is sorted by, in their order, the id last."""

_SEAL = 16
_MOST = 524_288
"""Most characters of a cursor that is read; a text of a record has at most 32,767."""


def question_digest(query: Query) -> bytes:
    """
    Return the digest of a question: all but how many records are asked for and after which.

    Args:
        query: A query that `checked_query` accepted.

    Raises:
        RuleTypeError: The rule is too large to be written.
    """
    recorded, effective = query.at.recorded, query.at.effective
    question: list[Any] = [
        query.records,
        None if query.where is None else rule_to_data(query.where),
        [[one.field, one.is_descending] for one in query.order],
        None if recorded is None else format_instant(recorded),
        None if effective is None else effective.isoformat(),
    ]
    return hashlib.sha256(json.dumps(question, separators=(",", ":")).encode()).digest()


def write_cursor(query: Query, key: SortKey) -> str:
    """
    Return the cursor that stands behind a record.

    Args:
        query: The question, checked.
        key: Sort key of the last record of the page.

    Returns:
        Letters, digits, `-` and `_`.
    """
    data = [None if value is None else scalar_to_data(value) for value in key]
    payload = json.dumps(data, separators=(",", ":")).encode()
    sealed = _seal(query, payload) + payload
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(query: Query, cursor: object) -> SortKey:
    """
    Return the sort key that a cursor holds.

    Args:
        query: The question, checked; it must be the one that the cursor was written for, with
            any limit.
        cursor: The cursor as the caller gave it.

    Raises:
        InvalidValue: A cursor of another question, or none of ours.
    """
    if not (isinstance(cursor, str) and cursor.isascii() and 0 < len(cursor) <= _MOST):
        _refuse(cursor)
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except binascii.Error:
        _refuse(cursor)
    payload = sealed[_SEAL:]
    # Unused bits of the last letter would let two texts be one cursor.
    is_canonical = base64.urlsafe_b64encode(sealed).decode().rstrip("=") == cursor
    if not is_canonical or sealed[:_SEAL] != _seal(query, payload):
        _refuse(cursor)
    try:
        items = Node(parse_json(payload.decode(), "cursor"), "cursor").items()
        return tuple(None if item.data is None else read_scalar(item) for item in items)
    except (InvalidDocument, UnicodeDecodeError):
        _refuse(cursor)


def _seal(query: Query, payload: bytes) -> bytes:
    return hashlib.sha256(question_digest(query) + payload).digest()[:_SEAL]


def _refuse(cursor: object) -> NoReturn:
    fault = (
        "it is of another question, or was changed on its way; ask without it for the first page"
    )
    raise InvalidValue("a cursor", cursor, fault)
