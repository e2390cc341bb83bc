"""A distribution in words, rows and a drawing."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.forecast.sample_deals import deals, many

from salescore.errors import InvalidValue
from salescore.forecast import Distribution, QuantileRow, poisson_binomial, sum_of
from salescore.render import Language

FIVE = sum_of(deals())
SPACE = "{http://www.w3.org/2000/svg}"
DRAWN = st.dictionaries(
    st.decimals(-(10**12), 10**12, places=2), st.integers(1, 10**6), min_size=1, max_size=80
).map(Distribution.weighted)


def test_rows_tell_what_is_reached() -> None:
    """Of the five deals 80 come with 90 %, 250 with 50 %, 400 with 10 %, from the surest on."""
    rows = FIVE.rows([Decimal("0.1"), Decimal("0.9"), Decimal("0.5")])
    assert [row.chance for row in rows] == list(map(Decimal, ("0.9", "0.5", "0.1")))
    assert [row.value for row in rows] == [80, 250, 400]
    for row in rows:
        assert row.reached == FIVE.at_least(row.value) >= row.chance
    sure = QuantileRow(Decimal(1), Decimal(0), Decimal(1))
    assert FIVE.rows([Decimal(1)]) == (sure,)
    assert FIVE.rows([]) == ()


def test_a_chance_is_asked_for_once() -> None:
    """The same chance twice in a table is a mistake."""
    with pytest.raises(InvalidValue, match="twice"):
        FIVE.rows([Decimal("0.5"), Decimal("0.50")])


def test_the_text_of_five_deals() -> None:
    """A person reads mean, band and a table of what is reached, in English and Chinese."""
    assert FIVE.text().splitlines() == [
        "Mean 239, standard deviation 118; 80 % from 80 to 400",
        "",
        "Chance  At least",
        "────────────────",
        "95 %          80",
        "90 %          80",
        "75 %         130",
        "50 %         250",
        "25 %         330",
        "10 %         400",
        "5 %          450",
    ]
    chinese = FIVE.text(Language.ZH, digits=1)
    assert chinese.startswith("均值 239.0，标准差 118.1；80 % 区间：80.0 至 400.0")
    assert "至少" in chinese


def test_what_is_sure_is_said_in_two_words() -> None:
    """One value needs no table."""
    sure = Distribution.certain(Decimal("1234.5"))
    assert sure.text(digits=1) == "Sure: 1,234.5"
    assert sure.text(Language.ZH) == "确定：1,234"


@pytest.mark.parametrize("digits", [-1, 13, 1.0, True])
def test_digits_that_nobody_reads_are_refused(digits: int) -> None:
    """Digits behind the point are a whole number from 0 to 12."""
    for act in (FIVE.text, FIVE.svg):
        with pytest.raises(InvalidValue, match="from 0 to 12"):
            act(digits=digits)


def bars(svg: str) -> list[tuple[float, float, float, float]]:
    """Return x, y, width and height of the bars of a drawing."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn here
    return [
        (
            float(one.get("x", "")),
            float(one.get("y", "")),
            float(one.get("width", "")),
            float(one.get("height", "")),
        )
        for one in root.iter(f"{SPACE}rect")
    ]


@given(DRAWN, st.sampled_from(Language), st.text(max_size=80))
def test_a_drawing_is_well_formed_and_inside_its_frame(
    one: Distribution, language: Language, title: str
) -> None:
    """Whatever the values and the title, the drawing is XML, and no bar leaves the frame."""
    svg = one.svg(language, title=title)
    root = ET.fromstring(svg)  # noqa: S314 - drawn here
    assert root.tag == f"{SPACE}svg"
    for x, y, width, height in bars(svg):
        assert 0 <= x <= x + width <= 560
        assert 50 <= y <= y + height <= 163
    assert "nan" not in svg
    assert one.svg(language, title=title) == svg


def test_a_title_stays_text() -> None:
    """Signs of XML in a title, also in the label for screen readers, are written out."""
    svg = FIVE.svg(title='Q1 <script>"&\n2')
    assert "<script" not in svg
    root = ET.fromstring(svg)  # noqa: S314 - drawn here
    assert next(root.iter(f"{SPACE}text")).text == 'Q1 <script>"& 2'
    assert root.get("aria-label", "").startswith('Q1 <script>"& 2: Mean 239')


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x00", "\ud800"])
def test_a_title_holds_no_sign_that_xml_cannot(sign: str) -> None:
    """Signs that no XML may hold become spaces; a title of nothing else is none."""
    root = ET.fromstring(FIVE.svg(title=f"a{sign}b"))  # noqa: S314 - drawn here
    assert next(root.iter(f"{SPACE}text")).text == "a b"
    assert FIVE.svg(title=sign) == FIVE.svg()


def test_few_values_have_a_bar_each_and_many_share_them() -> None:
    """The five deals have 28 bars; a grid of thousands of values has about 130."""
    assert len(bars(FIVE.svg())) == len(FIVE.values) == 28
    wide = sum_of(many(300, 1))
    assert len(wide.values) > 1_000
    assert 60 <= len(bars(wide.svg())) <= 140
    assert len(bars(Distribution.certain(Decimal(5)).svg())) == 1


def test_the_tallest_bar_is_the_likeliest_value() -> None:
    """Heights go with chances."""
    heights = [height for *_, height in bars(FIVE.svg())]
    tallest = max(FIVE.weights)
    likeliest = [at for at, weight in enumerate(FIVE.weights) if weight == tallest]
    assert [at for at, height in enumerate(heights) if height == max(heights)] == likeliest
    inside = re.findall(r'fill="(#[0-9A-F]{6})" shape', FIVE.svg())
    band = FIVE.band()
    darker = [band.low <= value <= band.high for value in FIVE.values]
    assert len(set(inside)) == 2
    assert [one == inside[FIVE.values.index(band.low)] for one in inside] == darker


def test_a_far_value_does_not_squeeze_the_drawing() -> None:
    """One deal of a thousand million at one in a hundred leaves the others room."""
    found = sum_of([*many(100, 3), Distribution.either(Decimal(10**9), Decimal("0.01"))])
    assert sum(height > 5 for *_, height in bars(found.svg())) > 20


def test_a_coarse_grid_has_no_gaps() -> None:
    """Cells hold whole numbers of the values of a grid, so no comb is drawn where there is none."""
    counts = poisson_binomial([Decimal("0.5")] * 900)
    many_counts = poisson_binomial([Decimal("0.3")] * 9_000)
    assert min(height for *_, height in bars(many_counts.svg())[10:-10]) > 1
    heights = [height for *_, height in bars(counts.svg())]
    top = heights.index(max(heights))
    assert heights[:top] == sorted(heights[:top])
    shown = attrs.evolve(counts, values=[value * 7 for value in counts.values], step=Decimal(7))
    assert len(bars(shown.svg())) == len(heights)


def test_a_notebook_shows_the_drawing() -> None:
    """Without a title, in English."""
    assert FIVE._repr_html_() == FIVE.svg()
