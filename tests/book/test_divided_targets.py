"""A target that is divided is known by its parts, so that nothing is aimed at twice."""

from datetime import date
from decimal import Decimal

from salescore.book import Facts, SalesBook
from salescore.entities import SalesRep, SalesRepId, Target, TargetId
from salescore.metrics import figure, slices
from salescore.values import Money


def target(name: str, amount: int, *, of: str | None = None, rep: str | None = None) -> Target:
    """Return a revenue target of 2024."""
    return Target(
        id=TargetId(name),
        figure="revenue",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        amount=Money.of(amount, "USD"),
        parent_id=None if of is None else TargetId(of),
        rep_id=None if rep is None else SalesRepId(rep),
    )


def test_the_parts_of_a_divided_target_count_alone() -> None:
    """The company's 100 are Ann's 60 and Bo's 40; together they are 100, not 200."""
    book = SalesBook(
        sales_reps=[SalesRep(id=SalesRepId(name), name=name) for name in ("ann", "bo")],
        targets=[
            target("all", 100),
            target("a", 60, of="all", rep="ann"),
            target("b", 40, of="all", rep="bo"),
        ],
    )
    facts = Facts.of(book)
    assert facts.table("targets").column("is_divided") == [True, False, False]
    assert figure("revenue_target", facts).value == Decimal(100)
    by_rep = {one.key: one.value for one in slices("revenue_target", facts, by="rep")}
    assert by_rep == {"ann": Decimal(60), "bo": Decimal(40)}


def test_a_part_of_another_figure_divides_nothing() -> None:
    """A target of visits may hang under one of revenue, which still stands for itself."""
    visits = Target(
        id=TargetId("v"),
        figure="activities",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        value=Decimal(50),
        parent_id=TargetId("all"),
    )
    facts = Facts.of(SalesBook(targets=[target("all", 100), visits]))
    assert figure("revenue_target", facts).value == Decimal(100)
