"""Shares of a total, and the largest slices with all others as one."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import book_of, crowded_books, facts_of, sale

from salescore.book import SalesBook
from salescore.errors import InvalidValue
from salescore.metrics import OTHERS_LABELS, Exclusion, Figure, Slice, shares, slices, top
from salescore.render import Language
from salescore.values import Money, exact_sum

BOOK = book_of(
    [
        sale(1, "2024-01-31", "60", customer="c1"),
        sale(2, "2024-01-31", "25", customer="c2"),
        sale(3, "2024-02-01", "10", customer="c3"),
        sale(4, "2024-12-31", "5"),
        sale(5, "2024-12-31", Money.of("900", "JPY"), customer="c9"),
    ],
)
SOLD = slices("revenue", facts_of(BOOK, currency="USD"), by="customer")


def part(key: str | None, value: str | None, *, n: int = 1, reason: str | None = None) -> Slice:
    """Return a slice of an additive figure."""
    number = None if value is None else Decimal(value)
    figure = Figure(name="f", value=number, unit="USD", numerator=number, n=n, reason=reason)
    return Slice(keys=(key,), labels=(key or "–",), figure=figure)


def test_a_share_is_of_the_sum_of_all() -> None:
    """Rows without a customer are part of the whole; rows without a price have no share."""
    found = {one.slice.key: (one.value, one.reason) for one in shares(SOLD)}
    assert found == {
        "c1": (Decimal("0.6"), None),
        "c2": (Decimal("0.25"), None),
        "c3": (Decimal("0.1"), None),
        None: (Decimal("0.05"), None),
        "c9": (None, next(one.figure.reason for one in SOLD if one.key == "c9")),
    }
    assert [one.slice for one in shares(SOLD)] == list(SOLD)


@pytest.mark.parametrize("values", [("1", "-1"), ("-3",), ("0",)])
def test_no_share_of_a_total_that_is_not_above_0(values: tuple[str, ...]) -> None:
    """A share of nothing or of a loss is undefined, with the total in the reason."""
    found = shares([part(str(place), value) for place, value in enumerate(values)])
    assert all(one.value is None for one in found)
    assert all("the total is " in str(one.reason) for one in found)


def test_shares_below_0_stand_as_they_are() -> None:
    """A return's share is negative, and the others exceed the whole by as much."""
    found = shares([part("a", "15"), part("b", "-5")])
    assert [one.value for one in found] == [Decimal("1.5"), Decimal("-0.5")]


def test_the_largest_stand_before_all_others() -> None:
    """What is not among the largest is one slice, undefined ones included."""
    found = top(SOLD, 2)
    assert [one.key for one in found.largest] == ["c1", "c2"]
    assert found.others is not None
    assert (found.others.keys, found.others.label) == ((None,), "Others")
    assert (found.others.value, found.others.figure.n, found.n_others) == (Decimal(15), 2, 3)
    assert found.rows == (*found.largest, found.others)
    assert top(SOLD, 2, language=Language.ZH).rows[-1].label == OTHERS_LABELS[1]


def test_no_others_where_all_are_among_the_largest() -> None:
    """A top of more slices than there are has no others."""
    found = top(SOLD[:2], 5)
    assert (found.rows, found.others, found.n_others) == (SOLD[:2], None, 0)
    assert top([], 3).rows == ()


def test_ties_stand_in_the_order_of_their_keys() -> None:
    """Equal values never change places between two runs."""
    found = top([part("b", "1"), part(None, "1"), part("a", "1"), part("", "1")], 3)
    assert [one.key for one in found.largest] == [None, "", "a"]


def test_others_without_any_value_are_undefined() -> None:
    """Others of which nothing is known have no value but a reason."""
    found = top([part("a", "1"), part("b", None, n=0, reason="no price")], 1)
    assert found.others is not None
    assert (found.others.value, found.others.figure.reason) == (None, "no price")


def test_others_tell_what_was_left_out_of_them() -> None:
    """Rows left out of several slices are told together, by reason."""
    rows = [
        attrs.evolve(one, figure=attrs.evolve(one.figure, excluded=(Exclusion("t", reason, 2),)))
        for one, reason in ((part("a", "3"), "x"), (part("b", "2"), "y"), (part("c", "1"), "y"))
    ]
    found = top(rows, 1)
    assert found.others is not None
    assert found.others.figure.excluded == (Exclusion("t", "y", 4),)


@given(crowded_books(), st.sampled_from(["region", "product", ("rep", "month")]), st.integers(1, 6))
@settings(max_examples=30)
def test_nothing_is_lost(book: SalesBook, by: str, n: int) -> None:
    """The largest and the others sum to all slices, and shares of a positive total to 1."""
    parts = slices("revenue", facts_of(book), by=by)
    known = [one.value for one in parts if one.value is not None]
    found = top(parts, n)
    assert exact_sum(one.value for one in found.rows if one.value is not None) == exact_sum(known)
    assert len(found.largest) + found.n_others == len(parts)
    values = [one.value for one in shares(parts) if one.value is not None]
    if values:
        assert abs(exact_sum(values) - 1) < Decimal("1E-20")


def test_what_has_no_sum_is_refused() -> None:
    """Margins have no shares, figures do not mix, and a top is of one slice or more."""
    margins = slices("gross_margin", facts_of(BOOK), by="customer")
    with pytest.raises(InvalidValue, match="do not sum to a whole"):
        shares(margins)
    with pytest.raises(InvalidValue, match="of one figure"):
        top([SOLD[0], part("a", "1")], 1)
    for n in (0, True, "2"):
        with pytest.raises(InvalidValue, match="above 0"):
            top(SOLD, n)  # type: ignore[arg-type]
