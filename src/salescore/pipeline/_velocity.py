"""Sales velocity: what the open pipeline brings a day, every part of it shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import AnyFacts, Figure, Slice, figures, slices_of, source_of
from salescore.pipeline._slicing import Key, in_order
from salescore.values import Period, quotient

CYCLES = (
    "sales_cycle_mean",
    "sales_cycle_from_creation_mean",
    "sales_cycle_from_lead_mean",
)
"""Figures of the catalogue that can stand for the cycle."""

_PARTS = ("open_opportunities", "win_rate", "average_won_amount")


@attrs.frozen(kw_only=True)
class Velocity:
    """
    Open opportunities times win rate times average won amount, per day of the mean won cycle.

    Attributes:
        value: Amount a day in the reporting currency, to 28 significant digits; `None` when
            undefined.
        unit: The reporting currency, a day.
        open: Open opportunities, as of the last day of the period or of knowledge.
        win_rate: Won among won and lost, closed in the period.
        average_won_amount: Amount per won opportunity of the period.
        cycle: Mean days that the won ones of the period took.
        reason: Why it is undefined: that of the first part that is; `None` when it is defined.
        keys: Values of the dimensions; empty for all, `None` where there is none.
        labels: What to call them.
    """

    value: Decimal | None
    unit: str
    open: Figure
    win_rate: Figure
    average_won_amount: Figure
    cycle: Figure
    reason: str | None
    keys: Key = ()
    labels: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Figure, ...]:
        """Return the four parts: number, rate, amount, days."""
        return self.open, self.win_rate, self.average_won_amount, self.cycle


def velocity(
    facts: AnyFacts, *, during: Period | None = None, cycle: str = "sales_cycle_mean"
) -> Velocity:
    """
    Return the sales velocity: n × win rate × average won amount ÷ mean won cycle.

    n is a stock, the opportunities open on the last day of the period; rate, amount and cycle are
    of those that closed in the period.

    Args:
        facts: The fact tables of a book, or another source.
        during: Period; `None` takes every date, and who is open now.
        cycle: Figure of the cycle: `sales_cycle_mean` from first contact,
            `sales_cycle_from_creation_mean` or `sales_cycle_from_lead_mean`.

    Raises:
        InvalidValue: `cycle` is another figure, or `during` no period.

    Source:
        Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 3rd edition (2015), chapter 6.
    """
    _check_cycle(cycle)
    source = source_of(facts)
    found = figures((*_PARTS, cycle), source, during=during)
    return _velocity(found, source.currency)


def velocity_by(
    facts: AnyFacts,
    by: str | Sequence[str],
    *,
    during: Period | None = None,
    cycle: str = "sales_cycle_mean",
) -> tuple[Velocity, ...]:
    """
    Return the sales velocity of each value of one or more dimensions.

    The slices do not add up to the total, as each has its own rate, amount and cycle.

    Args:
        facts: The fact tables of a book, or another source.
        by: Dimension or dimensions, such as `rep`; no unit of the calendar, for what is open now
            has no date.
        during: Period; see `velocity`.
        cycle: Figure of the cycle; see `velocity`.

    Returns:
        The fastest first, undefined ones last.

    Raises:
        UnknownName: There is no such dimension.
        InvalidValue: As `velocity`.
    """
    _check_cycle(cycle)
    source = source_of(facts)
    tables = slices_of((*_PARTS, cycle), source, by=by, during=during)
    by_key = [{one.keys: one for one in table} for table in tables]
    labels = {one.keys: one.labels for table in tables for one in table}
    found = [
        _velocity(
            [_part(names, key, name) for names, name in zip(by_key, (*_PARTS, cycle), strict=True)],
            source.currency,
            key,
            labels[key],
        )
        for key in sorted(labels, key=in_order)
    ]
    found.sort(key=lambda one: (one.value is None, -(one.value or 0)))
    return tuple(found)


def _part(found: dict[Key, Slice], key: Key, name: str) -> Figure:
    """Return a part of one slice; without any row it counts none, and is undefined for the rest."""
    if key in found:
        return found[key].figure
    if name == _PARTS[0]:
        return Figure(name=name, value=Decimal(0), unit="opportunities", numerator=Decimal(0))
    return Figure(name=name, value=None, unit="", reason=f"no rows for {name}")


def _velocity(
    parts: Sequence[Figure], currency: str, key: Key = (), labels: tuple[str, ...] = ()
) -> Velocity:
    n, rate, amount, cycle = parts
    value, reason = None, next((one.reason for one in parts if one.value is None), None)
    exact = [one.exact for one in parts]
    if reason is None and None not in exact:
        count, share, mean, days = (Fraction(0) if one is None else one for one in exact)
        if days:
            product = count * share * mean / days
            value = quotient(Decimal(product.numerator), Decimal(product.denominator))
        else:
            reason = "the mean cycle is 0 days"
    return Velocity(
        value=value,
        unit=f"{currency} per day",
        open=n,
        win_rate=rate,
        average_won_amount=amount,
        cycle=cycle,
        reason=reason,
        keys=key,
        labels=labels,
    )


def _check_cycle(cycle: str) -> None:
    if cycle not in CYCLES:
        raise InvalidValue("cycle", cycle, f"it must be one of {', '.join(CYCLES)}")
