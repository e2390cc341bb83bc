"""What a policy knows of a customer beyond its record: figures, classes and scores, as data."""

from __future__ import annotations

import attrs

from salescore.errors import InvalidValue
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
)
from salescore.plain import as_tuple
from salescore.rules import DecisionTable, Expression, Term, as_tree

CUSTOMER_KEY = "customer_id"
"""Column by which measures are brought together per customer."""


def _tree(value: Term | Expression) -> Expression:
    return as_tree(value)


@attrs.frozen(kw_only=True)
class CustomerFigure:
    """
    A measure, brought together for each customer over the months up to the day of grading.

    A customer without rows has 0 of what is summed or counted, and nothing else.
    Where a row of the customer has no value, such as one without an exchange rate, a sum would say
    too little; the figure is unknown then.

    Attributes:
        name: Name of the field, such as `revenue_12m`.
        measure: What is brought together; its fact table has a column `customer_id`.
        labels: English and Chinese label, in this order.
        months: How many months up to the day are looked at; `None` looks at all of the past.
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
        if self.months is not None and self.measure.date is None:
            raise InvalidValue(
                f"months of {self.name}", self.months, "its measure has no date to look at"
            )


@attrs.frozen(kw_only=True)
class DerivedField:
    """
    An expression over the fields that stand before it.

    Attributes:
        name: Name of the field.
        of: The expression; a condition makes a field of true and false.
        labels: English and Chinese label, in this order.
        unit: What a number counts; `None` for all else.
    """

    name: str
    of: Expression = attrs.field(converter=_tree)
    labels: tuple[str, str]
    unit: str | None = None


@attrs.frozen(kw_only=True)
class AbcField:
    """
    The ABC class of each customer by a number, among all customers.

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


@attrs.frozen(kw_only=True)
class RfmFields:
    """
    The RFM scores and segment of each customer, among all customers.

    They make four fields: `<name>_r`, `<name>_f`, `<name>_m` and `<name>_segment`.

    Attributes:
        name: What the names of the fields begin with.
        scheme: How values become scores.
        months: How many months up to the day are looked at; `None` looks at all of the past.
        segments: Names of ranges of scores; the first that holds counts.
    """

    name: str = "rfm"
    scheme: RfmScheme = attrs.field(factory=QuantileCuts)
    months: int | None = None
    segments: tuple[SegmentBounds, ...] = attrs.field(default=RFM_SEGMENTS, converter=as_tuple)


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

    Attributes:
        table: The decision table over the fields that stand before it.
    """

    table: DecisionTable


CustomerField = CustomerFigure | DerivedField | AbcField | RfmFields | ScoreField | TableFields
"""What adds fields to the table of customers."""
