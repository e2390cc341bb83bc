"""What the parts of a distribution must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import TypeVar, cast

from salescore.errors import InvalidValue
from salescore.forecast._numbers import as_decimal, finite, short

T = TypeVar("T")
U = TypeVar("U")
_PAIR = 2


def check_kind(thing: str, found: object, kind: type, wanted: str) -> None:
    """Refuse what is not of a kind, and say what was wanted instead."""
    if not isinstance(found, kind):
        raise InvalidValue(thing, found, f"expected {wanted}, not {_named(found)}")


def listed(thing: str, found: Iterable[T], wanted: str) -> tuple[T, ...]:
    """Return several things as a tuple; refuse a single one, and a text, which is many letters."""
    whole = cast("object", found)
    if type(whole) is tuple:
        return cast("tuple[T, ...]", found)
    if isinstance(whole, str | bytes) or not isinstance(whole, Iterable):
        raise InvalidValue(thing, found, f"expected several {wanted}, not {_named(found)}")
    return tuple(found)


def paired(thing: str, found: Iterable[tuple[T, U]], wanted: str) -> tuple[tuple[T, U], ...]:
    """Return pairs as a tuple; refuse what is no pair, and a mapping, which gives keys alone."""
    if isinstance(cast("object", found), Mapping):
        raise InvalidValue(thing, found, f"expected pairs of {wanted}, as its .items() gives")
    several = listed(thing, found, f"pairs of {wanted}")
    for one in several:
        other = cast("object", one)
        if not isinstance(other, tuple | list) or len(one) != _PAIR:
            raise InvalidValue(thing, one, f"expected a pair of {wanted}")
    return several


def check_weight(value: Decimal, weight: object) -> None:
    """Refuse a weight that is no whole number or fraction from 0 on."""
    if isinstance(weight, bool) or not isinstance(weight, int | Fraction):
        fault = f"that of {short(value)} is a whole number or a Fraction, not {_named(weight)}"
        raise InvalidValue("weight", weight, fault)
    if weight < 0:
        fault = f"that of {short(value)} is below 0"
        raise InvalidValue("weight", as_decimal(Fraction(weight)), fault)


def _named(found: object) -> str:
    name = type(found).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def as_values(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return values as a tuple."""
    return listed("values of a distribution", values, "decimals")


def lowest_terms(weights: Iterable[int]) -> tuple[int, ...]:
    """Return whole numbers without their common divisor; anything else as it is."""
    found = listed("weights of a distribution", weights, "whole numbers")
    if not found or any(type(one) is not int for one in found):
        return found
    shared = gcd(*found)
    return found if shared <= 1 else tuple([one // shared for one in found])


def check_values(values: Sequence[Decimal]) -> None:
    """Refuse values that are not finite or not in ascending order, and none at all."""
    if not values:
        raise InvalidValue("values of a distribution", values, "there is no value")
    for one in values:
        finite(one)
    for first, second in pairwise(values):
        if not first < second:
            fault = "each is larger than the one before it"
            raise InvalidValue("values of a distribution", short(second), fault)


def check_weights(weights: Sequence[int], count: int) -> None:
    """Refuse weights that are not whole numbers from 1 on, as many as there are values."""
    if len(weights) != count:
        fault = f"there are {count} values and {len(weights)} weights"
        raise InvalidValue("weights of a distribution", len(weights), fault)
    for one in weights:
        if type(one) is not int or one < 1:
            raise InvalidValue("weight", one, "a weight is a whole number from 1 on")


def check_grid(
    values: Sequence[Decimal], step: Decimal | None, moments: tuple[Fraction, Fraction] | None
) -> None:
    """Refuse a step that is none, and moments that no distribution on these values has."""
    if step is not None and finite(step) <= 0:
        raise InvalidValue("step of a distribution", step, "it is above 0, or None where exact")
    if moments is None:
        return
    pair = cast("object", moments)
    if not isinstance(pair, tuple) or [type(one) for one in moments] != [Fraction, Fraction]:
        fault = "expected two of the type Fraction, mean and variance"
        raise InvalidValue("moments", moments, fault)
    mean, variance = moments
    shown = f"{short(as_decimal(mean))}, {short(as_decimal(variance))}"
    if step is None:
        fault = "an exact distribution has those of its values; state a step, or leave them out"
        raise InvalidValue("moments", shown, fault)
    first, last = Fraction(values[0]) - Fraction(step), Fraction(values[-1]) + Fraction(step)
    if not first <= mean <= last or variance < 0:
        fault = f"the mean lies from {short(values[0])} to {short(values[-1])}"
        raise InvalidValue("moments", shown, f"{fault}, the variance from 0")
