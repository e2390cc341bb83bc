"""A table finds the rate of a day, says how it came about, or why there is none."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InvalidDate, InvalidRecord, InvalidValue, UnknownCurrency
from salescore.values import (
    Calendar,
    MissingRate,
    Period,
    Rate,
    RateGap,
    RateKind,
    RateTable,
    UsedRate,
)

DAY = date(2026, 1, 5)
LATE = date(2026, 3, 1)
#: One rounding to 16 significant digits moves a number by at most this share of itself.
ROUNDING = Fraction(5, 10**16)
DAYS = testing.days(date(2015, 1, 1), date(2020, 1, 1))


def rate(
    pair: str,
    value: str,
    day: date = DAY,
    kind: RateKind = RateKind.SPOT,
    source: str | None = None,
) -> Rate:
    """Return the rate of a pair such as "EUR/USD"."""
    base, quote = pair.split("/")
    return Rate(
        base=base, quote=quote, rate=Decimal(value), valid_from=day, kind=kind, source=source
    )


def used(found: UsedRate | MissingRate) -> UsedRate:
    """Return a rate that must be there."""
    assert isinstance(found, UsedRate), found
    return found


def reason(found: UsedRate | MissingRate) -> str:
    """Return why a rate is missing, which it must be."""
    assert isinstance(found, MissingRate), found
    return found.reason


def test_the_last_rate_on_or_before_the_day_counts() -> None:
    """A rate holds from its first day until the next one begins, and is exact."""
    early, late = rate("EUR/USD", "1.0800", DAY, source="ECB"), rate("EUR/USD", "1.1", LATE)
    table = RateTable.of([late, early])
    found = table.find("EUR", "USD", DAY)
    assert found == UsedRate(Decimal("1.08"), (early,), "EUR/USD spot of 2026-01-05, ECB")
    assert str(used(found).rate) == "1.0800"
    assert table.find("EUR", "USD", LATE - timedelta(days=1)) == found
    assert used(table.find("EUR", "USD", LATE)).legs == (late,)
    assert used(table.find("EUR", "USD", date.max)).legs == (late,)


def test_a_currency_in_itself_is_one() -> None:
    """No rate is needed for that, and none is named."""
    assert RateTable().find("EUR", "EUR", DAY) == UsedRate(Decimal(1), (), "EUR itself")


def test_the_inverse_is_noted() -> None:
    """Where only the pair turned round has a rate, that is turned back."""
    table = RateTable.of([rate("USD/EUR", "0.9697", source="ECB")])
    found = used(table.find("EUR", "USD", DAY))
    assert str(found.rate) == "1.031246777353821"  # 1 / 0.9697 = 1.03124677735382076...
    assert found.legs == table.rates
    assert found.note == "inverse of USD/EUR spot of 2026-01-05, ECB"


def test_the_newer_of_a_pair_and_its_inverse_wins_over_a_third_currency() -> None:
    """Of one day the pair as it was asked for holds; a third currency stands in for no rate."""
    direct = rate("EUR/USD", "1.1")
    inverse = rate("USD/EUR", "0.8", LATE)
    cross = [rate("EUR/JPY", "160", LATE), rate("USD/JPY", "150", LATE)]
    table = RateTable.of([*cross, inverse, direct])
    assert used(table.find("EUR", "USD", DAY, via=("JPY",))).legs == (direct,)
    assert used(table.find("EUR", "USD", LATE, via=("JPY",))).rate == Decimal("1.25")
    both = RateTable.of([*cross, inverse, rate("EUR/USD", "1.3", LATE)])
    assert used(both.find("EUR", "USD", LATE, via=("JPY",))).rate == Decimal("1.3")
    table = RateTable.of([*cross, inverse])
    assert used(table.find("EUR", "USD", LATE, via=("JPY",))).rate == Decimal("1.25")
    found = used(RateTable.of(cross).find("EUR", "USD", LATE, via=("JPY",)))
    assert str(found.rate) == "1.066666666666667"
    assert found.legs == (cross[0], cross[1])
    assert found.note == ("EUR/JPY spot of 2026-03-01 × inverse of USD/JPY spot of 2026-03-01")


def test_third_currencies_are_tried_in_the_order_given() -> None:
    """The first of `via` with both legs is taken; the ends of the way are no third currency."""
    rates = [rate(pair, "2") for pair in ("SEK/JPY", "JPY/EUR", "SEK/CHF", "CHF/EUR")]
    table = RateTable.of(rates)
    for pivot, via in (("JPY", ("SEK", "USD", "JPY", "CHF")), ("CHF", ("CHF", "JPY", "EUR"))):
        found = used(table.find("SEK", "EUR", DAY, via=via))
        assert found.rate == 4
        assert found.legs[0].quote == found.legs[1].base == pivot


def test_a_stale_rate_is_not_used() -> None:
    """A rate may be exactly as old as the limit says; a day later it is missing, and why."""
    table = RateTable.of([rate("SEK/EUR", "0.09")])
    assert used(table.find("SEK", "EUR", DAY + timedelta(days=31), max_age_days=31))
    assert reason(table.find("SEK", "EUR", date(2026, 2, 14), max_age_days=31)) == (
        "the last rate from SEK to EUR, of 2026-01-05, is 40 days old on 2026-02-14; "
        "at most 31 are allowed"
    )
    assert reason(table.find("SEK", "EUR", date(2026, 1, 6), max_age_days=0)) == (
        "the last rate from SEK to EUR, of 2026-01-05, is 1 day old on 2026-01-06; "
        "at most 0 are allowed"
    )
    budget = RateTable.of([rate("SEK/EUR", "0.09", kind=RateKind.BUDGET)])
    found = budget.find("SEK", "EUR", LATE, kind=RateKind.BUDGET, max_age_days=1)
    assert reason(found).startswith("the last budget rate from SEK to EUR")


def test_a_stale_rate_gives_way_to_the_next_way() -> None:
    """Each leg stands under the limit; of two stale rates the younger is named."""
    stale, fresh = rate("EUR/USD", "1.1"), rate("USD/EUR", "0.8", LATE)
    table = RateTable.of([stale, fresh])
    assert used(table.find("EUR", "USD", LATE, max_age_days=7)).legs == (fresh,)
    both = RateTable.of([stale, rate("USD/EUR", "0.8", DAY + timedelta(days=1))])
    assert ", of 2026-01-06, is 54 days" in reason(both.find("EUR", "USD", LATE, max_age_days=7))
    turned = RateTable.of([rate("EUR/USD", "1.1", DAY + timedelta(days=1)), rate("USD/EUR", "0.8")])
    assert ", of 2026-01-06, is 54 days" in reason(turned.find("EUR", "USD", LATE, max_age_days=7))


def test_a_missing_rate_says_why() -> None:
    """No rate at all, none yet, or none of the kind: each has its words."""
    table = RateTable.of([rate("SEK/EUR", "0.09", LATE), rate("EUR/SEK", "11", date(2026, 2, 1))])
    assert reason(table.find("NOK", "EUR", DAY)) == "no exchange rate from NOK to EUR"
    assert reason(table.find("NOK", "EUR", DAY, via=("EUR", "USD", "CHF"))) == (
        "no exchange rate from NOK to EUR, nor through USD or CHF"
    )
    assert reason(table.find("SEK", "EUR", DAY)) == (
        "no exchange rate from SEK to EUR on or before 2026-01-05; the first is of 2026-02-01"
    )
    assert reason(table.find("EUR", "SEK", DAY)) == (
        "no exchange rate from EUR to SEK on or before 2026-01-05; the first is of 2026-02-01"
    )
    assert reason(table.find("SEK", "EUR", LATE, kind=RateKind.BUDGET)) == (
        "no budget exchange rate from SEK to EUR"
    )


def test_a_way_with_a_gap_names_the_gap() -> None:
    """Where the pair has no rate, the leg that is late is named; half a way is no way."""
    late = [rate("SEK/USD", "0.1"), rate("USD/EUR", "0.9", LATE)]
    first = "no exchange rate from USD to EUR on or before 2026-01-05; the first is of 2026-03-01"
    table = RateTable.of(late)
    assert reason(table.find("SEK", "EUR", DAY, via=("CHF", "USD"))) == first
    turned = "no exchange rate from EUR to USD on or before 2026-01-05; the first is of 2026-03-01"
    assert reason(table.find("EUR", "SEK", DAY, via=("USD", "CHF"))) == turned
    two = RateTable.of([*late, rate("SEK/CHF", "0.1", LATE), rate("CHF/EUR", "1")])
    assert reason(two.find("SEK", "EUR", DAY, via=("USD", "CHF"))) == first
    half = RateTable.of(late[1:])
    assert reason(half.find("SEK", "EUR", DAY, via=("USD",))) == (
        "no exchange rate from SEK to EUR, nor through USD"
    )


def test_days_far_apart() -> None:
    """From the first day there is to the last, a rate without a limit holds; with one it is old."""
    table = RateTable.of([rate("EUR/USD", "1.1", date.min)])
    assert used(table.find("EUR", "USD", date.max)).rate == Decimal("1.1")
    assert "is 3652058 days old" in reason(table.find("EUR", "USD", date.max, max_age_days=10**6))


def test_refuses_questions_that_have_no_answer() -> None:
    """Codes are of currencies, days are days, and limits are whole numbers of them."""
    table = RateTable()
    for base, quote, via in (("XYZ", "EUR", ()), ("EUR", "XYZ", ()), ("EUR", "USD", ("XYZ",))):
        with pytest.raises(UnknownCurrency):
            table.find(base, quote, DAY, via=via)
    with pytest.raises(InvalidDate, match="without a time"):
        table.find("EUR", "USD", datetime(2026, 1, 5, tzinfo=UTC))
    with pytest.raises(InvalidDate):
        table.at("2026-01-05")  # type: ignore[arg-type]
    for limit in (-1, True, 1.5):
        with pytest.raises(InvalidValue, match="max_age_days"):
            table.find("EUR", "USD", DAY, max_age_days=limit)  # type: ignore[arg-type]


def test_a_rate_said_twice_counts_once() -> None:
    """Also with zeros behind the point, and by two sources; a named source is kept."""
    plain, longer = rate("EUR/USD", "1.08"), rate("EUR/USD", "1.080")
    ecb, fed = rate("EUR/USD", "1.08", source="ECB"), rate("EUR/USD", "1.08", source="FED")
    for order in ([plain, longer, plain], [longer, plain]):
        assert str(RateTable.of(order).rates[0].rate) == "1.08"
    assert RateTable.of([plain, fed, ecb]).rates == (ecb,)
    assert RateTable.of([plain, ecb, fed], prefer=["FED"]).rates == (fed,)


def test_contradicting_rates_are_refused() -> None:
    """Both are named, and what would settle it; one source cannot be preferred to itself."""
    ecb, fed = rate("EUR/USD", "1.08", source="ECB"), rate("EUR/USD", "1.09", source="FED")
    with pytest.raises(InvalidRecord) as refused:
        RateTable.of([fed, ecb])
    assert refused.value.fault == (
        "EUR/USD spot of 2026-01-05, ECB says 1.08, EUR/USD spot of 2026-01-05, FED says 1.09; "
        "name the source to trust in prefer"
    )
    with pytest.raises(InvalidRecord, match="name the source"):
        RateTable.of([fed, ecb], prefer=["BOJ"])
    again = rate("EUR/USD", "1.10", source="FED")
    for prefer in ([], ["FED"]):
        with pytest.raises(InvalidRecord, match="one source has one rate"):
            RateTable.of([fed, again], prefer=prefer)
    with pytest.raises(InvalidRecord, match="one source has one rate"):
        RateTable.of([rate("EUR/USD", "1.08"), rate("EUR/USD", "1.09")])


def test_a_trusted_source_wins() -> None:
    """The earliest of `prefer` that speaks is kept; what it outranks may contradict anybody."""
    ecb, fed = rate("EUR/USD", "1.08", source="ECB"), rate("EUR/USD", "1.09", source="FED")
    other = rate("EUR/USD", "1.10")
    assert RateTable.of([other, fed, ecb], prefer=["FED", "ECB", "FED"]).rates == (fed,)
    assert RateTable.of([other, fed, ecb], prefer=["BOJ", "ECB"]).rates == (ecb,)
    worse = rate("EUR/USD", "1.11", source="Reuters")
    assert RateTable.of([other, worse, ecb], prefer=["ECB"]).rates == (ecb,)
    jpy = rate("EUR/JPY", "160")
    assert RateTable.of([jpy, fed, ecb], prefer=["ECB"]).rates == (jpy, ecb)


def test_refuses_tables_that_are_none() -> None:
    """A table made by hand holds rates, in order, each once."""
    one, other = rate("EUR/USD", "1.08"), rate("EUR/USD", "1.09", LATE)
    assert RateTable((one, other)) == RateTable.of([other, one])
    for rates in ((other, one), (one, one)):
        with pytest.raises(InvalidRecord, match="must be sorted"):
            RateTable(rates)
    for wrong in ([one], ("EUR",)):
        with pytest.raises(InvalidRecord, match="expected a tuple of Rate"):
            RateTable(wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidRecord, match="expected rates"):
        RateTable.of(["EUR"])  # type: ignore[list-item]


def test_rates_without_their_currency_are_found() -> None:
    """A rate before or after its currency's time is counted, by pair and currency."""
    table = RateTable.of(
        [
            rate("USD/VEB", "2144", date(2007, 12, 31)),
            rate("USD/VEB", "2144", date(2008, 1, 1)),
            rate("USD/VEB", "2144", date(2011, 5, 31)),
            rate("EUR/VEF", "3", date(1998, 12, 31)),
        ]
    )
    found = [(one.code, one.subject, one.count, one.message) for one in table.findings()]
    pair, code = "rates of {} stand on days without {}, which is valid {}", "currency-not-valid"
    both = "from 2008-01-01 until 2018-08-19"
    assert found == [
        (code, "rates/EUR-VEF", 1, pair.format("EUR/VEF", "EUR", "from 1999-01-01")),
        (code, "rates/EUR-VEF", 1, pair.format("EUR/VEF", "VEF", both)),
        (code, "rates/USD-VEB", 2, pair.format("USD/VEB", "VEB", "until 2007-12-31")),
    ]


JANUARY = Calendar().parse("2026-01")


def average(pair: str, value: str, day: date = DAY) -> Rate:
    """Return an average rate."""
    return rate(pair, value, day, RateKind.AVERAGE)


def test_an_average_begins_in_its_period() -> None:
    """Neither the period before nor the one after lends its average."""
    table = RateTable.of(
        [
            average("EUR/USD", "1.1", date(2025, 12, 31)),
            average("EUR/USD", "1.2", date(2026, 1, 31)),
            average("EUR/USD", "1.3", date(2026, 2, 1)),
        ]
    )
    assert used(table.average("EUR", "USD", JANUARY)).rate == Decimal("1.2")
    assert used(table.average("USD", "EUR", JANUARY)).note == (
        "inverse of EUR/USD average of 2026-01-31"
    )
    march = Calendar().parse("2026-03")
    missing = "no average exchange rate from EUR to USD in 2026-03"
    assert reason(table.average("EUR", "USD", march)) == missing
    assert reason(table.average("EUR", "USD", march, by_mean=True)) == missing
    assert used(table.average("EUR", "EUR", march)).rate == 1


def test_several_averages_of_a_period_are_none() -> None:
    """None of them is that of the period; the other direction may still have one."""
    pair = [average("EUR/USD", "1.1"), average("EUR/USD", "1.2", date(2026, 1, 31))]
    assert reason(RateTable.of(pair).average("EUR", "USD", JANUARY)) == (
        "2 average exchange rates from EUR to USD in 2026-01; one is expected"
    )
    table = RateTable.of([*pair, average("USD/EUR", "0.5")])
    assert used(table.average("EUR", "USD", JANUARY)).rate == 2
    more = [average("USD/EUR", "0.5", date(2026, 1, day)) for day in (5, 6, 7)]
    assert reason(RateTable.of([*pair, *more]).average("EUR", "USD", JANUARY)) == (
        "2 average exchange rates from EUR to USD in 2026-01; one is expected"
    )


def test_a_mean_of_spot_rates_is_for_those_who_ask() -> None:
    """It is exact until rounded once, names how many rates it is of, and never beats an average."""
    spots = [rate("EUR/USD", value, date(2026, 1, day)) for day, value in ((1, "1.1"), (31, "1.2"))]
    outside = [rate("EUR/USD", "9", date(2026, 2, 1)), rate("EUR/USD", "9", date(2025, 12, 31))]
    table = RateTable.of(spots + outside)
    assert isinstance(table.average("EUR", "USD", JANUARY), MissingRate)
    found = used(table.average("EUR", "USD", JANUARY, by_mean=True))
    assert str(found.rate) == "1.15"
    assert found.legs == tuple(spots)
    assert found.note == "mean of 2 EUR/USD spot rates in 2026-01"
    turned = used(table.average("USD", "EUR", JANUARY, by_mean=True))
    # (1/1.1 + 1/1.2) / 2 = 0.87121212..., which is not 1/1.15.
    assert str(turned.rate) == "0.8712121212121212"
    assert turned.note == "mean of the inverses of 2 EUR/USD spot rates in 2026-01"
    stated = RateTable.of([*table.rates, average("EUR/USD", "1.3")])
    assert used(stated.average("EUR", "USD", JANUARY, by_mean=True)).rate == Decimal("1.3")


def test_averages_lead_through_a_third_currency() -> None:
    """Averages of both legs, or means of both: the two are not mixed."""
    legs = [average("SEK/USD", "0.1"), average("USD/EUR", "0.9")]
    table = RateTable.of(legs)
    assert used(table.average("SEK", "EUR", JANUARY, via=("USD",))).rate == Decimal("0.09")
    assert reason(table.average("SEK", "EUR", JANUARY)) == (
        "no average exchange rate from SEK to EUR in 2026-01"
    )
    mixed = RateTable.of([legs[0], rate("USD/EUR", "0.9")])
    assert reason(mixed.average("SEK", "EUR", JANUARY, by_mean=True, via=("USD",))) == (
        "no average exchange rate from SEK to EUR in 2026-01, nor through USD"
    )


# Laws ---------------------------------------------------------------------------------------

CODES = st.sampled_from(testing.CURRENCIES)
SPOTS = testing.rate_tables(kinds=[RateKind.SPOT], least=5)
VIA = st.lists(CODES, max_size=3).map(tuple)


@given(testing.rate_tables(), st.randoms())
def test_the_order_of_the_rates_changes_nothing(table: RateTable, random: object) -> None:
    """A table is a set of rates; making it again from itself gives the same."""
    rates = list(table.rates)
    random.shuffle(rates)  # type: ignore[attr-defined]
    assert RateTable.of(rates + rates[:3]) == table


@given(SPOTS, CODES, CODES, DAYS, DAYS, VIA)
def test_later_rates_change_nothing_earlier(
    table: RateTable, base: str, quote: str, one: date, other: date, via: tuple[str, ...]
) -> None:
    """What is known on a day finds the same rate for that day as everything known later."""
    on, as_of = sorted([one, other])
    known, everything = (found.find(base, quote, on, via=via) for found in (table.at(as_of), table))
    assert type(known) is type(everything)
    assert isinstance(known, MissingRate) or known == everything
    assert all(rate.valid_from <= as_of for rate in table.at(as_of).rates)
    assert table.at(one).at(other) == table.at(on)


@given(SPOTS, CODES, CODES, DAYS, st.integers(0, 400), VIA)
def test_what_is_found_is_what_its_legs_say(
    table: RateTable, base: str, quote: str, on: date, age: int, via: tuple[str, ...]
) -> None:
    """A rate is its legs multiplied, turned where needed, rounded once; every leg is fresh."""
    found = table.find(base, quote, on, max_age_days=age, via=via)
    if isinstance(found, MissingRate):
        assert base != quote
        return
    at, exact = base, Fraction(1)
    for leg in found.legs:
        assert leg in table.rates
        assert 0 <= (on - leg.valid_from).days <= age
        forward = leg.base == at
        assert at in (leg.base, leg.quote)
        at = leg.quote if forward else leg.base
        exact *= Fraction(leg.rate) if forward else 1 / Fraction(leg.rate)
    assert at == quote
    assert found.rate > 0
    assert abs(Fraction(found.rate) - exact) <= exact * ROUNDING
    if len(found.legs) == 1 and found.legs[0].base == base:
        assert Fraction(found.rate) == exact


@given(SPOTS, CODES, CODES, DAYS)
def test_there_and_back_is_one_within_rounding(
    table: RateTable, base: str, quote: str, on: date
) -> None:
    """Where only one direction is given, the two answers multiply to 1 within the digits kept."""
    there, back = table.find(base, quote, on), table.find(quote, base, on)
    assert type(there) is type(back)
    if isinstance(there, UsedRate) and isinstance(back, UsedRate) and there.legs == back.legs:
        product = Fraction(there.rate) * Fraction(back.rate)
        assert abs(product - 1) <= ROUNDING


@given(st.decimals("0.01", 100, places=6), st.sampled_from([Decimal(10), Decimal("0.5")]))
def test_the_inverse_of_the_inverse_is_the_rate_within_rounding(
    value: Decimal, factor: Decimal
) -> None:
    """Turned twice a rate is itself within two roundings, and inverses scale the other way."""
    turned = used(RateTable.of([rate("EUR/USD", str(value))]).find("USD", "EUR", DAY)).rate
    back = used(RateTable.of([rate("USD/EUR", str(turned))]).find("EUR", "USD", DAY)).rate
    assert abs(Fraction(back) / Fraction(value) - 1) <= 3 * ROUNDING
    scaled = RateTable.of([rate("EUR/USD", str(value * factor))])
    exact = used(scaled.find("EUR", "USD", DAY)).rate
    assert exact == value * factor
    half = used(scaled.find("USD", "EUR", DAY)).rate
    assert abs(Fraction(half) * Fraction(factor) / Fraction(turned) - 1) <= 3 * ROUNDING


@given(testing.rate_tables(["EUR", "USD"], [RateKind.SPOT], least=1), testing.periods())
def test_a_mean_lies_between_its_rates(table: RateTable, period: Period) -> None:
    """The mean of a period is of the period's rates, and within their range."""
    found = table.average("EUR", "USD", period, by_mean=True)
    if isinstance(found, MissingRate):
        assert not any(rate.valid_from in period for rate in table.rates)
        return
    (pair,) = {leg.pair for leg in found.legs}
    inside = [one for one in table.rates if one.pair == pair and one.valid_from in period]
    assert found.legs == tuple(inside)
    ends = [Fraction(one.rate) for one in inside]
    if pair == "USD/EUR":
        ends = [1 / end for end in ends]
    value = Fraction(found.rate)
    assert min(ends) * (1 - ROUNDING) <= value <= max(ends) * (1 + ROUNDING)


def test_a_table_is_frozen() -> None:
    """Nothing can be put into a table after it was made."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        RateTable().rates = ()  # type: ignore[misc]


@given(
    testing.rate_tables(
        ["SEK", "NOK"],
        [RateKind.BUDGET],
        first=DAY,
        last=LATE,
        least=1,
        most=3,
    )
)
def test_tables_are_as_asked(table: RateTable) -> None:
    """Currencies, kinds, days and number of rates are the caller's to choose."""
    assert 1 <= len(table.rates) <= 3
    for one in table.rates:
        assert {one.base, one.quote} == {"SEK", "NOK"}
        assert one.kind is RateKind.BUDGET
        assert DAY <= one.valid_from <= LATE


@pytest.mark.parametrize(
    ("found", "gap", "general"),
    [
        (
            RateTable().find("SEK", "USD", DAY),
            RateGap.MISSING,
            "no exchange rate from SEK to USD",
        ),
        (
            RateTable.of([rate("EUR/USD", "1.1", LATE)]).find("EUR", "USD", DAY),
            RateGap.LATE,
            "no exchange rate from EUR to USD yet",
        ),
        (
            RateTable.of([rate("EUR/USD", "1.1", DAY)]).find("EUR", "USD", LATE, max_age_days=1),
            RateGap.STALE,
            "the last rate from EUR to USD is too old",
        ),
    ],
)
def test_a_missing_rate_says_in_general_what_is_wrong(
    found: UsedRate | MissingRate, gap: RateGap, general: str
) -> None:
    """Rows of many days share the kind of fault and words without a day."""
    assert isinstance(found, MissingRate)
    assert (found.gap, found.general) == (gap, general)
    assert str(DAY) not in general
