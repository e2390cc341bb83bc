"""What rules decided and wrote down: grades, claims, statements, appraisals, events."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    AppraisalId,
    AppraisalItemId,
    ClaimId,
    CustomerId,
    EventId,
    GradeIntervalId,
    InvoiceId,
    LeadId,
    OrderId,
    PaymentId,
    SalesRepId,
    StatementId,
    StatementLineId,
    TagId,
)
from salescore.entities._kinds import TagSource
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class GradeInterval:
    """
    The time in which a customer has a grade.

    Attributes:
        id: What other records call it.
        customer_id: Customer.
        grade: Grade as the policy calls it.
        starts_on: First day of the grade.
        ends_on: Last day of the grade; `None` while it holds.
        policy: Policy that gave it; `None` when a person did.
        policy_version: Version of the policy; `None` when unknown.
        is_override: Whether a person overruled the policy; `None` when unknown, which is no.
        expires_on: Last day of an override; `None` when unlimited.
        reason: Why; `None` when nobody said.
        decided_by: Who decided; `None` when the policy did.
        warned_on: Day since which the customer is due to lose the grade; `None` when it is not.
        recorded_at: When the record was made; `None` when `starts_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[GradeIntervalId, about("Grade interval id", "等级记录编号")]
    customer_id: Annotated[CustomerId, about("Customer", "客户", refers="customers")]
    grade: Annotated[str, about("Grade", "等级")]
    starts_on: Annotated[date, about("Starts on", "开始日期")]
    ends_on: Annotated[date | None, about("Ends on", "结束日期")] = None
    policy: Annotated[str | None, about("Policy", "分级规则")] = None
    policy_version: Annotated[str | None, about("Policy version", "规则版本")] = None
    is_override: Annotated[bool | None, about("Override", "人工调整")] = None
    expires_on: Annotated[date | None, about("Expires on", "失效日期", happened=False)] = None
    reason: Annotated[str | None, about("Reason", "原因", personal=PersonalData.FREE_TEXT)] = None
    decided_by: Annotated[
        str | None, about("Decided by", "决定人", personal=PersonalData.IDENTITY)
    ] = None
    warned_on: Annotated[date | None, about("Warned on", "预警日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Tag:
    """
    A word that a record is marked with, by hand or by a rule, while it is valid.

    Attributes:
        id: What other records call it.
        namespace: Family of tags that it belongs to, such as "interest".
        name: The word.
        source: Who gave it; the tag of a rule is worked out anew, that of a person stays.
        starts_on: First day of its validity.
        record: Record type of what is marked, in snake_case plural; `None` when that was erased.
        subject: Id of what is marked; `None` when that was erased.
        ends_on: Last day of its validity; `None` while it lasts.
        rule: Rule that gave it; `None` when a person did.
        decided_by: Who gave it; `None` when a rule did, or unknown.
        recorded_at: When the record was made; `None` when `starts_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TagId, about("Tag id", "标签编号")]
    namespace: Annotated[str, about("Namespace", "标签类别")]
    name: Annotated[str, about("Tag", "标签")]
    source: Annotated[TagSource, about("Tag source", "标签来源")]
    starts_on: Annotated[date, about("Starts on", "开始日期")]
    record: Annotated[str | None, about("Record type", "记录类型")] = None
    subject: Annotated[str | None, about("Subject", "对象编号", refers_by="record")] = None
    ends_on: Annotated[date | None, about("Ends on", "结束日期")] = None
    rule: Annotated[str | None, about("Rule", "规则")] = None
    decided_by: Annotated[
        str | None, about("Decided by", "决定人", personal=PersonalData.IDENTITY)
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Claim:
    """
    A sales rep's hold on a customer or lead from the pool.

    Attributes:
        id: What other records call it.
        rep_id: Sales rep who claimed it.
        claimed_on: Day of the claim.
        claimed_at: Instant of the claim; `None` when only the day is known.
        customer_id: Customer; `None` when a lead was claimed.
        lead_id: Lead; `None` when a customer was claimed.
        pool: Pool it came from; `None` when there is one only.
        returned_on: Day it fell back to the pool; `None` while it is held.
        reason: Why it fell back; `None` when nobody said or it is held.
        recorded_at: When the record was made; `None` when `claimed_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ClaimId, about("Claim id", "领取编号")]
    rep_id: Annotated[SalesRepId, about("Sales rep", "销售人员", refers="sales_reps")]
    claimed_on: Annotated[date, about("Claimed on", "领取日期")]
    claimed_at: Annotated[datetime | None, about("Claimed at", "领取时间")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    pool: Annotated[str | None, about("Pool", "公海")] = None
    returned_on: Annotated[date | None, about("Returned on", "退回日期")] = None
    reason: Annotated[
        str | None, about("Reason", "原因", personal=PersonalData.FREE_TEXT, since=("returned_on",))
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Statement:
    """
    What an incentive plan pays a sales rep for a period.

    Attributes:
        id: What other records call it.
        rep_id: Sales rep who is paid.
        plan: Incentive plan.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        amount: Money to be paid; negative when it is taken back.
        base: What the payment was reckoned from; `None` when it is no amount.
        plan_version: Version of the plan; `None` when unknown.
        issued_on: Day it was closed; `None` while it is open.
        paid_on: Day it was paid; `None` when not yet.
        recorded_at: When the record was made; `None` when `issued_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[StatementId, about("Statement id", "结算单编号")]
    rep_id: Annotated[SalesRepId, about("Sales rep", "销售人员", refers="sales_reps")]
    plan: Annotated[str, about("Plan", "激励方案")]
    starts_on: Annotated[date, about("Starts on", "开始日期", happened=False)]
    ends_on: Annotated[date, about("Ends on", "结束日期", happened=False)]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    base: Annotated[Money | None, about("Base", "计提基数", unit="money")] = None
    plan_version: Annotated[str | None, about("Plan version", "方案版本")] = None
    issued_on: Annotated[date | None, about("Issued on", "结算日期")] = None
    paid_on: Annotated[date | None, about("Paid on", "发放日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class StatementLine:
    """
    One reason for a part of a statement's payment.

    Attributes:
        id: What other records call it.
        statement_id: Statement it belongs to.
        amount: Part of the payment.
        base: What the part was reckoned from; `None` when it is no amount.
        rate: Rate as a fraction; `None` when there is none.
        order_id: Order it is for; `None` when none.
        invoice_id: Invoice it is for; `None` when none.
        payment_id: Payment it is for; `None` when none.
        reason: Rule that gave it, in words; `None` when nobody said.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[StatementLineId, about("Statement line id", "结算明细编号")]
    statement_id: Annotated[StatementId, about("Statement", "结算单", refers="statements")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    base: Annotated[Money | None, about("Base", "计提基数", unit="money")] = None
    rate: Annotated[Decimal | None, about("Rate", "计提比例", unit="fraction")] = None
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    invoice_id: Annotated[InvoiceId | None, about("Invoice", "发票", refers="invoices")] = None
    payment_id: Annotated[PaymentId | None, about("Payment", "回款", refers="payments")] = None
    reason: Annotated[str | None, about("Reason", "原因")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Appraisal:
    """
    The judgement of a sales rep's work in a period.

    Attributes:
        id: What other records call it.
        rep_id: Sales rep.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        template: Template it follows; `None` when none.
        template_version: Version of the template; `None` when unknown.
        score: Weighted score; `None` when it cannot be told.
        band: Band that the score falls in; `None` when there are none.
        decided_on: Day it was decided; `None` when unknown.
        decided_by: Who decided; `None` when unknown.
        note: Remark; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `decided_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[AppraisalId, about("Appraisal id", "考核编号")]
    rep_id: Annotated[SalesRepId, about("Sales rep", "销售人员", refers="sales_reps")]
    starts_on: Annotated[date, about("Starts on", "开始日期", happened=False)]
    ends_on: Annotated[date, about("Ends on", "结束日期", happened=False)]
    template: Annotated[str | None, about("Template", "考核模板")] = None
    template_version: Annotated[str | None, about("Template version", "模板版本")] = None
    score: Annotated[Decimal | None, about("Score", "得分", unit="points")] = None
    band: Annotated[str | None, about("Band", "档次")] = None
    decided_on: Annotated[date | None, about("Decided on", "考核日期")] = None
    decided_by: Annotated[
        str | None, about("Decided by", "考核人", personal=PersonalData.IDENTITY)
    ] = None
    note: Annotated[str | None, about("Note", "评语", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class AppraisalItem:
    """
    One weighted item of an appraisal.

    Attributes:
        id: What other records call it.
        appraisal_id: Appraisal it belongs to.
        item: What is judged.
        weight: Weight as a fraction.
        score: Score of the item; `None` when it cannot be told.
        value: Figure it was scored from; `None` when it was judged by a person.
        target: What was to be reached; `None` when there was none.
        reason: How the score came about; `None` when nobody said.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[AppraisalItemId, about("Appraisal item id", "考核项编号")]
    appraisal_id: Annotated[AppraisalId, about("Appraisal", "考核", refers="appraisals")]
    item: Annotated[str, about("Item", "考核项")]
    weight: Annotated[Decimal, about("Weight", "权重", unit="fraction", minimum=0, maximum=1)]
    score: Annotated[Decimal | None, about("Score", "得分", unit="points")] = None
    value: Annotated[Decimal | None, about("Value", "实际值", unit="what the figure counts")] = None
    target: Annotated[Decimal | None, about("Target", "目标值", unit="what the figure counts")] = (
        None
    )
    reason: Annotated[str | None, about("Reason", "说明", personal=PersonalData.FREE_TEXT)] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Event:
    """
    Something that happened to a record.

    Attributes:
        id: What other records call it.
        name: What happened, such as stage_entered.
        happened_at: Instant it happened.
        record: Record type of what it happened to, in snake_case plural; `None` when to nothing.
        subject: Id of what it happened to; `None` when to nothing.
        actor: Who did it; `None` when a rule did, or unknown.
        rule: Rule that caused it; `None` when a person did.
        detail: Further data of the event, as JSON text; `None` when there are none.
        recorded_at: When the record was made; `None` when `happened_at` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[EventId, about("Event id", "事件编号")]
    name: Annotated[str, about("Event", "事件")]
    happened_at: Annotated[datetime, about("Happened at", "发生时间")]
    record: Annotated[str | None, about("Record type", "记录类型")] = None
    subject: Annotated[str | None, about("Subject", "对象编号", refers_by="record")] = None
    actor: Annotated[str | None, about("Actor", "操作人", personal=PersonalData.IDENTITY)] = None
    rule: Annotated[str | None, about("Rule", "规则")] = None
    detail: Annotated[str | None, about("Detail", "详情", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
