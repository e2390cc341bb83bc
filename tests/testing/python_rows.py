"""Python rows in the place of an engine, to be wrong in what a test changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from salescore.errors import EngineRefused
from salescore.metrics import Reduced
from salescore.rules import Expression, compile_expression
from salescore.testing import DifferentialQuestion, DifferentialRows
from salescore.testing._differential_reductions import answer


class Rows:
    """Python rows as an engine: right in all, or wrong in what a test changes."""

    name = "rows"

    def value(self, found: Any) -> Any:  # noqa: ANN401 - of any type
        """Return what is answered in the place of a right value."""
        return found

    def small_table(self, found: Reduced) -> Reduced:
        """Return what is answered in the place of a right small table."""
        return found

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Sequence[Any] | EngineRefused]:
        """Answer rules."""

        def reader(name: str) -> Callable[[int], Any]:
            return rows.by_name[name].__getitem__

        made = [compile_expression(one, reader) for one in rules]
        return [[self.value(one(number)) for number in range(len(rows))] for one in made]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer reductions."""
        return [self.small_table(answer(rows, one)) for one in questions]
