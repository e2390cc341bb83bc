"""A rule over the fact table says what decisions on the same opportunities say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.funnel.sale import BIG, STAGES, UNDER_WAY, sale

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.frames import with_values
from salescore.funnel import (
    EVENT_FIELDS,
    STANDARD_FUNNELS,
    Context,
    Criterion,
    Funnel,
    Stage,
    StageHistory,
    StepPolicy,
    Transition,
    decide_many,
    decision_code,
    decision_rule,
)
from salescore.plain import CustomFields, FieldTable, Kind, custom_field, custom_values
from salescore.rules import Expression, F, RuleType, check_types, evaluate
from salescore.testing import DifferentialEngine, DifferentialRows, FrameEngine, SqlEngine, rules
from salescore.values import ConstantRates, Money

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = AT.date()
NOW = Context(at=AT, roles=["rep"], reason="because")
CUSTOM = CustomFields.of(
    {
        "opportunities": [
            custom_field("needs", Kind.TEXT, "Needs", "需求"),
            custom_field("ready", Kind.BOOLEAN, "Ready", "就绪"),
        ],
        "customers": [custom_field("budget", Kind.TEXT, "Budget", "预算")],
    }
)


def facts_of(*opportunities: Opportunity) -> Facts:
    """Return the facts of opportunities, in dollars; euros have no rate."""
    book = SalesBook(opportunities=opportunities, custom_fields=CUSTOM)
    return Facts.of(book, rates=ConstantRates.of("USD", {}))


SCHEMA = facts_of().schema("opportunities")
RECORDS = SalesBook(custom_fields=CUSTOM).table("opportunities")


def deal(number: int = 1, **given: Any) -> Opportunity:  # noqa: ANN401 - whatever it takes
    """Return an opportunity that stands in the stage `lead`."""
    plain: dict[str, Any] = {
        "id": OpportunityId(f"O{number:03}"),
        "stage": "lead",
        "kind": StageKind.OPEN,
    }
    return Opportunity(**{**plain, **given})


def decided(funnel: Funnel, event: str, context: Context, facts: Facts) -> list[str]:
    """Return what `decide_many` says of each opportunity."""
    table = facts.table("opportunities")
    contexts = [attrs.evolve(context, row=table.row(place)) for place in range(len(table))]
    found = decide_many(funnel, facts.known.book.opportunities, event, contexts)
    return [decision_code(one) for one in found]


def asked(rule: Expression, facts: Facts) -> list[Any]:
    """Return what a rule says of each row."""
    table = facts.table("opportunities")
    return [evaluate(rule, table.row(place)) for place in range(len(table))]


def rule_of(
    event: str,
    funnel: Funnel | None = None,
    context: Context = NOW,
    **given: Any,  # noqa: ANN401
) -> Expression:
    """Return the rule of an event of the sale, or of another funnel."""
    return decision_rule(funnel or sale(), event, context, SCHEMA, RECORDS, **given)


# What it says -------------------------------------------------------------------------------------

KNOWN = custom_values(needs="known")


@pytest.mark.parametrize(
    ("event", "given_", "says"),
    [
        ("propose", {"customer_id": "C1", "custom": KNOWN}, "accepted:offer"),
        ("propose", {"stage": "limbo"}, "unknown_stage"),
        ("propose", {"kind": StageKind.WON}, "kind_differs"),
        ("propose", {"stage": "talks"}, "not_from_here"),
        ("propose", {"stage": "hold", "kind": StageKind.HOLD}, "on_hold"),
        ("propose", {"created_on": date(2026, 3, 3), "custom": KNOWN}, "too_early"),
        ("propose", {"custom": KNOWN}, "field_missing"),
        ("propose", {"customer_id": " ", "custom": KNOWN}, "field_missing"),
        ("propose", {"customer_id": "C1"}, "criterion_unknown"),
        ("propose", {"customer_id": "C1", "custom": custom_values(needs="?")}, "criterion_failed"),
        ("lose", {}, "accepted:lost"),
        ("go back", {"stage": "talks"}, "accepted:lead"),
    ],
)
def test_each_row_has_its_answer(event: str, given_: dict[str, Any], says: str) -> None:
    """Where it leads, or the first reason against it; the same as of a decision."""
    facts = facts_of(deal(**given_))
    assert asked(rule_of(event), facts) == [says]
    assert decided(sale(), event, NOW, facts) == [says]


@pytest.mark.parametrize(
    ("event", "stage", "context", "policies", "says"),
    [
        ("approve", "talks", {}, {}, "role_missing"),
        ("lose", "lead", {"reason": None}, {}, "reason_missing"),
        ("negotiate", "lead", {}, {"skip": StepPolicy.REFUSED}, "skip_refused"),
        ("negotiate", "lead", {"reason": None}, {"skip": StepPolicy.WITH_REASON}, "reason_missing"),
        ("go back", "talks", {}, {"back": StepPolicy.REFUSED}, "back_refused"),
    ],
)
def test_policies_and_roles_hold_for_every_row(
    event: str, stage: str, context: dict[str, Any], policies: dict[str, Any], says: str
) -> None:
    """What the funnel refuses whoever asks for it is refused on every row."""
    ways = [
        attrs.evolve(one, required=("amount",)) if one.event == "approve" else one
        for one in sale().transitions
    ]
    funnel = sale(transitions=ways, **policies)
    known = attrs.evolve(NOW, **context)
    facts = facts_of(deal(stage=stage))
    assert asked(rule_of(event, funnel, known), facts) == [says]
    assert decided(funnel, event, known, facts) == [says]


def test_an_amount_without_an_exchange_rate_is_there() -> None:
    """A required amount is stated, whatever its currency; a rule on it is unknown."""
    way = Transition(event="go", sources=["lead"], target="talks", required=["amount"])
    funnel = sale(transitions=[way], stages=[STAGES[0], STAGES[2]])
    deals = [deal(1), deal(2, amount=Money.of("5", "USD")), deal(3, amount=Money.of("5", "EUR"))]
    facts = facts_of(*deals)
    says = ["field_missing", "accepted:talks", "accepted:talks"]
    assert asked(rule_of("go", funnel), facts) == decided(funnel, "go", NOW, facts) == says
    guarded = sale(transitions=[attrs.evolve(way, guards=[BIG])], stages=[STAGES[0], STAGES[2]])
    says = ["field_missing", "criterion_failed", "criterion_unknown"]
    assert asked(rule_of("go", guarded), facts) == decided(guarded, "go", NOW, facts) == says


def test_criteria_read_the_event() -> None:
    """The day and the reason are those of the context; without a reason it is unknown."""
    late = Criterion(key="late", rule=F.event_on >= date(2026, 3, 2))
    told = Criterion(key="told", rule=(F.event_reason == "because") & F.ready.is_in([True]))
    way = Transition(event="go", sources=["lead"], target="talks", guards=[late, told])
    funnel = sale(transitions=[way], stages=[STAGES[0], STAGES[2]])
    facts = facts_of(deal(1, custom=custom_values(ready=True)), deal(2))
    contexts = (NOW, attrs.evolve(NOW, reason=None), Context(at=datetime(2026, 3, 1, tzinfo=UTC)))
    said = [asked(rule_of("go", funnel, one), facts) for one in contexts]
    assert said == [
        ["accepted:talks", "criterion_unknown"],
        ["criterion_unknown", "criterion_unknown"],
        ["criterion_failed", "criterion_failed"],
    ]
    assert said == [decided(funnel, "go", one, facts) for one in contexts]


def test_of_several_ways_the_one_that_the_least_speaks_against_answers() -> None:
    """The first that is free is taken, else the reason is that of the nearest."""
    hard = [Criterion(key=f"k{n}", rule=F.source == f"s{n}") for n in range(3)]
    ways = [
        Transition(event="go", sources=["lead"], target="offer", guards=hard),
        Transition(event="go", sources=["lead"], target="talks", required=["competitor"]),
        Transition(event="go", sources=["lead"], target="talks", roles=["boss"], guards=hard[:1]),
    ]
    stages = [STAGES[0], attrs.evolve(STAGES[1], required=(), exit_criteria=()), STAGES[2]]
    funnel = sale(transitions=ways, stages=stages)
    facts = facts_of(deal(1), deal(2, competitor="X"), deal(3, source="s0"))
    says = ["field_missing", "accepted:talks", "field_missing"]
    assert asked(rule_of("go", funnel), facts) == decided(funnel, "go", NOW, facts) == says
    boss = attrs.evolve(NOW, roles=("boss",))
    says = ["field_missing", "accepted:talks", "accepted:talks"]
    assert asked(rule_of("go", funnel, boss), facts) == decided(funnel, "go", boss, facts) == says


# What it cannot know ------------------------------------------------------------------------------


def going(**given: Any) -> Funnel:  # noqa: ANN401 - whatever a transition takes
    """Return a funnel whose event `go` leads from the first stage to talks."""
    plain: dict[str, Any] = {"event": "go", "sources": ["lead"], "target": "talks"}
    return sale(transitions=[Transition(**{**plain, **given})])


@pytest.mark.parametrize(
    ("funnel", "says"),
    [
        (going(sources=["lead", "hold"], target=None), "out of lead.*stage before"),
        (going(sources=["hold"], target="won"), "out of hold.*depends on the stage before"),
        (going(guards=[Criterion(key="k", rule=F.days_in_stage > 1)]), "days_in_stage.*history"),
        (going(guards=[Criterion(key="k", rule=F.entries > 1)]), "entries.*history"),
        (going(required=["next_step"]), "next_step.*no column"),
        (going(required=["budget"]), "budget.*no column"),
        (going(required=["first_contact_on"]), "first_contact_on.*no column"),
        (going(sources=["won"], required=["probability"]), "probability.*closed"),
    ],
)
def test_what_rows_cannot_tell_is_refused_by_name(funnel: Funnel, says: str) -> None:
    """The history, its fields and fields that are no columns are named when the rule is made."""
    with pytest.raises(InvalidValue, match=says):
        rule_of("go", funnel)


def test_registered_money_is_refused() -> None:
    """Without an exchange rate its column is empty, and so may that of the amount be."""
    custom = CustomFields.of(
        {"opportunities": [custom_field("fee", Kind.MONEY, "Fee", "费用")]},
    )
    schema = Facts.of(SalesBook(custom_fields=custom), currency="USD").schema("opportunities")
    with pytest.raises(InvalidValue, match=r"fee.*exchange rate"):
        decision_rule(going(required=["fee"]), "go", NOW, schema)
    with pytest.raises(InvalidValue, match=r"amount.*registered money"):
        decision_rule(going(required=["amount"]), "go", NOW, schema)


@pytest.mark.parametrize(
    "given_",
    [{"row": {"id": "O1"}}, {"history": StageHistory(opportunity_id="O1")}, {"override": "so"}],
)
def test_a_context_of_one_opportunity_is_refused(given_: dict[str, Any]) -> None:
    """A rule is asked of many."""
    with pytest.raises(InvalidValue, match=f"{next(iter(given_))} of the context"):
        rule_of("win", context=attrs.evolve(NOW, **given_))


def test_faults_of_the_caller_are_named() -> None:
    """An event that there is not, a field that no table has, a criterion that does not fit."""
    with pytest.raises(UnknownName, match="fly"):
        rule_of("fly")
    with pytest.raises(UnknownName, match="speed"):
        rule_of("go", going(guards=[Criterion(key="k", rule=F.speed > 1)]))
    with pytest.raises(RuleTypeError):
        rule_of("go", going(guards=[Criterion(key="k", rule=F.source > date(2026, 1, 1))]))


def test_without_records_registered_fields_are_those_of_opportunities() -> None:
    """Who has no book can require a column that is registered."""
    funnel = going(required=["needs"])
    assert decision_rule(funnel, "go", NOW, SCHEMA) == rule_of("go", funnel)


@pytest.mark.parametrize("funnel", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_every_event_of_standard_funnels_but_reopening_is_a_rule(funnel: Funnel) -> None:
    """Their rules are made, yield a text, and say what decisions say of every stage."""
    deals = [deal(number, stage=one.key, kind=one.kind) for number, one in enumerate(funnel.stages)]
    facts = facts_of(*deals)
    for event in funnel.events:
        if event == "reopen":
            with pytest.raises(InvalidValue, match="stage before"):
                rule_of(event, funnel)
            continue
        assert asked(rule_of(event, funnel), facts) == decided(funnel, event, NOW, facts)


# The law ------------------------------------------------------------------------------------------

READ = ("source", "competitor", "amount", "created_on", "kind", "probability", "needs", "ready")
GUARDS = FieldTable(
    name="opportunities",
    fields=(*map(SCHEMA.field, READ), *(one for one in EVENT_FIELDS if one.name[:5] == "event")),
)
REQUIRED = ("customer_id", "competitor", "source", "amount", "needs", "expected_close_on")
KEYS = ("lead", "it's", "方案", "won", "lost", "hold")
CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)
EVENTS = ("go", "on")
IDS = (None, " ", "C1", "C2", "C3")
Case = tuple[Funnel, Context, Facts]

BLANKS = (None, "", " ", "\u3000", "x", "y z")


@st.composite
def criteria(draw: st.DrawFn) -> list[Criterion]:
    """Return up to two criteria over rows and the event."""
    some = draw(st.integers(0, 2)) if draw(st.booleans()) else 0
    return [Criterion(key=f"k{n}", rule=draw(rules(GUARDS))) for n in range(some)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a funnel whose events rules can tell, who asks, and some opportunities."""
    kinds = [StageKind.OPEN, *(draw(st.sampled_from(StageKind)) for _ in KEYS[1:])]
    required = st.lists(st.sampled_from(REQUIRED), max_size=2, unique=True)
    stages = [
        Stage(
            key=key,
            kind=kind,
            required=draw(required),
            exit_criteria=() if kind in CLOSED else draw(criteria()),
        )
        for key, kind in zip(KEYS, kinds, strict=True)
    ]
    held = {one.key for one in stages if one.kind is StageKind.HOLD}
    given_up = [one.key for one in stages if one.kind in (StageKind.LOST, StageKind.VOID)]
    ways: list[Transition] = []
    for _ in range(draw(st.integers(1, 6))):
        target = draw(st.sampled_from(KEYS))
        sources = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
        found = [key for key in sources if key not in held or target in given_up]
        ways.append(
            Transition(
                event=draw(st.sampled_from(EVENTS)),
                sources=found or ["lead"],
                target=target,
                guards=draw(criteria()),
                required=draw(required),
                roles=draw(st.sampled_from([(), (), ("rep",), ("boss",)])),
                needs_reason=draw(st.booleans()),
            )
        )
    policies = st.sampled_from(StepPolicy)
    funnel = Funnel(
        name="any",
        version="1",
        stages=stages,
        transitions=ways,
        skip=draw(policies),
        back=draw(policies),
    )
    context = Context(
        at=AT,
        roles=draw(st.sampled_from([(), ("rep",), ("rep", "boss")])),
        reason=draw(st.sampled_from([None, "because"])),
    )
    deals = [draw(some_deal(number, stages)) for number in range(draw(st.integers(1, 12)))]
    return funnel, context, facts_of(*deals)


@st.composite
def some_deal(draw: st.DrawFn, number: int, stages: list[Stage]) -> Opportunity:
    """Return an opportunity that stands in a stage, mostly of the right kind."""
    stage = draw(st.sampled_from([*stages, Stage(key="limbo")]))
    kind = draw(st.sampled_from([stage.kind] * 6 + [StageKind.WON]))
    days = st.sampled_from([None, date(2026, 3, 1), TODAY, TODAY, date(2026, 3, 3)])
    texts = st.sampled_from(BLANKS)
    sums = [None, Money.of("0.05", "USD"), Money.of("100", "USD"), Money.of("7", "EUR")]
    custom = {
        "needs": draw(texts),
        "ready": draw(st.sampled_from([None, True, False])),
    }
    return deal(
        number,
        stage=stage.key,
        kind=kind,
        customer_id=draw(st.sampled_from(IDS)),
        competitor=draw(texts),
        source=draw(texts),
        amount=draw(st.sampled_from(sums)),
        probability=draw(st.sampled_from([None, Decimal("0.3")])),
        created_on=draw(days),
        expected_close_on=draw(days),
        closed_on=draw(days),
        custom=custom_values(**{key: one for key, one in custom.items() if one is not None}),
    )


@given(case=cases(), event=st.sampled_from(EVENTS))
@settings(deadline=None, max_examples=150)
def test_rules_say_what_decisions_say(case: Case, event: str) -> None:
    """On every row of random opportunities in random funnels the answer is that of `decide`."""
    funnel, context, facts = case
    if event not in funnel.events:
        event = funnel.events[0]
    rule = decision_rule(funnel, event, context, SCHEMA, RECORDS)
    assert check_types(rule, SCHEMA) is RuleType.TEXT
    assert asked(rule, facts) == decided(funnel, event, context, facts)


# Engines ------------------------------------------------------------------------------------------


def same_on(engine: DifferentialEngine, case: Case) -> None:
    """See that an engine says of all events what decisions say."""
    funnel, context, facts = case
    table = facts.table("opportunities")
    rows = DifferentialRows(schema=table.schema, columns=tuple(map(tuple, table.columns)))
    made = [decision_rule(funnel, one, context, SCHEMA, RECORDS) for one in funnel.events]
    for event, found in zip(funnel.events, engine.evaluate(rows, made), strict=True):
        assert found == decided(funnel, event, context, facts), (event, found)


@pytest.mark.engine
@pytest.mark.parametrize("name", ["polars", "polars-lazy", "duckdb", "pandas", "pyarrow"])
@given(case=cases())
@settings(deadline=None, max_examples=12)
def test_dataframes_say_what_decisions_say(name: str, case: Case) -> None:
    """Every engine of dataframes answers as `decide` does, row by row."""
    same_on(FrameEngine(name), case)


@pytest.mark.engine
@given(case=cases())
@settings(deadline=None, max_examples=12)
def test_databases_say_what_decisions_say(case: Case) -> None:
    """SQLite and DuckDB answer as `decide` does, row by row."""
    same_on(SqlEngine.sqlite(), case)
    with duckdb.connect() as connection:
        same_on(SqlEngine.duckdb(connection), case)


def crowd() -> Case:
    """Return three hundred opportunities in all stages of the sale, without what rules refuse."""
    kinds = {one.key: one.kind for one in sale().stages}
    ways = [one for one in sale().transitions if one.event in ("propose", "negotiate", "lose")]
    deals = [
        deal(
            n,
            stage=key,
            kind=kind,
            customer_id=IDS[n % 5],
            amount=None if n % 4 == 0 else Money.of(str(60 + n), "USD"),
            created_on=date(2026, 3, 1 + n % 3),
            custom=KNOWN if n % 3 else (),
        )
        for n, (key, kind) in enumerate([*kinds.items()] * 37)
    ]
    return sale(transitions=ways), NOW, facts_of(*deals)


@pytest.mark.slow
@pytest.mark.engine
def test_spark_says_what_decisions_say(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """Spark answers as `decide` does, as dataframes and as SQL."""
    same_on(FrameEngine("spark", spark), crowd())
    same_on(SqlEngine.spark(spark), crowd())


def test_a_column_of_decisions() -> None:
    """A dataframe takes a column that says of each opportunity what the event would do."""
    funnel, context, facts = crowd()
    table = facts.table("opportunities")
    names = ("id", "stage", "kind", "customer_id", "created_on", "closed_on", "needs")
    frame = pl.DataFrame(
        {name: list(table.column(name)) for name in names}, schema_overrides={"closed_on": pl.Date}
    )
    rule = decision_rule(funnel, "propose", context, SCHEMA, RECORDS)
    found = with_values(frame, SCHEMA, verdict=rule)["verdict"].to_list()
    assert found == decided(funnel, "propose", context, facts)
    assert {"accepted:offer", "criterion_unknown", "field_missing"} < set(found)
    assert UNDER_WAY[0] in table.column("stage")
