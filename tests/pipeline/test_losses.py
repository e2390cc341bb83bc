"""Losses by stage and reason: rows that add up to the whole, unknown ones among them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_books
from tests.pipeline.passing import FUNNEL, Sale, facts_of, on, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.pipeline import Losses, losses
from salescore.values import Calendar

D = Decimal


def lost(key: str, *stays: tuple[str, int], **fields: Any) -> Sale:  # noqa: ANN401
    """Return a sale that was lost on day 20."""
    return sale(key, *stays, ("lost", 20), **fields)


SALES = [
    lost("a", ("talk", 0), loss_reason="price", amount=100),
    lost("b", ("talk", 0), ("hold", 5), loss_reason="price", amount=50),
    lost("c", ("talk", 0), ("offer", 5), loss_reason="price", amount=300),
    lost("d", ("talk", 0), ("offer", 5)),
    sale("e", ("talk", 0), ("void", 20), loss_reason="no need", amount=7),
    sale("f", ("talk", 0), ("won", 20), amount=900),
]


def table(found: Losses) -> list[tuple[str | None, str | None, int, Decimal | None, int]]:
    """Return the rows as tuples."""
    return [(one.stage, one.loss_reason, one.n, one.amount, one.unpriced) for one in found.rows]


def test_losses_stand_by_the_stage_left_and_the_reason() -> None:
    """The stage is the last open one, holds passed over; unknown reason and amount show."""
    found = losses(facts_of(SALES))
    assert table(found) == [
        ("talk", "price", 2, D(150), 0),
        ("offer", "price", 1, D(300), 0),
        ("offer", None, 1, None, 1),
    ]
    assert (found.n, found.amount, found.unpriced, found.currency) == (4, D(450), 1, "USD")
    assert [one.share for one in found.rows] == [D("0.5"), D("0.25"), D("0.25")]
    assert [one.amount_share for one in found.rows][1:] == [
        D("0.6666666666666666666666666667"),
        None,
    ]


def test_rows_together_by_stage_and_by_reason() -> None:
    """All reasons of a stage, and all stages of a reason, add up."""
    found = losses(facts_of(SALES))
    assert [(one.stage, one.n, one.amount) for one in found.by_stage] == [
        ("offer", 2, D(300)),
        ("talk", 2, D(150)),
    ]
    assert [(one.loss_reason, one.n, one.amount) for one in found.by_reason] == [
        ("price", 3, D(450)),
        (None, 1, None),
    ]


def test_void_is_lost_only_where_asked_for() -> None:
    """Without a decision is no loss unless the caller says so."""
    found = losses(facts_of(SALES), kinds=("lost", "void"))
    assert found.n == 5
    assert ("talk", "no need", 1, D(7), 0) in table(found)
    assert table(losses(facts_of(SALES), kinds=["void"])) == [("talk", "no need", 1, D(7), 0)]


def test_losses_of_a_period_leave_out_the_undated() -> None:
    """A loss without its day is in no period, and counted; asked for all days it is one more."""
    undated = lost("x", ("talk", 0), closed_on=None)
    facts = facts_of([*SALES, undated])
    january = losses(facts, during=Calendar().parse("2024-01"))
    assert (january.n, january.excluded) == (
        4,
        (Exclusion("opportunities", "closed on unknown", 1),),
    )
    february = losses(facts, during=Calendar().parse("2024-02"))
    assert (february.n, february.reason, february.rows) == (0, "nothing was lost", ())
    assert losses(facts).n == 5
    assert losses(facts, as_of=on(10)).n == 0  # its visits say that it was lost later
    unseen = facts_of([attrs.evolve(undated, visits=())])
    assert losses(unseen, as_of=on(10)).n == 1


def test_without_visits_the_stage_is_unknown() -> None:
    """Nobody can tell where it was lost: a row of its own, not the stage called lost."""
    found = losses(facts_of([attrs.evolve(one, visits=()) for one in SALES]))
    assert {one.stage for one in found.rows} == {None}
    assert found.n == 4


def test_stages_of_two_funnels_are_told_apart() -> None:
    """Where two funnels have a stage of one name, one must be named; its losses alone are told."""
    other = lost("x", ("talk", 0), loss_reason="price", amount=7)
    other = attrs.evolve(other, visits=[attrs.evolve(one, funnel="rent") for one in other.visits])
    facts = facts_of([*SALES, other])
    with pytest.raises(InvalidValue, match="a stage talk"):
        losses(facts)
    assert table(losses(facts, funnel="rent")) == [("talk", "price", 1, D(7), 0)]
    assert table(losses(facts, funnel=FUNNEL)) == table(losses(facts_of(SALES)))
    assert losses(facts, funnel=FUNNEL).funnel == "talks"
    apart = lost("y", ("trial", 0), loss_reason="price")
    apart = attrs.evolve(apart, visits=[attrs.evolve(one, funnel="rent") for one in apart.visits])
    assert losses(facts_of([*SALES, apart])).n == 5
    january = Calendar().parse("2024-01")
    undated = lost("z", ("trial", 0), closed_on=None)
    assert losses(facts_of([undated]), during=january, funnel="rent").excluded == ()


def test_bad_kinds_are_refused() -> None:
    """Won ones are never lost; a text is no list of kinds."""
    facts = Facts.of(SalesBook())
    for kinds in (("won",), (), "lost"):
        with pytest.raises(InvalidValue, match="name one or both"):
            losses(facts, kinds=kinds)
    with pytest.raises(InvalidValue, match="during"):
        losses(facts, during="2024")  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.booleans())
def test_parts_add_up_exactly(book: SalesBook, dated: bool) -> None:  # noqa: FBT001
    """Rows, stages and reasons sum to the total in number, amount and unpriced, to the cent."""
    during = Calendar().parse("2023") if dated else None
    found = losses(Facts.of(book, currency="USD", rates=RATES), during=during)
    for rows in (found.rows, found.by_stage, found.by_reason):
        assert sum(one.n for one in rows) == found.n
        assert sum(one.unpriced for one in rows) == found.unpriced
        amounts = [one.amount for one in rows if one.amount is not None]
        assert (sum(amounts, D(0)) if amounts else None) == found.amount
        if rows:
            assert abs(sum(one.share for one in rows) - 1) < D("1e-25")
