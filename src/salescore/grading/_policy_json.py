"""Grading policies, segments and tag rules as plain JSON data."""

from __future__ import annotations

from typing import Any

from salescore.errors import InvalidDocument, InvalidValue, SalesCoreError
from salescore.grading._field_json import field_to_data, read_field
from salescore.grading._policy import Grade, GradingPolicy
from salescore.grading._segments import Segment
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.grading._tags import TagRule
from salescore.plain import Node
from salescore.rules import read_rule, rule_to_data

POLICY_SCHEMA = "salescore/grading-policy/1"
"""What the key `schema` of a policy says."""

_DAYS = ("valid_from", "valid_until")
_NUMBERS = ("minimum_stay_days", "review_months", "grace_days", "step_limit")


def policy_to_data(policy: GradingPolicy) -> dict[str, object]:
    """
    Return a policy as plain JSON data, in the form that `policy_from_data` reads.

    Args:
        policy: The policy.
    """
    days = {name: getattr(policy, name) for name in _DAYS}
    numbers = {name: getattr(policy, name) for name in _NUMBERS}
    return {
        "schema": POLICY_SCHEMA,
        "name": policy.name,
        "version": policy.version,
        "labels": list(policy.labels),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        **{name: number for name, number in numbers.items() if number is not None},
        **({} if policy.is_ladder else {"is_ladder": False}),
        "fields": [field_to_data(field) for field in policy.fields],
        "grades": [_grade_data(one) for one in policy.grades],
        "services": [_service_data(one) for one in policy.services],
    }


def _grade_data(grade: Grade) -> dict[str, object]:
    found: dict[str, object] = {"key": grade.key, "labels": list(grade.labels)}
    if grade.entry is not None:
        found["entry"] = rule_to_data(grade.entry)
    if grade.exit is not None:
        found["exit"] = rule_to_data(grade.exit)
    return found


def _service_data(plan: ServicePlan) -> dict[str, object]:
    found: dict[str, object] = {"grade": plan.grade}
    if plan.contact_days is not None:
        found["contact_days"] = plan.contact_days
    if plan.channels:
        found["channels"] = list(plan.channels)
    if plan.benefits:
        found["benefits"] = [list(labels) for labels in plan.benefits]
    for name, amount in (("hours", plan.hours), ("budget", plan.budget)):
        if amount is not None:
            found[name] = format(amount, "f")
    if plan.requirements:
        found["requirements"] = [
            {"key": one.key, "labels": list(one.labels), "rule": rule_to_data(one.rule)}
            for one in plan.requirements
        ]
    return found


def policy_from_data(data: object, path: str = "policy") -> GradingPolicy:
    """
    Return the policy that plain JSON data describe.

    Args:
        data: What `policy_to_data` wrote.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    return read_policy(Node(data, path))


def read_policy(node: Node) -> GradingPolicy:
    """Return the policy that a part of a document describes; errors of `policy_from_data`."""
    required = ("schema", "name", "version", "grades")
    known = (*required, "labels", *_DAYS, *_NUMBERS, "is_ladder", "fields", "services")
    keys = node.object(known, required)
    keys["schema"].choice((POLICY_SCHEMA,), "schema of a policy")
    values: dict[str, Any] = {name: keys[name].day() for name in _DAYS if name in keys}
    values |= {name: keys[name].whole() for name in _NUMBERS if name in keys}
    if "is_ladder" in keys:
        values["is_ladder"] = keys["is_ladder"].flag()
    if "labels" in keys:
        values["labels"] = keys["labels"].labels(empty=True)
    for name, read in (("fields", read_field), ("services", _read_service)):
        if name in keys:
            values[name] = [read(one) for one in keys[name].items()]
    grades = [_read_grade(one) for one in keys["grades"].items()]
    try:
        return GradingPolicy(
            name=keys["name"].text(), version=keys["version"].text(), grades=grades, **values
        )
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        node.refuse(str(error))


def _read_grade(node: Node) -> Grade:
    keys = node.object(("key", "labels", "entry", "exit"), ("key", "labels"))
    rules = {name: read_rule(keys[name]) for name in ("entry", "exit") if name in keys}
    key, labels = keys["key"].text(), keys["labels"].labels(empty=True)
    try:
        return Grade(key=key, labels=labels, **rules)
    except InvalidValue as error:
        node.refuse(str(error))


def _read_service(node: Node) -> ServicePlan:
    names = ("contact_days", "channels", "benefits", "hours", "budget", "requirements")
    keys = node.object(("grade", *names), ("grade",))
    try:
        return ServicePlan(
            grade=keys["grade"].text(),
            contact_days=keys["contact_days"].whole() if "contact_days" in keys else None,
            channels=keys["channels"].texts() if "channels" in keys else (),
            benefits=[one.labels(empty=True) for one in keys["benefits"].items()]
            if "benefits" in keys
            else (),
            hours=keys["hours"].decimal() if "hours" in keys else None,
            budget=keys["budget"].decimal() if "budget" in keys else None,
            requirements=[_read_requirement(one) for one in keys["requirements"].items()]
            if "requirements" in keys
            else (),
        )
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        node.refuse(str(error))


def _read_requirement(node: Node) -> Requirement:
    keys = node.object(("key", "labels", "rule"), ("key", "labels", "rule"))
    return Requirement(
        key=keys["key"].text(),
        labels=keys["labels"].labels(empty=True),
        rule=read_rule(keys["rule"]),
    )


def segment_to_data(segment: Segment) -> dict[str, object]:
    """Return a segment as plain data."""
    rule = rule_to_data(segment.rule)
    return {"key": segment.key, "labels": list(segment.labels), "rule": rule}


def read_segment(node: Node) -> Segment:
    """Return the segment that plain data describe."""
    keys = node.object(("key", "labels", "rule"), ("key", "labels", "rule"))
    return Segment(
        key=keys["key"].text(),
        labels=keys["labels"].labels(empty=True),
        rule=read_rule(keys["rule"]),
    )


def tag_rule_to_data(rule: TagRule) -> dict[str, object]:
    """Return a tag rule as plain data."""
    return {"namespace": rule.namespace, "name": rule.name, "rule": rule_to_data(rule.rule)}


def read_tag_rule(node: Node) -> TagRule:
    """Return the tag rule that plain data describe."""
    names = ("namespace", "name", "rule")
    keys = node.object(names, names)
    try:
        return TagRule(
            namespace=keys["namespace"].text(),
            name=keys["name"].text(),
            rule=read_rule(keys["rule"]),
        )
    except InvalidValue as error:
        node.refuse(str(error))
