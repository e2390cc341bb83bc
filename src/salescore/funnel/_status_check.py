"""What is wrong with a status table, all at once, before anything is moved by it."""

from __future__ import annotations

from collections.abc import Iterator

from salescore.entities import DocumentKind
from salescore.errors import SalesCoreError
from salescore.funnel._routes import backwards, reached
from salescore.funnel._status_table import StatusTable
from salescore.plain import FieldTable
from salescore.rules import RuleType, check_types, rule_text
from salescore.values import Finding, Severity

_DONE = (DocumentKind.CLOSED, DocumentKind.VOID)


def check_status_table(
    table: StatusTable, schema: FieldTable, records: FieldTable | None = None
) -> tuple[Finding, ...]:
    """
    Return what is wrong with a status table.

    Args:
        table: The table.
        schema: The fields that its guards can read, as `record_schema` gives them.
        records: The field table of its documents, with registered fields, against which required
            fields are held; `None` for our own fields.

    Returns:
        Findings `status-unreachable` (no moves lead there from the first), `status-trap` (no moves
        lead to an end), `status-rule-invalid`, `status-required-unknown` and
        `status-label-missing`.
    """
    return (
        *_shape(table),
        *_rules(table, schema),
        *_required(table, records or table.table),
        *_words(table),
    )


def _shape(table: StatusTable) -> Iterator[Finding]:
    ways = {one.key: frozenset(table.targets(one.key)) for one in table.statuses}
    first = table.statuses[0].key
    found = reached(ways, [first])
    ends = [one.key for one in table.statuses if one.kind in _DONE]
    ending = reached(backwards(ways), ends)
    for one in table.statuses:
        name = f"status {one.key!r}"
        if one.key not in found:
            text = f"is reached from {first!r} by no moves"
            yield _fault("status-unreachable", table, name, text, Severity.WARNING)
        if one.key not in ending:
            text = "is a trap: from there no moves lead to a status that is closed or void"
            yield _fault("status-trap", table, name, text)


def _rules(table: StatusTable, schema: FieldTable) -> Iterator[Finding]:
    for move in table.moves:
        for guard in move.guards:
            name = f"guard {guard.key!r} of the move to {move.target!r}"
            try:
                is_condition = check_types(guard.rule, schema) is RuleType.BOOLEAN
            except SalesCoreError as error:
                yield _fault("status-rule-invalid", table, name, f"cannot be asked: {error}")
                continue
            if not is_condition:
                text = f"is no condition: {rule_text(guard.rule)}"
                yield _fault("status-rule-invalid", table, name, text)


def _required(table: StatusTable, records: FieldTable) -> Iterator[Finding]:
    for move in table.moves:
        for required in move.required:
            if required not in records:
                text = f"requires {required!r}, which {table.records} do not have"
                name = f"move to {move.target!r}"
                yield _fault("status-required-unknown", table, name, text)


def _words(table: StatusTable) -> Iterator[Finding]:
    for one in table.statuses:
        for label, language in zip(one.labels, ("English", "Chinese"), strict=True):
            if not label.strip():
                text = f"has no {language} label"
                name = f"status {one.key!r}"
                yield _fault("status-label-missing", table, name, text, Severity.INFO)


def _fault(
    code: str, table: StatusTable, name: str, text: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=f"{name} of {table.title} {text}",
        subject=f"status_tables/{table.name}",
    )
