"""The playbook: all rules in force, as one frozen versioned bundle."""

from __future__ import annotations

from datetime import date

import attrs

from salescore.book import Facts
from salescore.errors import SalesCoreError
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
from salescore.plain import Node, as_tuple
from salescore.rules import RuleType, check_types, check_versions, in_force
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
    """

    name: str
    version: str
    policies: tuple[GradingPolicy, ...] = attrs.field(default=(), converter=as_tuple)
    fields: tuple[CustomerField, ...] = attrs.field(default=(), converter=as_tuple)
    segments: tuple[Segment, ...] = attrs.field(default=(), converter=as_tuple)
    tag_rules: tuple[TagRule, ...] = attrs.field(default=(), converter=as_tuple)

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
        """Return the playbook as plain JSON data, in the form that `from_data` reads."""
        return {
            "schema": PLAYBOOK_SCHEMA,
            "name": self.name,
            "version": self.version,
            "policies": [policy_to_data(one) for one in self.policies],
            "fields": [field_to_data(one) for one in self.fields],
            "segments": [segment_to_data(one) for one in self.segments],
            "tag_rules": [tag_rule_to_data(one) for one in self.tag_rules],
        }

    @classmethod
    def from_data(cls, data: object, path: str = "playbook") -> Playbook:
        """
        Return the playbook that plain JSON data describe.

        Args:
            data: What `as_data` gives; lists may be left out.
            path: Where the data stand, for error messages.

        Raises:
            InvalidDocument: A key is unknown or missing, or a value is wrong.
        """
        node = Node(data, path)
        lists = ("policies", "fields", "segments", "tag_rules")
        keys = node.object(("schema", "name", "version", *lists), ("schema", "name", "version"))
        keys["schema"].choice((PLAYBOOK_SCHEMA,), "schema of a playbook")
        items = {name: keys[name].items() if name in keys else [] for name in lists}
        return cls(
            name=keys["name"].text(),
            version=keys["version"].text(),
            policies=map(read_policy, items["policies"]),
            fields=map(read_field, items["fields"]),
            segments=map(read_segment, items["segments"]),
            tag_rules=map(read_tag_rule, items["tag_rules"]),
        )


STANDARD_PLAYBOOK = Playbook(name="standard", version="1", policies=STANDARD_POLICIES)
"""
The standard policies, as they ship.

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
        The findings of every policy, segment and tag rule, and of the versions of policies.
    """
    found: list[Finding] = [*check_segments(playbook.segments)]
    found += check_versions(playbook.policies)
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
        try:
            kind = check_types(rule.rule, schema)
        except SalesCoreError as error:
            found.append(_invalid(f"tag_rules/{rule.key}", f"tag rule {rule.key}: {error}"))
            continue
        if kind is not RuleType.BOOLEAN:
            message = f"tag rule {rule.key} is no condition but a {kind.value}"
            found.append(_invalid(f"tag_rules/{rule.key}", message))
    return tuple(found)


def _invalid(subject: str, message: str) -> Finding:
    return Finding(
        code="playbook-invalid", severity=Severity.ERROR, message=message, subject=subject
    )
