"""Steps: transitions out of one stage, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from operator import itemgetter
from typing import Any

import attrs

from salescore.entities import StageKind, StageVisit
from salescore.funnel._refusal import Refusal
from salescore.funnel._stage import Criterion, Stage
from salescore.funnel._transition import Transition
from salescore.rules import compile_expression, fields_of

Condition = Callable[[Mapping[str, Any]], bool | None]

_GIVEN_UP = (StageKind.LOST, StageKind.VOID)


class Course(Enum):
    """
    What a step does to the course of a sale.

    Attributes:
        ON: It goes on to a later stage, or is won.
        BACK: It goes back to an earlier open stage.
        ASIDE: It is lost, void, put on hold, or stays where it is.
        RESUMED: It goes on after a hold, in the stage before.
        REOPENED: It is open again after it was closed.
        MIGRATED: Nothing: it goes on under another version of the funnel.
    """

    ON = "on"
    BACK = "back"
    ASIDE = "aside"
    RESUMED = "resumed"
    REOPENED = "reopened"
    MIGRATED = "migrated"


@attrs.frozen
class Asked:
    """
    A criterion that a step asks for.

    Attributes:
        criterion: The criterion.
        stage: Key of the stage whose criterion of exit it is; `None` for a guard of the transition.
        holds: The compiled rule.
        reads: Names of the fields that the rule reads.
    """

    criterion: Criterion
    stage: str | None
    holds: Condition = attrs.field(eq=False, repr=False)
    reads: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Step:
    """
    A transition out of one stage.

    Attributes:
        transition: The transition.
        source: The stage that it leads out of.
        target: The stage that it leads to; `None` where the history tells.
        passed: Open stages that it leaves out.
        course: What it does to the course of the sale.
        asked: Criteria that must be fulfilled: those of the stages that it goes on from, and the
            guards.
        required: Fields that must be known.
        needs_reason: Whether it takes a reason, as the transition or a policy says.
        forbidden: What the policies of the funnel hold against it, whatever the opportunity.
        reads_event: Whether a criterion reads the event or the history.
        is_plain: Whether nothing but criteria on the row of the opportunity can speak against it.
        chance: Probability that holds in the stage that it leads to; `None` where nobody stated
            one.
        arrival: A visit of the stage that it leads to, as yet nobody's; `None` without a stage.
        after: What it comes to where the history tells more, by key of the open stage before.
    """

    transition: Transition
    source: Stage
    target: Stage | None
    passed: tuple[Stage, ...]
    course: Course
    asked: tuple[Asked, ...]
    required: tuple[str, ...]
    needs_reason: bool
    forbidden: tuple[Refusal, ...] = ()
    reads_event: bool = False
    is_plain: bool = False
    chance: Decimal | None = None
    arrival: StageVisit | None = attrs.field(default=None, repr=False)
    after: tuple[tuple[str, Step], ...] = attrs.field(default=(), repr=False)


def asks_alike(step: Step, other: Step) -> bool:
    """Return whether two steps ask for the same before they are taken."""
    mine = step.asked, step.required, step.needs_reason, step.forbidden
    return mine == (other.asked, other.required, other.needs_reason, other.forbidden)


def course_of(source: Stage, target: Stage | None, origin: Stage, *, is_later: bool) -> Course:
    """
    Return what going from a stage to another does to the course of a sale.

    Args:
        source: The stage.
        target: Where it leads; `None` where the history tells.
        origin: The stage before a hold; the stage itself where it is none, or nobody knows.
        is_later: Whether the target comes after the origin in the order of a sale.
    """
    if source.is_closed and (target is None or not target.is_closed):
        return Course.REOPENED
    if target is None:
        return Course.RESUMED
    if target.kind in _GIVEN_UP or target.kind is StageKind.HOLD or source.key == target.key:
        return Course.ASIDE
    if target.kind is StageKind.WON:
        return Course.ON
    if source.kind is StageKind.HOLD and origin.key in (source.key, target.key):
        return Course.RESUMED
    return Course.ON if is_later else Course.BACK


def is_given_up(target: Stage | None) -> bool:
    """Return whether a sale comes to nothing in a stage, which takes a reason."""
    return target is not None and target.kind in _GIVEN_UP


def asked_for(criterion: Criterion, stage: str | None) -> Asked:
    """Return a criterion of a stage, or a guard, ready to be asked."""
    condition: Condition = compile_expression(criterion.rule, itemgetter)
    return Asked(criterion, stage, condition, fields_of(criterion.rule))
