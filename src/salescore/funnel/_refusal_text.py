"""Refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from salescore.entities import record_table
from salescore.funnel._funnel import Funnel
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.render import Language
from salescore.rules import rule_text

_WORDS: dict[RefusalCode, tuple[str, str]] = {
    RefusalCode.UNKNOWN_STAGE: (
        "the funnel has no stage {name}; it has {known}",
        "漏斗中没有阶段{name}；现有：{known}",
    ),
    RefusalCode.UNKNOWN_EVENT: (
        "the funnel has no event {name}; it has {known}",
        "漏斗中没有事件{name}；现有：{known}",
    ),
    RefusalCode.NOT_FROM_HERE: (
        "{name} does not lead out of {stage}; from there lead {known}",
        "{name}不能从{stage}发生；可用事件：{known}",
    ),
    RefusalCode.ON_HOLD: (
        "it is on hold in {stage}; from there lead {known}",
        "商机在{stage}中暂停；可用事件：{known}",
    ),
    RefusalCode.KIND_DIFFERS: (
        "its stage {stage} stands for {known} in the funnel, the opportunity says {name}",
        "阶段{stage}在漏斗中的类型为{known}，商机记录为{name}",
    ),
    RefusalCode.TOO_EARLY: (
        "it lies before the last event, of {name}",
        "早于上一事件：{name}",
    ),
    RefusalCode.NO_STAGE_BEFORE: (
        "no history tells which stage of the funnel it was in before",
        "没有历史记录说明此前所处的阶段",
    ),
    RefusalCode.CRITERION_FAILED: ("not fulfilled: {name}", "未满足：{name}"),
    RefusalCode.CRITERION_UNKNOWN: (
        "unknown whether fulfilled: {name}",
        "无法判断是否满足：{name}",
    ),
    RefusalCode.CRITERION_UNREADABLE: (
        "cannot be asked for lack of {known}: {name}",
        "缺少{known}，无法判断：{name}",
    ),
    RefusalCode.FIELD_MISSING: (
        "{name} must be known for {stage}",
        "进入{stage}前必须填写{name}",
    ),
    RefusalCode.REASON_MISSING: ("a reason must be given", "必须说明原因"),
    RefusalCode.ROLE_MISSING: ("only {known} may do it", "仅限{known}操作"),
    RefusalCode.SKIP_REFUSED: (
        "it leaves out {known}, which the funnel does not let",
        "跳过了{known}，漏斗不允许",
    ),
    RefusalCode.BACK_REFUSED: (
        "it goes back to {stage}, which the funnel does not let",
        "退回到{stage}，漏斗不允许",
    ),
    RefusalCode.OVERRIDE_REFUSED: (
        "only {known} may override",
        "仅限{known}特批",
    ),
    RefusalCode.STAGE_LEFT_OUT: (
        "the migration leads from {stage} to no stage of the new version",
        "迁移方案未包含阶段{stage}",
    ),
}

_MISFITS: dict[str | None, tuple[str, str]] = {
    "opportunity": (
        "the history is of opportunity {kept}, not of {expected}",
        "历史记录属于商机{kept}，不属于{expected}",
    ),
    "stage": (
        "the history ends in stage {kept}, the opportunity is in {expected}",
        "历史记录止于阶段{kept}，商机处于阶段{expected}",
    ),
    "funnel": (
        "the history is of funnel {kept}, not of {expected}",
        "历史记录属于漏斗{kept}，不属于{expected}",
    ),
    "version": (
        "the history is of version {kept} of the funnel, not of {expected}",
        "历史记录属于漏斗版本{kept}，不属于{expected}",
    ),
    "end": ("the last visit of the history ended on {kept}", "历史记录的最后阶段已于{kept}结束"),
    "begun": ("it has begun before, with visit {kept}", "该商机已进入漏斗，记录为{kept}"),
}

_REASONS: dict[str | None, tuple[str, str]] = {
    "loss": ("a reason must be given for a loss", "输单必须说明原因"),
    "void": ("a reason must be given for {stage}, which is void", "作废（{stage}）必须说明原因"),
    "reopening": ("a reason must be given for opening it again", "重新打开必须说明原因"),
    "skip": ("a reason must be given for leaving out {known}", "跳过{known}必须说明原因"),
    "back": ("a reason must be given for going back to {stage}", "退回到{stage}必须说明原因"),
    "transition": ("a reason must be given for {known}", "{known}必须说明原因"),
}

_UNCREATED = ("it lies before {name}, when the record was created", "早于创建日期：{name}")

_CHANGING = (
    "the migration would make {known} of what is {name}, in stage {stage}; it changes nothing else",
    "迁移会使{name}变为{known}（阶段{stage}），迁移不得改变状态",
)
_FROM_AND_TO = 2

_NONE = ("nothing", "无")
_COMMA = (", ", "、")


class _Kind(Enum):
    """What a word of a refusal is the key of."""

    STAGE = "stage"
    EVENT = "event"
    FIELD = "field"


_NAMES = {
    RefusalCode.NOT_FROM_HERE: _Kind.EVENT,
    RefusalCode.FIELD_MISSING: _Kind.FIELD,
}
"""What the name of a refusal is the key of; of others it is told as it is."""

_KNOWN: Mapping[RefusalCode, _Kind] = {
    RefusalCode.UNKNOWN_STAGE: _Kind.STAGE,
    RefusalCode.NOT_FROM_HERE: _Kind.EVENT,
    RefusalCode.ON_HOLD: _Kind.EVENT,
    RefusalCode.CRITERION_UNREADABLE: _Kind.FIELD,
    RefusalCode.SKIP_REFUSED: _Kind.STAGE,
}
"""What the parts of `known` are the keys of; of others they are told as they are."""


def refusal_words(
    refusal: Refusal, language: Language = Language.EN, *, funnel: Funnel | None = None
) -> str:
    """
    Return a refusal in words of a language.

    Args:
        refusal: The refusal.
        language: The language.
        funnel: The funnel, for the labels of its stages and events, and those of the fields that
            are missing; `None` shows keys and names, as programs know them.
    """
    told = _Told(funnel, language)
    if refusal.code is RefusalCode.HISTORY_DIFFERS:
        pair = refusal.known
        if refusal.name == "stage":
            pair = tuple(told.of(_Kind.STAGE, one) for one in pair)
        kept, expected = (*pair, "", "")[:2]
        return language.pick(_MISFITS[refusal.name]).format(kept=kept, expected=expected)
    name = told.of(_NAMES.get(refusal.code), refusal.name or "")
    criterion = refusal.criterion
    if criterion is not None:
        name = language.pick(criterion.labels) or criterion.key
        name = f"{name} ({rule_text(criterion.rule)})"
    kind, words = _KNOWN.get(refusal.code), _WORDS[refusal.code]
    if refusal.code is RefusalCode.TOO_EARLY and refusal.known:
        words = _UNCREATED
    elif refusal.code is RefusalCode.KIND_DIFFERS and len(refusal.known) == _FROM_AND_TO:
        told_by = language.pick(_CHANGING)
        return told_by.format(name=name, known=refusal.known[0], stage=refusal.stage)
    if refusal.code is RefusalCode.REASON_MISSING:
        words = _REASONS.get(refusal.name, words)
        kind = _Kind.EVENT if refusal.name == "transition" else _Kind.STAGE
    known = language.pick(_COMMA).join(told.of(kind, one) for one in refusal.known)
    return language.pick(words).format(
        name=name,
        stage=told.of(_Kind.STAGE, refusal.stage or ""),
        known=known or language.pick(_NONE),
    )


class _Told:
    """Labels in a language where a funnel is there to tell them, else keys."""

    def __init__(self, funnel: Funnel | None, language: Language) -> None:
        self._funnel = funnel
        self._language = language

    def of(self, kind: _Kind | None, key: str) -> str:
        """Return what to call a stage, an event or a field."""
        if self._funnel is None or kind is None:
            return key
        ask: Callable[[Funnel, str], tuple[str, str]] = _LABELS[kind]
        return self._language.pick(ask(self._funnel, key)) or key


def _stage_labels(funnel: Funnel, key: str) -> tuple[str, str]:
    stage = funnel.by_key.get(key)
    return ("", "") if stage is None else stage.labels


def _event_labels(funnel: Funnel, event: str) -> tuple[str, str]:
    ways = (one.labels for one in funnel.transitions if one.event == event and any(one.labels))
    return next(ways, ("", ""))


def _field_labels(_: Funnel, name: str) -> tuple[str, str]:
    table = record_table("opportunities")
    return table.field(name).labels if name in table else ("", "")


_LABELS = {
    _Kind.STAGE: _stage_labels,
    _Kind.EVENT: _event_labels,
    _Kind.FIELD: _field_labels,
}


def stage_words(key: str, language: Language, funnel: Funnel | None) -> str:
    """Return what to call a stage: its label where a funnel tells it, else its key."""
    return _Told(funnel, language).of(_Kind.STAGE, key)
