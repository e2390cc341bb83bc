"""How late wins come after the day on which they were expected."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import listed
from salescore.forecast._pipeline_facts import delays_reduction
from salescore.forecast._pipeline_snapshot import source_of_day
from salescore.forecast._pipeline_window import Window
from salescore.forecast._pipeline_words import Words
from salescore.metrics import AnyFacts
from salescore.render import counted

FEWEST = 20
"""Wins from which on their delays count as known, unless another number is asked for."""

_NOT_KEPT: Words = ("changes of the close date unknown", "预计成交日期的变更未知")


def _sorted(values: Iterable[int]) -> tuple[int, ...]:
    found = listed("delays", values, "whole numbers of days")
    for one in found:
        if type(one) is not int:
            raise InvalidValue("delay", one, "expected a whole number of days")
    return tuple(sorted(found))


@attrs.frozen(kw_only=True)
class SlipHistory:
    """
    By how many days wins came after the first day on which they were expected.

    Attributes:
        delays: Days, ascending; below 0 for a win that came early. Empty where too few are known.
        reason: Why there are none, in English and Chinese; `None` where there are.
        as_of: Last day whose facts are seen; `None` where delays were stated by hand.
    """

    delays: tuple[int, ...] = attrs.field(converter=_sorted)
    reason: Words | None = None
    as_of: date | None = None

    @property
    def n(self) -> int:
        """Return how many wins are known."""
        return len(self.delays)

    @property
    def words(self) -> Words:
        """Return what it is, in English and Chinese."""
        wins = counted(self.n, "wins")
        return f"close dates slip as those of {wins} did", f"成交日期按{self.n:,}个赢单推迟"

    def check(self, as_of: date) -> None:
        """
        Refuse to serve a forecast made before what is known here.

        Raises:
            InvalidValue: The delays tell of later days.
        """
        if self.as_of is not None and self.as_of > as_of:
            fault = f"they are known as of {self.as_of}, after the snapshot of {as_of}"
            raise InvalidValue("slips", str(self.as_of), fault)

    def share(self, slack: int, window: Window) -> Fraction | None:
        """
        Return the share of wins that come in a window, of those that have not come yet.

        Args:
            slack: Days from the last day seen to the expected day; below 0 where that has passed.
            window: Days to come.

        Returns:
            From 0 to 1; `None` where no win came as late as this one will at least.
        """
        left = self.n - bisect_right(self.delays, -slack)
        if not left:
            return None
        first = bisect_left(self.delays, window.first - slack)
        return Fraction(bisect_right(self.delays, window.last - slack) - first, left)

    def slips_out(self, slack: int, window: Window) -> Fraction | None:
        """
        Return the chance that a win expected in a window comes after it.

        Args:
            slack: Days from the last day seen to the expected day.
            window: Days to come.

        Returns:
            From 0 to 1; `None` as `share`.
        """
        left = self.n - bisect_right(self.delays, -slack)
        if not left:
            return None
        return Fraction(self.n - bisect_right(self.delays, window.last - slack), left)


def slip_history(facts: AnyFacts, *, as_of: date, fewest: int = FEWEST) -> SlipHistory:
    """
    Return by how many days wins came after the first day on which they were expected.

    A delay is the days of all pushes of the expected day, and those from the last expected day to
    the win; the pushes are known from events `expected_close_changed`.
    An expected day that stands today may have been pushed already, so that shares by the first day
    tend to say too much slippage of it.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        fewest: Wins that must be known, from 1.

    Returns:
        The delays; none with a reason where fewer are known, or nobody kept the changes.

    Raises:
        InvalidValue: `as_of` is no day, or `fewest` no number from 1 on.
    """
    check_fewest(fewest)
    source = source_of_day(facts, as_of)
    (found,) = source.reduce([delays_reduction()], None)
    delays = [int(one) for values in found.values[0] for one in values]
    if len(delays) >= fewest:
        return SlipHistory(delays=delays, as_of=as_of)
    if not delays and any(found.missing[0]):
        return SlipHistory(delays=(), reason=_NOT_KEPT, as_of=as_of)
    reason = (
        f"{counted(len(delays), 'wins')} with known delays, {fewest:,} needed",
        f"已知推迟天数的赢单{len(delays):,}个，需要{fewest:,}个",
    )
    return SlipHistory(delays=(), reason=reason, as_of=as_of)


def check_fewest(fewest: int) -> None:
    """
    Refuse what is no least number of cases.

    Raises:
        InvalidValue: It is no int from 1 on.
    """
    if type(fewest) is not int or fewest < 1:
        raise InvalidValue("fewest", fewest, "expected a whole number from 1 on")
