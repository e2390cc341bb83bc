"""Attainment: actual over target, target by target."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import (
    RATES,
    book_of,
    crowded_books,
    facts_of,
    opportunity,
    sale,
    usd,
)

from salescore.book import SalesBook
from salescore.entities import SalesRepId, Target, TargetId, TargetLevel
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import (
    Aggregate,
    Attainment,
    Band,
    FigureDefinition,
    Measure,
    Part,
    attainment,
    band_of,
    figure,
    rows_behind,
)
from salescore.values import Calendar, Money, Period, exact_sum

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
SALES = [
    sale(1, "2024-02-01", "600", rep="ann"),
    sale(2, "2024-05-01", "400", rep="ann"),
    sale(3, "2024-05-01", "300", rep="bob"),
    sale(4, "2025-01-01", "9000", rep="bob"),
]


def target(number: int, amount: str | Money | None = None, **fields: Any) -> Target:  # noqa: ANN401
    """Return a target, by default of the revenue of 2024."""
    values: dict[str, Any] = {"figure": "revenue", "starts_on": YEAR[0], "ends_on": YEAR[1]}
    return Target(
        id=TargetId(f"t{number}"),
        amount=usd(amount) if isinstance(amount, str) else amount,
        **{**values, **fields},
    )


def reached(*targets: Target, **options: Any) -> tuple[Attainment, ...]:  # noqa: ANN401
    """Return the attainment of targets over the sales above."""
    return attainment(facts_of(book_of(SALES, targets=targets), rates=RATES), **options)


def test_a_worked_example() -> None:
    """Ann sold 1,000 of 1,250: 80 %, 250 are missing; Bob 300 of 500: 60 %."""
    ann, bob, all_of_it = reached(
        target(1, "1250", rep_id=SalesRepId("ann"), name="Quota of Ann"),
        target(2, "500", rep_id=SalesRepId("bob"), level=TargetLevel.BASE),
        target(3, "1300"),
    )
    assert (ann.target, ann.value, ann.gap, ann.band) == (1250, Decimal("0.8"), 250, "fair")
    assert (ann.name, ann.scope, ann.level) == ("Quota of Ann", (("rep", "ann"),), None)
    assert ann.actual is not None
    assert (ann.actual.value, ann.actual.n, ann.actual.unit) == (1000, 2, "USD")
    assert (bob.value, bob.band, bob.name, bob.level) == (
        Decimal("0.6"),
        "needs_analysis",
        "t2",
        "base",
    )
    assert (all_of_it.value, all_of_it.band, all_of_it.gap, all_of_it.scope) == (
        1,
        "excellent",
        0,
        (),
    )
    assert ann.during == Period.custom(*YEAR)


def test_a_target_in_another_currency() -> None:
    """A target in euros is priced; one in yen, without a rate, says so."""
    euros, yen = reached(target(1, Money.of("1600", "EUR")), target(2, Money.of("100000", "JPY")))
    assert (euros.target, euros.value) == (2000, Decimal("0.65"))
    assert (yen.value, yen.target, yen.gap) == (None, None, None)
    assert yen.reason == "no exchange rate from JPY to USD"


def test_lower_is_better() -> None:
    """A cycle of 20 days where 30 were aimed at attains 150 %; the target may say so itself."""
    won = opportunity(1, "won", closed_on="2024-01-21", first_contact_on="2024-01-01", amount="5")
    book = SalesBook(
        opportunities=[won],
        targets=[
            target(1, figure="sales_cycle_mean", value=Decimal(30)),
            target(2, figure="sales_cycle_mean", value=Decimal(30), is_lower_better=False),
            target(3, figure="lost_opportunities", value=Decimal(5)),
            target(4, figure="won_opportunities", value=Decimal(4)),
        ],
    )
    less, more, lost, won_ones = attainment(facts_of(book))
    assert (less.value, less.is_lower_better, less.gap) == (Decimal("1.5"), True, 10)
    assert more.value == less.value**-1 == Decimal("0.6666666666666666666666666667")
    assert (lost.value, lost.gap) == (None, 5)
    assert lost.reason == "the actual is 0; where lower is better a share needs one above 0"
    assert (won_ones.value, won_ones.is_lower_better) == (Decimal("0.25"), False)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"amount": usd(0)}, "the target is 0; a share needs one above 0"),
        ({"amount": usd(-5)}, "the target is -5; a share needs one above 0"),
        ({"value": Decimal(5)}, "amount unknown"),
        ({"figure": "volume", "amount": usd(5)}, "value unknown"),
        ({"figure": "revenu"}, "no figure 'revenu'; did you mean 'revenue'?"),
        (
            {"figure": "win_rate", "value": Decimal("0.5")},
            "no opportunities among the facts",
        ),
        (
            {"figure": "collections", "channel": "web", "amount": usd(5)},
            "no dimension of collections 'channel'",
        ),
        ({"amount": usd(5), "ends_on": date(2023, 1, 1)}, "its last day is before its first"),
    ],
)
def test_undefined_with_a_reason(fields: dict[str, Any], reason: str) -> None:
    """Whatever cannot be right makes the attainment undefined and says why; nothing is raised."""
    (found,) = reached(target(1, **fields))
    assert (found.value, found.band) == (None, None)
    assert found.reason is not None
    assert reason in found.reason


def test_nothing_sold_attains_nothing() -> None:
    """A rep without any sale attains 0, and the whole target is missing."""
    (found,) = reached(target(1, "500", rep_id=SalesRepId("cid")))
    assert (found.value, found.gap, found.band) == (0, 500, "needs_analysis")


def test_during_and_figures_choose() -> None:
    """Only targets whose period lies within, and of the figures asked for."""
    quarter = {"starts_on": date(2024, 4, 1), "ends_on": date(2024, 6, 30)}
    targets = [target(1, "700", **quarter), target(2, "1"), target(3, figure="volume", **quarter)]
    second = Calendar().parse("2024-Q2")
    assert [one.target_id for one in reached(*targets, during=second)] == ["t1", "t3"]
    (found,) = reached(*targets, during=second, figures="revenue")
    assert (found.target_id, found.value) == ("t1", 1)
    with pytest.raises(UnknownName, match="did you mean 'revenue'"):
        reached(*targets, figures=["revenu"])


def test_a_figure_of_your_own() -> None:
    """A target may be of a figure that the catalogue does not have, given its definition."""
    mine = FigureDefinition(
        name="sales_lines_sold",
        labels=("Lines", "明细数"),
        words="Lines.",
        unit="lines",
        source="here",
        numerator=[
            Part(Measure(name="x", table="sales_lines", aggregate=Aggregate.COUNT, date="sold_on"))
        ],
    )
    goal = target(1, figure="sales_lines_sold", value=Decimal(4))
    assert (reached(goal)[0].reason or "").startswith("no figure 'sales_lines_sold'")
    assert reached(goal, figures=[mine])[0].value == Decimal("0.75")


def test_a_replaced_target_is_not_in_force() -> None:
    """A revision stands in for the target that it replaces."""
    (found,) = reached(target(1, "100"), target(2, "2600", replaces_id=TargetId("t1")))
    assert (found.target_id, found.value) == ("t2", Decimal("0.5"))


@pytest.mark.parametrize(
    ("share", "name"),
    [
        ("1.2", "excellent"),
        ("1", "excellent"),
        ("0.9999", "fair"),
        ("0.7", "fair"),
        ("0.6999", "needs_analysis"),
        ("-1", "needs_analysis"),
    ],
)
def test_bands_are_closed_below(share: str, name: str) -> None:
    """100 % is excellent and 70 % still fair; what is less needs analysis."""
    assert band_of(Decimal(share)).name == name


def test_bands_of_your_own() -> None:
    """Other bands may be handed in; they must descend and differ."""
    gold = Band("gold", Decimal("0.5"), ("Gold", "金"))
    (found,) = reached(target(1, "2600"), bands=[gold])
    assert found.band == "gold"
    with pytest.raises(InvalidValue, match="bounds descend"):
        reached(bands=[gold, Band("silver", Decimal("0.6"), ("Silver", "银"))])
    with pytest.raises(InvalidValue, match="bands differ"):
        reached(bands=[gold, Band("gold", Decimal("0.4"), ("Gold", "金"))])


def scope_of(one: Attainment) -> dict[str, str | None]:
    """Return what a target covers, as `rows_behind` takes it."""
    return dict(one.scope)


@settings(deadline=None, max_examples=100)
@given(crowded_books())
def test_the_actual_is_what_its_rows_sum_to(book: SalesBook) -> None:
    """The actual of each target is the sum of the rows of its period and scope."""
    facts = facts_of(book, rates=RATES)
    for one in attainment(facts):
        assert (one.value is None) == (one.reason is not None) == (one.band is None)
        if one.actual is None or one.actual.numerator is None or one.figure != "revenue":
            continue
        rows = rows_behind(one.figure, facts, during=one.during, where=scope_of(one))
        values = [row.value for row in rows if isinstance(row.value, Decimal)]
        assert exact_sum(values) == one.actual.value
        assert one.target is None or one.gap == one.target - one.actual.numerator


@settings(deadline=None, max_examples=100)
@given(crowded_books(), st.dates(date(2023, 6, 1), date(2024, 1, 1)))
def test_targets_of_all_reps_reach_what_the_whole_reaches(book: SalesBook, start: date) -> None:
    """Split over the reps, and those without, the actuals sum to that of the whole."""
    reps = sorted(
        {one.rep_id for one in book.customers} | {one.rep_id for one in book.orders}, key=str
    )
    during = Period.custom(start, date(2024, 12, 31))
    days = {"starts_on": during.start, "ends_on": during.last_day}
    parts = [target(n, "10", rep_id=rep, **days) for n, rep in enumerate(reps) if rep is not None]
    facts = facts_of(attrs.evolve(book, targets=[*parts, target(99, "10", **days)]), rates=RATES)
    *found, whole = attainment(facts)
    nobody = [
        one.value
        for one in rows_behind("revenue", facts, during=during, where={"rep": None})
        if isinstance(one.value, Decimal)
    ]
    values = [one.actual.value for one in found if one.actual and one.actual.value is not None]
    assert whole.actual is not None
    assert whole.actual.value == figure("revenue", facts, during=during).value
    assert exact_sum([*values, *nobody]) == (whole.actual.value or 0)


def test_what_the_actual_leaves_out_stands_beside_it() -> None:
    """A sale in a currency without a rate is missing in its rep's attainment, and in no other's."""
    unpriced = attrs.evolve(SALES[1][1], net_amount=Money.of(400, "KRW"))
    book = book_of([SALES[0], (SALES[1][0], unpriced), *SALES[2:]], targets=())
    targets = [
        target(1, "1000", rep_id=SalesRepId("ann")),
        target(2, "300", rep_id=SalesRepId("bob")),
    ]
    facts = facts_of(attrs.evolve(book, targets=tuple(targets)), rates=RATES)
    ann, bob = attainment(facts)
    assert (ann.value, bob.value) == (Decimal("0.6"), Decimal(1))
    assert [(one.table, one.reason, one.n) for one in ann.excluded] == [
        ("sales_lines", "no exchange rate from KRW to USD", 1)
    ]
    assert bob.excluded == ()
