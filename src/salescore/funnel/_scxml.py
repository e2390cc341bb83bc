"""Funnels as SCXML, which machines of other makers run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from salescore.errors import InvalidValue
from salescore.funnel._escaping import plain_ids, xml_text
from salescore.funnel._funnel import Funnel
from salescore.funnel._funnel_json import funnel_to_data
from salescore.funnel._stage import Criterion, Stage
from salescore.funnel._transition import Transition
from salescore.rules import rule_text

_MOST_WAYS = 100_000
"""Most transitions that are written: one takes some 200 characters."""

SCXML_SPACE = "urn:salescore:funnel:1"
"""The namespace of what SCXML has no word for, in exported funnels."""


def scxml(funnel: Funnel) -> str:
    """
    Return a funnel as a state machine in SCXML 1.0.

    Any machine that reads SCXML walks the stages by the events, from the first open stage on.
    It cannot evaluate the rules: what a move asks for stands beside it as attributes of a namespace
    of our own, `SCXML_SPACE`, and the whole funnel in the element `funnel` of that namespace, as
    the JSON that `funnel_from_data` reads. Ids of states and names of events are the keys and
    events in ASCII letters, digits and underscores; the attributes `key` and `event-name` hold what
    they stand for. Where a way leads to the stage before the present one, a stage has a state for
    each stage that can have been that: of forty open stages that all lead to one another and back,
    some 1,600 states with 65,000 transitions. More than 100,000 transitions are refused.

    Args:
        funnel: The funnel.

    Raises:
        InvalidValue: The funnel has no open stage to begin in, or too many transitions.

    Source:
        W3C, State Chart XML (SCXML), recommendation of 1 September 2015.
    """
    chart = _Chart(funnel)
    whole = json.dumps(funnel_to_data(funnel), ensure_ascii=True)
    name = plain_ids([funnel.name], first="funnel")[funnel.name]
    spaces = f'xmlns="http://www.w3.org/2005/07/scxml" xmlns:ss="{SCXML_SPACE}"'
    marks = f'version="1.0" datamodel="null" name="{name}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<scxml {spaces} {marks} initial="{chart.name(chart.spot(funnel.start.key))}">',
        f"  <ss:funnel>{_xml_json(whole)}</ss:funnel>",
    ]
    for stage in funnel.stages:
        lines += [f"  {line}" for line in chart.state(stage)]
    return "\n".join([*lines, "</scxml>"]) + "\n"


def _xml_json(text: str) -> str:
    """Return JSON in ASCII between tags; it has no sign that XML does not know."""
    # Not `xml_text`: spaces within texts of the funnel are to stay.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@attrs.frozen
class _Spot:
    """
    Where a machine is.

    Attributes:
        stage: Key of the stage.
        last: The last open stage so far, where the stage must know it; itself where it is open.
        before: The last open stage other than that, where it must know it; `None` where there was
            none.
    """

    stage: str
    last: str | None = None
    before: str | None = None


@attrs.frozen
class _Chart:
    """A funnel on its way to states: which stages must know what was before them."""

    funnel: Funnel

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Return the ids of states by key of the stage."""
        return plain_ids(self.funnel.by_key, first="stage")

    @cached_property
    def events(self) -> Mapping[str, str]:
        """Return the names of events as a machine takes them, some of which want them to differ."""
        return plain_ids(self.funnel.events, first="event", without=self.ids.values())

    @cached_property
    def ways(self) -> Mapping[str, tuple[Transition, ...]]:
        """Return the transitions out of each stage, in the order of asking."""
        return {
            key: tuple(way for way in self.funnel.transitions if key in way.sources)
            for key in self.funnel.by_key
        }

    @cached_property
    def memory(self) -> Mapping[str, int]:
        """
        Return how many open stages each stage must know: the last, and the last other than that.

        An open stage is the last itself; of the others, those know one that lead back to it.
        """
        opened = self.funnel.open_keys
        found = {
            key: (2 if key in opened else 1) * any(way.target is None for way in ways)
            for key, ways in self.ways.items()
        }
        while True:
            more = {key: max(found[key], self._needed(key, found)) for key in found}
            if more == found:
                return found
            found = more

    def _needed(self, key: str, found: Mapping[str, int]) -> int:
        """Return how many stages one must know for the sake of those that it leads to."""
        opened = self.funnel.open_keys
        targets = {way.target for way in self.ways[key]}
        after = {one for one in targets if one is not None}
        if None in targets:
            after |= opened
        closed = max((found[one] for one in after - opened), default=0)
        if key in opened:
            return 2 * (closed > 1)
        return max(closed, 2 * any(found[one] for one in after & opened))

    @cached_property
    def spots(self) -> Mapping[str, tuple[_Spot, ...]]:
        """Return what each stage can know; one that nothing leads to knows nothing."""
        found: dict[str, dict[_Spot, None]] = {key: {} for key in self.funnel.by_key}
        written = 0
        for key in (self.funnel.start.key, *self.funnel.by_key):
            waiting = [] if found[key] else [self.spot(key)]
            while waiting:
                one = waiting.pop()
                if one in found[one.stage]:
                    continue
                found[one.stage][one] = None
                ways = self.ways[one.stage]
                written += len(ways)
                if written > _MOST_WAYS:
                    fault = f"SCXML of it takes more than {_MOST_WAYS:,} transitions"
                    raise InvalidValue("funnel", self.funnel.title, fault)
                waiting += [to for way in ways if (to := self.next(one, way))]
        return {key: tuple(spots) for key, spots in found.items()}

    def spot(self, key: str, last: str | None = None, before: str | None = None) -> _Spot:
        """Return a spot with as much as its stage must know."""
        if key in self.funnel.open_keys and key != last:
            last, before = key, last
        known = self.memory[key]
        return _Spot(key, last if known else None, before if known > 1 else None)

    def next(self, spot: _Spot, way: Transition) -> _Spot | None:
        """Return where a transition leads; `None` where there is no stage to go back to."""
        is_open = spot.stage in self.funnel.open_keys
        last = spot.stage if is_open else spot.last
        target = way.target or (spot.before if is_open else last)
        return None if target is None else self.spot(target, last, spot.before)

    def name(self, spot: _Spot) -> str:
        """Return the id of the state of a spot."""
        known: tuple[str | None, ...] = (spot.last, spot.before)[: self.memory[spot.stage]]
        if spot.stage in self.funnel.open_keys:
            known = known[1:]
        names = ("nothing" if one is None else self.ids[one] for one in known)
        return "-after-".join((self.ids[spot.stage], *names))

    def state(self, stage: Stage) -> Iterator[str]:
        """Yield the lines of the state of a stage, with one inside for each that it can know."""
        spots = self.spots[stage.key]
        tag = "final" if stage.is_closed and not self.ways[stage.key] else "state"
        marks = [f'id="{self.ids[stage.key]}"', *_marks(stage)]
        if self.memory[stage.key]:
            marks.insert(1, f'initial="{self.name(spots[0])}"')
            yield f"<{tag} {' '.join(marks)}>"
            for one in spots:
                yield f'  <state id="{self.name(one)}">'
                yield from (f"    {line}" for line in self._transitions(one))
                yield "  </state>"
        else:
            yield f"<{tag} {' '.join(marks)}>"
            yield from (f"  {line}" for line in self._transitions(spots[0]))
        yield f"</{tag}>"

    def _transitions(self, spot: _Spot) -> Iterator[str]:
        for way, (event, asked) in zip(self.ways[spot.stage], self.marks[spot.stage], strict=True):
            to = self.next(spot, way)
            if to is not None:
                yield f'<transition event="{event}" target="{self.name(to)}" {asked}/>'

    @cached_property
    def marks(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return event and attributes of the transitions out of each stage, written once."""
        found = {
            id(way): (self.events[way.event], " ".join(self._asked(way)))
            for way in self.funnel.transitions
        }
        return {key: tuple(found[id(way)] for way in ways) for key, ways in self.ways.items()}

    @staticmethod
    def _asked(way: Transition) -> Iterator[str]:
        """Yield what a transition is and asks for, as attributes that a machine passes over."""
        yield f'ss:event-name="{xml_text(way.event)}"'
        if any(way.labels):
            yield f'ss:label-en="{xml_text(way.labels[0])}" ss:label-zh="{xml_text(way.labels[1])}"'
        for name, texts in (
            ("guards", _criteria(way.guards)),
            ("required", way.required),
            ("roles", way.roles),
            ("emits", tuple(one.name for one in way.emits)),
        ):
            if texts:
                yield f'ss:{name}="{xml_text("; ".join(texts))}"'
        if way.needs_reason:
            yield 'ss:needs-reason="true"'


def _marks(stage: Stage) -> Iterator[str]:
    """Yield what a stage is and asks for, as attributes that a machine passes over."""
    yield f'ss:key="{xml_text(stage.key)}" ss:kind="{stage.kind.value}"'
    if any(stage.labels):
        yield f'ss:label-en="{xml_text(stage.labels[0])}" ss:label-zh="{xml_text(stage.labels[1])}"'
    if stage.chance is not None:
        yield f'ss:probability="{stage.chance:f}"'
    for name, texts in (
        ("required", stage.required),
        ("criteria", _criteria(stage.exit_criteria)),
        ("roles", stage.roles),
    ):
        if texts:
            yield f'ss:{name}="{xml_text("; ".join(texts))}"'


def _criteria(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    return tuple(f"{one.key}: {rule_text(one.rule)}" for one in criteria)
