"""Dataframes in the differential test: every engine that frames are made for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from salescore.errors import EngineRefused
from salescore.frames import Compiled, frame_expression, native_frame, open_frame, reduce_frame
from salescore.metrics import Reduced
from salescore.rules import Expression
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import DifferentialRows

KEY = "id"
"""Field that says which row an answer belongs to."""


@attrs.frozen
class FrameEngine:
    """
    An engine of dataframes.

    Attributes:
        name: One of `frames.ENGINES`.
        session: The Spark session or connection of DuckDB; `None` where none is needed.
    """

    name: str
    session: Any = None

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Sequence[Any] | EngineRefused]:
        """Return for each rule its values in the order of the rows, or why it is refused."""
        frame = self._frame(rows)
        compiled: list[Compiled | EngineRefused] = []
        for rule in rules:
            try:
                compiled.append(frame_expression(rule, frame))
            except EngineRefused as error:
                compiled.append(error)
        asked = {
            f"v{place}": one.expr
            for place, one in enumerate(compiled)
            if not isinstance(one, EngineRefused)
        }
        found = frame.nw.select(KEY, *(expr.alias(name) for name, expr in asked.items()))
        table = found.collect("pyarrow") if hasattr(found, "collect") else found
        columns = table.to_arrow().sort_by(KEY)
        return [
            one if isinstance(one, EngineRefused) else _values(columns.column(f"v{place}"))
            for place, one in enumerate(compiled)
        ]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Return for each reduction its small table, or why it is refused."""
        frame = self._frame(rows)
        found: list[Reduced | EngineRefused] = []
        for one in questions:
            try:
                found.append(
                    reduce_frame(frame, one.reduction, during=one.during, calendar=one.calendar)
                )
            except EngineRefused as error:
                found.append(error)
        return found

    def _frame(self, rows: DifferentialRows) -> Any:  # noqa: ANN401 - a frame of any engine
        native = native_frame(rows.schema, rows.by_name, self.name, session=self.session)
        return open_frame(native, rows.schema)


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - a package without types
    """Return what stands in a column, instants in UTC."""
    return [one.astimezone(UTC) if isinstance(one, datetime) else one for one in column.to_pylist()]
