"""Stages of a funnel, and what they ask for: criteria, fields, limits, events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, cast

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidNumber, InvalidValue
from salescore.funnel._names import as_former, as_required, as_roles, check_text
from salescore.rules import Expression, as_tree
from salescore.values import check_decimal

_LANGUAGES = 2

_FIXED = {StageKind.WON: Decimal(1), StageKind.LOST: Decimal(0), StageKind.VOID: Decimal(0)}


def check_choice(name: str, value: object, choice: type[Enum]) -> None:
    """Refuse what is no member of an enumeration, such as its bare text."""
    if not isinstance(value, choice):
        raise InvalidValue(name, value, f"expected a {choice.__name__}")


def check_flag(name: str, value: object) -> None:
    """Refuse what is neither true nor false, such as the text "no"."""
    if not isinstance(value, bool):
        raise InvalidValue(name, value, "expected True or False")


def check_labels(name: str, value: object) -> None:
    """Refuse what is no pair of texts."""
    found = _as_given(value)
    if found is None or len(found) != _LANGUAGES or not all(isinstance(one, str) for one in found):
        raise InvalidValue(name, value, "expected a tuple of two texts, English and Chinese")


def check_members(name: str, values: object, member: type[object]) -> None:
    """Refuse what is no tuple of one type, as `as_members` leaves it."""
    found = _as_given(values)
    for one in (values,) if found is None else found:
        if not isinstance(one, member) or found is None:
            raise InvalidValue(name, one, f"expected several of {member.__name__}")


def _as_given(value: object) -> tuple[object, ...] | None:
    """Return a tuple; `None` for anything else."""
    return cast("tuple[object, ...]", value) if isinstance(value, tuple) else None


def as_members(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values as a tuple; what is not several is left for `check_members` to refuse."""
    given = cast("object", values)
    if isinstance(given, str) or not isinstance(given, Iterable):
        return cast("tuple[Any, ...]", given)
    return tuple(values)


@attrs.frozen(kw_only=True)
class Criterion:
    """
    One condition that an opportunity must fulfil, told by a rule.

    Attributes:
        key: What refusals call it.
        rule: The condition; unknown does not fulfil it.
        labels: English and Chinese label, in this order.
    """

    key: str
    rule: Expression = attrs.field(converter=as_tree)
    labels: tuple[str, str] = ("", "")

    def __attrs_post_init__(self) -> None:
        check_text("key of a criterion", self.key)
        check_labels(f"labels of {self.key}", self.labels)


@attrs.frozen(kw_only=True)
class EventTemplate:
    """
    An event that a move leaves behind besides its own.

    Attributes:
        name: Name of the event, such as proposal_promised.
        labels: English and Chinese label, in this order.
    """

    name: str
    labels: tuple[str, str] = ("", "")

    def __attrs_post_init__(self) -> None:
        check_text("name of an event", self.name)
        check_labels(f"labels of {self.name}", self.labels)


_MOST = 1_000_000


class LimitUnit(Enum):
    """What a service limit is counted in."""

    HOURS = "hours"
    DAYS = "days"


@attrs.frozen(kw_only=True)
class ServiceLimit:
    """
    How long an opportunity may stay in a stage.

    Attributes:
        amount: How many units, from 1 to 1,000,000.
        unit: Hours or days.
        is_working: Whether only working time counts, or working days, which takes a working
            calendar to tell.
    """

    amount: int
    unit: LimitUnit = LimitUnit.DAYS
    is_working: bool = False

    def __attrs_post_init__(self) -> None:
        if type(self.amount) is not int or not 1 <= self.amount <= _MOST:
            fault = f"expected a whole number from 1 to {_MOST:,}"
            raise InvalidValue("a service limit", self.amount, fault)
        check_choice("unit of a service limit", self.unit, LimitUnit)
        check_flag("is_working of a service limit", self.is_working)

    @property
    def time(self) -> timedelta:
        """Return the limit as time on the clock, a day being 24 hours."""
        if self.unit is LimitUnit.HOURS:
            return timedelta(hours=self.amount)
        return timedelta(days=self.amount)


def _is_fraction(value: object) -> bool:
    try:
        return isinstance(value, Decimal) and 0 <= check_decimal(value) <= 1
    except InvalidNumber:
        return False


@attrs.frozen(kw_only=True)
class Stage:
    """
    One stage of a funnel.

    Attributes:
        key: What records call it: the `stage` of opportunities and visits.
        kind: State that it stands for; never told by its probability.
        labels: English and Chinese label, in this order.
        probability: Chance to win that holds here unless one was set by hand, a fraction from 0 to
            1; `None` where nobody stated one. A won stage has 1, a lost or void one 0.
        forecast_category: Category that opportunities take on here; `None` where they keep theirs.
        required: Fields of an opportunity that must be known before it enters.
        exit_criteria: What must be fulfilled before it goes on to a later stage or is won.
        limit: How long it may stay; `None` for any time.
        on_entry: Events that entering leaves behind.
        on_exit: Events that leaving leaves behind.
        roles: Who works on it, in the words of the business; told in procedures, not checked.
        purpose: What is done here, in English and Chinese; told in procedures.
        former: What earlier versions of the funnel called it, where they did otherwise; figures
            count stays under these keys as stays here.
    """

    key: str
    kind: StageKind = StageKind.OPEN
    labels: tuple[str, str] = ("", "")
    probability: Decimal | None = None
    forecast_category: str | None = None
    required: tuple[str, ...] = attrs.field(default=(), converter=as_required)
    exit_criteria: tuple[Criterion, ...] = attrs.field(default=(), converter=as_members)
    limit: ServiceLimit | None = None
    on_entry: tuple[EventTemplate, ...] = attrs.field(default=(), converter=as_members)
    on_exit: tuple[EventTemplate, ...] = attrs.field(default=(), converter=as_members)
    roles: tuple[str, ...] = attrs.field(default=(), converter=as_roles)
    purpose: tuple[str, str] = ("", "")
    former: tuple[str, ...] = attrs.field(default=(), converter=as_former)

    def __attrs_post_init__(self) -> None:
        check_text("key of a stage", self.key)
        check_choice(f"kind of {self.key}", self.kind, StageKind)
        check_labels(f"labels of {self.key}", self.labels)
        check_labels(f"purpose of {self.key}", self.purpose)
        check_members(f"exit_criteria of {self.key}", self.exit_criteria, Criterion)
        check_members(f"on_entry of {self.key}", self.on_entry, EventTemplate)
        check_members(f"on_exit of {self.key}", self.on_exit, EventTemplate)
        limit = cast("object", self.limit)
        if limit is not None and not isinstance(limit, ServiceLimit):
            raise InvalidValue(f"limit of {self.key}", limit, "expected a ServiceLimit")
        if self.forecast_category is not None:
            check_text(f"forecast category of {self.key}", self.forecast_category)
        stated, fixed = self.probability, _FIXED.get(self.kind)
        name = f"probability of {self.key}"
        if stated is not None and not _is_fraction(stated):
            raise InvalidValue(name, stated, "expected a Decimal from 0 to 1, of 18 places at most")
        if fixed is not None and stated not in (None, fixed):
            fault = f"a stage of kind {self.kind.value} has {fixed}; leave it out"
            raise InvalidValue(name, stated, fault)
        if self.kind in _FIXED and (self.exit_criteria or self.limit):
            fault = "an opportunity that is closed has no criteria to go on, and no limit"
            raise InvalidValue(f"kind of {self.key}", self.kind.value, fault)

    @property
    def chance(self) -> Decimal | None:
        """Return the probability that holds here, that of closed kinds too."""
        return _FIXED.get(self.kind, self.probability)

    @property
    def is_closed(self) -> bool:
        """Return whether an opportunity is done with here: won, lost or void."""
        return self.kind in _FIXED
