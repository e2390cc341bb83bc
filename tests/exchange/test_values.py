"""What a profile can say of a field, each in a small file."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.conftest import Read

from salescore.entities import OrderLine, StageKind
from salescore.exchange import Import, Profile
from salescore.exchange._cells import OURS, Target, read_text
from salescore.exchange._folder import FolderReader
from salescore.plain import Kind
from salescore.values import Money, Severity

HEAD = "order;product;pieces;price;off;day;state\n"


def profile(
    record: str, fields: dict[str, Any], more: dict[str, Any] | None = None, **file: object
) -> dict[str, object]:
    """Return a profile of one file and one record type."""
    records = [{"record": record, "fields": fields, **(more or {})}]
    return {
        "schema": "salescore/profile/1",
        "name": "test",
        "title": "Test",
        "currency": "EUR",
        "files": {"sales.csv": {"delimiter": ";", **file, "records": records}},
    }


PRICE = {"lookup": {"file": "prices.csv", "key": "p", "value": "eur", "by": "product"}}
LINE: dict[str, Any] = {
    "id": {"row": True},
    "order_id": "order",
    "quantity": "pieces",
    "net_amount": "price",
}


def lines(read: Read, rows: str, fields: dict[str, Any], **file: object) -> tuple[OrderLine, ...]:
    """Return the order lines of a small file without any fault."""
    found = read({"sales.csv": HEAD + rows}, profile("order_lines", LINE | fields, **file))
    assert found.findings == ()
    return found.book.order_lines


def codes(found: Import) -> list[tuple[str, int | None, str | None]]:
    """Return code, row and column of all findings."""
    return [
        (one.code, one.place and one.place.row, one.place and one.place.column)
        for one in found.findings
    ]


def test_rename_and_row_number(read: Read) -> None:
    """Columns become fields, and the number of a row, as a spreadsheet shows it, can be its id."""
    (line,) = lines(read, "O-1;P-1;2;9.50;0;;\n", {})
    assert line == OrderLine(
        id="2",  # type: ignore[arg-type]
        order_id="O-1",  # type: ignore[arg-type]
        quantity=Decimal(2),
        net_amount=Money.of("9.50", "EUR"),
    )


def test_computed_amount(read: Read) -> None:
    """Quantity times price times one less the discount is exact."""
    net = {"multiply": ["pieces", "price", {"subtract": [{"constant": "1"}, "off"]}]}
    (line,) = lines(read, "O-1;P-1;3;9.99;0.15;;\n", {"net_amount": net})
    assert line.net_amount == Money.of("25.4745", "EUR")


def test_negative_zero(read: Read) -> None:
    """No amount is a negative zero, also where arithmetic yields one."""
    (line,) = lines(read, "O-1;;-2;0;;;\n", {"net_amount": {"multiply": ["pieces", "price"]}})
    assert str(line.net_amount.amount) == "0"


def test_sum_and_null(read: Read) -> None:
    """A number computed from a missing one is missing; the first that is there is taken."""
    cost = {"add": ["price", "off"]}
    gross = {"first": ["off", "price"]}
    one, two = lines(read, "O-1;;1;5;2;;\nO-1;;1;5;;;\n", {"cost": cost, "gross_amount": gross})
    assert (one.cost, two.cost) == (Money.of(7, "EUR"), None)
    assert (one.gross_amount, two.gross_amount) == (Money.of(2, "EUR"), Money.of(5, "EUR"))


def test_joined_id(read: Read) -> None:
    """An id can be joined from others; without one of them it is missing."""
    fields = LINE | {"id": {"join": ["order", "product"], "with": "/"}}
    found = read(
        {"sales.csv": f"{HEAD}O-1;P-1;1;1;;;\nO-1;;1;1;;;\n"}, profile("order_lines", fields)
    )
    assert [line.id for line in found.book.order_lines] == ["O-1/P-1"]
    assert codes(found) == [("missing-value", 3, "order")]


def test_number_and_date_marks(read: Read) -> None:
    """Numbers are read with the marks of the file, dates by the first format that fits."""
    (line,) = lines(read, 'O-1;;1;"1.234,50";0,5;;\n', {"discount": "off"}, decimal=",", group=".")
    assert line.net_amount == Money.of("1234.50", "EUR")
    assert line.discount == Decimal("0.5")
    orders = profile("orders", {"id": "order", "ordered_on": "day"}, dates=["%d.%m.%Y", "%m/%d/%Y"])
    found = read({"sales.csv": f"{HEAD}O-1;;;;;31.12.2016;\nO-2;;;;;12/30/2016;\n"}, orders)
    assert [order.ordered_on.isoformat() for order in found.book.orders] == [
        "2016-12-31",
        "2016-12-30",
    ]


def test_dates_of_one_column(read: Read) -> None:
    """A column can have its own date format and its own texts for no value."""
    day = {"column": "day", "dates": "%Y%m%d", "nulls": ["00000000"]}
    customer = profile("customers", {"id": "order", "name": "order", "created_on": day})
    found = read({"sales.csv": f"{HEAD}A;;;;;20161231;\nB;;;;;00000000;\nC;;;;;;\n"}, customer)
    days = [customer.created_on for customer in found.book.customers]
    assert [day and day.isoformat() for day in days] == ["2016-12-31", None, None]


def test_encoding(read: Read) -> None:
    """A profile names the encoding of a file."""
    text = f"{HEAD}O-1;上海;1;1;;;\n".encode("gbk")
    found = read(
        {"sales.csv": text},
        profile("order_lines", LINE | {"product_id": "product"}, encoding="gbk"),
    )
    assert found.book.order_lines[0].product_id == "上海"


def test_map(read: Read) -> None:
    """A list translates texts; a text outside it is a fault, unless the profile says otherwise."""
    rows = f"{HEAD}O-1;ax;1;1;;;\nO-2;bo;1;1;;;\nO-3;;1;1;;;\n"
    strict = {"column": "product", "map": {"ax": "P-1"}}
    found = read({"sales.csv": rows}, profile("order_lines", LINE | {"product_id": strict}))
    assert codes(found) == [("unknown-value", 3, "product")]
    assert [line.product_id for line in found.book.order_lines] == ["P-1", None]
    for otherwise in (None, "P-9"):
        loose = {**strict, "otherwise": otherwise}
        found = read({"sales.csv": rows}, profile("order_lines", LINE | {"product_id": loose}))
        assert [line.product_id for line in found.book.order_lines] == ["P-1", otherwise, None]


def test_aliases_and_nulls(read: Read) -> None:
    """Aliases come before anything else, and texts for no value hold in the whole file."""
    file: dict[str, Any] = {"aliases": {"product": {"Ax": "n/a"}}, "nulls": ["", "n/a"]}
    one, two = lines(
        read,
        "O-1;Ax;1;1;n/a;;\nO-1;Axe;1;1;0;;\n",
        {"product_id": "product", "discount": "off"},
        **file,
    )
    assert (one.product_id, two.product_id) == (None, "Axe")
    assert (one.discount, two.discount) == (None, Decimal(0))


def test_filters(read: Read) -> None:
    """Rows are kept or left out by their texts, for the whole file or for one record type."""
    rows = f"{HEAD}O-1;;1;1;;;paid\nO-2;;1;1;;;\nO-3;;1;1;;;void\nO-4;;1;1;;;open\n"
    found = read(
        {"sales.csv": rows},
        profile(
            "order_lines", LINE, {"skip": {"state": ["open"]}}, only={"state": ["paid", "", "open"]}
        ),
    )
    assert [line.order_id for line in found.book.order_lines] == ["O-1", "O-2"]
    assert found.files[0].records[0].filtered == 2


def test_lookup(read: Read) -> None:
    """A value can stand in another file, found by a key; a key that it lacks is a fault."""
    rule = profile("order_lines", LINE | {"net_amount": PRICE})
    prices = {
        "decimal": ",",
        "delimiter": ";",
        "records": [{"record": "products", "fields": {"id": "p", "name": "p"}}],
    }
    files: Any = rule["files"]
    files["prices.csv"] = prices
    rows = f"{HEAD}O-1;A;1;;;;\nO-2;B;1;;;;\nO-3;C;1;;;;\n"
    found = read({"sales.csv": rows, "prices.csv": "p;eur\nA;1,25\nB;x\n"}, rule)
    assert [line.net_amount for line in found.book.order_lines] == [Money.of("1.25", "EUR")]
    assert codes(found) == [("invalid-number", 3, "product"), ("unknown-value", 4, "product")]


def test_lookup_without_its_file(read: Read) -> None:
    """A file that looks things up in a missing one is refused once, not row by row."""
    rule = profile("order_lines", LINE | {"net_amount": PRICE})
    files: Any = rule["files"]
    files["prices.csv"] = {"records": [{"record": "products", "fields": {"id": "p", "name": "p"}}]}
    found = read({"sales.csv": f"{HEAD}O-1;A;1;;;;\n"}, rule)
    assert [one.code for one in found.findings] == ["missing-lookup", "missing-file"]
    assert "prices.csv, which is not there" in found.findings[0].message


def looking_up(**file: object) -> dict[str, object]:
    """Return a profile of lines whose price stands in a file that holds no records."""
    rule = profile("order_lines", LINE | {"net_amount": PRICE, "cost": PRICE})
    files: Any = rule["files"]
    files["prices.csv"] = {"records": [], **file}
    return rule


def test_lookup_only_file(read: Read) -> None:
    """A file can be there for look-ups alone; its rows are counted and make no record."""
    rule = looking_up()
    rule["unmapped"] = "warn"
    rows = "order;product;pieces\nO-1;A;1\n"
    found = read({"sales.csv": rows, "prices.csv": "p,eur,more\n,9,x\nA,1.25,x\n\nB\n"}, rule)
    assert [line.net_amount for line in found.book.order_lines] == [Money.of("1.25", "EUR")]
    assert codes(found) == [("unknown-column", 1, "more"), ("row-length", 5, None)]
    assert (found.files[1].rows, found.files[1].blank, found.files[1].records) == (3, 1, ())


def test_warning_where_no_column_is_known(read: Read) -> None:
    """A column that is not read is told also where the profile reads none of the file."""
    numbered = {"id": {"row": True}, "name": {"constant": "x"}}
    rule: dict[str, Any] = {**profile("customers", numbered), "unmapped": "warn"}
    found = read({"sales.csv": "a;b\nC;D\n"}, rule)
    assert [one.message for one in found.findings] == [
        "this column is not read; none is known",
        "this column is not read; none is known",
    ]


@pytest.mark.parametrize(
    ("prices", "fault"),
    [
        ("p,EUR\nA,1\n", "which has no column 'eur'; the nearest known is 'EUR'"),
        ("part,eur\nA,1\n", "which has no column 'p'; known are 'part', 'eur'"),
        ("p,p,eur\nA,B,1\n", "which has 2 columns with the heading 'p'"),
        ("", "which cannot be read"),
    ],
)
def test_lookup_without_its_column(read: Read, prices: str, fault: str) -> None:
    """A look-up that cannot work names the other file and its missing column, once."""
    found = read({"sales.csv": f"{HEAD}O-1;A;1;;;;\n", "prices.csv": prices}, looking_up())
    (finding,) = [one for one in found.findings if one.code == "missing-lookup"]
    expected = f"sales.csv was not read: it looks up 'eur' in prices.csv, {fault}"
    assert finding.message == expected
    assert found.files[0].is_refused


def test_lookup_otherwise(read: Read) -> None:
    """A key that the other file lacks can mean no value, if the profile says so."""
    cost = {
        "lookup": {
            "file": "sales.csv",
            "key": "order",
            "value": "price",
            "by": "product",
            "otherwise": None,
        }
    }
    one, two = lines(read, "A;B;1;2;;;\nB;C;1;3;;;\n", {"cost": cost})
    assert (one.cost, two.cost) == (Money.of(3, "EUR"), None)


def test_stages(read: Read) -> None:
    """A stage sets kind and probability, and an unknown one is a fault."""
    rule = profile("opportunities", {"id": "order", "stage": "state"})
    rule["stages"] = {"Done": {"kind": "won", "probability": "1"}, "New": {"kind": "open"}}
    found = read({"sales.csv": f"{HEAD}A;;;;;;Done\nB;;;;;;New\nC;;;;;;Old\n"}, rule)
    assert [(one.kind, one.probability) for one in found.book.opportunities] == [
        (StageKind.WON, Decimal(1)),
        (StageKind.OPEN, None),
    ]
    assert codes(found) == [("unknown-value", 4, "state")]


def test_distinct(read: Read) -> None:
    """Of several rows for one record the first is kept, and a row that disagrees is found."""
    fields = {"id": "product", "name": "state", "list_price": "price"}
    rows = f"{HEAD};P;;5;;;Axe\n;P;;5;;;Axe\n;P;;;;;Axe\n;P;;6;;;Bow\n;P;;6;;;Axe\n;;;1;;;\n"
    found = read({"sales.csv": rows}, profile("products", fields, {"distinct": True}))
    report = found.files[0].records[0]
    assert (report.accepted, report.merged, report.filtered) == (1, 4, 1)
    assert codes(found) == [("conflicting-value", 5, "price"), ("conflicting-value", 5, "state")]
    assert [one.count for one in found.findings] == [2, 1]
    assert {one.severity for one in found.findings} == {Severity.WARNING}
    assert found.book.products[0].list_price == Money.of(5, "EUR")


def test_currency_of_the_row(read: Read) -> None:
    """A column can name the currency of each row."""
    found = read(
        {"sales.csv": f"{HEAD}O-1;;1;5;;;USD\nO-2;;1;5;;;usd\n"},
        profile("order_lines", LINE | {"currency": "state"}),
    )
    assert [line.net_amount.currency for line in found.book.order_lines] == ["USD"]
    assert codes(found) == [("unknown-currency", 3, "state")]


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ("0.123456789", "0.1234567890", True),
        ("0.0000000001", "0.0000000001", False),
        ("99999999999999999999", "99999999999999999999", False),
        ("0.500000000000000000", "2.000000000000000000", True),
    ],
)
def test_too_fine_or_too_large(read: Read, one: str, other: str, *, right: bool) -> None:
    """A result that no field can hold is a fault and never rounded; idle zeros do no harm."""
    rule = profile("order_lines", LINE | {"net_amount": {"multiply": ["pieces", "price"]}})
    found = read({"sales.csv": f"{HEAD}O-1;;{one};{other};;;\n"}, rule)
    assert len(found.book.order_lines) == right
    assert [code for code, _, _ in codes(found)] == ([] if right else ["invalid-number"])


def test_faults_of_all_operands(read: Read) -> None:
    """A computed value with several bad cells names each of them."""
    rule = profile("order_lines", LINE | {"net_amount": {"multiply": ["price", "off"]}})
    found = read({"sales.csv": f"{HEAD}O-1;;1;x;y;;\n"}, rule)
    assert codes(found) == [("invalid-number", 2, "price"), ("invalid-number", 2, "off")]


def test_fault_behind_a_value_that_is_there(read: Read) -> None:
    """Where a first value is there, what would have stood in for it is not looked at."""
    rule = profile("order_lines", LINE | {"net_amount": {"first": ["price", "off"]}})
    found = read({"sales.csv": f"{HEAD}O-1;;1;1;y;;\nO-2;;1;;y;;\n"}, rule)
    assert codes(found) == [("invalid-number", 3, "off")]


def test_missing_columns_and_files(read: Read) -> None:
    """A column or a file that the profile needs is missing by name, unless it is optional."""
    fields = {"id": "id", "name": "name", "region": {"column": "area", "optional": True}}
    rule = profile("customers", fields)
    files: Any = rule["files"]
    files["more.csv"] = {
        "records": [{"record": "orders", "fields": {"id": "a", "ordered_on": "b"}}]
    }
    found = read({"sales.csv": "id;Name;other\nC;D;E\n"}, rule)
    assert codes(found) == [("missing-column", 1, "name"), ("missing-file", None, None)]
    files["more.csv"]["optional"] = True
    found = read({"sales.csv": "id;name;other\nC;D;E\n"}, rule)
    assert found.findings == ()


def test_two_files_of_one_record(read: Read) -> None:
    """Two files can hold records of one type; a record in both is a repeat or a further row."""
    rule = profile("customers", {"id": "a", "name": "b"})
    files: Any = rule["files"]
    second = {
        "delimiter": ";",
        "records": [{"record": "customers", "fields": {"id": "a", "name": "b"}}],
    }
    files["more.csv"] = second
    texts: Any = {"sales.csv": "a;b\nC;Cem\n", "more.csv": "a;b\nC;Can\nD;Dan\n"}
    found = read(texts, rule)
    assert codes(found) == [("duplicate-id", 2, "a")]
    assert [customer.name for customer in found.book.customers] == ["Cem", "Dan"]
    second["records"][0]["distinct"] = True  # type: ignore[index]
    found = read(texts, rule)
    assert codes(found) == [("conflicting-value", 2, "b")]


def test_repeat_before_a_file_that_merges(read: Read) -> None:
    """A second row with an id is refused and leaves no mark on what later files are held to."""
    rule = profile("customers", {"id": "a", "name": "b"})
    files: Any = rule["files"]
    record = {"record": "customers", "fields": {"id": "a", "name": "b"}, "distinct": True}
    files["more.csv"] = {"delimiter": ";", "records": [record]}
    texts: Any = {"sales.csv": "a;b\nC;Cem\nC;Can\nD;Dan\n", "more.csv": "a;b\nC;Cem\nD;Dan\n"}
    found = read(texts, rule)
    assert codes(found) == [("duplicate-id", 3, "a")]
    assert found.files[1].records[0].merged == 2


def test_first_is_always_there(read: Read) -> None:
    """What would stand in for a value is not read where the value is in every row."""
    (line,) = lines(read, "O-1;;1;5;x;;\n", {"net_amount": {"first": ["price", "off"]}})
    assert line.net_amount == Money.of(5, "EUR")


def test_more_digits_than_any_number(read: Read) -> None:
    """A product that no exact arithmetic holds is a fault like any that no field holds."""
    many = ["price"] * 40
    rule = profile("order_lines", LINE | {"net_amount": {"multiply": many}})
    found = read({"sales.csv": f"{HEAD}O-1;;1;{'7' * 38};;;\n"}, rule)
    assert codes(found) == [("invalid-number", 2, "price")]


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_boolean(text: str, value: object) -> None:
    """A boolean is written in lower case."""
    assert read_text(text, Target(Kind.BOOLEAN, "a.b"), OURS, None) is value


def test_cells_forgotten_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read does not depend on how many rows, or cells, are held at once."""
    monkeypatch.setattr("salescore.exchange._evaluate._MEMO_LIMIT", 1)
    name = {"column": "b", "nulls": ["-"]}
    key = {"column": "a", "nulls": ["-"]}
    rule = profile("customers", {"id": key, "name": name}, {"distinct": True})
    text = 'a;b\n-;x\nC;Cem\nD;"Dan"x\nE;Eva\nC;Cem\n'
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    parsed = Profile.parse(json.dumps(rule))
    found = FolderReader(tmp_path, parsed, chunk=1).read()
    assert [customer.name for customer in found.book.customers] == ["Cem", "Eva"]
    report = found.files[0].records[0]
    assert (report.filtered, report.refused, report.merged) == (1, 1, 1)
    assert found == FolderReader(tmp_path, parsed).read()
