"""The table of targets: what was aimed at, for whom, and what was reached of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salescore.metrics import BANDS, NEEDS_ANALYSIS, Attainment, find_dimension
from salescore.render import NOTHING, Language, clip, percent, text_table
from salescore.review._cells import aligned, figure_label, marked, valued
from salescore.review._words import word
from salescore.values import Period

_COLUMNS = ("covers", "figure", "period", "target", "actual", "attainment", "band")
_ACTUAL = 1 + _COLUMNS.index("actual")
_WIDEST = 20
_MOST_ROWS = 12


def target_table(
    found: Sequence[Attainment], period: Period, language: Language
) -> Iterator[list[str]]:
    """
    Yield the lines of the table, none where there is no target.

    Args:
        found: What was reached of each target.
        period: Period under review, whose name stands for its days.
        language: Language of the labels.
    """
    if not found:
        return
    first = found if len(found) <= _MOST_ROWS else found[: _MOST_ROWS - 1]
    rows = [
        [
            clip(one.name, _WIDEST),
            clip(_covered(one, language), _WIDEST),
            figure_label(one.figure, language),
            _period(one.during, period),
            NOTHING if one.actual is None else valued(one.target, one.actual.unit),
            NOTHING if one.actual is None else marked(one.actual, one.excluded),
            percent(one.value),
            NOTHING if one.band is None else _band(one.band, language),
        ]
        for one in first
    ]
    rows = aligned(rows, [_ACTUAL])
    if len(first) < len(found):
        left = word(language, "more", f"{len(found) - len(first):,}")
        rows.append([left, *[""] * len(_COLUMNS)])
    head = [word(language, "targets").upper(), *(word(language, key) for key in _COLUMNS)]
    if not any(one.scope for one in first):
        head, rows = _without_scope(head), [_without_scope(row) for row in rows]
    yield text_table(head, rows)


def _period(during: Period | None, reviewed: Period) -> str:
    """Return the name of a target's period; a target knows but its first and last day."""
    if during is None:
        return NOTHING
    is_whole = (during.start, during.last_day) == (reviewed.start, reviewed.last_day)
    return reviewed.key if is_whole else during.key


def _covered(one: Attainment, language: Language) -> str:
    """Return what a target covers; a dash where it covers everything."""
    parts = (
        f"{language.pick(find_dimension(name).labels).lower()} {key}" for name, key in one.scope
    )
    return ", ".join(parts) or NOTHING


def _without_scope(cells: list[str]) -> list[str]:
    return [cells[0], *cells[2:]]


def _band(name: str, language: Language) -> str:
    known = (one for one in (*BANDS, NEEDS_ANALYSIS) if one.name == name)
    return next((language.pick(one.labels) for one in known), name)
