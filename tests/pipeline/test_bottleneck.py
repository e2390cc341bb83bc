"""Bottlenecks: the stage that costs the most wins against a benchmark, beyond chance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.pipeline.passing import FUNNEL, Sale, facts_of, rep, sale

from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel, Stage
from salescore.pipeline import Bottlenecks, StageGap, bottlenecks, passages
from salescore.stats import holm, two_rates
from salescore.values import Calendar

D = Decimal


def crowd(
    prefix: str, talks: int, offers: int, deals: int, wins: int, start: int = 0, who: str = "ann"
) -> list[Sale]:
    """Return so many sales that reached talk, of them so many offer, deal and won; others lost."""
    ways = (
        (("talk", start), ("offer", start + 1), ("deal", start + 2), ("won", start + 3)),
        (("talk", start), ("offer", start + 1), ("deal", start + 2), ("lost", start + 3)),
        (("talk", start), ("offer", start + 1), ("lost", start + 3)),
        (("talk", start), ("lost", start + 3)),
    )
    numbers = (wins, deals - wins, offers - deals, talks - offers)
    return [
        sale(f"{prefix}{step}-{number}", *way, rep=who)
        for step, (way, n) in enumerate(zip(ways, numbers, strict=True))
        for number in range(n)
    ]


def by_stage(found: Bottlenecks) -> dict[str, StageGap]:
    """Return the rows by stage."""
    return {one.stage: one for one in found.rows}


def test_the_bottleneck_is_not_the_stage_with_the_lowest_rate() -> None:
    """Deal wins least often, as it does elsewhere; talk falls short of others, and costs wins."""
    own = crowd("own", 400, 200, 160, 48, who="ann")
    others = crowd("others", 400, 320, 256, 77, who="bob")
    ways = passages(FUNNEL, facts_of([*own, *others]), by="rep")
    found = bottlenecks(ways.of("ann"), ways.others("ann"))
    rates = {one.stage: one.conversion.value for one in found.rows}
    assert min(rates, key=lambda stage: rates[stage] or 0) == "deal"
    assert found.worst is not None
    assert found.rows[0].stage == found.worst.stage == "talk"
    talk = found.worst
    assert (talk.conversion.n, talk.benchmark, talk.benchmark_n) == (400, D("0.8"), 400)
    assert (talk.gap, talk.chance) == (D("0.3"), D("0.24"))
    # 400 sales, 0.3 more of them to offer, of whom 0.8 × 0.3 win.
    assert talk.lost_wins == D("28.8")
    assert by_stage(found)["offer"].lost_wins == 0
    assert not by_stage(found)["deal"].is_real


def test_interval_and_correction_are_those_of_the_gaps() -> None:
    """The interval is that of the difference of two rates in wins; Holm corrects three stages."""
    own = crowd("own", 90, 60, 40, 20, who="ann")
    others = crowd("others", 80, 60, 50, 30, who="bob")
    ways = passages(FUNNEL, facts_of([*own, *others]), by="rep")
    found = by_stage(bottlenecks(ways.of("ann"), ways.of("bob"), level=D("0.9")))
    tests = {
        "talk": two_rates(60, 80, 60, 90, D("0.9")),
        "offer": two_rates(50, 60, 40, 60, D("0.9")),
        "deal": two_rates(30, 50, 20, 40, D("0.9")),
    }
    adjusted = holm([one.p_value for one in tests.values() if one is not None])
    for (stage, test), p_value in zip(tests.items(), adjusted, strict=True):
        row = found[stage]
        assert test is not None
        assert (row.gap, row.p_value, row.adjusted_p_value) == (
            test.difference,
            test.p_value,
            p_value,
        )
        assert row.is_real == (p_value <= D("0.1"))
        assert row.interval is not None
        assert row.chance is not None
        factor = row.chance * row.conversion.n
        for bound, of_rate in (
            (row.interval.low, test.interval.low),
            (row.interval.high, test.interval.high),
        ):
            assert abs(bound - factor * of_rate) < D("1e-20")
        assert row.interval.low <= (row.lost_wins or 0) <= row.interval.high


def test_a_given_rate_is_a_benchmark() -> None:
    """Against 60 % for talk alone, 50 of 100 cost 10 sales, half of whom would be won."""
    ways = passages(FUNNEL, facts_of(crowd("s", 100, 50, 50, 25)))
    found = bottlenecks(ways, {"talk": D("0.6")})
    first, *others = found.rows
    assert (first.stage, first.benchmark_n, first.gap, first.lost_wins) == (
        "talk",
        None,
        D("0.1"),
        D(5),
    )
    # z = 0.1 ÷ √(0.6 × 0.4 ÷ 100)
    assert first.p_value is not None
    assert round(first.p_value, 4) == D("0.0412")
    assert first.adjusted_p_value == first.p_value
    assert first.is_real
    assert first.interval is not None
    assert first.interval.excludes_zero
    assert {one.reason for one in others} == {"no benchmark for offer", "no benchmark for deal"}
    assert all(one.lost_wins is None and not one.is_real for one in others)


def test_a_period_is_held_against_the_one_before() -> None:
    """The same sales, February against January, with a horizon."""
    january, february = Calendar().parse("2024-01"), Calendar().parse("2024-02")
    sales = [*crowd("jan", 50, 40, 20, 10, 0), *crowd("feb", 50, 20, 10, 5, 35)]
    ways = passages(FUNNEL, facts_of(sales))
    found = bottlenecks(ways, ways, days=30, during=february, benchmark_during=january)
    assert (found.days, found.during, found.funnel) == (30, february, "talks 1")
    talk = by_stage(found)["talk"]
    assert (talk.conversion.n, talk.benchmark, talk.lost_wins) == (50, D("0.8"), D(5))
    assert [one.lost_wins for one in found.rows] == [5, 0, 0]


def test_sales_on_both_sides_are_refused() -> None:
    """A cohort cannot be its own benchmark, for the two would depend on one another."""
    ways = passages(FUNNEL, facts_of(crowd("s", 10, 5, 2, 1)))
    with pytest.raises(InvalidValue, match="10 sales that reached talk stand on both sides"):
        bottlenecks(ways, ways)


def test_where_nobody_came_the_benchmark_says_what_would_follow() -> None:
    """Nobody got past talk: what offers are worth is taken from others; unknown there, unknown."""
    own, others = crowd("own", 50, 0, 0, 0, who="ann"), crowd("x", 50, 40, 20, 10, who="bob")
    ways = passages(FUNNEL, facts_of([*own, *others]), by="rep")
    found = bottlenecks(ways.of("ann"), ways.of("bob"))
    talk = by_stage(found)["talk"]
    assert (talk.chance, talk.lost_wins) == (D("0.25"), D(10))
    assert by_stage(found)["offer"].reason == "no sale first reached offer"
    alone = by_stage(bottlenecks(ways.of("ann"), {"talk": D("0.5")}))["talk"]
    assert (alone.gap, alone.lost_wins) == (D("0.5"), None)
    assert alone.reason == "nobody knows what becomes of those in offer"
    nobody = bottlenecks(ways.of(None), ways.of("bob"))
    assert nobody.worst is None
    assert {one.lost_wins for one in nobody.rows} == {None}


def test_all_gaps_closed_one_by_one_explain_wins_in_first_order() -> None:
    """With the whole of one gap closed, wins rise by just what the stage is said to cost."""
    own, others = crowd("own", 120, 60, 30, 15, who="ann"), crowd("x", 100, 70, 28, 14, who="bob")
    ways = passages(FUNNEL, facts_of([*own, *others]), by="rep")
    found = by_stage(bottlenecks(ways.of("ann"), ways.of("bob")))
    better = Fraction(120) * Fraction(70, 100) * Fraction(30, 60) * Fraction(15, 30)
    assert Fraction(found["talk"].lost_wins or 0) == better - 15
    worse = Fraction(60) * Fraction(28, 70) * Fraction(15, 30)
    assert Fraction(found["offer"].lost_wins or 0) == worse - 15


def test_bad_benchmarks_are_refused() -> None:
    """A rate for no stage, a rate that is none, passages of another funnel."""
    facts = facts_of(crowd("s", 10, 5, 2, 1), sales_reps=[rep("ann")])
    ways = passages(FUNNEL, facts)
    with pytest.raises(UnknownName, match="stage of talks 1"):
        bottlenecks(ways, {"dinner": D("0.5")})
    for rate in (D(0), D(1), D("NaN"), 0.5):
        with pytest.raises(InvalidValue, match="between 0 and 1"):
            bottlenecks(ways, {"talk": rate})  # type: ignore[dict-item]
    short = Funnel(name="talks", version="2", stages=[Stage(key="talk")], transitions=[])
    with pytest.raises(InvalidValue, match="its stages are not those"):
        bottlenecks(ways, passages(short, facts))


def test_a_funnel_without_a_won_stage_ends_with_its_last() -> None:
    """Where nothing is called won, reaching the last stage stands for it."""
    open_ended = Funnel(
        name="talks",
        version="2",
        stages=[Stage(key="talk"), Stage(key="offer"), Stage(key="deal")],
        transitions=[],
    )
    ways = passages(open_ended, facts_of(crowd("s", 100, 50, 25, 5)))
    found = by_stage(bottlenecks(ways, {"talk": D("0.6"), "offer": D("0.6")}))
    assert (found["talk"].chance, found["talk"].lost_wins) == (D("0.5"), D(5))
    assert (found["offer"].chance, found["offer"].lost_wins) == (D(1), D(5))
