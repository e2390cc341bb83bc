"""What a decision is asked with: the moment, the priced row, the history, who asks and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

import attrs

from salescore.errors import InvalidValue
from salescore.funnel._history import StageHistory
from salescore.funnel._names import as_roles
from salescore.values import check_instant, day_of

REASON_LIMIT = 4_000
"""Most characters of a reason: events keep it inside their detail, escaped."""


def _as_reason(reason: object) -> str | None:
    """Return a reason; a blank one, as forms send it, is none."""
    if reason is None:
        return None
    if not isinstance(reason, str):
        raise InvalidValue("a reason", reason, "expected a text")
    if len(reason) > REASON_LIMIT:
        fault = f"it has {len(reason):,} characters; at most {REASON_LIMIT:,} are allowed"
        raise InvalidValue("a reason", f"{reason[:40]}…", fault)
    return reason if reason.strip() else None


def _as_actor(actor: str | None) -> str | None:
    """Return who asks; anything but a text is refused here, before events are made of it."""
    given = cast("object", actor)
    if given is not None and not isinstance(given, str):
        raise InvalidValue("an actor", given, "expected a text")
    return actor


def _as_zone(zone: str) -> str:
    """Return the name of a time zone that there is."""
    if zone != "UTC":
        given = cast("object", zone)
        if not isinstance(given, str):
            raise InvalidValue("a time zone", given, "expected a name, such as Asia/Shanghai")
        _check_zone(given)
    return zone


def _as_row(row: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a row; anything else is refused here, before rules read it."""
    given = cast("object", row)
    if type(given) is dict or given is None or isinstance(given, Mapping):
        return row
    raise InvalidValue("a row", given, "expected values by column, such as opportunity_row gives")


def _as_history(history: StageHistory | None) -> StageHistory | None:
    """Return a history; visits alone are refused, for they may be of several opportunities."""
    given = cast("object", history)
    if given is not None and not isinstance(given, StageHistory):
        raise InvalidValue("a history", given, "expected a StageHistory, as history_of gives")
    return history


_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def _check_zone(zone: str) -> None:
    """Refuse a zone that there is not; those that there are need no second look."""
    day_of(_SOME_DAY, zone)


@attrs.frozen(kw_only=True)
class Context:
    """
    What is known when an event happens to an opportunity.

    Attributes:
        at: Instant of the event, an aware datetime; kept in UTC.
        row: The opportunity as a row of the fact table `opportunities`, by column, which rules
            read; `None` where no rule needs one.
        history: Stages that it went through; `None` where nobody kept them.
        actor: Who asks; `None` where an automatic rule does.
        roles: The roles of the actor.
        reason: Why, such as the reason of a loss, at most 4,000 characters; `None` where none is
            given, and a blank one is none.
        override: Reason for passing over what is not fulfilled, likewise; `None` to refuse.
        zone: Time zone in which an instant falls on a day.

    Raises:
        InvalidDate: The instant is no datetime, or a naive one.
        InvalidValue: A reason is no text or too long, the actor or the zone is no text, the roles
            are one text, the row holds no values by column, or the history is none.
        UnknownName: There is no such time zone.
    """

    at: datetime = attrs.field(converter=check_instant)
    row: Mapping[str, Any] | None = attrs.field(default=None, converter=_as_row)
    history: StageHistory | None = attrs.field(default=None, converter=_as_history)
    actor: str | None = attrs.field(default=None, converter=_as_actor)
    roles: tuple[str, ...] = attrs.field(default=(), converter=as_roles)
    reason: str | None = attrs.field(default=None, converter=_as_reason)
    override: str | None = attrs.field(default=None, converter=_as_reason)
    zone: str = attrs.field(default="UTC", converter=_as_zone)

    @property
    def on(self) -> date:
        """Return the business day of the event."""
        return self.at.date() if self.zone == "UTC" else day_of(self.at, self.zone)
