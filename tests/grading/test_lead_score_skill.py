"""Skill is claimed only where a score learned before a day beats the base rate after it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import StageKind
from salescore.errors import InvalidRecord, InvalidValue
from salescore.grading import LeadExample, LeadField, SkillReport, SkillVerdict, skill_report
from salescore.render import Language
from salescore.stats import brier_score

WON, LOST = StageKind.WON, StageKind.LOST
START = date(2020, 1, 1)
FIELDS = (LeadField(name="source"), LeadField(name="region"))
STAGES = ("new", "talks")


def cases(seed: int, n: int = 300, *, told: bool) -> list[LeadExample]:
    """
    Return made-up cases, one a day.

    Args:
        seed: The same number makes the same cases.
        n: How many.
        told: Whether the source tells of the outcome: 80 % of web are won, 20 % of the rest.
    """
    chance = Random(seed)  # noqa: S311 - made-up rows, no secret
    found: list[LeadExample] = []
    for number in range(n):
        source = chance.choice(("web", "fair", "mail"))
        share = (0.8 if source == "web" else 0.2) if told else 0.5
        found.append(
            LeadExample(
                key=f"case {number}",
                outcome=WON if chance.random() < share else LOST,
                stage=chance.choice(STAGES),
                decided_on=START + timedelta(days=number),
                values=[("source", source), ("region", chance.choice(("east", "west")))],
            )
        )
    return found


def report(examples: list[LeadExample], **options: Any) -> SkillReport:  # noqa: ANN401
    """Return the report on cases by source and region."""
    return skill_report(examples, **{"fields": FIELDS, "stages": STAGES, **options})


def test_a_field_that_tells_has_skill() -> None:
    """In 20 of 20 made-up worlds where the source tells of the outcome, there is skill."""
    for seed in range(20):
        found = report(cases(seed, 600, told=True))
        assert found.verdict is SkillVerdict.SKILL
        assert found.brier is not None
        assert found.brier.interval is not None
        assert 0 < found.brier.interval.low <= found.brier.difference
        assert found.concordance is not None
        assert found.concordance > Decimal("0.6")


def test_a_shuffled_outcome_has_none() -> None:
    """Where nothing tells of the outcome, at most 3 of 60 worlds seem to have skill by chance."""
    verdicts = [report(cases(seed, told=False)).verdict for seed in range(60)]
    assert verdicts.count(SkillVerdict.SKILL) <= 3
    assert verdicts.count(SkillVerdict.TOO_FEW) == 0


def test_a_constant_field_has_none() -> None:
    """A field with one value gives every case the base rate: the difference is exactly 0."""
    constant = [attrs.evolve(one, values=[("source", "web")]) for one in cases(1, told=True)]
    found = report(constant)
    assert found.verdict is SkillVerdict.NO_SKILL
    assert found.brier is not None
    assert found.brier.interval is not None
    assert (found.brier.skill, found.brier.difference) == (0, 0)
    assert (found.brier.interval.low, found.brier.interval.high) == (0, 0)
    assert found.concordance == Decimal("0.5")


def test_what_is_worse_than_the_base_rate_has_none() -> None:
    """Where the source changes its meaning on the day of the split, the score does harm."""
    exchanged = {WON: LOST, LOST: WON}
    turned = [
        attrs.evolve(one, outcome=exchanged[one.outcome]) if number >= 210 else one
        for number, one in enumerate(cases(1, told=True))
    ]
    found = report(turned)
    assert found.verdict is SkillVerdict.NO_SKILL
    assert found.brier is not None
    assert found.brier.interval is not None
    assert found.brier.interval.high < 0


@given(st.integers(0, 300), st.data())
def test_nothing_leaks_back_over_the_split(place: int, data: st.DataObject) -> None:
    """What was decided on the day of the split or later changes nothing in the model."""
    examples = cases(3, told=True)
    split = START + timedelta(days=place)
    changed = [
        attrs.evolve(
            one,
            outcome=data.draw(st.sampled_from((WON, LOST))),
            stage=None,
            values=[("source", "radio")],
        )
        if number >= place and number % 30 == 0
        else one
        for number, one in enumerate(examples)
    ]
    kept = changed[: data.draw(st.integers(place, 300))]
    model = report(examples, split_on=split).model
    assert report(kept, split_on=split).model == model
    assert (model.won + model.lost) == place


def test_a_test_case_is_scored_as_it_came_in() -> None:
    """How far a test case got, which would tell how it ended, changes nothing."""
    examples = cases(4, told=True)
    moved = [
        attrs.evolve(one, stage="talks" if one.outcome is WON else "new") if number >= 210 else one
        for number, one in enumerate(examples)
    ]
    assert report(moved) == report(examples)


def test_the_numbers_by_hand() -> None:
    """Base rate, both Brier scores and the parts are those of the model and the tests."""
    examples = cases(5, told=True)
    found = report(examples)
    before, after = examples[:210], examples[210:]
    assert (found.split_on, found.trained, found.tested) == (START + timedelta(days=210), 210, 90)
    won = sum(1 for one in before if one.outcome is WON)
    assert found.base_rate is not None
    assert abs(Fraction(found.base_rate) - Fraction(10 * won + 1, 2102)) < Fraction(1, 10**27)
    scores = [found.model.score(one.values).probability for one in after]
    outcomes = [one.outcome is WON for one in after]
    assert found.brier is not None
    assert found.brier.score == brier_score([one for one in scores if one], outcomes)
    assert found.brier.reference == brier_score([found.base_rate] * 90, outcomes)


@pytest.mark.parametrize(("share", "trained"), [("0.5", 150), ("0.999", 299), ("0.001", 0)])
def test_a_share_is_the_most_to_learn_from(share: str, trained: int) -> None:
    """A share of the cases in the order of their days is learned from, the rest are tests."""
    found = report(cases(6, told=True), split_on=Decimal(share))
    assert (found.trained, found.tested) == (trained, 300 - trained)


def test_cases_of_one_day_stay_together() -> None:
    """All cases of the day of the split are tests; where all are of one day, none is learned."""
    examples = [
        attrs.evolve(one, decided_on=START + timedelta(days=number // 100))
        for number, one in enumerate(cases(7, told=True))
    ]
    found = report(examples)
    assert (found.trained, found.tested) == (200, 100)
    same = report([attrs.evolve(one, decided_on=START) for one in examples])
    assert (same.verdict, same.trained, same.tested) == (SkillVerdict.TOO_FEW, 0, 300)
    assert same.reason == "too few closed cases: 0, at least 50 are needed"


def test_a_model_with_too_few_cases() -> None:
    """Where the model gives no scores there is nothing to judge, and the reason is the model's."""
    found = report(cases(8, told=True), split_on=START + timedelta(days=40))
    assert found.verdict is SkillVerdict.TOO_FEW
    assert found.reason == "too few closed cases: 40, at least 50 are needed"
    assert (found.brier, found.base_rate, found.concordance) == (None, None, None)


@pytest.mark.parametrize(("tests", "is_judged"), [(29, False), (30, True)])
def test_too_few_tests(tests: int, is_judged: bool) -> None:  # noqa: FBT001 - a case
    """Below 30 tests nothing is judged; the numbers are there all the same."""
    examples = cases(10, told=True)
    found = report(examples, split_on=START + timedelta(days=300 - tests))
    assert (found.verdict is not SkillVerdict.TOO_FEW, found.tested) == (is_judged, tests)
    assert (found.reason is None) == is_judged
    assert found.brier is not None
    assert found.brier.n == tests
    few = report(examples, split_on=START + timedelta(days=300 - tests), minimum_tests=tests)
    assert few.verdict is not SkillVerdict.TOO_FEW


@pytest.mark.parametrize("outcome", [WON, LOST])
def test_too_few_tests_of_one_kind(outcome: StageKind) -> None:
    """Nine won or nine lost cases among the tests are too few, ten are not."""
    examples = cases(11, told=True)[:210]
    other = LOST if outcome is WON else WON
    for count, is_judged in ((9, False), (10, True)):
        tests = [
            LeadExample(
                key=f"test {number}",
                outcome=outcome if number < count else other,
                decided_on=START + timedelta(days=400),
            )
            for number in range(60)
        ]
        found = report([*examples, *tests], split_on=START + timedelta(days=400))
        assert (found.verdict is not SkillVerdict.TOO_FEW) == is_judged
        if not is_judged:
            assert found.reason is not None
            assert "of either kind" in found.reason


def test_no_tests_at_all() -> None:
    """With a split after the last day there are no tests, hence no numbers."""
    found = report(cases(12, told=True), split_on=date(2030, 1, 1))
    assert (found.verdict, found.brier, found.concordance) == (SkillVerdict.TOO_FEW, None, None)
    assert found.reason == "too few test cases: 0, at least 30 are needed"


def test_cases_without_a_day_are_left_out() -> None:
    """A closed case without a day of decision neither teaches nor tests, and is counted."""
    examples = cases(13, told=True)
    hidden = [
        attrs.evolve(one, decided_on=None) if number % 3 == 0 else one
        for number, one in enumerate(examples)
    ]
    opened = [
        LeadExample(key=f"open {n}", outcome=StageKind.OPEN, values=[("source", "web")])
        for n in range(9)
    ]
    found = report([*hidden, *opened])
    assert (found.undated, found.trained + found.tested) == (100, 200)
    none = report([attrs.evolve(one, decided_on=None) for one in examples])
    assert (none.split_on, none.undated, none.trained, none.tested) == (None, 300, 0, 0)
    assert "before no date" in none.text()


@pytest.mark.parametrize(
    "split", [Decimal(0), Decimal(1), Decimal("NaN"), 0.7, 1, "2020-01-01", None]
)
def test_no_split(split: Any) -> None:  # noqa: ANN401 - anything at all
    """A split is a day or a share between 0 and 1 as a Decimal."""
    with pytest.raises(InvalidValue, match="split_on"):
        report(cases(1, 60, told=True), split_on=split)


def test_mistakes_of_a_caller() -> None:
    """An instant is no day; minimum, level, keys and stages are checked also without cases."""
    with pytest.raises(InvalidValue, match="split_on"):
        report([], split_on=datetime(2020, 1, 1, tzinfo=UTC))
    for least in (1, True, Decimal(30)):
        with pytest.raises(InvalidValue, match="minimum_tests"):
            report([], minimum_tests=least)
    with pytest.raises(InvalidValue, match="level"):
        report([], level=Decimal(95))
    with pytest.raises(InvalidRecord, match="stages"):
        report([], stages=())
    with pytest.raises(InvalidValue, match="twice"):
        report(cases(1, 2, told=True) * 2)


def test_a_report_in_words() -> None:
    """The text has verdict, parts, scores and interval in English and Chinese."""
    found = report(cases(5, told=True))
    english, chinese = found.text(), found.text(Language.ZH)
    assert english.startswith(
        "Skill: better than the base rate\n"
        "Learned from 210 cases before 2020-07-29, tested on 90 from then on.\n"
        "Base rate: "
    )
    assert "Difference (95 % interval): " in english
    assert chinese.startswith("有预测能力：优于基准赢单率\n以 2020-07-29 之前的 210 个案例训练")
    assert len(english.splitlines()) == len(chinese.splitlines()) == 8
    none = report([])
    assert none.text().splitlines()[0] == f"Not judged: {none.reason}"
    assert none.text(Language.ZH).splitlines()[0] == f"无法判断：{none.reason}"
    no_interval = report(cases(5, told=True), split_on=START + timedelta(days=299))
    assert "Brier score" in no_interval.text()
    assert "interval" not in no_interval.text()


def test_a_report_as_data() -> None:
    """The plain data have every number as text, and null where it is undefined."""
    found = report(cases(5, told=True))
    data: dict[str, Any] = found.as_data()
    assert json.loads(json.dumps(data)) == data
    assert (data["verdict"], data["split_on"]) == ("skill", "2020-07-29")
    assert found.brier is not None
    assert data["brier_score"] == f"{found.brier.score:f}"
    assert data["interval"]["level"] == "0.95"
    empty: dict[str, Any] = report([]).as_data()
    assert empty == {
        **dict.fromkeys(data),
        "verdict": "too_few",
        "trained": 0,
        "tested": 0,
        "undated": 0,
        "reason": "too few closed cases: 0, at least 50 are needed",
    }
    one = report(cases(5, told=True), split_on=START + timedelta(days=299)).as_data()
    assert (one["tested"], one["interval"], one["concordance"]) == (1, None, None)
