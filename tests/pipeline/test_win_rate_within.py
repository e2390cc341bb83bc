"""The fourth win rate: won within so many days, open ones counted as far as they were seen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.pipeline.passing import facts_of, on, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion, figure
from salescore.pipeline import win_rate_within
from salescore.values import Calendar

D = Decimal


def test_the_four_variants_on_one_book() -> None:
    """12 won, 26 lost, 9 no decision: 31.58 % narrow, 25.53 % broad; all of it within 30 days."""
    ends = ["won"] * 12 + ["lost"] * 26 + ["void"] * 9
    sales = [sale(f"s{k}", ("talk", 0), (end, 10 if k % 2 else 30)) for k, end in enumerate(ends)]
    facts = facts_of(sales)
    narrow, broad = figure("win_rate", facts).value, figure("win_rate_broad", facts).value
    assert narrow is not None
    assert broad is not None
    assert (round(narrow, 4), round(broad, 4)) == (D("0.3158"), D("0.2553"))
    within = win_rate_within(facts, 30)
    assert within.value is not None
    assert abs(within.value - broad) < D("1e-26")
    assert (within.n, within.won, within.lost, within.void, within.censored) == (47, 12, 26, 9, 0)
    assert win_rate_within(facts, 10).won == 6
    assert win_rate_within(facts, 9).value == 0


def test_the_published_fixture_of_competing_risks() -> None:
    """Ends at days 1 to 6 by [open, won, won, lost, lost, open]: 0.4 is won within 6 days."""
    ends = [None, "won", "won", "lost", "lost", None]
    sales = [
        sale(f"s{k}", ("talk", 10 - k), *((end, 10),) if end else ())
        for k, end in enumerate(ends, start=1)
        if end is not None
    ]
    sales += [sale("s1", ("talk", 9)), sale("s6", ("talk", 4))]
    found = win_rate_within(facts_of(sales, as_of=10), 6)
    assert found.value == D("0.4")
    assert (found.n, found.won, found.lost, found.censored) == (6, 2, 2, 1)
    assert found.interval is not None
    assert found.interval.low < D("0.4") < found.interval.high


def test_what_is_open_is_neither_won_nor_lost() -> None:
    """Leaving young open ones out, or calling them lost, would give 1 or 0.5; it is between."""
    sales = [
        sale("a", ("talk", 0), ("won", 10)),
        sale("b", ("talk", 0), ("won", 30)),
        sale("c", ("talk", 25)),
        sale("d", ("talk", 20), ("hold", 25)),
    ]
    found = win_rate_within(facts_of(sales, as_of=30), 20)
    # On day 10 three are seen: one is won, one is seen no longer, and one had left at day 5.
    assert (found.won, found.censored) == (1, 2)
    assert found.value == D("0.3333333333333333333333333333")


def test_cohorts_by_beginning() -> None:
    """A period is that of the beginning; without a day of beginning nobody is in it."""
    sales = [
        sale("a", ("talk", 0), ("won", 40)),
        sale("b", ("talk", 35), ("lost", 41)),
        sale("c", ("talk", 0), created_on=None),
    ]
    facts = facts_of(sales)
    found = win_rate_within(facts, 40, during=Calendar().parse("2024-01"))
    assert (found.value, found.n, found.during) == (1, 1, Calendar().parse("2024-01"))
    assert Exclusion("opportunities", "creation unknown", 1) in found.excluded
    assert (found.as_of, found.unit, found.days) == (on(1000), "fraction", 40)


def test_from_first_contact() -> None:
    """Days may count from the first contact."""
    one = sale("a", ("talk", 0), ("won", 40), first_contact_on=on(30))
    assert win_rate_within(facts_of([one]), 10, since="first_contact").value == 1
    assert win_rate_within(facts_of([one]), 10).value == 0


def test_undefined_has_its_reason() -> None:
    """Nobody there, or nobody seen for so long: no rate, and the reason."""
    nobody = win_rate_within(facts_of([]), 10)
    assert (nobody.value, nobody.n) == (None, 0)
    assert nobody.reason
    young = [sale("a", ("talk", 0)), sale("b", ("talk", 0), ("won", 5))]
    long = win_rate_within(facts_of(young, as_of=9), 30)
    assert (long.value, long.interval) == (None, None)
    assert long.reason == "past any precedent: none was seen for as long as 30 days"
    assert win_rate_within(Facts.of(SalesBook()), 3).value is None


def test_bad_days_are_refused() -> None:
    """A negative number, none, or a date is no number of days."""
    for days in (-1, None, date(2024, 1, 1), True):
        with pytest.raises(InvalidValue, match="whole number of days"):
            win_rate_within(facts_of([]), days)  # type: ignore[arg-type]


def test_order_changes_nothing() -> None:
    """The rate is the same whatever the order of the rows, ties among them."""
    sales = [
        sale(f"s{k}", ("talk", 0), (end, day))
        for k, (end, day) in enumerate([("won", 5), ("lost", 5), ("won", 5), ("hold", 5)])
    ]
    facts = facts_of(sales, as_of=5)
    turned = facts_of(list(reversed(sales)), as_of=5)
    assert win_rate_within(facts, 5) == win_rate_within(turned, 5)
    assert attrs.asdict(win_rate_within(facts, 5))["won"] == 2
