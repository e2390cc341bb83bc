"""Chances by age out of history, and the effect of the place in the quarter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.open_deals import D, facts, record

from salescore.book import Facts
from salescore.entities import Opportunity, ProductId
from salescore.errors import InvalidValue
from salescore.forecast import (
    PipelineSnapshot,
    QuarterPart,
    Standing,
    WinChances,
    age_chances,
    calendar_effect,
    pipeline_forecast,
    pipeline_snapshot,
)
from salescore.pipeline import win_curves
from salescore.values import Calendar, Period

TODAY = date(2026, 6, 30)
LONG_AGO = date(2025, 1, 6)


def within(first: int, last: int) -> Period:
    """Return the days to come by number, today being 0."""
    return Period.custom(TODAY + timedelta(days=first), TODAY + timedelta(days=last))


def aged(number: int, kind: str, age: int, **fields: object) -> Opportunity:
    """Return an opportunity that closed at an age long ago, or is open at it today."""
    if kind == "open":
        return record(number, created_on=TODAY - timedelta(days=age), **fields)
    closed_on = LONG_AGO + timedelta(days=age)
    return record(number, kind, created_on=LONG_AGO, closed_on=closed_on, **fields)


def history(
    *told: tuple[str, int], product: str | None = None, first: int = 100
) -> list[Opportunity]:
    """Return opportunities by kind and age."""
    product_id = None if product is None else ProductId(product)
    return [
        aged(first + number, kind, age, product_id=product_id, amount=10)
        for number, (kind, age) in enumerate(told)
    ]


PAST = (
    ("won", 10), ("won", 20), ("lost", 20), ("won", 30), ("lost", 30),
    ("won", 40), ("void", 40), ("lost", 50), ("won", 60), ("lost", 60),
)  # fmt: skip
"""Ten that ended: by the age of 15 one was won, by 35 three, nine are open after 10 days."""


def asked(
    known: Facts, by: str | None = None, **options: object
) -> tuple[PipelineSnapshot, WinChances]:
    """Return the snapshot of today and chances by age."""
    snapshot = pipeline_snapshot(known, as_of=TODAY, by=by)
    return snapshot, age_chances(snapshot, known, **{"fewest": 1, **options})  # type: ignore[arg-type]


def test_the_chance_of_those_that_were_open_as_long() -> None:
    """Open at 15 days: 2 of 9 are won by the age of 35, all 4 in the end, by hand."""
    known = facts(*history(*PAST), aged(1, "open", 15, amount=100))
    _, soon = asked(known, during=within(1, 20))
    # Open ones count as long as seen: the one of 15 days left before any of these.
    assert soon.of("d1").chance == D("0.222222222222")
    _, ever = asked(known)
    assert ever.of("d1").chance == D("0.444444444444")
    assert soon.of("d1").basis[0] == "9 seen open beyond 15 days"
    _, between = asked(known, during=within(6, 25))
    # Of 9 open at 15 days those won at 30 and 40 days, not the one at 20.
    assert between.of("d1").chance == D("0.222222222222")


def test_it_is_the_chance_of_the_curve() -> None:
    """Within any days it is what the win curve says of an opportunity of that age."""
    open_ones = [aged(number, "open", 5 * number) for number in range(1, 9)]
    known = facts(*history(*PAST), *open_ones)
    snapshot, found = asked(known, during=within(1, 14))
    curve = win_curves(known, as_of=TODAY).total
    for one in snapshot.opportunities:
        chance = curve.chance(one.age_days or 0, within=14).value
        mine = found.of(one.id).chance
        assert chance is not None
        assert mine is not None
        assert abs(chance - mine) < D("1E-11")


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None)
def test_adjoining_periods_add_up(lengths: list[int]) -> None:
    """The chances of periods that adjoin sum to that of all their days."""
    known = facts(*history(*PAST), aged(1, "open", 5), aged(2, "open", 33))
    first = 1
    parts = []
    for length in lengths:
        parts.append(asked(known, during=within(first, first + length - 1))[1])
        first += length
    _, whole = asked(known, during=within(1, first - 1))
    for key in ("d1", "d2"):
        chances = [one.of(key).chance for one in parts]
        total = sum((one for one in chances if one is not None), D(0))
        expected = whole.of(key).chance
        assert expected is not None
        assert abs(total - expected) < D("1E-10")


def test_a_group_seen_too_seldom_is_compared_with_all() -> None:
    """Chairs have ten precedents of their own, desks but two: it is said which."""
    chairs = history(*PAST, product="chair")
    desks = history(("won", 40), ("won", 41), product="desk", first=200)
    open_ones = [
        aged(1, "open", 15, product_id=ProductId("chair")),
        aged(2, "open", 15, product_id=ProductId("desk")),
        aged(3, "open", 15),
    ]
    known = facts(*chairs, *desks, *open_ones)
    _, found = asked(known, "product", fewest=5)
    assert found.of("d1").chance == D("0.444444444444")
    assert found.of("d1").basis[0] == "9 of chair seen open beyond 15 days"
    everything = twelfths(6, 11)
    assert (found.of("d2").chance, found.of("d3").chance) == (everything, everything)
    assert found.of("d2").basis[0] == "11 seen open beyond 15 days"
    assert found.notes[0][0] == "compared with all, the group seen too seldom: 2"
    assert found.method[0] == "historical by age by product"


def twelfths(above: int, below: int) -> Decimal:
    """Return a fraction to 12 digits."""
    return round(D(above) / D(below), 12)


def test_past_precedent_is_unknown() -> None:
    """Older than any other that was seen, or of no age on record: left out, told, never 0."""
    no_age = record(3, created_on=None, amount=5)
    known = facts(*history(*PAST), aged(1, "open", 300, amount=7), no_age)
    _, found = asked(known)
    assert [one.standing for one in found.rows] == [Standing.UNKNOWN, Standing.UNKNOWN]
    assert [one.reason[0] for one in found.left_out] == [
        "age unknown",
        "past precedent: fewer than 1 seen open beyond its age",
    ]
    nobody = facts(aged(1, "open", 3))
    _, nothing = asked(nobody)
    assert nothing.of("d1").chance is None


def test_without_anything_on_record_there_is_no_history() -> None:
    """A snapshot by hand meets an empty book: unknown, and it says there is no history."""
    known = facts(aged(1, "open", 3))
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    found = age_chances(snapshot, facts())
    assert found.of("d1").basis[0].startswith("no history: no opportunities")
    forecast = pipeline_forecast(snapshot, found)
    assert (forecast.distribution, forecast.wins) == (None, None)


def test_what_was_not_followed_to_the_end_is_a_least_chance() -> None:
    """Where the oldest seen is 61 days, a year ahead counts what was seen, and says so."""
    known = facts(*history(*PAST), aged(1, "open", 15), aged(2, "open", 61))
    _, found = asked(known, during=within(1, 365))
    assert found.of("d1").chance == D("0.4")
    assert "least ones" in found.notes[0][0]


def test_those_seen_open_for_longer_count_though_none_has_ended() -> None:
    """Others stayed open to 90 days and none of them closed: the chance is 0, not unknown."""
    known = facts(*history(*PAST), *(aged(n, "open", 70 + n) for n in range(1, 6)))
    _, found = asked(known, during=within(1, 5))
    assert (found.of("d1").chance, found.of("d5").chance) == (0, None)


def test_later_facts_change_nothing() -> None:
    """Sales that close or come up after today leave every chance as it was."""
    before = [*history(*PAST), aged(1, "open", 15, amount=100), aged(2, "open", 35, amount=50)]
    won = record(
        1, "won", created_on=TODAY - timedelta(days=15), closed_on=TODAY + timedelta(days=2),
        amount=100,
    )  # fmt: skip
    new = record(300, "won", created_on=TODAY + timedelta(days=1), closed_on=TODAY + timedelta(9))
    after = [*history(*PAST), won, before[-1], new]
    options = {"during": within(1, 40)}
    first, second = (asked(facts(*rows), **options)[1] for rows in (before, after))  # type: ignore[arg-type]
    assert second == first
    assert first.of("d1").chance


def test_history_may_be_that_of_a_period() -> None:
    """Only what came up in the period is learnt from, and the note says which."""
    recent = [
        record(400 + n, "won", created_on=date(2026, 1, 1), closed_on=date(2026, 2, 1))
        for n in range(3)
    ]
    known = facts(*history(*PAST), *recent, aged(1, "open", 15))
    quarter = Calendar().parse("2026-Q1")
    _, found = asked(known, history=quarter)
    assert found.of("d1").chance == 1
    assert found.notes[-1][0] == "learnt from what came up in 2026-Q1"


def test_what_makes_no_sense_is_refused() -> None:
    """A number of precedents below 1, and an effect learnt after the snapshot."""
    known = facts(*history(*PAST), aged(1, "open", 15))
    with pytest.raises(InvalidValue, match="fewest"):
        asked(known, fewest=0)
    effect = calendar_effect(known, as_of=TODAY)
    early = pipeline_snapshot(known, as_of=date(2026, 6, 20))
    with pytest.raises(InvalidValue, match="after the snapshot"):
        age_chances(early, known, effect=effect)


def wins(days: Iterable[date]) -> Facts:
    """Return opportunities won on some days."""
    return facts(
        *(
            record(number, "won", created_on=date(2024, 12, 1), closed_on=day)
            for number, day in enumerate(days)
        )
    )


HEAVY_ENDS = [
    *(date(2024, 12, 20) for _ in range(3)),
    *(date(2025, month, 5) for month in (1, 2, 4, 5) for _ in range(10)),
    *(date(2025, month, 25) for month in (3, 6) for _ in range(40)),
    *(date(2025, 7, 2) for _ in range(99)),
]
"""In two whole quarters two of three wins in the last month; an unfinished one with many."""


def test_months_of_the_quarter_weigh_what_was_won_there() -> None:
    """Of 120 wins in two quarters 80 fell in the last month: 181/61 times a third of the days."""
    known = wins(HEAVY_ENDS)
    found = calendar_effect(known, as_of=date(2025, 9, 29), prior=D(0))
    assert (found.quarters, found.wins) == (2, 120)
    assert [one.wins for one in found.positions] == [20, 20, 80]
    assert [one.days for one in found.positions] == [61, 59, 61]
    heavy = found.weight(date(2030, 3, 3))
    assert abs(heavy - Fraction(80, 120) * Fraction(181, 61)) < Fraction(1, 10**20)
    assert "120 wins of 2 quarters" in found.words[0]
    assert "2个季度" in found.words[1]
    weeks = calendar_effect(known, as_of=date(2025, 9, 29), part=QuarterPart.WEEK)
    assert len(weeks.positions) == 13
    assert sum(one.days for one in weeks.positions) == 181
    span = found.elapsed(date(2025, 3, 20), 20)
    ahead = [found.weight(date.fromordinal(date(2025, 3, 21).toordinal() + n)) for n in range(20)]
    assert [b - a for a, b in pairwise(span)] == ahead


@given(st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=30), st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_weights_shrink_to_1_and_average_1(days: list[date], prior: int) -> None:
    """Over the days they are learnt from weights average 1; a larger prior brings each nearer."""
    known = wins([date(2024, 12, 31), *days])
    as_of = date(2025, 12, 31)
    found = calendar_effect(known, as_of=as_of, prior=D(prior))
    total = sum(Fraction(one.weight) * one.days for one in found.positions)
    assert abs(total - 365) < Fraction(1, 10**20)
    stronger = calendar_effect(known, as_of=as_of, prior=D(prior + 1))
    for one, other in zip(found.positions, stronger.positions, strict=True):
        assert abs(other.weight - 1) <= abs(one.weight - 1) + D("1E-25")


def test_no_whole_quarter_gives_no_effect() -> None:
    """With a part of one quarter on record all days weigh the same."""
    known = wins([date(2025, 1, 1), date(2025, 2, 1)])
    found = calendar_effect(known, as_of=date(2025, 3, 30))
    assert (found.positions, found.quarters) == ((), 0)
    assert found.weight(date(2025, 3, 1)) == 1
    assert found.elapsed(date(2025, 3, 1), 2) == (0, 1, 2)
    with pytest.raises(InvalidValue, match="QuarterPart"):
        calendar_effect(known, as_of=TODAY, part="month")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="from 0"):
        calendar_effect(known, as_of=TODAY, prior=D(-1))


def test_the_effect_moves_wins_within_the_quarter() -> None:
    """With heavy last months September gains what July loses; the note says why."""
    rows = [*history(*PAST), *(aged(n, "open", 3 * n) for n in range(1, 12))]
    heavy = [
        record(500 + n, "won", created_on=date(2024, 12, 1), closed_on=day)
        for n, day in enumerate(HEAVY_ENDS[:-99])
    ]
    known = facts(*rows, *heavy)
    effect = calendar_effect(known, as_of=TODAY)
    options = {"history": Calendar().parse("2025-01")}
    sums = []
    for month in ("2026-07", "2026-08", "2026-09", "2026-Q3"):
        during = Calendar().parse(month)
        _, plain = asked(known, during=during, **options)
        _, moved = asked(known, during=during, effect=effect, **options)
        sums.append(
            [sum((one.chance or D(0) for one in found.rows), D(0)) for found in (plain, moved)]
        )
        assert effect.words in moved.notes
    assert sums[0][1] < sums[0][0]
    assert sums[2][1] > sums[2][0]
    for place in (0, 1):
        parts = sum((one[place] for one in sums[:3]), D(0))
        assert abs(parts - sums[3][place]) < D("1E-9")
