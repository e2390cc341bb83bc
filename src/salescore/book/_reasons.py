"""Why a row has no exchange rate: its kind, and words that many rows share."""

from __future__ import annotations

_LATE, _STALE = " on or before ", " old on "


def reason_code(reason: str) -> str:
    """Return the code of a finding for why there is no rate: late, stale, undated or missing."""
    if _LATE in reason:
        return "late-rate"
    if _STALE in reason:
        return "stale-rate"
    return "undated-rate" if reason.startswith("no date ") else "missing-rate"


def shared_reason(reason: str) -> str:
    """Return why there is no rate without the days of a single row, so that rows can be counted."""
    match reason_code(reason):
        case "late-rate":
            return f"{reason.partition(_LATE)[0]} yet"
        case "stale-rate":
            return f"{reason.partition(', of ')[0]} is too old"
        case _:
            head, found, _ = reason.partition(" in ")
            return f"{head} in its period" if found else reason
