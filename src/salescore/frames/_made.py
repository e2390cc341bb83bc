"""What a node of a rule becomes on an engine, and the casts that keep its type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, assert_never

import attrs

from salescore.errors import EngineRefused
from salescore.frames._digits import MOST_DIGITS, Digits, Span
from salescore.frames._engines import ARROW, narwhals
from salescore.rules import Comparator, RuleType, Scalar, rule_text
from salescore.rules import Expression as Rule
from salescore.values import scale_of

T = TypeVar("T")

Expr = Any
"""An expression of Narwhals."""

_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_WHOLE = 20


@attrs.frozen(kw_only=True, eq=False)
class Made:
    """
    A node of a rule on an engine.

    Attributes:
        expr: The expression of Narwhals.
        type: What it yields.
        span: The range of a number; `None` for all else.
        dtype: The type that it has there; `None` where nothing depends on it.
    """

    expr: Expr
    type: RuleType
    span: Span | None = None
    dtype: Any = None

    @property
    def range(self) -> Span:
        """Return the range of a number."""
        assert self.span is not None  # noqa: S101 - the type check has seen to it
        return self.span


def truth(expr: Expr) -> Made:
    """Return a condition."""
    return Made(expr=expr, type=RuleType.BOOLEAN)


def false_if_known(expr: Expr) -> Expr:
    """Return false for every value but null, which stays unknown."""
    return expr.is_null() & unknown()


def true_if_known(expr: Expr) -> Expr:
    """Return true for every value but null, which stays unknown."""
    return ~expr.is_null() | unknown()


def never_known(expr: Expr) -> Expr:
    """Return what is unknown for every value, on as many rows."""
    return (expr.is_null() | unknown()) & unknown()


def unknown() -> Expr:
    """Return the truth value that is neither."""
    nw = narwhals()
    return nw.lit(None).cast(nw.Boolean)


def all_of(parts: Sequence[Expr]) -> Expr:
    """Return whether all of some conditions hold, at least one of them."""
    return joined(parts, lambda one, other: one & other)


def any_of(parts: Sequence[Expr]) -> Expr:
    """Return whether any of some conditions holds, at least one of them."""
    return joined(parts, lambda one, other: one | other)


def joined(parts: Sequence[T], join: Callable[[T, T], T]) -> T:
    """Return any number of parts joined in pairs, so that few stand inside one another."""
    level = list(parts)
    while len(level) > 1:
        pairs = [join(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]
    return level[0]


def ordered(comparator: Comparator, left: Expr, right: Expr) -> Expr:
    """Return whether two values of one type stand in an order."""
    match comparator:
        case Comparator.EQ:
            return left == right
        case Comparator.NE:
            return left != right
        case Comparator.LT:
            return left < right
        case Comparator.LE:
            return left <= right
        case Comparator.GT:
            return left > right
        case Comparator.GE:
            return left >= right
        case _:
            assert_never(comparator)


def decimal_type(digits: Digits) -> Any:  # noqa: ANN401 - a type of Narwhals
    """Return the narrowest decimal type that holds some digits."""
    return narwhals().Decimal(digits.total, digits.behind)


def as_digits(made: Made, digits: Digits, node: Rule, engine: str) -> Expr:
    """
    Return a number as a decimal of so many digits, which hold it.

    Raises:
        EngineRefused: They are too many for a decimal.
    """
    if digits.total > MOST_DIGITS:
        raise too_wide(node, engine, digits.total)
    wanted = decimal_type(digits)
    if made.dtype == wanted:
        return made.expr
    if engine in ARROW and made.dtype is not None and made.dtype.is_integer():
        # Arrow casts a whole number only to a decimal with room for all of its type.
        return made.expr.cast(narwhals().Decimal(_WHOLE, 0)).cast(wanted)
    return made.expr.cast(wanted)


def too_wide(node: Rule, engine: str, total: int) -> EngineRefused:
    """Return the refusal of a node on whose way a decimal of too many digits would be needed."""
    fault = (
        f"on the way it needs a decimal of {total} digits, and one there has {MOST_DIGITS}; "
        "round its parts, or cast its columns to fewer digits"
    )
    return EngineRefused(engine, rule_text(node), fault)


def literal(value: Scalar, kind: RuleType) -> Made:
    """Return a constant."""
    nw = narwhals()
    if isinstance(value, Decimal):
        span = Span.at(value)
        return Made(
            expr=number_literal(value, span.digits),
            type=kind,
            span=span,
            dtype=decimal_type(span.digits),
        )
    return Made(expr=nw.lit(value), type=kind)


def number_literal(value: Decimal, digits: Digits) -> Expr:
    """Return a number as a decimal of so many digits, which hold it."""
    return narwhals().lit(plain(value, digits)).cast(decimal_type(digits))


def plain(value: Decimal, digits: Digits) -> Decimal:
    """Return a number without an exponent and with the places that it has there."""
    # DuckDB takes a number with 38 places and zeros before its digits for a float.
    behind = min(digits.behind, max(scale_of(value), MOST_DIGITS - 1))
    return Decimal(f"{value:.{behind}f}")


def null(kind: RuleType, span: Span | None = None) -> Made:
    """Return a constant of a type that is unknown."""
    nw = narwhals()
    match kind:
        case RuleType.NUMBER:
            dtype = decimal_type(Digits(1, 0) if span is None else span.digits)
        case RuleType.BOOLEAN:
            dtype = nw.Boolean()
        case RuleType.DATE:
            dtype = nw.Date()
        case RuleType.TEXT | RuleType.TAGS:
            dtype = nw.String()
        case RuleType.INSTANT:
            # Some engines know instants of their own zone alone, and only by example.
            return Made(expr=nw.when(nw.lit(False)).then(nw.lit(_ANY_INSTANT)), type=kind)
        case _:
            assert_never(kind)
    return Made(expr=nw.lit(None).cast(dtype), type=kind, span=span, dtype=dtype)
