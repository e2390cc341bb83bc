"""The guard: every text comes back, and none begins as a formula does."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.entities import record_table
from salescore.exchange import CANONICAL
from salescore.exchange._cells import OURS, Fault, cleaner, read_text, target_of
from salescore.exchange._evaluate import Chunk, Evaluator
from salescore.exchange._guard import (
    guarded,
    guarded_column,
    may_be_guarded,
    needs_guard,
    unguarded,
)
from salescore.exchange._layout import Column
from salescore.testing import texts

#: Texts in which the guard's own sign, formulas and spaces meet more often than by chance.
HOSTILE = st.text(
    st.sampled_from("'=+-@\t\r\n \uff41\uff1d\uff20\ufe63a\u00a0\u200b\ufeff"), max_size=6
)
ANY = HOSTILE | texts()


def back(cell: str) -> str:
    """Return the text of a cell that is no null."""
    text = unguarded(cell)
    return cell.strip(" ") if text is None else text


@given(ANY)
@example("'")
@example("'' ")
def test_every_text_comes_back(text: str) -> None:
    """What the guard makes of a text reads as that text, and never as no value."""
    assert back(guarded(text)) == text
    assert guarded(text).strip(" ")


@given(ANY, ANY)
def test_no_two_texts_share_a_cell(one: str, other: str) -> None:
    """Different texts have different cells."""
    assert (guarded(one) == guarded(other)) is (one == other)


@given(ANY)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    """A cell begins with no sign of a formula, wide ones included, and with nothing unseen."""
    first = guarded(text)[0]
    assert first not in "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
    assert first not in "\t\r\n \u00a0\u200b\ufeff\x00"


@given(ANY)
def test_only_one_apostrophe_is_added(text: str) -> None:
    """A cell is the text, or the text behind one apostrophe."""
    assert guarded(text) == ("'" + text if needs_guard(text) else text)


@given(st.lists(ANY))
def test_a_column_is_its_cells(column: list[str]) -> None:
    """A column guarded at once has the cells that its texts have one by one."""
    assert list(guarded_column(column)) == [guarded(text) for text in column]


@given(st.lists(ANY))
def test_a_guarded_column_is_noticed(column: list[str]) -> None:
    """No cell behind the guard escapes the look at a whole column."""
    cells = [guarded(text) for text in column]
    assert may_be_guarded("\n".join(cells)) or not any(map(needs_guard, column))


@pytest.mark.parametrize(
    "typed", ["'t Hooft", "'s-Hertogenbosch", "O'Neil", "''quoted''", "a=b", "C-1", "d'", "100 %"]
)
def test_what_people_type_stays(typed: str) -> None:
    """Names with apostrophes and signs inside are neither guarded nor shortened."""
    assert guarded(typed) == typed
    assert unguarded(typed) is None


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-5", "'-5"),
        ("@home", "'@home"),
        ("\uff1d1", "'\uff1d1"),
        ("", "'"),
        (" a", "' a"),
        ("a ", "'a "),
        ("\ta", "'\ta"),
        ("'=1", "''=1"),
        ("'", "''"),
    ],
)
def test_examples(text: str, cell: str) -> None:
    """One apostrophe goes before what a spreadsheet would run or a reader alter."""
    assert guarded(text) == cell


CELLS = st.lists(HOSTILE.map(guarded) | HOSTILE, max_size=20)


@given(CELLS, st.sampled_from([("id", "orders"), ("region", "orders")]))
@example(["'", "'=1", "a"], ("id", "orders"))
def test_fast_is_slow(raw: list[str], where: tuple[str, str]) -> None:
    """A guarded column read at once, or remembered, has the values that its cells have alone."""
    name, record = where
    (rule,) = [one for one in CANONICAL.files if one.file == f"{record}.csv"]
    target = target_of(record_table(record), name)
    # Distinct cells are read at once, cells that repeat through a memory.
    for cells in (raw, [cell for cell in raw for _ in range(8)]):
        chunk = Chunk(range(len(cells)), {name: cells})
        found = Evaluator(rule, {}, {}).cells(Column(name), target, chunk)
        clean = cleaner(rule, name, frozenset(), guarded=True)
        alone: list[object] = []
        for cell in cells:
            text = clean(cell)
            alone.append(None if text is None else read_text(text, target, OURS, name))
        assert found.values == alone
        assert found.nulls or None not in alone
        assert found.faults or not any(isinstance(value, Fault) for value in alone)


@given(st.lists(st.lists(ANY, min_size=2, max_size=2), min_size=1))
def test_csv_carries_what_the_guard_makes(rows: list[list[str]]) -> None:
    """Line breaks, quotation marks and tabs inside a guarded cell survive a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([[guarded(text) for text in row] for row in rows])
    stream.seek(0)
    found = list(csv.reader(stream, strict=True))
    assert [[back(cell) for cell in row] for row in found] == rows
