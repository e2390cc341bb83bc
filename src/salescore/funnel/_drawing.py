"""A small drawing of a funnel with its counts: SVG that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel._escaping import one_line, stage_label, xml_text
from salescore.funnel._funnel import Funnel
from salescore.funnel._names import check_text
from salescore.funnel._stage import Stage
from salescore.render import Language, clip, number, percent
from salescore.values import quotient

_COLOURS = {
    StageKind.OPEN: ("#B9D8EC", "#0072B2"),
    StageKind.WON: ("#009E73", "#009E73"),
    StageKind.LOST: ("#E5A983", "#D55E00"),
    StageKind.VOID: ("#C8C8C8", "#6E6E6E"),
    StageKind.HOLD: ("#F6DFA4", "#E69F00"),
}
"""Of a bar and of its part that went on, by kind; of the palette by Okabe and Ito."""

_ENTERED = ("entered", "进入")
_WENT_ON = ("went on", "推进")
_ROW, _BAR, _HEAD, _FOOT = 40, 26, 46, 34
_LEFT, _MIDDLE, _RIGHT = 220, 260, 180
_WIDTH = _LEFT + _MIDDLE + _RIGHT
_LABEL, _TITLE = 28, 64


@attrs.frozen
class StageCount:
    """
    How many entered a stage, and how many of them went on.

    Attributes:
        stage: Key of the stage.
        entered: How many entered it, each once.
        advanced: How many of those went on to a later stage or were won.
    """

    stage: str
    entered: int
    advanced: int = 0

    def __attrs_post_init__(self) -> None:
        check_text("key of a stage", self.stage)
        for name, count in (("entered", self.entered), ("advanced", self.advanced)):
            if type(count) is not int or count < 0:
                fault = "expected a whole number from 0 on"
                raise InvalidValue(f"{name} of {self.stage}", count, fault)
        if self.advanced > self.entered:
            fault = f"more than entered, {self.entered}"
            raise InvalidValue(f"advanced of {self.stage}", self.advanced, fault)

    @property
    def conversion(self) -> Decimal | None:
        """Return the share that went on, from 0 to 1; `None` where nobody entered."""
        return quotient(Decimal(self.advanced), Decimal(self.entered))


@attrs.frozen
class FunnelDrawing:
    """
    A drawing of a funnel, which a notebook shows by itself.

    Attributes:
        svg: The drawing as SVG, to be written into a file or a page.
    """

    svg: str = attrs.field(repr=False)

    def __str__(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return self.svg


def funnel_svg(
    funnel: Funnel,
    counts: Iterable[StageCount],
    language: Language = Language.EN,
    *,
    title: str | None = None,
) -> FunnelDrawing:
    """
    Return a drawing of a funnel: a bar per stage, its dark part those who went on.

    Args:
        funnel: The funnel, which tells the order.
        counts: How many entered stages and went on; a stage without a count is left out.
        language: Language of the labels.
        title: What stands above; `None` for the label of the funnel.

    Raises:
        UnknownName: A count of a stage that the funnel has not.
        InvalidValue: Two counts of one stage.
    """
    by_key: dict[str, StageCount] = {}
    for one in counts:
        if one.stage not in funnel.by_key:
            raise UnknownName(f"stage of {funnel.name}", one.stage, tuple(funnel.by_key))
        if one.stage in by_key:
            raise InvalidValue(f"count of {funnel.name}", one.stage, "it stands there twice")
        by_key[one.stage] = one
    rows = [(one, by_key[one.key]) for one in funnel.stages if one.key in by_key]
    head = one_line(title or language.pick(funnel.labels)) or one_line(funnel.title)
    return FunnelDrawing("\n".join(_lines(rows, head, language)) + "\n")


def _lines(rows: list[tuple[Stage, StageCount]], head: str, language: Language) -> Iterator[str]:
    height = _HEAD + _ROW * len(rows) + _FOOT
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-label="{xml_text(head)}"'
        ' font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial,'
        ' PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif" font-size="13">'
    )
    yield f"<title>{xml_text(head)}</title>"
    told = [f"{stage_label(stage, language)}: {_told(stage, one, language)}" for stage, one in rows]
    yield f"<desc>{xml_text('; '.join(told))}</desc>"
    yield f'<rect width="{_WIDTH}" height="{height}" rx="6" fill="#FFFFFF"/>'
    bold = 'font-size="15" font-weight="600" fill="#111111"'
    yield f'<text x="16" y="28" {bold}>{xml_text(clip(head, _TITLE))}</text>'
    most = max((one.entered for _, one in rows), default=0)
    for place, (stage, one) in enumerate(rows):
        top = _HEAD + place * _ROW
        yield from _row(stage, one, most, top, language)
    yield from _legend(height - _FOOT + 12, language)
    yield "</svg>"


def _row(stage: Stage, count: StageCount, most: int, top: int, language: Language) -> Iterator[str]:
    label = stage_label(stage, language)
    base = top + _BAR // 2 + 5
    light, dark = _COLOURS[stage.kind]
    yield (
        f'<text x="{_LEFT - 12}" y="{base}" text-anchor="end" fill="#111111">'
        f"<title>{xml_text(label)}</title>{xml_text(clip(label, _LABEL))}</text>"
    )
    yield _bar(count.entered, most, top, light)
    if not stage.is_closed:
        yield _bar(count.advanced, most, top, dark)
    yield (
        f'<text x="{_LEFT + _MIDDLE + 12}" y="{base}" fill="#111111">'
        f"{xml_text(_told(stage, count, language, is_short=True))}</text>"
    )


def _bar(count: int, most: int, top: int, fill: str) -> str:
    """Return a bar in the middle, as wide as its share of the widest."""
    tenths = 0 if not most else count * _MIDDLE * 10 // most
    left = (2 * _LEFT + _MIDDLE) * 10 - tenths
    x, width = f"{left // 20}.{left % 20 // 2}", f"{tenths // 10}.{tenths % 10}"
    return f'<rect x="{x}" y="{top}" width="{width}" height="{_BAR}" rx="2" fill="{fill}"/>'


def _told(stage: Stage, count: StageCount, language: Language, *, is_short: bool = False) -> str:
    """Return a row in words; of a closed stage, how many entered."""
    entered, advanced = number(Decimal(count.entered), 0), number(Decimal(count.advanced), 0)
    share = percent(count.conversion)
    if is_short:
        return entered if stage.is_closed else f"{entered} → {advanced} ({share})"
    found = f"{entered} {language.pick(_ENTERED)}"
    if stage.is_closed:
        return found
    return f"{found}, {advanced} {language.pick(_WENT_ON)} ({share})"


def _legend(top: int, language: Language) -> Iterator[str]:
    light, dark = _COLOURS[StageKind.OPEN]
    for x, fill, labels in ((_LEFT, light, _ENTERED), (_LEFT + 110, dark, _WENT_ON)):
        yield f'<rect x="{x}" y="{top}" width="12" height="12" rx="2" fill="{fill}"/>'
        place = f'x="{x + 18}" y="{top + 11}"'
        yield f'<text {place} font-size="12" fill="#444444">{language.pick(labels)}</text>'
