"""The JSON of a review has the shape that the contract names, down to the last key."""

import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from tests.metrics.small_books import RATES, book_of, crowded_books, sale
from tests.review.small_review import BOOK

from salescore.book import SalesBook
from salescore.review import SCHEMA, review_book, review_data
from salescore.testing import books
from salescore.values import Calendar, parse_decimal

TOP = [
    *("schema", "as_of", "period", "calendar", "currency", "rate_policy", "revenue_basis"),
    *(
        "figures",
        "slices",
        "attainment",
        "trends",
        "abc",
        "grading",
        "segments",
        "process",
        "findings",
        "notes",
    ),
]
FIGURE = {
    *("value", "unit", "numerator", "denominator", "n", "previous", "year_ago", "reason"),
    *("label", "additive", "interval", "since_previous", "since_year_ago", "excluded"),
}
SLICE = ["key", "label", "value", "numerator", "denominator", "n"]
NUMBERS = ("value", "numerator", "denominator", "previous", "year_ago")


def assert_number(text: object) -> None:
    """Assert that a text is a plain decimal, without an exponent, or null."""
    if text is not None:
        assert isinstance(text, str)
        assert "E" not in text
        parse_decimal(text.lstrip("-").split(".")[0][-30:])


def assert_shape(data: dict[str, Any]) -> None:
    """Assert the contract's shape."""
    assert list(data) == TOP
    assert data["schema"] == SCHEMA == "salescore/review/1"
    assert isinstance(data["period"], str)
    for name, one in data["figures"].items():
        assert set(one) == FIGURE, name
        for key in NUMBERS:
            assert_number(one[key])
        assert type(one["n"]) is int
        assert (one["value"] is None) == isinstance(one["reason"], str)
        for change in (one["since_previous"], one["since_year_ago"]):
            if change is not None:
                assert list(change) == ["kind", "value", "reason"]
                assert change["kind"] in ("percent", "points")
                assert (change["value"] is None) == isinstance(change["reason"], str)
        assert all(list(left) == ["table", "reason", "n"] for left in one["excluded"])
    for name, by in data["slices"].items():
        assert name in data["figures"]
        for parts in by.values():
            for part in parts:
                further = ["reason"] if part["value"] is None else []
                assert [key for key in part if key != "interval"] == [*SLICE, *further]
                assert part["key"] is None or isinstance(part["key"], str)
                for key in ("value", "numerator", "denominator"):
                    assert_number(part[key])
    for one in data["findings"]:
        assert {"code", "severity", "message", "count"} <= set(one)
    assert all(isinstance(note, str) for note in data["notes"])


def test_the_head() -> None:
    """The head says what was reviewed: the period by its key, as of which day, in what currency."""
    data = review_data(review_book(BOOK, during=Calendar().parse("2024-Q1")))
    assert {key: data[key] for key in TOP[:5]} == {
        "schema": "salescore/review/1",
        "as_of": "2024-06-30",
        "period": "2024-Q1",
        "calendar": "gregorian",
        "currency": "USD",
    }


def test_one_figure() -> None:
    """A figure carries its parts, its past, typed changes and what it leaves out."""
    data: Any = review_data(review_book(BOOK, during=Calendar().parse("2024-Q1")))
    assert data["figures"]["gross_margin"] == {
        "label": "Gross margin",
        "interval": None,
        "value": "0.5",
        "unit": "fraction",
        "numerator": "65",
        "denominator": "130",
        "n": 2,
        "additive": False,
        "previous": None,
        "year_ago": "0.6",
        "reason": None,
        "since_previous": {
            "kind": "points",
            "value": None,
            "reason": "the old value is undefined",
        },
        "since_year_ago": {"kind": "points", "value": "-0.1", "reason": None},
        "excluded": [],
    }
    year: Any = review_data(review_book(BOOK))
    assert year["figures"]["gross_profit"]["excluded"] == [
        {"table": "sales_lines", "reason": "cost unknown", "n": 1}
    ]


def test_the_abc_analysis() -> None:
    """The customers' ABC stands under a key of its own, and is null where there is nothing."""
    data: Any = review_data(review_book(BOOK))
    assert data["abc"]["figure"] == "revenue"
    assert data["abc"]["items"][0] == {
        "key": "acme",
        "label": "Acme",
        "value": "130",
        "share": "0.65",
        "share_before": "0",
        "grade": "A",
    }
    assert data["abc"]["classes"][0] == {"grade": "A", "n": 2, "value": "200", "share": "1"}
    empty = review_data(review_book(SalesBook(), during=Calendar().parse("2024")))
    assert empty["abc"] is None


def test_without_a_year_ago() -> None:
    """ISO week 53 has no week a year ago: null, and no change since then."""
    data: Any = review_data(review_book(BOOK, during=Calendar().parse("2020-W53")))
    assert data["figures"]["revenue"]["year_ago"] is None
    assert data["figures"]["revenue"]["since_year_ago"] is None


def test_the_json_of_the_small_book() -> None:
    """The shape holds, and what is written is what is read back."""
    data = review_data(review_book(BOOK))
    assert_shape(data)
    assert json.loads(json.dumps(data)) == data


@settings(deadline=None, max_examples=15)
@given(crowded_books())
def test_the_shape_holds_for_every_book(book: SalesBook) -> None:
    """Whatever the facts hold, the JSON has its shape and nothing but plain data."""
    data = review_data(review_book(book, rates=RATES, during=Calendar().parse("2023-Q4")))
    assert_shape(data)
    assert json.loads(json.dumps(data)) == data


@settings(deadline=None, max_examples=15)
@given(books(faulty=True))
def test_the_shape_holds_for_faulty_books(book: SalesBook) -> None:
    """The same holds for facts with every fault that data have."""
    data = review_data(review_book(book, during=Calendar().parse("2017"), as_of=date(2018, 1, 1)))
    assert_shape(data)
    assert json.loads(json.dumps(data)) == data


def test_numbers_have_no_exponent() -> None:
    """A very small amount is written out, though Python would show it as 1E-10."""
    book = book_of([sale(1, "2024-01-01", "0.0000000001"), sale(2, "2024-02-01", "0")])
    data: Any = review_data(review_book(book))
    assert data["figures"]["revenue"]["value"] == "0.0000000001"
    assert data["slices"]["revenue"]["month"][1]["value"] == "0"
