"""What is wrong with a policy, all at once, before anybody is graded by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter

from salescore.errors import InexactResult, SalesCoreError
from salescore.grading._policy import Grade, GradingPolicy
from salescore.plain import FieldTable
from salescore.rules import (
    Expression,
    RuleType,
    check_types,
    common_row,
    compile_expression,
    fields_of,
    row_text,
    rule_text,
    unknown_row,
)
from salescore.values import Finding, Severity


def check_policy(policy: GradingPolicy, schema: FieldTable) -> tuple[Finding, ...]:
    """
    Return what is wrong with a policy.

    Args:
        policy: The policy.
        schema: The fields of customers, as `customer_table` gives them with the policy's fields.

    Returns:
        Findings `grade-twice`, `grade-without-entry`, `grade-without-exit`,
        `lowest-grade-has-rule`, `grading-rule-invalid`, `exit-overlaps-entry` with a customer to
        whom both apply, `entry-of-unknown`, `service-without-grade` and `service-twice`.
        Overlaps are looked for at and beside the values that the rules name.
    """
    found: list[Finding] = []
    seen: set[str] = set()
    for rank, one in enumerate(policy.grades):
        if one.key in seen:
            found.append(_error("grade-twice", policy, one.key, "stands there twice"))
        seen.add(one.key)
        found += _shape(policy, one, rank)
        rules = [rule for rule in (one.entry, one.exit) if rule is not None]
        faults = [fault for rule in rules for fault in _rule(policy, one.key, rule, schema)]
        found += faults
        if rank and one.entry is not None and not faults:
            found += _unknown(policy, one.key, one.entry, schema)
            if one.exit is not None:
                found += _overlap(policy, one.key, one.entry, one.exit, schema)
    return (*found, *_services(policy, schema))


def _shape(policy: GradingPolicy, one: Grade, rank: int) -> Iterator[Finding]:
    if rank == 0:
        if one.entry is not None or one.exit is not None:
            fault = "is the lowest, which takes whoever has no other; its rules are never asked"
            yield _error("lowest-grade-has-rule", policy, one.key, fault, Severity.WARNING)
        return
    if one.entry is None:
        fault = "has no rule of entry, so nobody comes into it"
        yield _error("grade-without-entry", policy, one.key, fault)
    if one.exit is None:
        fault = "has no rule of exit, so nobody ever leaves it downwards"
        yield _error("grade-without-exit", policy, one.key, fault)


def _rule(
    policy: GradingPolicy, key: str, rule: Expression, schema: FieldTable
) -> Iterator[Finding]:
    try:
        kind = check_types(rule, schema)
    except SalesCoreError as error:
        fault = f"has a rule that cannot be asked: {error}"
        yield _error("grading-rule-invalid", policy, key, fault)
        return
    if kind is not RuleType.BOOLEAN:
        fault = f"has a rule that is no condition but a {kind.value}: {rule_text(rule)}"
        yield _error("grading-rule-invalid", policy, key, fault)


def _services(policy: GradingPolicy, schema: FieldTable) -> Iterator[Finding]:
    seen: set[str] = set()
    for plan in policy.services:
        if plan.grade not in policy.ranks:
            fault = "has a service plan, but is no grade of the policy"
            yield _error("service-without-grade", policy, plan.grade, fault)
        if plan.grade in seen:
            fault = "has two service plans; the first counts"
            yield _error("service-twice", policy, plan.grade, fault, Severity.WARNING)
        seen.add(plan.grade)
        for one in plan.requirements:
            yield from _rule(policy, plan.grade, one.rule, schema)


def _unknown(
    policy: GradingPolicy, key: str, entry: Expression, schema: FieldTable
) -> Iterator[Finding]:
    """Yield a finding where a customer comes in of whom nothing is known."""
    row = unknown_row(fields_of(entry), schema)
    is_entered = False
    with suppress(InexactResult):
        is_entered = bool(row) and compile_expression(entry, itemgetter)(row) is True
    if is_entered:
        fault = "is entered by a customer of whom nothing is known; unknown should grant nothing"
        yield _error("entry-of-unknown", policy, key, fault, Severity.WARNING)


def _overlap(
    policy: GradingPolicy, key: str, entry: Expression, leaving: Expression, schema: FieldTable
) -> Iterator[Finding]:
    """Yield a finding where some customer would have to come in and to leave at once."""
    witness = common_row(entry, leaving, schema)
    if witness is not None:
        fault = (
            f"is entered and left at once by a customer with {row_text(witness)}; lower its exit, "
            "so that it does not hold where its entry does"
        )
        yield _error("exit-overlaps-entry", policy, key, fault)


def _error(
    code: str,
    policy: GradingPolicy,
    key: str,
    fault: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=f"grade {key!r} of {policy.name} {policy.version} {fault}",
        subject=f"policies/{policy.name}",
    )
