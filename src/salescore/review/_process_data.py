"""The sales process of a review as plain data."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from salescore.funnel import Funnel, due_words
from salescore.metrics import Figure
from salescore.pipeline import (
    CohortConversion,
    Losses,
    LossRow,
    RepRow,
    Slippage,
    StageGap,
    StageTime,
    StageTimes,
    StaleOpportunity,
    Velocity,
    stale_words,
)
from salescore.render import Language
from salescore.review._data_parts import decimal_text, excluded_data, interval_data, number_data
from salescore.review._process import DueSale, DueState, FunnelReview, ProcessReview
from salescore.stats import TimeQuantile

MOST_ROWS = 100
"""Rows of a list that may be long; how many it leaves out stands beside it."""


def process_data(one: ProcessReview, language: Language) -> dict[str, object]:
    """
    Return what is told of the sales process as plain JSON data.

    Args:
        one: What is told.
        language: Language of the labels and reasons.
    """
    return {
        "as_of": one.as_of.isoformat(),
        "no_funnel": one.no_funnel,
        "funnels": [_funnel(funnel, language) for funnel in one.funnels],
        "time_in_stage": [_times(times, language) for times in one.times],
        "losses": _losses(one.losses),
        "slippage": {
            "open": _slippage(one.open_slippage.total),
            "closed": _slippage(one.closed_slippage.total),
        },
        "velocity": _velocity(one.velocity),
        "stale": _stale(one, language),
        "reps": {
            "by": one.reps.by,
            "level": decimal_text(one.reps.level),
            "least_closed": one.reps.least_closed,
            "rows": [_rep(row, language) for row in one.reps.rows],
            "excluded": excluded_data(one.reps.excluded),
        },
    }


def _funnel(one: FunnelReview, language: Language) -> dict[str, object]:
    costs, before, until = one.bottlenecks, one.compared_with, one.compared_until
    last = one.ways.stages[-1]
    return {
        "name": one.funnel.name,
        "version": one.funnel.version,
        "label": language.pick(one.funnel.labels),
        "stages": [
            *(_conversion(each, one.label(each.source, language)) for each in one.conversions),
            {"key": last, "label": one.label(last, language), "n": one.last_reached},
        ],
        "excluded": excluded_data(one.ways.excluded),
        "bottleneck": {
            "compared_with": None if before is None else before.key,
            "compared_until": None if until is None else until.isoformat(),
            "reason": None if costs is not None else "nothing lies before the period",
            "worst": None if costs is None or costs.worst is None else costs.worst.stage,
            "rows": [] if costs is None else [_gap(row) for row in costs.rows],
        },
        "due": _dues(one, language),
    }


def _conversion(one: CohortConversion, label: str) -> dict[str, object]:
    return {
        "key": one.source,
        "label": label,
        "n": one.n,
        "target": one.target,
        "converted": one.converted,
        "given_up": one.given_up,
        "open": one.open,
        "value": decimal_text(one.value),
        "reason": one.figure.reason,
        "interval": interval_data(one.interval),
    }


def _gap(one: StageGap) -> dict[str, object]:
    return {
        "key": one.stage,
        "target": one.target,
        "n": one.conversion.n,
        "value": decimal_text(one.conversion.value),
        "benchmark": decimal_text(one.benchmark),
        "benchmark_n": one.benchmark_n,
        "gap": decimal_text(one.gap),
        "lost_wins": decimal_text(one.lost_wins),
        "interval": interval_data(one.interval),
        "adjusted_p_value": decimal_text(one.adjusted_p_value),
        "real": one.is_real,
        "reason": one.reason,
    }


def _dues(one: FunnelReview, language: Language) -> dict[str, object]:
    states = Counter(sale.state for sale in one.dues)
    listed = one.of_state(DueState.OVERDUE, DueState.TODAY, DueState.UNKNOWN)
    return {
        "reason": None if one.has_limits else f"no stage of {one.funnel.title} has a service limit",
        **{state.value: states[state] for state in DueState},
        "rows": [_due(sale, one, language) for sale in listed[:MOST_ROWS]],
        "left_out": len(listed[MOST_ROWS:]),
    }


def _due(sale: DueSale, of: FunnelReview, language: Language) -> dict[str, object]:
    one = sale.due
    return {
        "key": one.opportunity_id,
        "label": sale.name,
        "rep": sale.rep_id,
        "stage": one.stage.key,
        "stage_label": of.label(one.stage.key, language),
        "entered_on": one.entered_at.date().isoformat(),
        "state": sale.state.value,
        "due_on": None if sale.due_on is None else sale.due_on.isoformat(),
        "overdue_hours": _hours(one.overdue),
        "no_due": None if one.no_due is None else one.no_due.value,
        "why": due_words(one, language),
    }


def _hours(span: timedelta | None) -> str | None:
    """Return whole minutes as hours, to two digits."""
    if span is None:
        return None
    return format((Decimal(span // timedelta(minutes=1)) / 60).quantize(Decimal("0.01")), "f")


def _times(times: StageTimes, language: Language) -> dict[str, object]:
    return {
        "reason": times.lack,
        "rows": [_time(one, language) for one in times.stages],
        "excluded": excluded_data(times.excluded),
    }


def _time(one: StageTime, language: Language) -> dict[str, object]:
    return {
        "funnel": one.stage.funnel or None,
        "key": one.stage.stage,
        "label": language.pick(one.names),
        "hold": one.stage.is_hold,
        "n": one.n,
        "running": one.running,
        "lower_quartile": _quantile(one.lower_quartile),
        "median": _quantile(one.median),
        "upper_quartile": _quantile(one.upper_quartile),
        "longest": one.longest,
        "reason": None if one.n else "no stays",
    }


def _quantile(one: TimeQuantile) -> dict[str, object]:
    return {
        "days": decimal_text(one.time),
        "low": decimal_text(one.low),
        "high": decimal_text(one.high),
    }


def _losses(one: Losses) -> dict[str, object]:
    return {
        "n": one.n,
        "amount": decimal_text(one.amount),
        "unpriced": one.unpriced,
        "reason": one.reason,
        "rows": [_loss(row) for row in one.rows[:MOST_ROWS]],
        "left_out": len(one.rows[MOST_ROWS:]),
        "excluded": excluded_data(one.excluded),
    }


def _loss(one: LossRow) -> dict[str, object]:
    return {
        "stage": one.stage,
        "loss_reason": one.loss_reason,
        "n": one.n,
        "share": decimal_text(one.share),
        "amount": decimal_text(one.amount),
        "amount_share": decimal_text(one.amount_share),
        "unpriced": one.unpriced,
    }


def _slippage(one: Slippage) -> dict[str, object]:
    return {
        "n": one.pushed_share.n,
        "pushed": one.pushed,
        "value": decimal_text(one.pushed_share.value),
        "reason": one.pushed_share.reason,
        "interval": interval_data(one.pushed_share.interval),
        "pushes": one.pushes,
        "pushed_days": decimal_text(one.pushed_days),
        "past_due": one.past_due,
        "past_due_amount": decimal_text(one.past_due_amount),
        "past_due_unpriced": one.past_due_unpriced,
        "excluded": excluded_data(one.pushed_share.excluded),
    }


def _velocity(one: Velocity) -> dict[str, object]:
    return {
        "value": decimal_text(one.value),
        "unit": one.unit,
        "reason": one.reason,
        "parts": {part.name: _part(part) for part in one.parts},
    }


def _part(one: Figure) -> dict[str, object]:
    return {**number_data(one), "unit": one.unit, "reason": one.reason}


def _stale(of: ProcessReview, language: Language) -> dict[str, object]:
    one = of.stale
    # Whose stages opportunities are in is known where there is one funnel alone.
    funnel = of.funnels[0].funnel if len(of.funnels) == 1 else None
    codes = Counter(reason.code.value for row in one.rows for reason in row.reasons)
    return {
        "open": one.n,
        "n": len(one.rows),
        "by_reason": dict(sorted(codes.items())),
        "rows": [_stale_row(row, funnel, language) for row in one.rows[:MOST_ROWS]],
        "left_out": len(one.rows[MOST_ROWS:]),
        "limits": [
            {
                "funnel": limit.funnel,
                "stage": limit.stage,
                "days": decimal_text(limit.limit),
                "n": limit.n,
            }
            for limit in one.precedents
        ],
        "reason": one.lack,
        "notes": list(one.notes),
        "excluded": excluded_data(one.excluded),
    }


def _stale_row(
    one: StaleOpportunity, funnel: Funnel | None, language: Language
) -> dict[str, object]:
    due, last = one.expected_close_on, one.last_activity_on
    return {
        "key": one.id,
        "label": one.name,
        "stage": one.stage,
        "rep": one.rep_id,
        "customer": one.customer_id,
        "amount": decimal_text(one.amount),
        "age_days": one.age_days,
        "stage_days": one.stage_days,
        "expected_close_on": None if due is None else due.isoformat(),
        "last_activity_on": None if last is None else last.isoformat(),
        "reasons": [
            {
                "code": reason.code.value,
                "days": reason.days,
                "limit": decimal_text(reason.limit),
                "text": stale_words(reason, language, funnel=funnel),
            }
            for reason in one.reasons
        ],
    }


def _rep(one: RepRow, language: Language) -> dict[str, object]:
    difference = one.difference
    return {
        "key": one.key,
        "label": one.label,
        "won": one.won,
        "closed": one.closed,
        "value": decimal_text(one.win_rate),
        "interval": interval_data(one.interval),
        "others": decimal_text(one.others_rate),
        "difference": None if difference is None else decimal_text(difference.difference),
        "adjusted_p_value": decimal_text(one.adjusted_p_value),
        "verdict": one.verdict.value,
        "verdict_label": one.verdict.words(language),
    }
