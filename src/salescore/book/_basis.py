"""The basis of revenue: what counts as sold."""

from enum import Enum


class RevenueBasis(Enum):
    """
    What counts as sold, and on which day.

    Attributes:
        BOOKED: What was ordered, on the day of the order.
        INVOICED: What was invoiced, on the day of the invoice.
    """

    BOOKED = "booked"
    INVOICED = "invoiced"
