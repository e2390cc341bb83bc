"""The stages that CRM systems begin with."""

from __future__ import annotations

from decimal import Decimal

from salescore.entities import StageKind
from salescore.funnel._funnel import Funnel
from salescore.funnel._stage import Stage
from salescore.funnel._transition import Transition

_Open = tuple[str, str, str]
_Closed = tuple[str, str, StageKind, str]


def salesforce_funnel() -> Funnel:
    """
    Return the stages of opportunities that Salesforce begins with.

    Source:
        Salesforce Help, "Default standard picklist field values", as quoted by others; the Chinese
        labels are ours.
    """
    return _free(
        "salesforce",
        ("Salesforce", "Salesforce"),
        "Default stages and probabilities of opportunities in Salesforce, as documented there",
        [
            ("Prospecting", "客户开发", "0.10"),
            ("Qualification", "资格确认", "0.10"),
            ("Needs Analysis", "需求分析", "0.20"),
            ("Value Proposition", "价值主张", "0.50"),
            ("Id. Decision Makers", "确定决策者", "0.60"),
            ("Perception Analysis", "认知分析", "0.70"),
            ("Proposal/Price Quote", "提案/报价", "0.75"),
            ("Negotiation/Review", "谈判/审核", "0.90"),
        ],
        [
            ("Closed Won", "赢单", StageKind.WON, "win"),
            ("Closed Lost", "输单", StageKind.LOST, "lose"),
        ],
    )


def hubspot_funnel() -> Funnel:
    """
    Return the stages of deals that the first pipeline of HubSpot begins with.

    Source:
        HubSpot Knowledge Base, "Set up and customize pipelines", as quoted by others; the Chinese
        labels are ours.
    """
    return _free(
        "hubspot",
        ("HubSpot", "HubSpot"),
        "Default stages and probabilities of deals in HubSpot, as documented there",
        [
            ("Appointment Scheduled", "已预约会面", "0.20"),
            ("Qualified To Buy", "具备购买条件", "0.40"),
            ("Presentation Scheduled", "已安排演示", "0.60"),
            ("Decision Maker Bought-In", "决策者已认可", "0.80"),
            ("Contract Sent", "合同已发出", "0.90"),
        ],
        [
            ("Closed Won", "赢单", StageKind.WON, "win"),
            ("Closed Lost", "输单", StageKind.LOST, "lose"),
        ],
    )


def zoho_funnel() -> Funnel:
    """
    Return the stages of deals that Zoho CRM begins with.

    Source:
        Stage-probability mapping of deals in Zoho CRM, as quoted by others: its own help names the
        stages, not all probabilities. The Chinese labels are ours.
    """
    return _free(
        "zoho",
        ("Zoho CRM", "Zoho CRM"),
        "Default stages and probabilities of deals in Zoho CRM, as users of it quote them",
        [
            ("Qualification", "资格确认", "0.10"),
            ("Needs Analysis", "需求分析", "0.20"),
            ("Value Proposition", "价值主张", "0.40"),
            ("Identify Decision Makers", "确定决策者", "0.60"),
            ("Proposal/Price Quote", "提案/报价", "0.75"),
            ("Negotiation/Review", "谈判/审核", "0.90"),
        ],
        [
            ("Closed Won", "赢单", StageKind.WON, "win"),
            ("Closed Lost", "输单", StageKind.LOST, "lose"),
            ("Closed Lost to Competition", "输给竞争对手", StageKind.LOST, "lose_to_competition"),
        ],
    )


def _free(
    name: str, labels: tuple[str, str], source: str, opened: list[_Open], closed: list[_Closed]
) -> Funnel:
    """
    Return stages of which each leads to every other, as in a system where the stage is a field.

    A move from a closed stage to an open one reopens. Keys are the words of the system, so that
    what is imported fits.
    """
    stages = [
        *(
            Stage(key=key, labels=(key, zh), probability=Decimal(chance))
            for key, zh, chance in opened
        ),
        *(Stage(key=key, kind=kind, labels=(key, zh)) for key, zh, kind, _ in closed),
    ]
    events = [
        *((f"move_to_{_snake(key)}", f"Move to {key}", f"转入{zh}") for key, zh, _ in opened),
        *((event, event.replace("_", " ").capitalize(), zh) for _, zh, _, event in closed),
    ]
    return Funnel(
        name=name,
        version="1",
        labels=labels,
        stages=stages,
        transitions=[
            Transition(
                event=event,
                sources=[one.key for one in stages if one.key != stage.key],
                target=stage.key,
                labels=(en, zh),
            )
            for stage, (event, en, zh) in zip(stages, events, strict=True)
        ],
        source=source,
    )


def _snake(key: str) -> str:
    """Return the words of a stage as part of the name of an event."""
    words = "".join(letter if letter.isalnum() else " " for letter in key)
    return "_".join(words.lower().split())
