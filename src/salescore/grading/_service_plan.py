"""Service plans: what each grade is owed, and what must be on record of its customers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.grading._reading import tree_of
from salescore.plain import as_tuple
from salescore.rules import Expression

_MOST_DAYS = 3_660


def _channels(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidValue("channels", value, f"a list of texts is needed, such as [{value!r}]")
    return as_tuple(value)


@attrs.frozen(kw_only=True)
class Requirement:
    """
    What must be on record of a customer.

    Attributes:
        key: What findings call it, in snake_case.
        rule: Rule over the fields of the policy that holds where it is on record, and fresh enough.
        labels: English and Chinese label, in this order; nouns, as they name what is lacking, too.
    """

    key: str
    rule: Expression = attrs.field(converter=tree_of)
    labels: tuple[str, str]


@attrs.frozen(kw_only=True)
class ServicePlan:
    """
    What customers of a grade are owed.

    Attributes:
        grade: Key of the grade.
        contact_days: Days within which each customer is to be contacted again; `None` for no
            cadence.
        channels: Channels by which a contact counts; with none of them every channel counts.
        benefits: English and Chinese label of each benefit, such as an invitation or a discount.
        hours: Hours of work that a customer takes in a year; `None` when nobody said.
        budget: Money that a customer takes in a year, in the reporting currency; `None` when nobody
            said.
        requirements: What must be on record.
    """

    grade: str
    contact_days: int | None = None
    channels: tuple[str, ...] = attrs.field(default=(), converter=_channels)
    benefits: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_tuple)
    hours: Decimal | None = None
    budget: Decimal | None = None
    requirements: tuple[Requirement, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        days = self.contact_days
        if days is not None and (type(days) is not int or not 1 <= days <= _MOST_DAYS):
            fault = f"expected a whole number from 1 to {_MOST_DAYS:,}"
            raise InvalidValue(f"contact_days of {self.grade}", days, fault)
        for name, amount in (("hours", self.hours), ("budget", self.budget)):
            if amount is not None and not _is_amount(amount):
                fault = "expected a finite Decimal of at least 0"
                raise InvalidValue(f"{name} of {self.grade}", amount, fault)


def _is_amount(value: object) -> bool:
    return type(value) is Decimal and value.is_finite() and value >= 0
