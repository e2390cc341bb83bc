"""Rules as SQL: one expression with bound parameters, nulls as in the rules themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, assert_never

import attrs

from salescore.frames._digits import Digits, Span, number_span
from salescore.frames._frame import schema_of
from salescore.frames._sql import Dialect, SqlStatement, column, dialect_of, listed, woven
from salescore.frames._sql_checked import checked_column
from salescore.frames._sql_depth import deep_nodes
from salescore.frames._sql_numbers import (
    MIRRORED,
    UNBOUNDED,
    WIDEST,
    Number,
    arithmetic,
    between,
    compared,
    days_between,
    decimal_type,
    member,
    number_literal,
    roomy,
    rounded,
    widened,
)
from salescore.frames._sql_scalars import scalar_literal
from salescore.frames._sql_texts import (
    SIGNS,
    balanced,
    by_code_point,
    compared_texts,
    compared_with_text,
    known,
    member_texts,
    tag_test,
    text_test,
    truth,
)
from salescore.plain import FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Rounded,
    RuleType,
    TagTest,
    Term,
    TextTest,
    as_tree,
    check_types,
    folded,
)
from salescore.values import Rounding

_ARGUMENTS = 100
"""Values that a function takes at most, on every database."""

_REMEDY = "state fewer digits for its columns, such as digits={'amount': Digits(12, 2)}"
_BOUND = SqlStatement("salescore_value")
"""What a value is called that stands in several places."""


def sql_rule(
    rule: Expression | Term,
    schema: FieldTable | str,
    dialect: Dialect,
    *,
    digits: Mapping[str, Digits] | None = None,
    alias: str | None = None,
    is_canonical: bool = False,
) -> SqlStatement:
    """
    Return a rule as an SQL expression with bound parameters.

    It may stand in SELECT or WHERE; where the rule is unknown it is NULL. Columns are as
    `sql_columns` declares them. In SQLite a number is text, a truth value 0 or 1, and the
    connection needs `sqlite_functions`.

    Args:
        rule: A rule, a term or its tree.
        schema: The fields of the table, or the name of a fact table; no other name gets into the
            text.
        dialect: The language of the database.
        digits: Per column of decimals the digits that every number in it fits, for DuckDB and
            Spark SQL, whose decimals have 38 digits; without them 20 before and 18 behind the
            point. A value that has more, and a column of floats or texts, makes the statement fail.
        alias: Name that the table has in the statement; `None` where it stands alone.
        is_canonical: Whether all decimals in SQLite were written by `sql_value`, so that equal ones
            are equal texts; else a function tells that '12.50' is '12.5'.

    Raises:
        UnknownName: No such fact table, or a field that it does not have.
        InvalidValue: What is no dialect.
        RuleTypeError: The rule does not fit the fields.
        EngineRefused: The database could not answer it exactly.

    Examples:
        >>> from salescore.rules import EXAMPLE_TABLE, F
        >>> sql_rule(F.region == "West", EXAMPLE_TABLE, Dialect.POSTGRES)
        SqlStatement(text='("region" COLLATE "C" = CAST(%s AS TEXT))', parameters=('West',))
    """
    fields, spoken = schema_of(schema), dialect_of(dialect)
    writer = RuleWriter(schema=fields, dialect=spoken, alias=alias, digits=dict(digits or {}))
    return attrs.evolve(writer, is_canonical=is_canonical).rule(as_tree(rule))


@attrs.frozen(kw_only=True)
class RuleWriter:
    """
    Writes rules about one table.

    Attributes:
        schema: The fields of the table.
        dialect: The language of the database.
        alias: Name that the table has in the statement; `None` where it stands alone.
        digits: Digits of the columns of decimals, for dialects that need them.
        is_canonical: Whether equal decimals in columns of SQLite are equal texts.
    """

    schema: FieldTable
    dialect: Dialect
    alias: str | None
    digits: Mapping[str, Digits]
    is_canonical: bool = False
    _deep: frozenset[int] = frozenset()
    _steps: list[SqlStatement] = attrs.field(factory=list[SqlStatement])

    def rule(self, tree: Expression) -> SqlStatement:
        """Return a whole rule, once it is checked."""
        check_types(tree, self.schema)
        short = folded(tree)
        if self.dialect is not Dialect.SQLITE:
            return self.sql(short)
        own = attrs.evolve(self, deep=deep_nodes(short), steps=[])
        return own.after_steps(own.sql(short))

    def after_steps(self, found: SqlStatement) -> SqlStatement:
        """Return an expression behind the steps that it needs."""
        if not self._steps:
            return found
        steps = (
            woven(f"salescore_step_{place} (v) AS (SELECT {{}})", step)
            for place, step in enumerate(self._steps)
        )
        return woven("(WITH {} SELECT {})", listed(steps), found)

    def sql(self, node: Expression) -> SqlStatement:
        """Return a node of a rule that is checked."""
        found = self._written(node)
        if id(node) not in self._deep:
            return found
        self._steps.append(found)
        return SqlStatement(f"(SELECT v FROM salescore_step_{len(self._steps) - 1})")  # noqa: S608 - a name of ours

    def _written(self, node: Expression) -> SqlStatement:  # noqa: C901, PLR0912 - a case per kind of node
        match node:
            case FieldRef(name):
                return self._field(name)
            case Literal(value):
                return scalar_literal(value, self.dialect)
            case Comparison(comparator, left, right):
                return self._comparison(comparator, left, right)
            case Between(value, low, high):
                return self._between(value, low, high)
            case Membership(value, options):
                return self._membership(value, options)
            case NullTest(part):
                return woven("({} IS NULL)", self.sql(part))
            case TextTest(match, part, text):
                return text_test(match, self.sql(part), text, self.dialect)
            case TagTest(match, part, tags):
                return self._bound(
                    part, self.sql(part), lambda held: tag_test(match, held, tags, self.dialect)
                )
            case Negation(part):
                return woven("(NOT {})", self.sql(part))
            case Conjunction(parts):
                return self._joined(parts, "AND", empty=True)
            case Disjunction(parts):
                return self._joined(parts, "OR", empty=False)
            case Arithmetic() | Rounded() | DaysBetween():
                return self._reckoned(node).sql
            case Coalesce():
                return self._coalesce(node)
            case Conditional():
                return self._conditional(node)
            case _:
                assert_never(node)

    def _field(self, name: str) -> SqlStatement:
        held = column(name, self.schema, self.dialect, self.alias)
        if self.schema.field(name).kind is not Kind.DECIMAL or self.dialect in UNBOUNDED:
            return held
        # The type that is proven, whatever the type of the column.
        return checked_column(held, name, self._stated(name), self.dialect)

    def _stated(self, name: str) -> Digits:
        return self.digits.get(name, WIDEST)

    def _type(self, node: Expression) -> RuleType:
        return check_types(node, self._unchosen)

    @cached_property
    def _unchosen(self) -> FieldTable:
        """Return the fields without their choices: a folded part may hold a text that is none."""
        fields = (attrs.evolve(field, choices=()) for field in self.schema.fields)
        return attrs.evolve(self.schema, fields=tuple(fields))

    def span(self, node: Expression) -> Span | None:
        """Return the range of a number; `None` where the dialect needs none."""
        if self.dialect in UNBOUNDED:
            return None
        return number_span(
            node, lambda name: Span.of(self._stated(name)), self.dialect.value, _REMEDY
        )

    def _number(self, node: Expression) -> Number:
        match node:
            case Literal(Decimal() as value):
                return number_literal(value, self.dialect)
            case Arithmetic() | Rounded() | DaysBetween() if id(node) not in self._deep:
                return self._reckoned(node)
            case _:
                return Number(self.sql(node), self.span(node), is_canonical=self.is_canonical)

    def _reckoned(self, node: Arithmetic | Rounded | DaysBetween) -> Number:
        match node:
            case Arithmetic(operator, left, right):
                span = self.span(node)
                sides = (self._number(left), self._number(right))
                return Number(arithmetic(operator, *sides, span, self.dialect), span)
            case DaysBetween(start, end):
                found = days_between(self.sql(start), self.sql(end), self.dialect)
                return Number(found, self.span(node))
            case Rounded(part, digits, mode):
                return self._rounded(node, part, digits, mode)

    def _rounded(self, node: Rounded, part: Expression, digits: int, mode: Rounding) -> Number:
        value, span = self._number(part), self.span(node)
        if self.dialect is Dialect.SQLITE:
            pattern = f"salescore_round({{}}, {digits}, '{mode.value}')"
            return Number(woven(pattern, value.sql), span)
        if value.span is not None and value.span.behind <= digits:
            return value
        sql = value.sql
        if value.span is not None and self.dialect is Dialect.DUCKDB:
            # Steps and halves on the way need two places more than the number itself.
            sql = roomy(value, value.span.digits.total + 2)
        found = self._bound(
            part, sql, lambda held: SqlStatement(rounded(held.text, digits, mode, self.dialect))
        )
        if span is not None:
            found = woven(f"CAST({{}} AS {decimal_type(span.digits)})", found)
        return Number(found, span)

    def _bound(
        self, node: Expression, value: SqlStatement, body: Callable[[SqlStatement], SqlStatement]
    ) -> SqlStatement:
        """Return what needs a value in several places; only a column is written out there."""
        if isinstance(node, FieldRef):
            return body(value)
        held = body(_BOUND)
        match self.dialect:
            case Dialect.SQLITE:
                pattern = "(SELECT {} FROM (SELECT {} AS salescore_value LIMIT 1))"
                return woven(pattern, held, value)
            case Dialect.POSTGRES:
                # Without OFFSET the planner would write the value out after all.
                pattern = "(SELECT {} FROM (SELECT {} AS salescore_value OFFSET 0) AS part)"
                return woven(pattern, held, value)
            case Dialect.DUCKDB:
                return woven("list_transform([{}], lambda salescore_value: {})[1]", value, held)
            case Dialect.SPARK:
                return woven("transform(array({}), salescore_value -> {})[0]", value, held)

    def _comparison(
        self, comparator: Comparator, left: Expression, right: Expression
    ) -> SqlStatement:
        match self._type(left):
            case RuleType.NUMBER:
                return compared(comparator, self._number(left), self._number(right), self.dialect)
            case RuleType.TEXT:
                return self._text_comparison(comparator, left, right)
            case _:
                sign = SIGNS[comparator]
                return woven(f"({{}} {sign} {{}})", self.sql(left), self.sql(right))

    def _text_comparison(
        self, comparator: Comparator, left: Expression, right: Expression
    ) -> SqlStatement:
        match left, right:
            case _, Literal(str() as text):
                return compared_with_text(comparator, self.sql(left), text, self.dialect)
            case Literal(str() as text), _:
                turned = MIRRORED[comparator]
                return compared_with_text(turned, self.sql(right), text, self.dialect)
            case _:
                return compared_texts(comparator, self.sql(left), self.sql(right), self.dialect)

    def _between(self, value: Expression, low: Expression, high: Expression) -> SqlStatement:
        match self._type(value):
            case RuleType.NUMBER:
                placed = self._number(value)
                ends = (self._number(low), self._number(high))
                if self.dialect in UNBOUNDED:
                    return between(placed, *ends, self.dialect)
                return self._bound(
                    value,
                    placed.sql,
                    lambda held: between(Number(held, placed.span), *ends, self.dialect),
                )
            case RuleType.TEXT:
                return self._text_between(value, low, high)
            case _:
                return woven("({} BETWEEN {} AND {})", *map(self.sql, (value, low, high)))

    def _text_between(self, value: Expression, low: Expression, high: Expression) -> SqlStatement:
        if any(isinstance(end, Literal) and "\0" in str(end.value) for end in (low, high)):
            # Such an end changes the sign on Postgres, so each is asked for itself.
            least = self._text_comparison(Comparator.GE, value, low)
            return woven("({} AND {})", least, self._text_comparison(Comparator.LE, value, high))
        placed = by_code_point(self.sql(value), self.dialect)
        return woven("({} BETWEEN {} AND {})", placed, self.sql(low), self.sql(high))

    def _membership(self, value: Expression, options: Sequence[Literal]) -> SqlStatement:
        wanted: list[Any] = list(dict.fromkeys(option.value for option in options))
        match self._type(value):
            case RuleType.NUMBER:
                return member(self._number(value), wanted, self.dialect)
            case RuleType.TEXT:
                return member_texts(self.sql(value), wanted, self.dialect)
            case _ if not wanted:
                return known(self.sql(value), self.dialect, answer=False)
            case _:
                literals = listed(scalar_literal(one, self.dialect) for one in wanted)
                return woven("({} IN ({}))", self.sql(value), literals)

    def _joined(self, parts: Sequence[Expression], word: str, *, empty: bool) -> SqlStatement:
        if not parts:
            return SqlStatement(truth(self.dialect, answer=empty))
        return balanced([self.sql(part) for part in parts], word)

    def _coalesce(self, node: Coalesce) -> SqlStatement:
        span = self.span(node) if self._type(node) is RuleType.NUMBER else None
        found = [self._part(part, span) for part in self._firsts(node)]
        while len(found) > 1:
            cuts = range(0, len(found), _ARGUMENTS)
            some = [found[cut : cut + _ARGUMENTS] for cut in cuts]
            found = [_first_known(one) for one in some]
        return found[0]

    def _firsts(self, node: Coalesce) -> Iterator[Expression]:
        """Yield the values, also those of values that are first ones themselves."""
        # Spark takes twice as long for each level of them.
        for part in node.parts:
            if isinstance(part, Coalesce) and id(part) not in self._deep:
                yield from self._firsts(part)
            else:
                yield part

    def _conditional(self, node: Conditional) -> SqlStatement:
        span = self.span(node) if self._type(node) is RuleType.NUMBER else None
        ways = [
            woven("WHEN {} THEN {}", self.sql(branch.when), self._part(branch.then, span))
            for branch in node.branches
        ]
        if node.otherwise is not None:
            ways.append(woven("ELSE {}", self._part(node.otherwise, span)))
        return woven("(CASE {} END)", listed(ways, " "))

    def _part(self, node: Expression, span: Span | None) -> SqlStatement:
        """Return one of several values in the type of all."""
        return self.sql(node) if span is None else widened(self._number(node), span)


def _first_known(parts: Sequence[SqlStatement]) -> SqlStatement:
    # SQLite has no COALESCE of one value.
    return parts[0] if len(parts) == 1 else woven("COALESCE({})", listed(parts))
