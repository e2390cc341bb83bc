"""Why a rate differs between two sides: rates and mix, without a rest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_books
from tests.pipeline.passing import FUNNEL, Sale, facts_of, rep, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue, UnknownName
from salescore.pipeline import (
    cohort_conversion,
    conversion_mix_shift,
    mix_between,
    mix_shift,
    passages,
)
from salescore.values import Calendar

JANUARY, FEBRUARY = Calendar().parse("2024-01"), Calendar().parse("2024-02")
STONES = {
    ("open surgery", "small"): (81, 87),
    ("open surgery", "large"): (192, 263),
    ("puncture", "small"): (234, 270),
    ("puncture", "large"): (55, 80),
}


def won_of(
    name: str,
    won: int,
    n: int,
    start: int = 0,
    **fields: Any,  # noqa: ANN401
) -> list[Sale]:
    """Return n sales of which so many were won, all closed five days after they began."""
    return [
        sale(f"{name}{k}", ("talk", start), ("won" if k < won else "lost", start + 5), **fields)
        for k in range(n)
    ]


def test_kidney_stones() -> None:
    """A against B: -.045714 is +.053671 of rates and -.099386 of mix; A is better in each group."""
    sales = [
        one
        for number, ((team, size), (won, n)) in enumerate(STONES.items())
        for one in won_of(f"s{number}-", won, n, rep=team, source=size)
    ]
    reps = [rep(team, team) for team in ("open surgery", "puncture")]
    facts = facts_of(sales, sales_reps=reps)
    found = mix_between("win_rate", facts, "puncture", "open surgery", of="team", by="source")
    told = (found.difference, found.rate_effect, found.mix_effect)
    assert [round(Decimal(float(one or 0)), 6) for one in told] == [
        Decimal("-0.045714"),
        Decimal("0.053671"),
        Decimal("-0.099386"),
    ]
    assert (found.before.value, found.after.value) == (
        Decimal("0.8257142857142857142857142857"),
        Decimal("0.78"),
    )
    for row in found.rows:
        assert row.effect.before is not None
        assert row.effect.after is not None
        assert row.effect.after > row.effect.before
    assert {row.key for row in found.rows} == {"small", "large"}


def test_two_periods() -> None:
    """The same rates, but more of the poor source: all of the fall is mix."""
    sales = [
        *won_of("a", 8, 10, source="web"),
        *won_of("b", 2, 10, source="fair"),
        *won_of("c", 8, 10, 31, source="web"),
        *won_of("d", 6, 30, 31, source="fair"),
    ]
    found = mix_shift("win_rate", facts_of(sales), by="source", before=JANUARY, after=FEBRUARY)
    assert (found.difference, found.rate_effect) == (Fraction(-15, 100), 0)
    assert found.mix_effect == found.difference
    assert (found.name, found.by, found.reason) == ("win_rate", "source", None)
    assert [(one.label, one.effect.mix_effect) for one in found.rows] == [
        ("web", Fraction(-1, 4) * (Fraction(4, 5) - Fraction(17, 40))),
        ("fair", Fraction(1, 4) * (Fraction(1, 5) - Fraction(17, 40))),
    ]


def test_conversion_by_cohort() -> None:
    """The same split of a conversion with a horizon, by the rep in whose hands it began."""
    sales = [
        *won_of("a", 9, 10, rep="ann"),
        *won_of("b", 1, 10, rep="bob"),
        *won_of("c", 8, 10, 31, rep="ann"),
        *won_of("d", 6, 30, 31),
    ]
    ways = passages(FUNNEL, facts_of(sales, sales_reps=[rep("ann")]), by="rep")
    found = conversion_mix_shift(ways, "talk", "won", before=JANUARY, after=FEBRUARY, days=30)
    assert found.difference == Fraction(14, 40) - Fraction(1, 2)
    assert (found.rate_effect or 0) + (found.mix_effect or 0) == found.difference
    assert {one.key: one.label for one in found.rows} == {"ann": "Ann", "bob": "bob", None: "–"}
    assert found.after == cohort_conversion(ways, "talk", "won", days=30, during=FEBRUARY).figure
    with pytest.raises(InvalidValue, match="without a dimension"):
        conversion_mix_shift(
            passages(FUNNEL, facts_of(sales)), "talk", "won", before=JANUARY, after=FEBRUARY
        )


def test_an_empty_side_is_undefined() -> None:
    """Where nothing closed there is no rate to differ from."""
    facts = facts_of(won_of("a", 5, 10, source="web"))
    found = mix_shift("win_rate", facts, by="source", before=JANUARY, after=FEBRUARY)
    assert (found.difference, found.rate_effect, found.mix_effect) == (None, None, None)
    assert found.reason == found.after.reason
    assert found.rows == ()
    nobody = mix_between("win_rate", facts, "t1", "t2", by="source")
    assert (nobody.difference, nobody.reason) == (None, "no rows for t1")


def test_amounts_below_zero_are_no_share() -> None:
    """A credit booked as a won opportunity makes a share beyond 1: undefined, and no crash."""
    sales = [
        *won_of("a", 1, 2, source="web", amount=-9),
        *won_of("b", 1, 1, 31, source="web", amount=9),
    ]
    found = mix_shift(
        "win_rate_by_value", facts_of(sales), by="source", before=JANUARY, after=FEBRUARY
    )
    assert (found.difference, found.reason) == (None, "in web the share lies outside 0 to 1")


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.sampled_from(["win_rate", "win_rate_by_value", "conversion_rate"]))
def test_parts_sum_exactly(book: SalesBook, name: str) -> None:
    """Rate and mix of all groups are the difference of the two figures, to the last fraction."""
    facts = Facts.of(book, currency="USD", rates=RATES)
    before, after = Calendar().parse("2023"), Calendar().parse("2024")
    found = mix_shift(name, facts, by="source", before=before, after=after)
    if found.difference is None:
        is_strange = "lies outside 0 to 1" in str(found.reason)
        assert is_strange or None in (found.before.value, found.after.value)
        assert found.reason
        return
    parts = [row.effect.rate_effect + row.effect.mix_effect for row in found.rows]
    assert sum(parts) == found.difference
    assert found.before.exact is not None
    assert found.after.exact is not None
    assert found.after.exact - found.before.exact == found.difference
    assert [abs(one) for one in parts] == sorted(map(abs, parts), reverse=True)


def test_bad_questions_are_refused() -> None:
    """An amount is no rate, nor is a margin; parts must be of another dimension than the sides."""
    facts = facts_of([])
    for name in ("revenue", "gross_margin", "average_won_amount"):
        with pytest.raises(InvalidValue, match="must be a share"):
            mix_shift(name, facts, by="source", before=JANUARY, after=FEBRUARY)
    with pytest.raises(InvalidValue, match="another dimension"):
        mix_between("win_rate", facts, "a", "b", of="team", by="team")
    with pytest.raises(UnknownName):
        mix_shift("no_rate", facts, by="source", before=JANUARY, after=FEBRUARY)
