"""Status tables and policies of qualification as JSON: there and back, by their schema."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.funnel.test_funnel_json import OTHERS, changed, places

from salescore.entities import DocumentKind, LeadKind
from salescore.errors import InvalidDocument
from salescore.funnel import (
    QUALIFICATION,
    QUALIFICATION_SCHEMA,
    STANDARD_STATUS_TABLES,
    STATUS_TABLE_SCHEMA,
    Criterion,
    QualificationPolicy,
    Status,
    StatusMove,
    StatusTable,
    qualification_from_data,
    qualification_schema,
    qualification_to_data,
    status_table_from_data,
    status_table_schema,
    status_table_to_data,
)
from salescore.rules import F
from salescore.testing import instances

TABLES: Any = Draft202012Validator(status_table_schema())
POLICIES: Any = Draft202012Validator(qualification_schema())
CRITERION = Criterion(key="numbered", rule=~F.number.is_null(), labels=("Has a number", "有编号"))
TABLE = StatusTable(
    name="full",
    version="3",
    records="quotes",
    labels=("Quotes", "报价单"),
    statuses=[
        Status(key="draft", kind=DocumentKind.DRAFT, labels=("Draft", "草稿")),
        Status(key="off", kind=DocumentKind.VOID),
    ],
    moves=[
        StatusMove(
            sources=["draft"],
            target="off",
            guards=[CRITERION],
            required=["customer_id"],
            roles=["manager"],
            needs_reason=True,
            sets="voided_on",
            clears=["accepted_on"],
        ),
        StatusMove(sources=["off"], target="draft"),
    ],
    override_roles=["manager"],
    source="a book",
)
"""A status table in which everything is said that can be."""

POLICY = QualificationPolicy(
    name="full",
    version="2",
    required=["phone", "needs"],
    criteria=[Criterion(key="domain", rule=F.business_domain == "retail")],
    override_roles=["manager"],
    words=[(LeadKind.QUALIFIED, "hot"), (LeadKind.OPEN, "new")],
    source="a book",
)
"""A policy in which everything is said that can be."""

BARE = QualificationPolicy(name="bare", version="1")


@pytest.mark.parametrize("table", [*STANDARD_STATUS_TABLES, TABLE], ids=lambda one: one.name)
def test_status_tables_survive_json(table: StatusTable) -> None:
    """What is written as text is read back equal, and fits the schema."""
    data = json.loads(json.dumps(status_table_to_data(table)))
    assert status_table_from_data(data) == table
    TABLES.validate(data)


@pytest.mark.parametrize("policy", [QUALIFICATION, POLICY, BARE], ids=lambda one: one.name)
def test_policies_survive_json(policy: QualificationPolicy) -> None:
    """What is written as text is read back equal, the order of words too, and fits the schema."""
    data = json.loads(json.dumps(qualification_to_data(policy)))
    assert qualification_from_data(data) == policy
    POLICIES.validate(data)


@given(instances(StatusTable), instances(QualificationPolicy))
def test_any_of_them_survives_json(table: StatusTable, policy: QualificationPolicy) -> None:
    """States, moves and words of every form come back equal."""
    data = json.loads(json.dumps([status_table_to_data(table), qualification_to_data(policy)]))
    assert (status_table_from_data(data[0]), qualification_from_data(data[1])) == (table, policy)
    TABLES.validate(data[0])
    POLICIES.validate(data[1])


def test_everything_is_written() -> None:
    """No field of a full table or policy is left out, and of a bare one nothing is written."""
    table: Any = status_table_to_data(TABLE)
    schema: Any = status_table_schema()["properties"]
    assert set(table) == set(schema)
    assert set(table["moves"][0]) == set(schema["moves"]["items"]["properties"])
    assert set(table["statuses"][0]) == set(schema["statuses"]["items"]["properties"])
    policy: Any = qualification_schema()["properties"]
    assert set(qualification_to_data(POLICY)) == set(policy)
    assert qualification_to_data(BARE) == {
        "schema": QUALIFICATION_SCHEMA,
        "name": "bare",
        "version": "1",
    }


WRITTEN = json.loads(json.dumps([status_table_to_data(TABLE), qualification_to_data(POLICY)]))


@settings(max_examples=300)
@given(st.data(), st.booleans())
def test_what_does_not_fit_the_schema_is_never_read(data: st.DataObject, is_table: bool) -> None:  # noqa: FBT001 - drawn
    """With any part replaced or taken out it is refused as a document, or fits."""
    written = WRITTEN[0] if is_table else WRITTEN[1]
    path = data.draw(st.sampled_from(places(written)))
    broken = changed(written, path, data.draw(st.sampled_from(OTHERS)))
    try:
        _ = status_table_from_data(broken) if is_table else qualification_from_data(broken)
    except InvalidDocument:
        return
    validator = TABLES if is_table else POLICIES
    assert validator.is_valid(broken), list(validator.iter_errors(broken))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("schema",), "salescore/funnel/1", "status_table/schema: no schema of a status table"),
        (("records",), "leads", "status_table/records: no record type of a status table 'leads'"),
        (("statuses",), [], "at status_table: statuses of full"),
        (("statuses", 0, "kind"), "won", "statuses/0/kind: no kind of a status 'won'"),
        (("moves", 0, "sets"), "number", "at status_table: no date of quotes 'number'"),
        (("moves", 0, "target"), "draft", "moves/0: sources to draft"),
        (("moves", 0, "when"), "now", "moves/0/when: no key 'when'"),
        (("moves", 0, "guards", 0, "rule"), {"=": [1, 1]}, "moves/0/guards/0/rule"),
        (("statuses", 0, "labels"), ["Draft"], "expected an English and a Chinese label"),
    ],
)
def test_each_fault_of_a_table_is_refused_with_its_place(
    path: tuple[Any, ...],
    value: Any,  # noqa: ANN401 - JSON data
    fault: str,
) -> None:
    """The error names the place and the fault."""
    with pytest.raises(InvalidDocument) as caught:
        status_table_from_data(changed(WRITTEN[0], path, value))
    assert fault in str(caught.value)
    assert STATUS_TABLE_SCHEMA == "salescore/status-table/1"


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("schema",), "x", "qualification/schema: no schema of a policy of qualification"),
        (("words", "won"), "x", "qualification/words/won: no key 'won'"),
        (("words", "open"), "", "qualification/words/open: it must not be empty"),
        (("words", "open"), " ", "word for open of full"),
        (("required",), ["a", "a"], "qualification/required: a text stands twice"),
        (("version",), ..., "qualification: the key 'version' is missing"),
    ],
)
def test_each_fault_of_a_policy_is_refused_with_its_place(
    path: tuple[Any, ...],
    value: Any,  # noqa: ANN401 - JSON data
    fault: str,
) -> None:
    """The error names the place and the fault."""
    with pytest.raises(InvalidDocument) as caught:
        qualification_from_data(changed(WRITTEN[1], path, value))
    assert fault in str(caught.value)


def test_the_schemas_are_sound() -> None:
    """Both are schemas of their dialect."""
    Draft202012Validator.check_schema(status_table_schema())
    Draft202012Validator.check_schema(qualification_schema())
