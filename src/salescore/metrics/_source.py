"""`FigureSource`: all that figures need to know of the facts, wherever these are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, cast

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.metrics._dimensions import Dimension
from salescore.metrics._figures import Exclusion
from salescore.metrics._left_out import rows_left_out_by_key
from salescore.metrics._measures import Measure, Reduction
from salescore.metrics._reduce import Key, Reduced, reduce_rows
from salescore.plain import FieldTable
from salescore.values import Calendar, Period


class FigureSource(Protocol):
    """
    What figures are made of: reduced tables and the rows that these leave out.

    Laws:
        - A reduction has the values, counts, missing and undated rows that `reduce_rows` finds on
          the same rows; only the order of its keys is free.
        - The rows left out of a reduction by all keys together are as many as `left_out` counts for
          its measures, each row once.
        - As of its own last day and later, `at` gives an equal source.
        - Asking twice gives equal answers.
    """

    @property
    def currency(self) -> str:
        """Return the reporting currency."""
        ...

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of periods."""
        ...

    @property
    def as_of(self) -> date | None:
        """Return the last day whose facts are seen; `None` sees all."""
        ...

    @property
    def last_day(self) -> date | None:
        """Return the last day seen, or the last that any fact tells of; `None` where none does."""
        ...

    @property
    def lack(self) -> str | None:
        """Return why nothing at all is known here; `None` where figures can be asked for."""
        ...

    def schema(self, table: str, /) -> FieldTable:
        """
        Return the columns of a fact table, registered fields included.

        Raises:
            UnknownName: There is no such fact table.
        """
        ...

    def at(self, day: date, /) -> FigureSource:
        """Return the same facts as of an earlier day; a later day reveals nothing more."""
        ...

    def label(self, records: str, key: str, /) -> str:
        """Return the name of a record of a type, or its id where no name is known."""
        ...

    def has_rows(self, table: str, column: str | None = None, /) -> bool:
        """Return whether a fact table has any row, or any row with a value in a column."""
        ...

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Return the small tables of several reductions, in their order; see `reduce_rows`."""
        ...

    def left_out(
        self,
        requests: Sequence[Sequence[Measure]],
        by: Sequence[Dimension],
        during: Period | None,
        /,
    ) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
        """
        Return the rows left out for an unknown value or date, by key and reason.

        Args:
            requests: Measures of one figure each; a row that several of them miss counts once, for
                the reason that the first of them has.
            by: Dimensions of the keys; a table that lacks one, and each unit of the calendar, has
                the key `None`. None gives the one key `()`.
            during: Period in which the dates must fall; `None` takes every date.

        Returns:
            Per request the exclusions of each key that has any, by table and reason.
        """
        ...


AnyFacts = Facts | FigureSource
"""What figures take."""


@attrs.frozen
class FactsSource:
    """
    The fact tables of a book, as figures ask for them.

    Attributes:
        facts: The fact tables.
    """

    facts: Facts

    @property
    def currency(self) -> str:
        """Return the reporting currency."""
        return self.facts.currency

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of periods."""
        return self.facts.calendar

    @property
    def as_of(self) -> date | None:
        """Return the last day whose facts are seen."""
        return self.facts.as_of

    @property
    def last_day(self) -> date | None:
        """Return the last day seen, or the last that any record tells of."""
        return self.facts.as_of or self.facts.known.book.last_day

    @property
    def lack(self) -> None:
        """Return `None`: a book can always be asked."""

    def schema(self, table: str, /) -> FieldTable:
        """Return the columns of a fact table."""
        return self.facts.schema(table)

    def at(self, day: date, /) -> FactsSource:
        """Return the facts as of an earlier day."""
        earlier = self.facts.at(day)
        return self if earlier is self.facts else FactsSource(earlier)

    def label(self, records: str, key: str, /) -> str:
        """Return the name of a record, or its id."""
        return self.facts.label(records, key)

    def has_rows(self, table: str, column: str | None = None, /) -> bool:
        """Return whether a fact table has any row, or any with a value in a column."""
        rows = self.facts.table(table)
        if column is None:
            return bool(len(rows))
        return any(value is not None for value in rows.column(column))

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Return the small tables of several reductions."""
        return tuple(reduce_rows(self.facts, one, during) for one in reductions)

    def left_out(
        self,
        requests: Sequence[Sequence[Measure]],
        by: Sequence[Dimension],
        during: Period | None,
        /,
    ) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
        """Return the rows left out, by key and reason."""
        return tuple(
            rows_left_out_by_key(self.facts, measures, by, during) for measures in requests
        )


def source_of(facts: AnyFacts) -> FigureSource:
    """
    Return what figures ask, of the facts of a book or of any other source.

    Args:
        facts: The fact tables of a book, or a source, which is given back as it is.

    Raises:
        InvalidValue: It is neither.
    """
    if isinstance(facts, Facts):
        return FactsSource(facts)
    if not callable(getattr(cast("object", facts), "reduce", None)):
        fault = "it must be Facts, which Facts.of(book) makes, or another FigureSource"
        raise InvalidValue("facts", facts, fault)
    return facts
