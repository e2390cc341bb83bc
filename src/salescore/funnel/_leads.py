"""The life of a lead before it is converted: found worth pursuing, given up, taken up again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from salescore.book import lead_kind
from salescore.entities import Lead, LeadKind, Need, StageVisit
from salescore.errors import InvalidValue
from salescore.funnel._against import unfulfilled
from salescore.funnel._context import Context
from salescore.funnel._names import as_override_roles, as_required, check_text
from salescore.funnel._record_moves import (
    Moved,
    RefusedMove,
    is_on_record,
    judged,
    record_events,
    too_early,
)
from salescore.funnel._record_row import is_known, is_told, record_row
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._stage import Criterion, as_members, check_choice, check_members
from salescore.funnel._step import Asked, asked_for
from salescore.plain import as_tuple

LEADS = "leads"

QUALIFY = "qualify"
DISQUALIFY = "disqualify"
RECONSIDER = "reconsider"
CONVERT = "convert"

_ACTS: Mapping[LeadKind, tuple[str, ...]] = {
    LeadKind.OPEN: (QUALIFY, DISQUALIFY, CONVERT),
    LeadKind.QUALIFIED: (DISQUALIFY, CONVERT),
    LeadKind.DISQUALIFIED: (RECONSIDER,),
    LeadKind.CONVERTED: (),
}
_EVENTS = {
    QUALIFY: "lead_qualified",
    DISQUALIFY: "lead_disqualified",
    RECONSIDER: "lead_reconsidered",
    CONVERT: "lead_converted",
}

_FROM_NEEDS = {
    "needs": ("need",),
    "business_domain": ("business_domain",),
    "buying_power": ("buying_power", "budget"),
    "decision_process": ("decision_process",),
}
"""Fields of a lead that its needs may tell as well, and by which fields of theirs."""


@attrs.frozen(kw_only=True)
class QualificationPolicy:
    """
    What must be known of a lead before it is worth pursuing.

    Attributes:
        name: What events call the policy.
        version: Version; another one is another policy.
        required: Fields of a lead that must be known; those that a `Need` has may be known there.
        criteria: What must be fulfilled besides.
        override_roles: Who may pass over what is not fulfilled, giving a reason; empty for anybody.
        words: What the business calls a kind of lead, by kind; a lead of a kind without a word gets
            no status.
        source: Where the policy comes from; `None` where nobody said.
    """

    name: str
    version: str
    required: tuple[str, ...] = attrs.field(default=(), converter=as_required)
    criteria: tuple[Criterion, ...] = attrs.field(default=(), converter=as_members)
    override_roles: tuple[str, ...] = attrs.field(default=(), converter=as_override_roles)
    words: tuple[tuple[LeadKind, str], ...] = attrs.field(default=(), converter=as_tuple)
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        check_text("name of a qualification policy", self.name)
        check_text(f"version of {self.name}", self.version)
        check_members(f"criteria of {self.name}", self.criteria, Criterion)
        for kind, word in self.words:
            check_choice(f"kind of lead of {self.name}", kind, LeadKind)
            check_text(f"word for {kind.value} of {self.name}", word)
        if len(dict(self.words)) < len(self.words):
            fault = "a kind stands there twice"
            raise InvalidValue(f"words of {self.name}", [one.value for one, _ in self.words], fault)

    @property
    def title(self) -> str:
        """Return name and version, as events tell them."""
        return f"{self.name} {self.version}"

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Return the criteria, ready to be asked."""
        return tuple(asked_for(one, None) for one in self.criteria)

    def status(self, kind: LeadKind) -> str | None:
        """Return what the business calls a kind of lead; `None` where it has no word for it."""
        return dict(self.words).get(kind)


QUALIFICATION = QualificationPolicy(
    name="qualification",
    version="1",
    required=("business_domain", "needs", "buying_power", "decision_process"),
    source="Founding texts: business domain, needs, buying power, decision process",
)
"""What the founding texts ask of a lead: business domain, needs, buying power, decision process."""


def qualify(
    lead: Lead,
    context: Context,
    *,
    policy: QualificationPolicy = QUALIFICATION,
    needs: Iterable[Need] = (),
    seen: Container[str] = (),
) -> Moved | RefusedMove:
    """
    Return an open lead as one worth pursuing, or every reason why it is none yet.

    A lead can be qualified more than once, after it was reconsidered: a retry that comes so late
    that it is open again is told from a new act by `seen` alone.

    Args:
        lead: The lead as it is.
        context: What is known at that moment; criteria read its row over the fields of the lead.
        policy: What must be known.
        needs: What was found out of its needs.
        seen: Ids of the events kept of the lead; an act whose event is among them is a repeat.

    Returns:
        The lead of that day; a lead that is qualified already is a repeat, and nothing changes.

    Raises:
        InvalidValue: A need, or the row, is of another lead, or `seen` is one text.
    """
    if _is_done(lead, QUALIFY, LeadKind.QUALIFIED, context, seen):
        return _repeat(lead, QUALIFY, policy)
    reasons = [*standing(lead, QUALIFY, context)]
    reasons += unqualified(lead, context, policy, of_lead(lead, needs))
    changes = {"qualified_on": context.on}
    return _moved(lead, QUALIFY, LeadKind.QUALIFIED, changes, reasons, context, policy)


def disqualify(
    lead: Lead,
    context: Context,
    *,
    policy: QualificationPolicy = QUALIFICATION,
    visits: Iterable[StageVisit] = (),
    seen: Container[str] = (),
) -> Moved | RefusedMove:
    """
    Return a lead as given up, with the reason of the context, or every reason why it is not.

    Args:
        lead: The lead as it is, open or qualified.
        context: What is known at that moment; it must give a reason.
        policy: Whose words for kinds of leads hold.
        visits: Stages that the lead went through; what runs ends.
        seen: Ids of the events kept of the lead; an act whose event is among them is a repeat.

    Returns:
        The lead of that day; a lead that is given up already is a repeat, and nothing changes.

    Raises:
        InvalidValue: A visit is not of the lead, or began later, or `seen` is one text.
    """
    if _is_done(lead, DISQUALIFY, LeadKind.DISQUALIFIED, context, seen):
        return _repeat(lead, DISQUALIFY, policy)
    reasons = [*standing(lead, DISQUALIFY, context), *_unreasoned(context)]
    found = ended(lead, visits, context)
    changes = {"disqualified_on": context.on, "disqualification_reason": context.reason}
    moved = _moved(lead, DISQUALIFY, LeadKind.DISQUALIFIED, changes, reasons, context, policy)
    return attrs.evolve(moved, visits=found) if isinstance(moved, Moved) else moved


def reconsider(
    lead: Lead,
    context: Context,
    *,
    policy: QualificationPolicy = QUALIFICATION,
    seen: Container[str] = (),
) -> Moved | RefusedMove:
    """
    Return a lead that was given up as open again, or every reason why it is not.

    Args:
        lead: The lead as it is.
        context: What is known at that moment; it must give a reason.
        policy: Whose words for kinds of leads hold.
        seen: Ids of the events kept of the lead; an act whose event is among them is a repeat.

    Returns:
        The lead without the days on which it was qualified and given up; an open one is a repeat,
        and nothing changes.

    Raises:
        InvalidValue: `seen` is one text.
    """
    if _is_done(lead, RECONSIDER, LeadKind.OPEN, context, seen):
        return _repeat(lead, RECONSIDER, policy)
    reasons = [*standing(lead, RECONSIDER, context), *_unreasoned(context)]
    changes: dict[str, object] = {"qualified_on": None, "disqualified_on": None}
    changes["disqualification_reason"] = None
    return _moved(lead, RECONSIDER, LeadKind.OPEN, changes, reasons, context, policy)


def of_lead(lead: Lead, needs: Iterable[Need]) -> tuple[Need, ...]:
    """
    Return needs, all of which must be a lead's.

    Raises:
        InvalidValue: One is of another lead, or none.
    """
    found = tuple(needs)
    for one in found:
        if one.lead_id != lead.id:
            fault = f"it is one of lead {one.lead_id}" if one.lead_id else "it is one of no lead"
            raise InvalidValue(f"need of lead {lead.id}", one.id, fault)
    return found


def ended(lead: Lead, visits: Iterable[StageVisit], context: Context) -> tuple[StageVisit, ...]:
    """
    Return the running visits of a lead as they end.

    Args:
        lead: The lead.
        visits: Its visits.
        context: What is known when they end.

    Raises:
        InvalidValue: A visit is not of the lead, or began later.
    """
    found: list[StageVisit] = []
    for one in visits:
        if one.lead_id != lead.id:
            raise InvalidValue(f"visit of lead {lead.id}", one.id, "it is not one of this lead")
        if one.left_on is None:
            if _begins_later(one, context):
                raise InvalidValue(f"visit of lead {lead.id}", one.id, "it begins later")
            reason = one.reason if context.reason is None else context.reason
            on = max(context.on, one.entered_on)  # the zone may have changed; days do not go back
            found.append(attrs.evolve(one, left_on=on, left_at=context.at, reason=reason))
    return tuple(found)


def _begins_later(visit: StageVisit, context: Context) -> bool:
    if visit.entered_at is None:
        return visit.entered_on > context.on
    return visit.entered_at > context.at


def standing(lead: Lead, act: str, context: Context) -> Iterator[Refusal]:
    """Yield what speaks against an act on a lead here and now, whatever is known of it."""
    kind = lead_kind(lead)
    if act not in _ACTS[kind]:
        code = RefusalCode.NOT_FROM_HERE
        yield Refusal(code=code, stage=kind.value, name=act, known=_ACTS[kind])
    yield from too_early(LEADS, lead, context)


def unqualified(
    lead: Lead, context: Context, policy: QualificationPolicy, needs: tuple[Need, ...]
) -> Iterator[Refusal]:
    """Yield what a policy finds missing or unfulfilled at a lead."""
    for name in policy.required:
        if not _is_known(lead, name, needs):
            yield Refusal(code=RefusalCode.FIELD_MISSING, stage=LeadKind.QUALIFIED.value, name=name)
    if policy.asked:
        yield from unfulfilled(policy.asked, record_row(LEADS, lead, context))


def lead_event(act: str) -> tuple[str, str]:
    """Return an act on a lead and the name of its event."""
    return act, _EVENTS[act]


def _is_known(lead: Lead, name: str, needs: tuple[Need, ...]) -> bool:
    return is_known(LEADS, lead, name) or any(
        is_told(getattr(one, field)) for one in needs for field in _FROM_NEEDS.get(name, ())
    )


def _unreasoned(context: Context) -> Iterator[Refusal]:
    if context.reason is None:
        yield Refusal(code=RefusalCode.REASON_MISSING)


def _is_done(lead: Lead, act: str, kind: LeadKind, context: Context, seen: Container[str]) -> bool:
    """Return whether an act has been done: the lead is of its kind, or its event is kept."""
    return lead_kind(lead) is kind or is_on_record(LEADS, lead, act, context, seen)


def _repeat(lead: Lead, act: str, policy: QualificationPolicy) -> Moved:
    return Moved(before=lead, record=lead, event=act, process=policy.title, is_repeat=True)


def _moved(
    lead: Lead,
    act: str,
    kind: LeadKind,
    changes: Mapping[str, Any],
    reasons: list[Refusal],
    context: Context,
    policy: QualificationPolicy,
) -> Moved | RefusedMove:
    against, overridden = judged(reasons, policy.override_roles, context)
    if against:
        return RefusedMove(record=lead, event=act, process=policy.title, reasons=against)
    found = attrs.evolve(lead, kind=kind, status=policy.status(kind), **changes)
    detail: dict[str, object] = {"kind": kind.value, "from": lead_kind(lead).value}
    events = record_events(
        LEADS,
        found,
        lead_event(act),
        detail,
        context,
        process=policy.title,
        overridden=overridden,
    )
    return Moved(
        before=lead,
        record=found,
        event=act,
        process=policy.title,
        events=events,
        overridden=overridden,
    )
