"""The pipeline as it was known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from tests.forecast.open_deals import QUARTER, TODAY, D, deal, facts, record, snapshot_of
from tests.pipeline.passing import book_of, on, sale

from salescore.book import Facts
from salescore.entities import ProductId, SalesRepId
from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import ChanceSource, pipeline_snapshot, won_so_far
from salescore.frames import FrameFacts, fact_frames
from salescore.funnel import Funnel, Stage
from salescore.values import Money

FUNNEL = Funnel(
    name="talks",
    version="1",
    stages=[
        Stage(key="talk", probability=D("0.2"), forecast_category="pipeline"),
        Stage(key="offer", probability=D("0.6"), forecast_category="commit"),
    ],
    transitions=[],
)


def test_what_a_snapshot_shows() -> None:
    """Amount, chance, days, category, rep and the groups asked for, by id."""
    rows = (
        record(2, amount=200, probability=D("0.3"), product_id=ProductId("chair")),
        record(
            1,
            amount=100,
            probability=D("0.9"),
            is_probability_pinned=True,
            forecast_category="upside",
            rep_id=SalesRepId("anna"),
            expected_close_on=date(2026, 3, 1),
        ),
    )
    found = pipeline_snapshot(facts(*rows), as_of=TODAY, by="product")
    first, second = found.opportunities
    assert (first.id, first.amount, first.chance) == ("d1", 100, D("0.9"))
    assert first.chance_source is ChanceSource.PINNED
    assert (first.category, first.rep_id, first.age_days) == ("upside", "anna", 36)
    assert first.expected_close_on == date(2026, 3, 1)
    assert (second.chance_source, second.keys) == (ChanceSource.STATED, ("chair",))
    assert (found.currency, found.by, found.as_of) == ("USD", ("product",), TODAY)
    assert found.of("d2") is second
    with pytest.raises(UnknownName):
        found.of("d3")


def test_the_stage_lends_chance_and_category() -> None:
    """Without a chance on record that of the stage holds, and its category, days in it told."""
    told = sale("a", ("talk", 0), ("offer", 30), amount=100)
    found = pipeline_snapshot(Facts.of(book_of([told])), as_of=on(40), funnel=FUNNEL)
    (one,) = found.opportunities
    assert (one.chance, one.chance_source) == (D("0.6"), ChanceSource.STAGE)
    assert (one.category, one.stage_days, one.age_days) == ("commit", 10, 40)
    stated = sale("a", ("talk", 0), ("offer", 30), amount=100, probability=D("0.9"))
    (own,) = pipeline_snapshot(
        Facts.of(book_of([stated])), as_of=on(40), funnel=FUNNEL
    ).opportunities
    assert (own.chance, own.chance_source) == (D("0.9"), ChanceSource.STATED)
    (bare,) = pipeline_snapshot(Facts.of(book_of([told])), as_of=on(40)).opportunities
    assert (bare.chance, bare.category, bare.chance_source) == (None, None, None)


def test_what_it_lacks_is_told() -> None:
    """No amount, no rate and no chance have reasons; closed ones are not there."""
    rows = (
        record(1, probability=D("0.5")),
        record(2, amount=Money(D(5), "JPY"), probability=D("0.5")),
        record(3, amount=7),
        record(4, "won", amount=9, closed_on=date(2026, 2, 1)),
    )
    found = pipeline_snapshot(facts(*rows), as_of=TODAY)
    assert [one.id for one in found.opportunities] == ["d1", "d2", "d3"]
    assert [(one.reason[0], one.ids, one.n) for one in found.lacking] == [
        ("amount unknown", ("d1",), 1),
        ("chance unknown", ("d3",), 1),
        ("no exchange rate for JPY", ("d2",), 1),
    ]


def test_hold_and_other_funnels_are_left_out() -> None:
    """Those on hold count if asked; those of another funnel never do."""
    held = sale("b", ("talk", 0), ("hold", 5), amount=10)
    other = sale("c", ("talk", 0), amount=10)
    visits = [attrs.evolve(one, funnel="shop") for one in other.visits]
    sales = [held, attrs.evolve(other, visits=tuple(visits))]
    known = Facts.of(book_of(sales))
    found = pipeline_snapshot(known, as_of=on(40), funnel=FUNNEL)
    assert found.opportunities == ()
    assert [(one.reason[0], one.ids) for one in found.left_out] == [
        ("of another funnel", ("c",)),
        ("on hold", ("b",)),
    ]
    held_too = pipeline_snapshot(known, as_of=on(40), with_hold=True)
    assert [(one.id, one.is_on_hold) for one in held_too.opportunities] == [
        ("b", True),
        ("c", False),
    ]


def test_what_is_recorded_later_changes_nothing() -> None:
    """Later sales, stages, wins, pushes and categories leave the snapshot as it was."""
    early = sale("a", ("talk", 0), amount=100)
    before = Facts.of(book_of([early, sale("b", ("talk", 3), amount=50)]))
    moved = sale("a", ("talk", 0), ("offer", 60), ("won", 70), amount=100)
    later = [
        attrs.evolve(
            moved,
            opportunity=attrs.evolve(
                moved.opportunity, forecast_category="closed", probability=D(1)
            ),
        ),
        sale("b", ("talk", 3), ("lost", 90), amount=50),
        sale("new", ("talk", 41), amount=1000),
        sale(
            "late",
            ("talk", 1),
            amount=1000,
            recorded_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=45),
        ),
    ]
    after = Facts.of(book_of(later))
    asked = {"as_of": on(40), "funnel": FUNNEL}
    assert pipeline_snapshot(after, **asked) == pipeline_snapshot(before, **asked)  # type: ignore[arg-type]
    assert len(pipeline_snapshot(after, **asked).opportunities) == 2  # type: ignore[arg-type]


def test_an_id_that_stands_there_twice_counts_once() -> None:
    """The first of two records with one id counts, the other is told."""
    twin = attrs.evolve(record(1, amount=5), stage="talk")
    found = pipeline_snapshot(facts(record(1, amount=5), twin), as_of=TODAY)
    assert [one.stage for one in found.opportunities] == ["offer"]
    assert found.left_out[0].reason[0] == "its id stands there twice"
    same = pipeline_snapshot(facts(record(1, amount=5), record(1, amount=5)), as_of=TODAY)
    assert [one.amount for one in same.opportunities] == [5]
    assert same.left_out == found.left_out
    with pytest.raises(InvalidValue, match="twice"):
        snapshot_of(deal(1, "5", "1"), deal(1, "5", "1"))


@pytest.mark.parametrize("chance", ["1.01", "-0.1", "1000"])
def test_chances_outside_0_to_1_are_refused(chance: str) -> None:
    """A chance of 1000 % is a mistake, not a forecast."""
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        deal(1, "5", chance)


def test_questions_that_make_no_sense_are_refused() -> None:
    """An instant, a later day than is known, a time as group, another start of the age."""
    known = facts(record(1, amount=5), as_of=TODAY)
    noon = datetime(2026, 2, 10, 12, tzinfo=UTC)
    with pytest.raises(InvalidValue, match="a day"):
        pipeline_snapshot(known, as_of=noon)
    with pytest.raises(InvalidValue, match="seen up to 2026-02-10"):
        pipeline_snapshot(known, as_of=date(2026, 2, 11))
    with pytest.raises(InvalidValue, match="dimension of opportunities"):
        pipeline_snapshot(known, as_of=TODAY, by="month")
    with pytest.raises(InvalidValue, match="first_contact"):
        pipeline_snapshot(known, as_of=TODAY, since="birth")  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        pipeline_snapshot(known, as_of=TODAY, by="weather")


@pytest.mark.engine
def test_a_day_of_which_nothing_is_known_is_refused() -> None:
    """Dataframes of one day do not tell of an earlier one: that is no empty pipeline."""
    known = facts(record(1, amount=5), as_of=TODAY)
    frames = FrameFacts.of(fact_frames(known, "pyarrow"), currency="USD", as_of=TODAY)
    assert len(pipeline_snapshot(frames, as_of=TODAY).opportunities) == 1
    earlier = date(2026, 1, 31)
    with pytest.raises(InvalidValue, match="how things stood on 2026-01-31 they do not tell"):
        pipeline_snapshot(frames, as_of=earlier)
    with pytest.raises(InvalidValue, match="they do not tell"):
        won_so_far(frames, as_of=earlier, during=QUARTER)


def test_the_order_of_rows_does_not_matter() -> None:
    """The same book in another order gives the same snapshot."""
    rows = [record(number, amount=number, probability=Decimal("0.5")) for number in range(9)]
    forth = pipeline_snapshot(facts(*rows), as_of=TODAY)
    assert pipeline_snapshot(facts(*rows[::-1]), as_of=TODAY) == forth
    assert forth.opportunities[0].id == "d0"
