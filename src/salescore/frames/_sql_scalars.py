"""Values written into rules, as parameters of every type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from salescore.frames._sql import Dialect, SqlStatement, placeholder
from salescore.frames._sql_numbers import number_literal
from salescore.frames._sql_texts import text_literal, truth
from salescore.frames._sql_values import instant_text
from salescore.rules import Scalar


def scalar_literal(value: Scalar, dialect: Dialect) -> SqlStatement:
    """Return a value written into a rule as a parameter."""
    match value:
        case bool():
            return SqlStatement(truth(dialect, answer=value))
        case Decimal():
            return number_literal(value, dialect).sql
        case str():
            return text_literal(value, dialect)
        case datetime():
            held: object = value if dialect is Dialect.POSTGRES else instant_text(value)
            return _typed(held, dialect, "TIMESTAMP" if dialect is Dialect.SPARK else "TIMESTAMPTZ")
        case date():
            held = value if dialect is Dialect.POSTGRES else value.isoformat()
            return _typed(held, dialect, "DATE")
        case _:
            assert_never(value)


def _typed(value: object, dialect: Dialect, kind: str) -> SqlStatement:
    sign = placeholder(dialect)
    return SqlStatement(sign if dialect is Dialect.SQLITE else f"CAST({sign} AS {kind})", (value,))
