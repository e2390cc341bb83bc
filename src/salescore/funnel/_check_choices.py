"""Transitions that share stage and event: which of them are never taken, and where two apply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from salescore.funnel._apart import are_apart, ranges_of
from salescore.funnel._fault import fault
from salescore.funnel._funnel import Funnel
from salescore.funnel._step import Step
from salescore.plain import FieldTable
from salescore.rules import Conjunction, Expression, common_row, row_text
from salescore.values import Finding, Severity


def choice_faults(funnel: Funnel, schema: FieldTable) -> Iterator[Finding]:
    """
    Yield what is wrong with transitions that share stage and event, of which the first is taken.

    One that asks for no more than an earlier one leaves nothing to it. Two guards overlap where
    both hold on one row, unless the transitions do the same, or are for different roles.
    One without guards is taken to stand for all other cases.

    Args:
        funnel: The funnel, whose rules `check_types` has accepted.
        schema: The fields that they read.
    """
    told: set[tuple[int, int]] = set()
    place = {id(way): number for number, way in enumerate(funnel.transitions)}
    for (source, event), steps in funnel.steps.items():
        name = f"event {event!r}"
        for number, later in enumerate(steps):
            if any(_leaves_nothing(one, later) for one in steps[:number]):
                text = (
                    f"never leads from {source!r} to {_shown(later)}: an earlier transition asks "
                    "for no more, and is taken first"
                )
                code = "funnel-transition-never-taken"
                yield fault(code, funnel, name, text, Severity.WARNING)
        ranges = [ranges_of(asked.criterion.rule for asked in one.asked) for one in steps]
        for (one, mine), (other, others) in combinations(zip(steps, ranges, strict=True), 2):
            pair = (place[id(one.transition)], place[id(other.transition)])
            # Most guards of one event are apart by plain bounds; a search takes a thousand times.
            if pair in told or are_apart(mine, others) or not _is_choice(one, other):
                continue
            row = common_row(_asked(one), _asked(other), schema)
            if row is not None:
                told.add(pair)
                text = (
                    f"leads from {source!r} both to {_shown(one)} and to {_shown(other)} for an "
                    f"opportunity with {row_text(row)}; the first is taken"
                )
                yield fault("funnel-guards-overlap", funnel, name, text, Severity.WARNING)


def _leaves_nothing(one: Step, other: Step) -> bool:
    """Return whether all that speaks against the one transition speaks against the other too."""
    first, second = dict(one.after), dict(other.after)
    return _asks_no_more(one, other) and all(
        _asks_no_more(first.get(key, one), second.get(key, other)) for key in {**first, **second}
    )


def _asks_no_more(one: Step, other: Step) -> bool:
    roles, others = one.transition.roles, other.transition.roles
    rules = [asked.criterion.rule for asked in other.asked]
    return (
        (one.target is not None or other.target is None)
        and (not roles or (bool(others) and set(others) <= set(roles)))
        and set(one.required) <= set(other.required)
        and one.needs_reason <= other.needs_reason
        and len(one.forbidden) <= len(other.forbidden)
        and all(asked.criterion.rule in rules for asked in one.asked)
    )


def _is_choice(one: Step, other: Step) -> bool:
    """Return whether it is for the guards to tell which of two transitions is taken."""
    first, second = one.transition, other.transition
    does_the_same = first.target == second.target and first.emits == second.emits
    is_for_others = bool(first.roles and second.roles) and set(first.roles).isdisjoint(second.roles)
    return (
        bool(first.guards and second.guards)
        and not does_the_same
        and not is_for_others
        and not _leaves_nothing(one, other)
    )


def _asked(step: Step) -> Expression:
    rules = tuple(one.criterion.rule for one in step.asked)
    return rules[0] if len(rules) == 1 else Conjunction(rules)


def _shown(step: Step) -> str:
    return "the stage before" if step.target is None else repr(step.target.key)
