"""How far a customer is from another ABC class, the other customers unchanged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import accumulate
from typing import Any

import attrs

from salescore.grading._customer_table import CustomerTable, names_of
from salescore.grading._fields import AbcField, CustomerFigure
from salescore.grading._policy import GradingPolicy
from salescore.metrics import LAST_CLASS
from salescore.plain import Kind
from salescore.rules import Change, Way
from salescore.values import EXACT, quotient

_NOTHING = Decimal(0)
_PLACES = 2


@attrs.frozen(kw_only=True, eq=False)
class ClassSteps:
    """
    The classes that customers have by one figure, and would have by another value of it.

    Of several customers only one changes at a time. A larger value, from 0 on, never makes a class
    worse: less lies before the customer, and the total grows.

    Attributes:
        figure: Name of the figure.
        places: Decimal places in which it changes: cents, or whole numbers.
        fields: The ABC fields by it.
        values: What it is of each customer of whom it is known.
        order: Negated value and id of each of them, ascending, as ABC analysis ranks them.
        before: Sums of the first values in this order, from none to all.
    """

    figure: str
    places: int
    fields: tuple[AbcField, ...]
    values: Mapping[str, Decimal]
    order: tuple[tuple[Decimal, str], ...]
    before: tuple[Decimal, ...]

    @classmethod
    def of(cls, figure: str, policy: GradingPolicy, customers: CustomerTable) -> ClassSteps:
        """Return the classes of a policy by one of its figures."""
        column = customers.table.column(figure)
        known = zip(customers.keys, column, strict=True)
        values = {key: value for key, value in known if value is not None}
        order = tuple(sorted((EXACT.minus(value), key) for key, value in values.items()))
        return cls(
            figure=figure,
            places=_PLACES if customers.schema.field(figure).unit == "money" else 0,
            fields=tuple(
                one for one in policy.fields if isinstance(one, AbcField) and one.by == figure
            ),
            values=values,
            order=order,
            before=tuple(
                accumulate((values[key] for _, key in order), EXACT.add, initial=_NOTHING)
            ),
        )

    def ways(self, key: str, within: Decimal) -> Iterator[tuple[Way, dict[str, Any]]]:
        """
        Yield the least changes of the figure that bring a customer into other classes.

        Args:
            key: Id of the customer; of whom the figure is unknown or not above 0, there is none.
            within: Share by which the figure may change.

        Yields:
            Each change, and the fields that it makes others than they are.
        """
        value = self.values.get(key)
        if value is None or value <= 0:
            return
        width = EXACT.multiply(value, within)
        highest = self._steps(EXACT.add(value, width), ROUND_FLOOR)
        lowest = self._steps(EXACT.subtract(value, width), ROUND_CEILING)
        above = range(self._steps(value, ROUND_FLOOR) + 1, highest + 1)
        below = range(self._steps(value, ROUND_CEILING) - 1, lowest - 1, -1)
        for field in self.fields:
            now = self._place(field, key, value)
            for place in range(len(field.cuts) + 1):
                if place < now:
                    found = _first(above, self._reaches(field, key, place, sign=1))
                elif place > now:
                    found = _first(below, self._reaches(field, key, place, sign=-1))
                else:
                    continue
                if found is not None:
                    yield self._way(key, value, self._value(found))

    def _reaches(
        self, field: AbcField, key: str, place: int, *, sign: int
    ) -> Callable[[int], bool]:
        """Return whether so many steps bring a customer as far as a class, up (1) or down (-1)."""
        return lambda steps: sign * self._place(field, key, self._value(steps)) <= sign * place

    def _way(self, key: str, value: Decimal, after: Decimal) -> tuple[Way, dict[str, Any]]:
        """Return the change to another value, and the fields that it makes others."""
        cost = quotient(abs(EXACT.subtract(after, value)), value) or _NOTHING
        change = Change(self.figure, value, after, cost, is_personal=False)
        classes = {one.name: self._name(one, key, after) for one in self.fields}
        return Way((change,), cost), {self.figure: after, **classes}

    def _name(self, field: AbcField, key: str, value: Decimal) -> str:
        names = [*(cut.name for cut in field.cuts), LAST_CLASS]
        return names[self._place(field, key, value)]

    def _place(self, field: AbcField, key: str, value: Decimal) -> int:
        """Return the place of the class that a customer would have by a value, the best being 0."""
        own = self.values[key]
        total = EXACT.add(EXACT.subtract(self.before[-1], own), value)
        place = bisect_left(self.order, (EXACT.minus(value), key))
        before = self.before[place]
        if (EXACT.minus(own), key) < (EXACT.minus(value), key):
            before = EXACT.subtract(before, own)
        last = len(field.cuts)
        # What lies before a value from 0 on is not below 0, so no cut is above it without a total.
        cuts = enumerate(field.cuts)
        return next((at for at, cut in cuts if before < EXACT.multiply(cut.below, total)), last)

    def _steps(self, value: Decimal, rounding: str) -> int:
        return int(EXACT.scaleb(value, self.places).to_integral_value(rounding))

    def _value(self, steps: int) -> Decimal:
        return EXACT.scaleb(Decimal(steps), -self.places)


def _first(steps: range, reaches: Callable[[int], bool]) -> int | None:
    """Return the first of some steps that reaches, as all behind it do; `None` where none does."""
    if not steps or not reaches(steps[-1]):
        return None
    return steps[bisect_left(steps, True, key=reaches)]


def class_steps(policy: GradingPolicy, customers: CustomerTable) -> tuple[ClassSteps, ...]:
    """
    Return the classes that the rules of a policy read, by the figures that they are of.

    There are none where a rule reads what may itself rest on figures or classes, such as a derived
    field, or a figure by which there are classes: what a change of it does is not worked out then.
    """
    read = frozenset(policy.inputs)
    figures = {
        one.name
        for one in policy.fields
        if isinstance(one, CustomerFigure) and customers.schema.field(one.name).kind is Kind.DECIMAL
    }
    by = {one.by for one in policy.fields if isinstance(one, AbcField) and one.name in read}
    resting = {
        name
        for one in policy.fields
        if not isinstance(one, CustomerFigure | AbcField)
        for name in names_of(one)
    }
    if read & (resting | by) or not by <= figures:
        return ()
    return tuple(ClassSteps.of(one, policy, customers) for one in sorted(by))
