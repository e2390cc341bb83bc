"""What a person reads: numbers, percentages, tables that line up."""

import unicodedata
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.render import (
    NOTHING,
    clip,
    counted,
    number,
    percent,
    text_table,
    text_width,
    wrapped,
)
from salescore.testing import decimals, texts

ANY_TEXT = st.text(max_size=30)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("1234567.125", 2, "1,234,567.12"),
        ("1234567.135", 2, "1,234,567.14"),
        ("-1234.5", 0, "-1,234"),
        ("999.999", 2, "1,000.00"),
        ("0", 0, "0"),
        ("-0.00", 2, "0.00"),
        ("-0.004", 2, "0.00"),
        ("-0.006", 2, "-0.01"),
        ("1E+5", 0, "100,000"),
        ("12345678901234567890123456789012345678", 1, None),
        ("9" * 36 + ".25", 2, None),
    ],
)
def test_a_number_is_rounded_and_grouped(value: str, digits: int, shown: str | None) -> None:
    """Half goes to even, thousands are apart, zero has no sign, long numbers keep all digits."""
    expected = shown or f"{Decimal(value):,.{digits}f}"
    assert number(Decimal(value), digits) == expected


def test_what_is_undefined_is_a_dash() -> None:
    """An undefined value is never shown as 0."""
    assert number(None, 2) == percent(None) == NOTHING == "–"


def test_the_callers_context_does_not_round_what_is_shown() -> None:
    """A context of three digits changes nothing."""
    with localcontext() as context:
        context.prec = 3
        assert number(Decimal("1234567.891"), 2) == "1,234,567.89"
        assert percent(Decimal("12.345678"), 2) == "1,234.57 %"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("0.63150052", 1, "63.2 %"),
        ("1", 0, "100 %"),
        ("-0.0004", 1, "0.0 %"),
        ("12", 1, "1,200.0 %"),
    ],
)
def test_a_fraction_is_shown_in_percent(value: str, digits: int, shown: str) -> None:
    """Hundred times the fraction, a space and a sign."""
    assert percent(Decimal(value), digits) == shown


@given(decimals(), st.integers(0, 6))
def test_a_shown_number_is_within_half_a_step(value: Decimal, digits: int) -> None:
    """What is shown differs from the number by at most half of its last digit."""
    shown = number(value, digits)
    with localcontext() as context:
        context.prec = 100
        assert abs(Decimal(shown.replace(",", "")) - value) * 2 <= Decimal(10) ** -digits


@pytest.mark.parametrize(
    ("count", "records", "words"),
    [
        (1, "opportunities", "1 opportunity"),
        (1, "activities", "1 activity"),
        (1, "expenses", "1 expense"),
        (1, "sales_reps", "1 sales rep"),
        (0, "order_lines", "0 order lines"),
        (12_345, "opportunities", "12,345 opportunities"),
    ],
)
def test_records_are_counted_in_words(count: int, records: str, words: str) -> None:
    """One record is named in the singular, any other number in the plural."""
    assert counted(count, records) == words


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("销售额", 6),
        ("\uff21", 2),
        ("e\u0301", 1),
        ("नमस्ते", 4),
        ("😀", 2),
        ("–×", 2),
    ],
)
def test_width_counts_columns_of_a_terminal(text: str, width: int) -> None:
    """Wide letters take two columns, marks above, below and around letters none."""
    assert text_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("abcdef", 1, "…"),
        ("销售额", 6, "销售额"),
        ("销售额", 5, "销售…"),
        ("销售额", 4, "销…"),
        ("销售额", 2, "…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("a\nb\tc\x1b[2J", 20, "a b c [2J"),
        ("a\u202eb\u2028c\u200d", 20, "a b c "),
        ("a\ud800b", 20, "a b"),
    ],
)
def test_a_text_is_clipped_to_one_line(text: str, width: int, shown: str) -> None:
    """What is too wide ends in an ellipsis; what moves a cursor, or cannot be sent, is a space."""
    assert clip(text, width) == shown


@given(st.one_of(ANY_TEXT, texts()), st.integers(1, 40))
def test_a_clipped_text_fits(text: str, width: int) -> None:
    """A clipped text is never wider than allowed, and whole where it fits."""
    shown = clip(text, width)
    assert text_width(shown) <= width
    assert "…" in shown or len(shown) == len(text)
    shown.encode()
    assert {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Zl", "Zp"} == set()


def test_clipping_costs_the_length_of_the_text() -> None:
    """A text of half a million marks on one letter is clipped at once."""
    assert clip("e" + "\u0301" * 500_000 + "ee", 2).endswith("…")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 9, ["- one two", "  three"]),
        ("one two three", 99, ["- one two three"]),
        ("averylongword two", 8, ["- averylongword", "  two"]),
        ("one\ntwo   three", 9, ["- one two", "  three"]),
        ("", 9, ["- "]),
        ("销售 额度", 8, ["- 销售", "  额度"]),
    ],
)
def test_a_long_line_is_wrapped_between_words(text: str, width: int, lines: list[str]) -> None:
    """Further lines are indented as far as the first; a word that is too long stands out."""
    assert wrapped(text, first="- ", width=width) == lines


@given(st.lists(st.text("abc销", min_size=1, max_size=6), min_size=1), st.integers(14, 40))
def test_wrapping_loses_no_word(words: list[str], width: int) -> None:
    """All words are there in order, and no line is wider than allowed."""
    lines = wrapped(" ".join(words), first="", width=width)
    assert " ".join(lines).split() == words
    assert max(map(text_width, lines)) <= width


def test_a_table_lines_up() -> None:
    """The first column stands to the left, all others to the right, with a rule below the head."""
    lines = text_table(["Rep", "Won", "Rate"], [["Anna", "12", "60.0 %"], ["陈伟", "3", NOTHING]])
    assert lines == [
        "Rep   Won    Rate",
        "─────────────────",
        "Anna   12  60.0 %",
        "陈伟    3       –",
    ]


def test_an_empty_table_has_its_head() -> None:
    """Headings and rule stand also above nothing."""
    assert text_table(["Rep", "Won"], []) == ["Rep  Won", "────────"]


def test_a_cell_is_clipped_to_the_widest_column() -> None:
    """No cell is wider than the caller allows."""
    assert text_table(["Name"], [["x" * 50]])[-1] == "x" * 35 + "…"
    assert text_table(["A", "B"], [["abcdef", "abcdef"]], widest=4)[-1] == "abc…  abc…"


@pytest.mark.parametrize("row", [["Anna"], ["Anna", "12", "x"]])
def test_a_row_has_a_cell_per_heading(row: list[str]) -> None:
    """A ragged table is refused."""
    with pytest.raises(ValueError, match="argument"):
        text_table(["Rep", "Won"], [row])


ROWS = st.lists(st.tuples(texts(), texts(), texts()), max_size=5)


@given(ROWS)
def test_no_line_of_a_table_is_wider_than_its_rule(rows: list[tuple[str, ...]]) -> None:
    """Whatever the cells hold, columns line up under the rule."""
    lines = text_table(["a", "b", "c"], rows)
    assert len(lines) == 2 + len(rows)
    assert max(map(text_width, lines)) <= text_width(lines[1])
