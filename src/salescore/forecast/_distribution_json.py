"""Distributions as plain JSON data."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from salescore.errors import SalesCoreError
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import check_kind
from salescore.plain import Node

DISTRIBUTION_SCHEMA = "salescore/distribution/1"
"""What the key `schema` of a distribution says: name and version of its form, no JSON Schema."""

_DECIMAL = re.compile(r"-?[0-9]{1,61}(?:\.[0-9]{1,120})?")
_WHOLE = re.compile(r"[1-9][0-9]*+")
_FRACTION = re.compile(r"(-?)([0-9]++)(?:/([1-9][0-9]*+))?")
_DIRECT = 600
"""How many digits are read at once; Python refuses more than it is told to, 640 at the least."""


def distribution_to_data(distribution: Distribution) -> dict[str, object]:
    """
    Return a distribution as plain JSON data, in the form that `distribution_from_data` reads.

    Values and weights are texts of digits, so that no reader takes them for floating point; mean
    and variance of a grid are fractions, such as "7/3".

    Args:
        distribution: The distribution.
    """
    check_kind("distribution", distribution, Distribution, "a Distribution")
    found: dict[str, object] = {
        "schema": DISTRIBUTION_SCHEMA,
        "values": [f"{one:f}" for one in distribution.values],
        "weights": [_digits(one) for one in distribution.weights],
    }
    if distribution.step is not None:
        found["step"] = f"{distribution.step:f}"
    if distribution.moments is not None:
        mean, variance = distribution.moments
        found["mean"], found["variance"] = _fraction(mean), _fraction(variance)
    return found


def distribution_from_data(data: object, path: str = "distribution") -> Distribution:
    """
    Return the distribution that plain JSON data describe.

    Args:
        data: What `distribution_to_data` wrote.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    node = Node(data, path)
    required = ("schema", "values", "weights")
    keys = node.object((*required, "step", "mean", "variance"), required)
    keys["schema"].choice((DISTRIBUTION_SCHEMA,), "schema of a distribution")
    values = [_read_decimal(one) for one in keys["values"].items()]
    weights = [_read_whole(one) for one in keys["weights"].items()]
    step = _read_decimal(keys["step"]) if "step" in keys else None
    if ("mean" in keys) != ("variance" in keys):
        node.refuse("mean and variance stand there together, or neither")
    moments = None
    if "mean" in keys:
        moments = (_read_fraction(keys["mean"]), _read_fraction(keys["variance"]))
    try:
        return Distribution(values=values, weights=weights, step=step, moments=moments)
    except SalesCoreError as error:
        node.refuse(str(error))


def _digits(count: int) -> str:
    # Python refuses to write out a whole number of more than 4,300 digits; a decimal it does.
    return f"{Decimal(count):f}"


def _fraction(value: Fraction) -> str:
    top = _digits(value.numerator)
    return top if value.denominator == 1 else f"{top}/{_digits(value.denominator)}"


def _read_decimal(node: Node) -> Decimal:
    text = node.text()
    if not _DECIMAL.fullmatch(text):
        node.refuse('expected a decimal in plain digits, such as "12.5"')
    return Decimal(text)


def _read_whole(node: Node) -> int:
    text = node.text()
    if not _WHOLE.fullmatch(text):
        node.refuse("expected a whole number from 1 on, as a text")
    return _counted(text)


def _counted(digits: str) -> int:
    """Return the whole number of a text of digits; of a long one by its halves, which is quick."""
    if len(digits) <= _DIRECT:
        return int(digits)
    low = len(digits) // 2
    return _counted(digits[:-low]) * int(10**low) + _counted(digits[-low:])


def _read_fraction(node: Node) -> Fraction:
    found = _FRACTION.fullmatch(node.text())
    if found is None:
        node.refuse('expected a fraction, such as "7/3"')
    sign, top, bottom = found.groups(default="1")
    counted = Fraction(_counted(top), _counted(bottom))
    return -counted if sign == "-" else counted
