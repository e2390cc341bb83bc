"""What was ordered, delivered and sent back, and what selling it cost."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    CampaignId,
    ContractId,
    CustomerId,
    DeliveryId,
    DeliveryLineId,
    ExpenseId,
    OpportunityId,
    OrderId,
    OrderLineId,
    ProductId,
    QuoteId,
    ReturnId,
    ReturnLineId,
    SalesRepId,
    TerritoryId,
)
from salescore.entities._kinds import DocumentKind, RoundingPolicy
from salescore.plain import CustomValues, PersonalData, about, check_record
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
        quote_id: Quote it came from; `None` when none.
        contract_id: Contract it falls under; `None` when none.
        region: Sales region; `None` when the customer's region holds.
        territory_id: Territory; `None` when the customer's holds.
        channel: Sales channel, such as shop, web or partner; `None` when unknown.
        source: Where it came from; `None` when unknown.
        campaign_id: Campaign that brought it; `None` when none.
        number: Number on paper; `None` when it has none.
        status: State as the business calls it; `None` when it has no name for it.
        kind: State it is in; `None` when nobody recorded one, which is open.
        required_on: Day the customer wants it; `None` when not said.
        voided_on: Day it was cancelled; `None` when not, or unknown.
        payment_terms_days: Days from invoice to due day; `None` when the contract's or customer's
            hold.
        rounding: Where its amounts are rounded; `None` when nobody recorded it.
        recorded_at: When the record was made; `None` when `ordered_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[OrderId, about("Order id", "订单编号")]
    ordered_on: Annotated[date, about("Ordered on", "下单日期")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    quote_id: Annotated[QuoteId | None, about("Quote", "报价", refers="quotes")] = None
    contract_id: Annotated[ContractId | None, about("Contract", "合同", refers="contracts")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    territory_id: Annotated[
        TerritoryId | None, about("Territory", "区域", refers="territories")
    ] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    source: Annotated[str | None, about("Source", "来源")] = None
    campaign_id: Annotated[CampaignId | None, about("Campaign", "营销活动", refers="campaigns")] = (
        None
    )
    number: Annotated[str | None, about("Number", "单号")] = None
    status: Annotated[str | None, about("Status", "状态", since=("voided_on",))] = None
    kind: Annotated[
        DocumentKind | None, about("Document kind", "单据状态", since=("voided_on",))
    ] = None
    required_on: Annotated[date | None, about("Required on", "要求交期", happened=False)] = None
    voided_on: Annotated[date | None, about("Voided on", "作废日期")] = None
    payment_terms_days: Annotated[
        Decimal | None, about("Payment terms", "账期", unit="days", minimum=0)
    ] = None
    rounding: Annotated[RoundingPolicy | None, about("Rounding policy", "舍入规则")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

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
        tax_amount: Tax on the line, beside the net amount; `None` when unknown.
        is_free: Whether the goods were given away; `None` when nobody said, which is no.
        custom: Values of the fields that an application registered; see `custom_values`.
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
    tax_amount: Annotated[Money | None, about("Tax", "税额", unit="money")] = None
    is_free: Annotated[bool | None, about("Free goods", "赠品")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Delivery:
    """
    Goods sent to a customer.

    Attributes:
        id: What other records call it.
        order_id: Order it serves; `None` when several or unknown.
        customer_id: Customer; `None` when the order's holds.
        shipped_on: Day it left; `None` when not yet, or unknown.
        delivered_on: Day it arrived; `None` when not yet, or unknown.
        promised_on: Day it should arrive; `None` when the order's required day holds.
        carrier: Who carries it; `None` when unknown.
        place: Warehouse it left; `None` when unknown.
        number: Number on paper; `None` when it has none.
        status: State as the business calls it; `None` when it has no name for it.
        freight: What carrying it cost; `None` when unknown.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[DeliveryId, about("Delivery id", "发货编号")]
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    shipped_on: Annotated[date | None, about("Shipped on", "发货日期")] = None
    delivered_on: Annotated[date | None, about("Delivered on", "送达日期")] = None
    promised_on: Annotated[date | None, about("Promised on", "承诺交期", happened=False)] = None
    carrier: Annotated[str | None, about("Carrier", "承运人")] = None
    place: Annotated[str | None, about("Place", "库位")] = None
    number: Annotated[str | None, about("Number", "单号")] = None
    status: Annotated[str | None, about("Status", "状态", since=("shipped_on", "delivered_on"))] = (
        None
    )
    freight: Annotated[Money | None, about("Freight", "运费", unit="money")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class DeliveryLine:
    """
    One product in a delivery.

    Attributes:
        id: What other records call it.
        delivery_id: Delivery it belongs to.
        quantity: Units sent, in the product's base unit.
        order_line_id: Order line it serves; `None` when unknown.
        product_id: Product; `None` when the order line's holds.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[DeliveryLineId, about("Delivery line id", "发货明细编号")]
    delivery_id: Annotated[DeliveryId, about("Delivery", "发货", refers="deliveries")]
    quantity: Annotated[Decimal, about("Quantity", "数量", unit="units")]
    order_line_id: Annotated[
        OrderLineId | None, about("Order line", "订单行", refers="order_lines")
    ] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Return:
    """
    Goods that a customer sent back.

    Attributes:
        id: What other records call it.
        returned_on: Day they came back.
        order_id: Order they were sold on; `None` when unknown.
        customer_id: Customer; `None` when the order's holds.
        rep_id: Sales rep it counts against; `None` when the order's holds.
        reason: Why they came back; `None` when nobody said.
        number: Number on paper; `None` when it has none.
        recorded_at: When the record was made; `None` when `returned_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ReturnId, about("Return id", "退货编号")]
    returned_on: Annotated[date, about("Returned on", "退货日期")]
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    reason: Annotated[str | None, about("Reason", "原因", personal=PersonalData.FREE_TEXT)] = None
    number: Annotated[str | None, about("Number", "单号")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class ReturnLine:
    """
    One product that came back.

    Attributes:
        id: What other records call it.
        return_id: Return it belongs to.
        quantity: Units that came back, above zero, in the product's base unit.
        net_amount: Revenue taken back, not negative, net of tax and discount.
        order_line_id: Order line they were sold on; `None` when unknown.
        product_id: Product; `None` when the order line's holds.
        cost: Cost of what can be sold again; `None` when unknown, which is not zero.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ReturnLineId, about("Return line id", "退货明细编号")]
    return_id: Annotated[ReturnId, about("Return", "退货", refers="returns")]
    quantity: Annotated[Decimal, about("Quantity", "数量", unit="units", minimum=0)]
    net_amount: Annotated[Money, about("Net amount", "净额", unit="money")]
    order_line_id: Annotated[
        OrderLineId | None, about("Order line", "订单行", refers="order_lines")
    ] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    cost: Annotated[Money | None, about("Cost", "成本", unit="money")] = None
    custom: CustomValues = ()

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
        opportunity_id: Opportunity it was spent on; `None` when on none in particular.
        campaign_id: Campaign it was spent on; `None` when on none.
        rep_id: Sales rep it was spent by; `None` when by none in particular.
        region: Sales region it was spent in; `None` when the customer's or the rep's region holds.
        note: Remark; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `spent_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ExpenseId, about("Expense id", "费用编号")]
    spent_on: Annotated[date, about("Spent on", "发生日期")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    category: Annotated[str | None, about("Category", "费用类别")] = None
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    campaign_id: Annotated[CampaignId | None, about("Campaign", "营销活动", refers="campaigns")] = (
        None
    )
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    note: Annotated[str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT)] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
