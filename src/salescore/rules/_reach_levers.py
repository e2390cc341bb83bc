"""Levers: which fields may change, how far, and at what price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs

from salescore.errors import InvalidNumber, InvalidValue
from salescore.plain import Field, FieldTable, Kind
from salescore.rules._literals import checked_literal
from salescore.rules._tree import FieldValue, Scalar
from salescore.values import EXACT, check_decimal, scale_of

_NOTHING = Decimal(0)
_ONE = Decimal(1)
_CENT = Decimal("0.01")
_TOO_LARGE = 10**38
"""No field holds a number of this size, and exact arithmetic need not try it."""

_TYPES: dict[Kind, type] = {Kind.DECIMAL: Decimal, Kind.DATE: date, Kind.INSTANT: datetime}
"""Kinds with an order, in which a change has a size."""

_TEXTS = (Kind.ID, Kind.TEXT, Kind.CHOICE)


class Direction(Enum):
    """
    Which way a field can move.

    Attributes:
        ANY: Both ways.
        UP: It can only grow, or become later, as tenure does.
        DOWN: It can only shrink, or become earlier.
    """

    ANY = "any"
    UP = "up"
    DOWN = "down"


def _as_options(options: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if options is None else tuple(options)


@attrs.frozen
class Lever:
    """
    A field that somebody can change, and what that costs: `fixed + rate × |change|`.

    A change of a text or truth value, and an unknown value becoming known, cost `fixed`; so does
    each tag that is added or removed.

    A number shows the multiples of its step; a date or an instant what lies whole steps from its
    present value, and any day or whole second where that is unknown.

    Attributes:
        field: Name of the field.
        direction: Which way a number, a date or an instant can move.
        fixed: Price of changing it at all, at least 0, in any unit the levers share.
        rate: Price of a change by one (dates: by a day; instants: by a second), at least 0.
        step: Distance of the values that the field can show, in days for dates and in seconds
            for instants; `None` is 1 for dates, instants and units that are counted, such as
            orders or days; 0.01 for money; and for other numbers 0.01, or finer where the rule
            names finer ones.
        lowest: Least value that it can take; `None` leaves it to the field table.
        highest: Greatest value that it can take; `None` likewise.
        options: Texts that a text can become, or tags that can be added and removed; `None` leaves
            them to the choices of the field table.

    Raises:
        InvalidValue: A price below 0, a step that is not above 0, or bounds in the wrong order.
        InvalidNumber: A price or step that is no admissible decimal.

    Examples:
        >>> Lever("tenure_months", Direction.UP, rate=Decimal(2)).fixed
        Decimal('1')
    """

    field: str
    direction: Direction = Direction.ANY
    fixed: Decimal = attrs.field(default=_ONE, kw_only=True)
    rate: Decimal = attrs.field(default=_NOTHING, kw_only=True)
    step: Decimal | None = attrs.field(default=None, kw_only=True)
    lowest: Decimal | date | datetime | None = attrs.field(default=None, kw_only=True)
    highest: Decimal | date | datetime | None = attrs.field(default=None, kw_only=True)
    options: tuple[str, ...] | None = attrs.field(
        default=None,
        kw_only=True,
        converter=_as_options,
    )

    def __attrs_post_init__(self) -> None:
        """Refuse prices, steps and bounds that mean nothing."""
        for price in (self.fixed, self.rate):
            if check_decimal(price) < 0:
                raise InvalidValue("the price of a change", price, "it must be at least 0")
        if self.step is not None and check_decimal(self.step) <= 0:
            raise InvalidValue("the step of a lever", self.step, "it must be above 0")
        ends: list[Any] = [end for end in (self.lowest, self.highest) if end is not None]
        for end in ends:
            checked_literal(end)
        if len(ends) > 1 and (type(ends[0]) is not type(ends[1]) or ends[0] > ends[1]):
            fault = "write the lowest value first, both of the field's type"
            raise InvalidValue("the bounds of a lever", f"{ends[0]} to {ends[1]}", fault)


def levers_of(levers: Iterable[Lever | str], table: FieldTable) -> dict[str, Lever]:
    """
    Return levers by the name of their field, checked against a field table.

    Raises:
        UnknownName: A field that the table does not have.
        InvalidValue: Two levers for one field, or bounds, options or a direction that its kind
            cannot have.
    """
    found: dict[str, Lever] = {}
    for given in levers:
        lever = Lever(given) if isinstance(given, str) else given
        if lever.field in found:
            raise InvalidValue("a lever", lever.field, "one lever a field")
        _check_fit(lever, table.field(lever.field))
        found[lever.field] = lever
    return found


def _check_fit(lever: Lever, field: Field) -> None:
    kind = None if field.is_set else _TYPES.get(field.kind)
    for end in (lever.lowest, lever.highest):
        # An instant is a date to Python, and no date to a rule.
        if end is not None and not (
            kind and isinstance(end, kind) and isinstance(end, datetime) is (kind is datetime)
        ):
            raise InvalidValue(f"a bound of {field.name}", end, f"the field holds {_held(field)}")
    if kind is None and lever.direction is not Direction.ANY:
        fault = f"the field holds {_held(field)}, which has no direction"
        raise InvalidValue(f"the direction of {field.name}", lever.direction.value, fault)
    if lever.step is not None and (
        kind is None or (kind is not Decimal and lever.step != lever.step.to_integral_value())
    ):
        fault = "only numbers have steps, and dates and instants whole ones"
        raise InvalidValue(f"the step of {field.name}", lever.step, fault)
    if lever.options is not None:
        if not (field.is_set or field.kind in _TEXTS):
            fault = f"the field holds {_held(field)}; bound it with lowest and highest"
            raise InvalidValue(f"the options of {field.name}", lever.options, fault)
        never = set(lever.options).difference(field.choices) if field.choices else None
        if never:
            fault = f"it is one of {', '.join(field.choices)}"
            raise InvalidValue(f"an option of {field.name}", min(never), fault)


def _held(field: Field) -> str:
    article = "an" if field.kind is Kind.INSTANT else "a"
    return "tags" if field.is_set else f"{article} {field.kind.value}"


def named_values(lever: Lever, field: Field) -> tuple[Scalar, ...] | None:
    """Return all values that a field can take, `None` where they cannot be listed."""
    if field.is_set:
        return None
    if field.kind is Kind.BOOLEAN:
        return (False, True)
    if lever.options is not None:
        return lever.options
    return field.choices or None


def change_size(before: FieldValue, after: FieldValue) -> Decimal:
    """Return the size of a change: in the field's unit, in days, in seconds, in tags, else 0."""
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return abs(EXACT.subtract(after, before))
    if isinstance(after, datetime):
        apart = timedelta() if not isinstance(before, datetime) else abs(after - before)
        return EXACT.scaleb(Decimal(apart // timedelta(microseconds=1)), -6)
    if isinstance(before, date) and isinstance(after, date):
        return Decimal(abs((after - before).days))
    if isinstance(after, frozenset):
        return Decimal(len(after.symmetric_difference(_tags(before))))
    return _NOTHING


def _tags(value: FieldValue) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def side_of(present: Any, value: Any) -> int:  # noqa: ANN401 - any value of a field
    """Return -1 or 1 where a value with an order moves, 2 where it becomes known, else 0."""
    if isinstance(value, bool | str | frozenset):
        return 0
    if present is None:
        return 2
    return 1 if value > present else -1


def is_on_the_way(present: Any, near: Any, far: Any) -> bool:  # noqa: ANN401 - as in side_of
    """Return whether one change of a field is part of another."""
    if isinstance(far, frozenset):
        now = frozenset[str]() if present is None else present
        return bool((near ^ now) <= (far ^ now))
    if near == far:
        return True
    side = side_of(present, near)
    return bool(
        side
        and side == side_of(present, far)
        and (present is None or change_size(present, near) <= change_size(present, far))
    )


def price(lever: Lever, before: FieldValue, after: FieldValue) -> Decimal:
    """Return what a change costs."""
    if isinstance(after, frozenset):
        return EXACT.multiply(lever.fixed, max(_ONE, change_size(before, after)))
    if not lever.rate:
        return lever.fixed
    return EXACT.fma(lever.rate, change_size(before, after), lever.fixed)


def ordered_values(
    lever: Lever,
    field: Field,
    present: Any,  # noqa: ANN401 - any value with an order
    cuts: Iterable[Scalar | Fraction],
) -> list[Any]:
    """
    Return the values worth trying of a field with an order, the nearest first.

    Between two cut points a rule does not change its answer, so the cut points and the nearest
    values beside them stand for all others.

    Args:
        lever: What may change, and how far.
        field: A number, a date or an instant.
        present: Its value now; `None` is unknown.
        cuts: Values at which the rule may change its answer.
    """
    low, high = _bounds(lever, field)
    points: list[Any] = list(cuts)
    if low is not None and (present is None or present < low):
        points.append(low)
    if high is not None and (present is None or present > high):
        points.append(high)
    if field.kind is Kind.DECIMAL:
        near = _numbers_beside(points, lever, field)
        if present is None:
            least = min(max(_NOTHING, low or _NOTHING), _NOTHING if high is None else high)
            near += _numbers_beside((least,), lever, field)
        shown = [one for one in near if _is_admissible(one, field)]
    else:
        shown = _moments_beside(points, lever, field, present)
    found = [
        one
        for one in dict.fromkeys(shown)
        if (low is None or one >= low) and (high is None or one <= high)
    ]
    if present is None:
        return found
    moves: list[Any] = [
        one
        for one in found
        if (lever.direction is not Direction.DOWN and one > present)
        or (lever.direction is not Direction.UP and one < present)
    ]
    moves.sort(key=lambda one: change_size(present, one))
    return moves


def _bounds(lever: Lever, field: Field) -> tuple[Any, Any]:
    low: Any = lever.lowest
    high: Any = lever.highest
    if field.minimum is not None:
        low = field.minimum if low is None else max(low, field.minimum)
    if field.maximum is not None:
        high = field.maximum if high is None else min(high, field.maximum)
    return low, high


def _numbers_beside(
    cuts: Iterable[Decimal | Fraction], lever: Lever, field: Field
) -> list[Decimal]:
    """Return the cut points that a number can show, and what it shows on either side of each."""
    cuts = list(cuts)
    step = lever.step or _own_step(field, cuts)
    exact: list[Decimal] = []
    beside: list[Decimal] = []
    for cut in cuts:
        if not -_TOO_LARGE < cut < _TOO_LARGE:
            continue
        point = cut if isinstance(cut, Decimal) else _as_decimal(cut)
        if point is not None and not EXACT.remainder(point, step):
            exact.append(point)
            beside += (EXACT.add(point, step), EXACT.subtract(point, step))
        else:
            below = Fraction(cut) // Fraction(step)
            beside += (EXACT.multiply(step, Decimal(n)) for n in (below + 1, below))
    return exact + beside


def _own_step(field: Field, cuts: Iterable[Decimal | Fraction]) -> Decimal:
    """Return the smallest change that a number shows where its lever does not say it."""
    if field.is_counted:
        return _ONE
    if (field.unit or "").startswith("money"):
        return _CENT
    digits = [scale_of(cut) for cut in cuts if isinstance(cut, Decimal)]
    return min(_CENT, _ONE.scaleb(-max(digits, default=0)))


def _as_decimal(cut: Fraction) -> Decimal | None:
    """Return a fraction as a decimal, `None` where 18 digits behind the point do not hold it."""
    digits, rest = divmod(cut.numerator * 10**18, cut.denominator)
    if rest:
        return None
    found = EXACT.normalize(EXACT.scaleb(Decimal(digits), -18))
    return EXACT.quantize(found, _ONE) if found == found.to_integral_value() else found


def _is_admissible(value: Decimal, field: Field) -> bool:
    try:
        check_decimal(value)
    except InvalidNumber:
        return False
    return field.range_fault(value) is None


def _moments_beside(
    cuts: Iterable[Any],
    lever: Lever,
    field: Field,
    present: Any,  # noqa: ANN401 - a date or an instant
) -> list[Any]:
    """Return the cut points that a date or instant can show, and what it shows beside each."""
    is_day = field.kind is Kind.DATE
    count = 1 if lever.step is None or present is None else int(lever.step)
    start: Any = present
    if present is None:
        start = date(1970, 1, 1) if is_day else datetime(1970, 1, 1, tzinfo=UTC)
    try:
        step = timedelta(days=count) if is_day else timedelta(seconds=count)
    except OverflowError:
        return []
    exact: list[Any] = []
    beside: list[Any] = []
    for cut in cuts:
        below, rest = divmod(cut - start, step)
        for shown, many in (
            (beside if rest else exact, below),
            (beside, below + 1),
            (beside, below - 1),
        ):
            try:
                shown.append(start + many * step)
            except OverflowError:
                continue  # the calendar ends there
    return exact + beside
