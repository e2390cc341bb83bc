"""The grades of a customer over time: intervals without gap or overlap."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import attrs

from salescore.book import SalesBook
from salescore.entities import CustomerId, GradeInterval, GradeIntervalId
from salescore.errors import InvalidValue
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
    """

    customer_id: str
    policy: str
    intervals: tuple[GradeInterval, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for one, other in pairwise(self.intervals):
            if one.ends_on is None or other.starts_on != one.ends_on + _DAY:
                end = "never ends" if one.ends_on is None else f"ends on {one.ends_on}"
                fault = f"the grade before it {end}; grades follow without gap or overlap"
                raise InvalidValue(
                    f"grade of {self.customer_id} that starts on", other.starts_on, fault
                )
        for one in self.intervals:
            if one.ends_on is not None and one.ends_on < one.starts_on:
                fault = f"it starts on {one.starts_on}"
                raise InvalidValue(f"end of a grade of {self.customer_id}", one.ends_on, fault)

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

    def before(self, day: date) -> GradeHistory:
        """Return what was on record before a day."""
        return attrs.evolve(
            self, intervals=tuple(one for one in self.intervals if one.starts_on < day)
        )

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
            on: First day; a grade that began on the same day gives way.
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

        Args:
            grade: The grade.
            on: First day; a grade that began on the same day gives way.
            reason: Why; it must be said.
            decided_by: Who decided; likewise.
            expires_on: Last day on which it holds against the policy; `None` without end.

        Raises:
            InvalidValue: It would have expired before it begins, has no reason, or a grade on
                record begins later.
        """
        if not reason.strip() or not decided_by.strip():
            raise InvalidValue("override", grade, "say why, and who decided it")
        if expires_on is not None and expires_on < on:
            fault = f"it has expired already when it begins on {on}"
            raise InvalidValue("expires_on", expires_on, fault)
        return self._with(
            GradeInterval(
                id=self._id(on),
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

    def warned(self, on: date | None) -> GradeHistory:
        """Return the history in which the last grade is, or is no longer, about to be lost."""
        if not self.intervals or self.intervals[-1].warned_on == on:
            return self
        last = attrs.evolve(self.intervals[-1], warned_on=on)
        return attrs.evolve(self, intervals=(*self.intervals[:-1], last))

    def _with(self, interval: GradeInterval) -> GradeHistory:
        on = interval.starts_on
        kept = list(self.intervals)
        if kept and kept[-1].starts_on > on:
            fault = f"a grade on record begins later, on {kept[-1].starts_on}"
            raise InvalidValue(f"grade of {self.customer_id} that starts on", on, fault)
        if kept and kept[-1].starts_on == on:
            kept.pop()
        if kept:
            kept[-1] = attrs.evolve(kept[-1], ends_on=on - _DAY)
        return attrs.evolve(self, intervals=(*kept, interval))

    def _id(self, on: date) -> GradeIntervalId:
        return GradeIntervalId(f"{self.policy}/{self.customer_id}/{on}")


def grade_histories(book: SalesBook, policy: str) -> dict[str, GradeHistory]:
    """
    Return the histories on record under a policy, by customer.

    Where what is on record has a gap, the last unbroken part counts; of what overlaps, the later
    beginning holds; `check_histories` tells both.

    Args:
        book: The facts.
        policy: Name of the policy; an override without a policy counts for every one.
    """
    found: dict[str, GradeHistory] = {}
    for customer, intervals in _by_customer(book, policy).items():
        kept: list[GradeInterval] = []
        for one in intervals:
            if kept and (kept[-1].ends_on is None or kept[-1].ends_on >= one.starts_on):
                before = attrs.evolve(kept.pop(), ends_on=one.starts_on - _DAY)
                kept += [before] if before.starts_on < one.starts_on else []
            if kept and kept[-1].ends_on != one.starts_on - _DAY:
                kept = []
            kept.append(one)
        found[customer] = GradeHistory(customer_id=customer, policy=policy, intervals=kept)
    return found


def check_histories(book: SalesBook, policy: str) -> tuple[Finding, ...]:
    """
    Return where grades on record under a policy overlap or leave a gap.

    Args:
        book: The facts.
        policy: Name of the policy; an override without a policy counts for every one.

    Returns:
        Findings `grade-intervals-overlap` and `grade-intervals-gap`, one for each customer.
    """
    found: list[Finding] = []
    for customer, intervals in _by_customer(book, policy).items():
        pairs = list(pairwise(intervals))
        overlaps = [
            (one, other)
            for one, other in pairs
            if one.ends_on is None or one.ends_on >= other.starts_on
        ]
        gaps = [
            (one, other)
            for one, other in pairs
            if one.ends_on is not None and one.ends_on + _DAY < other.starts_on
        ]
        for code, fault, those in (
            ("grade-intervals-overlap", "still held; end it the day before", overlaps),
            ("grade-intervals-gap", "had ended before; nobody can say its grade between", gaps),
        ):
            if those:
                one, other = those[0]
                message = (
                    f"customer {customer} has grade {other.grade!r} from {other.starts_on}, "
                    f"when {one.grade!r} of {one.starts_on} {fault}"
                )
                found.append(
                    Finding(
                        code=code,
                        severity=Severity.WARNING,
                        message=message,
                        subject=f"customers/{customer}",
                        count=len(those),
                    )
                )
    return tuple(found)


def _by_customer(book: SalesBook, policy: str) -> dict[str, list[GradeInterval]]:
    """Return the intervals of a policy by customer, in order of their first days."""
    found: dict[str, list[GradeInterval]] = defaultdict(list)
    for one in book.grade_intervals:
        if one.policy == policy or (one.policy is None and one.is_override):
            found[one.customer_id].append(one)
    return {
        customer: sorted(those, key=lambda one: (one.starts_on, one.id))
        for customer, those in found.items()
    }
