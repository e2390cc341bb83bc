"""What was invoiced, when it falls due and what was paid."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    AllocationId,
    ContractId,
    CustomerId,
    InstalmentId,
    InvoiceId,
    InvoiceLineId,
    OrderId,
    OrderLineId,
    PaymentId,
    ProductId,
    ReturnId,
    SalesRepId,
)
from salescore.entities._kinds import DocumentKind, RoundingPolicy
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Invoice:
    """
    A demand for payment; its products stand on its lines.

    Attributes:
        id: What other records call it.
        issued_on: Day of the invoice.
        amount: What the customer owes, tax included; negative for a credit note.
        tax_amount: Tax within the amount; `None` when unknown or none.
        customer_id: Customer; `None` when nobody recorded one.
        order_id: Order it bills; `None` when several or unknown.
        contract_id: Contract it bills; `None` when none.
        return_id: Return that a credit note settles; `None` when none.
        rep_id: Sales rep it counts for; `None` when the order's or the customer's holds.
        region: Sales region; `None` when the customer's region holds.
        channel: Sales channel; `None` when unknown.
        number: Number on paper; `None` when it has none.
        status: State as the business calls it; `None` when it has no name for it.
        kind: State it is in; `None` when nobody recorded one, which is open.
        due_on: Day it falls due; `None` when its instalments say it, or unknown.
        voided_on: Day it was cancelled; `None` when not, or unknown.
        rounding: Where its amounts are rounded; `None` when nobody recorded it.
        recorded_at: When the record was made; `None` when `issued_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[InvoiceId, about("Invoice id", "发票编号")]
    issued_on: Annotated[date, about("Issued on", "开票日期")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    tax_amount: Annotated[Money | None, about("Tax", "税额", unit="money")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    contract_id: Annotated[ContractId | None, about("Contract", "合同", refers="contracts")] = None
    return_id: Annotated[ReturnId | None, about("Return", "退货", refers="returns")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    number: Annotated[str | None, about("Number", "单号")] = None
    status: Annotated[str | None, about("Status", "状态", since=("voided_on",))] = None
    kind: Annotated[
        DocumentKind | None, about("Document kind", "单据状态", since=("voided_on",))
    ] = None
    due_on: Annotated[date | None, about("Due on", "到期日", happened=False)] = None
    voided_on: Annotated[date | None, about("Voided on", "作废日期")] = None
    rounding: Annotated[RoundingPolicy | None, about("Rounding policy", "舍入规则")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class InvoiceLine:
    """
    One product on one invoice.

    Attributes:
        id: What other records call it.
        invoice_id: Invoice it belongs to.
        quantity: Units billed, in the product's base unit; negative on a credit note.
        net_amount: Revenue of the line: net of tax and discount.
        product_id: Product; `None` when nobody recorded one.
        order_line_id: Order line it bills; `None` when unknown.
        gross_amount: Revenue before discount; `None` when unknown.
        discount: Discount as a fraction of the gross amount; `None` when unknown.
        cost: Recorded cost of the whole line; `None` when unknown, which is not zero.
        tax_amount: Tax on the line, beside the net amount; `None` when unknown.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[InvoiceLineId, about("Invoice line id", "发票明细编号")]
    invoice_id: Annotated[InvoiceId, about("Invoice", "发票", refers="invoices")]
    quantity: Annotated[Decimal, about("Quantity", "数量", unit="units")]
    net_amount: Annotated[Money, about("Net amount", "净额", unit="money")]
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    order_line_id: Annotated[
        OrderLineId | None, about("Order line", "订单行", refers="order_lines")
    ] = None
    gross_amount: Annotated[Money | None, about("Gross amount", "总额", unit="money")] = None
    discount: Annotated[
        Decimal | None, about("Discount", "折扣", unit="fraction", minimum=0, maximum=1)
    ] = None
    cost: Annotated[Money | None, about("Cost", "成本", unit="money")] = None
    tax_amount: Annotated[Money | None, about("Tax", "税额", unit="money")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Instalment:
    """
    A part of what is owed, and the day it falls due.

    Attributes:
        id: What other records call it.
        due_on: Day it falls due.
        amount: Money due.
        invoice_id: Invoice it is a part of; `None` before there is one.
        contract_id: Contract whose plan it is a part of; `None` when none.
        order_id: Order whose plan it is a part of; `None` when none.
        number: Which instalment it is; `None` when it has no number.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[InstalmentId, about("Instalment id", "分期编号")]
    due_on: Annotated[date, about("Due on", "到期日", happened=False)]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    invoice_id: Annotated[InvoiceId | None, about("Invoice", "发票", refers="invoices")] = None
    contract_id: Annotated[ContractId | None, about("Contract", "合同", refers="contracts")] = None
    order_id: Annotated[OrderId | None, about("Order", "订单", refers="orders")] = None
    number: Annotated[str | None, about("Number", "期次")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Payment:
    """
    Money received from a customer.

    Attributes:
        id: What other records call it.
        received_on: Day the money arrived.
        amount: Money received; negative when it was paid back.
        customer_id: Who paid; `None` when unknown.
        rep_id: Sales rep it counts for; `None` when the customer's holds.
        method: How it was paid, such as transfer or card; `None` when unknown.
        reference: What the payer wrote; `None` when nothing.
        recorded_at: When the record was made; `None` when `received_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[PaymentId, about("Payment id", "回款编号")]
    received_on: Annotated[date, about("Received on", "回款日期")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    method: Annotated[str | None, about("Method", "付款方式")] = None
    reference: Annotated[
        str | None, about("Reference", "付款附言", personal=PersonalData.FREE_TEXT)
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Allocation:
    """
    The part of a payment that settles an instalment or an invoice.

    Attributes:
        id: What other records call it.
        payment_id: Payment.
        amount: Money of the payment that is used up.
        instalment_id: Instalment it settles; `None` when the invoice has none.
        invoice_id: Invoice it settles; `None` when the instalment says it.
        allocated_on: Day it was matched; `None` when that of the payment.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[AllocationId, about("Allocation id", "核销编号")]
    payment_id: Annotated[PaymentId, about("Payment", "回款", refers="payments")]
    amount: Annotated[Money, about("Amount", "金额", unit="money")]
    instalment_id: Annotated[
        InstalmentId | None, about("Instalment", "分期", refers="instalments")
    ] = None
    invoice_id: Annotated[InvoiceId | None, about("Invoice", "发票", refers="invoices")] = None
    allocated_on: Annotated[date | None, about("Allocated on", "核销日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
