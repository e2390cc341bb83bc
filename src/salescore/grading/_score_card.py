"""Scorecards as data: points for what a customer is and for what it does, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol

import attrs

from salescore.errors import InvalidValue
from salescore.grading._decay import DIGITS, Decay
from salescore.grading._reading import tree_of, tree_or_none
from salescore.plain import as_tuple
from salescore.rules import Expression, compile_expression

_MOST_DIGITS = 12
"""Digits before the point that points may have."""


def _number(value: Decimal | int) -> Decimal:
    return Decimal(value) if type(value) is int else value  # type: ignore[return-value]


def _number_or_none(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else _number(value)


@attrs.frozen(kw_only=True)
class ScoreLine:
    """
    Points for what a customer is.

    Attributes:
        key: What explanations call it.
        points: Points where the rule holds, with at most six digits behind the point; they may be
            negative, and a whole number becomes a `Decimal`.
        when: Rule over the fields of customers; unknown gives no points.
        labels: English and Chinese label, in this order.
    """

    key: str
    points: Decimal = attrs.field(converter=_number)
    when: Expression = attrs.field(converter=tree_of)
    labels: tuple[str, str]

    def __attrs_post_init__(self) -> None:
        _check_key("line", self.key)
        _check_points(f"points of {self.key}", self.points)


@attrs.frozen(kw_only=True)
class EventLine:
    """
    Points for each time that a customer did something, less as days go by.

    Attributes:
        key: What explanations call it.
        points: Points of one event on its day, as those of a `ScoreLine`.
        table: Fact table of the events, such as `activities`; rows without a customer are nobody's.
        date: Column of the day on which an event happened; a row without one is no event.
        where: Rule that an event must satisfy; `None` takes all.
        decay: How points are lost over time; `None` keeps them.
        labels: English and Chinese label, in this order.
    """

    key: str
    points: Decimal = attrs.field(converter=_number)
    table: str
    date: str
    where: Expression | None = attrs.field(default=None, converter=tree_or_none)
    decay: Decay | None = None
    labels: tuple[str, str]

    def __attrs_post_init__(self) -> None:
        _check_key("line", self.key)
        _check_points(f"points of {self.key}", self.points)


@attrs.frozen(kw_only=True)
class ScoreGroup:
    """
    Lines whose sum is held within bounds.

    Attributes:
        key: What explanations call it.
        lines: The lines, at least one.
        labels: English and Chinese label, in this order.
        lowest: Least points of the group; `None` without a floor.
        highest: Most points of the group; `None` without a cap.
    """

    key: str
    lines: tuple[ScoreLine | EventLine, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, str]
    lowest: Decimal | None = attrs.field(default=None, converter=_number_or_none)
    highest: Decimal | None = attrs.field(default=None, converter=_number_or_none)

    def __attrs_post_init__(self) -> None:
        _check_key("group", self.key)
        if not self.lines:
            raise InvalidValue(f"lines of {self.key}", (), "a group needs at least one line")
        _check_bounds(self.key, self.lowest, self.highest)


@attrs.frozen(kw_only=True)
class ScoreCard:
    """
    Groups of lines; each group is held within its bounds first, then the sum of the groups.

    Attributes:
        name: Name.
        groups: The groups, at least one.
        labels: English and Chinese label, in this order.
        lowest: Least points of a customer; `None` without a floor.
        highest: Most points of a customer; `None` without a cap.
    """

    name: str
    groups: tuple[ScoreGroup, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, str]
    lowest: Decimal | None = attrs.field(default=None, converter=_number_or_none)
    highest: Decimal | None = attrs.field(default=None, converter=_number_or_none)

    def __attrs_post_init__(self) -> None:
        if not self.groups:
            fault = "a scorecard needs at least one group"
            raise InvalidValue(f"groups of {self.name}", (), fault)
        _check_bounds(self.name, self.lowest, self.highest)
        _check_keys(f"groups of {self.name}", self.groups)
        _check_keys(f"lines of {self.name}", self.lines)

    @cached_property
    def lines(self) -> tuple[ScoreLine | EventLine, ...]:
        """Return the lines of all groups."""
        return tuple(line for group in self.groups for line in group.lines)

    @cached_property
    def conditions(self) -> Mapping[str, Callable[[Mapping[str, Any]], bool | None]]:
        """Return the rules of its lines about what a customer is, compiled, by the line's key."""
        return {
            line.key: compile_expression(line.when, itemgetter)
            for line in self.lines
            if isinstance(line, ScoreLine)
        }


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


def _check_key(thing: str, key: str) -> None:
    if not key:
        raise InvalidValue(f"key of a {thing}", key, "it must not be empty")


def _check_keys(thing: str, keyed: Iterable[_Keyed]) -> None:
    keys = [one.key for one in keyed]
    if len(set(keys)) < len(keys):
        raise InvalidValue(thing, tuple(keys), "each key stands once")


def _check_points(thing: str, points: object) -> None:
    if (
        type(points) is Decimal
        and points.is_finite()
        and points.adjusted() < _MOST_DIGITS
        and int(points.as_tuple().exponent) >= -DIGITS
    ):
        return
    fault = (
        f"expected a Decimal or whole number with at most {_MOST_DIGITS} digits before the point "
        f"and {DIGITS} behind it"
    )
    raise InvalidValue(thing, points, fault)


def _check_bounds(key: str, lowest: Decimal | None, highest: Decimal | None) -> None:
    for name, bound in (("lowest", lowest), ("highest", highest)):
        if bound is not None:
            _check_points(f"{name} of {key}", bound)
    if lowest is not None and highest is not None and highest < lowest:
        raise InvalidValue(f"highest of {key}", highest, f"it lies below lowest, {lowest}")
