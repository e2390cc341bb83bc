"""Histories are held against the procedure: what was left out, gone back to, done again."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.selling import (
    MONDAY,
    STAGES,
    WAYS,
    begun,
    changed,
    funnel,
    stage,
    then,
    walked,
    way,
    without,
)

from salescore.entities import OpportunityId, StageKind, StageVisit, StageVisitId
from salescore.funnel import (
    Accepted,
    Context,
    Deviation,
    DeviationKind,
    Funnel,
    Migration,
    StageHistory,
    StepPolicy,
    Trace,
    conformance,
    decide,
    migrate,
)

DAY = timedelta(days=1)
PLAIN = funnel()


def went(*keys: str, key: str = "O-1", reason: str | None = None) -> StageHistory:
    """Return a history of visits, whatever any funnel allows, one a day."""
    visits = [
        StageVisit(
            id=StageVisitId(f"{key}-{number}"),
            opportunity_id=OpportunityId(key),
            stage=one,
            entered_on=(MONDAY + number * DAY).date(),
            entered_at=MONDAY + number * DAY,
            left_on=None if number == len(keys) - 1 else (MONDAY + (number + 1) * DAY).date(),
            left_at=None if number == len(keys) - 1 else MONDAY + (number + 1) * DAY,
            reason=reason,
        )
        for number, one in enumerate(keys)
    ]
    return StageHistory(opportunity_id=key, visits=visits)


def trace(*keys: str, of: Funnel = PLAIN, reason: str | None = None) -> Trace:
    """Return what a history of these stages comes to."""
    (found,) = conformance(of, [went(*keys, reason=reason)]).traces
    return found


def told(*keys: str, of: Funnel = PLAIN) -> list[tuple[str, str]]:
    """Return kind and stage of each deviation."""
    return [(one.kind.value, one.stage) for one in trace(*keys, of=of).deviations]


def test_the_straight_way_has_no_deviations() -> None:
    """Nor has a loss on the way, nor a hold, nor what still runs."""
    for keys in (
        ("lead",),
        ("lead", "offer", "deal", "won"),
        ("lead", "offer", "lost"),
        ("lead", "void"),
        ("lead", "offer", "pause", "offer", "deal"),
        ("lead", "pause", "lost"),
    ):
        found = trace(*keys)
        assert found.deviations == ()
        assert (found.moves, found.allowed) == (len(keys) - 1, len(keys) - 1)
        assert found.is_conforming
        assert found.stages == keys


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("lead", "deal"), [("skipped", "deal")]),
        (("offer",), [("began_later", "offer")]),
        (("lead", "offer", "lead"), [("went_back", "lead"), ("repeated", "lead")]),
        (
            ("lead", "deal", "offer"),
            [("skipped", "deal"), ("went_back", "offer"), ("out_of_order", "offer")],
        ),
        (("lead", "won"), [("no_transition", "won"), ("skipped", "won")]),
        (("lead", "somewhere"), [("unknown_stage", "somewhere")]),
        (("lead", "lead"), [("no_transition", "lead"), ("repeated", "lead")]),
        (("lead", "lost", "deal"), []),
        (("lead", "lost", "offer"), [("no_transition", "offer")]),
        (("lead", "offer", "lost", "deal", "lost"), [("repeated", "lost")]),
        (("lead", "pause", "deal"), [("no_transition", "deal"), ("skipped", "deal")]),
        (("lead", "offer", "deal", "won", "deal"), [("repeated", "deal")]),
        (("pause", "lead"), [("no_transition", "lead")]),
    ],
)
def test_each_deviation_is_told(keys: Sequence[str], expected: list[tuple[str, str]]) -> None:
    """With the stage that was come into."""
    assert told(*keys) == expected


def test_a_deviation_says_when_from_where_and_what_was_left_out() -> None:
    """A stage that one was in before is not left out when one goes on past it."""
    assert trace("lead", "deal").deviations == (
        Deviation(
            kind=DeviationKind.SKIPPED,
            on=date(2026, 3, 3),
            stage="deal",
            source="lead",
            left_out=["offer"],
        ),
    )
    assert trace("deal").deviations == (
        Deviation(
            kind=DeviationKind.BEGAN_LATER,
            on=date(2026, 3, 2),
            stage="deal",
            left_out=["lead", "offer"],
        ),
    )
    again = trace("lead", "offer", "lead", "deal")
    assert [one.kind for one in again.deviations if one.stage == "deal"] == []


def test_going_on_after_a_hold_is_no_rework() -> None:
    """Coming from there to any stage but the one before is judged as from the one before."""
    assert told("lead", "offer", "pause", "offer") == []
    assert told("lead", "pause", "pause", "lead") == [("no_transition", "pause")]
    resumed = funnel(transitions=(*without("resume"), way("on", "pause", "deal")))
    assert told("lead", "offer", "pause", "deal", of=resumed) == []
    assert told("lead", "pause", "deal", of=resumed) == [("skipped", "deal")]
    back = funnel(transitions=(*WAYS, way("down", "pause", "lead")))
    assert told("lead", "offer", "pause", "lead", of=back) == [
        ("went_back", "lead"),
        ("repeated", "lead"),
    ]


@pytest.mark.parametrize("kind", ["skip", "back"])
@pytest.mark.parametrize(
    ("policy", "reason", "is_conforming"),
    [
        (StepPolicy.ALLOWED, None, True),
        (StepPolicy.WITH_REASON, None, False),
        (StepPolicy.WITH_REASON, "urgent", True),
        (StepPolicy.REFUSED, "urgent", False),
    ],
)
def test_policies_say_what_is_refused(
    kind: str, policy: StepPolicy, reason: str | None, *, is_conforming: bool
) -> None:
    """A deviation that the funnel lets is told, and conforms all the same."""
    keys = ("lead", "deal") if kind == "skip" else ("lead", "offer", "lead")
    found = trace(*keys, of=funnel(**{kind: policy}), reason=reason)
    assert found.deviations
    assert found.is_conforming is is_conforming


def test_a_move_that_no_transition_allows_is_refused_and_counted() -> None:
    """So is one into a stage of no funnel, and the one out of it."""
    found = trace("lead", "won", "somewhere", "lost")
    assert (found.moves, found.allowed, found.is_conforming) == (3, 0, False)
    assert [one.kind.value for one in found.deviations if one.is_refused] == [
        "no_transition",
        "unknown_stage",
    ]


def test_variants_are_counted_the_most_frequent_first() -> None:
    """With their share; where they are as frequent, by their stages."""
    found = conformance(
        PLAIN,
        [
            went("lead", "offer", key="O-1"),
            went("lead", "lost", key="O-2"),
            went("lead", key="O-3"),
            went("lead", "lost", key="O-4"),
        ],
    )
    assert [(one.stages, one.count, one.opportunity_id) for one in found.variants] == [
        (("lead", "lost"), 2, "O-2"),
        (("lead",), 1, "O-3"),
        (("lead", "offer"), 1, "O-1"),
    ]
    assert [one.share for one in found.variants] == [
        Decimal("0.5"),
        Decimal("0.25"),
        Decimal("0.25"),
    ]


def test_fitness_is_the_share_of_moves_that_a_transition_allows() -> None:
    """With the number of moves; undefined where nothing moved."""
    histories = [
        went("lead", "offer", "deal", "won", key="O-1"),
        went("lead", "won", key="O-2"),
        went("lead", key="O-3"),
        went("offer", "lost", key="O-4"),
    ]
    found = conformance(PLAIN, histories)
    assert (found.funnel, found.moves, found.allowed, found.left_out) == ("selling 1", 5, 4, 0)
    assert found.fitness == Decimal("0.8")
    assert found.conforming_share == Decimal("0.75")
    assert found.opportunities(DeviationKind.SKIPPED) == ("O-2",)
    assert found.opportunities(DeviationKind.BEGAN_LATER) == ("O-4",)
    nothing = conformance(PLAIN, [])
    assert (nothing.fitness, nothing.conforming_share, nothing.variants) == (None, None, ())
    assert conformance(PLAIN, [went("lead")]).fitness is None


def test_histories_of_another_funnel_are_left_out() -> None:
    """By its name or its version; they are counted."""
    found = conformance(PLAIN, [walked(funnel("2")), walked(PLAIN, key="O-2")])
    assert (len(found.traces), found.left_out) == (1, 1)
    named = conformance(funnel(name="other"), [walked(PLAIN), went("lead", key="O-2")])
    assert [one.opportunity_id for one in named.traces] == ["O-2"]


def test_a_migration_is_no_move() -> None:
    """What came into the new version is taken to have been in the stages before."""
    new = funnel("2", stages=(*STAGES[:2], stage("check"), *STAGES[2:]))
    keys = [(one.key, one.key) for one in PLAIN.stages]
    migration = Migration(funnel="selling", from_version="1", to_version="2", stages=keys)
    for events, stages in (
        (("offer",), ("offer",)),
        (("offer", "hold"), ("pause",)),
    ):
        before = begun(PLAIN)
        for number, event in enumerate(events, 1):
            before = then(PLAIN, before, event, MONDAY + number * DAY)
        context = Context(at=MONDAY + 9 * DAY, history=before.history)
        after = migrate(migration, PLAIN, new, before.opportunity, context)
        assert isinstance(after, Accepted)
        (found,) = conformance(new, [after.history]).traces
        assert (found.stages, found.moves, found.deviations) == (stages, 0, ())
        (past,) = conformance(PLAIN, [after.history]).traces
        assert past.moves == len(events)
        if "hold" in events:
            after = then(new, after, "resume", MONDAY + 10 * DAY)
        back = then(new, after, "back", MONDAY + 11 * DAY)
        (found,) = conformance(new, [back.history]).traces
        assert found.allowed == found.moves
        assert [one.kind.value for one in found.deviations] == ["went_back", "repeated"]


def test_visits_under_another_version_part_the_way() -> None:
    """What was before and after them is no one move."""
    history = went("lead", "offer", "deal", "won")
    versions = ("1", "1", "2", "1")
    visits = [
        attrs.evolve(one, funnel="selling", funnel_version=version)
        for one, version in zip(history.visits, versions, strict=True)
    ]
    parted = StageHistory(opportunity_id="O-1", visits=visits)
    (found,) = conformance(PLAIN, [parted]).traces
    assert (found.stages, found.moves, found.allowed) == (("lead", "offer", "won"), 1, 1)
    assert found.deviations == ()


def test_who_begins_after_the_end_left_out_what_is_open() -> None:
    """A stage that follows on the win is no work that was left out."""
    one = funnel(stages=(*STAGES, stage("care", StageKind.WON)))
    (found,) = trace("care", of=one).deviations
    assert (found.kind, found.left_out) == (
        DeviationKind.BEGAN_LATER,
        ("lead", "offer", "deal"),
    )


def test_going_on_is_to_the_last_open_stage_but_the_present_one() -> None:
    """After two holds and a loss too, as `decide` has it."""
    again = funnel(transitions=(*without("back"), way("again", ("lost", "deal"), None)))
    assert trace("lead", "offer", "pause", "lost", "offer", of=again).allowed == 4
    assert trace("lead", "deal", "deal", "lead", of=again).allowed == 2
    assert trace("lead", "offer", "deal", "lead", of=again).allowed == 2


EVENTS = tuple(dict.fromkeys(one.event for one in WAYS))


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_what_the_funnel_accepted_conforms(events: list[str]) -> None:
    """Every history that `decide` made fits wholly, however it went back and forth."""
    strict = funnel(
        skip=StepPolicy.WITH_REASON, back=StepPolicy.WITH_REASON, stages=changed("lead")
    )
    found = begun(strict)
    for number, event in enumerate(events, 1):
        context = Context(at=MONDAY + number * DAY, history=found.history, reason="because")
        next_one = decide(strict, found.opportunity, event, context)
        found = next_one if isinstance(next_one, Accepted) else found
    answer = conformance(strict, [found.history])
    assert answer.moves == answer.allowed == len(found.history.visits) - 1
    assert answer.traces[0].is_conforming


KEYS = (*(one.key for one in STAGES), "somewhere")
walks = st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6), max_size=6)


@given(walks)
def test_counts_add_up_whatever_happened(paths: list[list[str]]) -> None:
    """Variants count each history once, moves are the steps between visits, shares make one."""
    histories = [went(*path, key=f"O-{number}") for number, path in enumerate(paths)]
    found = conformance(PLAIN, histories)
    assert Counter({one.stages: one.count for one in found.variants}) == Counter(map(tuple, paths))
    assert found.moves == sum(len(path) - 1 for path in paths)
    direct = {(source, one.target) for one in WAYS for source in one.sources if one.target}
    least = sum(pair in direct for path in paths for pair in pairwise(path))
    resumed = sum(one == "pause" for path in paths for one, _ in pairwise(path))
    assert least <= found.allowed <= least + resumed
    unknown = sum(path.count("somewhere") for path in paths)
    kinds = Counter(one.kind for other in found.traces for one in other.deviations)
    assert kinds[DeviationKind.UNKNOWN_STAGE] == unknown


@given(walks)
def test_the_order_of_the_histories_does_not_matter(paths: list[list[str]]) -> None:
    """Figures and variants are the same; each trace is told for itself."""
    histories = [went(*path, key=f"O-{number}") for number, path in enumerate(paths)]
    one, other = conformance(PLAIN, histories), conformance(PLAIN, histories[::-1])
    assert one.traces == other.traces[::-1]
    assert one.fitness == other.fitness
    assert [attrs.evolve(variant, opportunity_id="") for variant in one.variants] == [
        attrs.evolve(variant, opportunity_id="") for variant in other.variants
    ]
