"""Numbers in SQL: exact in each dialect, with types that are never left to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from salescore.errors import EngineRefused
from salescore.frames._digits import MOST_DIGITS, Digits, Span, power
from salescore.frames._sql import Dialect, SqlStatement, listed, woven
from salescore.frames._sql_sqlite import decimal_key
from salescore.frames._sql_texts import SIGNS, SPARK_OPTIONS, known, spark_texts
from salescore.frames._sql_values import decimal_text
from salescore.rules import Comparator, Operator
from salescore.values import EXACT, Rounding, round_to, scale_of

UNBOUNDED = (Dialect.SQLITE, Dialect.POSTGRES)
"""Dialects whose decimals need no digits declared."""

WIDEST = Digits(20, 18)
"""What a column of decimals is taken for whose digits nobody stated."""

MIRRORED = {
    Comparator.EQ: Comparator.EQ,
    Comparator.NE: Comparator.NE,
    Comparator.LT: Comparator.GT,
    Comparator.LE: Comparator.GE,
    Comparator.GT: Comparator.LT,
    Comparator.GE: Comparator.LE,
}
"""What each comparison becomes when its sides change places."""

_NAMES = {Operator.ADD: "add", Operator.SUBTRACT: "subtract", Operator.MULTIPLY: "multiply"}
_DUCKDB_SHORT = 18
"""Places of the decimals that DuckDB keeps in 64 bits."""

_SPARK_SCALE = 6
"""Digits behind the point that Spark keeps whatever it must give up."""


@attrs.frozen
class Number:
    """
    A number in SQL.

    Attributes:
        sql: The expression.
        span: Range in which it lies; `None` where the dialect needs none.
        constant: Its value where it is written into the rule; `None` where it is not.
        is_canonical: Whether equal numbers are equal texts, where numbers are texts.
    """

    sql: SqlStatement
    span: Span | None
    constant: Decimal | None = None
    is_canonical: bool = True


def decimal_type(digits: Digits) -> str:
    """Return the narrowest type that holds so many digits."""
    return f"DECIMAL({digits.total}, {digits.behind})"


def number_literal(value: Decimal, dialect: Dialect) -> Number:
    """Return a number as a parameter."""
    if dialect is Dialect.SQLITE:
        return Number(SqlStatement("?", (decimal_text(value),)), None, value)
    if dialect is Dialect.POSTGRES:
        return Number(SqlStatement("CAST(%s AS NUMERIC)", (value,)), None, value)
    return Number(_typed_literal(value, Digits.of(value)), Span.at(value), value)


def _typed_literal(value: Decimal, digits: Digits) -> SqlStatement:
    return SqlStatement(f"CAST(? AS {decimal_type(digits)})", (decimal_text(value),))


def widened(number: Number, span: Span | None) -> SqlStatement:
    """Return a number in the type that holds a range, in which its own lies."""
    if span is None or number.span is None or number.span.digits == span.digits:
        return number.sql
    if number.constant is not None:
        return _typed_literal(number.constant, span.digits)
    return woven(f"CAST({{}} AS {decimal_type(span.digits)})", number.sql)


def arithmetic(
    operator: Operator, left: Number, right: Number, span: Span | None, dialect: Dialect
) -> SqlStatement:
    """
    Return an exact sum, difference or product.

    Args:
        operator: The operation.
        left: The number before the sign.
        right: The number behind it.
        span: Range of the results; `None` where the dialect needs none.
        dialect: The language of the database.

    Raises:
        EngineRefused: Spark would cut the result.
    """
    if span is None or left.span is None or right.span is None:
        pattern = f"({{}} {operator.value} {{}})"
        if dialect is Dialect.SQLITE:
            pattern = f"salescore_{_NAMES[operator]}({{}}, {{}})"
        return woven(pattern, left.sql, right.sql)
    if dialect is Dialect.SPARK:
        _check_spark(operator, left.span.digits, right.span.digits)
    kind = decimal_type(span.digits)
    first = roomy(left, span.digits.total) if dialect is Dialect.DUCKDB else left.sql
    return woven(f"CAST(({{}} {operator.value} {{}}) AS {kind})", first, right.sql)


def roomy(number: Number, places: int) -> SqlStatement:
    """
    Return a number in a type from which DuckDB makes results of so many places.

    Of two numbers of up to 18 places it makes no longer one, and fails where that is too short.
    """
    if number.span is None or max(places, number.span.digits.total) <= _DUCKDB_SHORT:
        return number.sql
    behind = number.span.behind
    return woven(f"CAST({{}} AS {decimal_type(Digits(MOST_DIGITS - behind, behind))})", number.sql)


def _check_spark(operator: Operator, left: Digits, right: Digits) -> None:
    """Refuse an operation whose result type would have digits behind the point cut off."""
    if operator is Operator.MULTIPLY:
        behind = left.behind + right.behind
        total = left.total + right.total + 1
    else:
        behind = max(left.behind, right.behind)
        total = max(left.before, right.before) + behind + 1
    if total > MOST_DIGITS and behind > _SPARK_SCALE:
        fault = f"its own type of the result has {total} digits of {MOST_DIGITS}; round a side"
        raise EngineRefused("spark", f"{left} {operator.value} {right}", fault)


def compared(comparator: Comparator, left: Number, right: Number, dialect: Dialect) -> SqlStatement:
    """
    Return the comparison of two numbers.

    Raises:
        EngineRefused: No decimal holds both.
    """
    sign = SIGNS[comparator]
    if dialect is Dialect.SQLITE:
        is_spelled = left.is_canonical and right.is_canonical
        if is_spelled and comparator in (Comparator.EQ, Comparator.NE):
            return woven(f"({{}} COLLATE BINARY {sign} {{}})", left.sql, right.sql)
        return woven(f"({{}} {sign} {{}})", sqlite_key(left), sqlite_key(right))
    if left.span is None or right.span is None:
        return woven(f"({{}} {sign} {{}})", left.sql, right.sql)
    if right.constant is not None:
        return _with_constant(comparator, left, left.span, right.constant)
    if left.constant is not None:
        return _with_constant(MIRRORED[comparator], right, right.span, left.constant)
    both = left.span.joined(right.span)
    if both.digits.total > MOST_DIGITS:
        fault = f"one decimal must hold both sides, and {both.digits} are too many; round a side"
        raise EngineRefused(dialect.value, f"a comparison by {comparator.value}", fault)
    return woven(f"({{}} {sign} {{}})", widened(left, both), widened(right, both))


def sqlite_key(number: Number) -> SqlStatement:
    """Return what sorts as a number does in SQLite, where numbers are texts."""
    if number.constant is not None:
        return SqlStatement("?", (decimal_key(decimal_text(number.constant)),))
    return woven("salescore_key({})", number.sql)


def _with_constant(
    comparator: Comparator, number: Number, span: Span, constant: Decimal
) -> SqlStatement:
    """Compare with a constant in the type of the other side, so that no side is cast."""
    dialect = Dialect.DUCKDB
    is_unequal = comparator is Comparator.NE
    if constant > span.high or constant < span.low:
        above = constant > span.high
        answer = is_unequal or comparator in (
            (Comparator.LT, Comparator.LE) if above else (Comparator.GT, Comparator.GE)
        )
        return known(number.sql, dialect, answer=answer)
    if scale_of(constant) > span.behind:
        # It lies between two numbers of that type, so the lower one stands for it.
        constant = round_to(constant, span.behind, Rounding.FLOOR)
        match comparator:
            case Comparator.EQ | Comparator.NE:
                return known(number.sql, dialect, answer=is_unequal)
            case Comparator.LT:
                comparator = Comparator.LE
            case Comparator.GE:
                comparator = Comparator.GT
            case _:
                pass
    limit = _typed_literal(constant, span.digits.holding(Digits.of(constant)))
    return woven(f"({{}} {SIGNS[comparator]} {{}})", number.sql, limit)


def between(value: Number, low: Number, high: Number, dialect: Dialect) -> SqlStatement:
    """
    Return whether a number lies between two others.

    Raises:
        EngineRefused: No decimal holds them.
    """
    if dialect is Dialect.SQLITE:
        return woven("({} BETWEEN {} AND {})", *map(sqlite_key, (value, low, high)))
    if value.span is None:
        return woven("({} BETWEEN {} AND {})", value.sql, low.sql, high.sql)
    least = compared(Comparator.GE, value, low, dialect)
    return woven("({} AND {})", least, compared(Comparator.LE, value, high, dialect))


def member(value: Number, options: Sequence[Decimal], dialect: Dialect) -> SqlStatement:
    """Return whether a number is one of several."""
    if not options:
        return known(value.sql, dialect, answer=False)
    if dialect is Dialect.SQLITE:
        spelled = [decimal_text(one) for one in options]
        if value.is_canonical:
            texts = listed(SqlStatement("?", (one,)) for one in spelled)
            return woven("({} COLLATE BINARY IN ({}))", value.sql, texts)
        keys = listed(SqlStatement("?", (decimal_key(one),)) for one in spelled)
        return woven("({} IN ({}))", sqlite_key(value), keys)
    span = value.span
    if span is None:
        held = SqlStatement("CAST(%s AS NUMERIC[])", (list(options),))
        return woven("({} = ANY({}))", value.sql, held)
    possible = [
        one for one in options if span.low <= one <= span.high and scale_of(one) <= span.behind
    ]
    if not possible:
        return known(value.sql, dialect, answer=False)
    if dialect is Dialect.SPARK and len(possible) > SPARK_OPTIONS:
        texts = spark_texts(list(map(decimal_text, possible)))
        kind = decimal_type(span.digits)
        numbers = woven(f"transform({{}}, one -> CAST(one AS {kind}))", texts)
        return woven("array_contains({}, {})", numbers, value.sql)
    literals = listed(_typed_literal(one, span.digits) for one in possible)
    return woven("({} IN ({}))", value.sql, literals)


_DAYS = {
    Dialect.SQLITE: "CAST(CAST(julianday({}) - julianday({}) AS INTEGER) AS TEXT)",
    Dialect.POSTGRES: "CAST(({} - {}) AS NUMERIC)",
    Dialect.DUCKDB: "CAST(({} - {}) AS DECIMAL(7, 0))",
    Dialect.SPARK: "CAST(datediff({}, {}) AS DECIMAL(7, 0))",
}


def days_between(start: SqlStatement, end: SqlStatement, dialect: Dialect) -> SqlStatement:
    """Return the days from one date to another."""
    return woven(_DAYS[dialect], end, start)


def rounded(value: str, digits: int, mode: Rounding, dialect: Dialect) -> str:
    """
    Return SQL for a number rounded in a named mode, which it is written into several times.

    Args:
        value: A column or another name of a number with more digits behind the point.
        digits: Digits behind the point that stay.
        mode: How what lies between two steps is rounded.
        dialect: Postgres, DuckDB or Spark SQL.
    """
    if dialect is Dialect.SPARK:
        return _SPARK_ROUNDED[mode].format(v=value, n=digits)
    return _ROUNDED[mode].format(
        v=value,
        near=f"round({value}, {digits})",
        n=digits,
        step=decimal_text(power(-digits)),
        half=decimal_text(EXACT.multiply(power(-digits), Decimal("0.5"))),
    )


_SPARK_ROUNDED = {
    Rounding.HALF_UP: "round({v}, {n})",
    Rounding.HALF_EVEN: "bround({v}, {n})",
    Rounding.FLOOR: "floor({v}, {n})",
    Rounding.CEILING: "ceil({v}, {n})",
    Rounding.DOWN: "(CASE WHEN {v} < 0 THEN ceil({v}, {n}) ELSE floor({v}, {n}) END)",
    Rounding.UP: "(CASE WHEN {v} < 0 THEN floor({v}, {n}) ELSE ceil({v}, {n}) END)",
}

# What rounds half away from zero is exact in both other engines; the other modes go back a step.
_ROUNDED = {
    Rounding.HALF_UP: "{near}",
    Rounding.HALF_EVEN: (
        "(CASE WHEN abs({v} - {near}) = {half} AND round({near} * 0.5, {n}) * 2 <> {near} "
        "THEN CASE WHEN {v} > 0 THEN {near} - {step} ELSE {near} + {step} END ELSE {near} END)"
    ),
    Rounding.FLOOR: "(CASE WHEN {near} > {v} THEN {near} - {step} ELSE {near} END)",
    Rounding.CEILING: "(CASE WHEN {near} < {v} THEN {near} + {step} ELSE {near} END)",
    Rounding.DOWN: (
        "(CASE WHEN {v} > 0 AND {near} > {v} THEN {near} - {step} "
        "WHEN {v} < 0 AND {near} < {v} THEN {near} + {step} ELSE {near} END)"
    ),
    Rounding.UP: (
        "(CASE WHEN {v} > 0 AND {near} < {v} THEN {near} + {step} "
        "WHEN {v} < 0 AND {near} > {v} THEN {near} - {step} ELSE {near} END)"
    ),
}
