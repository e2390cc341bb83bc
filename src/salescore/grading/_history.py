"""The grades of a customer over time: intervals without gap or overlap."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import attrs

from salescore.book import SalesBook
from salescore.entities import CustomerId, GradeInterval, GradeIntervalId
from salescore.errors import InvalidValue
from salescore.grading._policy import GradingPolicy, check_day
from salescore.plain import as_tuple
from salescore.values import Finding, Severity

_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class GradeHistory:
    """
    The grades that one policy gave one customer.

    Attributes:
        customer_id: The customer.
        policy: Name of the policy.
        intervals: The grades in order; each begins the day after the one before it ends, and only
            the last may last.
        overruled: Grades that the policy gave on a day on which a person then gave another, in
            order. They held on no day, but are what the policy goes on from after the person's
            word.
    """

    customer_id: str
    policy: str
    intervals: tuple[GradeInterval, ...] = attrs.field(default=(), converter=as_tuple)
    overruled: tuple[GradeInterval, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for one, other in pairwise(self.intervals):
            if one.ends_on is None or other.starts_on - one.ends_on != _DAY:
                end = "never ends" if one.ends_on is None else f"ends on {one.ends_on}"
                fault = f"the grade before it {end}; grades follow without gap or overlap"
                raise InvalidValue(
                    f"grade of {self.customer_id} that starts on", other.starts_on, fault
                )
        for one in self.intervals:
            if one.ends_on is not None and one.ends_on < one.starts_on:
                fault = f"it starts on {one.starts_on}"
                raise InvalidValue(f"end of a grade of {self.customer_id}", one.ends_on, fault)
        for one in self.overruled:
            if one.is_override:
                fault = "it is a person's word, no grade of the policy that one could overrule"
                raise InvalidValue(f"overruled grade of {self.customer_id}", one.id, fault)
        for one in (*self.intervals, *self.overruled):
            if one.customer_id != self.customer_id:
                fault = f"it is the grade of another, {one.customer_id}"
                raise InvalidValue(f"grade of {self.customer_id}", one.id, fault)

    def at(self, day: date) -> GradeInterval | None:
        """Return the grade that held on a day; `None` before the first and after the last."""
        return next(
            (
                one
                for one in reversed(self.intervals)
                if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
            ),
            None,
        )

    def last_begun(self, day: date) -> GradeInterval | None:
        """Return the last grade that began by a day, also one that has ended; else `None`."""
        return next((one for one in reversed(self.intervals) if one.starts_on <= day), None)

    @property
    def records(self) -> tuple[GradeInterval, ...]:
        """Return what a book is to keep, in order: grades, and before each what it overruled."""
        if not self.overruled:
            return self.intervals
        return tuple(sorted((*self.overruled, *self.intervals), key=lambda one: one.starts_on))

    @property
    def decided(self) -> tuple[GradeInterval, ...]:
        """Return the grades that the policy, and no person, gave, in order; also the overruled."""
        return tuple(one for one in self.records if not one.is_override)

    def given(self, day: date) -> GradeInterval | None:
        """Return the last grade that the policy, and no person, gave by a day; else `None`."""
        for one in reversed(self.records):
            if one.starts_on <= day and not one.is_override:
                return one
        return None

    def since(self, day: date) -> date | None:
        """
        Return the day on which the policy gave the grade that it last gave by a day.

        The same grade given again, also after an override, is not a new one.
        """
        first: GradeInterval | None = None
        for one in reversed(self.records):
            if one.starts_on > day or one.is_override:
                continue
            if first is not None and one.grade != first.grade:
                break
            first = one
        return None if first is None else first.starts_on

    def followed(
        self,
        grade: str,
        on: date,
        *,
        version: str | None = None,
        reason: str | None = None,
        warned_on: date | None = None,
    ) -> GradeHistory:
        """
        Return the history in which a grade given by the policy holds from a day.

        Args:
            grade: The grade.
            on: First day; a grade that began on the same day gives way. Where what is on record
                has ended earlier, the history begins anew, for nobody knows the grade between;
                but after an override the grade that the policy last gave held again.
            version: Version of the policy.
            reason: Why.
            warned_on: Day since which the customer is due to lose it.

        Raises:
            InvalidValue: A grade on record begins later.
        """
        return self._with(
            GradeInterval(
                id=self._id(on),
                customer_id=CustomerId(self.customer_id),
                grade=grade,
                starts_on=on,
                policy=self.policy,
                policy_version=version,
                is_override=False,
                reason=reason,
                warned_on=warned_on,
            )
        )

    def overridden(
        self, grade: str, on: date, *, reason: str, decided_by: str, expires_on: date | None = None
    ) -> GradeHistory:
        """
        Return the history in which a person's word holds from a day.

        A history does not know the grades of its policy, so the grade is not looked up; one that
        the policy does not have counts for nothing in `grade`, and `check_histories` finds it
        (`grade-on-record-unknown`).

        Args:
            grade: The grade.
            on: First day; a grade that began on the same day gives way. One that the policy gave is
                kept among `overruled`.
            reason: Why; it must be said.
            decided_by: Who decided; likewise.
            expires_on: Last day on which it holds against the policy; `None` without end.

        Raises:
            InvalidValue: It would have expired before it begins, has no reason, or a grade on
                record begins later.
        """
        if not (_is_said(reason) and _is_said(decided_by)):
            raise InvalidValue("override", grade, "say why, and who decided it")
        check_day("first day of an override", on)
        if expires_on is not None:
            check_day("expires_on", expires_on)
            if expires_on < on:
                fault = f"it has expired already when it begins on {on}"
                raise InvalidValue("expires_on", expires_on, fault)
        return self._with(
            GradeInterval(
                id=GradeIntervalId(f"{self._id(on)}/override"),
                customer_id=CustomerId(self.customer_id),
                grade=grade,
                starts_on=on,
                policy=self.policy,
                is_override=True,
                expires_on=expires_on,
                reason=reason,
                decided_by=decided_by,
            )
        )

    def warned(self, warned_on: date | None, *, on: date) -> GradeHistory:
        """
        Return the history in which the last grade is, or is no longer, about to be lost.

        Args:
            warned_on: Day since which the customer is due to lose it; `None` when it is not.
            on: Day on which that was found.

        Raises:
            InvalidValue: A grade on record begins later.
        """
        if not self.intervals or self.intervals[-1].warned_on == warned_on:
            return self
        self._refuse_later(on)
        last = attrs.evolve(self.intervals[-1], warned_on=warned_on)
        return attrs.evolve(self, intervals=(*self.intervals[:-1], last))

    def _refuse_later(self, on: date) -> None:
        if self.intervals and self.intervals[-1].starts_on > on:
            fault = f"a grade on record begins later, on {self.intervals[-1].starts_on}"
            raise InvalidValue(f"grade of {self.customer_id} that starts on", on, fault)

    def _with(self, interval: GradeInterval) -> GradeHistory:
        on = interval.starts_on
        self._refuse_later(on)
        kept = list(self.intervals)
        gone = kept.pop() if kept and kept[-1].starts_on == on else None
        overruled = [one for one in self.overruled if interval.is_override or one.starts_on < on]
        if gone is not None and interval.is_override and not gone.is_override:
            overruled.append(attrs.evolve(gone, ends_on=on))
        if kept:
            end = kept[-1].ends_on
            if end is not None and end < on - _DAY:
                kept = self._resumed(end, on)
            elif end != on - _DAY:
                kept[-1] = attrs.evolve(kept[-1], ends_on=on - _DAY)
        return _made(self.customer_id, self.policy, [*kept, interval], overruled)

    def _resumed(self, end: date, on: date) -> list[GradeInterval]:
        """Return what leads up to a day though the record ended: nothing, but after an override."""
        last, given = self.last_begun(on), self.given(end)
        if last is None or not last.is_override or given is None:
            return []
        start = end + _DAY
        again = attrs.evolve(
            given, id=self._id(start), starts_on=start, ends_on=on - _DAY, warned_on=None
        )
        return [*(one for one in self.intervals if one.starts_on < start), again]

    def _id(self, on: date) -> GradeIntervalId:
        return GradeIntervalId(f"{self.policy}/{self.customer_id}/{on}")


def grade_histories(book: SalesBook, policy: GradingPolicy) -> dict[str, GradeHistory]:
    """
    Return the histories on record under a policy, by customer.

    Where what is on record has a gap, the last unbroken part counts; of what overlaps, the later
    beginning holds, and of one beginning the override, which overrules what the policy gave that
    day. What ends before it begins is passed over.
    `check_histories` tells of all that.

    Args:
        book: The facts.
        policy: The policy, in any version. An override without a policy counts where it names one
            of its grades.
    """
    found: dict[str, GradeHistory] = {}
    for customer, intervals in _by_customer(book, policy).items():
        kept: list[GradeInterval] = []
        overruled: list[GradeInterval] = []
        for one in intervals:
            if kept and (kept[-1].ends_on is None or kept[-1].ends_on >= one.starts_on):
                before = kept.pop()
                if before.starts_on < one.starts_on:
                    kept.append(attrs.evolve(before, ends_on=one.starts_on - _DAY))
                elif _overrules(one, before):
                    overruled.append(attrs.evolve(before, ends_on=one.starts_on))
            if kept and (kept[-1].ends_on is None or one.starts_on - kept[-1].ends_on != _DAY):
                kept = []
            kept.append(one)
        found[customer] = _made(customer, policy.name, kept, overruled)
    return found


def _made(
    customer: str, policy: str, kept: list[GradeInterval], overruled: list[GradeInterval]
) -> GradeHistory:
    """Return a history, with what was overruled since it begins."""
    first = kept[0].starts_on
    return GradeHistory(
        customer_id=customer,
        policy=policy,
        intervals=kept,
        overruled=[one for one in overruled if one.starts_on >= first],
    )


def _overrules(one: GradeInterval, before: GradeInterval) -> bool:
    """Return whether a person's word took the place of a grade on the very day it was given."""
    return (
        one.is_override is True
        and before.is_override is not True
        and one.starts_on == before.starts_on
    )


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def check_histories(book: SalesBook, policy: GradingPolicy) -> tuple[Finding, ...]:
    """
    Return what is wrong with the grades on record under a policy.

    Args:
        book: The facts.
        policy: The policy, in the version that is to go on from them.

    Returns:
        Findings `grade-intervals-overlap`, `grade-intervals-gap`, `grade-on-record-unknown` and
        `override-expired`, one of each for a customer, with the number of cases. A last day before
        the first is a finding of `check_book`.
    """
    found: list[Finding] = []
    for customer, intervals in _by_customer(book, policy).items():
        pairs = list(pairwise(intervals))
        overlaps = [
            _after(one, other, "still held; end it the day before")
            for one, other in pairs
            if one.ends_on is None or one.ends_on >= other.starts_on
            if not _overrules(other, one)
        ]
        gaps = [
            _after(one, other, "had ended before; nobody can say its grade between")
            for one, other in pairs
            if one.ends_on is not None and other.starts_on - one.ends_on > _DAY
        ]
        unknown = [
            f"{_named(one)}, which is none of {policy.name} {policy.version}; it counts for nothing"
            for one in intervals
            if one.grade not in policy.ranks
        ]
        expired = [
            f"{_named(one)} by a person's word that expired on {one.expires_on}, before it began"
            for one in intervals
            if one.is_override and one.expires_on is not None and one.expires_on < one.starts_on
        ]
        for code, faults in (
            ("grade-intervals-overlap", overlaps),
            ("grade-intervals-gap", gaps),
            ("grade-on-record-unknown", unknown),
            ("override-expired", expired),
        ):
            if faults:
                found.append(
                    Finding(
                        code=code,
                        severity=Severity.WARNING,
                        message=f"customer {customer} has {faults[0]}",
                        subject=f"customers/{customer}",
                        count=len(faults),
                    )
                )
    return tuple(found)


def _named(one: GradeInterval) -> str:
    return f"grade {one.grade!r} from {one.starts_on}"


def _after(one: GradeInterval, other: GradeInterval, fault: str) -> str:
    return f"{_named(other)}, when {one.grade!r} of {one.starts_on} {fault}"


def _by_customer(book: SalesBook, policy: GradingPolicy) -> dict[str, list[GradeInterval]]:
    """Return the intervals of a policy by customer, in order of their first days."""
    found: dict[str, list[GradeInterval]] = defaultdict(list)
    for one in book.grade_intervals:
        is_meant = one.policy is None and one.is_override and one.grade in policy.ranks
        is_sound = one.ends_on is None or one.ends_on >= one.starts_on
        if is_sound and (one.policy == policy.name or is_meant):
            found[one.customer_id].append(one)
    return {
        customer: sorted(those, key=lambda one: (one.starts_on, bool(one.is_override), one.id))
        for customer, those in found.items()
    }
