"""What opportunities come to if they are won: as stated, by a ratio, or as those won before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import check_kind, paired
from salescore.forecast._numbers import as_decimal, as_fraction
from salescore.forecast._pipeline_checks import each_of
from salescore.forecast._pipeline_facts import won_amounts_reduction
from salescore.forecast._pipeline_snapshot import PipelineSnapshot, group_columns, source_of_day
from salescore.forecast._pipeline_words import Words
from salescore.forecast._slip import FEWEST, check_fewest
from salescore.metrics import AnyFacts
from salescore.plain import as_tuple
from salescore.render import counted

POINTS = 16
"""Values that stand for many amounts seen, unless another number is asked for."""


@attrs.frozen(kw_only=True)
class AmountRatios:
    """
    What a won amount is to the amount stated before.

    Attributes:
        distribution: The won amount over the stated one.
        basis: What it rests on, in English and Chinese.
        as_of: Last day whose facts it is learnt from; `None` where it was stated by hand.
    """

    distribution: Distribution
    basis: Words
    as_of: date | None = None

    @classmethod
    def stated(cls, chances: Iterable[tuple[Decimal, Decimal | Fraction]]) -> AmountRatios:
        """
        Return ratios that somebody states, such as three points: low, likely and high.

        Args:
            chances: Ratios, and their chances from 0 to 1, which add up to 1.

        Raises:
            InvalidValue: As `Distribution.of`.

        Examples:
            >>> points = [("0.8", "0.3"), ("1", "0.4"), ("1.1", "0.3")]
            >>> AmountRatios.stated((Decimal(a), Decimal(b)) for a, b in points).distribution.mean
            Decimal('0.97')
        """
        return cls(distribution=Distribution.of(chances), basis=("stated ratios", "给定的比例"))

    @classmethod
    def seen(
        cls,
        pairs: Iterable[tuple[Decimal, Decimal]],
        *,
        as_of: date,
        fewest: int = FEWEST,
        points: int = POINTS,
    ) -> AmountRatios | None:
        """
        Return the ratios of sales that were won.

        Args:
            pairs: Amount stated before and amount won, in one currency, of each; a sale of which
                0 was stated has no ratio.
            as_of: Last day on which one of them was won.
            fewest: Pairs that must be known, from 1.
            points: Values that stand for many; each for as many ratios, of their mean.

        Returns:
            `None` where fewer are known.

        Raises:
            InvalidValue: `fewest` or `points` is no number from 1 on.
        """
        check_fewest(fewest)
        ratios = [
            as_fraction(won) / as_fraction(stated)
            for stated, won in paired("pairs", pairs, "amounts, stated and won")
            if as_fraction(stated)
        ]
        if len(ratios) < fewest:
            return None
        n = len(ratios)
        return cls(
            distribution=spread_of(ratios, points),
            basis=(f"ratios of {counted(n, 'won_sales')}", f"{n:,}个赢单的比例"),
            as_of=as_of,
        )


def spread_of(values: Iterable[Decimal | Fraction], points: int = POINTS) -> Distribution:
    """
    Return the distribution of values seen, few of which stand for many.

    The values are sorted and cut into equal parts, each told by its mean, so that the mean is that
    of all values; what they vary within a part is left out.

    Args:
        values: At least one.
        points: Number of parts, from 1; as many values or fewer stand for themselves.

    Raises:
        InvalidValue: There is no value, or `points` is no number from 1 on.
    """
    if type(points) is not int or points < 1:
        raise InvalidValue("points", points, "expected a whole number from 1 on")
    found = sorted(Fraction(one) for one in values)
    n = len(found)
    cuts = [n * place // points for place in range(points + 1)] if n > points else range(n + 1)
    weights: dict[Decimal, int] = {}
    for first, last in pairwise(cuts):
        mean = as_decimal(sum(found[first:last], Fraction(0)) / (last - first))
        weights[mean] = weights.get(mean, 0) + last - first
    return Distribution.weighted(weights)


def amount_ratios(
    before: Iterable[PipelineSnapshot],
    facts: AnyFacts,
    *,
    as_of: date,
    fewest: int = FEWEST,
    points: int = POINTS,
) -> AmountRatios | None:
    """
    Return what won amounts were to those that opportunities stated before.

    The first snapshot that states an amount of a sale tells it. Snapshots must be of books kept on
    their day: where a later book overwrote the amount, every ratio is 1.

    Args:
        before: Snapshots of earlier days, in the reporting currency of the facts.
        facts: The fact tables of a book, or another source, with what was won since.
        as_of: Last day whose facts are seen.
        fewest: Sales of which both amounts must be known, from 1.
        points: Values that stand for many, from 1.

    Returns:
        `None` where fewer sales are known.

    Raises:
        InvalidValue: A snapshot is of a day after `as_of` or in another currency, or a number is
            none from 1 on.
    """
    source = source_of_day(facts, as_of)
    stated: dict[str, Decimal] = {}
    snapshots = each_of("before", before, PipelineSnapshot, "snapshots of a pipeline")
    for one in sorted(snapshots, key=lambda each: each.as_of):
        if one.as_of > as_of or one.currency != source.currency:
            fault = f"it is of a day until {as_of}, in {source.currency}"
            raise InvalidValue("snapshot", f"{one.as_of} in {one.currency}", fault)
        for sale in one.opportunities:
            if sale.amount is not None:
                stated.setdefault(sale.id, sale.amount)
    (found,) = source.reduce([won_amounts_reduction(("id",))], None)
    pairs = [
        (stated[key], amount)
        for (key,), amounts in zip(found.keys, found.values[0], strict=True)
        for amount in amounts
        if key in stated
    ]
    return AmountRatios.seen(pairs, as_of=as_of, fewest=fewest, points=points)


@attrs.frozen(kw_only=True)
class WonAmount:
    """
    What an opportunity comes to if it is won.

    Attributes:
        id: The opportunity.
        amount: In the reporting currency; `None` where nobody can tell.
        basis: What it rests on, or why there is none, in English and Chinese.
    """

    id: str
    amount: Distribution | None
    basis: Words


@attrs.frozen(kw_only=True)
class WonAmounts:
    """
    What open opportunities come to if they are won.

    Attributes:
        method: How it is told, in English and Chinese.
        rows: One per opportunity of the snapshot, by id.
    """

    method: Words
    rows: tuple[WonAmount, ...] = attrs.field(converter=as_tuple)


def stated_amounts(snapshot: PipelineSnapshot, *, ratios: AmountRatios | None = None) -> WonAmounts:
    """
    Return the amounts that opportunities state.

    Args:
        snapshot: The open opportunities.
        ratios: What a won amount is to a stated one; `None` takes amounts at their word.

    Raises:
        InvalidValue: The ratios are learnt from days after the snapshot.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    method: Words = ("amounts as stated", "按商机所载金额")
    if ratios is not None:
        check_kind("ratios", ratios, AmountRatios, "AmountRatios, such as amount_ratios() gives")
        if ratios.as_of is not None and ratios.as_of > snapshot.as_of:
            fault = f"they are learnt up to {ratios.as_of}, after the snapshot of {snapshot.as_of}"
            raise InvalidValue("ratios", str(ratios.as_of), fault)
        method = (f"amounts as stated × {ratios.basis[0]}", f"商机所载金额 × {ratios.basis[1]}")
    rows: list[WonAmount] = []
    for one in snapshot.opportunities:
        if one.amount is None:
            rows.append(WonAmount(id=one.id, amount=None, basis=one.lacks[0]))
            continue
        found = Distribution.certain(one.amount)
        if ratios is not None:
            found = ratios.distribution.scaled(one.amount)
        rows.append(WonAmount(id=one.id, amount=found, basis=method))
    return WonAmounts(method=method, rows=rows)


def amounts_won_before(
    snapshot: PipelineSnapshot, facts: AnyFacts, *, fewest: int = FEWEST, points: int = POINTS
) -> WonAmounts:
    """
    Return for each opportunity what those of its group came to that were won before.

    Amounts that opportunities state are not looked at: the method is for books that state none, or
    overwrite them when a sale closes.
    A group of the snapshot with fewer than `fewest` wins is told by all wins.

    Args:
        snapshot: The open opportunities, with their groups.
        facts: The fact tables of a book, or another source; what came later is not seen.
        fewest: Wins of known amount that must be known, from 1.
        points: Values that stand for many, from 1; see `AmountRatios.seen`.

    Raises:
        InvalidValue: `fewest` or `points` is no number from 1 on, or the facts are not seen up to
            the snapshot.
    """
    check_fewest(fewest)
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    source = source_of_day(facts, snapshot.as_of)
    columns = tuple(group_columns(source, snapshot.by).values())
    (found,) = source.reduce([won_amounts_reduction(tuple(dict.fromkeys(columns)))], None)
    places = [found.reduction.keys.index(one) for one in columns]
    amounts: dict[tuple[str | None, ...], list[Decimal]] = {}
    for key, values in zip(found.keys, found.values[0], strict=True):
        amounts.setdefault(tuple(key[place] for place in places), []).extend(values)
    everything = [one for values in amounts.values() for one in values]
    known = _Known(fewest, points, everything, amounts)
    return WonAmounts(
        method=("amounts of those won before", "按以往赢单金额"),
        rows=[
            WonAmount(id=one.id, amount=amount, basis=basis)
            for one in snapshot.opportunities
            for amount, basis in [known.of(one.keys)]
        ],
    )


class _Known:
    """The spreads of amounts won, by group."""

    def __init__(
        self,
        fewest: int,
        points: int,
        everything: Sequence[Decimal],
        groups: dict[tuple[str | None, ...], list[Decimal]],
    ) -> None:
        self._fewest = fewest
        self._points = points
        self._everything = everything
        self._groups = groups
        self._found: dict[tuple[str | None, ...], tuple[Distribution | None, Words]] = {}

    def of(self, keys: tuple[str | None, ...]) -> tuple[Distribution | None, Words]:
        """Return what those of a group came to, and what that rests on."""
        if keys not in self._found:
            self._found[keys] = self._spread(keys)
        return self._found[keys]

    def _spread(self, keys: tuple[str | None, ...]) -> tuple[Distribution | None, Words]:
        own = self._groups.get(keys, []) if keys else []
        values, of = (own, "its group") if len(own) >= self._fewest else (self._everything, "all")
        n, many = len(values), self._fewest
        if n < many:
            return None, (
                f"{counted(n, 'wins')} of known amount, {many:,} needed",
                f"已知金额的赢单{n:,}个，需要{many:,}个",
            )
        of_zh = "同组" if values is own else "全部"
        words = f"amounts of {counted(n, 'wins')} of {of}", f"{of_zh}{n:,}个赢单的金额"
        return spread_of(values, self._points), words
