"""Reps beside one another: win rates with what chance alone would make of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import AnyFacts, Exclusion, Figure, Slice, figure, slices, source_of
from salescore.pipeline._chance import LEVEL
from salescore.pipeline._slicing import check_during
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.stats import ConfidenceInterval, RateDifference, holm, two_rates, wilson_interval
from salescore.values import Period, quotient

LEAST_CLOSED = 20
"""Closed opportunities below which nothing is said of a rep."""


class RepVerdict(Enum):
    """
    What can be said of a rep's win rate.

    Attributes:
        ABOVE: It lies above that of the others, by more than chance would make.
        BELOW: It lies below, likewise.
        NO_DIFFERENCE: No difference that chance would not make.
        TOO_FEW: Too few opportunities closed to say anything.
        NO_OTHERS: Nobody else is there to compare with.
    """

    ABOVE = "above"
    BELOW = "below"
    NO_DIFFERENCE = "no_difference"
    TOO_FEW = "too_few"
    NO_OTHERS = "no_others"

    def words(self, language: Language = Language.EN) -> str:
        """Return the verdict in plain words."""
        return language.pick(_WORDS[self])


_WORDS = {
    RepVerdict.ABOVE: ("above the others", "高于其他人"),
    RepVerdict.BELOW: ("below the others", "低于其他人"),
    RepVerdict.NO_DIFFERENCE: (
        "no difference that chance would not make",
        "差异未超出偶然范围",
    ),
    RepVerdict.TOO_FEW: ("too few closed to tell", "样本太少，无法判断"),
    RepVerdict.NO_OTHERS: ("nobody to compare with", "没有可比较的人"),
}


@attrs.frozen(kw_only=True)
class RepRow:
    """
    The win rate of one rep beside that of all others.

    Attributes:
        key: Id of the rep, or other value of the dimension.
        label: Name.
        won: Opportunities won.
        closed: Opportunities won or lost.
        win_rate: Won of closed, a fraction; `None` without any closed.
        interval: Where the true rate lies, by Wilson; `None` without any closed.
        others_rate: The same rate of all others together; `None` without any.
        difference: Its rate less that of the others, with interval; `None` where either is
            undefined.
        adjusted_p_value: Chance of such a difference, were there none, after correction for there
            being several reps, by Holm; `None` for who is not compared.
        verdict: What can be said.
    """

    key: str
    label: str
    won: int
    closed: int
    win_rate: Decimal | None
    interval: ConfidenceInterval | None
    others_rate: Decimal | None
    difference: RateDifference | None
    adjusted_p_value: Decimal | None
    verdict: RepVerdict


@attrs.frozen(kw_only=True)
class RepComparison:
    """
    Reps by win rate, those of whom something can be said told apart from chance.

    Attributes:
        rows: The reps, in the order of their ids: a ranking of rates would rank chance.
        total: The win rate of all.
        level: Level of confidence.
        least_closed: Closed opportunities below which a rep is not compared.
        by: The dimension.
        during: Period; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody said.
        excluded: Opportunities left out, with reasons.
    """

    rows: tuple[RepRow, ...] = attrs.field(converter=as_tuple)
    total: Figure
    level: Decimal
    least_closed: int
    by: str
    during: Period | None
    as_of: date | None
    excluded: tuple[Exclusion, ...]

    @property
    def outstanding(self) -> tuple[RepRow, ...]:
        """Return those whose rate chance alone would hardly make, above or below."""
        told = (RepVerdict.ABOVE, RepVerdict.BELOW)
        return tuple(one for one in self.rows if one.verdict in told)


def compare_reps(
    facts: AnyFacts,
    *,
    during: Period | None = None,
    by: str = "rep",
    least_closed: int = LEAST_CLOSED,
    level: Decimal = LEVEL,
) -> RepComparison:
    """
    Return each rep's win rate beside that of all other reps.

    Who has few closed opportunities is not compared, and takes part in the rate of the others; the
    number closed, unlike the rate, says nothing of who wins, so that nothing is picked by its
    result.
    Of all who are compared, a verdict of above or below is wrong about any of them in at most 1
    less the level of all such comparisons.

    Args:
        facts: The fact tables of a book, or another source.
        during: Period in which the opportunities closed; `None` takes all.
        by: Dimension whose values are compared, such as `rep` or `team`.
        least_closed: Closed opportunities that it takes to be compared, from 1.
        level: Level of confidence.

    Raises:
        InvalidValue: `during` is no period, `least_closed` no whole number above 0, or the level
            none.
        UnknownName: There is no such dimension.

    Source:
        Rate: Wilson (1927). Difference: Newcombe (1998), method 10, as in `two_rates`. Correction:
        Holm (1979).
    """
    check_during(during)
    if type(cast("object", least_closed)) is not int or least_closed < 1:
        raise InvalidValue("least_closed", least_closed, "it must be a whole number above 0")
    source = source_of(facts)
    total = figure("win_rate", source, during=during)
    found = sorted(slices("win_rate", source, by=by, during=during), key=lambda one: one.key or "")
    reps = [_Counts.of(one) for one in found if one.key is not None]
    nobodys = sum(one.figure.n for one in found if one.key is None)
    gone = (Exclusion("opportunities", f"{by} unknown", nobodys),) if nobodys else ()
    return RepComparison(
        rows=_rows(reps, least_closed, level),
        total=total,
        level=level,
        least_closed=least_closed,
        by=by,
        during=during,
        as_of=source.as_of,
        excluded=(*total.excluded, *gone),
    )


@attrs.frozen
class _Counts:
    key: str
    label: str
    won: int
    closed: int

    @classmethod
    def of(cls, one: Slice) -> _Counts:
        won = one.figure.numerator
        return cls(one.key or "", one.label, 0 if won is None else int(won), one.figure.n)


def _rows(reps: Sequence[_Counts], least: int, level: Decimal) -> list[RepRow]:
    won, closed = sum(one.won for one in reps), sum(one.closed for one in reps)
    differences = [
        two_rates(one.won, one.closed, won - one.won, closed - one.closed, level) for one in reps
    ]
    tested = [
        place
        for place, (one, found) in enumerate(zip(reps, differences, strict=True))
        if found is not None and one.closed >= least
    ]
    p_values = [found.p_value for place in tested if (found := differences[place]) is not None]
    adjusted = dict(zip(tested, holm(p_values), strict=True))
    return [
        _row(one, (won, closed), found, adjusted.get(place), least, level)
        for place, (one, found) in enumerate(zip(reps, differences, strict=True))
    ]


def _row(
    one: _Counts,
    total: tuple[int, int],
    found: RateDifference | None,
    adjusted: Decimal | None,
    least: int,
    level: Decimal,
) -> RepRow:
    others_won, others = total[0] - one.won, total[1] - one.closed
    verdict = RepVerdict.TOO_FEW if one.closed < least else RepVerdict.NO_OTHERS
    if adjusted is not None and found is not None:
        verdict = RepVerdict.NO_DIFFERENCE
        if adjusted <= 1 - level:
            verdict = RepVerdict.ABOVE if found.difference > 0 else RepVerdict.BELOW
    return RepRow(
        key=one.key,
        label=one.label,
        won=one.won,
        closed=one.closed,
        win_rate=quotient(Decimal(one.won), Decimal(one.closed)),
        interval=wilson_interval(one.won, one.closed, level),
        others_rate=quotient(Decimal(others_won), Decimal(others)),
        difference=found,
        adjusted_p_value=adjusted,
        verdict=verdict,
    )
