"""The store on a Postgres server, held against every law of the ports."""

import itertools
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy

from salescore.plain import CustomFields, Kind, PersonalData, custom_field
from salescore.storage import PostgresStore
from salescore.testing import StoreConformance, StoreFactory
from salescore.testing._store_trial import Check

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
_EMPTY: list[str] = []
"""Places that a law is done with, empty again: making 52 tables takes longer than most laws."""

_EMPTIED = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT schemaname, tablename FROM pg_tables
               WHERE schemaname = ANY ('{%s}') AND tablename NOT IN ('_state', '_forms')
    LOOP
        EXECUTE format('DELETE FROM %%I.%%I', one.schemaname, one.tablename);
    END LOOP;
    FOR one IN SELECT schemaname FROM pg_tables
               WHERE schemaname = ANY ('{%s}') AND tablename = '_state'
    LOOP
        EXECUTE format('UPDATE %%I._state SET position = 0, event = 0, recorded_at = NULL',
                       one.schemaname);
    END LOOP;
END $$
"""


def open_schema(place: str) -> PostgresStore:
    """Open a schema, from another process too."""
    url, _, schema = place.rpartition(" ")
    return PostgresStore(url, schema=schema, custom_fields=FIELDS, busy_timeout=30, connections=12)


def empty(url: str, schemas: list[str]) -> None:
    """Take all that was kept out of some schemas, with one statement."""
    place = sqlalchemy.make_url(url).set(drivername="postgresql")
    listed = ",".join(schemas)
    with psycopg.connect(place.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute((_EMPTIED % (listed, listed)).encode())


class TestPostgresStore(StoreConformance):
    """Every law, in an empty schema each time; one that nobody opened yet where several do."""

    @pytest.fixture
    def store_factory(self, postgres_url: str, law: Check) -> Iterator[StoreFactory]:
        """Return what opens an empty schema each time."""
        taken: list[str] = []

        def fresh() -> str:
            is_used = law.needs is None and _EMPTY
            taken.append(_EMPTY.pop() if is_used else f"laws_{next(_NUMBERS)}")
            return f"{postgres_url} {taken[-1]}"

        yield StoreFactory(open_schema, fresh)
        if law.needs is None:
            empty(postgres_url, taken)
            _EMPTY.extend(taken)
