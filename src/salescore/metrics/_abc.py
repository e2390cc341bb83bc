"""ABC analysis: the few that make most of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from salescore.errors import InvalidValue
from salescore.metrics._figures import Slice
from salescore.values import EXACT, exact_sum, quotient


class Cut(NamedTuple):
    """A class and the share of the total before an item under which the item belongs to it."""

    name: str
    below: Decimal


ABC_CUTS = (Cut("A", Decimal("0.80")), Cut("B", Decimal("0.95")))
"""The usual cuts; what lies behind the last is class C."""

LAST_CLASS = "C"
"""The class of what lies behind the last cut."""


@attrs.frozen(kw_only=True)
class AbcItem:
    """
    One item of an ABC analysis.

    Attributes:
        key: Key of the slice.
        label: What to call it.
        value: Its value, in the unit of the figure.
        share: Its share of the total, a fraction.
        share_before: Share of all larger items, a fraction; it decides the class.
        grade: Class, `A`, `B` or `C`.
    """

    key: str
    label: str
    value: Decimal
    share: Decimal
    share_before: Decimal
    grade: str


@attrs.frozen(kw_only=True)
class AbcClass:
    """
    One class of an ABC analysis.

    Attributes:
        grade: `A`, `B` or `C`.
        n: Items in it.
        value: Sum of their values.
        share: Their share of the total, a fraction.
    """

    grade: str
    n: int
    value: Decimal
    share: Decimal


@attrs.frozen(kw_only=True)
class Abc:
    """
    An ABC analysis.

    Attributes:
        items: All items, the largest first; ties in the order of their keys.
        classes: The classes with what they hold.
        total: Sum of all values.
        left_out: Slices without a key or without a value.
        reason: Why there is no analysis; `None` where there is one.
    """

    items: tuple[AbcItem, ...]
    classes: tuple[AbcClass, ...]
    total: Decimal
    left_out: int
    reason: str | None = None


def abc(slices: Sequence[Slice], cuts: Sequence[Cut] = ABC_CUTS) -> Abc:
    """
    Return which few items make most of a figure.

    Items are sorted by value.
    An item is A while the share of those before it is under 80 %, B while under 95 %, then C.

    Args:
        slices: Slices of one additive figure by one dimension.
        cuts: Classes with their bounds, ascending; what lies behind the last is `C`.

    Returns:
        Items and classes; no items, with a reason, where the total is not above 0.

    Raises:
        InvalidValue: The cuts do not ascend within 0 to 1, two classes have one name, or the
            figure is not additive.

    Source:
        Usual definition of the field; decision record on ABC shares.
    """
    for one in slices:
        if len(one.keys) > 1:
            raise InvalidValue("slices", one.label, "they must be by one dimension")
        if not one.figure.is_additive:
            raise InvalidValue("figure", one.figure.name, "its parts do not sum to a whole")
    known = [(one.key, one.label, one.value) for one in slices if one.key is not None]
    entries = [(key, label, value) for key, label, value in known if value is not None]
    return abc_of(entries, cuts, left_out=len(slices) - len(entries))


def abc_of(
    entries: Iterable[tuple[str, str, Decimal]],
    cuts: Sequence[Cut] = ABC_CUTS,
    *,
    left_out: int = 0,
) -> Abc:
    """
    Return which few of some named values make most of their total.

    Args:
        entries: Key, label and value of each item; keys differ.
        cuts: Classes with their bounds, ascending; what lies behind the last is `C`.
        left_out: Items without a value, to be told with the result.

    Returns:
        As `abc`.

    Raises:
        InvalidValue: The cuts do not ascend within 0 to 1, or two classes have one name.
    """
    shares = [cut.below for cut in cuts]
    if shares != sorted(set(shares)) or not all(0 < share <= 1 for share in shares):
        raise InvalidValue("cuts", tuple(map(str, shares)), "bounds ascend within 0 to 1")
    names = [*(cut.name for cut in cuts), LAST_CLASS]
    if len(set(names)) < len(names):
        raise InvalidValue(
            "cuts", tuple(names), f"classes differ, also from the last, {LAST_CLASS}"
        )
    ranked = sorted(entries, key=lambda entry: entry[0])
    ranked.sort(key=lambda entry: entry[2], reverse=True)
    total = exact_sum(value for _, _, value in ranked)
    if total <= 0:
        reason = (
            f"the total is {total:f}; shares need a total above 0"
            if ranked
            else "there are no items"
        )
        return Abc(items=(), classes=(), total=total, left_out=left_out, reason=reason)
    bounds = [(cut.name, EXACT.multiply(cut.below, total)) for cut in cuts]
    items: list[AbcItem] = []
    before = Decimal(0)
    for key, label, value in ranked:
        items.append(
            AbcItem(
                key=key,
                label=label,
                value=value,
                share=_share(value, total),
                share_before=_share(before, total),
                grade=next((name for name, bound in bounds if before < bound), LAST_CLASS),
            )
        )
        before = exact_sum((before, value))
    return Abc(
        items=tuple(items),
        classes=tuple(_class(name, items, total) for name in names),
        total=total,
        left_out=left_out,
    )


def _class(grade: str, items: Sequence[AbcItem], total: Decimal) -> AbcClass:
    members = [item.value for item in items if item.grade == grade]
    value = exact_sum(members)
    return AbcClass(grade=grade, n=len(members), value=value, share=_share(value, total))


def _share(value: Decimal, total: Decimal) -> Decimal:
    share = quotient(value, total)
    return Decimal(0) if share is None else share
