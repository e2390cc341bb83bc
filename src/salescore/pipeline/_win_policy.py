"""Which win counts where a sale that was won is opened again and closes once more."""

from __future__ import annotations

from enum import Enum

from salescore.errors import InvalidValue


class WinPolicy(Enum):
    """
    Which win counts of a sale that closes more than once.

    Attributes:
        FIRST: Won once is won, on the day of the first win, whatever came after.
        LAST: What stands is what counts: a win that was opened again is none, a later one is.
        EACH: Every close counts on its own.
    """

    FIRST = "first"
    LAST = "last"
    EACH = "each"


def check_policy(policy: WinPolicy) -> None:
    """
    Refuse what is no policy by which a sale counts once.

    Raises:
        InvalidValue: It is neither `FIRST` nor `LAST`.
    """
    if policy not in (WinPolicy.FIRST, WinPolicy.LAST):
        fault = "each sale counts once here, by WinPolicy.FIRST or WinPolicy.LAST"
        raise InvalidValue("policy", policy, fault)
