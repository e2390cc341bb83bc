"""Laws of queries: rules, order, pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given

from salescore.entities import Lifecycle
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.rules import F, Term
from salescore.storage import Kept, OrderBy, Query, Store, Unit, query_schema
from salescore.testing._hypothesis import st
from salescore.testing._records import records
from salescore.testing._rules import rules
from salescore.testing._store_drawn import searched
from salescore.testing._store_model import StoreModel
from salescore.testing._store_samples import START, at, customer, dollars, names
from salescore.testing._store_trial import Check, Trial, holds, refused, same

_PEOPLE = (
    customer("a", region="West", employees=Decimal("0.3"), credit_limit=dollars("100.00")),
    customer("b", region="华东", employees=Decimal(10), credit_limit=dollars("99.995")),
    customer("c", region=None, employees=None, lifecycle=Lifecycle.LEAD),
    customer("d", region="west", employees=Decimal(9), created_on=date(2024, 2, 29)),
    customer("e", region="", employees=Decimal(0), created_on=date(2023, 12, 31)),
    customer("f", region="We%t", employees=Decimal("10.0"), credit_limit=dollars("-1")),
)


def _people(trial: Trial) -> Store:
    store = trial.store()
    store.load(_PEOPLE, recorded_at=START)
    return store


def _found(store: Store, rule: Term | None, *order: OrderBy) -> list[str]:
    return names(store.find(Query(records="customers", where=rule, order=order)).kept)


def rules_choose_records(trial: Trial) -> str:
    """A query finds the records that its rule holds for, each operator by its meaning."""
    store = _people(trial)
    cases = (
        (F.region == "West", "a"),
        (F.region == "华东", "b"),
        (F.region.is_in(["West", "", "east"]), "ae"),
        (F.region.starts_with("We"), "af"),
        (F.region.contains("%"), "f"),
        (F.region.contains("_"), ""),
        (F.region.ends_with("st"), "ad"),
        (F.employees == Decimal("10.00"), "bf"),
        (F.employees > Decimal("9.5"), "bf"),
        (F.employees + Decimal("0.1") == Decimal("0.4"), "a"),
        (F.employees.between(Decimal("0.30"), Decimal(9)), "ad"),
        (F.credit_limit_amount < Decimal("99.9950000001"), "bf"),
        (F.credit_limit_currency == "USD", "abf"),
        (F.lifecycle == "lead", "c"),
        (F.created_on >= date(2024, 1, 1), "d"),
        (F.created_on < date(2024, 1, 1), "e"),
        (F.id.is_in(["f", "a", "nobody"]), "af"),
    )
    for rule, expected in cases:
        same(_found(store, rule), list(expected), f"who is found where {rule}")
    same(_found(store, None), list("abcdef"), "who is found without a rule")
    return f"{len(cases)} rules"


def unknown_is_no(trial: Trial) -> str:
    """What a rule does not know is no, and its opposite is no either."""
    store = _people(trial)
    known = F.employees > Decimal(5)
    same(_found(store, known), list("bdf"), "who has more than five")
    same(_found(store, ~known), list("ae"), "who has not: whoever is known, c is not")
    same(_found(store, F.employees != Decimal(9)), list("abef"), "who has another number")
    same(_found(store, F.region.is_null()), ["c"], "whose region is unknown")
    same(_found(store, ~F.region.is_null()), list("abdef"), "whose region is known")
    same(_found(store, ~F.region.is_in(["West"])), list("bdef"), "who is elsewhere, c is unknown")
    same(_found(store, known | F.region.is_null()), list("bcdf"), "unknown or true is true")
    same(_found(store, ~(known & F.region.is_null())), list("abdef"), "false and unknown is false")
    return "8 rules over nulls"


def answers_are_sorted(trial: Trial) -> str:
    """Answers are sorted as asked, what is unknown last either way, and ids decide ties."""
    store = _people(trial)
    up, down = OrderBy("employees"), OrderBy("employees", is_descending=True)
    same(_found(store, None, up), list("eadbfc"), "by a number")
    same(_found(store, None, down), list("bfdaec"), "by a number, the greatest first")
    same(_found(store, None, OrderBy("region")), list("efadbc"), "by a text")
    text_down = OrderBy("region", is_descending=True)
    same(_found(store, None, text_down), list("bdafec"), "by a text, the last first")
    day_down = OrderBy("created_on", is_descending=True)
    same(_found(store, None, day_down), list("deabcf"), "by a day that few have")
    money = OrderBy("credit_limit_amount")
    same(_found(store, None, money), list("fbacde"), "by money")
    both = (OrderBy("credit_limit_currency", is_descending=True), OrderBy("employees"))
    same(_found(store, None, *both), list("abfedc"), "by two columns")
    same(_found(store, None, OrderBy("id", is_descending=True)), list("fedcba"), "by the id")
    return "8 orders"


def cursors_give_each_once(trial: Trial) -> str:
    """Following the cursors gives each record once and in order, whatever the limit and ties."""
    store = trial.store()
    people = [
        customer(
            f"c{number:02}",
            employees=None if number % 4 == 0 else Decimal(number % 3),
            region=("West", "华东", None)[number % 3],
        )
        for number in range(23)
    ]
    store.load(people, recorded_at=START)
    model = StoreModel(store.tables)
    model.commit(Unit(recorded_at=START).put(*people))
    orders = (
        (),
        (OrderBy("employees"),),
        (OrderBy("employees", is_descending=True),),
        (OrderBy("region"), OrderBy("employees", is_descending=True)),
        (OrderBy("id", is_descending=True),),
    )
    walks = 0
    for order in orders:
        for where in (None, F.employees.is_null() | (F.employees > Decimal(0))):
            query = Query(records="customers", where=where, order=order)
            expected = names(model.find(query))
            for limit in (1, 2, 5, 22, 23, 24):
                walks += 1
                found = names(walked(store, query, limit))
                same(found, expected, f"pages of {limit} by {order} where {where}")
    return f"{walks} walks over 23 records with ties and nulls"


def walked(store: Store, query: Query, limit: int) -> list[Kept]:
    """Return all that a query finds, page by page; refute pages that are wrong in themselves."""
    found: list[Kept] = []
    after: str | None = None
    for _ in range(10_000):
        asked = Query(
            records=query.records,
            where=query.where,
            order=query.order,
            limit=limit,
            after=after,
            at=query.at,
        )
        page = store.find(asked)
        found += page.kept
        holds(len(page.kept) <= limit, f"{len(page.kept)} records where {limit} were asked for")
        if page.cursor is None:
            return found
        holds(page.kept, "an empty page says that another one follows")
        after = page.cursor
    holds(condition=False, fault=f"pages of {limit} never end")
    return found


def pages_have_an_end(trial: Trial) -> str:
    """A page is full or the last; the last one has no cursor, also where it is just full."""
    store = _people(trial)
    for limit, more in ((5, True), (6, False), (7, False)):
        page = store.find(Query(records="customers", limit=limit))
        same(len(page.kept), min(limit, 6), f"records on a page of {limit}")
        same(page.cursor is not None, more, f"whether a page of {limit} has another behind it")
    nothing = store.find(Query(records="customers", where=F.id == "nobody"))
    same((nothing.kept, nothing.cursor), ((), None), "a page of nothing")
    return "4 pages"


def a_cursor_outlives_changes(trial: Trial) -> str:
    """A cursor still leads on where the record that it stands behind is gone, and skips nobody."""
    store = _people(trial)
    first = store.find(Query(records="customers", limit=2))
    store.commit(Unit(recorded_at=at(1)).remove("customers", "b"))
    second = store.find(Query(records="customers", limit=2, after=first.cursor))
    same(names(second.kept), ["c", "d"], "the page behind a record that was removed")
    return "1 page behind a removed record"


def bad_questions_are_refused(trial: Trial) -> str:
    """Limits out of range, foreign cursors, unknown columns and unfit rules are refused."""
    store = _people(trial)
    for limit in (0, -1, 10_001):
        bad = Query(records="customers", limit=limit)
        refused(InvalidValue, store.find, bad, what=f"a limit of {limit}")
    same(len(store.find(Query(records="customers", limit=10_000)).kept), 6, "the largest limit")
    cursor = store.find(Query(records="customers", limit=2)).cursor
    west = F.region == "West"
    for what, other in (
        ("of no question", Query(records="customers", after="nonsense")),
        ("of another rule", Query(records="customers", after=cursor, where=west)),
        ("of another order", Query(records="customers", after=cursor, order=(OrderBy("name"),))),
        ("of another type", Query(records="contacts", after=cursor)),
    ):
        refused(InvalidValue, store.find, other, what=f"a cursor {what}")
    unknown = Query(records="customers", where=F.nobody == "x")
    refused(UnknownName, store.find, unknown, what="a rule over an unknown column")
    unsorted = Query(records="customers", order=(OrderBy("nobody"),))
    refused(UnknownName, store.find, unsorted, what="an order by an unknown column")
    unfit = Query(records="customers", where=F.region > Decimal(1))
    refused(RuleTypeError, store.find, unfit, what="a rule that does not fit its column")
    return "11 refused"


def any_rule_finds_what_it_should(trial: Trial) -> str:
    """For any rule and any records a query finds what the rule holds for in plain Python."""
    asked = 0
    tables = [one for one in trial.store().tables if one.name in _SEARCHED]

    @searched(trial, examples=25)
    @given(st.data())
    def proof(data: Any) -> None:  # noqa: ANN401 - Hypothesis's own
        nonlocal asked
        table = data.draw(st.sampled_from(tables))
        kept = data.draw(_lists_of(table))
        store, model = trial.store(), StoreModel(tables=tuple(tables))
        if kept:
            store.load(kept, recorded_at=START)
            model.commit(Unit(recorded_at=START).put(*kept))
        schema = query_schema(table)
        sortable = st.builds(OrderBy, st.sampled_from(schema.names), st.booleans())
        orders = st.lists(sortable, max_size=2, unique_by=lambda one: one.field)
        for rule in data.draw(st.lists(rules(schema).filter(_keepable), min_size=1, max_size=6)):
            asked += 1
            order = data.draw(orders)
            query = Query(records=table.name, where=rule, order=order)
            limit = data.draw(st.integers(1, 4))
            same(names(walked(store, query, limit)), names(model.find(query)), f"{query}")
        store.close()

    proof()
    return f"{asked} random rules"


_SEARCHED = ("customers", "opportunities", "order_lines", "activities", "products")


def _lists_of(table: Any) -> st.SearchStrategy[list[Any]]:  # noqa: ANN401 - a field table
    return st.lists(records(table), max_size=6, unique_by=lambda one: one.id).filter(_keepable)


def _keepable(drawn: object) -> bool:
    """Return whether records or a rule are without U+0000, which no store keeps or asks about."""
    return "\\x00" not in repr(drawn)


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (
        rules_choose_records,
        unknown_is_no,
        answers_are_sorted,
        cursors_give_each_once,
        pages_have_an_end,
        a_cursor_outlives_changes,
        bad_questions_are_refused,
        any_rule_finds_what_it_should,
    )
)
