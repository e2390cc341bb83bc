"""From a folder of bad files to a check and a review: each fault is told, nothing crashes."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescore.__main__ import FAULTY, main

CUSTOMERS = "id,name\nc1,Acme\n"
ORDERS = "id,ordered_on,customer_id\no1,2024-01-31,c1\n"
LINES = "id,order_id,quantity,net_amount,cost,currency\nl1,o1,1,100.50,60,USD\n"
WON = "id,stage,kind,amount,currency,created_on,closed_on\n"
GOOD = {"customers.csv": CUSTOMERS, "orders.csv": ORDERS, "order_lines.csv": LINES}
LONG = "x" * 100_000

BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "empty file": ({"products.csv": ""}, "empty-file"),
    "blank lines only": ({"products.csv": "\n\r\n\n"}, "empty-file"),
    "wrong delimiter": ({"products.csv": "id;name\na1;Tea\n"}, "delimiter"),
    "tabs": ({"products.csv": "id\tname\na1\tTea\n"}, "delimiter"),
    "GBK": ({"products.csv": "id,name\na1,龙井茶\n".encode("gbk")}, "encoding"),
    "UTF-16 without a mark": (
        {"products.csv": "id,name\na1,Tea\n".encode("utf-16-le")},
        "encoding",
    ),
    "no such column": ({"products.csv": "id,nmae\na1,Tea\n"}, "missing-column"),
    "a column twice": ({"products.csv": "id,name,name\na1,Tea,Tee\n"}, "duplicate-column"),
    "id twice": ({"customers.csv": CUSTOMERS + "c1,Bolt\n"}, "duplicate-id"),
    "no id": ({"customers.csv": CUSTOMERS + ",Nobody\n"}, "missing-value"),
    "too few cells": ({"customers.csv": CUSTOMERS + "c2\n"}, "row-length"),
    "dangling reference": ({"orders.csv": ORDERS + "o2,2024-02-01,c9\n"}, "dangling-reference"),
    "31 February": ({"orders.csv": ORDERS + "o2,31/02/2024,c1\n"}, "invalid-date"),
    "31 February in ISO": ({"orders.csv": ORDERS + "o2,2024-02-31,c1\n"}, "invalid-date"),
    "a huge exponent": ({"order_lines.csv": LINES + "l2,o1,1,1e999999,,USD\n"}, "invalid-number"),
    "a tiny exponent": ({"order_lines.csv": LINES + "l2,o1,1,1e-999999,,USD\n"}, "invalid-number"),
    "many digits": ({"order_lines.csv": LINES + f"l2,o1,1,{'9' * 5000},,USD\n"}, "invalid-number"),
    "NaN": ({"order_lines.csv": LINES + "l2,o1,1,NaN,,USD\n"}, "invalid-number"),
    "infinity": ({"order_lines.csv": LINES + "l2,o1,inf,5,,USD\n"}, "invalid-number"),
    "digits of another script": (
        {"order_lines.csv": LINES + "l2,o1,1,١٢٣,,USD\n"},
        "invalid-number",
    ),
    "underscores": ({"order_lines.csv": LINES + "l2,o1,1,1_000,,USD\n"}, "invalid-number"),
    "thousands": ({"order_lines.csv": LINES + 'l2,o1,1,"1,000.00",,USD\n'}, "invalid-number"),
    "a number that is long": (
        {"order_lines.csv": LINES + f"l2,o1,1,{LONG},,USD\n"},
        "invalid-number",
    ),
    "a name that is long": ({"customers.csv": CUSTOMERS + f"c2,{LONG}\n"}, "invalid-text"),
    "no such currency": ({"order_lines.csv": LINES + "l2,o1,1,5,,US$\n"}, "unknown-currency"),
    "no currency": ({"order_lines.csv": LINES + "l2,o1,1,5,,\n"}, "missing-currency"),
    "an open quotation mark": ({"customers.csv": CUSTOMERS + 'c2,"Bolt\n'}, "csv"),
    "no such kind": (
        {"opportunities.csv": WON + "p1,End,win,5,USD,2024-01-01,2024-01-02\n"},
        "unknown-value",
    ),
    "closed before opened": (
        {"opportunities.csv": WON + "p1,End,won,5,USD,2024-03-01,2024-01-02\n"},
        "closed-before-opened",
    ),
    "closed at no day": (
        {"opportunities.csv": WON + "p1,End,won,5,USD,2024-03-01,\n"},
        "closed-without-date",
    ),
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Return the folder with good files, some of them replaced."""
    for name, content in {**GOOD, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    """Return exit code and JSON of a command."""
    code = main([*map(str, arguments), "--format", "json"])
    found = capsys.readouterr()
    assert found.err == ""
    return code, json.loads(found.out)


def assert_nothing_is_lost(check: dict[str, Any]) -> None:
    """Assert that every row of every file became a record, was refused, merged or left out."""
    for file in check["files"]:
        for one in file["records"]:
            outcomes = (one[key] for key in ("accepted", "refused", "merged", "filtered"))
            assert one["read"] == sum(outcomes) == file["rows"]


@pytest.mark.parametrize(("files", "code"), BAD.values(), ids=BAD)
def test_each_fault_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str | bytes], code: str
) -> None:
    """`check` ends with 1 and names the fault; `review` counts the good rows and tells it, too."""
    folder = write(tmp_path, files)
    ended, check = run(capsys, "check", folder)
    assert ended == FAULTY
    assert code in {one["code"] for one in check["findings"]}
    assert all(len(json.dumps(one)) < 2_000 for one in check["findings"])
    assert_nothing_is_lost(check)
    ended, review = run(capsys, "review", folder)
    assert ended == 0
    assert code in {one["code"] for one in review["findings"]}
    assert review["figures"]["revenue"]["value"] == "100.50"
    for command in ("check", "review"):
        assert main([command, str(folder)]) in (0, FAULTY)
        page = capsys.readouterr().out
        assert code in page or command == "review"
        assert max(map(len, page.split("\n"))) <= 200


def test_what_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings alone, a byte order mark and line breaks inside quotation marks are no fault."""
    folder = write(
        tmp_path,
        {
            "teams.csv": "id,name\n",
            "products.csv": "\ufeffid,name\r\na1,Tea\r\n",
            "customers.csv": 'id,name\r\nc1,"Acme\r\nLtd, ""the"" one"\r\n\r\n',
        },
    )
    ended, check = run(capsys, "check", folder)
    assert (ended, [one["code"] for one in check["findings"]]) == (0, ["no-rows"])
    assert_nothing_is_lost(check)
    ended, review = run(capsys, "review", folder)
    assert review["abc"]["items"][0]["label"] == 'Acme\r\nLtd, "the" one'
    assert main(["review", str(folder)]) == 0
    assert 'Acme  Ltd, "the" one' in capsys.readouterr().out


def test_a_missing_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line in a currency without a rate is sound; the review counts it and does not price it."""
    folder = write(tmp_path, {"order_lines.csv": LINES + "l2,o1,1,5,,USD\nl3,o1,2,9000,,JPY\n"})
    ended, _ = run(capsys, "check", folder)
    assert ended == 0
    _, review = run(capsys, "review", folder)
    figures = review["figures"]
    assert (figures["revenue"]["value"], figures["volume"]["value"]) == ("105.50", "4")
    assert figures["revenue"]["excluded"] == [
        {"table": "sales_lines", "reason": "no exchange rate from JPY to USD", "n": 1}
    ]
    assert "missing-rate" in {one["code"] for one in review["findings"]}


def test_all_faults_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One check tells all faults of a folder together, each with file, row, column and raw text."""
    lines = "".join(
        f"b{number},o1,1,{raw},,USD\n"
        for number, raw in enumerate(("1e999999", "NaN", "١٢٣", "1_000", LONG))
    )
    folder = write(
        tmp_path,
        {
            "products.csv": "",
            "teams.csv": "id;name\n",
            "sales_reps.csv": "id,name\nr1,李雷\n".encode("gbk"),
            "customers.csv": CUSTOMERS + "c1,Again\n",
            "orders.csv": ORDERS + "o2,31/02/2024,c9\no3,2024-03-03,c9\n",
            "order_lines.csv": LINES + lines,
        },
    )
    ended, check = run(capsys, "check", folder)
    assert ended == FAULTY
    assert_nothing_is_lost(check)
    assert [one["place"] for one in check["findings"] if one["code"] == "invalid-number"] == [
        {"file": "order_lines.csv", "row": row, "column": "net_amount", "raw": raw}
        for row, raw in enumerate(("1e999999", "NaN", "١٢٣", "1_000", LONG[:199] + "…"), start=3)
    ]
    assert {one["code"] for one in check["findings"]} == {
        *("empty-file", "delimiter", "encoding", "duplicate-id", "invalid-date"),
        *("dangling-reference", "invalid-number", "order-without-lines"),
    }
    ended, review = run(capsys, "review", folder)
    assert (ended, review["figures"]["revenue"]["value"]) == (0, "100.50")


def test_nothing_readable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no file can be read, the check tells why, and the review has no date to go by."""
    (tmp_path / "orders.csv").write_text("")
    ended, check = run(capsys, "check", tmp_path)
    assert (ended, check["files"][0]["refused"]) == (FAULTY, True)
    assert main(["review", str(tmp_path)]) == 2
    assert "has a date; mend the files, or say --during" in capsys.readouterr().err


CELLS = st.one_of(
    st.sampled_from(
        [
            *("", "o1", "c1", "2024-01-31", "2024-02-30", "100", "1e999999", "NaN", "١٢٣", "1_000"),
            *("-0", " 5 ", "USD", "XXX", "a,b", 'a"b', "a\r\nb", "\x00", "won", "null", "😀"),
        ]
    ),
    st.text(max_size=6).filter(lambda text: text.isprintable()),
)
COLUMNS = ("id", "order_id", "quantity", "net_amount", "cost", "currency")


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=12))
def test_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[list[str]]
) -> None:
    """Whatever the cells hold, each row is accepted, blank, or refused with a finding."""
    write(tmp_path, {})
    with (tmp_path / "order_lines.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])
    ended, check = run(capsys, "check", tmp_path)
    assert_nothing_is_lost(check)
    (file,) = [one for one in check["files"] if one["file"] == "order_lines.csv"]
    assert file["rows"] + file["blank"] == len(rows)
    (record,) = file["records"]
    found = {
        one["place"]["row"]
        for one in check["findings"]
        if "place" in one and one["place"]["file"] == "order_lines.csv" and "row" in one["place"]
    }
    assert record["refused"] <= len(found)
    assert (ended == FAULTY) == any(one["severity"] == "error" for one in check["findings"])
    assert main(["review", str(tmp_path)]) == 0
    capsys.readouterr()
