"""The sales processes of the founding texts."""

from __future__ import annotations

import attrs

from salescore.entities import StageKind
from salescore.funnel._funnel import Funnel, StepPolicy
from salescore.funnel._stage import Criterion, EventTemplate, Stage
from salescore.funnel._transition import Transition
from salescore.rules import F

Labels = tuple[str, str]

_FIRST_CONTACT = Criterion(
    key="first_contact_known",
    rule=~F.first_contact_on.is_null(),
    labels=("First contact on record", "已有首次接触记录"),
)
_PRICED = Criterion(
    key="amount_above_zero", rule=F.amount > 0, labels=("Amount above zero", "金额大于零")
)
_AFTER_SALES = EventTemplate(name="after_sales_due", labels=("After-sales is due", "应开始售后"))
_WON: Labels = ("Won", "成交")
_WIN: Labels = ("Win", "成交")
_LOST = Stage(key="lost", kind=StageKind.LOST, labels=("Lost", "输单"))


@attrs.frozen
class _Way:
    """An open stage, and the event that leads to it."""

    stage: Stage
    event: str
    labels: Labels


_DEVELOPMENT = _Way(
    Stage(
        key="development",
        labels=("Customer development", "客户开发"),
        exit_criteria=[_FIRST_CONTACT],
        purpose=("Find customers and get in touch.", "寻找客户并建立联系。"),
    ),
    "back_to_development",
    ("Back to customer development", "退回客户开发"),
)


def _needs(labels: Labels) -> _Way:
    return _Way(
        Stage(
            key="needs",
            labels=labels,
            required=["customer_id"],
            purpose=(
                "Learn what the customer needs, can spend, and how it decides.",
                "了解客户的需求、购买力和决策流程。",
            ),
        ),
        "analyse_needs",
        ("Analyse needs", "分析需求"),
    )


def _solution(labels: Labels) -> _Way:
    return _Way(
        Stage(
            key="solution",
            labels=labels,
            required=["customer_id"],
            exit_criteria=[_PRICED],
            purpose=(
                "Work out a solution that answers the needs, with its price.",
                "针对需求制定方案并给出价格。",
            ),
        ),
        "offer_solution",
        ("Offer a solution", "提供方案"),
    )


def deal_funnel() -> Funnel:
    """
    Return the funnel prospect, qualified, proposal, deal (潜在客户 → 合格客户 → 提案 → 成交).

    It spans lead and opportunity, so that cohorts and cycles join across conversion.

    Source:
        Founding text 003; criteria and policies as in `signing_funnel`.
    """
    return _process(
        "deal",
        ("From prospect to deal", "潜在客户到成交"),
        "Founding text 003",
        [
            _Way(
                Stage(
                    key="prospect",
                    labels=("Prospect", "潜在客户"),
                    exit_criteria=[_FIRST_CONTACT],
                    purpose=("Get in touch and find out who they are.", "建立联系，了解对方情况。"),
                ),
                "back_to_prospect",
                ("Back to prospect", "退回潜在客户"),
            ),
            _Way(
                Stage(
                    key="qualified",
                    labels=("Qualified customer", "合格客户"),
                    required=["customer_id"],
                    purpose=(
                        "Learn business domain, needs, buying power and decision process.",
                        "了解业务领域、需求、购买力和决策流程。",
                    ),
                ),
                "qualify",
                ("Qualify", "确认合格"),
            ),
            _Way(
                Stage(
                    key="proposal",
                    labels=("Proposal", "提案"),
                    required=["customer_id"],
                    exit_criteria=[_PRICED],
                    purpose=("Propose what answers the needs, with its price.", "提出方案和价格。"),
                ),
                "propose",
                ("Propose", "提案"),
            ),
        ],
        Stage(key="won", kind=StageKind.WON, labels=_WON, required=["customer_id", "amount"]),
        ("win", _WIN),
    )


def signing_funnel() -> Funnel:
    """
    Return development, needs, solution, negotiation (客户开发 → 需求分析 → 方案提供 → 谈判签约).

    Source:
        Founding text 003. The text names the stages; our own are the criteria, which ask for what
        a stage is there to find out where a field holds it, that leaving out stages, going back and
        reopening take a reason, and that who reopens goes on where the sale stood.
    """
    return _process(
        "signing",
        ("From development to signing", "客户开发到签约"),
        "Founding text 003",
        [
            _DEVELOPMENT,
            _needs(("Needs analysis", "需求分析")),
            _solution(("Solution", "方案提供")),
            _Way(
                Stage(
                    key="negotiation",
                    labels=("Negotiation and signing", "谈判签约"),
                    required=["customer_id", "amount"],
                    purpose=("Agree on terms and sign.", "谈定条件并签约。"),
                ),
                "negotiate",
                ("Negotiate", "进入谈判"),
            ),
        ],
        Stage(key="won", kind=StageKind.WON, labels=_WON, required=["customer_id", "amount"]),
        ("win", _WIN),
    )


def contract_funnel() -> Funnel:
    """
    Return identification up to contract (识别 → 需求 → 方案 → 演示/谈判 → 合同 → 售后).

    The contract is won; after-sales follows it, so win rate and cycle end with the contract.

    Source:
        Founding text 004; criteria and policies as in `signing_funnel`.
    """
    return _process(
        "contract",
        ("From identification to contract", "识别到合同"),
        "Founding text 004",
        [
            _Way(
                Stage(
                    key="identification",
                    labels=("Identification", "识别"),
                    exit_criteria=[_FIRST_CONTACT],
                    purpose=("Identify who may buy, and get in touch.", "识别潜在买家并建立联系。"),
                ),
                "back_to_identification",
                ("Back to identification", "退回识别"),
            ),
            _needs(("Needs", "需求")),
            _solution(("Solution", "方案")),
            _Way(
                Stage(
                    key="demonstration",
                    labels=("Demonstration and negotiation", "演示/谈判"),
                    required=["customer_id", "amount"],
                    purpose=(
                        "Show the solution, answer objections, agree on terms.",
                        "演示方案，回应异议，谈定条件。",
                    ),
                ),
                "demonstrate",
                ("Demonstrate and negotiate", "演示与谈判"),
            ),
        ],
        Stage(
            key="contract",
            kind=StageKind.WON,
            labels=("Contract", "合同"),
            required=["customer_id", "amount"],
            on_entry=[_AFTER_SALES],
        ),
        ("sign", ("Sign the contract", "签订合同")),
    )


def order_funnel() -> Funnel:
    """
    Return development, needs, solution, order (客户开发 → 需求 → 方案 → 订单 → 售后).

    The order is won; after-sales follows it.

    Source:
        Founding text 002; criteria and policies as in `signing_funnel`.
    """
    return _process(
        "order",
        ("From development to order", "客户开发到订单"),
        "Founding text 002",
        [_DEVELOPMENT, _needs(("Needs", "需求")), _solution(("Solution", "方案"))],
        Stage(
            key="order",
            kind=StageKind.WON,
            labels=("Order", "订单"),
            required=["customer_id", "amount"],
            on_entry=[_AFTER_SALES],
        ),
        ("take_order", ("Take the order", "下订单")),
    )


def _process(
    name: str,
    labels: Labels,
    source: str,
    ways: list[_Way],
    won: Stage,
    win: tuple[str, Labels],
) -> Funnel:
    """Return stages in a row: each can be entered from every other, won, lost and reopened."""
    keys = [one.stage.key for one in ways]
    event, event_labels = win
    return Funnel(
        name=name,
        version="1",
        labels=labels,
        stages=[*(one.stage for one in ways), won, _LOST],
        transitions=[
            *(
                Transition(
                    event=one.event,
                    sources=[key for key in keys if key != one.stage.key],
                    target=one.stage.key,
                    labels=one.labels,
                )
                for one in ways
            ),
            Transition(event=event, sources=keys, target=won.key, labels=event_labels),
            Transition(event="lose", sources=keys, target=_LOST.key, labels=("Lose", "输单")),
            Transition(
                event="reopen",
                sources=[won.key, _LOST.key],
                target=None,
                needs_reason=True,
                labels=("Reopen", "重新打开"),
            ),
        ],
        skip=StepPolicy.WITH_REASON,
        back=StepPolicy.WITH_REASON,
        source=source,
    )
