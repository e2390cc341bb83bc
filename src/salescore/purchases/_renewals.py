"""Shifted beta-geometric: how long contracts last that may be ended at each renewal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import exp, fsum, log
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.purchases._fit import Fit, as_parameters, greatest, is_parameter, notes_of
from salescore.purchases._numbers import (
    above_zero,
    all_of_kind,
    as_number,
    as_share,
    count,
    from_zero,
)
from salescore.purchases._words import ONE_RENEWAL
from salescore.stats import gamma_step, hypergeometric

_MOST = 1200
"""Most renewals that a curve follows: a hundred years of months."""

_FARTHEST = 10**15
"""Most renewals that can be asked about."""


def _left(values: Iterable[int]) -> tuple[int, ...]:
    advice = "how many were left after each renewal, such as [869, 743]"
    found = all_of_kind("contracts left", values, object, advice)
    return tuple(cast("list[int]", found))


def _renewals(thing: str, value: object) -> int:
    found = count(thing, value)
    if found > _FARTHEST:
        raise InvalidValue(thing, "above 1E15", "at most 1E15 can be asked about")
    return found


@attrs.frozen(kw_only=True)
class ContractCohort:
    """
    Contracts that began in the same period, and how many were left after each renewal.

    Attributes:
        began: How many began, from 1 on.
        left: How many were left after the first renewal, the second, and so on; never rising.

    Raises:
        InvalidValue: A number is none, one is more than the one before it, or nothing is told.

    Examples:
        >>> ContractCohort(began=1000, left=[869, 743]).ended
        (131, 126)
    """

    began: int
    left: tuple[int, ...] = attrs.field(converter=_left)

    def __attrs_post_init__(self) -> None:
        """Refuse contracts that come from nowhere."""
        if not count("contracts that began", self.began) or not self.left:
            fault = "one contract or more, and how many were left at one renewal or more"
            raise InvalidValue("contracts that began", self.began, fault)
        for before, after in pairwise((self.began, *self.left)):
            if count("contracts left", after) > before:
                raise InvalidValue("contracts left", after, f"there were {before} before")

    @property
    def ended(self) -> tuple[int, ...]:
        """How many ended at each renewal."""
        return tuple(before - after for before, after in pairwise((self.began, *self.left)))


@attrs.frozen(kw_only=True)
class ShiftedBetaGeometric:
    """
    The shifted beta-geometric model of contracts.

    At each renewal a customer ends the contract with a chance of one's own that does not change;
    chances are beta distributed. Those likely to end do so first, so the share of renewals among
    those left rises over time, though nobody becomes more loyal.

    It misleads where a customer's own chance changes with time (first-year offers, price rises),
    and far beyond the renewals seen.

    Attributes:
        alpha: First parameter of the chance to end, above 0; the mean chance is α ÷ (α + β).
        beta: Second one, above 0.

    Examples:
        >>> high_end = ShiftedBetaGeometric(alpha=Decimal("0.668"), beta=Decimal("3.806"))
        >>> round(high_end.survival(12), 3)
        Decimal('0.378')

    Source:
        P. S. Fader, B. G. S. Hardie, *How to Project Customer Retention*, Journal of Interactive
        Marketing 21 (2007), 76-90, equations (5) to (8).
        The same, *Customer-Base Valuation in a Contractual Setting: The Perils of Ignoring
        Heterogeneity*, Marketing Science 29 (2010), 85-93, equation (6), for values.
    """

    alpha: Decimal = attrs.field(validator=is_parameter)
    beta: Decimal = attrs.field(validator=is_parameter)

    def survival(self, renewals: int) -> Decimal:
        """Return the share of contracts left after so many renewals, from 0 to 1."""
        return as_share(exp(self._log_survival(_renewals("renewals", renewals))))

    def curve(self, renewals: int) -> tuple[Decimal, ...]:
        """Return the shares left after the first renewal, the second, up to so many."""
        if count("renewals", renewals) > _MOST:
            raise InvalidValue("renewals", renewals, f"a curve follows {_MOST} at most")
        return tuple(self.survival(one) for one in range(1, renewals + 1))

    def retention(self, renewal: int) -> Decimal:
        """
        Return the share renewed at a renewal, of those left until then.

        Args:
            renewal: Its number, from 1 on.

        Returns:
            From 0 to 1: (β + t − 1) ÷ (α + β + t − 1); it rises with t.
        """
        if not _renewals("renewal", renewal):
            raise InvalidValue("renewal", renewal, "the first renewal has the number 1")
        alpha, beta = float(self.alpha), float(self.beta)
        stays = beta + (renewal - 1.0)
        return as_share(stays / (alpha + stays))

    def expected_renewals(self, renewals: int = 0) -> Decimal | None:
        """
        Return how many renewals more a customer makes on average.

        Args:
            renewals: How many the customer has made.

        Returns:
            (β + n) ÷ (α − 1); `None` where α is 1 or less, as the mean does not exist: a few
            customers stay so long that they outweigh all others. `discounted_periods` is finite.
        """
        alpha, beta = float(self.alpha), float(self.beta)
        made = _renewals("renewals", renewals)
        return as_number((beta + made) / (alpha - 1.0)) if alpha > 1.0 else None

    def discounted_periods(self, discount: Decimal, renewals: int = 0) -> Decimal | None:
        """
        Return the expected present value of one unit paid at each renewal to come.

        Times the margin of a period it is the residual lifetime value of a contract.

        Args:
            discount: Rate by which a payment a period later is worth less, such as 0.1; from 0 on.
            renewals: How many renewals the customer has made; the next is paid now, in full.

        Returns:
            Units; `None` where nothing is discounted and the mean does not exist.

        Source:
            P. S. Fader, B. G. S. Hardie (2010), equation (6), with n − 1 renewals made.
        """
        rate, made = float(from_zero("discount", discount)), _renewals("renewals", renewals)
        if not rate:
            return self.expected_renewals(made)
        alpha, beta = float(self.alpha), float(self.beta) + made
        later = hypergeometric(1.0, beta + 1.0, alpha + beta + 1.0, 1.0 / (1.0 + rate))
        return as_number(beta / (alpha + beta) * later)

    def lifetime_value(self, margin: Decimal, discount: Decimal) -> Decimal | None:
        """
        Return the expected present value of a new contract.

        Args:
            margin: What a period brings after cost, paid at its beginning, above 0.
            discount: Rate for one period, from 0 on.

        Returns:
            Value in the currency of the margin, the first payment included; `None` where nothing is
            discounted and the mean does not exist.
        """
        later = self.discounted_periods(discount)
        rate = 1.0 + float(discount)
        paid = float(above_zero("margin", margin))
        return None if later is None else as_number(paid * (1.0 + float(later) / rate))

    def log_likelihood(self, cohorts: Sequence[ContractCohort]) -> Decimal:
        """Return the logarithm of the likelihood of what became of contracts."""
        likelihood = _log_likelihood(*_tallied(cohorts))
        return as_number(likelihood((float(self.alpha), float(self.beta))))

    def _log_survival(self, renewals: int) -> float:
        alpha, beta = float(self.alpha), float(self.beta)
        # Γ(β + n) ÷ Γ(β) × Γ(α + β) ÷ Γ(α + β + n): the smaller of n and α is the step, so that
        # what cancels stays small.
        if renewals <= alpha:
            return gamma_step(beta, renewals) - gamma_step(alpha + beta, renewals)
        return gamma_step(beta, alpha) - gamma_step(beta + renewals, alpha)


def fit_contracts(cohorts: Sequence[ContractCohort]) -> Fit[ShiftedBetaGeometric]:
    """
    Return the shifted beta-geometric model under which ends of contracts are most likely.

    Args:
        cohorts: Contracts by when they began, each followed over as many renewals as are known.

    Returns:
        Model, log-likelihood and notes; customers are contracts, informative ones those that ended.

    Raises:
        InvalidValue: There are no cohorts, no contract ended, or all ended at their first renewal.

    Examples:
        >>> regular = ContractCohort(began=1000, left=[631, 468, 382, 326, 289, 262, 241])
        >>> found = fit_contracts([regular]).model
        >>> round(found.alpha, 3), round(found.beta, 3)
        (Decimal('0.704'), Decimal('1.182'))

    Source:
        P. S. Fader, B. G. S. Hardie (2007), equation (8) and appendix B.
    """
    ended, left = _tallied(cohorts)
    gone, stayed = ended.total(), left.total()
    if not gone:
        fault = "none ended, so no chance to end can be learnt; follow them longer"
        raise InvalidValue("contracts that ended", gone, fault)
    if set(ended) == {1} and not stayed:
        fault = "all ended at their first renewal, so nothing tells customers apart"
        raise InvalidValue("contracts that ended", gone, fault)
    found = greatest(_log_likelihood(ended, left), {"alpha": 1.0, "beta": 2.0})
    alpha, beta = as_parameters(found)
    notes = notes_of(found, gone + stayed)
    if len({*ended, *left}) == 1:
        notes.append(ONE_RENEWAL)
    return Fit(
        model=ShiftedBetaGeometric(alpha=alpha, beta=beta),
        log_likelihood=as_number(found.log_likelihood),
        is_converged=found.is_converged,
        customers=gone + stayed,
        informative=gone,
        notes=notes,
    )


def _tallied(cohorts: Sequence[ContractCohort]) -> tuple[Counter[int], Counter[int]]:
    """Return how many contracts ended at each renewal, and were left after the last one seen."""
    advice = "it must be a ContractCohort, such as ContractCohort(began=100, left=[80, 70])"
    seen = all_of_kind("cohort", cohorts, ContractCohort, advice)
    if not seen:
        raise InvalidValue("cohorts", 0, "give one or more")
    ended: Counter[int] = Counter()
    left: Counter[int] = Counter()
    for one in seen:
        ended.update({at: n for at, n in enumerate(one.ended, 1) if n})
        if one.left[-1]:
            left[len(one.left)] += one.left[-1]
    return ended, left


def _log_likelihood(ended: Counter[int], left: Counter[int]) -> Callable[[Sequence[float]], float]:
    """Return the log-likelihood of ends as a function of α and β."""
    gone, stayed = sorted(ended.items()), sorted(left.items())

    def survival(alpha: float, beta: float, renewals: int) -> float:
        return gamma_step(beta, renewals) - gamma_step(alpha + beta, renewals)

    def likelihood(at: Sequence[float]) -> float:
        alpha, beta = at
        ends = (
            n * (survival(alpha, beta, t - 1) + log(alpha / (alpha + (beta + (t - 1.0)))))
            for t, n in gone
        )
        return fsum((*ends, *(n * survival(alpha, beta, t) for t, n in stayed)))

    return likelihood
