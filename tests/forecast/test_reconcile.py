from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import (
    Hierarchy,
    Reconciled,
    Reconciliation,
    RunRate,
    Series,
    SeriesForecast,
    reconcile,
    reconcile_series,
    series_forecast,
)
from salescore.render import Language

TWO = Hierarchy.of({"all": ["a", "b"]})
DEEP = Hierarchy.of({"all": ["north", "south"], "north": ["n1", "n2", "n3"], "south": ["s1"]})
AMOUNTS = st.decimals(-1000, 1000, places=2)
STATED = st.fixed_dictionaries(dict.fromkeys(DEEP.keys, AMOUNTS))


def amounts(**values: str) -> dict[str, Decimal]:
    """Return values by name as decimals."""
    return {name: Decimal(one) for name, one in values.items()}


def found_of(result: Reconciled) -> dict[str, Decimal]:
    """Return what each name came to."""
    return {one.key: one.reconciled for one in result.rows}


def adds_up(hierarchy: Hierarchy, found: dict[str, Decimal]) -> bool:
    """Return whether every whole is exactly the sum of its parts."""
    return all(
        Fraction(found[whole]) == sum(Fraction(found[part]) for part in parts)
        for whole, parts in hierarchy.rows
    )


def test_a_hierarchy_is_a_tree() -> None:
    """Names come with each whole before its parts; levels and leaves are counted."""
    assert DEEP.keys == ("all", "north", "n1", "n2", "n3", "south", "s1")
    assert DEEP.leaves == ("n1", "n2", "n3", "s1")
    assert (DEEP.root, DEEP.leaf_counts["north"], DEEP.levels["s1"]) == ("all", 3, 2)


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        ({}, "at least one part"),
        ({"all": "ab"}, "several names, not a str"),
        ({"all": []}, "at least one part"),
        ({"all": ["a", "a"]}, "named twice"),
        ({"all": ["a"], "more": ["a"]}, "named twice"),
        ({"one": ["a"], "two": ["b"]}, "exactly one"),
        ({"a": ["b"], "b": ["a"]}, "exactly one"),
        ({"all": ["x"], "a": ["b"], "b": ["a"]}, "itself above"),
    ],
)
def test_what_is_no_tree_is_refused(tree: dict[str, list[str]], fault: str) -> None:
    """Nothing at all, two tops, a part of two wholes, a circle."""
    with pytest.raises(InvalidValue, match=fault):
        Hierarchy.of(tree)


def test_a_whole_named_twice_is_refused() -> None:
    """Rows may say the same whole twice, which a mapping cannot."""
    with pytest.raises(InvalidValue, match="named twice"):
        Hierarchy(rows=[("all", ["a"]), ("all", ["b"])])


def test_ordinary_least_squares_of_two_parts() -> None:
    """
    10 = 5 + 4 comes to 9⅔ = 5⅓ + 4⅓.

    Source:
        Computed from the formula of Hyndman and others (2011).
    """
    result = reconcile(TWO, amounts(all="10", a="5", b="4"), by=Reconciliation.OLS)
    found = found_of(result)
    assert [round(found[key], 4) for key in ("all", "a", "b")] == [
        Decimal("9.6667"),
        Decimal("5.3333"),
        Decimal("4.3333"),
    ]
    assert adds_up(TWO, found)
    assert [row.moved for row in result.rows] == [
        row.reconciled - (row.forecast or 0) for row in result.rows
    ]


def test_structural_weights_of_two_parts() -> None:
    """
    10 = 5 + 4 comes to 9.5 = 5.25 + 4.25; the whole may move twice as far.

    Source:
        Computed from the formula of Athanasopoulos and others (2017).
    """
    result = reconcile(TWO, amounts(all="10", a="5", b="4"))
    assert found_of(result) == amounts(all="9.5", a="5.25", b="4.25")
    assert [row.moved for row in result.rows] == [
        Decimal("-0.5"),
        Decimal("0.25"),
        Decimal("0.25"),
    ]
    assert (result.row("a").level, result.row("a").forecast) == (1, Decimal(5))


def test_bottom_up_sums_the_leaves() -> None:
    """Only leaves are needed; what is said of a whole is moved by the rest."""
    result = reconcile(TWO, amounts(a="5", b="4"), by=Reconciliation.BOTTOM_UP)
    assert found_of(result) == amounts(all="9", a="5", b="4")
    assert (result.row("all").forecast, result.row("all").moved) == (None, None)


def test_top_down_shares_out_the_whole() -> None:
    """By stated shares, or in proportion to the leaves' own forecasts."""
    by = Reconciliation.TOP_DOWN
    shared = reconcile(TWO, amounts(all="10"), by=by, shares=amounts(a="1", b="3"))
    assert found_of(shared) == amounts(all="10", a="2.5", b="7.5")
    own = reconcile(TWO, amounts(all="18", a="5", b="4"), by=by)
    assert found_of(own) == amounts(all="18", a="10", b="8")
    third = reconcile(TWO, amounts(all="10"), by=by, shares=amounts(a="1", b="2"))
    assert adds_up(TWO, found_of(third))


def test_no_leaf_falls_below_zero_where_nothing_may() -> None:
    """A leaf that would is set to 0, named, and the others are solved again."""
    stated = amounts(all="4", a="10", b="1")
    free = reconcile(TWO, stated, by=Reconciliation.OLS)
    assert found_of(free)["b"] < 0
    kept = reconcile(TWO, stated, by=Reconciliation.OLS, is_nonnegative=True)
    assert kept.set_to_zero == ("b",)
    assert found_of(kept) == amounts(all="7", a="7", b="0")
    up = reconcile(TWO, amounts(a="-1", b="4"), by=Reconciliation.BOTTOM_UP, is_nonnegative=True)
    assert (found_of(up)["all"], up.set_to_zero) == (Decimal(4), ("a",))
    none = reconcile(TWO, amounts(all="-3", a="-1", b="-1"), is_nonnegative=True)
    assert set(found_of(none).values()) == {Decimal(0)}


def test_what_is_missing_or_unknown_is_refused() -> None:
    """A forecast that is needed, a name that is none, shares of nothing, a whole below 0."""
    down = Reconciliation.TOP_DOWN
    for by in (Reconciliation.OLS, Reconciliation.BOTTOM_UP, down):
        with pytest.raises(InvalidValue, match="needs a forecast"):
            reconcile(TWO, amounts(all="1", b="2"), by=by)
    with pytest.raises(InvalidValue, match="needs a forecast"):
        reconcile(TWO, amounts(a="1", b="2"), by=down)
    with pytest.raises(UnknownName):
        reconcile(TWO, amounts(c="1"))
    with pytest.raises(InvalidValue, match="shares"):
        reconcile(TWO, amounts(all="1"), by=down, shares=amounts(a="0"))
    with pytest.raises(InvalidValue, match="shares"):
        reconcile(TWO, amounts(all="1"), by=down, shares=amounts(a="-1", b="3"))
    with pytest.raises(UnknownName):
        reconcile(TWO, amounts(all="1"), by=down, shares=amounts(c="1"))
    with pytest.raises(InvalidValue, match="below 0"):
        reconcile(TWO, amounts(all="-1"), by=down, shares=amounts(a="1"), is_nonnegative=True)
    with pytest.raises(InvalidValue, match="no such name"):
        reconcile(TWO, amounts(all="1", a="1", b="0")).row("c")


@settings(deadline=None)
@given(STATED, st.sampled_from(list(Reconciliation)))
def test_reconciled_forecasts_add_up_exactly(
    stated: dict[str, Decimal], by: Reconciliation
) -> None:
    """Every whole is the exact sum of its parts, and everything moved is reported exactly."""
    if by is Reconciliation.TOP_DOWN and all(stated[one] <= 0 for one in DEEP.leaves):
        return
    result = reconcile(DEEP, stated, by=by)
    found = found_of(result)
    assert adds_up(DEEP, found)
    for row in result.rows:
        assert row.moved is not None
        assert Fraction(row.moved) == Fraction(row.reconciled) - Fraction(stated[row.key])


@settings(deadline=None)
@given(STATED)
def test_nothing_below_zero_is_left(stated: dict[str, Decimal]) -> None:
    """Where nothing may fall below 0, nothing does, and all still adds up."""
    for by in (Reconciliation.OLS, Reconciliation.WLS_STRUCTURAL, Reconciliation.BOTTOM_UP):
        found = found_of(reconcile(DEEP, stated, by=by, is_nonnegative=True))
        assert min(found.values()) >= 0
        assert adds_up(DEEP, found)


@settings(deadline=None)
@given(STATED)
def test_what_adds_up_is_not_moved(stated: dict[str, Decimal]) -> None:
    """Reconciling twice moves nothing the second time, but for the last of 28 digits."""
    for by in Reconciliation:
        if by is Reconciliation.TOP_DOWN:
            continue
        once = found_of(reconcile(DEEP, stated, by=by))
        again = reconcile(DEEP, once, by=by)
        assert all(abs(row.moved or 0) < Decimal("1E-20") for row in again.rows)


@settings(deadline=None)
@given(STATED, STATED)
def test_least_squares_are_least(stated: dict[str, Decimal], other: dict[str, Decimal]) -> None:
    """No other leaves that add up move the forecasts by less, in weighted squares."""
    weights = {
        Reconciliation.OLS: dict.fromkeys(DEEP.keys, 1),
        Reconciliation.WLS_STRUCTURAL: dict(DEEP.leaf_counts),
    }
    sums = found_of(reconcile(DEEP, other, by=Reconciliation.BOTTOM_UP))
    for by, each in weights.items():
        found = found_of(reconcile(DEEP, stated, by=by))

        def cost(values: dict[str, Decimal], each: dict[str, int] = each) -> Decimal:
            return sum(((values[key] - stated[key]) ** 2 / each[key] for key in each), Decimal(0))

        assert cost(found) <= cost(sums) + Decimal("1E-12")


@settings(deadline=None)
@given(STATED)
def test_no_leaf_moved_alone_comes_closer(stated: dict[str, Decimal]) -> None:
    """A hundredth more or less of any leaf, and of all above it, moves the forecasts by more."""
    above = {"n1": "north", "n2": "north", "n3": "north", "s1": "south"}
    for by in (Reconciliation.OLS, Reconciliation.WLS_STRUCTURAL):
        weights = DEEP.leaf_counts if by is Reconciliation.WLS_STRUCTURAL else {}
        found = found_of(reconcile(DEEP, stated, by=by))
        for leaf, whole in above.items():
            path = (leaf, whole, "all")
            pull = sum((found[key] - stated[key]) / weights.get(key, 1) for key in path)
            assert abs(pull) < Decimal("1E-18")


def test_a_leaf_below_zero_has_no_share() -> None:
    """What is expected to be returned takes nothing of a whole that is shared out."""
    stated = amounts(all="12", a="-5", b="4")
    found = found_of(reconcile(TWO, stated, by=Reconciliation.TOP_DOWN))
    assert found == amounts(all="12", a="0", b="12")


def test_series_of_a_hierarchy_add_up_in_every_period() -> None:
    """Points add up, what each moved by is a part of it, and widths stay."""
    rows = {"a": [3, 5, 4, 6, 5, 7], "b": [10, 8, 9, 7, 8, 6]}
    rows["all"] = [sum(pair) for pair in zip(rows["a"], rows["b"], strict=True)]
    forecasts = {
        name: series_forecast(Series.of(map(Decimal, row), name=name), horizon=3)
        for name, row in rows.items()
    }
    result = reconcile_series(TWO, forecasts)
    whole, a, b = result.forecasts
    for place in range(3):
        assert whole.points[place] == a.points[place] + b.points[place]
        for one in (whole, a, b):
            period = one.periods[place]
            assert sum(part.amount for part in period.parts) == period.point
            assert period.parts[0].amount == forecasts[one.series.name].points[place]
            assert period.errors == forecasts[one.series.name].periods[place].errors
    assert result.forecast("b") is b
    assert len(result.steps) == 3
    up = reconcile_series(TWO, forecasts, by=Reconciliation.BOTTOM_UP)
    assert up.forecast("a").points == forecasts["a"].points


def test_series_that_do_not_belong_together_are_refused() -> None:
    """One is missing, unknown, or of other periods."""
    one = series_forecast(Series.of([Decimal(1)]), horizon=1)
    two = series_forecast(Series.of([Decimal(1)]), horizon=2)
    with pytest.raises(InvalidValue, match="no forecast"):
        reconcile_series(TWO, {"all": one, "a": one})
    with pytest.raises(InvalidValue, match="same periods"):
        reconcile_series(TWO, {"all": one, "a": one, "b": two})
    with pytest.raises(UnknownName):
        reconcile_series(TWO, {"c": one})
    with pytest.raises(UnknownName):
        reconcile_series(TWO, dict.fromkeys(TWO.keys, one)).forecast("c")


def flat(
    *, is_nonnegative: bool = False, unit: str | None = None, **values: str
) -> dict[str, SeriesForecast]:
    """Return forecasts of constant series, one period ahead."""
    return {
        name: series_forecast(
            Series.of([Decimal(one)] * 8, unit=unit),
            horizon=1,
            method=RunRate(),
            is_nonnegative=is_nonnegative,
        )
        for name, one in values.items()
    }


THREE = Hierarchy.of({"all": ["a", "b", "c"]})


def test_series_that_cannot_fall_below_zero_still_add_up() -> None:
    """
    What the forecasts say of themselves is kept without being said again, and parts sum to all.

    Free, b and c would fall to -1.5; set to 0 they leave a alone with the whole, at 7.75.
    """
    forecasts = flat(is_nonnegative=True, all="1", a="10", b="0", c="0")
    result = reconcile_series(THREE, forecasts)
    found = {key: result.forecast(key).points[0] for key in THREE.keys}
    assert found == amounts(all="7.75", a="7.75", b="0", c="0")
    assert result.steps[0].set_to_zero == ("b", "c")
    assert {row.key: row.moved for row in result.steps[0].rows} == amounts(
        all="6.75", a="-2.25", b="0", c="0"
    )
    (whole,) = result.forecast("all").periods
    assert [(one.name, one.amount) for one in whole.parts] == [
        ("base", Decimal(1)),
        ("reconciled", Decimal("6.75")),
    ]
    assert result == reconcile_series(THREE, forecasts, is_nonnegative=True)


def test_a_leaf_set_to_zero_says_so() -> None:
    """The note names the periods, in both languages; who was not set to 0 has none."""
    result = reconcile_series(THREE, flat(all="1", a="10", b="1", c="3"), is_nonnegative=True)
    assert result.steps[0].set_to_zero == ("b",)
    said = "set to 0 in +1, as it would have fallen below when reconciled"
    assert said in result.forecast("b").text()
    assert "+1 调整时会低于 0，已置为 0" in result.forecast("b").text(Language.ZH)
    assert said not in result.forecast("a").text()
    assert all(one.is_nonnegative for each in result.forecasts for one in each.periods)


def test_leaves_keep_what_each_says_of_itself() -> None:
    """Returns may fall below 0 beside sales that may not; a whole over both may, too."""
    sales = flat(is_nonnegative=True, a="1", b="8")
    result = reconcile_series(THREE, {**flat(all="-5", c="-4"), **sales})
    found = {key: result.forecast(key).points[0] for key in THREE.keys}
    assert found["a"] == 0
    assert found["c"] < -4
    assert found["all"] == found["a"] + found["b"] + found["c"]
    with pytest.raises(InvalidValue, match="cannot fall below 0, and c below it can"):
        reconcile_series(THREE, {**flat(is_nonnegative=True, all="5"), **flat(c="1"), **sales})


def test_series_of_two_units_are_refused() -> None:
    """Pieces and euros have no sum; a unit that nobody says is no other one."""
    forecasts = {**flat(unit="EUR", all="5", a="1"), **flat(b="1", c="1")}
    assert reconcile_series(THREE, forecasts).forecast("all").horizon == 1
    with pytest.raises(InvalidValue, match="same unit"):
        reconcile_series(THREE, {**forecasts, **flat(unit="pieces", b="1")})


def test_a_whole_that_stands_stands_to_the_last_digit() -> None:
    """10 among three alike leaves a rest of rounding, which goes to one of them."""
    down = Reconciliation.TOP_DOWN
    result = reconcile(THREE, amounts(all="10", a="1", b="1", c="1"), by=down)
    rows = {one.key: one for one in result.rows}
    assert (rows["all"].reconciled, rows["all"].moved) == (10, 0)
    assert str(rows["all"].reconciled) == "10"
    assert sum(Fraction(rows[key].reconciled) for key in "abc") == 10


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.decimals(0, 10**6, places=3), min_size=4, max_size=4),
    st.sampled_from(list(Reconciliation)),
    st.booleans(),
)
def test_reconciled_series_add_up_to_the_last_digit(
    stated: list[Decimal],
    by: Reconciliation,
    is_nonnegative: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whole and parts, point and its parts, under five digits of the caller's own as under 28."""
    if not any(stated[1:]):
        return
    values = {key: str(one) for key, one in zip(THREE.keys, stated, strict=True)}
    forecasts = flat(is_nonnegative=is_nonnegative, **values)
    with localcontext(prec=5):
        result = reconcile_series(THREE, forecasts, by=by)
    assert result == reconcile_series(THREE, forecasts, by=by)
    points = {key: Fraction(result.forecast(key).points[0]) for key in THREE.keys}
    assert points["all"] == points["a"] + points["b"] + points["c"]
    for one in result.forecasts:
        (period,) = one.periods
        assert sum(Fraction(part.amount) for part in period.parts) == Fraction(period.point)
        assert not is_nonnegative or period.point >= 0


def test_a_way_that_is_none_is_refused() -> None:
    """The name of a way as a text is none."""
    with pytest.raises(InvalidValue, match="BOTTOM_UP"):
        reconcile(TWO, amounts(all="1", a="1", b="0"), by="ols")  # type: ignore[arg-type]
