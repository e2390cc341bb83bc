"""What rows of `opportunities` tell a rule that decides: fields that are there, and the event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import attrs

from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._guard_fields import EVENT_NAMES
from salescore.funnel._stage import Criterion, Stage
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Branch,
    Conditional,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    NullTest,
    fields_of,
)

_ALIKE = frozenset(
    (
        *("id", "stage", "kind", "customer_id", "product_id", "rep_id", "source", "competitor"),
        *("probability", "amount", "loss_reason", "expected_close_on", "created_on", "closed_on"),
    )
)
"""Columns that are known where the record's field is, save two in some cases."""

_TEXTS = (Kind.TEXT, Kind.ID, Kind.CHOICE)
_SIGNS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_BLANK = tuple(map(Literal, sorted({"", *_SIGNS, *(" " * n for n in range(1, 17))})))
# A text of no choices: a bare literal would be held against those of a field that it is beside.
_FREE = FieldRef("id")
_UNKNOWN_TEXT = Conditional((Branch(Literal(False), _FREE),))


def _known_text(text: str) -> Expression:
    return Conditional((Branch(Literal(True), Literal(text)),), _FREE)


def missing_rule(
    name: str, source: Stage, what: str, schema: FieldTable, records: FieldTable | None
) -> Expression:
    """
    Return the rule that a required field is not known, or blank.

    Args:
        name: The field.
        source: The stage that is left.
        what: What requires it, for the message.
        schema: The fact table `opportunities`.
        records: The field table of opportunities; `None` takes all registered fields for theirs.

    Raises:
        InvalidValue: No column says whether the record's field is known.
    """
    fault = _fault(name, source, schema, records)
    if fault is not None:
        raise InvalidValue(f"a field that {what} requires", name, fault)
    if name == "amount":
        name = "currency"  # an amount without an exchange rate is there all the same
    value = FieldRef(name)
    is_null = NullTest(value)
    field = schema.field(name)
    if field.kind in _TEXTS and not field.is_set:
        return Disjunction((is_null, Membership(value, _BLANK)))
    return is_null


def _fault(name: str, source: Stage, schema: FieldTable, records: FieldTable | None) -> str | None:
    """Return why no column says whether a field is known; `None` where one does."""
    if name in _ALIKE:
        if name == "probability" and source.is_closed:
            return "its column has the one of the stage where a sale is closed; ask decide of each"
        if name == "amount" and any(map(_is_registered_money, schema.fields)):
            return "beside registered money nobody can tell it from the row; ask decide of each"
        return None
    known = schema if records is None else records
    is_own = name in known.names and known.field(name).is_custom
    if not is_own or name not in schema.names or not schema.field(name).is_custom:
        return "no column of the fact table says what the record says; ask decide of each"
    if _is_registered_money(schema.field(name)):
        return "without an exchange rate the row does not show it; ask decide of each"
    return None


def _is_registered_money(field: Field) -> bool:
    return field.is_custom and (field.unit or "").startswith("money")


@attrs.frozen
class EventValues:
    """
    What rules read of the event itself.

    Attributes:
        known: Values by name of the field, as parts of rules.
    """

    known: Mapping[str, Expression]

    @classmethod
    def of(cls, context: Context) -> EventValues:
        """Return what a context tells without a history."""
        reason = context.reason
        told = _UNKNOWN_TEXT if reason is None else _known_text(reason)
        return cls({"event_on": Literal(context.on), "event_reason": told})

    def put_into(self, criterion: Criterion, what: str) -> Expression:
        """
        Return the rule of a criterion with the values of the event in it.

        Args:
            criterion: The criterion.
            what: What asks for it, for the message.

        Raises:
            InvalidValue: It reads a field of the history.
        """
        event = EVENT_NAMES.intersection(fields_of(criterion.rule))
        for name in sorted(event.difference(self.known)):
            fault = f"{what} asks it, and only the history tells it; ask decide of each"
            raise InvalidValue(f"a field of criterion {criterion.key!r}", name, fault)
        return _put(criterion.rule, self.known) if event else criterion.rule


def _put(rule: Expression, values: Mapping[str, Expression]) -> Expression:
    """Return a rule with other rules in the place of fields."""
    if isinstance(rule, FieldRef):
        return values.get(rule.name, rule)
    parts: dict[str, Any] = {
        one.name: _put_part(getattr(rule, one.name), values) for one in attrs.fields(type(rule))
    }
    node: Any = rule
    changed: Expression = attrs.evolve(node, **parts)
    return changed


def _put_part(part: object, values: Mapping[str, Expression]) -> object:
    if isinstance(part, Expression):
        return _put(part, values)
    if isinstance(part, Branch):
        return Branch(_put(part.when, values), _put(part.then, values))
    if isinstance(part, tuple):
        return tuple(_put_part(one, values) for one in cast("tuple[object, ...]", part))
    return part
