"""Shares of a total, and the largest slices with all others as one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.metrics._figures import Exclusion, Figure, Slice
from salescore.render import Language
from salescore.values import exact_sum, quotient

OTHERS_LABELS = ("Others", "其他")
"""What the slice is called that holds all others, in English and Chinese."""


@attrs.frozen(kw_only=True)
class Share:
    """
    A slice and what it is of the whole.

    Attributes:
        slice: The slice.
        value: Its share of the sum of all slices, a fraction; below 0 where the slice is. `None`
            where it is undefined.
        reason: Why it is undefined; `None` where it is defined.
    """

    slice: Slice
    value: Decimal | None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Top:
    """
    The largest slices, and all others as one.

    Attributes:
        largest: The largest slices, the largest first; ties in the order of their keys.
        others: All other slices as one, with the key `None`; `None` where there is no other.
        n_others: How many slices the others are.
    """

    largest: tuple[Slice, ...]
    others: Slice | None
    n_others: int

    @property
    def rows(self) -> tuple[Slice, ...]:
        """Return the largest slices with the others behind them."""
        return self.largest if self.others is None else (*self.largest, self.others)


def shares(slices: Sequence[Slice]) -> tuple[Share, ...]:
    """
    Return what share of their sum each slice of an additive figure is.

    With the value v of a slice the share is v ÷ the sum of all values. The slice of rows without a
    value of the dimension is one of them; a slice without a value has no share and adds nothing.

    Args:
        slices: All slices of one additive figure in one period.

    Returns:
        In the order of the slices; each share is undefined, with a reason, where the sum is not
        above 0.

    Raises:
        InvalidValue: The slices are of several figures, or the figure is not additive.
    """
    _check(slices)
    total = exact_sum(one.value for one in slices if one.value is not None)
    found: list[Share] = []
    for one in slices:
        value, reason = None, one.figure.reason
        if one.value is not None:
            value = quotient(one.value, total) if total > 0 else None
            reason = None if total > 0 else f"the total is {total:f}; shares need one above 0"
        found.append(Share(slice=one, value=value, reason=reason))
    return tuple(found)


def top(slices: Sequence[Slice], n: int, *, language: Language = Language.EN) -> Top:
    """
    Return the largest slices of an additive figure, and all others as one.

    Args:
        slices: All slices of one additive figure in one period.
        n: How many of the largest to keep; 1 or more.
        language: Language of the label of the others.

    Returns:
        The largest n that have a value, and all others, those without a value among them, as one
        slice whose value, rows and rows left out are theirs together. No value is lost: the largest
        and the others sum to what all slices sum to.

    Raises:
        InvalidValue: The slices are of several figures, the figure is not additive, or `n` is no
            whole number above 0.
    """
    _check(slices)
    if isinstance(n, bool) or not isinstance(cast("object", n), int) or n < 1:
        raise InvalidValue("n", n, "it must be a whole number above 0")
    known = [(one.value, one) for one in slices if one.value is not None]
    known.sort(key=lambda pair: [(key is not None, key or "") for key in pair[1].keys])
    known.sort(key=lambda pair: pair[0], reverse=True)
    largest = tuple(one for _, one in known[:n])
    rest = [one for _, one in known[n:]] + [one for one in slices if one.value is None]
    if not rest:
        return Top(largest=largest, others=None, n_others=0)
    width = len(rest[0].keys)
    label = language.pick(OTHERS_LABELS)
    others = Slice(keys=(None,) * width, labels=(label,) * width, figure=_together(rest))
    return Top(largest=largest, others=others, n_others=len(rest))


def _together(slices: Sequence[Slice]) -> Figure:
    """Return the figure of several slices of an additive figure as one."""
    values = [one.value for one in slices if one.value is not None]
    total = exact_sum(values) if values else None
    first = slices[0].figure
    left_out: dict[tuple[str, str], int] = {}
    for one in slices:
        for gone in one.figure.excluded:
            place = gone.table, gone.reason
            left_out[place] = left_out.get(place, 0) + gone.n
    return attrs.evolve(
        first,
        value=total,
        numerator=total,
        n=sum(one.figure.n for one in slices),
        reason=None if values else first.reason,
        excluded=tuple(Exclusion(*place, n) for place, n in sorted(left_out.items())),
    )


def _check(slices: Sequence[Slice]) -> None:
    for one in slices:
        if not one.figure.is_additive:
            raise InvalidValue("figure", one.figure.name, "its parts do not sum to a whole")
        if one.figure.name != slices[0].figure.name:
            names = slices[0].figure.name, one.figure.name
            raise InvalidValue("slices", names, "they must be of one figure")
