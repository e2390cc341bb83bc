"""Stages side by side: what stands in each, and what became of the visits to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from salescore.metrics import Slice
from salescore.render import NOTHING, Language, clip, text_table
from salescore.review._cells import on_lines, shown
from salescore.review._process import ProcessReview
from salescore.review._review import Review
from salescore.review._words import word

_LABEL = 24
_CONVERSION = ("stage_conversion", "stage_open_share", "stage_win_rate", "stage_days_median")
_COLUMNS = ("entered", "conversion rate", "still there", "win rate", "median days")


def stage_tables(review: Review, language: Language) -> Iterator[list[str]]:
    """
    Yield the lines of each table of stages; those without rows are left out.

    Args:
        review: The review.
        language: Language of the labels.
    """
    yield from _standing(review, language)
    yield from _conversion(review, language)


def _standing(review: Review, language: Language) -> Iterator[list[str]]:
    """Yield how many opportunities stand in each stage at the end of the period."""
    stages = review.slices_by("opportunities", "stage")
    if not stages:
        return
    amounts = {one.key: one.figure for one in review.slices_by("open_pipeline", "stage")}
    labels = _labels(review, stages, language)
    rows = [
        [
            labels[one.key],
            shown(one.figure),
            shown(amounts[one.key]) if one.key in amounts else NOTHING,
        ]
        for one in stages
    ]
    day = stages[0].figure.as_of or review.period.last_day
    title = word(language, "until", word(language, "stages"), day).upper()
    keys = ("opportunities", "open amount")
    yield text_table([title, *(word(language, key) for key in keys)], rows)


def _conversion(review: Review, language: Language) -> Iterator[list[str]]:
    """Yield what became of the first visits to each stage, in the order of the funnel if known."""
    parts = [{one.key: one for one in review.slices_by(name, "stage")} for name in _CONVERSION]
    if not parts[0]:
        return
    order, holds = _order(review.process)
    keys = sorted(parts[0], key=lambda key: (key in holds, order.get(key, len(order))))
    labels = _labels(review, parts[0].values(), language)
    rows = [
        [
            labels[key],
            f"{parts[0][key].figure.n:,}",
            *(shown(part[key].figure) if key in part else NOTHING for part in parts),
        ]
        for key in keys
    ]
    head = [word(language, "conversion").upper(), *(word(language, key) for key in _COLUMNS)]
    known = parts[0][keys[0]].figure.as_of or word(language, "last day known")
    told = on_lines(word(language, "conversion days", review.period.key, known), first="  ")
    if holds.intersection(keys):
        told += on_lines(word(language, "holds"), first="  ")
    yield [*text_table(head, rows), *told]


def _order(process: ProcessReview | None) -> tuple[dict[str | None, int], set[str | None]]:
    """Return the places of stages in their funnels, where there are any, and those on hold."""
    if process is None:
        return {}, set()
    stages = [row.stage for times in process.times for row in times.stages]
    names = dict.fromkeys(one.stage for one in stages) if process.funnels else ()
    working = {one.stage for one in stages if not one.is_hold}
    return (
        {name: place for place, name in enumerate(names)},
        {one.stage for one in stages if one.stage not in working},
    )


def _labels(review: Review, stages: Iterable[Slice], language: Language) -> dict[str | None, str]:
    """Return what the funnels call stages; what the facts do where that is none's alone."""
    told = {one.key: one.label for one in stages}
    process = review.process
    if process is not None:
        known = {key: process.label(key, language) for key in told if key is not None}
        # A stage may stand there by its key of today and by an earlier one.
        counts = Counter(known.values())
        told |= {key: label for key, label in known.items() if label and counts[label] == 1}
    return {key: clip(label, _LABEL) for key, label in told.items()}
