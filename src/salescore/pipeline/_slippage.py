"""Slippage: close dates that were pushed, and open opportunities whose close date has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.metrics import (
    FRACTION,
    Aggregate,
    AnyFacts,
    Exclusion,
    Figure,
    Measure,
    Reduction,
    source_of,
)
from salescore.pipeline._passages import day_of_facts
from salescore.pipeline._slicing import Key, Slicing, check_during, in_order
from salescore.plain import as_tuple
from salescore.rules import F, Term
from salescore.values import Period, exact_sum, quotient

_TABLE = "opportunities"
_OPEN = F.kind.is_in(("open", "hold"))
_CLOSED = F.kind.is_in(("won", "lost", "void"))
_OF_PUSHES = 3
_NOT_KEPT = "changes of the close date unknown"


@attrs.frozen(kw_only=True)
class Slippage:
    """
    How the expected days of closing of some opportunities moved.

    Attributes:
        keys: Values of the dimensions; empty for all, `None` where they have none.
        labels: What to call them.
        pushed_share: Share of opportunities whose day was moved later at least once; its n is how
            many there are whose changes are known.
        pushes: How often days were moved later; `None` where nobody kept the changes.
        pushed_days: By how many days together; `None` likewise.
        past_due: Open opportunities whose day has passed; the very day is not past. `None` where
            nobody can tell which day it is, or opportunities that closed are asked for.
        past_due_amount: Their amount in the reporting currency; `None` where none is known.
        past_due_unpriced: Those of them whose amount is unknown.
    """

    keys: Key = ()
    labels: tuple[str, ...] = ()
    pushed_share: Figure
    pushes: int | None
    pushed_days: Decimal | None
    past_due: int | None
    past_due_amount: Decimal | None
    past_due_unpriced: int

    @property
    def pushed(self) -> int | None:
        """Return how many opportunities were pushed; `None` where nobody kept the changes."""
        share = self.pushed_share.numerator
        return None if share is None else int(share)

    @property
    def mean_push_days(self) -> Decimal | None:
        """Return days per push; `None` without any."""
        if self.pushes is None or self.pushed_days is None:
            return None
        return quotient(self.pushed_days, Decimal(self.pushes))

    @property
    def mean_pushes(self) -> Decimal | None:
        """Return pushes per opportunity whose changes are known; `None` without any."""
        if self.pushes is None:
            return None
        return quotient(Decimal(self.pushes), Decimal(self.pushed_share.n))


@attrs.frozen(kw_only=True)
class SlippageTable:
    """
    Slippage of all opportunities asked for, and of each slice.

    Attributes:
        total: All of them.
        slices: Each value of the dimensions, in order, unknown ones last.
        by: Names of the dimensions.
        during: Period in which they closed; `None` for those that are open.
        as_of: Last day whose facts are seen; `None` where nobody can tell.
        currency: Reporting currency.
    """

    total: Slippage
    slices: tuple[Slippage, ...] = attrs.field(converter=as_tuple)
    by: tuple[str, ...]
    during: Period | None
    as_of: date | None
    currency: str


def slippage(
    facts: AnyFacts,
    *,
    by: str | Sequence[str] | None = None,
    during: Period | None = None,
    as_of: date | None = None,
) -> SlippageTable:
    """
    Return how often the expected days of closing were pushed, how far, and what is past its day.

    A push is an event `expected_close_changed` that moves the day later; `close_date_event` makes
    these events.
    Where none is on record at all, nobody kept them: the pushes are unknown, not 0.

    Args:
        facts: The fact tables of a book, or another source.
        by: Dimension or dimensions of slices, such as `rep` or `stage`; `None` for the total alone.
        during: Period in which the opportunities closed; `None` takes those that are open.
        as_of: Last day whose facts are seen; by default the last that the facts tell of.

    Raises:
        UnknownName: There is no such dimension.
        InvalidValue: `during` is no period, or `as_of` no day.
    """
    check_during(during)
    source = source_of(facts)
    day = day_of_facts(source, as_of)
    if as_of is not None:
        source = source.at(as_of)
    slicing = Slicing.of(source, _TABLE, by)
    reduction = slippage_reduction(day, by=slicing.keys(), is_closed=during is not None)
    (reduced,) = source.reduce([reduction], during)
    cells: dict[Key, list[_Cell]] = {}
    columns = (
        zip(*table, strict=True) for table in (reduced.values, reduced.counts, reduced.missing)
    )
    for values, *row in zip(reduced.keys, *columns, strict=True):
        key = slicing.key(reduced.reduction.keys, values)
        cells.setdefault(key, []).append(_Cell.of(*row))
    about = _About(day, during, source.lack)
    return SlippageTable(
        total=about.slippage(_sum([one for row in cells.values() for one in row])),
        slices=[
            about.slippage(_sum(cells[key]), key, slicing.labels(key))
            for key in sorted(cells, key=in_order)
            if slicing.dimensions and any(one.n or one.unknown for one in cells[key])
        ],
        by=slicing.names,
        during=during,
        as_of=day,
        currency=source.currency,
    )


def slippage_reduction(
    day: date | None, *, by: Sequence[str] = (), is_closed: bool = False
) -> Reduction:
    """
    Return the reduction behind `slippage`: pushes, and what is past its day, counted.

    Args:
        day: Day as of which an expected day of closing has passed; `None` where nobody knows it.
        by: Columns of the slices.
        is_closed: Whether opportunities that closed are asked for, by the day of that.
    """
    where = _CLOSED if is_closed else _OPEN

    def measure(name: str, aggregate: Aggregate, of: Term | None, rows: Term = where) -> Measure:
        return Measure(
            name=name,
            table=_TABLE,
            aggregate=aggregate,
            of=of,
            where=rows,
            date="closed_on" if is_closed else None,
        )

    measures = [
        measure("pushes", Aggregate.SUM, F.close_pushes),
        measure("pushed_days", Aggregate.SUM, F.close_pushed_days),
        measure("pushed", Aggregate.COUNT, None, where & (F.close_pushes > 0)),
    ]
    if day is not None and not is_closed:
        past = where & (F.expected_close_on < day)
        measures += [
            measure("past_due", Aggregate.COUNT, None, past),
            measure("past_due_amount", Aggregate.SUM, F.amount, past),
        ]
    return Reduction(name="slippage", table=_TABLE, keys=by, measures=measures)


@attrs.frozen
class _Cell:
    """The sums of some opportunities."""

    n: int
    unknown: int
    pushed: int
    pushes: Decimal
    days: Decimal
    past: int
    amounts: Decimal
    priced: int

    @classmethod
    def of(cls, values: Sequence[Decimal], counts: Sequence[int], missing: Sequence[int]) -> _Cell:
        past, amounts, priced = 0, Decimal(0), 0
        if len(values) > _OF_PUSHES:
            past, amounts, priced = counts[3], values[4], counts[4]
        return cls(counts[0], missing[0], counts[2], values[0], values[1], past, amounts, priced)


def _sum(cells: Sequence[_Cell]) -> _Cell:
    return _Cell(
        sum(one.n for one in cells),
        sum(one.unknown for one in cells),
        sum(one.pushed for one in cells),
        exact_sum(one.pushes for one in cells),
        exact_sum(one.days for one in cells),
        sum(one.past for one in cells),
        exact_sum(one.amounts for one in cells),
        sum(one.priced for one in cells),
    )


@attrs.frozen
class _About:
    """What every slice shares."""

    day: date | None
    during: Period | None
    lack: str | None

    def slippage(self, one: _Cell, key: Key = (), labels: tuple[str, ...] = ()) -> Slippage:
        tells_past = self.day is not None and self.during is None and self.lack is None
        is_known = bool(one.n)
        return Slippage(
            keys=key,
            labels=labels,
            pushed_share=self._share(one),
            pushes=int(one.pushes) if is_known else None,
            pushed_days=one.days if is_known else None,
            past_due=one.past if tells_past else None,
            past_due_amount=one.amounts if tells_past and one.priced else None,
            past_due_unpriced=one.past - one.priced,
        )

    def _share(self, one: _Cell) -> Figure:
        n, unknown = one.n, one.unknown
        reason = _NOT_KEPT if unknown else "no opportunities"
        return Figure(
            name="pushed_share",
            value=quotient(Decimal(one.pushed), Decimal(n)),
            unit=FRACTION,
            numerator=Decimal(one.pushed) if n else None,
            denominator=Decimal(n) if n else None,
            n=n,
            is_additive=False,
            reason=None if n else self.lack or reason,
            excluded=(Exclusion(_TABLE, _NOT_KEPT, unknown),) if unknown else (),
            during=self.during,
            as_of=self.day,
            is_share=True,
        )
