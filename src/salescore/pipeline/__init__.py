"""
The pipeline: figures of the funnel that need thought, out of small tables of counts.

`win_curves` says how likely an opportunity is to be won by its age, open ones counted as far as
they were seen; `stage_times` how long sales stay in each stage.
`funnel_chain` says what it comes to in the end where sales go from each stage.
`stale_opportunities` lists what is open without a precedent, overdue or left alone.
`passages` says how far each sale came; `cohort_conversion` and `bottlenecks` follow from it.
`losses`, `slippage`, `weighted_pipeline` and `velocity` say what was lost, pushed, is to come and
comes in; `mix_shift` says why a rate changed, `compare_reps` what of it is chance.
"""

from salescore.pipeline._bottleneck import Bottlenecks, StageGap, bottlenecks
from salescore.pipeline._chain import ChainStage, Duration, FunnelChain, Move, funnel_chain
from salescore.pipeline._chance import Chance
from salescore.pipeline._close_dates import close_date_event
from salescore.pipeline._conversion import (
    CohortConversion,
    cohort_conversion,
    snapshot_ratio,
    stage_conversions,
    stage_counts,
)
from salescore.pipeline._cycle import SalesCycle
from salescore.pipeline._losses import Losses, LossRow, losses
from salescore.pipeline._mix_shift import (
    MixRow,
    MixShift,
    conversion_mix_shift,
    mix_between,
    mix_shift,
)
from salescore.pipeline._passages import Passage, Passages, SkippedStages, passages
from salescore.pipeline._process_reductions import process_reductions
from salescore.pipeline._reps import LEAST_CLOSED, RepComparison, RepRow, RepVerdict, compare_reps
from salescore.pipeline._slicing import Since
from salescore.pipeline._slippage import Slippage, SlippageTable, slippage
from salescore.pipeline._stage_times import MeanTime, StageTime, StageTimes, stage_times
from salescore.pipeline._stale import (
    Precedent,
    StaleCode,
    StaleList,
    StaleOpportunity,
    StaleReason,
    stale_opportunities,
    stale_words,
)
from salescore.pipeline._velocity import Velocity, velocity, velocity_by
from salescore.pipeline._visited import VisitedStage
from salescore.pipeline._weighted_pipeline import PastDue, WeightedPipeline, weighted_pipeline
from salescore.pipeline._win_curves import WinCurve, WinCurves, WinShares, win_curves
from salescore.pipeline._win_policy import WinPolicy
from salescore.pipeline._win_rate_within import WinRateWithin, win_rate_within

__all__ = [
    "LEAST_CLOSED",
    "Bottlenecks",
    "ChainStage",
    "Chance",
    "CohortConversion",
    "Duration",
    "FunnelChain",
    "LossRow",
    "Losses",
    "MeanTime",
    "MixRow",
    "MixShift",
    "Move",
    "Passage",
    "Passages",
    "PastDue",
    "Precedent",
    "RepComparison",
    "RepRow",
    "RepVerdict",
    "SalesCycle",
    "Since",
    "SkippedStages",
    "Slippage",
    "SlippageTable",
    "StageGap",
    "StageTime",
    "StageTimes",
    "StaleCode",
    "StaleList",
    "StaleOpportunity",
    "StaleReason",
    "Velocity",
    "VisitedStage",
    "WeightedPipeline",
    "WinCurve",
    "WinCurves",
    "WinPolicy",
    "WinRateWithin",
    "WinShares",
    "bottlenecks",
    "close_date_event",
    "cohort_conversion",
    "compare_reps",
    "conversion_mix_shift",
    "funnel_chain",
    "losses",
    "mix_between",
    "mix_shift",
    "passages",
    "process_reductions",
    "slippage",
    "snapshot_ratio",
    "stage_conversions",
    "stage_counts",
    "stage_times",
    "stale_opportunities",
    "stale_words",
    "velocity",
    "velocity_by",
    "weighted_pipeline",
    "win_curves",
    "win_rate_within",
]
