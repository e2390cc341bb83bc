"""The sales process in a review: funnel, bottleneck, losses, what is stale, what is due."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from tests.metrics.small_books import crowded_books
from tests.pipeline.passing import FUNNEL, Sale, book_of, on, rep, sale
from tests.review.small_review import BOOK

from salescore.__main__ import REFUSED, main
from salescore.book import SalesBook
from salescore.entities import StageKind
from salescore.exchange import write_folder
from salescore.funnel import Funnel, LimitUnit, NoDue, ServiceLimit, Stage
from salescore.pipeline import RepVerdict, close_date_event
from salescore.playbook import Playbook
from salescore.render import Language, text_width
from salescore.review import (
    DueState,
    FunnelReview,
    ProcessReview,
    review_book,
    review_data,
    review_text,
)
from salescore.values import Calendar, Period, WorkingCalendar

D = Decimal
YEAR = Calendar().parse("2024")
LABELS = {"talk": ("Talk", "洽谈"), "offer": ("Offer", "报价"), "deal": ("Deal", "谈判")}
LIMITS = {
    "talk": ServiceLimit(amount=25, unit=LimitUnit.DAYS),
    "offer": ServiceLimit(amount=60, unit=LimitUnit.DAYS),
}
TALKS = attrs.evolve(
    FUNNEL,
    labels=("Talks", "洽谈漏斗"),
    stages=[
        attrs.evolve(one, labels=LABELS.get(one.key, ("", "")), limit=LIMITS.get(one.key))
        for one in FUNNEL.stages
    ],
)


def playbook(*funnels: Funnel) -> Playbook:
    """Return a playbook of some funnels."""
    return Playbook(name="ours", version="1", funnels=funnels)


def _lost(key: str, *stays: tuple[str, int], **fields: Any) -> Sale:  # noqa: ANN401
    return sale(key, *stays, ("lost", stays[-1][1] + 10), rep="bob", **fields)


def _sales() -> list[Sale]:
    """
    Return the sales of two years.

    In 2023 ten talks came to eight offers, four deals and two wins; in 2024 to four, two and one.
    """
    before = [
        *(sale(f"b{n}", ("talk", -300), ("offer", -280), ("deal", -260), ("won", -240))
          for n in (0, 1)),
        *(_lost(f"b{n}", ("talk", -300), ("offer", -280), ("deal", -260)) for n in (2, 3)),
        *(_lost(f"b{n}", ("talk", -300), ("offer", -280)) for n in (4, 5, 6, 7)),
        *(_lost(f"b{n}", ("talk", -300)) for n in (8, 9)),
    ]  # fmt: skip
    steps = (("talk", 10), ("offer", 30), ("deal", 50))
    now = [
        sale("c0", *steps, ("won", 70), rep="ann", first_contact_on=on(10), amount=800),
        _lost("c1", *steps, loss_reason="price", amount=100),
        _lost("c2", *steps[:2], loss_reason="price", amount=300),
        sale("c3", *steps[:2], rep="ann", expected_close_on=on(360), amount=50, name="Mill"),
        *(_lost(f"c{n}", ("talk", 15)) for n in (4, 5, 6, 7, 8)),
        sale("c9", ("talk", 340), rep="bob"),
    ]
    return [*before, *now]


def _book() -> SalesBook:
    book = book_of(_sales(), sales_reps=[rep("ann"), rep("bob")])
    mill = next(one for one in book.opportunities if one.id == "c3")
    at = datetime(2024, 12, 1, tzinfo=UTC)
    pushed = close_date_event(attrs.evolve(mill, expected_close_on=on(350)), mill, at=at)
    return attrs.evolve(book, events=[pushed])


TWO_YEARS = _book()
LAST = date(2024, 12, 31)


def process_of(book: SalesBook = TWO_YEARS, **given: Any) -> ProcessReview:  # noqa: ANN401
    """Return the sales process of 2024 in a review."""
    given = {"during": YEAR, "as_of": LAST, "playbook": playbook(TALKS)} | given
    found = review_book(book, **given).process
    assert found is not None
    return found


def funnel_of(**given: Any) -> FunnelReview:  # noqa: ANN401
    """Return how sales went through the one funnel."""
    (found,) = process_of(**given).funnels
    return found


def test_conversion_from_stage_to_stage() -> None:
    """Of ten talks of 2024 four came to an offer, one is open; the wins stand at the end."""
    found = funnel_of()
    told = [(one.source, one.n, one.converted, one.given_up, one.open) for one in found.conversions]
    assert told == [("talk", 10, 4, 5, 1), ("offer", 4, 2, 1, 1), ("deal", 2, 1, 1, 0)]
    assert found.last_reached == 1
    assert [(one.stage, one.entered, one.advanced) for one in found.counts] == [
        ("talk", 10, 4),
        ("offer", 4, 2),
        ("deal", 2, 1),
        ("won", 1, 0),
    ]


def test_the_bottleneck_is_told_against_the_year_before() -> None:
    """Talks convert at 40 % for 80 %: of ten, four fewer offers, of which a quarter is won."""
    found = funnel_of()
    assert found.compared_with == Calendar().parse("2023")
    assert found.bottlenecks is not None
    first = found.bottlenecks.rows[0]
    assert (first.stage, first.benchmark, first.benchmark_n) == ("talk", D("0.8"), 10)
    assert (first.gap, first.lost_wins) == (D("0.4"), D(1))


def test_the_year_before_is_seen_as_far_into_it() -> None:
    """On 1 March 2024 only what was known 60 days into 2023 counts against it: nothing yet."""
    (whole,) = process_of(as_of=LAST).funnels
    (early,) = process_of(as_of=date(2024, 3, 1)).funnels
    assert whole.bottlenecks is not None
    assert early.bottlenecks is not None
    # The talks of 2023 began on 7 March.
    assert on(-300) == date(2023, 3, 7)
    assert {one.benchmark_n for one in whole.bottlenecks.rows} == {10, 8, 4}
    assert {one.benchmark_n for one in early.bottlenecks.rows} == {0}
    assert (whole.compared_until, early.compared_until) == (date(2023, 12, 31), date(2023, 3, 2))


def _section(text: str, title: str) -> list[str]:
    """Return the lines of a section of a page."""
    return text[text.index(f"\n\n{title}") :].strip().split("\n\n")[0].splitlines()


def _half(first: int, key: str, advanced: int) -> list[Sale]:
    """Return forty talks of a half-year of which so many came to an offer, and were won."""
    start = ("talk", first)
    return [
        *(
            sale(f"{key}{n}", start, ("offer", first + 5), ("deal", first + 7), ("won", first + 9))
            for n in range(advanced)
        ),
        *(sale(f"{key}{n}", start, ("lost", first + 5)) for n in range(advanced, 40)),
    ]


def test_a_gain_beyond_chance_is_told_from_a_loss() -> None:
    """Where talks came to 30 offers of 40 for 10, they are better; the other way round, worse."""
    for before, now, verdict in ((10, 30, "better"), (30, 10, "worse"), (20, 21, "no")):
        book = book_of([*_half(-350, "a", before), *_half(20, "b", now)])
        text = review_text(review_book(book, during=YEAR, as_of=LAST, playbook=playbook(TALKS)))
        talk = next(line for line in _section(text, "BOTTLENECK") if line.startswith("Talk"))
        assert talk.split()[-1] == verdict
    zh = review_text(
        review_book(
            book_of([*_half(-350, "a", 10), *_half(20, "b", 30)]),
            during=YEAR,
            as_of=LAST,
            playbook=playbook(TALKS),
        ),
        Language.ZH,
    )
    assert "超出偶然" in _section(zh, "瓶颈")[0]
    assert next(one for one in _section(zh, "瓶颈") if one.startswith("洽谈")).endswith("更好")


def test_the_bottleneck_names_the_days_that_it_is_held_against() -> None:
    """On day 182 the heading and the line below it say the first 182 days of the year before."""
    book = book_of([*_half(-350, "a", 10), *_half(20, "b", 30)])
    day = date(2024, 6, 30)
    review = review_book(book, during=YEAR, as_of=day, playbook=playbook(TALKS))
    found = _section(review_text(review), "BOTTLENECK")
    assert found[0].startswith("BOTTLENECK AGAINST 2023-01-01..2023-07-01  ")
    assert found[-2].startswith("  Before: first reached from 2023-01-01 to 2023-07-01, as known")
    assert max(map(len, found)) <= 100
    data: Any = review_data(review)["process"]
    assert data["funnels"][0]["bottleneck"]["compared_until"] == "2023-07-01"


HELD = [
    *_sales(),
    sale("h0", ("talk", 20), ("hold", 30), ("talk", 45), ("deal", 60), ("won", 80)),
    sale("h1", ("offer", 300), ("hold", 310)),
]


def test_stages_have_the_labels_of_the_funnel() -> None:
    """Both tables of stages call them what the funnel does, in the language of the page."""
    review = review_book(book_of(HELD), during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    for language, titles, labels in (
        (Language.EN, ("STAGES, ALL UNTIL 2024-12-31", "STAGE CONVERSION"), {"Talk", "Offer"}),
        (Language.ZH, ("阶段（截至2024-12-31的全部）", "阶段转化"), {"洽谈", "报价"}),
    ):
        text = review_text(review, language)
        for title in titles:
            told = {line.split()[0] for line in _section(text, title)}
            assert labels <= told
            assert not {"talk", "offer"} & told


def test_a_stage_that_two_funnels_call_by_two_names_keeps_its_key() -> None:
    """Where the funnels agree their label stands there, else what the facts call the stage."""
    stages = [
        attrs.evolve(one, labels=("Bid", "投标") if one.key == "offer" else one.labels)
        for one in TALKS.stages
    ]
    found = process_of(playbook=playbook(TALKS, attrs.evolve(TALKS, name="bids", stages=stages)))
    assert [found.label(key, Language.EN) for key in ("talk", "offer", "other")] == [
        "Talk",
        None,
        None,
    ]


def test_a_stage_by_a_key_of_an_earlier_version() -> None:
    """It bears the label of today, but where both keys stand side by side the facts name them."""
    stages = [
        attrs.evolve(one, former=("bid",)) if one.key == "offer" else one for one in TALKS.stages
    ]
    rules = playbook(attrs.evolve(TALKS, stages=stages))
    early = sale("e0", ("talk", 10), ("bid", 20))
    for sales, told in (([early], {"Offer"}), ([early, *HELD], {"bid", "offer"})):
        review = review_book(book_of(sales), during=YEAR, as_of=LAST, playbook=rules)
        text = review_text(review)
        labels = {line.split()[0] for line in _section(text, "STAGES, ALL")}
        assert labels & {"Offer", "bid", "offer"} == told
    assert review.process is not None
    assert review.process.label("bid", Language.ZH) == "报价"


def test_a_share_that_is_undefined_says_why() -> None:
    """Where nobody was ever in the offer its shares are dashes, and a note tells the reason."""
    sales = [sale(f"n{n}", ("talk", 10), ("deal", 20), ("won", 30)) for n in (0, 1)]
    review = review_book(book_of(sales), during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    text = review_text(review)
    offer = next(line for line in _section(text, "FUNNEL: ") if line.startswith("Offer"))
    assert offer.split()[1:4] == ["2", "2", "–"]
    assert "from stage to stage: undefined, nobody was ever in offer; whoever came" in text


def test_stage_conversions_follow_the_funnel_and_end_with_holds() -> None:
    """Steps stand in the order of the funnel, the stage on hold last, and lines say what counts."""
    review = review_book(book_of(HELD), during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    found = _section(review_text(review), "STAGE CONVERSION")
    assert [line.split()[0] for line in found[2:6]] == ["Talk", "Offer", "Deal", "hold"]
    assert found[6:] == [
        "  First visits begun in 2024, followed to 2024-12-31; stages left out do not count.",
        "  To be on hold is no step of the funnel; it stands last.",
    ]
    # The sale h0 left the offer out: the funnel counts it as reached, the visits do not.
    assert (found[3].split()[1], _section(review_text(review), "FUNNEL: ")[3].split()[1]) == (
        "5",
        "6",
    )
    without = review_book(book_of(HELD), during=YEAR, as_of=LAST)
    assert _section(review_text(without), "STAGE CONVERSION")[-3].split()[0] == "hold"


def test_a_page_of_an_old_period_says_where_each_table_ends() -> None:
    """Visits begun in 2024 are followed to the last fact, the funnel to the end of 2024."""
    late = [*HELD, sale("l0", ("talk", 500))]
    text = review_text(review_book(book_of(late), during=YEAR, playbook=playbook(TALKS)))
    day = on(500).isoformat()
    assert f"begun in 2024, followed to {day}" in " ".join(_section(text, "STAGE CONVERSION"))
    assert "reached in 2024, followed to 2024-12-31" in " ".join(_section(text, "FUNNEL: "))
    assert _section(text, "STAGES")[0].startswith("STAGES, ALL UNTIL 2024-12-31 ")


def test_without_a_period_before() -> None:
    """Where the calendar begins with the period, no bottleneck can be told, and a note says so."""
    first = Calendar().parse("0001")
    visits = attrs.evolve(TWO_YEARS.stage_visits[0], entered_on=date(1, 2, 3), left_on=None)
    sold = attrs.evolve(TWO_YEARS.opportunities[0], created_on=date(1, 2, 3))
    book = SalesBook(opportunities=[sold], stage_visits=[visits])
    review = review_book(book, playbook=playbook(TALKS), during=first)
    assert review.process is not None
    (found,) = review.process.funnels
    assert (found.compared_with, found.compared_until, found.bottlenecks) == (None, None, None)
    assert review_data(review)["process"]["funnels"][0]["bottleneck"]["compared_until"] is None  # type: ignore[index]
    assert "Bottleneck: undefined, nothing lies before the period." in review_text(review)


def test_what_is_due() -> None:
    """The offer of day 30 had 60 days, the talk of day 340 has 25, which end on the last day."""
    found = funnel_of().dues
    assert [(one.due.opportunity_id, one.state, one.due_on, one.rep_id) for one in found] == [
        ("c3", DueState.OVERDUE, on(90), "ann"),
        ("c9", DueState.TODAY, LAST, "bob"),
    ]
    assert (found[0].name, found[0].rep_name) == ("Mill", "Ann")
    earlier = funnel_of(as_of=LAST - timedelta(days=1)).dues
    assert [one.state for one in earlier] == [DueState.OVERDUE, DueState.IN_TIME]


def test_a_funnel_without_limits_has_nothing_due() -> None:
    """Nothing is listed, and the data say why."""
    review = review_book(TWO_YEARS, during=YEAR, as_of=LAST, playbook=playbook(FUNNEL))
    assert "DUE BY" not in review_text(review)
    data: Any = review_data(review)["process"]
    assert data["funnels"][0]["due"]["reason"] == "no stage of talks 1 has a service limit"
    assert data["funnels"][0]["due"]["rows"] == []


def test_what_is_closed_is_not_due() -> None:
    """An opportunity that is closed, though its last visit runs, is not overdue."""
    closed = [
        attrs.evolve(one, kind=StageKind.LOST, stage="lost", closed_on=on(200))
        if one.id == "c3"
        else one
        for one in TWO_YEARS.opportunities
    ]
    found = funnel_of(book=attrs.evolve(TWO_YEARS, opportunities=closed))
    assert [one.due.opportunity_id for one in found.dues] == ["c9"]


def test_limits_in_working_time_take_a_working_calendar() -> None:
    """Without one nobody can say; with one the limit ends on the day that it tells."""
    limit = ServiceLimit(amount=3, unit=LimitUnit.DAYS, is_working=True)
    stages = [attrs.evolve(one, limit=limit if one.key == "talk" else None) for one in TALKS.stages]
    working = WorkingCalendar.of("office", years="all", zone="Asia/Shanghai")
    rules = playbook(attrs.evolve(TALKS, stages=stages))
    (unknown,) = funnel_of(playbook=rules).dues
    assert (unknown.state, unknown.due_on) == (DueState.UNKNOWN, None)
    assert unknown.due.no_due is NoDue.NO_CALENDAR
    (known,) = funnel_of(playbook=rules, working=working).dues
    # Entered on Friday 6 December 2024, so that the third working day is Wednesday the 11th.
    assert (known.state, known.due_on) == (DueState.OVERDUE, date(2024, 12, 11))
    review = review_book(TWO_YEARS, during=YEAR, as_of=LAST, playbook=rules)
    data: Any = review_data(review)["process"]
    (row,) = data["funnels"][0]["due"]["rows"]
    assert (row["no_due"], row["due_on"], row["overdue_hours"]) == ("no_calendar", None, None)
    text = review_text(review)
    assert "A limit in working time takes a working calendar to tell." in text


def test_figures_that_take_no_funnel() -> None:
    """Losses, pushed dates, velocity and what is past its date are told of any opportunities."""
    for rules in (playbook(TALKS), None):
        found = process_of(playbook=rules)
        rows = [(one.stage, one.loss_reason, one.n, one.amount) for one in found.losses.rows]
        assert rows == [
            ("talk", None, 5, None),
            ("offer", "price", 1, D(300)),
            ("deal", "price", 1, D(100)),
        ]
        pushes = found.open_slippage.total
        assert (pushes.pushed, pushes.pushed_days, pushes.past_due) == (1, D(10), 1)
        assert found.closed_slippage.total.pushed == 0
        # Two open, one of eight won, for 800 within 60 days.
        assert found.velocity.value == (D(2) * 1 * 800 / 8 / 60).quantize(D("1E-27"))
        assert [(one.id, one.reasons[0].days) for one in found.stale.rows] == [("c3", 5)]
        assert [one.verdict for one in found.reps.rows] == [RepVerdict.TOO_FEW] * 2
        assert [(one.won, one.closed) for one in found.reps.rows] == [(1, 1), (0, 7)]


def test_without_a_funnel_the_order_of_stages_is_not_made_up() -> None:
    """Time in stage is told of whatever visits name; what takes an order says why it is missing."""
    found = process_of(playbook=None)
    assert (found.funnels, found.no_funnel) == ((), "no funnel was given")
    (times,) = found.times
    assert [one.stage.stage for one in times.stages] == ["deal", "offer", "talk"]
    (ordered,) = process_of().times
    assert [one.stage.stage for one in ordered.stages] == ["talk", "offer", "deal", "hold"]
    talk = times.of("talk")
    assert talk is not None
    assert (talk.n, talk.running) == (20, 1)
    review = review_book(TWO_YEARS, during=YEAR)
    assert (
        "Conversion from stage to stage; Bottleneck; What is due: undefined, no funnel was given."
        in review_text(review)
    )


def test_a_book_without_visits() -> None:
    """Conversion and days in stage are undefined with the reason, and the rest is told."""
    book = attrs.evolve(TWO_YEARS, stage_visits=())
    found = process_of(book)
    (funnel,) = found.funnels
    assert {one.figure.reason for one in funnel.conversions} == {"no stage visits are on record"}
    assert (funnel.dues, found.losses.n) == ((), 7)
    text = review_text(review_book(book, during=YEAR, as_of=LAST, playbook=playbook(TALKS)))
    assert (
        "Conversion from stage to stage; Bottleneck; Days in stage: undefined, no stage visits are"
        in text
    )
    assert "BOTTLENECK" not in text


def test_a_book_without_opportunities() -> None:
    """There is no process to tell of: null among the data, nothing on the page."""
    book = attrs.evolve(BOOK, opportunities=())
    review = review_book(book, during=YEAR, playbook=playbook(TALKS))
    assert review.process is None
    assert review_data(review)["process"] is None
    assert "VELOCITY" not in review_text(review)
    assert review_book(SalesBook(), during=YEAR).process is None


def test_what_is_known_later_is_not_told() -> None:
    """Before the year of the review began no opportunity of it is known, and no figure fails."""
    found = process_of(as_of=date(2023, 12, 31))
    (funnel,) = found.funnels
    assert [one.n for one in funnel.conversions] == [0, 0, 0]
    assert found.losses.n == 0
    only_later = attrs.evolve(
        TWO_YEARS,
        opportunities=[one for one in TWO_YEARS.opportunities if one.id.startswith("c")],
        stage_visits=(),
        events=(),
    )
    assert review_book(only_later, during=YEAR, as_of=date(2023, 12, 31)).process is None


def test_versions_out_of_force_and_funnels_that_cannot_be_walked() -> None:
    """A note says which funnel is not told of, and why; others are."""
    old = attrs.evolve(TALKS, name="old", valid_until=date(2020, 1, 1))
    closed = attrs.evolve(
        TALKS, name="closed", stages=[Stage(key="lost", kind=StageKind.LOST)], transitions=[]
    )
    rules = playbook(old, closed, TALKS)
    review = review_book(TWO_YEARS, during=YEAR, as_of=LAST, playbook=rules)
    assert review.process is not None
    assert [one.funnel.name for one in review.process.funnels] == ["talks"]
    assert "No version of funnel old is in force on 2024-12-31." in review.notes
    assert any(note.startswith("Nothing is told of funnel closed: ") for note in review.notes)
    none = process_of(playbook=playbook(old))
    assert none.no_funnel == "no funnel can be asked"
    assert "funnel-without-start" in {one.code for one in review.findings}


def test_visits_that_a_funnel_cannot_place_are_noted() -> None:
    """Stages unknown to the funnel are left out, and a note counts them."""
    stages = [one for one in TALKS.stages if one.key != "deal"]
    shorter = attrs.evolve(TALKS, stages=stages)
    review = review_book(TWO_YEARS, during=YEAR, as_of=LAST, playbook=playbook(shorter))
    note = "Left out of funnel talks 1: 6 stage visits, stage unknown to talks 1."
    assert note in review.notes


def test_broken_histories_are_findings() -> None:
    """Where visits do not tile time nobody can say what is due: a finding says so."""
    visits = [
        attrs.evolve(one, left_on=on(25)) if one.id == "c3-1" else one
        for one in TWO_YEARS.stage_visits
    ]
    book = attrs.evolve(TWO_YEARS, stage_visits=visits)
    review = review_book(book, during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    assert "stage-history-broken" in {one.code for one in review.findings}
    assert review.process is not None
    (funnel,) = review.process.funnels
    assert [one.due.opportunity_id for one in funnel.dues] == ["c9"]


def test_at_the_end_of_time() -> None:
    """The last day that a period can have is answered for, in every zone."""
    last = Period.custom(date(9999, 12, 1), date(9999, 12, 30))
    working = WorkingCalendar.of("far west", years="all", zone="Pacific/Pago_Pago")
    (funnel,) = process_of(as_of=date.max, during=last, working=working).funnels
    assert [one.state for one in funnel.dues] == [DueState.OVERDUE] * 2


GOLDEN = """\
FUNNEL: TALKS  reached  went on   share    95 % interval  given up  still open
──────────────────────────────────────────────────────────────────────────────
Talk                10        4  40.0 %  16.8 % … 68.7 %         5           1
Offer                4        2  50.0 %  15.0 % … 85.0 %         1           1
Deal                 2        1  50.0 %   9.5 % … 90.5 %         1           0
won                  1
  First reached in 2024, followed to 2024-12-31; stages left out count as reached.

BOTTLENECK AGAINST 2023   share  before  wins lost  95 % interval  beyond chance
────────────────────────────────────────────────────────────────────────────────
Talk                     40.0 %  80.0 %        1.0     -0.1 … 1.7  no
Offer                    50.0 %  50.0 %        0.0     -0.9 … 0.9  no
Deal                     50.0 %  50.0 %        0.0     -1.1 … 1.1  no
  Before: first reached from 2023-01-01 to 2023-12-31, as known on that day; wins lost below 0 are
  gained.

DUE BY 2024-12-31  rep  stage  limit    entered     due on      days late
─────────────────────────────────────────────────────────────────────────
Mill               Ann  Offer  60 days  2024-01-31  2024-03-31        275
c9                 Bob  Talk   25 days  2024-12-06  2024-12-31          0
  overdue: 1 · due today: 1 · in time: 0 · unknown: 0

DAYS IN STAGE, ALL UNTIL 2024-12-31  stays  still there  25 %  median  95 % interval  75 %
──────────────────────────────────────────────────────────────────────────────────────────
Talk                                    20            1    10      20        10 … 20    20
Offer                                   12            1    10      20        10 … 20    20
Deal                                     6            0    10      10         10 … –    20

LOSSES  reason   opportunities   share  amount  of amount
─────────────────────────────────────────────────────────
Talk    unknown              5  71.4 %       –          –
Offer   price                1  14.3 %  300.00     75.0 %
Deal    price                1  14.3 %  100.00     25.0 %

CLOSE DATES         pushed   share  days a push  past due  open amount
──────────────────────────────────────────────────────────────────────
open on 2024-12-31       1  50.0 %         10.0         1        50.00
closed                   0   0.0 %            –         –            –

SALES VELOCITY  open on 2024-12-31  win rate  average won  days to win  a day
─────────────────────────────────────────────────────────────────────────────
USD                              2    12.5 %       800.00         60.0   3.33

STALE ON 2024-12-31  stage  amount  days open  in the stage  past the date
──────────────────────────────────────────────────────────────────────────
Mill                 Offer   50.00          –             –              5
  out of 2 open

WIN RATES OF REPS
  too few closed to tell: 2
"""


def page_of(language: Language, **given: Any) -> str:  # noqa: ANN401
    """Return the part of the page that tells of the process."""
    given = {"during": YEAR, "as_of": LAST, "playbook": playbook(TALKS), "by": ["rep"]} | given
    text = review_text(review_book(TWO_YEARS, **given), language)
    first = {"en": "FUNNEL: TALKS", "zh": "销售漏斗：洽谈漏斗"}[language.value]
    last = {"en": "\nSALES REPS", "zh": "\n销售人员 "}[language.value]
    return text[text.index(first) : text.index(last)]


def test_the_page() -> None:
    """The sections of the process read as they stand here."""
    assert page_of(Language.EN) == GOLDEN


def test_the_page_in_chinese() -> None:
    """Every heading and label of the process is Chinese; names of the business stay."""
    page = page_of(Language.ZH)
    kept = {"Mill", "Ann", "Bob", "price", "c", "won", "USD"}
    words = {word.strip("0123456789.,%–…→>-+:：·/（）") for word in page.split()}
    assert {word for word in words if word.isascii() and word} <= kept


def test_the_page_fits_a_terminal() -> None:
    """No line of the process is wider than a hundred columns, in either language."""
    for language in Language:
        assert max(map(text_width, page_of(language).splitlines())) <= 100


def test_long_lists_are_cut_on_the_page_and_capped_in_the_data() -> None:
    """Of 120 overdue ones the page shows eight, the data a hundred, and both say how many more."""
    many = [
        sale(f"d{n:03}", ("talk", 10), rep="ann", expected_close_on=on(100)) for n in range(120)
    ]
    book = book_of(many, sales_reps=[rep("ann")])
    review = review_book(book, during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    data: Any = review_data(review)["process"]
    stale = data["stale"]
    assert (stale["n"], len(stale["rows"]), stale["left_out"]) == (120, 100, 20)
    due = data["funnels"][0]["due"]
    assert (due["overdue"], len(due["rows"]), due["left_out"]) == (120, 100, 20)
    text = review_text(review)
    assert "… 112 more · out of 120 open" in text
    assert "  … 112 more · overdue: 120 · due today: 0 · in time: 0 · unknown: 0" in text


def test_who_stands_out_is_named_on_the_page() -> None:
    """Ann wins 38 of 40, Bob 10 of 40: beyond chance; who closed three is counted only."""
    sales = [
        sale(f"{name}{n}", ("talk", 1), ("won" if n < won else "lost", 5), rep=name)
        for name, won, closed in (("ann", 38, 40), ("bob", 10, 40), ("cat", 3, 3))
        for n in range(closed)
    ]
    text = review_text(
        review_book(book_of(sales, sales_reps=[rep("ann"), rep("bob")]), during=YEAR)
    )
    part = text[text.index("WIN RATES OF REPS") :].split("\n\n")[0].splitlines()
    assert part[2].split()[:5] == ["Ann", "38", "40", "95.0", "%"]
    assert part[2].endswith("above the others")
    assert part[3].endswith("below the others")
    assert part[4:] == ["  too few closed to tell: 1"]


def test_the_data_come_back_from_json() -> None:
    """Decimals are text, days are in ISO form, and everything stands under the key `process`."""
    review = review_book(TWO_YEARS, during=YEAR, as_of=LAST, playbook=playbook(TALKS))
    data: Any = json.loads(json.dumps(review_data(review)))["process"]
    assert list(data) == [
        *("as_of", "no_funnel", "funnels", "time_in_stage", "losses", "slippage", "velocity"),
        *("stale", "reps"),
    ]
    (funnel,) = data["funnels"]
    assert (funnel["name"], funnel["label"]) == ("talks", "Talks")
    stage = funnel["stages"][0]
    assert (stage["key"], stage["n"], stage["converted"], stage["value"]) == ("talk", 10, 4, "0.4")
    assert set(stage["interval"]) == {"low", "high", "level"}
    assert funnel["stages"][-1] == {"key": "won", "label": "won", "n": 1}
    assert funnel["bottleneck"]["rows"][0]["lost_wins"] == "1"
    assert funnel["bottleneck"]["compared_with"] == "2023"
    assert funnel["bottleneck"]["compared_until"] == "2023-12-31"
    assert funnel["due"]["rows"][0] == {
        "key": "c3",
        "label": "Mill",
        "rep": "ann",
        "stage": "offer",
        "stage_label": "Offer",
        "entered_on": "2024-01-31",
        "state": "overdue",
        "due_on": "2024-03-31",
        "overdue_hours": "6624.00",
        "no_due": None,
        "why": "c3: Offer, entered 2024-01-31 00:00, limit 60 days, due 2024-03-31 00:00, "
        "overdue by 276 d",
    }
    assert data["losses"]["rows"][1]["amount"] == "300"
    assert data["velocity"]["parts"]["win_rate"]["value"] == "0.125"
    assert data["stale"]["by_reason"] == {"past_close_date": 1}
    assert data["stale"]["rows"][0]["reasons"][0]["text"] == "should have closed 5 days ago"
    zh: Any = review_data(review, Language.ZH)["process"]
    assert zh["funnels"][0]["stages"][0]["label"] == "洽谈"
    assert zh["stale"]["rows"][0]["reasons"][0]["text"].startswith("已超过")


def test_the_drawing() -> None:
    """A notebook shows the counts as a drawing with the labels asked for."""
    found = funnel_of()
    assert "10 → 4 (40.0 %)" in found.drawing().svg
    assert "报价" in found.drawing(Language.ZH).svg


@given(crowded_books())
def test_every_book_has_a_page(book: SalesBook) -> None:
    """Whatever a book holds, the process is told or left out, as text and as data."""
    review = review_book(book, during=YEAR, playbook=playbook(TALKS))
    json.dumps(review_data(review))
    assert review_text(review, Language.ZH)


def test_the_command_line_takes_a_playbook_and_a_working_calendar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are JSON files; a bad one is refused by its place."""
    limit = ServiceLimit(amount=3, is_working=True)
    stages = [attrs.evolve(one, limit=limit if one.key == "talk" else None) for one in TALKS.stages]
    rules, hours = tmp_path / "rules.json", tmp_path / "hours.json"
    funnel = attrs.evolve(TALKS, stages=stages)
    rules.write_text(json.dumps(playbook(funnel).as_data()), encoding="utf-8")
    calendar = WorkingCalendar.of("office", years="all", zone="Asia/Shanghai")
    hours.write_text(json.dumps(calendar.as_data()), encoding="utf-8")
    folder = tmp_path / "facts"
    write_folder(TWO_YEARS, folder)
    given = ["review", str(folder), "--during", "2024", "--as-of", "2024-12-31"]
    given += ["--playbook", str(rules), "--working-calendar", str(hours)]
    assert main([*given, "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["process"]["funnels"]
    (late,) = found["due"]["rows"]
    assert (late["key"], late["due_on"]) == ("c9", "2024-12-11")
    hours.write_text("{}", encoding="utf-8")
    assert main(given) == REFUSED
    rules.write_text(json.dumps({**playbook().as_data(), "funnels": [{}]}), encoding="utf-8")
    hours.write_text(json.dumps(calendar.as_data()), encoding="utf-8")
    assert main(given) == REFUSED
    assert "at rules.json/funnels/0: the key 'schema' is missing" in capsys.readouterr().err


def test_reasons_and_limits_of_what_is_stale_stand_on_the_page() -> None:
    """Five won ones took 60 days at most, twenty of them in the talk; one is open for 365."""
    won = [sale(f"w{n}", ("talk", 0), ("offer", 20), ("won", 60)) for n in range(5)]
    book = book_of([*won, sale("old", ("talk", 0))])
    review = review_book(book, during=YEAR, as_of=LAST)
    lines = review_text(review).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("STALE"))
    assert lines[start + 2].split() == [
        "old",
        "talk",
        "–",
        *["365", ">", "60", "365", ">", "20", "–"],
    ]
    assert lines[start + 3 : start + 5] == [
        "  out of 1 open",
        "  Behind > stands the most days that any won one took.",
    ]
    data: Any = review_data(review)["process"]
    assert data["stale"]["by_reason"] == {"long_in_stage": 1, "past_precedent": 1}
    assert [one["days"] for one in data["stale"]["limits"]] == ["60", "40", "20"]


def test_the_age_counts_from_the_day_that_more_won_ones_have() -> None:
    """Where days of first contact are on record, and not those of creation, they tell the age."""
    won = [
        sale(f"w{n}", ("talk", 0), ("won", 60), created_on=None, first_contact_on=on(10))
        for n in range(5)
    ]
    late = sale("old", ("talk", 0), created_on=None, first_contact_on=on(300))
    (limit, *_) = process_of(book_of([*won, late])).stale.precedents
    assert (limit.limit, limit.n) == (D(50), 5)
