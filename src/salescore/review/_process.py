"""The sales process in a review: the funnel, its bottleneck, losses, what is stale, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

import attrs

from salescore.book import Facts
from salescore.errors import InvalidPeriod, SalesCoreError
from salescore.funnel import (
    Due,
    Funnel,
    FunnelDrawing,
    StageCount,
    StageHistory,
    due,
    funnel_svg,
    histories,
)
from salescore.pipeline import (
    Bottlenecks,
    CohortConversion,
    Losses,
    Passages,
    RepComparison,
    Since,
    SlippageTable,
    StageTimes,
    StaleList,
    Velocity,
    bottlenecks,
    compare_reps,
    losses,
    passages,
    slippage,
    stage_conversions,
    stage_times,
    stale_opportunities,
    velocity,
)
from salescore.playbook import Playbook
from salescore.render import Language, counted
from salescore.values import Finding, Period, WorkingCalendar, day_of

_DAY = timedelta(days=1)
_OPEN = ("open", "hold")


class DueState(Enum):
    """
    How a service limit stands at the end of a day.

    Attributes:
        OVERDUE: It ended on an earlier day.
        TODAY: It ends on this very day.
        IN_TIME: It ends later.
        UNKNOWN: Nobody can say when it ends.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    IN_TIME = "in_time"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class DueSale:
    """
    An open opportunity that stands in a stage with a service limit.

    Attributes:
        due: When it has to have left the stage, and why.
        name: What the opportunity is called; its id where it has no name.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        rep_name: What the rep is called; the id where it has no name.
        state: How the limit stands at the end of the day.
        due_on: Day on which it ends; `None` where nobody can say.
    """

    due: Due
    name: str
    rep_id: str | None
    rep_name: str | None
    state: DueState
    due_on: date | None


@attrs.frozen(kw_only=True)
class FunnelReview:
    """
    How sales go through one funnel.

    Attributes:
        funnel: The version in force on the day.
        conversions: Of the sales that first reached each stage in the period, how many came to the
            next; in the order of the funnel.
        last_reached: How many first reached the last stage, that of winning, in the period.
        compared_with: The period before, which the bottleneck is told against; `None` where the
            calendar begins here.
        compared_until: Last day of it that counts: where the period under review is not over, a
            day as far into the one before, which is then told as it was known on that day; `None`
            where there is none.
        bottlenecks: Stages by the wins that they cost against the period before; `None` where
            there is none.
        has_limits: Whether any stage has a service limit.
        dues: Open opportunities in stages with a service limit, what is due first first.
        ways: How far every sale on record came.
    """

    funnel: Funnel
    conversions: tuple[CohortConversion, ...]
    last_reached: int
    compared_with: Period | None
    compared_until: date | None
    bottlenecks: Bottlenecks | None
    has_limits: bool
    dues: tuple[DueSale, ...]
    ways: Passages = attrs.field(repr=False)

    @property
    def counts(self) -> tuple[StageCount, ...]:
        """Return how many first reached each stage in the period, and how many of them went on."""
        steps = [StageCount(one.source, one.n, one.converted) for one in self.conversions]
        return (*steps, StageCount(self.ways.stages[-1], self.last_reached))

    def of_state(self, *states: DueState) -> tuple[DueSale, ...]:
        """Return the opportunities whose limit stands so at the end of the day."""
        return tuple(one for one in self.dues if one.state in states)

    def label(self, stage: str, language: Language) -> str:
        """
        Return what a reader calls a stage, be it by a key of an earlier version.

        Args:
            stage: Its key, which is returned where it has no label.
            language: Language of the label.
        """
        known = self.funnel.by_key.get(self.funnel.key_now(stage))
        return ("" if known is None else language.pick(known.labels)) or stage

    def drawing(self, language: Language = Language.EN) -> FunnelDrawing:
        """Return the counts as a drawing, which a notebook shows by itself."""
        return funnel_svg(self.funnel, self.counts, language)


@attrs.frozen(kw_only=True)
class ProcessReview:
    """
    What is to be told of the sales process of a period.

    Attributes:
        as_of: Day of the question: the last of the period, or the last whose facts are seen.
        funnels: How sales go through each funnel of the playbook.
        no_funnel: Why there is none; `None` where there is one.
        times: How long sales stay in each stage, of all stays on record: of each funnel, or of
            whatever visits name where there is none.
        losses: What was lost in the period, by stage and reason.
        open_slippage: How often the close dates of what is open were pushed, and what is past due.
        closed_slippage: How often those of what closed in the period were.
        velocity: What the open pipeline brings a day, by the rates of the period.
        stale: What is open without a precedent among the won, or past its close date. The age
            counts from creation, or from first contact where that is known of more won ones.
        reps: The reps' win rates in the period, with what chance alone would make of them.
    """

    as_of: date
    funnels: tuple[FunnelReview, ...]
    no_funnel: str | None
    times: tuple[StageTimes, ...]
    losses: Losses
    open_slippage: SlippageTable
    closed_slippage: SlippageTable
    velocity: Velocity
    stale: StaleList
    reps: RepComparison

    def label(self, stage: str, language: Language) -> str | None:
        """
        Return what the funnels call a stage.

        Args:
            stage: Its key.
            language: Language of the label.

        Returns:
            `None` where no funnel has the stage, or they call it by different names.
        """
        found = {
            one.label(stage, language)
            for one in self.funnels
            if one.funnel.key_now(stage) in one.funnel.by_key
        }
        return found.pop() if len(found) == 1 else None


def process_review(
    facts: Facts,
    during: Period,
    playbook: Playbook | None,
    working: WorkingCalendar | None,
) -> tuple[ProcessReview | None, tuple[Finding, ...], tuple[str, ...]]:
    """
    Return what is to be told of the sales process, with findings and notes.

    Args:
        facts: The fact tables.
        during: The period; if it goes beyond the last day of the facts, that day counts.
        playbook: Rules whose funnels say what the stages are; `None` for none.
        working: Working days and hours for service limits; `None` where nobody knows them.

    Returns:
        `None` for the process where no opportunity is known.
    """
    day = during.last_day if facts.as_of is None else min(during.last_day, facts.as_of)
    seen = facts.at(day)
    if not len(seen.table("opportunities")):
        return None, (), ()
    found: list[FunnelReview] = []
    findings: tuple[Finding, ...] = ()
    notes: list[str] = []
    names = [] if playbook is None else list(dict.fromkeys(one.name for one in playbook.funnels))
    if playbook is not None and names:
        known, findings = histories(seen.known.book)
        sight = _Sight(facts, seen, during, day, known, working)
        for name in names:
            try:
                funnel = playbook.funnel(name, day)
                if funnel is None:
                    notes.append(f"No version of funnel {name} is in force on {day}.")
                    continue
                found.append(sight.funnel(funnel))
            except SalesCoreError as error:
                notes.append(f"Nothing is told of funnel {name}: {error}.")
    notes += _left_out(found)
    no_funnel = "no funnel can be asked" if names else "no funnel was given"
    review = ProcessReview(
        as_of=day,
        funnels=tuple(found),
        no_funnel=None if found else no_funnel,
        times=tuple(stage_times(seen, funnel=one.funnel) for one in found) or (stage_times(seen),),
        losses=losses(seen, during=during),
        open_slippage=slippage(seen),
        closed_slippage=slippage(seen, during=during),
        velocity=velocity(seen, during=during),
        stale=stale_opportunities(seen, since=_beginning(seen)),
        reps=compare_reps(seen, during=during),
    )
    return review, findings, tuple(notes)


def _beginning(facts: Facts) -> Since:
    """Return from which day on the age counts: that which is on record of more won ones."""
    table = facts.table("opportunities")
    columns = (table.column(name) for name in ("kind", "created_on", "first_contact_on"))
    known = [
        (created is not None, first is not None)
        for kind, created, first in zip(*columns, strict=True)
        if kind == "won"
    ]
    by_creation, by_contact = (sum(one[place] for one in known) for place in (0, 1))
    return "first_contact" if by_contact > by_creation else "created"


def _left_out(found: Sequence[FunnelReview]) -> Iterator[str]:
    """Yield which visits funnels leave out."""
    for one in found:
        for gone in one.ways.excluded:
            rows = f"{counted(gone.n, gone.table)}, {gone.reason}"
            yield f"Left out of funnel {one.funnel.title}: {rows}."


@attrs.frozen
class _Sight:
    """The facts that funnels are looked at through."""

    facts: Facts
    seen: Facts
    during: Period
    day: date
    histories: Sequence[StageHistory]
    working: WorkingCalendar | None

    def funnel(self, funnel: Funnel) -> FunnelReview:
        ways = passages(funnel, self.seen)
        before = _before(self.facts, self.during)
        costs = then = None
        if before is not None:
            then = self._as_far_into(before)
            # Were the earlier ones seen as they stand today, they would have had more time.
            ways_then = passages(funnel, self.facts.at(then))
            costs = bottlenecks(ways, ways_then, during=self.during, benchmark_during=before)
        last = ways.stages[-1]
        return FunnelReview(
            funnel=funnel,
            conversions=stage_conversions(ways, during=self.during),
            last_reached=sum(
                day is not None and day in self.during
                for day in (one.reached[ways.place(last)] for one in ways.rows)
            ),
            compared_with=before,
            compared_until=then,
            bottlenecks=costs,
            has_limits=any(one.limit is not None for one in funnel.stages),
            dues=tuple(self._dues(funnel)),
            ways=ways,
        )

    def _as_far_into(self, before: Period) -> date:
        """Return the day as far into the period before as that of the question is into its own."""
        if self.day < self.during.last_day:
            return min(before.last_day, before.start + (self.day - self.during.start))
        return before.last_day

    def _dues(self, funnel: Funnel) -> Iterator[DueSale]:
        table = self.seen.table("opportunities")
        columns = (table.column(name) for name in ("id", "kind", "rep_id"))
        reps = {key: rep for key, kind, rep in zip(*columns, strict=True) if kind in _OPEN}
        opened = [one for one in self.histories if one.opportunity_id in reps]
        zone = self.seen.zone if self.working is None else self.working.zone
        for one in due(funnel, opened, self._end(zone), self.working, zone=zone):
            rep = reps[one.opportunity_id]
            due_on = None if one.due_at is None else day_of(one.due_at, zone)
            yield DueSale(
                due=one,
                name=self.seen.label("opportunities", one.opportunity_id),
                rep_id=rep,
                rep_name=None if rep is None else self.seen.label("sales_reps", rep),
                state=self._state(due_on, one),
                due_on=due_on,
            )

    def _end(self, zone: str) -> datetime:
        """Return the end of the day on the wall of a zone."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - loaded when a zone is first needed

        # No period ends on the last day that there is, so every day has a morrow.
        return datetime.combine(self.day + _DAY, time.min, ZoneInfo(zone)).astimezone(UTC)

    def _state(self, due_on: date | None, one: Due) -> DueState:
        if due_on is None:
            return DueState.UNKNOWN if one.is_overdue is None else DueState.IN_TIME
        if due_on == self.day:
            return DueState.TODAY
        return DueState.OVERDUE if due_on < self.day else DueState.IN_TIME


def _before(facts: Facts, during: Period) -> Period | None:
    """Return the period before; `None` where the calendar does not reach back that far."""
    try:
        return facts.calendar.previous(during)
    except InvalidPeriod:
        return None
