"""The catalogue: every figure that ships, as data."""

from __future__ import annotations

from salescore.errors import UnknownName
from salescore.metrics._cash_figures import CASH_FIGURES, DELIVERIES, TARGET_FIGURES
from salescore.metrics._conversion_figures import LEADS, STAGES
from salescore.metrics._figures import FigureDefinition
from salescore.metrics._funnel_figures import CYCLES, FUNNEL
from salescore.metrics._quantity_figures import CUSTOMERS, QUANTITIES

CATALOGUE: tuple[FigureDefinition, ...] = (
    *QUANTITIES,
    *CASH_FIGURES,
    *CUSTOMERS,
    *DELIVERIES,
    *LEADS,
    *FUNNEL,
    *CYCLES,
    *STAGES,
    *TARGET_FIGURES,
)
"""All figures that ship."""

_BY_NAME = {definition.name: definition for definition in CATALOGUE}


def find_figure(name: str | FigureDefinition) -> FigureDefinition:
    """
    Return the definition of a figure; a definition is its own.

    Raises:
        UnknownName: The catalogue has no such figure.
    """
    if isinstance(name, FigureDefinition):
        return name
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownName("figure", name, tuple(_BY_NAME)) from None
