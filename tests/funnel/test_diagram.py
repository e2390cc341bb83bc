"""Funnels in Mermaid and DOT: what is drawn, and that no label breaks out of its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from tests.funnel.hostile import hostile_funnel

from salescore import testing
from salescore.entities import StageKind
from salescore.funnel import (
    STANDARD_FUNNELS,
    Criterion,
    Funnel,
    Stage,
    Transition,
    dot,
    mermaid,
    standard_funnel,
)
from salescore.render import Language
from salescore.rules import F

ID = "[A-Za-z][A-Za-z0-9_]*"
TEXT = r'(?:[^\x00-\x1f!"$%&\'*+:;<=>?@\[\\\]^`{|}~\u202a-\u202e\u2066-\u2069#]|#\d+;)*'
MERMAID_LINES = [
    "stateDiagram-v2",
    rf'state "{TEXT}" as {ID}(?: \{{)?',
    rf"(?:\[\*\]|{ID}) --> (?:\[\*\]|{ID})",
    rf"{ID} --> {ID} : {TEXT}",
    r"\}",
    rf"classDef {ID} fill:#[0-9A-F]{{6}},stroke:#555555,color:#111111",
    rf"class {ID}(?:,{ID})* {ID}",
]
"""Every form that a line can have."""

QUOTED = r'"(?:[^"\\\n]|\\["\\])*"'
MARKS = rf"\[\w+=(?:{QUOTED}|\w+)(?:, \w+=(?:{QUOTED}|\w+))*\]"
DOT_LINES = [
    r"digraph funnel \{",
    rf"(?:graph|node|start|{ID}) {MARKS};",
    rf"subgraph cluster_open \{{ label={QUOTED}; color={QUOTED};",
    rf"{ID} -> {ID}(?: {MARKS})?;",
    r"\}",
]
"""Every form that a line can have."""

THREE = (Stage(key="a"), Stage(key="b"), Stage(key="c"))


def lines(text: str, forms: list[str]) -> list[str]:
    """Return the lines of a text, each of which has one of the forms."""
    found = [line.strip() for line in text.splitlines()]
    for line in found:
        assert any(re.fullmatch(form, line) for form in forms), line
    assert sum(line.endswith("{") for line in found) + sum(
        line.startswith("subgraph") and not line.endswith("{") for line in found
    ) == found.count("}")
    return found


def funnel(*stages: Stage, ways: list[Transition]) -> Funnel:
    """Return a funnel of some stages and ways."""
    return Funnel(name="f", version="1", stages=stages, transitions=ways)


def way(event: str, sources: str, target: str | None) -> Transition:
    """Return a way out of stages of one letter each."""
    return Transition(event=event, sources=list(sources), target=target)


def test_the_deal_is_drawn_as_a_chain() -> None:
    """Open stages stand in a frame, one after the other; won and lost are reached from it."""
    assert lines(mermaid(standard_funnel("deal")), MERMAID_LINES) == [
        "stateDiagram-v2",
        'state "Open#58; each stage leads to every other" as open_stages {',
        'state "Prospect" as s_prospect',
        'state "Qualified customer" as s_qualified',
        'state "Proposal" as s_proposal',
        "[*] --> s_prospect",
        "s_prospect --> s_qualified : Qualify",
        "s_qualified --> s_proposal : Propose",
        "}",
        "[*] --> open_stages",
        'state "Won" as s_won',
        'state "Lost" as s_lost',
        "open_stages --> s_won : Win",
        "open_stages --> s_lost : Lose",
        "s_won --> open_stages : Reopen (the stage before)",
        "s_lost --> open_stages : Reopen (the stage before)",
        "s_won --> [*]",
        "s_lost --> [*]",
        "classDef of_kind_open fill:#DCEAF5,stroke:#555555,color:#111111",
        "class s_prospect,s_qualified,s_proposal of_kind_open",
        "classDef of_kind_won fill:#BFE3D4,stroke:#555555,color:#111111",
        "class s_won of_kind_won",
        "classDef of_kind_lost fill:#F3D3BF,stroke:#555555,color:#111111",
        "class s_lost of_kind_lost",
    ]


def test_dot_draws_the_same() -> None:
    """Edges of the frame begin at a stage inside and are cut off at the frame."""
    found = lines(dot(standard_funnel("deal")), DOT_LINES)
    assert [line for line in found if "->" in line] == [
        "start -> s_prospect;",
        's_prospect -> s_qualified [label="Qualify"];',
        's_qualified -> s_proposal [label="Propose"];',
        's_proposal -> s_won [label="Win", ltail=cluster_open];',
        's_proposal -> s_lost [label="Lose", ltail=cluster_open];',
        's_won -> s_proposal [label="Reopen (the stage before)", lhead=cluster_open];',
        's_lost -> s_proposal [label="Reopen (the stage before)", lhead=cluster_open];',
    ]
    assert 's_won [label="Won", fillcolor="#BFE3D4", peripheries=2];' in found


def test_labels_are_of_the_language() -> None:
    """Stages, events and the frame are named in Chinese."""
    found = lines(mermaid(standard_funnel("contract"), Language.ZH), MERMAID_LINES)
    assert 'state "演示/谈判" as s_demonstration' in found
    assert "open_stages --> s_contract : 签订合同" in found
    assert 'state "进行中：各阶段可相互转换" as open_stages {' in found
    assert 'label="识别到合同"' in dot(standard_funnel("contract"), Language.ZH)


def test_where_any_stage_leads_to_any_closed_ones_lead_to_the_frame() -> None:
    """Of a CRM system, a closed stage has one arrow back to the open ones, not one to each."""
    found = lines(mermaid(standard_funnel("hubspot")), MERMAID_LINES)
    assert found.count("s_Closed_Lost --> open_stages : To any open stage") == 1
    assert "s_Closed_Lost --> s_Closed_Won : Win" in found
    assert not [line for line in found if line.startswith("s_Closed_Lost --> s_Contract")]


def test_ways_that_stages_do_not_share_are_drawn_each() -> None:
    """Without a way that all share, there is no frame; guards stand in square brackets."""
    priced = Criterion(key="priced", rule=F.amount > 0)
    guarded = Transition(event="on", sources=["a"], target="b", guards=[priced])
    won = Stage(key="w", kind=StageKind.WON)
    one = funnel(*THREE, won, ways=[guarded, way("on", "b", "c"), way("win", "c", "w")])
    found = lines(mermaid(one), MERMAID_LINES)
    assert [line for line in found if "-->" in line] == [
        "[*] --> s_a",
        "s_a --> s_b : on #91;priced#93;",
        "s_b --> s_c : on",
        "s_c --> s_w : win",
        "s_w --> [*]",
    ]
    assert "cluster" not in dot(one)


def test_a_hold_goes_on_where_it_stood() -> None:
    """The way back to the stage before ends at the frame; at the stage itself where one is open."""
    held = Stage(key="h", kind=StageKind.HOLD)
    ways = [way("hold", "ab", "h"), way("go on", "h", None)]
    found = lines(mermaid(funnel(Stage(key="a"), Stage(key="b"), held, ways=ways)), MERMAID_LINES)
    assert "open_stages --> s_h : hold" in found
    assert "s_h --> open_stages : go on (the stage before)" in found
    one = [way("hold", "a", "h"), way("go on", "h", None)]
    found = lines(mermaid(funnel(Stage(key="a"), held, ways=one)), MERMAID_LINES)
    assert [line for line in found if "-->" in line] == [
        "[*] --> s_a",
        "s_a --> s_h : hold",
        "s_h --> s_a : go on (the stage before)",
    ]


def test_going_back_and_staying_are_drawn_where_not_all_are_free() -> None:
    """A step back of one stage is an arrow; so is one to itself."""
    ways = [way("on", "a", "b"), way("on", "b", "c"), way("back", "c", "a"), way("stay", "b", "b")]
    found = lines(mermaid(funnel(*THREE, ways=ways)), MERMAID_LINES)
    assert {"s_c --> s_a : back", "s_b --> s_b : stay"} <= set(found)


def test_a_free_stage_that_leads_to_itself_says_so() -> None:
    """The frame says that stages lead to each other, not to themselves."""
    ways = [way(f"to {key}", "abc", key) for key in "abc"]
    found = lines(mermaid(funnel(*THREE, ways=ways)), MERMAID_LINES)
    assert [line for line in found if line.startswith("s_")] == [
        "s_a --> s_a : to a",
        "s_a --> s_b : to b",
        "s_b --> s_b : to b",
        "s_b --> s_c : to c",
        "s_c --> s_c : to c",
    ]


def test_a_funnel_without_open_stages_is_drawn() -> None:
    """There is no beginning then, and nowhere to go back to."""
    one = funnel(Stage(key="h", kind=StageKind.HOLD), ways=[way("go on", "h", None)])
    assert "s_h --> s_h : go on (the stage before)" in lines(mermaid(one), MERMAID_LINES)
    assert 's_h -> s_h [label="go on (the stage before)"];' in lines(dot(one), DOT_LINES)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "one", [*STANDARD_FUNNELS, hostile_funnel()], ids=lambda one: one.name[:10]
)
def test_every_stage_stands_once(one: Funnel, language: Language) -> None:
    """Each stage has one node in each drawing, whatever its label holds."""
    found = lines(mermaid(one, language), MERMAID_LINES)
    assert sum(line.startswith("state ") and not line.endswith("{") for line in found) == len(
        one.stages
    )
    nodes = [line for line in lines(dot(one, language), DOT_LINES) if "fillcolor=" in line]
    assert len(nodes) == len(one.stages)


@given(testing.funnels())
def test_no_label_breaks_a_drawing(one: Funnel) -> None:
    """Every line has one of the few forms, whatever texts a funnel holds."""
    lines(mermaid(one), MERMAID_LINES)
    lines(dot(one, Language.ZH), DOT_LINES)
