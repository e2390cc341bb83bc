"""Funnels as text that other tools draw: Mermaid and DOT."""

from __future__ import annotations

from collections.abc import Iterator

from salescore.entities import StageKind
from salescore.funnel._arrows import FREE_STAGES, OPEN_STAGES, Arrow, Arrows, arrows_of
from salescore.funnel._escaping import dot_text, mermaid_text, plain_ids, stage_label
from salescore.funnel._funnel import Funnel
from salescore.funnel._stage import Stage
from salescore.render import Language

FILLS = {
    StageKind.OPEN: "#DCEAF5",
    StageKind.WON: "#BFE3D4",
    StageKind.LOST: "#F3D3BF",
    StageKind.VOID: "#E6E6E6",
    StageKind.HOLD: "#F7EDB5",
}
"""Fills of stages by kind, apart also for eyes that tell few colours."""

_FRAME = "open_stages"


def mermaid(funnel: Funnel, language: Language = Language.EN) -> str:
    """
    Return a funnel as a state diagram of Mermaid, which documents and repositories draw.

    Ways that all open stages share are drawn once, from a frame around them. Where each open stage
    leads to every other, only the steps to the next are drawn, and the frame says so. What stands
    in square brackets at an arrow must be fulfilled; a way that is open to certain roles alone
    names them. What has no way out, or is closed, ends.

    Args:
        funnel: The funnel.
        language: Language of the labels; a stage without one shows its key.

    Examples:
        >>> from salescore.funnel import standard_funnel
        >>> mermaid(standard_funnel("deal")).splitlines()[0]
        'stateDiagram-v2'
    """
    ids = plain_ids((one.key for one in funnel.stages), first="stage", prefix="s_")
    drawn = arrows_of(funnel, language)
    inner = [one for one in funnel.stages if one.kind is StageKind.OPEN and drawn.has_frame]
    outer = [one for one in funnel.stages if one not in inner]
    start = next((ids[one.key] for one in funnel.stages if one.kind is StageKind.OPEN), None)
    lines = ["stateDiagram-v2"]
    if inner:
        lines += [f'    state "{mermaid_text(_title(drawn, language))}" as {_FRAME} {{']
        lines += [f"        {line}" for line in _mermaid_states(inner, ids, language)]
        lines += [f"        [*] --> {start}"]
        lines += [f"        {line}" for line in _mermaid_arrows(drawn, inner, ids, is_inner=True)]
        lines += ["    }", f"    [*] --> {_FRAME}"]
    elif start is not None:
        lines += [f"    [*] --> {start}"]
    lines += [f"    {line}" for line in _mermaid_states(outer, ids, language)]
    lines += [f"    {line}" for line in _mermaid_arrows(drawn, inner, ids, is_inner=False)]
    lines += [f"    {ids[one.key]} --> [*]" for one in outer if one.is_closed]
    for kind, fill in FILLS.items():
        those = ",".join(ids[one.key] for one in funnel.stages if one.kind is kind)
        if those:
            name = f"of_kind_{kind.value}"
            lines += [f"    classDef {name} fill:{fill},stroke:#555555,color:#111111"]
            lines += [f"    class {those} {name}"]
    return "\n".join(lines) + "\n"


def _title(drawn: Arrows, language: Language) -> str:
    return language.pick(FREE_STAGES if drawn.is_free else OPEN_STAGES)


def _mermaid_states(stages: list[Stage], ids: dict[str, str], language: Language) -> Iterator[str]:
    for one in stages:
        yield f'state "{mermaid_text(stage_label(one, language))}" as {ids[one.key]}'


def _mermaid_arrows(
    drawn: Arrows, inner: list[Stage], ids: dict[str, str], *, is_inner: bool
) -> Iterator[str]:
    within = {one.key for one in inner}
    for one in drawn.arrows:
        if ({one.source, one.target} <= within) is is_inner:
            source = _FRAME if one.source is None else ids[one.source]
            target = _FRAME if one.target is None else ids[one.target]
            yield f"{source} --> {target} : {mermaid_text(one.words)}"


def dot(funnel: Funnel, language: Language = Language.EN) -> str:
    """
    Return a funnel as a graph in DOT, which Graphviz draws.

    What is drawn is what `mermaid` draws.

    Args:
        funnel: The funnel.
        language: Language of the labels; a stage without one shows its key.

    Examples:
        >>> from salescore.funnel import standard_funnel
        >>> dot(standard_funnel("deal")).splitlines()[0]
        'digraph funnel {'
    """
    ids = plain_ids((one.key for one in funnel.stages), first="stage", prefix="s_")
    drawn = arrows_of(funnel, language)
    opened = [one for one in funnel.stages if one.kind is StageKind.OPEN]
    inner = opened if drawn.has_frame else []
    head = dot_text(language.pick(funnel.labels) or funnel.title)
    lines = [
        "digraph funnel {",
        f'  graph [label="{head}", labelloc=t, compound=true, rankdir=LR];',
        '  node [shape=box, style="rounded,filled", color="#555555", fontcolor="#111111"];',
    ]
    if inner:
        title = dot_text(_title(drawn, language))
        lines += [f'  subgraph cluster_open {{ label="{title}"; color="#555555";']
        lines += [f"    {_dot_node(one, ids, language)}" for one in inner]
        lines += ["  }"]
    lines += [f"  {_dot_node(one, ids, language)}" for one in funnel.stages if one not in inner]
    if opened:
        lines += ['  start [shape=point, label=""];', f"  start -> {ids[opened[0].key]};"]
    lines += [f"  {_dot_edge(one, opened, ids)}" for one in drawn.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_node(stage: Stage, ids: dict[str, str], language: Language) -> str:
    label, outline = dot_text(stage_label(stage, language)), 2 if stage.is_closed else 1
    fill = FILLS[stage.kind]
    return f'{ids[stage.key]} [label="{label}", fillcolor="{fill}", peripheries={outline}];'


def _dot_edge(arrow: Arrow, opened: list[Stage], ids: dict[str, str]) -> str:
    """Return an edge; one from or to the frame is cut off there."""
    marks = [f'label="{dot_text(arrow.words)}"']
    source, target = arrow.source, arrow.target
    if source is None:
        marks.append("ltail=cluster_open")
        source = opened[-1].key
    if target is None:
        marks.append("lhead=cluster_open")
        target = opened[-1].key
    return f"{ids[source]} -> {ids[target]} [{', '.join(marks)}];"
