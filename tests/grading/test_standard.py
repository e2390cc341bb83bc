"""The standard policies: keys and order, services, laws, and books that they must serve."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.small_books import book_of, crowded_books, opportunity, sale, usd

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, CustomerId
from salescore.errors import InvalidValue, UnknownName
from salescore.exchange import read_folder
from salescore.grading import (
    STANDARD_POLICIES,
    CustomerFigure,
    GradeHistory,
    GradeReason,
    GradingPolicy,
    Move,
    ReasonCode,
    abc_policy,
    check_policy,
    customer_figure,
    customer_table,
    grade_customers,
    lifecycle_policy,
    matrix_policy,
    policy_from_data,
    policy_to_data,
    rfm_policy,
    standard_policies,
    value_policy,
)
from salescore.metrics import (
    OTHER_SEGMENT,
    RFM_SEGMENTS,
    Aggregate,
    Measure,
    SegmentBounds,
    Thresholds,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values, parse_json
from salescore.rules import F
from salescore.values import ConstantRates, Money

DAY = date(2024, 6, 30)
NAMES = [one.name for one in STANDARD_POLICIES]
WON = customer_figure("won_amount", months=12)
APART = [rfm_policy(), abc_policy(), matrix_policy(), rfm_policy(months=6), abc_policy(WON)]


@pytest.fixture(scope="module")
def shipped(root: Path) -> Facts:
    """Return the facts of the example company."""
    return Facts.of(read_folder(root / "examples" / "data" / "superstore", "superstore").book)


def customer(key: str, **given: Any) -> Customer:  # noqa: ANN401
    """Return a customer."""
    return Customer(id=CustomerId(key), name=key.title(), **given)


def grades(policy: GradingPolicy, book: SalesBook, as_of: date = DAY) -> dict[str, str]:
    """Return the grade of each customer."""
    found = grade_customers(policy, Facts.of(book, as_of=as_of))
    return {one.customer_id: one.after for one in found.decisions}


def test_keys_and_order() -> None:
    """The grades of each policy, the lowest first."""
    assert {one.name: [grade.key for grade in one.grades] for one in STANDARD_POLICIES} == {
        "lifecycle": ["prospect", "regular", "vip"],
        "value": ["ordinary", "potential", "high_value"],
        "rfm": ["none", "unknown", *(one.name for one in reversed(RFM_SEGMENTS))],
        "abc": ["C", "B", "A"],
        "matrix": ["basic", "develop", "maintain", "key_account"],
    }


def test_labels_are_those_of_the_seeds() -> None:
    """Both seeds are named in Chinese as the founding texts name them."""
    labels = [[grade.labels[1] for grade in one.grades] for one in STANDARD_POLICIES[:2]]
    assert labels == [["潜在", "普通", "VIP"], ["一般", "潜在", "高价值"]]


def test_services_are_those_of_the_seeds() -> None:
    """High value is visited, potential tries, ordinary is written to; each has its records."""
    plans = {one.grade: one for one in value_policy().services}
    told = {
        grade: (
            [labels[1] for labels in plan.benefits],
            [one.key for one in plan.requirements],
            plan.contact_days,
        )
        for grade, plan in plans.items()
    }
    assert told == {
        "ordinary": (["邮件或电话"], ["reachable", "updated"], 180),
        "potential": (["试用或折扣"], ["communication", "feedback"], 30),
        "high_value": (["定期拜访", "VIP 服务"], ["needs", "transactions"], 30),
    }
    hours = [plans[one.key].hours for one in value_policy().grades]
    assert hours == sorted(hours, key=lambda one: one or 0) == [2, 12, 48]
    assert all(one.hours for one in lifecycle_policy().services)


@pytest.mark.parametrize("make", [lifecycle_policy, value_policy])
def test_budgets_are_for_the_company_to_say(make: Any) -> None:  # noqa: ANN401
    """A plan takes the money given for its grade; a grade that is not there is refused."""
    assert {one.budget for one in make().services} == {None}
    top = make().grades[-1].key
    plans = make(budgets={top: Decimal(800)}).services
    assert [one.budget for one in plans] == [None, None, Decimal(800)]
    with pytest.raises(UnknownName, match="nobody"):
        make(budgets={"nobody": Decimal(1)})
    with pytest.raises(InvalidValue, match="budget"):
        make(budgets={top: Decimal(-1)})


def test_records_are_fresh_within_the_days_given() -> None:
    """The days within which something is to be heard of a customer are a parameter."""
    (updated,) = [
        one
        for plan in value_policy(fresh_days=30).services
        for one in plan.requirements
        if one.key == "updated"
    ]
    assert updated.labels == ("News within 30 days", "近30天内的更新")


@pytest.mark.parametrize("name", NAMES)
def test_sound_on_the_shipped_book(name: str, shipped: Facts) -> None:
    """No policy has a finding, and each gives every customer one of its grades."""
    (policy,) = [one for one in STANDARD_POLICIES if one.name == name]
    found = grade_customers(policy, shipped)
    assert check_policy(policy, found.customers.schema) == ()
    assert sum(after for _, _, after in found.counts) == len(shipped.table("customers")) == 198


VARIANTS = [
    *STANDARD_POLICIES,
    *APART,
    lifecycle_policy(WON, fresh_days=60, budgets={"vip": Decimal("900.50")}),
    value_policy(customer_figure("gross_profit", months=24)),
    matrix_policy(WON, F.employees),
]


@pytest.mark.parametrize("policy", VARIANTS, ids=range(len(VARIANTS)))
def test_survives_json(policy: GradingPolicy) -> None:
    """What is written is read back as the same policy, to its last rule."""
    text = json.dumps(policy_to_data(policy), ensure_ascii=False)
    assert policy_from_data(parse_json(text)) == policy


@pytest.mark.parametrize("policy", VARIANTS, ids=range(len(VARIANTS)))
def test_variants_are_sound(policy: GradingPolicy, shipped: Facts) -> None:
    """With other figures, months or budgets a policy has no finding either."""
    schema = customer_table(shipped, policy.fields).schema
    assert check_policy(policy, schema) == ()


BOOK = book_of(
    [
        sale(1, "2024-03-01", "700", customer="big"),
        sale(2, "2024-03-02", "210", customer="mid"),
        sale(3, "2024-03-03", "90", customer="small"),
        sale(4, "2020-03-03", "5000", customer="gone"),
    ],
    customers=[customer(key) for key in ("big", "mid", "small", "gone", "new", "won")],
    opportunities=[
        opportunity(1, "won", customer_id=CustomerId("won"), amount=900, closed_on="2024-05-01"),
        opportunity(2, "open", customer_id=CustomerId("small"), amount=40, created_on="2024-05-01"),
    ],
)
"""Of 1,000 in twelve months, before big is nothing, before mid 70 %, before small 91 %."""


def test_lifecycle() -> None:
    """Who bought or won is regular, the first half are VIP, and who never bought is a prospect."""
    assert grades(lifecycle_policy(), BOOK) == {
        "big": "vip",
        "mid": "regular",
        "small": "regular",
        "gone": "regular",
        "new": "prospect",
        "won": "regular",
    }


def test_value() -> None:
    """Potential are those with open business, and those who never bought."""
    assert grades(value_policy(), BOOK) == {
        "big": "high_value",
        "mid": "ordinary",
        "small": "potential",
        "gone": "ordinary",
        "new": "potential",
        "won": "ordinary",
    }


@pytest.mark.parametrize(
    ("policy", "top"), [(lifecycle_policy(WON), "vip"), (value_policy(WON), "high_value")]
)
def test_by_won_amount(policy: GradingPolicy, top: str) -> None:
    """Where a department keeps opportunities and no orders, what was won decides."""
    assert [key for key, grade in grades(policy, BOOK).items() if grade == top] == ["won"]


def test_band_b_neither_lifts_nor_drops() -> None:
    """A VIP that slips to B stays, one that slips to C is warned, then falls at a review."""
    policy = lifecycle_policy()
    held = {
        key: GradeHistory(customer_id=key, policy="lifecycle").followed("vip", date(2023, 1, 1))
        for key in ("mid", "small")
    }
    facts = Facts.of(BOOK, as_of=DAY)
    warned = grade_customers(policy, facts, held)
    moves = {one.customer_id: one.move.value for one in warned.decisions}
    assert (moves["mid"], moves["small"]) == ("kept", "warned")
    later = grade_customers(policy, Facts.of(BOOK, as_of=date(2024, 10, 1)), warned.applied())
    after = {one.customer_id: one.after for one in later.decisions}
    assert (after["mid"], after["small"]) == ("vip", "regular")


def test_abc_by_a_figure() -> None:
    """The classes are those of the figure that was handed in."""
    assert grades(abc_policy(), BOOK) == {
        "big": "A",
        "mid": "A",
        "small": "B",
        "gone": "C",
        "new": "C",
        "won": "C",
    }
    assert grades(abc_policy(WON), BOOK)["won"] == "A"


def test_rfm_by_thresholds_and_segments_of_ones_own() -> None:
    """A scheme and segments of one's own make the grades; what fits none is Others."""
    scheme = Thresholds(recency=[Decimal(200)], frequency=[Decimal(2)], monetary=[Decimal(100)])
    segments = [
        SegmentBounds(name="lately", labels=("Lately", "近期"), r=(2, 2), f=(1, 2), m=(2, 2)),
        SegmentBounds(name="long ago", r=(1, 1), f=(1, 2), m=(1, 2)),
    ]
    policy = rfm_policy(scheme, segments=segments)
    keys = [(one.key, one.labels[1]) for one in policy.grades]
    assert keys == [
        ("none", "未购买"),
        ("unknown", "未知"),
        ("Others", "其他客户"),
        ("long ago", "long ago"),
        ("lately", "近期"),
    ]
    assert grades(policy, BOOK) == {
        "big": "lately",
        "mid": "lately",
        "small": OTHER_SEGMENT,
        "gone": "long ago",
        "new": "none",
        "won": "none",
    }
    assert grades(rfm_policy(scheme, segments=segments, months=12), BOOK)["gone"] == "none"


def test_who_no_longer_bought_leaves_its_segment() -> None:
    """Without a purchase in the window a customer is in none, whatever its grade was."""
    held = GradeHistory(customer_id="gone", policy="rfm").followed("Champions", date(2020, 4, 1))
    facts = Facts.of(BOOK, as_of=DAY)
    found = grade_customers(rfm_policy(months=12), facts, {"gone": held})
    one = found.by_customer["gone"]
    assert (one.before, one.after, one.move) == ("Champions", "none", Move.MOVED)


YEN = ConstantRates.of("USD", {})
PARTLY = book_of(
    [
        *(sale(number, "2024-03-01", str(number), customer=f"c{number}") for number in range(1, 9)),
        sale(10, "2024-05-01", "900", customer="part"),
        sale(11, "2024-05-02", Money.of(5000, "JPY"), customer="part"),
        sale(12, "2024-05-02", Money.of(5000, "JPY"), customer="yen"),
        sale(13, "2020-05-02", Money.of(5000, "JPY"), customer="old"),
    ],
    customers=[customer("new")],
)
"""Of two customers who bought lately, and of one of long ago, not all money is known."""


@pytest.mark.parametrize("key", ["part", "yen", "old"])
def test_who_bought_for_unknown_money_is_not_without_purchase(key: str) -> None:
    """A buyer of whom some money has no rate is unknown at first; then it stays where it was."""
    facts = Facts.of(PARTLY, as_of=DAY, currency="USD", rates=YEN)
    policy = rfm_policy()
    found = grade_customers(policy, facts)
    one = found.by_customer[key]
    assert (one.after, found.by_customer["new"].after) == ("unknown", "none")
    assert one.reasons[0] == GradeReason(ReasonCode.ENTRY_HOLDS, "unknown")
    assert check_policy(policy, found.customers.schema) == ()
    row = next(row for row in found.customers.rows() if row["customer_id"] == key)
    assert (row["rfm_m"], row["rfm_segment"]) == (None, None)
    for before, after in (("Champions", "Champions"), ("none", "unknown"), ("unknown", "unknown")):
        held = GradeHistory(customer_id=key, policy="rfm").followed(before, date(2024, 4, 1))
        assert grade_customers(policy, facts, {key: held}).by_customer[key].after == after


def test_who_was_unknown_moves_where_it_belongs() -> None:
    """Once all money is known, or nothing is bought any more, nobody stays unknown."""
    for key, after in (("big", grades(rfm_policy(), BOOK)["big"]), ("new", "none")):
        held = GradeHistory(customer_id=key, policy="rfm").followed("unknown", date(2024, 4, 1))
        found = grade_customers(rfm_policy(), Facts.of(BOOK, as_of=DAY), {key: held})
        assert found.by_customer[key].after == after != "unknown"


def test_who_rises_and_who_only_moves() -> None:
    """Segments and quadrants are no ladder; the classes A, B and C are."""
    assert [one.name for one in STANDARD_POLICIES if not one.is_ladder] == ["rfm", "matrix"]


def test_policies_by_what_a_book_can_tell() -> None:
    """With sales the defaults, without them by what was won and no RFM; empty, the defaults."""
    assert standard_policies(Facts.of(BOOK, as_of=DAY)) == STANDARD_POLICIES
    assert standard_policies(Facts.of(SalesBook(customers=BOOK.customers))) == STANDARD_POLICIES
    book = SalesBook(customers=BOOK.customers, opportunities=BOOK.opportunities)
    facts = Facts.of(book, as_of=DAY)
    found = standard_policies(facts)
    assert [one.name for one in found] == [name for name in NAMES if name != "rfm"]
    tops = [grade_customers(one, facts).by_customer["won"].after for one in found]
    assert tops == ["vip", "high_value", "A", "maintain"]


def test_requirements_are_named_by_nouns() -> None:
    """What a list of what is lacking says is what is lacking."""
    labels = {
        one.key: one.labels
        for policy in STANDARD_POLICIES
        for plan in policy.services
        for one in plan.requirements
    }
    assert labels == {
        "reachable": ("Phone number or mail address", "电话或邮箱"),
        "needs": ("Needs", "需求记录"),
        "transactions": ("Purchases", "交易记录"),
        "communication": ("Contact within 90 days", "近90天内的沟通记录"),
        "feedback": ("Feedback", "反馈记录"),
        "updated": ("News within 180 days", "近180天内的更新"),
    }


def test_the_matrix_by_open_business() -> None:
    """Importance by revenue, potential by open business."""
    assert grades(matrix_policy(), BOOK) == {
        "big": "maintain",
        "mid": "basic",
        "small": "develop",
        "gone": "basic",
        "new": "basic",
        "won": "basic",
    }


WALLETS = {
    "number": (custom_field("wallet", Kind.DECIMAL, "Wallet", "钱包份额", unit="money"), Decimal),
    "money": (custom_field("wallet", Kind.MONEY, "Wallet", "钱包份额"), usd),
}


@pytest.mark.parametrize("kind", list(WALLETS))
def test_the_matrix_by_a_declared_wallet(kind: str) -> None:
    """A registered field of customers, number or money, says how much they could be worth."""
    field, made = WALLETS[kind]
    worth = {"big": 100, "mid": 900, "small": 10}
    book = attrs.evolve(
        BOOK,
        customers=[
            attrs.evolve(one, custom=custom_values(wallet=made(worth[one.id])))
            if one.id in worth
            else one
            for one in BOOK.customers
        ],
        custom_fields=CustomFields.of({"customers": [field]}),
    )
    policy = matrix_policy(potential=F.wallet)
    assert grades(policy, book) == {
        "big": "maintain",
        "mid": "develop",
        "small": "basic",
        "gone": "basic",
        "new": "basic",
        "won": "basic",
    }
    facts = Facts.of(book, as_of=DAY)
    assert check_policy(policy, customer_table(facts, policy.fields).schema) == ()


def test_the_matrix_by_a_forecast() -> None:
    """Open business weighed by its chances is a figure like any other."""
    weighted = CustomerFigure(
        name="weighted_pipeline",
        measure=Measure(
            name="weighted_pipeline",
            table="opportunities",
            aggregate=Aggregate.SUM,
            of=F.amount * F.probability,
            where=F.kind == "open",
        ),
        labels=("Weighted pipeline", "加权商机金额"),
        unit="money",
    )
    half = Decimal("0.5")
    book = attrs.evolve(
        BOOK,
        opportunities=[
            opportunity(1, "open", customer_id="big", amount=1000, probability=Decimal("0.1")),
            opportunity(2, "open", customer_id="mid", amount=900, probability=half),
        ],
    )
    found = grades(matrix_policy(potential=weighted), book)
    assert (found["big"], found["mid"]) == ("maintain", "develop")


def test_of_whom_one_is_unknown_the_other_decides_at_first() -> None:
    """An important customer of unknown potential is to be maintained; with a grade it stays."""
    book = attrs.evolve(
        BOOK,
        opportunities=[
            opportunity(1, "open", customer_id="big", created_on="2024-05-01"),
            opportunity(2, "open", customer_id="mid", created_on="2024-05-01", amount=5),
        ],
    )
    policy = matrix_policy()
    found = grades(policy, book)
    assert (found["big"], found["mid"], found["small"]) == ("maintain", "develop", "basic")
    held = GradeHistory(customer_id="big", policy="matrix").followed(
        "key_account", date(2024, 1, 1)
    )
    kept = grade_customers(policy, Facts.of(book, as_of=DAY), {"big": held})
    assert kept.by_customer["big"].after == "key_account"
    turned = matrix_policy(customer_figure("open_pipeline"), customer_figure("revenue", 12))
    assert grades(turned, book)["big"] == "develop"


def test_one_figure_may_serve_twice() -> None:
    """The same figure for both axes is declared once."""
    figure = customer_figure("revenue", months=12)
    policy = matrix_policy(figure, figure)
    assert set(grades(policy, BOOK).values()) == {"key_account", "basic"}
    again = lifecycle_policy(customer_figure("orders"))
    assert [one.name for one in again.fields if isinstance(one, CustomerFigure)].count(
        "orders"
    ) == 1


@given(
    crowded_books(),
    st.dates(date(2023, 6, 1), date(2024, 12, 1)),
    st.sampled_from(APART),
    st.data(),
)
def test_no_ladder(book: SalesBook, day: date, policy: GradingPolicy, data: st.DataObject) -> None:
    """From any grade a customer lands in one review where it belongs; unknown, nobody falls."""
    facts = Facts.of(book, as_of=day)
    fresh = grade_customers(policy, facts)
    keys = st.sampled_from([one.key for one in policy.grades])
    days = st.integers(0, 100)
    held = {
        one.customer_id: GradeHistory(customer_id=one.customer_id, policy=policy.name).followed(
            data.draw(keys), day - timedelta(days=data.draw(days))
        )
        for one in fresh.decisions
    }
    found = grade_customers(policy, facts, held)
    deciding = {"rfm": "rfm_grade", "abc": "abc_class", "matrix": "quadrant"}[policy.name]
    classes = found.customers.table.column(deciding)
    for one, new, where in zip(found.decisions, fresh.decisions, classes, strict=True):
        if where is None:
            assert one.before is not None
            assert one.after == max(one.before, new.after, key=policy.rank)
        else:
            assert one.after == new.after == where
            assert one.warned_on is None


def test_policies_do_not_depend_on_the_order_of_customers() -> None:
    """The same book with its customers turned round gives the same grades."""
    turned = attrs.evolve(BOOK, customers=tuple(reversed(BOOK.customers)))
    for policy in STANDARD_POLICIES:
        assert Counter(grades(policy, BOOK).items()) == Counter(grades(policy, turned).items())
