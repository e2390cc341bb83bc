"""
Metrics: measures, reductions and figures.

A *measure* is an expression over a fact table and an aggregate.
A *reduction* brings measures together by keys; any engine may run it.
A *figure* joins measures to a number that carries what it is made of.
`CATALOGUE` holds every figure that ships.
`attainment` sets figures beside targets, `trend` sees them over time.
`abc` and `rfm` sort customers by what they bring.
"""

from salescore.metrics._abc import ABC_CUTS, LAST_CLASS, Abc, AbcClass, AbcItem, Cut, abc, abc_of
from salescore.metrics._attainment import (
    BANDS,
    NEEDS_ANALYSIS,
    Attainment,
    Band,
    attainment,
    band_of,
)
from salescore.metrics._catalogue import CATALOGUE, find_figure
from salescore.metrics._compare import Comparison, compare
from salescore.metrics._compute import (
    dimensions_of,
    figure,
    figures,
    slices,
    slices_by_each,
    slices_of,
)
from salescore.metrics._dimensions import (
    DIMENSIONS,
    Dimension,
    custom_dimensions,
    find_dimension,
)
from salescore.metrics._figures import (
    FRACTION,
    MONEY,
    Exclusion,
    Figure,
    FigureDefinition,
    Part,
    Slice,
)
from salescore.metrics._formula import formula_sides, formula_text
from salescore.metrics._left_out import exclusions_of, unknown_value
from salescore.metrics._measures import Aggregate, Measure, Reduction
from salescore.metrics._reduce import Reduced, reduce_rows
from salescore.metrics._rfm import IS_PURCHASE, RfmInput, RfmScore, rfm, rfm_cuts, rfm_inputs
from salescore.metrics._rfm_schemes import (
    MidRanks,
    QuantileCuts,
    RfmCuts,
    RfmScheme,
    Thresholds,
    rfm_scheme_from_data,
)
from salescore.metrics._rfm_segments import (
    OTHER_SEGMENT,
    RFM_SEGMENTS,
    SegmentBounds,
    rfm_segment,
)
from salescore.metrics._shares import OTHERS_LABELS, Share, Top, shares, top
from salescore.metrics._source import AnyFacts, FactsSource, FigureSource, source_of
from salescore.metrics._trace import Contribution, rows_behind
from salescore.metrics._trend import Tendency, Trend, TrendPoint, trend

__all__ = [
    "ABC_CUTS",
    "BANDS",
    "CATALOGUE",
    "DIMENSIONS",
    "FRACTION",
    "IS_PURCHASE",
    "LAST_CLASS",
    "MONEY",
    "NEEDS_ANALYSIS",
    "OTHERS_LABELS",
    "OTHER_SEGMENT",
    "RFM_SEGMENTS",
    "Abc",
    "AbcClass",
    "AbcItem",
    "Aggregate",
    "AnyFacts",
    "Attainment",
    "Band",
    "Comparison",
    "Contribution",
    "Cut",
    "Dimension",
    "Exclusion",
    "FactsSource",
    "Figure",
    "FigureDefinition",
    "FigureSource",
    "Measure",
    "MidRanks",
    "Part",
    "QuantileCuts",
    "Reduced",
    "Reduction",
    "RfmCuts",
    "RfmInput",
    "RfmScheme",
    "RfmScore",
    "SegmentBounds",
    "Share",
    "Slice",
    "Tendency",
    "Thresholds",
    "Top",
    "Trend",
    "TrendPoint",
    "abc",
    "abc_of",
    "attainment",
    "band_of",
    "compare",
    "custom_dimensions",
    "dimensions_of",
    "exclusions_of",
    "figure",
    "figures",
    "find_dimension",
    "find_figure",
    "formula_sides",
    "formula_text",
    "reduce_rows",
    "rfm",
    "rfm_cuts",
    "rfm_inputs",
    "rfm_scheme_from_data",
    "rfm_segment",
    "rows_behind",
    "shares",
    "slices",
    "slices_by_each",
    "slices_of",
    "source_of",
    "top",
    "trend",
    "unknown_value",
]
