"""Scales: a scheme of RFM as bounds on one column, found from few of its values, exact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

import attrs

from salescore.frames._engines import narwhals
from salescore.frames._grading_tables import Table, ranks_of, row_of, values_at
from salescore.metrics import MidRanks, QuantileCuts, RfmScheme, Thresholds
from salescore.values import EXACT

_DAY = timedelta(days=1)


@attrs.frozen
class Bound:
    """
    Where a higher score begins.

    Attributes:
        value: The bound, of the type of the column.
        is_above: Whether the bound itself still has the lower score.
    """

    value: Any
    is_above: bool = False


@attrs.frozen
class Scale:
    """
    Scores of one column: the lowest, and one more for every bound that a value reaches.

    Attributes:
        lowest: Score of what reaches no bound.
        bounds: The bounds.
    """

    lowest: int
    bounds: tuple[Bound, ...] = ()

    def scores(self, column: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
        """Return the scores of a column; null stays null."""
        nw = narwhals()
        of = nw.col(column)
        score = nw.lit(self.lowest, dtype=nw.Int64)
        for bound in self.bounds:
            value = nw.lit(bound.value)
            reached = of > value if bound.is_above else of >= value
            score = score + reached.cast(nw.Int64)
        return nw.when(~of.is_null()).then(score)


def scale_of_days(table: Table, column: str, scheme: RfmScheme, as_of: date) -> Scale:
    """
    Return the scale of recency on the day of the last purchase; later days score higher.

    Args:
        table: Those who bought.
        column: Day of the last purchase, never null.
        scheme: The scheme.
        as_of: Day to which days are counted.
    """
    match scheme:
        case MidRanks(parts=parts):
            return _by_ranks(table, column, parts)
        case QuantileCuts():
            n = _rows(table)
            # Days count backwards, so the n-th greatest day is the n-th smallest number of days.
            found = values_at(table, column, [n - 1 - one for one in _quantile_places(n, scheme)])
            days = {n - 1 - place: (as_of - day).days for place, day in found.items()}
            cuts = _quantiles(n, days, scheme)
        case Thresholds():
            cuts = [Fraction(one) for one in scheme.recency]
        case _:
            assert_never(scheme)
    bounds: list[Bound] = []
    always = 0
    for cut in cuts:
        days_to = _ceiling(cut)
        if days_to > (as_of - date.min).days:
            always += 1
        elif days_to > 0:
            bounds.append(Bound(as_of - days_to * _DAY, is_above=True))
    return Scale(1 + always, tuple(bounds))


def scale_of_numbers(
    table: Table,
    column: str,
    scheme: RfmScheme,
    fixed: tuple[Decimal, ...],
    behind: int,
) -> Scale:
    """
    Return the scale of frequency or money; more scores higher.

    Args:
        table: Those whose number is known and counts.
        column: The numbers, never null.
        scheme: The scheme.
        fixed: Bounds where the scheme is one of fixed bounds.
        behind: Digits behind the point that the numbers have.
    """
    match scheme:
        case MidRanks(parts=parts):
            return _by_ranks(table, column, parts)
        case QuantileCuts():
            n = _rows(table)
            cuts = _quantiles(n, values_at(table, column, _quantile_places(n, scheme)), scheme)
        case Thresholds():
            cuts = [Fraction(one) for one in fixed]
        case _:
            assert_never(scheme)
    if not cuts:
        return Scale(1)
    of = narwhals().col(column)
    row = row_of(table, of.min().alias("low"), of.max().alias("high"))
    if row["low"] is None:
        return Scale(1)
    low, high = Fraction(row["low"]), Fraction(row["high"])
    # A bound beyond all values may not fit their type, so it is answered here.
    always = sum(cut <= low for cut in cuts)
    bounds = [Bound(_raised(cut, behind)) for cut in cuts if low < cut <= high]
    return Scale(1 + always, tuple(bounds))


def _raised(cut: Fraction, behind: int) -> Decimal | int:
    """Return the least number of so many digits that is not below a cut."""
    if not behind:
        return _ceiling(cut)
    return EXACT.scaleb(Decimal(_ceiling(cut * 10**behind)), -behind)


def _ceiling(cut: Fraction) -> int:
    return -(-cut.numerator // cut.denominator)


def _rows(table: Table) -> int:
    return int(row_of(table, narwhals().len().alias("n"))["n"])


def _quantile_places(n: int, scheme: QuantileCuts) -> list[int]:
    """Return the places, in ascending order, of all values that quantiles lie at or between."""
    found: list[int] = []
    for number in range(1, scheme.parts) if n else ():
        below, rest = divmod((n - 1) * number, scheme.parts)
        found += [below, below + 1] if rest else [below]
    return found


def _quantiles(n: int, at: Mapping[int, Any], scheme: QuantileCuts) -> list[Fraction]:
    """Return the quantiles of type 7, each raised by the offset; those of nobody are none."""
    found: list[Fraction] = []
    for number in range(1, scheme.parts) if n else ():
        below, rest = divmod((n - 1) * number, scheme.parts)
        low = Fraction(at[below])
        step = Fraction(at[below + 1]) - low if rest else Fraction(0)
        found.append(low + Fraction(rest, scheme.parts) * step + Fraction(scheme.offset))
    return found


def _by_ranks(table: Table, column: str, parts: int) -> Scale:
    """
    Return the scale of mid-ranks: bounds at the few values where n times a share of parts falls.

    Twice the rank of equal values is those below plus those not above; with k of the parts, a
    value scores above k where parts · (below + not above) ≥ 2 · k · n. Of the values in order, all
    behind the one at place ⌊n·k ÷ parts⌋ do, and none before it; that one is asked.
    """
    n = _rows(table)
    if not n:
        return Scale(1)
    at = values_at(table, column, [n * k // parts for k in range(1, parts)])
    ranks = ranks_of(table, column, at.values())
    bounds: list[Bound] = []
    for k in range(1, parts):
        value = at[n * k // parts]
        bounds.append(Bound(value, is_above=parts * sum(ranks[value]) < 2 * k * n))
    return Scale(1, tuple(bounds))
