"""What is to be done: tasks, follow-ups and improvements."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    ActivityId,
    CaseId,
    ContactId,
    CustomerId,
    FollowUpId,
    ImprovementId,
    LeadId,
    OpportunityId,
    SalesRepId,
    TargetId,
    TaskId,
    TeamId,
)
from salescore.plain import CustomValues, PersonalData, about, check_record


@attrs.frozen(kw_only=True)
class Task:
    """
    A dated piece of work given to a sales rep.

    Attributes:
        id: What other records call it.
        title: What is to be done.
        due_on: Day by which it should be done; `None` when there is none.
        rep_id: Who does it; `None` when nobody yet.
        customer_id: Customer it is about; `None` when none.
        lead_id: Lead it is about; `None` when none.
        opportunity_id: Opportunity it is about; `None` when none.
        target_id: Target it was derived from; `None` when none.
        category: Kind of work; `None` when unknown.
        quantity: How many, such as visits; `None` when it is one piece.
        priority: How urgent it is; `None` when nobody said.
        created_on: Day it was given; `None` when unknown.
        done_on: Day it was done; `None` when not yet.
        cancelled_on: Day it was given up; `None` when it was not.
        recorded_at: When the record was made; `None` when `created_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TaskId, about("Task id", "任务编号")]
    title: Annotated[str, about("Task", "任务", personal=PersonalData.FREE_TEXT)]
    due_on: Annotated[date | None, about("Due on", "到期日", happened=False)] = None
    rep_id: Annotated[SalesRepId | None, about("Owner", "负责人", refers="sales_reps")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    target_id: Annotated[TargetId | None, about("Target", "销售目标", refers="targets")] = None
    category: Annotated[str | None, about("Category", "类别")] = None
    quantity: Annotated[Decimal | None, about("Quantity", "数量", unit="units", minimum=0)] = None
    priority: Annotated[str | None, about("Priority", "优先级")] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    done_on: Annotated[date | None, about("Done on", "完成日期")] = None
    cancelled_on: Annotated[date | None, about("Cancelled on", "取消日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class FollowUp:
    """
    A contact that is due.

    Attributes:
        id: What other records call it.
        due_on: Day it is due.
        due_at: Instant it is due; `None` when only the day counts.
        customer_id: Customer; `None` when none.
        contact_id: Person to talk to; `None` when unknown.
        lead_id: Lead; `None` when none.
        opportunity_id: Opportunity; `None` when none.
        case_id: After-sales case; `None` when none.
        rep_id: Who makes it; `None` when nobody yet.
        channel: Over which channel; `None` when free.
        reason: Why it is due; `None` when nobody said.
        rule: Rule or cadence that asked for it; `None` when a person did.
        created_on: Day it was planned; `None` when unknown.
        done_on: Day it was made; `None` when not yet.
        activity_id: Activity that settled it; `None` when none yet.
        cancelled_on: Day it was given up; `None` when it was not.
        recorded_at: When the record was made; `None` when `created_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[FollowUpId, about("Follow-up id", "待跟进编号")]
    due_on: Annotated[date, about("Due on", "到期日", happened=False)]
    due_at: Annotated[datetime | None, about("Due at", "到期时间", happened=False)] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    case_id: Annotated[CaseId | None, about("Case", "售后工单", refers="cases")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    reason: Annotated[str | None, about("Reason", "原因", personal=PersonalData.FREE_TEXT)] = None
    rule: Annotated[str | None, about("Rule", "规则")] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    done_on: Annotated[date | None, about("Done on", "完成日期")] = None
    activity_id: Annotated[
        ActivityId | None, about("Activity", "跟进记录", refers="activities", since=("done_on",))
    ] = None
    cancelled_on: Annotated[date | None, about("Cancelled on", "取消日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Improvement:
    """
    A measure against a weakness, and its effect.

    Attributes:
        id: What other records call it.
        finding: What was found.
        cause: Why it is so; `None` when nobody knows.
        measure: What is done about it; `None` when nothing yet.
        rep_id: Who does it; `None` when nobody yet.
        team_id: Team it concerns; `None` when none in particular.
        figure: Name of the figure that should move; `None` when none.
        found_on: Day it was found; `None` when unknown.
        due_on: Day by which it should be done; `None` when there is none.
        done_on: Day it was done; `None` when not yet.
        before: The figure before; `None` when not measured.
        after: The figure afterwards; `None` when not measured.
        effect: What came of it, in words; `None` when nobody said.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ImprovementId, about("Improvement id", "改进编号")]
    finding: Annotated[str, about("Finding", "问题", personal=PersonalData.FREE_TEXT)]
    cause: Annotated[str | None, about("Cause", "原因", personal=PersonalData.FREE_TEXT)] = None
    measure: Annotated[str | None, about("Measure", "措施", personal=PersonalData.FREE_TEXT)] = None
    rep_id: Annotated[SalesRepId | None, about("Owner", "负责人", refers="sales_reps")] = None
    team_id: Annotated[TeamId | None, about("Team", "团队", refers="teams")] = None
    figure: Annotated[str | None, about("Figure", "指标")] = None
    found_on: Annotated[date | None, about("Found on", "发现日期")] = None
    due_on: Annotated[date | None, about("Due on", "到期日", happened=False)] = None
    done_on: Annotated[date | None, about("Done on", "完成日期")] = None
    before: Annotated[Decimal | None, about("Before", "改进前", unit="what the figure counts")] = (
        None
    )
    after: Annotated[
        Decimal | None, about("After", "改进后", since=("done_on",), unit="what the figure counts")
    ] = None
    effect: Annotated[
        str | None, about("Effect", "效果", personal=PersonalData.FREE_TEXT, since=("done_on",))
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
