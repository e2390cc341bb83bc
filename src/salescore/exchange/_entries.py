"""Names: what stands in a folder under a name, and which known name is the nearest."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from operator import itemgetter
from pathlib import Path

_FEW = 5
_COMPARED = 60
#: A slip is forgiven for so many letters, one of them rounded up.
_LETTERS_A_SLIP = 4
_BETWEEN_WORDS = str.maketrans("", "", " _-")
_LINK_FAULTS = {
    errno.ENOENT: "it is a link that points to nothing",
    errno.ELOOP: "it is a link that leads back to itself",
}


def entry_fault(path: Path) -> str | None:
    """
    Return why what stands under a name is no file that can be read, or `None` if it may be one.

    Nothing is opened, because opening a pipe waits for somebody who writes into it.

    Args:
        path: Something that is there, be it a link to nothing.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return _LINK_FAULTS.get(error.errno or 0, str(error.strerror))
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        return "it is a folder; expected a file"
    return "it is a pipe or a device; expected a file"


def is_there(path: Path) -> bool:
    """Return whether anything stands under a name, be it a link to nothing."""
    return os.path.lexists(path)


def few(names: Sequence[str]) -> str:
    """Return the first names of a list as a reader should see them."""
    return ", ".join(map(repr, names[:_FEW])) + (" …" if len(names) > _FEW else "")


def first_of(names: Sequence[str]) -> str:
    """
    Return the first names of a list, and how many more there are.

    Examples:
        >>> first_of(["a", "b"]), first_of("abcdefgh")
        ('a, b', 'a, b, c, d, e and 3 more')
    """
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def close_name(name: str, known: Iterable[str]) -> str | None:
    """
    Return the known name that is most like a name, or `None` if none is.

    A name is like another if a slip of the pen or two leads from one to the other, or if one begins
    or ends with the other and is not more than twice as long. Capitals do not count, nor do spaces
    and lines between words and the ending of a file.

    Examples:
        >>> close_name("Order", ["order_id", "orders"]), close_name("kind", ["id", "name"])
        ('orders', None)
    """
    wanted = _letters(name[:_COMPARED])
    found = [(one, _letters(one[:_COMPARED])) for one in known]
    likely = [(_likeness(wanted, other), one) for one, other in found if _is_like(wanted, other)]
    return max(likely, key=itemgetter(0))[1] if likely else None


def _letters(name: str) -> str:
    return name.casefold().removesuffix(".csv").translate(_BETWEEN_WORDS)


def _is_like(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) * 2 >= len(long) and short and long.startswith(short) | long.endswith(short):
        return True
    return _slips(short, long) <= (len(long) + 1) // _LETTERS_A_SLIP


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _slips(one: str, other: str) -> int:
    """Return how many letters were left out, put in, changed, or swapped with the next."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, above = above, row
    return above[-1]


def nearest(name: str, known: Sequence[str]) -> str:
    """Return what would have been right."""
    close = close_name(name, known)
    if close is not None:
        return f"the nearest known is {close!r}"
    return f"known are {few(known)}" if known else "none is known"
