"""What a reader must know to read the figures of a review right, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from salescore.exchange import FileReport
from salescore.metrics import Attainment, Comparison, Exclusion, Figure
from salescore.render import counted
from salescore.values import Period

_MOST_NAMES = 5


def refusal_notes(files: Iterable[FileReport]) -> Iterator[str]:
    """
    Yield what reading refused, a sentence a file.

    Args:
        files: What became of each file.
    """
    for one in files:
        refused = [record for record in one.records if record.refused]
        if one.is_refused:
            yield f"{one.file} was refused as a whole; see the findings."
        elif len(one.records) == 1 and refused:
            (only,) = refused
            rows = counted(only.read, "rows")
            yield (
                f"{only.refused:,} of {rows} of {one.file} {_was(only.refused)} refused; "
                "see the findings."
            )
        elif refused:
            parts = (f"{record.refused:,} as {_words(record.record)}" for record in refused)
            yield (
                f"Refused of the {one.rows:,} rows of {one.file}: {', '.join(parts)}; "
                "see the findings."
            )


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _words(name: str) -> str:
    return name.replace("_", " ")


def period_notes(during: Period, as_of: date | None) -> Iterator[str]:
    """
    Yield what is unknown of the period.

    Args:
        during: Period under review.
        as_of: Last day whose facts are seen; `None` where nothing has a date.
    """
    if as_of is None or as_of >= during.last_day:
        return
    if as_of < during.start:
        yield (
            f"{during.key} begins on {during.start}, after the last day known ({as_of}): "
            "nothing of it is known."
        )
        return
    yield (
        f"{during.key} ends on {during.last_day}, after the last day known ({as_of}): "
        "changes compare what is known of it with whole periods."
    )


def exclusion_notes(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """
    Yield which rows figures leave out, now and in the periods that they are compared with.

    Args:
        comparisons: Figures beside their past.
    """
    affected: dict[tuple[str, Exclusion], list[str]] = {}
    for when, one, figure in _told(comparisons):
        for exclusion in figure.excluded:
            affected.setdefault((when, exclusion), []).append(one.definition.labels[0].lower())
    for (when, exclusion), labels in affected.items():
        yield f"Left out of {', '.join(labels)}{when}: {_rows(exclusion)}."


def _told(comparisons: Sequence[Comparison]) -> Iterator[tuple[str, Comparison, Figure]]:
    """Yield each figure that has a value, with the words for its period, the present first."""
    yield from (("", one, one.figure) for one in comparisons if one.figure.value is not None)
    for one in comparisons:
        if one.previous is not None and one.previous.value is not None:
            yield _when(one.previous), one, one.previous
    for one in comparisons:
        earlier = one.year_ago
        # For a year the year ago is the period before, and is told already.
        if earlier is not None and earlier.value is not None and not _is_same(one):
            yield _when(earlier), one, earlier


def _is_same(one: Comparison) -> bool:
    """Return whether a year ago is the previous period."""
    previous, earlier = one.previous, one.year_ago
    return previous is not None and earlier is not None and _when(previous) == _when(earlier)


def _when(figure: Figure) -> str:
    return f" as of {figure.as_of}" if figure.during is None else f" in {figure.during.key}"


def target_notes(attainments: Sequence[Attainment]) -> Iterator[str]:
    """
    Yield which rows the actuals of targets leave out.

    Args:
        attainments: What was reached of each target.
    """
    affected: dict[Exclusion, list[str]] = {}
    for one in attainments:
        if one.actual is not None and one.actual.value is not None:
            for exclusion in one.excluded:
                affected.setdefault(exclusion, []).append(repr(one.name))
    for exclusion, names in affected.items():
        those = ", ".join(names[:_MOST_NAMES]) + (" and others" if names[_MOST_NAMES:] else "")
        yield f"Left out of what was reached of {those}: {_rows(exclusion)}."


def _rows(exclusion: Exclusion) -> str:
    return f"{counted(exclusion.n, exclusion.table)}, {exclusion.reason}"
