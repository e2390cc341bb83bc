"""Atoms: the columns of an aggregate that measures are put together from."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

import attrs

from salescore.errors import EngineRefused
from salescore.frames._compile import frame_expression
from salescore.frames._digits import MOST_DIGITS
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame
from salescore.metrics import Aggregate, Measure
from salescore.rules import (
    Arithmetic,
    Conjunction,
    Expression,
    FieldRef,
    Literal,
    Negation,
    NullTest,
    Rounded,
    fields_of,
    rule_text,
)

PREFIX: Final = "salescore_"
"""What the columns that we add are called, so that they hide none of the frame."""

_MOST_ROWS_DIGITS: Final = 19


class How(Enum):
    """How an atom brings rows together."""

    ROWS = "rows"
    KNOWN = "known"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"
    PAIRS = "pairs"

    @property
    def is_additive(self) -> bool:
        """Return whether groups of it make larger groups."""
        return self not in (How.DISTINCT, How.PAIRS)


@attrs.frozen(cache_hash=True)
class Atom:
    """
    One column of an aggregate.

    Attributes:
        how: How rows are brought together: `ROWS` counts those that satisfy the rule, `KNOWN` those
            of them with a value, `DISTINCT` their different values, `PAIRS` lists these with their
            counts.
        of: What is brought together; `None` for rows.
        where: Rule that a row must satisfy; `None` takes all.
    """

    how: How
    of: Expression | None
    where: Expression | None

    @property
    def unruled(self) -> Atom:
        """Return what it reads of all rows, whatever its rule says."""
        return Atom(How.KNOWN, self.of, None)

    @property
    def value(self) -> tuple[Expression | None, Expression | None]:
        """
        Return what tells apart the column that it reads: a value, or of none a 1, under a rule.

        Different values are read once, without a rule, and beside them which rows it takes.
        """
        is_ruled = self.where is not None and not self.how.is_additive
        return (None if is_ruled else self.of), self.where


ALL_ROWS: Final = Atom(How.ROWS, None, None)
"""All rows of a group."""


@attrs.frozen
class Parts:
    """
    The atoms of a measure.

    Attributes:
        measure: The measure.
        main: What it asks for.
        known: Rows that entered.
        rows: Rows that satisfy its rule.
    """

    measure: Measure
    main: Atom
    known: Atom
    rows: Atom

    @property
    def all(self) -> tuple[Atom, ...]:
        """Return the atoms, also the same more than once."""
        return self.main, self.known, self.rows

    @property
    def additive(self) -> tuple[Atom, ...]:
        """Return those of which groups make larger groups."""
        return tuple(
            dict.fromkeys(one for one in (self.main, self.known, self.rows) if one.how.is_additive)
        )


_HOW: Final = {
    Aggregate.SUM: How.SUM,
    Aggregate.MIN: How.MIN,
    Aggregate.MAX: How.MAX,
    Aggregate.DISTINCT: How.DISTINCT,
    Aggregate.VALUES: How.PAIRS,
}

_UNREAD: Final = (Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.VALUES)
"""Aggregates that do not read their values under their rule, so that these are only counted."""


def parts_of(measure: Measure, has_no_nulls: Callable[[str], bool]) -> Parts:
    """
    Return the atoms of a measure, as few as its columns allow.

    Args:
        measure: The measure.
        has_no_nulls: Whether a column is known to have a value in every row.
    """
    rows = Atom(How.ROWS, None, measure.where)
    if measure.of is None:
        return Parts(measure, rows, rows, rows)
    known = Atom(How.KNOWN, measure.of, measure.where)
    if _is_always_known(measure.of, has_no_nulls):
        known = rows
    elif measure.where is not None and measure.aggregate in _UNREAD:
        is_there = Negation(NullTest(measure.of))
        known = Atom(How.ROWS, None, Conjunction((measure.where, is_there)))
    if measure.aggregate is Aggregate.COUNT:
        return Parts(measure, known, known, rows)
    return Parts(measure, Atom(_HOW[measure.aggregate], measure.of, measure.where), known, rows)


def _is_always_known(node: Expression, has_no_nulls: Callable[[str], bool]) -> bool:
    match node:
        case FieldRef(name):
            return has_no_nulls(name)
        case Literal():
            return True
        case Arithmetic(_, left, right):
            return _is_always_known(left, has_no_nulls) and _is_always_known(right, has_no_nulls)
        case Rounded(value):
            return _is_always_known(value, has_no_nulls)
        case _:
            return False


class Columns:
    """The columns that atoms read of a frame, each compiled once."""

    def __init__(self, frame: Frame, rows: Callable[[], int]) -> None:
        """Keep the frame, and what counts its rows."""
        self._frame = frame
        self._rows = rows
        self._rules: dict[Expression, Any] = {}
        self._numbers: dict[Expression, Any] = {}

    def expr(self, atom: Atom) -> Any:  # noqa: ANN401 - an expression of Narwhals
        """Return what an atom reads: a value or a 1; null where it takes nothing."""
        nw = narwhals()
        of, where = atom.value
        if of is None:
            value = nw.lit(1)
        elif atom.how is How.SUM:
            value = self._summed(of)
        else:
            value = self._rule(of)
        return value if where is None else nw.when(self._rule(where)).then(value)

    def _rule(self, rule: Expression) -> Any:  # noqa: ANN401 - an expression of Narwhals
        if rule not in self._rules:
            self._rules[rule] = frame_expression(rule, self._frame).expr
        return self._rules[rule]

    def _summed(self, rule: Expression) -> Any:  # noqa: ANN401 - an expression of Narwhals
        """Return a number whose sum is sure to fit a decimal of the engine."""
        if rule not in self._numbers:
            made = frame_expression(rule, self._frame)
            if not _fits(made.digits, _MOST_ROWS_DIGITS):
                rows = self._rows()
                if not _fits(made.digits, len(str(rows))):
                    self._frame.measure(
                        name for name in fields_of(rule) if name in self._frame.digits
                    )
                    made = frame_expression(rule, self._frame)
                if made.digits is not None and not _fits(made.digits, len(str(rows))):
                    fault = (
                        f"a sum over {rows:,} rows of {made.digits.before} digits before and "
                        f"{made.digits.behind} behind the point can need more than the "
                        f"{MOST_DIGITS} that a decimal has; cast its columns to fewer digits"
                    )
                    raise EngineRefused(self._frame.engine, rule_text(rule), fault)
            self._numbers[rule] = made.expr
        return self._numbers[rule]


def _fits(digits: Any, more: int) -> bool:  # noqa: ANN401
    return digits is None or digits.total + more <= MOST_DIGITS


def aggregated(column: str, how: How, name: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return the aggregate of a column of rows."""
    one = narwhals().col(column)
    match how:
        case How.SUM:
            found = one.sum()
        case How.MIN:
            found = one.min()
        case How.MAX:
            found = one.max()
        case _:
            found = one.count()
    return found.alias(name)


def rolled_up(column: str, how: How) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return the aggregate of a column of groups."""
    one = narwhals().col(column)
    if how is How.MIN:
        return one.min()
    return one.max() if how is How.MAX else one.sum()
