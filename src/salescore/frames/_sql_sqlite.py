"""Exact arithmetic inside SQLite: functions on decimals kept as text."""

from __future__ import annotations

import decimal
import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any, Final

from salescore.errors import EngineRefused, InexactResult, InvalidNumber, SalesCoreError
from salescore.frames._sql_values import decimal_text
from salescore.values import EXACT, Rounding, round_to

# Digits before the point without leading zeros, behind it without trailing ones; no minus zero.
_CANONICAL = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?", re.ASCII)
_SPELLED = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
_COMPLEMENTS = str.maketrans("0123456789", "9876543210")
_MIDDLE = 50_000
"""What exponents are counted from in keys, so that all have five digits."""


class SqliteFunctions:
    """
    The functions that one connection knows, and what went wrong in them.

    SQLite tells of an error in a function only that there was one; `surfaced` tells which.
    """

    def __init__(self) -> None:
        self._faults: list[SalesCoreError] = []

    def keep(self, fault: SalesCoreError) -> None:
        """Keep an error until `surfaced` raises it."""
        self._faults[:] = [fault]

    @contextmanager
    def surfaced(self) -> Generator[None]:
        """
        Raise errors of the functions as what they are, around executing and fetching.

        Raises:
            InexactResult: A sum, product or rounded number that cannot be held exactly.
            InvalidNumber: A column of decimals holds a text that is none, or a float.
        """
        self._faults.clear()
        try:
            yield
        except sqlite3.OperationalError as error:
            if self._faults:
                raise self._faults.pop() from error
            raise


def sqlite_functions(connection: sqlite3.Connection) -> SqliteFunctions:
    """
    Register the functions that rules and reductions need in SQLite.

    They compare, add, subtract, multiply, round and sum decimals kept as text, exactly. All
    are deterministic, so that indexes and generated columns may use them.

    Args:
        connection: An open connection to a database in UTF-8.

    Returns:
        What raises their errors: run statements inside `with functions.surfaced():`.

    Raises:
        EngineRefused: The database is in UTF-16, where SQLite does not sort texts by code point.

    Examples:
        >>> connection = sqlite3.connect(":memory:")
        >>> _ = sqlite_functions(connection)
        >>> connection.execute("SELECT salescore_add('0.1', '0.2')").fetchone()
        ('0.3',)
    """
    (encoding,) = connection.execute("PRAGMA encoding").fetchone()
    if encoding != "UTF-8":
        fault = "it does not sort texts by code point; create the database in UTF-8"
        raise EngineRefused("sqlite", f"a database in {encoding}", fault)
    functions = SqliteFunctions()

    def register(name: str, arguments: int, act: Callable[..., str]) -> None:
        guarded = partial(_guarded, functions, act)
        connection.create_function(f"salescore_{name}", arguments, guarded, deterministic=True)

    register("key", 1, decimal_key)
    register("number", 1, key_decimal)
    register("decimal", 1, canonical)
    register("add", 2, partial(_exact, "a sum", EXACT.add))
    register("subtract", 2, partial(_exact, "a difference", EXACT.subtract))
    register("multiply", 2, partial(_exact, "a product", EXACT.multiply))
    register("round", 3, _rounded)
    connection.create_aggregate("salescore_sum", 1, partial(_Sum, functions))  # type: ignore[arg-type]
    return functions


def _guarded(functions: SqliteFunctions, act: Callable[..., str], *values: Any) -> str | None:  # noqa: ANN401 - what cells hold
    if None in values:
        return None
    try:
        return act(*values)
    except SalesCoreError as fault:
        functions.keep(fault)
        raise


class _Sum:
    """The exact sum of one group; null of no numbers."""

    def __init__(self, functions: SqliteFunctions) -> None:
        self._functions = functions
        self._total: Decimal | None = None

    def step(self, text: object) -> None:
        if text is None:
            return
        try:
            value = _decimal(text)
            self._total = value if self._total is None else EXACT.add(self._total, value)
        except SalesCoreError as fault:
            self._functions.keep(fault)
            raise
        except decimal.DecimalException:
            self._functions.keep(InexactResult("a sum of a column"))
            raise

    def finalize(self) -> str | None:
        return None if self._total is None else decimal_text(self._total)


def _exact(
    operation: str, act: Callable[[Decimal, Decimal], Decimal], left: object, right: object
) -> str:
    try:
        return decimal_text(act(_decimal(left), _decimal(right)))
    except decimal.DecimalException:
        raise InexactResult(f"{operation} of {left} and {right}") from None


def _rounded(value: object, digits: int, mode: str) -> str:
    try:
        return decimal_text(round_to(_decimal(value), digits, Rounding(mode)))
    except decimal.DecimalException:
        raise InexactResult(f"{value} rounded to {digits} digits") from None


def _decimal(text: object) -> Decimal:
    _parts(text)  # Decimal itself takes spaces, exponents and the digits of every script.
    return Decimal(str(text))


def canonical(text: object) -> str:
    """
    Return a decimal in canonical form, whichever way a table spells it.

    Args:
        text: The decimal as text without an exponent, or a whole number.

    Raises:
        InvalidNumber: It is neither.

    Examples:
        >>> canonical("012.50"), canonical(12)
        ('12.5', '12')
    """
    if isinstance(text, int):
        return str(text)
    if isinstance(text, str) and _SPELLED.fullmatch(text):
        return decimal_text(Decimal(text))
    shown = text if isinstance(text, str) else f"a {type(text).__name__} {text!r}"
    fault = "SQLite must keep decimals as text such as '-12.5' or as whole numbers"
    raise InvalidNumber(shown, fault)


def _parts(text: object) -> tuple[str, str, str]:
    """Return sign, digits before and digits behind the point of a decimal."""
    found = _CANONICAL.fullmatch(text) if isinstance(text, str) else None
    if found is None or text == "-0":
        found = _CANONICAL.fullmatch(canonical(text))
    assert found is not None  # noqa: S101 - canonical form is what it says
    sign, whole, fraction = found.groups(default="")
    return sign, whole, fraction


#: Keys of negative numbers begin with 0, that of zero is this, keys of positive ones begin with 2.
_ZERO_KEY: Final = "1"


def decimal_key(text: object) -> str:
    """
    Return a text that sorts as a decimal does, and is the same for every spelling of it.

    Args:
        text: The decimal as text without an exponent, or a whole number.

    Raises:
        InvalidNumber: It is neither.

    Examples:
        >>> decimal_key("-12.5") < decimal_key("-3") < decimal_key("0") < decimal_key("0.05")
        True
    """
    sign, whole, fraction = _parts(text)
    if whole == "0":
        digits = fraction.lstrip("0")
        if not digits:
            return _ZERO_KEY
        exponent = len(digits) - len(fraction)
    else:
        digits, exponent = (whole + fraction).rstrip("0"), len(whole)
    if sign:
        # Whatever is larger in size sorts first; the end mark comes behind every digit.
        return f"0{_MIDDLE - exponent:05d}{digits.translate(_COMPLEMENTS)}~"
    return f"2{_MIDDLE + exponent:05d}{digits}"


def key_decimal(key: str) -> str:
    """
    Return the decimal in canonical form that a key belongs to.

    Args:
        key: What `decimal_key` gave.

    Examples:
        >>> key_decimal(decimal_key("-12.5"))
        '-12.5'
    """
    if key == _ZERO_KEY:
        return "0"
    exponent, digits = int(key[1:6]) - _MIDDLE, key[6:]
    if key[0] == "0":
        exponent, digits = -exponent, digits[:-1].translate(_COMPLEMENTS)
    value = Decimal(f"{digits}E{exponent - len(digits)}")
    return decimal_text(value.copy_negate() if key[0] == "0" else value)
