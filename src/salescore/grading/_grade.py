"""`grade`: facts, policy, history and a day in; a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

import attrs

from salescore.entities import GradeInterval
from salescore.grading._history import GradeHistory
from salescore.grading._policy import GradingPolicy
from salescore.rules import Explanation, Expression, explain

_DAY = timedelta(days=1)


class Move(Enum):
    """What a decision does to a customer's grade."""

    ENTERED = "entered"
    KEPT = "kept"
    WARNED = "warned"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    OVERRIDDEN = "overridden"


class ReasonCode(Enum):
    """
    Why a grade is what it is.

    Attributes:
        ENTRY_HOLDS: The rule of entry of the grade holds.
        ENTRY_UNKNOWN: Whether a higher grade may be entered is unknown, which is no.
        LOWEST: No rule of entry holds, so the lowest grade takes the customer.
        EXIT_HOLDS: The rule of exit of the grade holds.
        EXIT_UNKNOWN: Whether the grade must be left is unknown, which is no.
        INSIDE: Neither the rule of entry nor that of exit holds; the customer stays.
        MINIMUM_STAY: The customer has not had the grade for long enough to lose it.
        NO_REVIEW: Nobody falls on a day without review.
        GRACE: The days of grace are not over.
        STEP_LIMIT: The customer has moved as many grades as it may until the next review.
        OVERRIDE: A person's word holds.
        OVERRIDE_EXPIRED: A person's word held until now.
        UNKNOWN_GRADE: The grade on record is none of the policy's.
    """

    ENTRY_HOLDS = "entry_holds"
    ENTRY_UNKNOWN = "entry_unknown"
    LOWEST = "lowest"
    EXIT_HOLDS = "exit_holds"
    EXIT_UNKNOWN = "exit_unknown"
    INSIDE = "inside"
    MINIMUM_STAY = "minimum_stay"
    NO_REVIEW = "no_review"
    GRACE = "grace"
    STEP_LIMIT = "step_limit"
    OVERRIDE = "override"
    OVERRIDE_EXPIRED = "override_expired"
    UNKNOWN_GRADE = "unknown_grade"


@attrs.frozen
class GradeReason:
    """
    One reason of a decision.

    Attributes:
        code: What kind of reason.
        grade: Grade that it speaks of.
        until: Last day on which it stands in the way; `None` where no day says so.
    """

    code: ReasonCode
    grade: str
    until: date | None = None


@attrs.frozen(kw_only=True)
class GradeDecision:
    """
    The grade of a customer on a day, and why.

    Attributes:
        customer_id: The customer.
        on: Day of the decision.
        policy: The policy, in its version.
        before: Grade on record; `None` where there is none.
        after: Grade from this day.
        move: What the decision does.
        reasons: Why, the weightiest first.
        warned_on: Day since which the customer is due to lose its grade; `None` when it is not.
        inputs: The fields that the policy's rules read, with their values.
        interval: The grade on record; `None` where there is none.
    """

    customer_id: str
    on: date
    policy: GradingPolicy = attrs.field(repr=lambda one: repr(f"{one.name} {one.version}"))
    before: str | None
    after: str
    move: Move
    reasons: tuple[GradeReason, ...]
    warned_on: date | None = None
    inputs: tuple[tuple[str, Any], ...] = ()
    interval: GradeInterval | None = None

    @property
    def is_change(self) -> bool:
        """Return whether the grade is another than before."""
        return self.after != self.before

    def explanation(self, reason: GradeReason) -> Explanation | None:
        """Return how the rule behind a reason came to its answer; `None` where there is no rule."""
        rule = _rule_of(self.policy, reason)
        return None if rule is None else explain(rule, dict(self.inputs))

    @cached_property
    def explanations(self) -> tuple[Explanation, ...]:
        """Return how the rules behind the reasons came to their answers."""
        found = [self.explanation(reason) for reason in self.reasons]
        return tuple(one for one in found if one is not None)

    def applied(self, history: GradeHistory) -> GradeHistory:
        """
        Return a history that goes on with this decision; what does not change it leaves it as is.

        Args:
            history: History of the customer under the policy, on which the decision was taken.

        Raises:
            InvalidValue: A grade on record begins later.
        """
        kept = self.interval is not None and not self.is_change
        if self.move is Move.OVERRIDDEN:
            return history
        if kept and not (self.interval and self.interval.is_override):
            return history.warned(self.warned_on)
        return history.followed(
            self.after,
            self.on,
            version=self.policy.version,
            reason=", ".join(one.code.value for one in self.reasons) or None,
            warned_on=self.warned_on,
        )


def grade(
    policy: GradingPolicy,
    row: Mapping[str, Any],
    on: date,
    history: GradeHistory | None = None,
    *,
    is_review: bool | None = None,
) -> GradeDecision:
    """
    Return the grade of a customer on a day, with the reasons.

    A pure function: what it returns is to be applied and kept by the caller. Applied and asked
    again on the same day it changes nothing more.

    Args:
        policy: The policy.
        row: The customer, as values by field name; `customer_table` makes them.
        on: Day of the decision.
        history: Grades on record under the policy; `None` where there are none.
        is_review: Whether customers may fall on the day; `None` asks the policy.

    Raises:
        KeyError: The row lacks a field that a rule reads.
    """
    if history is None:
        history = GradeHistory(customer_id=row["customer_id"], policy=policy.name)
    return _Case(policy=policy, row=row, on=on, history=history).decision(
        policy.is_review(on) if is_review is None else is_review
    )


@attrs.define(kw_only=True)
class _Case:
    """One customer on one day."""

    policy: GradingPolicy
    row: Mapping[str, Any]
    on: date
    history: GradeHistory
    reasons: list[GradeReason] = attrs.field(factory=list[GradeReason])

    def decision(self, is_review: bool) -> GradeDecision:  # noqa: FBT001 - the one question asked
        interval = self.history.at(self.on)
        held = self._held(interval)
        if interval is not None and _overrides(interval, self.on):
            self._say(ReasonCode.OVERRIDE, interval.grade, interval.expires_on)
            return self._made(interval, interval.grade, Move.OVERRIDDEN, None)
        best = self._best()
        if held is None:
            return self._entered(interval, best)
        rank, since, warned = held
        if best > rank:
            return self._raised(interval, rank, best)
        if self._leaves(rank):
            return self._falling(interval, rank, since, warned or self.on, is_review)
        return self._kept(interval, rank, best)

    def _held(self, interval: GradeInterval | None) -> tuple[int, date | None, date | None] | None:
        """Return rank, first day and day of warning of the grade that the policy last gave."""
        if interval is None:
            return None
        since: date | None = interval.starts_on
        given: GradeInterval | None = interval
        if interval.is_override:
            earlier = [one for one in self.history.before(self.on).intervals if not one.is_override]
            given, since = (earlier[-1] if earlier else None), None
        if given is None or given.grade not in self.policy.ranks:
            return None
        return self.policy.rank(given.grade), since, None if since is None else given.warned_on

    def _best(self) -> int:
        """Return the highest rank whose rule of entry holds."""
        for rank in range(len(self.policy.grades) - 1, 0, -1):
            entry = self.policy.conditions[rank][0]
            answer = None if entry is None else entry(self.row)
            if answer:
                return rank
            if answer is None:
                self._say(ReasonCode.ENTRY_UNKNOWN, self._key(rank))
        return 0

    def _leaves(self, rank: int) -> bool:
        leaving = self.policy.conditions[rank][1]
        answer = False if leaving is None or rank == 0 else leaving(self.row)
        if answer is None:
            self._say(ReasonCode.EXIT_UNKNOWN, self._key(rank))
        return answer is True

    def _entered(self, interval: GradeInterval | None, best: int) -> GradeDecision:
        self._first(ReasonCode.ENTRY_HOLDS if best else ReasonCode.LOWEST, self._key(best))
        if interval is not None:
            is_over = interval.is_override and interval.grade in self.policy.ranks
            code = ReasonCode.OVERRIDE_EXPIRED if is_over else ReasonCode.UNKNOWN_GRADE
            self._say(code, interval.grade)
        return self._made(interval, self._key(best), Move.ENTERED, None)

    def _raised(self, interval: GradeInterval | None, rank: int, best: int) -> GradeDecision:
        highest = min(best, self._anchor(rank) + self._most_steps)
        if highest <= rank:
            self._first(ReasonCode.STEP_LIMIT, self._key(rank))
            return self._settled(interval, rank, None)
        if highest < best:
            self._first(ReasonCode.STEP_LIMIT, self._key(highest))
        self._first(ReasonCode.ENTRY_HOLDS, self._key(best))
        return self._settled(interval, highest, None)

    def _falling(
        self,
        interval: GradeInterval | None,
        rank: int,
        since: date | None,
        warned: date,
        is_review: bool,  # noqa: FBT001 - as asked
    ) -> GradeDecision:
        policy, key = self.policy, self._key(rank)
        blocked = len(self.reasons)
        stay = since is not None and (self.on - since).days < policy.minimum_stay_days
        if stay and since is not None:
            until = since + (policy.minimum_stay_days - 1) * _DAY
            self._say(ReasonCode.MINIMUM_STAY, key, until)
        if (self.on - warned).days < policy.grace_days:
            self._say(ReasonCode.GRACE, key, warned + (policy.grace_days - 1) * _DAY)
        if not is_review:
            self._say(ReasonCode.NO_REVIEW, key)
        lowest = max(0, self._anchor(rank) - self._most_steps)
        if lowest >= rank:
            self._say(ReasonCode.STEP_LIMIT, key)
        is_blocked = len(self.reasons) > blocked
        self._first(ReasonCode.EXIT_HOLDS, key)
        if is_blocked:
            return self._settled(interval, rank, warned)
        lower = rank - 1
        while lower > lowest and self._leaves(lower):
            self._say(ReasonCode.EXIT_HOLDS, self._key(lower))
            lower -= 1
        return self._settled(interval, lower, None)

    def _kept(self, interval: GradeInterval | None, rank: int, best: int) -> GradeDecision:
        if best == rank:
            self._first(ReasonCode.ENTRY_HOLDS if rank else ReasonCode.LOWEST, self._key(rank))
        elif all(one.code is not ReasonCode.EXIT_UNKNOWN for one in self.reasons):
            self._first(ReasonCode.INSIDE, self._key(rank))
        return self._settled(interval, rank, None)

    def _settled(
        self, interval: GradeInterval | None, rank: int, warned: date | None
    ) -> GradeDecision:
        after = self._key(rank)
        before = None if interval is None else interval.grade
        if interval is not None and interval.is_override:
            self._say(ReasonCode.OVERRIDE_EXPIRED, interval.grade)
        if before is None or before == after:
            move = Move.KEPT if warned is None else Move.WARNED
        else:
            move = Move.PROMOTED if rank > self.policy.rank(before) else Move.DEMOTED
        return self._made(interval, after, move, warned)

    @property
    def _most_steps(self) -> int:
        return self.policy.step_limit or len(self.policy.grades)

    def _anchor(self, rank: int) -> int:
        """Return the rank that steps are counted from: the one before the last review's moves."""
        if self.policy.step_limit is None:
            return rank
        review = self.policy.last_review(self.on)
        day = self.on - _DAY if review is None or review == self.on else review
        held = self.history.at(day) or next(iter(self.history.intervals), None)
        known = held is not None and held.grade in self.policy.ranks
        return self.policy.rank(held.grade) if held is not None and known else rank

    def _key(self, rank: int) -> str:
        return self.policy.grades[rank].key

    def _say(self, code: ReasonCode, key: str, until: date | None = None) -> None:
        self.reasons.append(GradeReason(code, key, until))

    def _first(self, code: ReasonCode, key: str) -> None:
        self.reasons.insert(0, GradeReason(code, key))

    def _made(
        self, interval: GradeInterval | None, after: str, move: Move, warned: date | None
    ) -> GradeDecision:
        names = self.policy.inputs
        return GradeDecision(
            customer_id=self.history.customer_id,
            on=self.on,
            policy=self.policy,
            before=None if interval is None else interval.grade,
            after=after,
            move=move,
            reasons=tuple(self.reasons),
            warned_on=warned,
            inputs=tuple([(name, self.row[name]) for name in names]),
            interval=interval,
        )


def _overrides(interval: GradeInterval, on: date) -> bool:
    """Return whether a person's word holds on a day."""
    return bool(interval.is_override) and (interval.expires_on is None or on <= interval.expires_on)


def _rule_of(policy: GradingPolicy, reason: GradeReason) -> Expression | None:
    """Return the rule that a reason rests on."""
    if reason.grade not in policy.ranks:
        return None
    one = policy.grade(reason.grade)
    match reason.code:
        case ReasonCode.ENTRY_HOLDS | ReasonCode.ENTRY_UNKNOWN:
            return one.entry
        case ReasonCode.EXIT_HOLDS | ReasonCode.EXIT_UNKNOWN | ReasonCode.INSIDE:
            return one.exit
        case _:
            return None
