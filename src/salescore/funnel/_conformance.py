"""Conformance: histories held against the procedure that the funnel says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from salescore.book import is_carried
from salescore.entities import StageKind, StageVisit
from salescore.funnel._funnel import Funnel, StepPolicy
from salescore.funnel._history import StageHistory
from salescore.plain import as_tuple
from salescore.values import quotient


class DeviationKind(Enum):
    """
    How a history differs from the way straight through a funnel.

    Attributes:
        BEGAN_LATER: It began in a later stage than the first.
        SKIPPED: It left out stages that it had not been in before.
        WENT_BACK: It went back to an earlier stage.
        OUT_OF_ORDER: It came into a stage for the first time after a later one.
        REPEATED: It came into a stage again; going on after a hold is none.
        NO_TRANSITION: No transition of the funnel leads from the one stage to the other.
        UNKNOWN_STAGE: The funnel has no such stage.
    """

    BEGAN_LATER = "began_later"
    SKIPPED = "skipped"
    WENT_BACK = "went_back"
    OUT_OF_ORDER = "out_of_order"
    REPEATED = "repeated"
    NO_TRANSITION = "no_transition"
    UNKNOWN_STAGE = "unknown_stage"


@attrs.frozen(kw_only=True)
class Deviation:
    """
    One difference between a history and the way straight through a funnel.

    Attributes:
        kind: Which difference.
        on: Day of the move.
        stage: Key of the stage that it came into.
        source: Key of the stage that it came from; `None` where the history begins.
        left_out: Keys of the stages that it left out.
        is_refused: Whether the funnel does not let it: no such stage, no such transition, a policy
            that refuses it, or one that asks for a reason of which the history knows none.
    """

    kind: DeviationKind
    on: date
    stage: str
    source: str | None = None
    left_out: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    is_refused: bool = False


@attrs.frozen(kw_only=True)
class Trace:
    """
    The way of one opportunity under one version of a funnel.

    Attributes:
        opportunity_id: The opportunity.
        stages: Keys of its stages, in order.
        deviations: Its deviations, in order.
        moves: How many moves it made.
        allowed: How many of them a transition of the funnel allows, whatever its criteria say.
    """

    opportunity_id: str
    stages: tuple[str, ...] = attrs.field(converter=as_tuple)
    deviations: tuple[Deviation, ...] = attrs.field(converter=as_tuple)
    moves: int
    allowed: int

    @property
    def is_conforming(self) -> bool:
        """Return whether it made no move, and is in no stage, that the funnel does not let."""
        return not any(one.is_refused for one in self.deviations)


@attrs.frozen(kw_only=True)
class Variant:
    """
    A sequence of stages that opportunities went through.

    Attributes:
        stages: Keys of the stages, in order.
        count: How many opportunities did.
        share: Their share of all, a fraction.
        opportunity_id: The first of them.
    """

    stages: tuple[str, ...] = attrs.field(converter=as_tuple)
    count: int
    share: Decimal
    opportunity_id: str


@attrs.frozen(kw_only=True)
class Conformance:
    """
    Histories held against a funnel.

    Attributes:
        funnel: Name and version of the funnel.
        traces: The way of each opportunity that was under it, in the order of the histories.
        variants: The sequences of stages, the most frequent first, then by stages.
        left_out: How many histories have no visit under it.
    """

    funnel: str
    traces: tuple[Trace, ...] = attrs.field(converter=as_tuple)
    variants: tuple[Variant, ...] = attrs.field(converter=as_tuple)
    left_out: int

    @property
    def moves(self) -> int:
        """Return the number of moves, which `fitness` is a share of."""
        return sum(one.moves for one in self.traces)

    @property
    def allowed(self) -> int:
        """Return the number of moves that a transition allows."""
        return sum(one.allowed for one in self.traces)

    @property
    def fitness(self) -> Decimal | None:
        """Return the share of moves that a transition allows; `None` where nothing moved."""
        return quotient(Decimal(self.allowed), Decimal(self.moves))

    @property
    def conforming_share(self) -> Decimal | None:
        """Return the share of opportunities without a refused deviation; `None` without any."""
        fitting = sum(one.is_conforming for one in self.traces)
        return quotient(Decimal(fitting), Decimal(len(self.traces)))

    def opportunities(self, kind: DeviationKind) -> tuple[str, ...]:
        """Return the opportunities with a deviation of a kind."""
        return tuple(
            one.opportunity_id
            for one in self.traces
            if any(deviation.kind is kind for deviation in one.deviations)
        )


def conformance(funnel: Funnel, histories: Iterable[StageHistory]) -> Conformance:
    """
    Return how histories went through a funnel, held against its stages, transitions and policies.

    Only visits under its name and version count, and those that name none. What came into it from
    another version is taken to have been in the stages before, and a migration is no move. Whether
    criteria, roles and required fields were fulfilled then, no history tells.

    Args:
        funnel: The funnel.
        histories: The stages that opportunities went through, up to now where they still run.

    Source:
        Our own: fitness is told by direct moves, each of which is in the procedure or not. Variants
        as in W. van der Aalst, Process Mining, 2nd edition, 2016.
    """
    traces: list[Trace] = []
    left_out = 0
    for history in histories:
        trace = _trace(funnel, history)
        if trace is None:
            left_out += 1
        else:
            traces.append(trace)
    return Conformance(
        funnel=funnel.title, traces=traces, variants=_variants(traces), left_out=left_out
    )


def _variants(traces: Sequence[Trace]) -> list[Variant]:
    counts = Counter(one.stages for one in traces)
    first: dict[tuple[str, ...], str] = {}
    for one in traces:
        first.setdefault(one.stages, one.opportunity_id)
    total = Decimal(len(traces))
    return [
        Variant(
            stages=stages,
            count=count,
            share=quotient(Decimal(count), total) or Decimal(0),
            opportunity_id=first[stages],
        )
        for stages, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _trace(funnel: Funnel, history: StageHistory) -> Trace | None:
    """Return the way of an opportunity; `None` where it was never under the funnel."""
    visits = history.visits
    places = [
        place
        for place, one in enumerate(visits)
        if _is_under(funnel, one) and not is_carried(visits, place)
    ]
    if not places:
        return None
    walk = _Walk(funnel)
    for before, place in zip((None, *places), places, strict=False):
        if before is not None and before + 1 == place:
            walk.move(visits[before], visits[place])
        elif place == 0:
            walk.begin(visits[place])
        else:
            carried = visits[place - 1].stage if is_carried(visits, place - 1) else None
            walk.come_in(visits[place], carried)
    return Trace(
        opportunity_id=history.opportunity_id,
        stages=[visits[place].stage for place in places],
        deviations=walk.deviations,
        moves=walk.moves,
        allowed=walk.allowed,
    )


def _is_under(funnel: Funnel, visit: StageVisit) -> bool:
    return visit.funnel in (None, funnel.name) and visit.funnel_version in (None, funnel.version)


@attrs.define
class _Walk:
    """
    A way through a funnel, as far as it was followed.

    Attributes:
        funnel: The funnel.
        seen: Keys of the stages that it has been in.
        path: Keys of its stages in order.
        highest: Place of the furthest of them in the order of a sale; -1 for none.
        moves: Moves so far.
        allowed: Those that a transition allows.
        deviations: What was told so far.
    """

    funnel: Funnel
    seen: set[str] = attrs.field(factory=set[str])
    path: list[str] = attrs.field(factory=list[str])
    highest: int = -1
    moves: int = 0
    allowed: int = 0
    deviations: list[Deviation] = attrs.field(factory=list[Deviation])

    def begin(self, visit: StageVisit) -> None:
        """Follow the first visit of a history."""
        earlier = self._earlier(visit.stage)
        if earlier:
            self._tell(DeviationKind.BEGAN_LATER, visit, left_out=earlier)
        self._enter(visit, None)

    def come_in(self, visit: StageVisit, carried: str | None) -> None:
        """Follow a visit after those under another version, and in which stage it would go on."""
        self.seen.update(self._earlier(carried or visit.stage))
        if carried is not None:
            self._pass(carried)
        self._enter(visit, None)

    def move(self, source: StageVisit, visit: StageVisit) -> None:
        """Follow a move from one visit to the next."""
        self.moves += 1
        if self._is_allowed(source.stage, visit.stage):
            self.allowed += 1
        elif {source.stage, visit.stage} <= self.funnel.by_key.keys():
            self._tell(DeviationKind.NO_TRANSITION, visit, source, is_refused=True)
        self._follow(source, visit)
        self._enter(visit, source)

    def _follow(self, source: StageVisit, visit: StageVisit) -> None:
        """Tell of what a move between open or won stages left out or went back to."""
        funnel = self.funnel
        since = (self._before() if self._is_hold(source.stage) else None) or source.stage
        first, last = funnel.order.get(since), funnel.order.get(visit.stage)
        if first is None or last is None:
            return
        if funnel.stage(since).is_closed and not funnel.stage(visit.stage).is_closed:
            return  # it was opened again
        passed = [one.key for one in funnel.between(since, visit.stage)]
        new = [key for key in passed if key not in self.seen]
        if new:
            refused = _is_refused(funnel.skip, source)
            self._tell(DeviationKind.SKIPPED, visit, source, left_out=new, is_refused=refused)
        if last < first:
            refused = _is_refused(funnel.back, source)
            self._tell(DeviationKind.WENT_BACK, visit, source, is_refused=refused)

    def _enter(self, visit: StageVisit, source: StageVisit | None) -> None:
        """Come into a stage, and tell if it was left before, or should have come before."""
        key, order = visit.stage, self.funnel.order
        is_resumed = source is not None and self._is_hold(source.stage) and self._before() == key
        if key not in self.funnel.by_key:
            self._tell(DeviationKind.UNKNOWN_STAGE, visit, source, is_refused=True)
        elif key in self.seen:
            if not is_resumed and not self._is_hold(key):
                self._tell(DeviationKind.REPEATED, visit, source)
        elif key in order and order[key] < self.highest:
            self._tell(DeviationKind.OUT_OF_ORDER, visit, source)
        self._pass(key)

    def _pass(self, key: str) -> None:
        """Add a stage to those that it has been in."""
        self.seen.add(key)
        self.path.append(key)
        self.highest = max(self.highest, self.funnel.order.get(key, -1))

    def _before(self) -> str | None:
        """Return the last open stage but the present one."""
        opened = (one for one in reversed(self.path[:-1]) if one in self.funnel.open_keys)
        return next((one for one in opened if one != self.path[-1]), None)

    def _is_hold(self, key: str) -> bool:
        stage = self.funnel.by_key.get(key)
        return stage is not None and stage.kind is StageKind.HOLD

    def _is_allowed(self, source: str, target: str) -> bool:
        """Return whether some transition leads from a stage to another."""
        return any(
            source in way.sources and target == (way.target or self._before())
            for way in self.funnel.transitions
        )

    def _earlier(self, key: str) -> list[str]:
        """Return the open stages before a stage."""
        order, stages = self.funnel.order, self.funnel.by_key
        place = order.get(key, 0)
        return [
            one
            for one, number in order.items()
            if number < place and stages[one].kind is StageKind.OPEN
        ]

    def _tell(
        self,
        kind: DeviationKind,
        visit: StageVisit,
        source: StageVisit | None = None,
        *,
        left_out: Iterable[str] = (),
        is_refused: bool = False,
    ) -> None:
        self.deviations.append(
            Deviation(
                kind=kind,
                on=visit.entered_on,
                stage=visit.stage,
                source=None if source is None else source.stage,
                left_out=left_out,
                is_refused=is_refused,
            )
        )


def _is_refused(policy: StepPolicy, left: StageVisit) -> bool:
    """Return whether a policy does not let a move, or lacks the reason that it asks for."""
    return policy is StepPolicy.REFUSED or (policy is StepPolicy.WITH_REASON and not left.reason)
