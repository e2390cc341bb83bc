"""The sales cycle: how long it takes to win, of those that are won, while some are still open."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal

import attrs

from salescore.stats import IncidenceCurves

_WORKING = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_EVEN)
_DIGITS = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)
# Shares come with 28 digits; of two that are equal, neither may seem larger by the last of them.
_DIGITS_OF_SHARES = decimal.Context(prec=24, rounding=decimal.ROUND_HALF_EVEN)


@attrs.frozen(kw_only=True)
class SalesCycle:
    """
    How many days it takes to win, of those that are won within the time seen.

    The cycles of those won so far alone are too short on average: the long ones are still open.
    Here whoever is open counts as long as it was seen.

    Attributes:
        mean: Mean days; `None` when undefined.
        median: Days within which half of those that are won have been won; `None` when undefined.
        p90: Days within which nine of ten of them have been; `None` when undefined.
        n: Opportunities that were won.
        still_open: Opportunities that are open, each followed up to its age.
        undecided: Share of all that was open at the greatest age seen: what is won later still is
            no part of the cycle. `None` when undefined.
        reason: Why it is undefined; `None` when it is defined.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
    """

    mean: Decimal | None
    median: Decimal | None
    p90: Decimal | None
    n: int
    still_open: int
    undecided: Decimal | None
    reason: str | None
    as_of: date | None


def cycle_of(
    curves: IncidenceCurves, cause: str, as_of: date | None, lack: str | None
) -> SalesCycle:
    """
    Return the days until an end by one cause, of those that end by it.

    With the incidence F of the cause and the greatest age T seen, a share F(t) ÷ F(T) of them takes
    at most t days. The mean is that of this distribution, a quantile its first age.

    Args:
        curves: Curves from age 0 on.
        cause: The cause.
        as_of: Last day whose facts are seen.
        lack: Why nothing is known; `None` where something is.
    """
    place = curves.causes.index(cause)
    n = sum(row.counts[place] for row in curves.table.rows)
    still_open = sum(row.censored for row in curves.table.rows)
    if not n:
        return SalesCycle(
            mean=None,
            median=None,
            p90=None,
            n=0,
            still_open=still_open,
            undecided=None,
            reason=lack or f"none was {cause}",
            as_of=as_of,
        )
    steps = [(one.time, one.incidences[place]) for one in curves.steps]
    all_of_it = steps[-1][1]
    with decimal.localcontext(_WORKING):
        total, before = Decimal(0), Decimal(0)
        for time, share in steps:
            total += time * (share - before)
            before = share
        mean = _DIGITS.plus(total / all_of_it)
        median, p90 = (
            next(time for time, share in steps if _DIGITS_OF_SHARES.plus(share / all_of_it) >= part)
            for part in (Decimal("0.5"), Decimal("0.9"))
        )
    return SalesCycle(
        mean=mean,
        median=median,
        p90=p90,
        n=n,
        still_open=still_open,
        undecided=curves.steps[-1].survival,
        reason=None,
        as_of=as_of,
    )
