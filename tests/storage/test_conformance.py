"""The store in memory and that of plain files, held against every law of the ports."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from salescore.plain import CustomFields, Kind, PersonalData, custom_field
from salescore.storage import JsonLinesStore, MemoryStore
from salescore.testing import StoreConformance, StoreFactory

pytestmark = pytest.mark.slow

FIELDS = CustomFields.of(
    {
        "customers": [
            custom_field("stars", Kind.DECIMAL, "Stars", "星级", maximum=Decimal(5)),
            custom_field("fee", Kind.MONEY, "Fee", "费用"),
            custom_field("note", Kind.TEXT, "Note", "备注", personal=PersonalData.FREE_TEXT),
        ],
        "orders": [
            custom_field("checked_on", Kind.DATE, "Checked", "检查日"),
            custom_field("is_checked", Kind.BOOLEAN, "Is checked", "已检查"),
        ],
    }
)


def open_lines(place: str) -> JsonLinesStore:
    """Return the store of JSON lines in a folder."""
    return JsonLinesStore(place, FIELDS, busy_timeout=30)


class TestMemoryStore(StoreConformance):
    """Every law of what need not last."""

    capabilities = ()
    store_factory = StoreFactory(lambda _: MemoryStore(FIELDS))


class TestJsonLinesStore(StoreConformance):
    """Every law, in a folder."""

    @pytest.fixture
    def store_factory(self, tmp_path: Path) -> StoreFactory:
        """Return a factory of stores in a temporary folder."""
        return StoreFactory.in_folder(open_lines, tmp_path, "", is_in_files=True)
