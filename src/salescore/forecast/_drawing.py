"""A small drawing of a distribution: SVG that needs nothing else, on light and on dark pages."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._distribution_text import MEAN, Shown, check_shown, summary
from salescore.forecast._numbers import from_units, in_units
from salescore.render import Language, clip, number, text_width

_WIDTH, _LEFT, _TOP, _PLOT, _HEIGHT = 560.0, 20.0, 52.0, 110.0, 228
_RIGHT, _BASE = _WIDTH - _LEFT, _TOP + _PLOT
_MOST_STICKS, _BINS = 48, 130
_TAIL, _BUT_TAIL = Decimal("0.002"), Decimal("0.998")
_TITLE, _LINE = 60, 92
_LABEL, _LETTER = 110.0, 7.2
_FAR = 4
_NO_SIGNS = str.maketrans({"\ufffe": " ", "\uffff": " "})
"""What XML cannot hold, beside the signs that `clip` takes out."""

_INSIDE, _OUTSIDE, _MEAN_LINE, _INK = "#2F86BD", "#8FA9B8", "#D9692B", "#767676"
"""Bars inside and outside the band, mean, and text: each plain to see on white and on black."""


class Atoms(NamedTuple):
    """
    Values of a distribution with their weights.

    Attributes:
        values: In ascending order.
        weights: Weight of each.
        total: Sum of the weights.
    """

    values: Sequence[Decimal]
    weights: Sequence[int]
    total: int


class _Bar(NamedTuple):
    """A bar from one place to another, in pixels, with its chance and whether it is in the band."""

    left: float
    right: float
    chance: float
    is_inside: bool


class _Scale(NamedTuple):
    """Values that stand at the left and the right end."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Return the place of a value in pixels, never outside the drawing."""
        if self.high == self.low:
            return _WIDTH / 2
        share = (value - self.low) / (self.high - self.low)
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)


def drawn_distribution(
    distribution: Shown, atoms: Atoms, language: Language, title: str, digits: int
) -> str:
    """
    Return a distribution as SVG: a bar for each value or cell, the 80 % band darker, the mean.

    Args:
        distribution: The distribution.
        atoms: Its values and weights.
        language: Language of the words.
        title: What stands above; whatever it holds, it stays text. Nothing where it is empty.
        digits: Digits behind the point, from 0 to 12.

    Raises:
        InvalidValue: The digits lie outside.
    """
    check_shown(language, digits)
    check_kind("title", title, str, "a text")
    return "\n".join(_lines(distribution, atoms, language, title, digits)) + "\n"


def _lines(
    distribution: Shown, atoms: Atoms, language: Language, title: str, digits: int
) -> Iterator[str]:
    band = distribution.band()
    told = summary(distribution, language, digits)
    # A title of nothing but signs that are not shown is none.
    head = clip(" ".join(title.translate(_NO_SIGNS).split()), _TITLE).strip()
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT}"'
        f' width="{_WIDTH:.0f}" height="{_HEIGHT}" role="img"'
        f' aria-label="{html.escape(f"{head}: {told}" if head else told)}"'
        ' font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial,'
        ' PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"'
        f' font-size="12" fill="{_INK}">'
    )
    if head:
        place = f'x="{_LEFT:.0f}" y="20" font-size="14" font-weight="600"'
        yield f"<text {place}>{html.escape(head)}</text>"
    scale, bars = _bars(distribution, atoms)
    most = max(bar.chance for bar in bars)
    for bar in bars:
        height = max(bar.chance / most * _PLOT, 0.5)
        yield (
            f'<rect x="{bar.left:.1f}" y="{_BASE - height:.1f}" width="{bar.right - bar.left:.1f}"'
            f' height="{height:.1f}" fill="{_INSIDE if bar.is_inside else _OUTSIDE}"'
            ' shape-rendering="crispEdges"/>'
        )
    yield _line(_LEFT, _BASE, _RIGHT, _BASE, _INK)
    middle = scale.at(float(distribution.mean))
    yield _line(middle, _TOP - 6, middle, _BASE, _MEAN_LINE)
    words = f"{language.pick(MEAN)} {number(distribution.mean, digits)}"
    yield _text(middle, _TOP - 12, words, _MEAN_LINE)
    low, high = scale.at(float(band.low)), scale.at(float(band.high))
    for at in sorted({low, high}):
        yield _line(at, _BASE, at, _BASE + 6, _INK)
    ends = [number(one, digits) for one in sorted({band.low, band.high})]
    if high - low < _LABEL:
        yield _text((low + high) / 2, _BASE + 20, " – ".join(ends), _INK)
    else:
        yield _text(low, _BASE + 20, ends[0], _INK)
        yield _text(high, _BASE + 20, ends[-1], _INK)
    yield _text(_WIDTH / 2, _HEIGHT - 14, clip(told, _LINE), _INK)
    yield "</svg>"


def _bars(distribution: Shown, atoms: Atoms) -> tuple[_Scale, list[_Bar]]:
    values, weights, total = atoms
    band = distribution.band()
    if len(values) <= _MOST_STICKS:
        scale = _Scale(float(values[0]), float(values[-1]))
        places = [scale.at(float(value)) for value in values]
        half = _half(places)
        return scale, [
            _Bar(place - half, place + half, weight / total, band.low <= value <= band.high)
            for place, value, weight in zip(places, values, weights, strict=True)
        ]
    first, last = distribution.quantile(_TAIL), distribution.quantile(_BUT_TAIL)
    if first == last:
        first, last = values[0], values[-1]
    wide = _FAR * (float(band.high) - float(band.low)) or float(last) - float(first)
    begin, end = (
        max(float(first), float(band.low) - wide),
        min(float(last), float(band.high) + wide),
    )
    edges = _edges(begin, end, _gap(values))
    scale = _Scale(edges[0], edges[-1])
    shown = [float(value) for value in values]
    cuts = [bisect_left(shown, edge) for edge in edges]
    low, high = float(band.low), float(band.high)
    return scale, [
        _Bar(
            scale.at(left),
            scale.at(right),
            sum(weights[start:stop]) / total,
            low <= (left + right) / 2 <= high,
        )
        for left, right, start, stop in zip(edges, edges[1:], cuts, cuts[1:], strict=False)
    ]


def _gap(values: Sequence[Decimal]) -> float:
    """Return the largest number of which all distances of values are multiples."""
    counts, exponent = in_units(values)
    return float(from_units(gcd(*[count - counts[0] for count in counts]), exponent))


def _edges(first: float, last: float, gap: float) -> list[float]:
    """Return where cells begin and end; each holds as many multiples of the gap."""
    first -= gap / 2
    width = max(round((last - first) / _BINS / gap), 1) * gap
    count = int((last - first) / width) + 1
    return [first + place * width for place in range(count + 1)]


def _half(places: Sequence[float]) -> float:
    """Return half the width of sticks that do not touch."""
    gaps = [after - before for before, after in pairwise(places)]
    return min(max(min(gaps, default=40.0) * 0.35, 1.0), 14.0)


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"'
        ' stroke-width="1.5"/>'
    )


def _text(x: float, y: float, words: str, colour: str) -> str:
    room = min(text_width(words) * _LETTER, _WIDTH) / 2
    inside = min(max(x, room), _WIDTH - room)
    place = f'x="{inside:.1f}" y="{y:.1f}" text-anchor="middle"'
    return f'<text {place} fill="{colour}">{html.escape(words)}</text>'
