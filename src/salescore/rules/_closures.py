"""Closures: the functions that compiled rules are put together from, each for any row."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from salescore.errors import InexactResult
from salescore.values import Rounding, round_to

S = TypeVar("S")

# Each question to one value exists four times: it reads the field off a mapping itself or calls
# what reads, and it answers for itself or calls what stands behind it. Either saves a call per
# row, which is more than most questions cost; tests hold the four to one meaning.


def ask(
    value_of: Callable[[S], Any], holds: Callable[[Any, Any], bool], wanted: object
) -> Callable[[S], bool | None]:
    """Ask whether `holds(wanted, value)`; unknown where the value is null."""

    def answer_of(row: S) -> bool | None:
        value = value_of(row)
        return None if value is None else holds(wanted, value)

    return answer_of


def ask_field(
    name: str, holds: Callable[[Any, Any], bool], wanted: object
) -> Callable[[Any], bool | None]:
    """Ask the same of a field of a mapping."""

    def answer_of(row: Any) -> bool | None:  # noqa: ANN401 - whatever maps names to values
        value = row[name]
        return None if value is None else holds(wanted, value)

    return answer_of


def ask_then(
    value_of: Callable[[S], Any],
    holds: Callable[[Any, Any], bool],
    wanted: object,
    then: Callable[[S], bool | None],
    *,
    ends: bool,
) -> Callable[[S], bool | None]:
    """Ask the same; where that is not what `ends` the matter, go on with `then`."""

    def answer_of(row: S) -> bool | None:
        value = value_of(row)
        if value is None:
            return ends if then(row) is ends else None
        return ends if holds(wanted, value) is ends else then(row)

    return answer_of


def ask_field_then(
    name: str,
    holds: Callable[[Any, Any], bool],
    wanted: object,
    then: Callable[[Any], bool | None],
    *,
    ends: bool,
) -> Callable[[Any], bool | None]:
    """Ask the same of a field of a mapping, and go on likewise."""

    def answer_of(row: Any) -> bool | None:  # noqa: ANN401 - whatever maps names to values
        value = row[name]
        if value is None:
            return ends if then(row) is ends else None
        return ends if holds(wanted, value) is ends else then(row)

    return answer_of


def ask_null(value_of: Callable[[S], Any], *, wanted: bool) -> Callable[[S], bool]:
    """Ask whether a value is null, or where `wanted` is false, whether it is known."""
    return lambda row: (value_of(row) is None) is wanted


def ask_null_field(name: str, *, wanted: bool) -> Callable[[Any], bool]:
    """Ask the same of a field of a mapping."""
    return lambda row: (row[name] is None) is wanted


def ask_null_then(
    value_of: Callable[[S], Any],
    then: Callable[[S], bool | None],
    *,
    wanted: bool,
    ends: bool,
) -> Callable[[S], bool | None]:
    """Ask the same; where that is not what `ends` the matter, go on with `then`."""
    decides = wanted is ends
    return lambda row: ends if (value_of(row) is None) is decides else then(row)


def ask_null_field_then(
    name: str, then: Callable[[Any], bool | None], *, wanted: bool, ends: bool
) -> Callable[[Any], bool | None]:
    """Ask the same of a field of a mapping, and go on likewise."""
    decides = wanted is ends
    return lambda row: ends if (row[name] is None) is decides else then(row)


def ask_part_then(
    part: Callable[[S], bool | None], then: Callable[[S], bool | None], *, ends: bool
) -> Callable[[S], bool | None]:
    """Ask any condition; where that is not what `ends` the matter, go on with `then`."""

    def answer_of(row: S) -> bool | None:
        value = part(row)
        if value is None:
            return ends if then(row) is ends else None
        return ends if value is ends else then(row)

    return answer_of


def ask_in_turn(
    parts: Sequence[Callable[[S], bool | None]], *, ends: bool
) -> Callable[[S], bool | None]:
    """Ask any number of conditions until one `ends` the matter."""

    def answer_of(row: S) -> bool | None:
        answer: bool | None = not ends
        for part in parts:
            value = part(row)
            if value is ends:
                return ends
            if value is None:
                answer = None
        return answer

    return answer_of


def combine(
    act: Callable[[Any, Any], Any], left: Callable[[S], Any], right: Callable[[S], Any]
) -> Callable[[S], Any]:
    """Apply an act to two values; null where either is."""

    def combined(row: S) -> Any:  # noqa: ANN401 - a number, or a truth value
        first, second = left(row), right(row)
        return None if first is None or second is None else act(first, second)

    return combined


def arithmetic(
    text: str,
    act: Callable[[Any, Any], Any],
    left: Callable[[S], Any],
    right: Callable[[S], Any],
) -> Callable[[S], Any]:
    """Apply an exact operation; `text` names it where its result cannot be held."""

    def exact(row: S) -> Any:  # noqa: ANN401 - a number or null
        first, second = left(row), right(row)
        if first is None or second is None:
            return None
        try:
            return act(first, second)
        except decimal.DecimalException:
            raise InexactResult(text) from None

    return exact


def between(
    value_of: Callable[[S], Any], low_of: Callable[[S], Any], high_of: Callable[[S], Any]
) -> Callable[[S], bool | None]:
    """Place a value between two others, each of which may be null."""

    def placed(row: S) -> bool | None:
        value, low, high = value_of(row), low_of(row), high_of(row)
        if value is None:
            return None
        if (low is not None and value < low) or (high is not None and value > high):
            return False
        return None if low is None or high is None else True

    return placed


def days_between(start: date, end: date) -> Decimal:
    """Return the days from one date to another."""
    return Decimal((end - start).days)


def rounded_to(
    text: str, value_of: Callable[[S], Any], digits: int, mode: Rounding
) -> Callable[[S], Any]:
    """Round a number; null stays null; `text` names what has no room for so many digits."""

    def rounded(row: S) -> Any:  # noqa: ANN401 - a number or null
        value = value_of(row)
        if value is None:
            return None
        try:
            return round_to(value, digits, mode)
        except decimal.DecimalException:
            raise InexactResult(text) from None

    return rounded


def coalesce(parts: Sequence[Callable[[S], Any]]) -> Callable[[S], Any]:
    """Take the first of several values that is known."""

    def first_known(row: S) -> Any:  # noqa: ANN401 - whatever the parts are
        for part in parts:
            value = part(row)
            if value is not None:
                return value
        return None

    return first_known


def choose(
    branches: Sequence[tuple[Callable[[S], Any], Callable[[S], Any]]],
    otherwise: Callable[[S], Any] | None,
) -> Callable[[S], Any]:
    """Take the value of the first branch whose condition holds."""

    def chosen(row: S) -> Any:  # noqa: ANN401 - whatever the branches are
        for when, then in branches:
            if when(row):
                return then(row)
        return None if otherwise is None else otherwise(row)

    return chosen


def negate(part: Callable[[S], bool | None]) -> Callable[[S], bool | None]:
    """Ask the opposite; unknown stays unknown."""

    def negation(row: S) -> bool | None:
        value = part(row)
        return None if value is None else not value

    return negation
