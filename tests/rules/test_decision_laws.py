"""What holds of every decision table, whatever its rows and policy."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from operator import itemgetter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from salescore.plain import Field, FieldTable, Kind, parse_json
from salescore.rules import (
    Band,
    Cell,
    Collect,
    Comparator,
    Comparison,
    Conjunction,
    DecisionTable,
    Expression,
    F,
    FieldRef,
    HitPolicy,
    Input,
    IsNull,
    Literal,
    Membership,
    Negation,
    NullTest,
    OneOf,
    Output,
    Row,
    TableFault,
    check_table,
    compile_expression,
    compile_table,
    days_between,
    decide_row,
    decision_table_schema,
    table_faults,
    table_from_data,
    table_to_data,
)


def field(name: str, kind: Kind, *choices: str, null: bool = True) -> Field:
    """Return a field."""
    labels = (name, name)
    return Field(name=name, kind=kind, nullable=null, labels=labels, choices=choices)


FIELDS = FieldTable(
    name="facts",
    fields=(
        field("amount", Kind.DECIMAL),
        field("cost", Kind.DECIMAL, null=False),
        field("region", Kind.TEXT),
        field("kind", Kind.CHOICE, "open", "won", "lost", null=False),
        field("day", Kind.DATE, null=False),
        field("at", Kind.INSTANT),
        field("hot", Kind.BOOLEAN),
    ),
)
NUMBERS = [Decimal(one) for one in ("-1", "0", "1", "2.5", "3")]
TEXTS = ["", "East", "West", "Westend"]
DAYS = [date(2024, 1, one) for one in (1, 2, 3, 9)]
INSTANTS = [datetime(2024, 1, 1, one, tzinfo=UTC) for one in (0, 1, 9)]
KINDS = ["open", "won", "lost"]
VALUES: dict[str, list[Any]] = {
    "amount": NUMBERS,
    "cost": NUMBERS,
    "region": TEXTS,
    "kind": KINDS,
    "day": DAYS,
    "at": INSTANTS,
    "hot": [False, True],
}
BESIDE: dict[str, list[Any]] = {
    "amount": [Decimal(one) for one in ("-2", "-0.5", "0.5", "2", "2.7", "4")],
    "cost": [Decimal(one) for one in ("-2", "-0.5", "0.5", "2", "2.7", "4")],
    "region": ["Ea", "Eastend", "Westa", "Zoo", "a"],
    "kind": [],
    "day": [date(2023, 12, 31), date(2024, 1, 5), date(2024, 1, 10)],
    "at": [datetime(2024, 1, one, tzinfo=UTC) for one in (2, 3)]
    + [datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 0, 30, tzinfo=UTC)]
    + [datetime(2024, 1, 1, 5, tzinfo=UTC)],
    "hot": [],
}
"""Values that no cell names: one on each stretch around those that cells do."""

NULLABLE = {one.name for one in FIELDS.fields if one.nullable}


def domain(name: str) -> list[Any]:
    """Return values of a field: each cut, each stretch, and null where it may be."""
    return [*VALUES[name], *BESIDE[name], *([None] if name in NULLABLE else [])]


def band(ends: tuple[Any, Any], includes: tuple[bool, bool]) -> Band:
    """Return a band; an end of `None` is neither included nor left out."""
    (low, high), (includes_low, includes_high) = ends, includes
    return Band(low, high, includes_low or low is None, includes_high and high is not None)


def cells(name: str) -> st.SearchStrategy[Cell]:
    """Return cells that fit a field."""
    values = st.sampled_from(VALUES[name])
    options = st.lists(values, min_size=1, max_size=3)
    some: list[st.SearchStrategy[Cell]] = [
        st.none(),
        st.builds(OneOf, options, st.booleans()),
        st.builds(IsNull, st.booleans()),
    ]
    if name not in ("hot", "kind"):
        ends = (
            st.tuples(values, values) | st.tuples(values, st.none()) | st.tuples(st.none(), values)
        )
        bands = st.builds(band, ends, st.tuples(st.booleans(), st.booleans()))
        some += [bands, bands]
    return st.one_of(some)


POLICIES = [(policy, None) for policy in HitPolicy if policy is not HitPolicy.COLLECT]
COLLECTS = [(HitPolicy.COLLECT, collect) for collect in Collect]
RESULTS = [Decimal(one) for one in ("0", "2.5", "10")]


@st.composite
def tables(draw: st.DrawFn, *, most_rows: int = 6) -> DecisionTable:
    """Return decision tables over plain fields, of every hit policy."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3))
    policy, collect = draw(st.sampled_from([*POLICIES, *COLLECTS]))
    is_single = collect not in (None, Collect.LIST)
    outputs = (Output("percent", None, RESULTS if policy is HitPolicy.PRIORITY else ()),)
    if not is_single:
        texts = ("b", "a") if draw(st.booleans()) and policy is HitPolicy.PRIORITY else ()
        outputs += (Output("word", ("Word", "词"), texts),)
    results = st.tuples(st.sampled_from(RESULTS), *([] if is_single else [st.sampled_from("ab")]))
    rows = st.builds(
        Row, st.tuples(*map(cells, names)), results, st.sampled_from([None, "because", ""])
    )
    return DecisionTable(
        name="t",
        version="1",
        inputs=[Input(f"{name} {place}", FieldRef(name)) for place, name in enumerate(names)],
        outputs=outputs,
        rows=draw(st.lists(rows, min_size=1, max_size=most_rows)),
        hit_policy=policy,
        collect=collect,
        default=None if collect is Collect.COUNT else draw(st.none() | results),
        valid_from=draw(st.sampled_from([None, DAYS[0]])),
        valid_until=draw(st.sampled_from([None, DAYS[0], DAYS[3]])),
        labels=draw(st.sampled_from([None, ("Table", "表")])),
    )


VALIDATOR: Any = Draft202012Validator(decision_table_schema())

FACTS = st.fixed_dictionaries({name: st.sampled_from(domain(name)) for name in VALUES})


def rule_of(cell: Cell, value: Expression) -> Expression:
    """Return the rule that says the same as a cell."""
    match cell:
        case None:
            return Literal(value=True)
        case IsNull(is_negated):
            return Negation(NullTest(value)) if is_negated else NullTest(value)
        case OneOf(options, is_negated):
            rule = Membership(value, tuple(map(Literal, options)))
            return Negation(rule) if is_negated else rule
        case Band(low, high, includes_low, includes_high):
            tests: list[Expression] = []
            if low is not None:
                sign = Comparator.GE if includes_low else Comparator.GT
                tests.append(Comparison(sign, value, Literal(low)))
            if high is not None:
                sign = Comparator.LE if includes_high else Comparator.LT
                tests.append(Comparison(sign, value, Literal(high)))
            return Conjunction(tuple(tests))


def matcher(table: DecisionTable) -> Callable[[dict[str, Any]], list[int]]:
    """Return what finds the numbers of the rows that match, each row read as one rule."""
    rules: list[Callable[[dict[str, Any]], Any]] = []
    for one in table.rows:
        tests = [rule_of(cell, of.of) for cell, of in zip(one.cells, table.inputs, strict=True)]
        rules.append(compile_expression(Conjunction(tuple(tests)), itemgetter))
    return lambda row: [number for number, rule in enumerate(rules, 1) if rule(row) is True]


def expected(table: DecisionTable, numbers: list[int]) -> tuple[Any, ...] | None:  # noqa: C901 - a case per policy
    """Return what a table must decide where some rows match, by its definition."""
    outputs = [table.rows[number - 1].outputs for number in numbers]
    if not outputs:
        if table.collect is Collect.COUNT:
            return (0,)
        if table.collect is Collect.LIST:
            return () if table.default is None else (table.default,)
        return table.default
    column = [one[0] for one in outputs if isinstance(one[0], Decimal)]
    match table.hit_policy, table.collect:
        case HitPolicy.UNIQUE, _:
            return outputs[0] if len(outputs) == 1 else None
        case HitPolicy.ANY, _:
            return outputs[0] if all(one == outputs[0] for one in outputs) else None
        case HitPolicy.FIRST, _:
            return outputs[0]
        case HitPolicy.PRIORITY, _:
            number = min(numbers, key=precedence(table).index)
            return table.rows[number - 1].outputs
        case _, Collect.LIST:
            return tuple(outputs)
        case _, Collect.SUM:
            return (sum(column, Decimal(0)),)
        case _, Collect.MIN:
            return (min(column),)
        case _, Collect.MAX:
            return (max(column),)
        case _:
            return (len(outputs),)


@given(table=tables(), rows=st.lists(FACTS, min_size=1, max_size=4))
def test_a_table_decides_as_its_rows_read_as_rules(
    table: DecisionTable, rows: list[dict[str, Any]]
) -> None:
    """The compiled table, the explained decision and the rows read as rules agree."""
    decide, matching = compile_table(table, itemgetter), matcher(table)
    for row in rows:
        wanted = expected(table, matching(row))
        decided = decide_row(table, row)
        assert decide(row) == wanted
        assert list(decided.matched) == matching(row)
        if table.collect is Collect.LIST:
            assert decided.outcomes == wanted
        else:
            assert decided.outcomes == (None if wanted is None else (wanted,))
        assert (decided.reason is None) is decided.is_decided is (wanted is not None)
        assert decided.is_default is (not decided.matched and table.default is not None)
        assert set(decided.decisive) <= set(decided.matched)
        assert all(not decided.failing(number) for number in decided.matched)
        json.dumps(decided.as_data())
        assert decided.text()


@given(table=tables())
def test_a_table_is_read_back_from_json_as_it_was(table: DecisionTable) -> None:
    """A table is written as text that fits the schema, and read back equal."""
    text = json.dumps(table_to_data(table))
    again = table_from_data(parse_json(text))
    assert again == table
    assert json.dumps(table_to_data(again)) == text
    VALIDATOR.validate(json.loads(text))


def precedence(table: DecisionTable) -> list[int]:
    """Return the numbers of the rows, the one that decides before all others first."""
    if table.hit_policy is HitPolicy.FIRST:
        return list(range(1, len(table.rows) + 1))
    ranks: list[tuple[list[int], int]] = []
    for number, row in enumerate(table.rows, 1):
        pairs = zip(table.outputs, row.outputs, strict=True)
        ranks.append(([o.priorities.index(v) for o, v in pairs if o.priorities], number))
    return [number for _, number in sorted(ranks)]


def row_at(table: DecisionTable, fault: TableFault) -> dict[str, Any]:
    """Return the row of facts that a witness names."""
    row: dict[str, Any] = {name: values[0] for name, values in VALUES.items()}
    assert fault.witness is not None
    assert [name for name, _ in fault.witness] == [one.name for one in table.inputs]
    for one, (_, value) in zip(table.inputs, fault.witness, strict=True):
        assert isinstance(one.of, FieldRef)
        row[one.of.name] = value
        allowed = FIELDS.field(one.of.name)
        assert allowed.nullable or value is not None
        assert not allowed.choices or value in (*allowed.choices, None)
    return row


@given(table=tables(most_rows=4))
def test_the_check_finds_what_every_row_of_facts_shows(table: DecisionTable) -> None:
    """Gaps, overlaps and rows never reached are those that trying all values shows, no others."""
    matching = matcher(table)
    names = sorted({one.of.name for one in table.inputs if isinstance(one.of, FieldRef)})
    rest = {name: values[0] for name, values in VALUES.items()}
    everything = [
        rest | dict(zip(names, some, strict=True)) for some in product(*map(domain, names))
    ]
    together: set[tuple[int, ...]] = {tuple(matching(row)) for row in everything}
    faults = table_faults(table, FIELDS)
    assert len(check_table(table, FIELDS)) == len(faults)

    gaps = [one for one in faults if one.code == "decision-gap"]
    is_open = table.default is None and table.collect not in (Collect.LIST, Collect.COUNT)
    assert bool(gaps) is (() in together and is_open)
    for one in gaps:
        if one.witness is not None:
            assert matching(row_at(table, one)) == []

    overlaps = {one.rows: one for one in faults if one.code == "decision-overlap"}
    pairs = {(a, b) for some in together for a in some for b in some if a < b}
    if table.hit_policy is HitPolicy.ANY:
        rows = table.rows
        pairs = {(a, b) for a, b in pairs if rows[a - 1].outputs != rows[b - 1].outputs}
    elif table.hit_policy is not HitPolicy.UNIQUE:
        pairs = set()
    assert set(overlaps) == pairs
    for two, one in overlaps.items():
        assert set(two) <= set(matching(row_at(table, one)))

    reached = {number for some in together for number in some}
    if table.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        order = precedence(table)
        reached = {min(some, key=order.index) for some in together if some}
    unreached = {n for one in faults if one.code == "decision-row-unreached" for n in one.rows}
    assert unreached == set(range(1, len(table.rows) + 1)) - reached
    for one in faults:
        if one.code == "decision-row-unreached" and one.witness is not None:
            decided = decide_row(table, row_at(table, one))
            assert one.rows[0] in decided.matched
            assert one.rows != decided.decisive


def test_inputs_may_be_any_expression() -> None:
    """Numbers worked out, conditions and days between dates are inputs like fields."""
    table = DecisionTable(
        name="follow-up",
        version="1",
        hit_policy=HitPolicy.FIRST,
        inputs=[
            Input("margin", F.amount - F.cost),
            Input("old", days_between(F.day, date(2024, 1, 31))),
            Input("is west", F.region == "West"),
        ],
        outputs=[Output("act")],
        rows=[
            Row([Band(0, None), Band(20, None), True], ["call"]),
            Row([None, None, IsNull()], ["ask"]),
        ],
        default=["wait"],
    )
    assert check_table(table, FIELDS) == ()
    decide = compile_table(table, itemgetter)
    row: dict[str, Any] = {"amount": Decimal(3), "cost": Decimal(1), "day": DAYS[0]}
    assert decide({**row, "region": "West"}) == ("call",)
    assert decide({**row, "region": None}) == ("ask",)
    assert decide({**row, "region": "East"}) == ("wait",)
