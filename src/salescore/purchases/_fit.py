"""What a fit tells beside the model that it found, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import exp, inf, log
from typing import Generic, TypeVar

import attrs

from salescore.plain import as_tuple
from salescore.purchases._numbers import above_zero, as_number
from salescore.purchases._words import NOT_AT_REST, ON_FEW, RAN_AWAY, Words, filled
from salescore.stats import minimum

M = TypeVar("M")

FEW = 50
"""Below so many customers a fit says that it rests on few."""

_LOWEST, _HIGHEST = 1e-6, 1e6
"""Bounds of a parameter relative to its start; beyond them it says only that it runs away."""
_STRETCH = 5.0
"""The search takes steps of a tenth, so half a unit of the logarithm."""
_TOLERANCE = 1e-11
_LIMIT = 6000


@attrs.frozen(kw_only=True)
class Fit(Generic[M]):
    """
    A model fitted by maximum likelihood, and how far to trust it.

    Attributes:
        model: The model with its parameters.
        log_likelihood: Natural logarithm of the likelihood of what was seen.
        is_converged: Whether the search came to rest; if not, the parameters are provisional.
        customers: How many customers, or contracts, it rests on.
        informative: How many of them tell the model apart: those who bought again, or contracts
            that ended.
        notes: What makes it mislead, if anything, in English and Chinese.
    """

    model: M
    log_likelihood: Decimal
    is_converged: bool
    customers: int
    informative: int
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)


@attrs.frozen(kw_only=True)
class Found:
    """
    Parameters above 0 at which a likelihood is greatest.

    Attributes:
        parameters: In the order of the starts.
        log_likelihood: There.
        is_converged: Whether the search came to rest.
        runaways: Names of parameters that ran to a bound.
    """

    parameters: tuple[float, ...]
    log_likelihood: float
    is_converged: bool
    runaways: tuple[str, ...]


def greatest(log_likelihood: Callable[[Sequence[float]], float], starts: dict[str, float]) -> Found:
    """
    Return the parameters at which a log-likelihood is greatest.

    Parameters are searched by their logarithm relative to the start, so a unit of time or money
    changes nothing but the parameter that carries it.

    Args:
        log_likelihood: Of parameters above 0.
        starts: Where to begin, by name of the parameter.
    """
    names, origin = list(starts), list(starts.values())
    low, high = log(_LOWEST), log(_HIGHEST)

    def negative(at: Sequence[float]) -> float:
        steps = [_STRETCH * one for one in at]
        if min(steps) < low or max(steps) > high:
            return inf
        return -log_likelihood([start * exp(one) for start, one in zip(origin, steps, strict=True)])

    found = minimum(negative, [0.0] * len(origin), tolerance=_TOLERANCE, limit=_LIMIT)
    steps = [_STRETCH * one for one in found.point]
    ways = list(zip(names, origin, steps, strict=True))
    return Found(
        parameters=tuple(start * exp(one) for _, start, one in ways),
        log_likelihood=-found.value,
        is_converged=found.is_converged,
        runaways=tuple(name for name, _, one in ways if min(one - low, high - one) < 1.0),
    )


def notes_of(found: Found, customers: int) -> list[Words]:
    """Return what any fit has to say of itself."""
    notes: list[Words] = []
    if not found.is_converged:
        notes.append(NOT_AT_REST)
    if found.runaways:
        notes.append(filled(RAN_AWAY, ", ".join(found.runaways)))
    if customers < FEW:
        notes.append(filled(ON_FEW, customers, FEW))
    return notes


def is_parameter(_instance: object, attribute: attrs.Attribute[Decimal], value: Decimal) -> None:
    """
    Refuse what is no parameter of a model, which is a decimal above 0.

    Raises:
        InvalidValue: It is none.
    """
    above_zero(attribute.name, value)


def as_parameters(found: Found) -> list[Decimal]:
    """Return the parameters found, as decimals of twelve digits."""
    return [as_number(one) for one in found.parameters]
