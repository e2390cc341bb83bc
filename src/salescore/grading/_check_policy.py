"""What is wrong with a policy, all at once, before anybody is graded by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, permutations, product
from operator import itemgetter
from typing import Any

from salescore.errors import InexactResult, SalesCoreError
from salescore.grading._policy import Grade, GradingPolicy
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Conjunction,
    Expression,
    Literal,
    RuleType,
    Scalar,
    TagTest,
    TextTest,
    check_types,
    children,
    compile_expression,
    fields_of,
    reach,
    rule_text,
)
from salescore.values import Finding, Severity

_ROWS = 5_000
"""How many made-up customers an overlap of entry and exit is first looked for among."""

_STEP = Decimal("0.01")
_FAR = 36_600
_PIECES = 6


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
    row = {name: _nothing(schema.field(name)) for name in fields_of(entry)}
    is_entered = False
    with suppress(InexactResult):
        is_entered = bool(row) and compile_expression(entry, itemgetter)(row) is True
    if is_entered:
        fault = "is entered by a customer of whom nothing is known; unknown should grant nothing"
        yield _error("entry-of-unknown", policy, key, fault, Severity.WARNING)


def _nothing(field: Field) -> frozenset[str] | None:
    return frozenset() if field.is_set else None


def _overlap(
    policy: GradingPolicy, key: str, entry: Expression, leaving: Expression, schema: FieldTable
) -> Iterator[Finding]:
    """Yield a finding where some customer would have to come in and to leave at once."""
    witness = _witness(entry, leaving, schema)
    if witness is not None:
        shown = ", ".join(f"{name} = {_shown(value)}" for name, value in witness.items())
        fault = (
            f"is entered and left at once by a customer with {shown}; lower its exit, so that it "
            "does not hold where its entry does"
        )
        yield _error("exit-overlaps-entry", policy, key, fault)


def _witness(
    entry: Expression, leaving: Expression, schema: FieldTable
) -> Mapping[str, Any] | None:
    """Return a row on which both rules hold, looked for at and beside the values they name."""
    names = dict.fromkeys((*fields_of(entry), *fields_of(leaving)))
    literals = [*_literals(entry), *_literals(leaving)]
    columns = [list(_values(schema.field(name), literals)) for name in names]
    place = {name: number for number, name in enumerate(names)}

    def reader(name: str) -> Callable[[tuple[Any, ...]], Any]:
        return itemgetter(place[name])

    holds, leaves = compile_expression(entry, reader), compile_expression(leaving, reader)
    for row in islice(product(*columns), _ROWS):
        with suppress(InexactResult):
            if holds(row) and leaves(row):
                return dict(zip(names, row, strict=True))
    nothing = {name: _nothing(schema.field(name)) for name in names}
    both = Conjunction((entry, leaving))
    try:
        check_types(both, schema)
        ways = reach(both, nothing, schema, names, most=1).ways
    except SalesCoreError:  # two rules within the limits can be beyond them together
        return None
    return ways[0].applied(nothing) if ways else None


def _values(field: Field, literals: Iterable[Scalar]) -> Iterator[Any]:
    """Yield values of a field that lie at and beside those that rules name."""
    named = dict.fromkeys(literals)
    if field.is_set:
        yield frozenset(one for one in named if isinstance(one, str))
        yield frozenset()
    elif field.kind is Kind.BOOLEAN:
        yield from (True, False)
    elif field.choices:
        yield from field.choices
    elif field.kind is Kind.DECIMAL:
        numbers = [one for one in named if isinstance(one, Decimal)]
        yield from dict.fromkeys(
            number + step for number in (*numbers, Decimal(0)) for step in (0, _STEP, -_STEP)
        )
    elif field.kind is Kind.DATE:
        days = [one for one in named if isinstance(one, date) and not isinstance(one, datetime)]
        apart = [int(one) for one in named if isinstance(one, Decimal) and abs(one) < _FAR]
        for day in days or [date(2000, 1, 1)]:
            for far in dict.fromkeys((0, *apart, *(-one for one in apart))):
                yield from _days(day.toordinal() + far)
    elif field.kind is Kind.INSTANT:
        yield from (one for one in named if isinstance(one, datetime))
    else:
        texts = [one for one in named if isinstance(one, str)]
        yield from texts
        yield "another"
        # Some text may have to begin with one and end with another.
        yield from map("".join, permutations(texts[:_PIECES], 2))
    yield None


def _days(number: int) -> Iterator[date]:
    """Yield the day of a number and its neighbours, as far as the calendar goes."""
    last = date.max.toordinal()
    yield from (date.fromordinal(one) for one in range(number - 1, number + 2) if 0 < one <= last)


def _literals(rule: Expression) -> Iterator[Scalar]:
    """Yield the values that a rule names."""
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        match one:
            case Literal(value):
                yield value
            case TextTest(_, _, text):
                yield text
            case TagTest(_, _, tags):
                yield from tags
            case _:
                pass
        waiting.extend(children(one))


def _shown(value: Scalar | frozenset[str] | None) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    if value is None:
        return "unknown"
    return repr(value) if isinstance(value, str) else str(value)


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
