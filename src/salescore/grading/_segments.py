"""Segments: named rules over customers, which may build on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.grading._customer_table import customer_table
from salescore.grading._fields import (
    CUSTOMER_KEY,
    SEGMENT_PREFIX,
    CustomerField,
    DerivedField,
)
from salescore.grading._reading import tree_of
from salescore.plain import as_tuple
from salescore.rules import Expression, fields_of
from salescore.values import Finding, Severity

_SHOWN = 10


@attrs.frozen(kw_only=True)
class Segment:
    """
    A named rule over customers.

    Attributes:
        key: What reports and other rules call it; these read it as `F["segment.<key>"]`.
        rule: Condition over the fields of customers, and over other segments.
        labels: English and Chinese label, in this order.
    """

    key: str
    rule: Expression = attrs.field(converter=tree_of)
    labels: tuple[str, str]

    def __attrs_post_init__(self) -> None:
        if not self.key:
            raise InvalidValue("key of a segment", self.key, "it must not be empty")

    @property
    def field(self) -> str:
        """Return the name under which other rules read it."""
        return f"{SEGMENT_PREFIX}{self.key}"


@attrs.frozen(kw_only=True)
class SegmentMembers:
    """
    Who belongs to a segment.

    Attributes:
        segment: The segment.
        members: Ids of the customers for whom its rule holds.
        unknown: Ids of the customers of whom nobody can tell.
    """

    segment: Segment
    members: tuple[str, ...] = attrs.field(converter=as_tuple)
    unknown: tuple[str, ...] = attrs.field(converter=as_tuple)


def segment_fields(segments: Iterable[Segment]) -> tuple[DerivedField, ...]:
    """
    Return segments as fields of customers, each behind those it builds on.

    Args:
        segments: The segments, in any order.

    Raises:
        InvalidValue: Two segments have one key, one builds on a segment that there is not, or some
            build on each other in a circle.
    """
    known = list(segments)
    faults = check_segments(known)
    if faults:
        raise InvalidValue("segments", tuple(one.key for one in known), faults[0].message)
    ordered, _ = _walked({one.field: one for one in known})
    return tuple(DerivedField(name=one.field, of=one.rule, labels=one.labels) for one in ordered)


def check_segments(segments: Sequence[Segment]) -> tuple[Finding, ...]:
    """
    Return what is wrong with segments among themselves.

    Returns:
        Findings `segment-twice`, `segment-unknown` and `segment-circle`.
    """
    found: list[Finding] = []
    by_field: dict[str, Segment] = {}
    for one in segments:
        if one.field in by_field:
            found.append(_finding("segment-twice", one, f"segment {one.key!r} stands there twice"))
        by_field.setdefault(one.field, one)
    for one in by_field.values():
        found += [
            _finding(
                "segment-unknown",
                one,
                f"segment {one.key!r} builds on {_key(name)!r}, which is none",
            )
            for name in _builds_on(one)
            if name not in by_field
        ]
    _, circles = _walked(by_field)
    return (*found, *map(_circle, circles))


def segment_members(
    facts: Facts, segments: Iterable[Segment], fields: Sequence[CustomerField] = ()
) -> tuple[SegmentMembers, ...]:
    """
    Return who belongs to each segment on the last day of the facts.

    Args:
        facts: The fact tables.
        segments: The segments, in any order.
        fields: What the rules read beyond the records of customers.

    Returns:
        One entry for each segment, in the order given.

    Raises:
        InvalidValue: Segments build on each other in a circle, or on one that there is not, or a
            rule is no condition.
        UnknownName: A rule reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
    """
    known = list(segments)
    customers = customer_table(facts, (*fields, *segment_fields(known)))
    keys = customers.table.column(CUSTOMER_KEY)
    found: list[SegmentMembers] = []
    for one in known:
        pairs = list(zip(keys, customers.table.column(one.field), strict=True))
        found.append(
            SegmentMembers(
                segment=one,
                members=[key for key, answer in pairs if answer is True],
                unknown=[key for key, answer in pairs if answer is None],
            )
        )
    return tuple(found)


def _builds_on(one: Segment) -> list[str]:
    return [name for name in fields_of(one.rule) if name.startswith(SEGMENT_PREFIX)]


def _key(field: str) -> str:
    return field.removeprefix(SEGMENT_PREFIX)


def _walked(by_field: Mapping[str, Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """
    Return segments, each behind those it builds on, and circles that keep some from that.

    Of circles that share a segment some are found; when they are mended the others are.
    """
    ordered: dict[str, Segment] = {}
    circles: list[list[Segment]] = []
    closed: set[str] = set()
    for start in by_field:
        places: dict[str, int] = {}
        path: list[tuple[str, Iterator[str]]] = []
        following: str | None = start
        while following is not None or path:
            if following is not None and following in by_field and following not in ordered:
                if following not in places:
                    places[following] = len(path)
                    path.append((following, iter(_builds_on(by_field[following]))))
                elif following not in closed:
                    closed.add(following)
                    circle = [by_field[field] for field, _ in path[places[following] :]]
                    circles.append(circle)
            if not path:
                break
            field, needs = path[-1]
            following = next(needs, None)
            if following is None:
                path.pop()
                ordered[field] = by_field[field]
    return list(ordered.values()), circles


def _circle(circle: Sequence[Segment]) -> Finding:
    first = circle[0]
    if len(circle) == 1:
        return _finding("segment-circle", first, f"segment {first.key!r} builds on itself")
    names = ", ".join(repr(one.key) for one in circle[:_SHOWN])
    more = ", …" if len(circle) > _SHOWN else ""
    message = f"segments {names}{more} build on each other in a circle; one must stand by itself"
    return _finding("segment-circle", first, message)


def _finding(code: str, one: Segment, message: str) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, message=message, subject=f"segments/{one.key}"
    )
