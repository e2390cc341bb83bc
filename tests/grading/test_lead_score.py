"""A lead score is counted from cases, exact, neutral where it knows nothing, and says why."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.entities import StageKind
from salescore.errors import InvalidDocument, InvalidRecord, InvalidValue, UnknownName
from salescore.grading import (
    CaseCount,
    FieldCounts,
    LeadExample,
    LeadField,
    LeadModel,
    LeadScore,
    Neutral,
)
from salescore.plain import parse_json
from salescore.render import Language

WON, LOST = StageKind.WON, StageKind.LOST
STAGES = ("new", "talks", "offer")
FIELDS = (
    LeadField(name="source"),
    LeadField(name="region", minimum_cases=3),
    LeadField.of_tags("tags", 2),
)
SOURCES, REGIONS, TAGS = ("web", "fair", "mail"), ("east", "west"), ("big", "old", "vip")


@st.composite
def leads(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Return values of a lead, any of them unknown."""
    single = [
        (name, value)
        for name, values in (("source", SOURCES), ("region", REGIONS))
        if (value := draw(st.sampled_from((None, *values)))) is not None
    ]
    return (*single, *(("tags", tag) for tag in draw(st.sets(st.sampled_from(TAGS)))))


@st.composite
def case_lists(draw: st.DrawFn, most: int = 30) -> list[LeadExample]:
    """Return cases, open and void ones among them, with at least one won and one lost."""
    outcomes = [WON, LOST, *draw(st.lists(st.sampled_from(StageKind), max_size=most))]
    return [
        LeadExample(
            key=f"case {number}",
            outcome=outcome,
            stage=draw(st.sampled_from((None, *STAGES))),
            values=draw(leads()),
        )
        for number, outcome in enumerate(outcomes)
    ]


def fitted(examples: list[LeadExample], **options: Any) -> LeadModel:  # noqa: ANN401
    """Return the model of a few cases."""
    return LeadModel.fit(
        examples, **{"fields": FIELDS, "stages": STAGES, "minimum_cases": 1, **options}
    )


def case(key: str, outcome: StageKind, stage: str | None = None, **values: str) -> LeadExample:
    """Return a case with one value per field."""
    return LeadExample(key=key, outcome=outcome, stage=stage, values=values.items())


def exact(score: LeadScore) -> Fraction:
    """Return the exact probability of a score that there is."""
    assert score.exact is not None
    return score.exact


FEW = [
    case("a", WON, source="web", region="east"),
    case("b", WON, source="web"),
    case("c", LOST, "talks", source="web", region="west"),
    case("d", LOST, "new", source="fair", region="west"),
    case("e", LOST, source="fair", region="west"),
    case("f", StageKind.OPEN, "offer", source="fair"),
    case("g", StageKind.VOID, "offer", source="fair"),
]
"""Two won, three lost, of one of which nobody knows how far it came."""


def test_counts() -> None:
    """Won cases count in every stage, lost ones up to theirs, open and void ones nowhere."""
    model = fitted(FEW)
    assert [(one.value, one.won, one.lost) for one in model.stages] == [
        ("new", 2, 2),
        ("talks", 2, 1),
        ("offer", 2, 0),
    ]
    assert (model.won, model.lost) == (2, 3)
    source, region, tags = model.fields
    assert [(one.value, one.won, one.lost) for one in source.values] == [
        ("fair", 0, 2),
        ("web", 2, 1),
    ]
    assert [(one.value, one.won, one.lost) for one in region.values] == [
        ("east", 1, 0),
        ("west", 0, 3),
    ]
    assert tags.values == ()


def test_a_score_by_hand() -> None:
    """Prior 2.1 : 3.1, the stage over the first one's, web over its column, west over its own."""
    found = fitted(FEW).score([("source", "web"), ("region", "west")], "talks")
    stage, source, region, tags = found.factors
    assert stage.ratio == (Fraction("2.1") / Fraction("2.1")) / (Fraction("1.1") / Fraction("2.1"))
    assert source.won_share == Fraction("2.1") / Fraction("2.2")
    assert source.lost_share == Fraction("1.1") / Fraction("3.2")
    # East has one case, fewer than three: it is not in the totals, so west is all there is.
    assert (region.won_share, region.lost_share) == (1, 1)
    assert tags.neutral is Neutral.UNKNOWN
    odds = Fraction("2.1") / Fraction("3.1") * stage.ratio * source.ratio
    assert found.exact == odds / (1 + odds)
    assert found.prior == Fraction("2.1") / Fraction("5.2")


@pytest.mark.parametrize(
    ("values", "stage", "reasons"),
    [
        ((), None, {"stage": "unknown", "source": "unknown", "region": "unknown"}),
        ((("source", "radio"),), "closing", {"stage": "unseen", "source": "unseen"}),
        ((("region", "east"),), "new", {"region": "few", "source": "unknown"}),
        ((("colour", "red"),), "new", {"colour": "unread", "region": "unknown"}),
    ],
)
def test_what_says_nothing_is_listed(
    values: tuple[tuple[str, str], ...], stage: str | None, reasons: dict[str, str]
) -> None:
    """Unknown, unseen, rare and unread values leave the prior as it is, each with its reason."""
    found = fitted(FEW).score(values, stage)
    told = {one.field: one.neutral.value for one in found.factors if one.neutral is not None}
    assert reasons.items() <= told.items()
    assert all(one.ratio == 1 for one in found.factors if one.neutral is not None)
    assert found.exact == found.prior


@pytest.mark.parametrize(
    ("examples", "minimum", "reason"),
    [
        ([], 1, "too few closed cases: 0, at least 1 are needed"),
        (FEW, 6, "too few closed cases: 5, at least 6 are needed"),
        (FEW[:2], 1, "no case was lost"),
        (FEW[2:], 1, "no case was won"),
    ],
)
def test_too_little_to_learn_from(examples: list[LeadExample], minimum: int, reason: str) -> None:
    """With too few closed cases, or all of one kind, there is no score but a reason."""
    found = fitted(examples, minimum_cases=minimum).score([("source", "web")], "new")
    assert (found.exact, found.prior, found.probability, found.factors) == (None, None, None, ())
    assert found.reason is not None
    assert found.reason.startswith(reason)
    assert found.as_data()["probability"] is None
    assert found.text() == f"No lead score: {found.reason}."
    assert found.reason in found.text(Language.ZH)


def test_by_default_fifty_cases_are_needed() -> None:
    """49 closed cases give no score, 50 give one; of tags each needs 50 of its own."""
    cases = [case(str(n), WON if n % 2 else LOST, source="web") for n in range(50)]
    assert LeadModel.fit(cases[1:], fields=FIELDS, stages=STAGES).reason is not None
    assert LeadModel.fit(cases, fields=FIELDS, stages=STAGES).reason is None
    assert LeadField.of_tags("tags") == LeadField(name="tags", minimum_cases=50, is_set=True)


@pytest.mark.parametrize(("least", "neutral"), [(3, None), (4, Neutral.FEW)])
def test_the_minimum_of_a_value_counts(least: int, neutral: Neutral | None) -> None:
    """A value with as many cases as the minimum is heard, with one fewer not."""
    fields = [LeadField(name="region", minimum_cases=least)]
    found = fitted(FEW, fields=fields).score([("region", "west")])
    assert (found.factors[1].neutral, found.factors[1].lost) == (neutral, 3)


def test_unknown_stages_of_lost_cases_say_nothing() -> None:
    """Where nobody knows how far any lost case came, no stage speaks for or against winning."""
    examples = [attrs.evolve(one, stage=None) for one in FEW]
    model = fitted(examples)
    assert {exact(model.score([], stage)) for stage in STAGES} == {model.prior}


def test_a_probability_is_never_one() -> None:
    """Evidence that 28 digits cannot tell from certainty is still below 1."""
    cases = [
        LeadExample(
            key=str(n),
            outcome=WON if n % 2 else LOST,
            values=[(f"field {k}", str(n % 2)) for k in range(20)],
        )
        for n in range(200)
    ]
    fields = [LeadField(name=f"field {k}") for k in range(20)]
    model = LeadModel.fit(cases, fields=fields, stages=STAGES)
    sure, hopeless = (model.score(cases[place].values) for place in (1, 0))
    assert sure.probability == Decimal("0." + "9" * 28)
    assert exact(sure) < 1
    assert hopeless.probability is not None
    assert 0 < hopeless.probability < Decimal("1E-40")


@given(case_lists(), leads(), st.sampled_from((None, *STAGES, "closing")))
def test_a_score_is_a_probability(
    examples: list[LeadExample], values: tuple[tuple[str, str], ...], stage: str | None
) -> None:
    """
    It lies between 0 and 1, and its odds are the prior's times all ratios.

    With won and lost exchanged, where no stage is known, it is what is missing to 1.
    """
    found = fitted(examples).score(values, stage)
    value = exact(found)
    assert 0 < value < 1
    assert found.probability is not None
    assert abs(Fraction(found.probability) - value) < Fraction(1, 10**28)
    assert found.prior is not None
    odds = found.prior / (1 - found.prior)
    for one in found.factors:
        odds *= one.ratio
    assert value / (1 - value) == odds
    exchanged = {WON: LOST, LOST: WON}
    mirror = fitted(
        [
            attrs.evolve(one, outcome=exchanged.get(one.outcome, one.outcome), stage=None)
            for one in examples
        ]
    ).score(values)
    plain = fitted([attrs.evolve(one, stage=None) for one in examples]).score(values, stage)
    assert exact(mirror) + exact(plain) == 1


@given(case_lists(), st.randoms(use_true_random=False))
def test_order_means_nothing(examples: list[LeadExample], chance: Any) -> None:  # noqa: ANN401
    """The same cases in another order make the same model."""
    shuffled = list(examples)
    chance.shuffle(shuffled)
    assert fitted(shuffled) == fitted(examples)


@given(case_lists(), leads(), st.sampled_from(STAGES))
def test_an_unseen_value_is_neutral(
    examples: list[LeadExample], values: tuple[tuple[str, str], ...], stage: str
) -> None:
    """A value that no closed case has moves a score as little as no value."""
    model = fitted(examples)
    without = [(field, value) for field, value in values if field != "source"]
    assert exact(model.score([*without, ("source", "radio")], stage)) == exact(
        model.score(without, stage)
    )


@given(
    case_lists(),
    leads(),
    st.sampled_from(STAGES),
    st.sampled_from([(WON, 1), (LOST, -1)]),
)
def test_a_twin_pulls_towards_its_outcome(
    examples: list[LeadExample],
    values: tuple[tuple[str, str], ...],
    stage: str,
    pull: tuple[StageKind, int],
) -> None:
    """
    A further won case with the very values of a lead never lowers its score, a lost one at its
    stage never raises it, provided that each of the values said something before.
    """
    outcome, sign = pull
    model = fitted(examples)
    before = model.score(values, stage)
    assume(not any(one.value and one.neutral for one in before.factors))
    twin = LeadExample(key="twin", outcome=outcome, stage=stage, values=values)
    after = fitted([*examples, twin]).score(values, stage)
    assert sign * (exact(after) - exact(before)) >= 0


def test_a_won_case_may_lower_the_score_of_another() -> None:
    """Sharing one value is not enough: what else was won takes shares from a lead's own values."""
    names = ("source", "region", "size")
    lead = [("source", "web"), ("region", "west"), ("size", "big")]
    examples = [
        LeadExample(key=f"{outcome.value} {n}", outcome=outcome, stage="new", values=lead)
        for outcome in (WON, LOST)
        for n in range(9)
    ]
    examples.append(case("other", LOST, "new", source="web", region="east", size="small"))
    fields = [LeadField(name=name) for name in names]
    more = case("more", WON, source="web", region="east", size="small")
    before = fitted(examples, fields=fields).score(lead)
    after = fitted([*examples, more], fields=fields).score(lead)
    assert exact(after) < exact(before)


@given(case_lists())
def test_a_model_survives_json(examples: list[LeadExample]) -> None:
    """What is written as JSON and read back, or pickled, is the same model."""
    model = fitted(examples)
    assert LeadModel.from_data(parse_json(json.dumps(model.as_data()))) == model
    assert pickle.loads(pickle.dumps(model)) == model  # noqa: S301 - our own bytes


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the data of a model with something changed."""
    data: dict[str, Any] = fitted(FEW).as_data()
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(schema="salescore/lead-model/2"), "schema.*lead-model/2"),
        (lambda data: data.pop("lost"), "'lost' is missing"),
        (lambda data: data.update(more=1), "more"),
        (lambda data: data.update(lost=1), "no stage has more lost cases"),
        (lambda data: data.update(lost="3"), "lost.*whole number"),
        (lambda data: data.update(lost=True), "lost.*whole number"),
        (lambda data: data.update(minimum_cases=0), "minimum_cases.*from 1"),
        (lambda data: data.update(stages=[]), "stages.*at least 1"),
        (lambda data: data["stages"][1].update(won=1), "counts in every stage"),
        (lambda data: data["stages"][1].update(won=-1), "stages/1/won.*from 0"),
        (lambda data: data["stages"][1].update(value="new"), "name of its own"),
        (lambda data: data["stages"][1].update(value=""), "stages/1/value.*not be empty"),
        (lambda data: data["fields"][0].update(name="stage"), "fields/0.*'stage'"),
        (lambda data: data["fields"][0].update(name="region"), "name of its own"),
        (lambda data: data["fields"][0].update(is_set=1), "is_set.*true or false"),
        (lambda data: data["fields"][0]["values"].reverse(), "fields/0.*sorted"),
        (lambda data: data["fields"][0]["values"][0].update(won=1), "more cases than"),
        (lambda data: data["fields"][0]["values"][0].update(lost=3), "more cases than"),
        (
            lambda data: data["fields"][2].update(values=[{"value": "vip", "won": 3, "lost": 0}]),
            "more cases than",
        ),
    ],
)
def test_wrong_data_are_refused(change: Callable[[dict[str, Any]], object], message: str) -> None:
    """A model from data that were tampered with is refused, with the place and what is wrong."""
    with pytest.raises(InvalidDocument, match=message):
        LeadModel.from_data(broken(change))


@pytest.mark.parametrize("data", [None, [], "model", 1])
def test_no_data(data: object) -> None:
    """What is no object is no model."""
    with pytest.raises(InvalidDocument, match="expected an object"):
        LeadModel.from_data(data)


@pytest.mark.parametrize(
    "values",
    [
        [("source", "")],
        [("", "web")],
        [("source", None)],
        [("source", 1)],
        [("source",)],
        [["source", "web"]],
        ["so"],
    ],
)
def test_values_are_pairs_of_texts(values: Any) -> None:  # noqa: ANN401 - anything at all
    """What is no field with its value is refused, in cases and when scoring."""
    with pytest.raises(InvalidValue, match="two texts"):
        LeadExample(key="a", outcome=WON, values=values)
    with pytest.raises(InvalidValue, match="two texts"):
        fitted(FEW).score(values)


def test_a_field_has_one_value_unless_it_is_a_set() -> None:
    """Two sources of one case are refused, two tags are two factors; one value twice is once."""
    two = [("source", "web"), ("source", "fair")]
    with pytest.raises(InvalidValue, match=r"source.*is_set"):
        fitted([LeadExample(key="a", outcome=WON, values=two)])
    with pytest.raises(InvalidValue, match=r"source.*is_set"):
        fitted(FEW).score(two)
    found = fitted(FEW).score([("tags", "vip"), ("tags", "big"), ("tags", "vip")])
    assert [one.value for one in found.factors if one.field == "tags"] == ["big", "vip"]


def test_mistakes_of_a_caller() -> None:
    """Keys, stages, fields, minimums and outcomes that make no sense are refused."""
    with pytest.raises(InvalidValue, match="twice"):
        fitted([FEW[0], FEW[0]])
    with pytest.raises(UnknownName, match="demo"):
        fitted([case("a", LOST, "demo")])
    with pytest.raises(InvalidRecord, match="fields"):
        fitted(FEW, fields=[LeadField(name="source")] * 2)
    with pytest.raises(InvalidRecord, match="stages"):
        fitted(FEW, stages=())
    for least in (0, True, Decimal(2)):
        with pytest.raises(InvalidRecord, match="from 1"):
            LeadField(name="source", minimum_cases=least)  # type: ignore[arg-type]
    with pytest.raises(InvalidRecord, match="StageKind"):
        LeadExample(key="a", outcome="won")  # type: ignore[arg-type]
    with pytest.raises(InvalidRecord, match="day_of"):
        LeadExample(key="a", outcome=WON, decided_on=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(InvalidRecord, match="empty"):
        CaseCount(value="", won=0, lost=0)
    with pytest.raises(InvalidRecord, match="from 0"):
        CaseCount(value="a", won=0, lost=-1)
    with pytest.raises(InvalidRecord, match="sorted"):
        FieldCounts(field=FIELDS[0], values=(CaseCount(value="a", won=0, lost=1),) * 2)
    assert case("a", WON).decided_on is None
    assert LeadExample(key="a", outcome=WON, decided_on=date(2020, 1, 1)).is_closed


def test_a_score_explains_itself_in_english() -> None:
    """The text has the score, what it would be without values, and each value with its odds."""
    found = fitted(FEW).score([("source", "web"), ("region", "east")], "talks")
    assert found.text() == (
        "Lead score 78.2 %; without its values 40.4 % (won / lost 2 / 3).\n"
        "Field   Value  Won  Lost  Odds ×\n"
        "─────────────────────────────────────────────────────────\n"
        "stage   talks    2     1    1.91\n"
        "source    web    2     1    2.78\n"
        "region   east    1     0       –  in too few closed cases\n"
        "tags        –    0     0       –        no value is known"
    )


def test_a_score_explains_itself_in_chinese() -> None:
    """In Chinese the words are Chinese, the values those of the business."""
    text = fitted(FEW).score([("source", "web"), ("region", "east")], "talks").text(Language.ZH)
    assert text.startswith("线索评分 78.2 %；不看字段时 40.4 %（赢单 / 输单 2 / 3）。\n字段")
    assert "阶段" in text
    assert "样本太少" in text
    assert "web" in text


def test_a_score_as_data() -> None:
    """The plain data have the probability, the prior and every factor, numbers as texts."""
    found = fitted(FEW).score([("source", "web"), ("region", "east")], "talks")
    data: dict[str, Any] = found.as_data()
    assert json.loads(json.dumps(data)) == data
    assert data["probability"] == f"{found.probability:f}"
    assert data["probability"].startswith("0.782")
    assert (data["won"], data["lost"], data["reason"]) == (2, 3, None)
    assert data["factors"][1] == {
        "field": "source",
        "value": "web",
        "won": 2,
        "lost": 1,
        "won_share": "0.9545454545454545454545454545",
        "lost_share": "0.34375",
        "ratio": "2.776859504132231404958677686",
        "neutral": None,
    }
    assert data["factors"][2]["neutral"] == "few"
    assert data["factors"][2]["won_share"] is None
