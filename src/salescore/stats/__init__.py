"""
Statistics: one definition each, exact or to 28 digits, with the standard library alone.

`quantile` ranks values.
`wilson_interval` says how sure a rate is, `two_rates` whether two differ, `holm` what is left of
many such findings, `median_slope` how sure a trend is.
`rate_mix` says why a rate changed.
`kaplan_meier` and `aalen_johansen` say how long cases last and how they end while some are open,
`absorbing_chain` where a walk from stage to stage ends.
`brier_skill` says whether stated chances beat a base rate, `concordance` whether they sort.
"""

from salescore.stats._chain import AbsorbingChain, absorbing_chain
from salescore.stats._event_table import EventCounts, EventTable, event_table
from salescore.stats._incidence import IncidenceCurves, IncidenceStep, aalen_johansen
from salescore.stats._intervals import ConfidenceInterval, wilson_interval
from salescore.stats._normal import normal_quantile
from salescore.stats._quantiles import quantile
from salescore.stats._rate_mix import GroupEffect, GroupRate, RateMix, rate_mix
from salescore.stats._skill import BrierSkill, brier_score, brier_skill, concordance
from salescore.stats._slopes import Slope, fewest_points, median_slope
from salescore.stats._survival import SurvivalCurve, SurvivalStep, TimeQuantile, kaplan_meier
from salescore.stats._two_rates import RateDifference, holm, one_rate, two_rates

__all__ = [
    "AbsorbingChain",
    "BrierSkill",
    "ConfidenceInterval",
    "EventCounts",
    "EventTable",
    "GroupEffect",
    "GroupRate",
    "IncidenceCurves",
    "IncidenceStep",
    "RateDifference",
    "RateMix",
    "Slope",
    "SurvivalCurve",
    "SurvivalStep",
    "TimeQuantile",
    "aalen_johansen",
    "absorbing_chain",
    "brier_score",
    "brier_skill",
    "concordance",
    "event_table",
    "fewest_points",
    "holm",
    "kaplan_meier",
    "median_slope",
    "normal_quantile",
    "one_rate",
    "quantile",
    "rate_mix",
    "two_rates",
    "wilson_interval",
]
