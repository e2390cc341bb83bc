"""Gamma-Gamma: how much a purchase of each customer is worth on average."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import fsum, lgamma, log, sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.purchases._fit import Fit, as_parameters, greatest, is_parameter, notes_of
from salescore.purchases._history import PurchaseHistory, a_history, checked_histories
from salescore.purchases._numbers import as_number
from salescore.purchases._words import NO_COMMON_MEAN, NO_VALUE, TOGETHER, filled
from salescore.stats import gamma_step

_TOGETHER = 0.3
"""Correlation of number and value of purchases from which on a fit warns."""


@attrs.frozen(kw_only=True)
class GammaGamma:
    """
    The gamma-gamma model of the value of purchases.

    Values of one customer's purchases are gamma distributed about a mean of one's own; means vary
    between customers, independently of how often they buy.
    Who bought often is taken at his or her own mean, who bought seldom nearer to that of all.

    It misleads where often and dear go together, where values are at or below 0, and where few
    purchases are worth as much as all others.

    Attributes:
        p: Shape of the values of one customer, above 0.
        q: Shape of the means of customers, above 0; above 1 all customers have a mean.
        gamma: Scale, in the reporting currency, above 0.

    Examples:
        >>> cdnow = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
        >>> round(cdnow.population_mean or 0, 2)
        Decimal('35.22')

    Source:
        P. S. Fader, B. G. S. Hardie, *The Gamma-Gamma Model of Monetary Value* (2013), equations
        (1a), (3) and (5).
    """

    p: Decimal = attrs.field(validator=is_parameter)
    q: Decimal = attrs.field(validator=is_parameter)
    gamma: Decimal = attrs.field(validator=is_parameter)

    @property
    def population_mean(self) -> Decimal | None:
        """Return the mean value p γ ÷ (q − 1); `None` where q is 1 or less, as there is none."""
        p, q, gamma = self._floats
        return as_number(p * gamma / (q - 1.0)) if q > 1.0 else None

    @property
    def _floats(self) -> tuple[float, float, float]:
        return float(self.p), float(self.q), float(self.gamma)

    def expected_value(self, history: PurchaseHistory) -> Decimal | None:
        """
        Return the mean value that is expected of a customer's purchases.

        Args:
            history: With a mean value above 0, unless nothing was repeated.

        Returns:
            Value in the reporting currency: p (γ + x z) ÷ (p x + q − 1), the mean of all where
            nothing was repeated; `None` where that has no mean, or the mean value of the repeated
            purchases is unknown or not above 0.
        """
        if not a_history(history).repeats:
            return self.population_mean
        mean = history.mean_value
        if mean is None or mean <= 0:
            return None
        p, q, gamma = self._floats
        x = history.repeats
        below = p * x + q - 1.0
        return as_number(p * (gamma + x * float(mean)) / below) if below > 0.0 else None

    def log_likelihood(self, histories: Iterable[PurchaseHistory]) -> Decimal:
        """Return the logarithm of the likelihood of those with a mean value above 0."""
        return as_number(_log_likelihood(_usable(checked_histories(histories)))(self._floats))


Values = list[tuple[int, float]]
"""Repeated purchases and their mean value, of each customer who has both."""


def fit_gamma_gamma(histories: Iterable[PurchaseHistory]) -> Fit[GammaGamma]:
    """
    Return the gamma-gamma model under which mean values are most likely.

    Args:
        histories: Of all customers of a kind; those without repeated purchases, or whose mean value
            is unknown or not above 0, are left out, the latter with a note.

    Returns:
        Model, log-likelihood and notes; a correlation of number and value of 0.3 or more, either
        way, is noted, as the model takes them as independent.

    Raises:
        InvalidValue: One is no history, or fewer than two customers repeated purchases of a known
            value above 0.

    Source:
        P. S. Fader, B. G. S. Hardie (2013), equation (1a).
    """
    seen = checked_histories(histories)
    values = _usable(seen)
    if len(values) < 2:  # noqa: PLR2004 - customers that can differ
        fault = "two or more with repeated purchases of a known value above 0 are needed"
        raise InvalidValue("customers to fit", len(values), fault)
    unit = fsum(z for _, z in values) / len(values)
    likelihood = _log_likelihood([(x, z / unit) for x, z in values])
    found = greatest(likelihood, {"p": 2.0, "q": 3.0, "gamma": 1.0})
    p, q, gamma = found.parameters
    numbers = as_parameters(attrs.evolve(found, parameters=(p, q, gamma * unit)))
    notes = notes_of(found, len(values))
    unusable = sum(1 for one in seen if one.repeats) - len(values)
    if unusable:
        notes.append(filled(NO_VALUE, unusable))
    if q <= 1.0:
        notes.append(NO_COMMON_MEAN)
    together = _correlation(values)
    if abs(together) >= _TOGETHER:
        notes.append(filled(TOGETHER, together))
    return Fit(
        model=GammaGamma(p=numbers[0], q=numbers[1], gamma=numbers[2]),
        log_likelihood=as_number(found.log_likelihood - len(values) * log(unit)),
        is_converged=found.is_converged,
        customers=len(values),
        informative=len(values),
        notes=notes,
    )


def _usable(histories: Iterable[PurchaseHistory]) -> Values:
    return sorted(
        (one.repeats, float(one.mean_value))
        for one in histories
        if one.mean_value is not None and one.mean_value > 0
    )


def _log_likelihood(values: Values) -> Callable[[Sequence[float]], float]:
    """Return the log-likelihood of mean values as a function of p, q and γ."""
    sizes = sorted(Counter(x for x, _ in values).items())
    logs = fsum(log(z) for _, z in values)
    spent = fsum(x * log(x * z) for x, z in values)
    many = len(values)

    def likelihood(at: Sequence[float]) -> float:
        p, q, gamma = at
        shapes = fsum(n * (gamma_step(p * x, q)) for x, n in sizes)
        # p x ln x + (p x − 1) ln z is p times x ln(x z), less ln z.
        fixed = many * (q * log(gamma) - lgamma(q)) + p * spent - logs
        return shapes + fixed - fsum((p * x + q) * log(gamma + x * z) for x, z in values)

    return likelihood


def _correlation(values: Values) -> float:
    """Return the correlation of number and value; 0 where one of them is constant."""
    many = len(values)
    of_x, of_z = (fsum(one[side] for one in values) / many for side in (0, 1))
    across = fsum((x - of_x) ** 2 for x, _ in values)
    along = fsum((z - of_z) ** 2 for _, z in values)
    both = fsum((x - of_x) * (z - of_z) for x, z in values)
    return both / sqrt(across * along) if across > 0.0 and along > 0.0 else 0.0
