"""Chances to sell: leads, opportunities, the stages they went through, the contacts on the way."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    ActivityId,
    CampaignId,
    CaseId,
    ContactId,
    CustomerId,
    LeadId,
    OpportunityId,
    OpportunityLineId,
    ProductId,
    SalesRepId,
    StageVisitId,
)
from salescore.entities._kinds import Direction, LeadKind, StageKind
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Lead:
    """
    Unqualified interest, not yet a customer record.

    Attributes:
        id: What other records call it.
        name: Name of the person or organisation.
        kind: State it is in; `None` when its dates say it.
        status: State as the business calls it; `None` when it has no name for it.
        company: Organisation of the person; `None` when unknown or the same.
        source: Where it came from, such as exhibition, referral or search; `None` when unknown.
        campaign_id: Campaign that brought it; `None` when none.
        channel: Channel of the first contact; `None` when unknown.
        rep_id: Sales rep in charge; `None` when in the pool.
        region: Sales region; `None` when its rep's region holds.
        industry: Line of business; `None` when unknown.
        country: Country; `None` when unknown.
        product_id: Product of interest; `None` when unknown.
        amount: Money that may be at stake; `None` when unknown.
        phone: Telephone number; `None` when unknown.
        email: Mail address; `None` when unknown.
        wechat: Name on WeChat; `None` when unknown.
        business_domain: What its business is about; `None` when nobody asked.
        needs: What it needs; `None` when nobody asked.
        buying_power: What it can spend; `None` when nobody asked.
        decision_process: Who decides and how; `None` when nobody asked.
        created_on: Day it came up; `None` when unknown.
        first_contact_on: Day of the first contact; `None` when only activities can tell.
        qualified_on: Day it was found worth pursuing; `None` when it was not, or unknown.
        converted_on: Day it became a customer record; `None` when it did not, or unknown.
        disqualified_on: Day it was given up; `None` when it was not, or unknown.
        disqualification_reason: Why it was given up; `None` when unknown or not given up.
        customer_id: Customer it became; `None` when none.
        contact_id: Contact it became; `None` when none.
        opportunity_id: Opportunity it became; `None` when none.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[LeadId, about("Lead id", "线索编号")]
    name: Annotated[str, about("Lead", "线索", personal=PersonalData.IDENTITY)]
    kind: Annotated[
        LeadKind | None,
        about("Lead kind", "线索状态", since=("qualified_on", "converted_on", "disqualified_on")),
    ] = None
    status: Annotated[
        str | None,
        about("Status", "状态", since=("qualified_on", "converted_on", "disqualified_on")),
    ] = None
    company: Annotated[str | None, about("Company", "公司", personal=PersonalData.IDENTITY)] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    campaign_id: Annotated[CampaignId | None, about("Campaign", "营销活动", refers="campaigns")] = (
        None
    )
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    industry: Annotated[str | None, about("Industry", "行业")] = None
    country: Annotated[str | None, about("Country", "国家")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    phone: Annotated[str | None, about("Phone", "电话", personal=PersonalData.CONTACT)] = None
    email: Annotated[str | None, about("Mail", "邮箱", personal=PersonalData.CONTACT)] = None
    wechat: Annotated[str | None, about("WeChat", "微信", personal=PersonalData.CONTACT)] = None
    business_domain: Annotated[
        str | None, about("Business domain", "业务领域", personal=PersonalData.FREE_TEXT)
    ] = None
    needs: Annotated[str | None, about("Needs", "需求", personal=PersonalData.FREE_TEXT)] = None
    buying_power: Annotated[
        str | None, about("Buying power", "购买力", personal=PersonalData.FREE_TEXT)
    ] = None
    decision_process: Annotated[
        str | None, about("Decision process", "决策流程", personal=PersonalData.FREE_TEXT)
    ] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    first_contact_on: Annotated[date | None, about("First contact on", "首次接触日期")] = None
    qualified_on: Annotated[date | None, about("Qualified on", "合格日期")] = None
    converted_on: Annotated[date | None, about("Converted on", "转化日期")] = None
    disqualified_on: Annotated[date | None, about("Disqualified on", "淘汰日期")] = None
    disqualification_reason: Annotated[
        str | None,
        about(
            "Reason for giving up",
            "淘汰原因",
            personal=PersonalData.FREE_TEXT,
            since=("disqualified_on",),
        ),
    ] = None
    customer_id: Annotated[
        CustomerId | None, about("Customer", "客户", refers="customers", since=("converted_on",))
    ] = None
    contact_id: Annotated[
        ContactId | None, about("Contact", "联系人", refers="contacts", since=("converted_on",))
    ] = None
    opportunity_id: Annotated[
        OpportunityId | None,
        about("Opportunity", "商机", refers="opportunities", since=("converted_on",)),
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Opportunity:
    """
    A qualified chance to sell.

    Attributes:
        id: What other records call it.
        stage: Stage as the business calls it.
        kind: State that the stage stands for.
        name: Name as the business writes it; `None` when it has none.
        customer_id: Customer; `None` when nobody recorded one.
        contact_id: Person we talk to; `None` when unknown.
        product_id: Product; `None` when none or several.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        probability: Chance to win, a fraction from 0 to 1; `None` when nobody stated one.
        is_probability_pinned: Whether the probability was set by hand; `None` when unknown.
        amount: Money at stake or won; `None` when unknown.
        forecast_category: Category in a forecast, such as commit; `None` when it has none.
        source: Where it came from; `None` when unknown.
        campaign_id: Campaign that brought it; `None` when none.
        competitor: Whom we met; `None` when nobody or unknown.
        next_step: What is to be done next; `None` when nothing was written down.
        created_on: Day it was opened; `None` when unknown.
        first_contact_on: Day of the first contact; `None` when only activities can tell.
        expected_close_on: Day it should close; `None` when nobody stated one.
        closed_on: Day it was won, lost or voided; `None` while it is open.
        loss_reason: Why it was lost; `None` when unknown or not lost.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[OpportunityId, about("Opportunity id", "商机编号")]
    stage: Annotated[str, about("Stage", "阶段")]
    kind: Annotated[StageKind, about("Stage kind", "阶段类型")]
    name: Annotated[str | None, about("Opportunity", "商机")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    probability: Annotated[
        Decimal | None, about("Probability", "赢单概率", unit="fraction", minimum=0, maximum=1)
    ] = None
    is_probability_pinned: Annotated[bool | None, about("Probability pinned", "概率已锁定")] = None
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    forecast_category: Annotated[str | None, about("Forecast category", "预测类别")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    campaign_id: Annotated[CampaignId | None, about("Campaign", "营销活动", refers="campaigns")] = (
        None
    )
    competitor: Annotated[str | None, about("Competitor", "竞争对手")] = None
    next_step: Annotated[
        str | None, about("Next step", "下一步", personal=PersonalData.FREE_TEXT)
    ] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    first_contact_on: Annotated[date | None, about("First contact on", "首次接触日期")] = None
    expected_close_on: Annotated[
        date | None, about("Expected close on", "预计成交日期", happened=False)
    ] = None
    closed_on: Annotated[date | None, about("Closed on", "关闭日期")] = None
    loss_reason: Annotated[
        str | None,
        about("Loss reason", "输单原因", personal=PersonalData.FREE_TEXT, since=("closed_on",)),
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class OpportunityLine:
    """
    One product in an opportunity.

    Attributes:
        id: What other records call it.
        opportunity_id: Opportunity it belongs to.
        product_id: Product; `None` when nobody recorded one.
        quantity: Units at stake, in the product's base unit; `None` when unknown.
        unit_price: Price of one unit after discount; `None` when unknown.
        amount: Money at stake, net of tax and discount; `None` when unknown.
        discount: Discount as a fraction; `None` when unknown.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[OpportunityLineId, about("Opportunity line id", "商机明细编号")]
    opportunity_id: Annotated[OpportunityId, about("Opportunity", "商机", refers="opportunities")]
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    quantity: Annotated[Decimal | None, about("Quantity", "数量", unit="units")] = None
    unit_price: Annotated[Money | None, about("Unit price", "单价", unit="money per unit")] = None
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    discount: Annotated[
        Decimal | None, about("Discount", "折扣", unit="fraction", minimum=0, maximum=1)
    ] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class StageVisit:
    """
    The stay of a lead or an opportunity in one stage.

    Attributes:
        id: What other records call it.
        stage: Stage as the business calls it.
        entered_on: Day it entered the stage.
        left_on: Day it left the stage; `None` while it stays.
        opportunity_id: Opportunity; `None` when a lead went through it.
        lead_id: Lead; `None` when an opportunity went through it.
        kind: State that the stage stands for; `None` when nobody said.
        funnel: Funnel that the stage belongs to; `None` when there is one only.
        funnel_version: Version of the funnel; `None` when nobody said.
        entered_at: Instant it entered the stage; `None` when only the day is known.
        left_at: Instant it left the stage; `None` while it stays, or only the day is known.
        rep_id: Sales rep in charge then; `None` when unknown.
        reason: Why it moved on; `None` when nobody said.
        recorded_at: When the record was made; `None` when `entered_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[StageVisitId, about("Stage visit id", "阶段记录编号")]
    stage: Annotated[str, about("Stage", "阶段")]
    entered_on: Annotated[date, about("Entered on", "进入日期")]
    left_on: Annotated[date | None, about("Left on", "离开日期")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    kind: Annotated[StageKind | None, about("Stage kind", "阶段类型")] = None
    funnel: Annotated[str | None, about("Funnel", "销售漏斗")] = None
    funnel_version: Annotated[str | None, about("Funnel version", "漏斗版本")] = None
    entered_at: Annotated[datetime | None, about("Entered at", "进入时间")] = None
    left_at: Annotated[datetime | None, about("Left at", "离开时间")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    reason: Annotated[
        str | None,
        about("Reason", "原因", personal=PersonalData.FREE_TEXT, since=("left_on", "left_at")),
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Activity:
    """
    A contact that happened: a call, visit, mail, message or meeting.

    Attributes:
        id: What other records call it.
        happened_on: Day it happened.
        happened_at: Instant it began; `None` when only the day is known.
        channel: Over which channel, such as phone, mail, wechat, visit or meeting; `None` when
            unknown.
        direction: Whether the customer or we began it; `None` when unknown.
        customer_id: Customer; `None` when unknown.
        contact_id: Person talked to; `None` when unknown.
        lead_id: Lead it served; `None` when none.
        opportunity_id: Opportunity it served; `None` when none.
        case_id: After-sales case it served; `None` when none.
        rep_id: Sales rep who made it; `None` when unknown.
        minutes: How long it took; `None` when unknown.
        outcome: What came of it, such as reached or no answer; `None` when unknown.
        note: What was said; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `happened_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ActivityId, about("Activity id", "跟进编号")]
    happened_on: Annotated[date, about("Happened on", "发生日期")]
    happened_at: Annotated[datetime | None, about("Happened at", "发生时间")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    direction: Annotated[Direction | None, about("Direction", "方向")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    case_id: Annotated[CaseId | None, about("Case", "售后工单", refers="cases")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    minutes: Annotated[Decimal | None, about("Minutes", "分钟", unit="minutes", minimum=0)] = None
    outcome: Annotated[str | None, about("Outcome", "结果")] = None
    note: Annotated[str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
