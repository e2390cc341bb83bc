"""Efforts to win or keep customers, and whom they address."""

from datetime import date, datetime
from typing import Annotated

import attrs

from salescore.entities._ids import (
    CampaignId,
    CampaignMemberId,
    ContactId,
    CustomerId,
    LeadId,
    SalesRepId,
)
from salescore.plain import CustomValues, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Campaign:
    """
    An effort to win or keep customers.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        category: Kind of campaign, such as exhibition or mailing; `None` when unknown.
        channel: Channel; `None` when several or unknown.
        starts_on: First day; `None` when unknown.
        ends_on: Last day; `None` when unlimited or unknown.
        budget: Money that may be spent; `None` when none was set.
        cost: Money that was spent; `None` when unknown, or expenses say it.
        rep_id: Who is in charge; `None` when nobody.
        recorded_at: When the record was made; `None` when `starts_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[CampaignId, about("Campaign id", "营销活动编号")]
    name: Annotated[str, about("Campaign", "营销活动")]
    category: Annotated[str | None, about("Category", "类别")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    starts_on: Annotated[date | None, about("Starts on", "开始日期")] = None
    ends_on: Annotated[date | None, about("Ends on", "结束日期", happened=False)] = None
    budget: Annotated[Money | None, about("Budget", "预算", unit="money")] = None
    cost: Annotated[Money | None, about("Cost", "成本", unit="money")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class CampaignMember:
    """
    Somebody whom a campaign addresses, and what came of it.

    Attributes:
        id: What other records call it.
        campaign_id: Campaign.
        customer_id: Customer addressed; `None` when none.
        contact_id: Contact addressed; `None` when none.
        lead_id: Lead addressed; `None` when none.
        is_held_out: Whether nothing is sent, for comparison; `None` when nobody said, which is no.
        joined_on: Day it became a member; `None` when unknown.
        sent_on: Day something was sent; `None` when nothing was, or unknown.
        opened_on: Day it was read; `None` when it was not, or unknown.
        replied_on: Day of the answer; `None` when there is none, or unknown.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[CampaignMemberId, about("Member id", "活动成员编号")]
    campaign_id: Annotated[CampaignId, about("Campaign", "营销活动", refers="campaigns")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    lead_id: Annotated[LeadId | None, about("Lead", "线索", refers="leads")] = None
    is_held_out: Annotated[bool | None, about("Held out", "对照组")] = None
    joined_on: Annotated[date | None, about("Joined on", "加入日期")] = None
    sent_on: Annotated[date | None, about("Sent on", "发送日期")] = None
    opened_on: Annotated[date | None, about("Opened on", "打开日期")] = None
    replied_on: Annotated[date | None, about("Replied on", "回复日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
