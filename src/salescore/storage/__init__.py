"""
Storage: ports and adapters that keep facts and events.

A *unit of work* is data: records put and removed, events appended, an idempotency key.
A *store* keeps it as a whole or not at all, answers questions by rule, and can be read as of a past
moment on two clocks: when it was recorded, and since when it holds.
"""

from salescore.storage._asked import query_schema
from salescore.storage._async import AsyncStore
from salescore.storage._books import keep_book, read_book
from salescore.storage._checks import RecordTypes, load_unit
from salescore.storage._entry import Appended, Change, Entry
from salescore.storage._history import Erasure, History
from salescore.storage._journal_lines import entry_line, read_entry
from salescore.storage._json_lines import JsonLinesStore
from salescore.storage._memory import MemoryStore
from salescore.storage._ports import Capability, Reader, Store, Writer
from salescore.storage._postgres import PostgresStore
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, OrderBy, Page, Query
from salescore.storage._sqlite import SqliteStore
from salescore.storage._unit import Committed, Put, Remove, Unit

__all__ = [
    "NOW",
    "Appended",
    "AsyncStore",
    "Capability",
    "Change",
    "Committed",
    "Entry",
    "Erasure",
    "History",
    "JsonLinesStore",
    "Kept",
    "KeptEvent",
    "MemoryStore",
    "Moment",
    "OrderBy",
    "Page",
    "PostgresStore",
    "Put",
    "Query",
    "Reader",
    "RecordTypes",
    "Remove",
    "SqliteStore",
    "Store",
    "Unit",
    "Writer",
    "entry_line",
    "keep_book",
    "load_unit",
    "query_schema",
    "read_book",
    "read_entry",
]
