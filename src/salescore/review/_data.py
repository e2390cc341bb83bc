"""A review as plain data, in the shape that `docs/reference/review-json` describes."""

from __future__ import annotations

from salescore.metrics import Abc, Attainment, Comparison, Slice, Trend
from salescore.render import Language
from salescore.review._data_parts import decimal_text, excluded_data, interval_data, number_data
from salescore.review._grades_data import grades_data
from salescore.review._process_data import process_data
from salescore.review._review import Review
from salescore.values import Change

SCHEMA = "salescore/review/1"


def review_data(review: Review, language: Language = Language.EN) -> dict[str, object]:
    """
    Return a review as plain JSON data; decimals are text, what is undefined is null with a reason.

    Args:
        review: The review.
        language: Language of the labels; names and keys are the same in every language.
    """
    slices: dict[str, dict[str, object]] = {}
    for figure, dimension, found in review.slices:
        slices.setdefault(figure, {})[dimension] = [_slice(one) for one in found]
    return {
        "schema": SCHEMA,
        "as_of": None if review.as_of is None else review.as_of.isoformat(),
        "period": review.period.key,
        "calendar": review.calendar,
        "currency": review.currency,
        "rate_policy": review.rate_policy,
        "revenue_basis": review.basis,
        "figures": {one.definition.name: _comparison(one, language) for one in review.comparisons},
        "slices": slices,
        "attainment": [_attainment(one) for one in review.attainments],
        "trends": [_trend(one) for one in review.trends],
        "abc": _abc(review.abc_figure, review.abc),
        "grading": [grades_data(one, language) for one in review.grades],
        "segments": [
            {
                "key": one.segment.key,
                "label": language.pick(one.segment.labels),
                "customers": list(one.members),
                "unknown": list(one.unknown),
            }
            for one in review.segments
        ],
        "process": None if review.process is None else process_data(review.process, language),
        "findings": [finding.as_data() for finding in review.findings],
        "notes": list(review.notes),
    }


def _comparison(one: Comparison, language: Language) -> dict[str, object]:
    return {
        "label": language.pick(one.definition.labels),
        **number_data(one.figure),
        "unit": one.figure.unit,
        "additive": one.figure.is_additive,
        "previous": None if one.previous is None else decimal_text(one.previous.value),
        "year_ago": None if one.year_ago is None else decimal_text(one.year_ago.value),
        "reason": one.figure.reason,
        "interval": interval_data(one.figure.interval),
        "since_previous": None if one.since_previous is None else _change(one.since_previous),
        "since_year_ago": None if one.since_year_ago is None else _change(one.since_year_ago),
        "excluded": excluded_data(one.figure.excluded),
    }


def _attainment(one: Attainment) -> dict[str, object]:
    return {
        "target_id": one.target_id,
        "name": one.name,
        "figure": one.figure,
        "period": None if one.during is None else one.during.key,
        "level": one.level,
        "scope": dict(one.scope),
        "target": decimal_text(one.target),
        "actual": None if one.actual is None else decimal_text(one.actual.value),
        "unit": None if one.actual is None else one.actual.unit,
        "value": decimal_text(one.value),
        "gap": decimal_text(one.gap),
        "band": one.band,
        "lower_is_better": one.is_lower_better,
        "reason": one.reason,
        "excluded": excluded_data(one.excluded),
    }


def _trend(one: Trend) -> dict[str, object]:
    return {
        "figure": one.name,
        "unit": one.unit.value,
        "points": [
            {
                "period": point.during.key,
                "value": decimal_text(point.figure.value),
                "finished": point.is_finished,
                "reason": point.figure.reason,
            }
            for point in one.points
        ],
        "slope": decimal_text(one.slope),
        "interval": interval_data(one.interval),
        "tendency": None if one.tendency is None else one.tendency.value,
        "n": one.n,
        "reason": one.reason,
    }


def _slice(one: Slice) -> dict[str, object]:
    found: dict[str, object] = {"key": one.key, "label": one.label, **number_data(one.figure)}
    if one.figure.reason is not None:
        found["reason"] = one.figure.reason
    if one.figure.interval is not None:
        found["interval"] = interval_data(one.figure.interval)
    return found


def _change(change: Change) -> dict[str, object]:
    return {"kind": change.kind.value, "value": decimal_text(change.value), "reason": change.reason}


def _abc(figure: str | None, found: Abc | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "figure": figure,
        "dimension": "customer",
        "total": decimal_text(found.total),
        "left_out": found.left_out,
        "reason": found.reason,
        "classes": [
            {
                "grade": one.grade,
                "n": one.n,
                "value": decimal_text(one.value),
                "share": decimal_text(one.share),
            }
            for one in found.classes
        ],
        "items": [
            {
                "key": item.key,
                "label": item.label,
                "value": decimal_text(item.value),
                "share": decimal_text(item.share),
                "share_before": decimal_text(item.share_before),
                "grade": item.grade,
            }
            for item in found.items
        ],
    }
