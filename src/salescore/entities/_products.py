"""What is sold."""

from typing import Annotated

import attrs

from salescore.entities._ids import ProductId
from salescore.plain import about, check_record
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Product:
    """
    A thing or service that is sold.

    Attributes:
        id: What other records call it.
        name: Name as the business writes it.
        family: Product family; `None` when it has none.
        subfamily: Finer group within the family; `None` when it has none.
        unit: Base unit that volume counts; `None` when unstated.
        list_price: Price of one base unit before any discount; `None` when unknown.
    """

    id: Annotated[ProductId, about("Product id", "产品编号")]
    name: Annotated[str, about("Product", "产品")]
    family: Annotated[str | None, about("Product family", "产品系列")] = None
    subfamily: Annotated[str | None, about("Product subfamily", "产品子系列")] = None
    unit: Annotated[str | None, about("Unit", "计量单位")] = None
    list_price: Annotated[Money | None, about("List price", "标价", unit="money per unit")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)
