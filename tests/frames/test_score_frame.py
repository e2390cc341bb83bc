"""Points on frames are those of `score`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.grading_cases import ENGINES, by_key, fact_schema, frame_of, session_of

from salescore.errors import InvalidValue, UnknownName
from salescore.frames import score_frame
from salescore.grading import (
    Decay,
    EventLine,
    ExponentialDecay,
    LinearDecay,
    ScoreCard,
    ScoreGroup,
    ScoreLine,
    StepDecay,
    score,
)
from salescore.rules import F, compile_expression
from salescore.testing import LADDER_FIELDS

pytestmark = pytest.mark.engine

DAY = date(2024, 6, 30)
LABELS = ("Line", "行")
POINTS = st.decimals(-20, 50, places=3)

Customers = list[dict[str, Any]]
Visits = list[dict[str, Any]]


def decays() -> st.SearchStrategy[Decay | None]:
    """Return ways to lose points, or none."""
    shares = st.lists(st.decimals(0, 1, places=2), min_size=1, max_size=3)
    return st.one_of(
        st.none(),
        st.integers(1, 90).map(LinearDecay),
        st.integers(1, 90).map(ExponentialDecay),
        shares.map(
            lambda some: StepDecay(
                [(20 * n, one) for n, one in enumerate(sorted(some, reverse=True), 1)]
            )
        ),
    )


@st.composite
def cards(draw: st.DrawFn) -> ScoreCard:
    """Return scorecards of one to three groups, with lines of both kinds and bounds."""
    groups: list[ScoreGroup] = []
    for place in range(draw(st.integers(1, 3))):
        lines: list[ScoreLine | EventLine] = []
        for number in range(draw(st.integers(1, 3))):
            key, points = f"{place}.{number}", draw(POINTS)
            if draw(st.booleans()):
                rule = F.revenue_12m >= draw(st.integers(0, 90))
                lines.append(ScoreLine(key=key, points=points, when=rule, labels=LABELS))
                continue
            where = draw(st.sampled_from([None, F.channel == "visit", F.channel != "拜访"]))
            lines.append(
                EventLine(
                    key=key,
                    points=points,
                    table="activities",
                    date="happened_on",
                    where=where,
                    decay=draw(decays()),
                    labels=LABELS,
                )
            )
        low, high = sorted((draw(POINTS), draw(POINTS)))
        bounds = {
            "lowest": draw(st.sampled_from([None, low])),
            "highest": draw(st.sampled_from([None, high])),
        }
        groups.append(ScoreGroup(key=str(place), lines=lines, labels=LABELS, **bounds))
    highest = draw(st.sampled_from([None, Decimal(25)]))
    return ScoreCard(name="card", groups=groups, labels=LABELS, lowest=None, highest=highest)


customers = st.lists(st.one_of(st.none(), st.integers(0, 90).map(Decimal)), max_size=5).map(
    lambda some: [
        {"customer_id": f"客{number}", "revenue_12m": value} for number, value in enumerate(some)
    ]
)
visits = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["客0", "客1", "客2", "gone", None]),
            "happened_on": st.one_of(
                st.none(), st.integers(-5, 120).map(lambda days: DAY - timedelta(days=days))
            ),
            "channel": st.sampled_from(["visit", "拜访", "mail", None]),
        }
    ),
    max_size=12,
).map(lambda some: [{"id": f"A{number}", **one} for number, one in enumerate(some)])


def happened(card: ScoreCard, rows: Visits) -> dict[str, dict[str, list[date]]]:
    """Return the days of the events of each line, by customer and line."""
    found: dict[str, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for line in card.lines:
        if not isinstance(line, EventLine):
            continue
        holds = None if line.where is None else compile_expression(line.where, by_name)
        for row in rows:
            if row["happened_on"] is not None and (holds is None or holds(row)):
                found[row["customer_id"]][line.key].append(row["happened_on"])
    return found


def by_name(name: str) -> Any:  # noqa: ANN401 - what reads a field off a row
    """Return what reads a field off a row."""
    return lambda row: row[name]


def points_on(engine: str, card: ScoreCard, some: Customers, rows: Visits) -> dict[str, Decimal]:
    """Return the points of every customer on an engine."""
    session = session_of(engine)
    events = {"activities": frame_of(fact_schema("activities"), rows, engine, session)}
    frame = frame_of(LADDER_FIELDS, some, engine, session)
    found = score_frame(frame, card, as_of=DAY, events=events)
    assert type(found) is type(frame)
    return {key: row["points"] for key, row in by_key(found).items()}


@pytest.mark.parametrize("engine", ENGINES)
@given(cards(), customers, visits)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_the_points_are_those_of_the_rows(
    engine: str, card: ScoreCard, some: Customers, rows: Visits
) -> None:
    """On every engine each customer has the points that `score` gives, with decay and bounds."""
    events = happened(card, rows)
    expected = {
        one["customer_id"]: score(card, one, events[one["customer_id"]], DAY).points for one in some
    }
    assert points_on(engine, card, some, rows) == expected


def line(**given: Any) -> ScoreCard:  # noqa: ANN401 - whatever a line takes
    """Return a card of one line of events."""
    made = EventLine(key="visits", points=10, labels=LABELS, **{"table": "activities", **given})
    return ScoreCard(
        name="card", labels=LABELS, groups=[ScoreGroup(key="g", lines=[made], labels=LABELS)]
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_an_event_of_a_half_life_ago_is_worth_half(engine: str) -> None:
    """Two visits 30 days ago at 10 points with a half-life of 30 days are worth 10."""
    card = line(date="happened_on", decay=ExponentialDecay(30))
    day = DAY - timedelta(days=30)
    rows = [{"id": f"A{n}", "customer_id": "客0", "happened_on": day} for n in range(2)]
    some = [
        {"customer_id": "客0", "revenue_12m": None},
        {"customer_id": "客1", "revenue_12m": None},
    ]
    assert points_on(engine, card, some, rows) == {"客0": Decimal(10), "客1": Decimal(0)}


def test_what_no_score_can_be_made_of_is_refused() -> None:
    """A missing table, a date that is none and a rule that is no condition are refused."""
    some = [{"customer_id": "客0", "revenue_12m": None}]
    with pytest.raises(InvalidValue, match="a column of dates"):
        points_on("polars", line(date="channel"), some, [])
    with pytest.raises(UnknownName, match="cases"):
        points_on("polars", line(date="opened_on", table="cases"), some, [])
    with pytest.raises(InvalidValue, match="must be a condition"):
        points_on("polars", line(date="happened_on", where=F.channel), some, [])
