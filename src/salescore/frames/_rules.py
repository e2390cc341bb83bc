"""Rules on frames: the rows for which a rule is true, and columns that rules yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from salescore.errors import InvalidValue, RuleTypeError
from salescore.frames._arrow_columns import kept_rows
from salescore.frames._compile import frame_expression
from salescore.frames._engines import ARROW
from salescore.frames._frame import Frame, Native, names_of, open_frame, schema_of
from salescore.plain import FieldTable
from salescore.rules import (
    Expression,
    RuleType,
    Term,
    as_tree,
    check_types,
    evaluate,
    fields_of,
    rule_text,
)

_KEPT = "kept"


def filter_frame(
    native: Native,
    rule: Term | Expression,
    schema: FieldTable | str,
    *,
    absent_as_null: bool = False,
) -> Native:
    """
    Return the rows for which a rule is true.

    Args:
        native: A dataframe of any engine, eager or lazy.
        rule: A condition over the fields of the fact table; unknown is not true.
        schema: The fact table, or its name.
        absent_as_null: Whether a column that the rule reads and the dataframe lacks is unknown on
            every row, instead of an error.

    Returns:
        A dataframe of the same kind with all its columns as they were; eager ones keep the order
        of their rows, lazy ones stay lazy.

    Raises:
        InvalidFrame: Everything that is wrong with the columns that the rule reads, and each that
            is not there.
        RuleTypeError: Types that do not fit, or a rule that is no condition.
        UnknownName: No such fact table, or a field that it does not have.
        EngineRefused: The engine cannot answer it exactly.
        MissingExtra: The extra `frames` is not installed.

    Examples:
        >>> import pyarrow as pa
        >>> from salescore.rules import F
        >>> lines = pa.table({"region": ["West", None, "East"]})
        >>> filter_frame(lines, F.region == "West", "order_lines").to_pydict()
        {'region': ['West']}
    """
    tree, table = as_tree(rule), schema_of(schema)
    kind = check_types(tree, table)
    if kind is not RuleType.BOOLEAN:
        raise RuleTypeError(rule_text(tree), f"it yields {kind.value}; a filter is a condition")
    fields = fields_of(tree)
    frame = open_frame(native, table, columns=fields, absent_as_null=absent_as_null)
    frame.check_there(fields)
    given = frame.raw.nw
    is_arrow = frame.engine in ARROW
    made = frame_expression(tree, frame if is_arrow else frame.raw)
    if made.is_constant:
        # Engines answer a constant once, not once per row, and Polars takes none for a filter.
        is_kept = evaluate(tree, dict.fromkeys(fields)) is True
        return given.to_native() if is_kept else given.head(0).to_native()
    if not is_arrow:
        return _asked(given, lambda rows: rows.filter(made.expr)).to_native()
    (kept,) = columns_of(frame, {_KEPT: made.expr})
    if frame.engine == "pyarrow":
        return kept_rows(given.to_native(), kept)
    return given.to_native().loc[kept.fill_null(False).to_numpy()]


def with_values(
    native: Native,
    schema: FieldTable | str,
    /,
    *,
    absent_as_null: bool = False,
    **rules: Term | Expression,
) -> Native:
    """
    Return a dataframe with one more column per rule.

    Args:
        native: A dataframe of any engine, eager or lazy.
        schema: The fact table, or its name.
        absent_as_null: As in `filter_frame`.
        **rules: The rules by the names of their columns; each reads the columns as given.

    Returns:
        A dataframe of the same kind; numbers are decimals of as many digits as they can need.

    Raises:
        InvalidValue: A name that a column of the dataframe has.
        InvalidFrame: Everything that is wrong with the columns that the rules read, and each that
            is not there.
        RuleTypeError: Types that do not fit.
        UnknownName: No such fact table, or a field that it does not have.
        EngineRefused: The engine cannot answer a rule exactly.
        MissingExtra: The extra `frames` is not installed.

    Examples:
        >>> import pyarrow as pa
        >>> from salescore.rules import F
        >>> lines = pa.table({"quantity": [2, None]})
        >>> with_values(lines, "order_lines", double=F.quantity * 2)["double"].to_pylist()
        [Decimal('4'), None]
    """
    table = schema_of(schema)
    trees = {name: as_tree(rule) for name, rule in rules.items()}
    fields = [field for tree in trees.values() for field in fields_of(tree)]
    frame = open_frame(native, table, columns=fields, absent_as_null=absent_as_null)
    frame.check_there(fields)
    if not trees:
        return frame.raw.nw.to_native()
    check_new(frame, trees)
    if frame.engine not in ARROW:
        exprs = {name: frame_expression(tree, frame.raw).expr for name, tree in trees.items()}
        return _asked(frame.raw.nw, lambda rows: rows.with_columns(**exprs)).to_native()
    exprs = {name: frame_expression(tree, frame).expr for name, tree in trees.items()}
    return appended(frame, dict(zip(exprs, columns_of(frame, exprs), strict=True)))


def _asked(frame: Any, question: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - what Narwhals wraps
    """Return the answer to a question as a frame of the same kind."""
    if hasattr(frame, "collect"):
        return question(frame)
    # Only of a lazy frame Polars works out once what stands in several places.
    return question(frame.lazy()).collect()


def check_new(frame: Frame, names: Iterable[str]) -> None:
    """
    Refuse names that columns of a dataframe have; letter case does not tell them apart.

    Raises:
        InvalidValue: A column has one of them.
    """
    taken = {str(name).casefold() for name in names_of(frame.raw.nw)}
    for name in names:
        if name.casefold() in taken:
            raise InvalidValue("name", name, "a column of the dataframe has that name")


def appended(frame: Frame, columns: Mapping[str, Any]) -> Native:
    """Return a dataframe of PyArrow or pandas with more columns, which are those of Arrow."""
    native = frame.raw.nw.to_native()
    if frame.engine == "pandas":
        series = {name: _pandas_series(one, native.index) for name, one in columns.items()}
        return native.assign(**series)
    for name, column in columns.items():
        native = native.append_column(name, column)
    return native


def columns_of(frame: Frame, exprs: Mapping[str, Any]) -> list[Any]:
    """Return Arrow columns, one value per row, of a frame that is an Arrow table."""
    made = frame.nw.with_columns(**exprs).to_native()
    return [made[name] for name in exprs]


def _pandas_series(column: Any, index: Any) -> Any:  # noqa: ANN401 - a package without types
    import pandas as pd  # noqa: PLC0415 - only who has a frame of pandas gets here

    return pd.Series(pd.arrays.ArrowExtensionArray(column), index=index)
