"""The field table of every record type, read off its class."""

from salescore.entities._opportunities import Activity, Opportunity
from salescore.entities._orders import Expense, Order, OrderLine
from salescore.entities._parties import Customer, SalesRep, Team
from salescore.entities._products import Product
from salescore.errors import UnknownName
from salescore.plain import FieldTable, field_table

RECORD_TABLES: tuple[FieldTable, ...] = (
    field_table(Team, "teams"),
    field_table(SalesRep, "sales_reps"),
    field_table(Customer, "customers"),
    field_table(Product, "products"),
    field_table(Opportunity, "opportunities"),
    field_table(Activity, "activities"),
    field_table(Order, "orders"),
    field_table(OrderLine, "order_lines"),
    field_table(Expense, "expenses"),
)
"""Field tables of all record types; a type stands behind those it refers to where it can."""

_BY_NAME = {table.name: table for table in RECORD_TABLES}


def record_table(name: str) -> FieldTable:
    """
    Return the field table of a record type.

    Args:
        name: Record type in snake_case plural, such as `order_lines`.

    Raises:
        UnknownName: There is no such record type.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownName("record type", name, tuple(_BY_NAME)) from None
