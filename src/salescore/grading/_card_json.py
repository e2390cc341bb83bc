"""Scorecards as plain JSON data."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from salescore.errors import InvalidDocument, SalesCoreError
from salescore.grading._decay import Decay, ExponentialDecay, LinearDecay, StepDecay
from salescore.grading._score_card import EventLine, ScoreCard, ScoreGroup, ScoreLine
from salescore.plain import Node
from salescore.rules import read_rule, rule_to_data

_BOUNDS = ("lowest", "highest")


def card_to_data(card: ScoreCard) -> dict[str, object]:
    """Return a scorecard as plain data."""
    return {
        "name": card.name,
        "labels": list(card.labels),
        **_bounds_data(card.lowest, card.highest),
        "groups": [_group_data(group) for group in card.groups],
    }


def _group_data(group: ScoreGroup) -> dict[str, object]:
    return {
        "key": group.key,
        "labels": list(group.labels),
        **_bounds_data(group.lowest, group.highest),
        "lines": [_line_data(line) for line in group.lines],
    }


def _line_data(line: ScoreLine | EventLine) -> dict[str, object]:
    start: dict[str, object] = {"key": line.key, "labels": list(line.labels)}
    start["points"] = format(line.points, "f")
    if isinstance(line, ScoreLine):
        return {**start, "when": rule_to_data(line.when)}
    found: dict[str, object] = {**start, "table": line.table, "date": line.date}
    if line.where is not None:
        found["where"] = rule_to_data(line.where)
    if line.decay is not None:
        found["decay"] = _decay_data(line.decay)
    return found


def _decay_data(decay: Decay) -> dict[str, object]:
    match decay:
        case LinearDecay(days):
            return {"linear": days}
        case ExponentialDecay(half_life):
            return {"exponential": half_life}
        case StepDecay(steps):
            return {"step": [[days, format(share, "f")] for days, share in steps]}
        case _:
            assert_never(decay)


def _bounds_data(lowest: Decimal | None, highest: Decimal | None) -> dict[str, object]:
    pairs = zip(_BOUNDS, (lowest, highest), strict=True)
    return {name: format(bound, "f") for name, bound in pairs if bound is not None}


def read_card(node: Node) -> ScoreCard:
    """Return the scorecard that plain data describe."""
    keys = node.object(("name", "labels", *_BOUNDS, "groups"), ("name", "labels", "groups"))
    groups = [_read_group(group) for group in keys["groups"].items()]
    try:
        return ScoreCard(
            name=keys["name"].text(),
            labels=keys["labels"].labels(empty=True),
            groups=groups,
            **_read_bounds(keys),
        )
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        node.refuse(str(error))


def _read_group(node: Node) -> ScoreGroup:
    keys = node.object(("key", "labels", *_BOUNDS, "lines"), ("key", "labels", "lines"))
    lines = [_read_line(line) for line in keys["lines"].items()]
    try:
        return ScoreGroup(
            key=keys["key"].text(),
            labels=keys["labels"].labels(empty=True),
            lines=lines,
            **_read_bounds(keys),
        )
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        node.refuse(str(error))


def _read_bounds(keys: dict[str, Node]) -> dict[str, Decimal]:
    return {name: keys[name].decimal() for name in _BOUNDS if name in keys}


def _read_line(node: Node) -> ScoreLine | EventLine:
    start = ("key", "labels", "points")
    if "table" not in dict(node.pairs()):
        keys = node.object((*start, "when"), (*start, "when"))
        return ScoreLine(
            key=keys["key"].text(),
            labels=keys["labels"].labels(empty=True),
            points=keys["points"].decimal(),
            when=read_rule(keys["when"]),
        )
    keys = node.object((*start, "table", "date", "where", "decay"), (*start, "table", "date"))
    return EventLine(
        key=keys["key"].text(),
        labels=keys["labels"].labels(empty=True),
        points=keys["points"].decimal(),
        table=keys["table"].text(),
        date=keys["date"].text(),
        where=read_rule(keys["where"]) if "where" in keys else None,
        decay=_read_decay(keys["decay"]) if "decay" in keys else None,
    )


def _read_decay(node: Node) -> Decay:
    keys = node.object(("linear", "exponential", "step"))
    if len(keys) != 1:
        node.refuse("expected one of linear, exponential and step")
    ((kind, given),) = keys.items()
    try:
        if kind == "linear":
            return LinearDecay(given.whole())
        if kind == "exponential":
            return ExponentialDecay(given.whole())
        return StepDecay([_read_step(step) for step in given.items()])
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        node.refuse(str(error))


def _read_step(node: Node) -> tuple[int, Decimal]:
    parts = node.items()
    if len(parts) != 2:  # noqa: PLR2004 - days and share
        node.refuse("expected days and the share that is left")
    return parts[0].whole(), parts[1].decimal()
