"""
The predictive lead score against the published test of Odoo's CRM, and on Maven's pipeline.

The cases are those of its test of three teams: three closed leads each, one of them won. Fields
that have one value in all leads of that test, such as the quality of the phone, move nothing.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from salescore.book import Facts
from salescore.entities import StageKind
from salescore.grading import (
    LeadExample,
    LeadField,
    LeadModel,
    SkillVerdict,
    lead_examples,
    skill_report,
)

STAGES = ("stage 0", "stage 1", "stage 2")
NAMES = ("country", "state", "source")
FIELDS = tuple(LeadField(name=name) for name in NAMES)
TEAMS = {
    1: (("000", 0, "lost"), ("111", 1, "lost"), ("222", 2, "won")),
    2: (("011", 2, "lost"), ("012", 1, "lost"), ("022", 0, "won")),
    3: (("111", 2, "won"), ("010", 0, "lost"), ("122", 0, "lost")),
}
"""Per team the numbers of country, state and source of each case, its stage and its outcome."""

MAVEN_STAGES = ("Prospecting", "Engaging")
MAVEN_FIELDS = ("product_id", "rep_id", "customer_id", "segment", "region", "country")


def values(numbers: str) -> tuple[tuple[str, str], ...]:
    """Return country, state and source of a lead."""
    return tuple(zip(NAMES, numbers, strict=True))


def learned(team: int) -> LeadModel:
    """Return the model of a team, from its cases."""
    examples = [
        LeadExample(
            key=str(place),
            outcome=StageKind(outcome),
            stage=STAGES[stage],
            values=values(numbers),
        )
        for place, (numbers, stage, outcome) in enumerate(TEAMS[team])
    ]
    return LeadModel.fit(examples, fields=FIELDS, stages=STAGES, minimum_cases=1)


@pytest.mark.parametrize(
    ("team", "lead", "percent"), [(1, "012", "33.49"), (2, "012", "7.74"), (3, "012", "35.09")]
)
def test_the_published_scores(team: int, lead: str, percent: str) -> None:
    """A lead in its second stage scores 33.49, 7.74 and 35.09 % in the three teams."""
    found = learned(team).score(values(lead), STAGES[1]).probability
    assert found is not None
    assert round(100 * found, 2) == Decimal(percent)


def test_the_table_behind_the_first_score() -> None:
    """The prior is (1.1, 2.1), the second stage (1.1, 1.1), country, state, source are alike."""
    model = learned(1)
    prior, second, won_stage = (one.smoothed for one in model.stages)
    assert prior == (Fraction("1.1"), Fraction("2.1"))
    assert second == (Fraction("1.1"), Fraction("1.1"))
    assert won_stage == (Fraction("1.1"), Fraction("0.1"))
    rare, often = Fraction("0.1"), Fraction("1.1")
    for counts in model.fields:
        assert [one.smoothed for one in counts.values] == [
            (rare, often),
            (rare, often),
            (often, rare),
        ]


def test_the_first_score_worked_out() -> None:
    """By hand: prior odds 11/21, twice (0.1/1.3)/(1.1/2.3), (1.1/1.3)/(0.1/2.3), 1/(1.1/2.1)."""
    low = Fraction(1, 13) / Fraction(11, 23)
    odds = Fraction(11, 21) * low**2 * (Fraction(11, 13) / Fraction(1, 23)) * Fraction(21, 11)
    assert learned(1).score(values("012"), STAGES[1]).exact == odds / (1 + odds)


@pytest.mark.shared
def test_mavens_fields_have_no_skill(maven_facts: Facts) -> None:
    """
    On Maven's 6,711 closed opportunities no field tells won from lost better than the base rate.

    The data are made up, and so is their outcome; a score that claimed skill would be wrong.
    """
    fields = [LeadField(name=name) for name in MAVEN_FIELDS]
    examples = lead_examples(maven_facts, fields=fields, stages=MAVEN_STAGES)
    found = skill_report(examples, fields=fields, stages=MAVEN_STAGES)
    assert (found.verdict, found.reason, found.undated) == (SkillVerdict.NO_SKILL, None, 0)
    assert found.trained + found.tested == 6711
    assert found.trained <= Decimal("0.7") * 6711 < found.trained + 100
    assert found.brier is not None
    assert found.brier.skill is not None
    assert Decimal("-0.05") < found.brier.skill < Decimal("0.01")
    assert found.concordance is not None
    assert abs(found.concordance - Decimal("0.5")) < Decimal("0.05")


@pytest.mark.shared
@pytest.mark.parametrize("name", MAVEN_FIELDS)
def test_no_single_field_of_maven_has_skill(maven_facts: Facts, name: str) -> None:
    """Taken alone, rep, product, customer, segment, region and country have none, either."""
    fields = [LeadField(name=name)]
    examples = lead_examples(maven_facts, fields=fields, stages=MAVEN_STAGES)
    found = skill_report(examples, fields=fields, stages=MAVEN_STAGES)
    assert found.verdict is SkillVerdict.NO_SKILL


@pytest.mark.shared
def test_an_open_opportunity_of_maven_is_scored(maven_facts: Facts) -> None:
    """
    Nobody kept the stages that lost ones reached, so the stage moves nothing, and every open
    opportunity scores between 30 and 90 %.
    """
    fields = [LeadField(name=name) for name in MAVEN_FIELDS]
    examples = lead_examples(maven_facts, fields=fields, stages=MAVEN_STAGES)
    model = LeadModel.fit(examples, fields=fields, stages=MAVEN_STAGES)
    assert (model.won, model.lost) == (4238, 2473)
    scores = [model.score(one.values, one.stage) for one in examples if not one.is_closed]
    assert len(scores) == 2089
    for one in scores:
        assert one.factors[0].ratio == 1
        assert one.exact is not None
        assert Fraction("0.3") < one.exact < Fraction("0.9")
