"""The playbook: all rules in force, as one frozen versioned bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

import attrs

from salescore.book import Facts
from salescore.errors import SalesCoreError
from salescore.funnel import (
    CLAUSE_FIELDS,
    DELIVERY_FIELDS,
    Funnel,
    QualificationPolicy,
    StatusTable,
    check_funnel,
    check_status_table,
    funnel_to_data,
    guard_schema,
    qualification_to_data,
    read_funnel,
    read_qualification,
    read_status_table,
    record_schema,
    status_table_to_data,
)
from salescore.grading import (
    STANDARD_POLICIES,
    CustomerField,
    GradingPolicy,
    Segment,
    TagRule,
    check_policy,
    check_segments,
    customer_table,
    field_to_data,
    policy_to_data,
    read_field,
    read_policy,
    read_segment,
    read_tag_rule,
    segment_fields,
    segment_to_data,
    standard_policies,
    tag_rule_to_data,
)
from salescore.plain import FieldTable, Node, as_tuple
from salescore.rules import Expression, RuleType, check_types, check_versions, in_force
from salescore.values import Finding, Severity

__all__ = [
    "PLAYBOOK_SCHEMA",
    "STANDARD_PLAYBOOK",
    "Playbook",
    "check_playbook",
    "standard_playbook",
]

PLAYBOOK_SCHEMA = "salescore/playbook/1"
"""What the key `schema` of a playbook says."""

_LISTS = ("policies", "fields", "segments", "tag_rules", "funnels", "status_tables")
_PARTS = {
    "salescore/funnel/": ("a funnel", "funnels"),
    "salescore/grading-policy/": ("a grading policy", "policies"),
    "salescore/status-table/": ("a status table", "status_tables"),
    "salescore/qualification/": ("what is asked of leads", "qualification"),
}
_OVERLAP = "; the earlier version needs a valid_until before the valid_from of the later one"
_FACTS_OF_GUARDS = {"contracts": CLAUSE_FIELDS, "orders": DELIVERY_FIELDS}


@attrs.frozen(kw_only=True)
class Playbook:
    """
    All rules in force.

    Attributes:
        name: What reports call it.
        version: Its version; another one is another playbook.
        policies: Grading policies, of which one name may have several versions in turn.
        fields: What segments and tag rules read beyond the records of customers.
        segments: Segments of customers.
        tag_rules: Rules that give customers tags.
        funnels: Sales processes, of which one name may have several versions in turn.
        status_tables: How quotes, contracts and orders move from state to state.
        qualification: What must be known of a lead before it is worth pursuing; `None` where the
            playbook says nothing of it.
    """

    name: str
    version: str
    policies: tuple[GradingPolicy, ...] = attrs.field(default=(), converter=as_tuple)
    fields: tuple[CustomerField, ...] = attrs.field(default=(), converter=as_tuple)
    segments: tuple[Segment, ...] = attrs.field(default=(), converter=as_tuple)
    tag_rules: tuple[TagRule, ...] = attrs.field(default=(), converter=as_tuple)
    funnels: tuple[Funnel, ...] = attrs.field(default=(), converter=as_tuple)
    status_tables: tuple[StatusTable, ...] = attrs.field(default=(), converter=as_tuple)
    qualification: QualificationPolicy | None = None

    def policy(self, name: str, on: date) -> GradingPolicy | None:
        """
        Return the version of a policy that is in force on a day, ready to grade.

        Its fields come behind those of the playbook and its segments, so that its rules can read
        them; what both declare alike stands there once.

        Args:
            name: Name of the policy.
            on: The day.

        Returns:
            `None` where no version is in force.

        Raises:
            InvalidValue: Two versions are in force at once, or segments cannot be asked.
        """
        found = in_force(self.policies, on, name)
        return None if found is None else self.completed(found)

    def funnel(self, name: str, on: date) -> Funnel | None:
        """
        Return the version of a funnel that new opportunities take on a day.

        What began under another version goes on under it until it is migrated.

        Args:
            name: Name of the funnel.
            on: The day.

        Returns:
            `None` where no version is in force.

        Raises:
            InvalidValue: Two versions are in force at once.
        """
        return in_force(self.funnels, on, name)

    def completed(self, policy: GradingPolicy) -> GradingPolicy:
        """
        Return a policy with the fields of the playbook, and its segments, before its own.

        Args:
            policy: One of the policies.

        Raises:
            InvalidValue: Segments build on each other in a circle, or on one that there is not.
        """
        shared = (*self.fields, *segment_fields(self.segments))
        own = tuple(one for one in policy.fields if one not in shared)
        return attrs.evolve(policy, fields=(*shared, *own))

    def as_data(self) -> dict[str, object]:
        """
        Return the playbook as plain JSON data, in the form that `from_data` reads.

        Of what concerns the sales process, only what there is has a key.
        """
        found: dict[str, object] = {
            "schema": PLAYBOOK_SCHEMA,
            "name": self.name,
            "version": self.version,
            "policies": [policy_to_data(one) for one in self.policies],
            "fields": [field_to_data(one) for one in self.fields],
            "segments": [segment_to_data(one) for one in self.segments],
            "tag_rules": [tag_rule_to_data(one) for one in self.tag_rules],
        }
        if self.funnels:
            found["funnels"] = [funnel_to_data(one) for one in self.funnels]
        if self.status_tables:
            found["status_tables"] = [status_table_to_data(one) for one in self.status_tables]
        if self.qualification is not None:
            found["qualification"] = qualification_to_data(self.qualification)
        return found

    @classmethod
    def from_data(cls, data: object, path: str = "playbook") -> Playbook:
        """
        Return the playbook that plain JSON data describe.

        Args:
            data: What `as_data` gives; lists may be left out.
            path: Where the data stand, for error messages.

        Raises:
            InvalidDocument: A key is unknown or missing, a value is wrong, the data are no playbook
                but a part of one, or two versions of a policy or funnel are in force on one day.
        """
        node = Node(data, path)
        _refuse_a_part(node)
        required = ("schema", "name", "version")
        keys = node.object((*required, *_LISTS, "qualification"), required)
        keys["schema"].choice((PLAYBOOK_SCHEMA,), "schema of a playbook")
        items = {name: keys[name].items() if name in keys else [] for name in _LISTS}
        leads = keys.get("qualification")
        policies = tuple(map(read_policy, items["policies"]))
        funnels = tuple(map(read_funnel, items["funnels"]))
        _refuse_overlaps(items["policies"], policies)
        _refuse_overlaps(items["funnels"], funnels)
        return cls(
            name=keys["name"].text(),
            version=keys["version"].text(),
            policies=policies,
            fields=map(read_field, items["fields"]),
            segments=map(read_segment, items["segments"]),
            tag_rules=map(read_tag_rule, items["tag_rules"]),
            funnels=funnels,
            status_tables=map(read_status_table, items["status_tables"]),
            qualification=None if leads is None else read_qualification(leads),
        )


def _refuse_a_part(node: Node) -> None:
    """Refuse what is no playbook but belongs into one, and say where."""
    found = node.data
    if not isinstance(found, dict):
        return
    schema = str(cast("dict[str, object]", found).get("schema"))
    for start, (kind, key) in _PARTS.items():
        if schema.startswith(start):
            node.refuse(f"this is {kind}, not a playbook; it goes under {key!r} of a playbook")


def _refuse_overlaps(nodes: Sequence[Node], versions: Sequence[GradingPolicy | Funnel]) -> None:
    """Refuse versions of which nobody could say which is in force."""
    for fault in _version_faults(versions):
        if fault.severity is Severity.ERROR:
            subjects: list[str | None] = [f"{one.name}/{one.version}" for one in versions]
            # Of a version that is there more than once the last one is too many.
            place = len(subjects) - 1 - subjects[::-1].index(fault.subject)
            nodes[place].refuse(fault.message)


def _version_faults(versions: Sequence[GradingPolicy | Funnel]) -> Iterator[Finding]:
    """Yield what is wrong with the days of versions, and how overlaps are mended."""
    for fault in check_versions(versions):
        hint = _OVERLAP if fault.code == "versions-overlap" else ""
        yield attrs.evolve(fault, message=fault.message + hint)


STANDARD_PLAYBOOK = Playbook(name="standard", version="1", policies=STANDARD_POLICIES)
"""
The standard policies, as they ship.

It names no funnel: how a business sells shows in its stages, and under those of another one its
sales would be measured against a process that nobody there follows.

:meta hide-value:
"""


def standard_playbook(facts: Facts) -> Playbook:
    """
    Return the standard policies by figures that a book can tell.

    Args:
        facts: The fact tables; a book without sales is graded by what was won.
    """
    return attrs.evolve(STANDARD_PLAYBOOK, policies=standard_policies(facts))


def check_playbook(playbook: Playbook, facts: Facts) -> tuple[Finding, ...]:
    """
    Return what is wrong with a playbook, against the facts that it is to judge.

    Args:
        playbook: The rules.
        facts: The fact tables whose columns they read.

    Returns:
        The findings of every policy, segment, tag rule, funnel and status table, of what is asked
        of leads, and of the versions of policies and of funnels.
    """
    return (
        *_grading_faults(playbook, facts),
        *_version_faults(playbook.funnels),
        *_funnel_faults(playbook, facts),
        *_status_faults(playbook, facts),
        *_lead_faults(playbook.qualification, facts),
    )


def _grading_faults(playbook: Playbook, facts: Facts) -> list[Finding]:
    found: list[Finding] = [*check_segments(playbook.segments)]
    found += _version_faults(playbook.policies)
    for policy in playbook.policies:
        subject = f"policies/{policy.name}"
        try:
            schema = customer_table(facts, playbook.completed(policy).fields).schema
        except SalesCoreError as error:
            found.append(_invalid(subject, f"policy {policy.name} {policy.version}: {error}"))
        else:
            found += check_policy(policy, schema)
    try:
        fields = (*playbook.fields, *segment_fields(playbook.segments))
        schema = customer_table(facts, fields).schema
    except SalesCoreError as error:
        found.append(_invalid("segments", f"segments cannot be asked: {error}"))
        schema = facts.schema("customers")
    for rule in playbook.tag_rules:
        name = f"tag rule {rule.key}"
        found += _condition_faults(rule.rule, schema, f"tag_rules/{rule.key}", name)
    return found


def _condition_faults(
    rule: Expression, schema: FieldTable, subject: str, name: str
) -> Iterator[Finding]:
    """Yield why a rule is no condition that can be asked, if it is none."""
    try:
        kind = check_types(rule, schema)
    except SalesCoreError as error:
        yield _invalid(subject, f"{name}: {error}")
    else:
        if kind is not RuleType.BOOLEAN:
            yield _invalid(subject, f"{name} is no condition but a {kind.value}")


def _funnel_faults(playbook: Playbook, facts: Facts) -> Iterator[Finding]:
    if not playbook.funnels:
        return
    records = facts.known.book.table("opportunities")
    try:
        schema = guard_schema(facts.schema("opportunities"))
    except SalesCoreError as error:
        yield _invalid("funnels", f"criteria of funnels cannot be asked: {error}")
        return
    for funnel in playbook.funnels:
        yield from check_funnel(funnel, schema, records)


def _status_faults(playbook: Playbook, facts: Facts) -> Iterator[Finding]:
    for name, n in Counter(one.name for one in playbook.status_tables).items():
        if n > 1:
            subject = f"status_tables/{name}"
            yield _invalid(subject, f"{n} status tables are called {name}: which holds is unknown")
    for table in playbook.status_tables:
        records = facts.known.book.table(table.records)
        try:
            schema = record_schema(records, _FACTS_OF_GUARDS.get(table.records, ()))
        except SalesCoreError as error:
            subject = f"status_tables/{table.name}"
            yield _invalid(subject, f"guards of {table.title} cannot be asked: {error}")
        else:
            yield from check_status_table(table, schema, records)


def _lead_faults(policy: QualificationPolicy | None, facts: Facts) -> Iterator[Finding]:
    if policy is None:
        return
    records = facts.known.book.table("leads")
    for name in policy.required:
        if name not in records:
            text = f"{policy.title} requires {name!r}, which leads do not have"
            yield _invalid("qualification", text)
    try:
        schema = record_schema(records)
    except SalesCoreError as error:
        yield _invalid("qualification", f"criteria of {policy.title} cannot be asked: {error}")
        return
    for one in policy.criteria:
        text = f"criterion {one.key!r} of {policy.title}"
        yield from _condition_faults(one.rule, schema, "qualification", text)


def _invalid(subject: str, message: str) -> Finding:
    return Finding(
        code="playbook-invalid", severity=Severity.ERROR, message=message, subject=subject
    )
