"""The words of decisions: what a decision does, and each kind of reason, in English and Chinese."""

from __future__ import annotations

from datetime import date

from salescore.grading._reasons import GradeReason, Move, ReasonCode
from salescore.render import Language, clip

_WIDEST = 60

_MOVES: dict[Move, tuple[str, str]] = {
    Move.ENTERED: ("graded anew", "重新评定"),
    Move.KEPT: ("kept", "保持"),
    Move.WARNED: ("about to fall", "预警，即将降级"),
    Move.PROMOTED: ("rose", "升级"),
    Move.DEMOTED: ("fell", "降级"),
    Move.MOVED: ("moved", "变更"),
    Move.OVERRIDDEN: ("set by a person", "人工指定"),
}

_FIRST = ("first grade", "首次评定")

_REASONS: dict[ReasonCode, tuple[str, str]] = {
    ReasonCode.ENTRY_HOLDS: ("Fulfils what {} asks", "满足“{}”的准入条件"),
    ReasonCode.ENTRY_UNKNOWN: (
        "Whether it fulfils what {} asks is unknown, which is no",
        "是否满足“{}”的准入条件未知，按不满足处理",
    ),
    ReasonCode.LOWEST: (
        "Fulfils what no grade asks; {} takes whoever has no other",
        "不满足任何等级的准入条件，归入“{}”",
    ),
    ReasonCode.EXIT_HOLDS: ("Due to leave {}", "应退出“{}”"),
    ReasonCode.EXIT_UNKNOWN: (
        "Whether it is due to leave {} is unknown, which is no",
        "是否应退出“{}”未知，按不退出处理",
    ),
    ReasonCode.INSIDE: ("Not due to leave {}", "未达到“{}”的退出条件"),
    ReasonCode.MINIMUM_STAY: ("Has not had {} for long enough to fall", "在“{}”未满最短保留期"),
    ReasonCode.NO_REVIEW: ("Nobody falls from {} without a review", "非复核日，不从“{}”降级"),
    ReasonCode.GRACE: ("The days of grace for {} are not over", "“{}”的宽限期未满"),
    ReasonCode.STEP_LIMIT: (
        "No further than {} before the next review: as many steps as are allowed",
        "下次复核前最多到“{}”：已达升降级步数上限",
    ),
    ReasonCode.OVERRIDE: ("A person's word holds: {}", "人工指定有效：“{}”"),
    ReasonCode.OVERRIDE_EXPIRED: ("A person's word for {} has expired", "人工指定的“{}”已失效"),
    ReasonCode.UNKNOWN_GRADE: (
        "The grade on record, {}, is none of the policy's",
        "记录中的等级“{}”不属于本规则",
    ),
    ReasonCode.ENDED: ("The grade on record, {}, has ended", "记录中的等级“{}”已结束"),
}

# Where grades are no ladder, nobody falls.
_MOVES_APART = _MOVES | {Move.WARNED: ("about to move", "预警，即将变更")}
_REASONS_APART = _REASONS | {
    ReasonCode.NO_REVIEW: ("Nobody leaves {} without a review", "非复核日，不退出“{}”"),
}

_UNTIL = (" (until {})", "（至{}）")
_HELD_UNTIL = (" (held until {})", "（曾有效至{}）")
_SINCE = (" since {}", "（自{}起）")

_OVER = (ReasonCode.OVERRIDE_EXPIRED, ReasonCode.ENDED)


def move_words(
    language: Language,
    move: Move,
    *,
    on: date,
    name: str,
    grades: tuple[str | None, str | None],
    is_ladder: bool = True,
) -> str:
    """
    Return the headline of a decision.

    Args:
        language: Language of the words.
        move: What the decision does.
        on: Day of the decision.
        name: What the customer is called.
        grades: What the grades before and after are called; `None` where there was none.
        is_ladder: Whether the grades are steps of a ladder.
    """
    before, after = (None if one is None else clip(one, _WIDEST) for one in grades)
    moves = _MOVES if is_ladder else _MOVES_APART
    words = language.pick(_FIRST if move is Move.ENTERED and before is None else moves[move])
    path = f"{after}" if before is None or before == after else f"{before} → {after}"
    frame = language.pick(("{} {}: {} ({})", "{} {}：{}（{}）"))
    return frame.format(on.isoformat(), clip(name, _WIDEST), path, words)


def reason_words(
    language: Language,
    reason: GradeReason,
    label: str,
    since: date | None = None,
    *,
    is_ladder: bool = True,
) -> str:
    """
    Return a reason in words.

    Args:
        language: Language of the words.
        reason: The reason.
        label: What its grade is called.
        since: Day since which the customer is due to leave it; `None` when nobody asks.
        is_ladder: Whether the grades are steps of a ladder.
    """
    reasons = _REASONS if is_ladder else _REASONS_APART
    words = language.pick(reasons[reason.code]).format(clip(label, _WIDEST))
    if since is not None:
        words += language.pick(_SINCE).format(since)
    if reason.until is not None:
        frame = _HELD_UNTIL if reason.code in _OVER else _UNTIL
        words += language.pick(frame).format(reason.until)
    return words
