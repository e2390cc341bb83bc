"""The strict reader of JSON data: what it gives, and how it names what is wrong."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from salescore import testing
from salescore.errors import InvalidDocument
from salescore.plain import Node


def refused(read: Callable[[Node], object], data: object) -> str:
    """Return what is said of data that are refused."""
    with pytest.raises(InvalidDocument) as caught:
        read(Node(data, "doc/key"))
    assert "doc/key" in str(caught.value)
    return str(caught.value)


def test_labels_are_an_english_and_a_chinese_text() -> None:
    """Two texts, in this order; empty ones only where they may be."""
    assert Node(["Gold", "金"], "x").labels() == ("Gold", "金")
    assert Node(["", ""], "x").labels(empty=True) == ("", "")
    assert "it must not be empty" in refused(Node.labels, ["Gold", ""])
    for data in ([], ["Gold"], ["a", "b", "c"]):
        assert "expected an English and a Chinese label" in refused(Node.labels, data)
    assert "doc/key/1: expected a text" in refused(Node.labels, ["Gold", 1])
    assert "expected a list" in refused(Node.labels, "Gold")


@given(testing.days())
def test_a_day_is_read_back(day: date) -> None:
    """As it is written by ISO 8601."""
    assert Node(day.isoformat(), "x").day() == day


@pytest.mark.parametrize("data", ["2017-02-29", "2017-1-1", "17-01-01", "", "today", 20170101])
def test_what_is_no_day_is_refused(data: object) -> None:
    """A day that there is not, another spelling, a number."""
    refused(Node.day, data)


@given(testing.decimals())
def test_a_number_is_read_back(number: Decimal) -> None:
    """Every digit of it, out of text."""
    assert Node(format(number, "f"), "x").decimal() == number


@pytest.mark.parametrize("data", ["", "1,5", "NaN", "1e999999", "twelve", 1, 1.5, None, True])
def test_what_is_no_number_in_text_is_refused(data: object) -> None:
    """JSON's own numbers are refused as well, for they are binary in most readers."""
    refused(Node.decimal, data)


@pytest.mark.parametrize("data", [0, -7, 2**70])
def test_a_whole_number_is_read(data: int) -> None:
    """As a number of JSON, of any size and sign."""
    assert Node(data, "x").whole() == data


@pytest.mark.parametrize("data", ["1", 1.0, True, None, [1]])
def test_what_is_no_whole_number_is_refused(data: Any) -> None:  # noqa: ANN401 - JSON data
    """Text, fractions and truth values are none."""
    assert "expected a whole number, without quotation marks" in refused(Node.whole, data)


@pytest.mark.parametrize("data", ["\ud800", "a\udfffb", "\ude00\ud83d"])
def test_half_of_a_surrogate_pair_is_no_text(data: str) -> None:
    """It could be written to no file, so that it is refused where it is read."""
    assert "it holds half of a surrogate pair" in refused(Node.text, data)
    assert "it holds half of a surrogate pair" in refused(Node.texts, [data])
    assert Node("\U0001f600", "x").text() == "\U0001f600"


def test_an_error_can_always_be_printed() -> None:
    """Keys, paths and faults with half a surrogate pair are spelled out."""
    for node in (
        Node({"\ud800": 1}, "doc"),
        Node({"\ud800": {"\udfff": 1}}, ""),
        Node({"x": 1}, "doc/\ud800"),
    ):
        with pytest.raises(InvalidDocument) as caught:
            node.object(("name",))
        str(caught.value).encode()
    with pytest.raises(InvalidDocument, match="fault") as caught:
        Node(None, "doc").refuse("fault \ud800")
    assert str(caught.value) == "at doc: fault \\ud800"
    assert Node(None, "").below("\ud800", 1).path == "\\ud800"
    assert Node(None, "客户").below(0, 1).path == "客户/0"
