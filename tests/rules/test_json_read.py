"""Whatever is no rule is refused with its place and what would be right, and never at length."""

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDocument
from salescore.rules import Expression, Literal, parse_rule, rule_from_data, rule_to_data

A = {"field": ["a"]}


def refusal(data: object) -> str:
    """Return what the reader says against data."""
    with pytest.raises(InvalidDocument) as caught:
        rule_from_data(data)
    text = str(caught.value)
    assert text.encode()
    assert len(text) < 400
    return text


def shown(data: object) -> str:
    """Return the name of a case."""
    return "a long number" if isinstance(data, int) else ascii(data)[:40]


@pytest.mark.parametrize(
    ("data", "place", "fault"),
    [
        ({"=": [1, 1]}, "rule", "no operator '='; did you mean '=='?"),
        ({"===": [1, 1]}, "rule", "did you mean '=='?"),
        ({"<>": [1, 1]}, "rule", "did you mean '!='?"),
        ({"!": [A]}, "rule", "did you mean 'not'?"),
        ({"&&": [A]}, "rule", "did you mean 'and'?"),
        ({"||": [A]}, "rule", "did you mean 'or'?"),
        ({"var": ["a"]}, "rule", "did you mean 'field'?"),
        ({"AND": [A]}, "rule", "did you mean 'and'?"),
        ({"start_with": [A, "x"]}, "rule", "did you mean 'starts_with'?"),
        ({"/": [1, 2]}, "rule", "no operator '/'; known are 'field', "),
        ({"\ud800": [1]}, "rule", r"no operator '\ud800'"),
        ({"x" * 10_000: [1]}, "rule", "no operator 'xxx"),
        ({"and": [A, {"==": [{"fields": ["a"]}, 1]}]}, "rule/and/1/==/0", "did you mean 'field'?"),
        ({}, "rule", "expected one operator with a list of arguments, not 0 keys"),
        ({"==": [1, 1], "!=": [1, 1]}, "rule", "not 2 keys"),
        ({1: [1]}, "rule", "expected the name of an operator"),
        ({"not": A}, "rule/not", "expected a list of arguments: a condition"),
        ({"and": None}, "rule/and", "expected a list of arguments: conditions"),
        ({"and": (A, A)}, "rule/and", "expected a list of arguments"),
        ({"not": []}, "rule/not", "it takes 1 argument, not 0: a condition"),
        ({"==": [1, 2, 3]}, "rule/==", "it takes 2 arguments, not 3: two values of one type"),
        ({"if": [True]}, "rule/if", "it takes 2 to 2,000 arguments, not 1"),
        ({"coalesce": []}, "rule/coalesce", "it takes 1 to 2,000 arguments, not 0"),
        ({"+": [1] * 33}, "rule/+", "it takes 2 to 32 arguments, not 33"),
        ({"-": [1, 2, 3]}, "rule/-", "it takes 2 arguments, not 3"),
        (None, "rule", "not null; to ask for what is unknown there is is_null"),
        ({"==": [A, None]}, "rule/==/1", "not null"),
        (0.1, "rule", 'write it as text, such as {"decimal": ["12.50"]}'),
        (float("nan"), "rule", "a number with a point or exponent is not read"),
        (float("inf"), "rule", "a number with a point or exponent is not read"),
        (Decimal("0.1"), "rule", "a number with a point or exponent is not read"),
        (2**53, "rule", "a whole number goes up to 9,007,199,254,740,991"),
        (-(2**53), "rule", "a whole number goes up to"),
        (10**5_000, "rule", "a whole number goes up to"),
        ([], "rule", "expected an operator, a text, true, false or a number, not a list"),
        ((1, 2), "rule", "not what JSON does not have"),
        ({1}, "rule", "not what JSON does not have"),
        (b"x", "rule", "not what JSON does not have"),
        (date(2017, 3, 1), "rule", "not what JSON does not have"),
        (OrderedDict({"field": ["a"]}), "rule", "not what JSON does not have"),
        (Literal(True), "rule", "not what JSON does not have"),
        ("\ud800", "rule", "half of a surrogate pair"),
        ({"field": ["\udfff"]}, "rule/field/0", "half of a surrogate pair"),
        ({"field": [""]}, "rule/field/0", "expected the name of a field"),
        ({"field": [A]}, "rule/field/0", "expected a text"),
        ({"decimal": [12.5]}, "rule/decimal/0", "expected a text"),
        ({"decimal": [True]}, "rule/decimal/0", "expected a text"),
        ({"decimal": ["1e3"]}, "rule/decimal/0", "without exponent or plus"),
        ({"decimal": ["+1"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": ["1E+999999999"]}, "rule/decimal/0", "without exponent"),
        ({"decimal": ["NaN"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": [" 1"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": ["1\n"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": ["1_0"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": ["\uff11"]}, "rule/decimal/0", "such as '12.50'"),
        ({"decimal": ["9" * 38 + ".5"]}, "rule/decimal/0", "more than 38 digits"),
        ({"date": ["2017-02-30"]}, "rule/date/0", "2017-02 has no day 30"),
        ({"date": ["2017-13-01"]}, "rule/date/0", "there is no month 13"),
        ({"date": ["0000-01-01"]}, "rule/date/0", "years count from 1"),
        ({"date": ["2017-3-1"]}, "rule/date/0", "expected the form YYYY-MM-DD"),
        ({"date": ["20170301"]}, "rule/date/0", "expected the form YYYY-MM-DD"),
        ({"date": [date(2017, 3, 1)]}, "rule/date/0", "expected a text"),
        ({"instant": ["2017-03-01T00:00:00"]}, "rule/instant/0", "an instant in UTC as text"),
        ({"instant": ["2017-03-01T08:00:00+08:00"]}, "rule/instant/0", "such as '2017-03-01T"),
        ({"instant": ["2017-03-01T24:00:00Z"]}, "rule/instant/0", "hours go to 23"),
        ({"instant": ["2017-02-29T00:00:00Z"]}, "rule/instant/0", "2017-02 has no day 29"),
        ({"in": [A, "xy"]}, "rule/in/1", "expected a list of values"),
        ({"in": [A, ["x", None]]}, "rule/in/1/1", "not null"),
        ({"in": [A, ["x", A]]}, "rule/in/1/1", "expected a value, not the operator 'field'"),
        ({"in": [A, [["x"]]]}, "rule/in/1/0", "not a list"),
        ({"in": [A, [{"date": ["x"]}]]}, "rule/in/1/0/date/0", "expected the form YYYY-MM-DD"),
        ({"has_any": [A, "vip"]}, "rule/has_any/1", "expected a list of values"),
        ({"has_all": [A, ["vip", 1]]}, "rule/has_all/1/1", "expected a text"),
        ({"has_none": [A, [A]]}, "rule/has_none/1/0", "expected a text"),
        ({"contains": [A, A]}, "rule/contains/1", "expected a text"),
        ({"round": [A, 19, "half_up"]}, "rule/round/1", "digits behind the point, 0 to 18"),
        ({"round": [A, -1, "half_up"]}, "rule/round/1", "digits behind the point, 0 to 18"),
        ({"round": [A, True, "half_up"]}, "rule/round/1", "digits behind the point, 0 to 18"),
        ({"round": [A, "2", "half_up"]}, "rule/round/1", "digits behind the point, 0 to 18"),
        (
            {"round": [A, 2, "halfup"]},
            "rule/round/2",
            "no rounding 'halfup'; did you mean 'half_up'?",
        ),
        ({"round": [A, 2, None]}, "rule/round/2", "expected a text"),
    ],
    ids=shown,
)
def test_a_refusal_names_the_place_and_what_would_be_right(
    data: object, place: str, fault: str
) -> None:
    """Each fault is found at its path, in words that lead on."""
    said = refusal(data)
    assert said.startswith(f"at {place}: ")
    assert fault in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("NaN", "NaN is not a number of JSON"),
        ("-Infinity", "-Infinity is not a number of JSON"),
        ("1e999999999", "is not a number"),
        ("1" * 400, "is not a number"),
        ("0.5", "a number with a point or exponent is not read"),
        ("1e2", "a number with a point or exponent is not read"),
        ('{"and": [], "and": []}', "the key 'and' stands twice"),
        ('{"==": [{"field": ["a"], "field": ["b"]}, 1]}', "the key 'field' stands twice"),
        ('"\\ud800"', "half of a surrogate pair"),
        ("[" * 100_000, "nested too deeply"),
        ('{"not":[' * 40 + "true" + "]}" * 40, "nested more than 32 levels"),
        (" " * 1_048_577, "at most 1,048,576 are read"),
    ],
    ids=lambda one: one[:20],
)
def test_a_text_is_read_strictly(text: str, fault: str) -> None:
    """What two readers of JSON could understand differently, or not at all, is refused."""
    with pytest.raises(InvalidDocument, match=fault) as caught:
        parse_rule(text)
    assert caught.value.path == "rule"


def nested(levels: int) -> object:
    """Return a rule of so many levels."""
    found: object = A
    for _ in range(levels - 1):
        found = {"not": [found]}
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (nested(32), nested(33), "nested more than 32 levels"),
        ({"and": [nested(31)]}, {"and": [nested(32)]}, "nested more than 32 levels"),
        ({"+": [1] * 32}, {"+": [1] * 31 + [{"+": [1] * 32}]}, "nested more than 32 levels"),
        ({"and": [True] * 1_999}, {"and": [True] * 2_000}, "more than 2,000 nodes"),
        ({"and": [A] * 1_999}, {"and": [A] * 2_000}, "more than 2,000 nodes"),
        ({"in": [A, [1] * 10_000]}, {"in": [A, [1] * 10_001]}, "more than 10,000 options"),
        ({"has_any": [A, ["x"] * 10_000]}, {"has_any": [A, ["x"] * 10_001]}, "10,000 options"),
        ("x" * 65_536, "x" * 65_537, "more than 65,536 characters"),
        ({"contains": [A, "x" * 65_536]}, {"contains": [A, "x" * 65_537]}, "65,536 characters"),
        ({"field": ["x" * 65_536]}, {"field": ["x" * 65_537]}, "65,536 characters"),
        ({"in": [A, ["x" * 65_536] * 15]}, {"in": [A, ["x" * 65_536] * 16]}, "1,048,576"),
        ({"or": ["x" * 65_530] * 16}, {"or": ["x" * 65_536] * 16}, "1,048,576"),
        (
            {"or": [{"in": [A, ["x" * 100] * 10_000]}]},
            {"or": [{"in": [A, ["x" * 100] * 10_000]}] * 2},
            "1,048,576 characters as JSON",
        ),
    ],
    ids=range(13),
)
def test_limits_hold_to_the_last(right: object, wrong: object, fault: str) -> None:
    """The largest rule is read, and one larger by a little is refused."""
    assert isinstance(rule_from_data(right), Expression)
    assert fault in refusal(wrong)


def test_a_text_of_the_greatest_length_is_read() -> None:
    """The limit of data refuses nothing that the limit of text lets pass."""
    data = {"or": [{"in": [A, ["x" * 100] * 10_000]}, ""]}
    text = json.dumps(data, separators=(",", ":"))
    data["or"][1] = "y" * (1_048_576 - len(text))
    text = json.dumps(data, separators=(",", ":"))
    assert len(text) == 1_048_576
    assert parse_rule(text) == rule_from_data(data)
    with pytest.raises(InvalidDocument, match="1,048,577 characters"):
        parse_rule(text + " ")


@pytest.mark.parametrize(
    ("option", "most"),
    [(1, 57_000), ({"decimal": ["1"]}, 57_000), ({"date": ["2020-01-01"]}, 41_000)],
)
def test_what_is_read_can_be_written_and_read_again(option: object, most: int) -> None:
    """A number counts with the tag that it is written with, and a tag counts as all text does."""

    def listing(count: int) -> object:
        tests = [{"in": [A, [option] * 1_000]}] * (count // 1_000)
        return {"or": tests}

    rule = rule_from_data(listing(most))
    text = json.dumps(rule_to_data(rule), separators=(",", ":"))
    assert parse_rule(text) == rule
    assert "more than 1,048,576 characters as JSON" in refusal(listing(most + 4_000))


@pytest.mark.parametrize("text", [None, b"true", 5, {"field": ["a"]}])
def test_only_a_text_is_parsed(text: Any) -> None:  # noqa: ANN401 - a caller's mistake
    """Bytes, null and data that are parsed already are refused by what they are."""
    with pytest.raises(InvalidDocument, match=f"as a text, not {type(text).__name__}"):
        parse_rule(text)


def own_list() -> list[object]:
    """Return a list that holds itself."""
    found: list[object] = [A]
    found.append(found)
    return found


def own_rule(width: int) -> dict[str, object]:
    """Return a rule that holds itself."""
    found: dict[str, object] = {}
    found["and"] = [found] * width
    return found


def shared(levels: int, width: int) -> object:
    """Return a rule whose parts are shared, small as data and immense as a tree."""
    found: object = A
    for _ in range(levels):
        found = {"or": [found] * width}
    return found


OPTIONS = ["x"] * 10_000
TAGGED = [{"date": ["2017-03-01"] * 2_000}] * 10_000


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"and": own_list()}, "rule/and/1: expected an operator"),
        ({"in": [A, own_list()]}, "not the operator 'field'"),
        (own_rule(1), "nested more than 32 levels"),
        (own_rule(2_000), "more than 2,000 nodes"),
        (shared(31, 2), "more than 2,000 nodes"),
        (shared(31, 2_000), "more than 2,000 nodes"),
        (shared(10_000, 1), "nested more than 32 levels"),
        ({"and": [{"in": [A, OPTIONS]}] * 600}, "more than 1,048,576 characters"),
        ({"in": [A, TAGGED]}, "it takes 1 argument, not 2,000"),
        ({"and": [{"in": [A, TAGGED]}] * 600}, "more than 1,048,576 characters"),
        ({"and": [A] * 1_000_000}, "more than 2,000 nodes"),
        ({"and": [True] * 1_000_000}, "more than 1,048,576 characters"),
        ({"and": [True] * 3_000}, "it takes 0 to 2,000 arguments, not 3,000"),
        ({"in": [A, [1] * 1_000_000]}, "more than 10,000 options"),
        (dict.fromkeys(map(str, range(1_000_000)), ()), "one operator with a list of arguments"),
        ({"date": ["9" * 65_536]}, "is not a date"),
        ({"decimal": ["9" * 65_536]}, "such as '12.50'"),
        ({"instant": ["9" * 65_536]}, "an instant in UTC"),
        ({"not": [10**1_000_000]}, "a whole number goes up to"),
    ],
    ids=range(19),
)
def test_no_data_keep_the_reader_busy(data: object, fault: str) -> None:
    """
    Data that hold themselves, share their parts or are merely huge are refused.

    Without the limits most of these would be read for hours, or until the memory is full.
    """
    assert fault in refusal(data)


class Trap:
    """An object that would run code of its own if anybody looked at it closely."""

    @property
    def __class__(self) -> type:  # type: ignore[override]
        """Say what it is; nobody may ask."""
        self.spring()

    @staticmethod
    def spring(*_arguments: object) -> NoReturn:
        """Fail the test."""
        raise RuntimeError("code of the data has run")

    __eq__ = __hash__ = __len__ = __iter__ = __repr__ = __str__ = spring  # type: ignore[assignment]


class DictTrap(dict[str, Any]):
    """A dict that would run code of its own."""

    __len__ = __iter__ = __getitem__ = keys = values = items = Trap.spring  # type: ignore[assignment]


class ListTrap(list[Any]):
    """A list that would run code of its own."""

    __len__ = __iter__ = __getitem__ = Trap.spring  # type: ignore[assignment]


class TextTrap(str):
    """A text that would run code of its own."""

    __slots__ = ()
    __len__ = __iter__ = encode = isascii = Trap.spring  # type: ignore[assignment]


@pytest.mark.parametrize(
    "trap",
    [Trap, lambda: DictTrap({"and": []}), lambda: ListTrap([1]), lambda: TextTrap("x")],
    ids=range(4),
)
@pytest.mark.parametrize(
    "data",
    [
        lambda trap: trap,
        lambda trap: {"not": [trap]},
        lambda trap: {"not": trap},
        lambda trap: {"in": [A, trap]},
        lambda trap: {"in": [A, [trap]]},
        lambda trap: {"in": [A, [{"date": [trap]}]]},
        lambda trap: {"in": [A, [{"date": trap}]]},
        lambda trap: {"field": [trap]},
        lambda trap: {"contains": [A, trap]},
        lambda trap: {"has_any": [A, [trap]]},
        lambda trap: {"round": [A, trap, "up"]},
        lambda trap: {"round": [A, 1, trap]},
    ],
    ids=range(12),
)
def test_data_run_no_code_of_their_own(
    data: Callable[[object], object], trap: Callable[[], object]
) -> None:
    """Only the plain types of JSON are looked into; anything else is refused by its type alone."""
    assert refusal(data(trap())).startswith("at rule")


@given(
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.decimals(),
            st.text(),
            st.dates(),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.tuples(inner),
            st.dictionaries(
                st.one_of(st.sampled_from(["and", "==", "in", "if", "field", "date"]), st.text()),
                inner,
                max_size=2,
            ),
        ),
        max_leaves=12,
    )
)
def test_any_data_are_a_rule_or_refused(data: object) -> None:
    """Nothing but `InvalidDocument` comes out of any data."""
    try:
        found: object = rule_from_data(data)
    except InvalidDocument as error:
        found = error
    assert isinstance(found, Expression | InvalidDocument)
    assert str(found)


@given(st.text(max_size=40))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    """Nothing but `InvalidDocument` comes out of any text."""
    try:
        found: object = parse_rule(text)
    except InvalidDocument as error:
        found = error
    assert isinstance(found, Expression | InvalidDocument)
    assert str(found)
