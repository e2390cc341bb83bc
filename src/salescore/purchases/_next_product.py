"""Next product: what customers with like baskets bought next."""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import attrs

from salescore.errors import InvalidValue, RuleTypeError
from salescore.plain import Field, FieldTable, Kind, as_tuple
from salescore.purchases._affinity import LEVEL, interval_of
from salescore.purchases._baskets import Baskets
from salescore.purchases._numbers import as_number, count, of_kind
from salescore.purchases._words import NOTHING_TO_OFFER, OFFERED, Words
from salescore.render import Language, percent
from salescore.rules import Expression, HasTree, RuleType, check_types, compile_expression
from salescore.stats import ConfidenceInterval

_NO_EVIDENCE: Words = (
    "too few customers with like baskets bought anything after",
    "篮子相似且后来又购买的客户太少",
)
_NO_LIFT: Words = (
    "nothing follows like baskets more often than any other",
    "没有产品在相似篮子之后比在其他篮子之后更常被购买",
)
_RULED_OUT: Words = ("the rule leaves nothing of what is likely", "规则排除了所有可能的产品")


def _field(name: str, kind: Kind, en: str, zh: str, *, nullable: bool = False) -> Field:
    return Field(name=name, kind=kind, nullable=nullable, labels=(en, zh))


OFFERS = FieldTable(
    name="offers",
    fields=(
        _field("customer_id", Kind.ID, "Customer", "客户"),
        _field("product_id", Kind.ID, "Product", "产品"),
        _field("because_of", Kind.ID, "Because of", "依据产品"),
        _field("has_bought", Kind.BOOLEAN, "Bought before", "曾购买"),
        _field("days_since", Kind.DECIMAL, "Days since bought", "距上次购买天数", nullable=True),
        _field("n", Kind.DECIMAL, "Cases", "案例数"),
        _field("confidence", Kind.DECIMAL, "Confidence", "置信度"),
        _field("lift", Kind.DECIMAL, "Lift", "提升度"),
    ),
)
"""What a rule on offers can ask."""


@attrs.frozen(kw_only=True)
class Offer:
    """
    A product to offer next, and the evidence for it.

    Attributes:
        product_id: The product.
        because_of: Product of the last purchase that speaks most for it.
        times: How often a purchase with that product was followed by one with this.
        n: How often a purchase with that product was followed by any.
        followed: How often any purchase was followed by one with this.
        of_all: How often any purchase was followed by another.
        interval: Wilson's interval of the confidence.
    """

    product_id: str
    because_of: str
    times: int
    n: int
    followed: int
    of_all: int
    interval: ConfidenceInterval

    @property
    def confidence(self) -> Decimal:
        """Return the share of next purchases with the product after like ones, from 0 to 1."""
        return as_number(self.times / self.n)

    @property
    def lift(self) -> Decimal:
        """Return how many times as often as after any purchase; 1 is no difference."""
        return as_number(self.times * self.of_all / (self.n * self.followed))


@attrs.frozen(kw_only=True)
class NextProducts:
    """
    What to offer a customer next.

    Attributes:
        customer_id: The customer.
        last_on: Day of the last purchase.
        last_products: What was in it, ascending.
        offers: The likeliest first.
        reason: Why there are none, in English and Chinese; `None` where there are some.
    """

    customer_id: str
    last_on: date
    last_products: tuple[str, ...] = attrs.field(converter=as_tuple)
    offers: tuple[Offer, ...] = attrs.field(converter=as_tuple)
    reason: Words | None = None

    def text(self, language: Language = Language.EN) -> str:
        """Return the offers with their evidence, a line each, or why there are none."""
        if self.reason is not None:
            return language.pick(NOTHING_TO_OFFER).format(language.pick(self.reason))
        return "\n".join(
            language.pick(OFFERED).format(
                product=one.product_id,
                because=one.because_of,
                times=one.times,
                n=one.n,
                low=percent(one.interval.low, 0),
                high=percent(one.interval.high, 0),
            )
            for one in self.offers
        )


@attrs.frozen
class _Followers:
    """How often which product followed which."""

    n: Counter[str]
    times: dict[str, Counter[str]]
    followed: Counter[str]
    of_all: int


Bounds = dict[tuple[int, int], ConfidenceInterval]
"""Intervals by number of successes and of cases."""

Past = dict[str, dict[date, set[str]]]
"""By customer and day what was bought."""


def next_products(
    baskets: Baskets,
    *,
    where: Expression | HasTree | None = None,
    most: int = 3,
    fewest: int = 5,
    level: Decimal = LEVEL,
) -> tuple[NextProducts, ...]:
    """
    Return what to offer each customer next: what others bought after a like purchase.

    What a customer bought on one day is one purchase. For each product of the last purchase it is
    counted how often others, and the customer before, bought a product on their next day of
    purchase. A product that followed it more seldom than it followed any purchase (a lift below 1)
    is no offer: the last purchase speaks against it, however popular it is.
    Of products of the last purchase that speak for an offer the one with the highest lower bound of
    that share is named; offers are ranked by that bound.

    Args:
        baskets: What was bought; those without customer or day tell nothing here.
        where: Rule on `OFFERS` that an offer must satisfy, such as `~F.has_bought`; an offer of
            which it is unknown whether it does is left out. `None` takes all.
        most: Most offers a customer, from 1 on.
        fewest: How often a purchase with a product must have been followed by any, from 1 on.
        level: Level of the interval, between 0 and 1.

    Returns:
        One entry for each customer with a purchase, by id; without offers where there is too little
        evidence, or no product that it speaks for or the rule allows, with the reason.

    Raises:
        InvalidValue: A bound lies outside, or the baskets are no `Baskets`.
        RuleTypeError: The rule does not fit `OFFERS`, or is no condition.
        UnknownName: The rule asks for a field that offers do not have.

    Source:
        Association rules of length two over time: R. Agrawal, R. Srikant, *Mining sequential
        patterns*, ICDE (1995), cut to neighbouring purchases.
    """
    of_kind("baskets", baskets, Baskets, "they must be Baskets; Baskets.of brings single ones")
    for thing, bound in (("most offers", most), ("fewest cases", fewest)):
        if not count(thing, bound):
            raise InvalidValue(thing, bound, "one or more")
    interval_of(1, 1, level)  # refuses a level that is none, offers or not
    if where is not None and check_types(where, OFFERS) is not RuleType.BOOLEAN:
        raise RuleTypeError("where", "a condition on offers is needed")
    past = _past(baskets)
    asked = _Asked(
        rule=None if where is None else compile_expression(where, operator.itemgetter),
        as_of=baskets.as_of,
        most=most,
        fewest=fewest,
        level=level,
        followers=_followers(past),
    )
    return tuple(asked.next_of(customer, past[customer]) for customer in sorted(past))


def _past(baskets: Baskets) -> Past:
    found: defaultdict[str, defaultdict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in baskets:
        if one.customer_id is not None and one.day is not None:
            found[one.customer_id][one.day] |= one.products
    return {customer: dict(sorted(days.items())) for customer, days in found.items()}


def _followers(past: Past) -> _Followers:
    n: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    times: defaultdict[str, Counter[str]] = defaultdict(Counter)
    of_all = 0
    for days in past.values():
        for before, after in pairwise(days.values()):
            of_all += 1
            n.update(before)
            followed.update(after)
            for product in before:
                times[product].update(after)
    return _Followers(n, dict(times), followed, of_all)


@attrs.frozen(kw_only=True)
class _Asked:
    """What is asked of every customer alike, and the evidence for it."""

    rule: Callable[[Mapping[str, object]], object] | None
    as_of: date
    most: int
    fewest: int
    level: Decimal
    followers: _Followers
    bounds: dict[tuple[int, int], ConfidenceInterval] = attrs.field(
        factory=dict[tuple[int, int], ConfidenceInterval]
    )

    def next_of(self, customer: str, days: Mapping[date, set[str]]) -> NextProducts:
        """Return what to offer a customer who bought on some days."""
        last_on = max(days)
        last = sorted(days[last_on])
        bought = {product: day for day, products in days.items() for product in products}
        found = self._found(last)
        likely = self._likely(found)
        offers: list[Offer] = []
        for one in likely:
            if len(offers) == self.most:
                break
            if self._may(customer, one, bought.get(one.product_id)):
                offers.append(one)
        reason = None
        if not offers:
            reason = _RULED_OUT if likely else _NO_LIFT if found else _NO_EVIDENCE
        return NextProducts(
            customer_id=customer,
            last_on=last_on,
            last_products=last,
            offers=offers,
            reason=reason,
        )

    def _found(self, last: Sequence[str]) -> list[Offer]:
        """Return every product that followed one of the last ones, for each of these."""
        n = self.followers.n
        return [
            self._offer(other, product, times, n[product])
            for product in last
            if n[product] >= self.fewest
            for other, times in self.followers.times[product].items()
        ]

    def _likely(self, found: Sequence[Offer]) -> list[Offer]:
        """Return for every product for which one of the last ones speaks what does so most."""
        best: dict[str, Offer] = {}
        for one in found:
            if one.times * one.of_all < one.n * one.followed:
                continue
            known = best.get(one.product_id)
            if known is None or _rank(one) < _rank(known):
                best[one.product_id] = one
        return sorted(best.values(), key=_rank)

    def _offer(self, product: str, because_of: str, times: int, n: int) -> Offer:
        if (times, n) not in self.bounds:
            self.bounds[times, n] = interval_of(times, n, self.level)
        return Offer(
            product_id=product,
            because_of=because_of,
            times=times,
            n=n,
            followed=self.followers.followed[product],
            of_all=self.followers.of_all,
            interval=self.bounds[times, n],
        )

    def _may(self, customer: str, offer: Offer, bought_on: date | None) -> bool:
        if self.rule is None:
            return True
        days = None if bought_on is None else Decimal((self.as_of - bought_on).days)
        row = {
            "customer_id": customer,
            "product_id": offer.product_id,
            "because_of": offer.because_of,
            "has_bought": bought_on is not None,
            "days_since": days,
            "n": Decimal(offer.n),
            "confidence": offer.confidence,
            "lift": offer.lift,
        }
        return self.rule(row) is True


def _rank(offer: Offer) -> tuple[Decimal, Decimal, str, str]:
    surest, highest = offer.interval.low.copy_negate(), offer.lift.copy_negate()
    return surest, highest, offer.product_id, offer.because_of
