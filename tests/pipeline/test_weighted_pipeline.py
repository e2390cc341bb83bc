"""The weighted pipeline and its three policies for what is past its close date."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from tests.metrics.small_books import opportunity
from tests.pipeline.passing import on

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion, figure
from salescore.pipeline import PastDue, weighted_pipeline
from salescore.values import Calendar, Money

D = Decimal
JANUARY, FEBRUARY, MARCH = (Calendar().parse(f"2024-0{month}") for month in (1, 2, 3))


def facts(*opportunities: object, as_of: int = 35) -> Facts:
    """Return the facts of opportunities as of a day by number, 35 being 5 February."""
    return Facts.of(SalesBook(opportunities=opportunities), as_of=on(as_of))  # type: ignore[arg-type]


def chance(number: int, amount: str | None, p: str | None, close: int | None) -> Opportunity:
    """Return an open opportunity."""
    return opportunity(
        number,
        "open",
        amount=amount,
        probability=None if p is None else D(p),
        expected_close_on=None if close is None else on(close),
        created_on="2024-01-01",
    )


PIPELINE = (
    chance(1, "100", "0.5", 5),
    chance(2, "200", "0.5", 35),
    chance(3, "400", "0.5", 65),
    chance(4, "800", "0.5", None),
    chance(5, None, "0.5", 35),
)


def test_the_vectors_of_the_semantics() -> None:
    """100 at .99 and 200 at 0 weigh 99; a lost 100k and an open 50k at .5 weigh 25k."""
    found = weighted_pipeline(facts(chance(1, "100", "0.99", None), chance(2, "200", "0", None)))
    assert (found.figure.value, found.figure.unit) == (99, "USD")
    lost = opportunity(1, "lost", amount="100000", probability=D("0.9"), closed_on="2024-01-09")
    assert weighted_pipeline(facts(lost, chance(2, "50000", "0.5", None))).figure.value == 25000


@pytest.mark.parametrize(
    ("policy", "january", "february", "everything"),
    [
        (PastDue.EXCLUDE, None, 100, 700),
        (PastDue.ROLL_FORWARD, None, 150, 750),
        (PastDue.KEEP, 50, 100, 750),
    ],
)
def test_policies(policy: PastDue, january: int | None, february: int, everything: int) -> None:
    """Past due in January: left out, counted in February where today lies, or kept in January."""
    known = facts(*PIPELINE)
    told = [
        weighted_pipeline(known, policy=policy, during=during).figure.value
        for during in (JANUARY, FEBRUARY, None)
    ]
    assert told == [january, february, everything]
    assert weighted_pipeline(known, policy=policy, during=MARCH).figure.value == 200
    flagged = weighted_pipeline(known, policy=policy, during=MARCH)
    assert (flagged.past_due, flagged.past_due_weighted, flagged.policy) == (1, 50, policy)


def test_nothing_is_lost_between_periods() -> None:
    """Under keep and roll forward the months and what has no day add up to the whole."""
    known = facts(*PIPELINE)
    for policy in (PastDue.KEEP, PastDue.ROLL_FORWARD):
        months = [
            weighted_pipeline(known, policy=policy, during=during).figure.value or 0
            for during in (JANUARY, FEBRUARY, MARCH)
        ]
        assert sum(months) + 400 == weighted_pipeline(known, policy=policy).figure.value


def test_all_of_it_is_the_figure_of_the_catalogue() -> None:
    """Kept as they are, and over all days, it is the weighted pipeline of the catalogue."""
    known = facts(*PIPELINE)
    assert weighted_pipeline(known).figure.value == figure("weighted_pipeline", known).value


def test_what_is_left_out_is_told() -> None:
    """No amount, no expected day in a period, past due where that is left out."""
    found = weighted_pipeline(facts(*PIPELINE), policy=PastDue.EXCLUDE, during=FEBRUARY)
    assert found.figure.excluded == (
        Exclusion("opportunities", "amount unknown", 1),
        Exclusion("opportunities", "expected close on unknown", 1),
    )
    assert found.figure.n == 1
    past = Exclusion("opportunities", "past its expected close", 1)
    for during in (JANUARY, None):
        found = weighted_pipeline(facts(*PIPELINE), policy=PastDue.EXCLUDE, during=during)
        assert past in found.figure.excluded


def test_what_lacks_a_rate_is_told_apart_as_in_the_catalogue() -> None:
    """Amount, probability and rate are named one by one, and a row counts once."""
    yen = attrs.evolve(chance(3, "100", "0.5", 65), amount=Money(D(100), "JPY"))
    rows = (chance(1, None, None, 65), chance(2, "100", None, 65), yen, chance(4, "7", "1", 65))
    known = facts(*rows)
    found = weighted_pipeline(known).figure
    assert found.excluded == figure("weighted_pipeline", known).excluded
    assert [one.n for one in found.excluded] == [1, 1, 1]
    assert any("JPY" in one.reason for one in found.excluded)
    assert {"amount unknown", "probability unknown"} < {one.reason for one in found.excluded}
    past = attrs.evolve(yen, id=OpportunityId("past"), expected_close_on=on(5))
    book = SalesBook(opportunities=(past, yen))
    dollars = Facts.of(book, currency="USD", as_of=on(35))
    for policy, n in ((PastDue.KEEP, 2), (PastDue.ROLL_FORWARD, 2), (PastDue.EXCLUDE, 1)):
        told = weighted_pipeline(dollars, policy=policy).figure
        assert told.excluded[0].n == n
        assert told.reason is not None
        assert "JPY" in told.reason


def test_undefined_has_its_reason() -> None:
    """Nothing open, nothing stated, no day known: no weight, and never 0."""
    told = [
        weighted_pipeline(facts()).figure,
        weighted_pipeline(facts(chance(1, None, "0.5", None))).figure,
        weighted_pipeline(Facts.of(SalesBook())).figure,
    ]
    assert [one.value for one in told] == [None, None, None]
    assert [one.reason for one in told] == [
        "no open opportunity counts",
        "amount unknown in 1 opportunity",
        "nobody knows as of which day the facts hold",
    ]
    known = weighted_pipeline(facts(*PIPELINE), as_of=on(4))
    assert (known.past_due, known.figure.as_of) == (0, on(4))


def test_bad_policies_are_refused() -> None:
    """A text is no policy."""
    with pytest.raises(InvalidValue, match="must be a PastDue"):
        weighted_pipeline(facts(), policy="keep")  # type: ignore[arg-type]


def test_what_is_past_its_day_and_states_no_amount_weighs_nobody_knows_what() -> None:
    """Nothing past its day weighs 0; something of unknown amount weighs no known sum, not 0."""
    silent = weighted_pipeline(facts(chance(1, None, "0.5", 5), chance(2, "100", "0.5", 65)))
    assert (silent.past_due, silent.past_due_weighted, silent.figure.value) == (1, None, 50)
    none = weighted_pipeline(facts(chance(2, "100", "0.5", 65)))
    assert (none.past_due, none.past_due_weighted) == (0, 0)
    dayless = weighted_pipeline(Facts.of(SalesBook()))
    assert (dayless.past_due, dayless.past_due_weighted) == (None, None)
