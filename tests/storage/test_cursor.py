from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.rules import F
from salescore.storage import Moment, OrderBy, Query
from salescore.storage._asked import checked_query
from salescore.storage._checks import RecordTypes
from salescore.storage._cursor import SortKey, question_digest, read_cursor, write_cursor
from salescore.testing import days, decimals, instants, texts

TYPES = RecordTypes.of()
ASKED = Query(
    records="customers", where=F.city == "Rome", order=[OrderBy("credit_limit_amount", True)]
)
KEY: SortKey = (Decimal("12.50"), "C-1")


@given(
    st.lists(
        st.one_of(st.none(), st.booleans(), texts(), decimals(), days(), instants()), max_size=4
    )
)
def test_a_cursor_holds_any_sort_key(values: list[str | None]) -> None:
    """What was written is read again, of the same types, in letters that a URL takes."""
    key: SortKey = tuple(values)
    cursor = write_cursor(ASKED, key)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    found = read_cursor(ASKED, cursor)
    assert found == key
    assert [type(one) for one in found] == [type(one) for one in key]


@given(st.data())
def test_a_cursor_changed_on_its_way_is_refused(data: st.DataObject) -> None:
    """No letter can be changed, left out or added."""
    cursor = write_cursor(ASKED, KEY)
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("Aa0-_=+/ é"))
    for other in (
        cursor[:place] + letter + cursor[place + 1 :],
        cursor[:place] + cursor[place + 1 :],
        cursor[:place] + letter + cursor[place:],
    ):
        if other != cursor:
            with pytest.raises(InvalidValue, match="a cursor"):
                read_cursor(ASKED, other)


def test_one_cursor_has_one_spelling() -> None:
    """Bits that the last letter does not use must be zero, so no two texts are one cursor."""
    key: SortKey = (Decimal("12.50"), "C-11")
    cursor = write_cursor(ASKED, key)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    twins = [cursor[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"]
    alike = [
        twin
        for twin in twins
        if twin != cursor and base64.urlsafe_b64decode(twin + "=" * (-len(twin) % 4)) == raw
    ]
    assert alike
    for twin in alike:
        with pytest.raises(InvalidValue, match="a cursor"):
            read_cursor(ASKED, twin)


@pytest.mark.parametrize("wrong", ["", "x", "é", 5, None, b"abc", "A" * 524_289])
def test_what_is_no_cursor_is_refused(wrong: object) -> None:
    """Anything else than a text of ours is refused by one error."""
    with pytest.raises(InvalidValue, match="first page"):
        read_cursor(ASKED, wrong)


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(ASKED, records="leads"),
        attrs.evolve(ASKED, where=None),
        attrs.evolve(ASKED, where=F.city == "Oslo"),
        attrs.evolve(ASKED, order=[OrderBy("credit_limit_amount")]),
        attrs.evolve(ASKED, order=[]),
        attrs.evolve(ASKED, at=Moment(effective=date(2017, 1, 1))),
        attrs.evolve(ASKED, at=Moment(recorded=datetime(2017, 1, 1, tzinfo=UTC))),
    ],
)
def test_a_cursor_belongs_to_its_question(other: Query) -> None:
    """Another type, rule, order or moment refuses it."""
    assert question_digest(other) != question_digest(ASKED)
    with pytest.raises(InvalidValue, match="another question"):
        read_cursor(other, write_cursor(ASKED, KEY))


def test_limit_and_cursor_are_not_the_question() -> None:
    """Pages of other sizes go on from the same cursor."""
    cursor = write_cursor(ASKED, KEY)
    assert read_cursor(attrs.evolve(ASKED, limit=7, after=cursor), cursor) == KEY


def test_a_checked_query_begins_behind_its_cursor() -> None:
    """The sort key of a cursor is the start of the next page."""
    asked = checked_query(ASKED, TYPES)
    following = checked_query(attrs.evolve(ASKED, after=asked.cursor(KEY), limit=3), TYPES)
    assert following.start == KEY
    assert following.order == asked.order


@pytest.mark.parametrize(
    "key",
    [
        (Decimal(1),),
        (Decimal(1), "C-1", "C-2"),
        ("1", "C-1"),
        (True, "C-1"),
        (date(2017, 1, 1), "C-1"),
        (Decimal(1), Decimal(2)),
        (Decimal(1), "\x00"),
    ],
)
def test_a_forged_cursor_is_refused(key: SortKey) -> None:
    """A seal can be forged by who knows how; values that the columns cannot hold still fail."""
    cursor = write_cursor(ASKED, key)
    with pytest.raises(InvalidValue, match="none of these columns"):
        checked_query(attrs.evolve(ASKED, after=cursor), TYPES)


@pytest.mark.parametrize(
    ("column", "value", "fits"),
    [
        ("created_on", date(2017, 1, 1), True),
        ("created_on", datetime(2017, 1, 1, tzinfo=UTC), False),
        ("recorded_at", datetime(2017, 1, 1, tzinfo=UTC), True),
        ("recorded_at", date(2017, 1, 1), False),
        ("lifecycle", "lead", True),
        ("lifecycle", None, True),
        ("credit_limit_currency", "EUR", True),
    ],
)
def test_each_kind_of_column_takes_its_own_values(column: str, value: str, *, fits: bool) -> None:
    """Days, instants, choices and currencies are told apart, and null fits any."""
    query = Query(records="customers", order=[OrderBy(column)])
    given_query = attrs.evolve(query, after=write_cursor(query, (value, "C-1")))
    if fits:
        assert checked_query(given_query, TYPES).start == (value, "C-1")
    else:
        with pytest.raises(InvalidValue, match="columns"):
            checked_query(given_query, TYPES)


def test_truth_values_sort_too() -> None:
    """A boolean column takes a truth value in a cursor and no text."""
    column = next(
        (table.name, field.name)
        for table in TYPES.versioned
        for field in table.fields
        if field.kind.value == "boolean"
    )
    query = Query(records=column[0], order=[OrderBy(column[1])])
    right = attrs.evolve(query, after=write_cursor(query, (True, "1")))
    assert checked_query(right, TYPES).start == (True, "1")
    wrong = attrs.evolve(query, after=write_cursor(query, ("true", "1")))
    with pytest.raises(InvalidValue, match="columns"):
        checked_query(wrong, TYPES)


@pytest.mark.parametrize("payload", [b"{}", b"5", b"[{}]", b"[1.5e9", b"\xff", b'[{"date":["x"]}]'])
def test_a_sealed_payload_of_another_form_is_refused(payload: bytes) -> None:
    """Whoever forges the seal still has to write what a cursor of ours holds."""
    seal = hashlib.sha256(question_digest(ASKED) + payload).digest()[:16]
    cursor = base64.urlsafe_b64encode(seal + payload).decode().rstrip("=")
    with pytest.raises(InvalidValue, match="a cursor"):
        read_cursor(ASKED, cursor)


def test_a_cursor_is_small_and_shows_its_key() -> None:
    """It is no secret: the values that the answer is sorted by can be read from it."""
    cursor = write_cursor(ASKED, KEY)
    assert len(cursor) < 100
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert json.loads(raw[16:]) == [{"decimal": ["12.50"]}, "C-1"]
