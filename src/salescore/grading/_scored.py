"""What a scorecard gave a customer, in words and as plain data."""

from __future__ import annotations

from decimal import Decimal

import attrs

from salescore.grading._score_card import EventLine, ScoreCard, ScoreGroup, ScoreLine
from salescore.render import Language, number

_INDENT = "  "
_DIGITS = 2


@attrs.frozen
class ScoredLine:
    """
    What one line gave.

    Attributes:
        line: The line.
        points: Its points, of all events together.
        count: How many events counted; 1 or 0 for a line without events.
        is_unknown: Whether the rule of the line was unknown.
    """

    line: ScoreLine | EventLine
    points: Decimal
    count: int
    is_unknown: bool = False


@attrs.frozen
class ScoredGroup:
    """
    What one group gave.

    Attributes:
        group: The group.
        lines: What its lines gave.
        uncapped: Sum of the lines.
        points: The sum within the bounds of the group.
    """

    group: ScoreGroup
    lines: tuple[ScoredLine, ...]
    uncapped: Decimal
    points: Decimal


@attrs.frozen
class Score:
    """
    The points of a customer, and where they come from.

    Attributes:
        card: The scorecard.
        groups: What its groups gave.
        uncapped: Sum of the groups, each within its bounds.
        points: The sum within the bounds of the card.
    """

    card: ScoreCard
    groups: tuple[ScoredGroup, ...]
    uncapped: Decimal
    points: Decimal

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the score in words: the points, under them every group, and under it every line.

        A line says how many events counted, or that nobody can tell; a group and the card say
        which bound held them back. Points are shown to two digits behind the point.

        Args:
            language: Language of labels and phrases.
        """
        return _score_text(self, language)

    def as_data(self) -> dict[str, object]:
        """
        Return the score as plain JSON data.

        The keys are `card`, `points`, `uncapped` and `groups`; each group has `key`, `points`,
        `uncapped`, `lowest`, `highest` and `lines`, and each line `key`, `points`, `count` and
        `is_unknown`. Points are decimal texts; a bound that there is not is null.
        """
        return _score_data(self)


def _score_text(score: Score, language: Language) -> str:
    """Return a score in words, a line for the card, each group and each line."""
    total = _held(language, score.points, score.uncapped)
    lines = [_labelled(language, score.card.labels, total)]
    for group in score.groups:
        lines += _group_lines(language, group)
    return "\n".join(lines)


def _group_lines(language: Language, given: ScoredGroup) -> list[str]:
    group = given.group
    total = _held(language, given.points, given.uncapped)
    return [
        _INDENT + _labelled(language, group.labels, total),
        *(
            _INDENT * 2 + _labelled(language, one.line.labels, _given(language, one))
            for one in given.lines
        ),
    ]


def _labelled(language: Language, labels: tuple[str, str], words: str) -> str:
    return language.pick((f"{labels[0]}: {words}", f"{labels[1]}：{words}"))


def _held(language: Language, points: Decimal, uncapped: Decimal) -> str:
    """Return the points of a group or card, and what they were before a bound held them."""
    said = language.pick((f"{_shown(points)} points", f"{_shown(points)} 分"))
    if points == uncapped:
        return said
    before = _shown(uncapped)
    if points > uncapped:
        return said + language.pick(
            (f", raised to its floor from {before}", f"，由 {before} 提升至下限")
        )
    return said + language.pick((f", cut to its cap from {before}", f"，由 {before} 削减至上限"))


def _given(language: Language, one: ScoredLine) -> str:
    if one.is_unknown:
        return language.pick(("unknown, so no points", "未知，不计分"))
    points = _shown(one.points)
    if one.points > 0:
        points = f"+{points}"
    if not isinstance(one.line, EventLine):
        return points
    events = "event" if one.count == 1 else "events"
    return points + language.pick((f" for {one.count:,} {events}", f"（{one.count:,} 次）"))


def _shown(points: Decimal) -> str:
    """Return points to two digits behind the point, without zeros at their end."""
    return number(points, _DIGITS).rstrip("0").rstrip(".")


def _score_data(score: Score) -> dict[str, object]:
    """Return a score as plain JSON data."""
    return {
        "card": score.card.name,
        "points": _text(score.points),
        "uncapped": _text(score.uncapped),
        "groups": [
            {
                "key": one.group.key,
                "points": _text(one.points),
                "uncapped": _text(one.uncapped),
                "lowest": _text_or_none(one.group.lowest),
                "highest": _text_or_none(one.group.highest),
                "lines": [
                    {
                        "key": line.line.key,
                        "points": _text(line.points),
                        "count": line.count,
                        "is_unknown": line.is_unknown,
                    }
                    for line in one.lines
                ],
            }
            for one in score.groups
        ],
    }


def _text(points: Decimal) -> str:
    return format(points or points.copy_abs(), "f")


def _text_or_none(points: Decimal | None) -> str | None:
    return None if points is None else _text(points)
