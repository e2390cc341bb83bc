"""Suggestions: which shipped profile reads the tables that are there."""

from __future__ import annotations

from salescore.exchange._profile import Profile, shipped_profiles
from salescore.exchange._tables import Source
from salescore.values import Finding


def profiles_for(source: Source) -> tuple[str, ...]:
    """
    Return the names of the shipped profiles whose tables are there.

    Args:
        source: What is to be read.

    Returns:
        Those that find the headings they need, or all that find a table by name where none does.
    """
    found = {name: _fit(source, Profile.load(name)) for name in shipped_profiles()}
    best = max(found.values())
    return tuple(name for name, fit in found.items() if fit == best) if best else ()


def _fit(source: Source, profile: Profile) -> int:
    """Return 2 where tables of a profile are there with their headings, 1 without, else 0."""
    there = [rule for rule in profile.files if source.has(rule.file)]
    if not there or not all(rule.optional or rule in there for rule in profile.files):
        return 0
    for rule in there:
        needed = frozenset(column.name for column in rule.columns)
        opened = source.open(rule, needed)
        if isinstance(opened, Finding):
            return 1
        names = (column.name for column in opened.rule.columns if not column.optional)
        if not set(names) <= set(opened.header):
            return 1
    return 2
