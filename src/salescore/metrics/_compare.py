"""A figure beside its own past."""

from __future__ import annotations

import attrs

from salescore.book import Facts
from salescore.metrics._compute import Names, definitions_of, figures
from salescore.metrics._figures import Figure, FigureDefinition
from salescore.values import Change, Period, change


@attrs.frozen(kw_only=True)
class Comparison:
    """
    A figure, the same figure in the previous period and a year ago, and the changes since.

    Attributes:
        definition: What the figure is.
        figure: The figure in the period asked for.
        previous: The figure in the period before.
        year_ago: The figure a year earlier; `None` where that year has no such period.
        since_previous: Change since the previous period, in percent or percentage points.
        since_year_ago: Change since a year ago, likewise; `None` where there is no such period.
    """

    definition: FigureDefinition
    figure: Figure
    previous: Figure
    year_ago: Figure | None
    since_previous: Change
    since_year_ago: Change | None


def compare(names: Names, facts: Facts, *, during: Period) -> tuple[Comparison, ...]:
    """
    Return figures beside the previous period and the same period a year ago.

    A figure of a moment is taken as of the last day of each period, or of knowledge.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables; their calendar says which period is the previous one.
        during: Period.
    """
    definitions = definitions_of(names)
    now = figures(definitions, facts, during=during)
    before = figures(definitions, facts, during=facts.calendar.previous(during))
    earlier = facts.calendar.year_ago(during)
    ago = None if earlier is None else figures(definitions, facts, during=earlier)
    return tuple(
        Comparison(
            definition=definition,
            figure=now[number],
            previous=before[number],
            year_ago=None if ago is None else ago[number],
            since_previous=_change(definition, before[number], now[number]),
            since_year_ago=None if ago is None else _change(definition, ago[number], now[number]),
        )
        for number, definition in enumerate(definitions)
    )


def _change(definition: FigureDefinition, old: Figure, new: Figure) -> Change:
    return change(old.value, new.value, kind=definition.change_kind)
