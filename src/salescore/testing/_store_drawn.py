"""Hypothesis inside a check: seeded by the trial, sized by its rounds, silent unless it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, settings

from salescore.testing._store_trial import Trial

F = TypeVar("F", bound=Callable[..., Any])


def drawn_settings(trial: Trial, examples: int, steps: int = 50) -> settings:
    """
    Return the settings of a search.

    Args:
        trial: Its rounds multiply the examples.
        examples: Examples of one round.
        steps: Most steps of a state machine.
    """
    return settings(
        max_examples=examples * trial.rounds,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=trial.seed == 0,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
        phases=(Phase.generate, Phase.shrink),
    )


def searched(trial: Trial, examples: int) -> Callable[[F], F]:
    """
    Return the decorator of a test by Hypothesis that is part of a check.

    Args:
        trial: Its seed is what chance begins with, 0 for the same examples every time; its rounds
            multiply the examples.
        examples: Examples of one round.
    """

    def decorate(test: F) -> F:
        chosen = drawn_settings(trial, examples)(test)
        return chosen if trial.seed == 0 else hypothesis.seed(trial.seed)(chosen)

    return decorate
