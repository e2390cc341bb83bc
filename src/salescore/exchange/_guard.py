"""The guard: texts that a spreadsheet would run, or a reader alter, behind one apostrophe."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARK = "'"

# Signs with which a formula begins, then their wide and small forms, which some spreadsheets take
# for the same; then everything that shows nothing, because it may hide such a sign. The list is
# written out: what Python calls printable differs from one release to the next, and so would files.
_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b-"
_UNSEEN = (
    "\\x00-\\x20\\x7f-\\xa0\\xad\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f"
    "\\u3000\\ufeff"
)
_FIRST = f"[{_UNSEEN}{re.escape(_SIGNS)}]"
_NEEDY = re.compile(f"'*(?:{_FIRST}|\\Z)")
# A line of joined cells that may need the guard; one too many only costs a closer look.
_NEEDY_LINE = re.compile(f"^(?:'|{_FIRST}|$)| $", re.MULTILINE)


def needs_guard(text: str) -> bool:
    """
    Return whether a text must not stand in a cell as it is.

    It is empty, which would read as no value; or it has spaces around it, which would be lost; or
    it begins with a sign of a formula or with something unseen; or any of that behind apostrophes,
    which would be taken for the guard.
    """
    return text.endswith(" ") or _NEEDY.match(text) is not None


def guarded(text: str) -> str:
    """
    Return the cell that stands for a text.

    Returns:
        The text, behind an apostrophe where it needs the guard; no two texts share a cell.
    """
    return MARK + text if needs_guard(text) else text


def guarded_column(texts: Sequence[str]) -> Sequence[str]:
    """Return the cells of a column of texts; a column without any that needs it is not copied."""
    if _NEEDY_LINE.search("\n".join(texts)) is None:
        return texts
    return [guarded(text) for text in texts]


def guarded_in_workbook(text: str) -> str:
    """
    Return the cell of a workbook that stands for a text; `unguarded` leads back.

    There a text stays a text, so only what a reader would alter is guarded, and +86 10 is not.
    """
    alters = text.startswith((MARK, " ")) or text.endswith(" ") or not text
    return guarded(text) if alters else text


def unguarded(cell: str) -> str | None:
    """
    Return the text behind the guard, or `None` for a cell without one.

    An apostrophe before a text that needs no guard, as in 't Hooft, belongs to the text.
    """
    rest = cell[1:]
    return rest if cell.startswith(MARK) and needs_guard(rest) else None


def may_be_guarded(lines: str) -> bool:
    """Return whether any of several cells, joined by line breaks, may have the guard."""
    return lines.startswith(MARK) or f"\n{MARK}" in lines
