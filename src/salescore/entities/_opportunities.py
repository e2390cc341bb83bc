"""Qualified chances to sell, and the contacts that move them."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated

import attrs

from salescore.entities._ids import ActivityId, CustomerId, OpportunityId, ProductId, SalesRepId
from salescore.plain import PersonalData, about, check_record
from salescore.values import Money


class StageKind(Enum):
    """State of an opportunity, whatever its stage is called; never inferred from a probability."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    HOLD = "hold"


@attrs.frozen(kw_only=True)
class Opportunity:
    """
    A qualified chance to sell.

    Attributes:
        id: What other records call it.
        name: Short description; `None` when it has none.
        customer_id: Customer; `None` when nobody recorded one.
        product_id: Product at stake; `None` when several or unknown.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        stage: Stage as the business calls it.
        kind: State that the stage stands for.
        probability: Chance to win, a fraction from 0 to 1; `None` when nobody stated one.
        amount: Money at stake or won; `None` when unknown.
        source: Where it came from; `None` when unknown.
        competitor: Whom we met; `None` when nobody or unknown.
        created_on: Day it was opened; `None` when unknown.
        first_contact_on: Day of the first contact; `None` when only activities can tell.
        expected_close_on: Day it should close; `None` when nobody stated one.
        closed_on: Day it was won, lost or voided; `None` while it is open.
        loss_reason: Why it was lost; `None` when unknown or not lost.
        recorded_at: When the record was made; `None` when its dates say it.
    """

    id: Annotated[OpportunityId, about("Opportunity id", "商机编号")]
    stage: Annotated[str, about("Stage", "阶段")]
    kind: Annotated[StageKind, about("Stage kind", "阶段类型")]
    name: Annotated[str | None, about("Opportunity", "商机")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    probability: Annotated[
        Decimal | None, about("Probability", "赢单概率", unit="fraction", minimum=0, maximum=1)
    ] = None
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    competitor: Annotated[str | None, about("Competitor", "竞争对手")] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    first_contact_on: Annotated[date | None, about("First contact on", "首次接触日期")] = None
    expected_close_on: Annotated[date | None, about("Expected close on", "预计成交日期")] = None
    closed_on: Annotated[date | None, about("Closed on", "关闭日期")] = None
    loss_reason: Annotated[
        str | None, about("Loss reason", "输单原因", personal=PersonalData.FREE_TEXT)
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Activity:
    """
    A contact that happened: a call, visit, mail, message or meeting.

    Attributes:
        id: What other records call it.
        happened_on: Day it happened.
        channel: Over which channel, such as phone, mail, wechat, visit or meeting; `None` when
            unknown.
        customer_id: Customer; `None` when unknown.
        opportunity_id: Opportunity it served; `None` when none.
        rep_id: Sales rep who made it; `None` when unknown.
        note: What was said; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `happened_on` says it.
    """

    id: Annotated[ActivityId, about("Activity id", "跟进编号")]
    happened_on: Annotated[date, about("Happened on", "发生日期")]
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    note: Annotated[str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)
