"""How often closed cases with a value were won and lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidRecord
from salescore.grading._lead_example import LeadExample
from salescore.grading._lead_score import LeadFactor, LeadField, Neutral

SMOOTHING = Fraction(1, 10)
"""What is added to each count, so that a value never seen among the won does not forbid winning."""


@attrs.frozen(kw_only=True)
class CaseCount:
    """
    How many closed cases have a value, or count in a stage.

    Attributes:
        value: The value or stage.
        won: Those that were won.
        lost: Those that were lost.
    """

    value: str
    won: int
    lost: int

    def __attrs_post_init__(self) -> None:
        if not self.value:
            raise InvalidRecord("CaseCount", "value", self.value, "it must not be empty")
        for name, count in (("won", self.won), ("lost", self.lost)):
            if type(count) is not int or count < 0:
                raise InvalidRecord("CaseCount", name, count, "it must be a whole number from 0")

    @property
    def smoothed(self) -> tuple[Fraction, Fraction]:
        """Return won and lost, each with 0.1 more."""
        return self.won + SMOOTHING, self.lost + SMOOTHING

    def factor(self, field: str, totals: tuple[Fraction, Fraction]) -> LeadFactor:
        """Return what the value contributes to a score, its shares over some totals."""
        won, lost = self.smoothed
        return LeadFactor(
            field=field,
            value=self.value,
            won=self.won,
            lost=self.lost,
            won_share=won / totals[0],
            lost_share=lost / totals[1],
        )


@attrs.frozen(kw_only=True)
class FieldCounts:
    """
    The values of a field in closed cases.

    Attributes:
        field: The field.
        values: Each value seen, sorted; rare ones included, which say nothing.
    """

    field: LeadField
    values: tuple[CaseCount, ...]

    def __attrs_post_init__(self) -> None:
        names = [one.value for one in self.values]
        if names != sorted(set(names)):
            fault = "values stand sorted, none of them twice"
            raise InvalidRecord("FieldCounts", "values", tuple(names), fault)

    @cached_property
    def factors(self) -> dict[str, LeadFactor]:
        """Return what each value seen contributes; totals are over those that say something."""
        name, least = self.field.name, self.field.minimum_cases
        heard = [one for one in self.values if one.won + one.lost >= least]
        totals = (
            sum((one.smoothed[0] for one in heard), Fraction(0)),
            sum((one.smoothed[1] for one in heard), Fraction(0)),
        )
        found = {
            one.value: LeadFactor(
                field=name, value=one.value, won=one.won, lost=one.lost, neutral=Neutral.FEW
            )
            for one in self.values
        }
        found.update((one.value, one.factor(name, totals)) for one in heard)
        return found


def counts_of_fields(
    cases: Iterable[LeadExample], fields: Sequence[LeadField]
) -> tuple[FieldCounts, ...]:
    """Return how often the closed cases with each value of some fields were won and lost."""
    seen: dict[str, dict[str, list[int]]] = {one.name: {} for one in fields}
    for case in cases:
        for field, value in case.values:
            if field in seen:
                seen[field].setdefault(value, [0, 0])[case.outcome is StageKind.LOST] += 1
    return tuple(
        FieldCounts(
            field=field,
            values=tuple(
                CaseCount(value=value, won=won, lost=lost)
                for value, (won, lost) in sorted(seen[field.name].items())
            ),
        )
        for field in fields
    )
