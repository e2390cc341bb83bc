"""
Storage: ports and adapters that keep facts and events.

A *unit of work* is data: records put and removed, events appended, an idempotency key.
A *store* keeps it as a whole or not at all, answers questions by rule, and can be read as of a past
moment on two clocks: when it was recorded, and since when it holds.
"""

from salescore.storage._ports import Capability, Reader, Store, Writer
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Order, Page, Query
from salescore.storage._unit import Committed, Put, Remove, Unit

__all__ = [
    "NOW",
    "Capability",
    "Committed",
    "Kept",
    "KeptEvent",
    "Moment",
    "Order",
    "Page",
    "Put",
    "Query",
    "Reader",
    "Remove",
    "Store",
    "Unit",
    "Writer",
]
