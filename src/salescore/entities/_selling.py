"""How an opportunity is worked on: needs, solutions, demonstrations, negotiations, objections."""

from datetime import date, datetime
from typing import Annotated

import attrs

from salescore.entities._ids import (
    ConcessionId,
    CustomerId,
    DemonstrationId,
    LeadId,
    NeedCoverageId,
    NeedId,
    NegotiationId,
    ObjectionId,
    OpportunityId,
    ProductId,
    SalesRepId,
    SolutionId,
)
from salescore.entities._kinds import DemonstrationKind
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Need:
    """
    What a customer needs, as far as somebody found out.

    Attributes:
        id: What other records call it.
        need: What is needed.
        customer_id: Customer; `None` when it is a lead's, or unknown.
        lead_id: Lead it was found at; `None` when none.
        opportunity_id: Opportunity that it is to be answered in; `None` when none yet.
        business_domain: What the business is about there; `None` when nobody asked.
        pain: What hurts without it; `None` when nobody asked.
        expectation: What is expected of an answer; `None` when nobody asked.
        budget: Money that can be spent on it; `None` when unknown.
        buying_power: What can be spent, in words; `None` when nobody asked.
        decision_process: Who decides and how; `None` when nobody asked.
        found_on: Day it was found; `None` when unknown.
        recorded_at: When the record was made; `None` when `found_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[NeedId, about("Need id", "需求编号")]
    need: Annotated[str, about("Need", "需求", personal=PersonalData.FREE_TEXT)]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    business_domain: Annotated[
        str | None, about("Business domain", "业务领域", personal=PersonalData.FREE_TEXT)
    ] = None
    pain: Annotated[str | None, about("Pain", "痛点", personal=PersonalData.FREE_TEXT)] = None
    expectation: Annotated[
        str | None, about("Expectation", "期望", personal=PersonalData.FREE_TEXT)
    ] = None
    budget: Annotated[Money | None, about("Budget", "预算", unit="money")] = None
    buying_power: Annotated[
        str | None, about("Buying power", "购买力", personal=PersonalData.FREE_TEXT)
    ] = None
    decision_process: Annotated[
        str | None, about("Decision process", "决策流程", personal=PersonalData.FREE_TEXT)
    ] = None
    found_on: Annotated[date | None, about("Found on", "了解日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Solution:
    """
    What we propose in an opportunity.

    Attributes:
        id: What other records call it.
        opportunity_id: Opportunity.
        customer_id: Customer; `None` when the opportunity says it.
        name: Name as the business writes it; `None` when it has none.
        product_id: Product at its heart; `None` when none or several.
        features: What it does; `None` when nobody wrote it down.
        advantages: What is better than elsewhere; `None` when nobody wrote it down.
        price: What it costs the customer; `None` when nobody stated it.
        after_sales: What is done after the sale; `None` when nobody wrote it down.
        offered_on: Day it was proposed; `None` when it was not, or unknown.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[SolutionId, about("Solution id", "方案编号")]
    opportunity_id: Annotated[OpportunityId, about("Opportunity", "商机", refers="opportunities")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    name: Annotated[str | None, about("Solution", "方案")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    features: Annotated[
        str | None, about("Features", "产品特点", personal=PersonalData.FREE_TEXT)
    ] = None
    advantages: Annotated[
        str | None, about("Advantages", "优势", personal=PersonalData.FREE_TEXT)
    ] = None
    price: Annotated[Money | None, about("Price", "价格", unit="money")] = None
    after_sales: Annotated[
        str | None, about("After-sales service", "售后服务", personal=PersonalData.FREE_TEXT)
    ] = None
    offered_on: Annotated[date | None, about("Offered on", "提出日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class NeedCoverage:
    """
    That a solution answers a need.

    Attributes:
        id: What other records call it.
        solution_id: Solution.
        need_id: Need that it answers.
        how: How it does; `None` when nobody wrote it down.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[NeedCoverageId, about("Need coverage id", "需求覆盖编号")]
    solution_id: Annotated[SolutionId, about("Solution", "方案", refers="solutions")]
    need_id: Annotated[NeedId, about("Need", "需求", refers="needs")]
    how: Annotated[str | None, about("How", "满足方式", personal=PersonalData.FREE_TEXT)] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Demonstration:
    """
    A showing of what we sell, or a trial of it at the customer.

    Attributes:
        id: What other records call it.
        opportunity_id: Opportunity it served.
        started_on: Day it began.
        customer_id: Customer; `None` when the opportunity says it.
        kind: Whether we showed it or the customer tried it; `None` when nobody said.
        solution_id: Solution that was shown; `None` when none.
        product_id: Product that was shown; `None` when none or several.
        rep_id: Sales rep in charge; `None` when unknown.
        ended_on: Day it ended; `None` while it lasts, or when it took that one day.
        participants: Who took part; `None` when nobody wrote it down.
        outcome: What came of it; `None` when nobody wrote it down.
        recorded_at: When the record was made; `None` when `started_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[DemonstrationId, about("Demonstration id", "演示编号")]
    opportunity_id: Annotated[OpportunityId, about("Opportunity", "商机", refers="opportunities")]
    started_on: Annotated[date, about("Started on", "开始日期")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    kind: Annotated[DemonstrationKind | None, about("Demonstration kind", "演示类型")] = None
    solution_id: Annotated[SolutionId | None, about("Solution", "方案", refers="solutions")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    ended_on: Annotated[date | None, about("Ended on", "结束日期")] = None
    participants: Annotated[
        str | None, about("Participants", "参与人员", personal=PersonalData.IDENTITY)
    ] = None
    outcome: Annotated[
        str | None,
        about("Outcome", "结果", personal=PersonalData.FREE_TEXT, since=("ended_on",)),
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Negotiation:
    """
    A bargaining over an opportunity: what we want, what we would take, where it stands.

    Attributes:
        id: What other records call it.
        opportunity_id: Opportunity.
        customer_id: Customer; `None` when the opportunity says it.
        rep_id: Sales rep who leads it; `None` when unknown.
        goal: Money we want to agree on; `None` when nobody set it.
        floor: Least money we would take; `None` when nobody set it.
        offer: Money we ask for now; `None` when nobody stated it.
        counter_offer: Money the customer offers now; `None` when unknown.
        started_on: Day it began; `None` when unknown.
        ended_on: Day it ended; `None` while it lasts, or unknown.
        note: What else is to be known, such as terms; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[NegotiationId, about("Negotiation id", "谈判编号")]
    opportunity_id: Annotated[OpportunityId, about("Opportunity", "商机", refers="opportunities")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    goal: Annotated[Money | None, about("Goal", "目标", unit="money")] = None
    floor: Annotated[Money | None, about("Floor", "底线", unit="money")] = None
    offer: Annotated[Money | None, about("Our offer", "我方报价", unit="money")] = None
    counter_offer: Annotated[Money | None, about("Counter-offer", "对方出价", unit="money")] = None
    started_on: Annotated[date | None, about("Started on", "开始日期")] = None
    ended_on: Annotated[date | None, about("Ended on", "结束日期")] = None
    note: Annotated[str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Concession:
    """
    What we gave up in a negotiation, and what for.

    Attributes:
        id: What other records call it.
        negotiation_id: Negotiation.
        concession: What we gave.
        amount: What it costs us, in money; `None` when it costs none, or unknown.
        in_return: What we got for it; `None` when nothing, or nobody wrote it down.
        granted_on: Day we gave it; `None` when unknown.
        granted_by: Who granted it; `None` when unknown.
        recorded_at: When the record was made; `None` when `granted_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ConcessionId, about("Concession id", "让步编号")]
    negotiation_id: Annotated[NegotiationId, about("Negotiation", "谈判", refers="negotiations")]
    concession: Annotated[str, about("Concession", "让步", personal=PersonalData.FREE_TEXT)]
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    in_return: Annotated[
        str | None, about("In return", "交换条件", personal=PersonalData.FREE_TEXT)
    ] = None
    granted_on: Annotated[date | None, about("Granted on", "让步日期")] = None
    granted_by: Annotated[
        str | None, about("Granted by", "批准人", personal=PersonalData.IDENTITY)
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Objection:
    """
    What a customer holds against buying, and what we answer.

    Attributes:
        id: What other records call it.
        opportunity_id: Opportunity.
        objection: What the customer holds against it.
        customer_id: Customer; `None` when the opportunity says it.
        negotiation_id: Negotiation in which it came up; `None` when before or outside of one.
        answer: What we answered; `None` when nothing yet, or nobody wrote it down.
        raised_on: Day it came up; `None` when unknown.
        resolved_on: Day it was out of the way; `None` while it stands.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ObjectionId, about("Objection id", "异议编号")]
    opportunity_id: Annotated[OpportunityId, about("Opportunity", "商机", refers="opportunities")]
    objection: Annotated[str, about("Objection", "异议", personal=PersonalData.FREE_TEXT)]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    negotiation_id: Annotated[
        NegotiationId | None, about("Negotiation", "谈判", refers="negotiations")
    ] = None
    answer: Annotated[
        str | None,
        about("Answer", "答复", personal=PersonalData.FREE_TEXT, since=("resolved_on",)),
    ] = None
    raised_on: Annotated[date | None, about("Raised on", "提出日期")] = None
    resolved_on: Annotated[date | None, about("Resolved on", "解决日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
