"""A review as plain data, in the shape that `docs/reference/review-json` describes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from salescore.metrics import Abc, Attainment, Comparison, Exclusion, Figure, Slice, Trend
from salescore.render import Language
from salescore.review._grades_data import grades_data
from salescore.review._review import Review
from salescore.stats import ConfidenceInterval
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
        "findings": [finding.as_data() for finding in review.findings],
        "notes": list(review.notes),
    }


def _comparison(one: Comparison, language: Language) -> dict[str, object]:
    return {
        "label": language.pick(one.definition.labels),
        **_number(one.figure),
        "unit": one.figure.unit,
        "additive": one.figure.is_additive,
        "previous": None if one.previous is None else _text(one.previous.value),
        "year_ago": None if one.year_ago is None else _text(one.year_ago.value),
        "reason": one.figure.reason,
        "interval": _interval(one.figure.interval),
        "since_previous": None if one.since_previous is None else _change(one.since_previous),
        "since_year_ago": None if one.since_year_ago is None else _change(one.since_year_ago),
        "excluded": _excluded(one.figure.excluded),
    }


def _attainment(one: Attainment) -> dict[str, object]:
    return {
        "target_id": one.target_id,
        "name": one.name,
        "figure": one.figure,
        "period": None if one.during is None else one.during.key,
        "level": one.level,
        "scope": dict(one.scope),
        "target": _text(one.target),
        "actual": None if one.actual is None else _text(one.actual.value),
        "unit": None if one.actual is None else one.actual.unit,
        "value": _text(one.value),
        "gap": _text(one.gap),
        "band": one.band,
        "lower_is_better": one.is_lower_better,
        "reason": one.reason,
        "excluded": _excluded(one.excluded),
    }


def _excluded(rows: tuple[Exclusion, ...]) -> list[dict[str, object]]:
    return [{"table": one.table, "reason": one.reason, "n": one.n} for one in rows]


def _trend(one: Trend) -> dict[str, object]:
    return {
        "figure": one.name,
        "unit": one.unit.value,
        "points": [
            {
                "period": point.during.key,
                "value": _text(point.figure.value),
                "finished": point.is_finished,
                "reason": point.figure.reason,
            }
            for point in one.points
        ],
        "slope": _text(one.slope),
        "interval": _interval(one.interval),
        "tendency": None if one.tendency is None else one.tendency.value,
        "n": one.n,
        "reason": one.reason,
    }


def _slice(one: Slice) -> dict[str, object]:
    found: dict[str, object] = {"key": one.key, "label": one.label, **_number(one.figure)}
    if one.figure.reason is not None:
        found["reason"] = one.figure.reason
    if one.figure.interval is not None:
        found["interval"] = _interval(one.figure.interval)
    return found


def _interval(found: ConfidenceInterval | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {"low": _text(found.low), "high": _text(found.high), "level": _text(found.level)}


def _number(figure: Figure) -> Mapping[str, object]:
    return {
        "value": _text(figure.value),
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "n": figure.n,
    }


def _change(change: Change) -> dict[str, object]:
    return {"kind": change.kind.value, "value": _text(change.value), "reason": change.reason}


def _abc(figure: str | None, found: Abc | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "figure": figure,
        "dimension": "customer",
        "total": _text(found.total),
        "left_out": found.left_out,
        "reason": found.reason,
        "classes": [
            {"grade": one.grade, "n": one.n, "value": _text(one.value), "share": _text(one.share)}
            for one in found.classes
        ],
        "items": [
            {
                "key": item.key,
                "label": item.label,
                "value": _text(item.value),
                "share": _text(item.share),
                "share_before": _text(item.share_before),
                "grade": item.grade,
            }
            for item in found.items
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
