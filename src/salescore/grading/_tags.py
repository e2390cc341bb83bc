"""Tags that rules give: worked out anew each time, while those of people stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs

from salescore.entities import Tag, TagId, TagSource
from salescore.errors import InvalidValue
from salescore.grading._customer_table import CustomerTable
from salescore.grading._fields import CUSTOMER_KEY
from salescore.grading._reading import column_reader, naming, tree_of
from salescore.rules import (
    Expression,
    RuleType,
    check_types,
    compile_expression,
    rule_text,
)

_DAY = timedelta(days=1)
_CUSTOMERS = "customers"


@attrs.frozen(kw_only=True)
class TagRule:
    """
    A rule that gives customers a tag while it holds.

    Attributes:
        namespace: Family of tags, such as "behaviour"; without a colon.
        name: The tag.
        rule: Condition over the fields of customers.
    """

    namespace: str
    name: str
    rule: Expression = attrs.field(converter=tree_of)

    def __attrs_post_init__(self) -> None:
        if not self.namespace or ":" in self.namespace:
            fault = "expected a word without a colon"
            raise InvalidValue(f"namespace of tag {self.name}", self.namespace, fault)
        if not self.name:
            raise InvalidValue(f"name of a tag of {self.namespace}", self.name, "it is empty")

    @property
    def key(self) -> str:
        """Return namespace and name as rules read them."""
        return f"{self.namespace}:{self.name}"


def retagged(
    tags: Iterable[Tag], rules: Iterable[TagRule], customers: CustomerTable
) -> tuple[Tag, ...]:
    """
    Return all tags after the rules were asked on the day of a table of customers.

    The tag of a rule begins where the rule holds and ends the day before where it does not; where
    it is unknown, all stays as it is. The tag of a rule that is no longer there ends too. What
    people gave is left alone. Asked again on the same day it changes nothing more. Rules that read
    tags read them as the table of customers has them.

    Args:
        tags: All tags on record.
        rules: The rules, each tag by one of them.
        customers: The customers, on their day.

    Returns:
        The tags on record, some of them ended, and those that begin; a rule's tag that would end
        on the day it began is left out.

    Raises:
        InvalidValue: Two rules give one tag, a rule is no condition, or a rule's tag on record
            begins after the day.
        UnknownName: A rule reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
    """
    asked = list(rules)
    if len({one.key for one in asked}) < len(asked):
        raise InvalidValue("rules", tuple(one.key for one in asked), "each tag has one rule")
    day = customers.as_of
    answers = {one.key: _answers(one, customers) for one in asked}
    lasting: set[tuple[str, str]] = set()
    found: list[Tag] = []
    for tag in tags:
        key = f"{tag.namespace}:{tag.name}"
        is_ours = tag.source is TagSource.RULE and tag.record == _CUSTOMERS
        lasts = tag.starts_on <= day and (tag.ends_on is None or day <= tag.ends_on)
        if is_ours and tag.starts_on > day:
            fault = f"a rule's tag {key!r} begins later, on {tag.starts_on}; ask on a later day"
            raise InvalidValue("day of the customers", str(day), fault)
        if not (is_ours and lasts and tag.subject is not None):
            found.append(tag)
        elif key in answers and answers[key].get(tag.subject, False) is not False:
            found.append(tag)
            lasting.add((key, tag.subject))
        elif tag.starts_on < day:
            found.append(attrs.evolve(tag, ends_on=day - _DAY))
    for one in asked:
        found += [
            Tag(
                id=TagId(f"{one.key}/{customer}/{day}"),
                namespace=one.namespace,
                name=one.name,
                source=TagSource.RULE,
                starts_on=day,
                record=_CUSTOMERS,
                subject=customer,
                rule=one.key,
            )
            for customer, answer in answers[one.key].items()
            if answer and (one.key, customer) not in lasting
        ]
    return tuple(found)


def _answers(one: TagRule, customers: CustomerTable) -> dict[str, bool | None]:
    """Return whether a rule holds, by customer."""
    table = customers.table
    with naming(one.key):
        found = check_types(one.rule, table.schema)
    if found is not RuleType.BOOLEAN:
        raise InvalidValue(f"rule of {one.key}", rule_text(one.rule), "it must be a condition")
    holds = compile_expression(one.rule, column_reader(table))
    return dict(zip(table.column(CUSTOMER_KEY), map(holds, range(len(table))), strict=True))
