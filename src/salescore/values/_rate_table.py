"""Tables of exchange rates, and the way from one currency to another on a day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import pairwise

import attrs

from salescore.errors import InvalidRecord, InvalidValue
from salescore.values._currency import currency, is_currency, unknown
from salescore.values._finding import Finding, Severity
from salescore.values._period import Period
from salescore.values._rate import (
    Factor,
    MissingRate,
    Rate,
    RateGap,
    RateKind,
    UsedRate,
    check_day,
    no_rate,
    own_rate,
)

_Key = tuple[str, str, str, date]


@attrs.frozen
class RateTable:
    """
    Exchange rates of any number of pairs, kinds and days; each pair, kind and day once.

    Attributes:
        rates: Sorted by base, quote, kind and first valid day; `of` sorts them.
    """

    rates: tuple[Rate, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what is no rate, and rates that are out of order or doubled."""
        if type(self.rates) is not tuple or not all(type(one) is Rate for one in self.rates):
            fault = "expected a tuple of Rate; use of()"
            raise InvalidRecord("RateTable", "rates", self.rates, fault)
        keys = list(map(_key, self.rates))
        if any(left >= right for left, right in pairwise(keys)):
            fault = "rates must be sorted, each pair, kind and day once; use of()"
            raise InvalidRecord("RateTable", "rates", self.rates, fault)

    @classmethod
    def of(cls, rates: Iterable[Rate], *, prefer: Sequence[str] = ()) -> RateTable:
        """
        Return the table of some rates, in any order.

        The same rate twice counts once, also if two sources state it. Where sources contradict
        each other the earliest of `prefer` wins; where that does not decide, nothing is guessed.

        Args:
            rates: The rates; several sources may state the same pair, kind and day.
            prefer: Sources in order of trust, the most trusted first; the table keeps their rates
                and drops those of others for the same pair, kind and day.

        Returns:
            The table, the same for every order of the rates.

        Raises:
            InvalidRecord: If two rates of one pair, kind and day differ, and both are of the same
                source or neither source is preferred; both are named.

        Examples:
            >>> RateTable.of([], prefer=["ECB"])
            RateTable(rates=())
        """
        trust = {source: place for place, source in reversed(list(enumerate(prefer)))}
        listed = list(rates)
        if not all(type(one) is Rate for one in listed):
            raise InvalidRecord("RateTable", "rates", tuple(listed), "expected rates")

        def order(rate: Rate) -> tuple[int, bool, str, str]:
            place = len(trust) if rate.source is None else trust.get(rate.source, len(trust))
            return place, rate.source is None, rate.source or "", str(rate.rate)

        kept: dict[_Key, Rate] = {}
        for rate in sorted(listed, key=order):
            first = kept.setdefault(_key(rate), rate)
            if first.rate != rate.rate and order(first)[0] == order(rate)[0]:
                raise InvalidRecord("RateTable", "rates", rate.rate, _contradiction(first, rate))
        return cls(tuple(kept[key] for key in sorted(kept)))

    @cached_property
    def _series(self) -> dict[tuple[str, str, RateKind], tuple[list[date], list[Rate]]]:
        """Return days and rates, in order of the days, by pair and kind."""
        found: dict[tuple[str, str, RateKind], tuple[list[date], list[Rate]]] = {}
        for rate in self.rates:
            days, rates = found.setdefault((rate.base, rate.quote, rate.kind), ([], []))
            days.append(rate.valid_from)
            rates.append(rate)
        return found

    @cached_property
    def last_day(self) -> date | None:
        """The latest day on which a rate of the table begins, or `None` for an empty table."""
        return max((rate.valid_from for rate in self.rates), default=None)

    def find(
        self,
        base: str,
        quote: str,
        on: date,
        *,
        kind: RateKind = RateKind.SPOT,
        max_age_days: int | None = None,
        via: tuple[str, ...] = (),
    ) -> UsedRate | MissingRate:
        """
        Return what one unit of a currency is worth in another on a day, or why nobody knows.

        The last rate valid on or before the day counts, be it that of the pair itself or of the
        pair turned round; of one day the pair itself. Where there is none, the way through each
        currency of `via` in turn, whose two parts are found likewise. The first way without a gap
        is taken, also if a later one has a younger rate.

        Args:
            base: Currency of which there is one unit.
            quote: Currency that it is expressed in.
            on: A business date.
            kind: Kind of the rates; kinds are never mixed.
            max_age_days: Most days that may lie between the first valid day of a rate, of each
                part of a way, and `on`; `None` for any number.
            via: Currencies that a way may lead through, one at a time, the preferred one first.

        Returns:
            The rate with what it was made of. The rate of the pair itself is exact; an inverse and
            a way through a third currency are worked out exactly and rounded once, half to even,
            to 16 significant digits.

        Raises:
            UnknownCurrency: If a code is no currency.
            InvalidDate: If the day is no date.
            InvalidValue: If `max_age_days` is no whole number, or below 0.

        Examples:
            >>> from decimal import Decimal
            >>> rate = Rate(base="EUR", quote="USD", rate=Decimal(2), valid_from=date(2026, 1, 5))
            >>> RateTable.of([rate]).find("USD", "EUR", date(2026, 1, 31)).rate
            Decimal('0.5')

        Source:
            `docs/decisions/0020`.
        """
        check_day(on)
        check_age(max_age_days)

        def leg(one: str, other: str) -> Factor | MissingRate | None:
            return self._leg_on(one, other, on, kind, max_age_days)

        return _way(base, quote, via, leg, MissingRate(no_rate(base, quote, kind)))

    def average(
        self,
        base: str,
        quote: str,
        period: Period,
        *,
        kind: RateKind = RateKind.AVERAGE,
        by_mean: bool = False,
        via: tuple[str, ...] = (),
    ) -> UsedRate | MissingRate:
        """
        Return the average rate of a period, or why there is none.

        It is the one rate whose first valid day lies in the period; ways are tried in the order of
        `find`. Several such rates in a period are no average of it, and none is chosen.

        Args:
            base: Currency of which there is one unit.
            quote: Currency that it is expressed in.
            period: The period.
            kind: Kind of the rates.
            by_mean: Whether, where no way has exactly one rate in the period, the arithmetic mean
                of those that begin in it stands in, else that of the spot rates.
            via: As in `find`.

        Returns:
            The rate with what it was made of; a mean is exact until it is rounded as in `find`.

        Raises:
            UnknownCurrency: If a code is no currency.

        Examples:
            >>> period = Period.custom(date(2026, 1, 1), date(2026, 1, 31))
            >>> RateTable().average("EUR", "USD", period).reason
            'no average exchange rate from EUR to USD in 2026-01-01..2026-01-31'
        """
        none = no_rate(base, quote, kind)
        missing = MissingRate(f"{none} in {period}", RateGap.MISSING, f"{none} in its period")

        def leg(one: str, other: str) -> Factor | MissingRate | None:
            return self._leg_in(one, other, period, kind)

        found = _way(base, quote, via, leg, missing)
        if type(found) is UsedRate or not by_mean:
            return found
        # Means of one kind on all legs: what is asked for, then spot rates.
        for those in dict.fromkeys((kind, RateKind.SPOT)):
            mean = _way(base, quote, via, partial(self._mean_in, period, those), missing)
            if type(mean) is UsedRate:
                return mean
        return found

    def _mean_in(self, period: Period, kind: RateKind, base: str, quote: str) -> Factor | None:
        """Return the mean of the rates that begin in a period, `None` where there are none."""
        for rates, inverted in self._within(base, quote, period, kind):
            return Factor.mean(rates, period.key, inverted=inverted)
        return None

    def at(self, as_of: date) -> RateTable:
        """
        Return the rates that were known on a day.

        Args:
            as_of: A business date.

        Returns:
            The table of the rates that begin on or before the day.

        Examples:
            >>> RateTable().at(date(2026, 1, 5))
            RateTable(rates=())
        """
        check_day(as_of)
        if self.last_day is None or self.last_day <= as_of:
            return self
        return RateTable(tuple(rate for rate in self.rates if rate.valid_from <= as_of))

    def findings(self) -> tuple[Finding, ...]:
        """
        Return what is strange about the rates: those of days without one of their currencies.

        Returns:
            One warning per pair and such currency, with the number of rates; sorted.

        Examples:
            >>> RateTable().findings()
            ()
        """
        counts: dict[tuple[str, str], int] = {}
        for rate in self.rates:
            for code in (rate.base, rate.quote):
                if not currency(code).is_valid_on(rate.valid_from):
                    counts[rate.pair, code] = counts.get((rate.pair, code), 0) + 1
        return tuple(_outside(pair, code, counts[pair, code]) for pair, code in sorted(counts))

    def _both(
        self, base: str, quote: str, kind: RateKind
    ) -> Iterator[tuple[list[date], list[Rate], bool]]:
        """Yield what there is of a pair, then of the pair turned round."""
        for key, inverted in (((base, quote, kind), False), ((quote, base, kind), True)):
            if (series := self._series.get(key)) is not None:
                yield (*series, inverted)

    def _leg_on(
        self, base: str, quote: str, on: date, kind: RateKind, max_age_days: int | None
    ) -> Factor | MissingRate | None:
        """Return one leg on a day; why it is late or stale; `None` for a pair without a rate."""
        last: tuple[Rate, bool] | None = None
        first: date | None = None
        for days, rates, inverted in self._both(base, quote, kind):
            number = bisect_right(days, on)
            if not number:
                first = days[0] if first is None else min(first, days[0])
                continue
            # The newer of the two ways holds, of one day the pair as it was asked for.
            if last is None or last[0].valid_from < rates[number - 1].valid_from:
                last = rates[number - 1], inverted
        if last is not None:
            rate, inverted = last
            age = (on - rate.valid_from).days
            if max_age_days is None or age <= max_age_days:
                return Factor.of(rate, inverted=inverted)
            named = "" if kind is RateKind.SPOT else f"{kind.value} "
            what = f"the last {named}rate from {base} to {quote}"
            return MissingRate(
                f"{what}, of {rate.valid_from}, "
                f"is {_days(age)} old on {on}; at most {max_age_days} are allowed",
                RateGap.STALE,
                f"{what} is too old",
            )
        if first is not None:
            none = no_rate(base, quote, kind)
            return MissingRate(
                f"{none} on or before {on}; the first is of {first}", RateGap.LATE, f"{none} yet"
            )
        return None

    def _within(
        self, base: str, quote: str, period: Period, kind: RateKind
    ) -> Iterator[tuple[list[Rate], bool]]:
        """Yield the rates that begin in a period, of the pair, then of the pair turned round."""
        for days, rates, inverted in self._both(base, quote, kind):
            found = rates[bisect_left(days, period.start) : bisect_left(days, period.end)]
            if found:
                yield found, inverted

    def _leg_in(
        self, base: str, quote: str, period: Period, kind: RateKind
    ) -> Factor | MissingRate | None:
        """Return one leg of a period; why it is in doubt; `None` where there is no rate."""
        doubt: MissingRate | None = None
        for rates, inverted in self._within(base, quote, period, kind):
            if len(rates) == 1:
                return Factor.of(rates[0], inverted=inverted)
            pair = f"from {base} to {quote}"
            doubt = doubt or MissingRate(
                f"{len(rates)} {kind.value} exchange rates {pair} in {period}; one is expected",
                RateGap.MISSING,
                f"several {kind.value} exchange rates {pair} in its period",
            )
        return doubt


def _key(rate: Rate) -> _Key:
    return rate.base, rate.quote, rate.kind.value, rate.valid_from


def _way(
    base: str,
    quote: str,
    via: tuple[str, ...],
    leg: Callable[[str, str], Factor | MissingRate | None],
    otherwise: MissingRate,
) -> UsedRate | MissingRate:
    """Return the first way without a gap, else the first reason that names a rate there is."""
    for code in (base, quote, *via):
        if not is_currency(code):
            raise unknown(code)
    if base == quote:
        return own_rate(base)
    found = leg(base, quote)
    if isinstance(found, Factor):
        return found.used()
    missing: MissingRate | None = found
    pivots = [pivot for pivot in via if pivot not in (base, quote)]
    for pivot in pivots:
        first, second = leg(base, pivot), leg(pivot, quote)
        if isinstance(first, Factor) and isinstance(second, Factor):
            return (first * second).used()
        if missing is None and first is not None and second is not None:
            missing = next(one for one in (first, second) if isinstance(one, MissingRate))
    if missing is not None:
        return missing
    through = f", nor through {' or '.join(pivots)}" if pivots else ""
    return attrs.evolve(
        otherwise, reason=otherwise.reason + through, general=otherwise.general + through
    )


def _contradiction(one: Rate, other: Rate) -> str:
    """Return the fault of two rates that cannot both be right."""
    said = f"{one} says {one.rate}, {other} says {other.rate}"
    if one.source == other.source:
        return f"{said}; one source has one rate for a pair, kind and day"
    return f"{said}; name the source to trust in prefer"


def _outside(pair: str, code: str, count: int) -> Finding:
    """Return the finding about rates of days on which a currency was none."""
    found = currency(code)
    days = [
        *([f"from {found.valid_from}"] if found.valid_from else []),
        *([f"until {found.valid_until}"] if found.valid_until else []),
    ]
    return Finding(
        code="currency-not-valid",
        severity=Severity.WARNING,
        message=f"rates of {pair} stand on days without {code}, which is valid {' '.join(days)}",
        subject="rates/" + pair.replace("/", "-"),
        count=count,
    )


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def check_age(days: object) -> None:
    """Refuse a limit of staleness that is no number of days."""
    if days is not None and (type(days) is not int or days < 0):
        raise InvalidValue("max_age_days", days, "expected whole days, at least 0, or None")
