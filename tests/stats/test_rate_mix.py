"""The difference of two rates is split as by Kitagawa, and nothing is left over."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import GroupRate, RateMix, rate_mix

Side = dict[str, tuple[int, int]]
COUNTS = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SIDES = st.dictionaries(st.sampled_from("abcd"), COUNTS)


def groups(side: Side) -> list[GroupRate]:
    """Return the groups of one side."""
    return [GroupRate(group=name, successes=x, n=n) for name, (x, n) in side.items()]


def mix(before: Side, after: Side) -> RateMix:
    """Return the split of two sides that are not empty."""
    found = rate_mix(groups(before), groups(after))
    assert found is not None
    return found


def test_kidney_stones() -> None:
    """
    Treatment A against B of Charig and others, British Medical Journal 292 (1986), 879-882.

    A is better with small and with large stones, and worse in all: its stones were larger.
    """
    found = mix({"small": (234, 270), "large": (55, 80)}, {"small": (81, 87), "large": (192, 263)})
    assert round(Fraction(found.difference), 6) == Fraction("-.045714")
    assert round(found.rate_effect, 6) == Fraction(".053671")
    assert round(found.mix_effect, 6) == Fraction("-.099386")
    small, large = found.groups
    assert (small.rate_effect > 0, large.rate_effect > 0) == (True, True)
    # Fewer of the easy ones, more of the hard ones: each does harm.
    assert (small.mix_effect < 0, large.mix_effect < 0) == (True, True)
    assert (small.before, small.weight_after) == (Fraction(234, 270), Fraction(87, 350))


def test_a_group_that_one_side_lacks_is_all_mix() -> None:
    """A new group, and one that is gone, have no rate to compare, so that only weights changed."""
    found = mix({"web": (1, 4), "old": (2, 4)}, {"web": (1, 4), "fair": (3, 4)})
    web, old, fair = found.groups
    assert [one.group for one in found.groups] == ["web", "old", "fair"]
    assert (old.after, fair.before, old.before, fair.after) == (
        None,
        None,
        Fraction(1, 2),
        Fraction(3, 4),
    )
    assert [one.rate_effect for one in (web, old, fair)] == [0, 0, 0]
    assert found.mix_effect == found.difference == Fraction(1, 8)
    assert (web.mix_effect, fair.mix_effect > 0) == (0, True)


def test_a_group_of_nobody_has_no_effect() -> None:
    """A group without cases on either side has neither rate nor effect, nor is it left out."""
    found = mix({"a": (1, 2), "none": (0, 0)}, {"a": (2, 2), "none": (0, 0)})
    none = found.groups[1]
    assert (none.before, none.after, none.rate_effect, none.mix_effect) == (None, None, 0, 0)
    assert found.rate_effect == found.difference == Fraction(1, 2)


def test_amounts_have_rates_too() -> None:
    """Rates by value are split as those by count are."""
    before = [GroupRate(group="a", successes=Decimal("10.50"), n=Decimal(21))]
    after = [GroupRate(group="a", successes=Decimal("7.35"), n=Decimal(21))]
    found = rate_mix(before, after)
    assert found is not None
    assert (found.before, found.after) == (Fraction(1, 2), Fraction(7, 20))
    assert found.rate_effect == Fraction(-3, 20)


@given(SIDES, SIDES)
def test_nothing_is_left_over(before: Side, after: Side) -> None:
    """Rate and mix effects of all groups add up to exactly the difference."""
    found = rate_mix(groups(before), groups(after))
    if found is None:
        assert not sum(n for _, n in before.values()) * sum(n for _, n in after.values())
        return
    overall = [
        Fraction(sum(x for x, _ in side.values()), sum(n for _, n in side.values()))
        for side in (before, after)
    ]
    assert [found.before, found.after] == overall
    assert found.rate_effect + found.mix_effect == found.difference == overall[1] - overall[0]


@given(SIDES, SIDES)
def test_seen_from_the_other_side(before: Side, after: Side) -> None:
    """Exchanging the sides changes the sign of every effect and nothing else."""
    found, back = rate_mix(groups(before), groups(after)), rate_mix(groups(after), groups(before))
    if found is None or back is None:
        assert found is back
        return
    mirrored = {one.group: (-one.rate_effect, -one.mix_effect) for one in back.groups}
    assert {one.group: (one.rate_effect, one.mix_effect) for one in found.groups} == mirrored


@given(SIDES, st.integers(1, 9))
def test_more_of_the_same_is_no_mix(side: Side, times: int) -> None:
    """Where every group grew alike no weight changed; where rates stayed too, nothing did."""
    grown = {name: (x * times, n * times) for name, (x, n) in side.items()}
    found = rate_mix(groups(side), groups(grown))
    if found is not None:
        effects = {(one.rate_effect, one.mix_effect) for one in found.groups}
        assert effects == {(0, 0)}


@given(st.dictionaries(st.sampled_from("abcd"), COUNTS.filter(lambda one: one[1] > 0), min_size=1))
def test_weights_alone_are_all_mix(side: Side) -> None:
    """Where every group kept its rate, all of the difference is mix."""
    other = {name: (x * place, n * place) for place, (name, (x, n)) in enumerate(side.items(), 1)}
    found = mix(side, other)
    assert (found.rate_effect, found.mix_effect) == (0, found.difference)


def test_an_empty_side() -> None:
    """A side without cases has no rate, so that there is no difference to split."""
    assert rate_mix([], groups({"a": (1, 2)})) is None
    assert rate_mix(groups({"a": (1, 2)}), groups({"a": (0, 0)})) is None


def test_a_group_named_twice() -> None:
    """The same group twice on one side is refused."""
    with pytest.raises(InvalidValue, match="group is 'a': it is named twice"):
        rate_mix(groups({"a": (1, 2)}) * 2, [])


@pytest.mark.parametrize(
    ("successes", "n", "words"),
    [
        (3, 2, "successes of 'a' is 3"),
        (-1, 2, "successes of 'a' is -1"),
        (0, -1, "successes of 'a' is 0"),
        (0.5, 2, "number of 'a' is 0.5"),
        (0, Decimal("NaN"), "number of 'a'"),
        (0, Decimal("1E+999999999"), "number of 'a'"),
    ],
)
def test_no_rate(successes: Any, n: Any, words: str) -> None:  # noqa: ANN401 - anything at all
    """Successes are an exact number from 0 to as many as there were."""
    with pytest.raises(InvalidValue, match=words):
        GroupRate(group="a", successes=successes, n=n)
