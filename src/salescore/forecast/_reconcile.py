"""Forecasts of parts and wholes, made to agree."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import assert_never

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._hierarchy import Hierarchy
from salescore.forecast._numbers import as_decimal, as_fraction
from salescore.values import EXACT, exact_sum

_NONE = Fraction(0)


class Reconciliation(Enum):
    """
    How forecasts that do not add up are made to.

    Attributes:
        BOTTOM_UP: The leaves stand, wholes are their sums.
        TOP_DOWN: The whole above all stands and is shared out.
        OLS: All move as little as possible, in squares.
        WLS_STRUCTURAL: As OLS, but a whole of many leaves may move by more, in squares by as many
            times as it has leaves.
    """

    BOTTOM_UP = "bottom_up"
    TOP_DOWN = "top_down"
    OLS = "ols"
    WLS_STRUCTURAL = "wls_structural"


@attrs.frozen(kw_only=True)
class ReconciledRow:
    """
    One name of the hierarchy, before and after.

    Attributes:
        key: Its name.
        level: How many wholes are above it.
        forecast: What was forecast, in the unit of the forecasts; `None` where the method did not
            need it and nobody gave it.
        reconciled: What it is now; that of a whole is the exact sum of its parts.
        moved: reconciled - forecast; `None` where there was no forecast.
    """

    key: str
    level: int
    forecast: Decimal | None
    reconciled: Decimal
    moved: Decimal | None


@attrs.frozen(kw_only=True)
class Reconciled:
    """
    Forecasts that add up.

    Attributes:
        by: How they were made to.
        rows: Each whole before its parts.
        set_to_zero: Leaves that would have fallen below 0; by how much they were moved stands in
            their rows.
    """

    by: Reconciliation
    rows: tuple[ReconciledRow, ...]
    set_to_zero: tuple[str, ...] = ()

    def row(self, key: str) -> ReconciledRow:
        """
        Return the row of a name.

        Raises:
            InvalidValue: There is none.
        """
        found = next((one for one in self.rows if one.key == key), None)
        if found is None:
            raise InvalidValue("key", key, "the hierarchy has no such name")
        return found


def reconcile(
    hierarchy: Hierarchy,
    forecasts: Mapping[str, Decimal],
    *,
    by: Reconciliation = Reconciliation.WLS_STRUCTURAL,
    is_nonnegative: bool = False,
    shares: Mapping[str, Decimal] | None = None,
) -> Reconciled:
    """
    Return forecasts that add up exactly, and by how much each was moved.

    OLS and WLS find the values that add up with the least Σ (moved)² ÷ weight, the weight being 1
    or the number of leaves. On a tree that is solved exactly, in fractions, in one walk up and one
    down. A leaf that would fall below 0 where nothing may is set to 0 and the rest solved again.

    Args:
        hierarchy: Which part belongs where.
        forecasts: By name, in one unit. OLS and WLS need all names, bottom-up the leaves, top-down
            the whole above all.
        by: How they are made to agree.
        is_nonnegative: Whether nothing may fall below 0.
        shares: For top-down alone: weight by leaf, from 0 on; `None` for the forecasts of the
            leaves, those below 0 counting as 0.

    Returns:
        One row per name.

    Raises:
        InvalidValue: A forecast that is needed is missing or no finite decimal, no share is above
            0, shares are stated for another way than top-down, nothing below 0 is allowed and the
            whole that is shared out lies there, or the way is no `Reconciliation`.
        UnknownName: A name is not in the hierarchy.

    Examples:
        >>> two = Hierarchy.of({"all": ["a", "b"]})
        >>> stated = {"all": Decimal(10), "a": Decimal(5), "b": Decimal(4)}
        >>> [str(one.reconciled) for one in reconcile(two, stated).rows]
        ['9.50', '5.25', '4.25']

    Source:
        Hyndman, Ahmed, Athanasopoulos and Shang, Optimal combination forecasts for hierarchical
        time series, Computational Statistics and Data Analysis 55 (2011), 2579-2589; structural
        weights: Athanasopoulos, Hyndman, Kourentzes and Petropoulos, Forecasting with temporal
        hierarchies, European Journal of Operational Research 262 (2017), 60-74.
    """
    check_kind("hierarchy", hierarchy, Hierarchy, "a Hierarchy, such as Hierarchy.of gives")
    check_kind("forecasts", forecasts, Mapping, "a mapping from names to decimals")
    check_kind("is_nonnegative", is_nonnegative, bool, "True or False")
    if shares is not None:
        check_kind("shares", shares, Mapping, "a mapping from leaves to decimals")
        if by is not Reconciliation.TOP_DOWN:
            fault = "only Reconciliation.TOP_DOWN shares out; leave them out or take that way"
            raise InvalidValue("shares", len(shares), fault)
    guarded = frozenset(hierarchy.leaves) if is_nonnegative else frozenset[str]()
    return reconciled(hierarchy, forecasts, by, guarded, shares)


def reconciled(
    hierarchy: Hierarchy,
    forecasts: Mapping[str, Decimal],
    by: Reconciliation,
    guarded: frozenset[str],
    shares: Mapping[str, Decimal] | None = None,
) -> Reconciled:
    """
    Return what `reconcile` does, where some leaves alone may not fall below 0.

    Args:
        hierarchy: Likewise.
        forecasts: Likewise.
        by: Likewise.
        guarded: Leaves that may not fall below 0.
        shares: Likewise.
    """
    check_kind("way to reconcile", by, Reconciliation, "a Reconciliation, such as BOTTOM_UP")
    hierarchy.check(forecasts)
    stated = {key: as_fraction(value) for key, value in forecasts.items()}
    zero: list[str] = []
    match by:
        case Reconciliation.BOTTOM_UP:
            _need(hierarchy.leaves, stated, by)
            leaves = {key: stated[key] for key in hierarchy.leaves}
            zero = [key for key in hierarchy.leaves if key in guarded and leaves[key] < 0]
            leaves |= dict.fromkeys(zero, _NONE)
        case Reconciliation.TOP_DOWN:
            leaves = _shared_out(hierarchy, stated, shares)
            if any(leaves[key] < 0 for key in guarded):
                whole = forecasts[hierarchy.root]
                raise InvalidValue(hierarchy.root, whole, "it lies below 0, which is not allowed")
        case Reconciliation.OLS | Reconciliation.WLS_STRUCTURAL:
            _need(hierarchy.keys, stated, by)
            leaves = _solved(hierarchy, stated, frozenset(), by)
            while below := [key for key in leaves if key in guarded and leaves[key] < 0]:
                zero += below
                leaves = _solved(hierarchy, stated, frozenset(zero), by)
        case _:
            assert_never(by)
    shown = _shown(leaves, stated, forecasts)
    if by is Reconciliation.TOP_DOWN:
        _add_rest(shown, forecasts[hierarchy.root])
    return Reconciled(by=by, rows=_summed(hierarchy, shown, forecasts), set_to_zero=tuple(zero))


def _need(keys: tuple[str, ...], stated: Mapping[str, Fraction], by: Reconciliation) -> None:
    lacking = [key for key in keys if key not in stated]
    if lacking:
        fault = f"{by.value} needs a forecast of it"
        raise InvalidValue("part of the hierarchy", lacking[0], fault)


def _shared_out(
    hierarchy: Hierarchy, stated: Mapping[str, Fraction], shares: Mapping[str, Decimal] | None
) -> dict[str, Fraction]:
    _need((hierarchy.root,), stated, Reconciliation.TOP_DOWN)
    if shares is None:
        _need(hierarchy.leaves, stated, Reconciliation.TOP_DOWN)
        weights = {key: max(stated[key], _NONE) for key in hierarchy.leaves}
    else:
        hierarchy.check(shares)
        weights = {key: as_fraction(shares.get(key, Decimal(0))) for key in hierarchy.leaves}
    total = sum(weights.values(), _NONE)
    if min(weights.values()) < 0 or not total:
        raise InvalidValue("shares", as_decimal(total), "none lies below 0, and one above")
    whole = stated[hierarchy.root]
    return {key: whole * weight / total for key, weight in weights.items()}


def _solved(
    hierarchy: Hierarchy,
    stated: Mapping[str, Fraction],
    fixed: frozenset[str],
    by: Reconciliation,
) -> dict[str, Fraction]:
    """
    Return the leaves of the closest forecasts that add up; those fixed are 0.

    The least cost of a subtree is a square in its total: (total - best)² ÷ give. Going up, gives
    and bests of parts add, and the whole's own forecast joins; going down, what is left is shared
    by give.
    """
    best: dict[str, Fraction] = {}
    give: dict[str, Fraction] = {}
    for key in reversed(hierarchy.keys):
        parts = hierarchy.parts_of.get(key, ())
        weight = Fraction(hierarchy.leaf_counts[key] if by is Reconciliation.WLS_STRUCTURAL else 1)
        if not parts:
            is_fixed = key in fixed
            best[key], give[key] = (_NONE, _NONE) if is_fixed else (stated[key], weight)
            continue
        total = sum((best[part] for part in parts), _NONE)
        slack = sum((give[part] for part in parts), _NONE)
        best[key] = total + (stated[key] - total) * slack / (slack + weight)
        give[key] = slack * weight / (slack + weight)
    found = {hierarchy.root: best[hierarchy.root]}
    for key in hierarchy.keys:
        parts = hierarchy.parts_of.get(key, ())
        slack = sum((give[part] for part in parts), _NONE)
        left = found[key] - sum((best[part] for part in parts), _NONE)
        for part in parts:
            found[part] = best[part] + (left * give[part] / slack if slack else _NONE)
    return {key: found[key] for key in hierarchy.leaves}


def _shown(
    leaves: Mapping[str, Fraction],
    stated: Mapping[str, Fraction],
    forecasts: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """Return leaves as decimals: to 28 significant digits, or as stated where nothing moved."""
    return {
        key: forecasts[key] if stated.get(key) == value else as_decimal(value)
        for key, value in leaves.items()
    }


def _add_rest(leaves: dict[str, Decimal], whole: Decimal) -> None:
    """Put what rounding left of the whole that stands on the largest leaf."""
    rest = EXACT.subtract(whole, exact_sum(leaves.values()))
    if rest:
        largest = max(leaves, key=lambda key: leaves[key].copy_abs())
        leaves[largest] = EXACT.add(leaves[largest], rest)


def _summed(
    hierarchy: Hierarchy, leaves: Mapping[str, Decimal], forecasts: Mapping[str, Decimal]
) -> tuple[ReconciledRow, ...]:
    """Return all rows; wholes are exact sums of the leaves as they are shown."""
    found = dict(leaves)
    for key in reversed(hierarchy.keys):
        parts = hierarchy.parts_of.get(key, ())
        if parts:
            total = exact_sum(found[part] for part in parts)
            found[key] = forecasts[key] if forecasts.get(key) == total else total
    rows: list[ReconciledRow] = []
    for key in hierarchy.keys:
        stated = forecasts.get(key)
        moved = None if stated is None else EXACT.subtract(found[key], stated)
        rows.append(
            ReconciledRow(
                key=key,
                level=hierarchy.levels[key],
                forecast=stated,
                reconciled=found[key],
                moved=moved,
            )
        )
    return tuple(rows)
