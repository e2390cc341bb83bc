"""Values as databases keep them, there and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from salescore.errors import EngineRefused, InvalidNumber, InvalidValue
from salescore.frames._digits import MOST_DIGITS
from salescore.frames._sql import Dialect, is_storable
from salescore.rules import FieldValue, RuleType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MARK = "\x1f"
"""What parts the texts of a set; no text of a set may have it."""


def decimal_text(value: Decimal) -> str:
    """
    Return a decimal in its one canonical form, so that equal numbers are equal texts.

    Args:
        value: A finite decimal.

    Examples:
        >>> decimal_text(Decimal("-1.50")), decimal_text(Decimal("1E+3"))
        ('-1.5', '1000')
    """
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant_text(value: datetime) -> str:
    """Return an instant as text of one length, so that texts sort as instants do."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def set_text(texts: Iterable[str]) -> str:
    r"""
    Return a set of texts as one text: a mark before each and at the end, in order.

    Raises:
        InvalidValue: A text has the mark itself.

    Examples:
        >>> set_text({"vip", "old"})
        '\x1fold\x1fvip\x1f'
    """
    ordered = sorted(texts)
    for text in ordered:
        if MARK in text:
            raise InvalidValue("a text of a set", text, "it must not have the character U+001F")
    return MARK + "".join(text + MARK for text in ordered)


def sql_value(value: FieldValue, dialect: Dialect) -> Any:  # noqa: ANN401 - what drivers bind
    """
    Return a value as it is handed to a database, to be kept in a column or compared with one.

    SQLite gets decimals in canonical form, dates and instants as ISO text, truth values as 0 and 1.
    The others get their own types. A set of texts is one text everywhere.

    Args:
        value: A value of a field; `None` is null.
        dialect: The language of the database.

    Raises:
        EngineRefused: The database cannot keep the text.
        InvalidValue: A text of a set has the mark U+001F.

    Examples:
        >>> from decimal import Decimal
        >>> sql_value(Decimal("12.50"), Dialect.SQLITE)
        '12.5'
    """
    match value:
        case None:
            return None
        case str():
            return checked_text(value, dialect)
        case frozenset():
            return checked_text(set_text(value), dialect)
        case bool():
            return int(value) if dialect is Dialect.SQLITE else value
        case Decimal():
            return _bound_decimal(value, dialect)
        case datetime():
            return instant_text(value) if dialect is Dialect.SQLITE else value
        case date():
            return value.isoformat() if dialect is Dialect.SQLITE else value


def _bound_decimal(value: Decimal, dialect: Dialect) -> Decimal | str:
    if dialect is Dialect.SQLITE:
        return decimal_text(value)
    # DuckDB takes a number with 38 places and zeros before its digits for a float.
    is_long = dialect is Dialect.DUCKDB and int(value.as_tuple().exponent) <= -MOST_DIGITS
    return decimal_text(value) if is_long else value


def checked_text(text: str, dialect: Dialect) -> str:
    """
    Return a text unchanged.

    Raises:
        EngineRefused: The database cannot keep it.
    """
    if not is_storable(text):
        raise EngineRefused(dialect.value, repr(text), "a text must be Unicode")
    if dialect is Dialect.POSTGRES and "\0" in text:
        raise EngineRefused(dialect.value, repr(text), "its texts cannot have the character NUL")
    return text


def python_value(value: Any, kind: RuleType) -> FieldValue:  # noqa: ANN401 - what drivers give
    """
    Return a value as a rule has it, from what a database gave.

    Args:
        value: What the driver gave; `None` is null.
        kind: What the column or expression holds.

    Raises:
        InvalidNumber: A number is a float, which is not exact.
    """
    if value is None:
        return None
    match kind:
        case RuleType.BOOLEAN:
            return bool(value)
        case RuleType.NUMBER:
            if isinstance(value, float):
                raise InvalidNumber(f"a float {value!r}", "keep it in a column of decimals")
            return value if isinstance(value, Decimal) else Decimal(value)
        case RuleType.DATE:
            return date.fromisoformat(value) if isinstance(value, str) else value
        case RuleType.INSTANT:
            return _instant(value)
        case RuleType.TAGS:
            return frozenset(value.split(MARK)[1:-1])
        case RuleType.TEXT:
            return str(value)


def _instant(value: str | int | datetime) -> datetime:
    if isinstance(value, int):
        return _EPOCH + timedelta(microseconds=value)
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    # Spark hands over instants without a zone, in that of this machine, as astimezone reads them.
    return moment.astimezone(UTC)
