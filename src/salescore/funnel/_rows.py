"""Priced rows of opportunities, which criteria of a funnel read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from salescore.book import Facts, FactTable
from salescore.errors import UnknownName

_TABLE = "opportunities"


def opportunity_rows(facts: Facts) -> Mapping[str, Mapping[str, Any]]:
    """
    Return the rows of the fact table `opportunities` by id, as `Context.row` takes them.

    Args:
        facts: The fact tables of a book, priced as of their day.

    Examples:
        >>> from salescore.book import Facts, SalesBook
        >>> len(opportunity_rows(Facts.of(SalesBook())))
        0
    """
    table = facts.table(_TABLE)
    return MappingProxyType({key: table.row(number) for number, key in enumerate(_ids(table))})


def opportunity_row(facts: Facts, opportunity_id: str) -> Mapping[str, Any]:
    """
    Return the row of one opportunity; of many `opportunity_rows` is faster.

    Args:
        facts: The fact tables of a book, priced as of their day.
        opportunity_id: Its id.

    Raises:
        UnknownName: The facts have no such opportunity, or did not know it on their day.
    """
    table = facts.table(_TABLE)
    ids = _ids(table)
    if opportunity_id not in ids:
        raise UnknownName("opportunity", opportunity_id, ids)
    return table.row(ids.index(opportunity_id))


def _ids(table: FactTable) -> tuple[str, ...]:
    return tuple(table.column("id"))
