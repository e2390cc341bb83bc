"""Opportunities of a forecast after people's judgement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution import Distribution
from salescore.forecast._judgement import (
    NOT_OPEN,
    AppliedJudgement,
    IgnoredJudgement,
    Judgement,
    judgements_known,
    standing_judgements,
)
from salescore.forecast._numbers import as_decimal, as_factor
from salescore.forecast._pipeline_amounts import WonAmount
from salescore.forecast._pipeline_chances import Standing, WinChance
from salescore.forecast._pipeline_snapshot import PipelineSnapshot
from salescore.forecast._pipeline_words import Words
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Judged:
    """
    An opportunity with its chance and amount, judged or not.

    Attributes:
        id: The opportunity.
        chance: From 0 to 1; `None` where it does not count.
        standing: Whether it counts.
        amount: What it comes to if it is won; `None` where nobody can tell.
        basis: What the chance rests on, or why there is none.
        amount_basis: What the amount rests on, or why it is unknown.
        is_judged: Whether somebody judged it.
    """

    id: str
    chance: Decimal | None
    standing: Standing
    amount: Distribution | None
    basis: Words
    amount_basis: Words
    is_judged: bool = False

    @property
    def expected(self) -> Decimal | None:
        """Return the expected amount; `None` where nobody can tell."""
        if self.chance is None or self.amount is None:
            return None
        return as_decimal(Fraction(self.chance) * self.amount.exact_mean)


@attrs.frozen(kw_only=True)
class JudgedRows:
    """
    All opportunities after judgement.

    Attributes:
        rows: The opportunities, by id.
        total: The judgement of the total; `None` without one.
        applied: What judgements of opportunities changed.
        ignored: Judgements that changed nothing.
    """

    rows: tuple[Judged, ...]
    total: Judgement | None
    applied: tuple[AppliedJudgement, ...]
    ignored: tuple[IgnoredJudgement, ...]


def judged(
    snapshot: PipelineSnapshot,
    chances: Sequence[WinChance],
    amounts: Sequence[WonAmount],
    judgements: Iterable[Judgement],
) -> JudgedRows:
    """
    Return the opportunities of a snapshot after judgement.

    Raises:
        InvalidValue: A judgement states an amount in another than the reporting currency.
    """
    rows = {
        chance.id: Judged(
            id=chance.id,
            chance=chance.chance,
            standing=chance.standing,
            amount=amount.amount,
            basis=chance.basis,
            amount_basis=amount.basis,
        )
        for chance, amount in zip(chances, amounts, strict=True)
    }
    known, ignored = standing_judgements(judgements_known(judgements, snapshot.as_of))
    total: Judgement | None = None
    applied: list[AppliedJudgement] = []
    for one in known:
        if one.amount is not None and one.amount.currency != snapshot.currency:
            raise _elsewhere(one, one.amount, snapshot.currency)
        if one.opportunity_id is None:
            total = one
        elif one.opportunity_id not in rows:
            ignored.append(IgnoredJudgement(judgement=one, reason=NOT_OPEN))
        else:
            before = rows[one.opportunity_id]
            after = rows[one.opportunity_id] = _after(before, one)
            applied.append(
                AppliedJudgement(
                    judgement=one,
                    chance_before=before.chance,
                    chance_after=after.chance,
                    expected_before=before.expected,
                    expected_after=after.expected,
                )
            )
    return JudgedRows(
        rows=tuple(rows.values()), total=total, applied=tuple(applied), ignored=tuple(ignored)
    )


def said_by(act: str, act_zh: str, one: Judgement) -> Words:
    """Return who did something, when and why, in English and Chinese."""
    en = f"{act} {one.author}, {one.on}: {one.reason}"
    return en, f"{act_zh}：{one.author}，{one.on}：{one.reason}"


def _elsewhere(one: Judgement, amount: Money, currency: str) -> InvalidValue:
    """Return the error of an amount in another than the reporting currency."""
    of = "the total" if one.opportunity_id is None else one.opportunity_id
    thing = f"amount of the judgement of {of} by {one.author} on {one.on}"
    fault = f"it is in {amount.currency}, the pipeline in {currency}; state it in {currency}"
    return InvalidValue(thing, f"{amount.amount:f} {amount.currency}", fault)


def _after(before: Judged, one: Judgement) -> Judged:
    said = said_by("judged by", "判断", one)
    found = attrs.evolve(before, is_judged=True)
    if one.amount is not None:
        amount = Distribution.certain(one.amount.amount)
        found = attrs.evolve(found, amount=amount, amount_basis=said)
    if one.chance is not None:
        found = attrs.evolve(found, chance=one.chance, standing=Standing.COUNTS, basis=said)
    elif one.amount is None:
        gone = said_by("excluded by", "排除", one)
        found = attrs.evolve(found, chance=None, standing=Standing.OUTSIDE, basis=gone)
    return found


@attrs.frozen(kw_only=True)
class JudgedTotal:
    """
    The amount of a forecast after a judgement of the total.

    Attributes:
        distribution: The amount.
        factor: By what every part was multiplied.
        added: What was added where there was nothing to multiply; else 0.
        words: Who said so and why, in English and Chinese.
        applied: What it changed.
    """

    distribution: Distribution
    factor: Fraction
    added: Fraction
    words: Words
    applied: AppliedJudgement


def judged_total(said: Judgement | None, distribution: Distribution | None) -> JudgedTotal | None:
    """
    Return an amount after a judgement of the total; `None` where nobody judged it.

    Args:
        said: The judgement.
        distribution: The amount before, in the currency of the judgement; `None` where it is
            undefined.
    """
    if said is None or said.amount is None:
        return None
    wanted = Fraction(said.amount.amount)
    mean = Fraction(0) if distribution is None else distribution.exact_mean
    if distribution is None or not mean:
        found, factor, added = Distribution.certain(said.amount.amount), Fraction(1), wanted
        if distribution is not None:
            found = distribution.shifted(said.amount.amount)
    else:
        # What every part is multiplied by is a decimal, so that the parts still sum to the whole.
        # Its 40 digits leave the 28 of the mean as they were judged.
        ratio = as_factor(wanted / mean)
        found, factor, added = distribution.scaled(ratio), Fraction(ratio), Fraction(0)
    return JudgedTotal(
        distribution=found,
        factor=factor,
        added=added,
        words=said_by("judged by", "判断", said),
        applied=AppliedJudgement(
            judgement=said,
            chance_before=None,
            chance_after=None,
            expected_before=None if distribution is None else distribution.mean,
            expected_after=found.mean,
        ),
    )
