"""What passages through a funnel ask of the facts, as a declared reduction."""

from __future__ import annotations

from datetime import date

from salescore.funnel import Funnel
from salescore.metrics import Aggregate, Measure, Reduction
from salescore.pipeline._visited import CLOSED, is_of_funnel
from salescore.rules import F, Term, days_between

_VISITS = "stage_visits"
_GIVEN_UP = CLOSED[1:]

DAY_ZERO = date(1970, 1, 1)
"""Day from which the days of the reduction count."""


def passage_reduction(funnel: Funnel, *, by: str | None = None) -> Reduction:
    """
    Return the reduction behind `passages`: per sale the first day at each stage, and its end.

    Args:
        funnel: The funnel.
        by: Column of stage visits to group by; a sale then has rows for each of its values.
    """
    own = is_of_funnel(funnel.name)
    given_up = own & F.kind.is_in(_GIVEN_UP)
    # A win of a lead is its conversion, which stands whatever became of the opportunity.
    stands = F.is_won & (F.ended_on.is_null() | (F.since_on >= F.ended_on))
    counts = F.opportunity_id.is_null() | F.is_won.is_null() | stands

    def measure(name: str, of: Term, where: Term, aggregate: Aggregate = Aggregate.MIN) -> Measure:
        return Measure(name=name, table=_VISITS, aggregate=aggregate, of=of, where=where)

    def days(name: str, day: Term) -> Measure:
        return measure(name, days_between(DAY_ZERO, day), given_up, Aggregate.VALUES)

    keys = dict.fromkeys(("subject_id", "stage", "ended_as", *(() if by is None else (by,))))
    return Reduction(
        name="passages",
        table=_VISITS,
        keys=keys,
        measures=[
            measure("first_on", F.since_on, own),
            measure("stands_on", F.since_on, own & counts),
            measure("ended_on", F.ended_on, own),
            days("given_up", F.since_on),
            days("opened_again", F.until_on),
        ],
    )
