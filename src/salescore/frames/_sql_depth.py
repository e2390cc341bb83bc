"""Where a rule must be cut so that SQLite's parser, whose stack has 100 places, can read it."""

from __future__ import annotations

from salescore.rules import Conjunction, Disjunction, Expression, FieldRef, Literal, children

_MOST = 56
"""Places that one expression may take; the rest is for the statement around it."""

_NODE = 7
"""Places that the words of a node take at most, but for joins of conditions."""

_JOINT = 3
"""Places that each level of a join of conditions takes."""


def deep_nodes(tree: Expression) -> frozenset[int]:
    """Return the `id` of each node of a rule that must be worked out in a step before the rest."""
    found: set[int] = set()
    _places(tree, found)
    return frozenset(found)


def _places(node: Expression, found: set[int]) -> int:
    """Return the places that a node takes once those found below it are steps of their own."""
    if isinstance(node, FieldRef | Literal):
        return 1
    parts = children(node)
    own = _NODE
    if isinstance(node, Conjunction | Disjunction):
        own = _JOINT * len(parts).bit_length()
    most = _JOINT
    for part in parts:
        below = _places(part, found)
        if own + below > _MOST:
            found.add(id(part))
        else:
            most = max(most, below)
    return own + most
