"""The profile format: read strictly, described by a schema, refused with the place of the fault."""

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from salescore.errors import ImportRefused, InvalidDocument, UnknownName
from salescore.exchange import (
    CANONICAL,
    Profile,
    profile_schema,
    read_folder,
    shipped_profiles,
)
from salescore.values import Severity

GOOD: dict[str, Any] = {
    "schema": "salescore/profile/1",
    "name": "shop",
    "title": "A shop",
    "currency": "EUR",
    "stages": {"Done": {"kind": "won", "probability": "1"}},
    "headings": "folded",
    "faulty": "null",
    "booleans": {"true": ["Y"], "false": ["N"]},
    "zone": "UTC",
    "day_zone": "Asia/Shanghai",
    "files": {
        "sales.csv": {
            "optional": True,
            "encoding": "gb18030",
            "delimiter": ";",
            "dates": ["%d.%m.%Y", "%Y-%m-%d"],
            "decimal": ",",
            "group": ".",
            "nulls": ["", "n/a"],
            "skip": {"deleted": ["1"]},
            "deleted": {"gone": ["yes"]},
            "aliases": {"product": {"Ax": "Axe"}},
            "records": [
                {
                    "record": "order_lines",
                    "only": {"state": ["paid"]},
                    "fields": {
                        "id": {"join": ["order", {"row": True}], "with": "-"},
                        "order_id": "order",
                        "quantity": {"first": ["pieces", {"constant": "1"}]},
                        "net_amount": {"multiply": ["pieces", "price"]},
                        "cost": {
                            "column": ["cost", "Kosten"],
                            "faulty": "refuse",
                            "number": {
                                "scale": "fraction",
                                "suffixes": {"k": "1000"},
                                "parentheses": True,
                                "decimal": ".",
                                "group": ",",
                            },
                        },
                        "discount": {"when": "state", "in": ["paid"], "then": "off"},
                        "product_id": {
                            "column": "product",
                            "map": {"Axe": "P-1"},
                            "otherwise": None,
                        },
                    },
                }
            ],
        }
    },
}
FILE = ("files", "sales.csv")
FIELDS = (*FILE, "records", 0, "fields")


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return the good profile with one part replaced, or left out for `...`."""
    found = copy.deepcopy(GOOD)
    part: Any = found
    for key in path[:-1]:
        part = part[key]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return found


@pytest.mark.parametrize("name", shipped_profiles())
def test_shipped(name: str) -> None:
    """Every shipped profile loads under its own name and fits the schema."""
    assert Profile.load(name).name == name
    file = resources.files("salescore.exchange") / "profiles" / f"{name}.json"
    validator: Any = jsonschema.Draft202012Validator(profile_schema())
    validator.validate(json.loads(file.read_text("utf-8")))


def test_schema_file() -> None:
    """The schema in the wheel is the one that the code describes, and is a schema."""
    file = resources.files("salescore.exchange") / "profiles" / "profile.schema.json"
    assert json.loads(file.read_text("utf-8")) == profile_schema()
    jsonschema.Draft202012Validator.check_schema(profile_schema())


def test_good() -> None:
    """The profile that the other tests spoil is right, by the code and by the schema."""
    assert Profile.parse(json.dumps(GOOD)).files[0].file == "sales.csv"
    validator: Any = jsonschema.Draft202012Validator(profile_schema())
    validator.validate(GOOD)


def test_stage_of_unknown_chance() -> None:
    """A stage may say that its source states no probability."""
    profile = Profile.parse(json.dumps(changed(("stages", "Done", "probability"), None)))
    assert profile.stages[0].probability is None


#: Faults that the schema sees too.
SHAPES: list[tuple[tuple[str | int, ...], object, str]] = [
    (("schema",), "salescore/profile/2", "salescore/profile/1"),
    (("name",), ..., "'name' is missing"),
    (("nme",), "x", "did you mean 'name'"),
    (("name",), "", "must not be empty"),
    (("currency",), "Euro", "no currency"),
    (("stages", "Done"), {"kind": "win"}, "did you mean 'won'"),
    (("files",), {}, "at least one file"),
    (("files",), [], "expected an object"),
    ((*FILE, "recods"), [], "did you mean 'records'"),
    ((*FILE, "records"), {}, "expected a list"),
    ((*FILE, "only"), {"state": []}, "would keep no row"),
    ((*FILE, "records", 0, "only"), {"状态": []}, "would keep no row"),
    ((*FILE, "optional"), "yes", "true or false"),
    ((*FILE, "encoding"), "utf8mb4", "did you mean 'utf-8'"),
    ((*FILE, "delimiter"), "||", "one character"),
    ((*FILE, "dates"), [], "at least one format"),
    ((*FILE, "nulls"), ["x", "x"], "stands twice"),
    ((*FILE, "records", 0, "record"), "order_line", "did you mean 'order_lines'"),
    ((*FIELDS, "qty"), "pieces", "no key 'qty'"),
    ((*FIELDS, "quantity"), 1, "expected an object"),
    ((*FIELDS, "quantity"), {}, "exactly one of the keys"),
    ((*FIELDS, "quantity"), {"constant": "1", "row": True}, "exactly one of the keys"),
    ((*FIELDS, "quantity"), {"constant": 1}, "in quotation marks"),
    ((*FIELDS, "quantity"), {"constant": "1", "map": {}}, "no key 'map'"),
    ((*FIELDS, "quantity"), {"row": False}, "expected true"),
    ((*FIELDS, "quantity"), {"add": ["pieces"]}, "at least two values"),
    ((*FIELDS, "quantity"), {"column": "pieces", "otherwise": "1"}, "needs a 'map'"),
    ((*FIELDS, "quantity"), {"lookup": {"file": "sales.csv"}}, "'key' is missing"),
    (("headings",), "loose", "no choice 'loose'"),
    (("faulty",), "ignore", "no choice 'ignore'"),
    (("booleans",), {"yes": ["Y"]}, "no key 'yes'"),
    (("zone",), "", "must not be empty"),
    ((*FIELDS, "quantity"), {"column": []}, "at least one heading"),
    ((*FIELDS, "quantity"), {"column": ["a", ""]}, "none may be empty"),
    ((*FIELDS, "quantity"), {"column": ["a", "a"]}, "stands twice"),
    ((*FIELDS, "quantity"), {"column": "a", "faulty": "empty"}, "no choice 'empty'"),
    ((*FIELDS, "quantity"), {"column": "a", "number": {"scale": "cent"}}, "did you mean 'percent'"),
    ((*FIELDS, "quantity"), {"column": "a", "number": {"suffixes": {"k": 1000}}}, "quotation"),
    ((*FIELDS, "quantity"), {"column": "a", "number": {"suffix": {}}}, "did you mean 'suffixes'"),
    ((*FIELDS, "quantity"), {"when": "a", "then": "b"}, "'in' is missing"),
    ((*FIELDS, "quantity"), {"when": "a", "in": [], "then": "b"}, "never met"),
    ((*FIELDS, "quantity"), {"row": True, "map": {}}, "no key 'map'"),
]
#: Faults that only the code knows.
MEANINGS: list[tuple[tuple[str | int, ...], object, str]] = [
    (("currency",), "EUX", "no currency"),
    (("currency",), "eur", "did you mean 'EUR'?"),
    ((*FILE, "records"), [], "at least one record"),
    (("currency",), ..., "money needs a currency"),
    (("stages", "Done", "probability"), "2", "at most 1"),
    ((*FILE, "dates"), "%d.%m", "date format"),
    ((*FILE, "group"), ",", "group mark"),
    (("files",), {"a/b.csv": GOOD["files"]["sales.csv"]}, "without its folder"),
    ((*FIELDS, "net_amount"), ..., "need the field 'net_amount'"),
    ((*FIELDS, "quantity"), {"constant": "one"}, "not a number"),
    (("zone",), "Asia/Shanghi", "did you mean 'Asia/Shanghai'"),
    (("day_zone",), "Mars", "no time zone 'Mars'"),
    (("booleans",), {"true": ["Y"], "false": ["Y"]}, "either true or false"),
    ((*FIELDS, "quantity"), {"column": "a", "faulty": "null"}, "a fault in it refuses the row"),
    ((*FIELDS, "order_id"), {"column": "a", "number": {}}, "holds no number"),
    ((*FIELDS, "quantity"), {"column": "a", "zone": "UTC"}, "holds no moment"),
    ((*FIELDS, "quantity"), {"column": "a", "zone": "Mars"}, "no time zone 'Mars'"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"decimal": ".", "group": "."}}, "group mark"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"suffixes": {"k": "many"}}}, "not a number"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"suffixes": {"k9": "9"}}}, "without digits"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"suffixes": {"k": "0"}}}, "more than 0"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"signs": {"$": "USQ"}}}, "no currency 'USQ'"),
    ((*FIELDS, "cost"), {"column": "a", "number": {"signs": {"1": "USD"}}}, "without digits"),
    ((*FILE, "dates"), "%Y-%m-%d %H", "with a time it must hold"),
    ((*FILE, "dates"), ["%Y-%m-%d %M:%H"], "with a time it must hold"),
    ((*FIELDS, "discount"), {"when": "a", "in": ["x"], "then": {"constant": "2"}}, "at most 1"),
    ((*FIELDS, "quantity"), {"join": ["a", "b"]}, "holds no text"),
    ((*FIELDS, "order_id"), {"add": ["a", "b"]}, "holds no number"),
    ((*FIELDS, "order_id"), {"column": "order", "map": {"a": ""}}, "must not be empty"),
    (
        (*FIELDS, "order_id"),
        {"lookup": {"file": "other.csv", "key": "a", "value": "b", "by": "c"}},
        "no file of the profile 'other.csv'",
    ),
    (
        (*FIELDS, "order_id"),
        {
            "lookup": {
                "file": "sales.csv",
                "key": "a",
                "value": "b",
                "by": {"lookup": {"file": "sales.csv", "key": "a", "value": "b", "by": "c"}},
            }
        },
        "inside another",
    ),
]


@pytest.mark.parametrize(("path", "value", "fault"), SHAPES + MEANINGS)
def test_refused(path: tuple[str | int, ...], value: object, fault: str) -> None:
    """A wrong profile is refused with what would be right, at the place of the fault."""
    with pytest.raises(InvalidDocument) as caught:
        Profile.parse(json.dumps(changed(path, value)))
    assert fault in str(caught.value)
    assert caught.value.path.split("/")[0] in ("", "files", path[0])


@pytest.mark.parametrize(("path", "value", "fault"), SHAPES)
def test_refused_by_schema(path: tuple[str | int, ...], value: object, fault: str) -> None:
    """What is wrong in form is wrong by the schema too."""
    assert fault
    validator: Any = jsonschema.Draft202012Validator(profile_schema())
    assert not validator.is_valid(changed(path, value))


def test_load(tmp_path: Path) -> None:
    """A profile is loaded by shipped name or by path, and a wrong name offers the nearest."""
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(GOOD), encoding="utf-8-sig")
    assert Profile.load(file) == Profile.load(str(file)) == Profile.parse(json.dumps(GOOD))
    with pytest.raises(UnknownName, match="superstore"):
        Profile.load("superstor")
    file.write_bytes(b"\xff\xff")
    with pytest.raises(ImportRefused, match="UTF-8"):
        Profile.load(file)
    with pytest.raises(InvalidDocument, match="not JSON"):
        Profile.parse("{")


def test_canonical_names_every_field() -> None:
    """Our own layout is one file per record type with one column per field."""
    assert {rule.file for rule in CANONICAL.files} >= {"customers.csv", "order_lines.csv"}
    for rule in CANONICAL.files:
        names = {field for field, _ in rule.records[0].fields}
        assert names == {one.name for one in rule.columns}


def test_notes_of_a_profile_come_with_every_import(tmp_path: Path) -> None:
    """What a reader must know of the facts stands among the findings, as worth knowing."""
    (tmp_path / "t.csv").write_text("id,name\nT,Team\n")
    text = (
        '{"schema": "salescore/profile/1", "name": "n", "title": "t", "notes": ["Mind this."],'
        ' "files": {"t.csv": {"records": [{"record": "teams",'
        ' "fields": {"id": "id", "name": "name"}}]}}}'
    )
    (found,) = read_folder(tmp_path, Profile.parse(text)).findings
    assert (found.code, found.severity, found.message) == (
        "profile-note",
        Severity.INFO,
        "Mind this.",
    )


def test_a_later_row_fills_what_the_first_left_empty(tmp_path: Path) -> None:
    """With `distinct`, nothing that any row says is lost, and only contradictions are conflicts."""
    (tmp_path / "c.csv").write_text("id,name,seg\n1,A,\n1,A,Retail\n1,A,\n1,A,Other\n2,B,\n")
    text = (
        '{"schema": "salescore/profile/1", "name": "n", "title": "t",'
        ' "files": {"c.csv": {"records": [{"record": "customers", "distinct": true,'
        ' "fields": {"id": "id", "name": "name", "segment": "seg"}}]}}}'
    )
    found = read_folder(tmp_path, Profile.parse(text))
    assert [one.segment for one in found.book.customers] == ["Retail", None]
    (conflict,) = found.findings
    assert (conflict.code, conflict.place and conflict.place.row) == ("conflicting-value", 5)
