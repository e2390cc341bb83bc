"""Scorecards: a card worked by hand, the laws of caps, decay and days, and what is refused."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import Activity, ActivityId, Customer, CustomerId
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import (
    EventLine,
    ExponentialDecay,
    LinearDecay,
    Score,
    ScoreCard,
    ScoreField,
    ScoreGroup,
    ScoreLine,
    StepDecay,
    TableFields,
    customer_table,
    score,
    scores_of,
)
from salescore.render import Language
from salescore.rules import Band, DecisionTable, F, HitPolicy, Input, Output, Row

DAY = date(2024, 6, 30)
LABELS = ("Line", "行")


def line(key: str, points: Any, when: Any = None) -> ScoreLine:  # noqa: ANN401
    """Return a line about what a customer is."""
    rule = F[key] if when is None else when
    return ScoreLine(key=key, points=points, when=rule, labels=(key, f"{key}行"))


def visits(key: str = "visits", points: Any = 10, **more: Any) -> EventLine:  # noqa: ANN401
    """Return a line about activities."""
    given: dict[str, Any] = {
        "table": "activities",
        "date": "happened_on",
        "labels": (key, f"{key}行"),
        **more,
    }
    return EventLine(key=key, points=points, **given)


def group(*lines: ScoreLine | EventLine, key: str = "fit", **bounds: Any) -> ScoreGroup:  # noqa: ANN401
    """Return a group of lines."""
    return ScoreGroup(key=key, lines=lines, labels=(key, f"{key}组"), **bounds)


def card(*groups: ScoreGroup, **bounds: Any) -> ScoreCard:  # noqa: ANN401
    """Return a card of groups."""
    return ScoreCard(name="card", groups=groups, labels=("Score", "评分"), **bounds)


FIT = group(
    line("industry", 30, F.industry.is_in(["Retail", "Steel"])),
    line("size", 25, F.employees >= 50),
    line("email", -10, F.email.is_null()),
    key="fit",
    highest=50,
)
ENGAGEMENT = group(
    visits(points=12, where=F.channel == "visit", decay=ExponentialDecay(30)),
    visits("mails", 1),
    key="engagement",
    highest=40,
)
CARD = card(FIT, ENGAGEMENT, highest=65)


def customer(key: str, **fields: Any) -> Customer:  # noqa: ANN401
    """Return a customer."""
    return Customer(id=CustomerId(key), name=key.title(), **fields)


def activity(
    number: int, key: str | None, days_ago: int, channel: str | None = "visit"
) -> Activity:
    """Return what happened with a customer some days before the day."""
    return Activity(
        id=ActivityId(f"a{number}"),
        happened_on=DAY - timedelta(days=days_ago),
        customer_id=None if key is None else CustomerId(key),
        channel=channel,
    )


BOOK = SalesBook(
    customers=[
        customer("ann", industry="Retail", employees=Decimal(80), email="ann@shop.example"),
        customer("bob", industry="Farms", employees=Decimal(5)),
        customer("eve", industry="Steel", email="eve@steel.example"),
    ],
    activities=[
        activity(1, "ann", 0),
        activity(2, "ann", 30),
        activity(3, "ann", 60, "mail"),
        activity(4, "bob", 60),
        activity(5, None, 0),
        activity(6, "bob", 0, None),
    ],
)
FACTS = Facts.of(BOOK, as_of=DAY, currency="EUR")


def test_a_card_worked_by_hand() -> None:
    """Groups are capped first, then the card: 55 to 50, 12 + 6 + 3 = 21, and 71 to 65."""
    ann, bob, eve = scores_of(CARD, FACTS, customer_table(FACTS))
    assert [one.uncapped for one in ann.groups] == [55, 21]
    assert [one.points for one in ann.groups] == [50, 21]
    assert (ann.uncapped, ann.points) == (71, 65)
    assert [one.points for one in bob.groups] == [-10, Decimal(3) + 2]
    assert bob.points == -5
    assert (eve.points, eve.groups[0].lines[1].is_unknown) == (30, True)


def test_the_column_of_points_is_that_of_the_explained_scores() -> None:
    """A field of points holds what the explanation adds up to."""
    table = customer_table(FACTS, [ScoreField(name="points", card=CARD)])
    scores = scores_of(CARD, FACTS, table)
    assert list(table.table.column("points")) == [one.points for one in scores]
    assert table.schema.field("points").unit == "points"


def test_a_score_in_words() -> None:
    """Each line says points, events and what nobody can tell; bounds say what they cut."""
    ann, _, eve = scores_of(CARD, FACTS, customer_table(FACTS))
    assert ann.text() == (
        "Score: 65 points, cut to its cap from 71\n"
        "  fit: 50 points, cut to its cap from 55\n"
        "    industry: +30\n"
        "    size: +25\n"
        "    email: 0\n"
        "  engagement: 21 points\n"
        "    visits: +18 for 2 events\n"
        "    mails: +3 for 3 events"
    )
    assert "    size: unknown, so no points" in eve.text()
    assert ann.text(Language.ZH).splitlines()[:2] == [
        "评分：65 分，由 71 削减至上限",
        "  fit组：50 分，由 55 削减至上限",
    ]
    assert "visits行：+18（2 次）" in ann.text(Language.ZH)
    assert "size行：未知，不计分" in eve.text(Language.ZH)


def test_a_floor_is_told_apart_from_a_cap() -> None:
    """Points below a floor are raised to it, and the text says so; one event is no plural."""
    low = card(group(line("late", -30), lowest=-20), group(visits(points=2), key="e"))
    found = score(low, {"late": True}, {"visits": [DAY]}, DAY)
    assert "fit: -20 points, raised to its floor from -30" in found.text()
    assert "由 -30 提升至下限" in found.text(Language.ZH)
    assert "visits: +2 for 1 event" in found.text()


def test_a_score_as_data() -> None:
    """The plain form survives JSON, with decimals as text and bounds that are not as null."""
    ann = scores_of(CARD, FACTS, customer_table(FACTS))[0]
    data = ann.as_data()
    assert json.loads(json.dumps(data)) == data
    assert data["points"] == "65"
    fit = data["groups"][0]  # type: ignore[index]
    assert (fit["key"], fit["highest"], fit["lowest"]) == ("fit", "50", None)
    assert fit["lines"][2] == {"key": "email", "points": "0", "count": 0, "is_unknown": False}


def test_fit_and_engagement_make_a_letter_and_a_digit() -> None:
    """Two cards and a decision table grade leads as CRMs do: A to C by fit, 1 to 3 by doings."""
    bands = [
        (letter + digit, [fit, doing])
        for letter, fit in (("A", Band(50, None)), ("B", Band(20, 50)), ("C", Band(None, 20)))
        for digit, doing in (("1", Band(20, None)), ("2", Band(5, 20)), ("3", Band(None, 5)))
    ]
    table = DecisionTable(
        name="lead_grade",
        version="1",
        hit_policy=HitPolicy.UNIQUE,
        inputs=[Input("fit", F.fit), Input("engagement", F.engagement)],
        outputs=[Output("lead_grade", ("Lead grade", "线索等级"))],
        rows=[Row(cells, [grade]) for grade, cells in bands],
    )
    fields = [
        ScoreField(name="fit", card=card(FIT)),
        ScoreField(name="engagement", card=card(ENGAGEMENT)),
        TableFields(table=table),
    ]
    assert list(customer_table(FACTS, fields).table.column("lead_grade")) == ["A1", "C2", "B3"]


def test_events_after_the_day_are_none_also_where_all_is_seen() -> None:
    """Without an as-of day the last plausible one counts; a date that means never is no event."""
    book = SalesBook(
        customers=[customer("ann")],
        activities=[activity(1, "ann", 0), activity(2, "ann", -180 * 365)],
    )
    facts = Facts.of(book, currency="EUR")
    table = customer_table(facts)
    assert table.as_of == DAY
    (found,) = scores_of(card(group(visits())), facts, table)
    assert (found.points, found.groups[0].lines[0].count) == (10, 1)


# Laws ---------------------------------------------------------------------------------------------

POINTS = st.integers(-5000, 5000).map(lambda cents: Decimal(cents).scaleb(-2))
BOUNDS = st.tuples(POINTS, POINTS).map(lambda two: (min(two), max(two)))
DECAYS = st.sampled_from(
    [None, LinearDecay(45), ExponentialDecay(20), StepDecay([(10, Decimal("0.3"))])]
)
DAYS = st.integers(-60, 90).map(lambda ago: DAY - timedelta(days=ago))


@st.composite
def cases(draw: st.DrawFn) -> tuple[ScoreCard, dict[str, bool | None], dict[str, list[date]]]:
    """Return a card, a customer and its events."""
    groups: list[ScoreGroup] = []
    row: dict[str, bool | None] = {}
    events: dict[str, list[date]] = {}
    for place in range(draw(st.integers(1, 3))):
        lines: list[ScoreLine | EventLine] = []
        for number in range(draw(st.integers(1, 3))):
            key = f"l{place}{number}"
            if draw(st.booleans()):
                row[key] = draw(st.sampled_from([True, False, None]))
                lines.append(line(key, draw(POINTS)))
            else:
                events[key] = draw(st.lists(DAYS, max_size=5))
                lines.append(visits(key, draw(POINTS), decay=draw(DECAYS)))
        low, high = draw(BOUNDS)
        groups.append(
            group(
                *lines,
                key=f"g{place}",
                lowest=draw(st.sampled_from([None, low])),
                highest=draw(st.sampled_from([None, high])),
            )
        )
    low, high = draw(BOUNDS)
    return card(*groups, lowest=draw(st.sampled_from([None, low])), highest=high), row, events


def held(points: Decimal, lowest: Decimal | None, highest: Decimal | None) -> Decimal:
    """Return points within bounds, the plain way."""
    if highest is not None:
        points = min(points, highest)
    return points if lowest is None else max(points, lowest)


@given(cases())
def test_groups_are_held_before_the_card(
    case: tuple[ScoreCard, dict[str, bool | None], dict[str, list[date]]],
) -> None:
    """Lines add up to a group, held groups to the card, and each lies within its own bounds."""
    found = score(*case, DAY)
    for one in found.groups:
        assert one.uncapped == sum(each.points for each in one.lines)
        assert one.points == held(one.uncapped, one.group.lowest, one.group.highest)
    assert found.uncapped == sum(one.points for one in found.groups)
    assert found.points == held(found.uncapped, found.card.lowest, found.card.highest)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    case: tuple[ScoreCard, dict[str, bool | None], dict[str, list[date]]], chance: Random
) -> None:
    """A score is a function of which events there were, not of how they are listed."""
    rules, row, events = case
    mixed = {key: chance.sample(days, len(days)) for key, days in events.items()}
    assert score(rules, row, mixed, DAY) == score(rules, row, events, DAY)


@given(cases())
def test_later_events_do_not_count(
    case: tuple[ScoreCard, dict[str, bool | None], dict[str, list[date]]],
) -> None:
    """What happened after the day changes neither points nor counts."""
    rules, row, events = case
    known = {key: [day for day in days if day <= DAY] for key, days in events.items()}
    assert score(rules, row, known, DAY) == score(rules, row, events, DAY)


@given(cases())
def test_words_name_every_line(
    case: tuple[ScoreCard, dict[str, bool | None], dict[str, list[date]]],
) -> None:
    """The text has one line for the card, each group and each line, in both languages."""
    found = score(*case, DAY)
    wanted = 1 + len(found.groups) + len(found.card.lines)
    for language in Language:
        assert len(found.text(language).splitlines()) == wanted


def one_by_one(rules: ScoreCard, facts: Facts) -> list[Score]:
    """Return the scores of customers, each by its row and its own events."""
    table = customer_table(facts)
    activities = facts.table("activities")
    rows = [activities.row(number) for number in range(len(activities))]
    return [
        score(
            rules,
            row,
            {
                "visits": [
                    one["happened_on"]
                    for one in rows
                    if one["customer_id"] == row["customer_id"] and one["channel"] == "visit"
                ],
                "mails": [
                    one["happened_on"] for one in rows if one["customer_id"] == row["customer_id"]
                ],
            },
            table.as_of,
        )
        for row in table.rows()
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann", "bob", "eve", "eva", None]),
            st.integers(-30, 90),
            st.sampled_from(["visit", "mail", None]),
        ),
        max_size=12,
    )
)
def test_scores_of_a_table_are_those_of_its_rows(
    happened: list[tuple[str | None, int, str | None]],
) -> None:
    """All customers at once score as each does by itself."""
    book = SalesBook(
        customers=BOOK.customers,
        activities=[activity(number, *one) for number, one in enumerate(happened)],
    )
    facts = Facts.of(book, as_of=DAY, currency="EUR")
    table = customer_table(facts, [ScoreField(name="points", card=CARD)])
    wanted = one_by_one(CARD, facts)
    assert list(scores_of(CARD, facts, table)) == wanted
    assert list(table.table.column("points")) == [one.points for one in wanted]


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "points",
    [0.5, "5", None, True, Decimal("NaN"), Decimal("Infinity"), 10**12, Decimal("1E-7")],
)
def test_points_are_decimals(points: object) -> None:
    """No float, text, truth, infinity or overlong number is points, or a bound of them."""
    with pytest.raises(InvalidValue, match="points of x"):
        line("x", points, F.employees >= 1)
    with pytest.raises(InvalidValue, match="points of x"):
        visits("x", points)
    if points is not None:
        with pytest.raises(InvalidValue, match="highest of fit"):
            group(line("x", 1), highest=points)
        with pytest.raises(InvalidValue, match="lowest of card"):
            card(group(line("x", 1)), lowest=points)


def test_whole_numbers_become_decimals() -> None:
    """`5` is written for `Decimal(5)`, also as a bound; the largest and smallest points pass."""
    assert type(line("x", 5).points) is Decimal
    assert type(group(line("x", 5), highest=3).highest) is Decimal
    assert line("x", Decimal("-999999999999.999999")).points < 0


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (card, "a scorecard needs at least one group"),
        (group, "a group needs at least one line"),
        (lambda: group(line("x", 1), key=""), "key of a group"),
        (lambda: line("", 1, F.employees >= 1), "key of a line"),
        (lambda: visits(""), "key of a line"),
        (lambda: card(group(line("x", 1), visits("x"))), "lines of card .* each key stands once"),
        (lambda: card(group(line("x", 1)), group(line("y", 1))), "groups of card .* stands once"),
        (lambda: group(line("x", 1), lowest=2, highest=1), "it lies below lowest, 2"),
        (lambda: card(group(line("x", 1)), lowest=2, highest=1), "it lies below lowest, 2"),
    ],
)
def test_cards_without_sense_are_refused(make: Callable[[], object], fault: str) -> None:
    """Empty cards, keys that stand twice and bounds that cross are refused when written down."""
    with pytest.raises(InvalidValue, match=fault):
        make()


@pytest.mark.parametrize(
    ("bad", "error", "fault"),
    [
        (line("x", 1, F.employees), InvalidValue, "rule of x .* must be a condition"),
        (line("x", 1, F.employes >= 1), UnknownName, "for x .* did you mean 'employees'"),
        (line("x", 1, F.employees == "5"), RuleTypeError, "compares .* \\(in x\\)"),
        (visits("x", table="stock"), UnknownName, "no fact table for x"),
        (visits("x", date="id"), InvalidValue, "date of x .* column of dates"),
        (visits("x", date="happend_on"), UnknownName, "for x .* did you mean 'happened_on'"),
        (visits("x", where=F.channel), InvalidValue, "rule of x .* must be a condition"),
        (visits("x", where=F.canal == "a"), UnknownName, "for x"),
    ],
)
def test_lines_that_do_not_fit_the_facts_are_refused(
    bad: ScoreLine | EventLine, error: type[Exception], fault: str
) -> None:
    """The error names the line, and what would have been right."""
    with pytest.raises(error, match=fault):
        scores_of(card(group(bad)), FACTS, customer_table(FACTS))


def test_a_row_without_a_field_and_events_of_no_line_are_refused() -> None:
    """One customer by itself is checked as well: nothing is taken for 0 in silence."""
    rules = card(group(line("x", 1, F.employees >= 1), visits()))
    with pytest.raises(UnknownName, match="field for x 'employees'"):
        score(rules, {}, {}, DAY)
    with pytest.raises(UnknownName, match="event line of card 'visit'; did you mean 'visits'"):
        score(rules, {"employees": None}, {"visit": [DAY]}, DAY)
    with pytest.raises(UnknownName, match="event line of card 'x'"):
        score(rules, {"employees": None}, {"x": [DAY]}, DAY)
