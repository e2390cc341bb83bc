"""Versions: which of several is in force on a day, and what is wrong with their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Protocol, TypeVar

from salescore.errors import InvalidValue
from salescore.values import Finding, Severity


class Versioned(Protocol):
    """
    Anything that is in force for a range of days: a decision table, a policy, a plan.

    Attributes:
        name: What it is called; its versions share it.
        version: Which version it is.
        valid_from: First day on which it is in force; `None` for no first day.
        valid_until: Last day on which it is in force; `None` for no last day.

    Laws:
        - The four never change.
    """

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def version(self) -> str:
        """Which version it is."""
        ...

    @property
    def valid_from(self) -> date | None:
        """First day on which it is in force."""
        ...

    @property
    def valid_until(self) -> date | None:
        """Last day on which it is in force."""
        ...


V = TypeVar("V", bound=Versioned)


def in_force(versions: Iterable[V], on: date, name: str | None = None) -> V | None:
    """
    Return the version that is in force on a day.

    Args:
        versions: Versions of one thing, or of several where `name` picks one.
        on: The day; the first and the last day of a version both count.
        name: Only versions of this name; `None` for all of them.

    Returns:
        The version; `None` where none is in force on that day.

    Raises:
        InvalidValue: Several are in force on that day; `check_versions` lists such days.

    Examples:
        >>> in_force([], date(2024, 1, 1)) is None
        True
    """
    found = [
        one for one in versions if name in (None, one.name) and _first(one) <= on <= _last(one)
    ]
    if len(found) > 1:
        titles = ", ".join(map(_title, found))
        raise InvalidValue("the day", on.isoformat(), f"several are in force on it: {titles}")
    return found[0] if found else None


def check_versions(versions: Iterable[Versioned]) -> tuple[Finding, ...]:
    """
    Return what is wrong with the days on which versions are in force.

    Args:
        versions: Versions of any number of things; those of one name belong together.

    Returns:
        A version that stands there twice (`duplicate-version`), a last day before the first
        (`ends-before-start`), two versions in force on one day (`versions-overlap`), and days
        between versions on which none is (`versions-gap`), by name in order of appearance.
    """
    by_name: dict[str, list[Versioned]] = {}
    for one in versions:
        by_name.setdefault(one.name, []).append(one)
    return tuple(finding for group in by_name.values() for finding in _faults(group))


def _faults(group: list[Versioned]) -> Iterator[Finding]:
    """Yield what is wrong with the versions of one name."""
    seen: set[str] = set()
    for one in group:
        if one.version in seen:
            message = f"version {one.version!r} of {one.name!r} is there more than once"
            yield _finding("duplicate-version", Severity.ERROR, one, message)
        seen.add(one.version)
        if _last(one) < _first(one):
            message = f"{_title(one)} ends on {one.valid_until}, before {one.valid_from}"
            yield _finding("ends-before-start", Severity.ERROR, one, message)
    ordered = sorted((one for one in group if _first(one) <= _last(one)), key=_first)
    for one, other in combinations(ordered, 2):
        last = min(_last(one), _last(other))
        if _first(other) <= last:
            days = _days(_first(other), last)
            message = f"{_title(one)} and {_title(other)} are both in force {days}"
            yield _finding("versions-overlap", Severity.ERROR, other, message)
    yield from _gaps(ordered)


def _gaps(ordered: list[Versioned]) -> Iterator[Finding]:
    """Yield the days between versions on which none is in force."""
    reached: date | None = None
    for one in ordered:
        if reached is not None and (_first(one) - reached).days > 1:
            days = _days(reached + timedelta(1), _first(one) - timedelta(1))
            message = f"no version of {one.name!r} is in force {days}"
            yield _finding("versions-gap", Severity.WARNING, one, message)
        reached = _last(one) if reached is None else max(reached, _last(one))


def _finding(code: str, severity: Severity, one: Versioned, message: str) -> Finding:
    subject = f"{one.name}/{one.version}"
    return Finding(code=code, severity=severity, message=message, subject=subject)


def _first(one: Versioned) -> date:
    return date.min if one.valid_from is None else one.valid_from


def _last(one: Versioned) -> date:
    return date.max if one.valid_until is None else one.valid_until


def _title(one: Versioned) -> str:
    return f"{one.name} {one.version}"


def _days(first: date, last: date) -> str:
    """Return a range of days in words; the ends of time are none."""
    if first == last:
        return f"on {first}"
    if first == date.min:
        return "on every day" if last == date.max else f"until {last}"
    return f"from {first} on" if last == date.max else f"from {first} to {last}"
