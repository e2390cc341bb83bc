"""Cells: what one row of a decision table asks of one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import attrs

from salescore.errors import InvalidRecord, RuleTypeError
from salescore.rules._builder import Value, as_tree
from salescore.rules._limits import OPTION_LIMIT
from salescore.rules._literals import shown_value
from salescore.rules._tree import Literal, Scalar

_UNORDERED = (str, bytes, Mapping, set, frozenset)


def _scalar(value: Value) -> Scalar:
    """Return a value as a rule holds it; whole numbers become `Decimal`, instants UTC."""
    tree = as_tree(value)
    if not isinstance(tree, Literal):
        raise RuleTypeError(shown_value(value), "a cell holds values, no rule; name it as an input")
    return tree.value


def scalar_or_none(value: Value | None) -> Scalar | None:
    return None if value is None else _scalar(value)


def scalars(values: Iterable[Value]) -> tuple[Scalar, ...]:
    _check_order(values, "values")
    return tuple(map(_scalar, values))


def _check_order(given: object, kind: str) -> None:
    """Refuse what could be iterated, but not to the values in their order that are meant."""
    shown = shown_value(given)
    if isinstance(given, _UNORDERED):
        raise RuleTypeError(shown, f"several {kind} in an order are wanted, such as ('West',)")


def scalars_or_none(values: Iterable[Value] | None) -> tuple[Scalar, ...] | None:
    return None if values is None else scalars(values)


def is_alike(first: Scalar, other: Scalar) -> bool:
    return _kind(first) is _kind(other)


def _kind(value: object) -> type[object]:
    """Return which of the five types a scalar has; an instant is no date, a truth no number."""
    return next(one for one in (bool, Decimal, str, datetime, date) if isinstance(value, one))


@attrs.frozen
class Band:
    """
    A cell that holds where a value lies from one bound to another; never where it is unknown.

    Numbers, dates and instants have an order, and texts that of their letters' code points.
    A band whose ends leave nothing between them is allowed here; `check_table` finds it.

    Attributes:
        low: Lower end; `None` for no lower end. Whole numbers become `Decimal`.
        high: Upper end, of the same type; `None` for no upper end.
        includes_low: Whether the lower end itself lies within; left alone without a lower end.
        includes_high: Whether the upper end itself lies within; left alone without an upper end.
    """

    low: Scalar | None = attrs.field(converter=scalar_or_none)
    high: Scalar | None = attrs.field(converter=scalar_or_none)
    includes_low: bool = True
    includes_high: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a band without ends, of truth values, or between two types."""
        ends = [end for end in (self.low, self.high) if end is not None]
        if not ends:
            fault = "it needs an end; a cell of None holds anywhere"
            raise InvalidRecord("Band", "low", None, fault)
        if self.low is None and not self.includes_low:
            raise InvalidRecord("Band", "includes_low", False, "there is no lower end to leave out")
        if self.high is None and self.includes_high:
            raise InvalidRecord("Band", "includes_high", True, "there is no upper end to include")
        if any(isinstance(end, bool) for end in ends):
            raise InvalidRecord("Band", "low", self.low, "truth values have no order; use OneOf")
        if not is_alike(ends[0], ends[-1]):
            fault = f"it must be of the type of the lower end, {shown_value(self.low)}"
            raise InvalidRecord("Band", "high", self.high, fault)

    @property
    def is_empty(self) -> bool:
        """Whether its ends leave nothing between them."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not (self.includes_low and self.includes_high)
        return self.low > self.high  # type: ignore[operator]  # both are of one type

    def holds(self, value: Scalar | None) -> bool:
        """Return whether a value of the band's type lies within; an unknown one never does."""
        if value is None:
            return False
        low, high = self.low, self.high
        if low is not None and not (
            value > low or (self.includes_low and value == low)  # type: ignore[operator]
        ):
            return False
        return high is None or (
            value < high or (self.includes_high and value == high)  # type: ignore[operator]
        )


@attrs.frozen
class OneOf:
    """
    A cell that holds where a value is one of the options; never where it is unknown.

    Attributes:
        options: At least one value, all of one type; letter case counts.
        is_negated: Whether it holds where the value is none of them instead.
    """

    options: tuple[Scalar, ...] = attrs.field(converter=scalars)
    is_negated: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse no options, too many of them, and options of two types."""
        if not 0 < len(self.options) <= OPTION_LIMIT:
            fault = f"it lists {len(self.options):,} options; write 1 to {OPTION_LIMIT:,}"
            raise InvalidRecord("OneOf", "options", self.options, fault)
        for option in self.options:
            if not is_alike(option, self.options[0]):
                fault = f"it must be of the type of {shown_value(self.options[0])}"
                raise InvalidRecord("OneOf", "options", option, fault)

    def holds(self, value: Scalar | None) -> bool:
        """Return whether a value is one of the options, or none if negated; unknown is neither."""
        return value is not None and (value in self.options) is not self.is_negated


@attrs.frozen
class IsNull:
    """
    A cell that holds where a value is unknown.

    Attributes:
        is_negated: Whether it holds where the value is known instead.
    """

    is_negated: bool = False

    def holds(self, value: Scalar | None) -> bool:
        """Return whether a value is unknown, or known if negated."""
        return (value is None) is not self.is_negated


Cell = Band | OneOf | IsNull | None
"""What a row asks of one input; `None` asks nothing, and so holds for an unknown value too."""


def is_holding(cell: Cell, value: Scalar | None) -> bool:
    """Return whether a cell holds for a value of its type; `None` is unknown."""
    return cell is None or cell.holds(value)


def as_cells(cells: Iterable[Cell | Value]) -> tuple[Cell, ...]:
    _check_order(cells, "cells")
    return tuple(
        cell if cell is None or isinstance(cell, Band | OneOf | IsNull) else OneOf((cell,))
        for cell in cells
    )


def values_of(cells: Iterable[Cell]) -> list[Scalar]:
    """Return the values that cells name, with repetitions."""
    found: list[Scalar] = []
    for cell in cells:
        if isinstance(cell, Band):
            found += [end for end in (cell.low, cell.high) if end is not None]
        elif isinstance(cell, OneOf):
            found += cell.options
    return found
