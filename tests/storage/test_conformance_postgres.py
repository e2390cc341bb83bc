"""The store on a Postgres server, held against every law of the ports."""

import itertools

import pytest

from salescore.plain import CustomFields, Kind, PersonalData, custom_field
from salescore.storage import PostgresStore
from salescore.testing import StoreConformance, StoreFactory

pytestmark = [pytest.mark.engine, pytest.mark.slow]

FIELDS = CustomFields.of(
    {
        "customers": [
            custom_field("fee", Kind.MONEY, "Fee", "费用"),
            custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "蓝")),
            custom_field("note", Kind.TEXT, "Note", "备注", personal=PersonalData.FREE_TEXT),
        ],
        "orders": [
            custom_field("weight", Kind.DECIMAL, "Weight", "重量"),
            custom_field("checked_on", Kind.DATE, "Checked", "检查日"),
            custom_field("checked_at", Kind.INSTANT, "Checked at", "检查时间"),
            custom_field("is_checked", Kind.BOOLEAN, "Is checked", "已检查"),
        ],
    }
)
_NUMBERS = itertools.count(1)


def open_schema(place: str) -> PostgresStore:
    """Open a schema, from another process too."""
    url, _, schema = place.rpartition(" ")
    return PostgresStore(url, schema=schema, custom_fields=FIELDS, busy_timeout=30, connections=12)


class TestPostgresStore(StoreConformance):
    """Every law, in a schema of its own each time."""

    @pytest.fixture
    def store_factory(self, postgres_url: str) -> StoreFactory:
        """Return what opens a new schema each time."""
        return StoreFactory(open_schema, lambda: f"{postgres_url} laws_{next(_NUMBERS)}")
