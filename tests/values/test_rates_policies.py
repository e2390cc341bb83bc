"""Each policy keeps the laws of all, and takes the rate that its name says."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InvalidDate, InvalidRecord, InvalidValue, UnknownCurrency
from salescore.values import (
    Calendar,
    CalendarUnit,
    ConstantRates,
    EventDateRates,
    LockedAtCloseRates,
    MissingRate,
    PeriodAverageRates,
    Rate,
    RateKind,
    RatePolicy,
    RateTable,
    UsedRate,
)

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
MONTHS = (JAN, FEB, MAR)


def rates(*values: str, kind: RateKind = RateKind.SPOT, base: str = "EUR") -> list[Rate]:
    """Return rates in dollars of the ends of January, February and March."""
    return [
        Rate(base=base, quote="USD", rate=Decimal(value), valid_from=day, kind=kind)
        for value, day in zip(values, MONTHS, strict=False)
    ]


TABLE = RateTable.of([*rates("1.1", "1.2", "1.3"), *rates("1.15", "1.25", kind=RateKind.AVERAGE)])


def value(found: UsedRate | MissingRate) -> Decimal:
    """Return the rate, which must be there."""
    assert isinstance(found, UsedRate), found
    return found.rate


def reason(found: UsedRate | MissingRate) -> str:
    """Return why the rate is missing, which it must be."""
    assert isinstance(found, MissingRate), found
    return found.reason


# The laws of every policy -------------------------------------------------------------------


def constant(table: RateTable) -> RatePolicy:
    """Return constant rates: the first of each pair in dollars."""
    first = {rate.base: rate.rate for rate in reversed(table.rates) if rate.quote == "USD"}
    return ConstantRates.of("USD", first)


def event_date(table: RateTable) -> RatePolicy:
    """Return rates of the row's date."""
    return EventDateRates("USD", table, via=("EUR",))


def locked(table: RateTable) -> RatePolicy:
    """Return rates of the closing, and of the table's last day."""
    return LockedAtCloseRates("USD", table, via=("EUR",))


def locked_as_of(table: RateTable) -> RatePolicy:
    """Return rates of the closing, and of one day."""
    return LockedAtCloseRates("USD", table, date(2017, 6, 30))


def average(table: RateTable) -> RatePolicy:
    """Return average rates of quarters, or means of spot rates."""
    unit = CalendarUnit.QUARTER
    return PeriodAverageRates("USD", table, unit=unit, by_mean=True, via=("EUR",))


every_policy = pytest.mark.parametrize(
    "policy_of",
    [constant, event_date, locked, locked_as_of, average],
    ids=lambda found: found.__name__,
)
#: Each law is shown five times over, once for every way to make a policy.
FEWER = settings(max_examples=40)
Maker = Callable[[RateTable], RatePolicy]
TABLES = testing.rate_tables(kinds=[RateKind.SPOT, RateKind.AVERAGE], least=3)
CODES = st.sampled_from(testing.CURRENCIES)
DAYS = testing.days(date(2015, 6, 1), date(2019, 6, 30))
ANY_DAYS = st.none() | DAYS


@every_policy
@FEWER
@given(table=TABLES, on=ANY_DAYS, closed_on=ANY_DAYS)
def test_the_reporting_currency_is_worth_one(
    policy_of: Maker, table: RateTable, on: date | None, closed_on: date | None
) -> None:
    """That holds on any day and on none, and needs no rate."""
    found = policy_of(table).convert_rate("USD", on, closed_on)
    assert found == UsedRate(Decimal(1), (), "USD itself")


@every_policy
@FEWER
@given(table=TABLES, code=CODES, on=ANY_DAYS, closed_on=ANY_DAYS)
def test_a_rate_is_above_zero_or_missing_for_a_reason(
    policy_of: Maker, table: RateTable, code: str, on: date | None, closed_on: date | None
) -> None:
    """Nothing is raised, nothing is empty, and the same question has the same answer."""
    found = policy_of(table).convert_rate(code, on, closed_on)
    assert found == policy_of(RateTable.of(reversed(table.rates))).convert_rate(code, on, closed_on)
    if isinstance(found, UsedRate):
        assert found.rate > 0
        assert found.note
        assert set(found.legs) <= set(table.rates)
    else:
        assert found.reason


@every_policy
@FEWER
@given(table=TABLES, code=CODES, on=ANY_DAYS, closed_on=ANY_DAYS, one=DAYS, other=DAYS)
def test_a_policy_at_a_day_knows_no_later_rate(
    policy_of: Maker,
    table: RateTable,
    code: str,
    on: date | None,
    closed_on: date | None,
    one: date,
    other: date,
) -> None:
    """It keeps currency and name, and looking back twice is looking back to the earlier day."""
    policy = policy_of(table)
    then = policy.at(one)
    assert type(then) is type(policy)
    assert (then.currency, then.name) == (policy.currency, policy.name)
    assert then.at(other) == policy.at(min(one, other))
    found = then.convert_rate(code, on, closed_on)
    if isinstance(found, UsedRate):
        assert all(leg.valid_from <= one for leg in found.legs)


@every_policy
@FEWER
@given(table=TABLES, code=CODES, on=DAYS, closed_on=DAYS)
def test_rates_that_begin_later_change_nothing(
    policy_of: Maker, table: RateTable, code: str, on: date, closed_on: date
) -> None:
    """A closed row of a day has the rate that it had when the day's period was over."""
    over = max(Calendar().period(on, CalendarUnit.QUARTER).last_day, closed_on)
    now, then = (
        policy.convert_rate(code, on, closed_on)
        for policy in (policy_of(table), policy_of(table).at(over))
    )
    assert now == then or (isinstance(now, MissingRate) and isinstance(then, MissingRate))


@every_policy
@FEWER
@given(table=TABLES, code=CODES, on=ANY_DAYS, closed_on=ANY_DAYS)
def test_rates_scale(
    policy_of: Maker, table: RateTable, code: str, on: date | None, closed_on: date | None
) -> None:
    """Where every other currency is worth twice the dollars, every answer is twice as high."""
    to_dollars = RateTable.of(rate for rate in table.rates if rate.quote == "USD")
    doubled = RateTable.of(attrs.evolve(rate, rate=rate.rate * 2) for rate in to_dollars.rates)
    once, twice = (
        policy_of(found).convert_rate(code, on, closed_on) for found in (to_dollars, doubled)
    )
    assert type(once) is type(twice)
    if isinstance(once, UsedRate) and isinstance(twice, UsedRate) and code != "USD":
        assert abs(Fraction(twice.rate) / Fraction(once.rate) - 2) <= Fraction(1, 10**14)


@every_policy
def test_refuses_codes_that_are_no_currency(policy_of: Maker) -> None:
    """A misspelt code is the caller's mistake, not a missing rate."""
    for on in (None, JAN):
        with pytest.raises(UnknownCurrency):
            policy_of(TABLE).convert_rate("XYZ", on, on)


@every_policy
def test_refuses_days_with_a_time(policy_of: Maker) -> None:
    """Nobody can look back to an instant."""
    with pytest.raises(InvalidDate, match="without a time"):
        policy_of(TABLE).at(datetime(2026, 1, 5, tzinfo=UTC))


def test_names() -> None:
    """Each policy has its own name, and is nothing but what it was made of."""
    made = [maker(TABLE) for maker in (constant, event_date, locked, average)]
    assert [one.name for one in made] == [
        "constant",
        "event_date",
        "locked_at_close",
        "period_average",
    ]
    assert made == [maker(TABLE) for maker in (constant, event_date, locked, average)]


# Each policy by itself ----------------------------------------------------------------------


def test_event_date() -> None:
    """The row's date decides, whenever it was closed."""
    policy = EventDateRates("USD", TABLE)
    assert value(policy.convert_rate("EUR", FEB, MAR)) == Decimal("1.2")
    assert value(policy.convert_rate("EUR", FEB, None)) == Decimal("1.2")
    assert reason(policy.convert_rate("EUR", date(2026, 1, 1), MAR)) == (
        "no exchange rate from EUR to USD on or before 2026-01-01; the first is of 2026-01-31"
    )
    assert reason(policy.convert_rate("EUR", None, MAR)) == (
        "no date on which to take the exchange rate from EUR to USD"
    )


def test_options_reach_the_table() -> None:
    """Kind, staleness and the way through a third currency are those of the policy."""
    budget = RateTable.of(rates("2", kind=RateKind.BUDGET))
    late = JAN + timedelta(days=8)
    for policy in (EventDateRates("USD", budget), LockedAtCloseRates("USD", budget)):
        assert isinstance(policy.convert_rate("EUR", late, None), MissingRate)
        of_kind = attrs.evolve(policy, kind=RateKind.BUDGET)
        assert value(of_kind.convert_rate("EUR", late, late)) == 2
        fresh = attrs.evolve(of_kind, max_age_days=7)
        assert "is 8 days old" in reason(fresh.convert_rate("EUR", late, late))
        through = attrs.evolve(of_kind, currency="CHF", table=chain(RateKind.BUDGET))
        assert isinstance(through.convert_rate("EUR", late, late), MissingRate)
        through = attrs.evolve(through, via=("USD",))
        assert value(through.convert_rate("EUR", late, late)) == 4
    of_quarter = PeriodAverageRates("CHF", chain(RateKind.CONTRACT), kind=RateKind.CONTRACT)
    assert isinstance(of_quarter.convert_rate("EUR", JAN, None), MissingRate)
    of_quarter = attrs.evolve(of_quarter, via=("USD",))
    assert value(of_quarter.convert_rate("EUR", JAN, None)) == 4


def chain(kind: RateKind) -> RateTable:
    """Return rates that lead from the euro through the dollar to the franc."""
    usd_chf = Rate(base="USD", quote="CHF", rate=Decimal(2), valid_from=JAN, kind=kind)
    return RateTable.of([*rates("2", kind=kind), usd_chf])


def test_locked_at_close() -> None:
    """A closed row stays at its closing's rate; an open one moves with `as_of`."""
    policy = LockedAtCloseRates("USD", TABLE, FEB)
    assert value(policy.convert_rate("EUR", JAN, JAN)) == Decimal("1.1")
    assert value(policy.convert_rate("EUR", None, JAN)) == Decimal("1.1")
    assert value(policy.convert_rate("EUR", JAN, None)) == Decimal("1.2")
    newest = LockedAtCloseRates("USD", TABLE)
    assert value(newest.convert_rate("EUR", JAN, None)) == Decimal("1.3")
    assert value(newest.at(FEB).convert_rate("EUR", JAN, None)) == Decimal("1.2")
    assert newest.at(FEB) == LockedAtCloseRates("USD", TABLE.at(FEB), FEB)
    assert policy.at(MAR) == policy
    assert policy.at(JAN).as_of == JAN
    assert value(policy.convert_rate("EUR", None, None)) == Decimal("1.2")


def test_open_rows_without_any_rate() -> None:
    """A table without rates has no last day, and says only that there is no rate."""
    policy = LockedAtCloseRates("USD", RateTable())
    assert reason(policy.convert_rate("EUR", JAN, None)) == "no exchange rate from EUR to USD"


@given(TABLES, CODES, ANY_DAYS, DAYS, ANY_DAYS, ANY_DAYS)
def test_a_closed_row_keeps_its_rate(
    table: RateTable,
    code: str,
    on: date | None,
    closed_on: date,
    one: date | None,
    other: date | None,
) -> None:
    """Whatever the day at which open rows are looked at, a closed one has the same rate."""
    first, second = (
        LockedAtCloseRates("USD", table, as_of, max_age_days=200, via=("EUR",))
        for as_of in (one, other)
    )
    found = first.convert_rate(code, on, closed_on)
    assert found == second.convert_rate(code, on, closed_on)
    if closed_on <= (later := closed_on + timedelta(days=40)):
        then = first.at(later).convert_rate(code, on, closed_on)
        assert then == found or (isinstance(then, MissingRate) and isinstance(found, MissingRate))


def test_period_average() -> None:
    """The average of the row's own period counts, and no other stands in for it."""
    policy = PeriodAverageRates("USD", TABLE)
    assert value(policy.convert_rate("EUR", date(2026, 2, 1), MAR)) == Decimal("1.25")
    missing = "no average exchange rate from EUR to USD in 2026-03"
    assert reason(policy.convert_rate("EUR", date(2026, 3, 5), None)) == missing
    mean = attrs.evolve(policy, by_mean=True).convert_rate("EUR", date(2026, 3, 5), None)
    assert isinstance(mean, UsedRate)
    assert (mean.rate, mean.note) == (
        Decimal("1.3"),
        "mean of 1 EUR/USD spot rates in 2026-03",
    )
    assert reason(policy.convert_rate("EUR", None, MAR)) == (
        "no date on which to take the exchange rate from EUR to USD"
    )


def test_periods_are_those_of_the_calendar() -> None:
    """With a year that begins in March, February lies in the quarter of December."""
    table = RateTable.of([rates("1.5", kind=RateKind.AVERAGE)[0]])
    quarters = PeriodAverageRates(
        "USD", table, Calendar.named("gregorian-03"), CalendarUnit.QUARTER
    )
    assert value(quarters.convert_rate("EUR", date(2025, 12, 1), None)) == Decimal("1.5")
    assert isinstance(quarters.convert_rate("EUR", MAR, None), MissingRate)


def test_days_that_no_period_holds() -> None:
    """At the end of all time there is no month, so there is no average; a time is no day."""
    policy = PeriodAverageRates("USD", TABLE)
    assert "is not a period" in reason(policy.convert_rate("EUR", date.max, None))
    with pytest.raises(InvalidDate):
        policy.convert_rate("EUR", datetime(2026, 1, 5, tzinfo=UTC), None)


@pytest.mark.parametrize("policy", [EventDateRates, LockedAtCloseRates, PeriodAverageRates])
def test_refuses_what_no_policy_can_work_with(
    policy: type[EventDateRates | LockedAtCloseRates | PeriodAverageRates],
) -> None:
    """Currencies are known, the table is a table, and the rest is of its kind."""
    with pytest.raises(UnknownCurrency):
        policy("XYZ", TABLE)
    with pytest.raises(UnknownCurrency):
        policy("USD", TABLE, via=("XYZ",))
    with pytest.raises(InvalidRecord, match="expected a tuple"):
        policy("USD", TABLE, via="EUR")  # type: ignore[arg-type]
    with pytest.raises(InvalidRecord, match="expected a RateTable"):
        policy("USD", TABLE.rates)  # type: ignore[arg-type]
    with pytest.raises(InvalidRecord, match="expected a RateKind"):
        policy("USD", TABLE, kind="spot")  # type: ignore[arg-type]


def test_refuses_limits_and_days_that_are_none() -> None:
    """A limit is a whole number of days, and `as_of` a day."""
    for limit in (-1, 0.5, True):
        with pytest.raises(InvalidValue):
            EventDateRates("USD", TABLE, max_age_days=limit)  # type: ignore[arg-type]
        with pytest.raises(InvalidValue):
            LockedAtCloseRates("USD", TABLE, max_age_days=limit)  # type: ignore[arg-type]
    with pytest.raises(InvalidDate):
        LockedAtCloseRates("USD", TABLE, datetime(2026, 1, 5, tzinfo=UTC))


def test_points_have_a_rate_only_if_one_is_given() -> None:
    """A unit of the user's own is never worth anything by itself."""
    points = Rate(base="X-POINTS", quote="USD", rate=Decimal("0.01"), valid_from=JAN)
    missing = "no exchange rate from X-POINTS to USD"
    assert reason(EventDateRates("USD", TABLE).convert_rate("X-POINTS", FEB, None)) == missing
    worth = EventDateRates("USD", RateTable.of([points]))
    assert value(worth.convert_rate("X-POINTS", FEB, None)) == Decimal("0.01")
    assert EventDateRates("X-POINTS", TABLE).currency == "X-POINTS"
