"""Frames out of facts and records, and records out of frames."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.errors import InvalidFrame, InvalidRecord, InvalidValue, UnknownName
from salescore.frames import fact_frames, from_frames, native_frame, to_frames
from salescore.plain import CustomFields, Field, FieldTable, Kind, custom_field, custom_values

pytestmark = pytest.mark.engine

LOCAL = ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"]


@pytest.mark.parametrize("engine", LOCAL)
@settings(max_examples=20)
@given(book=testing.books(faulty=True, custom=True))
def test_records_come_back(engine: str, book: SalesBook) -> None:
    """Every record of a book, registered fields and faults included, is the same after a frame."""
    try:
        frames = to_frames(book, engine)
    except InvalidFrame:
        return
    again = from_frames(frames, custom_fields=book.custom_fields)
    assert again == book
