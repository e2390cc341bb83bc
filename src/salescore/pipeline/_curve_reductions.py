"""What curves of winning and times in stages ask of the facts, as declared reductions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salescore.metrics import Aggregate, Measure, Reduction
from salescore.pipeline._visited import CLOSED
from salescore.pipeline._win_policy import WinPolicy
from salescore.rules import F, Term, days_between, when

_SALES, _VISITS = "opportunities", "stage_visits"


def curve_reduction(
    began: str,
    day: date,
    keys: Sequence[str] = ("kind",),
    policy: WinPolicy = WinPolicy.LAST,
) -> Reduction:
    """
    Return the reduction behind `win_curves`: ages until the close, or until the last day seen.

    Args:
        began: Column of the day from which on the age counts.
        day: Last day seen.
        keys: Columns to group by, the kind first.
        policy: Which win counts of an opportunity that was opened again; where it is the first, a
            second measure tells of those that were ever won, by the day of that.
    """
    start = F[began]
    closed = days_between(start, F.closed_on)
    age = when((F.kind.is_in(CLOSED), closed), otherwise=days_between(start, day))

    def measure(name: str, of: Term, where: Term | None) -> Measure:
        return Measure(
            name=name, table=_SALES, aggregate=Aggregate.VALUES, of=of, where=where, date=began
        )

    if policy is not WinPolicy.FIRST:
        measures = [measure("ages", age, None)]
    else:
        is_won = ~F.first_won_on.is_null()
        first = days_between(start, F.first_won_on)
        measures = [measure("ages", age, ~is_won), measure("first_wins", first, is_won)]
    return Reduction(name="win_curves", table=_SALES, keys=keys, measures=measures)


def stay_keys(*, per_sale: bool = False) -> tuple[str, ...]:
    """Return the columns by which stays are grouped: stage, and the sale where each is one."""
    return ("funnel", "stage", "kind", *(("subject_id",) if per_sale else ()))


def time_reduction(
    day: date, keys: Sequence[str] | None = None, *, per_sale: bool = False
) -> Reduction:
    """
    Return the reduction behind `stage_times`: days of stays that ended and of those that run.

    Args:
        day: Last day seen.
        keys: Columns to group by; `None` for those of `stay_keys`.
        per_sale: Whether the stays of one sale in a stage are summed.
    """
    ended = days_between(F.since_on, F.until_on)
    running = days_between(F.since_on, day)
    is_running = F.until_on.is_null() & F.next_kind.is_null()
    is_dayless = F.until_on.is_null() & ~F.next_kind.is_null()

    def measure(name: str, of: Term | None, where: Term, aggregate: Aggregate) -> Measure:
        return Measure(
            name=name, table=_VISITS, aggregate=aggregate, of=of, where=where, date="since_on"
        )

    count, days = Aggregate.COUNT, Aggregate.SUM if per_sale else Aggregate.VALUES
    measures = [
        measure("ended", ended, ended >= 0, days),
        measure("running", running, is_running & (running >= 0), days),
        measure("early", None, ended < 0, count),
        measure("late", None, is_running & (running < 0), count),
        measure("dayless", None, is_dayless, count),
    ]
    wanted = stay_keys(per_sale=per_sale) if keys is None else keys
    return Reduction(name="stage_times", table=_VISITS, keys=wanted, measures=measures)
