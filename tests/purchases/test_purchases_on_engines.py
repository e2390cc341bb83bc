"""Histories and baskets over dataframes: equal to those of a book."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_book

from salescore.book import Facts
from salescore.frames import FrameFacts, fact_frames
from salescore.purchases import baskets_of, purchase_histories_of

pytestmark = pytest.mark.engine

DAY = date(2024, 9, 30)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=4, deadline=None)
def test_engines_say_what_rows_say(engine: str, seed: int) -> None:
    """All histories and baskets of crowded books are equal, what is left out included."""
    facts = Facts.of(crowded_book(seed, 40), rates=RATES, as_of=DAY)
    native = fact_frames(facts, engine)
    asked = FrameFacts.of(
        {"sales_lines": native["sales_lines"]}, currency=facts.currency, as_of=DAY
    )
    for with_values in (True, False):
        expected = purchase_histories_of(facts, DAY, with_values=with_values)
        assert purchase_histories_of(asked, DAY, with_values=with_values) == expected
    for product in ("product_id", "product_family"):
        assert baskets_of(asked, DAY, product) == baskets_of(facts, DAY, product)
