"""A figure beside its own past."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from salescore.errors import InvalidPeriod
from salescore.metrics._compute import Names, definitions_of, figures
from salescore.metrics._figures import Figure, FigureDefinition
from salescore.metrics._source import AnyFacts
from salescore.values import Calendar, Change, Period, change


@attrs.frozen(kw_only=True)
class Comparison:
    """
    A figure, the same figure in the previous period and a year ago, and the changes since.

    Attributes:
        definition: What the figure is.
        figure: The figure in the period asked for.
        previous: The figure in the period before; `None` where the calendar begins here.
        year_ago: The figure a year earlier; `None` where that year has no such period.
        since_previous: Change since the previous period, in percent or percentage points; `None`
            where there is none.
        since_year_ago: Change since a year ago, likewise; `None` where there is no such period.
    """

    definition: FigureDefinition
    figure: Figure
    previous: Figure | None
    year_ago: Figure | None
    since_previous: Change | None
    since_year_ago: Change | None


def compare(names: Names, facts: AnyFacts, *, during: Period) -> tuple[Comparison, ...]:
    """
    Return figures beside the previous period and the same period a year ago.

    A figure of a moment is taken as of the last day of each period, or of knowledge.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables of a book, or another source; their calendar says which period is
            the previous one.
        during: Period.
    """
    definitions = definitions_of(names)
    now = figures(definitions, facts, during=during)
    before, ago = (
        (None,) * len(definitions)
        if earlier is None
        else figures(definitions, facts, during=earlier)
        for earlier in (
            _there(facts.calendar, facts.calendar.previous, during),
            _there(facts.calendar, facts.calendar.year_ago, during),
        )
    )
    return tuple(
        Comparison(
            definition=definition,
            figure=found,
            previous=previous,
            year_ago=earlier,
            since_previous=_change(definition, previous, found),
            since_year_ago=_change(definition, earlier, found),
        )
        for definition, found, previous, earlier in zip(definitions, now, before, ago, strict=True)
    )


def _there(
    calendar: Calendar, step: Callable[[Period], Period | None], during: Period
) -> Period | None:
    """Return an earlier period, or `None` where the calendar does not reach back that far."""
    try:
        return step(during)
    except InvalidPeriod:
        if during.unit is not None and during.calendar != calendar.name:
            raise
        return None


def _change(definition: FigureDefinition, old: Figure | None, new: Figure) -> Change | None:
    return None if old is None else change(old.value, new.value, kind=definition.change_kind)
