"""What events do to an opportunity, drawn from SEMANTICS §3 and §4."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.funnel.sale import (
    HOUR,
    NEEDS,
    STAGES,
    START,
    WAYS,
    after,
    asked,
    begun,
    deal,
    done,
    plainly,
    refused,
    row,
    sale,
    walked,
)

from salescore.entities import RECORD_TABLES, StageKind, StageVisit
from salescore.errors import InexactResult, InvalidValue
from salescore.funnel import (
    Criterion,
    RefusalCode,
    Refused,
    StageHistory,
    Transition,
    decide,
)
from salescore.plain import Field, FieldTable, Kind, from_data, to_data
from salescore.rules import F
from salescore.values import Money

TABLES = {one.record: one for one in RECORD_TABLES}


def test_an_accepted_event_moves_the_opportunity_and_its_visits() -> None:
    """The opportunity takes on stage, kind, chance and category; one visit ends, one begins."""
    last = begun()
    found = done(last, "propose", reason="they asked")
    one = found.opportunity
    assert (one.stage, one.kind, one.probability) == ("offer", StageKind.OPEN, Decimal("0.4"))
    assert one.forecast_category == "best case"
    ended, arrived = found.visits
    assert ended == attrs.evolve(
        last.visits[0], left_on=date(2026, 3, 2), left_at=START + HOUR, reason="they asked"
    )
    assert arrived == StageVisit(
        id="O1/propose/2026-03-02T10:00:00Z",
        opportunity_id="O1",
        stage="offer",
        kind=StageKind.OPEN,
        funnel="sale",
        funnel_version="1",
        entered_on=date(2026, 3, 2),
        entered_at=START + HOUR,
    )
    assert found.history.visits == found.visits
    assert (found.before, found.stage, found.event) == (last.opportunity, STAGES[1], "propose")
    assert found.is_accepted
    assert not found.is_repeat
    assert found.overridden == ()


def test_what_is_produced_passes_the_checks_that_it_skipped() -> None:
    """Records made past their checks are those that the constructors would make."""
    for last in (walked("propose", "negotiate", "lose"), walked("pause", "resume", "win")):
        one = last.opportunity
        assert one == attrs.evolve(one)
        assert type(one) is type(last.before)
        assert last.history == StageHistory(opportunity_id="O1", visits=last.history.visits)
        assert last == attrs.evolve(last)
        for record in (one, *last.history.visits, *last.events):
            table = TABLES[type(record)]
            assert from_data(table, to_data(table, record)) == record


def test_every_reason_is_given_at_once() -> None:
    """Role, reason, field and time stand beside each other."""
    last = walked("negotiate")
    found = refused(last, "approve", hours=-1)
    assert found.codes == (
        RefusalCode.TOO_EARLY,
        RefusalCode.ROLE_MISSING,
        RefusalCode.REASON_MISSING,
        RefusalCode.FIELD_MISSING,
    )
    assert [one.name for one in found.reasons if one.code is RefusalCode.FIELD_MISSING] == [
        "amount",
        "next_step",
    ]
    assert not found.is_accepted
    assert not found.is_overridable


def test_criteria_that_fail_are_unknown_or_unreadable_stand_together() -> None:
    """Each criterion of a step is asked, and says in which way it is not fulfilled."""
    way = Transition(
        event="go",
        sources=["lead"],
        target="talks",
        guards=[
            NEEDS,
            Criterion(key="old", rule=F.first_contact_on.is_null()),
            Criterion(key="source", rule=F.source == "fair"),
        ],
    )
    funnel = sale(transitions=[way])
    last = begun(funnel)
    found = refused(last, "go", funnel, row={"id": "O1", "amount": Decimal(9), "needs": None})
    assert [(one.code, one.stage, one.known) for one in found.reasons] == [
        (RefusalCode.CRITERION_FAILED, "offer", ()),
        (RefusalCode.CRITERION_UNKNOWN, None, ()),
        (RefusalCode.CRITERION_UNREADABLE, None, ("first_contact_on",)),
        (RefusalCode.CRITERION_UNREADABLE, None, ("source",)),
    ]
    assert [one.criterion and one.criterion.key for one in found.reasons] == [
        "big",
        "needs",
        "old",
        "source",
    ]
    assert found.is_overridable


def test_without_a_row_criteria_cannot_be_asked() -> None:
    """A guard on a row that nobody gave names the fields that it lacks."""
    assert refused(begun(), "propose", row={}).reasons[0].explanation() is None
    (one,) = refused(begun(), "propose", row=None).reasons
    assert (one.code, one.known) == (RefusalCode.CRITERION_UNREADABLE, ("needs",))
    assert one.explanation() is None


def test_an_unmet_guard_explains_itself_and_what_would_do() -> None:
    """A failed criterion shows its values; the way out keeps the criteria that are fulfilled."""
    cheap = Criterion(key="cheap", rule=F.amount <= 150)
    way = Transition(event="go", sources=["offer"], target="talks", guards=[cheap])
    funnel = sale(transitions=[*WAYS[:1], way])
    found = refused(walked("propose", funnel=funnel), "go", funnel, row=row(amount=Decimal(40)))
    (one,) = found.reasons
    explanation = one.explanation()
    assert explanation is not None
    assert "40" in explanation.text()
    fields = (
        Field(name="id", kind=Kind.ID, nullable=False, labels=("Id", "编号")),
        Field(name="amount", kind=Kind.DECIMAL, nullable=True, labels=("Amount", "金额")),
        Field(name="needs", kind=Kind.TEXT, nullable=True, labels=("Needs", "需求")),
    )
    reach = found.ways(FieldTable(name="opportunities", fields=fields), ["amount"])
    assert reach is not None
    assert [step.after for way in reach.ways for step in way.changes] == [Decimal(100)]
    assert [one.key for one in found.criteria] == ["big", "cheap"]


def test_ways_are_asked_of_all_criteria_and_not_of_the_failed_alone() -> None:
    """A change that would break a fulfilled criterion is no way."""
    lone = Criterion(key="lone", rule=(F.amount >= 100) | (F.needs == "none"))
    way = Transition(event="go", sources=["lead"], target="talks", guards=[lone, NEEDS])
    funnel = sale(transitions=[way], stages=[STAGES[0], STAGES[2]])
    found = refused(begun(funnel), "go", funnel, row=row(amount=Decimal(40)))
    assert [one.criterion and one.criterion.key for one in found.reasons] == ["lone"]
    fields = (
        Field(name="amount", kind=Kind.DECIMAL, nullable=True, labels=("Amount", "金额")),
        Field(name="needs", kind=Kind.TEXT, nullable=True, labels=("Needs", "需求")),
    )
    table = FieldTable(name="opportunities", fields=fields)
    reach = found.ways(table, ["needs"])
    assert reach is not None
    assert reach.ways == ()


def test_reasons_that_are_no_criterion_have_no_ways() -> None:
    """A missing role has no explanation, and no field would change it; nor has a missing row."""
    table = FieldTable(name="opportunities", fields=())
    found = refused(walked("negotiate"), "approve")
    assert found.reasons[0].explanation() is None
    assert found.ways(table, []) is None
    assert refused(begun(), "propose", row=None).ways(table, []) is None
    assert refused(begun(), "propose", row={}).ways(table, []) is None


def test_unknown_events_and_stages_are_refused_with_those_that_are_known() -> None:
    """Nonsense is answered by what there is."""
    last = begun()
    (one,) = refused(last, "dance").reasons
    assert one.code is RefusalCode.UNKNOWN_EVENT
    assert "propose" in one.known
    (one,) = refused(last, "approve").reasons
    assert (one.code, one.stage) == (RefusalCode.NOT_FROM_HERE, "lead")
    assert "propose" in one.known
    assert "approve" not in one.known
    elsewhere = decide(sale(), deal(stage="limbo"), "propose", after(1))
    assert isinstance(elsewhere, Refused)
    assert elsewhere.codes == (RefusalCode.UNKNOWN_STAGE,)
    assert elsewhere.reasons[0].known == tuple(one.key for one in STAGES)


def test_stage_and_event_may_both_be_unknown() -> None:
    """Both are said."""
    found = decide(sale(), deal(stage="limbo"), "dance", after(1))
    assert isinstance(found, Refused)
    assert found.codes == (RefusalCode.UNKNOWN_STAGE, RefusalCode.UNKNOWN_EVENT)


def test_a_kind_that_differs_from_the_stage_is_refused_with_all_else() -> None:
    """Kinds stand on the opportunity and are never inferred."""
    last = begun()
    other = attrs.evolve(last.opportunity, kind=StageKind.WON)
    found = decide(sale(), other, "propose", after(1, last, row=row(needs="none")))
    assert isinstance(found, Refused)
    assert found.codes == (RefusalCode.KIND_DIFFERS, RefusalCode.CRITERION_FAILED)
    assert (found.reasons[0].name, found.reasons[0].known) == ("won", ("open",))


@pytest.mark.parametrize("event", ["lose", "cancel"])
@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_no_sale_is_given_up_without_a_reason(event: str, reason: str | None) -> None:
    """Loss and void always take a reason, and a blank one is none."""
    last = begun()
    found = refused(last, event, reason=reason, override="please")
    assert found.codes == (RefusalCode.REASON_MISSING,)


def test_a_lost_sale_is_closed_at_nothing_with_its_reason() -> None:
    """Lost has probability 0, a closing day and a reason; void likewise; won has 1."""
    last = walked("propose", "negotiate")
    for event, kind, chance in (
        ("lose", StageKind.LOST, 0),
        ("cancel", StageKind.VOID, 0),
        ("win", StageKind.WON, 1),
    ):
        one = done(last, event, reason="price").opportunity
        assert (one.kind, one.probability, one.closed_on) == (kind, chance, date(2026, 3, 2))
        assert one.loss_reason == (None if event == "win" else "price")


def test_one_role_of_several_is_enough() -> None:
    """A transition names who may do it; what it emits and who did it stand in the events."""
    last = walked("negotiate", amount=Money(Decimal(100), "EUR"), next_step="sign")
    found = done(last, "approve", roles=["rep", "director"], reason="fits", actor="U1")
    assert [(event.name, event.actor, event.rule) for event in found.events] == [
        ("stage_entered", "U1", None),
        ("opportunity_won", "U1", None),
        ("approved", "U1", None),
    ]
    detail = found.events[0].detail
    assert detail is not None
    assert detail.endswith('"stage": "won", "from": "talks", "reason": "fits"}')


def test_blank_fields_are_not_known() -> None:
    """A required field that holds spaces is missing; a registered one is read by its name."""
    way = Transition(event="go", sources=["lead"], target="talks", required=["next_step", "grade"])
    funnel = sale(transitions=[way])
    last = begun(funnel, next_step=" ")
    assert [one.name for one in refused(last, "go", funnel).reasons] == ["next_step", "grade"]
    full = begun(funnel, next_step="call", custom=(("grade", "A"),))
    assert done(full, "go", funnel).stage.key == "talks"


def test_a_row_of_another_opportunity_is_a_mistake_of_the_caller() -> None:
    """A guard is never asked on somebody else's figures."""
    with pytest.raises(InvalidValue, match="another opportunity"):
        asked(begun(), "propose", row=row(id="O2"))


def test_a_rule_that_cannot_be_worked_out_exactly_says_so() -> None:
    """A rule that loses digits raises rather than guesses."""
    rule = F.amount * F.amount > 1
    way = Transition(
        event="go", sources=["lead"], target="talks", guards=[Criterion(key="square", rule=rule)]
    )
    funnel = sale(transitions=[way])
    with pytest.raises(InexactResult):
        asked(begun(funnel), "go", funnel, row=row(amount=Decimal("1" * 600)))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"row": row(needs=None)}, RefusalCode.CRITERION_UNKNOWN),
        ({"row": row(needs="none")}, RefusalCode.CRITERION_FAILED),
        ({"row": {}}, RefusalCode.CRITERION_UNREADABLE),
        ({"row": None}, RefusalCode.CRITERION_UNREADABLE),
        ({"hours": -1}, RefusalCode.TOO_EARLY),
        ({"history": StageHistory(opportunity_id="O2")}, RefusalCode.HISTORY_DIFFERS),
    ],
)
def test_a_plain_step_is_refused_for_each_thing_that_is_wrong(
    given: dict[str, Any], code: RefusalCode
) -> None:
    """Steps that take the short way are refused as all others are."""
    funnel = plainly()
    assert funnel.steps["lead", "go"][0].is_plain
    last = begun(funnel)
    assert done(last, "go", funnel)
    assert refused(last, "go", funnel, **given).codes == (code,)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"opportunity_id": "O2"}, "opportunity"),
        ({"stage": "talks"}, "stage"),
        ({"funnel": "resale"}, "funnel"),
        ({"funnel_version": "2"}, "version"),
        ({"left_on": date(2026, 3, 2)}, "end"),
    ],
)
def test_a_plain_step_holds_the_history_against_the_opportunity(
    change: dict[str, Any], name: str
) -> None:
    """Each way in which a history can differ is seen on the short way too."""
    funnel = plainly()
    last = begun(funnel)
    visit = attrs.evolve(last.visits[0], **change)
    history = StageHistory(opportunity_id=visit.opportunity_id or "", visits=(visit,))
    found = refused(last, "go", funnel, history=history)
    assert [(one.code, one.name) for one in found.reasons] == [(RefusalCode.HISTORY_DIFFERS, name)]
    other = attrs.evolve(last, opportunity=attrs.evolve(last.opportunity, kind=StageKind.HOLD))
    assert refused(other, "go", funnel).codes == (RefusalCode.KIND_DIFFERS,)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"roles": ["manager"]}, RefusalCode.ROLE_MISSING),
        ({"needs_reason": True}, RefusalCode.REASON_MISSING),
        ({"required": ["amount"]}, RefusalCode.FIELD_MISSING),
        (
            {"guards": [Criterion(key="late", rule=F.entries > 1)]},
            RefusalCode.CRITERION_FAILED,
        ),
    ],
)
def test_a_step_that_asks_for_more_is_not_plain(given: dict[str, Any], code: RefusalCode) -> None:
    """Roles, reasons, fields and the fields of the event take the long way."""
    funnel = plainly(**given)
    assert not funnel.steps["lead", "go"][0].is_plain
    assert refused(begun(funnel), "go", funnel, row=row(entries=Decimal(9))).codes == (code,)


def test_a_refused_event_changes_nothing() -> None:
    """Opportunity and history are the objects that they were."""
    last = walked("propose")
    before = (attrs.evolve(last.opportunity), last.history.visits, attrs.asdict(last.history))
    found = refused(last, "lose")
    assert found.opportunity is last.opportunity
    assert (last.opportunity, last.history.visits, attrs.asdict(last.history)) == before
    assert found.event == "lose"
    assert found.funnel == "sale 1"
