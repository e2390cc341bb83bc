"""The small drawing of a funnel: bars to scale, labels escaped, numbers told."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.hostile import hostile_funnel

from salescore import testing
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel, FunnelDrawing, StageCount, funnel_svg, standard_funnel
from salescore.render import Language

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = [
    StageCount("prospect", 200, 120),
    StageCount("qualified", 120, 30),
    StageCount("proposal", 30, 10),
    StageCount("won", 10),
]


def parsed(drawing: FunnelDrawing) -> ET.Element:
    """Return the root of a drawing."""
    return ET.fromstring(drawing.svg)  # noqa: S314 - our own


def words(drawing: FunnelDrawing) -> list[str]:
    """Return what stands in a drawing."""
    return ["".join(one.itertext()) for one in parsed(drawing).iter(f"{SVG}text")]


def widths(drawing: FunnelDrawing) -> list[float]:
    """Return the widths of the bars, without frame and legend."""
    found = [float(one.attrib["width"]) for one in parsed(drawing).iter(f"{SVG}rect")]
    return found[1:-2]


def test_bars_are_to_scale_and_in_the_middle() -> None:
    """The widest is what most entered, its dark part those who went on."""
    drawing = funnel_svg(standard_funnel("deal"), COUNTS)
    assert widths(drawing) == [260, 156, 156, 39, 39, 13, 13]
    bars = [one for one in parsed(drawing).iter(f"{SVG}rect") if "x" in one.attrib][:-2]
    middles = {float(one.attrib["x"]) + float(one.attrib["width"]) / 2 for one in bars}
    assert max(middles) - min(middles) < 0.2


def test_counts_and_conversions_are_told() -> None:
    """Each stage says how many entered, went on and which share; a closed one how many came."""
    drawing = funnel_svg(standard_funnel("deal"), COUNTS)
    assert words(drawing)[0] == "From prospect to deal"
    assert [one for one in words(drawing) if "→" in one] == [
        "200 → 120 (60.0 %)",
        "120 → 30 (25.0 %)",
        "30 → 10 (33.3 %)",
    ]
    assert "10" in words(drawing)
    told = parsed(drawing).findtext(f"{SVG}desc") or ""
    assert told.startswith("Prospect: 200 entered, 120 went on (60.0 %); ")
    assert told.endswith("Won: 10 entered")


def test_labels_are_of_the_language() -> None:
    """In Chinese stages, legend and title are Chinese; a title given stands as it is."""
    drawing = funnel_svg(standard_funnel("deal"), COUNTS, Language.ZH)
    assert words(drawing)[0] == "潜在客户到成交"
    assert {"进入", "推进"} <= set(words(drawing))
    assert any("合格客户" in one for one in words(drawing))
    titled = funnel_svg(standard_funnel("deal"), COUNTS, title="Region West, 2017")
    assert parsed(titled).attrib["aria-label"] == "Region West, 2017"


def test_a_stage_that_nobody_entered_has_no_conversion() -> None:
    """Nothing divided by nothing is undefined, and an empty drawing is one all the same."""
    assert StageCount("won", 0).conversion is None
    assert StageCount("won", 4, 1).conversion == Decimal("0.25")
    drawing = funnel_svg(standard_funnel("deal"), [StageCount("prospect", 0)])
    assert "0 → 0 (–)" in words(drawing)
    assert widths(drawing) == [0, 0]
    assert widths(funnel_svg(standard_funnel("deal"), [])) == []


def test_stages_stand_in_the_order_of_the_funnel() -> None:
    """Whatever the order of the counts; a stage without one is left out."""
    funnel = standard_funnel("deal")
    assert funnel_svg(funnel, COUNTS[::-1]) == funnel_svg(funnel, COUNTS)
    assert len(widths(funnel_svg(funnel, COUNTS[1:]))) == 5


def test_notebooks_show_it() -> None:
    """What a notebook asks for, and what a file takes, is the SVG."""
    drawing = funnel_svg(standard_funnel("deal"), COUNTS)
    assert drawing._repr_html_() == drawing.svg == str(drawing)
    assert drawing.svg.startswith("<svg ")
    assert "<svg" not in repr(drawing)


@pytest.mark.parametrize("language", Language)
def test_hostile_labels_stay_text(language: Language) -> None:
    """The drawing holds no element but its own, and nothing that turns the direction of text."""
    funnel = hostile_funnel()
    counts = [StageCount(key, 5, 2) for key in funnel.by_key]
    drawing = funnel_svg(funnel, counts, language, title=funnel.name)
    tags = {one.tag.removeprefix(SVG) for one in parsed(drawing).iter()}
    assert tags == {"svg", "title", "desc", "rect", "text"}
    assert not set("\u202e\u2066\x00\x07\ufffe") & set(drawing.svg)
    assert "<script>alert(1)</script>" in "".join(parsed(drawing).itertext())


@given(testing.funnels(), st.data())
def test_any_funnel_can_be_drawn(funnel: Funnel, data: st.DataObject) -> None:
    """Whatever texts a funnel holds, the drawing is sound XML."""
    numbers = st.integers(0, 99)
    counts = [StageCount(key, 99, data.draw(numbers)) for key in funnel.by_key]
    assert len(widths(funnel_svg(funnel, counts))) >= len(counts)


def test_wrong_counts_are_refused() -> None:
    """A stage that is not there, one told twice, and numbers that cannot be."""
    funnel = standard_funnel("deal")
    with pytest.raises(UnknownName, match="no stage of deal 'offer'"):
        funnel_svg(funnel, [StageCount("offer", 1)])
    with pytest.raises(InvalidValue, match="it stands there twice"):
        funnel_svg(funnel, [StageCount("won", 1), StageCount("won", 2)])
    with pytest.raises(InvalidValue, match="advanced of won"):
        StageCount("won", 1, 2)
    with pytest.raises(InvalidValue, match="entered of won"):
        StageCount("won", -1)
    with pytest.raises(InvalidValue, match="entered of won"):
        StageCount("won", True)
