"""Why an event is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs

from salescore.funnel._stage import Criterion
from salescore.plain import FieldTable, as_tuple
from salescore.rules import Explanation, explain


class RefusalCode(Enum):
    """
    Why an event is refused.

    Attributes:
        UNKNOWN_STAGE: The funnel has no stage that the opportunity is in.
        UNKNOWN_EVENT: The funnel has no such event.
        NOT_FROM_HERE: The event does not lead out of the present stage.
        ON_HOLD: The opportunity is on hold, which the event does not end.
        KIND_DIFFERS: The opportunity stands for another kind than its stage in the funnel.
        HISTORY_DIFFERS: The history is of another opportunity or funnel, or ends elsewhere.
        TOO_EARLY: The event lies before the last one.
        NO_STAGE_BEFORE: No history tells the stage before, on which it depends.
        CRITERION_FAILED: A criterion is not fulfilled.
        CRITERION_UNKNOWN: Whether a criterion is fulfilled is unknown, which is no.
        CRITERION_UNREADABLE: The row lacks a field that a criterion reads, or there is no row.
        FIELD_MISSING: A required field is not known.
        REASON_MISSING: The event takes a reason.
        ROLE_MISSING: The actor has none of the roles that may do it.
        SKIP_REFUSED: The funnel lets no stage be left out.
        BACK_REFUSED: The funnel lets nobody go back.
        OVERRIDE_REFUSED: The actor has none of the roles that may override.
        STAGE_LEFT_OUT: The migration leads to no stage of the new version from the present one.
    """

    UNKNOWN_STAGE = "unknown_stage"
    UNKNOWN_EVENT = "unknown_event"
    NOT_FROM_HERE = "not_from_here"
    ON_HOLD = "on_hold"
    KIND_DIFFERS = "kind_differs"
    HISTORY_DIFFERS = "history_differs"
    TOO_EARLY = "too_early"
    NO_STAGE_BEFORE = "no_stage_before"
    CRITERION_FAILED = "criterion_failed"
    CRITERION_UNKNOWN = "criterion_unknown"
    CRITERION_UNREADABLE = "criterion_unreadable"
    FIELD_MISSING = "field_missing"
    REASON_MISSING = "reason_missing"
    ROLE_MISSING = "role_missing"
    SKIP_REFUSED = "skip_refused"
    BACK_REFUSED = "back_refused"
    OVERRIDE_REFUSED = "override_refused"
    STAGE_LEFT_OUT = "stage_left_out"


OVERRIDABLE = frozenset(
    {
        RefusalCode.CRITERION_FAILED,
        RefusalCode.CRITERION_UNKNOWN,
        RefusalCode.CRITERION_UNREADABLE,
        RefusalCode.FIELD_MISSING,
        RefusalCode.SKIP_REFUSED,
        RefusalCode.BACK_REFUSED,
    }
)
"""What an override passes over; roles, reasons, time and the table itself it does not."""


@attrs.frozen(kw_only=True)
class Refusal:
    """
    One reason why an event is refused, or would be without an override.

    Attributes:
        code: Which reason.
        stage: Key of the stage that asks for it, or that the event would lead to; `None` where
            none does.
        criterion: The criterion that is not fulfilled; `None` for other reasons.
        name: What is concerned: a field, an event, a stage, a role, or in what a history differs
            (opportunity, stage, funnel, version, end, begun), or what takes the reason that is
            lacking (loss, void, reopening, skip, back, transition); `None` where nothing is named.
        known: What would be right: the events that lead on, the roles that may do it, the fields
            that the row lacks; of a history what it has, and what was expected; of a reason the
            stages left out, or the event that takes it.
        row: The row that the criterion was asked on.
    """

    code: RefusalCode
    stage: str | None = None
    criterion: Criterion | None = None
    name: str | None = None
    known: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    row: Mapping[str, Any] | None = attrs.field(default=None, repr=False)

    @property
    def is_overridable(self) -> bool:
        """Return whether an override with a reason passes over it."""
        return self.code in OVERRIDABLE

    def explanation(self, table: FieldTable | None = None) -> Explanation | None:
        """
        Return the criterion with each of its values; `None` where the reason is no criterion.

        Args:
            table: The fields of the row, for labels and units.
        """
        if self.criterion is None or self.row is None:
            return None
        if self.code is RefusalCode.CRITERION_UNREADABLE:
            return None
        return explain(self.criterion.rule, self.row, table)
