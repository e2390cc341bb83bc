"""What dataframes of sales lines and customers must be, before customers are scored."""

from __future__ import annotations

from salescore.errors import InvalidFrame
from salescore.frames._frame import Frame


def check_orders(lines: Frame) -> None:
    """
    Refuse sales lines of which nobody can tell how many purchases they are.

    Raises:
        InvalidFrame: There is neither a column of orders nor one of invoices.
    """
    if not {"order_id", "invoice_id"} & set(lines.given):
        fault = "column 'order_id' (or 'invoice_id') is missing; purchases are counted by it"
        raise InvalidFrame(lines.schema.name, (fault,))


def check_one_engine(lines: Frame, customers: Frame) -> None:
    """
    Refuse dataframes of two kinds, which cannot be joined.

    Raises:
        InvalidFrame: They are of different engines.
    """
    if lines.engine != customers.engine:
        fault = f"it is of {customers.engine}, and the sales lines are of {lines.engine}"
        raise InvalidFrame(customers.schema.name, (f"{fault}; hand in both as one kind",))
