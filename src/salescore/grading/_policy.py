"""Grading policies: ordered grades, rules of entry and exit, and how moves are tempered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, cast

import attrs

from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading._fields import CustomerField
from salescore.grading._reading import tree_or_none
from salescore.grading._service_plan import ServicePlan
from salescore.plain import FieldTable, as_tuple
from salescore.rules import (
    Expression,
    RuleType,
    check_types,
    compile_expression,
    fields_of,
    rule_text,
)

_MONTHS_A_YEAR = 12
_MOST_DAYS = 36_600


def check_day(name: str, value: object) -> None:
    """Refuse what is no day, such as a datetime, which has a time too."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InvalidValue(name, value, "expected a date, without a time")


def _check_name(name: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(name, value, "expected a text that is not empty")


@attrs.frozen(kw_only=True)
class Grade:
    """
    One grade of a policy.

    Attributes:
        key: What decisions and records call it.
        labels: English and Chinese label, in this order.
        entry: Rule under which a customer may come in; `None` for the lowest grade, which takes
            whoever has no other.
        exit: Rule under which a customer is due to leave, laxer than not fulfilling `entry`, so
            that nobody comes and goes with every purchase; `None` for the lowest grade, which
            nobody leaves downwards.
    """

    key: str
    labels: tuple[str, str]
    entry: Expression | None = attrs.field(default=None, converter=tree_or_none)
    exit: Expression | None = attrs.field(default=None, converter=tree_or_none)

    def __attrs_post_init__(self) -> None:
        _check_name("key of a grade", self.key)


Condition = Callable[[Mapping[str, Any]], bool | None]


@attrs.frozen(kw_only=True)
class GradingPolicy:
    """
    How customers are graded.

    A customer comes into the highest grade whose rule of entry holds, at once.
    It leaves a grade downwards only at a review, after its minimum stay, once the rule of exit has
    held for the days of grace; then it falls to the next lower grade that it may enter or need not
    leave too. Where entry and exit hold at once, it stays.
    What is unknown neither lets a customer in nor makes it leave, nor does it end a warning.
    Where the grades are no ladder, their order is that in which they are tried, the last first. A
    customer that is due to leave one then goes straight to the highest that it may enter.

    Attributes:
        name: What records call the policy.
        version: Version; another one is another policy, and rewrites nothing.
        grades: The grades, the lowest first.
        labels: English and Chinese label, in this order.
        fields: What is known of customers beyond their record.
        services: What the grades are owed, at most one plan for each.
        minimum_stay_days: Days that a customer keeps a grade at least, once it has it.
        review_months: Months between two reviews, which are on the first day of a month, counted
            from January; `None` where every day may be a review.
        grace_days: Days for which a customer is warned before it may fall.
        step_limit: Most grades by which a customer may be above or below the one that it had
            before the last review, or when it came in since; `None` for any number.
        is_ladder: Whether the grades are steps of a ladder, on which customers rise and fall; where
            they are not, as with segments, customers move, and stay, grace and limit are refused.
        valid_from: First day on which the policy is in force; `None` without a beginning.
        valid_until: Last day on which it is in force; `None` while it lasts.
    """

    name: str
    version: str
    grades: tuple[Grade, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, str] = ("", "")
    fields: tuple[CustomerField, ...] = attrs.field(default=(), converter=as_tuple)
    services: tuple[ServicePlan, ...] = attrs.field(default=(), converter=as_tuple)
    minimum_stay_days: int = 0
    review_months: int | None = None
    grace_days: int = 0
    step_limit: int | None = None
    is_ladder: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    def __attrs_post_init__(self) -> None:
        _check_name("name of a policy", self.name)
        _check_name(f"version of {self.name}", self.version)
        if not self.grades:
            raise InvalidValue(f"grades of {self.name}", (), "a policy needs at least one grade")
        for name in ("minimum_stay_days", "grace_days"):
            self._whole(name, getattr(self, name), 0, _MOST_DAYS)
        self._whole("review_months", self.review_months, 1, _MONTHS_A_YEAR)
        self._whole("step_limit", self.step_limit, 1, len(self.grades))
        if not isinstance(cast("object", self.is_ladder), bool):
            raise InvalidValue(
                f"is_ladder of {self.name}", self.is_ladder, "expected true or false"
            )
        if not self.is_ladder and (
            self.minimum_stay_days or self.grace_days or self.step_limit is not None
        ):
            fault = "where grades are no ladder there is no stay, grace or limit of steps"
            raise InvalidValue(f"is_ladder of {self.name}", self.is_ladder, fault)
        for name in ("valid_from", "valid_until"):
            if getattr(self, name) is not None:
                check_day(f"{name} of {self.name}", getattr(self, name))
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            fault = f"it lies before valid_from, {self.valid_from}"
            raise InvalidValue(f"valid_until of {self.name}", self.valid_until, fault)

    def _whole(self, name: str, value: object, least: int, most: int) -> None:
        if value is not None and (type(value) is not int or not least <= value <= most):
            fault = f"expected a whole number from {least} to {most:,}"
            raise InvalidValue(f"{name} of {self.name}", value, fault)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Return the place of each grade by its key, the lowest being 0."""
        return {one.key: rank for rank, one in reversed(list(enumerate(self.grades)))}

    def rank(self, grade: str) -> int:
        """
        Return the place of a grade, the lowest being 0.

        Raises:
            UnknownName: The policy has no such grade.
        """
        try:
            return self.ranks[grade]
        except KeyError:
            known = tuple(one.key for one in self.grades)
            raise UnknownName(f"grade of {self.name}", grade, known) from None

    def grade(self, key: str) -> Grade:
        """
        Return the grade of a key.

        Raises:
            UnknownName: The policy has no such grade.
        """
        return self.grades[self.rank(key)]

    def service(self, grade: str) -> ServicePlan | None:
        """Return what a grade is owed; `None` where nothing is said."""
        return next((one for one in self.services if one.grade == grade), None)

    def is_review(self, day: date) -> bool:
        """Return whether customers may fall on a day."""
        if self.review_months is None:
            return True
        return day.day == 1 and (day.month - 1) % self.review_months == 0

    def last_review(self, day: date) -> date | None:
        """Return the last day of review on or before a day; `None` where every day is one."""
        if self.review_months is None:
            return None
        return day.replace(month=day.month - (day.month - 1) % self.review_months, day=1)

    def next_review(self, day: date) -> date | None:
        """
        Return the first day of review after a day; `None` where every day is one.

        Raises:
            InvalidValue: The calendar ends before it.
        """
        last = self.last_review(day)
        if last is None or self.review_months is None:
            return None
        month = last.month + self.review_months
        if month > _MONTHS_A_YEAR:  # every year begins with a review
            if last.year == date.max.year:
                raise InvalidValue("day", day, "the calendar ends before the review after it")
            return last.replace(year=last.year + 1, month=1)
        return last.replace(month=month)

    def check_rules(self, schema: FieldTable) -> None:
        """
        Refuse rules that do not fit the fields of customers.

        Args:
            schema: The fields, as `customer_table` gives them.

        Raises:
            UnknownName: A rule reads a field that there is not.
            RuleTypeError: Types do not fit, or a rule is no condition.
        """
        requirements = [one.rule for plan in self.services for one in plan.requirements]
        rules = [rule for one in self.grades for rule in (one.entry, one.exit) if rule is not None]
        for rule in (*rules, *requirements):
            if check_types(rule, schema) is not RuleType.BOOLEAN:
                raise RuleTypeError(rule_text(rule), "it must be a condition")

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of the fields that its rules read, each once."""
        rules = [rule for one in self.grades for rule in (one.entry, one.exit) if rule is not None]
        return tuple(dict.fromkeys(name for rule in rules for name in fields_of(rule)))

    @cached_property
    def _picked(self) -> Callable[[Mapping[str, Any]], Any]:
        # A picker of one field gives its value bare, so the first field is picked twice then.
        names = self.inputs or ("",)
        return itemgetter(*(names if len(names) > 1 else names * 2))

    def values_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of its inputs in a row."""
        found: tuple[Any, ...] = self._picked(row) if self.inputs else ()
        return found[: len(self.inputs)]

    @cached_property
    def entries(self) -> tuple[tuple[int, Condition], ...]:
        """Return the compiled rules of entry above the lowest grade by rank, the highest first."""
        pairs = [(rank, entry) for rank, (entry, _) in enumerate(self.conditions) if rank]
        return tuple((rank, entry) for rank, entry in reversed(pairs) if entry is not None)

    @cached_property
    def conditions(self) -> tuple[tuple[Condition | None, Condition | None], ...]:
        """Return the rules of entry and exit of each grade, compiled for rows by field name."""
        return tuple(
            (
                None if one.entry is None else compile_expression(one.entry, itemgetter),
                None if one.exit is None else compile_expression(one.exit, itemgetter),
            )
            for one in self.grades
        )
