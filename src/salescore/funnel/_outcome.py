"""What a decision comes to: `Accepted` with all that changes, or `Refused` with every reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import attrs

from salescore.entities import Event, Opportunity, StageVisit
from salescore.funnel._context import Context
from salescore.funnel._events import move_events
from salescore.funnel._funnel import Funnel
from salescore.funnel._history import StageHistory
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._refusal_text import refusal_words, stage_words
from salescore.funnel._stage import Criterion, Stage
from salescore.funnel._step import Step
from salescore.plain import FieldTable, as_tuple
from salescore.render import Language
from salescore.rules import Conjunction, Lever, Reach, reach

_OR_TO = ("or, to {}: {}", "或转入{}：{}")
_OR_BACK = ("or, to the stage before: {}", "或恢复至原阶段：{}")
_THEN = ("; ", "；")


@attrs.frozen(kw_only=True)
class Alternative:
    """
    Another transition of a refused event, with all that speaks against it.

    Attributes:
        target: Key of the stage that it leads to; `None` where the history would tell.
        reasons: Every reason against it, those against any transition of the event among them.
    """

    target: str | None
    reasons: tuple[Refusal, ...] = attrs.field(converter=as_tuple)

    @property
    def is_overridable(self) -> bool:
        """Return whether an override with a reason passes over all of it."""
        return all(one.is_overridable for one in self.reasons)

    def text(self, language: Language = Language.EN, *, funnel: Funnel | None = None) -> str:
        """Return where it leads and what speaks against it, in one line; see `Refused.text`."""
        said = language.pick(_THEN).join(
            refusal_words(one, language, funnel=funnel) for one in self.reasons
        )
        if self.target is None:
            return language.pick(_OR_BACK).format(said)
        return language.pick(_OR_TO).format(stage_words(self.target, language, funnel), said)


@attrs.frozen(kw_only=True)
class Refused:
    """
    An event that is refused, with every reason at once; nothing changes.

    Attributes:
        opportunity: The opportunity, as it is.
        event: The event.
        funnel: Name and version of the funnel.
        reasons: Every reason, in the order of asking; of several transitions those against the one
            that the least speaks against.
        criteria: All criteria of the transition that the reasons are against, fulfilled or not.
        alternatives: The other transitions of the same event, each with its own reasons.
    """

    opportunity: Opportunity
    event: str
    funnel: str
    reasons: tuple[Refusal, ...] = attrs.field(converter=as_tuple)
    criteria: tuple[Criterion, ...] = attrs.field(default=(), converter=as_tuple)
    alternatives: tuple[Alternative, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def is_accepted(self) -> bool:
        """Return that it is not accepted."""
        return False

    @property
    def is_overridable(self) -> bool:
        """Return whether an override with a reason, and nothing else, would let it pass."""
        return all(one.is_overridable for one in self.reasons)

    @property
    def besides_override(self) -> tuple[Refusal, ...]:
        """
        Return what an override would not pass over, such as a reason that is lacking.

        Where it differs from `reasons` an override helps, and this must be mended besides.
        """
        return tuple(one for one in self.reasons if not one.is_overridable)

    @property
    def codes(self) -> tuple[RefusalCode, ...]:
        """Return the codes of the reasons, each once."""
        return tuple(dict.fromkeys(one.code for one in self.reasons))

    def ways(
        self, table: FieldTable, actionable: Iterable[Lever | str], *, most: int = 5
    ) -> Reach | None:
        """
        Return the cheapest changes of fields that would fulfil all criteria together.

        Those that are fulfilled stay so. Other reasons, such as a missing field, are left aside.

        Args:
            table: The fields of the row, as `guard_schema` gives them.
            actionable: Fields that can change.
            most: Most ways to return.

        Returns:
            `None` where no criterion is at fault, or the row lacks fields.

        Raises:
            SalesCoreError: As of `reach`.
        """
        unmet = [one for one in self.reasons if one.criterion is not None]
        row = unmet[0].row if unmet else None
        if row is None or any(one.code is RefusalCode.CRITERION_UNREADABLE for one in unmet):
            return None
        rules = tuple(one.rule for one in self.criteria)
        return reach(Conjunction(rules), row, table, tuple(actionable), most=most)

    def text(self, language: Language = Language.EN, *, funnel: Funnel | None = None) -> str:
        """
        Return all reasons in words, one a line, and then each alternative in a line.

        Args:
            language: The language.
            funnel: The funnel, whose labels stand for stages, events and fields; `None` shows keys.
        """
        lines = [refusal_words(one, language, funnel=funnel) for one in self.reasons]
        more = [one.text(language, funnel=funnel) for one in self.alternatives]
        return "\n".join([*lines, *more])


@attrs.frozen(kw_only=True)
class Accepted:
    """
    An event that is accepted, with all that the caller is to keep, all or nothing.

    Attributes:
        before: The opportunity as it was.
        opportunity: The opportunity as it is now.
        history: The stages that it went through, the new one included.
        visits: The visits to keep: the one that ended, where known, and the one that began.
        event: The event asked for.
        funnel: Name and version of the funnel.
        context: What was known.
        step: The transition that it took; `None` where the opportunity only began, or was accepted
            before.
        stage: The stage that it is in now.
        overridden: What would have refused it, and was passed over.
        is_repeat: Whether the same event had been accepted before, and nothing changes.
    """

    before: Opportunity = attrs.field(repr=False)
    opportunity: Opportunity
    history: StageHistory = attrs.field(repr=False)
    visits: tuple[StageVisit, ...] = attrs.field(repr=False)
    event: str
    funnel: str
    context: Context = attrs.field(repr=False)
    step: Step | None = attrs.field(repr=False)
    stage: Stage = attrs.field(repr=lambda one: repr(one.key))
    overridden: tuple[Refusal, ...] = ()
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """Return that it is accepted."""
        return True

    @property
    def records(self) -> tuple[Opportunity | StageVisit, ...]:
        """Return the records to keep, in order: opportunity and visits. A repeat has none."""
        return () if self.is_repeat else (self.opportunity, *self.visits)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """
        Return the events to append; their ids are the same each time, so that a retry is harmless.

        The first says which stage was entered, and from where; then what changed in kind, an
        override, and the events that the stages and the transition name. A repeat has none.
        """
        if self.is_repeat:
            return ()
        return move_events(
            self.visits[-1].id,
            (self.before, self.opportunity),
            (None if self.step is None else self.step.source, self.stage),
            self.step,
            self.context,
            event=self.event,
            funnel=self.funnel,
            overridden=self.overridden,
        )
