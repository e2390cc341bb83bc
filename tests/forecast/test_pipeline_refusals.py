"""What a forecast of a pipeline refuses in words, and what it makes of an arithmetic of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from tests.forecast.open_deals import QUARTER, TODAY, D, deal, facts, record, snapshot_of

from salescore.errors import InvalidNumber, InvalidValue, UnknownName
from salescore.forecast import (
    AmountRatios,
    Distribution,
    ForecastCategory,
    Judgement,
    OpenOpportunity,
    OrderedLine,
    PipelineForecast,
    SlipHistory,
    WinChance,
    age_chances,
    amount_ratios,
    amounts_won_before,
    backlog_curves,
    calendar_effect,
    category_roll_up,
    forecast_slices,
    funnel_categories,
    new_business,
    open_order_forecast,
    overall_chances,
    pipeline_forecast,
    pipeline_snapshot,
    sampled_sum_of,
    slip_history,
    stage_chances,
    stated_amounts,
    stated_chances,
    sum_of,
    timed_chain,
    won_so_far,
)
from salescore.pipeline import PastDue
from salescore.render import Language
from salescore.values import Calendar, Money, Period

SEEN: Any = snapshot_of(deal(1, "100", "0.5"), deal(2, "30", "0.2"))
CHANCES: Any = stated_chances(SEEN)
KNOWN: Any = facts(record(1, amount=5))
MONTH = Calendar().parse("2026-03")
LINE = OrderedLine(id="a", amount=D(5), ordered_on=date(2026, 1, 1))


def said(**fields: Any) -> Judgement:  # noqa: ANN401 - what a judgement must not be
    """Return a judgement of the first opportunity."""
    given = {"author": "Ida", "reason": "she knows", "on": TODAY, "opportunity_id": "d1"}
    return Judgement(**{**given, "chance": D(1), **fields})


def line(**fields: Any) -> OrderedLine:  # noqa: ANN401 - what a line must not be
    """Return a line of an order."""
    return OrderedLine(**{"id": "a", "amount": D(5), "ordered_on": date(2026, 1, 1), **fields})


def ordered(**fields: Any) -> object:  # noqa: ANN401 - what a question must not be
    """Return a forecast of open orders."""
    asked = {"lines": [LINE], "as_of": date(2026, 2, 28), "periods": [MONTH], "correlation": D(0)}
    return open_order_forecast(**{**asked, **fields})


NOON = datetime(2026, 2, 10, 12)  # noqa: DTZ001 - an instant is no day, with or without a zone
NAN = Decimal("NaN")
REFUSED: dict[str, tuple[Callable[[Any], object], tuple[Any, ...], str]] = {
    "funnel": (lambda one: pipeline_snapshot(KNOWN, as_of=TODAY, funnel=one), ("a", 1), "Funnel"),
    "by": (lambda one: pipeline_snapshot(KNOWN, as_of=TODAY, by=one), (1, [1]), "dimensions"),
    "since": (lambda one: pipeline_snapshot(KNOWN, as_of=TODAY, since=one), ([], None), "one of"),
    "stated": (stated_chances, (None, "a"), "snapshot"),
    "overall": (lambda one: overall_chances(one, KNOWN), (None, "a"), "snapshot"),
    "ages": (lambda one: age_chances(one, KNOWN), (None, "a"), "snapshot"),
    "by stage": (lambda one: stage_chances(one, None), (None, "a"), "snapshot"),
    "amounts": (stated_amounts, (None, "a"), "snapshot"),
    "won before": (lambda one: amounts_won_before(one, KNOWN), (None, "a"), "snapshot"),
    "forecast": (lambda one: pipeline_forecast(one, CHANCES), (None, "a"), "snapshot"),
    "sliced": (lambda one: forecast_slices(one, CHANCES, "rep"), (None, "a"), "snapshot"),
    "rolled up": (lambda one: category_roll_up(one, CHANCES), (None, "a"), "snapshot"),
    "slips": (
        lambda one: stated_chances(SEEN, during=QUARTER, slips=one),
        ("a", 1),
        "SlipHistory",
    ),
    "delays": (lambda one: SlipHistory(delays=one), ([1.5], ["a"], [True], None), "whole number"),
    "effect": (lambda one: age_chances(SEEN, KNOWN, effect=one), ("a", 1), "CalendarEffect"),
    "chain": (lambda one: stage_chances(SEEN, one), ("a", 1), "chain"),
    "rate": (
        lambda one: overall_chances(SEEN, KNOWN, rate=one),
        ("won_amount", "revenue", "opportunities"),
        "share of wins",
    ),
    "chance of a sale": (
        lambda one: OpenOpportunity(id="a", stage="b", chance=one),
        (NAN, "0.5", 0.5, True, D(2), D(-1)),
        "from 0 to 1",
    ),
    "chance": (
        lambda one: WinChance(id="a", chance=one, basis=("a", "b")),
        (NAN, "0.5", 0.5, True, D(2), D(-1)),
        "from 0 to 1",
    ),
    "ratios": (lambda one: stated_amounts(SEEN, ratios=one), ("a", 1), "AmountRatios"),
    "pairs": (
        lambda one: AmountRatios.seen(one, as_of=TODAY),
        (None, "ab", [D(1)], [(D(1),)]),
        "pair",
    ),
    "before": (lambda one: amount_ratios(one, KNOWN, as_of=TODAY), (None, ["a"]), "snapshots"),
    "chances": (lambda one: pipeline_forecast(SEEN, one), (None, "a", SEEN), "chances"),
    "won amounts": (lambda one: pipeline_forecast(SEEN, CHANCES, amounts=one), ("a", 1), "amounts"),
    "judgements": (
        lambda one: pipeline_forecast(SEEN, CHANCES, judgements=one),
        (None, "a", [1], said()),
        "judgements",
    ),
    "judgements of slices": (
        lambda one: forecast_slices(SEEN, CHANCES, "rep", judgements=one),
        (None, ["a"]),
        "judgements",
    ),
    "judgements of categories": (
        lambda one: category_roll_up(SEEN, CHANCES, judgements=one),
        (None, ["a"]),
        "judgements",
    ),
    "extra": (lambda one: pipeline_forecast(SEEN, CHANCES, extra=one), (None, ["a"]), "parts"),
    "slice": (lambda one: forecast_slices(SEEN, CHANCES, one), (None, [], 1), "name of"),
    "categories": (lambda one: category_roll_up(SEEN, CHANCES, one), (None, "a", [1]), "categor"),
    "key": (lambda one: ForecastCategory(key=one), (None, " ", 1), "told"),
    "lowest": (lambda one: ForecastCategory(key="a", lowest=one), (NAN, 1, "a"), "from 0 to 1"),
    "names": (lambda one: ForecastCategory(key="a", names=one), ("Commit", [1], None), "texts"),
    "stages": (lambda one: ForecastCategory(key="a", stages=one), ("talk", [1], None), "texts"),
    "labels": (lambda one: ForecastCategory(key="a", labels=one), ("Commit", [1], ("a",)), "a is"),
    "categories of a funnel": (funnel_categories, (None, "a"), "Funnel"),
    "author": (lambda one: said(author=one), (None, "", 1), "told"),
    "reason": (lambda one: said(reason=one), (None, " ", 1), "told"),
    "day": (lambda one: said(on=one), (None, "2026-02-10", NOON), "a day"),
    "opportunity": (lambda one: said(opportunity_id=one), ("", 1), "id"),
    "judged chance": (lambda one: said(chance=one), (NAN, D(2), D(-1), 1, 0.5), "from 0 to 1"),
    "judged amount": (lambda one: said(amount=one), (D(5), 5, "5 USD"), "Money"),
    "exclusion": (lambda one: said(is_excluded=one), (None, 1, "yes"), "True or False"),
    "language": (lambda one: pipeline_forecast(SEEN, CHANCES).text(one), ("zh", None), "Language"),
    "id of a line": (lambda one: line(id=one), (None, "", 1), "told"),
    "days of a line": (lambda one: line(ordered_on=one), (None, "a", NOON), "a day"),
    "planned day": (lambda one: line(planned_on=one), ("a", NOON, 1), "a day"),
    "end of a line": (lambda one: line(invoiced_on=one), ("a", NOON, 1), "a day"),
    "lines": (lambda one: ordered(lines=one), (None, "a", [1], LINE), "lines"),
    "periods": (lambda one: ordered(periods=one), (None, "a", [1], MONTH), "periods"),
    "day of orders": (lambda one: ordered(as_of=one), (None, "a", NOON), "a day"),
    "lines of a backlog": (lambda one: backlog_curves(one, as_of=TODAY), (None, [1]), "lines"),
    "day of a backlog": (lambda one: backlog_curves([LINE], as_of=one), (None, NOON), "a day"),
}


@pytest.mark.parametrize("thing", REFUSED)
def test_what_is_of_a_wrong_kind_is_refused_in_words(thing: str) -> None:
    """No question ends in an error of Python: each says what it wants instead."""
    ask, wrong, words = REFUSED[thing]
    for one in wrong:
        with pytest.raises(InvalidValue, match=words):
            ask(one)


@pytest.mark.parametrize("amount", [NAN, D("Infinity"), 5, 0.5, "5"])
def test_an_amount_is_a_finite_decimal(amount: Any) -> None:  # noqa: ANN401 - what it must not be
    """Neither a sale nor a correlation takes a float, or a number that is none."""
    with pytest.raises(InvalidNumber):
        OpenOpportunity(id="a", stage="b", amount=amount)
    with pytest.raises(InvalidNumber):
        pipeline_forecast(SEEN, CHANCES, correlation=amount)
    with pytest.raises(InvalidNumber):
        ordered(lines=[], correlation=amount)


@pytest.mark.parametrize("outside", [D(2), D("-0.1")])
def test_a_correlation_is_refused_by_its_name(outside: Decimal) -> None:
    """Who states a correlation is not told of a chance."""
    acts: list[Callable[[Any], object]] = [
        lambda one: pipeline_forecast(SEEN, CHANCES, correlation=one),
        lambda one: ordered(lines=[], correlation=one),
        lambda one: sum_of([], correlation=one),
        lambda one: sampled_sum_of([], seed=1, correlation=one),
    ]
    for act in acts:
        with pytest.raises(InvalidValue, match=r"^correlation is .*: a correlation .* from 0 to 1"):
            act(outside)
        with pytest.raises(InvalidNumber, match="expected a Decimal as correlation, not a float"):
            act(0.5)
        with pytest.raises(InvalidNumber, match="correlation is not finite"):
            act(NAN)


def test_what_is_no_number_is_named() -> None:
    """The amount of a line, a chance and a level say which of them is no number."""
    for act, words in (
        (lambda: line(amount=0.5), "as amount of a, not a float"),
        (lambda: Distribution.either(D(1), 0.5), "as chance, not a float"),  # type: ignore[arg-type]
        (lambda: Distribution.certain(D(1)).band(0.5), "as level"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidNumber, match=words):
            act()


def test_a_line_with_two_ends_tells_both() -> None:
    """Invoiced and called off: the message tells the days of both."""
    with pytest.raises(InvalidValue, match="invoiced on 2026-02-01 and called off on 2026-02-02"):
        line(invoiced_on=date(2026, 2, 1), cancelled_on=date(2026, 2, 2))


def test_a_funnel_without_any_end_tells_no_chance() -> None:
    """Where nothing has led to an end there is no chain, and every chance is unknown."""
    chain = timed_chain(KNOWN, as_of=TODAY)
    assert chain is None
    for during in (None, QUARTER):
        found = stage_chances(SEEN, chain, during=during)
        assert [one.chance for one in found.rows] == [None, None]
        assert found.left_out[0].ids == ("d1", "d2")
        assert pipeline_forecast(SEEN, found).reason is not None


def test_lines_that_are_read_once_are_not_lost() -> None:
    """Lines and periods may come from a generator."""
    lines = [LINE, line(id="b", invoiced_on=date(2026, 2, 27))]
    found = open_order_forecast(
        iter(lines), as_of=date(2026, 2, 28), periods=iter([MONTH]), correlation=D(0)
    )
    assert found == ordered(lines=lines)
    assert found.open_amount == 5


@pytest.mark.parametrize("during", [None, QUARTER])
def test_no_open_opportunity_is_lost(during: Period | None) -> None:
    """Each counts as a part or is left out with a reason; without an amount it is a win alone."""
    rows = [
        record(1, amount=9, probability=D("0.5"), expected_close_on=date(2026, 3, 1)),
        record(2, probability=D("0.5"), expected_close_on=date(2026, 3, 1)),
        record(3, amount=Money(D(5), "JPY"), probability=D(1), expected_close_on=date(2026, 3, 1)),
        record(4, amount=9, expected_close_on=date(2026, 3, 1)),
        record(5, amount=9, probability=D("0.5")),
        record(6, amount=9, probability=D(0), expected_close_on=date(2025, 3, 1)),
        record(7, amount=9, probability=D("0.5"), expected_close_on=date(2026, 5, 1)),
        record(8, "hold", amount=9, probability=D("0.5")),
    ]
    seen = pipeline_snapshot(facts(*rows), as_of=TODAY)
    ways = [stated_chances(seen, during=during, past_due=policy) for policy in PastDue]
    for way in (*ways, overall_chances(seen, facts(*rows)), stage_chances(seen, None)):
        found = pipeline_forecast(seen, way, judgements=[said(opportunity_id="d1", chance=D(1))])
        told = {key for one in found.left_out for key in one.ids}
        parts = {one.id for one in found.parts}
        assert parts | told == {f"d{number}" for number in range(1, 9)}
        assert parts & told == {one.id for one in found.parts if one.exact is None}


def test_a_part_goes_by_its_id_or_its_name() -> None:
    """An opportunity has its id, a part beside them the name that it is shown with."""
    known = facts(
        record(1, amount=40, probability=D("0.5"), expected_close_on=date(2026, 3, 1)),
        record(2, "won", amount=7, closed_on=TODAY),
    )
    seen = pipeline_snapshot(known, as_of=TODAY)
    extra = [make(known, as_of=TODAY, during=QUARTER) for make in (won_so_far, new_business)]
    chances = stated_chances(seen, during=QUARTER)
    total = said(opportunity_id=None, chance=None, amount=Money(D(54), "USD"))
    found = pipeline_forecast(seen, chances, extra=extra, judgements=[total])
    assert found.part("d1").expected == 40
    assert found.part("won so far").expected == found.part("已赢单").expected == 14
    assert found.part("new business").expected is None
    with pytest.raises(UnknownName, match="'won so far'"):
        found.part("won to far")
    with pytest.raises(UnknownName):
        found.part(None)  # type: ignore[arg-type]
    named = snapshot_of(deal(1, "100", "0.5"))
    assert pipeline_forecast(named, stated_chances(named)).part("d1").id == "d1"


def test_one_is_told_in_the_singular() -> None:
    """One win, one day, one step: no note says "1 wins"."""
    assert SlipHistory(delays=[3]).words[0] == "close dates slip as those of 1 win did"
    known = facts(
        record(1, "won", amount=9, created_on=TODAY, closed_on=TODAY),
        record(2, amount=5, created_on=TODAY - timedelta(days=1)),
    )
    seen = pipeline_snapshot(known, as_of=TODAY)
    (chance,) = age_chances(seen, known, fewest=1).rows
    assert chance.chance is None
    (amount,) = amounts_won_before(seen, known, fewest=1).rows
    assert amount.basis[0] == "amounts of 1 win of all"
    new = new_business(known, as_of=TODAY, during=QUARTER, fewest=1, days=1)
    assert new.basis[0] == "1 came up in 1 day, 1 win of known amount"
    few = slip_history(known, as_of=TODAY)
    assert few.reason is not None
    assert few.reason[0].endswith(("unknown", "needed"))
    words = stage_chances(SEEN, None, steps=1).method
    assert words == ("historical by stage, within 1 step", "按阶段的历史，1步内")
    zh = overall_chances(SEEN, known).method[1]
    assert zh == "进行中 × 赢单率"


def everything() -> list[object]:
    """Return forecasts by every method, with judgements, extra parts and text."""
    rows = [
        record(
            number,
            ("open", "won", "lost")[number % 3],
            amount=100_003 + 7 * number,
            probability=D("0.333337"),
            created_on=date(2025, 9, 1) + timedelta(days=number),
            expected_close_on=date(2026, 3, 1) - timedelta(days=number % 50),
            closed_on=None
            if number % 3 == 0
            else date(2025, 9, 1) + timedelta(days=number + number % 40),
        )
        for number in range(90)
    ]
    known = facts(*rows)
    seen = pipeline_snapshot(known, as_of=TODAY, by="product")
    effect = calendar_effect(known, as_of=TODAY)
    slips = SlipHistory(delays=[*range(-20, 90, 3)])
    ways = [
        stated_chances(seen, during=QUARTER),
        stated_chances(seen, during=QUARTER, slips=slips),
        overall_chances(seen, known, during=QUARTER),
        age_chances(seen, known, during=QUARTER, effect=effect),
    ]
    extra = [make(known, as_of=TODAY, during=QUARTER) for make in (won_so_far, new_business)]
    judgements = [
        said(opportunity_id="d3", chance=D("0.123456789")),
        said(opportunity_id=None, chance=None, amount=Money(D("7654321.09"), "USD")),
    ]
    amounts = amounts_won_before(seen, known)
    found = [
        pipeline_forecast(seen, way, amounts=each, judgements=judgements, extra=extra)
        for way in ways
        for each in (None, amounts)
    ]
    lines = [
        line(
            id=str(number),
            amount=D(f"{100_003 + number}.07"),
            ordered_on=date(2026, 1, 1) + timedelta(days=number % 30),
            invoiced_on=date(2026, 2, 1) + timedelta(days=number) if number % 2 else None,
        )
        for number in range(30)
    ]
    orders = ordered(lines=lines)
    words = [one.text(Language.ZH) for one in found]
    return [found, words, orders, slip_history(known, as_of=TODAY), effect]


def test_a_short_arithmetic_of_the_caller_changes_nothing() -> None:
    """With five digits in the context of the caller parts still sum to the whole, to the last."""
    wanted = everything()
    with localcontext(prec=5):
        found = everything()
    assert found == wanted
    forecasts: Any = found[0]
    for one in forecasts:
        assert isinstance(one, PipelineForecast)
        assert one.distribution is not None
        whole = sum((part.exact for part in one.parts if part.exact is not None), Fraction(0))
        assert whole == one.distribution.exact_mean
