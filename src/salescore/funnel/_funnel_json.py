"""Funnels as plain JSON data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salescore.entities import StageKind
from salescore.funnel._funnel import Funnel, StepPolicy
from salescore.funnel._json_parts import (
    add_each,
    add_labels,
    add_texts,
    criterion_data,
    made,
    read_any_text,
    read_criteria,
    read_labels,
    read_some,
)
from salescore.funnel._stage import EventTemplate, LimitUnit, ServiceLimit, Stage
from salescore.funnel._transition import Transition
from salescore.plain import Node

FUNNEL_SCHEMA = "salescore/funnel/1"
"""What the key `schema` of a funnel says."""

_DAYS = ("valid_from", "valid_until")
_POLICIES = ("skip", "back")


def funnel_to_data(funnel: Funnel) -> dict[str, object]:
    """
    Return a funnel as plain JSON data, in the form that `funnel_from_data` reads.

    What says nothing, such as an empty list, is left out.

    Args:
        funnel: The funnel.
    """
    found: dict[str, object] = {
        "schema": FUNNEL_SCHEMA,
        "name": funnel.name,
        "version": funnel.version,
    }
    add_labels(found, funnel.labels)
    for name in _POLICIES:
        policy: StepPolicy = getattr(funnel, name)
        if policy is not StepPolicy.ALLOWED:
            found[name] = policy.value
    add_texts(found, "override_roles", funnel.override_roles)
    for name in _DAYS:
        day = getattr(funnel, name)
        if day is not None:
            found[name] = day.isoformat()
    if funnel.source is not None:
        found["source"] = funnel.source
    found["stages"] = [_stage_data(one) for one in funnel.stages]
    found["transitions"] = [_transition_data(one) for one in funnel.transitions]
    return found


def _stage_data(stage: Stage) -> dict[str, object]:
    found: dict[str, object] = {"key": stage.key, "kind": stage.kind.value}
    add_labels(found, stage.labels)
    if stage.probability is not None:
        found["probability"] = format(stage.probability, "f")
    if stage.forecast_category is not None:
        found["forecast_category"] = stage.forecast_category
    add_texts(found, "required", stage.required)
    add_each(found, "exit_criteria", [criterion_data(one) for one in stage.exit_criteria])
    if stage.limit is not None:
        found["limit"] = _limit_data(stage.limit)
    add_each(found, "on_entry", [_template_data(one) for one in stage.on_entry])
    add_each(found, "on_exit", [_template_data(one) for one in stage.on_exit])
    add_texts(found, "roles", stage.roles)
    add_texts(found, "former", stage.former)
    return add_labels(found, stage.purpose, "purpose")


def _transition_data(way: Transition) -> dict[str, object]:
    found: dict[str, object] = {
        "event": way.event,
        "sources": list(way.sources),
        "target": way.target,
    }
    add_labels(found, way.labels)
    add_each(found, "guards", [criterion_data(one) for one in way.guards])
    add_texts(found, "required", way.required)
    add_texts(found, "roles", way.roles)
    if way.needs_reason:
        found["needs_reason"] = True
    add_each(found, "emits", [_template_data(one) for one in way.emits])
    return found


def _template_data(template: EventTemplate) -> dict[str, object]:
    return add_labels({"name": template.name}, template.labels)


def _limit_data(limit: ServiceLimit) -> dict[str, object]:
    found: dict[str, object] = {"amount": limit.amount, "unit": limit.unit.value}
    if limit.is_working:
        found["is_working"] = True
    return found


def funnel_from_data(data: object, path: str = "funnel") -> Funnel:
    """
    Return the funnel that plain JSON data describe.

    Args:
        data: What `funnel_to_data` wrote.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    return read_funnel(Node(data, path))


def read_funnel(node: Node) -> Funnel:
    """Return the funnel that a part of a document describes; errors of `funnel_from_data`."""
    required = ("schema", "name", "version", "stages", "transitions")
    known = (*required, "labels", *_POLICIES, "override_roles", *_DAYS, "source")
    keys = node.object(known, required)
    keys["schema"].choice((FUNNEL_SCHEMA,), "schema of a funnel")
    values = read_some(keys, labels=read_labels, override_roles=Node.texts, source=read_any_text)
    values |= read_some(keys, **dict.fromkeys(_DAYS, Node.day))
    values |= read_some(keys, **dict.fromkeys(_POLICIES, _step_policy))
    values["stages"] = [_read_stage(one) for one in keys["stages"].items()]
    values["transitions"] = [_read_transition(one) for one in keys["transitions"].items()]
    values["name"], values["version"] = keys["name"].text(), keys["version"].text()
    return made(node, Funnel, values)


def _step_policy(node: Node) -> StepPolicy:
    return StepPolicy(node.choice([one.value for one in StepPolicy], "policy of steps"))


def _read_stage(node: Node) -> Stage:
    readers: dict[str, Callable[[Node], Any]] = {
        "labels": read_labels,
        "probability": Node.decimal,
        "forecast_category": Node.text,
        "required": Node.texts,
        "exit_criteria": read_criteria,
        "limit": _read_limit,
        "on_entry": _read_templates,
        "on_exit": _read_templates,
        "roles": Node.texts,
        "purpose": read_labels,
        "former": Node.texts,
    }
    keys = node.object(("key", "kind", *readers), ("key", "kind"))
    values = read_some(keys, **readers)
    values["key"] = keys["key"].text()
    kinds = [one.value for one in StageKind]
    values["kind"] = StageKind(keys["kind"].choice(kinds, "kind of a stage"))
    return made(node, Stage, values)


def _read_transition(node: Node) -> Transition:
    readers: dict[str, Callable[[Node], Any]] = {
        "labels": read_labels,
        "guards": read_criteria,
        "required": Node.texts,
        "roles": Node.texts,
        "needs_reason": Node.flag,
        "emits": _read_templates,
    }
    required = ("event", "sources", "target")
    keys = node.object((*required, *readers), required)
    values = read_some(keys, **readers)
    values["event"] = keys["event"].text()
    values["sources"] = keys["sources"].texts()
    values["target"] = keys["target"].text_or_null()
    return made(node, Transition, values)


def _read_templates(node: Node) -> list[EventTemplate]:
    return [_read_template(one) for one in node.items()]


def _read_template(node: Node) -> EventTemplate:
    keys = node.object(("name", "labels"), ("name",))
    values = read_some(keys, labels=read_labels)
    values["name"] = keys["name"].text()
    return made(node, EventTemplate, values)


def _read_limit(node: Node) -> ServiceLimit:
    keys = node.object(("amount", "unit", "is_working"), ("amount", "unit"))
    values = read_some(keys, is_working=Node.flag)
    values["amount"] = keys["amount"].whole()
    units = [one.value for one in LimitUnit]
    values["unit"] = LimitUnit(keys["unit"].choice(units, "unit of a limit"))
    return made(node, ServiceLimit, values)
