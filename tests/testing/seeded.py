"""Looks at many examples of a strategy, the same ones in every run."""

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample


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


def until(strategy: st.SearchStrategy[Any], look: Callable[[Any], bool]) -> None:
    """Show examples, the same in every run, until one look says that it has seen enough."""
    many_more = settings(max_examples=5000, database=None, deadline=None, phases=[Phase.generate])
    try:
        find(strategy, look, settings=many_more, random=Random(3))  # noqa: S311 - no secret
    except NoSuchExample:
        return  # whoever looked tells what is missing
