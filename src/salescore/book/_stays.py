"""Stays: visits that a change of the funnel's version alone parts, in the order of entering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salescore.entities import StageKind, StageVisit

_GOING = (None, StageKind.OPEN)


def stay_places(visits: Sequence[StageVisit]) -> Iterator[tuple[int, ...]]:
    """
    Yield by stay the places of the visits that make it up; what a migration parts is one stay.

    A visit that only says in which stage to go on, which a migration on hold or after the end
    leaves, is part of none.

    Args:
        visits: The visits of one lead or opportunity in one funnel, in the order of entering.
    """
    stay: list[int] = []
    for place, one in enumerate(visits):
        if is_carried(visits, place):
            continue
        if stay and has_migrated(visits[stay[-1]], one):
            stay.append(place)
            continue
        if stay:
            yield tuple(stay)
        stay = [place]
    if stay:
        yield tuple(stay)


def has_migrated(one: StageVisit, other: StageVisit) -> bool:
    """Return whether a visit goes on under another version of the funnel in the next one."""
    old, new = one.funnel_version, other.funnel_version
    return one.funnel == other.funnel and old is not None and new is not None and old != new


def is_carried(visits: Sequence[StageVisit], place: int) -> bool:
    """
    Return whether a visit only says, for a migration on hold or after the end, where to go on.

    Args:
        visits: The visits of one lead or opportunity in one funnel, in the order of entering.
        place: Place of the visit among them.
    """
    one = visits[place]
    return (
        0 < place < len(visits) - 1
        and visits[place - 1].kind not in _GOING
        and visits[place + 1].kind not in _GOING
        and (one.entered_on, one.entered_at) == (one.left_on, one.left_at)
        and has_migrated(visits[place - 1], one)
    )
