"""`FactTable`: a flat view of the book, held by columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import attrs

from salescore.book._pricing import Pricing
from salescore.plain import FieldTable, Kind
from salescore.values import MissingRate, UsedRate


@attrs.frozen(kw_only=True, eq=False)
class FactTable:
    """
    A flat view of the book in one reporting currency.

    Attributes:
        schema: Its field table.
        sources: Per field its column, or what makes the column when it is first asked for.
        pricing: Currency and exchange rate of its rows; `None` for a table without money.
    """

    schema: FieldTable
    sources: tuple[Sequence[Any] | Callable[[], Sequence[Any]], ...]
    pricing: Pricing | None = None

    @property
    def name(self) -> str:
        """Return its name, in snake_case plural."""
        return self.schema.name

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.column(self.schema.names[0]))

    @cached_property
    def _columns(self) -> dict[str, Sequence[Any] | Callable[[], Sequence[Any]]]:
        return dict(zip(self.schema.names, self.sources, strict=True))

    @property
    def columns(self) -> tuple[Sequence[Any], ...]:
        """Return one sequence per field, all equally long; null is `None`."""
        return tuple(map(self.column, self.schema.names))

    def column(self, name: str) -> Sequence[Any]:
        """
        Return one column.

        Raises:
            UnknownName: There is no such column.
        """
        column = self._columns[self.schema.field(name).name]
        if callable(column):
            column = self._columns[name] = column()
        return column

    def row(self, number: int) -> dict[str, Any]:
        """Return one row by its number, as values by column."""
        return {
            name: column[number]
            for name, column in zip(self.schema.names, self.columns, strict=True)
        }

    def conversion(self, number: int) -> UsedRate | MissingRate | None:
        """
        Return the exchange rate of a row, or why there is none.

        Args:
            number: Row number, counted from 0.

        Returns:
            `None` where the row states no money, or stands in the reporting currency.
        """
        if self.pricing is None or not self.pricing.conversions:
            return None
        return self.pricing.conversions[number]

    def null_reason(self, name: str, number: int) -> str:
        """
        Return why a row has no value in a column, in words that rows of other days share.

        `conversion` tells the days of an exchange rate that is missing.

        Args:
            name: Column that is null there.
            number: Row number, counted from 0.

        Raises:
            UnknownName: There is no such column.
        """
        field = self.schema.field(name)
        if field.kind is Kind.DECIMAL and (field.unit or "").startswith("money"):
            missing = self.conversion(number)
            if isinstance(missing, MissingRate):
                return missing.general
        return f"{field.labels[0].lower()} unknown"
