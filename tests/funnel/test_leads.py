"""How leads are found worth pursuing, given up, and taken up again."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.leading import NOON, TODAY, lead, moved, need, now, ready, refused

from salescore.book import lead_kind
from salescore.entities import LeadKind, record_table
from salescore.errors import InvalidDate, InvalidValue
from salescore.funnel import (
    OVERRIDE_USED,
    QUALIFICATION,
    Context,
    Criterion,
    Moved,
    QualificationPolicy,
    RefusalCode,
    RefusedMove,
    disqualify,
    qualify,
    reconsider,
    record_schema,
)
from salescore.render import Language
from salescore.rules import F, check_types
from salescore.values import Money


def told(found: RefusedMove) -> list[tuple[RefusalCode, str | None]]:
    """Return the reasons, by code and what they name."""
    return [(one.code, one.name) for one in found.reasons]


def test_a_lead_is_qualified_once_all_is_known() -> None:
    """Kind and day are those of the move, and all else stays."""
    before = ready(status="calling")
    found = qualify(before, now(actor="ann"))
    assert moved(found) == attrs.evolve(
        before, kind=LeadKind.QUALIFIED, status=None, qualified_on=TODAY
    )
    assert found.is_accepted
    assert isinstance(found, Moved)
    (event,) = found.events
    assert (event.name, event.record, event.subject) == ("lead_qualified", "leads", "L1")
    assert (event.id, event.actor, event.rule) == (
        "leads:L1/qualify/2026-03-02T12:00:00Z#1",
        "ann",
        None,
    )
    told = '{"process": "qualification 1", "kind": "qualified", "from": "open"}'
    assert event.detail == told


def test_every_field_that_is_not_known_is_a_reason() -> None:
    """A blank text is not known either; nothing changes."""
    found = refused(qualify(lead(needs=" ", buying_power="some"), now()))
    missing = RefusalCode.FIELD_MISSING
    assert told(found) == [
        (missing, "business_domain"),
        (missing, "needs"),
        (missing, "decision_process"),
    ]
    assert found.record == lead(needs=" ", buying_power="some")
    assert not found.is_accepted
    assert found.is_overridable
    assert found.codes == (missing,)
    assert found.text().splitlines()[0] == "business_domain must be known for qualified"


def test_what_needs_tell_is_known() -> None:
    """A budget is buying power, and a need is needs."""
    told = need(
        business_domain="tools", budget=Money(Decimal(5), "USD"), decision_process="the owner alone"
    )
    assert moved(qualify(lead(), now(), needs=[told])).kind is LeadKind.QUALIFIED
    bare = refused(qualify(lead(), now(), needs=[need()]))
    assert [one.name for one in bare.reasons] == [
        "business_domain",
        "buying_power",
        "decision_process",
    ]


@pytest.mark.parametrize("of", ["L2", None])
def test_a_need_of_another_lead_is_no_evidence(of: str | None) -> None:
    """It is the mistake of the caller, and refused by its id."""
    with pytest.raises(InvalidValue, match="N1"):
        qualify(lead(), now(), needs=[need(lead_id=of)])


def test_qualifying_again_changes_nothing() -> None:
    """A retry is a repeat without events, whenever it comes."""
    once = moved(qualify(ready(), now()))
    again = qualify(once, now(at=NOON + timedelta(days=3)))
    assert isinstance(again, Moved)
    assert (again.is_repeat, again.record, again.events) == (True, once, ())
    given_up = moved(disqualify(once, now(reason="no budget")))
    assert disqualify(given_up, now(reason="other")).record == given_up
    assert reconsider(lead(), now()).record == lead()


def test_a_retry_has_the_same_events() -> None:
    """Ids follow from lead, act and instant."""
    first, second = (qualify(ready(), now()) for _ in range(2))
    assert first == second
    later = qualify(ready(), now(at=NOON + timedelta(seconds=1)))
    assert isinstance(first, Moved)
    assert isinstance(later, Moved)
    assert first.events[0].id != later.events[0].id


def test_giving_up_takes_a_reason() -> None:
    """Day and reason stand on the lead; without a reason nothing changes."""
    assert told(refused(disqualify(lead(), now()))) == [(RefusalCode.REASON_MISSING, None)]
    found = moved(disqualify(ready(qualified_on=TODAY), now(reason="no budget")))
    assert (found.kind, found.disqualified_on) == (LeadKind.DISQUALIFIED, TODAY)
    assert (found.disqualification_reason, found.qualified_on) == ("no budget", TODAY)


def test_a_move_has_its_records_and_a_refusal_what_no_override_passes() -> None:
    """The lead and its visits are to keep; what lacks besides an override is told."""
    found = qualify(ready(), now())
    assert isinstance(found, Moved)
    assert found.records == (found.record, *found.visits)
    bare = refused(disqualify(lead(), now()))
    assert bare.besides_override == bare.reasons


def test_a_lead_given_up_must_be_reconsidered_first() -> None:
    """From there only reconsidering leads, with a reason, and the lead is open again."""
    gone = lead(disqualified_on=TODAY, disqualification_reason="no budget", qualified_on=TODAY)
    found = refused(qualify(gone, now()))
    assert found.reasons[0].code is RefusalCode.NOT_FROM_HERE
    assert found.reasons[0].known == ("reconsider",)
    assert found.text().startswith(
        "qualify is not possible from disqualified; possible are reconsider"
    )
    chinese = found.text(Language.ZH)
    assert chinese.startswith("disqualified状态下不能qualify；可选：reconsider")
    assert told(refused(reconsider(gone, now()))) == [(RefusalCode.REASON_MISSING, None)]
    back = moved(reconsider(gone, now(reason="they called")))
    assert back == lead(kind=LeadKind.OPEN)


def test_a_converted_lead_moves_no_more() -> None:
    """Nothing leads from there."""
    done = ready(converted_on=TODAY)
    for act in (qualify, disqualify, reconsider):
        (reason,) = refused(act(done, now(reason="x"))).reasons
        assert (reason.code, reason.known) == (RefusalCode.NOT_FROM_HERE, ())
    assert "possible are nothing" in refused(qualify(done, now())).text()


def test_nothing_happens_before_what_happened_last() -> None:
    """The last day of the lead bounds the next one."""
    early = refused(qualify(ready(first_contact_on=date(2026, 3, 3)), now()))
    assert told(early) == [(RefusalCode.TOO_EARLY, "2026-03-03")]
    assert not early.is_overridable
    with pytest.raises(InvalidDate):
        qualify(ready(), Context(at=datetime(2026, 3, 2)))  # noqa: DTZ001 - naive on purpose


def test_a_policy_is_data() -> None:
    """Its fields, criteria and words take the place of those of the founding texts."""
    policy = QualificationPolicy(
        name="fast",
        version="2",
        required=["phone", "size"],
        criteria=[Criterion(key="known source", rule=F.source == "fair")],
        words=[(LeadKind.QUALIFIED, "合格")],
    )
    found = refused(qualify(lead(source="web"), now(), policy=policy))
    assert told(found) == [
        (RefusalCode.FIELD_MISSING, "phone"),
        (RefusalCode.FIELD_MISSING, "size"),
        (RefusalCode.CRITERION_FAILED, None),
    ]
    one = lead(phone="1", source="fair", custom=(("size", "big"),))
    assert moved(qualify(one, now(), policy=policy)).status == "合格"


def test_criteria_read_facts_over_the_lead() -> None:
    """A row of another lead is refused; one of this lead adds to it."""
    policy = QualificationPolicy(
        name="scored", version="1", criteria=[Criterion(key="score", rule=F.score >= 50)]
    )
    bare = refused(qualify(lead(), now(), policy=policy))
    assert bare.codes == (RefusalCode.CRITERION_UNREADABLE,)
    assert bare.reasons[0].known == ("score",)
    assert moved(qualify(lead(), now(row={"score": 60}), policy=policy)).qualified_on == TODAY
    with pytest.raises(InvalidValue, match="another record"):
        qualify(lead(), now(row={"id": "L2", "score": 60}), policy=policy)


def test_an_override_is_recorded() -> None:
    """Who may override passes over what is missing, and an event says so."""
    strict = attrs.evolve(QUALIFICATION, override_roles=("head",))
    context = now(override="an old friend", roles=("rep",))
    found = refused(qualify(ready(needs=None), context, policy=strict))
    assert found.codes == (RefusalCode.FIELD_MISSING, RefusalCode.OVERRIDE_REFUSED)
    passed = qualify(ready(needs=None), attrs.evolve(context, roles=("head",)), policy=strict)
    assert isinstance(passed, Moved)
    assert [one.name for one in passed.overridden] == ["needs"]
    assert [one.name for one in passed.events] == ["lead_qualified", OVERRIDE_USED]
    assert passed.events[1].detail == (
        '{"reason": "an old friend", "passed": [{"code": "field_missing", "name": "needs"}]}'
    )
    assert passed.events[0].rule == "qualification 1: qualify"
    gone = lead(disqualified_on=TODAY)
    assert RefusalCode.NOT_FROM_HERE in refused(qualify(gone, now(override="please"))).codes


def test_a_policy_that_says_two_things_is_refused() -> None:
    """Names must be texts, and a kind has one word."""
    with pytest.raises(InvalidValue, match="twice"):
        QualificationPolicy(
            name="p", version="1", words=[(LeadKind.OPEN, "a"), (LeadKind.OPEN, "b")]
        )
    with pytest.raises(InvalidValue, match="word for open"):
        QualificationPolicy(name="p", version="1", words=[(LeadKind.OPEN, " ")])
    with pytest.raises(InvalidValue, match="name of a qualification policy"):
        QualificationPolicy(name="", version="1")


def test_rules_are_checked_against_the_fields_of_leads() -> None:
    """Money is left out, for it is in no one currency; the event and facts are there."""
    schema = record_schema(record_table("leads"))
    assert "amount" not in schema
    check_types(F.created_on < F.event_on, schema)


ACTS = {"qualify": qualify, "disqualify": disqualify, "reconsider": reconsider}
KINDS = {"qualify": "qualified", "disqualify": "disqualified", "reconsider": "open"}
LEADS_ON = {
    ("open", "qualify"),
    ("open", "disqualify"),
    ("qualified", "disqualify"),
    ("disqualified", "reconsider"),
}
"""What leads on from where, by a second list than that of the library."""


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ACTS)), st.integers(-2, 3), st.none() | st.just("so"))
    )
)
def test_any_course_of_a_lead_keeps_to_the_table(
    course: list[tuple[str, int, str | None]],
) -> None:
    """An act is accepted where the table, time and reason let it; a refused one changes nothing."""
    one, day, last = ready(), TODAY, date(2026, 2, 1)
    for act, step, reason in course:
        day += timedelta(days=step)
        before = lead_kind(one).value
        found = ACTS[act](one, now(at=NOON + (day - TODAY), reason=reason))
        is_reasoned = act == "qualify" or reason is not None
        if before == KINDS[act]:
            assert isinstance(found, Moved)
            assert (found.is_repeat, found.record) == (True, one)
        elif (before, act) in LEADS_ON and day >= last and is_reasoned:
            one, last = moved(found), day if act != "reconsider" else date(2026, 2, 1)
            assert lead_kind(one).value == KINDS[act]
            assert lead_kind(attrs.evolve(one, kind=None)) is one.kind
        else:
            assert refused(found).record is one


def test_what_is_blank_in_a_need_is_not_known() -> None:
    """As in the lead itself: a form that sends spaces tells nothing."""
    blank = need(need=" ", business_domain=" ", buying_power="", decision_process="\t")
    found = refused(qualify(lead(), now(), needs=[blank]))
    assert [one.name for one in found.reasons] == list(QUALIFICATION.required)
