"""Cut points: where a rule can change its answer."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term, as_tree, coalesce, days_between, when
from salescore.rules._regions import CutPoints, is_condition
from salescore.values import Rounding

D = Decimal

KINDS = {
    "a": Kind.DECIMAL,
    "b": Kind.DECIMAL,
    "c": Kind.DECIMAL,
    "day": Kind.DATE,
    "other_day": Kind.DATE,
    "name": Kind.TEXT,
    "is_on": Kind.BOOLEAN,
    "tags": Kind.TEXT,
}
TABLE = FieldTable(
    name="facts",
    fields=tuple(
        Field(name=name, kind=kind, nullable=True, labels=("", ""), is_set=name == "tags")
        for name, kind in KINDS.items()
    ),
)
ROW: dict[str, Any] = {
    "a": D(1),
    "b": D(2),
    "c": None,
    "day": date(2017, 1, 1),
    "other_day": date(2017, 2, 1),
    "name": "x",
    "is_on": True,
    "tags": frozenset(),
}


def cuts(rule: Term, *movable: str) -> CutPoints:
    """Return the cut points of a rule where some fields may change."""
    few = ("is_on", "tags")
    return CutPoints(as_tree(rule), ROW, TABLE, {name: name not in few for name in movable})


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        (F.a > 5, [D(5)]),
        (D(5) > F.a, [D(5)]),
        (F.a.between(2, F.b), [D(2)]),
        (F.a.is_in([1, 2, 3]), [D(1), D(2), D(3)]),
        (F.a + 3 > 5, [Fraction(2)]),
        (3 + F.a > 5, [Fraction(2)]),
        (F.a - 3 > 5, [Fraction(8)]),
        (3 - F.a > 5, [Fraction(-2)]),
        (F.a * 3 > 5, [Fraction(5, 3)]),
        (3 * F.a > 5, [Fraction(5, 3)]),
        (F.a * 0 > 5, []),
        (0 * F.a > 5, []),
        (F.a + F.c > 5, []),
        (F.c + F.a > 5, []),
        (F.a > F.c, []),
        (F.a * 3 > F.a + 5, [Fraction(5, 2)]),
        (F.a - F.a * 3 > 5 + F.a, [Fraction(-5, 3)]),
        (F.a + F.a > 5, [Fraction(5, 2)]),
        (F.a - F.a > 5, []),
        (F.a > F.a, []),
        (F.a > F.a + 1, []),
        (coalesce(F.a, 3) > 5, [D(5)]),
        (when((F.a > 7, F.a), otherwise=0) > 5, [D(7), D(5)]),
        (F.a > when((F.a > 7, D(3)), otherwise=4), [D(7), D(3), D(4)]),
        (F.a > when((F.a > 7, coalesce(D(3), D(4)))), [D(7), D(3)]),
        ((F.a > 1) == (F.a < 3), [D(1), D(3)]),
        (F.is_on == (F.a < 3), [D(3)]),
        (F.a.rounded(1, Rounding.FLOOR) > 5, [Fraction(n, 20) for n in range(98, 105)]),
    ],
)
def test_points_of_one_number(rule: Term, points: list[object]) -> None:
    """Literals and constants of the row are carried back through sums, products and rounding."""
    found = cuts(rule, "a", "is_on")
    assert list(found.points.get("a", {})) == points
    assert set(found.points) <= {"a"}


@pytest.mark.parametrize(
    ("rule", "is_exact"),
    [
        (F.a + 1 > F.b, False),
        (F.a + F.b > 1, False),
        (F.a > when((F.is_on, F.b), otherwise=1), False),
        (F.a > when((F.is_on, D(3)), otherwise=1), True),
        (F.a * F.a > 1, False),
        (F.a.rounded(0, Rounding.UP) > F.a, False),
        (F.a + F.c > F.a, False),
        (F.name == "y", True),
        (F.name < "y", False),
        (F.name.contains("y"), False),
        (F.tags.has_any(["y"]), True),
        ((F.a > 1) == (F.b > 1), True),
        (coalesce(F.a > 1, F.b > 1) == when((F.a > 1, F.b > 1)), True),
        (days_between(F.day, F.other_day) > 1, False),
        (days_between(F.day, F.day) > 1, True),
    ],
)
def test_it_is_known_whether_these_are_all(rule: Term, *, is_exact: bool) -> None:
    """Tests of two numbers, squares and letters of texts leave some out, and say so."""
    movable = ("a", "b", "name", "is_on", "tags", "day", "other_day")
    assert cuts(rule, *movable).is_exact is is_exact


def test_days_are_shifted() -> None:
    """Days between a date and a constant are carried back, part of a day either way."""
    found = cuts(days_between(F.day, F.other_day) > D("30.5"), "day")
    assert list(found.points["day"]) == [date(2017, 1, 2), date(2017, 1, 1)]
    found = cuts(days_between(F.day, F.other_day) > 28, "other_day")
    assert list(found.points["other_day"]) == [date(2017, 1, 29)]
    assert cuts(days_between(F.day, date.min) > 5, "day").points == {}


def test_tags_are_kept_by_test() -> None:
    """Every test of tags keeps what it asks for."""
    rule = F.tags.has_any(["a", "b"]) & F.tags.has_none(["c"])
    assert cuts(rule, "tags").tags == {"tags": [("a", "b"), ("c",)]}


def test_the_work_is_bounded() -> None:
    """Rounding in rounding multiplies the cut points; too many of them end the work."""
    value = F.a
    for _ in range(8):
        value = value.rounded(0, Rounding.UP)
    found = cuts(value > 5, "a")
    assert not found.is_exact
    assert found.points["a"]


@pytest.mark.parametrize(
    ("value", "is_truth"),
    [
        (F.is_on, True),
        (F.a, False),
        (F.a > 1, True),
        (F.a + 1, False),
        (F.a.rounded(0, Rounding.UP), False),
        (days_between(F.day, F.day), False),
        (coalesce(F.is_on, F.a > 1), True),
        (coalesce(F.a, 1), False),
        (when((F.is_on, True), otherwise=False), True),
        (when((F.is_on, 1), otherwise=2), False),
    ],
)
def test_conditions_are_told_from_values(value: Term, *, is_truth: bool) -> None:
    """What yields truth values is told from what yields numbers and days."""
    assert is_condition(as_tree(value), TABLE) is is_truth
