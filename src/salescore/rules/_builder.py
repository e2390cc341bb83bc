"""The Python spelling of rules: `(F.kind == "won") & (F.amount >= 50_000)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from salescore.errors import RuleTypeError
from salescore.rules._literals import checked_literal
from salescore.rules._text import rule_text
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Branch,
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
    Operator,
    Rounded,
    Scalar,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
)
from salescore.values import Rounding, check_instant

V = TypeVar("V")

Value = bool | int | Decimal | str | date | datetime
"""What Python code may write into a rule; whole numbers become `Decimal`."""


class Term:
    """
    A growing rule; operators return new terms, `tree` is the rule itself.

    Comparisons build rules and do not compare, so a term has no truth value and no hash:
    write `&`, `|`, `~` with brackets where Python has `and`, `or`, `not`.
    A chain of `&`, or of `|`, grows in breadth, not in depth.

    Attributes:
        tree: The rule so far.

    Examples:
        >>> (F.region == "West") & (F.amount >= 50_000)
        <rule (region == 'West') and (amount >= 50000)>
    """

    __slots__ = ("tree",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    def __repr__(self) -> str:
        return f"<rule {rule_text(self.tree)}>"

    def __bool__(self) -> NoReturn:
        raise RuleTypeError(
            rule_text(self.tree), "a rule has no truth value by itself; join rules with &, | and ~"
        )

    def __eq__(self, other: Term | Value) -> Term:  # type: ignore[override]
        return _compare(Comparator.EQ, self, other)

    def __ne__(self, other: Term | Value) -> Term:  # type: ignore[override]
        return _compare(Comparator.NE, self, other)

    def __lt__(self, other: Term | Value) -> Term:
        return _compare(Comparator.LT, self, other)

    def __le__(self, other: Term | Value) -> Term:
        return _compare(Comparator.LE, self, other)

    def __gt__(self, other: Term | Value) -> Term:
        return _compare(Comparator.GT, self, other)

    def __ge__(self, other: Term | Value) -> Term:
        return _compare(Comparator.GE, self, other)

    def __and__(self, other: Term) -> Term:
        parts = self.tree.parts if isinstance(self.tree, Conjunction) else (self.tree,)
        return Term(Conjunction((*parts, as_tree(other))))

    def __or__(self, other: Term) -> Term:
        parts = self.tree.parts if isinstance(self.tree, Disjunction) else (self.tree,)
        return Term(Disjunction((*parts, as_tree(other))))

    def __invert__(self) -> Term:
        return Term(Negation(self.tree))

    def __add__(self, other: Term | Value) -> Term:
        return Term(Arithmetic(Operator.ADD, self.tree, as_tree(other)))

    def __sub__(self, other: Term | Value) -> Term:
        return Term(Arithmetic(Operator.SUBTRACT, self.tree, as_tree(other)))

    def __mul__(self, other: Term | Value) -> Term:
        return Term(Arithmetic(Operator.MULTIPLY, self.tree, as_tree(other)))

    def __truediv__(self, other: object) -> NoReturn:
        del other
        fault = "there is no division; multiply, such as by Decimal('0.5') instead of dividing by 2"
        raise RuleTypeError(rule_text(self.tree), fault)

    def __rtruediv__(self, other: object) -> NoReturn:
        self.__truediv__(other)

    def __neg__(self) -> Term:
        return Term(Arithmetic(Operator.SUBTRACT, as_tree(0), self.tree))

    def __radd__(self, other: Value) -> Term:
        return Term(Arithmetic(Operator.ADD, as_tree(other), self.tree))

    def __rsub__(self, other: Value) -> Term:
        return Term(Arithmetic(Operator.SUBTRACT, as_tree(other), self.tree))

    def __rmul__(self, other: Value) -> Term:
        return Term(Arithmetic(Operator.MULTIPLY, as_tree(other), self.tree))

    def is_in(self, options: Iterable[Value]) -> Term:
        """
        Return the rule that this value is one of the options.

        Args:
            options: Values of this value's type, none of them null; those of a set are put in
                order, so that equal rules are equal texts.

        Raises:
            RuleTypeError: A rule cannot hold one of them.

        Examples:
            >>> F.region.is_in(["West", "East"])
            <rule region in ('West', 'East')>
        """
        if isinstance(options, str):
            raise RuleTypeError(repr(options), "options are several values, such as ('West',)")
        values = [_scalar(option) for option in options]
        return Term(Membership(self.tree, tuple(map(Literal, _in_order(values, options)))))

    def is_null(self) -> Term:
        """Return the rule that this value is unknown."""
        return Term(NullTest(self.tree))

    def between(self, low: Term | Value, high: Term | Value) -> Term:
        """
        Return the rule that this value lies from one bound to another, both included.

        Args:
            low: Least value that lies within.
            high: Greatest value that lies within.

        Examples:
            >>> F.orders.between(3, 10)
            <rule orders between 3 and 10>
        """
        return Term(Between(self.tree, as_tree(low), as_tree(high)))

    def starts_with(self, text: str) -> Term:
        """Return the rule that this text begins with another; letter case counts."""
        return Term(TextTest(TextMatch.STARTS_WITH, self.tree, text))

    def contains(self, text: str) -> Term:
        """Return the rule that this text has another in it; letter case counts."""
        return Term(TextTest(TextMatch.CONTAINS, self.tree, text))

    def ends_with(self, text: str) -> Term:
        """Return the rule that this text ends with another; letter case counts."""
        return Term(TextTest(TextMatch.ENDS_WITH, self.tree, text))

    def has_any(self, tags: Iterable[str]) -> Term:
        """
        Return the rule that this set has at least one of the tags.

        Examples:
            >>> F.tags.has_any(["vip", "partner"])
            <rule tags has any ('vip', 'partner')>
        """
        return _tagged(TagMatch.ANY, self, tags)

    def has_all(self, tags: Iterable[str]) -> Term:
        """Return the rule that this set has every one of the tags."""
        return _tagged(TagMatch.ALL, self, tags)

    def has_none(self, tags: Iterable[str]) -> Term:
        """Return the rule that this set has none of the tags."""
        return _tagged(TagMatch.NONE, self, tags)

    def rounded(self, digits: int, mode: Rounding) -> Term:
        """
        Return this number rounded.

        Args:
            digits: Digits behind the point, 0 to 18.
            mode: How a number between two steps is rounded; there is no default.
        """
        return Term(Rounded(self.tree, digits, mode))


class _Fields:
    """Every attribute is a field of that name; `F["name"]` serves names that Python reserves."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Term:
        if name.startswith("__"):
            raise AttributeError(name)
        return Term(FieldRef(name))

    def __getitem__(self, name: str) -> Term:
        return Term(FieldRef(name))


F = _Fields()
"""Where rules begin: `F.region == "West"`."""


def as_tree(value: Term | Expression | Value) -> Expression:
    """
    Return the tree of a term, a tree or a plain value.

    Args:
        value: What stands at one side of an operator.

    Returns:
        The tree; a plain value becomes a `Literal`.

    Raises:
        RuleTypeError: A float, null or any other object that a rule cannot hold.
        InvalidDate: A datetime without a zone.
    """
    if isinstance(value, Term):
        return value.tree
    if isinstance(value, Expression):
        return value
    return Literal(_scalar(value))


def when(
    *branches: tuple[Term | Expression, Term | Value], otherwise: Term | Value | None = None
) -> Term:
    """
    Return the value of the first branch whose condition holds; unknown does not hold.

    Args:
        branches: Pairs of a condition and the value where it holds.
        otherwise: The value where none holds; `None` leaves it null.

    Examples:
        >>> when((F.orders >= 10, "often"), otherwise="seldom")
        <rule if (orders >= 10) then 'often' else 'seldom'>
    """
    return Term(
        Conditional(
            tuple(Branch(as_tree(test), as_tree(value)) for test, value in branches),
            None if otherwise is None else as_tree(otherwise),
        )
    )


def coalesce(*parts: Term | Value) -> Term:
    """
    Return the first of several values that is known; null when none is.

    Examples:
        >>> coalesce(F.wallet, F.revenue_12m)
        <rule first known of (wallet, revenue_12m)>
    """
    return Term(Coalesce(tuple(map(as_tree, parts))))


def days_between(start: Term | date, end: Term | date) -> Term:
    """
    Return the calendar days from one date to another, negative where the second comes first.

    Examples:
        >>> days_between(F.created_on, F.closed_on) <= 30
        <rule (days from created_on to closed_on) <= 30>
    """
    return Term(DaysBetween(as_tree(start), as_tree(end)))


def _tagged(match: TagMatch, term: Term, tags: Iterable[str]) -> Term:
    if isinstance(tags, str):
        raise RuleTypeError(repr(tags), "tags are several texts, such as ('vip',)")
    return Term(TagTest(match, term.tree, tuple(_in_order(list(tags), tags))))


def _in_order(values: list[V], given: Iterable[object]) -> list[V]:
    """Return values as they were given; those of a set sorted, as a set has no order to keep."""
    if not isinstance(given, set | frozenset):
        return values
    try:
        return sorted(values, key=_by_type)
    except TypeError:  # what has no order is no value of a rule either, and is refused later
        return values


def _by_type(value: object) -> tuple[str, Any]:
    return type(value).__name__, value


def _compare(comparator: Comparator, left: Term, right: Term | Value) -> Term:
    return Term(Comparison(comparator, left.tree, as_tree(right)))


def _scalar(value: Value) -> Scalar:
    """Return a value as a literal holds it: whole numbers as `Decimal`, instants in UTC."""
    held: object = value
    if type(value) is int:
        held = Decimal(value)
    elif isinstance(value, datetime):
        held = check_instant(value)
    return checked_literal(held)
