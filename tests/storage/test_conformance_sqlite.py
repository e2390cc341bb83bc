"""The store in a SQLite file, held against every law of the ports."""

import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from salescore.plain import CustomFields, Kind, PersonalData, custom_field
from salescore.storage import Capability, SqliteStore
from salescore.testing import GoldenStore, StoreConformance, StoreFactory

pytestmark = [pytest.mark.engine, pytest.mark.slow]

GOLDEN = Path(__file__).parent / "golden" / "laws-sqlite-1.sql"
FIELDS = CustomFields.of(
    {
        "customers": [
            custom_field("stars", Kind.DECIMAL, "Stars", "星级", maximum=Decimal(5)),
            custom_field("fee", Kind.MONEY, "Fee", "费用"),
            custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "蓝")),
            custom_field("note", Kind.TEXT, "Note", "备注", personal=PersonalData.FREE_TEXT),
            custom_field("advisor_id", Kind.ID, "Advisor", "顾问", refers="sales_reps"),
        ],
        "orders": [
            custom_field("checked_on", Kind.DATE, "Checked", "检查日"),
            custom_field("checked_at", Kind.INSTANT, "Checked at", "检查时间"),
            custom_field("is_checked", Kind.BOOLEAN, "Is checked", "已检查"),
        ],
        "events": [custom_field("channel", Kind.TEXT, "Channel", "渠道")],
    }
)


def open_file(place: str) -> SqliteStore:
    """Open a file, from another process too."""
    return SqliteStore(place, custom_fields=FIELDS, busy_timeout=30)


def open_on(place: str, connect: Callable[[str], Any]) -> SqliteStore:
    """Open a file through connections of the kit."""
    return SqliteStore(place, custom_fields=FIELDS, connect=connect)


_FOLDER = TemporaryDirectory()


def golden_place() -> str:
    """Lay the store that form 1 wrote out at a new place."""
    place = str(Path(_FOLDER.name) / f"{len(list(Path(_FOLDER.name).iterdir()))}.db")
    connection = sqlite3.connect(place)
    connection.executescript(GOLDEN.read_text(encoding="utf-8"))
    connection.close()
    return place


class TestSqliteStore(StoreConformance):
    """Every law, in a file."""

    capabilities = frozenset(Capability)
    golden = (GoldenStore("form 1", golden_place),)

    @pytest.fixture
    def store_factory(self, tmp_path: Path) -> StoreFactory:
        """Return what opens a new file each time."""
        return StoreFactory.in_folder(open_file, tmp_path, ".db", open_on=open_on)


class TestSqliteStoreInMemory(StoreConformance):
    """Every law of what need not last, in memory."""

    capabilities = frozenset({Capability.ENGINE_RULES})
    store_factory = StoreFactory(lambda _: SqliteStore(":memory:", custom_fields=FIELDS))
