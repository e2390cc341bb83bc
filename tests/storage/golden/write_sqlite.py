"""
Write the golden store of the present form: a SQLite file as SQL text, and what it holds as JSON.

Run: python tests/storage/golden/write_sqlite.py

A golden store is written once per form and then kept as it is, so that later releases prove on it
that they read what earlier ones wrote.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from salescore.entities import RECORD_TABLES, Event
from salescore.plain import CustomFields, Field, FieldTable, Kind, custom_field, custom_values, pack
from salescore.storage import SqliteStore, Unit
from salescore.storage._sql_tables import FORM
from salescore.testing import write_golden
from salescore.values import Money, format_instant

HERE = Path(__file__).parent
START = datetime(2017, 3, 1, 8, 30, 0, 250_000, tzinfo=UTC)
CUSTOM = CustomFields.of(
    {
        "customers": [
            custom_field("stars", Kind.DECIMAL, "Stars", "星级"),
            custom_field("fee", Kind.MONEY, "Fee", "费用"),
            custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "蓝")),
        ]
    }
)


def value(field: Field, number: int) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return a value that a field allows, another for another number."""
    match field.kind:
        case Kind.ID:
            return f"{field.name} {number}"
        case Kind.TEXT:
            return ("plain", "華北 'quoted' \"twice\"", "ü\n\tÅ; --")[number % 3]
        case Kind.DECIMAL:
            return Decimal(("1", "0.50", "1.000")[number % 3])
        case Kind.MONEY:
            amounts = ("12.50", "-0.001", "99999999999999999999.999999999999999999")
            return Money(Decimal(amounts[number % 3]), ("EUR", "JPY", "USD")[number % 3])
        case Kind.DATE:
            return date(2017, 1, 1) + timedelta(days=number)
        case Kind.INSTANT:
            return START + timedelta(microseconds=number)
        case Kind.BOOLEAN:
            return number % 2 == 0
        case Kind.CHOICE:
            texts = field.choices
            text = texts[number % len(texts)]
            return text if field.choice_type is None else field.choice_type(text)


def record(table: FieldTable, number: int, *, whole: bool) -> Any:  # noqa: ANN401 - of the table
    """Return a record, with all fields or with those that it must have."""
    fields = [one for one in table.fields if not one.is_custom and (whole or not one.nullable)]
    values = {one.name: value(one, number) for one in fields}
    values["id"] = f"{table.name} 1"
    if whole and table.custom_fields:
        own = {one.name: value(one, number) for one in table.custom_fields}
        values["custom"] = custom_values(**own)
    found: Any = table.record
    return found(**values)


def dumped(path: Path) -> str:
    """Return a SQLite file as SQL text."""
    connection = sqlite3.connect(path)
    text = "\n".join(connection.iterdump())
    connection.close()
    return text + "\n"


def write_laws(folder: Path) -> None:
    """Write the store that the conformance kit asks later releases about."""
    store = SqliteStore(folder / "laws.db")
    write_golden(store)
    store.close()
    text = dumped(folder / "laws.db")
    (HERE / f"laws-sqlite-{FORM}.sql").write_text(text, encoding="utf-8")


def main() -> None:
    """Write all files."""
    tables = [CUSTOM.extend(table) for table in RECORD_TABLES if table.name != "events"]
    told: dict[str, Any] = {
        "custom_fields": CUSTOM.as_data(),
        "versions": [],
        "events": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "golden.db"
        store = SqliteStore(path, custom_fields=CUSTOM)
        for number, whole in enumerate((True, False, True)):
            unit = Unit(recorded_at=START + timedelta(days=number))
            day = None if number == 0 else date(2017, 3, number)
            unit = unit.put(
                *(record(table, number, whole=whole) for table in tables), effective_on=day
            )
            store.commit(unit)
        for table in tables:
            for place, kept in enumerate(store.versions(table.name, f"{table.name} 1")):
                told["versions"].append(
                    {
                        "place": place,
                        "version": kept.version,
                        "position": kept.position,
                        "recorded_at": format_instant(kept.recorded_at),
                        "effective_on": kept.effective_on and kept.effective_on.isoformat(),
                        "record": pack(table, kept.record),
                    }
                )
        store.commit(Unit(recorded_at=START).remove("teams", "teams 1"))
        events = [
            Event(id="e1", name="stage_entered", happened_at=START),
            Event(id="e2", name="noted", happened_at=START, detail='{"a": "中"}', actor="Ann"),
        ]
        keyed = Unit(recorded_at=START, key="golden").append(events[:1])
        told["keyed"] = store.commit(keyed).position
        store.commit(Unit(recorded_at=START).append(events[1:]))
        events_table = next(table for table in store.tables if table.name == "events")
        told["events"] = [pack(events_table, one.event) for one in store.events()]
        store.close()
        write_laws(Path(folder))
        dump = dumped(path)
    (HERE / f"sqlite-{FORM}.sql").write_text(dump, encoding="utf-8")
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (HERE / f"sqlite-{FORM}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
