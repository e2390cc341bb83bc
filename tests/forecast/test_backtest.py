"""Backtests score what was said by what came, and say no more than the days allow."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidNumber, InvalidValue, UnknownName
from salescore.forecast import (
    LEVELS,
    Backtest,
    BacktestVerdict,
    Distribution,
    backtest,
)
from salescore.render import Language
from salescore.stats import crps, interval_score, mean_estimate, wilson_interval
from salescore.values import Calendar, CalendarUnit, Period

CALENDAR = Calendar()
HISTORY = dict[date, Decimal]
Method = Callable[[HISTORY, date, Period], Any]
LAST = date(2026, 12, 31)


def month_after(day: date) -> Period:
    """Return the month that follows a month's last day."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return CALENDAR.period(date(year, month + 1, 1), CalendarUnit.MONTH)


def ends_of_months(year: int, months: int) -> list[date]:
    """Return the last days of the first months of a year."""
    return [
        CALENDAR.period(date(year, month, 1), CalendarUnit.MONTH).last_day
        for month in range(1, months + 1)
    ]


def sales(seed: int) -> HISTORY:
    """Return what every month of 2025 and 2026 came to, by its last day."""
    chance = Random(seed)  # noqa: S311 - made-up sales
    days = [*ends_of_months(2025, 12), *ends_of_months(2026, 12)]
    return {day: Decimal(chance.randint(80, 120)) for day in days}


def rolled(methods: dict[str, Method], seed: int = 1, **changes: Any) -> Backtest:  # noqa: ANN401
    """Return a backtest of made-up sales at eleven month ends of 2026."""
    history = sales(seed)
    asked: dict[str, Any] = {
        "facts_at": lambda day: {one: value for one, value in history.items() if one <= day},
        "methods": methods,
        "baselines": ["sure"],
        "period_of": month_after,
        "actual": lambda facts, period: facts.get(period.last_day),
        "judged_on": LAST,
    }
    days = changes.pop("days", ends_of_months(2026, 11))
    return backtest(days, **(asked | changes))


def sure(facts: HISTORY, day: date, period: Period) -> Distribution:
    """Say that the next month is certainly as the last."""
    del day, period
    return Distribution.certain(facts[max(facts)])


def past(facts: HISTORY, day: date, period: Period) -> Distribution:
    """Say that the next month is any of the past, equally likely."""
    del day, period
    return Distribution.weighted(dict.fromkeys(facts.values(), 1))


def high(facts: HISTORY, day: date, period: Period) -> Distribution:
    """Say far too much, for certain."""
    return sure(facts, day, period).shifted(Decimal(500))


def fifth(day: date) -> date:
    """Return the fifth day of the month after the next."""
    return month_after(month_after(day).last_day).start + timedelta(days=4)


METHODS: dict[str, Method] = {"sure": sure, "past": past, "high": high}


def test_scores_are_those_of_each_day() -> None:
    """Every row is scored by `crps` and its interval; means, bias and coverage add them up."""
    found = rolled(METHODS)
    history = sales(1)
    assert len(found.rows) == 33
    rows = found.rows_of("past")
    for row in rows:
        said = past({one: v for one, v in history.items() if one <= row.day}, row.day, row.period)
        assert row.distribution == said
        assert row.actual == history[row.period.last_day]
        assert row.crps == crps(said.values, said.weights, row.actual)
        band = said.band(Decimal("0.8"))
        assert row.ends(Decimal("0.8")) == (band.low, band.high)
        assert row.interval_score(Decimal("0.8")) == interval_score(
            row.actual, band.low, band.high, Decimal("0.8")
        )
    scores = found.of("past")
    whole = sum(Fraction(row.crps or 0) for row in rows)
    assert scores.crps is not None
    assert abs(Fraction(scores.crps) - whole / 11) < Fraction(1, 10**20)
    assert scores.bias == mean_estimate([row.error for row in rows if row.error is not None])
    assert [one.level for one in scores.coverage] == list(LEVELS)
    for one in scores.coverage:
        ends = [(row.ends(one.level), row.actual) for row in rows]
        inside = sum(1 for pair, y in ends if pair and y is not None and pair[0] <= y <= pair[1])
        assert (one.n, one.inside) == (11, inside)
        assert one.interval == wilson_interval(inside, 11)
    assert sum(scores.places.shares) == 1


def test_a_certain_value_costs_its_distance() -> None:
    """Of a method that is always sure, CRPS, distance and interval costs rest on the same miss."""
    for row in rolled({"sure": sure}).rows:
        assert row.error is not None
        assert row.crps == row.distance == abs(row.error)


def test_verdicts() -> None:
    """Spreading over the past beats certainty, far too much is worse, a twin has no skill."""
    found = rolled(METHODS | {"twin": sure})
    assert found.against("past", "sure").verdict is BacktestVerdict.BETTER
    assert found.against("high", "sure").verdict is BacktestVerdict.WORSE
    twin = found.against("twin", "sure")
    assert (twin.verdict, twin.difference.mean, twin.skill) == (BacktestVerdict.NO_SKILL, 0, 0)
    assert {(one.method, one.baseline) for one in found.comparisons} == {
        ("past", "sure"),
        ("high", "sure"),
        ("twin", "sure"),
    }


@settings(max_examples=25)
@given(st.integers(1, 10**6))
def test_a_verdict_is_where_the_interval_lies(seed: int) -> None:
    """Better or worse only where the whole interval of the paired differences lies beside 0."""
    found = rolled(METHODS, seed=seed)
    for one in found.comparisons:
        pairs = zip(found.rows_of(one.method), found.rows_of(one.baseline), strict=True)
        gains = [(base.crps or 0) - (own.crps or 0) for own, base in pairs]
        wanted = mean_estimate([Decimal(gain) for gain in gains])
        assert one.difference.interval is not None
        assert wanted.interval is not None
        assert abs(one.difference.interval.low - wanted.interval.low) < Decimal("1E-15")
        assert (one.verdict is BacktestVerdict.BETTER) == (one.difference.interval.low > 0)
        assert (one.verdict is BacktestVerdict.WORSE) == (one.difference.interval.high < 0)
        assert one.skill is not None
        assert (one.skill > 0) == (sum(gains) > 0)


def test_few_days_give_no_verdict() -> None:
    """Seven common days are too few by default, and it says how many there are."""
    found = rolled(METHODS, days=ends_of_months(2026, 7))
    one = found.against("past", "sure")
    assert (one.verdict, one.n) == (BacktestVerdict.TOO_FEW, 7)
    assert one.reason == (
        "7 common days, at least 8 needed",
        "共同天数仅 7，至少需要 8",
    )
    assert (
        rolled(METHODS, days=ends_of_months(2026, 7), fewest=7).against("past", "sure").verdict
        is not BacktestVerdict.TOO_FEW
    )


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_order_of_days_and_methods_means_nothing(chance: Any) -> None:  # noqa: ANN401 - a Random
    """Days in another order give the same backtest; methods in another order the same scores."""
    days, names = ends_of_months(2026, 11), list(METHODS)
    chance.shuffle(days)
    chance.shuffle(names)
    found, plain = rolled({name: METHODS[name] for name in names}, days=days), rolled(METHODS)
    assert [found.of(name) for name in METHODS] == [plain.of(name) for name in METHODS]
    assert {one.method: one for one in found.comparisons} == {
        one.method: one for one in plain.comparisons
    }


def test_in_cents_all_scores_are_a_hundred_times_as_much() -> None:
    """The same money in cents scales every score and leaves verdict, skill and coverage."""
    whole = rolled({"sure": sure, "past": past})
    history = sales(1)
    cents = rolled(
        {"sure": sure, "past": past},
        facts_at=lambda day: {one: 100 * v for one, v in history.items() if one <= day},
    )
    for one, other in zip(whole.scores, cents.scores, strict=True):
        assert one.crps is not None
        assert other.crps is not None
        assert abs(other.crps - 100 * one.crps) < Decimal("1E-20")
        assert (other.coverage, other.places) == (one.coverage, one.places)
    ours, theirs = whole.comparisons[0], cents.comparisons[0]
    assert theirs.verdict is ours.verdict
    assert abs((theirs.skill or 0) - (ours.skill or 0)) < Decimal("1E-20")


def verdicts(repeats: int, *, ahead: int, better: float = 0) -> float:
    """
    Return how often one of two methods is told apart from the other over twelve months.

    Both say what comes, give or take errors of their own that are sums over the months ahead.

    Args:
        repeats: How many histories.
        ahead: Months that a period lasts, so that it overlaps with those before.
        better: By how much the errors of the second are smaller.
    """

    def period_of(day: date) -> Period:
        first = month_after(day)
        last = first
        for _ in range(ahead - 1):
            last = month_after(last.last_day)
        return Period.custom(first.start, last.last_day)

    days = ends_of_months(2025, 12)
    told_apart = 0
    for seed in range(repeats):
        chance = Random(seed)  # noqa: S311 - made-up errors
        noise = {
            name: [chance.gauss(0, 1) for _ in range(len(days) + ahead)] for name in ("one", "two")
        }

        def said(facts: date, day: date, period: Period, errors: list[float]) -> Distribution:
            del facts, period
            place = day.month - 1
            error = sum(errors[place : place + ahead]) + 20
            return Distribution.certain(Decimal(str(round(error, 3))))

        shift = {"one": 0.0, "two": better}
        methods = {
            name: partial(said, errors=[one - shift[name] for one in of])
            for name, of in noise.items()
        }
        found = backtest(
            days,
            facts_at=lambda day: day,
            methods=methods,
            baselines=["one"],
            period_of=period_of,
            actual=lambda *_: Decimal(0),
            judged_on=date(2026, 12, 31),
            levels=[],
        )
        assert found.lags == ahead - 1
        verdict = found.against("two", "one").verdict
        told_apart += verdict in (BacktestVerdict.BETTER, BacktestVerdict.WORSE)
    return told_apart / repeats


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [1, 2, 3, 6])
def test_equally_good_methods_are_seldom_told_apart(ahead: int) -> None:
    """Of 500 pairs of equally good methods 5 % are told apart at most, overlapping or not."""
    assert verdicts(500, ahead=ahead) < 0.075  # 5 % and 2½ standard errors
    assert verdicts(60, ahead=ahead, better=4) > (0.9 if ahead < 3 else 0)


@attrs.frozen
class Record:
    """A forecast record that holds a distribution, or none."""

    distribution: Distribution | None


def test_records_that_hold_a_distribution() -> None:
    """What holds a distribution is scored as the distribution itself."""
    held = rolled({"sure": sure, "held": lambda *place: Record(sure(*place))})
    assert [row.crps for row in held.rows_of("held")] == [row.crps for row in held.rows_of("sure")]


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (None, "forecast-missing", "gave no forecast"),
        (Record(None), "forecast-missing", "a Record without a distribution"),
        (Decimal(3), "forecast-missing", "a Decimal without a distribution"),
        (ZeroDivisionError("by nothing"), "forecast-failed", "ZeroDivisionError: by nothing"),
    ],
)
def test_a_method_that_fails_is_kept(answer: Any, code: str, words: str) -> None:  # noqa: ANN401
    """A day without a distribution is missing and a finding says why; the other days count."""

    def fails(facts: HISTORY, day: date, period: Period) -> Any:  # noqa: ANN401
        if day.month != 3:
            return sure(facts, day, period)
        if isinstance(answer, Exception):
            raise answer
        return answer

    found = rolled({"sure": sure, "fails": fails})
    assert [(one.code, one.subject) for one in found.findings] == [(code, "fails/2026-03-31")]
    assert words in found.findings[0].message
    assert (found.of("fails").n, found.of("fails").missing) == (10, 1)
    assert (found.of("sure").n, found.against("fails", "sure").n) == (11, 10)
    row = found.rows_of("fails")[2]
    failed = isinstance(answer, Exception)
    reason = (f"failed: {words}", f"失败：{words}") if failed else ("no forecast", "没有预测")
    assert (row.is_scored, row.reason) == (False, reason)
    assert [row.crps, row.error, row.distance, row.place] == [None] * 4
    assert (row.ends(LEVELS[0]), row.interval_score(LEVELS[0])) == (None, None)
    assert words in found.text()


def test_a_method_that_always_fails() -> None:
    """It stands in every table without scores, says why, and others are compared without it."""

    def fails(facts: HISTORY, day: date, period: Period) -> Distribution:
        del facts, day, period
        raise TypeError("no model for\nsuch sales")

    def often(facts: HISTORY, day: date, period: Period) -> Distribution:
        return past(facts, day, period) if day.month % 2 else fails(facts, day, period)

    found = rolled({"sure": sure, "fails": fails, "often": often}, baselines=["sure", "fails"])
    one = found.of("fails")
    assert (one.n, one.missing, one.crps, one.distance, one.bias.mean) == (0, 11, None, None, None)
    why = "TypeError: no model for\nsuch sales"
    assert one.reason == (f"on 11 of 11 days: failed: {why}", f"11 天中有 11 天：失败：{why}")
    assert (found.of("sure").reason, found.of("often").reason) == (None, None)
    for pair in (("fails", "sure"), ("sure", "fails")):
        compared = found.against(*pair)
        assert (compared.n, compared.skill) == (0, None)
        assert compared.verdict is BacktestVerdict.TOO_FEW
    # Who fails sometimes is held against the others on the days that both are scored on.
    both = [row.day for row in found.rows_of("often") if row.is_scored]
    gains = [row.crps for row in found.rows_of("sure") if row.day in both]
    assert found.against("often", "sure").n == len(both) == 6
    assert found.against("often", "sure").reference == sum(map(Decimal, map(str, gains))) / 6
    english, chinese = found.text(with_days=True), found.text(Language.ZH, with_days=True)
    end = "(11 days, 2026-01-31 to 2026-11-30)"
    assert f"fails: TypeError: no model for such sales {end}" in english.splitlines()
    assert "often: TypeError: no model for such sales (5 days, 2026-02-28 to 2026-10-31)" in english
    assert "（11 天，2026-01-31 至 2026-11-30）" in chinese
    assert "失败：TypeError" in chinese
    alone = rolled({"fails": fails}, baselines=["fails"], days=ends_of_months(2026, 1))
    assert alone.of("fails").reason == (
        f"on 1 of 1 day: failed: {why}",
        f"1 天中有 1 天：失败：{why}",
    )
    assert "fails: TypeError: no model for such sales (2026-01-31)" in alone.text()


def test_scores_without_days_say_so() -> None:
    """Where nothing was asked, that is the reason."""
    assert rolled(METHODS, days=[]).of("sure").reason == ("there are no days", "没有日期")


def test_coverage_by_level() -> None:
    """Coverage is asked for by its level, however that is written."""
    one = rolled(METHODS).of("past")
    assert one.coverage_of(Decimal("0.80")) is one.coverage[1]
    with pytest.raises(InvalidValue, match=r"judged are 0\.5, 0\.8, 0\.9, 0\.95"):
        one.coverage_of(Decimal("0.7"))
    with pytest.raises(InvalidValue, match="none was judged"):
        rolled(METHODS, levels=[]).of("past").coverage_of(Decimal("0.8"))


def test_what_is_not_over_is_not_judged() -> None:
    """The month after the last day of the facts is missing, and it says why."""
    found = rolled({"sure": sure}, days=ends_of_months(2026, 12))
    row = found.rows[-1]
    assert (row.actual, row.reason) == (None, ("the period was not over", "期间尚未结束"))
    assert (row.distribution is None, row.interval_score(LEVELS[0])) == (False, None)
    assert (found.of("sure").n, found.of("sure").missing) == (11, 1)


def test_no_actuals_at_all() -> None:
    """Where nobody knows what came, there are rows and reasons, and no score and no verdict."""
    found = rolled(METHODS, actual=lambda *_: None)
    assert {row.reason for row in found.rows} == {("what it came to is unknown", "实际值未知")}
    one = found.of("past")
    assert (one.n, one.missing, one.crps, one.distance, one.bias.mean) == (0, 11, None, None, None)
    assert [each.share for each in one.coverage] == [None] * 4
    assert one.interval_scores == (None,) * 4
    compared = found.against("past", "sure")
    assert (compared.score, compared.reference, compared.skill) == (None, None, None)
    assert compared.verdict is BacktestVerdict.TOO_FEW
    assert "–" in found.text()


def test_no_days() -> None:
    """Without days there are no rows, and no verdict."""
    found = rolled(METHODS, days=[])
    assert (found.rows, found.of("sure").n) == ((), 0)
    assert found.against("past", "sure").verdict is BacktestVerdict.TOO_FEW


def test_a_baseline_that_is_never_wrong() -> None:
    """Against a perfect baseline the share saved is undefined, the difference is not."""

    def knows(facts: HISTORY, day: date, period: Period) -> Distribution:
        del facts, day
        return Distribution.certain(sales(1)[period.last_day])

    one = rolled({"knows": knows, "past": past}, baselines=["knows"]).against("past", "knows")
    assert (one.skill, one.verdict) == (None, BacktestVerdict.WORSE)


def test_overlapping_periods_widen_the_intervals() -> None:
    """Forecasts of the rest of a quarter overlap with up to two earlier ones, and it is said."""

    def rest_of_quarter(day: date) -> Period:
        after = month_after(day)
        quarter = CALENDAR.period(after.start, CalendarUnit.QUARTER)
        return Period.custom(after.start, quarter.last_day)

    def total(facts: HISTORY, period: Period) -> Decimal:
        return sum((value for day, value in facts.items() if day in period), Decimal(0))

    found = rolled(METHODS, period_of=rest_of_quarter, actual=total)
    assert found.lags == 2
    assert found.of("past").bias.lags == 2
    assert "those of up to 2 earlier days;" in found.text()
    back = rolled(METHODS, period_of=lambda day: Period.custom(month_after(day).start, fifth(day)))
    assert (back.lags, "up to 1 earlier day;" in back.text()) == (1, True)
    assert rolled(METHODS).lags == 0


def test_text_in_both_languages() -> None:
    """Text names every method, verdict and day asked for, in English and Chinese."""
    found = rolled(METHODS)
    english, chinese = found.text(with_days=True), found.text(Language.ZH)
    for name in METHODS:
        assert name in english
        assert name in chinese
    assert "better" in english
    assert "更好" in chinese
    assert "2026-11-30" in english
    assert "2026-11-30" not in found.text()
    assert "2 comparisons" in english
    assert "2 comparisons" not in rolled({"sure": sure, "past": past}).text()
    assert "comparisons" not in rolled({"sure": sure}).text()
    waiting = rolled({"sure": sure}, days=[LAST]).text(with_days=True)
    assert "the period was not over" in waiting


def test_nothing_is_cut_short() -> None:
    """Names of usual length, the longest verdict and fine levels stand in the text whole."""
    name = "by age, with new business, as wide as past errors"
    levels = (Decimal("0.975"), Decimal("0.8"))
    found = rolled({"sure": sure, name: sure}, levels=levels, confidence=Decimal("0.90"))
    english = found.text(with_days=True)
    assert "…" not in english.replace(" … ", "")
    assert english.count(name) == 3 + 11
    assert "no skill: not told apart from the baseline" in english
    assert "97.5 %" in english
    assert "intervals of means at 90 %" in english
    few = rolled({"sure": sure, "past": past}, days=ends_of_months(2026, 1))
    assert "1 common day, at least 8 needed" in few.text()
    assert "共同天数仅 1，至少需要 8" in few.text(Language.ZH)


def test_what_is_promised_and_not_held_is_marked() -> None:
    """A coverage whose interval does not hold the promise bears a mark."""
    text = rolled({"sure": sure, "high": high}).text()
    assert "0 % (0 % … 26 %) !" in text
    assert "! what was stated lies outside the interval of what happened" in text
    assert "!" not in rolled(METHODS, actual=lambda *_: None).text()


def test_facts_that_reveal_the_future_are_refused() -> None:
    """Whoever hands every day all facts is told so."""
    facts = Facts.of(SalesBook())
    for given_facts in (facts, facts.at(date(2026, 6, 30))):
        with pytest.raises(InvalidValue, match=r"use facts\.at"):
            backtest(
                [date(2026, 5, 31)],
                facts_at=lambda _, seen=given_facts: seen,
                methods={"a": lambda *_: None},
                baselines=["a"],
                period_of=month_after,
                actual=lambda *_: None,
                judged_on=date(2026, 6, 30),
            )


def test_facts_that_end_before_they_judge_are_refused() -> None:
    """Judging on a day that the facts do not reach is refused; a book without facts judges none."""
    facts = Facts.of(SalesBook(), as_of=date(2026, 6, 30))

    def judged_on(day: date) -> Backtest:
        return backtest(
            [date(2026, 5, 31)],
            facts_at=facts.at,
            methods={"a": lambda *_: Distribution.certain(Decimal(0))},
            baselines=["a"],
            period_of=month_after,
            actual=lambda *_: Decimal(0),
            judged_on=day,
        )

    with pytest.raises(InvalidValue, match="seen up to 2026-06-30"):
        judged_on(date(2026, 7, 31))
    assert judged_on(date(2026, 6, 30)).of("a").n == 0


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"days": [LAST, LAST]}, "stands twice"),
        ({"days": [datetime(2026, 1, 1)]}, "without a time"),  # noqa: DTZ001 - the fault
        ({"days": ["2026-01-31"]}, "without a time"),
        ({"period_of": lambda day: CALENDAR.period(day, CalendarUnit.MONTH)}, "ends before or on"),
        ({"methods": {}}, "at least one"),
        ({"baselines": []}, "name at least one"),
        ({"baselines": "sure"}, "name at least one"),
        ({"fewest": 1}, "from 2"),
        ({"fewest": 2.5}, "from 2"),
        ({"levels": [Decimal(80)]}, "level"),
        ({"confidence": Decimal(0)}, "level"),
        ({"days": date(2026, 1, 31)}, "give several dates"),
        ({"days": None}, "give several dates"),
        ({"days": "2026-01-31"}, "give several dates"),
        ({"methods": None}, "name them"),
        ({"methods": [sure]}, "name them"),
        ({"methods": {3: sure}}, "a text that is not empty"),
        ({"methods": {" ": sure}}, "a text that is not empty"),
        ({"methods": {"sure": None}}, "must be a function"),
        ({"baselines": 3}, "name at least one"),
        ({"baselines": ["sure", "sure"]}, "stands twice"),
        ({"facts_at": None}, "must be a function"),
        ({"period_of": None}, "must be a function"),
        ({"period_of": lambda _: "2026-02"}, "no Period"),
        ({"period_of": lambda _: None}, "no Period"),
        ({"actual": None}, "must be a function"),
        ({"judged_on": None}, "judged_on"),
        ({"judged_on": "2026-12-31"}, "judged_on"),
        ({"judged_on": datetime(2026, 12, 31)}, "judged_on"),  # noqa: DTZ001 - the fault
        ({"levels": None}, "give several Decimals"),
        ({"levels": Decimal("0.8")}, "give several Decimals"),
        ({"levels": [0.8]}, "level"),
        ({"levels": [Decimal(0)]}, "level"),
        ({"levels": [Decimal(1)]}, "level"),
        ({"levels": [Decimal("NaN")]}, "level"),
        ({"levels": [Decimal("0.8"), Decimal("0.80")]}, "stands twice"),
        ({"confidence": 0.95}, "level"),
    ],
)
def test_wrong_questions(changes: dict[str, Any], match: str) -> None:
    """What makes no backtest is refused, with a word on what would."""
    with pytest.raises(InvalidValue, match=match):
        rolled(changes.pop("methods", METHODS), **changes)


def test_unknown_names() -> None:
    """A baseline, method or comparison that is none is told, with those there are."""
    with pytest.raises(UnknownName, match="method"):
        rolled(METHODS, baselines=["naive"])
    found = rolled(METHODS)
    with pytest.raises(UnknownName, match="method"):
        found.of("naive")
    with pytest.raises(UnknownName, match="comparison"):
        found.against("sure", "past")


def test_an_actual_that_is_no_number() -> None:
    """What came is a finite Decimal or None."""
    with pytest.raises(InvalidNumber):
        rolled(METHODS, actual=lambda *_: 3.5)


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("1E+400"), 3, "3"])
def test_actuals_that_nobody_can_reckon_with(wrong: Any) -> None:  # noqa: ANN401 - anything at all
    """Neither what is not finite nor what is no Decimal is taken for what came."""
    with pytest.raises(InvalidNumber):
        rolled(METHODS, actual=lambda *_: wrong)


def test_no_default_context() -> None:
    """Five digits of the caller's context change no score, verdict or text."""
    wanted = rolled(
        METHODS, period_of=lambda day: Period.custom(month_after(day).start, fifth(day))
    )
    with localcontext(prec=5):
        found = rolled(
            METHODS, period_of=lambda day: Period.custom(month_after(day).start, fifth(day))
        )
        text = found.text(with_days=True)
    assert (found.scores, found.comparisons) == (wanted.scores, wanted.comparisons)
    assert [row.crps for row in found.rows] == [row.crps for row in wanted.rows]
    assert text == wanted.text(with_days=True)
