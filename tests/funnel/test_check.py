"""What is wrong with a funnel is found, all of it, and a near miss is not."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.funnel.selling import OPEN, SCHEMA, STAGES, WAYS, changed, funnel, stage, way, without

from salescore import testing
from salescore.book import Facts, SalesBook
from salescore.entities import StageKind
from salescore.funnel import (
    STANDARD_FUNNELS,
    Criterion,
    EventTemplate,
    Funnel,
    StepPolicy,
    Transition,
    check_funnel,
    guard_schema,
)
from salescore.plain import CustomFields, Kind, custom_field
from salescore.rules import F, Term
from salescore.values import Severity


def told(one: Funnel) -> list[tuple[str, str]]:
    """Return code and message of what is found."""
    return [(found.code, found.message) for found in check_funnel(one, SCHEMA)]


def codes(one: Funnel) -> list[str]:
    """Return the codes of what is found."""
    return [code for code, _ in told(one)]


def guard(rule: Term, key: str = "asked") -> Criterion:
    """Return a criterion."""
    return Criterion(key=key, rule=rule)


def ways(*more: Transition, but: Iterable[str] = ()) -> tuple[Transition, ...]:
    """Return the transitions with others, and without some."""
    return (*without(*but), *more)


def test_a_sound_funnel_has_no_findings() -> None:
    """Also with holds, steps back, skips and reopening."""
    assert check_funnel(funnel(), SCHEMA) == ()


def test_a_finding_names_the_funnel_and_its_version() -> None:
    """Its subject is the funnel, and its severity says whether it can be used."""
    (found,) = check_funnel(funnel(transitions=ways(but=["win"])), SCHEMA)
    assert found.code == "funnel-stage-unreachable"
    assert found.message == "stage 'won' of selling 1 is reached from 'lead' by no transition"
    assert (found.severity, found.subject) == (Severity.WARNING, "funnels/selling")


def test_stages_behind_an_unreachable_one_are_unreachable_too() -> None:
    """What leads to a stage counts only from where a sale can be."""
    stages = (*STAGES, stage("isle", StageKind.HOLD), stage("reef", StageKind.HOLD))
    transitions = ways(
        way("swim", "isle", "reef"), way("land", "reef", "lead"), way("sink", "isle", "lead")
    )
    found = told(funnel(stages=stages, transitions=transitions))
    assert [code for code, _ in found] == ["funnel-stage-unreachable"] * 2
    assert "'isle'" in found[0][1]
    assert "'reef'" in found[1][1]


def test_going_on_after_a_hold_reaches_no_stage_anew() -> None:
    """It leads to where the sale was; that alone makes no stage reachable."""
    stages = (*STAGES, stage("isle"))
    transitions = ways(way("hold", "isle", "pause", needs_reason=True), way("lose", "isle", "lost"))
    assert codes(funnel(stages=stages, transitions=transitions)) == ["funnel-stage-unreachable"]


def test_a_stage_from_which_no_sale_ends_is_a_trap() -> None:
    """A circle of stages is one in each of its stages; it is an error."""
    stages = (*STAGES, stage("room", StageKind.HOLD), stage("hall", StageKind.HOLD))
    transitions = ways(
        way("enter", "lead", "room", needs_reason=True),
        way("cross", "room", "hall"),
        way("cross_back", "hall", "room"),
    )
    found = check_funnel(funnel(stages=stages, transitions=transitions), SCHEMA)
    traps = [one for one in found if one.code == "funnel-trap"]
    assert [one.severity for one in traps] == [Severity.ERROR] * 2
    assert {one.code for one in found} == {"funnel-trap", "funnel-hold-without-return"}


def test_a_hold_that_goes_on_where_a_sale_can_end_is_no_trap() -> None:
    """Going on in the stage before leads there; also over a second hold, and after a loss."""
    transitions = ways(but=["give_up"])
    assert codes(funnel(transitions=transitions)) == []
    stages = (*STAGES, stage("rest", StageKind.HOLD))
    nested = ways(
        way("rest", "pause", "rest", needs_reason=True),
        way("wake", "rest", None),
        way("again", "lost", None),
        but=["give_up", "resume"],
    )
    assert codes(funnel(stages=stages, transitions=nested)) == ["funnel-hold-without-return"]


def test_a_funnel_without_end_start_or_win_is_found() -> None:
    """Each is an error, and stages are no traps where there is no end at all."""
    endless = Funnel(
        name="f", version="1", stages=STAGES[:2], transitions=[way("offer", "lead", "offer")]
    )
    assert codes(endless)[:1] == ["funnel-without-end"]
    assert "funnel-trap" not in codes(endless)
    assert "funnel-without-won" not in codes(endless)
    winless = Funnel(
        name="f",
        version="1",
        stages=[STAGES[0], STAGES[4]],
        transitions=[way("lose", "lead", "lost")],
    )
    assert codes(winless) == ["funnel-without-won"]
    startless = Funnel(name="f", version="1", stages=[STAGES[3]], transitions=[])
    assert told(startless) == [("funnel-without-start", "f 1 has no open stage to begin in")]


def test_an_open_stage_without_a_way_to_be_lost_is_found() -> None:
    """To be void is not to be lost."""
    transitions = ways(way("lose", ("lead", "deal"), "lost"), but=["lose"])
    ((code, message),) = told(funnel(transitions=transitions))
    assert code == "funnel-stage-without-loss"
    assert "'offer'" in message


def test_a_hold_without_a_way_back_is_found() -> None:
    """To be lost from there is none; any open stage is one."""
    assert codes(funnel(transitions=ways(but=["resume"]))) == ["funnel-hold-without-return"]
    transitions = ways(way("resume", "pause", "lead"), but=["resume"])
    assert codes(funnel(transitions=transitions)) == []


def test_a_hold_without_a_reason_is_found() -> None:
    """A loss takes one always; a hold only where the transition says so."""
    transitions = ways(way("hold", OPEN, "pause"), but=["hold"])
    ((code, message),) = told(funnel(transitions=transitions))
    assert code == "funnel-hold-without-reason"
    assert message == "event 'hold' of selling 1 puts on hold in 'pause' and asks for no reason"


def test_going_on_from_an_open_stage_is_found() -> None:
    """The stage before a stage that is open is what a step back is for; after a loss it is not."""
    transitions = ways(way("resume", ("pause", "offer", "lost"), None), but=["resume"])
    ((code, message),) = told(funnel(transitions=transitions))
    assert code == "funnel-resume-without-hold"
    assert "'offer'" in message


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (F.amonut > 1, "did you mean 'amount'?"),
        (F.amount == "much", "amount"),
        (F.amount + 1, "no condition but a number"),
    ],
    ids=["unknown field", "number to text", "no condition"],
)
def test_a_rule_that_cannot_be_asked_is_found(rule: Term, fault: str) -> None:
    """As criterion of a stage and as guard of a transition; overlaps are not looked for then."""
    for one in (
        funnel(stages=changed("lead", exit_criteria=[guard(rule)])),
        funnel(
            transitions=ways(way("offer", "lead", "offer", guards=[guard(rule)]), but=["offer"])
        ),
    ):
        ((code, message),) = told(one)
        assert code == "funnel-rule-invalid"
        assert "criterion 'asked'" in message
        assert fault in message


def test_overlaps_are_not_looked_for_where_a_rule_cannot_be_asked() -> None:
    """The rule is what is told."""
    assert codes(choice(F.amonut > 1, F.amount > 1)) == ["funnel-rule-invalid"]


def test_rules_can_read_the_event_and_the_history() -> None:
    """Their fields are in the schema of guards."""
    rule = (F.days_in_stage < 90) & (F.entries == 1) & ~F.event_reason.is_null()
    assert codes(funnel(stages=changed("lead", exit_criteria=[guard(rule)]))) == []


def test_required_fields_that_no_opportunity_has_are_found() -> None:
    """A column of the fact table that is no field of an opportunity is none either."""
    stages = changed("deal", required=["amount", "cycle_days", "cycle_days2"])
    transitions = ways(way("win", "deal", "won", required=["po_number"]), but=["win"])
    found = told(funnel(stages=stages, transitions=transitions))
    assert [code for code, _ in found] == ["funnel-required-unknown"] * 3
    assert found[0][1] == (
        "stage 'deal' of selling 1 requires 'cycle_days', which is no field of opportunities"
    )
    assert "event 'win'" in found[2][1]


def test_registered_fields_can_be_required() -> None:
    """Those with the name of a column of facts too, where the field table of records is given."""
    registered = CustomFields.of(
        {
            "opportunities": [
                custom_field("po_number", Kind.TEXT, en="Purchase order", zh="采购单号"),
                custom_field("region", Kind.TEXT, en="Region", zh="大区"),
            ]
        }
    )
    book = SalesBook(custom_fields=registered)
    schema = guard_schema(Facts.of(book, currency="CNY").schema("opportunities"))
    one = funnel(stages=changed("deal", required=["po_number"]))
    assert check_funnel(one, schema) == ()
    assert len(check_funnel(one, SCHEMA)) == 1
    shadowed = funnel(stages=changed("deal", required=["region"]))
    assert len(check_funnel(shadowed, schema)) == 1
    assert check_funnel(shadowed, schema, book.table("opportunities")) == ()


def test_falling_probabilities_are_found() -> None:
    """Against the highest stage before that states one; equal ones are no fall."""
    ((code, message),) = told(funnel(stages=changed("deal", probability=Decimal("0.3"))))
    assert code == "funnel-probability-falls"
    assert "stage 'deal' of selling 1 has the probability 0.3, below 0.4 of 'offer'" in message
    assert codes(funnel(stages=changed("deal", probability=Decimal("0.4")))) == []
    stages = tuple(
        stage(one.key, one.kind, probability=chance)
        for one, chance in zip(STAGES[:3], map(Decimal, ("0.5", "0.2", "0.4")), strict=True)
    )
    assert codes(funnel(stages=(*stages, *STAGES[3:]))) == ["funnel-probability-falls"] * 2


def test_missing_labels_are_found_by_language() -> None:
    """It is worth knowing only, as the key is shown instead."""
    found = check_funnel(funnel(stages=changed("offer", labels=("Offer", " "))), SCHEMA)
    assert [(one.code, one.severity) for one in found] == [("funnel-label-missing", Severity.INFO)]
    assert "Chinese" in found[0].message
    assert codes(funnel(stages=changed("offer", labels=("", "")))) == ["funnel-label-missing"] * 2


def choice(first: Term | dict[str, Any], second: Term | dict[str, Any], **more: Any) -> Funnel:  # noqa: ANN401
    """Return the process with two transitions of one event out of one stage."""
    asked = [one if isinstance(one, dict) else {"guards": [guard(one)]} for one in (first, second)]
    both = [
        way("go", "lead", target, **given)
        for target, given in zip(("deal", "offer"), asked, strict=True)
    ]
    return funnel(transitions=ways(*both), **more)


@pytest.mark.parametrize(
    ("first", "second", "sound"),
    [
        (F.amount >= 100, F.amount <= 100, F.amount < 100),
        (F.source == "fair", F.source != "web", F.source == "web"),
        (F.days_in_stage > 5, F.entries > 1, F.days_in_stage <= 5),
        (F.competitor.is_null(), F.amount > 1, ~F.competitor.is_null()),
    ],
)
def test_guards_that_overlap_are_found_with_a_witness(
    first: Term, second: Term, sound: Term
) -> None:
    """A row to which both apply is in the message; guards that exclude each other are sound."""
    ((code, message),) = told(choice(first, second))
    assert code == "funnel-guards-overlap"
    assert "leads from 'lead' both to 'deal' and to 'offer' for an opportunity with " in message
    assert codes(choice(first, sound)) == []


def test_the_witness_of_an_overlap_fulfils_what_the_stage_asks_too() -> None:
    """What keeps a sale in its stage anyway is no overlap."""
    asked = changed("lead", exit_criteria=[guard(F.amount > 200)])
    both = F.amount >= 100, F.amount <= 150
    assert codes(choice(*both)) == ["funnel-guards-overlap"]
    assert codes(choice(*both, stages=asked)) == []
    ((_, message),) = told(choice(both[0], F.amount <= 300, stages=asked))
    assert "amount = 200.01" in message or "amount = 300" in message


def test_an_overlap_is_told_once_for_all_sources() -> None:
    """It is one pair of transitions, however many stages they share."""
    both = [
        way("go", ("lead", "offer"), "deal", guards=[guard(F.amount > 1)]),
        way("go", ("lead", "offer"), "lost", guards=[guard(F.amount > 2)]),
    ]
    assert codes(funnel(transitions=ways(*both))) == ["funnel-guards-overlap"]


def test_guards_overlap_only_where_it_matters() -> None:
    """Transitions that do the same, for other roles, or for all other cases are no overlap."""
    big, any_amount = [guard(F.amount > 10)], [guard(F.amount > 1)]
    same = [
        way("go", "lead", "deal", guards=big, required=["rep_id"]),
        way("go", "lead", "deal", guards=any_amount),
    ]
    assert codes(funnel(transitions=ways(*same))) == []
    noted = [same[0], way("go", "lead", "deal", guards=any_amount, emits=[EventTemplate(name="e")])]
    assert codes(funnel(transitions=ways(*noted))) == ["funnel-guards-overlap"]
    roles = {"guards": big, "roles": ["boss"]}, {"guards": any_amount, "roles": ["rep"]}
    assert codes(choice(*roles)) == []
    shared = {"guards": big, "roles": ["boss"]}, {"guards": any_amount, "roles": ["rep", "boss"]}
    assert codes(choice(*shared)) == ["funnel-guards-overlap"]
    assert codes(choice(F.amount > 10, {})) == []


@pytest.mark.parametrize(
    ("first", "second", "is_never_taken"),
    [
        ({}, {}, True),
        ({}, {"guards": [guard(F.amount > 1)]}, True),
        ({"guards": [guard(F.amount > 1)]}, {"guards": [guard(F.amount > 1, "other")]}, True),
        ({"guards": [guard(F.amount > 1)]}, {}, False),
        ({"roles": ["boss"]}, {}, False),
        ({"roles": ["boss", "rep"]}, {"roles": ["boss"]}, True),
        ({"roles": ["boss"]}, {"roles": ["boss", "rep"]}, False),
        ({}, {"roles": ["boss"]}, True),
        ({"required": ["amount"]}, {}, False),
        ({"required": ["amount"]}, {"required": ["amount", "rep_id"]}, True),
        ({"needs_reason": True}, {}, False),
        ({"needs_reason": True}, {"needs_reason": True}, True),
    ],
)
def test_a_transition_that_is_never_taken_is_found(
    first: dict[str, object], second: dict[str, object], *, is_never_taken: bool
) -> None:
    """The earlier one asks for no more, so that whatever lets the later pass lets it pass first."""
    both = [way("go", "offer", "lead", **first), way("go", "offer", "deal", **second)]
    expected = ["funnel-transition-never-taken"] if is_never_taken else []
    assert codes(funnel(transitions=ways(*both))) == expected


def test_policies_tell_whether_a_transition_is_ever_taken() -> None:
    """An earlier one that skips leaves the others to it where skipping is refused."""
    one = choice({}, {}, stages=STAGES)
    assert codes(one) == ["funnel-transition-never-taken"]
    for policy in (StepPolicy.REFUSED, StepPolicy.WITH_REASON):
        assert codes(choice({}, {}, skip=policy)) == []


def test_going_on_in_the_stage_before_leaves_something_to_the_others() -> None:
    """Where no history tells the stage before, the next transition is taken."""
    both = [way("go", "pause", None), way("go", "pause", "lead")]
    assert codes(funnel(transitions=ways(*both))) == []
    assert codes(funnel(transitions=ways(*both[::-1]))) == ["funnel-transition-never-taken"]


def test_what_was_on_hold_is_asked_as_the_stage_before_is() -> None:
    """A way on that the hold itself asks nothing for may be refused by the stage before it."""
    both = [way("go", "pause", "deal"), way("go", "pause", "lead")]
    assert codes(funnel(transitions=ways(*both))) == ["funnel-transition-never-taken"]
    asked = changed("lead", exit_criteria=[guard(F.amount > 1)])
    assert codes(funnel(transitions=ways(*both), stages=asked)) == []


def test_what_the_stage_asks_of_the_earlier_one_leaves_something_to_the_later() -> None:
    """A skip asks for what the stages left out ask, so the shorter way may still be taken."""
    asked = changed("offer", exit_criteria=[guard(F.amount > 1)])
    assert codes(choice({}, {}, stages=asked)) == []


@settings(max_examples=25)
@given(testing.rules(SCHEMA), testing.rules(SCHEMA))
def test_any_guards_can_be_checked(first: Term, second: Term) -> None:
    """Whatever the rules, findings are returned, and none but these."""
    found = set(codes(choice(first, second)))
    assert found <= {"funnel-guards-overlap", "funnel-transition-never-taken"}


@pytest.mark.parametrize("one", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_standard_funnels_have_no_findings(one: Funnel) -> None:
    """What ships is sound."""
    assert check_funnel(one, SCHEMA) == ()


@given(st.data())
def test_any_shape_can_be_checked(data: st.DataObject) -> None:
    """Whatever leads where, each stage is reachable or not, and ends or not, as a walk tells."""
    keys = [one.key for one in STAGES]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=9))
    one = funnel(transitions=[way(f"e{n}", a, b) for n, (a, b) in enumerate(pairs)])
    found = told(one)

    def leads(start: str) -> set[str]:
        seen = {start}
        for _ in keys:
            seen |= {b for a, b in pairs if a in seen}
        return seen

    for key in keys:
        name = f"stage {key!r} "
        unreachable = ("funnel-stage-unreachable", name) in [
            (code, message[: len(name)]) for code, message in found
        ]
        trap = ("funnel-trap", name) in [(code, message[: len(name)]) for code, message in found]
        assert unreachable is (key not in leads("lead"))
        assert trap is leads(key).isdisjoint({"won", "lost", "void"})


def test_the_ways_of_the_sample_are_all_told_apart() -> None:
    """The sample that these tests change has each event but `back` and `win` once."""
    assert len({one.event for one in WAYS}) == len(WAYS)
