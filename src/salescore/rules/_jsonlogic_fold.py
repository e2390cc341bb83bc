"""Constants of JsonLogic and what its operators make of them, as in JavaScript and exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from salescore.errors import RuleTypeError

Held = None | bool | Decimal | str | tuple["Held", ...]
"""A constant; an array is a tuple."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_CODED = re.compile(r"0[xXoObB]|[+-]?Infinity")
_BLANKS = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What JavaScript strips off a text before it reads a number; it is not what Python strips."""

_BITS = 256
_PLAIN = (Decimal("1e-6"), Decimal("1e21"))
"""Between which sizes JavaScript writes a number without an exponent."""


def outside(operator: str, reason: str) -> RuleTypeError:
    """Return the error that says why a part of JsonLogic is no rule of ours."""
    return RuleTypeError(operator, f"outside: {reason}")


def number(value: float | Decimal) -> Decimal:
    """
    Return a number of JSON exactly as it is written, a float in its shortest form.

    Raises:
        RuleTypeError: JavaScript would read another number, because its floats hold no more.
    """
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise outside("number", "a number that JavaScript cannot hold")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    held = Decimal(repr(float(exact))) if exact.is_finite() else exact
    if not held.is_finite() or held != exact:
        raise outside("number", "a number that JavaScript cannot hold")
    return _tidy(held)


def truthy(value: Held) -> bool:
    """Return whether a constant counts as true; an empty array does not."""
    return bool(value)


def as_number(value: Held, operator: str) -> Decimal | None:
    """Return a constant as the number that JavaScript makes of it; `None` where that is NaN."""
    match value:
        case None | bool():
            return Decimal(bool(value))
        case Decimal():
            return value
        case str():
            text = value.strip(_BLANKS)
            if not text:
                return Decimal(0)
            if _NUMBER.fullmatch(text):
                return number(Decimal(text))
            if _CODED.match(text):
                raise outside(operator, "coercion of text to number")
            return None
        case _:
            raise outside(operator, "an array as a number")


def are_same(left: Held, right: Held, operator: str) -> bool:
    """Return whether two constants are of one type and equal."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        raise outside(operator, "a comparison of arrays")
    return type(left) is type(right) and left == right


def are_equal(left: Held, right: Held, operator: str) -> bool:
    """Return whether two constants are equal after what JavaScript does to them."""
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = as_number(left, operator), as_number(right, operator)
    return first is not None and first == second


def is_before(left: Held, right: Held, operator: str) -> bool:
    """Return whether constants stand in the order that the operator asks for."""
    if operator in (">", ">="):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, str):
        if left == right:
            return "=" in operator
        return left.encode("utf-16-be", "surrogatepass") < right.encode(
            "utf-16-be", "surrogatepass"
        )
    first, second = as_number(left, operator), as_number(right, operator)
    if first is None or second is None:
        return False
    return first <= second if "=" in operator else first < second


def is_in(needle: Held, hay: Held) -> bool:
    """Return whether an array has a constant, or a text another."""
    if isinstance(hay, tuple):
        return any(not isinstance(one, tuple) and are_same(needle, one, "in") for one in hay)
    if not isinstance(hay, str) or not hay:
        return False
    if not isinstance(needle, str):
        raise outside("in", "coercion to text")
    return needle in hay


def _calculated(operator: str, values: Sequence[Held]) -> Decimal:
    """Return a sum, difference, product, quotient or remainder that no float would round."""
    read = _parsed if operator in "+*" else _numeric
    first, *rest = [read(operator, value) for value in values]
    rough, exact = float(first), Fraction(first)
    try:
        for value in rest:
            rough = _ROUGH[operator](rough, float(value))
            exact = _EXACT[operator](exact, Fraction(value))
    except ZeroDivisionError:
        raise outside(operator, "a division by zero") from None
    if not math.isfinite(rough) or Fraction(repr(rough)) != exact:
        raise outside(operator, "a result that JavaScript would round")
    return _tidy(Decimal(repr(rough)))


def _remainder(left: Fraction, right: Fraction) -> Fraction:
    return left - right * math.trunc(left / right)


_ROUGH: dict[str, Callable[[float, float], float]] = {
    "+": float.__add__,
    "-": float.__sub__,
    "*": float.__mul__,
    "/": float.__truediv__,
    "%": lambda left, right: math.fmod(left, right) if right else left / right,
}
_EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": _remainder,
}


def _numeric(operator: str, value: Held) -> Decimal:
    found = as_number(value, operator)
    if found is None:
        raise outside(operator, "a result that is not a number")
    return found


def _parsed(operator: str, value: Held) -> Decimal:
    """Return a constant as `parseFloat` reads it, which knows neither null nor true."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return _numeric(operator, value)
    raise outside(operator, "a result that is not a number")


def _tidy(value: Decimal) -> Decimal:
    """Return a number without a zero behind the point, and zero without a sign."""
    whole = value.to_integral_value()
    return Decimal(int(whole)) if whole == value else value


def _text(value: Held, operator: str) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            least, most = _PLAIN
            if value and not least <= abs(value) < most:
                raise outside(operator, "coercion of a number to text")
            return f"{value:f}"
        case _:
            raise outside(operator, "an array as a text")


def _cut(values: Sequence[Held]) -> str:
    """Return part of a text by start and length, or by start and signs to leave out."""
    source, start, *rest = values
    length = rest[0] if rest else None
    if not isinstance(source, str) or source != source.encode("utf-16", "replace").decode("utf-16"):
        raise outside("substr", "coercion to text")
    if any(sign > "\uffff" for sign in source):
        raise outside("substr", "signs beyond the basic plane")
    if not _is_whole(start) or (rest and not _is_whole(length)):
        raise outside("substr", "a place that is no whole number")
    first = int(_numeric("substr", start))
    found = source[first:] if first >= 0 else source[max(len(source) + first, 0) :]
    if not rest:
        return found
    count = int(_numeric("substr", length))
    return found[: max(len(found) + count, 0)] if count < 0 else found[:count]


def _is_whole(value: Held) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


def _extreme(operator: str, values: Sequence[Held]) -> Decimal:
    numbers = [_numeric(operator, value) for value in values]
    return max(numbers) if operator == "max" else min(numbers)


def _merged(values: Sequence[Held]) -> tuple[Held, ...]:
    return tuple(
        one for value in values for one in (value if isinstance(value, tuple) else (value,))
    )


def _between(operator: str, values: Sequence[Held]) -> bool:
    return all(is_before(left, right, operator) for left, right in pairwise(values))


def _product(values: Sequence[Held]) -> Held:
    return values[0] if len(values) == 1 else _calculated("*", values)


def _difference(values: Sequence[Held]) -> Decimal:
    return _calculated("-", values if len(values) > 1 else (Decimal(0), *values))


FOLDS: MappingProxyType[str, Callable[[Sequence[Held]], Held]] = MappingProxyType(
    {
        "==": lambda values: are_equal(values[0], values[1], "=="),
        "!=": lambda values: not are_equal(values[0], values[1], "!="),
        "===": lambda values: are_same(values[0], values[1], "==="),
        "!==": lambda values: not are_same(values[0], values[1], "!=="),
        "<": lambda values: _between("<", values),
        "<=": lambda values: _between("<=", values),
        ">": lambda values: _between(">", values),
        ">=": lambda values: _between(">=", values),
        "!": lambda values: not truthy(values[0]),
        "!!": lambda values: truthy(values[0]),
        "in": lambda values: is_in(values[0], values[1]),
        "+": lambda values: _calculated("+", values or (Decimal(0),)),
        "-": _difference,
        "*": _product,
        "/": lambda values: _calculated("/", values),
        "%": lambda values: _calculated("%", values),
        "min": lambda values: _extreme("min", values),
        "max": lambda values: _extreme("max", values),
        "cat": lambda values: "".join(_text(value, "cat") for value in values),
        "substr": _cut,
        "merge": _merged,
    }
)
"""What each operator makes of constants alone."""

COUNTS: MappingProxyType[str, tuple[int, int | None]] = MappingProxyType(
    {
        **dict.fromkeys(("==", "!=", "===", "!==", ">", ">=", "in", "/", "%"), (2, 2)),
        **dict.fromkeys(("<", "<=", "substr"), (2, 3)),
        **dict.fromkeys(("!", "!!"), (1, 1)),
        **dict.fromkeys(("*", "min", "max"), (1, None)),
        **dict.fromkeys(("+", "cat", "merge"), (0, None)),
        "-": (1, 2),
    }
)
"""Fewest and most arguments of each operator; JavaScript would invent or drop the others."""
