"""Cases for a lead score, from the opportunities or the leads of the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from salescore.book import Facts
from salescore.entities import StageKind, record_table
from salescore.errors import InvalidValue, UnknownName
from salescore.grading._lead_example import LeadExample
from salescore.grading._lead_score import LeadField
from salescore.plain import Kind

_CATEGORIES = (Kind.TEXT, Kind.CHOICE, Kind.ID, Kind.BOOLEAN)
_TELLING = ("id", "kind", "status")


class _Source(NamedTuple):
    """Where cases stand: their table, stage, visits, and the date of each outcome."""

    stage: str
    visits: str
    outcomes: dict[str, StageKind]
    won_on: str
    lost_on: str


_SOURCES = {
    "opportunities": _Source(
        stage="stage",
        visits="opportunity_id",
        outcomes={one.value: one for one in StageKind},
        won_on="closed_on",
        lost_on="closed_on",
    ),
    "leads": _Source(
        stage="status",
        visits="lead_id",
        outcomes={"converted": StageKind.WON, "disqualified": StageKind.LOST},
        won_on="converted_on",
        lost_on="disqualified_on",
    ),
}


def lead_examples(
    facts: Facts,
    *,
    fields: Sequence[LeadField],
    stages: Sequence[str],
    table: str = "opportunities",
) -> tuple[LeadExample, ...]:
    """
    Return the opportunities or leads of the facts as cases of a lead score.

    A case has the values that are on record as of the day of the facts: nobody keeps what they
    were when it came in. The stage is the furthest of its stage visits; where none is on record,
    the stage that it stands at; and unknown where that is none of the stages, such as "Lost".
    Of leads a converted one is won, a disqualified one lost.

    Args:
        facts: The fact tables. What was decided after their day is open.
        fields: Columns to score by, registered fields among them; texts, ids, choices or flags. A
            flag reads as `true` or `false`.
        stages: Open stages in the order in which a case walks through them.
        table: `opportunities` or `leads`.

    Returns:
        One case per row, in the order of the table.

    Raises:
        UnknownName: There is no such table or column.
        InvalidValue: A column holds no categories, or is known only since the case was decided.
    """
    if table not in _SOURCES:
        raise UnknownName("table of cases", table, tuple(_SOURCES))
    for one in fields:
        _check_field(facts, table, one.name)
    source = _SOURCES[table]
    rows = facts.table(table)
    reached = _furthest_visits(facts, source.visits, stages)
    kinds = rows.column("kind")
    outcomes = [source.outcomes.get(kind, StageKind.OPEN) for kind in kinds]
    days = {
        StageKind.WON: rows.column(source.won_on),
        StageKind.LOST: rows.column(source.lost_on),
    }
    columns = [(one.name, rows.column(one.name)) for one in fields]
    found: list[LeadExample] = []
    for number, (key, outcome, stage) in enumerate(
        zip(rows.column("id"), outcomes, rows.column(source.stage), strict=True)
    ):
        decided_on: date | None = days[outcome][number] if outcome in days else None
        found.append(
            LeadExample(
                key=key,
                outcome=outcome,
                stage=reached.get(key, stage if stage in stages else None),
                decided_on=decided_on,
                values=(
                    (name, _text(column[number]))
                    for name, column in columns
                    if _is_known(column[number])
                ),
            )
        )
    return tuple(found)


def _check_field(facts: Facts, table: str, name: str) -> None:
    column = facts.schema(table).field(name)
    if column.kind not in _CATEGORIES:
        fault = f"it holds {column.kind.value} values; only categories are scored by"
        raise InvalidValue("field of a lead score", name, fault)
    own = record_table(table)
    if name in _TELLING or (name in own and own.field(name).since):
        fault = "it is known only since the case was decided, or tells the decision"
        raise InvalidValue("field of a lead score", name, fault)


def _furthest_visits(facts: Facts, owner: str, stages: Sequence[str]) -> dict[str, str]:
    """Return by case the furthest stage that it visited, where any of the stages was visited."""
    order = {stage: place for place, stage in enumerate(stages)}
    visits = facts.table("stage_visits")
    furthest: dict[str, int] = {}
    for key, stage in zip(visits.column(owner), visits.column("stage"), strict=True):
        if key is not None and stage in order:
            furthest[key] = max(furthest.get(key, 0), order[stage])
    return {key: stages[place] for key, place in furthest.items()}


def _is_known(value: str | bool | None) -> bool:  # noqa: FBT001 - a value of a column
    return value is not None and value != ""


def _text(value: str | bool) -> str:  # noqa: FBT001 - a value of a column
    return value if isinstance(value, str) else str(value).lower()
