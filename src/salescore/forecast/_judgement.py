"""What people judge otherwise than a method: by whom, why and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._pipeline_checks import check_chance, check_day, check_text
from salescore.forecast._pipeline_words import Words
from salescore.values import Money


@attrs.frozen(kw_only=True)
class Judgement:
    """
    What somebody knows better than a method.

    Attributes:
        author: Who judges.
        reason: Why.
        on: Day on which it was said.
        opportunity_id: The opportunity; `None` for the total.
        chance: Chance to be won within the period of the forecast, from 0 to 1; `None` leaves it.
        amount: What it comes to if it is won, in the reporting currency; for the total what is
            expected of it. `None` leaves it.
        is_excluded: Whether the opportunity does not count at all.
    """

    author: str
    reason: str
    on: date
    opportunity_id: str | None = None
    chance: Decimal | None = None
    amount: Money | None = None
    is_excluded: bool = False

    def __attrs_post_init__(self) -> None:
        for name, text in (("author", self.author), ("reason", self.reason)):
            check_text(f"{name} of a judgement", text)
        if self.opportunity_id is not None:
            fault = "an id, or None for the total"
            check_text("opportunity of a judgement", self.opportunity_id, fault)
        check_day("day of a judgement", self.on)
        if self.chance is not None:
            check_chance("chance of a judgement", self.chance)
        if self.amount is not None:
            check_kind("amount of a judgement", self.amount, Money, "Money")
        check_kind("is_excluded of a judgement", self.is_excluded, bool, "True or False")
        told = self.chance is not None or self.amount is not None
        if told is self.is_excluded:
            fault = "it states a chance, an amount or both, or else excludes"
            raise InvalidValue("judgement", self.reason, fault)
        if self.opportunity_id is None and (self.amount is None or self.chance is not None):
            fault = "of the total it states an amount, and nothing else"
            raise InvalidValue("judgement of the total", self.reason, fault)


@attrs.frozen(kw_only=True)
class AppliedJudgement:
    """
    What a judgement changed.

    Attributes:
        judgement: The judgement.
        chance_before: Chance of the opportunity before; `None` where it had none, or of the total.
        chance_after: Chance after; `None` where it does not count any more, or of the total.
        expected_before: Expected amount before, of the opportunity or the total; `None` where it
            had none.
        expected_after: Expected amount after; `None` where there is none.
    """

    judgement: Judgement
    chance_before: Decimal | None
    chance_after: Decimal | None
    expected_before: Decimal | None
    expected_after: Decimal | None


@attrs.frozen(kw_only=True)
class IgnoredJudgement:
    """
    A judgement that changed nothing.

    Attributes:
        judgement: The judgement.
        reason: Why, in English and Chinese.
    """

    judgement: Judgement
    reason: Words


SUPERSEDED: Words = ("a later one says otherwise", "已被之后的判断取代")
NOT_OPEN: Words = ("its opportunity is not open here", "该商机不在进行中")


def judgements_known(judgements: Iterable[Judgement], as_of: date) -> list[Judgement]:
    """
    Return the judgements that were said until a day, the earliest first.

    Of those said on one day the order given stands.
    """
    return sorted((one for one in judgements if one.on <= as_of), key=lambda one: one.on)


def standing_judgements(
    judgements: Sequence[Judgement],
) -> tuple[list[Judgement], list[IgnoredJudgement]]:
    """
    Return what counts of judgements, and what later ones set aside.

    A later judgement sets aside what an earlier one says of the same thing: the amount, or whether
    and how likely it counts. Of an earlier one that said both the rest stays.

    Args:
        judgements: Judgements from the earliest on.
    """
    said: set[tuple[str | None, str]] = set()
    kept: list[Judgement] = []
    gone: list[IgnoredJudgement] = []
    for one in reversed(judgements):
        key = one.opportunity_id
        told = {
            *(["amount"] if one.amount is not None else []),
            *(["chance"] if one.chance is not None or one.is_excluded else []),
        }
        left = {what for what in told if (key, what) not in said}
        if left < told:
            gone.append(IgnoredJudgement(judgement=one, reason=SUPERSEDED))
        if not left:
            continue
        said |= {(key, what) for what in left}
        if left < told:
            one = attrs.evolve(  # noqa: PLW2901 - what is left of it
                one,
                amount=one.amount if "amount" in left else None,
                chance=one.chance if "chance" in left else None,
            )
        kept.append(one)
    return kept[::-1], gone[::-1]
