"""Whether a solution is complete, and which needs it answers."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import (
    Need,
    NeedCoverage,
    NeedCoverageId,
    NeedId,
    OpportunityId,
    Solution,
    SolutionId,
)
from salescore.funnel import CoveredNeeds, need_coverage, solution_gaps
from salescore.values import Money


def solution(**given: object) -> Solution:
    """Return a solution that states nothing yet."""
    found = Solution(id=SolutionId("S1"), opportunity_id=OpportunityId("O1"))
    return Solution(**{"id": found.id, "opportunity_id": found.opportunity_id, **given})  # type: ignore[arg-type]


def need(number: int) -> Need:
    """Return a need."""
    return Need(id=NeedId(f"N{number}"), need=f"need {number}")


def covers(number: int, by: str = "S1") -> NeedCoverage:
    """Return that a solution answers a need."""
    return NeedCoverage(
        id=NeedCoverageId(f"{by}-{number}"),
        solution_id=SolutionId(by),
        need_id=NeedId(f"N{number}"),
    )


def test_the_four_parts_of_a_solution_are_asked() -> None:
    """What is blank is not stated; a price of nothing is."""
    assert solution_gaps(solution()) == ("features", "advantages", "price", "after_sales")
    told = solution(features="fast", advantages=" ", price=Money(Decimal(0), "EUR"))
    assert solution_gaps(told) == ("advantages", "after_sales")
    full = solution(
        features="fast", advantages="ours", price=Money(Decimal(1), "EUR"), after_sales="a year"
    )
    assert solution_gaps(full) == ()


def test_other_parts_may_be_asked() -> None:
    """A business chooses what its solutions state."""
    assert solution_gaps(solution(name="A"), ["name", "offered_on"]) == ("offered_on",)


def test_needs_are_covered_by_a_solution_or_by_any() -> None:
    """Two that answer one need count once, and links to nothing are told."""
    needs = [need(1), need(2), need(3)]
    links = [covers(1), covers(1, "S2"), covers(3, "S2"), covers(9)]
    found = need_coverage(needs, links)
    assert (found.covered, found.uncovered) == ((needs[0], needs[2]), (needs[1],))
    assert found.unknown == (links[3],)
    assert found.share == Decimal(2) / Decimal(3)
    only = need_coverage(needs, links, "S1")
    assert (only.covered, only.unknown) == ((needs[0],), (links[3],))


def test_without_needs_there_is_no_share() -> None:
    """It is unknown, not all."""
    assert need_coverage([], []).share is None
    assert need_coverage([need(1)], []).share == 0
    assert CoveredNeeds() == need_coverage([], [])


@given(st.sets(st.integers(0, 9)), st.lists(st.integers(0, 12)))
def test_every_need_is_covered_or_not(numbers: set[int], linked: list[int]) -> None:
    """The two parts are all needs, in their order, and the share is between 0 and 1."""
    needs = [need(number) for number in sorted(numbers)]
    found = need_coverage(needs, [covers(number) for number in linked])
    parts = {*found.covered, *found.uncovered}
    assert len(found.covered) + len(found.uncovered) == len(needs) == len(parts)
    assert {one.need_id for one in found.unknown} == {
        NeedId(f"N{number}") for number in set(linked) - numbers
    }
    if needs:
        assert found.share is not None
        assert 0 <= found.share <= 1
        assert (found.share == 1) == (found.uncovered == ())
