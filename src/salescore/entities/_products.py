"""What is sold, at which price and cost, and how much of it is in stock."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import attrs

from salescore.entities._ids import (
    PriceBookEntryId,
    PriceBookId,
    ProductCostId,
    ProductId,
    StockItemId,
)
from salescore.plain import CustomValues, about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Product:
    """
    A thing or service that is sold.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        sku: Code of the stock keeping unit; `None` when it has none.
        family: Product family; `None` when it has none.
        subfamily: Finer group within the family; `None` when it has none.
        unit: Base unit that volume counts; `None` when unstated.
        list_price: Price of one base unit before any discount; `None` when unknown.
        is_active: Whether it is still sold; `None` when nobody said.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ProductId, about("Product id", "产品编号")]
    name: Annotated[str, about("Product", "产品")]
    sku: Annotated[str | None, about("Stock keeping unit", "货号")] = None
    family: Annotated[str | None, about("Product family", "产品系列")] = None
    subfamily: Annotated[str | None, about("Product subfamily", "产品子系列")] = None
    unit: Annotated[str | None, about("Unit", "计量单位")] = None
    list_price: Annotated[Money | None, about("List price", "标价", unit="money per unit")] = None
    is_active: Annotated[bool | None, about("Is sold", "在售")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class PriceBook:
    """
    List prices for a kind of customer or channel, valid for a time.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        segment: Segment of customers it is for; `None` for all.
        region: Sales region it is for; `None` for all.
        channel: Sales channel it is for; `None` for all.
        valid_from: First day; `None` when it has always held.
        valid_until: Last day; `None` while it holds.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[PriceBookId, about("Price book id", "价目表编号")]
    name: Annotated[str, about("Price book", "价目表")]
    segment: Annotated[str | None, about("Segment", "细分")] = None
    region: Annotated[str | None, about("Region", "地区")] = None
    channel: Annotated[str | None, about("Channel", "渠道")] = None
    valid_from: Annotated[date | None, about("Valid from", "生效日期", happened=False)] = None
    valid_until: Annotated[date | None, about("Valid until", "失效日期", happened=False)] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class PriceBookEntry:
    """
    The list price of one product in a price book.

    Attributes:
        id: What other records call it.
        product_id: Product.
        price: Price of one base unit.
        price_book_id: Price book; `None` for the standard prices.
        minimum_quantity: Least quantity at this price, in base units; `None` for any.
        valid_from: First day; `None` when it has always held.
        valid_until: Last day; `None` while it holds.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[PriceBookEntryId, about("Price id", "价格编号")]
    product_id: Annotated[ProductId, about("Product", "产品", refers="products")]
    price: Annotated[Money, about("Price", "价格", unit="money per unit")]
    price_book_id: Annotated[
        PriceBookId | None, about("Price book", "价目表", refers="price_books")
    ] = None
    minimum_quantity: Annotated[
        Decimal | None, about("Minimum quantity", "起订量", unit="units", minimum=0)
    ] = None
    valid_from: Annotated[date | None, about("Valid from", "生效日期", happened=False)] = None
    valid_until: Annotated[date | None, about("Valid until", "失效日期", happened=False)] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class ProductCost:
    """
    A component of what one unit of a product costs.

    Attributes:
        id: What other records call it.
        product_id: Product.
        cost: Cost of one base unit.
        component: Kind of cost, such as purchase or freight; `None` for the whole cost.
        valid_from: First day; `None` when it has always held.
        valid_until: Last day; `None` while it holds.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[ProductCostId, about("Cost id", "成本编号")]
    product_id: Annotated[ProductId, about("Product", "产品", refers="products")]
    cost: Annotated[Money, about("Cost per unit", "单位成本", unit="money per unit")]
    component: Annotated[str | None, about("Cost component", "成本构成")] = None
    valid_from: Annotated[date | None, about("Valid from", "生效日期", happened=False)] = None
    valid_until: Annotated[date | None, about("Valid until", "失效日期", happened=False)] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class StockItem:
    """
    How much of a product is in one place.

    Attributes:
        id: What other records call it.
        product_id: Product.
        on_hand: Units that are there.
        place: Warehouse or shop; `None` when there is one only.
        reserved: Units promised to somebody; `None` when nobody keeps count.
        on_order: Units ordered and not yet there; `None` when nobody keeps count.
        reorder_point: Units at which to order again; `None` when none was set.
        counted_on: Day of the count; `None` when unknown.
        recorded_at: When the record was made; `None` when `counted_on` says it.
        custom: Values of the fields that an application registered; see `custom_values`.
    """

    id: Annotated[StockItemId, about("Stock item id", "库存编号")]
    product_id: Annotated[ProductId, about("Product", "产品", refers="products")]
    on_hand: Annotated[Decimal, about("On hand", "现有库存", unit="units")]
    place: Annotated[str | None, about("Place", "库位")] = None
    reserved: Annotated[Decimal | None, about("Reserved", "已预留", unit="units", minimum=0)] = None
    on_order: Annotated[Decimal | None, about("On order", "在途", unit="units", minimum=0)] = None
    reorder_point: Annotated[
        Decimal | None, about("Reorder point", "再订货点", unit="units", minimum=0)
    ] = None
    counted_on: Annotated[date | None, about("Counted on", "盘点日期")] = None
    recorded_at: Annotated[datetime | None, about("Recorded at", "记录时间")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)
