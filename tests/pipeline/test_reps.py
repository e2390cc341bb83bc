"""Reps beside one another: small numbers do not shout."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.passing import Sale, facts_of, rep, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.pipeline import LEAST_CLOSED, RepVerdict, compare_reps
from salescore.render import Language
from salescore.stats import holm, two_rates, wilson_interval
from salescore.values import Calendar

D = Decimal


def team(**reps: tuple[int, int]) -> list[Sale]:
    """Return closed sales of reps by name, each with how many of how many were won."""
    return [
        sale(
            f"{name}{k}",
            ("talk", 0),
            ("won" if k < won else "lost", 5),
            rep=None if name == "nobody" else name,
        )
        for name, (won, n) in reps.items()
        for k in range(n)
    ]


def test_small_numbers_do_not_shout() -> None:
    """Three of three is no star: too few to tell; 90 of 100 against 50 of 100 is one."""
    sales = team(ann=(90, 100), bob=(50, 100), cat=(3, 3), dan=(71, 100))
    found = compare_reps(facts_of(sales, sales_reps=[rep("ann"), rep("bob")]))
    verdicts = {one.label: one.verdict for one in found.rows}
    assert verdicts == {
        "Ann": RepVerdict.ABOVE,
        "Bob": RepVerdict.BELOW,
        "cat": RepVerdict.TOO_FEW,
        "dan": RepVerdict.NO_DIFFERENCE,
    }
    assert [one.key for one in found.outstanding] == ["ann", "bob"]
    assert (found.total.value, found.total.n) == (D(214) / 303, 303)
    assert found.least_closed == LEAST_CLOSED


def test_numbers_are_those_of_the_tests() -> None:
    """Each row is Wilson's interval, Newcombe's difference to all others, and Holm's p-value."""
    found = compare_reps(facts_of(team(ann=(30, 40), bob=(20, 45), cat=(9, 10))), level=D("0.9"))
    ann, bob, cat = found.rows
    assert (ann.won, ann.closed, ann.win_rate) == (30, 40, D("0.75"))
    assert ann.interval == wilson_interval(30, 40, D("0.9"))
    assert ann.others_rate == D("0.5272727272727272727272727273")
    differences = [two_rates(30, 40, 29, 55, D("0.9")), two_rates(20, 45, 39, 50, D("0.9"))]
    assert [ann.difference, bob.difference] == differences
    adjusted = holm([one.p_value for one in differences if one is not None])
    assert (ann.adjusted_p_value, bob.adjusted_p_value) == adjusted
    assert cat.adjusted_p_value is None
    assert cat.difference is not None
    assert (cat.verdict, bob.verdict) == (RepVerdict.TOO_FEW, RepVerdict.BELOW)


def test_verdicts_are_plain_words() -> None:
    """Each verdict has words in both languages, other than every other."""
    assert RepVerdict.NO_DIFFERENCE.words() == "no difference that chance would not make"
    for language in Language:
        assert len({one.words(language) for one in RepVerdict}) == len(RepVerdict)
    assert RepVerdict.TOO_FEW.words(Language.ZH) == "样本太少，无法判断"


def test_one_alone_has_nobody_to_compare_with() -> None:
    """The only rep has a rate and an interval, and no verdict but that."""
    (row,) = compare_reps(facts_of(team(ann=(30, 40)))).rows
    assert (row.verdict, row.difference, row.others_rate) == (RepVerdict.NO_OTHERS, None, None)
    assert row.interval is not None


def test_who_has_no_rep_is_told_apart() -> None:
    """Opportunities of nobody are in no row, and in nobody's others, and counted."""
    found = compare_reps(facts_of(team(ann=(30, 40), bob=(20, 40), nobody=(5, 9))))
    assert [one.key for one in found.rows] == ["ann", "bob"]
    assert found.rows[0].others_rate == D("0.5")
    assert found.excluded == (Exclusion("opportunities", "rep unknown", 9),)
    assert found.total.n == 89


def test_another_dimension_and_a_period() -> None:
    """Teams compare as reps do, within a period, with another least number."""
    reps = [rep("ann", "t1"), rep("bob", "t2")]
    facts = facts_of(team(ann=(4, 5), bob=(1, 5)), sales_reps=reps)
    during = Calendar().parse("2024-01")
    found = compare_reps(facts, by="team", during=during, least_closed=5)
    assert [one.key for one in found.rows] == ["t1", "t2"]
    assert {one.verdict for one in found.rows} == {RepVerdict.NO_DIFFERENCE}
    assert (found.by, found.during) == ("team", during)
    later = Calendar().parse("2024-02")
    assert compare_reps(facts, during=later).rows == ()
    assert compare_reps(Facts.of(SalesBook())).total.value is None


def test_without_a_difference_almost_nobody_stands_out() -> None:
    """Twelve reps with the same rate, give or take one: no verdict but no difference."""
    reps = {f"rep{k:02}": (25 + k % 3 - 1, 50) for k in range(12)}
    found = compare_reps(facts_of(team(**reps)))
    assert {one.verdict for one in found.rows} == {RepVerdict.NO_DIFFERENCE}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=4))
def test_verdicts_follow_the_numbers(pairs: list[tuple[int, int]]) -> None:
    """Above and below only where the corrected p-value says so; rows add up to the total."""
    reps = {f"r{k}": (min(pair), max(pair)) for k, pair in enumerate(pairs)}
    found = compare_reps(facts_of(team(**reps)), least_closed=3)
    assert sum(one.closed for one in found.rows) == found.total.n
    for one in found.rows:
        told = one.verdict in (RepVerdict.ABOVE, RepVerdict.BELOW)
        assert told == (one.adjusted_p_value is not None and one.adjusted_p_value <= D("0.05"))
        assert (one.verdict is RepVerdict.TOO_FEW) == (one.closed < 3)


def test_bad_questions_are_refused() -> None:
    """A least number of none, or no whole number."""
    for least in (0, -1, True, 2.5):
        with pytest.raises(InvalidValue, match="least_closed"):
            compare_reps(Facts.of(SalesBook()), least_closed=least)  # type: ignore[arg-type]
