"""Losses: where in the funnel sales were lost, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.funnel import Funnel
from salescore.metrics import Aggregate, AnyFacts, Exclusion, Measure, Reduction, source_of
from salescore.pipeline._passages import day_of_facts
from salescore.pipeline._slicing import check_during, in_order
from salescore.pipeline._visited import Wanted, check_one_funnel, is_of_funnel
from salescore.pipeline._win_policy import WinPolicy, check_policy
from salescore.plain import as_tuple
from salescore.rules import F, Term
from salescore.values import Period, exact_sum, quotient

_TABLE = "opportunities"
_KINDS = ("lost", "void")


@attrs.frozen(kw_only=True)
class LossRow:
    """
    Opportunities lost in one stage for one reason.

    Attributes:
        stage: Open stage that they were in last; `None` where nobody knows, or of all stages.
        loss_reason: Why; `None` where nobody said, or for all reasons.
        n: How many.
        amount: Their amount in the reporting currency; `None` where no amount is known.
        unpriced: Those of them whose amount is unknown.
        share: Their share of all lost, a fraction.
        amount_share: Their share of the amount lost, a fraction; `None` where undefined.
    """

    stage: str | None
    loss_reason: str | None
    n: int
    amount: Decimal | None
    unpriced: int
    share: Decimal
    amount_share: Decimal | None


@attrs.frozen(kw_only=True)
class Losses:
    """
    What was lost, by stage and reason; the rows add up to the whole without a rest.

    Attributes:
        rows: One per stage and reason, the most frequent first; unknown ones have their own rows.
        n: All opportunities lost.
        amount: Their amount; `None` where no amount is known.
        unpriced: Those whose amount is unknown.
        currency: Reporting currency.
        reason: Why nothing can be told; `None` where it can.
        excluded: Opportunities left out, with reasons.
        during: Period in which they were lost; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody can tell.
        funnel: Name of the funnel; `None` where none was named.
        policy: Which close counts of an opportunity that was opened again.
    """

    rows: tuple[LossRow, ...] = attrs.field(converter=as_tuple)
    n: int
    amount: Decimal | None
    unpriced: int
    currency: str
    reason: str | None
    excluded: tuple[Exclusion, ...]
    during: Period | None
    as_of: date | None
    funnel: str | None = None
    policy: WinPolicy = WinPolicy.LAST

    @property
    def by_stage(self) -> tuple[LossRow, ...]:
        """Return one row per stage, all reasons together."""
        return self._together(lambda one: (one.stage, None))

    @property
    def by_reason(self) -> tuple[LossRow, ...]:
        """Return one row per reason, all stages together."""
        return self._together(lambda one: (None, one.loss_reason))

    def _together(
        self, key: Callable[[LossRow], tuple[str | None, str | None]]
    ) -> tuple[LossRow, ...]:
        found: dict[tuple[str | None, str | None], list[_Counts]] = {}
        for one in self.rows:
            found.setdefault(key(one), []).append(_Counts(one.n, one.amount, one.unpriced))
        return _rows({keys: _sum(counts) for keys, counts in found.items()})


def losses(
    facts: AnyFacts,
    *,
    funnel: Funnel | str | None = None,
    during: Period | None = None,
    kinds: Sequence[str] = ("lost",),
    policy: WinPolicy = WinPolicy.LAST,
    as_of: date | None = None,
) -> Losses:
    """
    Return what was lost, by the stage that it was lost in and the reason, in number and amount.

    The stage is the open one that the opportunity was in before it was lost, time on hold passed
    over; it takes stage visits to tell.
    An opportunity counts once, as it stands.

    Args:
        facts: The fact tables of a book, or another source.
        funnel: The funnel, or its name, that the opportunities went through last; those whose
            visits name none are taken for its own. May be left out where no two funnels have a
            stage of one name.
        during: Period in which they were lost; `None` takes all, those of unknown day too.
        kinds: What counts as lost: `lost`, and where asked for `void`, without a decision.
        policy: Which win counts of an opportunity that was opened again: by the first, what was
            won once is never lost; by the last, what stands counts.
        as_of: Last day whose facts are seen; by default as the facts stand.

    Raises:
        InvalidValue: `during` is no period, `kinds` holds anything else, `policy` is neither the
            first win nor the last, or several funnels have a stage of one name and none was named.
    """
    wanted = Wanted(funnel)
    name = wanted.name
    check_policy(policy)
    check_during(during)
    if not kinds or isinstance(kinds, str) or not set(kinds) <= set(_KINDS):
        raise InvalidValue("kinds", kinds, f"name one or both of {', '.join(_KINDS)}")
    source = source_of(facts)
    day = day_of_facts(source, as_of)
    if as_of is not None:
        source = source.at(as_of)
    reduction = loss_reduction(kinds, is_dated=during is not None, funnel=name, policy=policy)
    (reduced,) = source.reduce([reduction], during)
    (_, amounts), (numbers, priced), (_, unpriced), (undated, _) = (
        reduced.values,
        reduced.counts,
        reduced.missing,
        reduced.undated,
    )
    found: dict[tuple[str | None, str | None], list[_Counts]] = {}
    places: set[tuple[str | None, str | None]] = set()
    for (home, stage, reason), n, amount, known, missing in zip(
        reduced.keys, numbers, amounts, priced, unpriced, strict=True
    ):
        if n:
            counted = _Counts(n, amount if known else None, missing)
            now = None if stage is None else wanted.key_now(stage)
            found.setdefault((now, reason), []).append(counted)
            places.add((stage, home))
    if name is None:
        check_one_funnel(places)
    counts = {key: _sum(parts) for key, parts in found.items()}
    whole = _sum(list(counts.values()))
    return Losses(
        rows=_rows(counts),
        n=whole.n,
        amount=whole.amount,
        unpriced=whole.unpriced,
        currency=source.currency,
        reason=source.lack or (None if whole.n else "nothing was lost"),
        excluded=(Exclusion(_TABLE, "closed on unknown", undated),) if undated else (),
        during=during,
        as_of=day,
        funnel=name,
        policy=policy,
    )


def loss_reduction(
    kinds: Sequence[str] = ("lost",),
    *,
    is_dated: bool = True,
    funnel: str | None = None,
    policy: WinPolicy = WinPolicy.LAST,
) -> Reduction:
    """
    Return the reduction behind `losses`: number and amount by stage and reason.

    Args:
        kinds: What counts as lost.
        is_dated: Whether the day of closing places an opportunity in a period.
        funnel: Name of the funnel; `None` takes all.
        policy: Which win counts of an opportunity that was opened again.
    """
    where = F.kind.is_in(kinds)
    if funnel is not None:
        where &= is_of_funnel(funnel)
    if policy is WinPolicy.FIRST:
        where &= F.first_won_on.is_null()

    def measure(name: str, aggregate: Aggregate, of: Term | None = None) -> Measure:
        return Measure(
            name=name,
            table=_TABLE,
            aggregate=aggregate,
            of=of,
            where=where,
            date="closed_on" if is_dated else None,
        )

    return Reduction(
        name="losses",
        table=_TABLE,
        keys=["funnel", "last_open_stage", "loss_reason"],
        measures=[
            measure("lost", Aggregate.COUNT),
            measure("lost_amount", Aggregate.SUM, F.amount),
        ],
    )


@attrs.frozen
class _Counts:
    n: int
    amount: Decimal | None
    unpriced: int


def _sum(counts: Sequence[_Counts]) -> _Counts:
    amounts = [one.amount for one in counts if one.amount is not None]
    return _Counts(
        sum(one.n for one in counts),
        exact_sum(amounts) if amounts else None,
        sum(one.unpriced for one in counts),
    )


def _rows(counts: dict[tuple[str | None, str | None], _Counts]) -> tuple[LossRow, ...]:
    whole = _sum(list(counts.values()))
    rows = [
        LossRow(
            stage=stage,
            loss_reason=reason,
            n=one.n,
            amount=one.amount,
            unpriced=one.unpriced,
            share=_share(Decimal(one.n), Decimal(whole.n)) or Decimal(0),
            amount_share=_share(one.amount, whole.amount),
        )
        for (stage, reason), one in counts.items()
    ]
    rows.sort(key=lambda one: in_order((one.stage, one.loss_reason)))
    rows.sort(key=lambda one: (one.n, one.amount or 0), reverse=True)
    return tuple(rows)


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or whole is None or whole <= 0:
        return None
    return quotient(part, whole)
