"""
Statistics: one definition each, exact or to 28 digits, with the standard library alone.

`quantile` ranks values.
`wilson_interval` says how sure a rate is, `median_slope` how sure a trend.
`brier_skill` says whether stated chances beat a base rate, `concordance` whether they sort.
"""

from salescore.stats._intervals import ConfidenceInterval, wilson_interval
from salescore.stats._normal import normal_quantile
from salescore.stats._quantiles import quantile
from salescore.stats._skill import BrierSkill, brier_score, brier_skill, concordance
from salescore.stats._slopes import Slope, fewest_points, median_slope

__all__ = [
    "BrierSkill",
    "ConfidenceInterval",
    "Slope",
    "brier_score",
    "brier_skill",
    "concordance",
    "fewest_points",
    "median_slope",
    "normal_quantile",
    "quantile",
    "wilson_interval",
]
