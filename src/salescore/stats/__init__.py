"""
Statistics: one definition each, exact or to 28 digits, with the standard library alone.

`quantile` ranks values.
`wilson_interval` says how sure a rate is, `two_rates` whether two differ, `holm` what is left of
many such findings, `median_slope` how sure a trend is.
`rate_mix` says why a rate changed.
`kaplan_meier` and `aalen_johansen` say how long cases last and how they end while some are open,
`absorbing_chain` where a walk from stage to stage ends.
`brier_skill` says whether stated chances beat a base rate, `concordance` whether they sort,
`brier_parts` whether they are honest; `log_score`, `crps`, `pinball_loss` and `interval_score`
price further statements, `coverage` and `pit_histogram` say whether they kept what they promised,
`mean_estimate` how sure a mean difference is.
`forecast_accuracy` says how far forecasts were off, `conformal_interval` how far the next may be.
`minimum` and `line_minimum` find where a function of floats is least.
`gamma_step` and `hypergeometric` are special functions of floats.
"""

from salescore.stats._accuracy import Accuracy, forecast_accuracy
from salescore.stats._brier_parts import TENTHS, BrierParts, CalibrationRow, brier_parts
from salescore.stats._chain import AbsorbingChain, absorbing_chain
from salescore.stats._conformal import conformal_interval, conformal_places
from salescore.stats._coverage import Coverage, PitHistogram, coverage, pit_histogram
from salescore.stats._event_table import EventCounts, EventTable, event_table
from salescore.stats._incidence import IncidenceCurves, IncidenceStep, aalen_johansen
from salescore.stats._intervals import ConfidenceInterval, wilson_interval
from salescore.stats._mean_estimate import MeanEstimate, mean_estimate
from salescore.stats._minimum import Minimum, line_minimum, minimum
from salescore.stats._normal import normal_quantile
from salescore.stats._normal_loss import normal_chance, normal_loss
from salescore.stats._quantiles import quantile
from salescore.stats._rate_mix import GroupEffect, GroupRate, RateMix, rate_mix
from salescore.stats._scoring import (
    LogScore,
    crps,
    interval_score,
    log_score,
    normal_crps,
    pinball_loss,
    pit_range,
)
from salescore.stats._skill import BrierSkill, brier_score, brier_skill, concordance
from salescore.stats._slopes import Slope, fewest_points, median_slope
from salescore.stats._special import gamma_step, hypergeometric
from salescore.stats._student import student_bound
from salescore.stats._survival import SurvivalCurve, SurvivalStep, TimeQuantile, kaplan_meier
from salescore.stats._two_rates import RateDifference, holm, one_rate, two_rates

__all__ = [
    "TENTHS",
    "AbsorbingChain",
    "Accuracy",
    "BrierParts",
    "BrierSkill",
    "CalibrationRow",
    "ConfidenceInterval",
    "Coverage",
    "EventCounts",
    "EventTable",
    "GroupEffect",
    "GroupRate",
    "IncidenceCurves",
    "IncidenceStep",
    "LogScore",
    "MeanEstimate",
    "Minimum",
    "PitHistogram",
    "RateDifference",
    "RateMix",
    "Slope",
    "SurvivalCurve",
    "SurvivalStep",
    "TimeQuantile",
    "aalen_johansen",
    "absorbing_chain",
    "brier_parts",
    "brier_score",
    "brier_skill",
    "concordance",
    "conformal_interval",
    "conformal_places",
    "coverage",
    "crps",
    "event_table",
    "fewest_points",
    "forecast_accuracy",
    "gamma_step",
    "holm",
    "hypergeometric",
    "interval_score",
    "kaplan_meier",
    "line_minimum",
    "log_score",
    "mean_estimate",
    "median_slope",
    "minimum",
    "normal_chance",
    "normal_crps",
    "normal_loss",
    "normal_quantile",
    "one_rate",
    "pinball_loss",
    "pit_histogram",
    "pit_range",
    "quantile",
    "rate_mix",
    "student_bound",
    "two_rates",
    "wilson_interval",
]
