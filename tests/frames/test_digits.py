from __future__ import annotations

from decimal import Decimal
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.frames.engine_cases import CASES

from salescore import testing
from salescore.errors import EngineRefused, InexactResult
from salescore.frames import Digits
from salescore.frames._digits import NO_NUMBER, Span, number_span
from salescore.rules import (
    Arithmetic,
    F,
    Literal,
    Operator,
    RuleType,
    Term,
    as_tree,
    coalesce,
    compile_expression,
    days_between,
    when,
)
from salescore.values import Rounding, scale_of

D = Decimal


def span(low: str, high: str, behind: int) -> Span:
    """Return a range from texts."""
    return Span(D(low), D(high), behind)


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("0", (0, 0)),
        ("0.00", (0, 0)),
        ("1", (1, 0)),
        ("-12.50", (2, 1)),
        ("0.05", (0, 2)),
        ("1E+3", (4, 0)),
        ("9" * 20 + "." + "9" * 18, (20, 18)),
    ],
)
def test_digits_of_a_number(value: str, digits: tuple[int, int]) -> None:
    """A number needs the places it has, without zeros at either end."""
    assert Digits.of(D(value)) == Digits(*digits)


def test_a_type_has_at_least_one_digit() -> None:
    """The narrowest decimal type has one digit, and holds 0 alone."""
    assert (Digits(0, 0).total, Digits(0, 2).total, Digits(3, 2).total) == (1, 2, 5)
    assert Digits(3, 0).holding(Digits(1, 4)) == Digits(3, 4)


def test_the_range_of_a_type_ends_with_nines() -> None:
    """Digits allow all numbers up to nines in each place, and a range needs its digits."""
    assert Span.of(Digits(3, 2)) == span("-999.99", "999.99", 2)
    assert Span.of(Digits(0, 0)) == span("0", "0", 0)
    assert Span.of(Digits(20, 18)).digits == Digits(20, 18)
    assert span("-0.5", "99", 1).digits == Digits(2, 1)
    assert NO_NUMBER.digits == Digits(0, 0)


def test_ranges_of_38_digits_are_exact() -> None:
    """No end of a range is rounded, however many digits it has."""
    nines = "9" * 38
    widest = Span.of(Digits(38, 0))
    assert widest == span("-" + nines, nines, 0)
    assert widest.plus(widest) == span("-1" + nines[1:] + "8", "1" + nines[1:] + "8", 0)
    assert widest.minus(widest) == widest.plus(widest)
    fine = Span.of(Digits(20, 18))
    assert fine.rounded(17, Rounding.DOWN).digits == Digits(20, 17)
    assert fine.times(fine).behind == 36


PRICE, COUNT = span("0", "999.99", 2), span("-3", "7", 0)
SPANS = {"amount": PRICE, "count": COUNT, "rate": span("-0.125", "0.125", 3)}


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        (F.amount, PRICE),
        (F.amount + F.count, span("-3", "1006.99", 2)),
        (F.amount - F.count, span("-7", "1002.99", 2)),
        (F.amount * F.count, span("-2999.97", "6999.93", 2)),
        (F.count * F.count, span("-21", "49", 0)),
        (F.count + D("0.50"), span("-2.5", "7.5", 1)),
        (F.rate.rounded(2, Rounding.HALF_UP), span("-0.13", "0.13", 2)),
        (F.rate.rounded(2, Rounding.CEILING), span("-0.12", "0.13", 2)),
        (F.rate.rounded(5, Rounding.UP), span("-0.125", "0.125", 3)),
        (days_between(F.day, F.due), span("-3652058", "3652058", 0)),
        (coalesce(F.rate, F.count), span("-3", "7", 3)),
        (when((F.hot, F.rate)), span("-0.125", "0.125", 3)),
        (when((F.hot, F.rate), otherwise=20), span("-0.125", "20", 3)),
    ],
)
def test_ranges_follow_the_rule(rule: Term, right: Span) -> None:
    """Sums, products, rounding and choices have the range that their parts leave them."""
    assert number_span(as_tree(rule), SPANS.__getitem__, "polars") == right


def test_a_part_without_room_is_refused() -> None:
    """The part that can need too many digits is named, with what it needs."""
    wide = Literal(D("9" * 30))
    rule = Arithmetic(Operator.MULTIPLY, wide, Arithmetic(Operator.MULTIPLY, wide, wide))
    with pytest.raises(EngineRefused) as caught:
        number_span(rule, SPANS.__getitem__, "duckdb")
    assert caught.value.engine == "duckdb"
    assert caught.value.question == f"{wide.value} * {wide.value}"
    assert "60 digits before and 0 behind" in caught.value.fault


def test_what_is_no_number_has_no_range() -> None:
    """A condition has no range."""
    with pytest.raises(EngineRefused, match="it yields no number"):
        number_span(as_tree(F.amount > 1), SPANS.__getitem__, "duckdb")


@given(testing.rules(CASES, RuleType.NUMBER), st.lists(testing.rows(CASES), min_size=1, max_size=5))
def test_no_result_leaves_its_range(rule: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - any rule
    """Whatever a rule yields on rows lies within the range proven from their columns."""

    def column(name: str) -> Span:
        values = [row[name] for row in rows if row[name] is not None] or [D(0)]
        return Span(min(values), max(values), max(map(scale_of, values)))

    try:
        found = number_span(rule, column, "polars")
        results = [compile_expression(rule, itemgetter)(row) for row in rows]
    except (EngineRefused, InexactResult):
        assume(False)
        raise
    for value in results:
        assert value is None or (
            found.low <= value <= found.high and scale_of(value) <= found.behind
        )
