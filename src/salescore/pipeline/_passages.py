"""How far sales came in a funnel, and when: one passage for each lead or opportunity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel
from salescore.metrics import (
    AnyFacts,
    Exclusion,
    FigureSource,
    source_of,
)
from salescore.pipeline._passage_reduction import DAY_ZERO, passage_reduction
from salescore.pipeline._slicing import Slicing
from salescore.pipeline._visited import CLOSED
from salescore.pipeline._win_policy import WinPolicy, check_policy
from salescore.plain import as_tuple
from salescore.render import NOTHING

_VISITS = "stage_visits"
_WON, *_GIVEN_UP = CLOSED

Spell = tuple[date, date | None]
"""From which day to which; `None` where it goes on."""


class SkippedStages(Enum):
    """
    Whether a sale that left a stage out has reached it.

    Attributes:
        REACHED: It has, on the day it came to a later stage.
        APART: It has not; a stage is reached by a visit alone.
    """

    REACHED = "reached"
    APART = "apart"


@attrs.frozen(kw_only=True)
class Passage:
    """
    How far one sale came in a funnel; a lead and the opportunity that it became are one sale.

    Attributes:
        sale: Record type and id of the opportunity, or of the lead that became none.
        group: Value of the dimension asked for, that of its first visit; `None` without one.
        reached: Day on which it first reached each stage; `None` where it did not.
        is_given_up: Whether it was lost or came to nothing, and stands so.
        given_up_on: Day of that; `None` where it was not given up, or nobody kept the day.
        given_up: From which day to which it was given up, in order, also where it was opened again;
            the end is `None` where it stands so.
    """

    sale: str
    group: str | None
    reached: tuple[date | None, ...] = attrs.field(converter=as_tuple)
    is_given_up: bool = False
    given_up_on: date | None = None
    given_up: tuple[Spell, ...] = attrs.field(default=(), converter=as_tuple)


@attrs.frozen(kw_only=True)
class Passages:
    """
    How far sales came in a funnel.

    Attributes:
        funnel: Name and version of the funnel.
        stages: Keys of its stages in order: the open ones, and the won.
        won: Key of the first won stage; `None` where the funnel has none.
        rows: One per sale, by its id.
        as_of: Last day whose facts are seen; `None` where nobody can tell, for nothing happened.
        by: The dimension of the groups; `None` without one.
        names: Values of the dimension and what to call them.
        skipped: Whether stages that were left out count as reached.
        policy: Which win counts of a sale that was opened again.
        never: Keys of stages in which nobody ever was, though later ones were reached; shares from
            and to them are undefined.
        excluded: Visits left out, with reasons.
        lack: Why nothing at all is known; `None` where figures can be asked for.
    """

    funnel: str
    stages: tuple[str, ...] = attrs.field(converter=as_tuple)
    won: str | None
    rows: tuple[Passage, ...] = attrs.field(converter=as_tuple, repr=False)
    as_of: date | None
    by: str | None = None
    names: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_tuple, repr=False)
    skipped: SkippedStages = SkippedStages.REACHED
    policy: WinPolicy = WinPolicy.LAST
    never: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    excluded: tuple[Exclusion, ...] = attrs.field(default=(), converter=as_tuple)
    lack: str | None = None

    def place(self, stage: str) -> int:
        """
        Return the place of a stage.

        Args:
            stage: Its key.

        Raises:
            UnknownName: No stage that is open or won has this key.
        """
        if stage not in self.stages:
            raise UnknownName(f"stage of {self.funnel}", stage, self.stages)
        return self.stages.index(stage)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the values of the dimension, in order; sales without one have no place here."""
        return tuple(sorted({one.group for one in self.rows if one.group is not None}))

    def label(self, group: str | None) -> str:
        """Return what to call a value of the dimension; an en dash for sales without one."""
        return NOTHING if group is None else dict(self.names).get(group, group)

    def of(self, group: str | None) -> Passages:
        """
        Return the sales of one value of the dimension, `None` being those without one.

        Raises:
            UnknownName: No sale has this value.
        """
        return self._those(group, lambda one: one.group == group)

    def others(self, group: str | None) -> Passages:
        """
        Return the sales of all other values of the dimension.

        Raises:
            UnknownName: No sale has this value.
        """
        return self._those(group, lambda one: one.group != group)

    def _those(self, group: str | None, belongs: Callable[[Passage], bool]) -> Passages:
        if self.by is None:
            raise InvalidValue("by", None, "these passages were made without a dimension")
        if group is not None and group not in self.groups:
            raise UnknownName(self.by, group, self.groups)
        return attrs.evolve(self, rows=filter(belongs, self.rows))


def passages(
    funnel: Funnel,
    facts: AnyFacts,
    *,
    by: str | None = None,
    skipped: SkippedStages = SkippedStages.REACHED,
    policy: WinPolicy = WinPolicy.LAST,
    as_of: date | None = None,
) -> Passages:
    """
    Return how far every sale on record came in a funnel.

    A stage is reached on the day of its first visit, or of the first visit of a later stage where
    stages left out count as reached; coming back changes nothing.
    A stay that a new version of the funnel parts is one, in the stage where it ended; what a
    migration only notes, on hold or after the end, reaches nothing.
    A won opportunity has reached the won stage also where no visit tells of it.
    Visits of a lead count for the opportunity that it became.

    Args:
        funnel: The funnel; visits that name none are taken for its own, and those of its other
            versions count by the key of their stage, or of the one that names it as `former`.
        facts: The fact tables of a book, or another source.
        by: Dimension to group by, such as `team` or `source`.
        skipped: Whether stages left out count as reached.
        policy: Which win counts of an opportunity that was opened again: the last, which must
            stand, or the first, whatever came after. Each close is counted by `funnel_chain`.
        as_of: Last day whose facts are seen; by default the last that the facts tell of.

    Raises:
        UnknownName: There is no such dimension of stage visits.
        InvalidValue: It is no funnel, has no stage that is open or won, or `policy` is neither the
            first win nor the last.
    """
    check_policy(policy)
    if not isinstance(cast("object", funnel), Funnel):
        fault = "expected a Funnel; a name alone does not tell the order of the stages"
        raise InvalidValue("funnel", funnel, fault)
    source = source_of(facts)
    day = day_of_facts(source, as_of)
    if as_of is not None:
        source = source.at(as_of)
    if not funnel.order:
        raise InvalidValue(f"stages of {funnel.name}", (), "none is open or won")
    slicing = Slicing.of(source, _VISITS, by)
    column = next(iter(slicing.keys()), None)
    (visits,) = source.reduce([passage_reduction(funnel, by=column)], None)
    found = _Ways(funnel, skipped, policy)
    place = None if column is None else visits.reduction.keys.index(column)
    for key, first, stands, end, begins, ends, n in zip(
        visits.keys, *visits.values, visits.counts[0], strict=True
    ):
        found.add(key, None if place is None else key[place], (first, stands, end), n)
        found.give_up(key[0], begins, ends)
    rows = found.rows()
    has_any = source.has_rows(_VISITS)
    return Passages(
        funnel=funnel.title,
        stages=funnel.order,
        won=next((key for key in funnel.order if key not in funnel.open_keys), None),
        rows=rows,
        as_of=day,
        by=by,
        names=[
            (group, slicing.labels((group,))[0])
            for group in sorted({one.group for one in rows if one.group is not None})
        ],
        skipped=skipped,
        policy=policy,
        excluded=found.excluded,
        never=found.never,
        lack=source.lack or (None if has_any else "no stage visits are on record") or found.lack,
    )


def day_of_facts(source: FigureSource, as_of: date | None) -> date | None:
    """Return the day as of which facts are looked at: that asked for, else the last they tell."""
    if as_of is None:
        return source.last_day
    if isinstance(as_of, datetime) or not isinstance(cast("object", as_of), date):
        raise InvalidValue("as_of", as_of, "it must be a day, such as date(2026, 3, 31)")
    return as_of


class _Way:
    """What the rows of one sale say together."""

    def __init__(self, many: int) -> None:
        self.reached: list[date | None] = [None] * many
        self.wins: list[date | None] = [None] * many
        self.first: tuple[date, bool, str] | None = None
        self.ended_as: str | None = None
        self.ended_on: date | None = None

    def given_up(self, begins: Sequence[date], ends: Sequence[date]) -> list[Spell]:
        """Return when it was given up; what stands began on the day that the record states."""
        stands = begins[len(ends) :][-1:]
        if self.ended_as not in _GIVEN_UP:
            stands = []
        elif self.ended_on is not None:
            stands = [self.ended_on]
        # Spells do not overlap, so that the first to begin is the first to end.
        return [*zip(begins, ends, strict=False), *((day, None) for day in stands)]


class _Ways:
    """The ways of all sales, put together row by row."""

    def __init__(self, funnel: Funnel, skipped: SkippedStages, policy: WinPolicy) -> None:
        self._funnel = funnel
        self._skipped = skipped
        self._policy = policy
        self._ways: dict[str, _Way] = {}
        self._given_up: dict[str, tuple[list[date], list[date]]] = {}
        self._nobodys = self._strange = self._undated = 0
        self._visited: set[int] = set()
        self._has_own = False

    def add(
        self,
        key: Sequence[str | None],
        group: str | None,
        days: tuple[date | None, date | None, date | None],
        n: int,
    ) -> None:
        """Add n visits of one sale to one stage: when first, when if won for good, and its end."""
        sale, stage, ended_as = key[:3]
        day, stands, end = days
        if day is None or stage is None:
            return  # visits of another funnel
        self._has_own = True
        if sale is None:
            self._nobodys += n
            return
        stage = self._funnel.key_now(stage)
        place = self._funnel.order.get(stage)
        if place is None:
            self._strange += 0 if stage in self._funnel.by_key else n
            return
        self._visited.add(place)
        way = self._ways.setdefault(sale, _Way(len(self._funnel.order)))
        way.reached[place] = _earlier(way.reached[place], day)
        win = day if self._policy is WinPolicy.FIRST else stands
        way.wins[place] = _earlier(way.wins[place], win)
        first = (day, group is None, group or "")
        way.first = first if way.first is None else min(way.first, first)
        way.ended_as, way.ended_on = ended_as, end

    def give_up(self, sale: str | None, begins: Sequence[Decimal], ends: Sequence[Decimal]) -> None:
        """Add the days on which a sale was given up, and opened again, as days since 1970."""
        if sale is not None and begins:
            began, ended = self._given_up.setdefault(sale, ([], []))
            began.extend(DAY_ZERO + timedelta(int(one)) for one in begins)
            ended.extend(DAY_ZERO + timedelta(int(one)) for one in ends)

    def rows(self) -> list[Passage]:
        """Return the passages by id; a win on a day that nobody knows is left out and counted."""
        funnel = self._funnel
        won = next((n for n, key in enumerate(funnel.order) if key not in funnel.open_keys), None)
        found: list[Passage] = []
        for sale, way in sorted(self._ways.items()):
            reached, wins = way.reached, way.wins
            if won is not None and way.ended_as == _WON:
                wins[won] = _earlier(wins[won], way.ended_on)
                if wins[won] is None:
                    self._undated += 1
                    continue
                reached[won] = _earlier(reached[won], wins[won])
            if self._skipped is SkippedStages.REACHED:
                _fill(reached)
                _fill(wins)
            for key, place in funnel.order.items():
                if key not in funnel.open_keys:
                    reached[place] = wins[place]  # what was undone told of the stages before it
            group = None if way.first is None or way.first[1] else way.first[2]
            is_given_up = way.ended_as in _GIVEN_UP
            found.append(
                Passage(
                    sale=sale,
                    group=group,
                    reached=reached,
                    is_given_up=is_given_up,
                    given_up_on=way.ended_on if is_given_up else None,
                    given_up=way.given_up(*map(sorted, self._given_up.get(sale, ((), ())))),
                )
            )
        return found

    @property
    def lack(self) -> str | None:
        """Return why nothing is known of the funnel; `None` where some visit is of it."""
        return None if self._has_own else f"no stage visit is of the funnel {self._funnel.name}"

    @property
    def never(self) -> list[str]:
        """Return the open stages in which nobody was, though some sale came to a later one."""
        last = max(self._visited, default=-1)
        return [
            key
            for key, place in self._funnel.order.items()
            if place < last and place not in self._visited and key in self._funnel.open_keys
        ]

    @property
    def excluded(self) -> list[Exclusion]:
        """Return what is left out, with reasons."""
        told = (
            Exclusion(_VISITS, "lead or opportunity unknown", self._nobodys),
            Exclusion(_VISITS, f"stage unknown to {self._funnel.title}", self._strange),
            Exclusion("opportunities", "day of winning unknown", self._undated),
        )
        return [one for one in told if one.n]


def _fill(reached: list[date | None]) -> None:
    """Take stages left out for reached on the day of a later one."""
    for place in range(len(reached) - 2, -1, -1):
        reached[place] = _earlier(reached[place], reached[place + 1])


def _earlier(one: date | None, other: date | None) -> date | None:
    return one if other is None else other if one is None else min(one, other)
