"""What an import found, as a page of text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from salescore.entities import record_table
from salescore.exchange import ColumnTotal, FileReport, Import
from salescore.metrics import MONEY
from salescore.render import NOTHING, Language, text_table
from salescore.review._cells import on_lines
from salescore.review._words import severities
from salescore.values import Finding, Place, Severity

SCHEMA = "salescore/check/1"
_MOST_PER_KIND = 20
_THRESHOLDS = ("minimum_quantity", "reorder_point")


def check_data(imported: Import) -> dict[str, object]:
    """
    Return what an import read, accepted and refused, with all findings, as plain JSON data.

    Args:
        imported: The import.
    """
    return {
        "schema": SCHEMA,
        "files": [_file(report) for report in imported.files],
        "findings": [finding.as_data() for finding in imported.check()],
    }


def _file(report: FileReport) -> dict[str, object]:
    return {
        "file": report.file,
        "rows": report.rows,
        "blank": report.blank,
        "refused": report.is_refused,
        "records": [
            {
                "record": one.record,
                "read": one.read,
                "accepted": one.accepted,
                "refused": one.refused,
                "merged": one.merged,
                "filtered": one.filtered,
                "totals": [
                    {
                        "field": total.field,
                        "currency": total.currency,
                        "accepted": format(total.accepted, "f"),
                        "refused": format(total.refused, "f"),
                    }
                    for total in one.totals
                ],
            }
            for one in report.records
        ],
    }


def check_text(imported: Import) -> str:
    """
    Return what an import read, accepted and refused, with its findings by kind, as a page of text.

    Args:
        imported: The import.
    """
    rows = [
        [
            report.file if place == 0 else "",
            one.record,
            *(f"{count:,}" for count in (one.read, one.accepted, one.refused)),
            *(f"{count:,}" for count in (one.merged, one.filtered)),
        ]
        for report in imported.files
        for place, one in enumerate(report.records)
    ]
    rows += [
        [report.file, "refused", *[NOTHING] * 5] for report in imported.files if report.is_refused
    ]
    sections = [
        text_table(
            ["FILE", "records", "read", "accepted", "refused", "merged", "left out"],
            rows,
            widest=40,
        ),
        *_totals(imported),
        *_findings(imported.check()),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _totals(imported: Import) -> Iterator[list[str]]:
    rows = [
        [
            f"{one.record}.{total.field}",
            total.currency or NOTHING,
            f"{total.accepted:,f}",
            f"{total.refused:,f}",
        ]
        for report in imported.files
        for one in report.records
        for total in one.totals
        if _is_told(one.record, total)
    ]
    if rows:
        yield text_table(["TOTALS", "currency", "accepted", "refused"], rows, widest=40)


def _is_told(record: str, total: ColumnTotal) -> bool:
    """Return whether a sum is above nothing, and of what can be summed: amounts and quantities."""
    if not (total.accepted or total.refused):
        return False
    table = record_table(record)
    if total.field not in table:  # a registered number may be anything, registered money is money
        return total.currency is not None
    is_level = record == "targets" or total.field in _THRESHOLDS
    return table.field(total.field).unit in (MONEY, "units") and not is_level


def _findings(findings: tuple[Finding, ...]) -> Iterator[list[str]]:
    if not findings:
        yield ["FINDINGS", "  none"]
        return
    yield [f"FINDINGS: {severities(Language.EN, findings)}"]
    order = list(Severity)

    def kind(one: Finding) -> tuple[int, str]:
        return order.index(one.severity), one.code

    for (_, code), group in groupby(sorted(findings, key=kind), key=kind):
        found = list(group)
        lines = [f"{found[0].severity.value}: {code} ({len(found):,})"]
        for one in found[:_MOST_PER_KIND]:
            lines += on_lines(f"{place_text(one.place)}{one.message}", first="  ")
        if len(found) > _MOST_PER_KIND:
            lines.append(
                f"  … {len(found) - _MOST_PER_KIND:,} more; `--format json` lists them all"
            )
        yield lines


def place_text(place: Place | None) -> str:
    """Return where something was found, to stand before what was found."""
    if place is None:
        return ""
    row = "" if place.row is None else f", row {place.row:,}"
    column = "" if place.column is None else f", column {place.column}"
    return f"{place.file}{row}{column}: "
