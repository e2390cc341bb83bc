"""A funnel as a written procedure: all that it says, and nothing that a label marks up."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from tests.funnel.hostile import SIGNS, hostile_funnel
from tests.funnel.test_funnel_json import FULL

from salescore import testing
from salescore.book import SalesBook
from salescore.funnel import Funnel, StepPolicy, procedure, standard_funnel
from salescore.plain import CustomFields, Kind, custom_field
from salescore.render import Language

MARKDOWN: Any = MarkdownIt("gfm-like", {"linkify": False, "html": True})

SKIP = (
    "Stages may be left out where a reason is given. "
    "What a stage left out asks for must be fulfilled all the same."
)


def section(text: str, head: str) -> str:
    """Return the part of a procedure under a heading of a stage."""
    return text.split(f"## {head}\n\n", 1)[1].split("\n\n## ", 1)[0].rstrip("\n")


def test_a_stage_says_all_that_it_is() -> None:
    """Key, kind, chance, who, limit, fields, criteria, events and ways, each in its words."""
    assert section(procedure(FULL), "1. Lead").splitlines() == [
        "Find out.",
        "",
        "- **Key**: `lead`",
        "- **Kind**: open",
        "- **Chance to win**: 10 %",
        "- **Forecast category**: pipeline",
        "- **Who**: rep",
        "- **At most**: 8 working hours",
        "- **Must be known before it enters**: Source, Next step",
        "- **Must hold before it goes on**:",
        "    - Priced (`amount > 0.5`)",
        "- **On entry**: Promised",
        "- **On leaving**: left",
        "- **It leads to**:",
        "    - Win → won",
        "        - only if: Priced (`amount > 0.5`)",
        "        - only if: bare (`not (rep_id is null)`)",
        "        - must be known: Amount",
        "        - only by: rep, manager",
        "        - with a reason",
        "        - leaves behind: Promised",
    ]
    assert section(procedure(FULL), "5. void").endswith("- It leads nowhere.")
    assert "    - resume → the stage before" in section(procedure(FULL), "2. held")


def test_the_head_says_what_holds_for_all() -> None:
    """Version, days, source, and who may leave out, go back and pass over what."""
    assert procedure(FULL).split("\n\n## ", 1)[0].splitlines() == [
        "# Full",
        "",
        "- **Funnel**: `full 7`",
        "- **Valid from**: 2017-01-01",
        "- **Valid until**: 2018-12-31",
        "- **Source**: a book",
        f"- {SKIP}",
        "- Nobody may go back.",
        "- Only manager may pass over what is not fulfilled, giving a reason.",
    ]
    strict = attrs.evolve(FULL, skip=StepPolicy.REFUSED, valid_from=None, override_roles=())
    head = procedure(strict).split("\n\n## ", 1)[0]
    assert "- No stage may be left out.\n" in head
    assert "Valid from" not in head
    assert head.endswith("- Anybody may pass over what is not fulfilled, giving a reason.")


def test_it_is_written_in_chinese_too() -> None:
    """Every word of the library is Chinese; what the business named in English alone stays."""
    text = procedure(standard_funnel("contract"), Language.ZH)
    assert text.startswith("# 识别到合同\n")
    assert section(text, "3. 方案").splitlines() == [
        "针对需求制定方案并给出价格。",
        "",
        "- **标识**：`solution`",
        "- **类型**：进行中",
        "- **进入前必填**：客户",
        "- **推进前须满足**：",
        "    - 金额大于零（`amount > 0`）",
        "- **可流转至**：",
        "    - 退回识别 → 识别",
        "        - 须说明原因",
        "    - 分析需求 → 需求",
        "        - 须说明原因",
        "    - 演示与谈判 → 演示/谈判",
        "    - 签订合同 → 合同（跳过演示/谈判）",
        "        - 须说明原因",
        "    - 输单 → 输单",
        "        - 须说明原因",
    ]
    assert "**时限**：8个工作小时" in procedure(FULL, Language.ZH)


def test_ways_that_leave_out_stages_say_which() -> None:
    """A skip names what it leaves out, and that it takes a reason."""
    text = section(procedure(standard_funnel("deal")), "1. Prospect")
    assert (
        "    - Win → Won (leaves out Qualified customer, Proposal)\n        - with a reason" in text
    )
    assert "    - Qualify → Qualified customer\n    - Propose" in text


def test_registered_fields_show_their_labels() -> None:
    """A field that an application registered is named as there, else by its name."""
    field = custom_field("budget_plan", Kind.TEXT, "Budget plan", "预算计划")
    book = SalesBook(custom_fields=CustomFields.of({"opportunities": [field]}))
    first = attrs.evolve(FULL.stages[0], required=["budget_plan"])
    asking = attrs.evolve(FULL, stages=[first, *FULL.stages[1:]])
    assert "enters**: Budget plan" in procedure(asking, table=book.table("opportunities"))
    assert "enters**: budget\\_plan" in procedure(asking)


def shape(text: str) -> list[str]:
    """Return the elements of a rendered procedure, in order, without text."""
    found: list[str] = []
    for token in MARKDOWN.parse(text):
        found += [one.type for one in token.children or ()] or [token.type]
    return [one for one in found if one not in ("text", "text_special")]


def test_hostile_labels_mark_nothing_up() -> None:
    """A procedure of hostile texts has the shape of one of plain ones: no HTML, link or list."""
    hostile = hostile_funnel()
    for language in Language:
        text = procedure(hostile, language)
        assert not {"html_block", "html_inline", "link_open", "image", "s_open", "em_open"} & set(
            shape(text)
        )
        html = MARKDOWN.render(text)
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert not set("\u202e\u2066\x00\x07\ufffe") & set(text)
    assert len(SIGNS) > 100


@pytest.mark.parametrize("start", ["- x", "+ x", "1. x", "12) x", "# x", "> x", "=== x", "--- x"])
def test_a_purpose_begins_no_block(start: str) -> None:
    """What would begin a list, a heading or a rule at the beginning of a line is text."""
    first = attrs.evolve(FULL.stages[0], purpose=(start, ""))
    text = procedure(attrs.evolve(FULL, stages=[first, *FULL.stages[1:]]))
    assert f"<p>{start.replace('>', '&gt;')}</p>" in MARKDOWN.render(text)


@given(testing.funnels())
def test_any_funnel_can_be_written(funnel: Funnel) -> None:
    """Each stage has its heading, and no text marks anything up."""
    tokens = MARKDOWN.parse(procedure(funnel))
    heads = [one for one in tokens if one.type == "heading_open"]
    assert [one.tag for one in heads] == ["h1", *["h2"] * len(funnel.stages)]
    found = shape(procedure(funnel))
    assert not {"html_block", "html_inline", "link_open", "image", "table_open"} & set(found)


def test_days_are_told_as_days() -> None:
    """An ISO date, as everywhere."""
    assert date(2017, 1, 1).isoformat() in procedure(FULL)
