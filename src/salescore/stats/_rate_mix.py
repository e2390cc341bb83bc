"""Why an overall rate changed: because the rates of groups did, or because their weights did."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.stats._digits import exact_fraction

Number = int | Decimal | Fraction

_NONE = Fraction(0)


@attrs.frozen(kw_only=True)
class GroupRate:
    """
    How many of a group succeeded.

    Attributes:
        group: Name of the group.
        successes: How many succeeded, or the amount of those that did, from 0 to n.
        n: How many there were, or their amount; the group's weight is its share of all n.
    """

    group: str
    successes: Number
    n: Number

    def __attrs_post_init__(self) -> None:
        for value in (self.successes, self.n):
            if exact_fraction(value) is None:
                fault = "it must be an int, a Fraction or a finite Decimal"
                raise InvalidValue(f"number of {self.group!r}", value, fault)
        if not 0 <= self.successes <= self.n:
            fault = f"they lie between 0 and the {self.n} there were"
            raise InvalidValue(f"successes of {self.group!r}", self.successes, fault)


@attrs.frozen(kw_only=True)
class GroupEffect:
    """
    What one group adds to the difference of two overall rates.

    Attributes:
        group: Name of the group.
        before: Its rate on the first side; `None` where the group was absent.
        after: Its rate on the second side; `None` where the group was absent.
        weight_before: Its share of all on the first side, from 0 to 1.
        weight_after: Its share of all on the second side.
        rate_effect: What the change of its rate adds.
        mix_effect: What the change of its weight adds: above 0 where a group better than the whole
            grew, or a worse one shrank.
    """

    group: str
    before: Fraction | None
    after: Fraction | None
    weight_before: Fraction
    weight_after: Fraction
    rate_effect: Fraction
    mix_effect: Fraction


@attrs.frozen(kw_only=True)
class RateMix:
    """
    The difference of two overall rates, split without a rest.

    Attributes:
        before: Overall rate of the first side.
        after: Overall rate of the second side.
        groups: The effects of each group: those of the first side in its order, then new ones.
    """

    before: Fraction
    after: Fraction
    groups: tuple[GroupEffect, ...]

    @property
    def difference(self) -> Fraction:
        """Return the second rate less the first, which is the sum of both effects."""
        return self.after - self.before

    @property
    def rate_effect(self) -> Fraction:
        """Return how much of it comes from other rates of the groups."""
        return sum((group.rate_effect for group in self.groups), _NONE)

    @property
    def mix_effect(self) -> Fraction:
        """Return how much of it comes from other weights of the groups."""
        return sum((group.mix_effect for group in self.groups), _NONE)


def rate_mix(before: Sequence[GroupRate], after: Sequence[GroupRate]) -> RateMix | None:
    """
    Return how much of the difference of two overall rates is rate, and how much mix.

    With the weights w and rates r of a group on the sides 0 and 1 its rate effect is
    (w₀ + w₁)/2 × (r₁ - r₀), its mix effect (w₁ - w₀) × ((r₀ + r₁)/2 - R), R being half the sum of
    the overall rates.
    Since the weights of either side add up to 1, R changes no total; it makes the effect of one
    group say whether it is better or worse than the whole.
    A group that one side lacks has no rate there, and is given the other side's: all that it adds
    is mix.

    Args:
        before: The groups of the first side.
        after: The groups of the second side, in any order.

    Returns:
        The split in exact fractions; `None` where a side is empty, and so has no rate.

    Raises:
        InvalidValue: A side names a group twice.

    Examples:
        >>> new = [
        ...     GroupRate(group="web", successes=1, n=4),
        ...     GroupRate(group="fair", successes=3, n=4),
        ... ]
        >>> found = rate_mix(new[:1], new)
        >>> found.difference, found.rate_effect, found.mix_effect
        (Fraction(1, 4), Fraction(0, 1), Fraction(1, 4))

    Source:
        Kitagawa, Components of a difference between two rates, Journal of the American Statistical
        Association 50 (1955), 1168-1194.
    """
    first, second = _named(before), _named(after)
    total_before, total_after = _total(before), _total(after)
    if total_before is None or total_after is None:
        return None
    overall_before, overall_after = total_before[1], total_after[1]
    middle = (overall_before + overall_after) / 2
    effects: list[GroupEffect] = []
    for group in first | second:
        was, weight_was = _share(first.get(group), total_before[0])
        is_now, weight_is = _share(second.get(group), total_after[0])
        one = was if was is not None else is_now
        other = is_now if is_now is not None else was
        # Nobody on either side: no rate, no weight, no effect.
        one, other = one or _NONE, other or _NONE
        effects.append(
            GroupEffect(
                group=group,
                before=was,
                after=is_now,
                weight_before=weight_was,
                weight_after=weight_is,
                rate_effect=(weight_was + weight_is) / 2 * (other - one),
                mix_effect=(weight_is - weight_was) * ((one + other) / 2 - middle),
            )
        )
    return RateMix(before=overall_before, after=overall_after, groups=tuple(effects))


def _named(groups: Sequence[GroupRate]) -> dict[str, GroupRate]:
    found: dict[str, GroupRate] = {}
    for one in groups:
        if one.group in found:
            raise InvalidValue("group", one.group, "it is named twice on one side; add it up first")
        found[one.group] = one
    return found


def _total(groups: Sequence[GroupRate]) -> tuple[Fraction, Fraction] | None:
    """Return how many there were and their overall rate; `None` for nobody."""
    n = sum((Fraction(one.n) for one in groups), _NONE)
    return (n, sum((Fraction(one.successes) for one in groups), _NONE) / n) if n else None


def _share(group: GroupRate | None, total: Fraction) -> tuple[Fraction | None, Fraction]:
    """Return the rate and the weight of a group."""
    if group is None or not group.n:
        return None, _NONE
    n = Fraction(group.n)
    return Fraction(group.successes) / n, n / total
