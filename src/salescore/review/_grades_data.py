"""Grades of a review as plain data."""

from __future__ import annotations

from decimal import Decimal

from salescore.entities import GradeInterval
from salescore.grading import NearBoundary, ServiceGap, ServiceReview
from salescore.plain import FieldTable
from salescore.render import Language
from salescore.review._grades import GradeMove, GradeReview, Warned


def grades_data(one: GradeReview, language: Language) -> dict[str, object]:
    """
    Return what a policy says as plain JSON data.

    Args:
        one: What the policy says.
        language: Language of the labels.
    """
    policy = one.policy
    customers = one.grading.customers
    names = dict(zip(customers.keys, customers.names, strict=True))
    return {
        "policy": policy.name,
        "version": policy.version,
        "label": language.pick(policy.labels),
        "as_of": one.grading.as_of.isoformat(),
        "since": one.since.isoformat(),
        "recorded": one.recorded,
        "grades": [
            {
                "key": count.grade,
                "label": language.pick(count.labels),
                "n": count.customers,
                "before": count.before,
            }
            for count in one.counts
        ],
        "customers": [
            {"key": decision.customer_id, "label": names[decision.customer_id]}
            | {"grade": decision.after}
            for decision in one.grading.decisions
        ],
        "moves": [_move(move, customers.schema, language) for move in one.moves],
        "warned": [_warned(warned) for warned in one.warned],
        "boundaries": [_boundary(near, names, language) for near in one.boundaries],
        "service": _service(one.service, language),
    }


def _warned(one: Warned) -> dict[str, object]:
    return {
        "key": one.decision.customer_id,
        "label": one.name,
        "grade": one.decision.after,
        "since": one.since.isoformat(),
        "falls_on": one.falls_on.isoformat(),
    }


def _override(one: GradeInterval | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {"reason": one.reason, "decided_by": one.decided_by}


def _move(one: GradeMove, schema: FieldTable, language: Language) -> dict[str, object]:
    why = one.explanation(schema)
    return {
        "key": one.decision.customer_id,
        "label": one.name,
        "moved_on": one.moved_on.isoformat(),
        "before": one.before,
        "after": one.decision.after,
        "direction": one.direction.value,
        "why": None if why is None else why.text(language),
        "override": _override(one.override),
        "decision": one.decision.as_data(schema),
    }


def _boundary(one: NearBoundary, names: dict[str, str], language: Language) -> dict[str, object]:
    key = one.decision.customer_id
    return {
        "key": key,
        "label": names[key],
        "grade": one.decision.after,
        "direction": "up" if one.is_up else "down",
        "toward": one.toward,
        "distance": format(one.distance, "f"),
        "way": one.way.as_data(),
        "text": one.way.text(language),
    }


def _service(one: ServiceReview, language: Language) -> dict[str, object]:
    return {
        "has_contacts": one.has_contacts,
        "loads": [
            {
                "grade": load.plan.grade,
                "n": load.customers,
                "contacts_owed": load.contacts_owed,
                "contacts_made": load.contacts_made,
                "hours": _plain(load.hours),
                "hours_spent": _plain(load.hours_spent),
                "budget": _plain(load.budget),
                "budget_spent": _plain(load.budget_spent),
            }
            for load in one.loads
        ],
        "gaps": [_gap(gap, language) for gap in one.gaps],
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _gap(one: ServiceGap, language: Language) -> dict[str, object]:
    found: dict[str, object] = {
        "key": one.decision.customer_id,
        "label": one.name,
        "grade": one.decision.after,
        "kind": one.kind.value,
    }
    if one.requirement is not None:
        labels = language.pick(one.requirement.labels)
        return {**found, "requirement": one.requirement.key, "requirement_label": labels}
    return {
        **found,
        "last_on": None if one.last_on is None else one.last_on.isoformat(),
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "days_late": one.days_late,
    }
