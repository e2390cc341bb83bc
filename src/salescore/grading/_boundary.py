"""Customers near a boundary: what would lift them, or drop them, by a small change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from operator import attrgetter, itemgetter
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.grading._class_boundary import class_steps
from salescore.grading._decision import GradeDecision
from salescore.grading._fields import CustomerFigure
from salescore.grading._grading import Grading
from salescore.grading._reasons import Move
from salescore.plain import FieldTable, Kind
from salescore.rules import (
    Between,
    Comparison,
    Expression,
    FieldRef,
    Lever,
    Literal,
    Membership,
    NullTest,
    Way,
    children,
    compile_expression,
    fields_of,
    reach,
)
from salescore.values import EXACT

WITHIN = Decimal("0.10")
"""Share by which figures may be away from a boundary, by default."""

_NOTHING, _ONE = Decimal(0), Decimal(1)
_SHOWN = Decimal("0.000001")
_DIGITS, _PLACES = 38, 18
_LEAST = Decimal(1).scaleb(-_PLACES)
_DOWN = Context(prec=_DIGITS, rounding=ROUND_FLOOR)
_UP = Context(prec=_DIGITS, rounding=ROUND_CEILING)


@attrs.frozen(kw_only=True)
class NearBoundary:
    """
    A customer whom a small change would move.

    Attributes:
        decision: The grade it has, and why.
        toward: Grade that it would enter; its own where it would be due to leave that.
        is_up: Whether it would rise; else it would be due to fall.
        way: The change that would do it.
        distance: Largest change in it, as a share of what the figure is now, to six digits.
    """

    decision: GradeDecision
    toward: str
    is_up: bool
    way: Way
    distance: Decimal


def near_boundaries(grading: Grading, within: Decimal = WITHIN) -> tuple[NearBoundary, ...]:
    """
    Return the customers whose figures lie close to the entry of a higher grade or to the exit.

    A figure is one that the policy measures as a number; it may grow or shrink by at most the share
    of what it is now, so one that is unknown or 0 stays as it is. It may also change, by cents or
    whole numbers, until the customer has another ABC class by it while all others stay as they are:
    where rules read such classes, but neither the figure itself nor derived fields, scores,
    segments or decisions. All else stays as it is. Whose grade a person has set is left out. Where
    grades are no ladder nobody rises or falls, and none is near.

    Args:
        grading: The grades of all customers.
        within: Share by which figures may be away, above 0 and at most 1.

    Returns:
        Rises first, then falls; of each the nearest first, ties by customer. Of several higher
        grades a customer has the nearest. The way is the one that changes figures by the least
        share in all.

    Raises:
        InvalidValue: The share is out of its range.
    """
    if not 0 < within <= 1:
        raise InvalidValue("within", within, "expected a share above 0 and at most 1")
    if not grading.policy.is_ladder:
        return ()
    schema = grading.customers.schema
    numbers = frozenset(
        one.name
        for one in grading.policy.fields
        if isinstance(one, CustomerFigure) and schema.field(one.name).kind is Kind.DECIMAL
    )
    classes = class_steps(grading.policy, grading.customers)
    grades = grading.policy.grades
    entries, exits = (
        [None if rule is None else _Boundary(rule, numbers, schema, within) for rule in rules]
        for rules in ([one.entry for one in grades], [one.exit for one in grades])
    )
    found: list[NearBoundary] = []
    for one in grading.decisions:
        if one.move is Move.OVERRIDDEN:
            continue
        row = dict(one.inputs)
        changes = [way for steps in classes for way in steps.ways(one.customer_id, within)]
        rank = grading.policy.rank(one.after)
        above = zip(grades[rank + 1 :], entries[rank + 1 :], strict=True)
        rises = [
            _near(one, higher.key, way, within, is_up=True)
            for higher, entry in above
            if entry is not None
            for way, _ in entry.ways(row, changes)
        ]
        found += sorted(rises, key=_distance_of)[:1]
        leaving = exits[rank] if rank else None
        falls = [
            _near(one, one.after, way, within, is_up=False)
            for way, then in (() if leaving is None else leaving.ways(row, changes))
            # A rule of entry that holds outweighs that of exit.
            if not _enters(entries[rank:], then)
        ]
        found += sorted(falls, key=_distance_of)[:1]
    return tuple(
        sorted(found, key=lambda one: (not one.is_up, one.distance, one.decision.customer_id))
    )


_distance_of = attrgetter("distance")
_Changed = tuple[Way, Mapping[str, Any]]


def _enters(entries: Iterable[_Boundary | None], row: Mapping[str, Any]) -> bool:
    return any(entry is not None and entry.holds(row) is True for entry in entries)


def _near(
    one: GradeDecision, toward: str, way: Way, within: Decimal, *, is_up: bool
) -> NearBoundary:
    # Rounding must not carry a distance beyond the share.
    distance = min(_distance(way).quantize(_SHOWN), within)
    return NearBoundary(decision=one, toward=toward, is_up=is_up, way=way, distance=distance)


class _Boundary:
    """A rule, and the small changes of figures that make it hold."""

    def __init__(
        self, rule: Expression, numbers: frozenset[str], schema: FieldTable, within: Decimal
    ) -> None:
        self._rule = rule
        self._schema = schema
        self._within = within
        self._numbers = [name for name in fields_of(rule) if name in numbers]
        self._points = _thresholds(rule, self._numbers)
        self.holds = compile_expression(rule, itemgetter)

    def ways(
        self, row: Mapping[str, Any], changes: Iterable[_Changed]
    ) -> Iterator[tuple[Way, Mapping[str, Any]]]:
        """
        Yield small changes after which the rule holds, each with the row then.

        Args:
            row: What is known of the customer; where the rule holds now there is none.
            changes: Changes of figures that bring the customer into other classes, and the fields
                that they make others.
        """
        if self.holds(row) is True:
            return
        way = self._way(row)
        if way is not None:
            yield way, way.applied(row)
        for change, fields in changes:
            then = {**row, **fields}
            if self.holds(then) is True:
                yield change, then

    def _way(self, row: Mapping[str, Any]) -> Way | None:
        """Return the cheapest small change of figures after which the rule holds."""
        spans = {name: _span(row[name], self._within) for name in self._numbers if row[name]}
        if not self._is_worth_asking(spans):
            return None
        levers = [
            Lever(name, fixed=_NOTHING, rate=_price(row[name]), lowest=low, highest=high)
            for name, (low, high) in spans.items()
        ]
        return next(iter(reach(self._rule, row, self._schema, levers, most=1).ways), None)

    def _is_worth_asking(self, spans: Mapping[str, tuple[Decimal, Decimal]]) -> bool:
        """Return whether the rule names a point within the span of a figure, where that is told."""
        points = self._points
        return bool(spans) and (
            points is None
            or any(
                low <= point <= high
                for name, (low, high) in spans.items()
                for point in points[name]
            )
        )


def _thresholds(rule: Expression, numbers: Sequence[str]) -> dict[str, list[Decimal]] | None:
    """Return the points that figures are compared with; `None` where one is no constant."""
    found: dict[str, list[Decimal]] = {name: [] for name in numbers}
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        parts = children(one)
        fields = [part.name for part in parts if isinstance(part, FieldRef) and part.name in found]
        values = [part.value for part in parts if isinstance(part, Literal)]
        if not fields:
            waiting += parts
        elif isinstance(one, Comparison | Between | Membership) and len(values) == len(parts) - 1:
            found[fields[0]] += [value for value in values if isinstance(value, Decimal)]
        elif not isinstance(one, NullTest):
            return None
    return found


def _span(value: Decimal, within: Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number within a share of a value."""
    width = EXACT.multiply(abs(value), within)
    return _held(EXACT.subtract(value, width), _UP), _held(EXACT.add(value, width), _DOWN)


def _held(value: Decimal, context: Context) -> Decimal:
    """Return a number rounded to what a field can hold."""
    found = context.plus(value)
    shifted = context.scaleb(found, _PLACES)
    if shifted == shifted.to_integral_value():
        return found
    return context.quantize(found, _LEAST)


def _price(value: Decimal) -> Decimal:
    """Return the price of a change by one, so that changes are weighed by their share."""
    return _held(_DOWN.divide(_ONE, abs(value)), _DOWN)


def _distance(way: Way) -> Decimal:
    """Return the largest change, as a share of what was."""
    return max(
        _DOWN.divide(abs(EXACT.subtract(change.after, change.before)), abs(change.before))
        for change in way.changes
        if isinstance(change.before, Decimal) and isinstance(change.after, Decimal)
    )
