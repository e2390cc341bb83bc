"""Typed ids: records know each other by these alone."""

from typing import NewType

ActivityId = NewType("ActivityId", str)
CustomerId = NewType("CustomerId", str)
ExpenseId = NewType("ExpenseId", str)
OpportunityId = NewType("OpportunityId", str)
OrderId = NewType("OrderId", str)
OrderLineId = NewType("OrderLineId", str)
ProductId = NewType("ProductId", str)
SalesRepId = NewType("SalesRepId", str)
TeamId = NewType("TeamId", str)
