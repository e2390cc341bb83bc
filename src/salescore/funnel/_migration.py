"""Migrations: what of one version of a funnel is what in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import cast

import attrs

from salescore.entities import Opportunity, StageKind, StageVisitId
from salescore.errors import InvalidValue
from salescore.funnel._against import misfits, standing
from salescore.funnel._context import Context
from salescore.funnel._events import move_id
from salescore.funnel._fault import fault
from salescore.funnel._funnel import Funnel
from salescore.funnel._move import accepted
from salescore.funnel._names import check_text
from salescore.funnel._outcome import Accepted, Refused
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._stage import Stage
from salescore.funnel._step import Course, Step
from salescore.funnel._transition import CARRY, MIGRATE, Transition
from salescore.plain import as_tuple, reviser
from salescore.values import Finding, Severity

_PAIR = 2
_GIVEN_UP = (StageKind.LOST, StageKind.VOID)
_UNDER_WAY = (StageKind.OPEN, StageKind.HOLD)

# No transition of a funnel may have this event; these stand in none.
_NO_WAY = Transition(event="-", sources=("-",), target=None)
_way_of = reviser(Transition, "event")

_still_closed = reviser(Opportunity, "closed_on", "loss_reason")


def _as_pairs(
    stages: Mapping[str, str | None] | Iterable[tuple[str, str | None]],
) -> tuple[tuple[str, str | None], ...]:
    """Return stages by pairs; whatever is none is refused."""
    given = cast("object", stages)
    if isinstance(given, Mapping):
        return _as_pairs(tuple(cast("Mapping[str, str | None]", given).items()))
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidValue("stages of a migration", given, "expected pairs or a mapping")
    pairs = as_tuple(cast("Iterable[tuple[str, str | None]]", stages))
    for one in cast("tuple[object, ...]", pairs):
        if not _is_pair(one):
            fault = "expected pairs of the key left and the key to go on in"
            raise InvalidValue("stages of a migration", one, fault)
    return pairs


def _is_pair(one: object) -> bool:
    """Return whether it is a key and another one, or `None`."""
    if not isinstance(one, tuple):
        return False
    keys = cast("tuple[object, ...]", one)
    return len(keys) == _PAIR and isinstance(keys[0], str) and isinstance(keys[1], str | None)


@attrs.frozen(kw_only=True)
class Migration:
    """
    Where opportunities go on when one version of a funnel takes the place of another.

    Attributes:
        funnel: Name of the funnel.
        from_version: Version that they leave.
        to_version: Version that they take on.
        stages: Keys of the stages left, each with the stage to go on in, as pairs or a mapping;
            `None` where opportunities stay under the version that they leave.
    """

    funnel: str
    from_version: str
    to_version: str
    stages: tuple[tuple[str, str | None], ...] = attrs.field(converter=_as_pairs)

    def __attrs_post_init__(self) -> None:
        check_text("funnel of a migration", self.funnel)
        check_text(f"version that {self.funnel} leaves", self.from_version)
        check_text(f"version that {self.funnel} takes on", self.to_version)
        if self.from_version == self.to_version:
            fault = "nothing goes on under the version that it has"
            raise InvalidValue(f"version that {self.funnel} takes on", self.to_version, fault)
        if len(self.by_old) < len(self.stages):
            keys = [old for old, _ in self.stages]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InvalidValue(f"stage that {self.title} leaves", twice, "it stands there twice")

    @property
    def title(self) -> str:
        """Return the funnel and both versions."""
        return f"{self.funnel} {self.from_version} → {self.to_version}"

    @cached_property
    def by_old(self) -> Mapping[str, str | None]:
        """Return the stages to go on in by those left."""
        return dict(self.stages)


def check_migration(migration: Migration, old: Funnel, new: Funnel) -> tuple[Finding, ...]:
    """
    Return what is wrong with a migration.

    Args:
        migration: The migration.
        old: The version that is left.
        new: The version that is taken on.

    Returns:
        Findings `funnel-migration-mismatch` where it is one of other funnels or versions,
        `funnel-migration-unknown-stage`, `funnel-migration-stage-left-out` for a stage that it does
        not name, `funnel-migration-stage-stays` for one that it declares to stay,
        `funnel-migration-figures-part` where figures would not take the stays in a stage for stays
        in the one that takes its place, and `funnel-migration-kind-changes`: an error where a sale
        would be closed, opened again, won or no longer won, which `migrate` refuses, else a
        warning.
    """
    found = [
        _fault("funnel-migration-mismatch", migration, text)
        for text in _mismatches(migration, old, new)
    ]
    for key, target in migration.stages:
        for funnel, one in ((old, key), (new, target)):
            if one is not None and one not in funnel.by_key:
                text = f"names {one!r}, which is no stage of {funnel.title}"
                found.append(_fault("funnel-migration-unknown-stage", migration, text))
    for stage in old.stages:
        found += _stage_faults(migration, stage, old, new)
    return tuple(found)


def _stage_faults(
    migration: Migration, stage: Stage, old: Funnel, new: Funnel
) -> Iterator[Finding]:
    name = f"stage {stage.key!r}"
    if stage.key not in migration.by_old:
        text = "is left out, so that opportunities in it cannot go on; name a stage, or None"
        yield fault("funnel-migration-stage-left-out", old, name, text)
        return
    key = migration.by_old[stage.key]
    if key is None:
        text = f"has no stage in {new.title}; opportunities in it stay under the old version"
        yield fault("funnel-migration-stage-stays", old, name, text, Severity.INFO)
        return
    target = new.by_key.get(key)
    if target is not None and target.kind is not stage.kind:
        text = f"is {stage.kind.value}, and {key!r} of {new.title} is {target.kind.value}"
        is_alike = _is_alike(stage.kind, target.kind)
        severity = Severity.WARNING if is_alike else Severity.ERROR
        yield fault("funnel-migration-kind-changes", old, name, text, severity)
    elif target is not None and new.key_now(stage.key) != key:
        text = f"goes on as {key!r} of {new.title}, whose figures do not count stays in it; "
        if stage.key in new.by_key:
            text += f"another stage there is called {stage.key!r} now"
        else:
            text += f"name it in `former` of {key!r}"
        yield fault("funnel-migration-figures-part", old, name, text, Severity.WARNING)


def migrate(
    migration: Migration, old: Funnel, new: Funnel, opportunity: Opportunity, context: Context
) -> Accepted | Refused:
    """
    Return an opportunity that goes on under another version of its funnel.

    The running visit ends, and one under the new version begins, both at the instant of the
    context; visits under the old version stay as they are.
    The probability of the new stage holds unless one was set by hand.
    What is closed keeps its closing day and the reason of its loss.
    Neither criteria nor required fields nor roles are asked for, and no events of the stages happen
    but those of the migration: nothing happened to the sale.
    Asked again, of what is under the new version already, it changes nothing.

    Args:
        migration: The migration.
        old: The version that is left.
        new: The version that is taken on.
        opportunity: The opportunity as it is.
        context: What is known at that moment.

    Returns:
        The opportunity in its new stage, or every reason why it stays as it is: the migration leads
        to no stage from its own, a sale would be closed, opened again, won or no longer won, or
        stage or history do not fit the old version.

    Raises:
        InvalidValue: The migration is one of other funnels or versions.
        UnknownName: The new version has no stage that the migration leads to.
    """
    for text in _mismatches(migration, old, new):
        raise InvalidValue("the migration", migration.title, f"it {text}")
    before = _migrated(new, opportunity, context)
    if before is not None:
        return before
    reasons = list(standing(old, opportunity, None, context))
    source = old.by_key.get(opportunity.stage)
    key = migration.by_old.get(opportunity.stage)
    target = None if key is None else new.stage(key)
    if source is not None:
        reasons += _against(source, target)
    if source is None or target is None or reasons:
        title = new.title
        return Refused(opportunity=opportunity, event=MIGRATE, funnel=title, reasons=reasons)
    mark = _mark(opportunity, context)
    found = accepted(new, opportunity, _step(source, target, new, mark), target, context, ())
    found = attrs.evolve(found, event=MIGRATE) if mark else found
    if source.kind is not StageKind.OPEN and target.kind is not StageKind.OPEN:
        found = _carrying(migration, old, new, found, mark)
    if not target.is_closed:
        return found
    closed = _still_closed(found.opportunity, opportunity.closed_on, opportunity.loss_reason)
    return attrs.evolve(found, opportunity=closed)


def _mark(opportunity: Opportunity, context: Context) -> str:
    """Return what tells a migration from others at the same instant, by way of several versions."""
    number, mark, history = 1, "", context.history
    while history and history.visit(move_id(opportunity.id, f"{MIGRATE}{mark}", context.at)):
        number += 1
        mark = f"_{number}"
    return mark


def _carrying(
    migration: Migration, old: Funnel, new: Funnel, found: Accepted, mark: str
) -> Accepted:
    """Return a migration with a visit of no length that says in which stage to go on one day."""
    history = found.context.history
    if history is None or not history.visits:
        return found
    if found.before.kind is not StageKind.HOLD and history.visits[-1].funnel_version is None:
        return found  # figures would take it for a reopening: nothing tells that it is none
    held = history.came_from(old.open_keys)
    key = None if held is None else migration.by_old.get(held.stage)
    if key is None or key not in new.open_keys:
        return found
    stage = new.stage(key)
    *ended, last = found.visits
    carried = attrs.evolve(
        last,
        id=StageVisitId(move_id(history.opportunity_id, f"{CARRY}{mark}", found.context.at)),
        stage=stage.key,
        kind=stage.kind,
        left_on=last.entered_on,
        left_at=last.entered_at,
    )
    visits = (*ended, carried, last)
    return attrs.evolve(found, visits=visits, history=history.followed(visits))


def _migrated(new: Funnel, opportunity: Opportunity, context: Context) -> Accepted | None:
    """Return that nothing changes where an opportunity is under the new version already."""
    history = context.history
    if history is None or not history.visits:
        return None
    last = history.visits[-1]
    stage = new.by_key.get(opportunity.stage)
    if stage is None or last.funnel_version != new.version:
        return None
    if any(misfits(new, opportunity, history)):
        return None
    return Accepted(
        before=opportunity,
        opportunity=opportunity,
        history=history,
        visits=(),
        event=MIGRATE,
        funnel=new.title,
        context=context,
        step=None,
        stage=stage,
        is_repeat=True,
    )


def _against(source: Stage, target: Stage | None) -> Iterator[Refusal]:
    """Yield what speaks against going on in a stage."""
    if target is None:
        yield Refusal(code=RefusalCode.STAGE_LEFT_OUT, stage=source.key)
    elif not _is_alike(source.kind, target.kind):
        yield Refusal(
            code=RefusalCode.KIND_DIFFERS,
            stage=target.key,
            name=source.kind.value,
            known=(target.kind.value, target.key),
        )


def _is_alike(kind: StageKind, other: StageKind) -> bool:
    """Return whether a sale may change from a kind to another without anything happening to it."""
    return kind is other or any({kind, other} <= set(one) for one in (_GIVEN_UP, _UNDER_WAY))


def _step(source: Stage, target: Stage, new: Funnel, mark: str) -> Step:
    """Return the way of the migration from a stage to another."""
    return Step(
        transition=_way_of(_NO_WAY, f"{MIGRATE}{mark}"),
        source=source,
        target=target,
        passed=(),
        course=Course.MIGRATED,
        asked=(),
        required=(),
        needs_reason=False,
        chance=target.chance,
        arrival=new.arrival(target),
    )


def _mismatches(migration: Migration, old: Funnel, new: Funnel) -> Iterator[str]:
    """Yield how funnels are not those of a migration."""
    meant = (migration.from_version, migration.to_version)
    for funnel, version, verb in zip((old, new), meant, ("leaves", "leads to"), strict=True):
        if (funnel.name, funnel.version) != (migration.funnel, version):
            yield f"{verb} {migration.funnel} {version}, not {funnel.title}"


def _fault(code: str, migration: Migration, text: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=f"migration {migration.title} {text}",
        subject=f"funnels/{migration.funnel}",
    )
