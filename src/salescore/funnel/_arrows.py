"""The arrows of a drawn funnel: ways that all open stages share are drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import attrs

from salescore.entities import StageKind
from salescore.funnel._escaping import one_line, transition_label
from salescore.funnel._funnel import Funnel
from salescore.funnel._transition import Transition
from salescore.render import Language

OPEN_STAGES = ("Open", "进行中")
FREE_STAGES = ("Open: each stage leads to every other", "进行中：各阶段可相互转换")
_ANY_STAGE = ("To any open stage", "转入任一进行中的阶段")
_STAGE_BEFORE = ("the stage before", "原阶段")
_ONLY = ("only {}", "仅限{}")
_COMMA = (", ", "、")

_FEW = 2


@attrs.frozen
class Arrow:
    """
    An arrow of a drawing.

    Attributes:
        source: Key of the stage that it begins at; `None` for the frame around the open ones.
        target: Key of the stage that it ends at; `None` for the frame.
        words: What stands at it.
    """

    source: str | None
    target: str | None
    words: str


@attrs.frozen
class Arrows:
    """
    The arrows of a funnel.

    Attributes:
        arrows: The arrows.
        is_free: Whether each open stage leads to every other, of which only the steps to the next
            are drawn.
    """

    arrows: tuple[Arrow, ...]
    is_free: bool

    @property
    def has_frame(self) -> bool:
        """Return whether an arrow begins or ends at all open stages."""
        return self.is_free or any(None in (one.source, one.target) for one in self.arrows)


def arrows_of(funnel: Funnel, language: Language) -> Arrows:
    """
    Return what is drawn between the stages of a funnel.

    Args:
        funnel: The funnel.
        language: Language of the words.
    """
    keys = [one.key for one in funnel.stages if one.kind is StageKind.OPEN]
    is_free = len(keys) > _FEW and all(_is_free(funnel, keys, key) for key in keys)
    found = [
        one
        for way in funnel.transitions
        for one in _arrows(way, keys, _words(way, language), is_free=is_free)
    ]
    whole = set(keys) if len(keys) > 1 else set[str]()
    for source in dict.fromkeys(one.source for one in found if one.source not in keys):
        targets = {one.target for one in found if one.source == source}
        if whole and whole <= targets:
            found = [one for one in found if one.source != source or one.target not in whole]
            found.append(Arrow(source, None, language.pick(_ANY_STAGE)))
    return Arrows(tuple(dict.fromkeys(found)), is_free)


def _is_free(funnel: Funnel, keys: list[str], key: str) -> bool:
    """Return whether one transition leads to an open stage out of all others."""
    others = set(keys) - {key}
    return any(way.target == key and others <= set(way.sources) for way in funnel.transitions)


def _arrows(way: Transition, keys: list[str], words: str, *, is_free: bool) -> Iterator[Arrow]:
    sources: list[str | None] = [*dict.fromkeys(way.sources)]
    if len(keys) > 1 and way.target not in keys and set(keys) <= set(sources):
        sources = [None, *(one for one in sources if one not in keys)]
    elif is_free and way.target in keys and set(keys) - {way.target} <= set(sources):
        before = {later: earlier for earlier, later in pairwise(keys)}
        kept = (way.target, before.get(way.target))
        sources = [one for one in sources if one not in keys or one in kept]
    for source in sources:
        if way.target is not None:
            yield Arrow(source, way.target, words)
        elif source is not None:
            # One open stage has no frame around it, and where none is open nothing has.
            yield Arrow(source, None if len(keys) > 1 else (*keys, source)[0], words)


def _words(way: Transition, language: Language) -> str:
    """Return what stands at an arrow: the event, who alone may do it, and guards in brackets."""
    words = transition_label(way, language)
    if way.target is None:
        words = f"{words} ({language.pick(_STAGE_BEFORE)})"
    if way.roles:
        roles = language.pick(_COMMA).join(map(one_line, way.roles))
        words = f"{words} ({language.pick(_ONLY).format(roles)})"
    guards = [one_line(language.pick(one.labels)) or one_line(one.key) for one in way.guards]
    return f"{words} [{', '.join(guards)}]" if guards else words
