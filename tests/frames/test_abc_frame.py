"""ABC classes on frames are those of `abc_of`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frames.grading_cases import ENGINES, by_key, frame_of, session_of

from salescore.errors import EngineRefused, InvalidFrame, InvalidValue
from salescore.frames import abc_frame
from salescore.metrics import ABC_CUTS, LAST_CLASS, Cut, abc_of
from salescore.plain import Field, FieldTable, Kind

pytestmark = pytest.mark.engine

ITEMS = FieldTable(
    name="items",
    fields=(
        Field(name="customer_id", kind=Kind.ID, nullable=False, labels=("Customer", "客户")),
        Field(name="worth", kind=Kind.DECIMAL, nullable=True, labels=("Worth", "价值")),
        Field(name="note", kind=Kind.TEXT, nullable=True, labels=("Note", "备注")),
    ),
)
FINE_CUTS = (Cut("一", Decimal("0.1")), Cut("二", Decimal("0.55")), Cut("三", Decimal(1)))

worths = st.one_of(
    st.none(),
    st.integers(-3, 9).map(Decimal),
    st.decimals(-5, 500, places=2),
    st.just(Decimal("12345678901234567890.12")),
)
keys = st.text(st.sampled_from("aZ0é客😀"), min_size=1, max_size=3)
items = st.dictionaries(keys, worths, max_size=12)


def classes(known: dict[str, Decimal | None], cuts: tuple[Cut, ...]) -> dict[str, str | None]:
    """Return the class of each item row by row; nobody makes most of a total not above 0."""
    entries = [(key, key, value) for key, value in known.items() if value is not None]
    found: dict[str, str | None] = dict.fromkeys(known)
    found |= dict.fromkeys((key for key, _, _ in entries), LAST_CLASS)
    return found | {item.key: item.grade for item in abc_of(entries, cuts).items}


def graded(known: dict[str, Decimal | None], engine: str, cuts: tuple[Cut, ...]) -> dict[str, Any]:
    """Return the class of each item on an engine."""
    rows = [{"customer_id": key, "worth": value} for key, value in known.items()]
    frame = frame_of(ITEMS, rows, engine, session_of(engine))
    return {key: row["abc"] for key, row in by_key(abc_frame(frame, "worth", cuts=cuts)).items()}


@pytest.mark.parametrize("engine", ENGINES)
@given(items, st.sampled_from([ABC_CUTS, FINE_CUTS]))
@settings(max_examples=15)
def test_the_classes_are_those_of_the_rows(
    engine: str, known: dict[str, Decimal | None], cuts: tuple[Cut, ...]
) -> None:
    """On every engine each item has the class of `abc_of`, with ties, debts and nulls."""
    assert graded(known, engine, cuts) == classes(known, cuts)


@pytest.mark.parametrize("engine", ENGINES)
def test_ties_are_torn_in_the_order_of_their_keys(engine: str) -> None:
    """Of ten equal items the first eight by key make 80 %, whatever order they come in."""
    known: dict[str, Decimal | None] = dict.fromkeys("jihgfedcba", Decimal(1))
    found = graded(known, engine, ABC_CUTS)
    assert "".join(found[key] for key in sorted(found)) == "AAAAAAAABB"


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_makes_most_of_nothing(engine: str) -> None:
    """Where the total is not above 0 all known items are in the last class."""
    assert graded({"a": Decimal(5), "b": Decimal(-5), "c": None}, engine, ABC_CUTS) == {
        "a": "C",
        "b": "C",
        "c": None,
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_the_other_columns_stay(engine: str) -> None:
    """The frame keeps its kind, its rows and its other columns."""
    rows = [
        {"customer_id": "a", "worth": Decimal(9), "note": "大客户"},
        {"customer_id": "b", "worth": Decimal(1), "note": None},
    ]
    frame = frame_of(ITEMS, rows, engine, session_of(engine))
    found = abc_frame(frame, "worth", name="class")
    assert type(found) is type(frame)
    assert by_key(found) == {
        "a": {"customer_id": "a", "worth": Decimal(9), "note": "大客户", "class": "A"},
        "b": {"customer_id": "b", "worth": Decimal(1), "note": None, "class": "B"},
    }


def test_whole_numbers_have_classes_too() -> None:
    """A column of whole numbers is shared as one of decimals."""
    frame = nw.from_dict({"customer_id": ["a", "b"], "n": [99, 1]}, backend="polars").to_native()
    assert [row["abc"] for row in by_key(abc_frame(frame, "n")).values()] == ["A", "C"]


def test_what_cannot_be_shared_is_refused() -> None:
    """A missing or wrong column, a name that is taken and cuts that cannot be are refused."""
    frame = nw.from_dict(
        {"customer_id": ["a"], "worth": [1.5], "n": [1], "abc": ["x"]}, backend="polars"
    ).to_native()
    with pytest.raises(InvalidValue, match="has that name"):
        abc_frame(frame, "n")
    with pytest.raises(InvalidFrame, match="worth"):
        abc_frame(frame, "worth", name="class")
    with pytest.raises(InvalidFrame, match="wort"):
        abc_frame(frame, "wort", name="class")
    with pytest.raises(InvalidValue, match="bounds ascend"):
        abc_frame(frame, "worth", cuts=[Cut("A", Decimal(2))])


def test_a_total_beyond_all_decimals_is_refused() -> None:
    """Where all rows together may need more than 38 digits, nothing is summed."""
    huge = Decimal("9" * 38)
    with pytest.raises(EngineRefused, match="38 digits"):
        graded({"a": huge, "b": huge}, "polars", ABC_CUTS)
    assert graded({"a": huge}, "polars", ABC_CUTS) == {"a": "A"}
