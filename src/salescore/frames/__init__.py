"""
Frames: the rules, measures and reductions of the house on dataframes and in SQL.

What is declared once runs where the data are: on Polars, DuckDB, PyArrow, pandas or Spark through
Narwhals, or in a database as a statement with bound parameters. Sums are exact; what an engine
cannot answer exactly it refuses by name.
"""

__all__: list[str] = []
