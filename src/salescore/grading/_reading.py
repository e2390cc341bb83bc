"""Reading rules and columns row by row, and errors about fields that name who reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import Any

from salescore.book import FactTable
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.rules import Expression, Term, as_tree


def tree_of(value: Term | Expression) -> Expression:
    """Return the tree of a rule; records take rules as they are written with it."""
    return as_tree(value)


def tree_or_none(value: Term | Expression | None) -> Expression | None:
    """Return the tree of a rule that may be lacking."""
    return None if value is None else as_tree(value)


@contextmanager
def naming(reader: str, later: Collection[str] = ()) -> Generator[None]:
    """
    Let errors about fields name what reads them.

    Args:
        reader: Name of the field, or key of the line, whose expression is checked.
        later: Names of fields that are declared, but behind it.

    Raises:
        InvalidValue: The reader reads a field that is declared behind it.
        UnknownName: It reads a field that there is not.
        RuleTypeError: Its expression does not fit.
    """
    try:
        yield
    except UnknownName as error:
        if error.name in later:
            fault = f"it is declared behind {reader}; declare it before"
            raise InvalidValue(f"a field that {reader} reads", error.name, fault) from None
        raise UnknownName(f"{error.kind} for {reader}", error.name, error.known) from None
    except RuleTypeError as error:
        raise RuleTypeError(error.rule, f"{error.fault} (in {reader})") from None


def column_reader(table: FactTable) -> Callable[[str], Callable[[int], Any]]:
    """Return what gives for a column the function that reads it by the number of a row."""

    def reader(name: str) -> Callable[[int], Any]:
        return table.column(name).__getitem__

    return reader
