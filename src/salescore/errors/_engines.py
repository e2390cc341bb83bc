"""Errors of dataframes and the engines behind them."""

from __future__ import annotations

from salescore.errors._root import SalesCoreError, shown


class InvalidFrame(SalesCoreError, ValueError):
    """
    A dataframe has not the columns of its fact table.

    Attributes:
        table: Fact table.
        faults: Everything that is wrong with its columns, one sentence each.
    """

    def __init__(self, table: str, faults: tuple[str, ...]) -> None:
        """Keep the table and all faults."""
        super().__init__(table, faults)
        self.table = table
        self.faults = faults

    def __str__(self) -> str:
        """List every fault."""
        return f"the frame of {self.table} cannot be read: {'; '.join(self.faults)}"


class EngineRefused(SalesCoreError, ValueError):
    """
    An engine cannot answer a question exactly.

    Attributes:
        engine: The engine, such as "polars".
        question: What it was asked, such as a rule or a measure as text.
        fault: Why it cannot, and what would be right.
    """

    def __init__(self, engine: str, question: str, fault: str) -> None:
        """Keep the engine, the question and the fault."""
        super().__init__(engine, question, fault)
        self.engine = engine
        self.question = question
        self.fault = fault

    def __str__(self) -> str:
        """Name the engine, the question and the fault."""
        return f"{self.engine} cannot answer {shown(self.question)} exactly: {self.fault}"
