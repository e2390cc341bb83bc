from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.pipeline.small_pipeline import TODAY, closed, facts_of, sale, visit

from salescore.book import Facts
from salescore.entities import Opportunity, StageKind, StageVisit
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel, Stage, Transition
from salescore.metrics import Exclusion
from salescore.pipeline import Move, VisitedStage, funnel_chain
from salescore.stats import wilson_interval
from salescore.values import Calendar

ENDS = ("won", "lost", "void")
WEEKLY = {
    "1 qualify": {"1 qualify": 12, "2 propose": 5, "lost": 3},
    "2 propose": {"1 qualify": 5, "2 propose": 55, "3 negotiate": 25, "won": 3, "lost": 12},
    "3 negotiate": {"2 propose": 1, "3 negotiate": 10, "won": 7, "lost": 2},
}
"""Moves in the proportions of the published weekly chain."""


def facts_of_moves(moves: Mapping[str, Mapping[str, int]], days: int = 7) -> Facts:
    """Return facts in which each move was made so often, each stay lasting some days."""
    sales: list[Opportunity] = []
    visits: list[StageVisit] = []
    for source, targets in moves.items():
        for target, times in targets.items():
            for _ in range(times):
                n = len(sales)
                is_end = target in ENDS
                sales.append(closed(n, target) if is_end else sale(n, "open", 30))
                visits.append(visit(2 * n, f"p{n}", source, days, 0))
                if not is_end:
                    visits.append(visit(2 * n + 1, f"p{n}", target, 0))
    return facts_of(sales, visits)


def near(value: Decimal | Fraction | None, wanted: str) -> bool:
    """Return whether a value rounds to a published one."""
    return value is not None and abs(Fraction(value) - Fraction(wanted)) <= Fraction(1, 2 * 10**6)


def test_the_published_chain() -> None:
    """Ultimate win, visits, weeks to the end and wins by week of the three-stage weekly chain."""
    found = funnel_chain(facts_of_moves(WEEKLY))
    names = tuple(WEEKLY)
    visits = [
        ["2.698413", "1.587302", ".793651"],
        [".317460", "2.539683", "1.269841"],
        [".031746", ".253968", "2.126984"],
    ]
    for name, won, row, weeks, by_4, by_13 in zip(
        names,
        (".325397", ".520635", ".752063"),
        visits,
        ("5.079365", "4.126984", "2.412698"),
        (".081725", ".316523", ".671760"),
        (".306674", ".511461", ".749820"),
        strict=True,
    ):
        one = found.of(name)
        assert near(one.exact, won)
        assert near(one.chance.value, won)
        assert all(near(often, wanted) for (_, often), wanted in zip(one.visits, row, strict=True))
        assert one.days.value is not None
        assert near(one.days.value / 7, weeks)
        assert near(found.won_within_steps(4, name), by_4)
        assert near(found.won_within_steps(13, name), by_13)
        assert one.chance.undecided == 0


def test_the_moves_are_told() -> None:
    """Each stage says where sales went, the most frequent first, and of how many that is learnt."""
    one = funnel_chain(facts_of_moves(WEEKLY)).of("3 negotiate")
    assert one.moves == (
        Move(to=VisitedStage("", "3 negotiate"), n=10),
        Move(end="won", n=7),
        Move(end="lost", n=2),
        Move(to=VisitedStage("", "2 propose"), n=1),
    )
    assert one.chance.n == 20
    assert one.chance.as_of == TODAY
    assert one.names == ("3 negotiate", "3 negotiate")


def test_the_interval_is_that_of_the_moves() -> None:
    """With one stage the variance is p (1 - p) ÷ n; the interval holds the chance, as Wilson's."""
    found = funnel_chain(facts_of_moves({"talks": {"won": 30, "lost": 70}})).of("talks").chance
    wilson = wilson_interval(30, 100)
    assert found.interval is not None
    assert wilson is not None
    assert abs(found.interval.low - wilson.low) < Decimal("0.005")
    assert abs(found.interval.high - wilson.high) < Decimal("0.005")
    wide = funnel_chain(
        facts_of_moves({"talks": {"won": 30, "lost": 70}}), level=Decimal("0.99")
    ).of("talks")
    assert wide.chance.interval is not None
    assert wide.chance.interval.low < found.interval.low


def test_the_variance_agrees_with_chance() -> None:
    """Chains drawn again from the moves spread as the formula says, to a tenth."""
    chance = random.Random(7)  # noqa: S311 - a simulation, no secret
    found = funnel_chain(facts_of_moves(WEEKLY)).of("1 qualify").chance
    assert found.interval is not None
    assert found.value is not None
    z = Decimal("1.959963984540054")
    low, high = found.interval.low, found.interval.high
    odds = ((high / (1 - high)).ln() - (low / (1 - low)).ln()) / (2 * z)
    deviation = float(odds * found.value * (1 - found.value))
    drawn = [_drawn(chance) for _ in range(400)]
    mean = sum(drawn) / len(drawn)
    spread = (sum((one - mean) ** 2 for one in drawn) / len(drawn)) ** 0.5
    assert abs(spread / deviation - 1) < 0.1


def _drawn(chance: random.Random) -> float:
    """Return the chance to win from the first stage, of moves drawn as in `WEEKLY`."""
    rows: dict[str, dict[str, float]] = {}
    for stage, moves in WEEKLY.items():
        n = sum(moves.values())
        drawn = chance.choices(list(moves), list(moves.values()), k=n)
        rows[stage] = {to: drawn.count(to) / n for to in moves}
    won = dict.fromkeys(WEEKLY, 0.0)
    for _ in range(200):
        won = {
            stage: sum(p * won.get(to, float(to == "won")) for to, p in row.items())
            for stage, row in rows.items()
        }
    return won["1 qualify"]


def test_none_or_all_won_has_wilsons_interval() -> None:
    """Where no way leads to won the chance is 0, and how sure that is depends on the stays."""
    one = funnel_chain(facts_of_moves({"talks": {"lost": 20}})).of("talks").chance
    assert one.value == 0
    assert one.interval == wilson_interval(0, 20)
    every = funnel_chain(facts_of_moves({"talks": {"won": 20}})).of("talks").chance
    assert (every.value, every.interval) == (1, wilson_interval(20, 20))


def test_a_stage_nobody_has_left_is_undecided() -> None:
    """It has no figures, with the reason; what flows into it is undecided, neither won nor lost."""
    found = funnel_chain(facts_of_moves({"talks": {"won": 1, "lost": 1, "new": 2}}))
    new, talks = found.of("new"), found.of("talks")
    assert new.chance.value is None
    assert new.chance.reason == "no stay in this stage has led on"
    assert (new.exact, new.visits, new.days.value) == (None, (), None)
    assert found.won_within_steps(3, "new") is None
    assert (talks.chance.value, talks.chance.undecided) == (Decimal("0.25"), Decimal("0.5"))
    assert dict(talks.visits)[VisitedStage("", "new")] == 0


def test_stages_that_lead_round_and_round_have_no_figures() -> None:
    """From a circle no end was ever reached; the reason says so."""
    moves = {"a": {"b": 3}, "b": {"a": 2}, "c": {"a": 1, "won": 1}}
    found = funnel_chain(facts_of_moves(moves))
    assert found.of("a").chance.reason == "no way leads from this stage to an end on record"
    assert found.of("a").chance.n == 3
    assert found.of("c").chance.undecided == Decimal("0.5")
    round_ = funnel_chain(facts_of_moves({"a": {"b": 3}, "b": {"a": 2}}))
    assert (round_.chain, round_.won_within_steps(2, "a")) == (None, None)


def test_hold_is_a_stage_on_the_way() -> None:
    """A sale goes on hold and comes back; the hold has a chance and time of its own."""
    sales = [closed(1, "won"), closed(2, "lost")]
    visits = [
        visit(1, "p1", "talks", 30, 25),
        visit(2, "p1", "talks", 25, 15, "hold"),
        visit(3, "p1", "talks", 15, 10),
        visit(4, "p2", "talks", 30, 20),
    ]
    found = funnel_chain(facts_of(sales, visits))
    talks, hold = found.of("talks"), found.of("talks", is_hold=True)
    assert talks.exact == hold.exact == Fraction(1, 2)
    assert dict(talks.visits) == {
        VisitedStage("", "talks"): Fraction(3, 2),
        VisitedStage("", "talks", is_hold=True): Fraction(1, 2),
    }
    # 3/2 × (5 + 5 + 10) ÷ 3 + 1/2 × 10
    assert talks.days.value == 15
    assert found.won_within_steps(1, "talks", is_hold=True) == 0


def test_what_was_opened_again_is_counted() -> None:
    """A win that was opened again has ended once and goes on; the count says how often."""
    visits = [
        visit(1, "p1", "talks", 30, 25),
        visit(2, "p1", "won", 25, 20, "won"),
        visit(3, "p1", "talks", 20, 15),
    ]
    found = funnel_chain(facts_of([closed(1, "lost")], visits))
    assert found.reopened == 1
    assert found.of("talks").exact == Fraction(1, 2)


def test_what_led_nowhere_known_is_left_out() -> None:
    """An ended stay of an open sale without another visit is counted, with the reason."""
    visits = [visit(1, "p1", "talks", 30, 25), visit(2, "p2", "talks", 30, 25)]
    found = funnel_chain(facts_of([sale(1, "open", 40), closed(2, "won")], visits))
    assert found.excluded == (Exclusion("stage_visits", "nobody knows where it went", 1),)
    assert found.of("talks").chance.value == 1


def test_days_need_times() -> None:
    """Where no stay of a stage on the way has days, the duration is undefined with the reason."""
    visits = [visit(1, "p1", "talks", 30)]
    found = funnel_chain(facts_of([sale(1, "won", 10, closed_on=None)], visits)).of("talks")
    assert found.chance.value == 1
    assert found.days.value is None
    assert found.days.reason == "nobody knows how long stays in talks last"


FUNNEL = Funnel(
    name="f",
    version="2",
    stages=[
        Stage(key="talks", labels=("Talks", "洽谈")),
        Stage(key="offer"),
        Stage(key="won", kind=StageKind.WON),
    ],
    transitions=[Transition(event="win", sources=["talks", "offer"], target="won")],
)


def test_of_several_funnels_one_is_named() -> None:
    """Two funnels are no one chain; a funnel given brings its order, names and empty stages."""
    visits = [
        visit(1, "p1", "talks", 30, 25, funnel="f"),
        visit(2, "p2", "talks", 30, 25, funnel="g"),
        visit(3, "p2", "odd", 25, 20, funnel="f"),
    ]
    facts = facts_of([closed(1, "won"), closed(2, "lost")], visits)
    with pytest.raises(InvalidValue, match="several funnels"):
        funnel_chain(facts)
    assert funnel_chain(facts, funnel="g").of("talks").exact == 0
    found = funnel_chain(facts, funnel=FUNNEL)
    assert [one.names[1] for one in found.stages] == ["洽谈", "offer"]
    assert found.of("talks").exact == 1
    assert found.of("offer").chance.reason == "no stay in this stage has led on"
    assert found.excluded == (Exclusion("stage_visits", "stage unknown to the funnel", 1),)
    with pytest.raises(UnknownName, match="stage"):
        found.of("odd")


def test_a_cohort_and_an_earlier_day() -> None:
    """Only stays that began in the period count, and only what was known as of the day."""
    visits = [visit(1, "p1", "talks", 100, 90), visit(2, "p2", "talks", 20, 10)]
    facts = facts_of([closed(1, "lost"), closed(2, "won")], visits)
    june = funnel_chain(facts, during=Calendar().parse("2026-06"))
    assert june.of("talks").chance.n == 1
    assert june.of("talks").exact == 1
    assert funnel_chain(facts).of("talks").exact == Fraction(1, 2)


def test_nothing_on_record_has_a_reason() -> None:
    """Without visits there is no chain, and the stages of a funnel say why."""
    assert funnel_chain(facts_of()).lack == "no stage visits are on record"
    one = funnel_chain(facts_of(), funnel=FUNNEL).of("talks")
    assert one.chance.reason == "no stage visits are on record"
    with pytest.raises(InvalidValue, match="level"):
        funnel_chain(facts_of_moves(WEEKLY), level=Decimal(2))
