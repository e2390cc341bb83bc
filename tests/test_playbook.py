"""The playbook: all rules in force, checked against the facts that they are to judge."""

from __future__ import annotations

import json
from datetime import date

import attrs
import pytest
from tests.review.small_review import BOOK

from salescore.book import Facts
from salescore.entities import DocumentKind
from salescore.errors import InvalidDocument, InvalidValue
from salescore.funnel import (
    QUALIFICATION,
    STANDARD_FUNNELS,
    STANDARD_STATUS_TABLES,
    Criterion,
    Funnel,
    QualificationPolicy,
    Stage,
    Status,
    StatusMove,
    StatusTable,
    funnel_to_data,
    qualification_to_data,
    standard_funnel,
    status_table_to_data,
)
from salescore.grading import (
    GradingPolicy,
    Segment,
    TagRule,
    customer_figure,
    lifecycle_policy,
    policy_to_data,
)
from salescore.plain import CustomFields, Kind, custom_field
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


DEAL = standard_funnel("deal")
PROCESS = attrs.evolve(
    PLAYBOOK,
    funnels=[DEAL],
    status_tables=STANDARD_STATUS_TABLES,
    qualification=QUALIFICATION,
)


def test_a_sales_process_is_sound_and_survives_json() -> None:
    """Standard funnels, status tables and questions to leads are sound, and come back."""
    process = attrs.evolve(PROCESS, funnels=STANDARD_FUNNELS)
    assert check_playbook(process, FACTS) == ()
    assert Playbook.from_data(json.loads(json.dumps(process.as_data()))) == process


def test_the_standard_playbook_names_no_funnel() -> None:
    """Nobody's sales are measured against a process that is not theirs."""
    assert STANDARD_PLAYBOOK.funnels == ()
    assert STANDARD_PLAYBOOK.qualification is None
    assert not {"funnels", "status_tables", "qualification"} & set(STANDARD_PLAYBOOK.as_data())


def test_the_funnel_in_force() -> None:
    """Of several versions the one in force on the day counts, on its first and last day too."""
    old = attrs.evolve(DEAL, valid_until=date(2024, 6, 30))
    new = attrs.evolve(DEAL, version="2", valid_from=date(2024, 7, 1))
    process = attrs.evolve(PLAYBOOK, funnels=[old, new, standard_funnel("zoho")])
    assert process.funnel("deal", date(2024, 6, 30)) is old
    assert process.funnel("deal", date(2024, 7, 1)) is new
    assert process.funnel("order", date(2024, 7, 1)) is None
    both = attrs.evolve(PLAYBOOK, funnels=[DEAL, new])
    with pytest.raises(InvalidValue, match="several are in force"):
        both.funnel("deal", date(2024, 7, 1))
    (fault,) = check_playbook(both, FACTS)
    assert fault.code == "versions-overlap"
    assert fault.message.endswith(
        "; the earlier version needs a valid_until before the valid_from of the later one"
    )


def test_versions_that_overlap_are_refused_where_they_are_read() -> None:
    """The place is that of the later version, and the error says what the earlier one lacks."""
    new = attrs.evolve(DEAL, version="2", valid_from=date(2024, 7, 1))
    policies = [
        attrs.evolve(lifecycle_policy(), valid_until=date(2024, 6, 1)),
        attrs.evolve(lifecycle_policy(), version="2", valid_from=date(2024, 5, 1)),
    ]
    for key, changes, days in (
        ("funnels", [DEAL, new], "deal 1 and deal 2 are both in force from 2024-07-01 on"),
        ("funnels", [new, DEAL], "deal 1 and deal 2 are both in force from 2024-07-01 on"),
        ("policies", policies, "are both in force from 2024-05-01 to 2024-06-01"),
    ):
        data = attrs.evolve(PLAYBOOK, **{key: changes}).as_data()
        with pytest.raises(InvalidDocument, match=days) as caught:
            Playbook.from_data(data)
        later = 1 if changes[0] is not new else 0
        assert caught.value.path == f"playbook/{key}/{later}"
        assert "the earlier version needs a valid_until" in str(caught.value)
    with pytest.raises(InvalidDocument, match="is there more than once") as caught:
        Playbook.from_data(attrs.evolve(PLAYBOOK, funnels=[DEAL, DEAL]).as_data())
    assert caught.value.path == "playbook/funnels/1"


def test_days_without_a_version_are_no_reason_to_refuse() -> None:
    """Between versions nobody may sell so: it is read, and is a finding."""
    old = attrs.evolve(DEAL, valid_until=date(2024, 6, 1))
    new = attrs.evolve(DEAL, version="2", valid_from=date(2024, 7, 1))
    process = Playbook.from_data(attrs.evolve(PLAYBOOK, funnels=[old, new]).as_data())
    assert [one.code for one in check_playbook(process, FACTS)] == ["versions-gap"]


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (funnel_to_data(standard_funnel("deal")), "funnels"),
        (policy_to_data(lifecycle_policy()), "policies"),
        (status_table_to_data(STANDARD_STATUS_TABLES[0]), "status_tables"),
        (qualification_to_data(QUALIFICATION), "qualification"),
    ],
)
def test_a_part_is_no_playbook(part: object, key: str) -> None:
    """Who hands in a part of a playbook is told under which key it goes."""
    with pytest.raises(InvalidDocument, match=f"it goes under '{key}' of a playbook") as caught:
        Playbook.from_data(part, "mine.json")
    assert caught.value.path == "mine.json"


def _status_table(**changes: object) -> StatusTable:
    move = {"sources": ["draft"], "target": "off", **changes}
    return StatusTable(
        name="ours",
        version="1",
        records="quotes",
        statuses=[
            Status(key="draft", kind=DocumentKind.DRAFT, labels=("Draft", "草稿")),
            Status(key="off", kind=DocumentKind.VOID, labels=("Off", "作废")),
        ],
        moves=[StatusMove(**move)],  # type: ignore[arg-type]
    )


RED = Criterion(key="red", rule=F.colour == "red")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        (
            {"funnels": [Funnel(name="f", version="1", stages=[Stage(key="x")], transitions=[])]},
            {"funnel-without-end", "funnel-label-missing", "funnel-stage-without-loss"},
        ),
        ({"status_tables": [_status_table(guards=[RED])]}, {"status-rule-invalid"}),
        ({"status_tables": [_status_table(required=["x"])]}, {"status-required-unknown"}),
        ({"status_tables": [_status_table(), _status_table()]}, {"playbook-invalid"}),
        (
            {"qualification": QualificationPolicy(name="q", version="1", required=["colour"])},
            {"playbook-invalid"},
        ),
        (
            {"qualification": QualificationPolicy(name="q", version="1", criteria=[RED])},
            {"playbook-invalid"},
        ),
        (
            {
                "qualification": QualificationPolicy(
                    name="q", version="1", criteria=[Criterion(key="n", rule=F.name)]
                )
            },
            {"playbook-invalid"},
        ),
    ],
)
def test_what_is_wrong_with_a_process_is_found(changes: dict[str, object], codes: set[str]) -> None:
    """Each fault of a funnel, a status table or what is asked of leads has its finding."""
    found = check_playbook(attrs.evolve(PLAYBOOK, **changes), FACTS)
    assert {one.code for one in found} == codes


def test_registered_fields_with_names_of_events_are_told() -> None:
    """Where a registered field has the name of one of the event, nothing can be asked: findings."""
    day = custom_field("event_on", Kind.DATE, "Day of the fair", "展会日期")
    fields = CustomFields.of({name: [day] for name in ("opportunities", "quotes", "leads")})
    facts = Facts.of(attrs.evolve(BOOK, custom_fields=fields))
    process = attrs.evolve(PROCESS, status_tables=[_status_table()])
    found = check_playbook(process, facts)
    assert [one.code for one in found] == ["playbook-invalid"] * 3
    assert [one.subject for one in found] == ["funnels", "status_tables/ours", "qualification"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"funnels": ["x"]}, "playbook/funnels/0"),
        ({"status_tables": [{"schema": "x"}]}, "playbook/status_tables/0"),
        ({"qualification": "x"}, "playbook/qualification"),
    ],
)
def test_a_bad_process_is_refused_by_its_place(data: dict[str, object], place: str) -> None:
    """The error names where in the document the fault stands."""
    with pytest.raises(InvalidDocument) as caught:
        Playbook.from_data({"schema": "salescore/playbook/1", "name": "x", "version": "1", **data})
    assert caught.value.path == place
