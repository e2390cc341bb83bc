"""A review as plain data, in the shape that `docs/reference/review-json` describes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from salescore.metrics import Abc, Comparison, Figure, Slice
from salescore.review._review import Review
from salescore.values import Change

SCHEMA = "salescore/review/1"


def review_data(review: Review) -> dict[str, object]:
    """
    Return a review as plain JSON data; decimals are text, what is undefined is null with a reason.

    Args:
        review: The review.
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
        "figures": {one.definition.name: _comparison(one) for one in review.comparisons},
        "slices": slices,
        "abc": _abc(review.abc_figure, review.abc),
        "findings": [finding.as_data() for finding in review.findings],
        "notes": list(review.notes),
    }


def _comparison(one: Comparison) -> dict[str, object]:
    return {
        **_number(one.figure),
        "unit": one.figure.unit,
        "additive": one.figure.is_additive,
        "previous": _text(one.previous.value),
        "year_ago": None if one.year_ago is None else _text(one.year_ago.value),
        "reason": one.figure.reason,
        "since_previous": _change(one.since_previous),
        "since_year_ago": None if one.since_year_ago is None else _change(one.since_year_ago),
        "excluded": [
            {"table": left.table, "reason": left.reason, "n": left.n}
            for left in one.figure.excluded
        ],
    }


def _slice(one: Slice) -> dict[str, object]:
    reason = {} if one.figure.reason is None else {"reason": one.figure.reason}
    return {"key": one.key, "label": one.label, **_number(one.figure), **reason}


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
