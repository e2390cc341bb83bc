"""Words in two languages, and what a forecast of the pipeline leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from salescore.plain import as_tuple

Words = tuple[str, str]
"""English and Chinese, in this order."""


@attrs.frozen(kw_only=True)
class LeftOut:
    """
    Open opportunities that a forecast leaves out, and why.

    Attributes:
        reason: Why, in English and Chinese.
        ids: Their ids, ascending.
    """

    reason: Words
    ids: tuple[str, ...] = attrs.field(converter=as_tuple)

    @property
    def n(self) -> int:
        """Return how many there are."""
        return len(self.ids)


def left_out(told: Iterable[tuple[str, Words]]) -> tuple[LeftOut, ...]:
    """
    Return what is left out, by reason.

    Args:
        told: Id of an opportunity and why it is left out, in any order.
    """
    found: defaultdict[Words, set[str]] = defaultdict(set)
    for key, reason in told:
        found[reason].add(key)
    return tuple(LeftOut(reason=reason, ids=sorted(found[reason])) for reason in sorted(found))
