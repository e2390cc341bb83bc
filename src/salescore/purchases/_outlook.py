"""What a model expects of one customer: purchases to come, whether any, and when the next."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate, pairwise
from math import exp, expm1, fsum, log, log1p

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.plain import as_tuple
from salescore.purchases._numbers import as_number, as_share, from_zero
from salescore.purchases._words import (
    BEYOND_MEASURE,
    BUYS_AGAIN,
    BUYS_WITHIN,
    NO_MEAN_TIME,
    SELDOM_AGAIN,
    Words,
    filled,
)
from salescore.render import Language, number, percent
from salescore.stats import hypergeometric

_MOST = 20_000
"""Most purchases whose chances are listed one by one; beyond, a closed form must do."""
_FAR = 40.0
"""A geometric tail is forgotten after so many of its means."""
_TAIL = 1e-17
_POWER = 600.0
"""Powers of e that leave room in a float for the scale of a time."""
_BESIDE = 1e-5
_STEADY = 10.0
"""Rates so much alike that the closed form loses its digits: r beyond a + b by so much."""
_SMALL, _BIG = 0.01, 1000.0
"""Parameters between which the closed form is known to hold its digits."""
_PARTS = 10**9
"""Whole parts into which chances are divided."""


@attrs.frozen(kw_only=True)
class NextPurchase:
    """
    When a customer buys next, counted from the day of the summary.

    The time of a customer who is still one has the distribution of Lomax: 1 − (α ÷ (α + t))^r.

    Attributes:
        chance: How likely the customer buys ever again; 0 to 1.
        mean: Mean time if so; `None` where it does not exist.
        median: Time within which half of such customers buy if they buy at all; `None` where it
            is beyond all measure, as rates near 0 are.
        overall_median: Time by which half of such customers have bought, those who never do among
            them; `None` where fewer than half ever do.
        reasons: Why the mean or a median is `None`, in English and Chinese.
        r: Shape of the rate of the customer, as seen.
        alpha: Scale of it, a time.
    """

    chance: Decimal
    mean: Decimal | None
    median: Decimal | None
    overall_median: Decimal | None
    reasons: tuple[Words, ...] = attrs.field(converter=as_tuple)
    r: Decimal
    alpha: Decimal

    def within(self, time: Decimal) -> Decimal:
        """Return the chance that the next purchase comes within a time from 0 on."""
        span = float(from_zero("time", time))
        missed = exp(-float(self.r) * log1p(span / float(self.alpha)))
        return as_share(float(self.chance) * (1.0 - missed))

    def text(self, language: Language = Language.EN) -> str:
        """Return chance, median and mean in a few lines, and why one of them is missing."""
        pick = language.pick
        within = pick(BUYS_WITHIN).format(median=number(self.median, 1), mean=number(self.mean, 1))
        chance = pick(BUYS_AGAIN).format(percent(self.chance, 1))
        return "\n".join((chance, within, *map(pick, self.reasons)))


@attrs.frozen(kw_only=True)
class Outlook:
    """
    What a model with a beta chance of leaving expects of one customer from now on.

    While one stays a customer, purchases come at a rate that is gamma distributed (r, α); after
    each purchase one leaves with a chance that is beta distributed (a, b).
    What is known is kept in floats; answers are decimals of twelve digits.

    Attributes:
        alive: Chance that the customer is still one; 0 to 1.
        r: Shape of the rate, as far as is known of this customer.
        alpha: Scale of the rate, a time.
        a: First parameter of the chance to leave.
        b: Second one.
    """

    alive: float
    r: float
    alpha: float
    a: float
    b: float

    @property
    def chance_alive(self) -> Decimal:
        """Return the chance that the customer is still one, from 0 to 1."""
        return as_share(self.alive)

    def expected_purchases(self, horizon: Decimal) -> Decimal:
        """
        Return how many purchases are expected within a time.

        Args:
            horizon: Time from now on, in the unit of the model, from 0 on.

        Returns:
            Purchases, at or above 0; days with several count as one.

        Raises:
            InvalidValue: The horizon lies below 0, or so far beyond what was seen that no float
                holds the answer.

        Source:
            P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), equations (9) and (10), there in closed
            form; here mostly as the sum of the chances of a k-th purchase, which is the same and
            has no gap at a = 1.
        """
        return as_number(self.expected(float(from_zero("horizon", horizon))))

    def expected(self, span: float) -> float:
        """Return the expected purchases within a time, as a float."""
        share = self._share(span)
        if share <= 0.0:
            return 0.0
        if self._most(share) > _MOST:
            return self.alive * self._closed(share)
        # One who has bought k times buys once more if the chance to leave spared him k times.
        counts = self._counts(share)
        above = list(accumulate(reversed(counts[1:])))[::-1]
        stays = 1.0
        total: list[float] = []
        for k, chance in enumerate(above):
            total.append(chance * stays)
            stays *= (self.b + k) / (self.a + self.b + k)
        return self.alive * fsum(total)

    def purchases(self, horizon: Decimal) -> Distribution:
        """
        Return how likely each number of purchases within a time is.

        Args:
            horizon: Time from now on, in the unit of the model, from 0 on.

        Returns:
            Whole numbers from 0 on; chances of so many or more are right to half of 1E-9.

        Raises:
            InvalidValue: The horizon lies below 0, or so far out that over 20,000 purchases are
                likely.

        Source:
            P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), equation (8), from the state at the day
            of the summary.
        """
        span = float(from_zero("horizon", horizon))
        share = self._share(span)
        if self._most(share) > _MOST:
            fault = f"over {_MOST} purchases may come within it; ask for a shorter one"
            raise InvalidValue("horizon", horizon, fault)
        chances = self._chances(share)
        # Rounded are the chances of a number or more, so that no tail is lost in small pieces.
        above = list(accumulate(reversed(chances[1:])))[::-1]
        parts = [_PARTS, *(round(one * _PARTS) for one in above), 0]
        steps = (more - less for more, less in pairwise(parts))
        return Distribution.weighted({Decimal(k): one for k, one in enumerate(steps)})

    def next_purchase(self) -> NextPurchase:
        """
        Return when the customer buys next, in closed form.

        Returns:
            Chance, mean and medians; the mean is `None` where r is 1 or less, as the time has none
            then.
        """
        reasons: list[Words] = []
        mean = overall = None
        median = self._within(0.5)
        if median is None:
            reasons.append(BEYOND_MEASURE)
        if self.r > 1.0:
            mean = as_number(self.alpha / (self.r - 1.0))
        else:
            reasons.append(filled(NO_MEAN_TIME, self.r))
        if self.alive > 0.5:  # noqa: PLR2004 - a half, for a median
            overall = self._within(0.5 / self.alive) if self.alive < 1.0 else median
        else:
            reasons.append(filled(SELDOM_AGAIN, self.alive))
        return NextPurchase(
            chance=self.chance_alive,
            mean=mean,
            median=median,
            overall_median=overall,
            reasons=reasons,
            r=as_number(self.r),
            alpha=as_number(self.alpha),
        )

    def _within(self, share: float) -> Decimal | None:
        """Return the time within which a share of those who are still customers buy."""
        power = -log1p(-share) / self.r
        return as_number(self.alpha * expm1(power)) if power < _POWER else None

    def _share(self, span: float) -> float:
        """Return the share of a horizon in horizon and scale together, below 1."""
        share = span / (self.alpha + span)
        if share >= 1.0:
            raise InvalidValue(
                "horizon", span, "it is too far beyond what was seen to say anything"
            )
        return share

    def _most(self, share: float) -> float:
        """Return a number of purchases that one who never leaves hardly exceeds."""
        return (self.r * share + _FAR) / (1.0 - share)

    def _counts(self, share: float) -> list[float]:
        """Return the chances of 0, 1, … purchases of one who never leaves (negative binomial)."""
        found: list[float] = []
        height = self.r * log1p(-share)
        usual = self.r * share / (1.0 - share)
        least = _TAIL * (1.0 - share)
        while True:
            k, chance = len(found), exp(height)
            found.append(chance)
            if k >= usual and chance <= least:
                return found
            height += log((self.r + k) / (k + 1.0) * share)

    def _chances(self, share: float) -> list[float]:
        """Return the chances of 0, 1, … purchases."""
        counts = self._counts(share) if share > 0.0 else [1.0]
        from_here = list(accumulate(reversed(counts)))[::-1]
        stays = 1.0
        found: list[float] = []
        for k, (chance, above) in enumerate(zip(counts, from_here, strict=True)):
            # Either k purchases came, and who made them stays on or not; or more would have come,
            # and the customer left at the k-th.
            leaves = self.a / (self.a + self.b + k - 1.0) if k else 0.0
            found.append(stays * (leaves * above + (1.0 - leaves) * chance))
            stays *= 1.0 - leaves
        return [self.alive * one for one in found]

    def _closed(self, share: float) -> float:
        c = self.a + self.b - 1.0
        if min(abs(self.a - 1.0), abs(c - min(round(c), 0))) < _BESIDE:
            # The closed form is 0 ÷ 0 or 0 × ∞ there, and smooth on both sides.
            sides = (attrs.evolve(self, a=self.a + turn * 2 * _BESIDE) for turn in (-1, 1))
            return sum(side._closed(share) for side in sides) / 2.0  # noqa: SLF001 - its own
        usual = min(self.a, self.b) >= _SMALL and max(self.a, self.b, self.r) <= _BIG
        if c - self.r < -_STEADY or not usual:
            fault = f"over {_MOST} purchases may come within it; ask for a shorter one"
            raise InvalidValue("horizon", share, fault)
        part = hypergeometric(c - self.r, self.a - 1.0, c, share)
        found = c / (self.a - 1.0) * (1.0 - exp((self.a - 1.0) * log1p(-share)) * part)
        return max(found, 0.0)
