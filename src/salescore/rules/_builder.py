"""The Python spelling of rules: `(F.kind == "won") & (F.amount >= 50_000)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from salescore.errors import RuleTypeError
from salescore.rules._check import checked_literal
from salescore.rules._tree import (
    Arithmetic,
    Comparator,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Scalar,
    rule_text,
)
from salescore.values import check_instant

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
            options: Values of this value's type, none of them null.

        Raises:
            RuleTypeError: A rule cannot hold one of them.

        Examples:
            >>> F.region.is_in(["West", "East"])
            <rule region in ('West', 'East')>
        """
        if isinstance(options, str):
            raise RuleTypeError(repr(options), "options are several values, such as ('West',)")
        return Term(Membership(self.tree, tuple(Literal(_scalar(option)) for option in options)))

    def is_null(self) -> Term:
        """Return the rule that this value is unknown."""
        return Term(NullTest(self.tree))


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
