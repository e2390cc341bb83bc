"""What is wrong with a funnel, all at once, before anything is decided by it."""

from __future__ import annotations

from collections.abc import Iterator

from salescore.entities import StageKind, record_table
from salescore.errors import SalesCoreError
from salescore.funnel._check_choices import choice_faults
from salescore.funnel._fault import fault
from salescore.funnel._funnel import Funnel
from salescore.funnel._routes import backwards, new_routes, reached, routes
from salescore.funnel._stage import Criterion
from salescore.plain import FieldTable
from salescore.rules import RuleType, check_types, rule_text
from salescore.values import Finding, Severity

_LANGUAGES = ("an English", "a Chinese")


def check_funnel(
    funnel: Funnel, schema: FieldTable, records: FieldTable | None = None
) -> tuple[Finding, ...]:
    """
    Return what is wrong with a funnel.

    Args:
        funnel: The funnel.
        schema: The fields that its criteria can read, as `guard_schema` gives them.
        records: The field table of opportunities, as `SalesBook.table` gives it, against which
            required fields are held; `None` for our own fields, and the registered ones of
            `schema`.

    Returns:
        Findings of its shape (`funnel-without-start`, `funnel-without-end`, `funnel-without-won`,
        `funnel-stage-unreachable`, `funnel-trap`, `funnel-stage-without-loss`,
        `funnel-hold-without-return`, `funnel-resume-without-hold`), of what it asks
        (`funnel-rule-invalid`, `funnel-required-unknown`, `funnel-hold-without-reason`,
        `funnel-guards-overlap` with a row to which both guards apply,
        `funnel-transition-never-taken`) and of what it says (`funnel-probability-falls`,
        `funnel-label-missing`).
    """
    faults = tuple(_rules(funnel, schema))
    return (
        *_ends(funnel),
        *_shape(funnel),
        *_holds(funnel),
        *faults,
        *_required(funnel, schema, records),
        # Rules that cannot be asked have no row in common.
        *(() if faults else choice_faults(funnel, schema)),
        *_words(funnel),
    )


def _ends(funnel: Funnel) -> Iterator[Finding]:
    kinds = {one.kind for one in funnel.stages}
    if StageKind.OPEN not in kinds:
        yield fault("funnel-without-start", funnel, "", "has no open stage to begin in")
    if not any(one.is_closed for one in funnel.stages):
        yield fault("funnel-without-end", funnel, "", "has no stage in which a sale is done")
    elif StageKind.WON not in kinds:
        yield fault("funnel-without-won", funnel, "", "has no stage in which a sale is won")


def _shape(funnel: Funnel) -> Iterator[Finding]:
    """Yield stages that nothing leads to, or that do not lead to where they should."""
    ways = routes(funnel)
    closed = [one.key for one in funnel.stages if one.is_closed]
    opened = [one.key for one in funnel.stages if one.kind is StageKind.OPEN]
    found = reached(new_routes(funnel), opened[:1])
    ending = reached(backwards(ways), closed)
    lost = {one.key for one in funnel.stages if one.kind is StageKind.LOST}
    for one in funnel.stages:
        name = f"stage {one.key!r}"
        if opened and one.key not in found:
            text = f"is reached from {opened[0]!r} by no transition"
            yield fault("funnel-stage-unreachable", funnel, name, text, Severity.WARNING)
        if closed and one.key not in ending:
            text = "is a trap: from there no transition leads to a stage in which a sale is done"
            yield fault("funnel-trap", funnel, name, text)
        if one.kind is StageKind.OPEN and not lost & ways[one.key]:
            text = "is open, and no transition leads from there to a lost stage"
            yield fault("funnel-stage-without-loss", funnel, name, text, Severity.WARNING)
        if one.kind is StageKind.HOLD and not ways[one.key].intersection(opened):
            text = "is one of hold, and no transition leads from there back to an open one"
            yield fault("funnel-hold-without-return", funnel, name, text, Severity.WARNING)


def _holds(funnel: Funnel) -> Iterator[Finding]:
    """Yield transitions to and from holds that leave something open."""
    kinds = {one.key: one.kind for one in funnel.stages}
    holds = {key for key, kind in kinds.items() if kind is StageKind.HOLD}
    for way in funnel.transitions:
        name = f"event {way.event!r}"
        if way.target is None:
            for key in way.sources:
                if kinds[key] is StageKind.OPEN:
                    text = f"goes on in the stage before from {key!r}, which is open itself"
                    yield fault("funnel-resume-without-hold", funnel, name, text, Severity.WARNING)
        elif way.target in holds and not way.needs_reason and not holds.issuperset(way.sources):
            text = f"puts on hold in {way.target!r} and asks for no reason"
            yield fault("funnel-hold-without-reason", funnel, name, text, Severity.WARNING)


def _rules(funnel: Funnel, schema: FieldTable) -> Iterator[Finding]:
    for stage in funnel.stages:
        for one in stage.exit_criteria:
            yield from _rule(funnel, f"stage {stage.key!r}", one, schema)
    for way in funnel.transitions:
        for one in way.guards:
            yield from _rule(funnel, f"event {way.event!r}", one, schema)


def _rule(funnel: Funnel, name: str, one: Criterion, schema: FieldTable) -> Iterator[Finding]:
    try:
        kind = check_types(one.rule, schema)
    except SalesCoreError as error:
        text = f"has a criterion {one.key!r} that cannot be asked: {error}"
    else:
        if kind is RuleType.BOOLEAN:
            return
        shown = rule_text(one.rule)
        text = f"has a criterion {one.key!r} that is no condition but a {kind.value}: {shown}"
    yield fault("funnel-rule-invalid", funnel, name, text)


def _required(funnel: Funnel, schema: FieldTable, records: FieldTable | None) -> Iterator[Finding]:
    """Yield required fields that no opportunity has."""
    if records is None:
        own = record_table("opportunities").names
        known = frozenset((*own, *(one.name for one in schema.fields if one.is_custom)))
    else:
        known = frozenset(records.names)
    asking = [(f"stage {one.key!r}", one.required) for one in funnel.stages]
    asking += [(f"event {one.event!r}", one.required) for one in funnel.transitions]
    for name, required in asking:
        for field in dict.fromkeys(required):
            if field not in known:
                text = f"requires {field!r}, which is no field of opportunities"
                yield fault("funnel-required-unknown", funnel, name, text)


def _words(funnel: Funnel) -> Iterator[Finding]:
    """Yield what a reader of the funnel stumbles over."""
    highest = None
    for one in funnel.stages:
        name = f"stage {one.key!r}"
        for label, language in zip(one.labels, _LANGUAGES, strict=True):
            if not label.strip():
                text = f"has not {language} label; its key is shown instead"
                yield fault("funnel-label-missing", funnel, name, text, Severity.INFO)
        if one.kind is not StageKind.OPEN or one.probability is None:
            continue
        if highest is not None and one.probability < highest[0]:
            text = f"has the probability {one.probability}, below {highest[0]} of {highest[1]!r}"
            yield fault("funnel-probability-falls", funnel, name, text, Severity.WARNING)
        else:
            highest = (one.probability, one.key)
