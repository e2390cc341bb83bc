"""Hierarchies: parts that sum to wholes, and which part belongs where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._distribution_checks import check_kind, listed, paired


def _rows(
    rows: Iterable[tuple[str, Iterable[str]]],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = paired("rows of a hierarchy", rows, "a whole and its parts")
    found = [(whole, listed(f"parts of {whole}", parts, "names")) for whole, parts in pairs]
    return tuple(found)


@attrs.frozen(kw_only=True)
class Hierarchy:
    """
    A tree of wholes and their parts.

    A whole is the sum of its parts, each part belongs to one whole, and one whole is above all.

    Attributes:
        rows: Each whole with its parts, in the order in which they are shown.

    Raises:
        InvalidValue: A part is named twice or has itself above it, a whole is named twice or has no
            part, or there is not exactly one whole above all.

    Examples:
        >>> regions = Hierarchy.of({"all": ["north", "south"], "north": ["n1", "n2"]})
        >>> regions.root, regions.leaves
        ('all', ('n1', 'n2', 'south'))
    """

    rows: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(converter=_rows)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no tree."""
        if not self.rows or not all(parts for _, parts in self.rows):
            raise InvalidValue("hierarchy", self.rows, "a whole has at least one part")
        parts = [part for _, several in self.rows for part in several]
        for kind, names in (("part", parts), ("whole", [whole for whole, _ in self.rows])):
            twice = [name for name, many in Counter(names).items() if many > 1]
            if twice:
                raise InvalidValue(f"{kind} of a hierarchy", twice[0], "it is named twice")
        tops = [whole for whole, _ in self.rows if whole not in set(parts)]
        if len(tops) != 1:
            fault = "exactly one whole is part of no other, and none is part of itself"
            raise InvalidValue("wholes above all", tuple(tops), fault)
        if len(self.keys) != len(parts) + 1:
            lost = sorted(set(parts) - set(self.keys))
            raise InvalidValue("part of a hierarchy", lost[0], "it has itself above it")

    @classmethod
    def of(cls, tree: Mapping[str, Sequence[str]]) -> Hierarchy:
        """
        Return the hierarchy that a mapping from wholes to their parts states.

        Args:
            tree: Parts by whole; what is no key is a leaf.

        Raises:
            InvalidValue: As for the record.
        """
        wanted = "a mapping, such as {'all': ['north', 'south']}"
        check_kind("tree of a hierarchy", tree, Mapping, wanted)
        return cls(rows=tuple(tree.items()))

    @cached_property
    def parts_of(self) -> Mapping[str, tuple[str, ...]]:
        """Parts by whole."""
        return dict(self.rows)

    @cached_property
    def root(self) -> str:
        """The whole above all."""
        below = {part for _, parts in self.rows for part in parts}
        return next(whole for whole, _ in self.rows if whole not in below)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All names, each whole before its parts."""
        found: list[str] = []
        waiting = [self.root]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting.extend(reversed(self.parts_of.get(one, ())))
        return tuple(found)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Names that have no parts."""
        return tuple(one for one in self.keys if one not in self.parts_of)

    @cached_property
    def leaf_counts(self) -> Mapping[str, int]:
        """Number of leaves below each name; 1 for a leaf."""
        found: dict[str, int] = {}
        for one in reversed(self.keys):
            parts = self.parts_of.get(one, ())
            found[one] = sum(found[part] for part in parts) if parts else 1
        return found

    @cached_property
    def levels(self) -> Mapping[str, int]:
        """How many wholes are above each name."""
        found = {self.root: 0}
        for one in self.keys:
            for part in self.parts_of.get(one, ()):
                found[part] = found[one] + 1
        return found

    def check(self, names: Iterable[str]) -> None:
        """
        Refuse names that are not in the hierarchy.

        Raises:
            UnknownName: One is not.
        """
        for one in names:
            if one not in self.levels:
                raise UnknownName("part of the hierarchy", one, self.keys)
