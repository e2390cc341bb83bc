"""Every reason of refusal: an example that brings it about, and its words in both languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from tests.funnel.sale import (
    after,
    asked,
    begun,
    deal,
    row,
    sale,
    walked,
)

from salescore.entities import OpportunityId, StageKind
from salescore.funnel import (
    OVERRIDABLE,
    Accepted,
    Context,
    Criterion,
    Funnel,
    Refusal,
    RefusalCode,
    Refused,
    Stage,
    StageHistory,
    StepPolicy,
    Transition,
    begin,
    decide,
    refusal_words,
)
from salescore.render import Language
from salescore.rules import F

STRICT = sale(skip=StepPolicy.REFUSED, back=StepPolicy.REFUSED, override_roles=["manager"])
HOUR = timedelta(hours=1)


def history_ended() -> Accepted | Refused:
    """Ask of a history whose last visit has ended."""
    last = begun()
    visit = attrs.evolve(last.visits[0], left_on=last.visits[0].entered_on)
    history = StageHistory(opportunity_id="O1", visits=(visit,))
    return decide(sale(), last.opportunity, "propose", after(1, history=history))


def other(**given: object) -> Accepted | Refused:
    """Ask of an opportunity that its history does not fit."""
    last = begun()
    return decide(sale(), attrs.evolve(last.opportunity, **given), "pause", after(1, last))


EXAMPLES: dict[str, tuple[RefusalCode, Callable[[], Accepted | Refused], str, str]] = {
    "unknown stage": (
        RefusalCode.UNKNOWN_STAGE,
        lambda: decide(sale(), deal(stage="limbo"), "propose", after(1)),
        "the funnel has no stage limbo; it has lead, offer, talks, hold, frozen, won, lost, void",
        "漏斗中没有阶段limbo；现有：lead、offer、talks、hold、frozen、won、lost、void",
    ),
    "unknown event": (
        RefusalCode.UNKNOWN_EVENT,
        lambda: asked(begun(), "dance", attrs.evolve(sale(), transitions=sale().transitions[:2])),
        "the funnel has no event dance; it has propose, negotiate",
        "漏斗中没有事件dance；现有：propose、negotiate",
    ),
    "not from here": (
        RefusalCode.NOT_FROM_HERE,
        lambda: asked(walked("win"), "propose"),
        "propose does not lead out of won; from there lead lose, reopen",
        "propose不能从won发生；可用事件：lose、reopen",
    ),
    "on hold": (
        RefusalCode.ON_HOLD,
        lambda: asked(walked("freeze"), "propose"),
        (
            "it is on hold in frozen; from there lead "
            "lose, cancel, resume, resume in talks, resume in lead"
        ),
        "商机在frozen中暂停；可用事件：lose、cancel、resume、resume in talks、resume in lead",
    ),
    "kind differs": (
        RefusalCode.KIND_DIFFERS,
        lambda: other(kind=StageKind.WON),
        "its stage lead stands for open in the funnel, the opportunity says won",
        "阶段lead在漏斗中的类型为open，商机记录为won",
    ),
    "history of another": (
        RefusalCode.HISTORY_DIFFERS,
        lambda: other(id=OpportunityId("O2")),
        "the history is of opportunity O1, not of O2",
        "历史记录属于商机O1，不属于O2",
    ),
    "history elsewhere": (
        RefusalCode.HISTORY_DIFFERS,
        lambda: other(stage="talks"),
        "the history ends in stage lead, the opportunity is in talks",
        "历史记录止于阶段lead，商机处于阶段talks",
    ),
    "history of another funnel": (
        RefusalCode.HISTORY_DIFFERS,
        lambda: asked(begun(), "pause", sale(name="resale")),
        "the history is of funnel sale, not of resale",
        "历史记录属于漏斗sale，不属于resale",
    ),
    "history of another version": (
        RefusalCode.HISTORY_DIFFERS,
        lambda: asked(begun(), "pause", sale(version="2")),
        "the history is of version 1 of the funnel, not of 2",
        "历史记录属于漏斗版本1，不属于2",
    ),
    "history has ended": (
        RefusalCode.HISTORY_DIFFERS,
        history_ended,
        "the last visit of the history ended on 2026-03-02",
        "历史记录的最后阶段已于2026-03-02结束",
    ),
    "begun before": (
        RefusalCode.HISTORY_DIFFERS,
        lambda: begin(sale(), deal(), after(1, begun())),
        "it has begun before, with visit O1/begin/2026-03-02T09:00:00Z",
        "该商机已进入漏斗，记录为O1/begin/2026-03-02T09:00:00Z",
    ),
    "too early": (
        RefusalCode.TOO_EARLY,
        lambda: asked(begun(), "pause", hours=-1),
        "it lies before the last event, of 2026-03-02T09:00:00Z",
        "早于上一事件：2026-03-02T09:00:00Z",
    ),
    "no stage before": (
        RefusalCode.NO_STAGE_BEFORE,
        lambda: decide(sale(), walked("pause").opportunity, "resume", after(9)),
        "no history tells which stage of the funnel it was in before",
        "没有历史记录说明此前所处的阶段",
    ),
    "criterion failed": (
        RefusalCode.CRITERION_FAILED,
        lambda: asked(walked("propose"), "win", row=row(amount=Decimal(9))),
        "not fulfilled: Amount from 100 (amount >= 100)",
        "未满足：金额不低于100 (amount >= 100)",
    ),
    "criterion unknown": (
        RefusalCode.CRITERION_UNKNOWN,
        lambda: asked(walked("propose"), "win", row=row(amount=None)),
        "unknown whether fulfilled: Amount from 100 (amount >= 100)",
        "无法判断是否满足：金额不低于100 (amount >= 100)",
    ),
    "criterion unreadable": (
        RefusalCode.CRITERION_UNREADABLE,
        lambda: asked(walked("propose"), "win", row={}),
        "cannot be asked for lack of amount: Amount from 100 (amount >= 100)",
        "缺少amount，无法判断：金额不低于100 (amount >= 100)",
    ),
    "field missing": (
        RefusalCode.FIELD_MISSING,
        lambda: asked(begun(customer_id=None), "propose"),
        "customer_id must be known for offer",
        "进入offer前必须填写customer_id",
    ),
    "reason missing": (
        RefusalCode.REASON_MISSING,
        lambda: asked(begun(), "lose"),
        "a reason must be given for a loss",
        "输单必须说明原因",
    ),
    "role missing": (
        RefusalCode.ROLE_MISSING,
        lambda: asked(
            walked("negotiate", next_step="sign"),
            "approve",
            reason="so",
            override="please",
        ),
        "only manager, director may do it",
        "仅限manager、director操作",
    ),
    "skip refused": (
        RefusalCode.SKIP_REFUSED,
        lambda: asked(begun(), "negotiate", STRICT),
        "it leaves out offer, which the funnel does not let",
        "跳过了offer，漏斗不允许",
    ),
    "back refused": (
        RefusalCode.BACK_REFUSED,
        lambda: asked(walked("propose"), "go back", STRICT),
        "it goes back to lead, which the funnel does not let",
        "退回到lead，漏斗不允许",
    ),
    "override refused": (
        RefusalCode.OVERRIDE_REFUSED,
        lambda: asked(begun(), "negotiate", STRICT, override="please"),
        "only manager may override",
        "仅限manager特批",
    ),
}

NOT_HERE = {RefusalCode.STAGE_LEFT_OUT}
"""What `decide` and `begin` never answer: it is for migrations."""


@pytest.mark.parametrize(("code", "ask", "english", "chinese"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_reason_comes_about_and_says_what_would_be_right(
    code: RefusalCode, ask: Callable[[], Accepted | Refused], english: str, chinese: str
) -> None:
    """Each code has an example, and words in English and Chinese."""
    found = ask()
    assert isinstance(found, Refused)
    one = next(reason for reason in found.reasons if reason.code is code)
    assert refusal_words(one) == english
    assert refusal_words(one, Language.ZH) == chinese
    assert english in found.text().splitlines()
    assert chinese in found.text(Language.ZH).splitlines()
    assert one.is_overridable is (code in OVERRIDABLE)


def test_every_code_has_an_example() -> None:
    """No reason goes untested."""
    assert {code for code, *_ in EXAMPLES.values()} == set(RefusalCode) - NOT_HERE


@pytest.mark.parametrize("code", RefusalCode)
@pytest.mark.parametrize("language", Language)
def test_every_code_has_words(code: RefusalCode, language: Language) -> None:
    """Words leave no blank for what they name."""
    name = "stage" if code is RefusalCode.HISTORY_DIFFERS else "N1"
    one = Refusal(code=code, name=name, stage="S1", known=("K1", "K2"))
    words = refusal_words(one, language)
    assert words
    assert "{" not in words


def test_what_is_named_by_nothing_says_nothing() -> None:
    """Where no event leads on it is said; a criterion without labels is called by its key."""
    stuck = Refusal(code=RefusalCode.NOT_FROM_HERE, name="go", stage="end")
    assert refusal_words(stuck) == "go does not lead out of end; from there lead nothing"
    assert refusal_words(stuck, Language.ZH) == "go不能从end发生；可用事件：无"
    plain = Refusal(
        code=RefusalCode.CRITERION_FAILED, criterion=Criterion(key="big", rule=F.amount >= 5)
    )
    assert refusal_words(plain) == "not fulfilled: big (amount >= 5)"


def test_only_judgement_can_be_overridden() -> None:
    """Roles, reasons, time and the table itself stand."""
    assert {code.value for code in OVERRIDABLE} == {
        "criterion_failed",
        "criterion_unknown",
        "criterion_unreadable",
        "field_missing",
        "skip_refused",
        "back_refused",
    }


def test_people_read_labels_and_programs_keys() -> None:
    """With the funnel at hand stages, events and fields are told by their labels."""
    funnel = Funnel(
        name="words",
        version="1",
        stages=[
            Stage(key="talk", labels=("Talk", "洽谈")),
            Stage(key="offer", labels=("Offer", "报价")),
            Stage(key="won", kind=StageKind.WON, labels=("Won", "成交"), required=["product_id"]),
        ],
        transitions=[
            Transition(
                event="sign",
                sources=["talk", "offer"],
                target="won",
                labels=("Sign", "签约"),
                needs_reason=True,
            )
        ],
        skip=StepPolicy.REFUSED,
    )
    context = Context(at=datetime(2026, 3, 2, tzinfo=UTC))
    found = decide(funnel, deal(stage="talk", product_id=None), "sign", context)
    assert isinstance(found, Refused)
    assert found.text().splitlines() == [
        "it leaves out offer, which the funnel does not let",
        "a reason must be given for sign",
        "product_id must be known for won",
    ]
    assert found.text(funnel=funnel).splitlines() == [
        "it leaves out Offer, which the funnel does not let",
        "a reason must be given for Sign",
        "Product must be known for Won",
    ]
    assert found.text(Language.ZH, funnel=funnel).splitlines() == [
        "跳过了报价，漏斗不允许",
        "签约必须说明原因",
        "进入成交前必须填写产品",
    ]


def test_what_lies_before_the_creation_says_so() -> None:
    """There was no event before it, so none is spoken of."""
    early = Context(at=datetime(2026, 3, 1, tzinfo=UTC))
    found = begin(sale(), deal(created_on=date(2026, 3, 2)), early)
    assert isinstance(found, Refused)
    assert found.text() == "it lies before 2026-03-02, when the record was created"
    assert found.text(Language.ZH) == "早于创建日期：2026-03-02"
