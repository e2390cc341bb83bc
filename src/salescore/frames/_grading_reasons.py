"""Reasons as texts: which stand behind the first of each decision, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import attrs

from salescore.frames._engines import narwhals
from salescore.frames._grading_tables import Table, engine_name, is_kept, row_of, settled
from salescore.grading import ReasonCode
from salescore.plain import as_tuple

Expr = Any
"""An expression of Narwhals."""


@attrs.frozen(eq=False)
class Further:
    """
    A reason that may stand behind the first.

    Attributes:
        code: Its code.
        conditions: The reason stands once for each that holds.
    """

    code: ReasonCode
    conditions: tuple[Expr, ...] = attrs.field(converter=as_tuple)

    def times(self) -> Expr:
        """Return how often it stands, as a whole number."""
        nw = narwhals()
        counted = (one.fill_null(False).cast(nw.Int64) for one in self.conditions)
        return reduce(lambda one, other: one + other, counted)


def whole(value: int) -> Expr:
    """Return a whole number."""
    nw = narwhals()
    return nw.lit(value, dtype=nw.Int64)


def chosen(cases: Iterable[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    """Return the value of the first case that holds."""
    found = otherwise
    for when, then in reversed(list(cases)):
        found = narwhals().when(when).then(then).otherwise(found)
    return found


def text_of(table: Table, codes: Expr, texts: Mapping[int, str]) -> Expr:
    """
    Return the texts that whole numbers stand for; null where the number is.

    Args:
        table: The table on which they are asked.
        codes: Numbers, all of them with a text.
        texts: At least one text, by its number.
    """
    nw = narwhals()
    if engine_name(table) == "polars":
        # Looking up takes a tenth off grading a million customers: choosing writes a text per case.
        return codes.replace_strict(list(texts), list(texts.values()), return_dtype=nw.String)
    (_, first), *others = texts.items()
    cases = [(codes == code, nw.lit(text)) for code, text in others]
    return nw.when(~codes.is_null()).then(chosen(cases, nw.lit(first)))


def any_of(parts: Iterable[Expr]) -> Expr:
    """Return whether some part holds, of which there is at least one."""
    return reduce(lambda one, other: one | other, parts)


def with_reasons(table: Table, main: str, further: Sequence[Further]) -> Table:
    """
    Return decisions with the codes of all their reasons, `, ` between them, as `reasons`.

    Texts cost more than numbers: reasons are counted first, and those that no customer has are
    left out, where the engine keeps what it counted.

    Args:
        table: The decisions.
        main: Column of the code of the first reason.
        further: What may stand behind it, in order.
    """
    nw = narwhals()
    names = [f"times {place}" for place in range(len(further))]
    counted = settled(
        table.with_columns(
            *(one.times().alias(name) for name, one in zip(names, further, strict=True))
        )
    )
    most = [len(one.conditions) for one in further]
    if is_kept(counted):
        row = row_of(counted, *(nw.col(name).max() for name in names))
        most = [int(row[name] or 0) for name in names]
    parts = [nw.col(main)]
    for name, one, times in zip(names, further, most, strict=True):
        if times:
            text = f", {one.code.value}"
            cases = [
                (nw.col(name) == number, nw.lit(text * number)) for number in range(1, times + 1)
            ]
            parts.append(chosen(cases, nw.lit("")))
    reasons = nw.concat_str(parts) if len(parts) > 1 else parts[0]
    return counted.with_columns(reasons.alias("reasons"))
