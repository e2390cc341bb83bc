"""Who buys and who sells: customers, their contacts, sales reps, teams, territories."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    ContactId,
    CustomerId,
    SalesRepId,
    TeamId,
    TerritoryAssignmentId,
    TerritoryId,
)
from salescore.entities._kinds import Lifecycle
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


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
        territory_id: Territory it lies in; `None` when its rep's holds or unknown.
        source: Where it came from; `None` when unknown.
        registration_number: Number in the register of companies; `None` when unknown.
        phone: Telephone number; `None` when unknown.
        email: Mail address; `None` when unknown.
        website: Address on the web; `None` when unknown.
        address: Street and house; `None` when unknown.
        city: City; `None` when unknown.
        postal_code: Postal code; `None` when unknown.
        employees: Head count of the customer; `None` when unknown.
        annual_revenue: The customer's own revenue in a year; `None` when unknown.
        credit_limit: Most that it may owe; `None` when no limit was set.
        payment_terms_days: Days from invoice to due day; `None` when nothing was agreed.
        needs: What it needs; `None` when nobody asked.
        buying_power: What it can spend; `None` when unknown.
        decision_process: Who decides and how; `None` when unknown.
        created_on: Day it was acquired; `None` when unknown.
        recorded_at: When the record was made; `None` when `created_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
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
    territory_id: Annotated[
        TerritoryId | None, about("Territory", "区域", refers="territories")
    ] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    registration_number: Annotated[
        str | None, about("Registration number", "统一社会信用代码", personal=PersonalData.IDENTITY)
    ] = None
    phone: Annotated[str | None, about("Phone", "电话", personal=PersonalData.CONTACT)] = None
    email: Annotated[str | None, about("Mail", "邮箱", personal=PersonalData.CONTACT)] = None
    website: Annotated[str | None, about("Website", "网站")] = None
    address: Annotated[str | None, about("Address", "地址", personal=PersonalData.CONTACT)] = None
    city: Annotated[str | None, about("City", "城市")] = None
    postal_code: Annotated[
        str | None, about("Postal code", "邮编", personal=PersonalData.CONTACT)
    ] = None
    employees: Annotated[
        Decimal | None, about("Employees", "员工人数", unit="people", minimum=0)
    ] = None
    annual_revenue: Annotated[Money | None, about("Annual revenue", "年营业额", unit="money")] = (
        None
    )
    credit_limit: Annotated[Money | None, about("Credit limit", "信用额度", unit="money")] = None
    payment_terms_days: Annotated[
        Decimal | None, about("Payment terms", "账期", unit="days", minimum=0)
    ] = None
    needs: Annotated[str | None, about("Needs", "需求", personal=PersonalData.FREE_TEXT)] = None
    buying_power: Annotated[
        str | None, about("Buying power", "购买力", personal=PersonalData.FREE_TEXT)
    ] = None
    decision_process: Annotated[
        str | None, about("Decision process", "决策流程", personal=PersonalData.FREE_TEXT)
    ] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Contact:
    """
    A person at a customer.

    Attributes:
        id: What other records call it.
        name: Name of the person.
        customer_id: Customer that the person works for; `None` when unknown.
        title: Position; `None` when unknown.
        department: Department; `None` when unknown.
        decision_role: Part in a decision, such as decider or user; `None` when unknown.
        phone: Telephone number; `None` when unknown.
        email: Mail address; `None` when unknown.
        wechat: Name on WeChat; `None` when unknown.
        preferred_channel: Channel the person likes best; `None` when unknown.
        may_contact: Whether the person consented to be contacted; `None` when nobody asked.
        birthday: Day of birth; `None` when unknown.
        created_on: Day the contact was made; `None` when unknown.
        recorded_at: When the record was made; `None` when `created_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ContactId, about("Contact id", "联系人编号")]
    name: Annotated[str, about("Contact", "联系人", personal=PersonalData.IDENTITY)]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    title: Annotated[str | None, about("Title", "职务", personal=PersonalData.IDENTITY)] = None
    department: Annotated[str | None, about("Department", "部门")] = None
    decision_role: Annotated[str | None, about("Decision role", "决策角色")] = None
    phone: Annotated[str | None, about("Phone", "电话", personal=PersonalData.CONTACT)] = None
    email: Annotated[str | None, about("Mail", "邮箱", personal=PersonalData.CONTACT)] = None
    wechat: Annotated[str | None, about("WeChat", "微信", personal=PersonalData.CONTACT)] = None
    preferred_channel: Annotated[str | None, about("Preferred channel", "偏好渠道")] = None
    may_contact: Annotated[bool | None, about("May be contacted", "允许联系")] = None
    birthday: Annotated[
        date | None, about("Birthday", "生日", personal=PersonalData.IDENTITY, happened=False)
    ] = None
    created_on: Annotated[date | None, about("Created on", "创建日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

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
        territory_id: Territory in charge of; `None` when none, or assignments say it.
        manager_id: Sales rep who leads this one; `None` at the top or unknown.
        email: Mail address; `None` when unknown.
        phone: Telephone number; `None` when unknown.
        hired_on: First day at work; `None` when unknown.
        left_on: Last day at work; `None` while here or unknown.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[SalesRepId, about("Sales rep id", "销售人员编号")]
    name: Annotated[str, about("Sales rep", "销售人员", personal=PersonalData.IDENTITY)]
    team_id: Annotated[TeamId | None, about("Team", "团队", refers="teams")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    territory_id: Annotated[
        TerritoryId | None, about("Territory", "区域", refers="territories")
    ] = None
    manager_id: Annotated[SalesRepId | None, about("Manager", "主管", refers="sales_reps")] = None
    email: Annotated[str | None, about("Mail", "邮箱", personal=PersonalData.CONTACT)] = None
    phone: Annotated[str | None, about("Phone", "电话", personal=PersonalData.CONTACT)] = None
    hired_on: Annotated[date | None, about("Hired on", "入职日期", happened=False)] = None
    left_on: Annotated[date | None, about("Left on", "离职日期", happened=False)] = None
    custom: CustomValues = ()

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
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TeamId, about("Team id", "团队编号")]
    name: Annotated[str, about("Team", "团队")]
    manager: Annotated[str | None, about("Manager", "主管", personal=PersonalData.IDENTITY)] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    parent_id: Annotated[TeamId | None, about("Parent team", "上级团队", refers="teams")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Territory:
    """
    A part of the market that someone is in charge of.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        parent_id: Territory that holds it; `None` at the top.
        region: Sales region; `None` when it has none.
        country: Country; `None` when it spans several or is unknown.
        team_id: Team in charge; `None` when none.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TerritoryId, about("Territory id", "区域编号")]
    name: Annotated[str, about("Territory", "区域")]
    parent_id: Annotated[
        TerritoryId | None, about("Parent territory", "上级区域", refers="territories")
    ] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    country: Annotated[str | None, about("Country", "国家")] = None
    team_id: Annotated[TeamId | None, about("Team", "团队", refers="teams")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class TerritoryAssignment:
    """
    A sales rep's time in charge of a territory.

    Attributes:
        id: What other records call it.
        territory_id: Territory.
        rep_id: Sales rep.
        starts_on: First day in charge.
        ends_on: Last day in charge; `None` while it lasts.
        recorded_at: When the record was made; `None` when `starts_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[TerritoryAssignmentId, about("Assignment id", "区域分配编号")]
    territory_id: Annotated[TerritoryId, about("Territory", "区域", refers="territories")]
    rep_id: Annotated[SalesRepId, about("Sales rep", "销售人员", refers="sales_reps")]
    starts_on: Annotated[date, about("Starts on", "开始日期")]
    ends_on: Annotated[date | None, about("Ends on", "结束日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
