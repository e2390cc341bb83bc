"""Whether a solution is complete, and which needs it answers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from salescore.entities import Need, NeedCoverage, Solution
from salescore.plain import as_tuple
from salescore.values import quotient

SOLUTION_PARTS = ("features", "advantages", "price", "after_sales")
"""What the founding texts ask of a solution: features, advantages, price and after-sales."""


def solution_gaps(solution: Solution, parts: Iterable[str] = SOLUTION_PARTS) -> tuple[str, ...]:
    """
    Return the parts of a solution that are not known, or blank.

    Args:
        solution: The solution.
        parts: Names of the fields that it must state.

    Examples:
        >>> from salescore.entities import Solution
        >>> solution_gaps(Solution(id="S-1", opportunity_id="O-1", features="fast"))
        ('advantages', 'price', 'after_sales')

    Source:
        Founding texts: a solution states features, advantages, price and after-sales.
    """
    return tuple(name for name in parts if not _is_told(getattr(solution, name)))


def _is_told(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


@attrs.frozen(kw_only=True)
class CoveredNeeds:
    """
    Which needs are answered.

    Attributes:
        covered: Needs that a solution answers.
        uncovered: Needs that none does.
        unknown: Links that lead to none of the needs.
    """

    covered: tuple[Need, ...] = attrs.field(default=(), converter=as_tuple)
    uncovered: tuple[Need, ...] = attrs.field(default=(), converter=as_tuple)
    unknown: tuple[NeedCoverage, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def share(self) -> Decimal | None:
        """Return the share that is answered, a fraction; `None` where there are no needs."""
        total = len(self.covered) + len(self.uncovered)
        return quotient(Decimal(len(self.covered)), Decimal(total))


def need_coverage(
    needs: Iterable[Need], covers: Iterable[NeedCoverage], solution_id: str | None = None
) -> CoveredNeeds:
    """
    Return which needs are answered.

    Args:
        needs: The needs, such as those of an opportunity.
        covers: Which solution answers which need; two that answer one count once.
        solution_id: Solution that must answer them; `None` for any.
    """
    found = tuple(needs)
    ids = {one.id for one in found}
    links = [one for one in covers if solution_id in (None, one.solution_id)]
    answered = {one.need_id for one in links}
    return CoveredNeeds(
        covered=(one for one in found if one.id in answered),
        uncovered=(one for one in found if one.id not in answered),
        unknown=(one for one in links if one.need_id not in ids),
    )
