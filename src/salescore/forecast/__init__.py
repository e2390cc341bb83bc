"""Forecasts as distributions: what may come, how likely, and how well such statements held."""

from salescore.forecast._backtest import LEVELS, Backtest, Method, backtest
from salescore.forecast._backtest_row import BacktestRow, Forecast
from salescore.forecast._backtest_scores import BacktestVerdict, Comparison, MethodScores
from salescore.forecast._calendar_adjustment import (
    CalendarAdjustment,
    RegressorEffect,
    calendar_adjustment,
    calendar_forecast,
)
from salescore.forecast._calendar_effect import (
    CalendarEffect,
    QuarterPart,
    QuarterPosition,
    calendar_effect,
)
from salescore.forecast._calibration import (
    ChanceBacktest,
    ChanceMethod,
    StatedChance,
    StatedChances,
    chance_backtest,
)
from salescore.forecast._calibration_scores import BASE_RATE, ChanceRow, ChanceScores
from salescore.forecast._combination import Combination, JoinedBy
from salescore.forecast._conformal import ResidualPool, residual_pool
from salescore.forecast._croston import Croston
from salescore.forecast._distribution import Band, Distribution
from salescore.forecast._distribution_json import (
    DISTRIBUTION_SCHEMA,
    distribution_from_data,
    distribution_to_data,
)
from salescore.forecast._distribution_text import QuantileRow
from salescore.forecast._ended import open_base_rate
from salescore.forecast._hierarchy import Hierarchy
from salescore.forecast._holt_winters import HoltWinters
from salescore.forecast._judgement import AppliedJudgement, IgnoredJudgement, Judgement
from salescore.forecast._leak import Leak, LeakReport, leak_probe
from salescore.forecast._leak_altered import Alteration
from salescore.forecast._market import MarketTrend, with_market
from salescore.forecast._naive import Drift, Naive, RunRate, SeasonalNaive
from salescore.forecast._nowcast import Nowcast, nowcast, values_by_then
from salescore.forecast._open_orders import (
    OpenOrderForecast,
    OpenOrderPart,
    OpenOrderPeriod,
    OrderedLine,
    backlog_curves,
    open_order_forecast,
)
from salescore.forecast._past_errors import spread_by_errors, with_past_errors
from salescore.forecast._pipeline_ages import age_chances
from salescore.forecast._pipeline_amounts import (
    AmountRatios,
    WonAmount,
    WonAmounts,
    amount_ratios,
    amounts_won_before,
    stated_amounts,
)
from salescore.forecast._pipeline_categories import (
    FORECAST_CATEGORIES,
    CategoryRollUp,
    CategoryRow,
    ForecastCategory,
    category_roll_up,
    funnel_categories,
)
from salescore.forecast._pipeline_chain import TimedChain, stage_chances, timed_chain
from salescore.forecast._pipeline_chances import (
    Standing,
    WinChance,
    WinChances,
    overall_chances,
    stated_chances,
)
from salescore.forecast._pipeline_extra import ExtraPart, new_business, won_so_far
from salescore.forecast._pipeline_facts import pipeline_forecast_reductions
from salescore.forecast._pipeline_forecast import ForecastPart, PipelineForecast, pipeline_forecast
from salescore.forecast._pipeline_slices import ForecastSlice, forecast_slices
from salescore.forecast._pipeline_snapshot import (
    ChanceSource,
    OpenOpportunity,
    PipelineSnapshot,
    pipeline_snapshot,
)
from salescore.forecast._pipeline_words import LeftOut
from salescore.forecast._reconcile import Reconciled, ReconciledRow, Reconciliation, reconcile
from salescore.forecast._reconcile_series import ReconciledSeries, reconcile_series
from salescore.forecast._regressors import MovingHoliday, Regressor, RegressorRole, WorkingDays
from salescore.forecast._sampled import Sampled, sampled_sum_of
from salescore.forecast._season import SeasonKind
from salescore.forecast._series import Series
from salescore.forecast._series_errors import ErrorSpread
from salescore.forecast._series_fit import SeriesFit, SeriesMethod
from salescore.forecast._series_forecast import (
    PeriodForecast,
    SeriesForecast,
    SeriesPart,
    Spread,
    series_forecast,
)
from salescore.forecast._series_method import series_method
from salescore.forecast._series_reductions import series_reductions
from salescore.forecast._series_slices import series_by
from salescore.forecast._slip import SlipHistory, slip_history
from salescore.forecast._smoothing import ExponentialSmoothing
from salescore.forecast._sums import mixture_of, poisson_binomial, sum_of
from salescore.forecast._theta import Theta
from salescore.forecast._unfinished import Unfinished, UnfinishedPeriod

__all__ = [
    "BASE_RATE",
    "DISTRIBUTION_SCHEMA",
    "FORECAST_CATEGORIES",
    "LEVELS",
    "Alteration",
    "AmountRatios",
    "AppliedJudgement",
    "Backtest",
    "BacktestRow",
    "BacktestVerdict",
    "Band",
    "CalendarAdjustment",
    "CalendarEffect",
    "CategoryRollUp",
    "CategoryRow",
    "ChanceBacktest",
    "ChanceMethod",
    "ChanceRow",
    "ChanceScores",
    "ChanceSource",
    "Combination",
    "Comparison",
    "Croston",
    "Distribution",
    "Drift",
    "ErrorSpread",
    "ExponentialSmoothing",
    "ExtraPart",
    "Forecast",
    "ForecastCategory",
    "ForecastPart",
    "ForecastSlice",
    "Hierarchy",
    "HoltWinters",
    "IgnoredJudgement",
    "JoinedBy",
    "Judgement",
    "Leak",
    "LeakReport",
    "LeftOut",
    "MarketTrend",
    "Method",
    "MethodScores",
    "MovingHoliday",
    "Naive",
    "Nowcast",
    "OpenOpportunity",
    "OpenOrderForecast",
    "OpenOrderPart",
    "OpenOrderPeriod",
    "OrderedLine",
    "PeriodForecast",
    "PipelineForecast",
    "PipelineSnapshot",
    "QuantileRow",
    "QuarterPart",
    "QuarterPosition",
    "Reconciled",
    "ReconciledRow",
    "ReconciledSeries",
    "Reconciliation",
    "Regressor",
    "RegressorEffect",
    "RegressorRole",
    "ResidualPool",
    "RunRate",
    "Sampled",
    "SeasonKind",
    "SeasonalNaive",
    "Series",
    "SeriesFit",
    "SeriesForecast",
    "SeriesMethod",
    "SeriesPart",
    "SlipHistory",
    "Spread",
    "Standing",
    "StatedChance",
    "StatedChances",
    "Theta",
    "TimedChain",
    "Unfinished",
    "UnfinishedPeriod",
    "WinChance",
    "WinChances",
    "WonAmount",
    "WonAmounts",
    "WorkingDays",
    "age_chances",
    "amount_ratios",
    "amounts_won_before",
    "backlog_curves",
    "backtest",
    "calendar_adjustment",
    "calendar_effect",
    "calendar_forecast",
    "category_roll_up",
    "chance_backtest",
    "distribution_from_data",
    "distribution_to_data",
    "forecast_slices",
    "funnel_categories",
    "leak_probe",
    "mixture_of",
    "new_business",
    "nowcast",
    "open_base_rate",
    "open_order_forecast",
    "overall_chances",
    "pipeline_forecast",
    "pipeline_forecast_reductions",
    "pipeline_snapshot",
    "poisson_binomial",
    "reconcile",
    "reconcile_series",
    "residual_pool",
    "sampled_sum_of",
    "series_by",
    "series_forecast",
    "series_method",
    "series_reductions",
    "slip_history",
    "spread_by_errors",
    "stage_chances",
    "stated_amounts",
    "stated_chances",
    "sum_of",
    "timed_chain",
    "values_by_then",
    "with_market",
    "with_past_errors",
    "won_so_far",
]
