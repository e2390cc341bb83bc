"""What is won already, and what is not in the pipeline yet."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import exp, factorial

import attrs
import pytest
from tests.forecast.open_deals import D, facts, record

from salescore.book import Facts
from salescore.entities import Opportunity
from salescore.errors import InvalidValue
from salescore.forecast import (
    new_business,
    pipeline_forecast,
    pipeline_snapshot,
    stated_chances,
    sum_of,
    won_so_far,
)
from salescore.values import Calendar, Period

TODAY = date(2026, 2, 14)
QUARTER = Calendar().parse("2026-Q1")
WON = [
    record(1, "won", amount=100, closed_on=date(2026, 1, 10)),
    record(2, "won", amount=50, closed_on=TODAY),
    record(3, "won", closed_on=date(2026, 2, 1)),
    record(4, "won", amount=999, closed_on=date(2025, 12, 31), created_on=date(2025, 12, 1)),
    record(5, "won", amount=999, closed_on=date(2026, 2, 15)),
    record(6, amount=40, probability=D("0.5"), expected_close_on=date(2026, 3, 1)),
]


def test_what_was_won_already_is_sure() -> None:
    """150 are won of a quarter by today, and three sales, one of unknown amount; 20 may come."""
    known = facts(*WON)
    extra = won_so_far(known, as_of=TODAY, during=QUARTER)
    assert extra.amounts is not None
    assert extra.wins is not None
    assert (extra.amounts[0].values, extra.wins[0].values) == ((150,), (3,))
    assert extra.basis[0] == "3 won until 2026-02-14, 1 of unknown amount"
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    chances = stated_chances(snapshot, during=QUARTER)
    found = pipeline_forecast(snapshot, chances, extra=[extra])
    assert found.distribution is not None
    assert found.wins is not None
    assert found.distribution.values == (150, 190)
    assert found.wins.values == (3, 4)
    assert [one.name[0] for one in found.parts] == ["d6", "won so far"]
    assert sum((one.exact for one in found.parts if one.exact), Fraction(0)) == 170
    assert found.notes[-1][1].startswith("已赢单：")


def test_an_extra_part_is_for_the_same_days() -> None:
    """Another day or period than that of the chances is refused; so is a period that is over."""
    known = facts(*WON)
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    chances = stated_chances(snapshot, during=QUARTER)
    earlier = won_so_far(known, as_of=date(2026, 2, 13), during=QUARTER)
    other = won_so_far(known, as_of=TODAY, during=Calendar().parse("2026"))
    for part in (earlier, other):
        with pytest.raises(InvalidValue, match="another day or period"):
            pipeline_forecast(snapshot, chances, extra=[part])
    with pytest.raises(InvalidValue, match="to come"):
        won_so_far(known, as_of=TODAY, during=Calendar().parse("2026-01"))


def test_an_extra_part_counts_once() -> None:
    """The same part twice, or two of one name, would count a win twice."""
    known = facts(*WON)
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    chances = stated_chances(snapshot, during=QUARTER)
    won = won_so_far(known, as_of=TODAY, during=QUARTER)
    other = attrs.evolve(won, basis=("by hand", "手工"))
    for second in (won, other):
        with pytest.raises(InvalidValue, match="'won so far': two extra parts have this name"):
            pipeline_forecast(snapshot, chances, extra=[won, second])
    named = attrs.evolve(won, name=("won elsewhere", "他处已赢单"))
    both = pipeline_forecast(snapshot, chances, extra=[won, named])
    assert both.part("won elsewhere").expected == both.part("won so far").expected


def steady(days: int = 60, every: int = 1) -> list[object]:
    """Return opportunities that came up each day, every second one won after ten days."""
    found: list[object] = []
    for number in range(0, days, every):
        born = TODAY - timedelta(days=number)
        is_over = number >= 10
        kind = "open" if not is_over else "won" if number % 2 else "lost"
        found.append(
            record(
                100 + number,
                kind,
                amount=10,
                created_on=born,
                closed_on=born + timedelta(days=10) if is_over else None,
            )
        )
    return found


def test_new_business_at_the_rate_of_the_last_days() -> None:
    """One a day, half of them won after ten days: in 45 days 35 are born early enough, 17.5 won."""
    known = facts(*steady())  # type: ignore[arg-type]
    found = new_business(known, as_of=TODAY, during=QUARTER)
    assert found.wins is not None
    assert found.amounts is not None
    wins = sum((one.exact_mean for one in found.wins), Fraction(0))
    amount = sum((one.exact_mean for one in found.amounts), Fraction(0))
    assert abs(wins - Fraction(35, 2)) < Fraction(1, 10**6)
    assert abs(amount - 175) < Fraction(1, 10**5)
    variance = sum((one.exact_variance for one in found.wins), Fraction(0))
    assert Fraction(17, 20) * wins < variance < wins  # a little less than Poisson's
    assert found.basis[0] == "60 came up in 60 days, 25 wins of known amount"
    later = new_business(known, as_of=TODAY, during=Calendar().parse("2026-Q2"))
    assert later.wins is not None
    # Of 91 days each of the quarter brings half a win, from sales that are born until then.
    assert abs(sum((one.exact_mean for one in later.wins), Fraction(0)) - Fraction(91, 2)) < D(
        "1E-6"
    )
    half = new_business(known, as_of=TODAY, during=QUARTER, days=20)
    assert half.basis[0].startswith("20 came up in 20 days")


def won_at_once(every: int, days: int = 180) -> list[Opportunity]:
    """Return opportunities that came up every few days, each won on the day it came up."""
    born = [TODAY - timedelta(days=number) for number in range(0, days, every)]
    return [
        record(number, "won", amount=100, created_on=day, closed_on=day)
        for number, day in enumerate(born)
    ]


def brought(known: Facts, first: int, last: int) -> Fraction:
    """Return the wins that some days after today bring of what does not exist yet."""
    during = Period.custom(TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    found = new_business(known, as_of=TODAY, during=during)
    assert found.wins is not None
    return sum((one.exact_mean for one in found.wins), Fraction(0))


@pytest.mark.parametrize("every", [1, 2, 3, 7])
def test_every_day_to_come_brings_as_much(every: int) -> None:
    """What is won at once comes at the rate of the past on each day, whatever period is asked."""
    rows = won_at_once(every)
    oldest = min(one.created_on for one in rows if one.created_on is not None)
    rate = Fraction(len(rows), (TODAY - oldest).days + 1)
    known = facts(*rows)
    for first, last in ((1, 1), (1, 5), (6, 27), (13, 13), (27, 27), (1, 27)):
        gap = brought(known, first, last) - rate * (last - first + 1)
        assert abs(gap) < Fraction(1, 10**9), (first, last)


def test_new_wins_are_nearly_poisson() -> None:
    """Of 89 that come up in 179 days, and are won at once, 27 days bring a Poisson number."""
    known = facts(*won_at_once(2, 178))
    during = Period.custom(TODAY + timedelta(days=1), TODAY + timedelta(days=27))
    found = new_business(known, as_of=TODAY, during=during)
    assert found.wins is not None
    number = sum_of(found.wins)
    mean = float(number.mean)
    assert number.exact_mean * Fraction(7, 8) <= number.exact_variance < number.exact_mean
    until = 0.0
    for wins in range(31):
        until += exp(-mean) * mean**wins / factorial(wins)
        assert abs(float(number.at_most(D(wins))) - until) < 0.02, wins


def test_later_facts_change_no_new_business() -> None:
    """Sales that come up or close after today are not seen."""
    rows = steady()
    late = [
        record(
            900 + n,
            "won",
            amount=5000,
            created_on=TODAY + timedelta(days=1),
            closed_on=TODAY + timedelta(days=3),
        )
        for n in range(30)
    ]
    first = new_business(facts(*rows), as_of=TODAY, during=QUARTER)  # type: ignore[arg-type]
    assert new_business(facts(*rows, *late), as_of=TODAY, during=QUARTER) == first  # type: ignore[arg-type]


def test_too_little_history_is_unknown() -> None:
    """With a handful of sales nobody can tell the rate: it is told, and the forecast goes on."""
    known = facts(*WON)
    found = new_business(known, as_of=TODAY, during=QUARTER)
    assert (found.amounts, found.wins) == (None, None)
    assert found.basis[0].startswith("too little is known")
    snapshot = pipeline_snapshot(known, as_of=TODAY)
    chances = stated_chances(snapshot, during=QUARTER)
    forecast = pipeline_forecast(snapshot, chances, extra=[found])
    assert forecast.distribution is not None
    assert forecast.distribution.mean == 20
    assert forecast.parts[-1].expected is None
    assert forecast.parts[-1].wins is None
    assert new_business(facts(), as_of=TODAY, during=QUARTER).wins is None
    for fields in ({"days": 0}, {"fewest": 0}):
        with pytest.raises(InvalidValue, match="from 1 on"):
            new_business(known, as_of=TODAY, during=QUARTER, **fields)
