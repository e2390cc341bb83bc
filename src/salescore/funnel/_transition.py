"""Transitions: the ways between stages."""

from __future__ import annotations

import attrs

from salescore.errors import InvalidValue
from salescore.funnel._names import as_required, as_roles, as_sources, check_text
from salescore.funnel._stage import (
    Criterion,
    EventTemplate,
    as_members,
    check_flag,
    check_labels,
    check_members,
)

BEGIN = "begin"
"""Event by which an opportunity enters a funnel."""

MIGRATE = "migrate"
"""Event by which an opportunity goes on under another version of its funnel."""

CARRY = "migrate_held"
"""What the visit is made by that says, for one on hold or closed, in which stage to go on."""


@attrs.frozen(kw_only=True)
class Transition:
    """
    One way from stages to a stage.

    Attributes:
        event: What happens, such as propose or win; several transitions may share it. `begin` and
            `migrate` are what the acts of these names leave behind, and taken.
        sources: Keys of the stages that it leads out of.
        target: Key of the stage that it leads to; `None` for the open one that it was in before the
            present one, as when what was on hold goes on.
        guards: What must be fulfilled.
        required: Fields of an opportunity that must be known, beyond those of the stage.
        roles: Who may do it, of whom one is enough; empty for anybody.
        needs_reason: Whether a reason must be given. Where it leads to a stage lost or void, one
            must be given always.
        emits: Events that it leaves behind.
        labels: English and Chinese label, in this order.
    """

    event: str
    sources: tuple[str, ...] = attrs.field(converter=as_sources)
    target: str | None
    guards: tuple[Criterion, ...] = attrs.field(default=(), converter=as_members)
    required: tuple[str, ...] = attrs.field(default=(), converter=as_required)
    roles: tuple[str, ...] = attrs.field(default=(), converter=as_roles)
    needs_reason: bool = False
    emits: tuple[EventTemplate, ...] = attrs.field(default=(), converter=as_members)
    labels: tuple[str, str] = ("", "")

    def __attrs_post_init__(self) -> None:
        check_text("event of a transition", self.event)
        if self.event in (BEGIN, MIGRATE):
            fault = f"it is the event that {self.event}() leaves behind; take another name"
            raise InvalidValue("event of a transition", self.event, fault)
        if not self.sources:
            raise InvalidValue(f"sources of {self.event}", (), "expected at least one stage")
        if len(set(self.sources)) < len(self.sources):
            raise InvalidValue(f"sources of {self.event}", self.sources, "one stands there twice")
        if self.target is not None:
            check_text(f"target of {self.event}", self.target)
        check_members(f"guards of {self.event}", self.guards, Criterion)
        check_members(f"emits of {self.event}", self.emits, EventTemplate)
        check_flag(f"needs_reason of {self.event}", self.needs_reason)
        check_labels(f"labels of {self.event}", self.labels)
