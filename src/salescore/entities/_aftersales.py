"""What happens after the sale: cases and answers to surveys."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    CaseId,
    ContactId,
    CustomerId,
    OpportunityId,
    OrderId,
    ProductId,
    SalesRepId,
    SurveyResponseId,
)
from salescore.plain import CustomValues, PersonalData, about, check_record


@attrs.frozen(kw_only=True)
class Case:
    """
    An after-sales request.

    Attributes:
        id: What other records call it.
        opened_on: Day it came in.
        opened_at: Instant it came in; `None` when only the day is known.
        customer_id: Customer; `None` when unknown.
        contact_id: Person who asked; `None` when unknown.
        product_id: Product it is about; `None` when none or unknown.
        order_id: Order it is about; `None` when none or unknown.
        opportunity_id: Opportunity that it follows; `None` when none.
        rep_id: Who is in charge; `None` when nobody.
        subject: What it is about; `None` when nothing was written down.
        category: Kind of request; `None` when unknown.
        priority: How urgent it is; `None` when nobody said.
        channel: Over which channel it came; `None` when unknown.
        status: State as the business calls it; `None` when it has no name for it.
        responded_on: Day of the first answer; `None` when none yet, or unknown.
        responded_at: Instant of the first answer; `None` when none yet, or only the day is known.
        resolved_on: Day it was solved; `None` when not yet, or unknown.
        resolved_at: Instant it was solved; `None` when not yet, or only the day is known.
        due_on: Day by which it should be solved; `None` when nothing was promised.
        recorded_at: When the record was made; `None` when `opened_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[CaseId, about("Case id", "工单编号")]
    opened_on: Annotated[date, about("Opened on", "受理日期")]
    opened_at: Annotated[datetime | None, about("Opened at", "受理时间")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    subject: Annotated[str | None, about("Subject", "主题", personal=PersonalData.FREE_TEXT)] = None
    category: Annotated[str | None, about("Category", "类别")] = None
    priority: Annotated[str | None, about("Priority", "优先级")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    status: Annotated[
        str | None,
        about(
            "Status", "状态", since=("responded_on", "responded_at", "resolved_on", "resolved_at")
        ),
    ] = None
    responded_on: Annotated[date | None, about("Responded on", "响应日期")] = None
    responded_at: Annotated[datetime | None, about("Responded at", "响应时间")] = None
    resolved_on: Annotated[date | None, about("Resolved on", "解决日期")] = None
    resolved_at: Annotated[datetime | None, about("Resolved at", "解决时间")] = None
    due_on: Annotated[date | None, about("Due on", "到期日", happened=False)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class SurveyResponse:
    """
    One answer of one respondent to one question.

    Attributes:
        id: What other records call it.
        survey: Survey it belongs to; `None` when there is one only.
        measure: What is measured, such as csat, nps or ces; `None` when the survey says it.
        dimension: What is judged, such as attitude, problem solving or relationship; `None` for the
            whole.
        customer_id: Customer; `None` when unknown.
        contact_id: Person who was asked; `None` when unknown.
        order_id: Order it is about; `None` when none.
        case_id: Case it is about; `None` when none.
        product_id: Product it is about; `None` when none.
        rep_id: Sales rep it is about; `None` when the customer's holds.
        sent_on: Day the question was sent; `None` when unknown.
        answered_on: Day of the answer; `None` when there is none yet.
        score: The answer as a number; `None` when there is none.
        lowest: Lowest score there is; `None` when the survey says it.
        highest: Highest score there is; `None` when the survey says it.
        comment: The answer in words; `None` when there is none.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[SurveyResponseId, about("Answer id", "答卷编号")]
    survey: Annotated[str | None, about("Survey", "问卷")] = None
    measure: Annotated[str | None, about("Measure", "指标")] = None
    dimension: Annotated[str | None, about("Dimension", "维度")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    case_id: Annotated[CaseId | None, about("Case", "售后工单", refers="cases")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    sent_on: Annotated[date | None, about("Sent on", "发送日期")] = None
    answered_on: Annotated[date | None, about("Answered on", "回答日期")] = None
    score: Annotated[
        Decimal | None, about("Score", "评分", since=("answered_on",), unit="points")
    ] = None
    lowest: Annotated[Decimal | None, about("Lowest score", "最低分", unit="points")] = None
    highest: Annotated[Decimal | None, about("Highest score", "最高分", unit="points")] = None
    comment: Annotated[
        str | None,
        about("Comment", "评语", personal=PersonalData.FREE_TEXT, since=("answered_on",)),
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
