"""Evaluation follows SQL's three values, and arithmetic never rounds."""

import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InexactResult
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Rounded,
    RuleType,
    TagTest,
    Term,
    TextTest,
    coalesce,
    compile_expression,
    days_between,
    evaluate,
    when,
)
from salescore.values import Rounding

T, N, U = True, False, None
"""True, false (no) and unknown."""


def table(*kinds: Kind) -> FieldTable:
    """Return a table with two fields of each kind."""
    return FieldTable(
        name="facts",
        fields=tuple(
            Field(
                name=f"{kind.value}_{side}",
                kind=kind,
                nullable=True,
                labels=("", ""),
                choices=("open", "won") if kind is Kind.CHOICE else (),
            )
            for kind in kinds
            for side in "ab"
        ),
    )


def tags(name: str) -> Field:
    """Return a field that holds sets of tags."""
    return Field(name=name, kind=Kind.TEXT, nullable=True, labels=("", ""), is_set=True)


KINDS = table(*(kind for kind in Kind if kind is not Kind.MONEY))
TABLE = FieldTable(name="facts", fields=(*KINDS.fields, tags("tags_a"), tags("tags_b")))


def value(term: Term, **row: object) -> object:
    """Return the value of a rule on a row."""
    return evaluate(term.tree, row)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T),
        (T, N, N, T),
        (T, U, U, T),
        (N, T, N, T),
        (N, N, N, N),
        (N, U, N, U),
        (U, T, U, T),
        (U, N, N, U),
        (U, U, U, U),
    ],
)
def test_and_and_or(
    *, a: bool | None, b: bool | None, both: bool | None, either: bool | None
) -> None:
    """False decides a conjunction and true a disjunction; else unknown stays unknown."""
    assert value(F.a & F.b, a=a, b=b) is both
    assert value(F.a | F.b, a=a, b=b) is either


@pytest.mark.parametrize(("a", "found"), [(T, N), (N, T), (U, U)])
def test_not(*, a: bool | None, found: bool | None) -> None:
    """The opposite of unknown is unknown."""
    assert value(~F.a, a=a) is found


@pytest.mark.parametrize(("a", "found"), [(T, N), (N, N), (U, T)])
def test_is_null(*, a: bool | None, found: bool) -> None:
    """A test for null is never unknown."""
    assert value(F.a.is_null(), a=a) is found


def test_joining_nothing() -> None:
    """All of nothing hold, none of nothing does."""
    assert evaluate(Conjunction(()), {}) is True
    assert evaluate(Disjunction(()), {}) is False


@pytest.mark.parametrize(
    ("term", "low", "same", "high"),
    [
        (F.a == 5, N, T, N),
        (F.a != 5, T, N, T),
        (F.a < 5, T, N, N),
        (F.a <= 5, T, T, N),
        (F.a > 5, N, N, T),
        (F.a >= 5, N, T, T),
        (F.a == F.five, N, T, N),
        (F.a != F.five, T, N, T),
        (F.a < F.five, T, N, N),
        (F.a <= F.five, T, T, N),
        (F.a > F.five, N, N, T),
        (F.a >= F.five, N, T, T),
    ],
)
def test_comparisons(term: Term, *, low: bool, same: bool, high: bool) -> None:
    """Each comparator tells lower, same and higher apart, against a literal or a field."""
    found = [value(term, a=Decimal(a), five=Decimal("5.00")) for a in ("4.99", "5", "5.01")]
    assert found == [low, same, high]
    assert value(term, a=None, five=Decimal(5)) is None


def test_a_comparison_with_null_is_unknown_on_either_side() -> None:
    """Null equals nothing, not even null."""
    assert value(F.a == F.b, a=None, b=None) is None
    assert value(F.a != F.b, a=Decimal(1), b=None) is None
    assert value(5 < F.b, b=None) is None  # noqa: SIM300 - the literal on the left


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("a", "b"),
        (date(2017, 3, 1), date(2017, 3, 2)),
        (datetime(2017, 3, 1, tzinfo=UTC), datetime(2017, 3, 1, 1, tzinfo=UTC)),
    ],
)
def test_texts_days_and_instants_have_an_order(low: object, high: object) -> None:
    """Texts compare letter by letter, days and instants by time."""
    assert value(F.a < F.b, a=low, b=high) is True
    assert value(F.a < F.b, a=high, b=low) is False


def test_membership() -> None:
    """A value is among the options by equality; null is unknown, also among none."""
    assert value(F.a.is_in([1, 2]), a=Decimal("2.0")) is True
    assert value(F.a.is_in([1, 2]), a=Decimal(3)) is False
    assert value(F.a.is_in([1, 2]), a=None) is None
    assert value(F.a.is_in([]), a=Decimal(1)) is False
    assert value(F.a.is_in([]), a=None) is None


def test_arithmetic() -> None:
    """Sums, differences and products are those of the numbers; null makes them null."""
    row = {"a": Decimal("7.5"), "b": Decimal(2)}
    assert value(F.a + F.b, **row) == Decimal("9.5")
    assert value(F.a - F.b, **row) == Decimal("5.5")
    assert value(10 - F.a, **row) == Decimal("2.5")
    assert value(F.a * F.b, **row) == Decimal(15)
    assert value(F.a + F.b, a=None, b=Decimal(1)) is None
    assert value(F.a * F.b, a=Decimal(0), b=None) is None


def test_arithmetic_does_not_round() -> None:
    """Numbers of 38 digits are added and multiplied to the last one."""
    long = 10**38 - 1
    tiny = Decimal("0.000000000000000001")
    assert value(F.a * F.a, a=Decimal(long)) == Decimal(long * long)
    found = value(F.a + F.b - F.a, a=Decimal(long), b=tiny)
    assert found == tiny


def test_arithmetic_that_would_round_is_refused() -> None:
    """A result beyond 1,000 digits is an error that names the operation, never a rounded number."""
    with pytest.raises(InexactResult, match=r"a \+ b cannot be held exactly"):
        value(F.a + F.b, a=Decimal("1E+2000"), b=Decimal(1))
    with pytest.raises(InexactResult, match=r"\(a \+ b\) \* 2|a \+ b"):
        value((F.a + F.b) * 2, a=Decimal("1E+2000"), b=Decimal(1))


def test_a_part_that_decides_saves_the_rest() -> None:
    """What stands behind a false part of a conjunction is not worked out."""
    broken = F.a + F.b > 0
    row = {"a": Decimal("1E+2000"), "b": Decimal(1), "no": False}
    assert value(F.no & broken, **row) is False
    assert value(~F.no | broken, **row) is True
    with pytest.raises(InexactResult):
        value(~F.no & broken, **row)


@pytest.mark.parametrize(
    ("a", "low", "high", "found"),
    [
        (5, 3, 7, T),
        (3, 3, 7, T),
        (7, 3, 7, T),
        (2, 3, 7, N),
        (8, 3, 7, N),
        (5, 7, 3, N),
        (U, 3, 7, U),
        (U, U, U, U),
        (5, U, 7, U),
        (5, 3, U, U),
        (5, U, U, U),
        (8, U, 7, N),
        (2, 3, U, N),
    ],
)
def test_between(a: int | None, low: int | None, high: int | None, *, found: bool | None) -> None:
    """Both bounds lie within; one broken bound decides, even where the other is unknown."""
    row = {"a": a, "low": low, "high": high}
    numbers = {name: None if one is None else Decimal(one) for name, one in row.items()}
    assert value(F.a.between(F.low, F.high), **numbers) is found
    both = (F.low <= F.a) & (F.a <= F.high)
    assert value(both, **numbers) is found


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (F.a.starts_with("Wes"), T),
        (F.a.starts_with("est"), N),
        (F.a.starts_with("wes"), N),
        (F.a.contains("es"), T),
        (F.a.contains("et"), N),
        (F.a.ends_with("st"), T),
        (F.a.ends_with("We"), N),
        (F.a.starts_with(""), T),
        (F.a.contains(""), T),
        (F.a.ends_with(""), T),
        (F.a.starts_with("West "), N),
    ],
)
def test_texts(term: Term, *, found: bool) -> None:
    """A text is looked for at its place, letter case counts, and null is unknown."""
    assert value(term, a="West") is found
    assert value(term, a=None) is None


@pytest.mark.parametrize(
    ("held", "asked", "found"),
    [
        (("vip", "old"), ("vip",), (T, T, N)),
        (("vip", "old"), ("vip", "new"), (T, N, N)),
        (("vip", "old"), ("old", "vip"), (T, T, N)),
        (("vip", "old"), ("new", "x"), (N, N, T)),
        (("vip", "old"), (), (N, T, T)),
        ((), ("vip",), (N, N, T)),
        ((), (), (N, T, T)),
        (("vip",), ("VIP",), (N, N, T)),
    ],
)
def test_tags(held: tuple[str, ...], asked: tuple[str, ...], found: tuple[bool, ...]) -> None:
    """Any, all and none of the tags asked for; a set that is null is unknown."""
    terms = (F.a.has_any(asked), F.a.has_all(asked), F.a.has_none(asked))
    assert tuple(value(term, a=frozenset(held)) for term in terms) == found
    assert [value(term, a=None) for term in terms] == [None, None, None]


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (T, T, "first"),
        (T, U, "first"),
        (N, T, "second"),
        (U, T, "second"),
        (N, N, "last"),
        (U, N, "last"),
        (U, U, "last"),
    ],
)
def test_the_first_branch_that_holds(*, a: bool | None, b: bool | None, found: str) -> None:
    """A condition that is false or unknown passes on to the next, and in the end to the else."""
    cases = [(F.a, "first"), (F.b, "second")]
    assert value(when(*cases, otherwise="last"), a=a, b=b) == found
    open_end = value(when(*cases), a=a, b=b)
    assert open_end == (None if found == "last" else found)


def test_a_branch_that_holds_may_be_null() -> None:
    """The branch decides, not whether its value is known."""
    assert value(when((F.a, F.b), otherwise="else"), a=True, b=None) is None


def test_branches_not_taken_are_not_worked_out() -> None:
    """A sum that cannot be held exactly is no matter where its branch is not taken."""
    row = {"a": True, "x": Decimal("1E+2000")}
    assert value(when((F.a, Decimal(1)), (F.x + 1 > 0, Decimal(2)), otherwise=F.x + 1), **row) == 1
    with pytest.raises(InexactResult):
        value(when((~F.a, Decimal(1)), otherwise=F.x + 1), **row)


def test_the_first_that_is_known() -> None:
    """Null passes on; false, zero and the empty text are known."""
    first = coalesce(F.a, F.b, Decimal(7))
    assert value(first, a=Decimal(0), b=Decimal(5)) == 0
    assert value(first, a=None, b=Decimal(5)) == 5
    assert value(first, a=None, b=None) == 7
    assert value(coalesce(F.a, F.b), a=None, b=None) is None
    assert value(coalesce(F.a, True), a=False) is False
    assert value(coalesce(F.a, "x"), a="") == ""
    assert value(coalesce(F.a, F.x + 1), a=Decimal(1), x=Decimal("1E+2000")) == 1


def test_days_between() -> None:
    """Days are counted forwards and backwards, over leap days, and null makes them null."""
    days = days_between(F.a, F.b)
    assert value(days, a=date(2016, 2, 28), b=date(2016, 3, 1)) == Decimal(2)
    assert value(days, a=date(2017, 3, 1), b=date(2017, 2, 28)) == Decimal(-1)
    assert value(days, a=date(2017, 3, 1), b=date(2017, 3, 1)) == Decimal(0)
    assert isinstance(value(days, a=date(2017, 3, 1), b=date(2018, 3, 1)), Decimal)
    assert value(days, a=None, b=date(2017, 3, 1)) is None
    assert value(days, a=date(2017, 3, 1), b=None) is None


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        (Rounding.HALF_EVEN, ("1.2", "1.4", "-1.2", "1.3")),
        (Rounding.HALF_UP, ("1.3", "1.4", "-1.3", "1.3")),
        (Rounding.UP, ("1.3", "1.4", "-1.3", "1.3")),
        (Rounding.DOWN, ("1.2", "1.3", "-1.2", "1.2")),
        (Rounding.FLOOR, ("1.2", "1.3", "-1.3", "1.2")),
        (Rounding.CEILING, ("1.3", "1.4", "-1.2", "1.3")),
    ],
)
def test_rounded(mode: Rounding, found: tuple[str, ...]) -> None:
    """A number is rounded as the rule says, to exactly so many digits."""
    for number, wanted in zip(("1.25", "1.35", "-1.25", "1.26"), found, strict=True):
        assert str(value(F.a.rounded(1, mode), a=Decimal(number))) == wanted
    assert str(value(F.a.rounded(2, mode), a=Decimal(1))) == "1.00"
    assert value(F.a.rounded(1, mode), a=None) is None


def test_rounding_beyond_exact_arithmetic_is_refused() -> None:
    """A number that has no room for the digits asked for is an error of ours, no foreign one."""
    with pytest.raises(InexactResult):
        value(F.a.rounded(18, Rounding.HALF_UP), a=Decimal("1E+995"))


def naive(expression: Expression, row: Mapping[str, Any]) -> Any:  # noqa: ANN401, C901, PLR0912 - a case per node
    """Return the value of an expression by the letter of its definition, numbers as fractions."""
    match expression:
        case FieldRef(name):
            return plain(row[name])
        case Literal(held):
            return plain(held)
        case Comparison(comparator, left, right):
            return compared(comparator.value, naive(left, row), naive(right, row))
        case Between(part, low, high):
            low_side = Comparison(Comparator.GE, part, low)
            high_side = Comparison(Comparator.LE, part, high)
            return naive(Conjunction((low_side, high_side)), row)
        case Membership(part, options):
            found = naive(part, row)
            return None if found is None else found in [plain(option.value) for option in options]
        case NullTest(part):
            return naive(part, row) is None
        case TextTest(match, part, text):
            found = naive(part, row)
            if found is None:
                return None
            places = [at for at in range(len(found) + 1) if found[at : at + len(text)] == text]
            at_end = len(found) - len(text) in places
            return {"starts_with": 0 in places, "contains": bool(places), "ends_with": at_end}[
                match.value
            ]
        case TagTest(match, part, tags):
            found = naive(part, row)
            if found is None:
                return None
            hits = [tag in found for tag in tags]
            return {"has_any": any(hits), "has_all": all(hits), "has_none": not any(hits)}[
                match.value
            ]
        case Arithmetic(act, left, right):
            sides = (naive(left, row), naive(right, row))
            return None if None in sides else COMBINE[act.value](*sides)
        case Rounded(part, digits, mode):
            found = naive(part, row)
            return None if found is None else rounded(found, digits, mode)
        case DaysBetween(start, end):
            first, last = naive(start, row), naive(end, row)
            return None if None in (first, last) else Fraction(last.toordinal() - first.toordinal())
        case Coalesce(parts):
            known = [found for part in parts if (found := naive(part, row)) is not None]
            return known[0] if known else None
        case Conditional(branches, otherwise):
            taken = [branch.then for branch in branches if naive(branch.when, row) is True]
            way = taken[0] if taken else otherwise
            return None if way is None else naive(way, row)
        case Negation(part):
            return {True: False, False: True, None: None}[naive(part, row)]
        case Conjunction(parts):
            found = [naive(part, row) for part in parts]
            return False if False in found else None if None in found else True
        case Disjunction(parts):
            found = [naive(part, row) for part in parts]
            return True if True in found else None if None in found else False


COMBINE = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def plain(held: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value with numbers as fractions."""
    return Fraction(held) if isinstance(held, Decimal) else held


def compared(sign: str, left: Any, right: Any) -> bool | None:  # noqa: ANN401 - any values
    """Return a comparison, told from less and greater alone; null is unknown."""
    if left is None or right is None:
        return None
    if isinstance(left, bool):
        return {"==": left is right, "!=": left is not right}[sign]
    less, greater = left < right, right < left
    return {
        "==": not less and not greater,
        "!=": less or greater,
        "<": less,
        "<=": not greater,
        ">": greater,
        ">=": not less,
    }[sign]


def rounded(number: Fraction, digits: int, mode: Rounding) -> Fraction:
    """Return a number on the steps of so many digits, in whole numbers."""
    scaled = number * 10**digits
    below = scaled.numerator // scaled.denominator
    over = scaled - below
    half = Fraction(1, 2)
    away = number > 0
    up = (
        over > 0
        and {
            Rounding.FLOOR: False,
            Rounding.CEILING: True,
            Rounding.UP: away,
            Rounding.DOWN: not away,
            Rounding.HALF_UP: over > half or (over == half and away),
            Rounding.HALF_EVEN: over > half or (over == half and below % 2 == 1),
        }[mode]
    )
    return Fraction(below + up, 10**digits)


RULES = st.one_of(testing.rules(TABLE), *(testing.rules(TABLE, kind) for kind in RuleType))


@settings(max_examples=200)
@given(rule=RULES, rows=st.lists(testing.rows(TABLE), min_size=1, max_size=4))
def test_compiled_rules_mean_what_their_definition_says(
    rule: Expression, rows: list[dict[str, Any]]
) -> None:
    """On any rule or value and rows, mappings and columns give what a naive reading gives."""
    expected = [naive(rule, row) for row in rows]
    by_mapping = compile_expression(rule, operator.itemgetter)
    columns = {name: [row[name] for row in rows] for name in TABLE.names}
    by_number = compile_expression(rule, lambda name: columns[name].__getitem__)
    assert [plain(evaluate(rule, row)) for row in rows] == expected
    assert [plain(by_mapping(row)) for row in rows] == expected
    assert [plain(by_number(number)) for number in range(len(rows))] == expected


@settings(max_examples=30)
@given(a=testing.rules(TABLE), b=testing.rules(TABLE), row=testing.rows(TABLE))
def test_de_morgan(a: Expression, b: Expression, row: dict[str, Any]) -> None:
    """Not both is either not, also where something is unknown."""
    assert evaluate(Negation(Conjunction((a, b))), row) is evaluate(
        Disjunction((Negation(a), Negation(b))), row
    )
