"""What customers are worth: purchases to come, times their margin, discounted."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import fsum

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.purchases._bg_nbd import BgNbd
from salescore.purchases._gamma_gamma import GammaGamma
from salescore.purchases._history import PurchaseHistory, checked_histories
from salescore.purchases._numbers import (
    above_zero,
    as_number,
    count,
    from_zero,
    of_kind,
    total_of,
)
from salescore.purchases._words import (
    LEFT_OUT,
    NO_MEAN_VALUE,
    VALUE_HEAD,
    VALUE_UNKNOWN,
    Words,
)
from salescore.render import Language, number, percent

DAYS_OF_MONTH = Decimal("30.436875")
"""Mean length of a month of the calendar: 365.2425 days in twelve."""
_MOST_PERIODS = 600


@attrs.frozen(kw_only=True)
class CustomerValue:
    """
    What one customer is worth, and what that is made of.

    Attributes:
        key: Id of the customer.
        value: Expected present value of the margin of purchases to come, in the reporting currency.
        expected_purchases: Purchases expected over all periods, undiscounted.
        value_per_purchase: What a purchase is expected to bring, before the margin is taken.
        chance_alive: Chance that the customer is still one; 0 to 1.
    """

    key: str
    value: Decimal
    expected_purchases: Decimal
    value_per_purchase: Decimal
    chance_alive: Decimal


@attrs.frozen(kw_only=True)
class Unvalued:
    """
    A customer whose value the models do not tell.

    Attributes:
        key: Id of the customer.
        reason: Why, in English and Chinese.
    """

    key: str
    reason: Words


@attrs.frozen(kw_only=True)
class LifetimeValues:
    """
    What customers are worth together, and each of them.

    Attributes:
        customers: By the order of the histories.
        unvalued: Customers left out, with reasons.
        margin: Share of a purchase that remains after its cost.
        discount: Rate of one period.
        periods: How many periods count.
    """

    customers: tuple[CustomerValue, ...] = attrs.field(converter=as_tuple)
    unvalued: tuple[Unvalued, ...] = attrs.field(converter=as_tuple)
    margin: Decimal
    discount: Decimal
    periods: int

    @property
    def total(self) -> Decimal:
        """Return the value of all together: the sum of theirs, exactly."""
        return total_of(one.value for one in self.customers)

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """Return how many customers are left out, by reason."""
        found: dict[str, int] = {}
        for one in self.unvalued:
            found[one.reason[0]] = found.get(one.reason[0], 0) + 1
        return tuple(Exclusion("customers", reason, n) for reason, n in sorted(found.items()))

    def text(self, language: Language = Language.EN) -> str:
        """Return the total and who is left out, as a person reads it."""
        head = language.pick(VALUE_HEAD).format(
            n=f"{len(self.customers):,}",
            total=number(self.total, 2),
            periods=self.periods,
            discount=percent(self.discount, 1),
        )
        reasons = sorted({one.reason for one in self.unvalued})
        lines = [
            language.pick(LEFT_OUT).format(
                language.pick(reason), sum(1 for one in self.unvalued if one.reason == reason)
            )
            for reason in reasons
        ]
        return "\n".join((head, *lines))


def lifetime_values(
    histories: Iterable[PurchaseHistory],
    purchases: BgNbd,
    values: GammaGamma,
    *,
    margin: Decimal,
    discount: Decimal,
    periods: int,
    period: Decimal | None = None,
) -> LifetimeValues:
    """
    Return what customers are worth from the day of their histories on.

    margin × value of a purchase × Σ (purchases expected in period k) ÷ (1 + d)^k, for k from 1 on.
    Purchases of a period are discounted as if they came at its end.
    Values are means under the parameters that fit best; how sure they are is not told.

    Args:
        histories: Of the customers, in the unit of time of both models.
        purchases: How often they buy and whether they are customers still.
        values: What a purchase brings.
        margin: Share of it that remains after cost, above 0 up to 1.
        discount: Rate of one period, such as 0.01 a month; from 0 on.
        periods: How many periods count, from 1 to 600.
        period: Length of a period in the unit of the histories, above 0; `None` for a month.

    Returns:
        Each customer's value, which add up to the total exactly; customers without an expected
        value of a purchase are left out with a reason, never valued at 0.

    Raises:
        InvalidValue: Margin, discount, number or length of the periods lies outside, or histories
            or models are none.

    Examples:
        >>> cdnow = BgNbd(
        ...     r=Decimal("0.243"), alpha=Decimal("4.414"), a=Decimal("0.793"), b=Decimal("2.426")
        ... )
        >>> spent = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
        >>> ann = PurchaseHistory(key="ann", repeats=0, recency=Decimal(0), age=Decimal(39))
        >>> found = lifetime_values(
        ...     [ann], cdnow, spent, margin=Decimal("0.3"), discount=Decimal("0.01"), periods=12
        ... )
        >>> round(found.total, 2)
        Decimal('2.51')

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, *RFM and CLV: Using Iso-Value Curves for Customer
        Base Analysis*, Journal of Marketing Research 42 (2005), equation (1), in discrete form.
    """
    of_kind("model of purchases", purchases, BgNbd, "it must be a BgNbd; of a fit, its model")
    of_kind("model of values", values, GammaGamma, "it must be a GammaGamma; of a fit, its model")
    if above_zero("margin", margin) > 1:
        raise InvalidValue("margin", margin, "it is a share of the value of a purchase, up to 1")
    less = 1.0 / (1.0 + float(from_zero("discount", discount)))
    month = float(Fraction(DAYS_OF_MONTH) / Fraction(purchases.unit_days))
    length = month if period is None else float(above_zero("period", period))
    if not 1 <= count("periods", periods) <= _MOST_PERIODS:
        raise InvalidValue("periods", periods, f"they lie from 1 to {_MOST_PERIODS}")
    known: dict[tuple[int, Decimal, Decimal], tuple[float, float, Decimal]] = {}
    valued: list[CustomerValue] = []
    unvalued: list[Unvalued] = []
    for one in checked_histories(histories):
        worth = values.expected_value(one)
        if worth is None:
            reason = VALUE_UNKNOWN if one.repeats else NO_MEAN_VALUE
            unvalued.append(Unvalued(key=one.key, reason=reason))
            continue
        place = (one.repeats, one.recency, one.age)
        if place not in known:
            outlook = purchases.customer(one)
            until = [outlook.expected(length * k) for k in range(periods + 1)]
            steps = ((until[k] - until[k - 1]) * less**k for k in range(1, periods + 1))
            known[place] = fsum(steps), until[-1], outlook.chance_alive
        discounted, expected, alive = known[place]
        valued.append(
            CustomerValue(
                key=one.key,
                value=as_number(float(margin) * float(worth) * discounted),
                expected_purchases=as_number(expected),
                value_per_purchase=worth,
                chance_alive=alive,
            )
        )
    return LifetimeValues(
        customers=valued, unvalued=unvalued, margin=margin, discount=discount, periods=periods
    )
