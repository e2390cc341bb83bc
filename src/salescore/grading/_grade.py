"""`grade`: facts, policy, history and a day in; a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import attrs

from salescore.entities import GradeInterval
from salescore.errors import InvalidValue
from salescore.grading._decision import GradeDecision
from salescore.grading._history import GradeHistory
from salescore.grading._policy import GradingPolicy, check_day
from salescore.grading._reasons import GradeReason, Move, ReasonCode

_DAY = timedelta(days=1)
_FIRST = date(2, 1, 1)  # a day lies before the review before it
_LAST = date.max - 36_600 * _DAY  # the longest stay and grace end within the calendar


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
    again on the same day it changes nothing more. What lies after the day in the history, it does
    not see.

    A rule of entry that holds outweighs one of exit. After an override the policy goes on from the
    grade that it last gave: the minimum stay counts from then, the days of grace begin anew.
    A grade on record that the policy does not know counts for nothing, also where a person gave
    it; so does one that has ended without a successor. The customer enters then as if it were new.

    Args:
        policy: The policy.
        row: The customer, as values by field name; `customer_table` makes them.
        on: Day of the decision.
        history: Grades on record under the policy; `None` where there are none.
        is_review: Whether customers may fall on the day; `None` asks the policy.

    Raises:
        KeyError: The row lacks a field that a rule reads.
        InvalidValue: The history is one of another policy or of another customer, or the day is
            before the year 2 or in the last hundred years of the calendar.
    """
    if history is None:
        history = GradeHistory(customer_id=row["customer_id"], policy=policy.name)
    return Grader.of(policy, on, is_review=is_review).decision(row, history)


@attrs.frozen(kw_only=True)
class Grader:
    """
    A policy on one day, for any number of customers.

    Attributes:
        policy: The policy.
        on: The day.
        is_review: Whether customers may fall.
    """

    policy: GradingPolicy
    on: date
    is_review: bool

    @classmethod
    def of(cls, policy: GradingPolicy, on: date, *, is_review: bool | None = None) -> Grader:
        """Return a policy on a day; whether that is a review, `None` asks the policy."""
        check_day("day of grading", on)
        if not _FIRST <= on <= _LAST:
            raise InvalidValue("day of grading", on, f"expected a day from {_FIRST} to {_LAST}")
        return cls(
            policy=policy,
            on=on,
            is_review=policy.is_review(on) if is_review is None else is_review,
        )

    @cached_property
    def before_review(self) -> date | None:
        """Return the last day before the next review; `None` where the policy does not say it."""
        following = self.policy.next_review(self.on)
        if following is None:
            return self.on if self.is_review else None
        return following - _DAY

    @cached_property
    def anchor(self) -> date:
        """Return the day whose grades steps are counted from: the one before the last review."""
        review = None if self.is_review else self.policy.last_review(self.on)
        return (review or self.on) - _DAY

    def decision(self, row: Mapping[str, Any], history: GradeHistory) -> GradeDecision:
        """Return what `grade` does, of a customer with a history."""
        if history.policy != self.policy.name:
            fault = f"it is one of {history.policy}, not of {self.policy.name}"
            raise InvalidValue("history", history.customer_id, fault)
        customer = row.get("customer_id", history.customer_id)
        if customer != history.customer_id:
            fault = f"it is not the history of {customer}, whom the row is about"
            raise InvalidValue("history", history.customer_id, fault)
        return _Case(self, self.policy, self.on, row, history).decision()


@attrs.define
class _Case:
    """One customer on one day."""

    day: Grader
    policy: GradingPolicy
    on: date
    row: Mapping[str, Any]
    history: GradeHistory

    def decision(self) -> GradeDecision:
        interval = self.history.at(self.on) if self.history.intervals else None
        if interval is not None and self._is_overriding(interval):
            reason = GradeReason(ReasonCode.OVERRIDE, interval.grade, interval.expires_on)
            return self._made(interval, interval.grade, Move.OVERRIDDEN, [reason], None)
        rank = self._held(interval)
        best, reasons = self._best(rank or 0)
        warned: date | None = None
        after = best
        if rank is None or best == rank:
            main = [self._entering(best)]
        elif best > rank:
            after, main = self._raised(rank, best)
        else:
            after, warned, main = self._tempered(interval, rank, best)
        return self._settled(interval, rank, after, main + reasons, warned)

    def _is_overriding(self, interval: GradeInterval) -> bool:
        """Return whether a person's word holds, which names a grade of the policy."""
        return (
            interval.is_override is True
            and (interval.expires_on is None or self.on <= interval.expires_on)
            and interval.grade in self.policy.ranks
        )

    def _held(self, interval: GradeInterval | None) -> int | None:
        """Return the rank of the grade that the policy goes on from; `None` where there is none."""
        if not self.history.intervals:
            return None
        if interval is None or interval.is_override:
            last = self.history.last_begun(self.on)
            has_ended = interval is None and (last is None or not last.is_override)
            interval = None if has_ended else self.history.given(self.on)
        return None if interval is None else self.policy.ranks.get(interval.grade)

    def _best(self, least: int) -> tuple[int, list[GradeReason]]:
        """Return the highest rank whose rule of entry holds, and those above where none knows."""
        row, doubtful = self.row, list[GradeReason]()
        for rank, entry in self.policy.entries:
            answer = entry(row)
            if answer:
                return rank, doubtful
            if answer is None and rank > least:
                doubtful.append(GradeReason(ReasonCode.ENTRY_UNKNOWN, self._key(rank)))
        return 0, doubtful

    def _leaves(self, rank: int) -> bool | None:
        """Return whether the rule of exit of a rank holds; nobody leaves the lowest."""
        leaving = self.policy.conditions[rank][1]
        return False if leaving is None or rank == 0 else leaving(self.row)

    def _entering(self, rank: int) -> GradeReason:
        code = ReasonCode.ENTRY_HOLDS if rank else ReasonCode.LOWEST
        return GradeReason(code, self._key(rank))

    def _raised(self, rank: int, best: int) -> tuple[int, list[GradeReason]]:
        """Return the rank that a customer rises to which may enter the best."""
        reasons = [self._entering(best)]
        highest = max(rank, min(best, self._reach()[1]))
        if highest < best:
            reasons.append(self._limited(highest))
        return highest, reasons

    def _tempered(
        self, interval: GradeInterval | None, rank: int, best: int
    ) -> tuple[int, date | None, list[GradeReason]]:
        """Return rank, day of warning and reasons of a customer that may enter lower grades."""
        key = self._key(rank)
        is_given = interval is not None and not interval.is_override
        warned = interval.warned_on if is_given and interval is not None else None
        if warned is not None and warned > self.on:
            warned = None
        leaves = self._leaves(rank)
        if leaves is None:
            return rank, warned, [GradeReason(ReasonCode.EXIT_UNKNOWN, key)]
        if not leaves:
            return rank, None, [GradeReason(ReasonCode.INSIDE, key)]
        reasons = [GradeReason(ReasonCode.EXIT_HOLDS, key)]
        lowest = self._reach()[0]
        blocks = self._blocks(rank, warned or self.on, lowest)
        if blocks:
            return rank, warned or self.on, reasons + blocks
        if not self.policy.is_ladder:
            return best, None, [*reasons, self._entering(best)]
        return self._fallen(rank - 1, best, lowest, reasons)

    def _blocks(self, rank: int, warned: date, lowest: int) -> list[GradeReason]:
        """Return what keeps a customer from falling that is due to."""
        policy, key = self.policy, self._key(rank)
        found: list[GradeReason] = []
        if policy.minimum_stay_days:
            free = (self.history.since(self.on) or self.on) + policy.minimum_stay_days * _DAY
            if self.on < free:
                found.append(GradeReason(ReasonCode.MINIMUM_STAY, key, free - _DAY))
        if (self.on - warned).days < policy.grace_days:
            until = warned + (policy.grace_days - 1) * _DAY
            found.append(GradeReason(ReasonCode.GRACE, key, until))
        if not self.day.is_review:
            found.append(GradeReason(ReasonCode.NO_REVIEW, key, self.day.before_review))
        if lowest >= rank:
            found.append(self._limited(rank))
        return found

    def _fallen(
        self, rank: int, best: int, lowest: int, reasons: list[GradeReason]
    ) -> tuple[int, date | None, list[GradeReason]]:
        """Return where a customer stops that falls to a rank, and whether it is due to go on."""
        while rank > best:
            leaves = self._leaves(rank)
            if leaves is None:
                reasons.append(GradeReason(ReasonCode.EXIT_UNKNOWN, self._key(rank)))
            if not leaves:
                break
            reasons.append(GradeReason(ReasonCode.EXIT_HOLDS, self._key(rank)))
            if rank <= lowest:
                # Warned at once, or the same question on the same day would find it to be new.
                return rank, self.on, [*reasons, self._limited(rank)]
            rank -= 1
        return rank, None, reasons

    def _settled(
        self,
        interval: GradeInterval | None,
        held: int | None,
        rank: int,
        reasons: list[GradeReason],
        warned: date | None,
    ) -> GradeDecision:
        before = None if interval is None else self.policy.ranks.get(interval.grade)
        last = interval
        if last is None and self.history.intervals:
            last = self.history.last_begun(self.on)
        if last is not None and (interval is None or held is None or last.is_override):
            reasons += self._about_record(last, is_ended=interval is None)
        if held is None or before is None:
            move = Move.ENTERED
        elif before == rank:
            move = Move.KEPT if warned is None else Move.WARNED
        elif not self.policy.is_ladder:
            move = Move.MOVED
        else:
            move = Move.PROMOTED if rank > before else Move.DEMOTED
        return self._made(interval, self._key(rank), move, reasons, warned)

    def _about_record(self, last: GradeInterval, *, is_ended: bool) -> list[GradeReason]:
        """Return why the grade on record is none to go on from."""
        key, until = last.grade, last.ends_on if is_ended else None
        if key not in self.policy.ranks:
            return [GradeReason(ReasonCode.UNKNOWN_GRADE, key)]
        if last.is_override:
            until = until if last.expires_on is None else last.expires_on
            return [GradeReason(ReasonCode.OVERRIDE_EXPIRED, key, until)]
        return [GradeReason(ReasonCode.ENDED, key, until)] if is_ended else []

    def _reach(self) -> tuple[int, int]:
        """Return the lowest and the highest rank that the limit of steps allows."""
        last, most, ranks = len(self.policy.grades) - 1, self.policy.step_limit, self.policy.ranks
        if most is None:
            return 0, last
        day = self.day.anchor
        held = self.history.given(day)
        if held is None or held.grade not in ranks:
            # Whoever came in since counts from its first grade, but not from one of the same day,
            # which gives way to what is decided now.
            since = (one for one in self.history.decided if day < one.starts_on < self.on)
            held = next((one for one in since if one.grade in ranks), None)
        if held is None:
            return 0, last
        rank = ranks[held.grade]
        return max(0, rank - most), min(last, rank + most)

    def _limited(self, rank: int) -> GradeReason:
        return GradeReason(ReasonCode.STEP_LIMIT, self._key(rank), self.day.before_review)

    def _key(self, rank: int) -> str:
        return self.policy.grades[rank].key

    def _made(
        self,
        interval: GradeInterval | None,
        after: str,
        move: Move,
        reasons: list[GradeReason],
        warned: date | None,
    ) -> GradeDecision:
        return GradeDecision(
            customer_id=self.history.customer_id,
            on=self.on,
            policy=self.policy,
            before=None if interval is None else interval.grade,
            after=after,
            move=move,
            reasons=tuple(reasons),
            warned_on=warned,
            values=self.policy.values_of(self.row),
            interval=interval,
        )
