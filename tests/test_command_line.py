"""The command line: `review` and `check`, in one process and as a program of its own."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from salescore.__main__ import FAULTY, REFUSED, main
from salescore.plain import CustomFields, Kind, custom_field
from salescore.playbook import STANDARD_PLAYBOOK
from salescore.values import Calendar

FILES = {
    "customers.csv": "id,name\nc1,Acme\nc2,华东贸易\n",
    "products.csv": "id,name,family\na1,Tea,Drinks\n",
    "sales_reps.csv": "id,name\nr1,Ann\n",
    "orders.csv": "id,ordered_on,customer_id,rep_id\no1,2023-02-01,c1,r1\no2,2024-02-01,c2,r1\n",
    "order_lines.csv": (
        "id,order_id,product_id,quantity,net_amount,cost,currency\n"
        "l1,o1,a1,1,100,60,USD\nl2,o2,a1,2,300,100,USD\n"
    ),
}
COMMANDS = ("review", "rows", "check", "tables")
EXAMPLE = Path("examples") / "data" / "superstore"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of facts without fault."""
    there = tmp_path / "facts"
    there.mkdir()
    for name, text in FILES.items():
        (there / name).write_text(text, encoding="utf-8")
    return there


@pytest.fixture
def faulty(folder: Path) -> Path:
    """Return a folder of facts with one bad cell."""
    with (folder / "order_lines.csv").open("a") as lines:
        lines.write("l3,o2,a1,1,NaN,,USD\n")
    return folder


def json_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Return what the command line writes as JSON."""
    assert main([*map(str, arguments), "--format", "json"]) in (0, FAULTY)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


# Review -----------------------------------------------------------------------------------------


def test_review_as_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without options the review is a page on the screen, and nothing stands beside it."""
    assert main(["review", str(folder)]) == 0
    found = capsys.readouterr()
    assert found.out.startswith("SALES REVIEW 2024\n")
    assert "华东贸易" in found.out
    assert found.err == ""


def test_review_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` writes the same figures for programs, text in its own script."""
    data = json_of(capsys, "review", folder)
    assert data["figures"]["revenue"]["value"] == "300"
    assert data["figures"]["revenue"]["year_ago"] == "100"
    assert data["abc"]["items"][0]["label"] == "华东贸易"


def test_out_writes_a_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--out` writes UTF-8 to a file, and nothing to the screen."""
    for command, form in (("review", "text"), ("review", "json"), ("check", "text")):
        out = tmp_path / f"{command}.{form}"
        assert main([command, str(folder), "--format", form, "--out", str(out)]) == 0
        assert capsys.readouterr() == ("", "")
        assert main([command, str(folder), "--format", form]) == 0
        assert out.read_bytes() == capsys.readouterr().out.encode()


def test_options_reach_the_review(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Period, day of knowledge, calendar, currency and dimensions are those asked for."""
    data = json_of(
        capsys,
        *("review", folder, "--during", "2022-Q4", "--as-of", "2023-12-31"),
        *("--calendar", "gregorian-04", "--currency", "EUR", "--by", "rep, product"),
    )
    head = {key: data[key] for key in ("as_of", "period", "calendar", "currency")}
    assert head == {
        "as_of": "2023-12-31",
        "period": "2022-Q4",
        "calendar": "gregorian-04",
        "currency": "EUR",
    }
    assert data["figures"]["orders"]["value"] == "1"
    assert data["figures"]["revenue"]["value"] is None
    assert set(data["slices"]["orders"]) == {"rep", "product"}
    assert "missing-rate" in {one["code"] for one in data["findings"]}


def test_a_range_of_days(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A range of days holds both of its outer days."""
    data = json_of(capsys, "review", folder, "--during", "2023-02-01..2024-02-01")
    assert data["figures"]["revenue"]["value"] == "400"


def test_a_review_counts_what_was_accepted(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A review of faulty files is written: without the bad row, and with it among the findings."""
    data = json_of(capsys, "review", faulty)
    assert data["figures"]["revenue"]["value"] == "300"
    (finding,) = data["findings"]
    assert finding["code"] == "invalid-number"
    assert finding["place"] == {
        "file": "order_lines.csv",
        "row": 4,
        "column": "net_amount",
        "raw": "NaN",
    }


def test_the_shipped_example(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped data are reviewed through their profile, by name or as a file."""
    folder = root / EXAMPLE
    named = json_of(capsys, "review", folder, "--profile", "superstore", "--by", "region")
    profile = root / "src" / "salescore" / "exchange" / "profiles" / "superstore.json"
    filed = json_of(capsys, "review", folder, "--profile", profile, "--by", "region")
    assert named == filed
    assert named["figures"]["revenue"]["value"] is not None


# Check ------------------------------------------------------------------------------------------


def test_check_of_a_clean_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without errors ends with 0."""
    assert main(["check", str(folder)]) == 0
    assert "FINDINGS\n  none\n" in capsys.readouterr().out


def test_check_of_a_faulty_folder(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error in the files ends with 1, and is told with its row and column."""
    assert main(["check", str(faulty)]) == FAULTY == 1
    found = capsys.readouterr()
    assert "order_lines.csv, row 4, column net_amount" in found.out
    assert found.err == ""
    assert json_of(capsys, "check", faulty)["findings"][0]["code"] == "invalid-number"


def test_check_finds_faults_of_the_facts(folder: Path) -> None:
    """An error among the facts ends with 1, too; a mere warning with 0."""
    with (folder / "orders.csv").open("a") as orders:
        orders.write("o3,2024-01-01,nobody,\n")
    assert main(["check", str(folder)]) == FAULTY
    (folder / "orders.csv").write_text(FILES["orders.csv"])
    (folder / "ordres.csv").write_text("id\n")
    assert main(["check", str(folder)]) == 0


# Options that say how the facts are seen -------------------------------------------------------

RATES = "base,quote,valid_from,rate\nUSD,EUR,2023-01-01,0.5\nUSD,EUR,2024-01-01,0.25\n"


def test_rates_in_a_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each order counts at the rate of its own day; the policy says otherwise where asked to."""
    rates = tmp_path / "ecb.csv"
    rates.write_text(RATES)
    options = ("--rates", rates, "--currency", "EUR", "--during", "2023-01-01..2024-12-31")
    data = json_of(capsys, "review", folder, *options)
    assert data["figures"]["revenue"]["value"] == "125.00"
    assert data["currency"] == "EUR"
    constant = json_of(capsys, "review", folder, *options, "--rate-policy", "constant")
    assert constant["figures"]["revenue"]["value"] == "100.00"
    (folder / "exchange_rates.csv").write_text(RATES.replace("0.5", "1"))
    own = json_of(capsys, "review", folder, *options[2:])
    assert own["figures"]["revenue"]["value"] == "175.00"
    both = json_of(capsys, "review", folder, *options)
    assert both["figures"]["revenue"]["value"] == "125.00"


def test_rates_handed_in_hold_and_lose_none_of_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate of the same id adds; one of the same pair and day holds, also turned round."""
    own = folder / "exchange_rates.csv"
    own.write_text("id,base,quote,valid_from,rate\nR1,USD,EUR,2023-01-01,0.5\n")
    rates = tmp_path / "rates.csv"
    rates.write_text("id,base,quote,valid_from,rate\nR1,GBP,EUR,2023-01-01,1.13\n")
    options = ("--rates", rates, "--currency", "EUR", "--during", "2023-01-01..2024-12-31")
    data = json_of(capsys, "review", folder, *options)
    assert data["figures"]["revenue"]["value"] == "200.0"
    rates.write_text("base,quote,kind,valid_from,rate\nEUR,USD,spot,2023-01-01,1.00\n")
    data = json_of(capsys, "review", folder, *options)
    assert data["figures"]["revenue"]["value"] == "400.00"


def test_rates_that_are_too_old(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where rates may only be so old, an older one leaves its rows unpriced."""
    (folder / "exchange_rates.csv").write_text(RATES)
    options = ("--currency", "EUR", "--during", "2023-01-01..2024-12-31")
    data = json_of(capsys, "review", folder, *options, "--max-rate-age", "10")
    assert data["figures"]["revenue"]["value"] is None
    assert "stale-rate" in {one["code"] for one in data["findings"]}
    data = json_of(capsys, "review", folder, *options, "--max-rate-age", "31")
    assert data["figures"]["revenue"]["value"] == "125.00"


def test_the_faults_of_rates_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate of nothing is refused with its row, as in any other file."""
    rates = tmp_path / "rates.csv"
    rates.write_text("base,quote,valid_from,rate\nUSD,EUR,2023-01-01,0\n")
    data = json_of(capsys, "review", folder, "--rates", rates)
    places = [one.get("place") for one in data["findings"]]
    assert {"file": "rates.csv", "row": 2, "column": "rate", "raw": "0"} in places
    for path, told in ((tmp_path / "none.csv", "no such file"), (tmp_path, "it is a folder")):
        assert main(["review", str(folder), "--rates", str(path)]) == REFUSED
        assert told in capsys.readouterr().err


def test_a_calendar_in_a_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A calendar has a name or is written down; the year is then that of the calendar."""
    named = json_of(capsys, "review", folder, "--calendar", "gregorian-02-last")
    assert (named["period"], named["calendar"]) == ("2025", "gregorian-02-last")
    file = tmp_path / "year.json"
    file.write_text(json.dumps(Calendar.named("gregorian-02-last").as_data()), encoding="utf-8")
    filed = json_of(capsys, "review", folder, "--calendar", file)
    assert (filed["period"], filed["calendar"]) == ("2025", "gregorian-02-last")
    for text in (b"{", b"\xff"):
        file.write_bytes(text)
        assert main(["review", str(folder), "--calendar", str(file)]) == REFUSED
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("calendar", ["nrf", "iso", "445-sat-nearest-01-first"])
def test_every_calendar_reviews(
    folder: Path, calendar: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A calendar without months has none to slice by; the shop's year of 2023 ends in February."""
    data = json_of(capsys, "review", folder, "--calendar", calendar)
    assert data["figures"]["revenue"]["value"] == ("300" if calendar == "iso" else "400")
    assert ("month" in data["slices"]["revenue"]) == (calendar != "iso")


def test_chinese_files_and_labels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files in GBK are read where the encoding is named; labels are Chinese where asked for."""
    text = FILES["customers.csv"]
    (folder / "customers.csv").write_text(text, encoding="gbk")
    assert main(["review", str(folder), "--encoding", "gbk", "--lang", "zh"]) == 0
    found = capsys.readouterr().out
    assert "华东贸易" in found
    assert found.startswith("销售回顾 2024")


def test_custom_fields(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A registered column is read and can be sliced by."""
    (folder / "orders.csv").write_text(
        "id,ordered_on,customer_id,rep_id,colour\no1,2024-02-01,c1,r1,red\n"
        "o2,2024-02-01,c2,r1,blue\n"
    )
    fields = CustomFields.of({"orders": [custom_field("colour", Kind.TEXT, "Colour", "颜色")]})
    file = tmp_path / "fields.json"
    file.write_text(json.dumps(fields.as_data()), encoding="utf-8")
    data = json_of(capsys, "review", folder, "--custom-fields", file, "--by", "colour")
    assert [one["key"] for one in data["slices"]["revenue"]["colour"]] == ["blue", "red"]


def test_a_bad_cell_costs_its_row_or_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad cost is no cost where it may be, and the line still counts."""
    with (folder / "order_lines.csv").open("a") as lines:
        lines.write("l3,o2,a1,1,50,much,USD\n")
    assert json_of(capsys, "review", folder)["figures"]["revenue"]["value"] == "300"
    data = json_of(capsys, "review", folder, "--faulty", "null")
    assert data["figures"]["revenue"]["value"] == "350"
    assert data["findings"][0]["severity"] == "error"


# Rows and tables --------------------------------------------------------------------------------


def test_a_playbook_grades_customers(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules come from a JSON file or are the standard ones, and a bad file is refused by place."""
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(STANDARD_PLAYBOOK.as_data()), encoding="utf-8")
    pages: list[str] = []
    for name in ("standard", str(file)):
        assert main(["review", str(folder), "--playbook", name]) == 0
        pages.append(capsys.readouterr().out)
    assert "GRADES: PROSPECT, REGULAR, VIP" in pages[0]
    assert pages[0] == pages[1]
    file.write_text('{"schema": "salescore/playbook/1", "name": "x"}', encoding="utf-8")
    assert main(["review", str(folder), "--playbook", str(file)]) == REFUSED
    assert "at ours.json: the key 'version' is missing" in capsys.readouterr().err


def test_rows_behind_a_figure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows of one slice are listed as text and as JSON, and sum to its value."""
    options = ["rows", str(folder), "revenue", "--during", "2024", "--where", "customer=c2"]
    assert main(options) == 0
    assert capsys.readouterr().out.startswith("Revenue · 2024 · customer = c2: 300.00 USD\n")
    data = json_of(capsys, *options)
    assert (data["schema"], data["value"]) == ("salescore/rows/1", "300")
    assert [row["id"] for row in data["rows"]] == ["l2"]
    nobody = json_of(
        capsys, "rows", folder, "revenue", "--where", "channel=", "--as-of", "2024-01-31"
    )
    assert [row["id"] for row in nobody["rows"]] == ["l1"]
    assert nobody["as_of"] == "2024-01-31"
    assert data["as_of"] == "2024-02-01"
    twice = ["--where", "customer=c1", "--where", "customer=c2"]
    assert main(["rows", str(folder), "revenue", *twice]) == REFUSED
    assert "stands there already" in capsys.readouterr().err
    assert main(["rows", str(folder), "revenue", "--where", "customer"]) == REFUSED
    assert "such as region=West" in capsys.readouterr().err


def test_tables_for_other_tools(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tidy tables are written into a folder, and their names told."""
    there = tmp_path / "tables"
    assert main(["tables", str(folder), "--into", str(there)]) == 0
    names = capsys.readouterr().out.split()
    assert sorted(names) == sorted(path.name for path in there.iterdir())
    assert "fact_sales_lines.csv" in names


def test_tables_give_way_where_asked_to(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is taken is refused with the option that would replace it."""
    arguments = ["tables", str(folder), "--into", str(tmp_path / "tables")]
    assert main([*arguments, "--by", "rep, customer"]) == 0
    figures = (tmp_path / "tables" / "figures.csv").read_text(encoding="utf-8")
    dimensions = {line.split(",")[0] for line in figures.split("\n")}
    assert main(arguments) == REFUSED
    assert "--replace" in capsys.readouterr().err
    assert main([*arguments, "--by", "product", "--replace"]) == 0
    replaced = (tmp_path / "tables" / "figures.csv").read_text(encoding="utf-8")
    assert ("rep" in figures, ",product," in figures) == (True, False), dimensions
    assert ",product," in replaced
    assert ",customer," not in replaced


def test_what_was_refused_is_noted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that could not be read explains in the notes why so much is unknown."""
    (folder / "orders.csv").write_bytes(b"\x00")
    with (folder / "order_lines.csv").open("a") as lines:
        lines.write("l3,o2,a1,1,NaN,,USD\n")
    rates = tmp_path / "bank.csv"
    rates.write_text("base,quote,valid_from,rate\nUSD,EUR,2023-01-01,0\n")
    data = json_of(capsys, "review", folder, "--during", "2024", "--rates", rates)
    assert {
        "orders.csv was refused as a whole; see the findings.",
        "1 of 3 rows of order_lines.csv was refused; see the findings.",
        "1 of 1 row of bank.csv was refused; see the findings.",
    } <= set(data["notes"])
    text = main(["review", str(folder), "--during", "2024"]), capsys.readouterr().out
    assert "orders.csv was refused as a whole" in text[1]


def test_dimensions_are_not_dropped_in_silence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dimension asked for that nothing here has is told in the notes."""
    assert main(["review", str(folder), "--by", "lead_status,channel"]) == 0
    told = capsys.readouterr().out
    assert "No figure here has the dimension 'lead_status': it is one of leads." in told
    assert "channel: no row of 2024 has a value." in told


def test_a_slice_that_nothing_matches(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A key in the wrong case is answered with the right one."""
    assert main(["rows", str(folder), "revenue", "--where", "customer=C2"]) == 0
    assert capsys.readouterr().out == (
        "Revenue · customer = C2: none\n  no customer 'C2'; did you mean 'c2'?\n"
        "known as of 2024-02-01\n"
    )


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--during", "2024-13"], "months of 2024 go from 01 to 12"),
        (["--during", "2017-W53"], "2017 has no ISO week 53"),
        (["--during", "yesterday"], "expected 2017, 2017-Q4, 2017-12"),
        (["--during", "2024-02-01..2024-01-01"], "swap them"),
        (["--during", "0000"], "years count from 0001"),
        (["--as-of", "31/12/2024"], "is not a date"),
        (["--as-of", "2024-02-30"], "is not a date"),
        (["--calendar", "julian"], "no calendar 'julian'"),
        (["--calendar", "gregorian-13"], "did you mean 'gregorian-1"),
        (["--currency", "usd"], "no currency 'usd'; did you mean 'USD'?"),
        (["--max-rate-age", "-3"], "an age is 0 days or more"),
        (["--by", "produkt"], "no dimension 'produkt'; did you mean 'product'?"),
        (["--by", "rep,"], "no dimension ''"),
        (["--profile", "superstor"], "did you mean 'superstore'?"),
        (["--profile", "nowhere.json"], "no profile or file 'nowhere.json'"),
        (["--out", "."], "Is a directory"),
    ],
)
def test_wrong_options(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """A wrong option ends with 2 and one line that says what would be right, and no traceback."""
    assert main(["review", str(folder), *arguments]) == REFUSED == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("salescore: ")
    assert found.err.count("\n") == 1
    assert told in found.err


@pytest.mark.parametrize("command", ["review", "check"])
def test_wrong_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    """No folder, a file in its place, and a folder without any known file are refused."""
    file = tmp_path / "file.csv"
    file.write_text("id\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, told in (
        (tmp_path / "missing", "there is no such folder"),
        (file, "it is a file; name the folder"),
        (empty, "it holds none of the files expected: teams.csv"),
    ):
        assert main([command, str(path)]) == REFUSED
        found = capsys.readouterr()
        assert found.out == ""
        assert told in found.err
        assert found.err.count("\n") == 1


def test_files_of_another_system_need_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no file is known and no profile was named, the error names the option."""
    (tmp_path / "export.csv").write_text("a,b\n1,2\n")
    assert main(["review", str(tmp_path)]) == REFUSED
    told = capsys.readouterr().err
    assert "'export.csv'" in told
    assert "--profile" in told


def test_a_profile_that_is_none(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A profile that is no JSON, or no profile, is refused with the place of the fault."""
    profile = tmp_path / "profile.json"
    for text in ("{", "[]", '{"schema": "salescore/profile/9"}', "\x00", '{"a": 1e999999}'):
        profile.write_text(text)
        assert main(["review", str(folder), "--profile", str(profile)]) == REFUSED
        found = capsys.readouterr()
        assert found.err.startswith("salescore: ")
        assert found.err.count("\n") == 1


def test_facts_without_any_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Facts without a date are reviewed once a period is named."""
    (tmp_path / "customers.csv").write_text("id,name\nc1,Acme\n")
    assert main(["review", str(tmp_path)]) == REFUSED
    assert "has a date; mend the files, or say --during" in capsys.readouterr().err
    assert main(["review", str(tmp_path), "--during", "2024"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["revue", "."],
        ["review"],
        ["review", ".", "--format", "xml"],
        ["check", ".", "--by", "x"],
        ["check", ".", "--lang", "zh"],
        ["rows", ".", "revenue", "extra"],
        ["tables", ".", "--into", "t", "--out", "o"],
        ["tables", ".", "--into", "t", "--format", "json"],
    ],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What argparse refuses ends with 2 and its usage."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == REFUSED
    told = capsys.readouterr().err
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    assert told.startswith(f"usage: salescore {command}")
    assert arguments != ["check", ".", "--by", "x"] or "unrecognized arguments: --by x" in told


def test_the_reference_names_the_commands_of_each_option(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option stands below a heading that names exactly the commands that take it."""
    text = (root / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    told: dict[str, set[str]] = {command: set() for command in COMMANDS}
    for part in text.split("\n## ")[1:]:
        head = part.partition("\n")[0]
        named = {one for one in COMMANDS if f"`{one}`" in head}
        for command in COMMANDS if head == "Options of every command" else named:
            told[command] |= set(re.findall(r"^\| `(--[a-z-]+)", part, re.MULTILINE))
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            main([command, "--help"])
        taken = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert told[command] == taken, command


def test_help_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The help of the review names its options and the profiles that ship."""
    with pytest.raises(SystemExit) as ended:
        main(["review", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for option in ("--profile", "--as-of", "--during", "--calendar", "--currency", "--by", "--out"):
        assert option in told
    assert "superstore" in told


# As a program -----------------------------------------------------------------------------------


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Return what a fresh process of the command line wrote, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "salescore", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_as_a_program(faulty: Path) -> None:
    """A fresh process writes the page, ends with the same code, and is silent on stderr."""
    review = run("review", faulty, PYTHONIOENCODING="utf-8")
    assert (review.returncode, review.stderr) == (0, b"")
    assert review.stdout.decode().replace("\r", "").startswith("SALES REVIEW 2024\n")
    assert run("check", faulty).returncode == FAULTY


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_screen_of_few_letters(folder: Path, form: str) -> None:
    """Where the screen has no letter for a name, a question mark or an escape stands for it."""
    found = run("review", folder, "--format", form, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (found.returncode, found.stderr) == (0, b"")
    if form == "json":
        assert json.loads(found.stdout)["abc"]["items"][0]["label"] == "华东贸易"
    else:
        assert "????" in found.stdout.decode("cp1252")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_narrow_screen_in_this_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """What the screen cannot show is escaped in JSON, which loses nothing, and masked in text."""
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["review", str(folder), "--format", form]) == 0
    screen.seek(0)
    found = screen.read()
    assert found.isascii()
    assert (r"\u534e\u4e1c" in found) == (form == "json")


def on_a_terminal(*arguments: object) -> tuple[int, str, str]:
    """Return exit code, output and what a terminal showed as the error stream of a process."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "salescore", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        out, _ = process.communicate()
    shown = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # the terminal is closed once its last writer is gone
            break
        if not block:
            break
        shown += block
    os.close(ours)
    return process.returncode, out.decode(), shown.decode()


def test_progress_on_a_terminal(folder: Path) -> None:
    """On a terminal each file tells how far it is read, on one line that is wiped at the end."""
    code, out, shown = on_a_terminal("review", folder)
    assert code == 0
    assert out.startswith("SALES REVIEW")
    assert "order_lines.csv: 2 rows" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\033[K")


def test_progress_is_wiped_before_an_error(tmp_path: Path) -> None:
    """What went wrong stands on a clean line."""
    code, out, shown = on_a_terminal("check", tmp_path / "missing")
    assert (code, out) == (REFUSED, "")
    assert "\033[Ksalescore: " in shown
    assert "there is no such folder" in shown


def test_progress_in_this_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The progress goes to the error stream, so that the page can be piped."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["review", str(folder)]) == 0
    found = capsys.readouterr()
    assert "orders.csv: 2 rows" in found.err
    assert "rows" not in found.out


def test_a_closed_pipe_ends_quietly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody reads on, the command ends without a word and without an error."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        assert main(["review", str(folder)]) == 0
