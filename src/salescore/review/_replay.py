"""Grades at the end of a period, and at the reviews before, each from the facts known then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import attrs

from salescore.book import Facts
from salescore.errors import SalesCoreError
from salescore.grading import (
    CustomerFigure,
    GradeDecision,
    GradeHistory,
    Grading,
    GradingPolicy,
    ReasonCode,
    SegmentMembers,
    check_histories,
    grade_customers,
    grade_histories,
    near_boundaries,
    segment_members,
    service_review,
)
from salescore.playbook import Playbook
from salescore.review._grades import GradeCount, GradeMove, GradeReview, MoveDirection, Warned
from salescore.values import Finding, Period


def grade_reviews(
    playbook: Playbook, facts: Facts, during: Period
) -> tuple[tuple[GradeReview, ...], tuple[Finding, ...], tuple[str, ...]]:
    """
    Return what each policy of a playbook says at the end of a period, with findings and notes.

    Args:
        playbook: The rules; of several versions of a policy that in force on the day counts.
        facts: The fact tables.
        during: The period; if it goes beyond the last day of the facts, that day counts.
    """
    day = during.last_day if facts.as_of is None else min(during.last_day, facts.as_of)
    # Before the first day that there is lies no other, and nothing is known on it either.
    since = date.fromordinal(max(min(during.start, day).toordinal() - 1, 1))
    past = _Past(playbook, facts, day, since)
    found: list[GradeReview] = []
    findings: list[Finding] = []
    notes: list[str] = []
    for name in dict.fromkeys(policy.name for policy in playbook.policies):
        policy = playbook.policy(name, day)
        if policy is None:
            notes.append(f"No version of policy {name} is in force on {day}.")
            continue
        try:
            one = past.review(policy)
        except SalesCoreError as error:
            notes.append(f"Nobody is graded by policy {name} {policy.version}: {error}.")
            continue
        found.append(one)
        findings += check_histories(past.at(day).known.book, policy)
    return tuple(found), tuple(findings), (*notes, *_replay_notes(found), *_doubts(found))


def segment_reviews(
    playbook: Playbook, facts: Facts, during: Period
) -> tuple[tuple[SegmentMembers, ...], tuple[str, ...]]:
    """
    Return who belongs to each segment of a playbook at the end of a period, and notes on it.

    Args:
        playbook: The rules.
        facts: The fact tables.
        during: The period; if it goes beyond the last day of the facts, that day counts.
    """
    if not playbook.segments:
        return (), ()
    day = during.last_day if facts.as_of is None else min(during.last_day, facts.as_of)
    try:
        return segment_members(facts.at(day), playbook.segments, playbook.fields), ()
    except SalesCoreError as error:
        return (), (f"Segments cannot be asked: {error}.",)


def _doubts(found: Sequence[GradeReview]) -> Iterator[str]:
    """Yield of how many customers nobody can say whether they may enter a higher grade."""
    for one in found:
        doubtful = sum(
            any(reason.code is ReasonCode.ENTRY_UNKNOWN for reason in decision.reasons)
            for decision in one.grading.decisions
        )
        if doubtful:
            yield (
                f"Of {doubtful:,} customers nobody can say whether they may enter a higher grade "
                f"of {one.policy.name}, because what it asks is unknown; they do not enter it."
            )


def _replay_notes(found: Sequence[GradeReview]) -> list[str]:
    """Return what grades were not on record, policies alike in one sentence."""
    names: dict[tuple[int, int, date], list[str]] = {}
    for one in found:
        many = len(one.grading.decisions)
        if one.recorded < many:
            names.setdefault((one.recorded, many, one.since), []).append(one.policy.name)
    return [
        (
            f"Grades under {', '.join(those)} are on record for {recorded:,} of {many:,} "
            f"customers; those of the others on {since} and at the reviews since were worked out "
            f"from the facts known then, beginning {_WARM_UP_MONTHS} months earlier."
        )
        for (recorded, many, since), those in names.items()
    ]


_DAY = timedelta(days=1)
_WARM_UP_MONTHS = 24
"""How long before the period a replay begins, so that both its ends have the same past."""


class _Past:
    """The facts as they were known on the days of reviews, read once for all policies."""

    def __init__(self, playbook: Playbook, facts: Facts, day: date, since: date) -> None:
        self._playbook = playbook
        self._facts = facts
        self._days: dict[date, Facts] = {}
        self.day = day
        self.since = since

    def at(self, day: date) -> Facts:
        """Return the facts as of a day."""
        if day not in self._days:
            self._days[day] = self._facts.at(day)
        return self._days[day]

    def review(self, policy: GradingPolicy) -> GradeReview:
        """Return what a policy says on the last day, beside the day before the period."""
        now = self.at(self.day)
        recorded = grade_histories(now.known.book, policy)
        histories: Mapping[str, GradeHistory] = recorded
        behind: dict[str, GradeDecision] = {}
        listed = now.table("customers").column("customer_id")
        if any(key not in recorded for key in listed):
            histories, behind = self._replayed(policy, recorded)
        grading = grade_customers(policy, now, histories)
        later = self._later(grading)
        before = {
            key: held.grade
            for key, history in histories.items()
            if key not in later and (held := history.at(self.since)) is not None
        }
        counts = Counter(before.get(one.customer_id) for one in grading.decisions)
        after = Counter(one.after for one in grading.decisions)
        figure = _money_figure(policy)
        return GradeReview(
            grading=grading,
            since=self.since,
            recorded=sum(key in recorded for key in listed),
            counts=tuple(
                GradeCount(
                    grade=one.key,
                    labels=one.labels,
                    customers=after[one.key],
                    before=counts[one.key],
                )
                for one in reversed(policy.grades)
            ),
            moves=_moves(grading, before, behind, figure),
            figure=figure,
            warned=_warned(grading, figure),
            boundaries=near_boundaries(grading),
            service=service_review(grading, now),
        )

    def _replayed(
        self, policy: GradingPolicy, recorded: Mapping[str, GradeHistory]
    ) -> tuple[dict[str, GradeHistory], dict[str, GradeDecision]]:
        """Return the grades that reviews up to the last day would have given, and by what."""
        histories: dict[str, GradeHistory] = {}
        behind: dict[str, GradeDecision] = {}
        for day in self._reviews(policy):
            then = self._playbook.policy(policy.name, day) or policy
            anytime = attrs.evolve(then, valid_from=None, valid_until=None)
            known = grade_histories(self.at(day).known.book, anytime)
            grading = grade_customers(anytime, self.at(day), {**histories, **known})
            for one in grading.decisions:
                if one.customer_id not in recorded:
                    key = one.customer_id
                    history = histories.get(key) or GradeHistory(customer_id=key, policy=then.name)
                    histories[key] = one.applied(history)
                    if one.is_change:
                        behind[key] = one
        return {**histories, **recorded}, behind

    def _reviews(self, policy: GradingPolicy) -> list[date]:
        """Return the days of a replay: its first, the reviews, and the day before the period."""
        first = Period.trailing(self.since, _WARM_UP_MONTHS).start
        days = map(date.fromordinal, range(first.toordinal() + 1, self.day.toordinal()))
        reviews: list[date] = []
        if policy.review_months is not None:
            reviews = [day for day in days if policy.is_review(day)]
        return sorted({first, self.since, *reviews})

    def _later(self, grading: Grading) -> set[str]:
        """Return who is known only by what it bought after the day before the period."""
        table = grading.customers.table
        columns = (table.column(name) for name in ("created_on", "first_ordered_on"))
        return {
            key
            for key, created, ordered in zip(grading.customers.keys, *columns, strict=True)
            if created is None and ordered is not None and ordered > self.since
        }


def _figures(grading: Grading, figure: str | None) -> Sequence[Decimal | None]:
    """Return a figure of every customer, nothing where there is none."""
    customers = grading.customers
    return [None] * len(customers) if figure is None else customers.table.column(figure)


def _warned(grading: Grading, figure: str | None) -> tuple[Warned, ...]:
    values = _figures(grading, figure)
    rows = zip(grading.decisions, grading.customers.names, values, strict=True)
    found = [
        Warned(
            decision=one,
            name=name,
            since=one.warned_on,
            falls_on=_falls_on(one, one.warned_on),
            figure=value,
        )
        for one, name, value in rows
        if one.warned_on is not None
    ]
    return tuple(sorted(found, key=lambda one: (-(one.figure or 0), one.name)))


def _falls_on(one: GradeDecision, warned_on: date) -> date:
    """Return the first day of review on which nothing keeps a customer from falling any more."""
    policy = one.policy
    free = [one.on + _DAY, warned_on + policy.grace_days * _DAY]
    if one.interval is not None:
        free.append(one.interval.starts_on + policy.minimum_stay_days * _DAY)
    day = max(free)
    return day if policy.is_review(day) else policy.next_review(day) or day


def _money_figure(policy: GradingPolicy) -> str | None:
    """Return the name of a policy's first figure of money."""
    figures = (one for one in policy.fields if isinstance(one, CustomerFigure))
    return next((one.name for one in figures if one.unit == "money"), None)


def _moves(
    grading: Grading,
    before: Mapping[str, str],
    behind: Mapping[str, GradeDecision],
    figure: str | None,
) -> tuple[GradeMove, ...]:
    values = _figures(grading, figure)
    found: list[GradeMove] = []
    for one, name, value in zip(grading.decisions, grading.customers.names, values, strict=True):
        earlier = before.get(one.customer_id)
        if earlier == one.after:
            continue
        held = None if one.is_change else one.interval
        found.append(
            GradeMove(
                decision=one if one.is_change else behind.get(one.customer_id, one),
                name=name,
                moved_on=one.on if held is None else held.starts_on,
                before=earlier,
                direction=_direction(grading.policy, earlier, one.after),
                override=held if held is not None and held.is_override else None,
                figure=value,
            )
        )
    order = {direction: place for place, direction in enumerate(MoveDirection)}
    return tuple(
        sorted(found, key=lambda one: (order[one.direction], -(one.figure or 0), one.name))
    )


def _direction(policy: GradingPolicy, before: str | None, after: str) -> MoveDirection:
    if before is None or before not in policy.ranks:
        return MoveDirection.NEW
    if not policy.is_ladder:
        return MoveDirection.SIDE
    return MoveDirection.UP if policy.rank(after) > policy.rank(before) else MoveDirection.DOWN
