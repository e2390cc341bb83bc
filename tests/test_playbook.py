"""The playbook: all rules in force, checked against the facts that they are to judge."""

from __future__ import annotations

import json
from datetime import date

import attrs
import pytest
from tests.review.small_review import BOOK

from salescore.book import Facts
from salescore.errors import InvalidDocument
from salescore.grading import (
    GradingPolicy,
    Segment,
    TagRule,
    customer_figure,
    lifecycle_policy,
    policy_to_data,
)
from salescore.playbook import STANDARD_PLAYBOOK, Playbook, check_playbook
from salescore.rules import F

FACTS = Facts.of(BOOK)
LOYAL = Segment(key="loyal", rule=F.orders >= 2, labels=("Loyal", "忠诚"))
PLAYBOOK = Playbook(
    name="ours",
    version="1",
    policies=[lifecycle_policy()],
    fields=[customer_figure("orders")],
    segments=[LOYAL],
    tag_rules=[TagRule(namespace="behaviour", name="loyal", rule=F["segment.loyal"])],
)


def test_a_sound_playbook_has_no_findings() -> None:
    """Neither the standard playbook nor one with segments and tag rules that fit."""
    assert check_playbook(STANDARD_PLAYBOOK, FACTS) == ()
    assert check_playbook(PLAYBOOK, FACTS) == ()


def test_json_round_trip() -> None:
    """Policies, fields, segments and tag rules come back as they were."""
    assert Playbook.from_data(json.loads(json.dumps(PLAYBOOK.as_data()))) == PLAYBOOK


def test_lists_may_be_left_out() -> None:
    """A playbook needs a schema, a name and a version only."""
    data = {"schema": "salescore/playbook/1", "name": "empty", "version": "1"}
    assert Playbook.from_data(data) == Playbook(name="empty", version="1")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"segments": [LOYAL, LOYAL]}, {"segment-twice", "playbook-invalid"}),
        (
            {"segments": [attrs.evolve(LOYAL, rule=F["segment.loyal"])]},
            {"segment-circle", "playbook-invalid"},
        ),
        ({"segments": [attrs.evolve(LOYAL, rule=F.colour == "red")]}, {"playbook-invalid"}),
        (
            {"tag_rules": [TagRule(namespace="a", name="b", rule=F.colour == "red")]},
            {"playbook-invalid"},
        ),
        ({"tag_rules": [TagRule(namespace="a", name="b", rule=F.orders)]}, {"playbook-invalid"}),
        (
            {"policies": [attrs.evolve(lifecycle_policy(), fields=[])]},
            {"grading-rule-invalid"},
        ),
        (
            {
                "policies": [
                    attrs.evolve(lifecycle_policy(), valid_until=date(2024, 6, 1)),
                    attrs.evolve(lifecycle_policy(), version="2", valid_from=date(2024, 5, 1)),
                ]
            },
            {"versions-overlap"},
        ),
        (
            {
                "policies": [
                    attrs.evolve(
                        lifecycle_policy(),
                        fields=[attrs.evolve(customer_figure("orders"), labels=("x", "x"))],
                    )
                ]
            },
            {"playbook-invalid"},
        ),
    ],
)
def test_what_is_wrong_is_found(changes: dict[str, object], codes: set[str]) -> None:
    """Each fault has its finding, and nothing is raised."""
    wrong = attrs.evolve(PLAYBOOK, **changes)
    assert {one.code for one in check_playbook(wrong, FACTS)} == codes


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "playbook"),
        ({"schema": "salescore/playbook/2", "name": "x", "version": "1"}, "playbook/schema"),
        (
            {
                "schema": "salescore/playbook/1",
                "name": "x",
                "version": "1",
                "tag_rules": [{"namespace": "a:b", "name": "c", "rule": True}],
            },
            "playbook/tag_rules/0",
        ),
        (
            {
                "schema": "salescore/playbook/1",
                "name": "x",
                "version": "1",
                "policies": [{**policy_to_data(lifecycle_policy()), "colour": "red"}],
            },
            "playbook/policies/0/colour",
        ),
    ],
)
def test_a_bad_document_is_refused_by_its_place(data: object, place: str) -> None:
    """The error names where in the document the fault stands."""
    with pytest.raises(InvalidDocument) as caught:
        Playbook.from_data(data)
    assert caught.value.path == place


def test_policies_are_of_the_class() -> None:
    """What is read is a policy like one written in Python."""
    (policy,) = Playbook.from_data(PLAYBOOK.as_data()).policies
    assert isinstance(policy, GradingPolicy)
