"""
Metrics: measures, reductions and figures.

A *measure* is an expression over a fact table and an aggregate.
A *reduction* brings measures together by keys; any engine may run it.
A *figure* joins measures to a number that carries what it is made of.
`CATALOGUE` holds every figure that ships.
"""

from salescore.metrics._abc import ABC_CUTS, Abc, AbcClass, AbcItem, Cut, abc
from salescore.metrics._catalogue import CATALOGUE, find_figure
from salescore.metrics._compare import Comparison, compare
from salescore.metrics._compute import dimensions_of, figure, figures, slices, slices_of
from salescore.metrics._dimensions import DIMENSIONS, Dimension, find_dimension
from salescore.metrics._figures import (
    FRACTION,
    MONEY,
    Exclusion,
    Figure,
    FigureDefinition,
    Part,
    Slice,
)
from salescore.metrics._measures import Aggregate, Measure, Reduction
from salescore.metrics._reduce import Reduced, reduce_rows
from salescore.metrics._trace import Contribution, rows_behind

__all__ = [
    "ABC_CUTS",
    "CATALOGUE",
    "DIMENSIONS",
    "FRACTION",
    "MONEY",
    "Abc",
    "AbcClass",
    "AbcItem",
    "Aggregate",
    "Comparison",
    "Contribution",
    "Cut",
    "Dimension",
    "Exclusion",
    "Figure",
    "FigureDefinition",
    "Measure",
    "Part",
    "Reduced",
    "Reduction",
    "Slice",
    "abc",
    "compare",
    "dimensions_of",
    "figure",
    "figures",
    "find_dimension",
    "find_figure",
    "reduce_rows",
    "rows_behind",
    "slices",
    "slices_of",
]
