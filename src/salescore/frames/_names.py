"""Names of columns that are nearly those of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_ALIKE = 0.7


def spelled_otherwise(wanted: Iterable[str], given: Sequence[str]) -> dict[str, str]:
    """
    Return what the columns of fields are called that only case, spaces or underscores set apart.

    Args:
        wanted: Names of fields.
        given: Names of columns; one that is itself the name of a field is that field's.
    """
    names = tuple(wanted)
    lacking = set(names).difference(given)
    if not lacking:
        return {}
    by_letters = {_letters(name): name for name in given if name not in names}
    return {name: by_letters[_letters(name)] for name in lacking if _letters(name) in by_letters}


def missing(name: str, given: Sequence[str]) -> str:
    """Return that a column is missing, and what it may be called instead."""
    found = spelled_otherwise((name,), given).get(name)
    if found is None:
        from difflib import get_close_matches  # noqa: PLC0415 - only a failing call pays for it

        folded = {str(one).casefold(): str(one) for one in given}
        close = get_close_matches(name.casefold(), folded, n=1, cutoff=_ALIKE)
        found = folded[close[0]] if close else None
    fault = f"column {name!r} is missing"
    return fault if found is None else f"{fault}; did you mean {found!r}?"


def _letters(name: str) -> str:
    return str(name).casefold().replace("_", "").replace(" ", "")
