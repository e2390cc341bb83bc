"""Sharing a whole number of units out by weights, so that the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import lcm

from salescore.errors import InvalidValue

_MAX_WEIGHT_EXPONENT = 100


def allocate(total: int, weights: Sequence[Decimal | int]) -> tuple[int, ...]:
    """
    Return whole parts of a whole total in proportion to weights, by largest remainder.

    Each part is first its exact share w ÷ Σw × total cut to a whole number; the units left over
    go one each to the parts with the largest remainders, ties to the earlier part. A negative
    total is shared as its absolute value is, with the sign put back.

    Args:
        total: Whole units, such as cents; may be 0 or negative.
        weights: At least one; `int` or finite `Decimal`, none negative, not all 0.

    Returns:
        One part per weight, in order; they sum to `total` exactly, and a weight of 0 gets 0.

    Raises:
        InvalidValue: If the total is not an `int`, or a weight or their sum is out of range.

    Examples:
        >>> allocate(100, [30, 20, 10])
        (50, 33, 17)

    Source:
        Largest remainder (Hamilton): M. L. Balinski and H. P. Young, *Fair Representation*, 2nd
        ed., 2001, ch. 2 and app. A; the tie rule is ours.
    """
    if type(total) is not int:
        raise InvalidValue("the total", total, "expected a whole number of units as an int")
    shares = _whole_weights(weights)
    whole = sum(shares)
    parts: list[int] = []
    remainders: list[int] = []
    for share in shares:
        part, remainder = divmod(abs(total) * share, whole)
        parts.append(part)
        remainders.append(remainder)
    left = abs(total) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
    for position in by_remainder[:left]:
        parts[position] += 1
    return tuple(parts) if total >= 0 else tuple(-part for part in parts)


def _whole_weights(weights: Sequence[Decimal | int]) -> list[int]:
    """Return whole numbers in the same proportion as the weights, refusing what is no weight."""
    ratios = [_ratio(weight) for weight in weights]
    if not any(numerator for numerator, _ in ratios):
        fault = "at least one weight must be above 0"
        raise InvalidValue("the weights", tuple(weights), fault)
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def _ratio(weight: Decimal | int) -> tuple[int, int]:
    """Return a weight as a ratio of two whole numbers."""
    if type(weight) is int:
        if weight < 0:
            raise InvalidValue("a weight", weight, "it must not be negative")
        return weight, 1
    if type(weight) is not Decimal:
        raise InvalidValue("a weight", weight, "expected an int or a Decimal")
    exponent = weight.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or max(abs(exponent), weight.adjusted()) > _MAX_WEIGHT_EXPONENT
    ):
        raise InvalidValue("a weight", weight, "it must be finite and of a sensible size")
    if weight < 0:
        raise InvalidValue("a weight", weight, "it must not be negative")
    return weight.as_integer_ratio()
