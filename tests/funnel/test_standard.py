"""The standard funnels: stages of the founding texts, and those that CRM systems begin with."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from salescore.book import FACT_TABLES
from salescore.entities import CustomerId, Opportunity, OpportunityId, StageKind, record_table
from salescore.errors import UnknownName
from salescore.funnel import (
    STANDARD_FUNNELS,
    Accepted,
    Context,
    Course,
    Funnel,
    RefusalCode,
    Refused,
    StageHistory,
    StepPolicy,
    begin,
    check_funnel,
    decide,
    guard_schema,
    standard_funnel,
)
from salescore.rules import check_types
from salescore.values import Money

TEXTS = [one for one in STANDARD_FUNNELS if one.name in ("deal", "signing", "contract", "order")]
CRM = [one for one in STANDARD_FUNNELS if one not in TEXTS]
AT = datetime(2017, 3, 1, 9, tzinfo=UTC)
ROW = {"first_contact_on": date(2017, 2, 1), "amount": Decimal(900)}


def sold(**given: Any) -> Opportunity:  # noqa: ANN401 - fields of an opportunity
    """Return an opportunity with customer and amount."""
    known: dict[str, Any] = {
        "customer_id": CustomerId("C-1"),
        "amount": Money(Decimal(900), "USD"),
    }
    key = OpportunityId("O-1")
    return Opportunity(id=key, stage="new", kind=StageKind.OPEN, **{**known, **given})


def sent(
    funnel: Funnel,
    *events: str,
    row: Any = ROW,  # noqa: ANN401 - a row
    reason: str | None = "because",
    before: Opportunity | None = None,
) -> Accepted | Refused:
    """Return what the last of several events comes to, one an hour."""
    found = begin(funnel, before or sold(), Context(at=AT))
    for hour, event in enumerate(events, start=1):
        assert isinstance(found, Accepted)
        context = Context(
            at=AT + timedelta(hours=hour), row=row, history=found.history, reason=reason
        )
        found = decide(funnel, found.opportunity, event, context)
    return found


def test_stages_are_those_of_the_founding_texts() -> None:
    """Each text names its stages; the last of a sale that comes off is won."""
    labels = {
        one.name: [stage.labels[1] for stage in one.stages if stage.kind is not StageKind.LOST]
        for one in TEXTS
    }
    assert labels == {
        "deal": ["潜在客户", "合格客户", "提案", "成交"],
        "signing": ["客户开发", "需求分析", "方案提供", "谈判签约", "成交"],
        "contract": ["识别", "需求", "方案", "演示/谈判", "合同"],
        "order": ["客户开发", "需求", "方案", "订单"],
    }
    assert all(one.stages[-2].kind is StageKind.WON for one in TEXTS)
    assert all((one.source or "").startswith("Founding text 00") for one in TEXTS)


def test_stages_of_crm_systems_are_theirs() -> None:
    """Keys are the words of the systems, probabilities their defaults in percent."""
    found = {
        one.name: [(stage.key, int((stage.chance or 0) * 100)) for stage in one.stages]
        for one in CRM
    }
    assert found == {
        "salesforce": [
            ("Prospecting", 10),
            ("Qualification", 10),
            ("Needs Analysis", 20),
            ("Value Proposition", 50),
            ("Id. Decision Makers", 60),
            ("Perception Analysis", 70),
            ("Proposal/Price Quote", 75),
            ("Negotiation/Review", 90),
            ("Closed Won", 100),
            ("Closed Lost", 0),
        ],
        "hubspot": [
            ("Appointment Scheduled", 20),
            ("Qualified To Buy", 40),
            ("Presentation Scheduled", 60),
            ("Decision Maker Bought-In", 80),
            ("Contract Sent", 90),
            ("Closed Won", 100),
            ("Closed Lost", 0),
        ],
        "zoho": [
            ("Qualification", 10),
            ("Needs Analysis", 20),
            ("Value Proposition", 40),
            ("Identify Decision Makers", 60),
            ("Proposal/Price Quote", 75),
            ("Negotiation/Review", 90),
            ("Closed Won", 100),
            ("Closed Lost", 0),
            ("Closed Lost to Competition", 0),
        ],
    }


@pytest.mark.parametrize(
    ("name", "profile"),
    [("salesforce", "salesforce_report"), ("hubspot", "hubspot_export"), ("zoho", "zoho")],
)
def test_stages_are_those_that_imports_bring(root: Path, name: str, profile: str) -> None:
    """What a profile of an export calls a stage is a stage of the funnel, of the same kind."""
    folder = root / "src" / "salescore" / "exchange" / "profiles"
    known = json.loads((folder / f"{profile}.json").read_text(encoding="utf-8"))["stages"]
    for stage in standard_funnel(name).stages:
        assert known[stage.key]["kind"] == stage.kind.value
        assert Decimal(known[stage.key]["probability"]) == stage.chance


@pytest.mark.parametrize("funnel", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_nothing_is_to_be_found_at_fault(funnel: Funnel) -> None:
    """The check of funnels has nothing to say; rules fit the fact table, fields are known."""
    (facts,) = (one for one in FACT_TABLES if one.name == "opportunities")
    table = guard_schema(facts)
    assert [one.message for one in check_funnel(funnel, table)] == []
    criteria = [one for stage in funnel.stages for one in stage.exit_criteria]
    for one in criteria:
        check_types(one.rule, table)
    names = set(record_table("opportunities").own_names)
    assert all(set(stage.required) <= names for stage in funnel.stages)
    texts = [stage.labels for stage in funnel.stages]
    texts += [way.labels for way in funnel.transitions]
    assert all(all(one) for one in texts)


@pytest.mark.parametrize("funnel", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_every_transition_can_be_taken(funnel: Funnel) -> None:
    """With all that is asked for, each event is accepted out of each of its stages."""
    taken: set[tuple[str, str]] = set()
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        path = waiting.popleft()
        found = sent(funnel, *path)
        assert isinstance(found, Accepted), path
        stage = found.opportunity.stage
        for event in funnel.events_from(stage):
            if (stage, event) not in taken:
                taken.add((stage, event))
                waiting.append((*path, event))
    assert taken == {(key, way.event) for way in funnel.transitions for key in way.sources}


def test_criteria_ask_for_what_a_stage_is_there_to_find_out() -> None:
    """Without first contact it does not go on, without amount no solution is sold."""
    funnel = standard_funnel("signing")
    found = sent(funnel, "analyse_needs", row={**ROW, "first_contact_on": None})
    assert isinstance(found, Refused)
    assert found.codes == (RefusalCode.CRITERION_FAILED,)
    found = sent(funnel, "analyse_needs", "offer_solution", "negotiate", row={**ROW, "amount": 0})
    assert isinstance(found, Refused)
    assert [one.criterion.key for one in found.reasons if one.criterion] == ["amount_above_zero"]
    unknown = sold(customer_id=None)
    found = sent(funnel, "analyse_needs", before=unknown)
    assert isinstance(found, Refused)
    assert [one.name for one in found.reasons] == ["customer_id"]


def test_skipping_going_back_and_reopening_take_a_reason_in_the_texts() -> None:
    """Our own policy for the founding texts; a CRM system asks for a reason of losses alone."""
    for funnel in TEXTS:
        assert (funnel.skip, funnel.back) == (StepPolicy.WITH_REASON, StepPolicy.WITH_REASON)
    funnel = standard_funnel("deal")
    for events in (("propose",), ("qualify", "back_to_prospect"), ("win",)):
        found = sent(funnel, *events, reason=None)
        assert isinstance(found, Refused)
        assert found.codes == (RefusalCode.REASON_MISSING,)
    won = sent(funnel, "qualify", "propose", "win", reason=None)
    assert isinstance(won, Accepted)
    later = Context(at=AT + timedelta(days=1), row=ROW, history=won.history)
    reopened = decide(funnel, won.opportunity, "reopen", later)
    assert isinstance(reopened, Refused)
    assert reopened.codes == (RefusalCode.REASON_MISSING,)
    free = standard_funnel("zoho")
    events = (
        "move_to_proposal_price_quote",
        "move_to_qualification",
        "win",
        "move_to_qualification",
    )
    assert sent(free, *events, reason=None).is_accepted
    assert not sent(free, "lose_to_competition", reason=None).is_accepted


@pytest.mark.parametrize("name", ["contract", "order"])
def test_after_sales_follows_what_is_won(name: str) -> None:
    """Where the text goes on to after-sales, winning leaves an event behind; it is no stage."""
    funnel = standard_funnel(name)
    win = "sign" if name == "contract" else "take_order"
    found = sent(funnel, "analyse_needs", "offer_solution", win)
    assert isinstance(found, Accepted)
    assert found.opportunity.kind is StageKind.WON
    names = [one.name for one in found.events]
    assert names == ["stage_entered", "opportunity_won", "after_sales_due"]


def test_who_reopens_goes_on_where_the_sale_stood() -> None:
    """In the texts the history tells where; without one nobody knows."""
    funnel = standard_funnel("signing")
    found = sent(funnel, "analyse_needs", "offer_solution", "lose", "reopen")
    assert isinstance(found, Accepted)
    assert found.opportunity.stage == "solution"
    assert found.step is not None
    assert found.step.course is Course.REOPENED
    assert "opportunity_reopened" in [one.name for one in found.events]
    lost = sent(funnel, "lose")
    assert isinstance(lost, Accepted)
    nothing = StageHistory(opportunity_id="O-1")
    context = Context(at=AT + timedelta(days=1), reason="because", history=nothing)
    refused = decide(funnel, lost.opportunity, "reopen", context)
    assert isinstance(refused, Refused)
    assert RefusalCode.NO_STAGE_BEFORE in refused.codes


def test_names_and_versions_stand_by_themselves() -> None:
    """A funnel is found by name; another name is refused with those that there are."""
    assert [one.name for one in STANDARD_FUNNELS] == [
        "deal",
        "signing",
        "contract",
        "order",
        "salesforce",
        "hubspot",
        "zoho",
    ]
    assert all(standard_funnel(one.name) is one for one in STANDARD_FUNNELS)
    with pytest.raises(UnknownName, match="no standard funnel 'odoo'"):
        standard_funnel("odoo")
    changed = attrs.evolve(standard_funnel("deal"), version="2")
    assert changed != standard_funnel("deal")
