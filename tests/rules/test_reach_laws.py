"""Laws of the counterfactual, against brute force on random rules, rows and levers."""

import operator
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InexactResult, InvalidNumber
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Direction,
    Expression,
    F,
    Lever,
    Literal,
    Membership,
    NoWay,
    TagTest,
    Term,
    as_tree,
    coalesce,
    compile_expression,
    days_between,
    evaluate,
    reach,
    when,
)
from salescore.values import EXACT, Rounding, check_decimal

NUMBERS = {"amount": Decimal("0.01"), "orders": Decimal(1), "share": Decimal("0.01")}
"""Numbers of the table, and the step of each where its lever names none."""

STEPS = {
    "amount": ("0.01", "0.5", "5"),
    "orders": ("0.5", "1", "3"),
    "share": ("0.01", "0.3"),
    "since": ("1", "2", "7"),
    "seen_at": ("1", "60"),
}
"""Steps that levers name."""

EXAMPLES = 150

CHOICES = ("open", "won", "lost")


def field(name: str, kind: Kind, **more: object) -> Field:
    """Return a nullable field."""
    return Field(name=name, kind=kind, nullable=True, labels=(name, name), **more)  # type: ignore[arg-type]


TABLE = FieldTable(
    name="facts",
    fields=(
        field("amount", Kind.DECIMAL, unit="money"),
        field("orders", Kind.DECIMAL, unit="orders"),
        field("share", Kind.DECIMAL, unit="fraction", minimum=Decimal(0), maximum=Decimal(1)),
        field("region", Kind.TEXT),
        field("status", Kind.CHOICE, choices=CHOICES),
        field("since", Kind.DATE),
        field("seen_at", Kind.INSTANT),
        field("is_active", Kind.BOOLEAN),
        field("tags", Kind.TEXT, is_set=True),
    ),
)

Case: TypeAlias = tuple[Expression, dict[str, Any], list[Lever], bool]


@st.composite
def levers(draw: st.DrawFn, table: FieldTable, least: int = 1) -> list[Lever]:
    """Return levers for some fields of a table."""
    names = draw(st.lists(st.sampled_from(table.names), unique=True, min_size=least))
    prices = st.sampled_from([Decimal(n) for n in ("0", "0.5", "1", "3")])
    found = []
    for name in names:
        is_ordered = name in STEPS
        found.append(
            Lever(
                name,
                draw(st.sampled_from(Direction)) if is_ordered else Direction.ANY,
                fixed=draw(prices),
                rate=draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(2)])),
                step=draw(st.none() | st.sampled_from(STEPS[name]).map(Decimal))
                if is_ordered
                else None,
                lowest=draw(st.sampled_from([None, Decimal(-3), Decimal(0)]))
                if name in ("amount", "orders")
                else None,
                highest=draw(st.sampled_from([None, Decimal(100)])) if name == "amount" else None,
                options=draw(st.sampled_from([None, ("West", "East")]))
                if name == "region"
                else None,
            )
        )
    return found


def literals(rule: Expression) -> Iterator[Any]:
    """Yield every literal of a rule, also those in its lists."""
    for node in nodes(rule):
        match node:
            case Literal(value):
                yield value
            case Membership(_, options):
                yield from (option.value for option in options)
            case _:
                pass


def nodes(rule: object) -> Iterator[Any]:
    """Yield every node of a rule, whatever holds it."""
    yield rule
    for name in getattr(type(rule), "__match_args__", ()):
        part = getattr(rule, name)
        for one in part if isinstance(part, tuple) else (part,):
            if hasattr(type(one), "__attrs_attrs__"):
                yield from nodes(one)


def moves(lever: Lever, rule: Expression, row: dict[str, Any]) -> Iterator[tuple[Any, Decimal]]:
    """Yield the values that a field may take by its lever, near what the rule names, and prices."""
    present = row[lever.field]
    known = [*literals(rule), *row.values()]
    if lever.field in NUMBERS:
        step = lever.step or NUMBERS[lever.field]
        numbers = [one for one in known if isinstance(one, Decimal)]
        numbers += [Decimal(half) / 2 for half in range(-8, 25)]
        tried: list[Any] = [
            EXACT.multiply(step, Decimal(Fraction(one) // Fraction(step) + way))
            for one in numbers
            for way in (-1, 0, 1, 2)
        ]
    elif lever.field == "since":
        tried = [
            one + timedelta(days=days)
            for one in known
            if isinstance(one, date) and not isinstance(one, datetime)
            for days in range(-8, 9)
        ]
    elif lever.field == "seen_at":
        tried = [
            one + timedelta(seconds=seconds)
            for one in known
            if isinstance(one, datetime)
            for seconds in (-60, -1, 0, 1, 60)
        ]
    elif lever.field == "is_active":
        tried = [True, False]
    elif lever.field == "status":
        tried = [*CHOICES]
    elif lever.field == "tags":
        asked = {tag for node in nodes(rule) if isinstance(node, TagTest) for tag in node.tags}
        now = present or frozenset()
        tried = [now ^ {tag} for tag in sorted(asked)] + [now | asked, now - asked]
    else:
        texts = [one for one in known if isinstance(one, str)]
        tried = [*(lever.options or [*texts, "another text"])]
    for value in tried:
        if value != present and is_allowed(lever, present, value):
            yield value, price(lever, present, value)


def is_allowed(lever: Lever, present: Any, value: Any) -> bool:  # noqa: ANN401 - any value
    """Return whether a lever lets a field take a value."""
    if isinstance(value, Decimal):
        try:
            check_decimal(value)
        except InvalidNumber:
            return False
        if TABLE.field(lever.field).range_fault(value) is not None:
            return False
    if not is_shown(lever, present, value):
        return False
    if lever.lowest is not None and value < lever.lowest:
        return False
    if lever.highest is not None and value > lever.highest:
        return False
    if present is None or lever.direction is Direction.ANY:
        return True
    return bool((value > present) is (lever.direction is Direction.UP))


def is_shown(lever: Lever, present: Any, value: Any) -> bool:  # noqa: ANN401 - any value
    """Return whether the step of a field admits a value."""
    if isinstance(value, Decimal):
        return Fraction(value) % Fraction(lever.step or NUMBERS[lever.field]) == 0
    if not isinstance(value, date):
        return True
    if present is None:
        return not (isinstance(value, datetime) and value.microsecond)
    seconds = 1 if isinstance(value, datetime) else 86_400
    return not (value - present) % timedelta(seconds=seconds * int(lever.step or 1))


def price(lever: Lever, present: Any, value: Any) -> Decimal:  # noqa: ANN401 - any value
    """Return what a change costs, said another way than the library does."""
    if isinstance(value, frozenset):
        return lever.fixed * max(1, len(value ^ (present or frozenset())))
    if present is None or isinstance(value, str | bool):
        return lever.fixed
    if isinstance(value, Decimal):
        return EXACT.fma(lever.rate, abs(EXACT.subtract(value, present)), lever.fixed)
    apart = abs(value - present)
    seconds = Decimal(apart // timedelta(microseconds=1)) / 10**6
    return lever.fixed + lever.rate * (seconds if isinstance(value, datetime) else apart.days)


def holds(rule: Expression, row: dict[str, Any]) -> object:
    """Return the value of a rule, null where a sum or product cannot be held."""
    try:
        return evaluate(rule, row)
    except InexactResult:
        return None


SMALL_NUMBERS = st.integers(-4, 8).map(Decimal)
DAY = date(2017, 3, 1)
DAYS = st.integers(-4, 4).map(lambda days: DAY + timedelta(days=days))
TAGS = st.frozensets(st.sampled_from("abc"), max_size=3)
MODES = st.sampled_from(Rounding)


CONDITIONS = (
    "amount",
    "orders",
    "share",
    "region",
    "status",
    "since",
    "seen_at",
    "tags",
    "truth",
)
MOMENT = datetime(2017, 3, 1, 12, tzinfo=UTC)
MOMENTS = st.integers(-6, 6).map(lambda halves: MOMENT + timedelta(milliseconds=500 * halves))
REGIONS = ("West", "East", "North")


@st.composite
def conditions(draw: st.DrawFn) -> Term:
    """Return conditions of one node or few whose cut points lie close together."""
    name = draw(st.sampled_from(CONDITIONS))
    if name == "truth":
        return draw(st.sampled_from([F.is_active, F.is_active == False, F.amount.is_null()]))  # noqa: E712 - a rule
    if name == "status":
        chosen = draw(st.lists(st.sampled_from(CHOICES), max_size=2))
        return draw(st.sampled_from([F.status.is_in(chosen), F.status != "won"]))
    if name == "region":
        region, several = draw(st.sampled_from(REGIONS)), draw(st.sets(st.sampled_from(REGIONS)))
        return draw(
            st.sampled_from(
                [
                    F.region == region,
                    F.region != region,
                    F.region.is_in(sorted(several)),
                    ~F.region.is_in(sorted(several)),
                    coalesce(F.region, "West") == region,
                    F.region == when((F.is_active, "West"), otherwise="East"),
                ]
            )
        )
    if name == "seen_at":
        moment = draw(MOMENTS)
        return draw(st.sampled_from([F.seen_at >= moment, F.seen_at < moment, F.seen_at == moment]))
    if name == "tags":
        tags = draw(TAGS)
        return draw(
            st.sampled_from([F.tags.has_any(tags), F.tags.has_all(tags), F.tags.has_none(tags)])
        )
    if name == "since":
        day, count = draw(DAYS), draw(st.integers(-3, 3))
        return draw(
            st.sampled_from(
                [
                    F.since >= day,
                    F.since == day,
                    days_between(F.since, day) > count,
                    days_between(day, F.since) * 2 <= count,
                ]
            )
        )
    number = F[name]
    first, second, third = draw(st.tuples(SMALL_NUMBERS, SMALL_NUMBERS, SMALL_NUMBERS))
    value = draw(
        st.sampled_from(
            [
                number,
                number,
                number + first,
                first - number,
                number * first + second,
                number.rounded(0, draw(MODES)),
                (number * Decimal("0.5")).rounded(0, draw(MODES)) - second,
                coalesce(number, second),
                when((F.is_active, number), otherwise=first),
                when((number > first, number * 2)),
            ]
        )
    )
    compare = draw(st.sampled_from([operator.eq, operator.ne, operator.lt, operator.ge]))
    made: Term = draw(
        st.sampled_from([compare(value, third), value.between(third, first), value > number * 2])
    )
    return made


def joined(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    """Return rules of several conditions."""
    return st.one_of(
        st.builds(operator.and_, inner, inner),
        st.builds(lambda one, two, three: one & two & three, inner, inner, inner),
        st.builds(operator.or_, inner, inner),
        st.builds(operator.invert, inner),
        st.builds(lambda one, two: when((one, two), otherwise=~two), inner, inner),
        st.builds(lambda one, two: one == two, inner, inner),
        st.builds(lambda one: one.is_null(), inner),
    )


DENSE_RULES = st.recursive(conditions(), joined, max_leaves=6).map(as_tree)
"""Rules over few values, most of which take one or more changes."""

DENSE_ROWS = st.fixed_dictionaries(
    {
        "amount": st.none() | SMALL_NUMBERS,
        "orders": st.none() | SMALL_NUMBERS,
        "share": st.none() | st.sampled_from([Decimal(n) for n in ("0", "0.5", "1")]),
        "region": st.none() | st.sampled_from(REGIONS),
        "status": st.sampled_from(CHOICES),
        "since": st.none() | DAYS,
        "seen_at": st.none() | MOMENTS,
        "is_active": st.none() | st.booleans(),
        "tags": st.none() | TAGS,
    }
)

CASES = st.one_of(
    st.tuples(testing.rules(TABLE), testing.rows(TABLE), levers(TABLE), st.booleans()),
    st.tuples(DENSE_RULES, DENSE_ROWS, levers(TABLE, least=4), st.booleans()),
    st.tuples(DENSE_RULES, DENSE_ROWS, levers(TABLE, least=4), st.booleans()),
)


@given(CASES)
@settings(max_examples=EXAMPLES)
def test_a_way_applied_gives_the_wanted_value(case: Case) -> None:
    """Every way, applied to the row, makes the rule have the wanted value."""
    rule, row, given_levers, wanted = case
    for way in reach(rule, row, TABLE, given_levers, wanted).ways:
        assert evaluate(rule, way.applied(row)) is wanted


@given(CASES)
@settings(max_examples=EXAMPLES)
def test_no_single_change_is_cheaper(case: Case) -> None:
    """No change of one field, at or beside what the rule names, beats the best exact way."""
    rule, row, given_levers, wanted = case
    found = reach(rule, row, TABLE, given_levers, wanted)
    if not found.is_exact:
        return
    for lever in given_levers:
        for value, cost in moves(lever, rule, row):
            if holds(rule, {**row, lever.field: value}) is wanted:
                assert found.ways, (lever, value)
                assert found.ways[0].cost <= cost, (lever, value)


@given(st.tuples(DENSE_RULES, DENSE_ROWS, levers(TABLE, least=3), st.booleans()))
@settings(max_examples=EXAMPLES)
def test_no_pair_of_changes_is_cheaper(case: Case) -> None:
    """No two changes, at or beside what the rule names, beat the best exact way."""
    rule, row, given_levers, wanted = case
    found = reach(rule, row, TABLE, given_levers, wanted)
    if not found.is_exact:
        return
    is_met = compile_expression(rule, operator.itemgetter)
    for one, other in combinations(given_levers, 2):
        for (first, first_cost), (second, second_cost) in product(
            dict.fromkeys(moves(one, rule, row)), dict.fromkeys(moves(other, rule, row))
        ):
            cost = first_cost + second_cost
            if found.ways and found.ways[0].cost <= cost:
                continue
            assert is_met({**row, one.field: first, other.field: second}) is not wanted


ORDERED = ("amount", "orders", "share", "since", "seen_at")


def shown(lever: Lever, present: Any) -> Iterator[Any]:  # noqa: ANN401 - any value
    """Yield all that a field can show of its step, far beyond what the dense rules name."""
    count = lever.step or NUMBERS.get(lever.field, Decimal(1))
    if lever.field in NUMBERS:
        far = int(50 / count)
        yield from (count * place for place in range(-far, far + 1))
        return
    start = present
    if start is None:
        start, count = DAY if lever.field == "since" else MOMENT, Decimal(1)
    unit = timedelta(days=1) if lever.field == "since" else timedelta(seconds=1)
    yield from (start + place * int(count) * unit for place in range(-40, 41))


ONE_LEVER = (
    levers(TABLE, least=5)
    .map(lambda several: [one for one in several if one.field in ORDERED])
    .filter(bool)
    .map(lambda several: several[:1])
)


@given(st.tuples(DENSE_RULES, DENSE_ROWS, ONE_LEVER, st.booleans()))
@settings(max_examples=60)
def test_one_field_is_searched_like_by_brute_force(case: Case) -> None:
    """Of all that the step of one field shows, an exact answer is the cheapest that does it."""
    rule, row, (lever,), wanted = case
    found = reach(rule, row, TABLE, [lever], wanted)
    present = row[lever.field]
    if not found.is_exact or holds(rule, row) is wanted:
        return
    is_met = compile_expression(rule, operator.itemgetter)
    prices = [
        price(lever, present, value)
        for value in shown(lever, present)
        if value != present
        and is_allowed(lever, present, value)
        and is_met({**row, lever.field: value}) is wanted
    ]
    if found.ways:
        assert min(prices) == found.ways[0].cost
    else:
        assert not prices


@given(CASES)
@settings(max_examples=EXAMPLES)
def test_a_promise_of_any_other_text_is_kept(case: Case) -> None:
    """Where any other text of a field is said to do, a text that nobody named does."""
    rule, row, given_levers, wanted = case
    found = reach(rule, row, TABLE, given_levers, wanted)
    assert (found.unnamed is not None) is (found.no_way is NoWay.UNNAMED_TEXT)
    if found.unnamed is not None:
        assert holds(rule, {**row, found.unnamed: "a text that nobody named"}) is wanted


@given(CASES)
@settings(max_examples=EXAMPLES)
def test_only_levers_move_and_only_their_way(case: Case) -> None:
    """Fields without a lever never change, known values stay known, directions are kept."""
    rule, row, given_levers, wanted = case
    by_name = {lever.field: lever for lever in given_levers}
    for way in reach(rule, row, TABLE, given_levers, wanted).ways:
        assert way.cost == sum(change.cost for change in way.changes)
        for change in way.changes:
            assert change.before == row[change.field]
            assert change.after is not None
            assert change.after != change.before
            assert is_allowed(by_name[change.field], change.before, change.after)
            assert change.cost == price(by_name[change.field], change.before, change.after)


@given(CASES)
@settings(max_examples=EXAMPLES)
def test_no_part_of_a_way_would_do(case: Case) -> None:
    """Ways are minimal, distinct, few and in order of their price."""
    rule, row, given_levers, wanted = case
    ways = reach(rule, row, TABLE, given_levers, wanted, most=3).ways
    assert len(ways) == len(set(ways)) <= 3
    assert [way.cost for way in ways] == sorted(way.cost for way in ways)
    for way in ways:
        for count in range(len(way.changes)):
            for some in combinations(way.changes, count):
                part = {**row, **{change.field: change.after for change in some}}
                assert holds(rule, part) is not wanted


@given(CASES)
@settings(max_examples=100)
def test_the_answer_depends_on_nothing_else(case: Case) -> None:
    """Asked again, or with the levers in another order, the answer is the same."""
    rule, row, given_levers, wanted = case
    found = reach(rule, row, TABLE, given_levers, wanted)
    assert found == reach(rule, row, TABLE, list(reversed(given_levers)), wanted)
    assert (found.reason is None) is bool(found.ways)
