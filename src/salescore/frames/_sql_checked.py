"""Columns of decimals whose digits are stated: read exactly, or the database says which is not."""

from __future__ import annotations

import re

from salescore.frames._digits import Digits, power
from salescore.frames._sql import Dialect, SqlStatement
from salescore.frames._sql_values import decimal_text

_MARK = "salescore: column "
_END = "; state the digits that it has (digits=), or cast it to a decimal"

_UNSAFE = re.compile(r"[^\w .-]")
_WHOLE = '(u|)(tiny|small|big|huge|)int(eger|)|"null"|void'
_ONE_SIGN = 9

# Engines work out what is asked of types before they read a row, and then leave it out: a column
# of the type stated is read as it is. Any other is cast once it is sure that nothing changes.
_CHECKED = (
    "(CASE WHEN lower(typeof({x})) = '{same}' OR {x} IS NULL "
    "OR (({fine} OR (lower(typeof({x})) LIKE 'decimal%' AND {whole})) "
    "AND TRY_CAST({x} AS {kind}) IS NOT NULL) THEN CAST({x} AS {kind}) "
    "ELSE CAST({error}(concat_ws('', '{mark}{name} holds ', CAST({x} AS {text}), "
    "' (', typeof({x}), '), which is no exact {kind}{end}')) AS {kind}) END)"
)


def checked_column(held: SqlStatement, name: str, digits: Digits, dialect: Dialect) -> SqlStatement:
    """
    Return a column in the type of its stated digits; a value that they would change is an error.

    Args:
        held: The column.
        name: Its name, for the error.
        digits: Its stated digits.
        dialect: DuckDB or Spark SQL.
    """
    column, behind = held.text, digits.behind
    kind = f"DECIMAL({digits.total}, {behind})"
    scales = f"[0-{behind}]" if behind <= _ONE_SIGN else "|".join(map(str, range(behind + 1)))
    types = f"^({_WHOLE}|decimal[(][0-9]+,({scales})[)])$"
    if dialect is Dialect.DUCKDB:
        fine = f"regexp_matches(lower(typeof({column})), '{types}')"
        whole = f"TRY_CAST({column} AS {kind}) = {column}"
    else:
        fine = f"lower(typeof({column})) RLIKE '{types}'"
        # A comparison of two long decimals cuts digits there, and a rest never does.
        last = f"CAST({decimal_text(power(-behind))} AS DECIMAL({max(behind, 1)}, {behind}))"
        whole = f"{column} % {last} = 0"
    text = _CHECKED.format(
        x=column,
        same=kind.lower().replace(" ", ""),
        fine=fine,
        whole=whole,
        kind=kind,
        error="error" if dialect is Dialect.DUCKDB else "raise_error",
        mark=_MARK,
        name=_UNSAFE.sub("_", name),
        text="VARCHAR" if dialect is Dialect.DUCKDB else "STRING",
        end=_END,
    )
    return SqlStatement(text, held.parameters)


def told_by(error: Exception) -> str | None:
    """Return what a statement made a database say; `None` for an error of its own."""
    _, sep, rest = str(error).partition(_MARK)
    fault, end, _ = rest.partition(_END)
    return f"column {fault}{end}" if sep else None
