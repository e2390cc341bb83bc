"""
Entities: who, what and what happened, as small frozen records.

Records know each other only by typed id.
Each class declares its field table with its annotations; `RECORD_TABLES` holds them all.
"""

from salescore.entities._ids import (
    ActivityId,
    CustomerId,
    ExpenseId,
    OpportunityId,
    OrderId,
    OrderLineId,
    ProductId,
    SalesRepId,
    TeamId,
)
from salescore.entities._opportunities import Activity, Opportunity, StageKind
from salescore.entities._orders import Expense, Order, OrderLine
from salescore.entities._parties import Customer, Lifecycle, SalesRep, Team
from salescore.entities._products import Product
from salescore.entities._tables import RECORD_TABLES, record_table

__all__ = [
    "RECORD_TABLES",
    "Activity",
    "ActivityId",
    "Customer",
    "CustomerId",
    "Expense",
    "ExpenseId",
    "Lifecycle",
    "Opportunity",
    "OpportunityId",
    "Order",
    "OrderId",
    "OrderLine",
    "OrderLineId",
    "Product",
    "ProductId",
    "SalesRep",
    "SalesRepId",
    "StageKind",
    "Team",
    "TeamId",
    "record_table",
]
