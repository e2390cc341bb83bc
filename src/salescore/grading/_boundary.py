"""Customers near a boundary: what would lift them, or drop them, by a small change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.grading._fields import CustomerFigure
from salescore.grading._grade import GradeDecision, Move
from salescore.grading._grading import Grading
from salescore.plain import Kind
from salescore.rules import Direction, Expression, Lever, Way, fields_of, reach
from salescore.values import EXACT

WITHIN = Decimal("0.10")
"""Share by which figures may be away from a boundary, by default."""

_ONE = Decimal(1)


@attrs.frozen(kw_only=True)
class NearBoundary:
    """
    A customer whom a small change would move.

    Attributes:
        decision: The grade it has, and why.
        toward: Grade that it would enter; its own where it would be due to leave that.
        is_up: Whether it would rise; else it would be due to fall.
        way: The change that would do it.
        distance: Largest change in it, as a share of what the figure is now.
    """

    decision: GradeDecision
    toward: str
    is_up: bool
    way: Way
    distance: Decimal


def near_boundaries(grading: Grading, within: Decimal = WITHIN) -> tuple[NearBoundary, ...]:
    """
    Return the customers whose figures lie close to the entry of the next grade or to the exit.

    A figure is one that the policy measures as a number; it is thought to grow by at most the
    share for a rise, and to shrink by it for a fall. What rests on classes or segments, which
    depend on all customers, has no boundary of one customer and is left out.

    Args:
        grading: The grades of all customers.
        within: Share by which figures may be away, above 0 and at most 1.

    Returns:
        Rises first, then falls; of each the nearest first, ties by customer.

    Raises:
        InvalidValue: The share is out of its range.
    """
    if not 0 < within <= 1:
        raise InvalidValue("within", within, "expected a share above 0 and at most 1")
    schema = grading.customers.schema
    numbers = [
        one.name
        for one in grading.policy.fields
        if isinstance(one, CustomerFigure) and schema.field(one.name).kind is Kind.DECIMAL
    ]
    found: list[NearBoundary] = []
    for one in grading.decisions:
        if one.move is not Move.OVERRIDDEN:
            found += _boundaries(grading, one, numbers, within)
    return tuple(
        sorted(found, key=lambda one: (not one.is_up, one.distance, one.decision.customer_id))
    )


def _boundaries(
    grading: Grading, one: GradeDecision, numbers: Sequence[str], within: Decimal
) -> list[NearBoundary]:
    policy = grading.policy
    rank = policy.rank(one.after)
    found: list[NearBoundary] = []
    if rank + 1 < len(policy.grades):
        entry, above = policy.conditions[rank + 1][0], policy.grades[rank + 1]
        if entry is not None and above.entry is not None:
            row = _moved(one, numbers, EXACT.add(_ONE, within))
            if entry(row) and not entry(dict(one.inputs)):
                found += _found(grading, one, above.entry, numbers, above.key, is_up=True)
    leaving, own = policy.conditions[rank][1], policy.grades[rank]
    if rank and leaving is not None and own.exit is not None:
        row = _moved(one, numbers, EXACT.subtract(_ONE, within))
        if leaving(row) and not leaving(dict(one.inputs)):
            found += _found(grading, one, own.exit, numbers, own.key, is_up=False)
    return [near for near in found if near.distance <= within]


def _moved(one: GradeDecision, numbers: Sequence[str], factor: Decimal) -> dict[str, Any]:
    """Return what is known of a customer with its figures a little larger or smaller."""
    return {
        name: EXACT.multiply(value, factor) if name in numbers and value is not None else value
        for name, value in one.inputs
    }


def _found(
    grading: Grading,
    one: GradeDecision,
    rule: Expression,
    numbers: Sequence[str],
    toward: str,
    *,
    is_up: bool,
) -> list[NearBoundary]:
    row = dict(one.inputs)
    direction = Direction.UP if is_up else Direction.DOWN
    levers = [
        Lever(name, direction, fixed=Decimal(0), rate=_rate(row[name]))
        for name in fields_of(rule)
        if name in numbers and row[name]
    ]
    ways = reach(rule, row, grading.customers.schema, levers, most=1).ways
    return [
        NearBoundary(decision=one, toward=toward, is_up=is_up, way=way, distance=_distance(way))
        for way in ways
        if way.changes
    ]


def _rate(value: Decimal) -> Decimal:
    """Return the price of a change by one, so that changes are weighed by their share."""
    return _share(_ONE, value)


def _distance(way: Way) -> Decimal:
    """Return the largest change, as a share of what was."""
    shares: list[Decimal] = []
    for change in way.changes:
        before, after = change.before, change.after
        if isinstance(before, Decimal) and isinstance(after, Decimal):
            shares.append(_share(EXACT.subtract(after, before), before))
    return max(shares, default=Decimal(0))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return abs(part / whole).quantize(Decimal("0.000001"))
