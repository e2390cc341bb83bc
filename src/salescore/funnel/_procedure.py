"""A funnel as a written procedure in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from salescore.entities import StageKind, record_table
from salescore.funnel._due_text import limit_words
from salescore.funnel._escaping import (
    markdown_code,
    markdown_text,
    one_line,
    stage_label,
    transition_label,
)
from salescore.funnel._funnel import Funnel, StepPolicy
from salescore.funnel._stage import Criterion, EventTemplate, Stage
from salescore.funnel._transition import Transition
from salescore.plain import FieldTable
from salescore.render import Language, percent
from salescore.rules import rule_text

Labels = tuple[str, str]

_COLON: Labels = (": ", "：")
_COMMA: Labels = (", ", "、")
_BRACKETS: Labels = (" ({})", "（{}）")

_KINDS: dict[StageKind, Labels] = {
    StageKind.OPEN: ("open", "进行中"),
    StageKind.WON: ("won", "赢单"),
    StageKind.LOST: ("lost", "输单"),
    StageKind.VOID: ("void", "作废"),
    StageKind.HOLD: ("on hold", "暂停"),
}
_SKIP: dict[StepPolicy, Labels] = {
    StepPolicy.ALLOWED: ("Stages may be left out.", "可以跳过阶段。"),
    StepPolicy.WITH_REASON: (
        "Stages may be left out where a reason is given.",
        "说明原因后可以跳过阶段。",
    ),
    StepPolicy.REFUSED: ("No stage may be left out.", "不得跳过阶段。"),
}
_SKIP_ASKS: Labels = (
    "What a stage left out asks for must be fulfilled all the same.",
    "被跳过阶段的要求仍须满足。",
)
_BACK: dict[StepPolicy, Labels] = {
    StepPolicy.ALLOWED: ("Going back is allowed.", "可以退回。"),
    StepPolicy.WITH_REASON: (
        "Going back is allowed where a reason is given.",
        "说明原因后可以退回。",
    ),
    StepPolicy.REFUSED: ("Nobody may go back.", "不得退回。"),
}
_ANYBODY: Labels = (
    "Anybody may pass over what is not fulfilled, giving a reason.",
    "任何人说明原因后均可特批。",
)
_THESE: Labels = (
    "Only {} may pass over what is not fulfilled, giving a reason.",
    "仅限{}在说明原因后特批。",
)


def procedure(
    funnel: Funnel, language: Language = Language.EN, *, table: FieldTable | None = None
) -> str:
    """
    Return a funnel as a written procedure in Markdown.

    It says what is done in each stage and by whom, what must be known and fulfilled, how long it
    may take, and where each stage leads to, under which conditions.

    Args:
        funnel: The funnel.
        language: Language of the procedure; what has no label in it shows its key.
        table: The field table of opportunities, as `SalesBook.table` gives it with the labels of
            registered fields; `None` for our own fields.

    Examples:
        >>> from salescore.funnel import standard_funnel
        >>> procedure(standard_funnel("deal")).splitlines()[0]
        '# From prospect to deal'
    """
    fields = record_table("opportunities") if table is None else table
    return "\n".join(_Writer(funnel, language, fields).lines()) + "\n"


class _Writer:
    """Writes one funnel in one language."""

    __slots__ = ("_fixed", "_names", "fields", "funnel", "pick")

    def __init__(self, funnel: Funnel, language: Language, fields: FieldTable) -> None:
        self.funnel = funnel
        self.fields = {one.name: language.pick(one.labels) for one in fields.fields}
        self.pick = language
        self._names: dict[str, str] = {}
        self._fixed: dict[int, tuple[str, list[str], list[str]]] = {}

    def lines(self) -> Iterator[str]:
        """Yield the procedure."""
        funnel = self.funnel
        yield f"# {self.text(funnel.labels) or markdown_text(funnel.name)}"
        yield ""
        yield from self.head()
        for number, stage in enumerate(funnel.stages, start=1):
            yield ""
            yield f"## {number}. {self.stage(stage)}"
            yield ""
            if any(stage.purpose):
                yield f"{self.text(stage.purpose)}"
                yield ""
            yield from self.facts(stage)
            yield from self.ways(stage)

    def head(self) -> Iterator[str]:
        """Yield what holds for the whole funnel."""
        funnel = self.funnel
        yield self.point(("Funnel", "漏斗"), markdown_code(funnel.title))
        for labels, day in (
            (("Valid from", "生效日期"), funnel.valid_from),
            (("Valid until", "失效日期"), funnel.valid_until),
        ):
            if day is not None:
                yield self.point(labels, day.isoformat())
        if funnel.source:
            yield self.point(("Source", "来源"), markdown_text(funnel.source))
        skip = self.pick.pick(_SKIP[funnel.skip])
        if funnel.skip is not StepPolicy.REFUSED:
            space = self.pick.pick((" ", ""))
            skip += space + self.pick.pick(_SKIP_ASKS)
        yield f"- {skip}"
        yield f"- {self.pick.pick(_BACK[funnel.back])}"
        roles = funnel.override_roles
        words = self.pick.pick(_THESE if roles else _ANYBODY)
        yield f"- {words.format(self.words(roles))}"

    def facts(self, stage: Stage) -> Iterator[str]:
        """Yield what a stage is and asks for."""
        yield self.point(("Key", "标识"), markdown_code(stage.key))
        yield self.point(("Kind", "类型"), self.pick.pick(_KINDS[stage.kind]))
        if stage.chance is not None:
            yield self.point(("Chance to win", "赢单概率"), percent(stage.chance, 0))
        if stage.forecast_category:
            category = markdown_text(stage.forecast_category)
            yield self.point(("Forecast category", "预测类别"), category)
        if stage.roles:
            yield self.point(("Who", "负责角色"), self.words(stage.roles))
        if stage.limit is not None:
            yield self.point(("At most", "时限"), limit_words(stage.limit, self.pick))
        if stage.required:
            known = self.names(stage.required)
            yield self.point(("Must be known before it enters", "进入前必填"), known)
        if stage.exit_criteria:
            yield self.point(("Must hold before it goes on", "推进前须满足"), "")
            yield from (f"    - {self.criterion(one)}" for one in stage.exit_criteria)
        for labels, events in (
            (("On entry", "进入时触发"), stage.on_entry),
            (("On leaving", "离开时触发"), stage.on_exit),
        ):
            if events:
                yield self.point(labels, self.events(events))

    def ways(self, stage: Stage) -> Iterator[str]:
        """Yield where a stage leads to."""
        found = [way for way in self.funnel.transitions if stage.key in way.sources]
        if not found:
            yield f"- {self.pick.pick(('It leads nowhere.', '没有后续流转。'))}"
            return
        yield self.point(("It leads to", "可流转至"), "")
        for way in found:
            yield f"    - {self.way(stage, way)}"
            yield from (f"        - {line}" for line in self.conditions(stage, way))

    def way(self, stage: Stage, way: Transition) -> str:
        """Return a transition: what happens, and where it leads."""
        target = self.pick.pick(("the stage before", "原阶段"))
        if way.target is not None:
            target = self.stage(self.funnel.by_key[way.target])
        passed = () if way.target is None else self.funnel.between(stage.key, way.target)
        found = f"{self.fixed(way)[0]} → {target}"
        if passed:
            over = self.pick.pick(_COMMA).join(self.stage(one) for one in passed)
            leaving = self.pick.pick(("leaves out {}", "跳过{}")).format(over)
            found += self.pick.pick(_BRACKETS).format(leaving)
        return found

    def conditions(self, stage: Stage, way: Transition) -> Iterator[str]:
        """Yield what a transition takes beyond what its stages ask for."""
        _, before, after = self.fixed(way)
        yield from before
        steps = self.funnel.steps[stage.key, way.event]
        if any(one.needs_reason for one in steps if one.transition is way):
            yield self.pick.pick(("with a reason", "须说明原因"))
        yield from after

    def fixed(self, way: Transition) -> tuple[str, list[str], list[str]]:
        """Return what is said of a transition wherever it leads out of, written once."""
        found = self._fixed.get(id(way))
        if found is None:
            label = markdown_text(transition_label(way, self.pick))
            before = [self.said(("only if", "条件"), self.criterion(one)) for one in way.guards]
            if way.required:
                before.append(self.said(("must be known", "必填"), self.names(way.required)))
            if way.roles:
                before.append(self.said(("only by", "仅限"), self.words(way.roles)))
            after: list[str] = []
            if way.emits:
                after.append(self.said(("leaves behind", "触发事件"), self.events(way.emits)))
            found = self._fixed[id(way)] = (label, before, after)
        return found

    def said(self, labels: Labels, text: str) -> str:
        """Return a name and what it stands for."""
        return f"{self.pick.pick(labels)}{self.pick.pick(_COLON)}{text}"

    def point(self, labels: Labels, text: str) -> str:
        """Return a point of a list that begins with a name."""
        return f"- **{self.pick.pick(labels)}**{self.pick.pick(_COLON)}{text}".rstrip()

    def text(self, labels: Labels) -> str:
        """Return a label of the business; the other language where this one has none."""
        return markdown_text(self.pick.pick(labels) or next(filter(None, labels), ""))

    def stage(self, stage: Stage) -> str:
        """Return what a stage is called."""
        found = self._names.get(stage.key)
        if found is None:
            found = self._names[stage.key] = markdown_text(stage_label(stage, self.pick))
        return found

    def words(self, names: Iterable[str]) -> str:
        """Return names one after the other."""
        return self.pick.pick(_COMMA).join(markdown_text(one) for one in names)

    def names(self, fields: Sequence[str]) -> str:
        """Return fields by their labels."""
        return self.words(self.fields.get(one) or one for one in fields)

    def events(self, events: Iterable[EventTemplate]) -> str:
        """Return events by their labels."""
        return self.words(one_line(self.pick.pick(one.labels)) or one.name for one in events)

    def criterion(self, criterion: Criterion) -> str:
        """Return a criterion: its label and its rule."""
        label = markdown_text(self.pick.pick(criterion.labels) or criterion.key)
        rule = markdown_code(rule_text(criterion.rule))
        return f"{label}{self.pick.pick(_BRACKETS).format(rule)}"
