"""The forecast of a pipeline: won amount and number of wins, with what each opportunity adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._judgement import AppliedJudgement, IgnoredJudgement, Judgement
from salescore.forecast._numbers import as_chance, as_decimal
from salescore.forecast._pipeline_amounts import WonAmounts, stated_amounts
from salescore.forecast._pipeline_chances import Standing, WinChances
from salescore.forecast._pipeline_checks import each_of
from salescore.forecast._pipeline_extra import ExtraPart, won_with
from salescore.forecast._pipeline_judged import Judged, judged, judged_total
from salescore.forecast._pipeline_snapshot import PipelineSnapshot
from salescore.forecast._pipeline_text import ignored_line, judged_line, range_text
from salescore.forecast._pipeline_words import LeftOut, Words, left_out
from salescore.forecast._sums import sum_of
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.values import Period

_NO_OPEN: Words = ("no open opportunity", "没有进行中的商机")
_NONE_HERE: Words = ("no open opportunity belongs to the period", "没有属于该期间的进行中商机")
_NO_CHANCES: Words = ("no chance of any open opportunity is known", "所有商机的赢单概率均未知")
_NO_AMOUNTS: Words = ("no amount of any open opportunity is known", "所有商机的金额均未知")
_ALONE: Words = (
    "sales taken as independent: if they succeed or fail together the spread is wider",
    "假定各商机相互独立：若成败相关，波动更大",
)
_TOTAL: Words = ("judgement of the total", "对总额的判断")


@attrs.frozen(kw_only=True)
class ForecastPart:
    """
    What one opportunity adds to a forecast, or one part beside them.

    Attributes:
        id: The opportunity; `None` for a part that no open opportunity stands for.
        name: What it is, in English and Chinese; the id of an opportunity.
        chance: Chance that it is won, from 0 to 1; `None` for a part of many wins or none.
        wins: Expected wins; `None` where nobody can tell.
        exact: Expected amount in the reporting currency; `None` where nobody can tell.
        basis: What the chance rests on, in English and Chinese.
        amount_basis: What the amount rests on, or why it is unknown.
        is_judged: Whether somebody judged it.
    """

    id: str | None
    name: Words
    chance: Decimal | None
    wins: Fraction | None
    exact: Fraction | None
    basis: Words
    amount_basis: Words
    is_judged: bool = False

    @property
    def expected(self) -> Decimal | None:
        """Return the expected amount to 28 significant digits; `None` where nobody can tell."""
        return None if self.exact is None else as_decimal(self.exact)


@attrs.frozen(kw_only=True)
class PipelineForecast:
    """
    What open opportunities may bring: an amount, a number of wins, and what they rest on.

    Attributes:
        method: The method of the chances with its parameters, in English and Chinese.
        as_of: Last day whose facts are seen.
        during: Period that it is for; `None` for in the end.
        currency: Reporting currency.
        distribution: Won amount in the reporting currency; `None` where it is undefined.
        wins: Number of opportunities won; `None` where it is undefined.
        reason: Why one of the two is undefined, in English and Chinese; `None` where neither is.
        parts: What each opportunity adds, by id, and then the parts beside them; the expected
            amounts that are known add up to the mean exactly.
        left_out: Opportunities that do not count, with reasons, and those of unknown amount that
            count as wins alone.
        judgements: What people judged, with what it changed.
        ignored: Judgements that changed nothing, with reasons; none of those that were not yet
            said on the day.
        notes: What the reader should know, in English and Chinese.
        correlation: How alike all parts are driven by one common factor, from 0 to 1.
    """

    method: Words
    as_of: date
    during: Period | None
    currency: str
    distribution: Distribution | None
    wins: Distribution | None
    reason: Words | None
    parts: tuple[ForecastPart, ...] = attrs.field(converter=as_tuple)
    left_out: tuple[LeftOut, ...] = attrs.field(default=(), converter=as_tuple)
    judgements: tuple[AppliedJudgement, ...] = attrs.field(default=(), converter=as_tuple)
    ignored: tuple[IgnoredJudgement, ...] = attrs.field(default=(), converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)
    correlation: Decimal = Decimal(0)

    @cached_property
    def n(self) -> int:
        """Return how many open opportunities count."""
        return sum(one.id is not None for one in self.parts)

    def part(self, key: str) -> ForecastPart:
        """
        Return what an opportunity adds, or one of the parts beside them.

        Args:
            key: Id of an opportunity, or the English or Chinese name of another part, such as
                `new business`.

        Raises:
            UnknownName: It does not count here.
        """
        found = self._by_key.get(key) if isinstance(cast("object", key), str) else None
        if found is None:
            known = tuple(one.name[0] for one in self.parts)
            raise UnknownName("part of the forecast", str(key), known)
        return found

    @cached_property
    def _by_key(self) -> dict[str, ForecastPart]:
        """Return the parts by name; an opportunity goes before a part that is called as it is."""
        beside = {name: one for one in reversed(self.parts) if one.id is None for name in one.name}
        return beside | {one.id: one for one in self.parts if one.id is not None}

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the forecast in a few lines, as a person reads it.

        Args:
            language: Language of the words.
        """
        check_kind("language", language, Language, "a Language, such as Language.EN")
        pick = language.pick
        within = pick(("in the end", "最终")) if self.during is None else self.during.key
        head = pick(("as of {day}", "截至{day}")).format(day=self.as_of)
        lines = [f"{pick(self.method)} · {within} · {head}"]
        if self.distribution is not None:
            said = pick(("expected", "预期")), range_text(self.distribution, 2, language)
            lines.append(f"{said[0]} {self.currency} {said[1]}")
        if self.wins is not None:
            lines.append(f"{pick(('wins', '赢单'))} {range_text(self.wins, 1, language)}")
        if self.reason is not None:
            lines.append(pick(self.reason))
        out = pick(("left out: {reason} ({n:,})", "未计入：{reason}（{n:,}个）"))
        lines += [out.format(reason=pick(one.reason), n=one.n) for one in self.left_out]
        lines += [judged_line(one, language) for one in self.judgements]
        lines += [ignored_line(one, language) for one in self.ignored]
        return "\n".join((*lines, *map(pick, self.notes)))


def pipeline_forecast(
    snapshot: PipelineSnapshot,
    chances: WinChances,
    *,
    amounts: WonAmounts | None = None,
    judgements: Iterable[Judgement] = (),
    extra: Iterable[ExtraPart] = (),
    correlation: Decimal = Decimal(0),
    points: int = 4096,
) -> PipelineForecast:
    """
    Return what the open opportunities may bring.

    Each opportunity is won with its chance and then brings its amount; the sum has the distribution
    of all ways in which that may go. An opportunity of unknown amount counts as a win and is left
    out of the amount.
    A judgement takes the place of what the method says; one of the total comes last, and multiplies
    every part alike, so that its mean is what was judged, to all 28 digits of a mean.

    Args:
        snapshot: The open opportunities.
        chances: Their chances, by whichever method.
        amounts: What they come to if won; `None` takes what they state.
        judgements: What people judge otherwise, in any order; those said after the day of the
            snapshot change nothing.
        extra: Parts beside the open opportunities, such as `won_so_far` and `new_business`, each
            with a name of its own.
        correlation: How alike all parts are driven by one common factor, from 0 for not at all to
            1; the mean stays, the spread grows.
        points: Points of the grid where the sum has too many values to be exact; see `sum_of`.

    Returns:
        The forecast; certainly 0 where no opportunity is open, undefined with a reason where some
        are and nothing is known of any.

    Raises:
        InvalidNumber: The correlation is no finite Decimal.
        InvalidValue: Chances, amounts or an extra part are of another day, period or snapshot, two
            extra parts have one name, a judgement states an amount in another than the reporting
            currency, or the correlation lies outside 0 to 1.

    Examples:
        >>> from salescore.forecast import stated_chances
        >>> seen = PipelineSnapshot(as_of=date(2026, 3, 31), currency="EUR", opportunities=[])
        >>> pipeline_forecast(seen, stated_chances(seen)).notes[0][0]
        'no open opportunity'

    Source:
        Sum of Bernoulli variables (Poisson binomial) and its like with amounts: Hong, On computing
        the distribution function for the Poisson binomial distribution, Computational Statistics
        and Data Analysis 59 (2013), 41-51.
    """
    as_chance(correlation, "correlation")
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    check_kind("chances", chances, WinChances, "chances of opportunities")
    if amounts is not None:
        check_kind("amounts", amounts, WonAmounts, "amounts of opportunities")
    said = each_of("judgements", judgements, Judgement, "judgements")
    stated = stated_amounts(snapshot) if amounts is None else amounts
    more = each_of("extra", extra, ExtraPart, "parts, such as won_so_far() gives")
    _check(snapshot, chances, stated, more)
    found = judged(snapshot, chances.rows, stated.rows, said)
    parts = [*map(_part, found.rows), *map(_extra_part, more)]
    values = [
        *(
            won_with(one.chance, one.amount)
            for one in found.rows
            if one.chance is not None and one.amount is not None
        ),
        *(part for one in more for part in one.amounts or ()),
    ]
    known = [one.chance for one in found.rows if one.chance is not None]
    bet = {chance: Distribution.either(Decimal(1), chance) for chance in known}
    bets = [*map(bet.__getitem__, known), *(part for one in more for part in one.wins or ())]
    wins: Distribution | None = sum_of(bets, correlation=correlation, points=points)
    distribution: Distribution | None = sum_of(values, correlation=correlation, points=points)
    reason = _reason(found.rows, parts)
    if reason is not None:
        distribution = None
        if reason is _NO_CHANCES:
            wins = None
    total = judged_total(found.total, distribution)
    if total is not None:
        distribution, reason = total.distribution, None
        parts = [
            one if one.exact is None else attrs.evolve(one, exact=one.exact * total.factor)
            for one in parts
        ]
        if total.added:
            parts.append(_added(total.added, total.words))
    kept = [one for one in parts if one.id is None or one.chance is not None]
    return PipelineForecast(
        method=chances.method,
        as_of=snapshot.as_of,
        during=chances.during,
        currency=snapshot.currency,
        distribution=distribution,
        wins=wins,
        reason=reason,
        parts=kept,
        left_out=_gone(snapshot, found.rows),
        judgements=[*found.applied, *([total.applied] if total is not None else [])],
        ignored=found.ignored,
        notes=[*_notes(chances, stated, more, found.rows), *_alone(correlation, bets)],
        correlation=correlation,
    )


def _alone(correlation: Decimal, bets: Sequence[Distribution]) -> list[Words]:
    """Return that sales are taken as independent, where several may go either way."""
    is_open = sum(len(one.values) > 1 for one in bets) > 1
    return [_ALONE] if is_open and not correlation else []


def _check(
    snapshot: PipelineSnapshot, chances: WinChances, amounts: WonAmounts, extra: Sequence[ExtraPart]
) -> None:
    """Refuse what was made for another day, period or pipeline."""
    ids = [one.id for one in snapshot.opportunities]
    if chances.as_of != snapshot.as_of:
        fault = f"they are as of {chances.as_of}, the snapshot of {snapshot.as_of}"
        raise InvalidValue("chances", str(chances.as_of), fault)
    for name, rows in (("chances", chances.rows), ("amounts", amounts.rows)):
        if [one.id for one in rows] != ids:
            raise InvalidValue(name, len(rows), "they are of another snapshot")
    for part in extra:
        if part.as_of != snapshot.as_of or part.during != chances.during:
            fault = "it is for another day or period than the chances"
            raise InvalidValue(f"extra part {part.name[0]}", part.during.key, fault)
        if sum(part.name[0] == other.name[0] for other in extra) > 1:
            fault = "two extra parts have this name, and each counts once; name them apart"
            raise InvalidValue("name of an extra part", part.name[0], fault)


def _part(one: Judged) -> ForecastPart:
    wins = None if one.chance is None else Fraction(one.chance)
    known = wins is not None and one.amount is not None
    return ForecastPart(
        id=one.id,
        name=(one.id, one.id),
        chance=one.chance,
        wins=wins,
        exact=wins * one.amount.exact_mean if known and wins is not None and one.amount else None,
        basis=one.basis,
        amount_basis=one.amount_basis,
        is_judged=one.is_judged,
    )


def _extra_part(one: ExtraPart) -> ForecastPart:
    nothing = Fraction(0)
    return ForecastPart(
        id=None,
        name=one.name,
        chance=None,
        wins=None if one.wins is None else sum((each.exact_mean for each in one.wins), nothing),
        exact=None
        if one.amounts is None
        else sum((each.exact_mean for each in one.amounts), nothing),
        basis=one.basis,
        amount_basis=one.basis,
    )


def _added(amount: Fraction, basis: Words) -> ForecastPart:
    return ForecastPart(
        id=None,
        name=_TOTAL,
        chance=None,
        wins=Fraction(0),
        exact=amount,
        basis=basis,
        amount_basis=basis,
        is_judged=True,
    )


def _reason(rows: Sequence[Judged], parts: Sequence[ForecastPart]) -> Words | None:
    """Return why the amount is undefined; `None` where it is not."""
    if any(one.exact is not None for one in parts):
        return None
    if any(one.chance is not None for one in rows):
        return _NO_AMOUNTS
    return _NO_CHANCES if any(one.standing is Standing.UNKNOWN for one in rows) else None


def _gone(snapshot: PipelineSnapshot, rows: Sequence[Judged]) -> tuple[LeftOut, ...]:
    told = [
        *((one.id, one.basis) for one in rows if one.chance is None),
        *((one.id, one.amount_basis) for one in rows if one.chance is not None and not one.amount),
        *((key, one.reason) for one in snapshot.left_out for key in one.ids),
    ]
    return left_out(told)


def _notes(
    chances: WinChances, amounts: WonAmounts, extra: Sequence[ExtraPart], rows: Sequence[Judged]
) -> list[Words]:
    found = [*chances.notes]
    if not rows:
        found.append(_NO_OPEN)
    elif all(one.standing is Standing.OUTSIDE for one in rows):
        found.append(_NONE_HERE)
    if rows:
        found.append(amounts.method)
    found += [(f"{one.name[0]}: {one.basis[0]}", f"{one.name[1]}：{one.basis[1]}") for one in extra]
    return found
