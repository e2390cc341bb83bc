"""What can still be promised to customers, now and later."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.plain import as_tuple
from salescore.render import Language, number, text_table
from salescore.stock._amounts import (
    MOST_PERIODS,
    above_zero,
    as_fraction,
    counted_periods,
    from_zero,
    several,
)
from salescore.stock._supply_plan import checked_periods
from salescore.stock._words import Words
from salescore.values import EXACT, Period

_NOTHING = Decimal(0)
_SHOWN = 2
_HEAD = (
    ("Period", "期间"),
    ("Receipts", "到货"),
    ("Promised", "已承诺"),
    ("Projected", "预计库存"),
    ("Available to promise", "可承诺量"),
    ("Shortfall", "缺口"),
)


@attrs.frozen(kw_only=True)
class PromiseRow:
    """
    One period of what can be promised; all quantities in units.

    Attributes:
        number: Which period, counted from 1.
        period: Its days; `None` where none were given.
        receipts: What arrives.
        promised: What customers were promised for it.
        projected: What is left at its end if all promises are kept; below 0 they cannot all be.
        available: What more can be promised for it without breaking a promise of any period,
            nothing being promised elsewhere; never below 0, never less than the period before.
        added: What of that the period adds to the one before.
        shortfall: Units promised up to its end that there is no supply for.
    """

    number: int
    period: Period | None
    receipts: Decimal
    promised: Decimal
    projected: Decimal
    available: Decimal
    added: Decimal
    shortfall: Decimal

    @property
    def label(self) -> str:
        """Return the key of the period, or its number."""
        return str(self.number) if self.period is None else self.period.key


@attrs.frozen(kw_only=True)
class PromiseTable:
    """
    What can be promised, by period.

    Attributes:
        rows: The periods, in order.
        notes: What to know about it, each in English and Chinese.
    """

    rows: tuple[PromiseRow, ...] = attrs.field(converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def now(self) -> Decimal:
        """Return what can be promised for the first period, in units."""
        return self.rows[0].available

    def earliest(self, quantity: Decimal) -> PromiseRow | None:
        """
        Return the first period for which a quantity can be promised.

        Args:
            quantity: Units a customer asks for, above 0.

        Returns:
            The period; `None` where there is not enough in any.

        Raises:
            InvalidValue: The quantity is 0 or below.
        """
        above_zero("quantity", quantity)
        return next((row for row in self.rows if row.available >= quantity), None)

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the table as a person reads it.

        Args:
            language: Language of the words.
        """
        rows = [
            [
                row.label,
                *(
                    number(one, _SHOWN)
                    for one in (
                        *(row.receipts, row.promised, row.projected),
                        *(row.available, row.shortfall),
                    )
                ),
            ]
            for row in self.rows
        ]
        head = [language.pick(one) for one in _HEAD]
        return "\n".join([*text_table(head, rows), *map(language.pick, self.notes)])


def available_to_promise(
    on_hand: Decimal,
    *,
    receipts: Sequence[Decimal],
    promised: Sequence[Decimal],
    periods: Sequence[Period] = (),
) -> PromiseTable:
    """
    Return what more can be promised for each period, cumulatively and looking ahead.

    With supply S and promises P up to the end of period u it is, for period t, the least of S - P
    over all u from t on, and never below 0: what a later promise needs is not given away.

    Args:
        on_hand: Units there are now; below 0 where more left than was ever counted.
        receipts: Units that arrive in each period, from 0 on.
        promised: Units promised for each period, from 0 on; what is overdue belongs to the first.
        periods: Days of the periods, as many as receipts, one following the other; may be left out.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: There is no period or more than 1,000, receipts and promises are not equally
            many, one lies below 0, or periods leave gaps.

    Examples:
        >>> table = available_to_promise(
        ...     Decimal(100),
        ...     receipts=[Decimal(0), Decimal(50)],
        ...     promised=[Decimal(30), Decimal(80)],
        ... )
        >>> [row.available for row in table.rows]
        [Decimal('40'), Decimal('40')]

    Source:
        Vollmann, Berry, Whybark and Jacobs, Manufacturing Planning and Control, 5th edition (2005):
        cumulative available-to-promise with look-ahead.
    """
    coming = several("receipts", receipts, "units for each period")
    going = several("promised", promised, "units for each period")
    if not 1 <= len(coming) <= MOST_PERIODS:
        fault = f"a table has 1 to {MOST_PERIODS:,} periods"
        raise InvalidValue("number of periods", len(coming), fault)
    if len(going) != len(coming):
        fault = f"receipts are stated for {counted_periods(len(coming))}"
        raise InvalidValue("number of periods with promises", len(going), fault)
    days = checked_periods(periods, len(coming))
    as_fraction("on hand", on_hand)
    projected: list[Decimal] = []
    left = on_hand
    for more, less in zip(coming, going, strict=True):
        from_zero("receipt", more)
        from_zero("promise", less)
        left = EXACT.subtract(EXACT.add(left, more), less)
        projected.append(left)
    available: list[Decimal] = []
    least = projected[-1]
    for one in reversed(projected):
        least = min(least, one)
        available.append(max(least, _NOTHING))
    available.reverse()
    return PromiseTable(
        rows=[
            PromiseRow(
                number=place + 1,
                period=days[place] if days else None,
                receipts=coming[place],
                promised=going[place],
                projected=one,
                available=available[place],
                added=EXACT.subtract(available[place], available[place - 1] if place else _NOTHING),
                shortfall=max(_NOTHING, EXACT.minus(one)),
            )
            for place, one in enumerate(projected)
        ]
    )
