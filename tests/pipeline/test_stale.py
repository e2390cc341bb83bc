from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.pipeline.small_pipeline import TODAY, ago, closed, facts_of, sale, visit

from salescore.book import Facts
from salescore.entities import (
    Activity,
    ActivityId,
    CustomerId,
    Opportunity,
    OpportunityId,
    SalesRepId,
    StageVisit,
)
from salescore.errors import InvalidValue
from salescore.funnel import standard_funnel
from salescore.metrics import Exclusion
from salescore.pipeline import (
    Precedent,
    StaleCode,
    StaleOpportunity,
    StaleReason,
    stale_opportunities,
    stale_words,
)
from salescore.render import Language
from salescore.values import Money

D = Decimal


def won(*ages: int) -> list[Opportunity]:
    """Return opportunities that were won at some ages."""
    return [sale(100 + number, "won", age) for number, age in enumerate(ages)]


def talked(number: int, opportunity: str, days: int) -> Activity:
    """Return an activity of so many days ago."""
    return Activity(
        id=ActivityId(f"a{number}"),
        happened_on=ago(days),
        opportunity_id=OpportunityId(opportunity),
    )


def codes(row: StaleOpportunity) -> list[StaleCode]:
    """Return the reasons of a row."""
    return [one.code for one in row.reasons]


def test_what_is_older_than_any_that_was_won() -> None:
    """Open for longer than the longest of those won: past any precedent; at that age not yet."""
    rows = [*won(3, 5, 8, 13, 21), sale(1, "open", 22), sale(2, "open", 21)]
    found = stale_opportunities(facts_of(rows))
    assert [one.id for one in found.rows] == ["p1"]
    (row,) = found.rows
    assert (row.age_days, row.name, row.stage) == (22, "p1", "stage open")
    assert row.reasons == (
        StaleReason(code=StaleCode.PAST_PRECEDENT, days=22, limit=D(21), share=D(1), n=5),
    )
    assert found.precedents == (Precedent(funnel=None, stage=None, limit=D(21), n=5),)
    assert (found.n, found.as_of, found.share) == (2, TODAY, D(1))


def test_a_share_lowers_the_limit() -> None:
    """With a half the limit is the median of those won."""
    rows = [*won(3, 5, 8, 13, 21), sale(1, "open", 9)]
    found = stale_opportunities(facts_of(rows), share=D("0.5"))
    assert found.precedents[0].limit == 8
    assert codes(found.rows[0]) == [StaleCode.PAST_PRECEDENT]


def test_few_that_were_won_set_no_limit() -> None:
    """Of fewer than asked for nothing is learnt, and a note says so."""
    rows = [*won(3, 5), sale(1, "open", 90)]
    found = stale_opportunities(facts_of(rows))
    assert found.rows == ()
    assert found.notes[0] == "no limit of the age: 2 won, 5 are needed"
    assert stale_opportunities(facts_of(rows), fewest_won=2).rows[0].id == "p1"


def stays(*days: int) -> list[StageVisit]:
    """Return stays in `talks` of sales that were won."""
    return [
        visit(100 + number, f"p{100 + number}", "talks", 50, 50 - each)
        for number, each in enumerate(days)
    ]


def test_what_stays_longer_than_those_won_did() -> None:
    """The limit is that of the stage; lost ones and running stays of others teach nothing."""
    rows: list[Opportunity] = [closed(100 + number, "won") for number in range(5)]
    rows += [closed(7, "lost"), sale(1, "open", 60), sale(2, "open", 60), sale(3, "open", 60)]
    visits = [
        *stays(1, 2, 3, 4, 9),
        visit(7, "p7", "talks", 49, 9),
        visit(1, "p1", "talks", 10),
        visit(2, "p2", "talks", 9),
        visit(3, "p3", "new", 55),
    ]
    found = stale_opportunities(facts_of(rows, visits))
    assert [one.id for one in found.rows] == ["p1"]
    (row,) = found.rows
    assert row.stage_days == 10
    assert row.reasons == (
        StaleReason(
            code=StaleCode.LONG_IN_STAGE, days=10, limit=D(9), share=D(1), n=5, stage="talks"
        ),
    )
    assert Precedent(funnel=None, stage="talks", limit=D(9), n=5) in found.precedents


def test_open_past_the_day_it_should_have_closed() -> None:
    """Yesterday is past, today is not; an unknown day is counted."""
    rows = [
        sale(1, "open", 60, expected_close_on=ago(1)),
        sale(2, "open", 60, expected_close_on=ago(0)),
        sale(3, "open", 60),
        sale(4, "lost", 60, expected_close_on=ago(90)),
    ]
    found = stale_opportunities(facts_of(rows))
    assert [(one.id, codes(one)) for one in found.rows] == [("p1", [StaleCode.PAST_CLOSE_DATE])]
    assert found.rows[0].expected_close_on == ago(1)
    assert found.excluded == (Exclusion("opportunities", "expected close unknown", 1),)


def test_who_is_left_alone() -> None:
    """The last activity counts; without any, the day it came up."""
    rows = [sale(number, "open", 60) for number in (1, 2, 3)]
    rows.append(sale(4, "open", 60, created_on=None))
    activities = [talked(1, "p1", 40), talked(2, "p1", 31), talked(3, "p2", 30)]
    facts = facts_of(rows, activities=activities)
    found = stale_opportunities(facts, silent_days=30)
    assert [one.id for one in found.rows] == ["p1", "p3"]
    assert found.rows[0].last_activity_on == ago(31)
    assert found.rows[0].reasons == (StaleReason(code=StaleCode.SILENT, days=31, limit=D(30)),)
    assert found.rows[1].reasons == (
        StaleReason(code=StaleCode.SILENT, days=60, limit=D(30), is_untouched=True),
    )
    assert stale_opportunities(facts).rows == ()
    assert Exclusion("opportunities", "creation unknown, so no age", 1) in found.excluded


def test_where_no_activity_is_kept_nobody_is_silent() -> None:
    """A book without activities cannot tell, and says so instead of blaming all."""
    found = stale_opportunities(facts_of([sale(1, "open", 60)]), silent_days=30)
    assert found.rows == ()
    assert found.notes[-1] == (
        "who is silent cannot be told: no activity of an opportunity is on record"
    )


def test_on_hold_is_left_alone_unless_asked() -> None:
    """Opportunities on hold are counted; asked for, they have their reasons too."""
    facts = facts_of([sale(1, "hold", 60, expected_close_on=ago(5))])
    found = stale_opportunities(facts)
    assert (found.rows, found.n, found.on_hold) == ((), 0, 1)
    with_hold = stale_opportunities(facts, with_hold=True)
    assert (with_hold.rows[0].is_on_hold, with_hold.on_hold) == (True, 0)


def test_most_reasons_come_first_then_the_oldest() -> None:
    """Rows stand in the order in which somebody should look at them, with whom to ask."""
    late: dict[str, Any] = {"expected_close_on": ago(3)}
    rows = [
        sale(1, "open", 10, **late),
        sale(2, "open", 20, **late),
        sale(3, "open", 5, **late, rep_id=SalesRepId("r1"), customer_id=CustomerId("c1")),
        sale(4, "open", 20, **late),
    ]
    facts = facts_of(rows, activities=[talked(1, "p3", 4), talked(2, "p1", 0)])
    found = stale_opportunities(facts, silent_days=3)
    assert [one.id for one in found.rows] == ["p2", "p4", "p3", "p1"]
    assert (found.rows[2].rep_id, found.rows[2].customer_id) == ("r1", "c1")


def test_amounts_are_those_known() -> None:
    """An amount that nobody stated is unknown, not 0."""
    rows = [
        sale(1, "open", 10, expected_close_on=ago(3), amount=Money.of("5", "USD")),
        sale(2, "open", 10, expected_close_on=ago(3)),
    ]
    assert [one.amount for one in stale_opportunities(facts_of(rows)).rows] == [D(5), None]


def test_the_age_may_count_from_the_first_contact() -> None:
    """Then limit and age are those since the first contact."""
    rows = [
        *(sale(100 + n, "won", n, first_contact_on=ago(110)) for n in range(5)),
        sale(1, "open", 3, first_contact_on=ago(15)),
        sale(2, "open", 3),
    ]
    found = stale_opportunities(facts_of(rows), since="first_contact")
    assert found.precedents[0].limit == 10
    assert [(one.id, one.age_days) for one in found.rows] == [("p1", 15)]
    assert Exclusion("opportunities", "first contact unknown, so no age", 1) in found.excluded


def test_as_of_an_earlier_day() -> None:
    """What is overdue today was not yet then."""
    facts = facts_of([sale(1, "open", 60, expected_close_on=ago(5))])
    assert stale_opportunities(facts, as_of=ago(5)).rows == ()
    assert stale_opportunities(facts, as_of=ago(4)).rows[0].reasons[0].days == 1


def test_an_empty_book_has_a_reason() -> None:
    """Nothing on record is not the same as nothing stale."""
    found = stale_opportunities(facts_of())
    assert (found.rows, found.lack) == ((), "no opportunities are on record")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"share": D(0)}, "share"),
        ({"share": D("1.1")}, "share"),
        ({"share": 1}, "share"),
        ({"share": D("NaN")}, "share"),
        ({"silent_days": -1}, "silent_days"),
        ({"silent_days": True}, "silent_days"),
        ({"fewest_won": 0}, "fewest_won"),
        ({"since": "birth"}, "since"),
        ({"as_of": "today"}, "as_of"),
    ],
)
def test_what_is_asked_wrongly_is_refused(options: dict[str, Any], name: str) -> None:
    """A share, number, clock or day that is none is named."""
    facts: Facts = facts_of([sale(1, "open", 60)])
    with pytest.raises(InvalidValue, match=name):
        stale_opportunities(facts, **options)


BEYOND = StaleReason(code=StaleCode.PAST_PRECEDENT, days=1200, limit=D(90), share=D(1), n=40)
LONG = StaleReason(
    code=StaleCode.LONG_IN_STAGE, days=31, limit=D("9.5"), share=D("0.9"), n=7, stage="报价"
)
SILENT = StaleReason(code=StaleCode.SILENT, days=31, limit=D(30))
UNTOUCHED = StaleReason(code=StaleCode.SILENT, days=31, limit=D(30), is_untouched=True)


@pytest.mark.parametrize(
    ("reason", "en", "zh"),
    [
        (
            BEYOND,
            "open for 1,200 days; all that were won took 90 days at most (of 40)",
            "已进行1,200天；所有赢单商机用时不超过90天（共40个）",
        ),
        (
            LONG,
            "in 报价 for 31 days; 90 % of those won stayed there 9.5 days at most (of 7 stays)",
            "在报价已停留31天；90 %的赢单商机在该阶段不超过9.5天（共7次）",
        ),
        (
            StaleReason(code=StaleCode.PAST_CLOSE_DATE, days=12),
            "should have closed 12 days ago",
            "已超过预计成交日期12天",
        ),
        (SILENT, "no activity for 31 days", "已31天没有跟进"),
        (
            UNTOUCHED,
            "no activity on record in the 31 days since it came up",
            "商机产生31天以来没有跟进记录",
        ),
    ],
    ids=["precedent", "stage", "close", "silent", "untouched"],
)
def test_reasons_in_words(reason: StaleReason, en: str, zh: str) -> None:
    """Each reason is a sentence in both languages, with its numbers."""
    assert stale_words(reason) == en
    assert stale_words(reason, Language.ZH) == zh


def test_reasons_show_the_labels_of_stages_where_the_funnel_is_known() -> None:
    """A stage without a label, or that the funnel has not, shows its key."""
    reason = StaleReason(
        code=StaleCode.LONG_IN_STAGE, days=31, limit=D(9), share=D(1), n=7, stage="proposal"
    )
    deal = standard_funnel("deal")
    words = deal.stage("proposal").labels
    assert stale_words(reason, funnel=deal).startswith(f"in {words[0]} for 31 days")
    assert stale_words(reason, Language.ZH, funnel=deal).startswith(f"在{words[1]}已停留31天")
    strange = attrs.evolve(reason, stage="limbo")
    assert stale_words(strange, funnel=deal).startswith("in limbo for")
