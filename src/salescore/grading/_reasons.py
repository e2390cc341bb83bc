"""What decisions are made of: the kinds of moves, and of reasons for them."""

from __future__ import annotations

from datetime import date
from enum import Enum

import attrs


class Move(Enum):
    """
    What a decision does to a customer's grade.

    Attributes:
        ENTERED: The policy has no grade of the customer to go on from, and gives it one.
        KEPT: The grade stays.
        WARNED: The grade stays for now; the customer is due to lose it.
        PROMOTED: The grade is a higher one than on record.
        DEMOTED: The grade is a lower one than on record.
        MOVED: The grade is another than on record, and the policy's grades are no ladder.
        OVERRIDDEN: A person's word holds, and the policy is not asked.
    """

    ENTERED = "entered"
    KEPT = "kept"
    WARNED = "warned"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    MOVED = "moved"
    OVERRIDDEN = "overridden"


class ReasonCode(Enum):
    """
    Why a grade is what it is.

    Attributes:
        ENTRY_HOLDS: The rule of entry of the grade holds.
        ENTRY_UNKNOWN: Whether the grade, a higher one, may be entered is unknown, which is no.
        LOWEST: No rule of entry holds, so the lowest grade takes the customer.
        EXIT_HOLDS: The rule of exit of the grade holds.
        EXIT_UNKNOWN: Whether the grade must be left is unknown, which is no; nor does it end a
            warning.
        INSIDE: Neither the rule of entry nor that of exit holds; the customer stays.
        MINIMUM_STAY: The customer has not had the grade for long enough to lose it.
        NO_REVIEW: Nobody falls on a day without review.
        GRACE: The days of grace are not over.
        STEP_LIMIT: The customer has moved as many grades as it may until the next review.
        OVERRIDE: A person's word holds.
        OVERRIDE_EXPIRED: A person's word held until now.
        UNKNOWN_GRADE: The grade on record is none of the policy's, and counts for nothing.
        ENDED: The grade on record has ended, and none followed.
    """

    ENTRY_HOLDS = "entry_holds"
    ENTRY_UNKNOWN = "entry_unknown"
    LOWEST = "lowest"
    EXIT_HOLDS = "exit_holds"
    EXIT_UNKNOWN = "exit_unknown"
    INSIDE = "inside"
    MINIMUM_STAY = "minimum_stay"
    NO_REVIEW = "no_review"
    GRACE = "grace"
    STEP_LIMIT = "step_limit"
    OVERRIDE = "override"
    OVERRIDE_EXPIRED = "override_expired"
    UNKNOWN_GRADE = "unknown_grade"
    ENDED = "ended"


@attrs.frozen
class GradeReason:
    """
    One reason of a decision.

    Attributes:
        code: What kind of reason.
        grade: Grade that it speaks of.
        until: Last day on which it stands in the way; of what is over, the last day on which it
            held; `None` where no day says so.
    """

    code: ReasonCode
    grade: str
    until: date | None = None
