"""The score of a lead, with what each of its values contributed."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.errors import InvalidRecord
from salescore.render import NOTHING, Language, number, percent, text_table
from salescore.values import quotient

FEWEST_OF_TAG = 50
"""Closed cases below which a tag says nothing, by default; so in Odoo."""

STAGE = "stage"
"""What the stage is called among the factors; no field may have this name."""

_STAGE_LABELS = ("stage", "阶段")
_DIGITS = 28
_HIGHEST = Decimal("0.9999999999999999999999999999")
_WIDEST = 40


class Neutral(Enum):
    """Why a value moved a score neither up nor down."""

    UNKNOWN = "unknown"
    UNSEEN = "unseen"
    FEW = "few"
    UNREAD = "unread"

    @property
    def labels(self) -> tuple[str, str]:
        """Return the reason in English and Chinese."""
        return _NEUTRAL[self]


_NEUTRAL = {
    Neutral.UNKNOWN: ("no value is known", "未知"),
    Neutral.UNSEEN: ("in no closed case", "历史中未出现"),
    Neutral.FEW: ("in too few closed cases", "样本太少"),
    Neutral.UNREAD: ("the model does not read it", "模型未使用"),
}


@attrs.frozen(kw_only=True)
class LeadField:
    """
    A field that a lead is scored by.

    Attributes:
        name: Name of the field; `stage` is taken.
        minimum_cases: Closed cases below which a value says nothing, at least 1.
        is_set: Whether a case may have several values, as with tags.
    """

    name: str
    minimum_cases: int = 1
    is_set: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.name or self.name == STAGE:
            fault = f"a field has a name, and {STAGE!r} is that of the stage"
            raise InvalidRecord("LeadField", "name", self.name, fault)
        if type(self.minimum_cases) is not int or self.minimum_cases < 1:
            fault = "it must be a whole number from 1"
            raise InvalidRecord("LeadField", "minimum_cases", self.minimum_cases, fault)

    @classmethod
    def of_tags(cls, name: str, minimum_cases: int = FEWEST_OF_TAG) -> LeadField:
        """
        Return a field of tags, of which the rare ones say nothing.

        Args:
            name: Name of the field.
            minimum_cases: Closed cases below which a tag says nothing, at least 1.
        """
        return cls(name=name, minimum_cases=minimum_cases, is_set=True)


@attrs.frozen(kw_only=True)
class LeadFactor:
    """
    What one value contributed to a score.

    Attributes:
        field: Name of the field, or `stage`.
        value: The value; `None` when unknown.
        won: Closed cases with this value that were won.
        lost: Closed cases with this value that were lost.
        won_share: Their smoothed share of all won cases of the field; `None` where it is neutral.
        lost_share: Their smoothed share of all lost cases of the field; `None` likewise.
        neutral: Why it contributed nothing; `None` where it did.
    """

    field: str
    value: str | None
    won: int = 0
    lost: int = 0
    won_share: Fraction | None = None
    lost_share: Fraction | None = None
    neutral: Neutral | None = None

    @property
    def ratio(self) -> Fraction:
        """Return by what the odds were multiplied, exactly: above 1 speaks for winning."""
        if self.won_share is None or self.lost_share is None:
            return Fraction(1)
        return self.won_share / self.lost_share

    def as_data(self) -> dict[str, object]:
        """Return plain JSON data; shares and ratio to 28 significant digits."""
        return {
            "field": self.field,
            "value": self.value,
            "won": self.won,
            "lost": self.lost,
            "won_share": _text(self.won_share),
            "lost_share": _text(self.lost_share),
            "ratio": _text(self.ratio),
            "neutral": None if self.neutral is None else self.neutral.value,
        }


@attrs.frozen(kw_only=True)
class LeadScore:
    """
    How likely a lead is won, as far as past cases tell, and why.

    Attributes:
        exact: The probability as an exact fraction, above 0 and below 1; `None` without a score.
        prior: What it would be without any value, the smoothed share of won cases; `None` likewise.
        won: Won cases that the model learned from.
        lost: Lost cases that it learned from.
        factors: What the stage and each value contributed, neutral ones included.
        reason: Why there is no score; `None` where there is one.
    """

    exact: Fraction | None
    prior: Fraction | None
    won: int
    lost: int
    factors: tuple[LeadFactor, ...] = ()
    reason: str | None = None

    @property
    def probability(self) -> Decimal | None:
        """
        Return the probability, rounded half to even to 28 significant digits.

        It is above 0 and below 1, also where rounding would make it 1; `None` without a score.
        """
        return None if self.exact is None else min(decimal_of(self.exact), _HIGHEST)

    def as_data(self) -> dict[str, object]:
        """Return plain JSON data; fractions as decimal texts of 28 significant digits."""
        value = self.probability
        return {
            "probability": None if value is None else f"{value:f}",
            "prior": _text(self.prior),
            "won": self.won,
            "lost": self.lost,
            "factors": [one.as_data() for one in self.factors],
            "reason": self.reason,
        }

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the score and its reasons as a person reads them.

        Args:
            language: Language of the words; values stay as the business writes them.

        Returns:
            A line with the score, then a table of the factors with by what each multiplied the
            odds.
        """
        said = language.pick
        if self.exact is None:
            return said((f"No lead score: {self.reason}.", f"无线索评分：{self.reason}。"))
        closed = f"{self.won:,} / {self.lost:,}"
        score, prior = percent(self.probability), percent(_decimal(self.prior))
        head = said(
            (
                f"Lead score {score}; without its values {prior} (won / lost {closed}).",
                f"线索评分 {score}；不看字段时 {prior}（赢单 / 输单 {closed}）。",
            )
        )
        columns = (
            ("Field", "字段"),
            ("Value", "取值"),
            ("Won", "赢单"),
            ("Lost", "输单"),
            ("Odds ×", "优势 ×"),
            ("", ""),
        )
        rows = [
            (
                said(_STAGE_LABELS) if one.field == STAGE else one.field,
                NOTHING if one.value is None else one.value,
                f"{one.won:,}",
                f"{one.lost:,}",
                NOTHING if one.neutral else number(decimal_of(one.ratio), 2),
                said(one.neutral.labels) if one.neutral else "",
            )
            for one in self.factors
        ]
        return "\n".join([head, *text_table([said(one) for one in columns], rows, widest=_WIDEST)])


def decimal_of(value: Fraction) -> Decimal:
    """Return an exact fraction as a decimal of 28 significant digits."""
    found = quotient(Decimal(value.numerator), Decimal(value.denominator), _DIGITS)
    return Decimal(0) if found is None else found


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else decimal_of(value)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else f"{decimal_of(value):f}"
