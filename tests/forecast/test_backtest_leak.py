"""The probe catches whoever looks ahead, names the record, and lets the honest pass."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, RateChoice, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Event,
    EventId,
    ExchangeRate,
    ExchangeRateId,
    Opportunity,
    OpportunityId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    StageKind,
    StageVisit,
    StageVisitId,
)
from salescore.errors import InvalidValue
from salescore.forecast import Alteration, Distribution, LeakReport, leak_probe
from salescore.forecast._leak_altered import later_records
from salescore.pipeline import close_date_event
from salescore.render import Language
from salescore.values import (
    ConstantRates,
    EventDateRates,
    LockedAtCloseRates,
    Money,
    Period,
    PeriodAverageRates,
    Rate,
    RateKind,
    RatePolicy,
    RateTable,
    UsedRate,
)

DAY = date(2026, 3, 31)
APRIL = Period.custom(date(2026, 4, 1), date(2026, 4, 30))
Forecast = Callable[[Facts, date, Period], object]


def deal(key: str, closed_on: date | None, kind: StageKind, began: date) -> Opportunity:
    """Return an opportunity of 100 EUR."""
    return Opportunity(
        id=OpportunityId(key),
        stage=kind.value,
        kind=kind,
        amount=Money(Decimal(100), "EUR"),
        created_on=began,
        closed_on=closed_on,
    )


BOOK = SalesBook(
    opportunities=[
        deal("a", date(2026, 2, 10), StageKind.WON, date(2026, 1, 5)),
        deal("b", date(2026, 3, 3), StageKind.LOST, date(2026, 1, 6)),
        deal("c", date(2026, 4, 9), StageKind.WON, date(2026, 1, 7)),
        deal("d", date(2026, 4, 20), StageKind.LOST, date(2026, 2, 1)),
        deal("e", date(2026, 4, 20), StageKind.WON, date(2026, 4, 2)),
        deal("f", None, StageKind.OPEN, date(2026, 3, 1)),
    ]
)
FACTS = Facts.of(BOOK)


def probed(forecast: Forecast, **changes: Any) -> LeakReport:  # noqa: ANN401 - of the probe
    """Return what the probe finds at the end of March."""
    asked: dict[str, Any] = {"facts": FACTS, "day": DAY, "period": APRIL} | changes
    facts = asked.pop("facts")
    return leak_probe(forecast, facts, **asked)


def honest(facts: Facts, day: date, period: Period) -> Distribution:
    """Say that each open opportunity is won with the share of those that closed."""
    del day, period
    kinds = facts.table("opportunities").column("kind")
    won, lost = kinds.count("won"), kinds.count("lost")
    return Distribution.certain(Decimal(100 * won * kinds.count("open")) / (won + lost))


def cheating(facts: Facts, day: date, period: Period) -> Distribution:
    """Say what was won later."""
    del day
    later = [one for one in facts.book.opportunities if one.kind is StageKind.WON]
    won = [one for one in later if one.closed_on is not None and one.closed_on in period]
    return Distribution.certain(Decimal(100 * len(won)))


def test_an_honest_forecast_is_clean() -> None:
    """What reads the facts of the day stays the same whatever came later."""
    found = probed(honest)
    assert (found.is_clean, found.later, found.leaks) == (True, 3, ())
    assert found.text() == "Clean: 3 later records changed nothing as of 2026-03-31."
    assert found.text(Language.ZH) == "无泄漏：2026-03-31 之后的 3 条记录未改变预测。"


def test_a_forecast_without_an_answer_is_not_called_clean() -> None:
    """Where it says nothing, that nothing changed tells nothing; where it does later, it leaks."""
    found = probed(lambda *_: None)
    assert (found.is_clean, found.has_answer, found.later, found.leaks) == (None, False, 3, ())
    assert found.text().startswith("Nothing was tried: the forecast of 2026-03-31 answered None")
    assert found.text(Language.ZH).startswith("未能检验：2026-03-31 的预测没有给出任何结果")
    assert probed(honest).has_answer

    def silent(facts: Facts, day: date, period: Period) -> Distribution | None:
        found = cheating(facts, day, period)
        return None if found.mean == 200 else found

    leaking = probed(silent)
    assert (leaking.is_clean, leaking.has_answer) == (False, False)
    assert leaking.text().startswith("Leak")


@pytest.mark.parametrize("period", ["2025-07", None, DAY])
def test_a_period_is_a_period(period: object) -> None:
    """A text, nothing or a day is no period that a forecast speaks of."""
    with pytest.raises(InvalidValue, match="expected a Period"):
        probed(honest, period=period)


def test_a_cheating_forecast_is_caught() -> None:
    """What reads the whole book is caught in every way, with the first record and the move."""
    found = probed(cheating)
    assert found.is_clean is False
    by = {one.alteration: one for one in found.leaks}
    assert set(by) == set(Alteration)
    for one in found.leaks:
        # e is won as it is: where all are, d is the first to be other.
        first = {Alteration.WON: ("d", 20), Alteration.UNENDED: ("c", 9)}.get(
            one.alteration, ("e", 2)
        )
        assert (one.record, one.known_on) == (f"opportunities/{first[0]}", date(2026, 4, first[1]))
    # As it was: c and e won, d lost. Without e; all lost; all won; e twice.
    # With nothing happening to those known, c and d stay open.
    assert [by[one].moved for one in Alteration] == [-100, -200, 100, 100, -100]
    assert "(-100); first by opportunities/e (2026-04-02)" in found.text()
    assert "首先由 opportunities/e（2026-04-02）" in found.text(Language.ZH)


def test_the_end_of_a_known_opportunity_leaks() -> None:
    """Known in January, c is won on 9 April and d lost on the 20th: only another end shows it."""
    facts = Facts.of(attrs.evolve(BOOK, opportunities=[*BOOK.opportunities[:4]]))
    lost, won, unended = probed(cheating, facts=facts).leaks
    assert (lost.alteration, lost.record) == (Alteration.LOST, "opportunities/c")
    assert (lost.known_on, lost.moved) == (date(2026, 4, 9), Decimal(-100))
    assert (won.alteration, won.record) == (Alteration.WON, "opportunities/d")
    assert (won.known_on, won.moved) == (date(2026, 4, 20), Decimal(100))
    assert (unended.alteration, unended.record) == (Alteration.UNENDED, "opportunities/c")
    assert (unended.known_on, unended.moved) == (date(2026, 4, 9), Decimal(-100))


def test_a_gap_tells_who_closes_later() -> None:
    """Without visits to stages, that the stage is unknown tells the future; with them it is not."""

    def unknown_stages(facts: Facts, day: date, period: Period) -> int:
        del day, period
        return facts.table("opportunities").column("stage").count(None)

    (leak,) = probed(unknown_stages).leaks
    assert (leak.alteration, leak.record) == (Alteration.UNENDED, "opportunities/c")
    assert leak.known_on == date(2026, 4, 9)


def test_answers_of_any_kind() -> None:
    """Numbers move by a number, other answers only differ; a record counts by what it holds."""

    def count(facts: Facts, day: date, period: Period) -> Decimal:
        del day, period
        return Decimal(len(facts.book.opportunities))

    def names(facts: Facts, day: date, period: Period) -> tuple[str, ...]:
        del day, period
        return tuple(one.id for one in facts.book.opportunities)

    @attrs.frozen
    class Held:
        distribution: Distribution
        day: Facts

    assert [one.moved for one in probed(count).leaks] == [Decimal(-1), Decimal(1)]
    assert [one.moved for one in probed(names).leaks] == [None, None]
    assert probed(lambda *place: Held(honest(*place), place[0])).is_clean
    assert not probed(lambda *place: Held(cheating(*place), place[0])).is_clean
    assert "moves;" in probed(names).text()


def test_to_fail_on_another_future_is_a_leak() -> None:
    """Whoever fails once later records are gone has looked at them."""

    def needs(facts: Facts, day: date, period: Period) -> Distribution:
        del day, period
        return Distribution.certain(
            Decimal(next(1 for one in facts.book.opportunities if one.id == "e"))
        )

    (leak,) = probed(needs).leaks
    assert (leak.alteration, leak.record) == (Alteration.REMOVED, "opportunities/e")
    assert leak.after == "StopIteration: "


def test_amounts_that_are_written_over() -> None:
    """An amount known at closing leaks to whoever reads it earlier, once the probe is told."""

    def open_amount(facts: Facts, day: date, period: Period) -> Decimal:
        del day, period
        table = facts.table("opportunities")
        pairs = zip(table.column("kind"), table.column("amount"), strict=True)
        return sum((amount for kind, amount in pairs if kind == "open"), Decimal(0))

    assert probed(open_amount).is_clean
    found = probed(open_amount, overwritten=("amount",))
    assert [one.alteration for one in found.leaks] == [Alteration.LOST, Alteration.WON]
    assert {(one.record, one.moved) for one in found.leaks} == {("opportunities/c", Decimal(200))}


def test_nothing_came_later() -> None:
    """After the last fact nothing can be tried, so that nothing is said to be clean."""
    found = probed(cheating, day=date(2026, 5, 31))
    assert (found.is_clean, found.later) == (None, 0)
    assert found.text() == "Nothing was recorded after 2026-05-31."
    assert "之后没有任何记录" in found.text(Language.ZH)


def test_facts_as_of_a_day_hide_what_came_after() -> None:
    """What the facts themselves do not see is not tried."""
    found = probed(cheating, facts=FACTS.at(date(2026, 4, 10)))
    assert found.later == 2
    assert {one.record for one in found.leaks} <= {"opportunities/c", "opportunities/e"}


@pytest.mark.parametrize("kept", [BOOK.opportunities[:2], BOOK.opportunities[:3]])
def test_a_day_that_stands_for_never(kept: tuple[Opportunity, ...]) -> None:
    """What closes in the year 2300 is probed too; that day is no day to name."""
    never = deal("never", date(2300, 1, 1), StageKind.WON, date(2026, 3, 1))
    facts = Facts.of(SalesBook(opportunities=[*kept, never]))

    def ends(seen: Facts, day: date, period: Period) -> str:
        del day, period
        return str({one.closed_on for one in seen.book.opportunities if one.id == "never"})

    for leak in probed(ends, facts=facts).leaks:
        assert (leak.record, leak.known_on) == ("opportunities/never", None)
    assert "unknown day" in probed(ends, facts=facts).text()


def test_chance_without_a_seed_is_refused() -> None:
    """A forecast that differs when asked twice cannot be probed."""
    answers = iter(range(10))
    with pytest.raises(InvalidValue, match="seed"):
        probed(lambda *_: next(answers))
    with pytest.raises(InvalidValue, match="without a time"):
        probed(honest, day=datetime(2026, 3, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"facts": BOOK}, "must be Facts"),
        ({"day": None}, "without a time"),
        ({"day": "2026-03-31"}, "without a time"),
        ({"overwritten": "amount"}, "fields of an opportunity: amount"),
        ({"overwritten": None}, "fields of an opportunity"),
        ({"overwritten": ["stage"]}, "fields of an opportunity"),
    ],
)
def test_what_cannot_be_probed(changes: dict[str, Any], match: str) -> None:
    """What is no question is refused in words, an unknown field among them."""
    with pytest.raises(InvalidValue, match=match):
        probed(honest, **changes)
    with pytest.raises(InvalidValue, match="must be a function"):
        probed(None)  # type: ignore[arg-type]


def test_no_default_context() -> None:
    """Five digits of the caller's context move no answer of an honest forecast."""
    with localcontext(prec=5):
        assert probed(honest).text() == "Clean: 3 later records changed nothing as of 2026-03-31."
        assert probed(cheating).text() == wanted_text()


def wanted_text() -> str:
    """Return what is found of the cheat in the usual context."""
    with localcontext(prec=28):
        return probed(cheating).text()


def test_parts_go_with_what_they_belong_to() -> None:
    """A line has no day of its own: an order that came later is probed with its lines."""
    customer = Customer(id=CustomerId("c"), name="C")
    orders = [
        Order(id=OrderId(key), customer_id=customer.id, ordered_on=DAY + timedelta(days=days))
        for key, days in (("early", -3), ("late", 3))
    ]
    lines = [
        OrderLine(
            id=OrderLineId(f"{one.id}-1"),
            order_id=one.id,
            quantity=Decimal(1),
            net_amount=Money(Decimal(10), "EUR"),
        )
        for one in orders
    ]
    facts = Facts.of(SalesBook(customers=[customer], orders=orders, order_lines=lines))

    def revenue(seen: Facts, day: date, period: Period) -> Decimal:
        del day, period
        return sum(seen.table("sales_lines").column("net_amount"), Decimal(0))

    def all_lines(seen: Facts, day: date, period: Period) -> int:
        del day, period
        return len(seen.book.order_lines)

    found = probed(revenue, facts=facts)
    assert (found.is_clean, found.later) == (True, 2)
    assert {one.record for one in probed(all_lines, facts=facts).leaks} == {"order_lines/late-1"}


def event(number: int, name: str, key: str, day: date, **fields: Any) -> Event:  # noqa: ANN401
    """Return an event of an opportunity, at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Event(
        id=EventId(f"{key}#{number}"),
        name=name,
        happened_at=at,
        record="opportunities",
        subject=key,
        **fields,
    )


LOGGED = Facts.of(
    attrs.evolve(
        BOOK,
        events=[
            event(1, "met", "c", date(2026, 3, 2)),
            event(2, "won", "c", date(2026, 4, 9)),
            event(3, "lost", "d", date(2026, 4, 20)),
        ],
    )
)


def test_events_of_later_days_leak() -> None:
    """Who reads later events off the log is caught, with the event; who reads known ones is not."""

    def told(facts: Facts, day: date, period: Period) -> Decimal:
        del day, period
        return Decimal([one.name for one in facts.book.events].count("won"))

    def known(facts: Facts, day: date, period: Period) -> Decimal:
        del day, period
        return Decimal(len(facts.known.book.events))

    found = probed(told, facts=LOGGED)
    assert [(one.alteration, one.record, one.known_on, one.moved) for one in found.leaks] == [
        (Alteration.REMOVED, "events/c#2", date(2026, 4, 9), Decimal(-1)),
        (Alteration.ADDED, "events/c#2", date(2026, 4, 9), Decimal(1)),
    ]
    clean = probed(known, facts=LOGGED)
    assert (clean.is_clean, clean.later) == (True, 5)


def test_what_is_recorded_late_leaks() -> None:
    """An event of before the day that nobody had written down yet was not known on it."""
    at = datetime(2026, 4, 7, 8, tzinfo=UTC)
    late = event(1, "promised", "f", date(2026, 3, 2), recorded_at=at)
    facts = Facts.of(attrs.evolve(BOOK, events=[late]))
    (removed, _) = probed(lambda seen, *_: len(seen.book.events), facts=facts).leaks
    assert (removed.record, removed.known_on) == ("events/f#1", date(2026, 4, 7))


def test_later_records_with_one_id_leak() -> None:
    """Of two later events with one id both are altered, so that who reads them is caught."""
    twice = [event(2, name, "c", date(2026, 4, 9)) for name in ("won", "lost")]
    facts = Facts.of(attrs.evolve(BOOK, events=twice))
    leaks = probed(lambda seen, *_: len(seen.book.events), facts=facts).leaks
    assert [(one.record, one.after) for one in leaks] == [("events/c#2", 0), ("events/c#2", 4)]
    assert probed(lambda seen, *_: len(seen.known.book.events), facts=facts).is_clean


def test_when_later_events_happen_leaks() -> None:
    """Instants are moved as days are: who takes no more than the day of a later event is caught."""

    def last(facts: Facts, day: date, period: Period) -> str:
        del day, period
        return str(max(one.happened_at for one in facts.book.events))

    leaks = {one.alteration: one for one in probed(last, facts=LOGGED).leaks}
    assert leaks[Alteration.LOST].after == "2026-04-21 12:00:00+00:00"


DOLLARS = attrs.evolve(
    BOOK,
    opportunities=[
        attrs.evolve(one, amount=Money(Decimal(100), "USD")) for one in BOOK.opportunities
    ],
)
TABLE = RateTable.of(
    [
        Rate(
            base="USD", quote="EUR", rate=Decimal(rate), valid_from=date(2026, month, 1), kind=kind
        )
        for rate, month in (("0.8", 3), ("0.9", 4))
        for kind in (RateKind.SPOT, RateKind.AVERAGE)
    ]
)


@attrs.frozen
class Rising:
    """Rates of nobody's table: 1 until March, 2 from April on, as far as it is known."""

    currency: str
    last: date = date.max

    @property
    def name(self) -> str:
        """Return the name."""
        return "rising"

    def convert_rate(self, code: str, on: date | None, closed_on: date | None, /) -> UsedRate:
        """Return a rate."""
        del closed_on
        late = on is not None and min(on, self.last) >= APRIL.start
        rates = ConstantRates.of(self.currency, {"USD": Decimal(2 if late else 1)})
        found = rates.convert_rate(code, None, None)
        assert isinstance(found, UsedRate)
        return found

    def at(self, as_of: date, /) -> "Rising":
        """Return what was known."""
        return attrs.evolve(self, last=min(self.last, as_of))


def asked_rate(facts: Facts, day: date, period: Period) -> Decimal:
    """Return the rate of the end of the period, by the rates that were asked for."""
    del day
    assert not isinstance(facts.asked_rates, RateChoice)
    found = facts.asked_rates.convert_rate("USD", period.last_day, period.last_day)
    assert isinstance(found, UsedRate)
    return found.rate


def known_rate(facts: Facts, day: date, period: Period) -> object:
    """Return that rate as it was known, and all amounts at known rates."""
    del day
    found = facts.rates.convert_rate("USD", period.last_day, period.last_day)
    return found, facts.table("opportunities").column("amount")


@pytest.mark.parametrize(
    ("rates", "moves", "record"),
    [
        (EventDateRates("EUR", TABLE), {"removed": "-0.1", "lost": "0.9", "won": "0.9"}, "spot"),
        (
            LockedAtCloseRates("EUR", TABLE),
            {"removed": "-0.1", "lost": "0.9", "won": "0.9"},
            "spot",
        ),
        (PeriodAverageRates("EUR", TABLE), {"lost": "0.9", "won": "0.9"}, "average"),
        (Rising("EUR"), {"removed": "-1", "lost": "-1", "won": "-1"}, None),
    ],
)
def test_exchange_rates_of_later_days_leak(
    rates: RatePolicy, moves: dict[str, str], record: str | None
) -> None:
    """Who asks the rates of all days for a later one is caught; who asks those known is not."""
    facts = Facts.of(DOLLARS, rates=rates)
    found = {one.alteration.value: one for one in probed(asked_rate, facts=facts).leaks}
    assert {name: one.moved for name, one in found.items() if one.moved is not None} == {
        name: Decimal(move) for name, move in moves.items()
    }
    told = f"asked_rates/USD/EUR {record} 2026-04-01" if record else "asked_rates/rising"
    assert {one.record for one in found.values()} == {told}
    assert {one.known_on for one in found.values()} == {date(2026, 4, 1)}
    assert found["removed"].after != found["removed"].before
    assert probed(known_rate, facts=facts).is_clean


def test_rates_that_a_book_holds_leak_as_records() -> None:
    """Rates of the book itself are records of it; of constant ones none comes later."""
    rates = [
        ExchangeRate(
            id=ExchangeRateId(f"r{one.valid_from}"),
            base=one.base,
            quote=one.quote,
            rate=one.rate,
            valid_from=one.valid_from,
        )
        for one in TABLE.rates
        if one.kind is RateKind.SPOT
    ]
    facts = Facts.of(attrs.evolve(DOLLARS, exchange_rates=rates), currency="EUR")

    def all_rates(seen: Facts, day: date, period: Period) -> Decimal:
        del day, period
        return max(one.rate for one in seen.book.exchange_rates)

    (leak,) = probed(all_rates, facts=facts).leaks
    assert (leak.alteration, leak.record) == (Alteration.REMOVED, "exchange_rates/r2026-04-01")
    fixed = Facts.of(SalesBook(), rates=ConstantRates.of("EUR", {"USD": Decimal(1)}))
    assert probed(asked_rate, facts=fixed).later == 0


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(testing.books(currencies=("USD",)), st.dates(date(2016, 6, 1), date(2018, 6, 1)))
def test_whoever_reads_later_records_of_any_kind_is_caught(book: SalesBook, day: date) -> None:
    """Of every record type with later records, who reads them all off the whole book is caught."""
    facts = Facts.of(book, currency="USD")
    for name in {one.place[0] for one in later_records(facts, day, None)}:

        def all_of_them(seen: Facts, day: date, period: Period, name: str = name) -> object:
            del day, period
            return seen.book.records(name)

        assert leak_probe(all_of_them, facts, day=day, period=APRIL).is_clean is False


def pushed_and_back() -> Facts:
    """Return a sale whose expected end is moved in April, twice, the second time back again."""
    one = attrs.evolve(BOOK.opportunities[-1], expected_close_on=date(2026, 5, 1))
    two = attrs.evolve(one, expected_close_on=date(2026, 6, 1))
    moves = [
        close_date_event(*pair, at=datetime(2026, 4, day, 12, tzinfo=UTC))
        for pair, day in (((one, two), 5), ((two, one), 20))
    ]
    events = [move for move in moves if move is not None]
    return Facts.of(attrs.evolve(BOOK, opportunities=[one], events=events))


def expected(facts: Facts, day: date, period: Period) -> object:
    """Return when open sales are expected to close."""
    del day, period
    return facts.table("opportunities").column("expected_close_on")


def test_what_is_told_by_later_events_alone_stays_as_it_was() -> None:
    """Without the later event that moved it, the day that it moved away from is still the known."""
    facts = pushed_and_back()
    assert expected(facts.at(DAY), DAY, APRIL) == [date(2026, 5, 1)]
    assert probed(expected, facts=facts).is_clean
    only = Facts.of(
        attrs.evolve(
            facts.book,
            events=facts.book.events[:1],
            opportunities=[
                attrs.evolve(facts.book.opportunities[0], expected_close_on=date(2026, 6, 1))
            ],
        )
    )
    assert expected(only.at(DAY), DAY, APRIL) == [date(2026, 5, 1)]
    assert probed(expected, facts=only).is_clean
    # Of two, the first alone cannot have never been: the second tells where it led.
    for seen, day in ((facts, 20), (only, 5)):
        (leak, *_) = probed(lambda one, *_: len(one.book.events), facts=seen).leaks
        assert (leak.alteration, leak.known_on) == (Alteration.REMOVED, date(2026, 4, day))


def test_a_visit_that_nobody_left_stays_open() -> None:
    """Where the next visit alone says that a stage was left, the stage of the day stays known."""
    visits = [
        StageVisit(
            id=StageVisitId(f"c-{stage}"),
            opportunity_id=OpportunityId("c"),
            stage=stage,
            kind=kind,
            entered_on=day,
        )
        for stage, kind, day in (
            ("talk", StageKind.OPEN, date(2026, 1, 7)),
            ("won", StageKind.WON, date(2026, 4, 9)),
        )
    ]
    facts = Facts.of(attrs.evolve(BOOK, stage_visits=visits, opportunities=BOOK.opportunities[2:3]))

    def stages(seen: Facts, day: date, period: Period) -> object:
        del day, period
        table = seen.table("opportunities")
        return [table.column(name) for name in ("stage", "kind", "probability")]

    assert stages(facts.at(DAY), DAY, APRIL) == [["talk"], ["open"], [None]]
    assert probed(stages, facts=facts).is_clean
    assert not probed(lambda seen, *_: len(seen.book.stage_visits), facts=facts).is_clean


def whole(facts: Facts, day: date, period: Period) -> object:
    """Return every cell of every fact table: nothing sees more of a day."""
    del day, period
    return [
        sorted(
            zip(*(map(repr, facts.table(schema.name).column(n)) for n in schema.names), strict=True)
        )
        for schema in FACT_TABLES
    ]


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(testing.books(currencies=("USD",)), st.dates(date(2016, 6, 1), date(2018, 6, 1)))
def test_fact_tables_are_honest(book: SalesBook, day: date) -> None:
    """A fact recorded after the day changes nothing: no cell of any fact table moves."""
    facts = Facts.of(book, currency="USD")
    found = leak_probe(whole, facts, day=day, period=APRIL)
    # A gap where nobody kept the past is told apart from what was kept.
    leaks = [one for one in found.leaks if one.alteration is not Alteration.UNENDED]
    assert not leaks, found.text()
