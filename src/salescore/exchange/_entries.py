"""Names: what stands in a folder under a name, and which known name is the nearest."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

_FEW = 5
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


def close_name(name: str, known: Iterable[str]) -> str | None:
    """
    Return the known name that is most like a name, or `None` if none is.

    Capitals do not count, so that 'ID' is as near to 'id' as a name can be.
    """
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(name[:60].casefold(), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def nearest(name: str, known: Sequence[str]) -> str:
    """Return what would have been right."""
    close = close_name(name, known)
    if close is not None:
        return f"the nearest known is {close!r}"
    return f"known are {few(known)}" if known else "none is known"
