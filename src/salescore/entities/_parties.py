"""Who buys and who sells: customers, sales reps, teams."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import attrs

from salescore.entities._ids import CustomerId, SalesRepId, TeamId
from salescore.plain import PersonalData, about, check_record


class Lifecycle(Enum):
    """How far a customer has come; a value grade is another axis."""

    LEAD = "lead"
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    LAPSED = "lapsed"


@attrs.frozen(kw_only=True)
class Customer:
    """
    An organisation or person we sell to or may sell to.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        lifecycle: Lifecycle state; `None` when nobody recorded one.
        segment: Segment the business chose; `None` when it has none.
        industry: Line of business; `None` when unknown.
        country: Country of its seat; `None` when unknown.
        region: Sales region; `None` when its rep's region holds.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        parent_id: Customer that owns it; `None` when independent or unknown.
        source: Where it came from; `None` when unknown.
        created_on: Day it was acquired; `None` when unknown.
        recorded_at: When the record was made; `None` when `created_on` says it.
    """

    id: Annotated[CustomerId, about("Customer id", "客户编号")]
    name: Annotated[str, about("Customer", "客户名称", personal=PersonalData.IDENTITY)]
    lifecycle: Annotated[Lifecycle | None, about("Lifecycle", "生命周期")] = None
    segment: Annotated[str | None, about("Segment", "细分")] = None
    industry: Annotated[str | None, about("Industry", "行业")] = None
    country: Annotated[str | None, about("Country", "国家")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    parent_id: Annotated[CustomerId | None, about("Parent", "上级客户", refers="customers")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class SalesRep:
    """
    A person who sells.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        team_id: Team; `None` when in none.
        region: Sales region; `None` when the team's region holds.
    """

    id: Annotated[SalesRepId, about("Sales rep id", "销售人员编号")]
    name: Annotated[str, about("Sales rep", "销售人员", personal=PersonalData.IDENTITY)]
    team_id: Annotated[TeamId | None, about("Team", "团队", refers="teams")] = None
    region: Annotated[str | None, about("Region", "地区")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Team:
    """
    A group of sales reps.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        manager: Name of who leads it; `None` when unknown.
        region: Sales region; `None` when it has none.
        parent_id: Team above it; `None` at the top.
    """

    id: Annotated[TeamId, about("Team id", "团队编号")]
    name: Annotated[str, about("Team", "团队")]
    manager: Annotated[str | None, about("Manager", "主管", personal=PersonalData.IDENTITY)] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    parent_id: Annotated[TeamId | None, about("Parent team", "上级团队", refers="teams")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)
