"""The win rate within a number of days, open opportunities counted as far as they were seen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from salescore.metrics import FRACTION, AnyFacts, Exclusion
from salescore.pipeline._chance import LEVEL
from salescore.pipeline._conversion import check_days
from salescore.pipeline._slicing import Since
from salescore.pipeline._win_curves import win_curves
from salescore.pipeline._win_policy import WinPolicy
from salescore.stats import ConfidenceInterval
from salescore.values import Period


@attrs.frozen(kw_only=True)
class WinRateWithin:
    """
    The share of opportunities that is won within so many days.

    Attributes:
        days: The days, the last one included.
        value: A fraction from 0 to 1, to 28 significant digits; `None` when undefined.
        interval: Where the true share lies; `None` where nothing is known of it.
        n: Opportunities that entered, however they ended.
        won: Those of them that were won within the days.
        lost: Those that were lost within the days.
        void: Those that came to nothing without a decision within the days.
        censored: Those still open that were not seen for as many days.
        unit: What the value counts.
        reason: Why it is undefined; `None` when it is defined.
        excluded: Opportunities left out, with reasons.
        during: Period in which they began; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
        policy: Which win counts of an opportunity that was opened again.
    """

    days: int
    value: Decimal | None
    interval: ConfidenceInterval | None
    n: int
    won: int
    lost: int
    void: int
    censored: int
    unit: str = FRACTION
    reason: str | None = None
    excluded: tuple[Exclusion, ...] = ()
    during: Period | None = None
    as_of: date | None = None
    policy: WinPolicy = WinPolicy.LAST


def win_rate_within(
    facts: AnyFacts,
    days: int,
    *,
    during: Period | None = None,
    since: Since = "created",
    policy: WinPolicy = WinPolicy.LAST,
    level: Decimal = LEVEL,
) -> WinRateWithin:
    """
    Return the share of opportunities that is won within so many days of their beginning.

    It is of all that began, not only of those that closed: the fourth win rate beside those of the
    catalogue, narrow, broad, and by value.
    Who is still open and was not seen for as long counts as far as it was seen, by the estimator of
    Aalen and Johansen; who was lost cannot be won any more.

    Args:
        facts: The fact tables of a book, or another source.
        days: The days, from 0, the last one included.
        during: Period in which the opportunities began; `None` takes all.
        since: Whether days count from creation, from the first contact, or from the creation of the
            lead.
        policy: Which win counts of an opportunity that was opened again; see `win_curves`.
        level: Level of confidence of the interval.

    Raises:
        InvalidValue: `days` is no number of days, `during` no period, `policy` neither the
            first win nor the last, or the level none.

    Source:
        As `win_curves`.
    """
    check_days(days)
    curve = win_curves(facts, during=during, since=since, policy=policy).total
    chance = curve.won_by(days, level=level)
    rows = [row for row in curve.curves.table.rows if row.time <= days]
    won, lost, void = (sum(row.counts[place] for row in rows) for place in range(3))
    return WinRateWithin(
        days=days,
        value=chance.value,
        interval=chance.interval,
        n=curve.n,
        won=won,
        lost=lost,
        void=void,
        censored=sum(row.censored for row in rows if row.time < days),
        reason=chance.reason,
        excluded=curve.excluded,
        during=during,
        as_of=curve.as_of,
        policy=policy,
    )
