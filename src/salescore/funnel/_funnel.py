"""`Funnel`: a sales process as data, in one version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import cast

import attrs

from salescore.entities import StageKind, StageVisit, StageVisitId
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel._guard_fields import EVENT_NAMES
from salescore.funnel._names import as_override_roles, check_text
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._stage import Stage, as_members, check_choice, check_labels, check_members
from salescore.funnel._step import Asked, Course, Step, asked_for, course_of, is_given_up
from salescore.funnel._transition import Transition


class StepPolicy(Enum):
    """
    Whether a funnel lets opportunities leave out stages, or go back.

    Attributes:
        ALLOWED: It does.
        WITH_REASON: It does where a reason is given.
        REFUSED: It does not.
    """

    ALLOWED = "allowed"
    WITH_REASON = "with_reason"
    REFUSED = "refused"


_NO_DAY = date(1, 1, 1)


@attrs.frozen(kw_only=True)
class Funnel:
    """
    A sales process in one version: stages, and the ways between them.

    The order of the stages is that in which a sale goes through them.
    It says what is skipped and what is a step back: of stages that are open or won.
    Of several versions `rules.in_force(versions, day, name)` picks the one for new opportunities;
    `begin` takes the version that it is given, so that records of the past can be made up later.

    Attributes:
        name: What records call the funnel.
        version: Version; another one is another funnel, and rewrites nothing.
        stages: The stages in order.
        transitions: The ways between them.
        labels: English and Chinese label, in this order.
        skip: Whether stages may be left out. A stage left out must be fulfilled all the same: its
            required fields and exit criteria are asked for.
        back: Whether opportunities may go back to an earlier stage.
        override_roles: Who may pass over what is not fulfilled, giving a reason; empty for anybody.
        valid_from: First day on which new opportunities take this version; `None` without a
            beginning.
        valid_until: Last day on which they do; `None` while it lasts.
        source: Where the process comes from; `None` where nobody said.
    """

    name: str
    version: str
    stages: tuple[Stage, ...] = attrs.field(converter=as_members)
    transitions: tuple[Transition, ...] = attrs.field(converter=as_members)
    labels: tuple[str, str] = ("", "")
    skip: StepPolicy = StepPolicy.ALLOWED
    back: StepPolicy = StepPolicy.ALLOWED
    override_roles: tuple[str, ...] = attrs.field(default=(), converter=as_override_roles)
    valid_from: date | None = None
    valid_until: date | None = None
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        check_text("name of a funnel", self.name)
        check_text(f"version of {self.name}", self.version)
        check_members(f"stages of {self.name}", self.stages, Stage)
        check_members(f"transitions of {self.name}", self.transitions, Transition)
        check_labels(f"labels of {self.name}", self.labels)
        if not self.stages:
            raise InvalidValue(f"stages of {self.name}", (), "a funnel needs at least one stage")
        self._check_keys()
        check_choice(f"skip of {self.name}", self.skip, StepPolicy)
        check_choice(f"back of {self.name}", self.back, StepPolicy)
        self._check_days()

    def _check_keys(self) -> None:
        known: set[str] = set()
        for one in self.stages:
            if one.key in known:
                raise InvalidValue(f"stage of {self.name}", one.key, "it stands there twice")
            known.add(one.key)
        for way in self.transitions:
            for key in (*way.sources, *(() if way.target is None else (way.target,))):
                if key not in known:
                    what = f"stage of {self.name} for {way.event}"
                    raise UnknownName(what, key, tuple(sorted(known)))
        for one in self.stages:
            for key in one.former:
                if key in known:
                    fault = f"a stage is called so, or was; {one.key} cannot have been, too"
                    raise InvalidValue(f"former key of {one.key}", key, fault)
                known.add(key)

    def _check_days(self) -> None:
        for name, day in (("valid_from", self.valid_from), ("valid_until", self.valid_until)):
            other = cast("object", day)
            if other is not None and (isinstance(other, datetime) or not isinstance(other, date)):
                raise InvalidValue(f"{name} of {self.name}", day, "expected a date without a time")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            fault = f"it lies before valid_from, {self.valid_from}"
            raise InvalidValue(f"valid_until of {self.name}", self.valid_until, fault)

    @cached_property
    def title(self) -> str:
        """Return name and version, as events and refusals tell them."""
        return f"{self.name} {self.version}"

    @cached_property
    def by_key(self) -> Mapping[str, Stage]:
        """Return the stages by key."""
        return {one.key: one for one in self.stages}

    @cached_property
    def _by_former(self) -> Mapping[str, str]:
        return {key: one.key for one in self.stages for key in one.former}

    def key_now(self, key: str) -> str:
        """
        Return what this version calls a stage of which a record may bear an earlier key.

        Args:
            key: A key of this version or of an earlier one; any other is returned as it is.
        """
        return self._by_former.get(key, key)

    def stage(self, key: str) -> Stage:
        """
        Return the stage of a key.

        Raises:
            UnknownName: The funnel has no such stage.
        """
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownName(f"stage of {self.name}", key, tuple(self.by_key)) from None

    @property
    def start(self) -> Stage:
        """
        Return the stage in which opportunities begin: the first that is open.

        Raises:
            InvalidValue: No stage is open.
        """
        for one in self.stages:
            if one.kind is StageKind.OPEN:
                return one
        raise InvalidValue(f"stages of {self.name}", tuple(self.by_key), "none of them is open")

    @cached_property
    def open_keys(self) -> frozenset[str]:
        """Return the keys of the stages that are open."""
        return frozenset(one.key for one in self.stages if one.kind is StageKind.OPEN)

    @cached_property
    def _through(self) -> tuple[Stage, ...]:
        """Return the stages that a sale goes through: the open, and the won."""
        return tuple(one for one in self.stages if one.kind in (StageKind.OPEN, StageKind.WON))

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Return the places of the stages that a sale goes through: the open, and the won."""
        return {one.key: place for place, one in enumerate(self._through)}

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Return the names of all events, each once."""
        return tuple(dict.fromkeys(one.event for one in self.transitions))

    @cached_property
    def steps(self) -> Mapping[tuple[str, str], tuple[Step, ...]]:
        """Return the transitions, ready to be asked, by key of the stage and event."""
        found: dict[tuple[str, str], list[Step]] = {}
        for way in self.transitions:
            guards = tuple(asked_for(one, None) for one in way.guards)
            for key in way.sources:
                step = self._step_of(way, guards, self.by_key[key])
                found.setdefault((key, way.event), []).append(step)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def _exits(self) -> Mapping[str, tuple[Asked, ...]]:
        """Return the exit criteria by key of the stage, compiled once for all steps."""
        return {
            one.key: tuple(asked_for(criterion, one.key) for criterion in one.exit_criteria)
            for one in self.stages
        }

    def _step_of(self, way: Transition, guards: tuple[Asked, ...], source: Stage) -> Step:
        """Return a transition out of a stage, with what it comes to where the history tells."""
        target = None if way.target is None else self.by_key[way.target]
        step = self._step((way, guards), source, target, source)
        is_held = source.kind is StageKind.HOLD
        if target is not None and not is_held:
            return step
        after = (
            (one.key, self._step((way, guards), source, target or one, one if is_held else source))
            for one in self.stages
            if one.kind is StageKind.OPEN
        )
        return attrs.evolve(step, after=tuple(after), is_plain=False)

    def _step(
        self,
        guarded: tuple[Transition, tuple[Asked, ...]],
        source: Stage,
        target: Stage | None,
        origin: Stage,
    ) -> Step:
        """Return a transition out of a stage; from a hold it goes on as from the stage before."""
        way, guards = guarded
        first = self.order.get(origin.key)
        last = None if target is None else self.order.get(target.key)
        is_later = first is not None and last is not None and first < last
        passed = self.between(origin.key, target.key) if target and is_later else ()
        course = course_of(source, target, origin, is_later=is_later)
        left = (source, origin, *passed) if course is Course.ON else ()
        asked = [
            one for key in dict.fromkeys(stage.key for stage in left) for one in self._exits[key]
        ]
        asked += guards
        required = [name for stage in passed for name in stage.required]
        if target is not None:
            required += target.required
        needs_reason = (
            way.needs_reason
            or is_given_up(target)
            or (bool(passed) and self.skip is StepPolicy.WITH_REASON)
            or (course is Course.BACK and self.back is StepPolicy.WITH_REASON)
        )
        forbidden = tuple(self._forbidden(passed, target if course is Course.BACK else None))
        reads_event = any(not EVENT_NAMES.isdisjoint(one.reads) for one in asked)
        asks = (way.roles, required, way.required, needs_reason, forbidden, reads_event)
        return Step(
            transition=way,
            source=source,
            target=target,
            passed=passed,
            course=course,
            asked=tuple(asked),
            required=tuple(dict.fromkeys((*required, *way.required))),
            needs_reason=needs_reason,
            forbidden=forbidden,
            reads_event=reads_event,
            is_plain=target is not None and not any(asks),
            chance=None if target is None else target.chance,
            arrival=None if target is None else self.arrival(target),
        )

    def _forbidden(self, passed: tuple[Stage, ...], back_to: Stage | None) -> Iterator[Refusal]:
        if passed and self.skip is StepPolicy.REFUSED:
            known = tuple(one.key for one in passed)
            yield Refusal(code=RefusalCode.SKIP_REFUSED, stage=passed[0].key, known=known)
        if back_to is not None and self.back is StepPolicy.REFUSED:
            yield Refusal(code=RefusalCode.BACK_REFUSED, stage=back_to.key)

    def arrival(self, stage: Stage) -> StageVisit:
        """Return a visit of a stage, as yet nobody's and without its day."""
        return StageVisit(
            id=StageVisitId("-"),
            stage=stage.key,
            kind=stage.kind,
            funnel=self.name,
            funnel_version=self.version,
            entered_on=_NO_DAY,
        )

    def between(self, source: str, target: str) -> tuple[Stage, ...]:
        """Return the open stages that lie between a stage and a later one, none if it is not."""
        first, last = self.order.get(source), self.order.get(target)
        if first is None or last is None:
            return ()
        return tuple(one for one in self._through[first + 1 : last] if one.kind is StageKind.OPEN)

    def events_from(self, stage: str) -> tuple[str, ...]:
        """
        Return the events that lead out of a stage, each once.

        Raises:
            UnknownName: The funnel has no such stage.
        """
        self.stage(stage)
        return tuple(dict.fromkeys(one.event for one in self.transitions if stage in one.sources))
