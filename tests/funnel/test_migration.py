"""A sale goes on under another version of its funnel, and nothing else happens to it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.selling import (
    MONDAY,
    STAGES,
    WAYS,
    begun,
    funnel,
    opportunity,
    stage,
    then,
    walked,
    way,
)

from salescore.book import SalesBook
from salescore.entities import StageKind
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    Accepted,
    Context,
    Course,
    Criterion,
    EventTemplate,
    Funnel,
    Migration,
    RefusalCode,
    Refused,
    StageHistory,
    check_migration,
    conformance,
    decide,
    histories,
    migrate,
    refusal_words,
)
from salescore.render import Language
from salescore.rules import F, check_versions, in_force
from salescore.values import Severity

OLD = funnel("1", valid_until=date(2026, 3, 31))
NEW = funnel(
    "2",
    valid_from=date(2026, 4, 1),
    stages=(
        stage("interest", probability=Decimal("0.15"), former=["lead"]),
        stage(
            "proposal",
            probability=Decimal("0.5"),
            on_entry=[EventTemplate(name="promised")],
            former=["offer", "deal"],
        ),
        stage("won", StageKind.WON),
        stage("lost", StageKind.LOST),
        stage("void", StageKind.VOID),
        stage("waiting", StageKind.HOLD, former=["pause"]),
    ),
    transitions=(
        way("propose", "interest", "proposal"),
        way("win", "proposal", "won"),
        way("lose", ("interest", "proposal", "waiting"), "lost"),
        way("reopen", ("won", "lost"), "proposal"),
        way("wait", ("interest", "proposal"), "waiting", needs_reason=True),
        way("resume", "waiting", None),
    ),
)
MAPPED = (
    ("lead", "interest"),
    ("offer", "proposal"),
    ("deal", "proposal"),
    ("won", "won"),
    ("lost", "lost"),
    ("void", "void"),
    ("pause", "waiting"),
)
MIGRATION = Migration(funnel="selling", from_version="1", to_version="2", stages=MAPPED)
LATER = MONDAY + timedelta(days=30)


def mapped(**changes: str | None) -> Migration:
    """Return the migration with other targets."""
    return attrs.evolve(MIGRATION, stages=[(old, changes.get(old, new)) for old, new in MAPPED])


def moved(before: Accepted, given_migration: Migration = MIGRATION, **more: Any) -> Accepted:  # noqa: ANN401
    """Return a sale after its migration."""
    context = Context(**{"at": LATER, "history": before.history} | more)
    found = migrate(given_migration, OLD, NEW, before.opportunity, context)
    assert isinstance(found, Accepted), getattr(found, "codes", None)
    return found


def refused(
    before: Accepted,
    given_migration: Migration = MIGRATION,
    **more: Any,  # noqa: ANN401
) -> Refused:
    """Return why a sale stays as it is."""
    context = Context(**{"at": LATER, "history": before.history} | more)
    found = migrate(given_migration, OLD, NEW, before.opportunity, context)
    assert isinstance(found, Refused)
    assert found.opportunity is before.opportunity
    return found


def sale(*events: str) -> Accepted:
    """Return a sale under the old version after these events, one a day."""
    found = begun(OLD, amount=None)
    for number, event in enumerate(events, 1):
        found = then(OLD, found, event, MONDAY + timedelta(days=number))
    return found


def test_the_running_visit_ends_and_one_under_the_new_version_begins() -> None:
    """Both at the instant of the migration; visits before stay as they are."""
    before = sale("offer")
    after = moved(before)
    assert after.history.visits[0] == before.history.visits[0]
    ended, begins = after.visits
    assert (ended.stage, ended.left_at, ended.funnel_version) == ("offer", LATER, "1")
    assert (begins.stage, begins.entered_at, begins.left_at) == ("proposal", LATER, None)
    assert (begins.funnel, begins.funnel_version) == ("selling", "2")
    assert begins.id == "O-1/migrate/2026-04-01T09:00:00Z"
    assert [one.stage for one in after.history.visits] == ["lead", "offer", "proposal"]


def test_the_opportunity_is_in_the_new_stage_and_goes_on_from_there() -> None:
    """The next event is decided by the new version."""
    after = moved(sale())
    assert (after.opportunity.stage, after.opportunity.probability) == ("interest", Decimal("0.15"))
    assert (after.funnel, after.stage.key) == ("selling 2", "interest")
    found = decide(
        NEW,
        after.opportunity,
        "propose",
        Context(at=LATER + timedelta(days=1), history=after.history),
    )
    assert isinstance(found, Accepted)
    assert [one.stage for one in found.history.visits] == ["lead", "interest", "proposal"]
    assert found.history.time_in("lead", LATER) == timedelta(days=30)


def test_days_in_the_stage_go_on_counting() -> None:
    """A guard of the new version reads the days since the old stage was entered."""
    waited = Criterion(key="waited", rule=F.days_in_stage >= 31)
    patient = attrs.evolve(
        NEW, transitions=[way("propose", "interest", "proposal", guards=[waited])]
    )
    after = moved(sale())
    for days, is_accepted in ((0, False), (1, True)):
        at = LATER + timedelta(days=days)
        found = decide(patient, after.opportunity, "propose", Context(at=at, history=after.history))
        assert found.is_accepted is is_accepted


def test_a_probability_set_by_hand_stays() -> None:
    """As it does in any move between open stages."""
    before = sale("offer")
    pinned = attrs.evolve(
        before,
        opportunity=attrs.evolve(
            before.opportunity, probability=Decimal("0.9"), is_probability_pinned=True
        ),
    )
    after = moved(pinned).opportunity
    assert (after.probability, after.is_probability_pinned) == (Decimal("0.9"), True)


@pytest.mark.parametrize(("event", "kind"), [("lose", StageKind.LOST), ("drop", StageKind.VOID)])
def test_what_is_given_up_keeps_its_day_and_its_reason(event: str, kind: StageKind) -> None:
    """It was not lost on the day of the migration, nor for its reason."""
    after = moved(sale(event), reason="new process").opportunity
    assert (after.kind, after.closed_on, after.loss_reason) == (kind, date(2026, 3, 3), "because")
    assert after.probability == 0


def test_what_is_won_keeps_its_day() -> None:
    """And is not won a second time."""
    after = moved(sale("close", "win"))
    assert (after.opportunity.kind, after.opportunity.closed_on) == (
        StageKind.WON,
        date(2026, 3, 4),
    )
    assert [one.name for one in after.events] == ["stage_entered", "opportunity_migrated"]


def test_the_events_tell_of_the_migration_and_of_nothing_else() -> None:
    """What entering a stage leaves behind is no part of it: nothing happened to the sale."""
    entered, migrated = moved(sale("offer"), actor="ann").events
    assert (entered.name, migrated.name) == ("stage_entered", "opportunity_migrated")
    detail = entered.detail or ""
    assert '"funnel": "selling 2"' in detail
    assert '"from": "offer"' in detail
    assert '"event": "migrate"' in detail
    assert entered.actor == "ann"
    assert moved(sale("offer")).step is not None
    step = moved(sale("offer")).step
    assert step is not None
    assert step.course is Course.MIGRATED


def test_lost_and_void_may_change_places() -> None:
    """What was lost counts as no decision then; the day and the reason stay."""
    after = moved(sale("lose"), mapped(lost="void"))
    assert (after.opportunity.kind, after.opportunity.loss_reason) == (StageKind.VOID, "because")
    assert "opportunity_voided" in [one.name for one in after.events]


@pytest.mark.parametrize(
    ("events", "changes"),
    [
        (("offer",), {"offer": "won"}),
        (("offer",), {"offer": "lost"}),
        (("lose",), {"lost": "interest"}),
        (("lose",), {"lost": "won"}),
        (("close", "win"), {"won": "lost"}),
        (("hold",), {"pause": "void"}),
    ],
)
def test_no_sale_is_closed_opened_or_won_by_a_migration(
    events: tuple[str, ...], changes: dict[str, str]
) -> None:
    """It is refused, and the check says so before."""
    found = refused(sale(*events), mapped(**changes))
    assert found.codes == (RefusalCode.KIND_DIFFERS,)
    (finding,) = check_migration(mapped(**changes), OLD, NEW)
    assert (finding.code, finding.severity) == ("funnel-migration-kind-changes", Severity.ERROR)


def test_a_sale_on_hold_goes_on_in_the_stage_that_took_the_place_of_its_own() -> None:
    """A visit of no length says which, and nothing of the past is touched."""
    before = sale("offer", "hold")
    after = moved(before)
    assert [one.stage for one in after.history.visits] == [
        "lead",
        "offer",
        "pause",
        "proposal",
        "waiting",
    ]
    carried = after.visits[1]
    assert (carried.entered_at, carried.left_at, carried.id) == (
        LATER,
        LATER,
        "O-1/migrate_held/2026-04-01T09:00:00Z",
    )
    assert after.opportunity.probability == Decimal("0.4")
    found = then(NEW, after, "resume", LATER + timedelta(days=2))
    assert found.opportunity.stage == "proposal"
    assert found.history.time_in("proposal", LATER) == timedelta(0)


def test_a_sale_on_hold_whose_stage_is_left_out_is_not_resumed_anywhere() -> None:
    """Nobody says where to go on; it is refused then, with a reason. So is a hold of a hold."""
    assert len(moved(sale("offer", "hold"), mapped(offer="waiting")).visits) == 2
    after = moved(sale("offer", "hold"), mapped(offer=None))
    assert len(after.visits) == 2
    context = Context(at=LATER + timedelta(days=2), history=after.history)
    found = decide(NEW, after.opportunity, "resume", context)
    assert isinstance(found, Refused)
    assert found.codes == (RefusalCode.NO_STAGE_BEFORE,)


def test_an_open_stage_may_become_a_hold_and_the_other_way_round() -> None:
    """Both are under way; the check warns of it."""
    assert moved(sale(), mapped(lead="waiting")).opportunity.kind is StageKind.HOLD
    held = moved(sale("offer"), mapped(offer="waiting"))
    assert [one.stage for one in held.visits] == ["offer", "waiting"]
    back = moved(sale("hold"), mapped(pause="interest"))
    assert back.opportunity.kind is StageKind.OPEN
    (finding,) = check_migration(mapped(pause="interest"), OLD, NEW)
    assert (finding.code, finding.severity) == ("funnel-migration-kind-changes", Severity.WARNING)


@pytest.mark.parametrize(
    "given_migration",
    [mapped(offer=None), attrs.evolve(MIGRATION, stages=MAPPED[:1])],
    ids=["declared", "forgotten"],
)
def test_a_stage_that_is_left_out_is_refused_and_nothing_changes(
    given_migration: Migration,
) -> None:
    """Whether the migration says so or forgot it."""
    found = refused(sale("offer"), given_migration)
    assert found.codes == (RefusalCode.STAGE_LEFT_OUT,)
    (reason,) = found.reasons
    assert refusal_words(reason) == (
        "the migration leads from offer to no stage of the new version"
    )
    assert "offer" in refusal_words(reason, Language.ZH)
    assert found.event == "migrate"


def test_all_reasons_are_told_at_once() -> None:
    """A stage left out, a wrong kind on record, and an instant before the last event."""
    before = sale("offer")
    wrong = attrs.evolve(before, opportunity=attrs.evolve(before.opportunity, kind=StageKind.HOLD))
    found = refused(wrong, mapped(offer=None), at=MONDAY)
    assert found.codes == (
        RefusalCode.KIND_DIFFERS,
        RefusalCode.TOO_EARLY,
        RefusalCode.STAGE_LEFT_OUT,
    )


def test_an_opportunity_in_a_stage_of_no_version_is_refused() -> None:
    """There is nothing to map."""
    context = Context(at=LATER)
    found = migrate(MIGRATION, OLD, NEW, opportunity(stage="somewhere"), context)
    assert isinstance(found, Refused)
    assert found.codes == (RefusalCode.UNKNOWN_STAGE,)


def test_without_a_history_one_begins() -> None:
    """Of a sale that came from elsewhere only the new visit is known."""
    one = opportunity(stage="deal", kind=StageKind.OPEN)
    found = migrate(MIGRATION, OLD, NEW, one, Context(at=LATER))
    assert isinstance(found, Accepted)
    assert [visit.stage for visit in found.visits] == ["proposal"]
    held = opportunity(stage="pause", kind=StageKind.HOLD)
    found = migrate(MIGRATION, OLD, NEW, held, Context(at=LATER))
    assert isinstance(found, Accepted)
    assert [visit.stage for visit in found.visits] == ["waiting"]


def test_asked_again_it_changes_nothing() -> None:
    """At the same instant, later, and after the sale went on under the new version."""
    after = moved(sale("offer", "hold"))
    gone_on = then(NEW, after, "resume", LATER + timedelta(days=1))
    for one in (after, gone_on):
        for at in (LATER, LATER + timedelta(days=9)):
            context = Context(at=at, history=one.history)
            again = migrate(MIGRATION, OLD, NEW, one.opportunity, context)
            assert isinstance(again, Accepted)
            assert again.is_repeat
            assert again.opportunity is one.opportunity
            assert again.history == one.history
            assert (again.visits, again.events) == ((), ())


def test_a_history_that_names_no_version_is_taken_for_the_old_one() -> None:
    """A stage that both versions have is migrated all the same."""
    before = sale("lose")
    visits = [attrs.evolve(one, funnel_version=None) for one in before.history.visits]
    history = StageHistory(opportunity_id="O-1", visits=visits)
    after = moved(before, history=history)
    assert not after.is_repeat
    assert [one.funnel_version for one in after.history.visits] == [None, None, "2"]


def test_an_opportunity_as_it_was_does_not_fit_the_history_after_the_migration() -> None:
    """Half of what was to be kept is refused."""
    before = sale("offer")
    found = refused(before, history=moved(before).history)
    assert RefusalCode.HISTORY_DIFFERS in found.codes
    after = moved(before)
    elsewhere = attrs.evolve(after, opportunity=moved(sale()).opportunity)
    assert RefusalCode.HISTORY_DIFFERS in refused(elsewhere).codes


def test_one_may_migrate_back() -> None:
    """Another migration leads the other way, and the history keeps all of it."""
    back = Migration(
        funnel="selling", from_version="2", to_version="1", stages=[("proposal", "offer")]
    )
    after = moved(sale("offer"))
    context = Context(at=LATER + timedelta(days=1), history=after.history)
    found = migrate(back, NEW, OLD, after.opportunity, context)
    assert isinstance(found, Accepted)
    assert [(one.stage, one.funnel_version) for one in found.history.visits] == [
        ("lead", "1"),
        ("offer", "1"),
        ("proposal", "2"),
        ("offer", "1"),
    ]


def test_a_migration_of_other_versions_is_refused_by_an_error() -> None:
    """It is a mistake of whoever asks."""
    with pytest.raises(InvalidValue, match="leaves selling 1, not selling 2"):
        migrate(MIGRATION, NEW, NEW, opportunity(), Context(at=LATER))
    with pytest.raises(InvalidValue, match="leads to selling 2, not selling 1"):
        migrate(MIGRATION, OLD, OLD, opportunity(), Context(at=LATER))
    with pytest.raises(UnknownName, match="intrest"):
        moved(sale(), mapped(lead="intrest"))


def test_a_migration_that_makes_no_sense_cannot_be_written() -> None:
    """Texts that are none, one version twice, one stage twice."""
    with pytest.raises(InvalidValue, match="version that it has"):
        attrs.evolve(MIGRATION, to_version="1")
    with pytest.raises(InvalidValue, match="twice"):
        attrs.evolve(MIGRATION, stages=[("lead", "interest"), ("lead", "proposal")])
    for name in ("funnel", "from_version", "to_version"):
        with pytest.raises(InvalidValue, match="not empty"):
            attrs.evolve(MIGRATION, **{name: " "})


def test_a_sound_migration_has_no_findings() -> None:
    """Every old stage leads to one of its kind; two may lead to one."""
    assert check_migration(MIGRATION, OLD, NEW) == ()


def test_a_stage_whose_stays_figures_would_not_count_is_found() -> None:
    """Renamed and not named as former, or called as another stage is now."""
    forgot = attrs.evolve(NEW, stages=[attrs.evolve(one, former=()) for one in NEW.stages])
    found = check_migration(MIGRATION, OLD, forgot)
    assert {one.code for one in found} == {"funnel-migration-figures-part"}
    assert "name it in `former` of 'interest'" in found[0].message
    swapped = mapped(won="won", lead="proposal")
    (finding,) = check_migration(swapped, OLD, NEW)
    assert finding.code == "funnel-migration-figures-part"
    again = attrs.evolve(OLD, version="3", valid_from=None, valid_until=None)
    other = Migration(
        funnel="selling",
        from_version="1",
        to_version="3",
        stages=[("lead", "offer"), *((one.key, one.key) for one in OLD.stages[1:])],
    )
    (finding,) = check_migration(other, OLD, again)
    assert finding.message.endswith("another stage there is called 'lead' now")


def test_a_former_key_is_that_of_one_stage_alone() -> None:
    """It is none that a stage has now, nor one that two stages had."""
    for former in (["proposal"], ["interest"], ["offer"]):
        with pytest.raises(InvalidValue, match="a stage is called so, or was"):
            attrs.evolve(NEW, stages=[attrs.evolve(NEW.stages[0], former=former), *NEW.stages[1:]])
    assert NEW.key_now("deal") == NEW.key_now("proposal") == "proposal"
    assert NEW.key_now("nothing") == "nothing"


def test_what_is_wrong_with_a_migration_is_found_all_at_once() -> None:
    """Stages left out or unknown on either side, and funnels that it is not of."""
    stages = [("lead", "intrest"), ("leed", "interest"), ("offer", None), *MAPPED[3:]]
    found = check_migration(attrs.evolve(MIGRATION, stages=stages), OLD, NEW)
    assert [(one.code, one.severity) for one in found] == [
        ("funnel-migration-unknown-stage", Severity.ERROR),
        ("funnel-migration-unknown-stage", Severity.ERROR),
        ("funnel-migration-stage-stays", Severity.INFO),
        ("funnel-migration-stage-left-out", Severity.ERROR),
    ]
    assert "'intrest', which is no stage of selling 2" in found[0].message
    assert "'leed', which is no stage of selling 1" in found[1].message
    assert "stage 'offer' of selling 1" in found[2].message
    assert "stage 'deal' of selling 1" in found[3].message
    others = check_migration(MIGRATION, NEW, OLD)
    assert [one.code for one in others[:2]] == ["funnel-migration-mismatch"] * 2
    (other,) = check_migration(MIGRATION, OLD, attrs.evolve(NEW, name="other"))
    assert other.message == "migration selling 1 → 2 leads to selling 2, not other 2"
    assert other.subject == "funnels/selling"


def test_the_version_in_force_is_that_of_the_day() -> None:
    """Funnels are versions as policies are: one a day, and gaps are found."""
    versions = (OLD, NEW)
    assert in_force(versions, date(2026, 3, 31)) is OLD
    assert in_force(versions, date(2026, 4, 1), "selling") is NEW
    assert in_force(versions, date(2026, 4, 1), "other") is None
    assert check_versions(versions) == ()
    late = attrs.evolve(NEW, valid_from=date(2026, 4, 3))
    assert [one.code for one in check_versions((OLD, late))] == ["versions-gap"]


EVENTS = tuple(dict.fromkeys(one.event for one in WAYS))


@given(st.lists(st.sampled_from(EVENTS), max_size=8), st.integers(0, 40))
def test_whatever_happened_before_a_migration_is_a_move_without_loss(
    events: list[str], days: int
) -> None:
    """Time is tiled, what was visited stays, the kind stays, and it is repeated without harm."""
    before = begun(OLD)
    for event in events:
        at = before.context.at + timedelta(hours=7)
        context = Context(at=at, history=before.history, reason="because")
        found = decide(OLD, before.opportunity, event, context)
        before = found if isinstance(found, Accepted) else before
    at = before.context.at + timedelta(days=days)
    after = moved(before, at=at)
    kept = len(before.history.visits) - 1
    assert after.history.visits[:kept] == before.history.visits[:kept]
    assert StageHistory(opportunity_id="O-1", visits=after.history.visits) == after.history
    assert after.opportunity.kind is before.opportunity.kind
    assert after.opportunity.closed_on == before.opportunity.closed_on
    assert after.opportunity.loss_reason == before.opportunity.loss_reason
    assert after.history.age(at) == before.history.age(at)
    assert len({one.id for one in after.history.visits}) == len(after.history.visits)
    assert moved(after, at=at).is_repeat


def test_the_sample_walks_as_it_should() -> None:
    """What the tests above migrate are the stages that they name."""
    assert [one.stage for one in walked(OLD, "offer", "hold").visits] == ["lead", "offer", "pause"]
    assert isinstance(OLD, Funnel)
    assert {old for old, _ in MAPPED} == {one.key for one in STAGES}


@pytest.mark.parametrize("end", ["won", "lost"])
@pytest.mark.parametrize("mapping", [{"a": "b", "b": "c"}, {"a": "p", "b": "q"}])
def test_what_is_closed_is_reopened_in_the_stage_that_took_the_place_of_its_own(
    mapping: dict[str, str], end: str
) -> None:
    """Also where the new version has a stage of the old name, or none of the old names."""
    ends = (stage("won", StageKind.WON), stage("lost", StageKind.LOST))

    def version(number: str, *keys: str) -> Funnel:
        return funnel(
            number,
            stages=(*(stage(key) for key in keys), *ends),
            transitions=(
                way("on", keys[0], keys[1]),
                way("won", keys, "won"),
                way("lost", keys, "lost"),
                way("reopen", ("won", "lost"), None),
            ),
        )

    old, new = version("1", "a", "b"), version("2", *mapping.values())
    migration = Migration(
        funnel=old.name,
        from_version="1",
        to_version="2",
        stages=(*mapping.items(), ("won", "won"), ("lost", "lost")),
    )
    before = begun(old)
    for number, event in enumerate(("on", end), 1):
        before = then(old, before, event, MONDAY + timedelta(days=number))
    context = Context(at=LATER, history=before.history)
    after = migrate(migration, old, new, before.opportunity, context)
    assert isinstance(after, Accepted)
    assert [one.stage for one in after.visits] == [end, mapping["b"], end]
    assert after.opportunity.closed_on == before.opportunity.closed_on
    found = then(new, after, "reopen", LATER + timedelta(days=1))
    assert found.opportunity.stage == mapping["b"]
    (trace,) = conformance(new, [found.history]).traces
    assert (trace.stages, trace.allowed) == ((end, mapping["b"]), 1)


def test_going_on_under_another_version_is_no_entry() -> None:
    """Neither to the stage that was left, nor to the new one, nor to one that is only named."""
    after = moved(sale("offer", "hold")).history
    keys = ("lead", "offer", "pause", "proposal", "waiting")
    assert [after.entries(key) for key in keys] == [1, 1, 1, 0, 1]


@pytest.mark.parametrize("events", [("offer",), ("offer", "hold")])
def test_migrations_at_one_instant_are_told_apart(events: tuple[str, ...]) -> None:
    """By way of several versions in one go: no two visits or events have the same id."""
    first = moved(sale(*events))
    third = attrs.evolve(NEW, version="3")
    stages = [(one.key, one.key) for one in NEW.stages]
    migration = Migration(funnel=NEW.name, from_version="2", to_version="3", stages=stages)
    context = Context(at=LATER, history=first.history)
    second = migrate(migration, NEW, third, first.opportunity, context)
    assert isinstance(second, Accepted)
    assert (second.event, second.opportunity.stage) == ("migrate", first.opportunity.stage)
    made = [one.id for one in (*second.history.visits, *first.events, *second.events)]
    assert len(set(made)) == len(made)
    again = Context(at=LATER, history=second.history)
    found = migrate(migration, NEW, third, second.opportunity, again)
    assert isinstance(found, Accepted)
    assert found.is_repeat


def test_what_says_where_to_go_on_is_read_before_the_visit_of_its_migration() -> None:
    """Also where all happened at one instant, and a store gives visits in another order."""
    before = begun(OLD, amount=None)
    events = [*before.events]
    for event in ("offer", "hold"):
        before = then(OLD, before, event, LATER)
        events += before.events
    after = moved(before)
    last = then(NEW, after, "lose", LATER)
    book = SalesBook(
        opportunities=[last.opportunity],
        stage_visits=sorted(last.history.visits, key=lambda one: one.stage),
        events=[*events, *after.events, *last.events],
    )
    assert histories(book) == ((last.history,), ())
