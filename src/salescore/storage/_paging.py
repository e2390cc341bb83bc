"""Pages: the records of a snapshot that a rule holds for, sorted, from a cursor on."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from salescore.rules import Scalar, compile_expression
from salescore.storage._asked import CheckedQuery, column_reader
from salescore.storage._query import Kept, Page


def page(asked: CheckedQuery, candidates: Iterable[Kept]) -> Page:
    """
    Return a page of the records that the rule holds for.

    Args:
        asked: The question.
        candidates: What `History.snapshot` gave for it.
    """
    chosen = candidates
    if asked.query.where is not None:
        holds = compile_expression(asked.query.where, lambda name: column_reader(asked.table, name))
        chosen = (kept for kept in candidates if holds(kept.record) is True)
    key_of = _sort_key(asked)
    if asked.is_by_id:
        found = [kept for kept, _ in zip(chosen, range(asked.query.limit + 1), strict=False)]
    else:
        if asked.start is not None:
            behind = _ranks(asked, asked.start)
            chosen = (kept for kept in chosen if _ranks(asked, key_of(kept.record)) > behind)
        found = heapq.nsmallest(
            asked.query.limit + 1, chosen, key=lambda kept: _ranks(asked, key_of(kept.record))
        )
    if len(found) <= asked.query.limit:
        return Page(kept=tuple(found))
    del found[-1]
    return Page(kept=tuple(found), cursor=asked.cursor(key_of(found[-1].record)))


def _sort_key(asked: CheckedQuery) -> Callable[[Any], tuple[Scalar | None, ...]]:
    readers = [column_reader(asked.table, one.field) for one in asked.order]
    return lambda record: tuple(read(record) for read in readers)


class _Descending:
    """A value that comes before smaller ones."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - whatever has an order
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self.value == other.value)

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.value < self.value)

    def __gt__(self, other: _Descending) -> bool:
        return bool(other.value > self.value)

    __hash__ = None  # type: ignore[assignment]


def _ranks(asked: CheckedQuery, key: tuple[Scalar | None, ...]) -> tuple[Any, ...]:
    """Return what compares as the answer is sorted: what is unknown last, either way."""
    return tuple(
        (1, 0) if value is None else (0, _Descending(value) if one.is_descending else value)
        for one, value in zip(asked.order, key, strict=True)
    )
