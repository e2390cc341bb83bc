"""Sales velocity, with every part of it and the reason where one is missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.pipeline.passing import Sale, facts_of, rep, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import figure
from salescore.pipeline import velocity, velocity_by
from salescore.values import Calendar

D = Decimal
JANUARY = Calendar().parse("2024-01")


def closed(key: str, end: str, day: int, who: str = "ann", amount: int | None = None) -> Sale:
    """Return a sale that began on the first of January and closed on a day by number."""
    return sale(key, ("talk", 0), (end, day), rep=who, amount=amount)


SALES = [
    closed("a", "won", 10, amount=900),
    closed("b", "won", 20, amount=300),
    closed("c", "won", 30, "bob"),
    closed("d", "lost", 5, "bob"),
    sale("e", ("talk", 3), rep="ann"),
    sale("f", ("offer", 3), rep="bob"),
    sale("g", ("offer", 3)),
]
CYCLE = "sales_cycle_from_creation_mean"


def test_velocity_is_the_product_of_its_parts() -> None:
    """3 open × 3/4 won × 600 each ÷ 20 days is 67.5 a day, each part beside it."""
    found = velocity(facts_of(SALES), during=JANUARY, cycle=CYCLE)
    assert (found.value, found.unit, found.reason) == (D("67.5"), "USD per day", None)
    assert [one.value for one in found.parts] == [3, D("0.75"), 600, 20]
    assert [one.name for one in found.parts] == [
        *("open_opportunities", "win_rate", "average_won_amount", CYCLE),
    ]
    product = Fraction(1)
    for one in found.parts[:3]:
        product *= one.exact or 0
    assert Fraction(found.value or 0) == product / (found.cycle.exact or 1)


def test_who_is_open_is_asked_as_of_the_end_of_the_period() -> None:
    """A sale won in January was open before, and is not counted as open in it any more."""
    early = Calendar().parse("2024-01-06")
    found = velocity(facts_of(SALES), during=early, cycle=CYCLE)
    assert found.open.value == 6
    assert (found.value, found.reason) == (None, found.average_won_amount.reason)
    assert found.win_rate.value == 0


def test_a_missing_part_is_the_reason() -> None:
    """Without activities nobody knows the first contact: undefined, with that reason."""
    facts = facts_of(SALES)
    found = velocity(facts, during=JANUARY)
    assert (found.value, found.reason) == (None, figure("sales_cycle_mean", facts).reason)
    empty = velocity(Facts.of(SalesBook()))
    assert (empty.value, empty.reason) == (None, empty.open.reason)
    assert empty.reason is not None


def test_a_cycle_of_no_days_is_no_divisor() -> None:
    """Won on the day it came up: there is no speed, and the reason says so."""
    found = velocity(facts_of([closed("a", "won", 0, amount=9), SALES[4]]), cycle=CYCLE)
    assert (found.value, found.reason) == (None, "the mean cycle is 0 days")


def test_each_rep_has_a_velocity() -> None:
    """The fastest first; who lacks a part is undefined, and nobody's open ones are there."""
    facts = facts_of(SALES, sales_reps=[rep("ann"), rep("bob")])
    found = velocity_by(facts, "rep", during=JANUARY, cycle=CYCLE)
    assert [one.labels for one in found] == [("Ann",), ("Bob",), ("–",)]
    ann, bob, nobody = found
    assert (ann.value, ann.keys) == (D(40), ("ann",))
    assert (bob.value, bob.open.value, bob.cycle.value) == (None, 1, 30)
    assert (nobody.value, nobody.open.value, nobody.keys) == (None, 1, (None,))
    assert nobody.reason == "no rows for win_rate"
    only_closed = velocity_by(facts_of(SALES[:1]), "rep", cycle=CYCLE)
    assert (only_closed[0].value, only_closed[0].open.value) == (0, 0)


def test_bad_questions_are_refused() -> None:
    """Another figure is no cycle; what is open now has no month."""
    with pytest.raises(InvalidValue, match="cycle"):
        velocity(facts_of(SALES), cycle="win_rate")
    with pytest.raises(InvalidValue, match="cycle"):
        velocity_by(facts_of(SALES), "rep", cycle="win_rate")
    with pytest.raises(UnknownName):
        velocity_by(facts_of(SALES), "month")
