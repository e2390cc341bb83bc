"""The funnel as a chain: where sales go from each stage, and where that leads in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel
from salescore.metrics import AnyFacts, Exclusion
from salescore.pipeline._chance import (
    LEVEL,
    Chance,
    check_level,
    interval_at_an_end,
    logit_interval,
)
from salescore.pipeline._moves import NOWHERE, Counts, Moves, chain_of, moves_reduction, state_name
from salescore.pipeline._slicing import check_during, lack_of, source_at
from salescore.pipeline._stage_times import MeanTime, stage_times
from salescore.pipeline._visited import CLOSED, VisitedStage, Wanted
from salescore.pipeline._win_policy import WinPolicy
from salescore.stats import AbsorbingChain
from salescore.values import Period, quotient

_TABLE = "stage_visits"
_NOTHING = Fraction(0)


@attrs.frozen(kw_only=True)
class Move:
    """
    How often sales went from one stage to another, or to an end.

    Attributes:
        to: The stage; `None` for an end.
        end: The end: `won`, `lost` or `void`; `None` for a stage.
        n: How often.
    """

    to: VisitedStage | None = None
    end: str | None = None
    n: int


@attrs.frozen(kw_only=True)
class Duration:
    """
    How many days lie ahead of a sale on average: visits times mean stay, stage by stage.

    What is undecided counts until it comes to a stage without any precedent.

    Attributes:
        value: Days, to 28 significant digits; `None` when undefined.
        beyond: The greatest share of the stays in any stage on the way that last longer than was
            seen, of which the value says too little; `None` when undefined.
        reason: Why it is undefined; `None` when it is defined.
    """

    value: Decimal | None
    beyond: Decimal | None
    reason: str | None


@attrs.frozen(kw_only=True)
class ChainStage:
    """
    What becomes of a sale that enters a stage.

    Attributes:
        stage: The stage.
        names: English and Chinese label of the stage.
        moves: Where sales went from there, the most frequent first.
        chance: Chance to be won in the end; its `n` are the stays that led on from here.
        exact: The same without rounding; `None` when undefined.
        visits: How often a sale that enters here is in each stage on average, itself included, in
            the order of the stages; empty when undefined.
        days: How long it takes on average until the end.
    """

    stage: VisitedStage
    names: tuple[str, str]
    moves: tuple[Move, ...]
    chance: Chance
    exact: Fraction | None
    visits: tuple[tuple[VisitedStage, Fraction], ...]
    days: Duration


@attrs.frozen(kw_only=True)
class FunnelChain:
    """
    A funnel as an absorbing chain: from each stage sales go on with the chances seen so far.

    The next step depends on the stage alone, not on how the sale came there or how long it stayed.
    Each close counts on its own, `WinPolicy.EACH`: a sale that was won, opened again and lost is a
    win and a loss.

    Attributes:
        stages: The stages, in the order of the funnel, or by name where none was given.
        during: Period in which the stays began; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
        reopened: How often a sale that was won, lost or void went on: its first end counts like any
            other.
        excluded: Stays left out, with reasons; those that still run have led nowhere as yet.
        chain: The chain behind the figures; `None` where no stay leads to an end.
        lack: Why nothing is known; `None` where something is.
        policy: Which win counts of a sale that was opened again: each.
    """

    stages: tuple[ChainStage, ...]
    during: Period | None
    as_of: date | None
    reopened: int
    excluded: tuple[Exclusion, ...]
    chain: AbsorbingChain | None = attrs.field(repr=False)
    lack: str | None
    policy: WinPolicy = WinPolicy.EACH

    def of(self, stage: str, *, is_hold: bool = False) -> ChainStage:
        """
        Return a stage by its key.

        Args:
            stage: Key of the stage.
            is_hold: Whether sales on hold there are meant.

        Raises:
            UnknownName: There is no such stage.
        """
        for one in self.stages:
            if (one.stage.stage, one.stage.is_hold) == (stage, is_hold):
                return one
        raise UnknownName("stage", stage, tuple(one.stage.stage for one in self.stages))

    def won_within_steps(self, steps: int, stage: str, *, is_hold: bool = False) -> Fraction | None:
        """
        Return the chance to be won within some steps, of a sale that enters a stage.

        Args:
            steps: Moves from stage to stage or to an end, from 0 to 1,000.
            stage: Key of the stage.
            is_hold: Whether sales on hold there are meant.

        Returns:
            A fraction that never falls with the steps; `None` where the chance of the stage is
            undefined.

        Raises:
            UnknownName: There is no such stage.
            InvalidValue: The steps are negative, too many or no int.
        """
        one = self.of(stage, is_hold=is_hold)
        if self.chain is None or one.exact is None:
            return None
        return self.chain.absorbed_by(steps, state_name(one.stage), CLOSED[0])


def funnel_chain(
    facts: AnyFacts,
    *,
    funnel: Funnel | str | None = None,
    during: Period | None = None,
    as_of: date | None = None,
    level: Decimal = LEVEL,
) -> FunnelChain:
    """
    Return where sales go from the stages of a funnel, and what that comes to in the end.

    Each stay that led on counts once: to the next stage, or to won, lost or void.
    So each close of a sale counts, and no other policy of wins can be asked for: those by which a
    sale counts once are followed by `passages` and `win_curves`.
    A stage from which no way leads to an end on record has no figures; what flows into it is
    undecided.
    The interval of a chance is worked out from those of the moves: with the visits N to each stage,
    the stays n there and the chances b of what they led to, its variance is the sum over the stages
    of N² ÷ n times the variance of b among the moves.

    Args:
        facts: The fact tables of a book, or another source.
        funnel: The funnel, or its name; may be left out where all visits are of one.
        during: Period in which the stays began; `None` takes every day.
        as_of: Last day whose facts are seen; `None` for the last that the facts tell of.
        level: Level of confidence.

    Raises:
        InvalidValue: The visits are of several funnels and none was named, `during` is no period,
            `as_of` no day, or the level none.

    Source:
        Kemeny and Snell, Finite Markov Chains (1960), 3.2 to 3.3; variance by the delta method on
        the estimates of Anderson and Goodman, Statistical inference about Markov chains, Annals of
        Mathematical Statistics 28 (1957), 89-110.
    """
    check_during(during)
    check_level(level)
    wanted = Wanted(funnel)
    source = source_at(facts, as_of)
    lack, day = lack_of(source, _TABLE), source.last_day
    moves = Moves(wanted)
    if lack is None:
        (reduced,) = source.reduce([moves_reduction()], during)
        moves.add(reduced)
    times = stage_times(source, funnel=funnel, during=during)
    lack = lack or times.lack
    means = {one.stage: one.mean() for one in times.stages}
    stages = wanted.in_order({*means, *moves.counts, *moves.entered})
    funnels = {one.funnel for one in stages}
    if len(funnels) > 1:
        fault = "sales went through several funnels; name one"
        raise InvalidValue("funnel", tuple(sorted(funnels)), fault)
    chain = chain_of(stages, moves.counts)
    won = {
        one: chain.absorption(state_name(one), CLOSED[0])
        for one in stages
        if chain is not None and state_name(one) in chain.states
    }
    figures = _Figures(stages, moves.counts, chain, won, means, level, day, lack)
    return FunnelChain(
        stages=tuple(figures.of(one, wanted.words(one)) for one in stages),
        during=during,
        as_of=day,
        reopened=moves.reopened,
        excluded=tuple(Exclusion(_TABLE, *one) for one in sorted(moves.gone.items()) if one[1]),
        chain=chain,
        lack=lack,
    )


@attrs.frozen
class _Figures:
    """What the chain says of each stage."""

    stages: Sequence[VisitedStage]
    counts: Counts
    chain: AbsorbingChain | None
    won: Mapping[VisitedStage, Fraction]
    means: Mapping[VisitedStage, MeanTime]
    level: Decimal
    as_of: date | None
    lack: str | None

    def of(self, stage: VisitedStage, names: tuple[str, str]) -> ChainStage:
        """Return the figures of a stage."""
        moves = self.counts.get(stage, Counter())
        reason, chain = self._reason(stage), self.chain
        told = tuple(
            Move(end=to, n=n) if isinstance(to, str) else Move(to=to, n=n)
            for to, n in sorted(moves.items(), key=_by_number)
        )
        if reason is not None or chain is None:
            chance = Chance(value=None, n=moves.total(), reason=reason, as_of=self.as_of)
            none = Duration(value=None, beyond=None, reason=reason)
            return ChainStage(
                stage=stage,
                names=names,
                moves=told,
                chance=chance,
                exact=None,
                visits=(),
                days=none,
            )
        visits = tuple(
            (
                to,
                chain.expected_visits(state_name(stage), state_name(to))
                if to in self.won
                else _NOTHING,
            )
            for to in self.stages
        )
        exact = self.won[stage]
        return ChainStage(
            stage=stage,
            names=names,
            moves=told,
            chance=self._chance(stage, exact, visits, moves.total()),
            exact=exact,
            visits=visits,
            days=self._days(visits),
        )

    def _reason(self, stage: VisitedStage) -> str | None:
        if self.lack is not None or stage in self.won:
            return self.lack
        if not self.counts.get(stage):
            return "no stay in this stage has led on"
        return "no way leads from this stage to an end on record"

    def _chance(
        self,
        stage: VisitedStage,
        exact: Fraction,
        visits: Iterable[tuple[VisitedStage, Fraction]],
        n: int,
    ) -> Chance:
        assert self.chain is not None  # noqa: S101 - the stage is in it
        value, variance = _decimal(exact), self._variance(visits)
        interval = logit_interval(value, _decimal(variance), self.level)
        if interval is None:
            interval = interval_at_an_end(value, n, n, self.level)
        undecided = _decimal(self.chain.absorption(state_name(stage), NOWHERE))
        return Chance(value=value, n=n, undecided=undecided, interval=interval, as_of=self.as_of)

    def _variance(self, visits: Iterable[tuple[VisitedStage, Fraction]]) -> Fraction:
        """Return the variance of a chance that the numbers of moves leave."""
        total = _NOTHING
        for stage, often in visits:
            if often:
                moves = self.counts[stage]
                chances = [(self._won(to), n) for to, n in moves.items()]
                n = moves.total()
                mean = sum((chance * many for chance, many in chances), _NOTHING) / n
                square = sum((chance**2 * many for chance, many in chances), _NOTHING) / n
                total += often**2 * (square - mean**2) / n
        return total

    def _won(self, to: VisitedStage | str) -> Fraction:
        """Return the chance to be won of what a move led to."""
        if isinstance(to, str):
            return Fraction(to == CLOSED[0])
        return self.won.get(to, _NOTHING)

    def _days(self, visits: Iterable[tuple[VisitedStage, Fraction]]) -> Duration:
        """Return the mean times of the stages, as often as each is visited."""
        total, beyond = _NOTHING, Decimal(0)
        for stage, often in visits:
            if not often:
                continue
            mean = self.means.get(stage)
            if mean is None or mean.value is None:
                reason = f"nobody knows how long stays in {stage.stage} last"
                return Duration(value=None, beyond=None, reason=reason)
            total += often * Fraction(mean.value)
            beyond = max(beyond, mean.beyond or Decimal(0))
        return Duration(value=_decimal(total), beyond=beyond, reason=None)


def _by_number(move: tuple[VisitedStage | str, int]) -> tuple[int, bool, str]:
    """Return what sorts moves: the most frequent first, stages before ends."""
    to, n = move
    is_end = isinstance(to, str)
    return -n, is_end, to if isinstance(to, str) else state_name(to)


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction to 28 significant digits."""
    return quotient(Decimal(value.numerator), Decimal(value.denominator)) or Decimal(0)
