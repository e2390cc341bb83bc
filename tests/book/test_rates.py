"""One book in several currencies is priced under a named policy, row by row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, RateChoice, SalesBook, book_rates
from salescore.entities import StageKind
from salescore.errors import CurrencyMismatch, UnknownCurrency
from salescore.plain import Kind
from salescore.values import (
    EXACT,
    CalendarUnit,
    ConstantRates,
    EventDateRates,
    LockedAtCloseRates,
    PeriodAverageRates,
    Rate,
    RateKind,
    RatePolicy,
    RateTable,
)

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH, APRIL = (date(2017, month, 10) for month in (1, 2, 3, 4))


def rate(base: str, day: date, value: str, kind: RateKind = RateKind.SPOT) -> Rate:
    """Return a rate into dollars."""
    return Rate(base=base, quote="USD", rate=Decimal(value), valid_from=day, kind=kind)


TABLE = RateTable.of(
    [
        rate("EUR", date(2017, 1, 1), "1.05"),
        rate("EUR", date(2017, 3, 1), "1.10"),
        rate("EUR", date(2017, 1, 1), "1.06", RateKind.AVERAGE),
        rate("GBP", date(2017, 1, 5), "1.25"),
        rate("GBP", date(2017, 1, 15), "1.27", RateKind.AVERAGE),
        rate("JPY", date(2017, 2, 1), "0.009"),
    ]
)


def four(make: "Make") -> SalesBook:
    """Return January orders of 100 dollars, 200 euros, 40 pounds and 5000 yen."""
    amounts = [("100", "USD"), ("200", "EUR"), ("40", "GBP"), ("5000", "JPY")]
    return SalesBook(
        orders=[make.order(ordered_on=JANUARY)],
        order_lines=[
            make.line(id=f"L-{code}", net_amount=make.money(amount, code))
            for amount, code in amounts
        ],
    )


@pytest.mark.parametrize(
    ("policy", "priced"),
    [
        # 200 × 1.05, 40 × 1.25; the first yen rate is of February
        (EventDateRates("USD", TABLE), ["100", "210", "50", None]),
        # an order is final on its day, as under the event date
        (LockedAtCloseRates("USD", TABLE), ["100", "210", "50", None]),
        # 200 × 1.06, 40 × 1.27; no average of the yen
        (PeriodAverageRates("USD", TABLE), ["100", "212", "50.8", None]),
        # 200 × 1.2, 40 × 1.3, 5000 × 0.01
        (
            ConstantRates.of(
                "USD", {"EUR": Decimal("1.2"), "GBP": Decimal("1.3"), "JPY": Decimal("0.01")}
            ),
            ["100", "240", "52", "50"],
        ),
    ],
    ids=["event date", "locked at close", "period average", "constant"],
)
def test_four_currencies_under_each_policy(
    make: "Make",
    policy: RatePolicy,
    priced: list[str | None],
) -> None:
    """Each amount equals the one reckoned by hand; where there is no rate there is no amount."""
    facts = Facts.of(four(make), rates=policy)
    lines = facts.table("order_lines")
    expected = [None if one is None else Decimal(one) for one in priced]
    assert list(lines.column("net_amount")) == expected
    assert [a is None for a in lines.column("exchange_rate")] == [a is None for a in expected]
    assert facts.rates.name == policy.name
    assert list(facts.table("sales_lines").column("net_amount")) == expected


def test_an_opportunity_is_locked_when_it_closes(make: "Make") -> None:
    """A closed one stands at the rate of its close, an open one at that of the day of knowledge."""
    euros = make.money("100", "EUR")
    book = SalesBook(
        opportunities=[
            make.opportunity(
                kind=StageKind.WON, created_on=JANUARY, closed_on=FEBRUARY, amount=euros
            ),
            make.opportunity(id="CA-2", created_on=JANUARY, amount=euros),
            make.opportunity(id="CA-3", created_on=JANUARY),
        ],
    )
    locked = LockedAtCloseRates("USD", TABLE)
    assert Facts.of(book, rates=locked).table("opportunities").column("amount") == [105, 110, None]
    early = Facts.of(book, rates=locked, as_of=FEBRUARY).table("opportunities")
    assert early.column("amount") == [105, 105, None]
    assert early.column("exchange_rate") == [Decimal("1.05"), Decimal("1.05"), None]
    assert early.column("currency") == ["EUR", "EUR", None]
    event = Facts.of(book, rates=EventDateRates("USD", TABLE)).table("opportunities")
    assert event.column("amount") == [105, 105, None]


def test_late_missing_stale_and_undated_rows_are_told_apart(make: "Make") -> None:
    """One finding each by table, currency and what is wrong, with a count and one reason."""
    lines = [
        make.line(id="L-1", order_id="O-2", net_amount=make.money("1", "EUR")),
        make.line(id="L-2", net_amount=make.money("1", "EUR")),
        make.line(id="L-3", net_amount=make.money("1", "CHF")),
        make.line(id="L-4", net_amount=make.money("1", "CHF")),
        make.line(id="L-5", net_amount=make.money("1", "JPY")),
        make.line(id="L-6", order_id="O-9", net_amount=make.money("1", "EUR")),
        make.line(id="L-7"),
    ]
    orders = [make.order(ordered_on=JANUARY), make.order(id="O-2", ordered_on=FEBRUARY)]
    returns = {
        "returns": [make.of("returns", "RE-1", returned_on=APRIL)],
        "return_lines": [
            make.of("return_lines", return_id="RE-1", net_amount=make.money("1", "CHF"))
        ],
    }
    book = SalesBook(orders=orders, order_lines=lines, **returns)
    policy = EventDateRates("USD", TABLE, max_age_days=20)
    found = Facts.of(book, rates=policy).findings()
    assert [(one.code, one.subject, one.count) for one in found] == [
        ("missing-rate", "order_lines.currency/CHF", 2),
        ("stale-rate", "order_lines.currency/EUR", 1),
        ("undated-rate", "order_lines.currency/EUR", 1),
        ("late-rate", "order_lines.currency/JPY", 1),
        ("missing-rate", "sales_lines.currency/CHF", 1),
    ]
    euro = "counted, not priced: 1 order line in EUR; "
    assert [one.message for one in found[:4]] == [
        "counted, not priced: 2 order lines in CHF; no exchange rate from CHF to USD",
        f"{euro}the last rate from EUR to USD, of 2017-01-01, {STALE}",
        f"{euro}no date on which to take the exchange rate from EUR to USD",
        f"counted, not priced: 1 order line in JPY; {LATE}",
    ]


def test_rows_of_several_days_share_a_reason(make: "Make") -> None:
    """What a figure leaves out is counted by reason; the days stand with the row."""

    def reasons(policy: RatePolicy, code: str) -> list[str]:
        spent = [
            make.expense(id=str(day), spent_on=day, amount=make.money("1", code))
            for day in (JANUARY, date(2017, 1, 20))
        ]
        table = Facts.of(SalesBook(expenses=spent), rates=policy).table("expenses")
        assert table.conversion(0) != table.conversion(1)
        return [table.null_reason("amount", number) for number in range(2)]

    event, stale = EventDateRates("USD", TABLE), EventDateRates("USD", TABLE, max_age_days=1)
    average = PeriodAverageRates("USD", TABLE, unit=CalendarUnit.DAY)
    assert reasons(event, "JPY") == ["no exchange rate from JPY to USD yet"] * 2
    assert reasons(stale, "GBP") == ["the last rate from GBP to USD is too old"] * 2
    assert reasons(average, "JPY") == ["no average exchange rate from JPY to USD in its period"] * 2


STALE = "is 40 days old on 2017-02-10; at most 20 are allowed"
LATE = "no exchange rate from JPY to USD on or before 2017-01-10; the first is of 2017-02-01"


def test_sales_lines_are_priced_each_on_its_own_day(make: "Make") -> None:
    """What came back stands at the rate of the day it came back, in whatever currencies."""
    book = SalesBook(
        orders=[make.order(ordered_on=JANUARY)],
        order_lines=[make.line(net_amount=make.money("100", "EUR"))],
        returns=[make.of("returns", "RE-1", returned_on=MARCH)],
        return_lines=[
            make.of("return_lines", return_id="RE-1", net_amount=make.money("10", "EUR"))
        ],
    )
    sold = Facts.of(book, rates=EventDateRates("USD", TABLE)).table("sales_lines")
    assert sold.column("net_amount") == [105, -11]
    assert sold.column("exchange_rate") == [Decimal("1.05"), Decimal("1.10")]
    dollars = attrs.evolve(book, order_lines=[make.line()])
    sold = Facts.of(dollars, rates=EventDateRates("USD", TABLE)).table("sales_lines")
    assert sold.column("net_amount") == [10, -11]
    assert sold.column("currency") == ["USD", "EUR"]
    assert (sold.conversion(0).rate, sold.null_reason("cost", 0)) == (1, "cost unknown")  # type: ignore[union-attr]


def recorded(make: "Make", key: str, **fields: Any) -> Any:  # noqa: ANN401 - any field
    """Return an exchange rate of a book, of one euro unless told otherwise."""
    told = {"base": "EUR", "quote": "USD", "valid_from": date(2017, 1, 1)}
    return make.of("exchange_rates", key, **{**told, **fields})


def test_a_book_brings_its_own_rates(make: "Make") -> None:
    """Without a policy the known rates of the book hold, each row on its own date."""
    late = datetime(2017, 6, 1, tzinfo=UTC)
    rates = [
        recorded(make, "1", rate=Decimal("1.05")),
        recorded(make, "2", rate=Decimal(9), base="EU"),
        recorded(make, "3", rate=Decimal(9), base="USD"),
        recorded(make, "4", rate=Decimal("1.5")),  # contradicts the first, which counts
        recorded(make, "5", rate=Decimal(2), valid_from=date(2017, 1, 5), recorded_at=late),
    ]
    book = attrs.evolve(four(make), exchange_rates=rates)
    facts = Facts.of(book, currency="USD")
    assert facts.rates.name == "event_date"
    assert list(facts.table("order_lines").column("net_amount")) == [100, 400, None, None]
    before = Facts.of(book, currency="USD", as_of=MARCH)
    assert list(before.table("order_lines").column("net_amount")) == [100, 210, None, None]
    again = facts.at(MARCH)  # asks the book again, and does not reuse what was learnt in June
    assert list(again.table("order_lines").column("net_amount")) == [100, 210, None, None]
    assert again.currency == "USD"


def test_a_rate_announced_ahead_is_not_used_before_it_begins(make: "Make") -> None:
    """Known early and valid later: as of a day between, the older rate holds."""
    ahead = datetime(2017, 1, 1, tzinfo=UTC)
    book = SalesBook(
        expenses=[make.expense(spent_on=APRIL, amount=make.money("10", "EUR"), recorded_at=ahead)],
        exchange_rates=[
            recorded(make, "1", rate=Decimal("1.1")),
            recorded(make, "2", rate=Decimal(3), valid_from=MARCH, recorded_at=ahead),
        ],
    )
    for choice in (RateChoice.EVENT_DATE, RateChoice.LOCKED_AT_CLOSE, RateChoice.CONSTANT):
        facts = Facts.of(book, currency="USD", rates=choice, as_of=FEBRUARY)
        assert facts.table("expenses").column("amount") == [11], choice
        assert Facts.of(book, currency="USD", rates=choice).table("expenses").column("amount") == [
            30
        ]


def test_a_given_policy_forgets_what_came_later(make: "Make") -> None:
    """As of a day, only the rates that began by then are used."""
    facts = Facts.of(four(make), rates=EventDateRates("USD", TABLE), as_of=JANUARY)
    assert facts.rates == EventDateRates("USD", TABLE.at(JANUARY))
    assert facts.at(date(2017, 1, 2)).rates == EventDateRates("USD", TABLE.at(date(2017, 1, 2)))


def test_each_choice_names_its_policy(make: "Make") -> None:
    """The review prints the name of the policy, and another currency than its own is refused."""
    book = attrs.evolve(four(make), exchange_rates=[recorded(make, "1", rate=Decimal("1.5"))])
    for choice in RateChoice:
        facts = Facts.of(book, currency="USD", rates=choice)
        assert (facts.rates.name, facts.currency) == (choice.value, "USD")
        assert facts.table("order_lines").column("net_amount")[1] == 300
    assert Facts.of(four(make), currency="USD").rates == ConstantRates("USD")
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Facts.of(book, currency="EUR", rates=EventDateRates("USD", TABLE))
    with pytest.raises(UnknownCurrency):
        book_rates(book, "US")


def test_rates_lead_through_a_third_currency(make: "Make") -> None:
    """Where no rate leads straight, the currency with the most pairs is gone through."""
    book = SalesBook(
        expenses=[make.expense(spent_on=MARCH, amount=make.money("1000", "JPY"))],
        exchange_rates=[
            recorded(make, "1", rate=Decimal("1.25")),
            recorded(make, "2", quote="JPY", rate=Decimal(125), source=" "),
            recorded(make, "3", quote="GBP", rate=Decimal("0.8"), source="bank"),
        ],
    )
    facts = Facts.of(book, currency="USD")
    assert facts.rates.via == ("EUR",)  # type: ignore[attr-defined]
    table = facts.table("expenses")
    assert table.column("amount") == [10]
    assert "EUR/JPY" in table.conversion(0).note  # type: ignore[union-attr]


TEN = {"EUR": Decimal("1.1"), "JPY": Decimal("0.01")}


@settings(max_examples=20, deadline=None)
@given(testing.books(faulty=True), st.sampled_from([Decimal(10), Decimal("0.1"), Decimal(7)]))
def test_what_is_not_in_the_reporting_currency_scales_with_its_rate(
    book: SalesBook, factor: Decimal
) -> None:
    """Rates so many times as high make foreign amounts so many times as high, and no others."""
    one = Facts.of(book, rates=ConstantRates.of("USD", TEN))
    higher = {code: EXACT.multiply(rate, factor) for code, rate in TEN.items()}
    other = Facts.of(book, rates=ConstantRates.of("USD", higher))
    for schema in FACT_TABLES:
        if "currency" not in schema:
            continue
        left, right = one.table(schema.name), other.table(schema.name)
        codes = left.column("currency")
        for field in schema.fields:
            if field.unit == "money" and field.kind is Kind.DECIMAL:
                for code, a, b in zip(
                    codes, left.column(field.name), right.column(field.name), strict=True
                ):
                    scaled = a if a is None or code == "USD" else EXACT.multiply(a, factor)
                    assert b == scaled


def test_the_last_rate_may_be_tiny(make: "Make") -> None:
    """One won in dollars has more than 18 digits behind the point; no rate is refused for that."""
    book = SalesBook(
        orders=[make.order()],
        order_lines=[make.line(net_amount=make.money("1362030", "KRW"))],
        exchange_rates=[
            make.of(
                "exchange_rates",
                base="USD",
                quote="KRW",
                rate=Decimal("1362.03"),
                valid_from=date(2017, 1, 1),
            )
        ],
    )
    facts = Facts.of(book, currency="USD", rates=RateChoice.CONSTANT)
    (worth,) = facts.table("order_lines").column("net_amount")
    assert round(worth, 9) == Decimal(1000)
    assert facts.rates.name == "constant"


def test_daily_averages_make_a_mean_of_the_month(make: "Make") -> None:
    """Several averages in a month are averaged, pair by pair; spot rates stand in for none."""
    rates = [
        ("EUR", 1, "1.0", RateKind.AVERAGE),
        ("EUR", 2, "1.2", RateKind.AVERAGE),
        ("EUR", 3, "9.9", RateKind.SPOT),
        ("GBP", 1, "1.4", RateKind.SPOT),
        ("GBP", 2, "1.6", RateKind.SPOT),
    ]
    book = SalesBook(
        orders=[make.order(ordered_on=date(2017, 3, 20))],
        order_lines=[
            make.line(net_amount=make.money("10", "EUR")),
            make.line(id="L-2", net_amount=make.money("10", "GBP")),
        ],
        exchange_rates=[
            make.of(
                "exchange_rates",
                f"R-{place}",
                base=base,
                quote="USD",
                rate=Decimal(number),
                valid_from=date(2017, 3, day),
                kind=kind,
            )
            for place, (base, day, number, kind) in enumerate(rates)
        ],
    )
    facts = Facts.of(book, currency="USD", rates=RateChoice.PERIOD_AVERAGE)
    assert facts.table("order_lines").column("net_amount") == [Decimal("11.0"), Decimal("15.0")]


def test_an_age_limit_for_the_rates_of_a_book(make: "Make") -> None:
    """A rate of January is too old for an order in March where 31 days are allowed."""
    book = SalesBook(
        orders=[make.order(ordered_on=date(2017, 3, 20))],
        order_lines=[make.line(net_amount=make.money("10", "EUR"))],
        exchange_rates=[
            make.of(
                "exchange_rates",
                base="EUR",
                quote="USD",
                rate=Decimal("1.1"),
                valid_from=date(2017, 1, 1),
            )
        ],
    )
    for choice in (RateChoice.EVENT_DATE, RateChoice.LOCKED_AT_CLOSE):
        facts = Facts.of(book, rates=book_rates(book, "USD", choice, max_age_days=31))
        assert [one.code for one in facts.findings()] == ["stale-rate"]


def test_the_first_day_of_a_rate_is_no_business(make: "Make") -> None:
    """A rate for next year does not move the last day of business."""
    rate = make.of(
        "exchange_rates", base="EUR", quote="USD", rate=Decimal(1), valid_from=date(2019, 1, 1)
    )
    book = SalesBook(orders=[make.order(ordered_on=date(2017, 3, 20))], exchange_rates=[rate])
    assert book.last_day == date(2017, 3, 20)
