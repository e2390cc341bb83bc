"""Which stages of a funnel lead to which, whatever its criteria say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from salescore.funnel._funnel import Funnel

Routes = Mapping[str, frozenset[str]]
"""Keys of stages, and those of the stages that one transition leads to from there."""


def new_routes(funnel: Funnel) -> Routes:
    """Return where the transitions lead but those to the stage before, where a sale was already."""
    found: dict[str, set[str]] = {one.key: set() for one in funnel.stages}
    for way in funnel.transitions:
        if way.target is not None:
            for key in way.sources:
                found[key].add(way.target)
    return {key: frozenset(targets) for key, targets in found.items()}


def routes(funnel: Funnel) -> Routes:
    """Return where the transitions lead; one to the stage before, to all that come before."""
    direct = new_routes(funnel)
    found = {key: set(targets) for key, targets in direct.items()}
    for way in funnel.transitions:
        if way.target is None:
            for key in way.sources:
                found[key] |= _held(funnel, direct, key)
    return {key: frozenset(targets) for key, targets in found.items()}


def backwards(ways: Routes) -> Routes:
    """Return from where each stage is led to."""
    found: dict[str, set[str]] = {key: set() for key in ways}
    for key, targets in ways.items():
        for target in targets:
            found[target].add(key)
    return {key: frozenset(sources) for key, sources in found.items()}


def reached(ways: Routes, starts: Iterable[str]) -> frozenset[str]:
    """Return the stages that any number of transitions leads to, the first ones among them."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        new = ways[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def held_from(funnel: Funnel, key: str) -> frozenset[str]:
    """Return the open stages that lead to a stage directly, or over stages that are not open."""
    return frozenset(_held(funnel, new_routes(funnel), key))


def _held(funnel: Funnel, direct: Routes, key: str) -> set[str]:
    """Return the open stages that lead to a stage directly, or over stages that are not open."""
    found: set[str] = set()
    seen = {key}
    waiting = [key]
    while waiting:
        target = waiting.pop()
        for source, targets in direct.items():
            if target in targets and source not in seen:
                seen.add(source)
                if source in funnel.open_keys:
                    found.add(source)
                else:
                    waiting.append(source)
    return found
