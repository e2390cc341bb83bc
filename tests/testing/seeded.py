"""Looks at the same examples of a strategy in every run."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


def many(strategy: st.SearchStrategy[Any], look: Callable[[Any], object], count: int = 150) -> None:
    """Show the same examples in every run, whatever the profile."""

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def shown(example: Any) -> None:  # noqa: ANN401 - any example
        look(example)

    shown()
