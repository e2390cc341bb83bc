"""What an import found, as a page and as plain data."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from salescore.book import SalesBook
from salescore.exchange import ColumnTotal, FileReport, Import, RecordReport, read_folder
from salescore.render import text_width
from salescore.review import check_data, check_text
from salescore.values import Finding, Place, Severity


def imported(*findings: Finding, files: tuple[FileReport, ...] = ()) -> Import:
    """Return an import of nothing with findings."""
    return Import(book=SalesBook(), findings=findings, files=files)


def bad(number: int, severity: Severity = Severity.ERROR, code: str = "bad-cell") -> Finding:
    """Return a finding in a cell."""
    return Finding(
        code=code,
        severity=severity,
        message=f"Cell {number} is bad.",
        place=Place("orders.csv", number, "net_amount", "x"),
    )


def total(field: str, currency: str | None, accepted: Decimal, refused: Decimal) -> ColumnTotal:
    """Return the sums of a column."""
    return ColumnTotal(field=field, currency=currency, accepted=accepted, refused=refused)


REPORT = FileReport(
    file="order_lines.csv",
    rows=1234,
    blank=2,
    records=(
        RecordReport(
            record="orders",
            read=1234,
            accepted=1000,
            refused=34,
            merged=200,
            filtered=0,
        ),
        RecordReport(
            record="order_lines",
            read=1234,
            accepted=1200,
            refused=34,
            merged=0,
            filtered=0,
            totals=(
                total("net_amount", "USD", Decimal("12345.60"), Decimal("1E+3")),
                total("quantity", None, Decimal(7), Decimal(0)),
                total("discount", None, Decimal(0), Decimal(0)),
            ),
        ),
    ),
)


def test_the_page() -> None:
    """Files with what became of their rows, sums, then the findings, the gravest kind first."""
    refused = FileReport(file="teams.csv", is_refused=True)
    whole_file = Finding(
        code="encoding", severity=Severity.ERROR, message="No.", place=Place("teams.csv")
    )
    nowhere = Finding(code="aside", severity=Severity.WARNING, message="Well.")
    found = imported(nowhere, bad(1234), whole_file, files=(REPORT, refused))
    assert check_text(found) == GOLDEN


GOLDEN = """\
FILE                 records   read  accepted  refused  merged  left out
────────────────────────────────────────────────────────────────────────
order_lines.csv       orders  1,234     1,000       34     200         0
                 order_lines  1,234     1,200       34       0         0
teams.csv            refused      –         –        –       –         –

TOTALS                  currency   accepted  refused
────────────────────────────────────────────────────
order_lines.net_amount       USD  12,345.60    1,000
order_lines.quantity           –          7        0

FINDINGS: 2 errors, 1 warning

error: bad-cell (1)
  orders.csv, row 1,234, column net_amount: Cell 1234 is bad.

error: encoding (1)
  teams.csv: No.

warning: aside (1)
  Well.
"""


@pytest.mark.parametrize(("count", "shown"), [(20, 20), (21, 20), (50, 20)])
def test_long_lists_of_findings_are_cut(count: int, shown: int) -> None:
    """At most twenty of a kind are shown, and the page says how many more there are."""
    text = check_text(imported(*(bad(number) for number in range(2, 2 + count))))
    lines = text.split("\n")
    assert sum("is bad." in line for line in lines) == shown
    assert any(line.startswith(f"  … {count - shown} more") for line in lines) == (count > shown)
    assert f"bad-cell ({count})" in text


def test_nothing_found() -> None:
    """Without findings the page says so; without totals it has no table of them."""
    text = check_text(imported(files=(FileReport(file="orders.csv"),)))
    assert text.endswith("FINDINGS\n  none\n")
    assert "TOTALS" not in text


def test_severities_are_counted() -> None:
    """The heading counts the findings by severity and leaves out those that there are none of."""
    text = check_text(imported(bad(1), bad(2), bad(3, Severity.INFO, "note")))
    assert "FINDINGS: 2 errors, 1 info" in text
    assert "warning" not in text


def test_a_long_message_is_told_to_its_end() -> None:
    """A message goes on on further lines of the page, so that the advice at its end is read."""
    long = attrs.evolve(bad(7), message=f"{'It is not what it should be; ' * 12}write 2024-01-31.")
    lines = check_text(imported(long)).split("\n")
    assert max(map(text_width, lines)) <= 100
    assert " ".join(" ".join(lines).split()).endswith("should be; write 2024-01-31.")


def test_only_what_can_be_summed_is_summed() -> None:
    """
    The page tells sums of amounts and quantities, the data tell all.

    Discounts, rates, prices, thresholds and targets add up to nothing that anybody could check,
    nor does a registered number that may be anything; registered money does.
    """
    one = Decimal(1)
    told = {
        "order_lines": [("quantity", None), ("net_amount", "USD"), ("bonus", "USD")],
        "opportunities": [("amount", "USD")],
    }
    untold = {
        "order_lines": [("discount", None), ("height", None)],
        "opportunities": [("probability", None)],
        "opportunity_lines": [("unit_price", "USD")],
        "price_book_entries": [("price", "USD"), ("minimum_quantity", None)],
        "stock_items": [("reorder_point", None)],
        "exchange_rates": [("rate", None)],
        "targets": [("amount", "USD"), ("value", None)],
    }
    reports = [
        RecordReport(
            record=record,
            read=1,
            accepted=1,
            refused=0,
            merged=0,
            filtered=0,
            totals=tuple(total(field, currency, one, one) for field, currency in fields),
        )
        for group in (told, untold)
        for record, fields in group.items()
    ]
    found = imported(files=(FileReport(file="all.csv", records=tuple(reports)),))
    table = check_text(found).partition("TOTALS")[2].partition("\n\n")[0].split("\n")[2:]
    assert [line.split()[0] for line in table] == [
        f"{record}.{field}" for record, fields in told.items() for field, _ in fields
    ]
    (file,) = check_data(found)["files"]  # type: ignore[misc]
    assert sum(len(record["totals"]) for record in file["records"]) == 14  # type: ignore[index]


def test_a_long_or_evil_message_keeps_to_its_lines() -> None:
    """A word wider than the page is cut, and control characters do nothing."""
    evil = Finding(
        code="bad-cell",
        severity=Severity.ERROR,
        message="\x1b[2J\n" + "华" * 300,
        place=Place("orders\n.csv", 5, "\x1b[31m", "x"),
    )
    text = check_text(imported(evil))
    assert max(map(text_width, text.split("\n"))) <= 100
    assert not {letter for letter in text if not letter.isprintable()} - {"\n"}


def test_the_data() -> None:
    """As data nothing is cut: every file, sum and finding; decimals are plain text."""
    found = imported(*(bad(number) for number in range(50)), files=(REPORT,))
    data: Any = check_data(found)
    assert list(data) == ["schema", "files", "findings"]
    assert data["schema"] == "salescore/check/1"
    assert len(data["findings"]) == 50
    assert json.loads(json.dumps(data)) == data
    (file,) = data["files"]
    assert [file[key] for key in ("file", "rows", "blank", "refused")] == [
        "order_lines.csv",
        1234,
        2,
        False,
    ]
    assert file["records"][1] == {
        "record": "order_lines",
        "read": 1234,
        "accepted": 1200,
        "refused": 34,
        "merged": 0,
        "filtered": 0,
        "totals": [
            {
                "field": "net_amount",
                "currency": "USD",
                "accepted": "12345.60",
                "refused": "1000",
            },
            {"field": "quantity", "currency": None, "accepted": "7", "refused": "0"},
            {"field": "discount", "currency": None, "accepted": "0", "refused": "0"},
        ],
    }


def test_faults_of_the_facts_stand_behind_those_of_the_files(tmp_path: Path) -> None:
    """The check tells what contradicts itself among the facts, too."""
    (tmp_path / "orders.csv").write_text("id,ordered_on,customer_id\no1,2024-01-01,gone\n")
    found = read_folder(tmp_path)
    assert found.findings == ()
    codes = [one["code"] for one in check_data(found)["findings"]]  # type: ignore[attr-defined]
    assert codes == ["dangling-reference"]
    assert "dangling-reference (1)" in check_text(found)
