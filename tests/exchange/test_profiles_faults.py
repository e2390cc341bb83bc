"""What becomes of faults and deleted rows; registered fields; records told apart without ids."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.exchange.conftest import Read

from salescore.errors import InvalidDocument, InvalidValue
from salescore.exchange import (
    CANONICAL,
    Profile,
    canonical_with,
    profile_schema,
    read_folder,
)
from salescore.plain import CustomFields, Kind, custom_field
from salescore.values import Money, Severity

Spec = dict[str, Any]


def profile(record: str, fields: Spec, file: Spec | None = None, **rest: object) -> Spec:
    """Return a profile of one file with one record type."""
    records = [{"record": record, "fields": fields}]
    return {
        "schema": "salescore/profile/1",
        "name": "p",
        "title": "t",
        **rest,
        "files": {"f.csv": {**(file or {}), "records": records}},
    }


# Faults -----------------------------------------------------------------------------------------

ORDERS = {"id": "id", "ordered_on": "day", "required_on": "due", "payment_terms_days": "terms"}
FAULTY = {"f.csv": "id,day,due,terms\n1,2017-01-01,soon,many\n2,late,soon,5\n3,2017-01-01,,5\n"}


def test_a_fault_refuses_the_row(read: Read) -> None:
    """Without a word in the profile a faulty row is lost as a whole, and each fault told."""
    found = read(FAULTY, profile("orders", ORDERS))
    assert [one.id for one in found.book.orders] == ["3"]
    assert len(found.findings) == 4


def test_a_fault_empties_the_cell(read: Read) -> None:
    """With `null` a fault in a field that may be empty empties it; a required one still refuses."""
    found = read(FAULTY, profile("orders", ORDERS, faulty="null"))
    assert [(one.id, one.required_on) for one in found.book.orders] == [("1", None), ("3", None)]
    assert len(found.findings) == 4
    assert all(one.severity is Severity.ERROR for one in found.findings)
    told = {one.place.column: one.message for one in found.findings if one.place}
    assert told["due"].endswith("; read as no value")
    assert told["terms"].endswith("; read as no value")
    assert not told["day"].endswith("; read as no value")


def test_a_column_decides_for_itself(read: Read) -> None:
    """A column's word goes before that of the profile, either way."""
    strict = {**ORDERS, "required_on": {"column": "due", "faulty": "refuse"}}
    found = read(FAULTY, profile("orders", strict, faulty="null"))
    assert [one.id for one in found.book.orders] == ["3"]
    loose = {
        **ORDERS,
        "required_on": {"column": "due", "faulty": "null"},
        "payment_terms_days": {"column": "terms", "faulty": "null"},
    }
    found = read(FAULTY, profile("orders", loose))
    assert [one.id for one in found.book.orders] == ["1", "3"]


def test_an_amount_that_cannot_be_is_emptied(read: Read) -> None:
    """A contradicted currency and a missing one empty the amount and keep the row."""
    amount: Spec = {"column": "amount", "number": {"signs": {}}}
    fields: Spec = {"id": "id", "name": "id", "list_price": amount, "currency": "cur"}
    found = read(
        {"f.csv": "id,amount,cur\n1,£5,EUR\n2,5,\n3,£5,GBP\n"},
        profile("products", fields, faulty="null"),
    )
    prices = [one.list_price for one in found.book.products]
    assert prices == [None, None, Money(Decimal(5), "GBP")]
    assert [one.code for one in found.findings] == ["conflicting-currency", "missing-currency"]


def test_a_cell_that_refuses_is_not_said_to_be_empty(read: Read) -> None:
    """Where one cell is the fault of two fields, what refuses the row is what is told."""
    mapping = {"column": "s", "map": {"Won": "won"}}
    stage = {"column": "s", "map": {"Won": "Won"}}
    chance = {"column": "s", "map": {"Won": "1"}}
    fields = {"id": "id", "stage": stage, "kind": mapping, "probability": chance}
    found = read({"f.csv": "id,s\n1,Odd\n"}, profile("opportunities", fields, faulty="null"))
    (finding,) = found.findings
    assert finding.code == "unknown-value"
    assert "no value" not in finding.message


# Deleted rows -----------------------------------------------------------------------------------


def test_deleted_rows(read: Read) -> None:
    """Rows that their source deleted are filtered, and one finding counts them."""
    spec = profile(
        "teams",
        {"id": "id", "name": "id"},
        {"deleted": {"gone": ["true", "1"]}, "skip": {"id": ["x"]}},
    )
    found = read({"f.csv": "id,gone\na,true\nb,false\nc,1\nx,\n"}, spec)
    assert [one.id for one in found.book.teams] == ["b"]
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.count) == ("deleted-rows", Severity.INFO, 2)
    assert finding.message == "2 rows are marked as deleted, and left out"
    assert finding.place is not None
    assert finding.place.column == "gone"
    assert found.files[0].records[0].filtered == 3
    kept = read({}, Profile.parse(json.dumps(spec)).keeping_deleted())
    assert [one.id for one in kept.book.teams] == ["a", "b", "c"]
    assert kept.findings == ()


def test_one_deleted_row(read: Read) -> None:
    """One row is told in the singular, and none is not told."""
    spec = profile("teams", {"id": "id", "name": "id"}, {"deleted": {"gone": ["1"]}})
    found = read({"f.csv": "id,gone\na,1\nb,\n"}, spec)
    assert found.findings[0].message == "1 row is marked as deleted, and left out"
    assert read({"f.csv": "id,gone\nb,\n"}, spec).findings == ()


# Registered fields ------------------------------------------------------------------------------

CUSTOM = CustomFields.of(
    {
        "teams": [
            custom_field("floor", Kind.DECIMAL, "Floor", "楼层", minimum=Decimal(0)),
            custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=["red", "blue"]),
            custom_field("budget", Kind.MONEY, "Budget", "预算"),
            custom_field("is_remote", Kind.BOOLEAN, "Remote", "远程"),
        ],
        "orders": [custom_field("packed_on", Kind.DATE, "Packed on", "打包日期")],
    }
)


def test_registered_columns_of_our_own_layout(tmp_path: Path) -> None:
    """A registered field is a column of our own layout, and a fault in it is told as any other."""
    (tmp_path / "teams.csv").write_text(
        "id,name,floor,colour,budget,is_remote,currency\n"
        "1,A,3,red,5.00,true,EUR\n2,B,,,,,\n3,C,-1,green,,maybe,\n4,D,,,7,,\n"
    )
    (tmp_path / "orders.csv").write_text("id,ordered_on\n1,2017-01-01\n")
    found = read_folder(tmp_path, custom_fields=CUSTOM)
    assert found.book.teams[0].custom == (
        ("budget", Money(Decimal("5.00"), "EUR")),
        ("colour", "red"),
        ("floor", Decimal(3)),
        ("is_remote", True),
    )
    assert found.book.teams[1].custom == ()
    assert len(found.book.teams) == 2
    assert [(one.code, one.place and one.place.column) for one in found.findings] == [
        ("out-of-range", "floor"),
        ("unknown-value", "colour"),
        ("unknown-value", "is_remote"),
        ("missing-currency", "currency"),
    ]
    assert found.book.custom_fields == CUSTOM


def test_a_column_that_nobody_registered(tmp_path: Path) -> None:
    """Without registration such a column is unknown, and a warning says so."""
    (tmp_path / "teams.csv").write_text("id,name,floor\n1,A,3\n")
    found = read_folder(tmp_path)
    assert [one.code for one in found.findings] == ["unknown-column"]
    assert found.book.teams[0].custom == ()


def test_a_profile_names_registered_fields(tmp_path: Path) -> None:
    """A profile may fill registered fields, and only those; later rows add to them."""
    spec = profile("teams", {"id": "id", "name": "id", "floor": "etage", "colour": "farbe"})
    spec["files"]["f.csv"]["records"][0]["distinct"] = True
    (tmp_path / "p.json").write_text(json.dumps(spec))
    (tmp_path / "f.csv").write_text("id,etage,farbe\n1,3,\n1,,red\n2,,\n")
    found = read_folder(tmp_path, tmp_path / "p.json", custom_fields=CUSTOM)
    assert found.findings == ()
    assert [one.custom for one in found.book.teams] == [
        (("colour", "red"), ("floor", Decimal(3))),
        (),
    ]
    with pytest.raises(InvalidDocument, match="floor"):
        Profile.parse(json.dumps(spec))
    knowing: Any = jsonschema.Draft202012Validator(profile_schema(CUSTOM))
    assert knowing.is_valid(spec)
    other: Any = jsonschema.Draft202012Validator(profile_schema())
    assert not other.is_valid(spec)


def test_registered_fields_and_a_profile_made_without(tmp_path: Path) -> None:
    """Fields handed in beside a profile that does not know them are a mistake of the caller."""
    (tmp_path / "teams.csv").write_text("id,name\n1,A\n")
    with pytest.raises(InvalidValue, match="hand them to Profile"):
        read_folder(tmp_path, CANONICAL, custom_fields=CUSTOM)
    known = canonical_with(CUSTOM)
    assert read_folder(tmp_path, known, custom_fields=CUSTOM).book.custom_fields == CUSTOM


def test_a_registered_field_with_a_name_of_ours() -> None:
    """A clash of names is refused before anything is read, by our layout and by a profile."""
    clash = CustomFields.of({"teams": [custom_field("region", Kind.TEXT, "Region", "地区")]})
    with pytest.raises(InvalidValue, match="choose another"):
        canonical_with(clash)
    spec = profile("teams", {"id": "id", "name": "id"})
    with pytest.raises(InvalidValue, match="choose another"):
        Profile.parse(json.dumps(spec), custom_fields=clash)


# Natural keys -----------------------------------------------------------------------------------


def test_rates_without_ids(read: Read) -> None:
    """A rate is told apart by its pair, kind, day and source; the same twice is a duplicate."""
    found = read(
        {
            "exchange_rates.csv": "base,quote,kind,valid_from,rate,source\n"
            "USD,EUR,spot,2017-01-02,0.9,ECB\nUSD,EUR,,2017-01-02,0.9,\n"
            "USD,EUR,average,2017-01-02,0.9,ECB\nUSD,EUR,spot,2017-01-02,0.8,ECB\n"
            "USD,,spot,2017-01-02,0.8,ECB\n"
        }
    )
    assert [one.id for one in found.book.exchange_rates] == [
        "USD/EUR/spot/2017-01-02/ECB",
        "USD/EUR/spot/2017-01-02/-",
        "USD/EUR/average/2017-01-02/ECB",
    ]
    told = [(one.code, one.place.row, one.place.column) for one in found.findings if one.place]
    assert told == [
        ("duplicate-id", 5, "base"),
        ("missing-value", 6, "base"),
        ("missing-value", 6, "quote"),
    ]


def test_rates_with_ids_keep_them(read: Read) -> None:
    """An id that is there counts; one that is empty is made from the key."""
    text = "id,base,quote,valid_from,rate\nR-1,USD,EUR,2017-01-02,0.9\n,USD,EUR,2017-01-03,0.9\n"
    found = read({"exchange_rates.csv": text})
    ids = [one.id for one in found.book.exchange_rates]
    assert ids == ["R-1", "USD/EUR/spot/2017-01-03/-"]


def test_market_sizes_without_ids(read: Read) -> None:
    """A market's size is told apart by its days and its scope."""
    text = (
        "starts_on,ends_on,region,volume\n2017-01-01,2017-12-31,North,5\n2017-01-01,2017-12-31,,9\n"
    )
    found = read({"market_sizes.csv": text})
    assert [one.id for one in found.book.market_sizes] == [
        "2017-01-01/2017-12-31/North/-/-/-/-",
        "2017-01-01/2017-12-31/-/-/-/-/-",
    ]
    assert found.book.market_sizes[0].starts_on == date(2017, 1, 1)


def test_lines_need_an_id(read: Read) -> None:
    """An order may hold one product twice, so nothing tells its lines apart but an id."""
    found = read({"order_lines.csv": "order_id,quantity,net_amount,currency\nO,1,1,EUR\n"})
    assert [(one.code, one.place and one.place.column) for one in found.findings] == [
        ("missing-column", "id")
    ]
