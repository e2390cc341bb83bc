"""The root of the tree, and how values and names are shown in its texts."""

from __future__ import annotations

_SHOWN = 60


class SalesCoreError(Exception):
    """The root of every error that this library raises."""


def shown(value: object) -> str:
    """Return a value as a reader should see it, cut where it grows too long."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}…"
    try:
        text = repr(value)
    except ValueError:  # an integer with more digits than Python will write
        return f"a very long {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def offer(name: str, known: tuple[str, ...], otherwise: str) -> str:
    """Return what would have been right, the closest name first; a name may be no text at all."""
    if not known:
        return f"expected {otherwise}" if otherwise != "nothing" else "none is declared"
    from difflib import get_close_matches  # noqa: PLC0415 - only a failing call pays for it

    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    close = get_close_matches(str(name)[:_SHOWN].casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    few = ", ".join(repr(candidate) for candidate in known[:5])
    return f"known are {few}" + (" …" if len(known) > 5 else "")  # noqa: PLR2004 - a short list
