"""Rows of a label and a value, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable

from salescore.render import Language

Words = tuple[str, str]
"""English and Chinese."""


def lines_of(rows: Iterable[tuple[Words, str]], language: Language) -> list[str]:
    """Return one line for each label and what stands behind it."""
    colon = language.pick((": ", "："))
    return [f"{language.pick(label)}{colon}{value}" for label, value in rows]
