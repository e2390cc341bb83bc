"""What questions about a pipeline must be made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar, cast

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind, listed

T = TypeVar("T")


def each_of(thing: str, found: Iterable[T], kind: type, wanted: str) -> tuple[T, ...]:
    """
    Return several things of one kind as a tuple.

    Raises:
        InvalidValue: It is a single one, or one of them is of another kind.
    """
    several = listed(thing, found, wanted)
    for one in several:
        check_kind(thing, one, kind, wanted)
    return several


def check_text(thing: str, found: object, fault: str = "it must be told") -> None:
    """Refuse what is no text, or a blank one."""
    if not isinstance(found, str) or not found.strip():
        raise InvalidValue(thing, found, fault)


def check_day(thing: str, found: object) -> None:
    """Refuse what is no day, an instant too."""
    if isinstance(found, datetime) or not isinstance(found, date):
        raise InvalidValue(thing, found, "it must be a day, such as date(2026, 3, 31)")


def check_chance(thing: str, found: Decimal) -> None:
    """Refuse what is no decimal from 0 to 1."""
    one = cast("object", found)
    if type(one) is not Decimal or not one.is_finite() or not 0 <= one <= 1:
        raise InvalidValue(thing, found, "a chance is a Decimal from 0 to 1")
