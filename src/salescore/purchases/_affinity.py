"""Product affinity: what is bought together more often than by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import ceil
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.plain import as_tuple
from salescore.purchases._baskets import Basket, checked_baskets
from salescore.purchases._by_chance import adjusted, chance_together
from salescore.purchases._numbers import as_number, count, from_zero
from salescore.stats import ConfidenceInterval, wilson_interval
from salescore.values import EXACT

LEVEL = Decimal("0.95")


@attrs.frozen(kw_only=True)
class Affinity:
    """
    Who buys the one buys the other: a rule of two products, and how sure it is.

    Attributes:
        product: What is bought.
        other: What is bought with it.
        n: Baskets of all.
        together: Baskets with both, above 0.
        with_product: Baskets with the first.
        with_other: Baskets with the second.
        interval: Wilson's interval of the confidence.
        p_value: Chance of so many baskets with both, or more, were the two bought independently of
            each other; the same in both directions.
        adjusted_p_value: The same, adjusted by Holm's method for all pairs that were looked at.
    """

    product: str
    other: str
    n: int
    together: int
    with_product: int
    with_other: int
    interval: ConfidenceInterval
    p_value: Decimal
    adjusted_p_value: Decimal

    @property
    def support(self) -> Decimal:
        """Return the share of baskets with both, from 0 to 1."""
        return as_number(self.together / self.n)

    @property
    def confidence(self) -> Decimal:
        """Return the share of baskets with the second among those with the first, 0 to 1."""
        return as_number(self.together / self.with_product)

    @property
    def lift(self) -> Decimal:
        """Return how many times as often both come together as by chance; 1 is chance."""
        return as_number(self.together * self.n / (self.with_product * self.with_other))

    @property
    def leverage(self) -> Decimal:
        """Return the share of baskets with both beyond that of chance, from −1/4 to 1/4."""
        beyond = self.together * self.n - self.with_product * self.with_other
        return as_number(beyond / self.n**2)

    @property
    def is_above_chance(self) -> bool:
        """
        Whether both come together more often than by chance, whatever number of pairs there is.

        Where nothing goes together, the chance that one pair or more of all is so called is at most
        1 less the level.
        """
        return self.adjusted_p_value <= EXACT.subtract(Decimal(1), self.interval.level)


@attrs.frozen(kw_only=True)
class Affinities:
    """
    The pairs of products with enough support.

    Attributes:
        pairs: Each pair in both directions, the highest lower bound of the confidence first.
        n: Baskets of all.
        fewest: Baskets with both that a pair needs.
        products: Products that are in enough baskets by themselves.
        rare: Products that are in too few, so that no pair of theirs counts.
        tested: How many pairs the others make; for so many findings p-values are adjusted.
    """

    pairs: tuple[Affinity, ...] = attrs.field(converter=as_tuple)
    n: int
    fewest: int
    products: int
    rare: int
    tested: int

    def of(self, product: str) -> tuple[Affinity, ...]:
        """Return what is bought with a product, the surest first."""
        return tuple(one for one in self.pairs if one.product == product)


def affinities(
    baskets: Iterable[Basket],
    *,
    smallest_support: Decimal = Decimal("0.001"),
    fewest: int = 5,
    level: Decimal = LEVEL,
) -> Affinities:
    """
    Return which products are bought together, and how surely.

    Pairs are ranked by the lower bound of Wilson's interval of the confidence, so that a pair seen
    twice out of twice does not come before one seen 80 times out of 100.
    Whether a pair is above chance is asked of its p-value, adjusted by Holm's method for all pairs
    of products that are in enough baskets, since of many pairs some stand out by luck.
    A lift above 1 is no cause: a campaign that names both makes it, too, and so do a few large
    baskets that hold a bit of everything.

    Args:
        baskets: What was bought together, each basket once.
        smallest_support: Share of all baskets that must have both, from 0 to 1.
        fewest: Number of baskets that must have both, from 1 on; both bounds count.
        level: Level of the interval, between 0 and 1; 1 less the level is the chance to call any
            pair above chance where none is.

    Returns:
        Pairs with enough support; none where there are no baskets.

    Raises:
        InvalidValue: A bound or the level lies outside, or something is no basket, or one twice.

    Examples:
        >>> seen = [Basket(id=str(n), products=["tea", "cup"]) for n in range(8)]
        >>> found = affinities([*seen, Basket(id="9", products=["tea"])])
        >>> found.of("cup")[0].confidence, found.of("cup")[0].lift
        (Decimal('1'), Decimal('1'))

    Source:
        R. Agrawal, T. Imielinski, A. Swami, *Mining association rules between sets of items in
        large databases*, SIGMOD (1993), for support and confidence; S. Brin and others, *Dynamic
        itemset counting*, SIGMOD (1997), for lift; G. Piatetsky-Shapiro (1991) for leverage.
        R. A. Fisher's exact test, one-sided, for the p-value; S. Holm, *A simple sequentially
        rejective multiple test procedure*, Scandinavian Journal of Statistics 6 (1979), for many.
    """
    if from_zero("smallest support", smallest_support) > 1:
        raise InvalidValue("smallest support", smallest_support, "a share lies from 0 to 1")
    if not count("fewest baskets", fewest):
        raise InvalidValue("fewest baskets", fewest, "a pair needs one basket or more")
    interval_of(1, 1, level)  # refuses a level that is none, pairs or not
    seen = checked_baskets(baskets)
    needed = max(fewest, ceil(Fraction(smallest_support) * len(seen)))
    alone = Counter(product for one in seen for product in one.products)
    frequent = {product for product, n in alone.items() if n >= needed}
    both: Counter[tuple[str, str]] = Counter()
    for one in seen:
        # A pair is no more frequent than the rarer of the two.
        both.update(combinations(sorted(one.products & frequent), 2))
    kept = [(place, together) for place, together in both.items() if together >= needed]
    tested = len(frequent) * (len(frequent) - 1) // 2
    pairs = _pairs(kept, alone, (len(seen), tested), level)
    pairs.sort(
        key=lambda one: (
            one.interval.low.copy_negate(),
            one.lift.copy_negate(),
            one.product,
            one.other,
        )
    )
    return Affinities(
        pairs=pairs,
        n=len(seen),
        fewest=needed,
        products=len(frequent),
        rare=len(alone) - len(frequent),
        tested=tested,
    )


def _pairs(
    kept: list[tuple[tuple[str, str], int]],
    alone: Counter[str],
    sizes: tuple[int, int],
    level: Decimal,
) -> list[Affinity]:
    """Return pairs in both directions, given how many baskets there are and pairs were tested."""
    n, tested = sizes
    by_chance = cache(chance_together)
    bound = cache(interval_of)
    chances = [by_chance(n_both, *sorted((alone[a], alone[b])), n) for (a, b), n_both in kept]
    return [
        Affinity(
            product=product,
            other=other,
            n=n,
            together=together,
            with_product=alone[product],
            with_other=alone[other],
            interval=bound(together, alone[product], level),
            p_value=p_value,
            adjusted_p_value=of_many,
        )
        for (place, together), p_value, of_many in zip(
            kept, chances, adjusted(chances, tested), strict=True
        )
        for product, other in (place, place[::-1])
    ]


def interval_of(successes: int, n: int, level: Decimal) -> ConfidenceInterval:
    """Return Wilson's interval of a share of one or more."""
    # There is none only of no cases.
    return cast("ConfidenceInterval", wilson_interval(successes, n, level))
