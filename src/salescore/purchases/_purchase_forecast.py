"""How many purchases many customers make together within a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import fsum
from typing import NamedTuple

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution, mixture_of, sum_of
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.purchases._bg_nbd import BgNbd
from salescore.purchases._history import PurchaseHistories, PurchaseHistory
from salescore.purchases._numbers import above_zero, of_kind, total_of
from salescore.purchases._uncertainty import likely_moves
from salescore.purchases._words import (
    AS_KNOWN,
    EXPECTED,
    FORECAST_HEAD,
    INDEPENDENT,
    STILL_THERE,
    UNITS,
    Words,
)
from salescore.render import Language, number, percent
from salescore.values import EXACT

_LEVEL = Decimal("0.8")

Kind = tuple[int, Decimal, Decimal]
"""Repeats, recency and age: customers of a kind are expected to do the same."""


@attrs.frozen(kw_only=True)
class ExpectedPurchases:
    """
    What one customer adds to a forecast of purchases.

    Attributes:
        key: Id of the customer.
        expected: Purchases expected within the horizon: the mean of their chances, which hold nine
            digits, over what the parameters may be.
        chance_alive: Chance that the customer is still one, over the same; 0 to 1.
    """

    key: str
    expected: Decimal
    chance_alive: Decimal


@attrs.frozen(kw_only=True)
class PurchaseForecast:
    """
    How many purchases customers make together within a time.

    Attributes:
        method: The model with its parameters.
        as_of: Last day whose purchases it rests on.
        horizon: Time from then on, in the unit of the histories.
        unit_days: Days of that unit.
        distribution: Purchases of all; its mean is the sum of the parts, exactly.
        parts: What each customer adds, by id.
        notes: What makes it mislead, in English and Chinese.
        excluded: Rows that entered no history, with the reason.
    """

    method: str
    as_of: date
    horizon: Decimal
    unit_days: Decimal
    distribution: Distribution
    parts: tuple[ExpectedPurchases, ...] = attrs.field(converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)
    excluded: tuple[Exclusion, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def expected(self) -> Decimal:
        """Return the purchases expected of all."""
        return total_of(one.expected for one in self.parts)

    @property
    def customers_left(self) -> Decimal:
        """Return how many customers are expected to be still customers."""
        return total_of(one.chance_alive for one in self.parts)

    def text(self, language: Language = Language.EN) -> str:
        """Return the forecast in a few lines, as a person reads it."""
        pick = language.pick
        band = self.distribution.band(_LEVEL)
        unit = pick(UNITS).format(self.horizon, self.unit_days)
        expected = pick(EXPECTED).format(
            n=f"{len(self.parts):,}",
            mean=number(self.expected, 1),
            level=percent(_LEVEL, 0),
            low=number(band.low, 0),
            high=number(band.high, 0),
        )
        head = pick(FORECAST_HEAD).format(method=self.method, horizon=unit, day=self.as_of)
        left = pick(STILL_THERE).format(number(self.customers_left, 1))
        return "\n".join((head, expected, left, *map(pick, self.notes)))


def purchase_forecast(
    histories: PurchaseHistories,
    model: BgNbd,
    horizon: Decimal,
    *,
    correlation: Decimal = Decimal(0),
) -> PurchaseForecast:
    """
    Return how many purchases customers make together within a time.

    Parameters learnt from few customers are off, for all customers alike, so the purchases of all
    vary by more than chance. A fitted model knows its covariance: the distribution is a mixture
    over models that stand for what the parameters may be, five of them or more. What a customer
    adds is the mean over the same models, so it may differ a little from what the one model expects
    that fits best.

    Of 396 invented groups of 200 to 500 customers who buy and leave as BG/NBD says, bands of 80 %
    held 310 and bands of 95 % held 373; with parameters taken as known it was 262 and 337. Real
    customers follow no model: what CDNOW sold in weeks 40 to 78 lies above the band of 95 %.

    Args:
        histories: Of the customers, in the unit of time of the model.
        model: Fitted to them, or to like customers; without a covariance its parameters are taken
            as known, and a note says so.
        horizon: Time from the day of the histories on, above 0.
        correlation: How alike all customers are driven by one common factor, from 0 for not at all
            to 1; the mean stays, the spread grows.

    Returns:
        The distribution of all purchases and what each customer adds; no customers give 0 for sure.

    Raises:
        InvalidValue: The horizon is not above 0 or too far for the model, the model is of another
            unit of time, the correlation lies outside, or histories or model are none.

    Source:
        Normal about the estimate, for logarithms: the usual approximation for large samples, as in
        A. Gelman and others, *Bayesian Data Analysis*, 3rd edition (2013), section 4.1.
    """
    of_kind("histories", histories, PurchaseHistories, "purchase_histories makes them")
    of_kind("model", model, BgNbd, "it must be a BgNbd; of a fit, its model")
    above_zero("horizon", horizon)
    if model.unit_days != histories.unit_days:
        fault = f"the histories count in units of {histories.unit_days} days; fit a model to them"
        raise InvalidValue("unit of the model, in days", model.unit_days, fault)
    crowd = _Crowd(
        kinds={_kind(one): one for one in histories},
        many=Counter(map(_kind, histories)),
        horizon=horizon,
        correlation=correlation,
    )
    cases = crowd.cases(model)
    expected = _means([(case.weight, case.expected) for case in cases])
    alive = _means([(case.weight, case.alive) for case in cases])
    notes = [] if correlation else [INDEPENDENT]
    if model.covariance is None:
        notes.append(AS_KNOWN)
    return PurchaseForecast(
        method=f"{model.name}(r={model.r}, alpha={model.alpha}, a={model.a}, b={model.b})",
        as_of=histories.as_of,
        horizon=horizon,
        unit_days=histories.unit_days,
        distribution=mixture_of((case.weight, case.total) for case in cases),
        parts=[
            ExpectedPurchases(
                key=one.key, expected=expected[_kind(one)], chance_alive=alive[_kind(one)]
            )
            for one in histories
        ],
        notes=notes if len(histories) else [],
        excluded=histories.excluded,
    )


class _Case(NamedTuple):
    """What all customers do if a model is true, and how likely it is."""

    weight: Decimal
    total: Distribution
    expected: dict[Kind, Decimal]
    alive: dict[Kind, Decimal]


@attrs.frozen(kw_only=True)
class _Crowd:
    """Customers by kind, and what is asked of them."""

    kinds: Mapping[Kind, PurchaseHistory]
    many: Counter[Kind]
    horizon: Decimal
    correlation: Decimal

    def cases(self, model: BgNbd) -> list[_Case]:
        """Return what all do under a model, or under each that may be true in its place."""
        usual = self._case(model)
        if model.covariance is None or not self.kinds:
            return [usual]
        span = float(self.horizon)

        def expected(by: Sequence[float]) -> float:
            moved = model.moved(by)
            return fsum(
                n * moved.customer(self.kinds[kind]).expected(span) for kind, n in self.many.items()
            )

        deviation = float(usual.total.deviation)
        return [
            self._case(model.moved(by), weight) if any(by) else usual._replace(weight=weight)
            for weight, by in likely_moves(model.covariance, expected, deviation)
        ]

    def _case(self, model: BgNbd, weight: Decimal = Decimal(1)) -> _Case:
        outlooks = {kind: model.customer(one) for kind, one in self.kinds.items()}
        purchases = {kind: one.purchases(self.horizon) for kind, one in outlooks.items()}
        all_ = [purchases[kind] for kind in self.many.elements()]
        return _Case(
            weight=weight,
            total=sum_of(all_, correlation=self.correlation),
            expected={kind: one.mean for kind, one in purchases.items()},
            alive={kind: one.chance_alive for kind, one in outlooks.items()},
        )


def _kind(one: PurchaseHistory) -> Kind:
    return one.repeats, one.recency, one.age


def _means(cases: Sequence[tuple[Decimal, Mapping[Kind, Decimal]]]) -> dict[Kind, Decimal]:
    """Return the mean of each kind over cases, exactly."""
    return {
        kind: total_of(EXACT.multiply(weight, known[kind]) for weight, known in cases)
        for kind in cases[0][1]
    }
