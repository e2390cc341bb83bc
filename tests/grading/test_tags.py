"""Tags of rules are worked out anew; those of people stay."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, CustomerId, Tag, TagId, TagSource
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import CustomerTable, TagRule, customer_table, retagged
from salescore.rules import F

DAY = date(2024, 6, 30)
ONE = timedelta(days=1)
LARGE = TagRule(namespace="size", name="large", rule=F.employees >= 50)
RETAIL = TagRule(namespace="trade", name="retail", rule=F.industry == "Retail")


def customers(day: date, *sizes: int | None, tags: Iterable[Tag] = ()) -> CustomerTable:
    """Return the table of customers c0, c1 … of some sizes on a day."""
    people = [
        Customer(
            id=CustomerId(f"c{number}"),
            name="",
            employees=None if size is None else Decimal(size),
            industry="Retail",
        )
        for number, size in enumerate(sizes)
    ]
    book = SalesBook(customers=people, tags=tags)
    return customer_table(Facts.of(book, as_of=day, currency="USD"))


def tag(key: str = "size:large", subject: str | None = "c0", **more: Any) -> Tag:  # noqa: ANN401
    """Return a tag on record, by default one of a rule that lasts."""
    namespace, name = key.split(":")
    said: dict[str, Any] = {
        "id": TagId(f"old/{key}/{subject}"),
        "source": TagSource.RULE,
        "starts_on": DAY - 10 * ONE,
        "record": "customers",
        **more,
    }
    return Tag(namespace=namespace, name=name, subject=subject, **said)


def spans(tags: Iterable[Tag]) -> list[tuple[str | None, date, date | None]]:
    """Return subject, first and last day of tags."""
    return [(one.subject, one.starts_on, one.ends_on) for one in tags]


def test_a_tag_begins_where_its_rule_holds() -> None:
    """A new tag tells its rule, its day, and that a rule gave it."""
    (found,) = retagged([], [LARGE], customers(DAY, 80, 5, None))
    assert found == Tag(
        id=TagId("size:large/c0/2024-06-30"),
        namespace="size",
        name="large",
        source=TagSource.RULE,
        starts_on=DAY,
        record="customers",
        subject="c0",
        rule="size:large",
    )


def test_a_tag_ends_the_day_before_its_rule_fails_and_stays_while_unknown() -> None:
    """Where the rule holds or nobody can tell, the tag goes on as it was."""
    tags = [tag(subject=key) for key in ("c0", "c1", "c2", "gone")]
    found = retagged(tags, [LARGE], customers(DAY, 80, 5, None))
    start = DAY - 10 * ONE
    assert spans(found) == [
        ("c0", start, None),
        ("c1", start, DAY - ONE),
        ("c2", start, None),
        ("gone", start, DAY - ONE),
    ]


def test_a_tag_of_the_day_leaves_no_trace_where_its_rule_fails_after_all() -> None:
    """A tag that would end before it began is left out."""
    first = retagged([], [LARGE], customers(DAY, 80))
    assert retagged(first, [LARGE], customers(DAY, 5)) == ()


def test_a_tag_comes_back_as_another_one() -> None:
    """Ended in May and given again in June: two tags with a gap between them."""
    tags = retagged([], [LARGE], customers(date(2024, 4, 1), 80))
    tags = retagged(tags, [LARGE], customers(date(2024, 5, 1), 5))
    tags = retagged(tags, [LARGE], customers(date(2024, 6, 1), 80))
    assert spans(tags) == [
        ("c0", date(2024, 4, 1), date(2024, 4, 30)),
        ("c0", date(2024, 6, 1), None),
    ]


def test_the_tags_of_a_rule_that_is_gone_end() -> None:
    """Without its rule nobody could say why a tag holds."""
    found = retagged([tag(), tag("trade:retail")], [RETAIL], customers(DAY, 80))
    assert [one.ends_on for one in found] == [DAY - ONE, None]


def test_what_is_not_ours_stays_as_it_is() -> None:
    """Tags of people, of other records, of erased subjects and of the past are left alone."""
    tags = [
        tag(source=TagSource.MANUAL),
        tag(source=TagSource.MANUAL, starts_on=DAY + ONE),
        tag(record="leads"),
        tag(subject=None),
        tag(ends_on=DAY - ONE),
    ]
    assert retagged(tags, [], customers(DAY, 5)) == tuple(tags)


def test_a_tag_of_a_person_and_of_a_rule_stand_side_by_side() -> None:
    """When the rule no longer holds, the tag of the person is still there."""
    by_hand = tag(source=TagSource.MANUAL)
    both = retagged([by_hand], [LARGE], customers(DAY, 80))
    assert len(both) == 2
    after = retagged(both, [LARGE], customers(DAY + ONE, 5))
    assert [one.source for one in after if one.ends_on is None] == [TagSource.MANUAL]
    table = customers(DAY + ONE, 5, tags=after)
    assert list(table.table.column("tags")) == [{"size:large"}]


# Laws ---------------------------------------------------------------------------------------------

RULES = (LARGE, RETAIL, TagRule(namespace="size", name="huge", rule=F.employees >= 500))
SIZES = st.lists(st.sampled_from([None, 5, 80, 900]), max_size=4)
STEPS = st.lists(
    st.tuples(st.integers(0, 3), SIZES, st.sets(st.sampled_from(range(len(RULES))))),
    min_size=1,
    max_size=6,
)


def valid(tags: Iterable[Tag], day: date) -> set[tuple[str, str | None]]:
    """Return the tags of rules that hold on a day, with their subjects."""
    return {
        (f"{one.namespace}:{one.name}", one.subject)
        for one in tags
        if one.source is TagSource.RULE
        and one.starts_on <= day
        and (one.ends_on is None or day <= one.ends_on)
    }


@given(STEPS)
def test_tags_are_those_that_hold_or_were_there_and_are_unknown(
    steps: list[tuple[int, list[int | None], set[int]]],
) -> None:
    """After each day: who fulfils a rule, and who had its tag and cannot be told."""
    by_hand = tag("size:large", source=TagSource.MANUAL)
    tags: tuple[Tag, ...] = (by_hand,)
    day = DAY
    for days, sizes, places in steps:
        day += days * ONE
        rules = [RULES[place] for place in sorted(places)]
        table = customers(day, *sizes)
        had = valid(tags, day)
        tags = retagged(tags, rules, table)
        wanted: set[tuple[str, str | None]] = set()
        for number, size in enumerate(sizes):
            for rule in rules:
                key = (rule.key, f"c{number}")
                least = {"size:large": 50, "size:huge": 500, "trade:retail": 0}[rule.key]
                is_unknown = size is None and rule is not RETAIL
                if (is_unknown and key in had) or (not is_unknown and (size or 0) >= least):
                    wanted.add(key)
        assert valid(tags, day) == wanted
        assert retagged(tags, rules, table) == tags
        assert tags[0] == by_hand
        assert len({one.id for one in tags}) == len(tags)
        assert_no_overlap(tags)


def assert_no_overlap(tags: Iterable[Tag]) -> None:
    """Fail where a customer has a tag of a rule twice on one day."""
    last: dict[tuple[str, str, str | None], date | None] = {}
    ours = [one for one in tags if one.source is TagSource.RULE]
    for one in sorted(ours, key=lambda each: each.starts_on):
        key = (one.namespace, one.name, one.subject)
        if key in last:
            ended = last[key]
            assert ended is not None
            assert ended < one.starts_on
        assert one.ends_on is None or one.ends_on >= one.starts_on
        last[key] = one.ends_on


# What is refused ----------------------------------------------------------------------------------


def test_a_day_before_a_tag_of_a_rule_is_refused() -> None:
    """Rules asked for a past day would give tags that overlap those of later days."""
    with pytest.raises(InvalidValue, match="'size:large' begins later, on 2024-07-01"):
        retagged([tag(starts_on=DAY + ONE)], [LARGE], customers(DAY, 80))


def test_each_tag_has_one_rule() -> None:
    """Two rules of one tag could not both be right."""
    with pytest.raises(InvalidValue, match="each tag has one rule"):
        retagged([], [LARGE, LARGE], customers(DAY, 80))


@pytest.mark.parametrize(
    ("namespace", "name", "fault"),
    [("", "a", "namespace of tag a"), ("a:b", "c", "without a colon"), ("a", "", "it is empty")],
)
def test_tags_have_a_namespace_and_a_name(namespace: str, name: str, fault: str) -> None:
    """A colon in the namespace would make `a:b:c` mean two tags."""
    with pytest.raises(InvalidValue, match=fault):
        TagRule(namespace=namespace, name=name, rule=F.employees >= 1)


@pytest.mark.parametrize(
    ("rule", "error", "fault"),
    [
        (F.employees, InvalidValue, "rule of a:b .* must be a condition"),
        (F.employes >= 1, UnknownName, "for a:b 'employes'"),
        (F.employees >= "1", RuleTypeError, "\\(in a:b\\)"),
    ],
)
def test_rules_that_do_not_fit_name_their_tag(
    rule: Any,  # noqa: ANN401
    error: type[Exception],
    fault: str,
) -> None:
    """No condition, a typo and a wrong type are refused before any tag changes."""
    with pytest.raises(error, match=fault):
        retagged([], [TagRule(namespace="a", name="b", rule=rule)], customers(DAY, 80))
