"""BG/NBD and MBG/NBD: purchases of customers who leave unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import exp, fsum, log, log1p

import attrs

from salescore.errors import InvalidValue
from salescore.purchases._fit import Fit, as_parameters, greatest, is_parameter, notes_of
from salescore.purchases._history import (
    WEEK,
    PurchaseHistories,
    PurchaseHistory,
    a_history,
    checked_histories,
)
from salescore.purchases._numbers import as_number, of_kind
from salescore.purchases._outlook import Outlook
from salescore.purchases._uncertainty import as_covariance, is_covariance, log_covariance
from salescore.purchases._words import HARDLY_LEAVE, OPEN
from salescore.stats import gamma_step

Groups = dict[tuple[int, float, float], int]
"""How many customers share repeats, recency and age."""


def _is_flag(_instance: object, attribute: attrs.Attribute[bool], value: object) -> None:
    of_kind(attribute.name, value, bool, "it must be True or False")


@attrs.frozen(kw_only=True)
class BgNbd:
    """
    The beta-geometric/negative binomial model of purchases, or its modified form.

    While one is a customer, purchases come at random at a rate of one's own; rates are gamma
    distributed. After a purchase one leaves for good with a chance of one's own; chances are beta
    distributed. In the plain form nobody leaves before the first repeated purchase, so who never
    bought again counts as alive for certain; in the modified form one may leave after the first.

    It misleads where purchases come at regular intervals, with seasons or campaigns, where
    customers return after leaving, and where rate and chance to leave go together.

    Attributes:
        r: Shape of the rates, above 0.
        alpha: Scale of the rates, a time in the unit of the histories, above 0; the mean rate is
            r ÷ α.
        a: First parameter of the chance to leave, above 0; the mean chance is a ÷ (a + b).
        b: Second one, above 0.
        is_modified: Whether one may leave after the first purchase: MBG/NBD instead of BG/NBD.
        unit_days: Days of the unit of time; 7 for weeks.
        covariance: Of the logarithms of r, α, a and b, as far as data leave them open, in four rows
            of four; `None` where the parameters are taken as known.

    Examples:
        >>> cdnow = BgNbd(
        ...     r=Decimal("0.243"), alpha=Decimal("4.414"), a=Decimal("0.793"), b=Decimal("2.426")
        ... )
        >>> round(cdnow.new_customer().expected_purchases(Decimal(39)), 4)
        Decimal('1.1967')

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, *"Counting Your Customers" the Easy Way: An
        Alternative to the Pareto/NBD Model*, Marketing Science 24 (2005), 275-284.
        E. P. Batislam, M. Denizel, A. Filiztekin, *Empirical validation and comparison of models
        for customer base analysis*, International Journal of Research in Marketing 24 (2007),
        201-209, for the modified form.
    """

    r: Decimal = attrs.field(validator=is_parameter)
    alpha: Decimal = attrs.field(validator=is_parameter)
    a: Decimal = attrs.field(validator=is_parameter)
    b: Decimal = attrs.field(validator=is_parameter)
    is_modified: bool = attrs.field(default=False, validator=_is_flag)
    unit_days: Decimal = attrs.field(default=WEEK, validator=is_parameter)
    covariance: tuple[tuple[Decimal, ...], ...] | None = attrs.field(
        default=None, converter=as_covariance, validator=is_covariance
    )

    @property
    def name(self) -> str:
        """Return the name of the form."""
        return "MBG/NBD" if self.is_modified else "BG/NBD"

    @property
    def _floats(self) -> tuple[float, float, float, float]:
        return float(self.r), float(self.alpha), float(self.a), float(self.b)

    def moved(self, by: Sequence[float]) -> BgNbd:
        """Return the model with the logarithms of r, α, a and b moved, taken as known."""
        r, alpha, a, b = (
            as_number(one * exp(step)) for one, step in zip(self._floats, by, strict=True)
        )
        return attrs.evolve(self, r=r, alpha=alpha, a=a, b=b, covariance=None)

    def new_customer(self) -> Outlook:
        """Return what is expected of one who has just bought for the first time."""
        return self.customer(
            PurchaseHistory(key="new", repeats=0, recency=Decimal(0), age=Decimal(0))
        )

    def customer(self, history: PurchaseHistory) -> Outlook:
        """Return what is expected of a customer after what was seen of him or her."""
        a_history(history)
        r, alpha, a, b = self._floats
        x, recency, age = history.repeats, float(history.recency), float(history.age)
        spared = x + 1 if self.is_modified else x
        alive = 1.0
        if spared:
            odds = log(a) - log(b + (spared - 1.0))
            odds += (r + x) * (log(alpha + age) - log(alpha + recency))
            alive = 1.0 / (1.0 + exp(min(odds, _FARTHEST)))
        return Outlook(alive=alive, r=r + x, alpha=alpha + age, a=a, b=b + spared)

    def log_likelihood(self, histories: Iterable[PurchaseHistory]) -> Decimal:
        """Return the logarithm of the likelihood of histories; each customer's adds up."""
        likelihood = _log_likelihood(
            _grouped(checked_histories(histories)), is_modified=self.is_modified
        )
        return as_number(likelihood(self._floats))


_FARTHEST = 700.0
"""Logarithm of odds that floats still hold."""


def fit_bg_nbd(histories: Iterable[PurchaseHistory], *, is_modified: bool = False) -> Fit[BgNbd]:
    """
    Return the BG/NBD or MBG/NBD model under which histories are most likely.

    Customers with equal histories are grouped, and times are scaled by the mean age before the
    search, so neither order nor unit of time matters.

    Args:
        histories: Of all customers of a kind, those who never bought again among them. Those of
            `PurchaseHistories` tell their unit of time; of others it is taken to be a week.
        is_modified: Whether one may leave after the first purchase: MBG/NBD.

    Returns:
        Model, log-likelihood and notes. Parameters that the data leave open run to a bound and are
        named in the notes.

    Raises:
        InvalidValue: One is no history, there are fewer than two customers, or nobody bought again.

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee (2005), equations (6) and (7).
    """
    of_kind("is_modified", is_modified, bool, "it must be True or False")
    unit_days = histories.unit_days if isinstance(histories, PurchaseHistories) else WEEK
    seen = checked_histories(histories)
    repeats, ages = _checked(seen)
    unit = ages / len(seen)
    groups = _grouped(seen, unit)
    likelihood = _log_likelihood(groups, is_modified=is_modified)
    found = greatest(likelihood, {"r": 1.0, "alpha": len(seen) / repeats, "a": 1.0, "b": 2.0})
    r, alpha, a, b = found.parameters
    # The scaled likelihood counts purchases per scaled time; each has a density per unit of time.
    log_likelihood = found.log_likelihood - repeats * log(unit)
    again = sum(1 for one in seen if one.repeats)
    notes = notes_of(found, len(seen))
    if a / (a + b) < _NEVER:
        notes.append(HARDLY_LEAVE)
    covariance = log_covariance(likelihood, found.parameters)
    if covariance is None:
        notes.append(OPEN)
    numbers = as_parameters(attrs.evolve(found, parameters=(r, alpha * unit, a, b)))
    return Fit(
        model=BgNbd(
            r=numbers[0],
            alpha=numbers[1],
            a=numbers[2],
            b=numbers[3],
            is_modified=is_modified,
            unit_days=unit_days,
            covariance=covariance,
        ),
        log_likelihood=as_number(log_likelihood),
        is_converged=found.is_converged,
        customers=len(seen),
        informative=again,
        notes=notes,
    )


_NEVER = 1e-3


def _checked(seen: Sequence[PurchaseHistory]) -> tuple[int, float]:
    """Return all repeats and the sum of the ages, if a fit is possible."""
    if len(seen) < 2:  # noqa: PLR2004 - customers that can differ
        fault = "two or more are needed, as the model says how customers differ"
        raise InvalidValue("customers to fit", len(seen), fault)
    repeats = sum(one.repeats for one in seen)
    if not repeats:
        fault = "nobody bought again, so no rate can be learnt; take a longer time"
        raise InvalidValue("repeated purchases", 0, fault)
    return repeats, fsum(float(one.age) for one in seen)


def _grouped(histories: Iterable[PurchaseHistory], unit: float = 1.0) -> Groups:
    """Return how many customers share a history, in order."""
    found = Counter(
        (one.repeats, float(one.recency) / unit, float(one.age) / unit) for one in histories
    )
    return dict(sorted(found.items()))


def _log_likelihood(groups: Groups, *, is_modified: bool) -> Callable[[Sequence[float]], float]:
    """Return the log-likelihood of groups as a function of r, α, a and b."""
    shift = 1 if is_modified else 0
    ages = sorted({age for _, _, age in groups})
    place = {age: number for number, age in enumerate(ages)}
    by_repeats: dict[int, list[tuple[float, int, int]]] = {}
    for (x, recency, age), n in groups.items():
        by_repeats.setdefault(x, []).append((recency, place[age], n))
    sizes = {x: sum(n for _, _, n in those) for x, those in by_repeats.items()}

    def likelihood(at: Sequence[float]) -> float:
        r, alpha, a, b = at
        until = [log(alpha + age) for age in ages]
        rate = r * log(alpha)
        total: list[float] = []
        for x, those in by_repeats.items():
            spared = x + shift
            stayed = gamma_step(b, spared) - gamma_step(a + b, spared) if spared else 0.0
            total.append(sizes[x] * (gamma_step(r, x) + rate + stayed))
            shape = r + x
            if not spared:
                total.extend(-n * shape * until[age] for _, age, n in those)
                continue
            odds = log(a) - log(b + (spared - 1.0))
            for recency, age, n in those:
                end = until[age]
                # ln(e^A + e^B) with the larger taken out: the second is e^gone times the first.
                gone = odds + shape * (end - log(alpha + recency))
                more = gone + log1p(exp(-gone)) if gone > 0.0 else log1p(exp(gone))
                total.append(n * (more - shape * end))
        return fsum(total)

    return likelihood
