"""Forecasts of series that belong to a hierarchy, made to agree period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._hierarchy import Hierarchy
from salescore.forecast._reconcile import Reconciled, Reconciliation, reconciled
from salescore.forecast._series_forecast import PeriodForecast, SeriesForecast
from salescore.forecast._series_text import Words

RECONCILED = "reconciled"
"""Name of the part of a forecast by which it was moved."""


@attrs.frozen(kw_only=True)
class ReconciledSeries:
    """
    Forecasts of the series of a hierarchy that add up in every period.

    Attributes:
        hierarchy: Which part belongs where.
        forecasts: One per name, in the order of the hierarchy's keys; by how much each period was
            moved is a part of it, and that it was set to 0 a note.
        steps: What was done in each period.
    """

    hierarchy: Hierarchy
    forecasts: tuple[SeriesForecast, ...]
    steps: tuple[Reconciled, ...]

    def forecast(self, key: str) -> SeriesForecast:
        """
        Return the forecast of a name.

        Raises:
            UnknownName: The hierarchy has no such name.
        """
        self.hierarchy.check([key])
        return self.forecasts[self.hierarchy.keys.index(key)]


def reconcile_series(
    hierarchy: Hierarchy,
    forecasts: Mapping[str, SeriesForecast],
    *,
    by: Reconciliation = Reconciliation.WLS_STRUCTURAL,
    is_nonnegative: bool = False,
) -> ReconciledSeries:
    """
    Return forecasts whose points add up exactly in every period.

    Distributions move with their points; their widths stay. The distribution of a whole is not made
    of those of its parts, as quantiles do not add.
    What cannot fall below 0 by its own forecast does not by this.

    Args:
        hierarchy: Which part belongs where.
        forecasts: By name, all names, of the same periods and unit.
        by: How they are made to agree.
        is_nonnegative: Whether nothing may fall below 0; otherwise the leaves may not whose own
            forecasts say so.

    Raises:
        InvalidValue: A name has no forecast, the forecasts are of different periods or units, or a
            whole cannot fall below 0 and one of its leaves can.
        UnknownName: A name is not in the hierarchy.
    """
    check_kind("hierarchy", hierarchy, Hierarchy, "a Hierarchy, such as Hierarchy.of gives")
    check_kind("forecasts", forecasts, Mapping, "a mapping from names to forecasts of series")
    check_kind("is_nonnegative", is_nonnegative, bool, "True or False")
    hierarchy.check(forecasts)
    for key, stated in forecasts.items():
        wanted = "a SeriesForecast, such as series_forecast gives"
        check_kind(f"forecast of {key}", stated, SeriesForecast, wanted)
    lacking = [key for key in hierarchy.keys if key not in forecasts]
    if lacking:
        raise InvalidValue("part of the hierarchy", lacking[0], "it has no forecast")
    several = [forecasts[key] for key in hierarchy.keys]
    spans = {tuple(one.during for one in each.periods) for each in several}
    if len(spans) > 1:
        raise InvalidValue("forecasts", len(spans), "all are of the same periods")
    units = sorted({one.series.unit for one in several if one.series.unit is not None})
    if len(units) > 1:
        raise InvalidValue("forecasts", tuple(units), "all are of the same unit")
    guarded = frozenset(hierarchy.leaves) if is_nonnegative else _guarded(hierarchy, forecasts)
    steps = tuple(
        reconciled(
            hierarchy, {key: forecasts[key].points[at] for key in hierarchy.keys}, by, guarded
        )
        for at in range(several[0].horizon)
    )
    moved: list[list[PeriodForecast]] = [[] for _ in several]
    zero: list[list[str]] = [[] for _ in several]
    for at, step in enumerate(steps):
        for place, row in enumerate(step.rows):
            one = several[place].periods[at]
            if is_nonnegative:
                one = attrs.evolve(one, is_nonnegative=True)
            moved[place].append(one.plus(row.moved, RECONCILED) if row.moved else one)
            if row.key in step.set_to_zero:
                zero[place].append(f"+{one.step}" if one.during is None else one.during.key)
    return ReconciledSeries(
        hierarchy=hierarchy,
        forecasts=tuple(
            attrs.evolve(one, periods=periods, notes=(*one.notes, *_zero_note(names)))
            for one, periods, names in zip(several, moved, zero, strict=True)
        ),
        steps=steps,
    )


def _guarded(hierarchy: Hierarchy, forecasts: Mapping[str, SeriesForecast]) -> frozenset[str]:
    """Return the leaves that cannot fall below 0; refuse a whole that cannot, where one can."""
    cannot = {
        key: all(one.is_nonnegative for one in forecasts[key].periods) for key in hierarchy.keys
    }
    free: dict[str, str] = {}
    for key in reversed(hierarchy.keys):
        parts = hierarchy.parts_of.get(key, ())
        found = [free[part] for part in parts if part in free]
        if not parts and not cannot[key]:
            free[key] = key
        elif found:
            free[key] = found[0]
        if key in free and cannot[key]:
            fault = (
                f"it cannot fall below 0, and {free[key]} below it can; "
                "say is_nonnegative alike of both, or here of all"
            )
            raise InvalidValue("part of the hierarchy", key, fault)
    return frozenset(key for key in hierarchy.leaves if cannot[key])


def _zero_note(names: Sequence[str]) -> tuple[Words, ...]:
    """Return the note that a leaf was set to 0; none where it was not."""
    if not names:
        return ()
    english = f"set to 0 in {', '.join(names)}, as it would have fallen below when reconciled"
    return ((english, f"{'、'.join(names)} 调整时会低于 0，已置为 0"),)
