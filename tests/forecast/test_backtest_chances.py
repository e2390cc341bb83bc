"""Chances of single opportunities are judged by what became of them, open ones told apart."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import (
    BASE_RATE,
    BacktestVerdict,
    ChanceBacktest,
    ChanceMethod,
    chance_backtest,
    open_base_rate,
)
from salescore.render import Language
from salescore.stats import brier_score, log_score
from salescore.values import Period

START = date(2025, 1, 1)
LAST = date(2026, 6, 30)
DAYS = [START + timedelta(days=200 + 30 * place) for place in range(10)]


def book(seed: int, n: int = 300) -> SalesBook:
    """Return opportunities of which those whose id ends in an even digit are mostly won."""
    chance = Random(seed)  # noqa: S311 - made-up sales
    found = []
    for number in range(n):
        began = START + timedelta(days=chance.randrange(450))
        closed = began + timedelta(days=1 + chance.randrange(120))
        is_won = chance.random() < (0.9 if number % 2 == 0 else 0.1)
        kind = StageKind.WON if is_won else StageKind.LOST
        is_open = closed > LAST
        found.append(
            Opportunity(
                id=OpportunityId(f"o{number}"),
                stage="open" if is_open else kind.value,
                kind=StageKind.OPEN if is_open else kind,
                created_on=began,
                closed_on=None if is_open else closed,
                probability=Decimal("0.5") if is_open else None,
            )
        )
    return SalesBook(opportunities=found)


def open_ids(facts: Facts) -> list[str]:
    """Return the ids of open opportunities."""
    table = facts.table("opportunities")
    pairs = zip(table.column("id"), table.column("kind"), strict=True)
    return [key for key, kind in pairs if kind == "open"]


def knowing(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
    """Give the even a high chance, the odd a low one."""
    del day, during
    return {
        key: Decimal("0.8") if int(key[1:]) % 2 == 0 else Decimal("0.05") for key in open_ids(facts)
    }


def wrong_way(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
    """Give the odd the high chance."""
    return {key: 1 - chance for key, chance in knowing(facts, day, during).items()}


METHODS: dict[str, ChanceMethod] = {"knowing": knowing, "wrong way": wrong_way}


def judged(methods: Mapping[str, ChanceMethod] = METHODS, **changes: Any) -> ChanceBacktest:  # noqa: ANN401
    """Return a backtest of made-up opportunities over ten days, 90 days ahead."""
    asked: dict[str, Any] = {
        "days": DAYS,
        "facts": Facts.of(book(1)),
        "methods": methods,
        "horizon": 90,
        "judged_on": LAST,
    } | changes
    days = asked.pop("days")
    return chance_backtest(days, **asked)


def test_each_day_is_scored_by_what_came() -> None:
    """Won within 90 days or not: scores, counts and base rate are those worked out apart."""
    found = judged()
    facts = Facts.of(book(1))
    ends = {one.id: one for one in book(1).opportunities}
    row = next(one for one in found.rows if one.method == "knowing")
    until = row.day + timedelta(days=90)
    told = knowing(facts.at(row.day), row.day, None)
    outcomes = []
    for key in told:
        one = ends[OpportunityId(key)]
        in_time = one.closed_on is not None and one.closed_on <= until
        outcomes.append(one.kind is StageKind.WON and in_time)
    assert (row.n, row.won) == (len(told), sum(outcomes))
    assert row.score == brier_score(list(told.values()), outcomes)
    assert row.base_rate == open_base_rate(facts.at(row.day), row.day, 90)
    assert row.base_rate is not None
    assert row.reference == brier_score([row.base_rate] * len(told), outcomes)
    assert (row.censored, row.unknown, row.reason) == (0, 0, None)
    assert row.during is not None
    assert (row.during.start, row.during.last_day) == (row.day + timedelta(days=1), until)


def test_scores_add_the_days_up() -> None:
    """Over all days there are the parts of the Brier score in tenths, and the log score."""
    found = judged().of("knowing")
    assert found.parts is not None
    assert sum(row.n for row in found.parts.rows) == found.n
    assert found.parts.score == (
        found.parts.reliability
        - found.parts.resolution
        + found.parts.uncertainty
        + found.parts.within
    )
    assert found.log.n == found.n
    assert found.concordance is not None
    assert found.concordance > Decimal("0.8")


def test_verdicts() -> None:
    """Who knows beats the base rate, who has it the wrong way round is worse."""
    found = judged()
    assert found.of("knowing").skill.verdict is BacktestVerdict.BETTER
    assert found.of("wrong way").skill.verdict is BacktestVerdict.WORSE
    assert found.of("knowing").skill.baseline == BASE_RATE
    assert found.lags == 2  # horizons of 90 days overlap with those of two months before


def test_the_base_rate_itself_has_no_skill() -> None:
    """Whoever states the base rate for all is not told apart from it."""

    def base(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
        del during
        rate = open_base_rate(facts, day, 90)
        assert rate is not None
        return dict.fromkeys(open_ids(facts), rate)

    one = judged({"base": base}).of("base")
    assert (one.skill.verdict, one.skill.difference.mean) == (BacktestVerdict.NO_SKILL, 0)
    assert one.skill.skill == 0


def test_a_horizon_that_is_not_over_censors_the_whole_day() -> None:
    """Also those that closed early do not count, for else whatever is decided fast would."""
    late = LAST - timedelta(days=30)
    row = judged(days=[late]).rows[0]
    assert (row.n, row.won, row.unknown, row.score) == (0, 0, 0, None)
    assert row.censored == len(open_ids(Facts.of(book(1)).at(late))) > 0
    assert row.reason == ("the horizon was not over", "期限尚未结束")


def test_in_the_end_open_ones_are_told_apart() -> None:
    """Without a horizon, each that is still open is censored, and those decided are scored."""
    found = judged(horizon=None)
    ends = {one.id: one for one in book(1).opportunities}
    for row in found.rows:
        if row.method == "knowing":
            ids = open_ids(Facts.of(book(1)).at(row.day))
            still = [key for key in ids if ends[OpportunityId(key)].kind is StageKind.OPEN]
            assert (row.censored, row.n) == (len(still), len(ids) - len(still))
            assert row.during is None
    assert found.lags == len(DAYS) - 1


def test_nobody_knows_yet() -> None:
    """Where all are still open there is nothing to score, and it says so."""
    one = Opportunity(id=OpportunityId("o2"), stage="open", kind=StageKind.OPEN, created_on=START)
    facts = Facts.of(SalesBook(opportunities=[one]))
    row = judged(facts=facts, horizon=None, days=[START - timedelta(days=1)]).rows[0]
    assert row.reason == ("no chances", "没有概率")
    other = attrs.evolve(
        one, id=OpportunityId("o4"), kind=StageKind.LOST, closed_on=START + timedelta(days=9)
    )
    facts = Facts.of(SalesBook(opportunities=[one, other]))
    row = judged(
        {"one": lambda *_: {"o2": Decimal("0.5")}}, facts=facts, horizon=None, days=[START]
    ).rows[0]
    assert (row.censored, row.base_rate, row.reference) == (1, None, None)
    assert row.reason == ("nobody knows what became of them", "结果未知")
    assert judged({"one": lambda *_: {}}, facts=facts, days=[START]).of("one").parts is None


def test_days_after_the_last_fact_are_not_judged() -> None:
    """Where the facts tell nothing of the time after, nobody is taken for not won."""
    last = Facts.of(book(1)).known.book.last_known
    assert last is not None
    found = judged(days=[last], judged_on=last + timedelta(days=365))
    assert {row.reason for row in found.rows} == {("the horizon was not over", "期限尚未结束")}


def test_chances_of_what_is_not_open_are_unknown() -> None:
    """Closed before, on an unknown day, or not on record: counted apart, and not scored."""
    base = Opportunity(id=OpportunityId("o"), stage="s", kind=StageKind.WON, created_on=START)
    kept = [
        attrs.evolve(base, id=OpportunityId("before"), closed_on=START + timedelta(days=5)),
        attrs.evolve(base, id=OpportunityId("undated")),
        attrs.evolve(base, id=OpportunityId("good"), closed_on=START + timedelta(days=50)),
    ]
    facts = Facts.of(SalesBook(opportunities=kept))
    half = Decimal("0.5")
    ids = ("before", "undated", "good", "elsewhere")
    found = judged(
        {"all": lambda *_: dict.fromkeys(ids, half)},
        facts=facts,
        days=[START + timedelta(days=10)],
        horizon=90,
    )
    row = found.rows[0]
    assert (row.n, row.won, row.unknown) == (1, 1, 3)
    assert found.of("all").unknown == 3


@attrs.frozen
class One:
    """The chance of one opportunity."""

    id: str
    chance: Decimal | None


@attrs.frozen
class Rows:
    """Chances as rows."""

    rows: tuple[One, ...]


def test_rows_of_chances() -> None:
    """An object with rows counts as a mapping does; who has no chance is left out."""

    def as_rows(facts: Facts, day: date, during: Period | None) -> Rows:
        told = knowing(facts, day, during)
        return Rows((*(One(key, chance) for key, chance in told.items()), One("none", None)))

    found = judged({"rows": as_rows, "knowing": knowing})
    assert found.of("rows").unstated == 0
    assert found.of("rows").parts == found.of("knowing").parts
    assert found.of("rows").unknown == 0


def test_open_ones_without_a_chance_are_counted() -> None:
    """
    Whoever reads the chance on record of a book that keeps no past gets none of those that closed.

    What is scored are those that never did: the count of the others says so.
    """

    def stated(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
        del day, during
        table = facts.table("opportunities")
        rows = zip(*(table.column(name) for name in ("id", "kind", "probability")), strict=True)
        return {key: chance for key, kind, chance in rows if kind == "open" and chance is not None}

    found = judged({"stated": stated}, horizon=None)
    one = found.of("stated")
    assert (one.n, one.unstated > 0, one.censored > 0) == (0, True, True)
    row = found.rows[0]
    assert row.unstated + row.n + row.censored == len(open_ids(Facts.of(book(1)).at(row.day)))


def test_a_method_that_always_fails() -> None:
    """It stands in every table without scores and says why, once for all days."""

    def fails(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
        del facts, day, during
        raise TypeError("no model")

    def no_chances(facts: Facts, day: date, during: Period | None) -> Any:  # noqa: ANN401
        del facts, day, during
        return [("o0", Decimal("0.5"))]

    found = judged({"fails": fails, "list": no_chances, "knowing": knowing})
    one = found.of("fails")
    assert (one.n, one.parts, one.log.value, one.concordance) == (0, None, None, None)
    assert one.skill.verdict is BacktestVerdict.TOO_FEW
    assert one.unstated > 0
    assert found.rows[0].reason == ("failed, as a finding says", "失败，见提示")
    when = f"10 days, {DAYS[0]} to {DAYS[-1]}"
    lines = found.text().splitlines()
    assert f"fails: TypeError: no model ({when})" in lines
    assert f"list: TypeError: it gave a list without rows of chances ({when})" in lines
    assert "0 common days, at least 8 needed" in found.text()
    assert f"fails：TypeError: no model（10 天，{DAYS[0]} 至 {DAYS[-1]}）" in found.text(
        Language.ZH
    )


def test_called_impossible_and_it_happened() -> None:
    """A chance of 0 for what was won makes no number and no error: the text says infinite."""

    def never(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
        del day, during
        return dict.fromkeys(open_ids(facts), Decimal(0))

    found = judged({"never": never})
    log = found.of("never").log
    assert (log.value, log.impossible) == (None, found.of("never").won)
    said = f"it happened in {log.impossible} of {log.n} cases: the log score is infinite"
    assert said in found.text()
    assert "对数评分为无穷大" in found.text(Language.ZH)
    assert "infinite" not in judged().text()


def test_no_default_context() -> None:
    """Five digits of the caller's context change nothing."""
    wanted = judged()
    with localcontext(prec=5):
        found = judged()
        text = found.text()
    assert (found, text) == (wanted, wanted.text())


def test_one_day_ahead() -> None:
    """A horizon of one day is told in the singular."""
    assert "won within 1 day," in judged(horizon=1).text()


@pytest.mark.parametrize("wrong", [Decimal(80), 0.5, ValueError("no model")])
def test_a_method_that_fails_is_kept(wrong: Any) -> None:  # noqa: ANN401 - anything at all
    """What is no chance, or raises, leaves out the day with a finding; other methods count."""

    def fails(facts: Facts, day: date, during: Period | None) -> Mapping[str, Decimal]:
        if day != DAYS[3]:
            return knowing(facts, day, during)
        if isinstance(wrong, Exception):
            raise wrong
        return {"o0": wrong}

    found = judged({"fails": fails, "knowing": knowing})
    (finding,) = found.findings
    assert (finding.code, finding.subject) == ("forecast-failed", f"fails/{DAYS[3]}")
    assert found.of("fails").skill.n == found.of("knowing").skill.n - 1
    assert finding.message in found.text()


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 1000), st.randoms(use_true_random=False))
def test_order_means_nothing(seed: int, chance: Any) -> None:  # noqa: ANN401 - a Random
    """Opportunities and days in another order give the same scores."""
    one = book(seed, 60)
    shuffled, days = list(one.opportunities), list(DAYS)
    chance.shuffle(shuffled)
    chance.shuffle(days)
    other = Facts.of(SalesBook(opportunities=shuffled))
    assert judged(facts=other, days=days) == judged(facts=Facts.of(one))


def test_the_base_rate_by_hand() -> None:
    """Of two open 10 days ago one is won since; 20 days ago there was one, and it was not."""
    day = START + timedelta(days=20)
    won = Opportunity(
        id=OpportunityId("a"),
        stage="won",
        kind=StageKind.WON,
        created_on=START,
        closed_on=START + timedelta(days=15),
    )
    other = attrs.evolve(won, id=OpportunityId("b"), kind=StageKind.OPEN, stage="s", closed_on=None)
    other = attrs.evolve(other, created_on=START + timedelta(days=10))
    facts = Facts.of(SalesBook(opportunities=[won, other]))
    assert open_base_rate(facts.at(day), day, 10) == round(Decimal(1) / 3, 28)
    assert open_base_rate(facts.at(day), day, None) == 1
    assert open_base_rate(facts.at(day), day, 30) is None
    assert open_base_rate(Facts.of(SalesBook()), day, 10) is None
    assert open_base_rate(Facts.of(SalesBook()), day, None) is None


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"horizon": 0}, "horizon is 0: a whole number of days from 1"),
        ({"horizon": -1}, "from 1"),
        ({"horizon": "x"}, "from 1"),
        ({"horizon": True}, "from 1"),
        ({"horizon": 10**9}, "from 1"),
        ({"day": None}, "without a time"),
        ({"day": datetime(2026, 1, 1)}, "without a time"),  # noqa: DTZ001 - the fault
        ({"facts": None}, "must be Facts"),
    ],
)
def test_the_base_rate_of_no_days_is_refused(changes: dict[str, Any], match: str) -> None:
    """A horizon is from 1 day on, as in a backtest; below that there is no end of looking back."""
    asked: dict[str, Any] = {"facts": Facts.of(book(1)), "day": LAST, "horizon": 30} | changes
    with pytest.raises(InvalidValue, match=match):
        open_base_rate(**asked)


def test_text_in_both_languages() -> None:
    """Text names horizon, methods, verdicts and the table of calibration."""
    english, chinese = judged().text(), judged().text(Language.ZH)
    assert "won within 90 days" in english
    assert "90 天内赢单的概率" in chinese
    for name in (*METHODS, BASE_RATE):
        assert name in english
        assert name in chinese
    assert "better" in english
    assert "80.0 % … 80.0 %" in english
    assert "in the end" in judged(horizon=None).text()
    assert "–" in judged(days=[]).text()


def test_no_days() -> None:
    """Without days there are no rows, and no verdict."""
    found = judged(days=[])
    assert (found.rows, found.of("knowing").n) == ((), 0)
    assert found.of("knowing").skill.verdict is BacktestVerdict.TOO_FEW
    assert found.of("knowing").log == log_score([], [])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"horizon": 0}, "from 1"),
        ({"horizon": 1.5}, "from 1"),
        ({"horizon": 10**9}, "from 1"),
        ({"days": [date(9999, 12, 1)]}, "no 90 days after"),
        ({"days": [DAYS[0], DAYS[0]]}, "stands twice"),
        ({"days": [datetime(2026, 1, 1)]}, "without a time"),  # noqa: DTZ001 - the fault
        ({"methods": {}}, "at least one"),
        ({"fewest": 0}, "from 2"),
        ({"confidence": Decimal(95)}, "level"),
        ({"confidence": 0.95}, "level"),
        ({"horizon": True}, "from 1"),
        ({"horizon": -30}, "from 1"),
        ({"horizon": "30"}, "from 1"),
        ({"days": DAYS[0]}, "give several dates"),
        ({"days": None}, "give several dates"),
        ({"methods": None}, "name them"),
        ({"methods": knowing}, "name them"),
        ({"methods": {3: knowing}}, "a text"),
        ({"methods": {"knowing": None}}, "must be a function"),
        ({"judged_on": None}, "judged_on"),
        ({"judged_on": datetime(2026, 6, 30)}, "judged_on"),  # noqa: DTZ001 - the fault
        ({"facts": None}, "must be Facts"),
        ({"facts": book(1, 3)}, "must be Facts"),
        ({"facts": Facts.of(book(1)).at(START)}, "seen up to"),
    ],
)
def test_wrong_questions(changes: dict[str, Any], match: str) -> None:
    """What makes no backtest is refused, with a word on what would."""
    with pytest.raises(InvalidValue, match=match):
        judged(**changes)
    with pytest.raises(UnknownName, match="method"):
        judged().of("nobody")
