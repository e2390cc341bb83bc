"""Changes of a figure, typed: percent of the old value, or percentage points."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from enum import Enum

import attrs

from salescore.errors import InvalidNumber, InvalidRecord
from salescore.values._numbers import EXACT, Rounding, quotient, round_to


class ChangeKind(Enum):
    """
    What a change counts in.

    Attributes:
        PERCENT: A share of the old value.
        POINTS: The difference of two fractions, in percentage points.
    """

    PERCENT = "percent"
    POINTS = "points"


@attrs.frozen
class Change:
    """
    How far a figure moved.

    Attributes:
        kind: Percent of the old value, or percentage points.
        value: A fraction: 0.3 is +30 %, or 30 percentage points. `None` if undefined.
        reason: Why it is undefined, or `None` if it is defined.
    """

    kind: ChangeKind
    value: Decimal | None
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a change that is both defined and undefined, or neither."""
        if (self.value is None) == (self.reason is None):
            raise InvalidRecord("Change", "reason", self.reason, "give it exactly if value is None")

    def text(self, digits: int = 1) -> str:
        """
        Return the change as a reader expects it, with its sign.

        Args:
            digits: Digits after the point, rounded half to even.

        Returns:
            Such as "+30.0 %" or "-20.0 pp"; "undefined" and the reason if there is no value.

        Examples:
            >>> change(Decimal("0.7"), Decimal("0.9"), kind=ChangeKind.POINTS).text()
            '+20.0 pp'
        """
        if self.value is None:
            return f"undefined: {self.reason}"
        shown = round_to(EXACT.scaleb(self.value, 2), digits, Rounding.HALF_EVEN)
        sign = "" if not shown else "-" if shown < 0 else "+"
        return f"{sign}{shown.copy_abs():,f} {'%' if self.kind is ChangeKind.PERCENT else 'pp'}"


def change(old: Decimal | None, new: Decimal | None, *, kind: ChangeKind) -> Change:
    """
    Return how far a figure moved from an old value to a new one.

    percent = (new − old) ÷ abs(old) · points = new − old. The absolute value keeps the sign honest
    when the old value is negative: from −100 to −50 is +50 %, for it rose.

    Args:
        old: The value before, or `None` if undefined. For points a fraction: 70 % is 0.7.
        new: The value after, same unit, or `None` if undefined.
        kind: Percent or percentage points.

    Returns:
        The change, its value a fraction (percent to 28 significant digits, points exact). The
        value is `None`, with a reason, when either side is undefined or percent starts from 0.

    Raises:
        InvalidNumber: If a value is not finite, or the difference cannot be held exactly.

    Examples:
        >>> change(Decimal(100), Decimal(130), kind=ChangeKind.PERCENT).value
        Decimal('0.3')

    Source:
        Percentage change and percentage points as in any text on descriptive statistics; the base
        of a negative old value is our decision.
    """
    if old is None or new is None:
        which = "old" if old is None else "new"
        return Change(kind, None, f"the {which} value is undefined")
    for value in (old, new):
        if not value.is_finite():
            raise InvalidNumber(str(value), "only finite numbers are accepted")
    try:
        difference = EXACT.subtract(new, old)
    except DecimalException:
        raise InvalidNumber(f"{new} - {old}", "the difference cannot be held exactly") from None
    if kind is ChangeKind.POINTS:
        return Change(kind, difference)
    share = quotient(difference, old.copy_abs())
    return Change(kind, share, "the old value is 0" if share is None else None)
