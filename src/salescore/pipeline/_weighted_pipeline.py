"""The weighted pipeline, and what to do with opportunities that are past their close date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import (
    Aggregate,
    AnyFacts,
    Exclusion,
    Figure,
    FigureSource,
    Measure,
    Reduced,
    Reduction,
    source_of,
)
from salescore.pipeline._passages import day_of_facts
from salescore.pipeline._slicing import check_during
from salescore.render import counted
from salescore.rules import F, Term
from salescore.values import Period, exact_sum

_TABLE = "opportunities"


class PastDue(Enum):
    """
    What becomes of open opportunities whose expected day of closing has passed.

    Attributes:
        EXCLUDE: They do not count.
        ROLL_FORWARD: They count as expected on the day as of which the facts are seen.
        KEEP: They count on the day that they state, as if it were still to come.
    """

    EXCLUDE = "exclude"
    ROLL_FORWARD = "roll_forward"
    KEEP = "keep"


@attrs.frozen(kw_only=True)
class WeightedPipeline:
    """
    Amount times probability of the open opportunities, summed, those past their day told apart.

    Attributes:
        figure: The weighted amount in the reporting currency, with the rows left out.
        policy: What became of those past their day.
        past_due: Open opportunities past their day, whatever their period; flagged, as somebody
            should look at them. `None` where nobody can tell which day it is.
        past_due_weighted: What they weigh, those that state amount and probability; part of the
            figure unless the policy excludes them, or the day that they count on lies outside the
            period. `None` where there are any and none states both, or nobody can tell.
    """

    figure: Figure
    policy: PastDue
    past_due: int | None
    past_due_weighted: Decimal | None


def weighted_pipeline(
    facts: AnyFacts,
    *,
    policy: PastDue = PastDue.KEEP,
    during: Period | None = None,
    as_of: date | None = None,
) -> WeightedPipeline:
    """
    Return amount times probability of each open opportunity, summed.

    Args:
        facts: The fact tables of a book, or another source.
        policy: What becomes of opportunities whose expected day of closing has passed; the very
            day is not past.
        during: Period in which they are expected to close; `None` takes all, those without such a
            day too.
        as_of: Last day whose facts are seen; by default the last that the facts tell of.

    Returns:
        The sum; undefined where nobody can tell which day it is, or no open opportunity counts
        that states amount and probability.

    Raises:
        InvalidValue: `during` is no period, `as_of` no day, or `policy` none.

    Source:
        Usual definition of the field.
    """
    check_during(during)
    if type(policy) is not PastDue:
        raise InvalidValue("policy", policy, "it must be a PastDue")
    source = source_of(facts)
    day = day_of_facts(source, as_of)
    if as_of is not None:
        source = source.at(as_of)
    lack = source.lack
    if lack is not None or day is None:
        figure = _figure(
            Decimal(0),
            0,
            during,
            day,
            lack or "nobody knows as of which day the facts hold",
            (),
            source.currency,
        )
        return WeightedPipeline(figure=figure, policy=policy, past_due=None, past_due_weighted=None)
    is_dated = during is not None
    to_come, kept = source.reduce(
        [weighted_reduction(day, is_past=is_past, is_dated=is_dated) for is_past in (False, True)],
        during,
    )
    (gone,) = source.reduce([weighted_reduction(day, is_past=True, is_dated=False)], None)
    parts = [to_come]
    if policy is PastDue.ROLL_FORWARD and (during is None or day in during):
        parts.append(gone)
    elif policy is PastDue.KEEP:
        parts.append(kept)
    total = exact_sum(one.values[0][0] for one in parts)
    left_out = _left_out(source, parts, during)
    unknown = [f"{one.reason} in {counted(one.n, _TABLE)}" for one in left_out]
    if policy is PastDue.EXCLUDE:
        left_out.append(Exclusion(_TABLE, "past its expected close", kept.counts[1][0]))
    n = sum(one.counts[0][0] for one in parts)
    reason = None
    if not n:
        reason = "; ".join(unknown) or "no open opportunity counts"
    return WeightedPipeline(
        figure=_figure(
            total, n, during, day, reason, [one for one in left_out if one.n], source.currency
        ),
        policy=policy,
        past_due=gone.counts[1][0],
        past_due_weighted=gone.values[0][0] if gone.counts[0][0] or not gone.counts[1][0] else None,
    )


def _left_out(
    source: FigureSource, parts: Sequence[Reduced], during: Period | None
) -> list[Exclusion]:
    """Return the rows left out, each for the first thing that it lacks, as the catalogue does."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in parts:
        if one.missing[0][0] or one.undated[0]:
            asked = one.reduction.measures[0]
            (told,) = source.left_out([[asked]], (), during if asked.date else None)
            for each in told.get((), ()):
                counts[each.table, each.reason] += each.n
    return [Exclusion(*place, n) for place, n in sorted(counts.items())]


def weighted_reduction(day: date, *, is_past: bool, is_dated: bool) -> Reduction:
    """
    Return the reduction behind `weighted_pipeline`: what open opportunities weigh, and how many.

    Args:
        day: Day as of which an expected day of closing has passed.
        is_past: Whether those are meant that are past their day; all others otherwise.
        is_dated: Whether the expected day of closing places them in a period.
    """
    past = F.expected_close_on < day
    where = (F.kind == "open") & (past if is_past else ~past | F.expected_close_on.is_null())

    def measure(name: str, aggregate: Aggregate, of: Term | None) -> Measure:
        return Measure(
            name=name,
            table=_TABLE,
            aggregate=aggregate,
            of=of,
            where=where,
            date="expected_close_on" if is_dated else None,
        )

    return Reduction(
        name="past_due" if is_past else "to_come",
        table=_TABLE,
        measures=[
            measure("weighted", Aggregate.SUM, F.amount * F.probability),
            measure("open", Aggregate.COUNT, None),
        ],
    )


def _figure(
    total: Decimal,
    n: int,
    during: Period | None,
    day: date | None,
    reason: str | None,
    excluded: Sequence[Exclusion],
    currency: str,
) -> Figure:
    is_known = reason is None
    return Figure(
        name="weighted_pipeline",
        value=total if is_known else None,
        unit=currency,
        numerator=total if is_known else None,
        n=n,
        reason=reason,
        excluded=tuple(excluded),
        during=during,
        as_of=day,
    )
