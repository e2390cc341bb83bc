"""A forecast takes its width from what it was off by on earlier days, and from nothing later."""

from datetime import date, timedelta
from decimal import Decimal, localcontext
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution, Forecast, backtest, spread_by_errors, with_past_errors
from salescore.stats import student_bound
from salescore.values import Period

START = date(2026, 1, 1)
RATIOS = st.lists(st.decimals("0.2", "3", places=2), min_size=1, max_size=12)
History = dict[date, Decimal]


def tomorrow(day: date) -> Period:
    """Return the next day as a period."""
    return Period.custom(day + timedelta(days=1), day + timedelta(days=1))


def seen(history: History, day: date) -> History:
    """Return what was known of a history on a day."""
    return {one: value for one, value in history.items() if one <= day}


def came(history: History, period: Period) -> Decimal | None:
    """Return what a day came to."""
    return history.get(period.last_day)


def steady(history: History, day: date, period: Period) -> Distribution:
    """Say that it will certainly be the mean of all days."""
    del day, period
    return Distribution.certain(sum(history.values(), Decimal(0)) / len(history))


def days_before(day: date) -> list[date]:
    """Return the days from the fifth on, also those that lie ahead."""
    return [START + timedelta(days=number) for number in range(5, (day - START).days + 9)]


def widened(method: Any = steady, **changes: Any) -> Any:  # noqa: ANN401 - a method
    """Return a method as wide as its errors."""
    asked: dict[str, Any] = {
        "days_before": days_before,
        "facts_at": seen,
        "period_of": tomorrow,
        "actual": came,
    }
    return with_past_errors(method, **(asked | changes))


def sales(seed: int, days: int = 80) -> History:
    """Return what each day came to."""
    chance = Random(seed)  # noqa: S311 - made-up sales
    return {
        START + timedelta(days=number): Decimal(str(round(chance.gauss(100, 10), 2)))
        for number in range(days)
    }


@given(RATIOS, st.decimals(0, 1000, places=2))
def test_the_spread_by_hand(ratios: list[Decimal], point: Decimal) -> None:
    """Its 80 % band ends at point × (1 ± s t), but for what is cut off at 0."""
    n = len(ratios)
    width = (sum((one - 1) ** 2 for one in ratios) / n).sqrt()
    band = spread_by_errors(point, ratios).band(Decimal("0.8"))
    half = point * width * student_bound(Decimal("0.8"), n)
    slack = half / 50 + Decimal("1E-9")  # 400 values stand for all
    assert abs(band.low - max(point - half, Decimal(0))) <= slack
    assert abs(band.high - (point + half)) <= slack
    assert spread_by_errors(point, ratios[::-1]) == spread_by_errors(point, ratios)


@given(RATIOS)
def test_in_cents_it_is_a_hundred_times_as_wide(ratios: list[Decimal]) -> None:
    """A point a hundred times as large has values a hundred times as large."""
    small, large = (spread_by_errors(Decimal(one), ratios) for one in (5, 500))
    for one, other in zip(small.values, large.values, strict=True):
        assert abs(100 * one - other) < Decimal("1E-20")
    assert small.weights == large.weights


def test_never_wrong_before() -> None:
    """Who was always right is certain; a forecast of nothing is certain, too."""
    assert spread_by_errors(Decimal(7), [Decimal(1)] * 3) == Distribution.certain(Decimal(7))
    assert spread_by_errors(Decimal(0), [Decimal(2)]) == Distribution.certain(Decimal(0))


def test_it_keeps_what_it_promises() -> None:
    """Over 30 days of normal noise its bands hold as often as they say; certainty never does."""
    history = sales(4)
    found = backtest(
        [START + timedelta(days=number) for number in range(15, 45)],
        facts_at=lambda day: seen(history, day),
        methods={"steady": steady, "widened": widened()},
        baselines=["steady"],
        period_of=tomorrow,
        actual=came,
        judged_on=START + timedelta(days=50),
    )
    assert [one.holds for one in found.of("steady").coverage] == [False] * 4
    assert found.of("widened").coverage[1].holds
    assert found.against("widened", "steady").verdict.value == "better"


def test_few_errors_are_enough() -> None:
    """Of 600 made-up cases with 3 to 20 past errors each band holds its share, give or take 4 %."""
    chance = Random(1)  # noqa: S311 - made-up errors
    levels = [Decimal("0.5"), Decimal("0.8"), Decimal("0.9"), Decimal("0.95")]
    held = dict.fromkeys(levels, 0)
    for number in range(600):
        ratios = [
            Decimal(str(round(chance.gauss(1, 0.1), 4))) for _ in range((3, 5, 8, 20)[number % 4])
        ]
        actual = Decimal(str(round(chance.gauss(100, 10), 3)))
        found = spread_by_errors(Decimal(100), ratios)
        for level in levels:
            band = found.band(level)
            held[level] += band.low <= actual <= band.high
    for level, n in held.items():
        assert abs(Decimal(n) / 600 - level) < Decimal("0.04")


def test_nothing_later_is_looked_at() -> None:
    """What comes after the day changes nothing, though days ahead are offered to learn from."""
    day = START + timedelta(days=20)
    history = sales(4)
    other = seen(history, day) | {one: Decimal(9999) for one in history if one > day}
    first, second = (
        backtest(
            [day],
            facts_at=lambda one, of=of: seen(of, one),
            methods={"a": widened()},
            baselines=["a"],
            period_of=tomorrow,
            actual=came,
            judged_on=day,
        )
        .rows[0]
        .distribution
        for of in (history, other)
    )
    assert first == second is not None


def test_by_the_errors_of_earlier_days() -> None:
    """The ratios are what came ÷ what was said on each earlier day, on the facts of that day."""
    history = sales(5)
    day = START + timedelta(days=9)
    ratios = []
    for number in range(5, 9):
        before = START + timedelta(days=number)
        known = seen(history, before)
        said = sum(known.values(), Decimal(0)) / len(known)
        ratios.append(history[before + timedelta(days=1)] / said)
    found = widened()(seen(history, day), day, tomorrow(day))
    wanted = spread_by_errors(steady(seen(history, day), day, tomorrow(day)).mean, ratios)
    for one, other in zip(found.values, wanted.values, strict=True):
        assert abs(one - other) < Decimal("1E-15")


@attrs.frozen
class Record:
    """A record that holds a distribution, or none."""

    distribution: Distribution | None


def test_days_on_which_nothing_was_said() -> None:
    """Who failed, said nothing or spoke of nothing on earlier days learns from the others alone."""
    history = sales(6)
    day = START + timedelta(days=12)
    silent: dict[int, Any] = {6: None, 7: Record(None), 8: Distribution.certain(Decimal(0))}

    def patchy(facts: History, on: date, period: Period) -> Distribution | Forecast | None:
        number = (on - START).days
        if number == 5:
            raise ZeroDivisionError
        return silent[number] if number in silent else Record(steady(facts, on, period))

    known = seen(history, day)
    # Days 9, 10 and 11 are left.
    assert widened(patchy)(known, day, tomorrow(day)) is not None
    assert widened(patchy, fewest=4)(known, day, tomorrow(day)) is None
    assert widened(patchy, actual=lambda *_: None)(known, day, tomorrow(day)) is None
    with pytest.raises(ZeroDivisionError):
        widened(patchy)(known, START + timedelta(days=5), tomorrow(day))


def test_no_point_to_widen() -> None:
    """Where the method says nothing today, or less than nothing, there is no forecast."""
    history = sales(7)
    day = START + timedelta(days=30)
    for said in (None, Distribution.certain(Decimal(-5))):
        found = widened(
            lambda facts, on, period, said=said: said if on == day else steady(facts, on, period)
        )
        assert found(seen(history, day), day, tomorrow(day)) is None


def test_wrong_arguments() -> None:
    """A point is 0 or above, there is a ratio, and the fewest are a whole number."""
    with pytest.raises(InvalidValue, match="point"):
        spread_by_errors(Decimal(-1), [Decimal(1)])
    with pytest.raises(InvalidValue, match="ratios"):
        spread_by_errors(Decimal(1), [])
    with pytest.raises(InvalidNumber):
        spread_by_errors(Decimal(1), [Decimal("NaN")])
    with pytest.raises(InvalidNumber):
        spread_by_errors(1.5, [Decimal(1)])  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="ratios"):
        spread_by_errors(Decimal(1), None)  # type: ignore[arg-type]
    for wrong in (0, 1.5, True):
        with pytest.raises(InvalidValue, match="fewest"):
            widened(fewest=wrong)


def test_what_is_no_forecast_says_nothing() -> None:
    """A method that answers with a number alone, on any day, has no distribution to widen."""
    history = sales(8)
    day = START + timedelta(days=20)
    number = widened(lambda *_: Decimal(3))
    assert number(seen(history, day), day, tomorrow(day)) is None


def test_no_default_context() -> None:
    """Five digits of the caller's context change no value."""
    ratios = [Decimal("0.9"), Decimal("1.2"), Decimal("1.05")]
    wanted = spread_by_errors(Decimal("1234567.89"), ratios)
    with localcontext(prec=5):
        assert spread_by_errors(Decimal("1234567.89"), ratios) == wanted
