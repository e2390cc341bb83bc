"""What is aimed at and measured against: targets, market sizes, exchange rates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    CustomerId,
    ExchangeRateId,
    MarketSizeId,
    ProductId,
    SalesRepId,
    TargetId,
    TeamId,
    TerritoryId,
)
from salescore.entities._kinds import TargetLevel
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money, RateKind


@attrs.frozen(kw_only=True)
class Target:
    """
    What is to be reached in a period; a revision is a further record that replaces it.

    Attributes:
        id: What other records call it.
        figure: Name of the figure, such as revenue or win_rate.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        amount: What is to be reached, of a figure in money; `None` for other figures.
        value: What is to be reached, of any other figure, rates as fractions; `None` for money.
        unit: What the value counts; `None` when the figure says it.
        name: Name as the business writes it; `None` when it has none.
        period: Key of the period in its calendar, such as 2017-Q4; `None` for a free range.
        calendar: Name of the calendar of the key; `None` for the Gregorian one.
        level: How ambitious it is; `None` when there is one level only.
        is_lower_better: Whether less is better, such as days; `None` when the figure says it.
        baseline: Value it starts from; `None` when none was stated.
        rep_id: Sales rep who owns it; `None` when no single one does.
        team_id: Team that owns it; `None` when a rep does, or the company.
        territory_id: Territory it covers; `None` for all.
        region: Sales region it covers; `None` for all.
        product_id: Product it covers; `None` for all.
        product_family: Product family it covers; `None` for all.
        customer_id: Customer it covers; `None` for all.
        segment: Segment it covers; `None` for all.
        channel: Sales channel it covers; `None` for all.
        source: Source it covers; `None` for all.
        date_basis: Date by which facts count; `None` when the figure says it.
        attribution: To whom facts are credited; `None` when the figure says it.
        parent_id: Target it is a part of; `None` at the top.
        replaces_id: Target it revises; `None` when it is the first.
        reason: Why it was set or revised; `None` when nobody said.
        approver: Who approved it; `None` when nobody did.
        set_on: Day it was set; `None` when unknown.
        recorded_at: When the record was made; `None` when `set_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TargetId, about("Target id", "目标编号")]
    figure: Annotated[str, about("Figure", "指标")]
    starts_on: Annotated[date, about("Starts on", "开始日期", happened=False)]
    ends_on: Annotated[date, about("Ends on", "结束日期", happened=False)]
    amount: Annotated[Money | None, about("Amount", "目标金额", unit="money")] = None
    value: Annotated[Decimal | None, about("Value", "目标值", unit="what the figure counts")] = None
    unit: Annotated[str | None, about("Unit", "单位")] = None
    name: Annotated[str | None, about("Target", "销售目标")] = None
    period: Annotated[str | None, about("Period", "期间")] = None
    calendar: Annotated[str | None, about("Calendar", "日历")] = None
    level: Annotated[TargetLevel | None, about("Level", "目标档次")] = None
    is_lower_better: Annotated[bool | None, about("Lower is better", "越低越好")] = None
    baseline: Annotated[
        Decimal | None, about("Baseline", "基线", unit="what the figure counts")
    ] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    team_id: Annotated[TeamId | None, about("Team", "团队", refers="teams")] = None
    territory_id: Annotated[
        TerritoryId | None, about("Territory", "区域", refers="territories")
    ] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    product_family: Annotated[str | None, about("Product family", "产品系列")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    segment: Annotated[str | None, about("Segment", "细分")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    date_basis: Annotated[str | None, about("Date basis", "日期口径")] = None
    attribution: Annotated[str | None, about("Attribution", "归属口径")] = None
    parent_id: Annotated[TargetId | None, about("Parent target", "上级目标", refers="targets")] = (
        None
    )
    replaces_id: Annotated[TargetId | None, about("Replaces", "替代目标", refers="targets")] = None
    reason: Annotated[str | None, about("Reason", "调整原因", personal=PersonalData.FREE_TEXT)] = (
        None
    )
    approver: Annotated[str | None, about("Approver", "审批人", personal=PersonalData.IDENTITY)] = (
        None
    )
    set_on: Annotated[date | None, about("Set on", "制定日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class MarketSize:
    """
    How large a market was in a period.

    Attributes:
        id: What other records call it.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        amount: Revenue of all sellers; `None` when unknown.
        volume: Units sold by all sellers; `None` when unknown.
        region: Sales region; `None` for all.
        segment: Segment; `None` for all.
        product_family: Product family; `None` for all.
        basis: What was counted and how; `None` when unknown.
        source: Who says so; `None` when unknown.
        published_on: Day it became known; `None` when unknown.
        recorded_at: When the record was made; `None` when `published_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[MarketSizeId, about("Market size id", "市场规模编号")]
    starts_on: Annotated[date, about("Starts on", "开始日期", happened=False)]
    ends_on: Annotated[date, about("Ends on", "结束日期", happened=False)]
    amount: Annotated[Money | None, about("Amount", "市场销售额", unit="money")] = None
    volume: Annotated[Decimal | None, about("Volume", "市场销售量", unit="units", minimum=0)] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    segment: Annotated[str | None, about("Segment", "细分")] = None
    product_family: Annotated[str | None, about("Product family", "产品系列")] = None
    basis: Annotated[str | None, about("Basis", "口径")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    published_on: Annotated[date | None, about("Published on", "发布日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """
    What one unit of a currency was worth in another, from a day on.

    Attributes:
        id: What other records call it.
        base: Code of the currency of which one unit is priced.
        quote: Code of the currency in which it is priced.
        valid_from: First day it holds.
        rate: Quote units for one base unit, above zero.
        kind: Kind of rate; `None` when it is a spot rate.
        source: Who published it; `None` when unknown.
        recorded_at: When the record was made; `None` when `valid_from` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ExchangeRateId, about("Rate id", "汇率编号")]
    base: Annotated[str, about("Base currency", "基准货币")]
    quote: Annotated[str, about("Quote currency", "计价货币")]
    valid_from: Annotated[date, about("Valid from", "生效日期")]
    rate: Annotated[Decimal, about("Rate", "汇率", unit="quote per base", above=0)]
    kind: Annotated[RateKind | None, about("Rate kind", "汇率类型")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
