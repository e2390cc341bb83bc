"""Moves between the stages of a funnel, counted, and the chain that they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from salescore.metrics import Aggregate, Measure, Reduced, Reduction
from salescore.pipeline._visited import CLOSED, VisitedStage, Wanted
from salescore.rules import F, Term
from salescore.stats import AbsorbingChain, absorbing_chain

_TABLE = "stage_visits"
_KEYS = ("funnel", "stage", "kind", "next_stage", "next_kind")
_UNKNOWN_NEXT = "nobody knows where it went"

NOWHERE = "nowhere"
"""The end of what flows into stages from which no way leads to an end."""

Counts = Mapping[VisitedStage, Counter[VisitedStage | str]]
"""How often sales went from each stage to which other, or to which end."""


def moves_reduction() -> Reduction:
    """Return how many stays of each stage led to which other, and how many nobody knows where."""

    def measure(name: str, where: Term) -> Measure:
        return Measure(
            name=name, table=_TABLE, aggregate=Aggregate.COUNT, where=where, date="since_on"
        )

    led_on = ~F.next_kind.is_null()
    measures = [
        measure("moves", led_on),
        measure("nowhere", ~led_on & ~F.until_on.is_null()),
    ]
    return Reduction(name="stage_moves", table=_TABLE, keys=_KEYS, measures=measures)


class Moves:
    """How often sales went from each stage to which."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.counts: defaultdict[VisitedStage, Counter[VisitedStage | str]] = defaultdict(Counter)
        self.gone: Counter[str] = Counter()
        self.reopened = 0

    @property
    def entered(self) -> set[VisitedStage]:
        """Return the stages to which sales went."""
        found = {to for moves in self.counts.values() for to in moves}
        return {to for to in found if isinstance(to, VisitedStage)}

    def add(self, reduced: Reduced) -> None:
        """Add a reduced table."""
        for (funnel, stage, kind, to, end), n, lost in zip(
            reduced.keys, reduced.counts[0], reduced.counts[1], strict=True
        ):
            source = self._wanted.stage(funnel, stage, kind)
            if source is None:
                mine = self._wanted.stage(funnel, stage, None) is not None
                self.reopened += n if mine and kind != end else 0
                continue
            if not self._wanted.knows(source):
                self.gone["stage unknown to the funnel"] += n + lost
                continue
            self.gone[_UNKNOWN_NEXT] += lost
            if not n:
                continue
            target = self._wanted.stage(funnel, to, end)
            self.counts[source][str(end) if target is None else target] += n


def state_name(stage: VisitedStage) -> str:
    """Return what the chain calls a stage, other than any end."""
    return f"{'hold' if stage.is_hold else 'stage'} {stage.stage}"


def chain_of(stages: Sequence[VisitedStage], counts: Counts) -> AbsorbingChain | None:
    """Return the chain of the stages from which some end is reached; others are an end by name."""
    ending = _ending(counts)
    states = [one for one in stages if one in ending]
    if not states:
        return None
    rows: list[list[Fraction]] = []
    for one in states:
        moves = counts[one]
        ends = [moves[end] for end in CLOSED]
        lost = sum(
            n for to, n in moves.items() if isinstance(to, VisitedStage) and to not in ending
        )
        all_of_them = moves.total()
        row = [*(moves[to] for to in states), *ends, lost]
        rows.append([Fraction(n, all_of_them) for n in row])
    return absorbing_chain([state_name(one) for one in states], (*CLOSED, NOWHERE), rows)


def _ending(counts: Counts) -> set[VisitedStage]:
    """Return the stages from which sales came to an end, by whatever way."""
    found = {one for one, moves in counts.items() if any(moves[end] for end in CLOSED)}
    while True:
        more = {
            one
            for one, moves in counts.items()
            if one not in found and any(to in found for to in moves)
        }
        if not more:
            return found
        found |= more
