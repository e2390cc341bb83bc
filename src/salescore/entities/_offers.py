"""What was offered and agreed before an order: quotes and contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    ContactId,
    ContractClauseId,
    ContractId,
    CustomerId,
    OpportunityId,
    PriceBookId,
    ProductId,
    QuoteId,
    QuoteLineId,
    SalesRepId,
)
from salescore.entities._kinds import DocumentKind, RoundingPolicy
from salescore.plain import CustomValues, PersonalData, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Quote:
    """
    An offer to a customer; its money stands on its lines.

    Attributes:
        id: What other records call it.
        quoted_on: Day of the offer.
        customer_id: Customer; `None` when nobody recorded one.
        opportunity_id: Opportunity it serves; `None` when none.
        contact_id: Person it was sent to; `None` when unknown.
        rep_id: Sales rep who made it; `None` when unknown.
        price_book_id: Price book it was priced by; `None` when none.
        number: Number on paper; `None` when it has none.
        status: State as the business calls it; `None` when it has no name for it.
        kind: State it is in; `None` when nobody recorded one, which is open.
        valid_until: Last day of the offer; `None` when unlimited.
        accepted_on: Day the customer agreed; `None` when not, or unknown.
        voided_on: Day it was declined or withdrawn; `None` when not, or unknown.
        rounding: Where its amounts are rounded; `None` when nobody recorded it.
        recorded_at: When the record was made; `None` when `quoted_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[QuoteId, about("Quote id", "报价编号")]
    quoted_on: Annotated[date, about("Quoted on", "报价日期")]
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    contact_id: Annotated[ContactId | None, about("Contact", "联系人", refers="contacts")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    price_book_id: Annotated[
        PriceBookId | None, about("Price book", "价目表", refers="price_books")
    ] = None
    number: Annotated[str | None, about("Number", "单号")] = None
    status: Annotated[str | None, about("Status", "状态", since=("accepted_on", "voided_on"))] = (
        None
    )
    kind: Annotated[
        DocumentKind | None, about("Document kind", "单据状态", since=("accepted_on", "voided_on"))
    ] = None
    valid_until: Annotated[date | None, about("Valid until", "有效期至", happened=False)] = None
    accepted_on: Annotated[date | None, about("Accepted on", "接受日期")] = None
    voided_on: Annotated[date | None, about("Voided on", "作废日期")] = None
    rounding: Annotated[RoundingPolicy | None, about("Rounding policy", "舍入规则")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class QuoteLine:
    """
    One product in a quote.

    Attributes:
        id: What other records call it.
        quote_id: Quote it belongs to.
        quantity: Units offered, in the product's base unit.
        net_amount: Price of the line: net of tax and discount.
        product_id: Product; `None` when nobody recorded one.
        unit_price: Price of one unit before discount; `None` when unknown.
        discount: Discount as a fraction of the price before it; `None` when unknown.
        tax_amount: Tax on the line; `None` when unknown.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[QuoteLineId, about("Quote line id", "报价明细编号")]
    quote_id: Annotated[QuoteId, about("Quote", "报价", refers="quotes")]
    quantity: Annotated[Decimal, about("Quantity", "数量", unit="units")]
    net_amount: Annotated[Money, about("Net amount", "净额", unit="money")]
    product_id: Annotated[ProductId | None, about("Product", "产品", refers="products")] = None
    unit_price: Annotated[Money | None, about("Unit price", "单价", unit="money per unit")] = None
    discount: Annotated[
        Decimal | None, about("Discount", "折扣", unit="fraction", minimum=0, maximum=1)
    ] = None
    tax_amount: Annotated[Money | None, about("Tax", "税额", unit="money")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Contract:
    """
    An agreement with a customer.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it; `None` when it has none.
        customer_id: Customer; `None` when nobody recorded one.
        opportunity_id: Opportunity it came from; `None` when none.
        quote_id: Quote it came from; `None` when none.
        rep_id: Sales rep in charge; `None` when unknown.
        number: Number on paper; `None` when it has none.
        status: State as the business calls it; `None` when it has no name for it.
        kind: State it is in; `None` when nobody recorded one, which is open.
        amount: Value of the contract, net of tax; `None` when it states none.
        drafted_on: Day of the draft; `None` when unknown.
        signed_on: Day both had signed; `None` when not, or unknown.
        starts_on: First day it holds; `None` when unknown.
        ends_on: Last day it holds; `None` when unlimited or unknown.
        voided_on: Day it was terminated or given up; `None` when not, or unknown.
        payment_terms_days: Days from invoice to due day; `None` when the customer's hold.
        recorded_at: When the record was made; `None` when its dates say it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ContractId, about("Contract id", "合同编号")]
    name: Annotated[str | None, about("Contract", "合同")] = None
    customer_id: Annotated[CustomerId | None, about("Customer", "客户", refers="customers")] = None
    opportunity_id: Annotated[
        OpportunityId | None, about("Opportunity", "商机", refers="opportunities")
    ] = None
    quote_id: Annotated[QuoteId | None, about("Quote", "报价", refers="quotes")] = None
    rep_id: Annotated[SalesRepId | None, about("Sales rep", "销售人员", refers="sales_reps")] = None
    number: Annotated[str | None, about("Number", "单号")] = None
    status: Annotated[str | None, about("Status", "状态", since=("signed_on", "voided_on"))] = None
    kind: Annotated[
        DocumentKind | None, about("Document kind", "单据状态", since=("signed_on", "voided_on"))
    ] = None
    amount: Annotated[Money | None, about("Amount", "金额", unit="money")] = None
    drafted_on: Annotated[date | None, about("Drafted on", "起草日期")] = None
    signed_on: Annotated[date | None, about("Signed on", "签订日期")] = None
    starts_on: Annotated[date | None, about("Starts on", "开始日期", happened=False)] = None
    ends_on: Annotated[date | None, about("Ends on", "结束日期", happened=False)] = None
    voided_on: Annotated[date | None, about("Voided on", "作废日期")] = None
    payment_terms_days: Annotated[
        Decimal | None, about("Payment terms", "账期", unit="days", minimum=0)
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class ContractClause:
    """
    One point of a contract that must be settled before it is signed.

    Attributes:
        id: What other records call it.
        contract_id: Contract it belongs to.
        clause: Key of the clause, such as delivery or liability.
        is_settled: Whether both sides agree on it; `None` when nobody said, which is no.
        settled_on: Day they agreed; `None` when not yet, or unknown.
        note: What is open, or was agreed; `None` when nothing was written down.
        recorded_at: When the record was made; `None` when `settled_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ContractClauseId, about("Contract clause id", "合同条款编号")]
    contract_id: Annotated[ContractId, about("Contract", "合同", refers="contracts")]
    clause: Annotated[str, about("Clause", "条款")]
    is_settled: Annotated[bool | None, about("Settled", "已商定", since=("settled_on",))] = None
    settled_on: Annotated[date | None, about("Settled on", "商定日期")] = None
    note: Annotated[
        str | None, about("Note", "备注", personal=PersonalData.FREE_TEXT, since=("settled_on",))
    ] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
