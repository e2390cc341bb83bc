"""Schemes of RFM: how days, orders and revenue become scores, as data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple, assert_never

import attrs

from salescore.errors import InvalidValue
from salescore.plain import Node, as_tuple
from salescore.values import check_decimal

Amount = int | Decimal
"""What is scored: a number of days, or an exact decimal."""

_FEWEST, _MOST = 2, 9
"""Fewest and most scores of one scheme; a score is one digit."""

_MEASURES = ("recency", "frequency", "monetary")


@attrs.frozen(kw_only=True)
class Thresholds:
    """
    Fixed bounds: a value belongs to the score above a bound from the bound itself on.

    With the bounds 30, 90 and 365 days, a sale 29 days ago scores 4, one 30 days ago 3.
    With the bounds 2 and 5 orders, one order scores 1, two score 2, five score 3.

    Attributes:
        recency: Bounds in days, one to eight, none below the one before; fewer days score higher.
            Between two equal bounds lies a score that nobody gets.
        frequency: Bounds in orders, likewise; more orders score higher.
        monetary: Bounds in the reporting currency, likewise; more revenue scores higher.
    """

    recency: tuple[Decimal, ...] = attrs.field(converter=as_tuple)
    frequency: tuple[Decimal, ...] = attrs.field(converter=as_tuple)
    monetary: tuple[Decimal, ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for name, bounds in zip(_MEASURES, self._bounds, strict=True):
            for bound in bounds:
                check_decimal(bound)
            if not 1 <= len(bounds) < _MOST or list(bounds) != sorted(bounds):
                shown = tuple(map(str, bounds))
                fault = "give 1 to 8 bounds that do not descend"
                raise InvalidValue(f"{name} of thresholds", shown, fault)

    @property
    def _bounds(self) -> tuple[tuple[Decimal, ...], ...]:
        return self.recency, self.frequency, self.monetary

    def as_data(self) -> dict[str, object]:
        """Return the scheme as plain JSON data, in the form that `rfm_scheme_from_data` reads."""
        bounds = [[format(bound, "f") for bound in some] for some in self._bounds]
        return {"kind": "thresholds", **dict(zip(_MEASURES, bounds, strict=True))}


@attrs.frozen(kw_only=True)
class QuantileCuts:
    """
    Bounds out of the customers themselves, as the R package rfm sets them.

    With 5 parts, the bounds are the quantiles at 20, 40, 60 and 80 % of those who bought
    (type 7), each raised by the offset. A value scores as with `Thresholds` of these bounds; where
    many customers are equal, some scores go to nobody.

    Attributes:
        parts: Scores, 2 to 9.
        offset: Added to every quantile. 1 is the package's: whole numbers up to the quantile then
            stay below the bound. It makes scores of money depend on the unit of money; 0 does not.

    Source:
        Hebbali, A., R package rfm 0.3.0, `rfm_table_order`.
    """

    parts: int = 5
    offset: Decimal = Decimal(1)

    def __attrs_post_init__(self) -> None:
        _check_parts(self.parts)
        if check_decimal(self.offset) < 0:
            raise InvalidValue("offset of quantile cuts", self.offset, "it must not be below 0")

    def as_data(self) -> dict[str, object]:
        """Return the scheme as plain JSON data, in the form that `rfm_scheme_from_data` reads."""
        return {"kind": "quantile_cuts", "parts": self.parts, "offset": format(self.offset, "f")}


@attrs.frozen(kw_only=True)
class MidRanks:
    """
    Scores by rank: f = (customers below + half of those equal) ÷ n, score 1 + ⌊parts · f⌋.

    n are those who bought. No bound is set, so ties can never be torn apart, and where all are
    equal all have the middle score.

    Attributes:
        parts: Scores, 2 to 9.
    """

    parts: int = 5

    def __attrs_post_init__(self) -> None:
        _check_parts(self.parts)

    def as_data(self) -> dict[str, object]:
        """Return the scheme as plain JSON data, in the form that `rfm_scheme_from_data` reads."""
        return {"kind": "mid_ranks", "parts": self.parts}


RfmScheme = Thresholds | QuantileCuts | MidRanks
"""How days, orders and revenue become scores."""


class RfmCuts(NamedTuple):
    """
    The bounds between scores, exact; as many as there are scores but one.

    Attributes:
        recency: In days.
        frequency: In orders.
        monetary: In the reporting currency.
    """

    recency: tuple[Fraction, ...]
    frequency: tuple[Fraction, ...]
    monetary: tuple[Fraction, ...]


class Columns(NamedTuple):
    """What is scored, of the customers who bought."""

    days: Sequence[int]
    orders: Sequence[Decimal]
    revenue: Sequence[Decimal]


def scores(columns: Columns, scheme: RfmScheme) -> tuple[list[int], list[int], list[int]]:
    """Return the scores of recency, frequency and money, each in the order of its column."""
    if isinstance(scheme, MidRanks):
        return (
            _by_rank(columns.days, scheme.parts, is_lower_better=True),
            _by_rank(columns.orders, scheme.parts),
            _by_rank(columns.revenue, scheme.parts),
        )
    cuts = cuts_of(columns, scheme)
    return (
        _by_cuts(columns.days, cuts.recency, is_lower_better=True),
        _by_cuts(columns.orders, cuts.frequency),
        _by_cuts(columns.revenue, cuts.monetary),
    )


def cuts_of(columns: Columns, scheme: Thresholds | QuantileCuts) -> RfmCuts:
    """Return the bounds between scores; quantiles of nobody are none."""
    match scheme:
        case Thresholds(recency=days, frequency=orders, monetary=revenue):
            return RfmCuts(*(tuple(map(Fraction, some)) for some in (days, orders, revenue)))
        case QuantileCuts():
            return RfmCuts(*(_quantiles(column, scheme) for column in columns))
        case _:
            assert_never(scheme)


def _quantiles(column: Sequence[Amount], scheme: QuantileCuts) -> tuple[Fraction, ...]:
    # Fractions, because a third of the customers is no decimal share; `stats` takes decimal ones.
    if not column:
        return ()
    ascending = sorted(column)
    found: list[Fraction] = []
    for number in range(1, scheme.parts):
        below, rest = divmod((len(ascending) - 1) * number, scheme.parts)
        low = Fraction(ascending[below])
        step = Fraction(ascending[below + 1]) - low if rest else Fraction(0)
        found.append(low + Fraction(rest, scheme.parts) * step + Fraction(scheme.offset))
    return tuple(found)


def _by_cuts(
    column: Sequence[Amount], cuts: Sequence[Fraction], *, is_lower_better: bool = False
) -> list[int]:
    order = _ascending(column)
    ends = [bisect_left(order, cut, key=lambda row: Fraction(column[row])) for cut in cuts]
    return _levels(order, [*ends, len(order)], is_lower_better=is_lower_better)


def _levels(order: list[int], ends: Iterable[int], *, is_lower_better: bool) -> list[int]:
    """Return the score of each row: the rows up to each end share one, the lowest first."""
    ends = list(ends)
    found = [0] * len(order)
    begin = 0
    for level, end in enumerate(ends, 1):
        score = len(ends) + 1 - level if is_lower_better else level
        for row in order[begin:end]:
            found[row] = score
        begin = end
    return found


def _by_rank(column: Sequence[Amount], parts: int, *, is_lower_better: bool = False) -> list[int]:
    order = _ascending(column)
    n = len(order)
    found = [0] * n
    begin = 0
    for _, equal in groupby(order, key=column.__getitem__):
        rows = list(equal)
        end = begin + len(rows)
        # Twice the rows below and once the equal ones: 2nf, a whole number.
        twice = 2 * n - begin - end if is_lower_better else begin + end
        score = 1 + parts * twice // (2 * n)
        for row in rows:
            found[row] = score
        begin = end
    return found


def _ascending(column: Sequence[Amount]) -> list[int]:
    return sorted(range(len(column)), key=column.__getitem__)


def _check_parts(parts: object) -> None:
    if type(parts) is not int or not _FEWEST <= parts <= _MOST:
        fault = f"it must be a whole number from {_FEWEST} to {_MOST}"
        raise InvalidValue("parts", parts, fault)


def rfm_scheme_from_data(data: object, path: str = "scheme") -> RfmScheme:
    """
    Return the scheme that plain JSON data describe.

    Args:
        data: What `as_data` of a scheme gives, or a `Node` of a larger document: `kind` is
            `thresholds` with three lists of bounds as text, `quantile_cuts` with `parts` and
            `offset`, or `mid_ranks` with `parts`.
        path: Where the data stand, for error messages; a `Node` knows its own.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    node = data if isinstance(data, Node) else Node(data, path)
    found = dict(node.pairs())
    if "kind" not in found:
        node.refuse("the key 'kind' is missing")
    kind = found["kind"].choice(("thresholds", "quantile_cuts", "mid_ranks"), "kind of scheme")
    try:
        if kind == "thresholds":
            found = node.object(("kind", *_MEASURES), required=_MEASURES)
            bounds = ([one.decimal() for one in found[name].items()] for name in _MEASURES)
            return Thresholds(**dict(zip(_MEASURES, bounds, strict=True)))
        if kind == "quantile_cuts":
            found = node.object(("kind", "parts", "offset"), required=("parts", "offset"))
            return QuantileCuts(parts=_parts(found["parts"]), offset=found["offset"].decimal())
        found = node.object(("kind", "parts"), required=("parts",))
        return MidRanks(parts=_parts(found["parts"]))
    except InvalidValue as error:
        node.refuse(str(error))


def _parts(node: Node) -> int:
    parts = node.whole()
    try:
        _check_parts(parts)
    except InvalidValue as error:
        node.refuse(str(error))
    return parts
