"""A JSON text has one meaning or none."""

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDocument
from salescore.plain import parse_json

LIMIT = 1_048_576


def test_reads_json() -> None:
    """Whole numbers are `int`, numbers with a point or exponent `Decimal`, never a float."""
    found = parse_json('{"a": [1, -2, 1.50, 1e2, true, null, "é"]}')
    assert found == {"a": [1, -2, Decimal("1.50"), Decimal(100), True, None, "é"]}
    assert isinstance(found, dict)
    assert [type(value) for value in found["a"][:4]] == [int, int, Decimal, Decimal]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is not JSON"),
        ("{'a': 1}", "line 1, column 2"),
        ("[1,]", "it is not JSON"),
        ("[1] 2", "Extra data"),
        ("\ufeff[]", "it is not JSON"),
        ('{"a": 1, "a": 1}', "the key 'a' stands twice"),
        ('[{"b": 0, "c": {"a": 1, "b": 2, "a": 3}}]', "the key 'a' stands twice"),
        ("NaN", "NaN is not a number of JSON"),
        ("[Infinity]", "Infinity is not a number"),
        ("[-Infinity]", "-Infinity is not a number"),
        ("1e400", "exponent goes beyond 30"),
        ("1e-400", "exponent goes beyond 30"),
        ("1" * 39, "38 digits"),
        ("0." + "1" * 19, "18 digits"),
        ("1" * 5000, "longer than 100 characters"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        (" " * (LIMIT + 1), "1,048,577 characters; at most 1,048,576"),
        ('"' + "x" * 2_000_000 + '"', "2,000,002 characters"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_refuses(text: str, fault: str) -> None:
    """Text that two readers could understand differently is refused, and the fault named."""
    with pytest.raises(InvalidDocument) as caught:
        parse_json(text, "rules.json")
    assert caught.value.path == "rules.json"
    assert fault in caught.value.fault


def test_a_key_that_stands_twice_is_cut_in_the_message() -> None:
    """A key of any length does not flood a message."""
    key = "k" * 100_000
    with pytest.raises(InvalidDocument) as caught:
        parse_json(f'{{"{key}": 1, "{key}": 2}}')
    assert len(str(caught.value)) < 200


def test_a_text_of_the_limit_is_read() -> None:
    """The limit itself is still within it."""
    assert parse_json("[]" + " " * (LIMIT - 2)) == []


@pytest.mark.parametrize("number", ["1E+999999", "-1e999999999", "1e-999999", "9" * 10_000])
def test_a_huge_number_costs_no_time(number: str) -> None:
    """Exponents are bounded before any arithmetic; `int(Decimal('1E+999999'))` takes minutes."""
    start = time.perf_counter()
    with pytest.raises(InvalidDocument):
        parse_json(number)
    assert time.perf_counter() - start < 1


NUMBERS = st.one_of(st.integers(-(10**37), 10**37), st.text(max_size=5), st.booleans(), st.none())


@given(st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_reads_what_a_json_writer_writes(value: object) -> None:
    """Reading is the inverse of the standard library's writing."""
    assert parse_json(json.dumps(value)) == value
