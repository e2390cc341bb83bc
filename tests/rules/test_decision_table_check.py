"""A decision table is held against the fields it reads, and its gaps and overlaps are told."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Band,
    Cell,
    Collect,
    DecisionTable,
    Expression,
    F,
    HitPolicy,
    Input,
    IsNull,
    OneOf,
    Output,
    Row,
    TableFault,
    Term,
    Value,
    check_table,
    coalesce,
    days_between,
    table_faults,
    when,
)
from salescore.values import Rounding, Severity


def field(name: str, kind: Kind, **given: Any) -> Field:  # noqa: ANN401 - fields of several types
    """Return a field that is never null, unless it is said to be."""
    return Field(**{"name": name, "kind": kind, "nullable": False, "labels": (name, name)} | given)


FIELDS = FieldTable(
    name="facts",
    fields=(
        field("net", Kind.DECIMAL),
        field("cost", Kind.DECIMAL, nullable=True),
        field("share", Kind.DECIMAL, minimum=Decimal(0), maximum=Decimal(1)),
        field("weight", Kind.DECIMAL, minimum=Decimal(0), is_above_minimum=True),
        field("price", Kind.MONEY),
        field("orders", Kind.DECIMAL, unit="orders", minimum=Decimal(0)),
        field("score", Kind.DECIMAL, nullable=True, minimum=Decimal(0)),
        field("region", Kind.TEXT),
        field("grade", Kind.CHOICE, choices=("a", "b", "c")),
        field("day", Kind.DATE),
        field("at", Kind.INSTANT),
        field("hot", Kind.BOOLEAN, nullable=True),
        field("tags", Kind.TEXT, is_set=True),
    ),
)


def table(
    of: Term | Expression | Value | list[Term | Expression],
    *cells: Any,  # noqa: ANN401 - any cell
    policy: HitPolicy = HitPolicy.UNIQUE,
    **given: Any,  # noqa: ANN401 - fields of several types
) -> DecisionTable:
    """Return a table whose nth row gives n; a cell stands for a row, or a list for its cells."""
    inputs = of if isinstance(of, list) else [of]
    rows = [
        Row(cell if isinstance(of, list) else [cell], [number])
        for number, cell in enumerate(cells, 1)
    ]
    names = "xyz"
    some = [Input(names[place], one) for place, one in enumerate(inputs)]
    return DecisionTable(
        name="t",
        version="1",
        inputs=some,
        outputs=[Output("n")],
        rows=rows,
        hit_policy=policy,
        **given,
    )


def messages(made: DecisionTable) -> list[str]:
    """Return what the check says, each with its code."""
    return [f"{one.code}: {one.message}" for one in check_table(made, FIELDS)]


def places(made: DecisionTable, code: str = "decision-gap") -> list[Any]:
    """Return the witnesses of a code, without names where there is one input."""
    found = [one.witness for one in table_faults(made, FIELDS) if one.code == code]
    values = [[value for _, value in one] for one in found if one is not None]
    return [one[0] if len(one) == 1 else tuple(one) for one in values]


# ── What does not fit ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (table(F.nett, 1), "decision-input: input 'x' of 't': no field of facts 'nett'; did you"),
        (table(F.price, 1), "decision-input: input 'x' of 't': rule 'price': it holds money"),
        (table(F.net + F.region, 1), "it needs number, not text"),
        (table(F.tags, "vip"), "is a set of tags; let it be a condition such as has_any"),
        (
            table(F.net, "much"),
            "decision-cell: row 1 of 't' asks 'x' for 'much', which is text; x is number",
        ),
        (table(F.day, Band(5, None)), "asks 'x' for 5, which is number; x is date"),
        (table(F.at, Band(date(2024, 1, 1), None)), "which is date; x is instant"),
        (table(F.hot, "yes"), "which is text; x is boolean"),
        (
            table(F.grade, "a", OneOf(["b", "d"])),
            "row 2 of 't' asks 'x' for 'd', which it never is; it is one of a, b, c",
        ),
        (
            table(when((F.net > 1, "often"), otherwise="seldom"), "never"),
            "it is one of often, seldom",
        ),
    ],
)
def test_what_does_not_fit_the_fields_is_an_error(made: DecisionTable, said: str) -> None:
    """Unknown fields, money, tags and cells of another type than their input are named."""
    (found,) = check_table(made, FIELDS)
    assert said in f"{found.code}: {found.message}"
    assert (found.severity, found.subject) == (Severity.ERROR, "t/1")


def test_all_that_does_not_fit_is_told_at_once() -> None:
    """The second fault is not hidden by the first, and gaps wait until all fits."""
    made = table([F.nett, F.net, F.grade], [1, "x", "d"], [None, "y", "e"])
    codes = [one.code for one in table_faults(made, FIELDS)]
    assert codes == ["decision-input", *["decision-cell"] * 4]
    assert [one.rows for one in table_faults(made, FIELDS)] == [(), (1,), (2,), (1,), (2,)]


# ── Gaps ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "gaps"),
    [
        (table(F.net, Band(None, 5), Band(5, None)), []),
        (table(F.net, Band(None, 5), Band(5, None, includes_low=False)), [5]),
        (table(F.net, Band(0, 5), Band(10, None)), [-1, 5]),
        (table(F.net, Band(None, 5), Band(10, 20), Band(30, None)), [5, 20]),
        (table(F.net, OneOf([1, 2], is_negated=True), 2), [1]),
        (table(F.net, Band(None, 9, includes_high=True), Band(10, None)), [Decimal("9.1")]),
        (table(F.share, Band(None, Decimal("0.5")), Band(Decimal("0.5"), None)), []),
        (table(F.share, Band(0, 1)), [1]),
        (table(F.share, Band(0, 1, includes_low=False, includes_high=True)), [0]),
        (table(F.weight, Band(0, None, includes_low=False)), []),
        (table(F.weight, Band(1, None)), [Decimal("0.1")]),
        (table(F.cost, Band(None, 5), Band(5, None)), [None]),
        (table(F.cost, Band(0, 5)), [-1, 5, None]),
        (table(F.cost, IsNull(is_negated=True)), [None]),
        (table(F.cost, IsNull()), [0]),
        (table(F.region, OneOf(["West", "another"])), ["another!"]),
        (table(F.region, OneOf(["West"], is_negated=True)), ["West"]),
        (table(F.region, Band("b", "b\0")), ["A", "b\0"]),
        (table(F.region, Band("A", None)), ["0"]),
        (table(F.region, Band("\0", None)), [""]),
        (table(F.region, Band("", None)), []),
        (table(F.orders, Band(None, 3, includes_high=True), Band(4, None)), []),
        (table(F.orders, Band(None, 3, includes_high=True), Band(5, None)), [4]),
        (table(F.orders, Band(None, Decimal("2.5")), Band(Decimal("2.5"), None,
                                                          includes_low=False)), []),
        (table(coalesce(F.score, -5), Band(0, None)), [-5]),
        (table(coalesce(F.score, 3), Band(0, 3), Band(3, None)), []),
        (table(coalesce(F.score, 3), Band(0, 3)), [3]),
        (table(F.region, Band(None, "b"), Band("c", None)), ["b"]),
        (table(F.region, Band(None, "b", includes_high=True), Band("c", None)), ["ba"]),
        (table(F.region, Band("", "b", includes_high=True), Band("b\0", "c")), ["c"]),
        (table(F.region, Band(None, "b")), ["b"]),
        (table(F.region, Band(None, "b", includes_high=True)), ["ba"]),
        (table(F.grade, "a", OneOf(["b"])), ["c"]),
        (table(F.grade, Band(None, "b"), Band("b", None)), []),
        (table(F.hot, True), [False, None]),
        (table(F.day, Band(None, date(2024, 1, 1)), Band(date(2024, 1, 3), None)),
         [date(2024, 1, 1)]),
        (table(F.day, Band(None, date(2024, 1, 1), includes_high=True),
               Band(date(2024, 1, 2), None)), []),
        (table(F.day, Band(None, date(2024, 1, 1), includes_high=True),
               Band(date(2024, 1, 3), None)), [date(2024, 1, 2)]),
        (table(F.day, Band(date.min, date.max, includes_high=True)), []),
        (table(F.day, OneOf([date(2024, 1, 1)])), [date(2023, 12, 31), date(2024, 1, 2)]),
        (table(F.at, Band(None, datetime(2024, 1, 1, tzinfo=UTC), includes_high=True),
               Band(datetime(2024, 1, 1, 0, 0, 5, tzinfo=UTC), None)),
         [datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC)]),
        (table(F.at, Band(None, datetime(2024, 1, 1, tzinfo=UTC), includes_high=True),
               Band(datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC), None)), []),
        (table(F.at, Band(datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
                          includes_high=True)), []),
        (table(F.at, OneOf([datetime(2024, 1, 1, tzinfo=UTC)])),
         [datetime(2023, 12, 31, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)]),
        (table(F.at, IsNull()), [datetime(2000, 1, 1, tzinfo=UTC)]),
    ],
)  # fmt: skip
def test_a_gap_has_a_witness_that_the_field_may_hold(made: DecisionTable, gaps: list[Any]) -> None:
    """Each stretch that no row covers is told with a value that lies there."""
    assert places(made) == gaps


def test_two_numbers_next_to_each_other_leave_nothing_between() -> None:
    """A field holds 38 digits, 18 of them behind the point; beyond them there is no gap."""
    tiny = Decimal("1E-18")
    made = table(F.net, Band(None, 0, includes_high=True), Band(tiny, None))
    assert places(made) == []
    huge = Decimal("9" * 38)
    assert places(table(F.net, Band(huge.copy_negate(), huge, includes_high=True))) == []
    work = table(F.net * F.cost, Band(None, 0, includes_high=True), Band(tiny, None))
    assert places(work) == [Decimal("1E-19"), None]


@pytest.mark.parametrize(
    ("of", "gaps"),
    [
        (days_between(F.day, date(2024, 1, 1)), []),
        (F.net.rounded(0, Rounding.HALF_UP), []),
        (F.net.rounded(1, Rounding.HALF_UP), [Decimal("9.1")]),
        (F.net.rounded(0, Rounding.HALF_UP) * 1, []),
        (F.orders.rounded(2, Rounding.HALF_UP), []),
        (F.net + 0, [Decimal("9.1")]),
        (days_between(F.day, date(2024, 1, 1)) + 0, []),
        (days_between(F.day, date(2024, 1, 1)) - F.orders, []),
        (days_between(F.day, date(2024, 1, 1)) + Decimal("0.5"), [Decimal("9.1")]),
        (F.orders * 2 + 1, []),
        (F.orders * Decimal("0.50"), [Decimal("9.1")]),
        (F.orders + F.net, [Decimal("9.1")]),
        (coalesce(F.orders, 0), []),
        (coalesce(F.orders, F.net), [Decimal("9.1")]),
        (when((F.hot, F.orders), otherwise=0), []),
        (when((F.hot, F.orders), otherwise=F.net), [Decimal("9.1")]),
    ],
)
def test_whole_numbers_have_nothing_between(of: Term, gaps: list[Decimal]) -> None:
    """Counts, days and rounded numbers go in steps, so bands up to 9 and from 10 leave no gap."""
    assert places(table(of, Band(None, 9, includes_high=True), Band(10, None))) == gaps


def test_a_value_between_the_steps_never_occurs() -> None:
    """A row that asks for half a day is never reached."""
    half = Decimal("9.5")
    made = table(days_between(F.day, date(2024, 1, 1)), Band(None, half), half, Band(half, None))
    assert [one.rows for one in table_faults(made, FIELDS)] == [(2,)]


@pytest.mark.parametrize(
    ("of", "cells", "gaps"),
    [
        (coalesce(F.cost, 0), [Band(None, 5), Band(5, None)], []),
        (coalesce(F.cost, F.cost), [Band(None, 5), Band(5, None)], [None]),
        (F.cost.is_null(), [True, False], []),
        (F.cost > 5, [True, False], [None]),
        (F.net > 5, [True, False], []),
        (when((F.net > 1, "often"), otherwise="seldom"), ["often", "seldom"], []),
        (when((F.net > 1, "often")), ["often"], [None]),
        (when((F.net > 1, "often"), otherwise=F.region), ["often"], ["another"]),
        (coalesce(F.grade, "d"), ["a", "b", "c"], ["d"]),
        (when((F.net > 1, F.cost), otherwise=1), [IsNull(is_negated=True)], [None]),
    ],
)
def test_what_an_expression_can_yield_is_known_where_it_is_written_out(
    of: Any,  # noqa: ANN401 - a term or a text
    cells: list[Cell],
    gaps: list[Any],
) -> None:
    """Literal results are all there are, and null is met only where it may come about."""
    assert places(table(of, *cells)) == gaps


def test_a_default_leaves_no_gap() -> None:
    """Where no row matches the default applies."""
    assert check_table(table(F.net, Band(5, None), default=[0]), FIELDS) == ()


@pytest.mark.parametrize(("collect", "gaps"), [
    (Collect.LIST, 0), (Collect.COUNT, 0), (Collect.SUM, 1), (Collect.MAX, 1),
])  # fmt: skip
def test_an_empty_list_and_a_count_of_zero_are_no_gap(collect: Collect, gaps: int) -> None:
    """What gathers nothing decides something where a list or a count is asked for."""
    made = table(F.net, Band(5, None), policy=HitPolicy.COLLECT, collect=collect)
    assert len(check_table(made, FIELDS)) == gaps


def test_gaps_of_several_inputs_are_found_together() -> None:
    """A gap that shows only where two inputs meet is told with a value of each."""
    made = table([F.net, F.grade], [Band(None, 5), None], [Band(5, None), OneOf(["a", "b"])])
    assert messages(made) == [
        "decision-gap: no row of 't' matches x 5, y 'c', and it has no default"
    ]
    assert [one.severity for one in check_table(made, FIELDS)] == [Severity.WARNING]


def test_many_gaps_are_counted() -> None:
    """Twenty are shown, and the rest is one finding with their number."""
    made = table(F.net, *(Band(place, place + 1, includes_low=False) for place in range(40)))
    found = [one for one in check_table(made, FIELDS) if one.code == "decision-gap"]
    assert len(found) == 21
    assert (found[-1].count, found[-1].message) == (
        21,
        "no row of 't' matches at 21 further places",
    )


def test_gaps_of_several_inputs_are_counted_too() -> None:
    """Places where only the inputs together find no row are shown up to twenty, then counted."""
    made = table(
        [F.net, F.share],
        *([OneOf([place]), OneOf([Decimal(place).scaleb(-1)])] for place in range(6)),
        [OneOf(range(6), is_negated=True), None],
        [None, OneOf([Decimal(place).scaleb(-1) for place in range(6)], is_negated=True)],
        policy=HitPolicy.FIRST,
    )
    found = check_table(made, FIELDS)
    assert [one.count for one in found] == [1] * 20 + [10]


# ── Overlaps ─────────────────────────────────────────────────────────────────────────────────


def test_overlapping_bands_are_an_error_with_a_witness() -> None:
    """Under UNIQUE two rows that match together are told, with a place where they do."""
    made = table(F.net, Band(None, 6), Band(5, None))
    (found,) = table_faults(made, FIELDS)
    assert found == TableFault(
        code="decision-overlap",
        severity=Severity.ERROR,
        message="rows 1 and 2 of 't' both match x 5",
        rows=(1, 2),
        witness=(("x", Decimal(5)),),
    )


def test_counts_that_no_whole_number_joins_do_not_overlap() -> None:
    """Between two and three orders there is none, so a band between them meets nothing."""
    between = Band(2, 3, includes_low=False)
    made = table(
        F.orders, between, Band(None, 3, includes_high=True), Band(3, None, includes_low=False)
    )
    assert [one.code for one in table_faults(made, FIELDS)] == ["decision-row-unreached"]
    whole = table(F.orders, Band(2, 4, includes_low=False), Band(None, 3, includes_high=True))
    assert places(whole, "decision-overlap") == [3]


def test_rows_that_agree_may_overlap_under_any() -> None:
    """Under ANY only rows that say different things are a fault."""
    made = table(F.net, None, None, policy=HitPolicy.ANY)
    assert messages(made) == ["decision-overlap: rows 1 and 2 of 't' match and disagree at x 0"]
    same = DecisionTable(
        name="t",
        version="1",
        inputs=made.inputs,
        outputs=made.outputs,
        rows=[made.rows[0]] * 2,
        hit_policy=HitPolicy.ANY,
    )
    assert check_table(same, FIELDS) == ()


def test_many_overlaps_are_counted() -> None:
    """Twenty pairs are shown, and the rest is one finding with their number."""
    found = check_table(table(F.net, *[None] * 8), FIELDS)
    assert len(found) == 21
    assert (found[-1].count, found[-1].message) == (8, "8 further pairs of rows of 't' overlap")


# ── Rows never reached ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            table(F.net, Band(5, 1), None),
            "row 1 of 't' is never reached: its band for x leaves nothing between its ends",
        ),
        (
            table(F.net, Band(5, 5), None),
            "row 1 of 't' is never reached: its band for x leaves nothing between its ends",
        ),
        (
            table(F.share, Band(2, None), None),
            "row 1 of 't' is never reached: no value that can occur fits what it asks of x",
        ),
        (
            table(F.net, IsNull(), None),
            "row 1 of 't' is never reached: no value that can occur fits what it asks of x",
        ),
        (
            table([F.net, F.net], [Band(5, None), Band(None, 5)], [None, None]),
            "no value that can occur fits what it asks of x and y",
        ),
        (
            table(F.net, Band(None, 5), Band(5, None), Band(3, 7), policy=HitPolicy.FIRST),
            "row 3 of 't' is never reached: wherever it matches others do first: row 1 at x 3",
        ),
    ],
)
def test_a_row_that_decides_nothing_is_told(made: DecisionTable, said: str) -> None:
    """Rows that match nowhere, or where others come first, are warned of."""
    (found,) = [one for one in check_table(made, FIELDS) if one.code == "decision-row-unreached"]
    assert said in found.message
    assert found.severity is Severity.WARNING


def test_a_row_of_low_priority_may_never_be_reached() -> None:
    """Under PRIORITY a row is covered by those of higher priority, wherever they stand."""
    made = DecisionTable(
        name="t",
        version="1",
        inputs=[Input("x", F.net)],
        outputs=[Output("n", None, [2, 1])],
        rows=[Row([Band(0, 5)], [1]), Row([None], [2])],
        hit_policy=HitPolicy.PRIORITY,
    )
    (found,) = table_faults(made, FIELDS)
    assert (found.rows, found.witness) == ((1,), (("x", Decimal(0)),))
    assert "row 2 at x 0" in found.message


# ── Inputs that read the same ────────────────────────────────────────────────────────────────


def test_two_inputs_of_one_expression_are_one() -> None:
    """A band cut into two inputs over the same field leaves no false gap."""
    made = table(
        [F.net, F.net],
        [Band(None, 5), None],
        [Band(5, None), Band(None, 10)],
        [None, Band(10, None)],
    )
    assert check_table(made, FIELDS) == ()


def test_inputs_that_share_a_field_are_told_with_doubt() -> None:
    """Where two expressions read one field, a gap or overlap may not exist, and it says so."""
    made = table([F.net, F.net + F.cost], [Band(None, 5), Band(None, 5)])
    found = [one for one in check_table(made, FIELDS) if one.code == "decision-gap"]
    assert all(
        one.message.endswith("; several inputs read net, so this may never occur") for one in found
    )
    both = table([F.net > 5, F.net > 9], [True, None], [None, True], [False, False])
    overlap = check_table(both, FIELDS)[0]
    assert (overlap.code, overlap.severity) == ("decision-overlap", Severity.WARNING)
    assert "may never occur" in overlap.message


@pytest.mark.parametrize(
    ("of", "cells"),
    [
        (F.net * 0, [Band(0, None)]),
        (F.cost.is_null(), [True]),
        (~F.cost.is_null() & (F.cost > 1), [True, False]),
        (when((F.net > 1, "often"), otherwise="seldom"), ["often"]),
        (coalesce(F.grade, "d"), ["a", "b", "c"]),
        (coalesce(F.cost, F.net), [Band(0, None)]),
    ],
)
def test_what_more_than_a_field_never_has_is_told_with_doubt(of: Term, cells: list[Cell]) -> None:
    """Nobody works out whether an expression has a value, so a gap says that it may not."""
    found = [one for one in check_table(table(of, *cells), FIELDS) if one.code == "decision-gap"]
    assert found
    assert all(
        one.message.endswith("; x is more than a field, so this may never occur") for one in found
    )


def test_an_overlap_in_doubt_is_a_warning() -> None:
    """It may be that no row of facts ever shows it."""
    made = table([F.net * 0, F.cost * 0], [None, None], [Band(1, None), None])
    (found,) = [one for one in check_table(made, FIELDS) if one.code == "decision-overlap"]
    assert found.severity is Severity.WARNING
    assert found.message.endswith("; x, y are more than fields, so this may never occur")


@pytest.mark.parametrize("of", [F.cost, coalesce(F.cost, 0), coalesce(F.score, -5)])
def test_a_field_with_another_value_for_null_has_all_that_is_told(of: Term) -> None:
    """Of fields, and of those with a fallback, every witness may occur, so none is in doubt."""
    found = check_table(table(of, Band(1, 6), Band(5, 9)), FIELDS)
    assert {one.code for one in found} == {"decision-overlap", "decision-gap"}
    assert not any("may never occur" in one.message for one in found)
    assert found[0].severity is Severity.ERROR


# ── Size ─────────────────────────────────────────────────────────────────────────────────────


def test_a_table_too_wide_to_search_says_so() -> None:
    """Beyond the limit overlaps are still found, and that gaps were not looked for is told."""
    columns = [F[f"n{place}"] for place in range(20)]
    fields = FieldTable(
        name="wide", fields=tuple(field(f"n{place}", Kind.DECIMAL) for place in range(20))
    )
    rows = [
        Row([Band(0, 1) if place == row else None for place in range(20)], [row])
        for row in range(20)
    ]
    made = DecisionTable(
        name="wide",
        version="1",
        inputs=[Input(f"n{place}", of) for place, of in enumerate(columns)],
        outputs=[Output("n")],
        rows=rows,
        hit_policy=HitPolicy.FIRST,
    )
    start = time.perf_counter()
    (found,) = check_table(made, fields)
    assert time.perf_counter() - start < 10
    assert (found.code, found.severity) == ("decision-table-too-wide", Severity.WARNING)
    assert "not searched for gaps and rows that others cover" in found.message


def test_a_table_with_too_many_stretches_says_so() -> None:
    """Rows times stretches are limited too, so that no table takes minutes."""
    cells = [OneOf(range(row * 10, row * 10 + 10)) for row in range(100)]
    assert {one.code for one in check_table(table(F.net, *cells), FIELDS)} == {"decision-gap"}
    many = [OneOf(range(place * 1_000, place * 1_000 + 1_000)) for place in range(10)]
    bands = [Band(place, place + 1) for place in range(0, 9_000, 10)]
    (found,) = check_table(table(F.net, *many, *bands), FIELDS)
    assert found.code == "decision-table-too-wide"
    assert "not searched for overlaps, gaps and rows never reached" in found.message


def test_the_widest_table_is_answered_in_seconds() -> None:
    """A thousand rows of 64 cells that cut every input are too wide, which is known early."""
    columns = [F[f"n{place}"] for place in range(64)]
    fields = FieldTable(
        name="wide", fields=tuple(field(f"n{place}", Kind.DECIMAL) for place in range(64))
    )
    made = DecisionTable(
        name="wide",
        version="1",
        inputs=[Input(f"n{place}", of) for place, of in enumerate(columns)],
        outputs=[Output("n")],
        rows=[Row([OneOf([row], is_negated=True)] * 64, [row]) for row in range(1_000)],
        hit_policy=HitPolicy.FIRST,
    )
    start = time.perf_counter()
    (found,) = check_table(made, fields)
    assert time.perf_counter() - start < 10
    assert found.code == "decision-table-too-wide"
