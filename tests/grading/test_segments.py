"""Segments: named rules that build on each other, in any order but in no circle."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.small_books import book_of, crowded_books, sale

from salescore.book import Facts, SalesBook
from salescore.entities import Activity, ActivityId, Customer, CustomerId
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import (
    STANDARD_SEGMENT_FIELDS,
    STANDARD_SEGMENTS,
    DerivedField,
    Segment,
    check_segments,
    segment_fields,
    segment_members,
    value_segments,
)
from salescore.rules import F, Term

DAY = date(2024, 6, 30)


def segment(key: str, rule: Any) -> Segment:  # noqa: ANN401
    """Return a segment."""
    return Segment(key=key, rule=rule, labels=(key, key))


def of(*keys: str) -> Term:
    """Return the rule that all of some segments hold."""
    rule = F.employees >= 1
    for key in keys:
        rule &= F[f"segment.{key}"]
    return rule


def facts(*employees: int | None) -> Facts:
    """Return the facts of customers c0, c1 … of some sizes."""
    people = [
        Customer(
            id=CustomerId(f"c{number}"),
            name="",
            employees=None if size is None else Decimal(size),
            industry="Retail" if number % 2 else None,
        )
        for number, size in enumerate(employees)
    ]
    return Facts.of(SalesBook(customers=people), as_of=DAY, currency="USD")


def test_members_hold_the_rule_and_unknown_are_told_apart() -> None:
    """Who is known to belong, and of whom nobody can tell; the order is that given."""
    found = segment_members(
        facts(80, 5, None),
        [segment("both", F["segment.large"] & F["segment.retail"]), *LARGE_RETAIL],
    )
    assert [(one.segment.key, one.members, one.unknown) for one in found] == [
        ("both", (), ("c0", "c2")),
        ("large", ("c0",), ("c2",)),
        ("retail", ("c1",), ("c0", "c2")),
    ]


LARGE_RETAIL = (segment("large", F.employees >= 50), segment("retail", F.industry == "Retail"))


def test_segments_read_declared_fields() -> None:
    """A figure or derived field is there for the rules of segments."""
    double = DerivedField(name="double", of=F.employees * 2, labels=("Double", "两倍"))
    (found,) = segment_members(facts(80, 5), [segment("x", F.double >= 100)], [double])
    assert found.members == ("c0",)


@st.composite
def stacks(draw: st.DrawFn) -> list[Segment]:
    """Return segments of which each builds on some before it, mixed up."""
    found: list[Segment] = []
    for number in range(draw(st.integers(0, 8))):
        keys = [one.key for one in found]
        below: set[str] = draw(st.sets(st.sampled_from(keys))) if keys else set()
        found.append(segment(f"s{number}", of(*sorted(below))))
    return draw(st.permutations(found))


@given(stacks())
def test_each_segment_stands_behind_those_it_builds_on(segments: list[Segment]) -> None:
    """Whatever order they are given in, all are there once and can be worked out in turn."""
    assert check_segments(segments) == ()
    fields = segment_fields(segments)
    assert {one.name for one in fields} == {one.field for one in segments}
    assert len(fields) == len(segments)
    found = segment_members(facts(1, 0, None), segments)
    assert [one.segment for one in found] == segments
    assert all(one.members == ("c0",) and one.unknown == ("c2",) for one in found)


def messages(*segments: Segment) -> list[tuple[str, str | None, str]]:
    """Return the findings of segments, short."""
    return [(one.code, one.subject, one.message) for one in check_segments(segments)]


def test_a_circle_names_those_in_it_and_nobody_else() -> None:
    """What leads into a circle, or is built on by it, is not in it."""
    found = messages(
        segment("in", of("a")),
        segment("a", of("b")),
        segment("b", of("c", "out")),
        segment("c", of("a")),
        segment("out", of()),
        segment("self", of("self")),
    )
    assert found == [
        (
            "segment-circle",
            "segments/a",
            "segments 'a', 'b', 'c' build on each other in a circle; one must stand by itself",
        ),
        ("segment-circle", "segments/self", "segment 'self' builds on itself"),
    ]


def test_a_long_circle_is_told_in_short() -> None:
    """Of a circle of thousands ten are named, and the search does not go deep."""
    many = 5_000
    ring = [segment(f"s{one}", of(f"s{(one + 1) % many}")) for one in range(many)]
    ((code, _, message),) = messages(*ring)
    assert code == "segment-circle"
    assert "'s9', … build" in message
    assert "'s10'" not in message


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=6, max_size=6))
def test_a_circle_is_found_where_there_is_one(edges: list[list[int]]) -> None:
    """There is a finding exactly if some segment can be reached from itself."""
    segments = [
        segment(f"s{number}", of(*(f"s{one}" for one in below)))
        for number, below in enumerate(edges)
    ]
    reached = {number: set(below) for number, below in enumerate(edges)}
    for _ in edges:
        for below in reached.values():
            below.update(*(reached[one] for one in set(below)))
    circling = {f"segments/s{number}" for number, below in reached.items() if number in below}
    found = check_segments(segments)
    assert bool(found) is bool(circling)
    assert {one.subject for one in found} <= circling
    if found:
        with pytest.raises(InvalidValue, match=r"circle|itself"):
            segment_fields(segments)


def test_keys_that_stand_twice_or_nowhere_are_found() -> None:
    """Both faults are told at once, with the key that has them."""
    found = messages(segment("a", of("lost")), segment("a", of()))
    assert found == [
        ("segment-twice", "segments/a", "segment 'a' stands there twice"),
        ("segment-unknown", "segments/a", "segment 'a' builds on 'lost', which is none"),
    ]
    with pytest.raises(InvalidValue, match="'lost', which is none"):
        segment_members(facts(1), [segment("a", of("lost"))])


@pytest.mark.parametrize(
    ("rule", "error", "fault"),
    [
        (F.employees, InvalidValue, "rule of segment.x .* must be a condition"),
        (F.employees >= "5", RuleTypeError, "\\(in segment.x\\)"),
        (F.employes >= 5, UnknownName, "for segment.x 'employes'; did you mean 'employees'"),
    ],
)
def test_rules_that_do_not_fit_name_their_segment(
    rule: Term, error: type[Exception], fault: str
) -> None:
    """No condition, a wrong type and a typo are refused."""
    with pytest.raises(error, match=fault):
        segment_members(facts(1), [segment("x", rule)])


def test_a_segment_has_a_key() -> None:
    """An empty key could not be read by other rules."""
    with pytest.raises(InvalidValue, match="it must not be empty"):
        segment("", of())


# Standard segments --------------------------------------------------------------------------------


def standard(book: SalesBook, as_of: date = DAY) -> dict[str, tuple[set[str], set[str]]]:
    """Return members and unknown of the standard segments, by key."""
    found = segment_members(
        Facts.of(book, as_of=as_of, currency="USD"), STANDARD_SEGMENTS, STANDARD_SEGMENT_FIELDS
    )
    return {one.segment.key: ({*one.members}, {*one.unknown}) for one in found}


def test_sizes_are_those_of_the_european_definition() -> None:
    """Bounds at 10, 50 and 250 people belong to the larger size; an unknown size to none."""
    sizes = (9, 10, 49, 50, 249, 250, None)
    found = {
        one.segment.key: (one.members, one.unknown)
        for one in segment_members(facts(*sizes), STANDARD_SEGMENTS[:4])
    }
    assert found == {
        "size_micro": (("c0",), ("c6",)),
        "size_small": (("c1", "c2"), ("c6",)),
        "size_medium": (("c3", "c4"), ("c6",)),
        "size_large": (("c5",), ("c6",)),
    }


def test_behaviour_by_days_since_the_last_purchase_and_contact() -> None:
    """Ninety days are still active and 365 still quiet; who never bought is neither."""
    ago = {"today": 0, "c90": 90, "c91": 91, "c365": 365, "c366": 366}
    book = book_of(
        [
            sale(number, str(DAY - timedelta(days=days)), "1", customer=key)
            for number, (key, days) in enumerate(ago.items())
        ],
        customers=[Customer(id=CustomerId("never"), name="")],
        activities=[
            Activity(
                id=ActivityId(key),
                happened_on=DAY - timedelta(days=days),
                customer_id=CustomerId(key),
            )
            for key, days in (("today", 90), ("c90", 91))
        ],
    )
    found = {key: members for key, (members, _) in standard(book).items()}
    assert found["active"] == {"today", "c90"}
    assert found["quiet"] == {"c91", "c365"}
    assert found["lapsed"] == {"c366"}
    assert found["no_purchase"] == {"never"}
    assert found["neglected"] == {"c90", "c91", "c365", "c366", "never"}
    assert found["bought_once"] == {"today", "c90", "c91", "c365"}
    assert found["bought_never"] == {"c366", "never"}


@pytest.mark.parametrize(
    ("orders", "key"),
    [(1, "bought_once"), (2, "bought_repeatedly"), (5, "bought_repeatedly"), (6, "bought_often")],
)
def test_frequency_counts_the_orders_of_twelve_months(orders: int, key: str) -> None:
    """One order, two to five, and six or more are three ways of buying."""
    sales = [sale(number, "2024-05-01", "1", customer="c") for number in range(orders)]
    found = standard(book_of(sales))
    assert [name for name, (members, _) in found.items() if members and "bought" in name] == [key]


@given(crowded_books(), st.dates(date(2023, 6, 1), date(2025, 1, 1)))
def test_standard_segments_of_one_kind_share_out_the_customers(book: SalesBook, day: date) -> None:
    """By frequency, and by the last purchase, each customer belongs to exactly one segment."""
    found = standard(book, day)
    everybody = {key for members, unknown in found.values() for key in members | unknown}
    for kind in (
        ("bought_never", "bought_once", "bought_repeatedly", "bought_often"),
        ("active", "quiet", "lapsed", "no_purchase"),
    ):
        counted = Counter(key for name in kind for key in found[name][0])
        assert counted == Counter(everybody)
        assert not any(found[name][1] for name in kind)


def test_every_value_makes_a_segment() -> None:
    """By industry: each value once, and who has none is unknown in all."""
    found = segment_members(facts(1, 1), value_segments("industry", ["Retail", "Steel", "Retail"]))
    assert [(one.segment.key, one.members, one.unknown) for one in found] == [
        ("industry:Retail", ("c1",), ("c0",)),
        ("industry:Steel", (), ("c0",)),
    ]


def test_standard_segments_are_sound_and_labelled() -> None:
    """No key stands twice, and each has words in both languages."""
    assert check_segments(STANDARD_SEGMENTS) == ()
    assert all(one.labels[0] and one.labels[1] for one in STANDARD_SEGMENTS)
