"""Refusals in words."""

from __future__ import annotations

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

_NONE = ("nothing", "无")
_COMMA = (", ", "、")


def refusal_words(refusal: Refusal, language: Language = Language.EN) -> str:
    """Return a refusal in words of a language."""
    if refusal.code is RefusalCode.HISTORY_DIFFERS:
        kept, expected = (*refusal.known, "", "")[:2]
        return language.pick(_MISFITS[refusal.name]).format(kept=kept, expected=expected)
    name = refusal.name or ""
    criterion = refusal.criterion
    if criterion is not None:
        name = language.pick(criterion.labels) or criterion.key
        name = f"{name} ({rule_text(criterion.rule)})"
    known = language.pick(_COMMA).join(refusal.known) or language.pick(_NONE)
    told = _WORDS[refusal.code]
    if refusal.code is RefusalCode.REASON_MISSING:
        told = _REASONS.get(refusal.name, told)
    words = language.pick(told)
    return words.format(name=name, stage=refusal.stage or "", known=known)
