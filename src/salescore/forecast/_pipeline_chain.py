"""Chances by stage: where sales went from there, step by step or day by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import exp
from typing import assert_never, cast

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._pipeline_chances import WinChance, WinChances, twelve, unknown
from salescore.forecast._pipeline_facts import stage_days_reduction
from salescore.forecast._pipeline_snapshot import OpenOpportunity, PipelineSnapshot, source_of_day
from salescore.forecast._pipeline_window import Window
from salescore.forecast._pipeline_words import Words
from salescore.funnel import Funnel
from salescore.metrics import AnyFacts
from salescore.pipeline import ChainStage, FunnelChain, funnel_chain
from salescore.render import counted
from salescore.stats import AbsorbingChain, absorbing_chain
from salescore.values import Period, exact_sum

_ENDS = ("won", "lost", "void", "nowhere")
_HOLD = "hold "
_NO_STAGE: Words = ("stage unknown", "阶段未知")
_NEVER: Words = ("no stay in its stage has led to an end", "该阶段没有已结束的先例")


@attrs.frozen(kw_only=True)
class TimedChain:
    """
    A funnel as a chain whose steps take a fixed time.

    Attributes:
        chain: The chain; its states are keys of stages, with the word `hold` before those on hold.
        days: Days of one step, from 1.
        won: Name of the end that is a win.
        as_of: Last day whose facts it is learnt from; `None` where it was stated by hand.
    """

    chain: AbsorbingChain
    days: int
    won: str = "won"
    as_of: date | None = None

    def __attrs_post_init__(self) -> None:
        if type(self.days) is not int or self.days < 1:
            raise InvalidValue("days of a step", self.days, "expected a whole number from 1 on")
        if self.won not in self.chain.absorbing:
            raise InvalidValue("won", self.won, f"it is an end, one of {self.chain.absorbing}")

    def won_by(self, state: str, days: int) -> Fraction:
        """
        Return the chance to be won within some days of a sale that is in a state.

        Args:
            state: Name of the state.
            days: Days, from 0; a part of a step counts as that part of its wins.

        Raises:
            UnknownName: There is no such state.
            InvalidValue: The days are below 0, or more steps than a chain is followed for.
        """
        steps, rest = divmod(days, self.days)
        found = self.chain.absorbed_by(steps, state, self.won)
        if not rest:
            return found
        more = self.chain.absorbed_by(steps + 1, state, self.won)
        return found + (more - found) * Fraction(rest, self.days)


def timed_chain(
    facts: AnyFacts, *, as_of: date, funnel: Funnel | str | None = None, days: int = 1
) -> TimedChain | None:
    """
    Return where sales are after each day, out of how long they stayed and where they went.

    A stay of a stage ends with the rate of the moves that led on over all days spent there, those
    of running stays too, and so within d days with 1 - exp(-rate × d); it then goes where moves
    went. How long a sale has been in its stage already makes no difference.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        funnel: The funnel, or its name; may be left out where all visits are of one.
        days: Days of one step, from 1; a sale makes one move at most in a step, so that short steps
            are better.

    Returns:
        The chain; `None` where no stay has led to an end.

    Raises:
        InvalidValue: `as_of` is no day, `days` no number from 1 on, or the visits are of several
            funnels.

    Source:
        Rates of moves over time at risk: Anderson and Goodman, Statistical inference about Markov
        chains, Annals of Mathematical Statistics 28 (1957), 89-110.
    """
    if type(days) is not int or days < 1:
        raise InvalidValue("days", days, "expected a whole number from 1 on")
    source = source_of_day(facts, as_of)
    stages = [
        one
        for one in funnel_chain(source, funnel=funnel, as_of=as_of).stages
        if one.exact is not None
    ]
    if not stages:
        return None
    (found,) = source.reduce([stage_days_reduction(as_of)], None)
    name = funnel.name if isinstance(funnel, Funnel) else funnel
    spent: dict[tuple[str, bool], Decimal] = {}
    for (home, stage, kind), *sums in zip(found.keys, *found.values, strict=True):
        if stage is not None and (name is None or home in (None, name)):
            place = stage, kind == "hold"
            spent[place] = exact_sum((spent.get(place, Decimal(0)), *sums))
    states = [_state(one.stage.stage, is_hold=one.stage.is_hold) for one in stages]
    rows = [
        _row(one, states, spent.get((one.stage.stage, one.stage.is_hold), Decimal(0)), days)
        for one in stages
    ]
    return TimedChain(chain=absorbing_chain(states, _ENDS, rows), days=days, as_of=as_of)


def _state(stage: str, *, is_hold: bool) -> str:
    return f"{_HOLD}{stage}" if is_hold else stage


def _row(one: ChainStage, states: Sequence[str], spent: Decimal, days: int) -> list[Fraction]:
    """Return the chances of the next step from a stage, into each state and each end."""
    moves = sum(move.n for move in one.moves)
    leaves = 1 - exp(-moves * days / float(spent)) if spent else 1.0
    # Rounded, so that powers of it stay small enough to be exact.
    leaving = max(Fraction(twelve(Fraction(leaves))), Fraction(1, 10**12))
    found = dict.fromkeys((*states, *_ENDS), Fraction(0))
    for move in one.moves:
        to = move.end
        if to is None and move.to is not None:
            to = _state(move.to.stage, is_hold=move.to.is_hold)
        found[to if to in found else _ENDS[-1]] += leaving * Fraction(move.n, moves)
    found[_state(one.stage.stage, is_hold=one.stage.is_hold)] += 1 - leaving
    return list(found.values())


def stage_chances(
    snapshot: PipelineSnapshot,
    chain: FunnelChain | TimedChain | None,
    *,
    during: Period | None = None,
    steps: int | None = None,
) -> WinChances:
    """
    Return the chances of opportunities by the stage that they are in.

    The chain knows no past: how long an opportunity took to come there, or has been there, makes no
    difference.

    Args:
        snapshot: The open opportunities.
        chain: Where sales go from each stage: by moves, as `funnel_chain` says, or by time, as
            `timed_chain` does; `None`, which it gives without any history, tells no chance.
        during: Period in which they are won; takes a chain by time. `None` for any.
        steps: Steps of the chain within which they are won, from 0 to 1,000; `None` for any number.

    Raises:
        InvalidValue: Both a period and steps are named, or a period and a chain by moves, the
            period is over, or the chain is learnt from days after the snapshot.

    Source:
        As `funnel_chain`.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    if not isinstance(cast("object", chain), FunnelChain | TimedChain | None):
        raise InvalidValue("chain", chain, "expected a chain, such as timed_chain() gives")
    window = None if during is None else Window.of(snapshot.as_of, during)
    if chain is not None and chain.as_of is not None and chain.as_of > snapshot.as_of:
        fault = f"it is learnt up to {chain.as_of}, after the snapshot of {snapshot.as_of}"
        raise InvalidValue("chain", str(chain.as_of), fault)
    if during is not None and (steps is not None or isinstance(chain, FunnelChain)):
        fault = "it takes a chain by time, such as timed_chain() gives, and no number of steps"
        raise InvalidValue("during", during.key, fault)
    asked = _cached(lambda stage, is_hold: _won(chain, stage, is_hold, window, steps))
    within = ("", "")
    if steps is not None:
        within = f", within {counted(steps, 'steps')}", f"，{steps:,}步内"
    return WinChances(
        method=(f"historical by stage{within[0]}", f"按阶段的历史{within[1]}"),
        as_of=snapshot.as_of,
        during=during,
        rows=[_chance(one, asked) for one in snapshot.opportunities],
    )


_Asked = Callable[[str, bool], Fraction | None]


def _cached(ask: _Asked) -> _Asked:
    """Return the same answers, each worked out once: stages are few, opportunities many."""
    found: dict[tuple[str, bool], Fraction | None] = {}

    def asked(stage: str, is_hold: bool) -> Fraction | None:  # noqa: FBT001 - one place of a key
        key = stage, is_hold
        if key not in found:
            found[key] = ask(stage, is_hold)
        return found[key]

    return asked


def _won(
    chain: FunnelChain | TimedChain | None,
    stage: str,
    is_hold: bool,  # noqa: FBT001 - one place of a key
    window: Window | None,
    steps: int | None,
) -> Fraction | None:
    """Return the chance of a stage; `None` where the chain does not know it."""
    match chain:
        case None:
            return None
        case TimedChain():
            state = _state(stage, is_hold=is_hold)
            if state not in chain.chain.states:
                return None
            if window is not None:
                return chain.won_by(state, window.last) - chain.won_by(state, window.first - 1)
            if steps is not None:
                return chain.chain.absorbed_by(steps, state, chain.won)
            return chain.chain.absorption(state, chain.won)
        case FunnelChain():
            here = [
                one
                for one in chain.stages
                if (one.stage.stage, one.stage.is_hold) == (stage, is_hold)
            ]
            if not here:
                return None
            if steps is None:
                return here[0].exact
            return chain.won_within_steps(steps, stage, is_hold=is_hold)
    assert_never(chain)


def _chance(one: OpenOpportunity, asked: _Asked) -> WinChance:
    if one.stage is None:
        return unknown(one.id, _NO_STAGE)
    found = asked(one.stage, one.is_on_hold)
    if found is None:
        return unknown(one.id, _NEVER)
    basis = f"in stage {one.stage}", f"处于阶段{one.stage}"
    return WinChance(id=one.id, chance=twelve(found), basis=basis)
