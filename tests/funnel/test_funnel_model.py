"""Random events on random small funnels against a model of lists and dicts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from salescore.entities import Opportunity, StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Criterion,
    Funnel,
    RefusalCode,
    Refused,
    Stage,
    StageHistory,
    StepPolicy,
    Transition,
    begin,
    decide,
    decide_many,
    open_events,
)
from salescore.rules import F

KEYS = ("a", "b", "c", "hold", "wait", "won", "lost", "void")
KINDS = {
    "a": StageKind.OPEN,
    "b": StageKind.OPEN,
    "c": StageKind.OPEN,
    "hold": StageKind.HOLD,
    "wait": StageKind.HOLD,
    "won": StageKind.WON,
    "lost": StageKind.LOST,
    "void": StageKind.VOID,
}
PLACE = {"a": 0, "b": 1, "c": 2, "won": 3}
OPEN, CLOSED = ("a", "b", "c"), ("won", "lost", "void")
GIVEN_UP = ("lost", "void")
CHANCES = {
    "a": Decimal("0.1"),
    "b": None,
    "c": Decimal("0.6"),
    "hold": None,
    "wait": Decimal("0.2"),
}
FIXED = {"won": Decimal(1), "lost": Decimal(0), "void": Decimal(0)}
EVENTS = ("go", "turn", "end", "back")
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

WAY = st.fixed_dictionaries(
    {
        "event": st.sampled_from(EVENTS),
        "target": st.sampled_from((*KEYS, None)),
        "least": st.sampled_from((None, None, 1, 3)),
        "role": st.sampled_from((None, None, None, None, "boss")),
    }
)
WAYS = st.fixed_dictionaries({key: st.lists(WAY, min_size=2, max_size=4) for key in KEYS})
POLICIES = st.sampled_from(StepPolicy)


def funnel_of(ways: list[dict[str, Any]], exits: dict[str, int], **given: Any) -> Funnel:  # noqa: ANN401 - policies
    """Return a funnel of the eight stages, with the ways and the criteria of exit."""
    return Funnel(
        name="f",
        version="1",
        stages=[
            Stage(
                key=key,
                kind=KINDS[key],
                probability=CHANCES.get(key),
                exit_criteria=[Criterion(key=f"exit {key}", rule=F.score >= exits[key])]
                if key in exits
                else [],
            )
            for key in KEYS
        ],
        transitions=[
            Transition(
                event=way["event"],
                sources=[way["source"]],
                target=way["target"],
                roles=[] if way["role"] is None else [way["role"]],
                guards=[]
                if way["least"] is None
                else [Criterion(key="least", rule=F.score >= way["least"])],
            )
            for way in ways
        ],
        **given,
    )


def without_short_way(funnel: Funnel) -> Funnel:
    """Return an equal funnel whose steps are all asked in full."""
    found = attrs.evolve(funnel)
    steps = {
        key: tuple(attrs.evolve(one, is_plain=False) for one in some)
        for key, some in funnel.steps.items()
    }
    object.__setattr__(found, "steps", steps)  # in the place of what is cached
    return found


def told(found: Accepted | Refused) -> object:
    """Return an answer without the step, which says by which way it came about."""
    return attrs.evolve(found, step=None) if isinstance(found, Accepted) else found


class FunnelMachine(RuleBasedStateMachine):
    """A sale under random events, and beside it a list of stages with their instants."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.log: list[tuple[str, datetime]] = []
        self.taken: list[tuple[str, datetime]] = []
        self.keys: set[str] = set()

    @initialize(
        ways=WAYS,
        exits=st.dictionaries(st.sampled_from(OPEN), st.sampled_from((1, 3)), max_size=3),
        skip=POLICIES,
        back=POLICIES,
        pin=st.booleans(),
    )
    def begun(
        self,
        ways: dict[str, list[dict[str, Any]]],
        exits: dict[str, int],
        skip: StepPolicy,
        back: StepPolicy,
        *,
        pin: bool,
    ) -> None:
        """Begin in the first stage, its probability pinned or not."""
        self.ways = [{**way, "source": key} for key, some in ways.items() for way in some]
        self.exits, self.skip, self.back = exits, skip, back
        self.funnel = funnel_of(self.ways, exits, skip=skip, back=back, override_roles=["boss"])
        self.slow = without_short_way(self.funnel)
        plain = Opportunity(id="O1", stage="new", kind=StageKind.OPEN)
        if pin:
            plain = attrs.evolve(plain, probability=Decimal("0.9"), is_probability_pinned=True)
        found = begin(self.funnel, plain, Context(at=START))
        assert isinstance(found, Accepted)
        self.one, self.history = found.opportunity, found.history
        self.chance = Decimal("0.9") if pin else CHANCES["a"]
        self.is_pinned = pin
        self.closed_on: Any = None
        self.log.append(("a", START))
        self.kept(found)

    def kept(self, found: Accepted) -> None:
        """Keep the ids of events, each of which is new."""
        names = {event.id for event in found.events}
        assert len(names) == len(found.events) > 0
        assert not names & self.keys
        self.keys |= names

    def wanted(self, event: str, given: dict[str, Any]) -> tuple[str | None, int]:
        """Return where the event leads, `None` where it is refused, and how much is overridden."""
        stage = self.log[-1][0]
        best: tuple[int, str] | None = None
        for way in self.ways:
            if (way["event"], way["source"]) != (event, stage):
                continue
            origin = next(
                (key for key, _ in reversed(self.log[:-1]) if key in OPEN and key != stage), None
            )
            target = way["target"] or origin
            if target is None or (way["role"] and way["role"] not in given["roles"]):
                continue
            lacking, needs_reason = self.asked(stage, target, origin, way, given["score"])
            if (needs_reason or target in GIVEN_UP) and not given["reason"]:
                continue
            if lacking == 0:
                return target, 0
            if given["override"] and "boss" in given["roles"] and (not best or lacking < best[0]):
                best = lacking, target
        return (None, 0) if best is None else (best[1], best[0])

    def asked(
        self, stage: str, target: str, origin: str | None, way: dict[str, Any], score: int | None
    ) -> tuple[int, bool]:
        """Return how much is not fulfilled, and whether a policy takes a reason."""
        since = stage
        if KINDS[stage] is StageKind.HOLD and origin is not None:
            since = origin
        bounds = [] if way["least"] is None else [way["least"]]
        lacking, needs_reason = 0, False
        is_moving = target in PLACE and target != stage and stage not in CLOSED
        if is_moving and since in PLACE and since != target:
            if PLACE[since] < PLACE[target]:
                passed = [key for key in OPEN if PLACE[since] < PLACE[key] < PLACE[target]]
                bounds += [self.exits[key] for key in (since, *passed) if key in self.exits]
                lacking += bool(passed) and self.skip is StepPolicy.REFUSED
                needs_reason = bool(passed) and self.skip is StepPolicy.WITH_REASON
            else:
                lacking += self.back is StepPolicy.REFUSED
                needs_reason = self.back is StepPolicy.WITH_REASON
        lacking += sum(score is None or score < bound for bound in bounds)
        return lacking, needs_reason

    @rule(
        number=st.integers(0, 11),
        hours=st.sampled_from((0, 1, 1, 5, 30)),
        score=st.sampled_from((None, 0, 2, 5, 5, 5)),
        reason=st.sampled_from((None, " ", "so be it", "so be it")),
        roles=st.sampled_from(((), ("boss",), ("rep", "boss"))),
        override=st.sampled_from((None, None, "", "it must be")),
        zone=st.sampled_from(("UTC", "Asia/Shanghai", "America/New_York")),
    )
    def happens(self, number: int, hours: int, zone: str, **given: Any) -> None:  # noqa: ANN401 - as in the rule
        """Let an event happen, and hold what it changes against the model."""
        known = self.funnel.events_from(self.one.stage)
        event = EVENTS[number - 8] if number >= 8 else known[number % len(known)]
        at = self.log[-1][1] + hours * HOUR
        if (event, at) in self.taken:
            return
        given_text = {
            key: given[key] if (given[key] or "").strip() else None
            for key in ("reason", "override")
        }
        target, overridden = self.wanted(event, {**given, **given_text})
        score = given.pop("score")
        row = {"score": None if score is None else Decimal(score)}
        context = Context(at=at, row=row, history=self.history, zone=zone, **given)
        before = (self.one, self.history, attrs.evolve(self.one), self.history.visits)
        found = decide(self.funnel, self.one, event, context)
        note(f"{event} at {at}: {found}")
        assert told(found) == told(decide(self.slow, self.one, event, context))
        if target is None:
            assert isinstance(found, Refused)
            assert found.reasons
            assert (self.one, self.history, self.one, self.history.visits) == before
            assert found.text()
            assert not found.is_overridable or not given_text["override"]
            return
        assert isinstance(found, Accepted)
        assert (found.opportunity.stage, len(found.overridden)) == (target, overridden)
        self.moved(target, found, given_text["reason"])
        self.log.append((target, at))
        self.taken.append((event, at))
        self.one, self.history = found.opportunity, found.history
        self.kept(found)

    def moved(self, target: str, found: Accepted, reason: str | None) -> None:
        """Let the model follow, and compare what the opportunity says."""
        last = self.log[-1][0]
        if not target == last == "won":  # what goes on after the win was closed by the win
            self.closed_on = found.visits[-1].entered_on if target in CLOSED else None
        if target in CLOSED:
            self.chance, self.is_pinned = FIXED[target], False
        elif last in CLOSED and target == "hold":  # which has no chance of its own
            self.chance = None
        elif not self.is_pinned and target != "hold":
            self.chance = CHANCES[target]
        assert found.opportunity.loss_reason == (reason if target in GIVEN_UP else None)
        names = [event.name for event in found.events]
        assert names[0] == "stage_entered"
        assert ("opportunity_won" in names) is (target == "won" and last != "won")
        assert ("opportunity_reopened" in names) is (last in CLOSED and target not in CLOSED)
        assert ("opportunity_resumed" in names) is (last in ("hold", "wait") and target in OPEN)
        assert ("override_used" in names) is bool(found.overridden)

    @rule(number=st.integers(0, 99), event=st.sampled_from(EVENTS), hours=st.integers(1, 9))
    def disturbed(self, number: int, event: str, hours: int) -> None:
        """Retry an accepted event, and send one from the past and one that no funnel has."""
        for again, at in self.taken[number % 7 :][:1]:
            found = decide(self.funnel, self.one, again, Context(at=at, history=self.history))
            assert isinstance(found, Accepted)
            assert (found.is_repeat, found.visits, found.events) == (True, (), ())
            assert found.opportunity is self.one
            assert found.history is self.history
        past = self.log[-1][1] - hours * HOUR
        if (event, past) not in self.taken:
            found = decide(self.funnel, self.one, event, Context(at=past, history=self.history))
            assert isinstance(found, Refused)
            assert RefusalCode.TOO_EARLY in found.codes
        for nonsense in ("nonsense", "", "begin"):
            context = Context(at=past + 9 * HOUR, history=self.history)
            found = decide(self.funnel, self.one, nonsense, context)
            if (nonsense, context.at) == ("begin", START):
                assert found.is_accepted
            else:
                assert isinstance(found, Refused)
                assert RefusalCode.UNKNOWN_EVENT in found.codes

    @rule(score=st.sampled_from((None, 0, 2, 5)))
    def asked_for_many(self, score: int | None) -> None:
        """Ask for all open events, and for one on many: what each says alone."""
        row = {"score": None if score is None else Decimal(score)}
        context = Context(at=self.log[-1][1] + HOUR, row=row, history=self.history)
        found = open_events(self.funnel, self.one, context)
        assert [one.event for one in found] == list(self.funnel.events_from(self.one.stage))
        for one in found:
            single = decide(self.funnel, self.one, one.event, context)
            assert one == single
            assert (
                decide_many(self.funnel, [self.one] * 2, one.event, [context] * 2) == (single,) * 2
            )

    @invariant()
    def history_tiles_time(self) -> None:
        """Visits follow each other, are those of the model, and only the last one runs."""
        visits = self.history.visits
        assert [(one.stage, one.entered_at) for one in visits] == self.log
        for one, other in pairwise(visits):
            assert (one.left_at, one.left_on) == (other.entered_at, other.entered_on)
        if visits:
            assert self.history == StageHistory(opportunity_id="O1", visits=visits)
            assert self.history.running is visits[-1]
            for stage in KEYS:
                assert self.history.entries(stage) == [key for key, _ in self.log].count(stage)

    @invariant()
    def durations_sum_to_the_age(self) -> None:
        """The times in all stages are the time since the beginning, however often entered."""
        if not self.log:
            return
        as_of = self.log[-1][1] + 7 * HOUR
        times = {key: self.history.time_in(key, as_of) for key in KEYS}
        assert sum(times.values(), timedelta(0)) == as_of - START
        under_way = [time for key, time in times.items() if key not in CLOSED]
        assert sum(under_way, timedelta(0)) == self.history.age(as_of)
        no_hold = [time for key, time in times.items() if key in OPEN]
        assert sum(no_hold, timedelta(0)) == self.history.age(as_of, with_hold=False)

    @invariant()
    def the_opportunity_is_where_its_history_ends(self) -> None:
        """Stage and kind are those of the running visit; closed kinds alone have a closing day."""
        if not self.log:
            return
        running = self.history.running
        assert running is not None
        assert (self.one.stage, self.one.kind) == (running.stage, running.kind)
        assert self.one.kind is KINDS[self.log[-1][0]]
        assert (self.one.closed_on is not None) is (self.one.stage in CLOSED)
        assert self.one.closed_on == self.closed_on
        assert self.one == attrs.evolve(self.one)

    @invariant()
    def the_probability_is_that_of_the_stage_or_pinned(self) -> None:
        """Won is 1, lost and void 0; else what was pinned, else the default of the stage."""
        if self.log:
            assert self.one.probability == self.chance
            assert bool(self.one.is_probability_pinned) is self.is_pinned


TestFunnelMachine = FunnelMachine.TestCase
TestFunnelMachine.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
