"""Questions to a store, and what it answers with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

import attrs

from salescore.entities import Event
from salescore.errors import InvalidValue
from salescore.rules import Expression, Term, as_tree
from salescore.storage._checks import check_day
from salescore.storage._several import several


@attrs.frozen(kw_only=True)
class Moment:
    """
    The past as which a store is read, on two clocks.

    Attributes:
        recorded: What had been recorded by this instant, in UTC; `None` for all that is.
        effective: What held on this day; `None` for the latest change, whatever its day.

    Raises:
        InvalidValue: The instant is no datetime, or the day no date.
    """

    recorded: datetime | None = None
    effective: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.recorded is not None and not isinstance(cast("object", self.recorded), datetime):
            fault = "it must be an instant, such as datetime(2017, 3, 1, tzinfo=UTC)"
            raise InvalidValue("recorded", self.recorded, fault)
        check_day("effective", self.effective)


NOW = Moment()
"""What is kept now, by both clocks."""


@attrs.frozen
class OrderBy:
    """
    One field that answers are sorted by.

    Attributes:
        field: A field of the record type, or of its money as `<field>_amount`.
        is_descending: Whether the greatest comes first; what is unknown comes last either way.
    """

    field: str
    is_descending: bool = False


def _as_order(order: Iterable[OrderBy]) -> tuple[OrderBy, ...]:
    return several("order", order, "[OrderBy('name')]")


def _tree(rule: Expression | Term | None) -> Expression | None:
    return None if rule is None else as_tree(rule)


@attrs.frozen(kw_only=True)
class Query:
    """
    Which records of a type are asked for.

    Attributes:
        records: Record type in snake_case plural.
        where: Rule over the columns of `query_schema`; unknown is no. `None` takes all.
        order: Fields to sort by; the id comes last, so that the order is always complete.
        limit: Most records of one page, 1 to 10,000.
        after: Cursor of the page before; `None` for the first page.
        at: The past as which the store is read.

    Raises:
        InvalidValue: The order is a text or one field alone.
        RuleTypeError: The rule is none.
    """

    records: str
    where: Expression | None = attrs.field(default=None, converter=_tree)
    order: tuple[OrderBy, ...] = attrs.field(default=(), converter=_as_order)
    limit: int = 100
    after: str | None = None
    at: Moment = NOW


@attrs.frozen(kw_only=True)
class Kept:
    """
    A record as a store keeps it.

    Attributes:
        record: The record.
        version: Its version, counted from 1; each change counts one up, a removal too.
        recorded_at: When this version was recorded.
        effective_on: First day from which it holds; `None` since ever.
        position: Number of the unit that wrote it.
    """

    record: Any
    version: int
    recorded_at: datetime
    effective_on: date | None
    position: int


@attrs.frozen(kw_only=True)
class Page:
    """
    Some of the records asked for.

    Attributes:
        kept: The records, in the order asked for.
        cursor: What to ask `after` for the next page; `None` where this is the last.
    """

    kept: tuple[Kept, ...]
    cursor: str | None = None


@attrs.frozen(kw_only=True)
class KeptEvent:
    """
    An event as a store keeps it.

    Attributes:
        position: Place among all events, counted from 1 without gaps.
        event: The event.
        recorded_at: When it was recorded.
    """

    position: int
    event: Event
    recorded_at: datetime
