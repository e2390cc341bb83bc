"""Hypothesis, or the error that names the extra which brings it."""

from __future__ import annotations

from salescore.errors import MissingExtra

try:
    from hypothesis import strategies as st
except ModuleNotFoundError:
    raise MissingExtra("hypothesis", "testing") from None

__all__ = ["st"]
