"""Messages: a place is printed before them, so they do not say it again."""

from typing import Any

import pytest
from tests.exchange.conftest import Read

from salescore.exchange import Import

LINES = "id,order_id,quantity,net_amount,discount,currency\n"


def messages(found: Import) -> list[str]:
    """Return the messages of all findings."""
    return [one.message for one in found.findings]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",O-1,1,5,,USD", "a value is required"),
        ("L,O-1,x,5,,USD", "'x' is not a number: "),
        ("L,O-1,1,5,1.5,USD", "'1.5' is not allowed; it must be at most 1"),
        ("L,O-1,1,5,,eur", "no currency 'eur'; did you mean 'EUR'?"),
        ("L,O-1,1,5,,EURO", "no currency 'EURO'; did you mean 'EUR'?"),
        ("L,O-1,1,5,,€€€€", "no currency '€€€€'; expected an ISO 4217 code such as 'USD'"),
        ("L,O-1,1,5,,12", "no currency '12'; expected an ISO 4217 code such as 'USD'"),
        ("L,O-1,1,5,,abc", "no currency 'abc'; expected an ISO 4217 code such as 'USD'"),
        ("L,O-1,1,5,,US dollars", "no currency 'US dollars'; expected an ISO 4217 code such"),
        ("L,O\0,1,5,,USD", "'O\\x00' holds a NUL character"),
        ('L,"O""x,1,5,,USD', "a quotation mark opens a cell here"),
    ],
)
def test_place_is_said_once(read: Read, row: str, message: str) -> None:
    """A message names neither row nor column where its place does."""
    found = read({"order_lines.csv": f"{LINES}{row}\n"})
    assert messages(found)[0].startswith(message)
    assert "order_lines" not in messages(found)[0]
    assert "row 2" not in messages(found)[0]


def test_headings(read: Read) -> None:
    """A missing heading offers the one that differs in capitals; the others are not repeated."""
    found = read({"customers.csv": "ID,name,name,x\n"})
    known = "known are 'id', 'name', 'lifecycle', 'segment', 'industry' …"
    own = "; a field of your own is registered with custom_fields (--custom-fields)"
    assert messages(found) == [
        "there is no such column; the nearest known is 'ID'",
        "2 columns have this heading",
        f"this column is not read; the nearest known is 'id'{own}",
        f"this column is not read; {known}{own}",
    ]


def test_another_column(read: Read) -> None:
    """Where the column has another name than the field, the field is named too."""
    fields: dict[str, Any] = {"id": "Nr", "name": "Kunde", "created_on": "Tag"}
    again = {"id": "Nr", "name": "name"}
    rule: dict[str, object] = {
        "schema": "salescore/profile/1",
        "name": "shop",
        "title": "Shop",
        "files": {
            "a.csv": {"records": [{"record": "customers", "fields": fields, "distinct": True}]},
            "b.csv": {"records": [{"record": "customers", "fields": again, "distinct": True}]},
        },
    }
    text = "Nr,Kunde,Tag\nC,Cem,\nC,Can,\nD,,\nE,Eva,x\n"
    found = read({"a.csv": text, "b.csv": "Nr,name\nC,Cay\n"}, rule)
    assert [one.partition(" is not a")[0] for one in messages(found)] == [
        "customers/C: name was 'Cem' before and is 'Can' here; the first was kept",
        "customers.name is required",
        "customers.created_on: 'x'",
        "customers/C: it was 'Cem' before and is 'Cay' here; the first was kept",
    ]
