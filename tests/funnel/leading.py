"""Leads, and what is known of them, for the tests of leads and their conversion."""

from datetime import UTC, date, datetime
from typing import Any

from salescore.entities import Lead, Need
from salescore.funnel import Context, Moved, RefusedMove

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
FIELDS = {
    "business_domain": "machine tools",
    "needs": "spare parts within a day",
    "buying_power": "about 100,000 a year",
    "decision_process": "the owner alone",
}


def lead(**given: Any) -> Lead:  # noqa: ANN401 - whatever a lead takes
    """Return an open lead of which nothing is known but its day."""
    return Lead(**{"id": "L1", "name": "Ann", "created_on": date(2026, 2, 1), **given})


def ready(**given: Any) -> Lead:  # noqa: ANN401 - see above
    """Return a lead of which all is known that the founding texts ask."""
    return lead(**{**FIELDS, **given})


def need(**given: Any) -> Need:  # noqa: ANN401 - whatever a need takes
    """Return a need of the lead."""
    return Need(**{"id": "N1", "need": "spare parts", "lead_id": "L1", **given})


def now(**given: Any) -> Context:  # noqa: ANN401 - whatever a context takes
    """Return what is known at noon."""
    return Context(**{"at": NOON, **given})


def moved(found: Moved | RefusedMove) -> Lead:
    """Return the lead of a move, which must be accepted."""
    assert isinstance(found, Moved), found.text()
    assert isinstance(found.record, Lead)
    return found.record


def refused(found: object) -> RefusedMove:
    """Return why a move was refused; it must be."""
    assert isinstance(found, RefusedMove), found
    return found
