"""Many decisions at once: one event on many opportunities, and every event open to one."""

from __future__ import annotations

from collections.abc import Iterable

from salescore.entities import Opportunity
from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._decide import decide
from salescore.funnel._funnel import Funnel
from salescore.funnel._outcome import Accepted, Refused


def decide_many(
    funnel: Funnel, opportunities: Iterable[Opportunity], event: str, contexts: Iterable[Context]
) -> tuple[Accepted | Refused, ...]:
    """
    Return what an event does to each of many opportunities: what `decide` says of it alone.

    Args:
        funnel: The sales process.
        opportunities: The opportunities as they are.
        event: Name of the event.
        contexts: What is known of each, in the same order.

    Returns:
        One answer for each, in order; that one is refused does not stop the others.

    Raises:
        InvalidValue: There are not as many contexts as opportunities, or a row is one of another
            opportunity.
        InexactResult: A rule of the funnel cannot be worked out exactly on a row.
    """
    ones, knowns = tuple(opportunities), tuple(contexts)
    if len(ones) != len(knowns):
        raise InvalidValue("the number of contexts", len(knowns), f"expected {len(ones)}")
    return tuple(decide(funnel, one, event, known) for one, known in zip(ones, knowns, strict=True))


def open_events(
    funnel: Funnel, opportunity: Opportunity, context: Context
) -> tuple[Accepted | Refused, ...]:
    """
    Return what every event that leads out of the present stage would do, in the funnel's order.

    An application shows them as buttons, and the reasons beside those that are refused.

    Args:
        funnel: The sales process.
        opportunity: The opportunity as it is.
        context: What is known at that moment.

    Returns:
        One answer for each event. In a stage that the funnel does not have each of its events is
        refused.

    Raises:
        InvalidValue: The row is one of another opportunity.
        InexactResult: A rule of the funnel cannot be worked out exactly on the row.
    """
    is_known = opportunity.stage in funnel.by_key
    names = funnel.events_from(opportunity.stage) if is_known else funnel.events
    return tuple(decide(funnel, opportunity, name, context) for name in names)
