"""What a policy knows of a customer beyond its record: figures, classes and scores, as data."""

from __future__ import annotations

import attrs

from salescore.errors import InvalidValue
from salescore.grading._reading import tree_of
from salescore.grading._score_card import ScoreCard
from salescore.metrics import (
    ABC_CUTS,
    RFM_SEGMENTS,
    Aggregate,
    Cut,
    Measure,
    QuantileCuts,
    RfmScheme,
    SegmentBounds,
    abc_of,
)
from salescore.plain import as_tuple
from salescore.rules import Collect, DecisionTable, Expression

CUSTOMER_KEY = "customer_id"
"""Column by which measures are brought together per customer."""

SEGMENT_PREFIX = "segment."
"""What stands before the key of a segment where another rule reads it, as in `segment.loyal`."""

_MOST_MONTHS = 1_200


@attrs.frozen(kw_only=True)
class CustomerFigure:
    """
    A measure, brought together for each customer over the months up to the day of grading.

    A customer without rows has 0 of what is summed or counted, and nothing else.
    Where a row of the customer has no value, such as one without an exchange rate, a sum would say
    too little, and of a least or greatest nobody could tell; the figure is unknown then.
    Counts are of the rows that have a value, so they are always known.
    A row without a date lies in no window, also not in that of all of the past.

    Attributes:
        name: Name of the field, such as `revenue_12m`.
        measure: What is brought together; rows without a customer are nobody's.
        labels: English and Chinese label, in this order.
        months: How many months up to the day are looked at, from 1 to 1,200; `None` looks at all of
            the past.
        unit: What the number counts; `None` for a date.
    """

    name: str
    measure: Measure
    labels: tuple[str, str]
    months: int | None = None
    unit: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.measure.aggregate is Aggregate.VALUES:
            raise InvalidValue(
                f"measure of {self.name}", "values", "a customer needs one value: sum, count, max"
            )
        _check_months(self.name, self.months)
        if self.months is not None and self.measure.date is None:
            raise InvalidValue(
                f"months of {self.name}", self.months, "its measure has no date to look at"
            )


@attrs.frozen(kw_only=True)
class DerivedField:
    """
    An expression over the fields that stand before it.

    Attributes:
        name: Name of the field; one that begins with `segment.` is that of a segment, and its
            expression a condition.
        of: The expression; a condition makes a field of true and false.
        labels: English and Chinese label, in this order.
        unit: What a number counts; `None` for all else.
    """

    name: str
    of: Expression = attrs.field(converter=tree_of)
    labels: tuple[str, str]
    unit: str | None = None


@attrs.frozen(kw_only=True)
class AbcField:
    """
    The ABC class of each customer by a number, among all customers of whom it is known.

    Where the total is not above 0 nobody makes most of it, and all are in the last class.

    Attributes:
        name: Name of the field.
        by: Name of the numeric field whose shares are taken; of whom it is unknown, so is the
            class.
        cuts: Classes with the share of the total before a customer under which it belongs to them.
        labels: English and Chinese label, in this order.
    """

    name: str
    by: str
    cuts: tuple[Cut, ...] = attrs.field(default=ABC_CUTS, converter=as_tuple)
    labels: tuple[str, str] = ("ABC class", "ABC 分类")

    def __attrs_post_init__(self) -> None:
        abc_of((), self.cuts)  # cuts that cannot be are refused when they are written down


@attrs.frozen(kw_only=True)
class RfmFields:
    """
    The RFM scores and segment of each customer, among all customers.

    They make four fields: `<name>_r`, `<name>_f`, `<name>_m` and `<name>_segment`.

    Attributes:
        name: What the names of the fields begin with.
        scheme: How values become scores.
        months: How many months up to the day are looked at, from 1 to 1,200; `None` looks at all of
            the past.
        segments: Names of ranges of scores; the first that holds counts.
    """

    name: str = "rfm"
    scheme: RfmScheme = attrs.field(factory=QuantileCuts)
    months: int | None = None
    segments: tuple[SegmentBounds, ...] = attrs.field(default=RFM_SEGMENTS, converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        _check_months(self.name, self.months)


@attrs.frozen(kw_only=True)
class ScoreField:
    """
    The points that a scorecard gives each customer.

    Attributes:
        name: Name of the field.
        card: The scorecard.
    """

    name: str
    card: ScoreCard


@attrs.frozen(kw_only=True)
class TableFields:
    """
    What a decision table decides for each customer; its outputs become fields of their names.

    A customer for whom the table decides nothing has none of them.
    The days on which the table is in force are not asked for: it holds with the policy it is in.

    Attributes:
        table: The decision table over the fields that stand before it, without error; it does not
            collect a list, which is no value of a field.
    """

    table: DecisionTable

    def __attrs_post_init__(self) -> None:
        if self.table.collect is Collect.LIST:
            fault = "a list is no value of a field; collect a sum, least, greatest or count"
            raise InvalidValue(f"collect of {self.table.name}", "list", fault)


def _check_months(name: str, months: object) -> None:
    if months is not None and (type(months) is not int or not 1 <= months <= _MOST_MONTHS):
        fault = f"expected a whole number from 1 to {_MOST_MONTHS:,}"
        raise InvalidValue(f"months of {name}", months, fault)


CustomerField = CustomerFigure | DerivedField | AbcField | RfmFields | ScoreField | TableFields
"""What adds fields to the table of customers."""
