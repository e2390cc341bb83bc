"""What was ordered, and what selling it cost."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    CustomerId,
    ExpenseId,
    OpportunityId,
    OrderId,
    OrderLineId,
    ProductId,
    SalesRepId,
)
from salescore.plain import PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Order:
    """
    A customer's order; its money stands on its lines.

    Attributes:
        id: What other records call it.
        ordered_on: Day of the order.
        customer_id: Customer; `None` when nobody recorded one.
        rep_id: Sales rep who took it; `None` when the customer's rep holds.
        opportunity_id: Opportunity it came from; `None` when none.
        region: Sales region; `None` when the customer's region holds.
        channel: Sales channel, such as shop, web or partner; `None` when unknown.
        source: Where it came from; `None` when unknown.
        recorded_at: When the record was made; `None` when `ordered_on` says it.
    """

    id: Annotated[OrderId, about("Order id", "订单编号")]
    ordered_on: Annotated[date, about("Ordered on", "下单日期")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class OrderLine:
    """
    One product on one order.

    Attributes:
        id: What other records call it.
        order_id: Order it belongs to.
        quantity: Units sold, in the product's base unit; negative for what came back.
        net_amount: Revenue of the line: net of tax and discount.
        product_id: Product; `None` when nobody recorded one.
        gross_amount: Revenue before discount; `None` when unknown.
        discount: Discount as a fraction of the gross amount; `None` when unknown.
        cost: Recorded cost of the whole line; `None` when unknown, which is not zero.
    """

    id: Annotated[OrderLineId, about("Order line id", "订单行编号")]
    order_id: Annotated[OrderId, about("Order", "订单", refers="orders")]
    quantity: Annotated[Decimal, about("Quantity", "数量", unit="units")]
    net_amount: Annotated[Money, about("Net amount", "净额", unit="money")]
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    gross_amount: Annotated[Money | None, about("Gross amount", "总额", unit="money")] = None
    discount: Annotated[
        Decimal | None, about("Discount", "折扣", unit="fraction", minimum=0, maximum=1)
    ] = None
    cost: Annotated[Money | None, about("Cost", "成本", unit="money")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Expense:
    """
    A direct selling expense, with the keys that attribute it.

    Attributes:
        id: What other records call it.
        spent_on: Day it counts for.
        amount: Money spent; negative for a refund.
        category: Kind of expense, such as travel or commission; `None` when unknown.
        product_id: Product it was spent on; `None` when on none in particular.
        customer_id: Customer it was spent on; `None` when on none in particular.
        rep_id: Sales rep it was spent by; `None` when by none in particular.
        region: Sales region it was spent in; `None` when the customer's or the rep's region holds.
        note: Remark; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `spent_on` says it.
    """

    id: Annotated[ExpenseId, about("Expense id", "费用编号")]
    spent_on: Annotated[date, about("Spent on", "发生日期")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    category: Annotated[str | None, about("Category", "费用类别")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    note: Annotated[str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)
