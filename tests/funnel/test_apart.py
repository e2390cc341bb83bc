"""Rules that plainly hold on no row in common, told without a search."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import StageKind, record_table
from salescore.funnel import Criterion, Funnel, Stage, Transition, check_funnel, guard_schema
from salescore.funnel._apart import are_apart, ranges_of
from salescore.rules import Conjunction, Expression, F, HasTree, as_tree, evaluate

SCHEMA = guard_schema(record_table("opportunities"))
NUMBERS = st.integers(-2, 2).map(Decimal)
GRID = [Decimal(one) / 2 for one in range(-6, 7)]

ORDERS: tuple[Callable[[Decimal], HasTree], ...] = (
    lambda one: F.probability < one,
    lambda one: F.probability <= one,
    lambda one: F.probability > one,
    lambda one: F.probability >= one,
    lambda one: F.probability == one,
)


@st.composite
def orders(draw: st.DrawFn) -> Expression:
    """Return a comparison of a number."""
    return as_tree(draw(st.sampled_from(ORDERS))(draw(NUMBERS)))


@st.composite
def conditions(draw: st.DrawFn) -> Expression:
    """Return one or two conditions on a number, some of which name no bounds."""
    made = st.one_of(
        orders(),
        st.tuples(NUMBERS, NUMBERS).map(lambda two: as_tree(F.probability.between(*two))),
        st.lists(NUMBERS, max_size=3).map(lambda some: as_tree(F.probability.is_in(some))),
        NUMBERS.map(lambda one: as_tree(F.probability != one)),
        NUMBERS.map(lambda one: as_tree((F.probability < one) | (F.probability == 2))),
    )
    one, other = draw(made), draw(made)
    return draw(st.sampled_from([one, Conjunction((one, other))]))


def met(*rules: Expression) -> list[Decimal]:
    """Return the values on which all rules hold."""
    return [
        one for one in GRID if all(evaluate(rule, {"probability": one}) is True for rule in rules)
    ]


@given(conditions(), conditions())
def test_rules_that_are_apart_hold_nowhere_together(one: Expression, other: Expression) -> None:
    """What the bounds tell is so on every value."""
    if are_apart(ranges_of([one]), ranges_of([other])):
        assert met(one, other) == []


@given(orders(), orders())
def test_of_two_comparisons_the_bounds_tell_all(one: Expression, other: Expression) -> None:
    """Two comparisons of one field are apart just where no value fulfils both."""
    assert are_apart(ranges_of([one]), ranges_of([other])) is (met(one, other) == [])


def test_texts_and_days_are_told_apart_too() -> None:
    """Texts differ by what they are, days by their order; other fields tell nothing."""
    west, rest = as_tree(F.stage == "west"), as_tree(F.stage.is_in(["east", "south"]))
    assert are_apart(ranges_of([west]), ranges_of([rest]))
    assert not are_apart(ranges_of([west]), ranges_of([as_tree(F.source == "west")]))
    early = as_tree(F.created_on < date(2026, 1, 1))
    assert are_apart(ranges_of([early]), ranges_of([as_tree(F.created_on >= date(2026, 1, 1))]))
    assert not are_apart(ranges_of([west]), ranges_of([early]))


def test_many_guarded_ways_of_one_event_are_checked_at_once() -> None:
    """Of 150 guards that share no value none overlaps; two that share one are still found."""
    keys = [f"s{one}" for one in range(150)]
    ways = [
        Transition(
            event="go",
            sources=["a"],
            target=key,
            guards=[
                Criterion(
                    key="band",
                    rule=(F.probability >= Decimal(place)) & (F.probability < Decimal(place + 1)),
                )
            ],
        )
        for place, key in enumerate(keys)
    ]
    wide = Criterion(key="wide", rule=F.probability > Decimal("148.5"))
    ways.append(Transition(event="go", sources=["a"], target="won", guards=[wide]))
    one = Funnel(
        name="f",
        version="1",
        stages=[Stage(key=key) for key in ("a", *keys)] + [Stage(key="won", kind=StageKind.WON)],
        transitions=ways,
    )
    begun = perf_counter()
    found = [
        two.message for two in check_funnel(one, SCHEMA) if two.code == "funnel-guards-overlap"
    ]
    assert perf_counter() - begun < 5
    assert len(found) == 2
    assert "'s148'" in found[0]
    assert "'s149'" in found[1]
