"""Policies as JSON data: there and back, strictly, and within their schema."""

import copy
import json
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.grading.ladder import ladder

from salescore import testing
from salescore.errors import InvalidDocument
from salescore.grading import (
    POLICY_SCHEMA,
    STANDARD_POLICIES,
    AbcField,
    DerivedField,
    EventLine,
    ExponentialDecay,
    GradingPolicy,
    LinearDecay,
    Requirement,
    RfmFields,
    ScoreCard,
    ScoreField,
    ScoreGroup,
    ScoreLine,
    Segment,
    ServicePlan,
    StepDecay,
    TagRule,
    grading_policy_schema,
    policy_from_data,
    policy_to_data,
    read_segment,
    read_tag_rule,
    segment_to_data,
    tag_rule_to_data,
)
from salescore.grading._figures import orders
from salescore.metrics import RFM_SEGMENTS, Cut, MidRanks, QuantileCuts, Thresholds
from salescore.plain import Node
from salescore.rules import F
from tools import write_schemas

VALIDATOR: Any = Draft202012Validator(grading_policy_schema())

CARD = ScoreCard(
    name="fit",
    labels=("Fit", "匹配"),
    lowest=Decimal(0),
    highest=Decimal(100),
    groups=[
        ScoreGroup(
            key="fit",
            labels=("Fit", "匹配"),
            highest=Decimal("40.5"),
            lines=[
                ScoreLine(
                    key="west", labels=("West", "西"), points=Decimal(-5), when=F.region == "West"
                )
            ],
        ),
        ScoreGroup(
            key="acts",
            labels=("Acts", "行为"),
            lowest=Decimal(-10),
            lines=[
                EventLine(
                    key=key,
                    labels=(key, key),
                    points=Decimal(3),
                    table="activities",
                    date="happened_on",
                    where=F.channel == "call" if decay else None,
                    decay=decay,
                )
                for key, decay in (
                    ("plain", None),
                    ("linear", LinearDecay(30)),
                    ("half", ExponentialDecay(30)),
                    ("steps", StepDecay([(30, Decimal("0.5")), (90, Decimal(0))])),
                )
            ],
        ),
    ],
)
"""A scorecard with every kind of line and decay."""

FULL = attrs.evolve(
    ladder(
        minimum_stay_days=30,
        review_months=3,
        grace_days=5,
        step_limit=2,
        fields=[
            ScoreField(name="fit", card=CARD),
            RfmFields(
                scheme=Thresholds(
                    recency=[Decimal(30)], frequency=[Decimal(2)], monetary=[Decimal("99.5")]
                ),
                months=24,
                segments=RFM_SEGMENTS[:2],
            ),
            RfmFields(name="ranks", scheme=MidRanks(parts=3)),
            RfmFields(name="cuts", scheme=QuantileCuts(offset=Decimal(0))),
            AbcField(name="klass", by="fit", cuts=[Cut("X", Decimal("0.5"))]),
            DerivedField(name="twice", of=F.fit + F.fit, labels=("", ""), unit="points"),
            orders(),
        ],
        services=[
            ServicePlan(
                grade="gold",
                contact_days=30,
                channels=["visit", "call"],
                benefits=[("Visits", "拜访")],
                hours=Decimal("12.5"),
                budget=Decimal(1000),
                requirements=[
                    Requirement(key="phone", rule=~F.phone.is_null(), labels=("Phone", "电话"))
                ],
            ),
            ServicePlan(grade="base"),
        ],
    ),
    valid_from=date(2017, 1, 1),
    valid_until=date(2018, 12, 31),
)
"""A policy in which everything is said that can be."""

APART = ladder(is_ladder=False)
POLICIES = (*STANDARD_POLICIES, FULL, APART)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda one: one.name)
def test_standard_policies_survive_json(policy: GradingPolicy) -> None:
    """What is written as text is read back equal, and fits the schema."""
    data = json.loads(json.dumps(policy_to_data(policy)))
    assert policy_from_data(data) == policy
    VALIDATOR.validate(data)


def test_a_ladder_goes_without_saying() -> None:
    """Only what is none says so."""
    assert policy_to_data(APART)["is_ladder"] is False
    assert "is_ladder" not in policy_to_data(ladder())
    said = policy_from_data({**policy_to_data(ladder()), "is_ladder": True})
    assert said == ladder()


@given(st.data())
def test_any_policy_survives_json(data: st.DataObject) -> None:
    """Ladders with rules of every kind, in force for any days, come back equal."""
    policy = data.draw(testing.grading_policies())
    rules = testing.rules(testing.LADDER_FIELDS)
    first, *rest = policy.grades
    rest = [attrs.evolve(one, entry=data.draw(rules), exit=data.draw(rules)) for one in rest]
    start, end = sorted(data.draw(st.tuples(testing.days(), testing.days())))
    policy = attrs.evolve(
        policy,
        grades=[first, *rest],
        labels=data.draw(st.tuples(testing.texts(), testing.texts())),
        valid_from=data.draw(st.sampled_from([None, start])),
        valid_until=data.draw(st.sampled_from([None, end])),
    )
    written = json.loads(json.dumps(policy_to_data(policy)))
    assert policy_from_data(written) == policy
    VALIDATOR.validate(written)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return the path of every part of JSON data."""
    found = [path]
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            found += places(data[key], (*path, key))
    return found


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - JSON data
    """Return JSON data with one part replaced; `...` takes it out."""
    copied = copy.deepcopy(data)
    if not path:
        return copied if value is ... else value
    part = copied
    for key in path[:-1]:
        part = part[key]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return copied


WRITTEN = [json.loads(json.dumps(policy_to_data(one))) for one in POLICIES]
OTHERS: list[Any] = [..., None, "", "x", 0, -1, 2, 1.5, True, [], ["a", "b"], {}, {"x": 1}, "1.5"]


@settings(max_examples=400)
@given(st.data())
def test_what_does_not_fit_the_schema_is_never_read(data: st.DataObject) -> None:
    """A policy with any part replaced or taken out is refused as a document, or fits."""
    written = data.draw(st.sampled_from(WRITTEN))
    path = data.draw(st.sampled_from(places(written)))
    broken = changed(written, path, data.draw(st.sampled_from(OTHERS)))
    try:
        policy = policy_from_data(broken)
    except InvalidDocument:
        return
    assert VALIDATOR.is_valid(broken), list(VALIDATOR.iter_errors(broken))
    assert policy_from_data(policy_to_data(policy)) == policy


LINES = ("fields", 0, "score", "card", "groups", 1, "lines")
BASE = json.loads(json.dumps(policy_to_data(FULL)))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("name",), ..., "policy: the key 'name' is missing"),
        (("name",), "", "policy/name: it must not be empty"),
        (("nam",), "x", "policy/nam: no key 'nam'"),
        (("schema",), "salescore/grading-policy/2", "policy/schema: no schema of a policy"),
        (("grades",), [], "at least one grade"),
        (("grades",), {}, "policy/grades: expected a list"),
        (("grades", 1, "entry"), None, "policy/grades/1/entry: "),
        (("grades", 1, "entry"), {"=": [1, 1]}, "policy/grades/1/entry"),
        (("grades", 1, "exit"), 0.5, "policy/grades/1/exit"),
        (("grades", 1, "leave"), True, "policy/grades/1/leave: no key"),
        (("grades", 1, "labels"), ["Silver"], "expected an English and a Chinese label"),
        (("review_months",), "3", "policy/review_months: expected a whole number"),
        (("review_months",), 13, "expected a whole number from 1 to 12"),
        (("step_limit",), 0, "expected a whole number from 1 to 3"),
        (("grace_days",), True, "policy/grace_days: expected a whole number"),
        (("is_ladder",), "no", "policy/is_ladder: expected true or false"),
        (("is_ladder",), False, "where grades are no ladder there is no stay"),
        (("version",), " ", "version of ladder"),
        (("grades", 1, "key"), " ", "policy/grades/1: "),
        (("grace_days",), 1.0, "policy/grace_days: expected a whole number"),
        (("valid_from",), "2017-02-30", "policy/valid_from"),
        (("fields", 0), {"scores": {}}, "policy/fields/0/scores: no key"),
        (("fields", 0), {}, "policy/fields/0: expected one of figure, derived"),
        (("fields", 4, "abc", "cuts", 0), ["X"], "expected a class and its bound"),
        (("fields", 0, "score", "card", "highest"), "1e999999", "card/highest"),
        (("fields", 0, "score", "card", "lowest"), "101", "policy/fields/0/score/card: "),
        (("fields", 0, "score", "card", "groups", 0, "lowest"), "50", "card/groups/0: "),
        (("fields", 0, "score", "card", "groups", 0, "key"), "", "groups/0/key: it must not"),
        ((*LINES, 0, "points"), 3, "lines/0/points: expected a text"),
        ((*LINES, 1, "decay"), {}, "lines/1/decay: expected one of linear"),
        ((*LINES, 1, "decay"), {"linear": 0}, "lines/1/decay: "),
        ((*LINES, 3, "decay", "step", 0), [30], "step/0: expected days and the share"),
        (("fields", 1, "rfm", "name"), "", "policy/fields/1/rfm/name: it must not be empty"),
        (("fields", 1, "rfm", "scheme"), {"kind": "mid_ranks", "parts": 1}, "rfm/scheme/parts"),
        (("fields", 5, "derived", "of"), {"decimal": ["x"]}, "policy/fields/5/derived/of"),
        (("fields", 6, "figure", "measure", "of"), {"values": [1]}, "policy/fields/6/figure"),
        (("services", 0, "hours"), 12.5, "policy/services/0/hours: expected a text"),
        (("services", 0, "hours"), "-1", "policy/services/0: "),
        (("services", 0, "contact_days"), 0, "expected a whole number from 1 to 3,660"),
        (("services", 0, "requirements", 0, "rule"), ..., "the key 'rule' is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    path: tuple[Any, ...],
    value: Any,  # noqa: ANN401 - JSON data
    fault: str,
) -> None:
    """Unknown and missing keys, wrong types, floats and values out of range are refused."""
    with pytest.raises(InvalidDocument) as caught:
        policy_from_data(changed(BASE, path, value))
    assert fault in str(caught.value)


def test_segments_and_tag_rules_survive_json() -> None:
    """Both are a name and a rule; an unknown key, and a name that is none, are refused."""
    segment = Segment(key="west", labels=("West", "西部"), rule=F.region == "West")
    assert read_segment(Node(segment_to_data(segment), "s")) == segment
    rule = TagRule(namespace="auto", name="big", rule=F.revenue_12m >= 50)
    assert read_tag_rule(Node(tag_rule_to_data(rule), "t")) == rule
    with pytest.raises(InvalidDocument, match=r"s/x: no key 'x'"):
        read_segment(Node({**segment_to_data(segment), "x": 1}, "s"))
    with pytest.raises(InvalidDocument, match=r"at t: "):
        read_tag_rule(Node({**tag_rule_to_data(rule), "namespace": "a:b"}, "t"))


def test_lists_may_be_left_out() -> None:
    """Fields, services and labels are optional."""
    data = {key: BASE[key] for key in ("schema", "name", "version", "grades")}
    policy = policy_from_data(data)
    assert (policy.fields, policy.services, policy.labels) == ((), (), ("", ""))
    assert data["schema"] == POLICY_SCHEMA


def test_the_shipped_schema_is_in_step() -> None:
    """The file in the package is what `tools/write_schemas.py` would write now."""
    folder = resources.files("salescore.grading") / "schemas"
    shipped = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert shipped == write_schemas.grading_schema_texts()


def test_the_schema_is_sound_and_written_into_its_own_folder(tmp_path: Path) -> None:
    """It is a schema of its dialect, and the tool writes it beside the others."""
    Draft202012Validator.check_schema(grading_policy_schema())
    write_schemas.main(*(tmp_path / name for name in ("records", "rules", "grading", "funnel")))
    written = (tmp_path / "grading" / "grading-policy.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == grading_policy_schema()
