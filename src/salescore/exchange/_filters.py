"""Filters: which rows of a file count, and how many its source deleted."""

from __future__ import annotations

from collections.abc import Sequence

from salescore.exchange._evaluate import Chunk, Evaluator
from salescore.exchange._kept import Findings
from salescore.exchange._layout import Filter
from salescore.values import Severity


def filtered(chunk: Chunk, filters: Sequence[Filter], evaluator: Evaluator) -> tuple[Chunk, int]:
    """
    Return the rows that count, and how many were left out.

    Args:
        chunk: Rows of a file.
        filters: What they must pass, all of it.
        evaluator: Knows the texts of a column.
    """
    before = len(chunk)
    for one in filters:
        chunk = passed(chunk, one, evaluator)
    return chunk, before - len(chunk)


def passed(chunk: Chunk, one: Filter, evaluator: Evaluator) -> Chunk:
    """Return the rows that pass one filter."""
    texts = evaluator.texts(one.column, chunk)
    return chunk.only([(text in one.texts) is one.keep for text in texts])


def undeleted(chunk: Chunk, filters: Sequence[Filter], evaluator: Evaluator) -> tuple[Chunk, int]:
    """Return the rows that their source does not mark as deleted, and how many it does."""
    return filtered(chunk, [one for one in filters if one.is_deletion], evaluator)


def tell_deleted(count: int, filters: Sequence[Filter], findings: Findings) -> None:
    """Note how many rows of a file were left out because their source deleted them."""
    column = next((one.column for one in filters if one.is_deletion), None)
    if count:
        rows = "1 row is" if count == 1 else f"{count:,} rows are"
        message = f"{rows} marked as deleted, and left out"
        findings.add("deleted-rows", message, column=column, severity=Severity.INFO, count=count)
