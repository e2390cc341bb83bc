"""The table of customers that policies read, on frames: one row each, as of one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, assert_never

import attrs

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidFrame
from salescore.frames._abc import with_classes
from salescore.frames._compile import frame_expression
from salescore.frames._customers_sums import by_customer
from salescore.frames._decide_frame import decide_frame
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, Native, open_frame
from salescore.frames._grading_schema import CustomerFrame
from salescore.frames._grading_tables import Table, given_back, like_given, rows_of, settled
from salescore.frames._rfm import (
    BOUGHT,
    F_SCORE,
    LAST_ON,
    LINE_FIELDS,
    M_SCORE,
    R_SCORE,
    check_as_of,
    rfm_table,
    segment_of,
    who_bought,
    with_listed,
    with_scores,
)
from salescore.frames._scores import scored
from salescore.frames._write_columns import SEPARATOR
from salescore.grading import (
    AS_OF,
    TAGS,
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    EventLine,
    RfmFields,
    ScoreField,
    TableFields,
    customer_table,
)
from salescore.metrics import Aggregate
from salescore.plain import CustomFields, FieldTable
from salescore.rules import F, FieldRef, fields_of
from salescore.values import Period

KEY = "customer_id"
_SOLD = "sales_lines"
_ADDS_UP = (Aggregate.SUM, Aggregate.COUNT, Aggregate.DISTINCT)


def customer_frame(
    tables: Mapping[str, Native],
    fields: Sequence[CustomerField] = (),
    *,
    as_of: date,
    custom_fields: CustomFields | None = None,
) -> CustomerFrame:
    """
    Return the customers of fact tables in frames, with the fields that a policy declares.

    The same rows and fields as `grading.customer_table` makes of the same facts: figures over the
    months up to the day, expressions, ABC classes, RFM scores and segments, scorecards with events
    and decay, and decision tables that collect no list.

    Args:
        tables: Fact tables by their names, as they were known on the day, all on one engine:
            `customers`, `sales_lines` and whichever the fields ask. A column `tags` of `customers`
            holds the tags of each, as one text with U+001F before each `namespace:name` and at the
            end; without it nobody has any.
        fields: What to add; each may read the fields before it.
        as_of: Day of grading.
        custom_fields: The fields that the application registered; `None` for none.

    Returns:
        Every customer that is listed or bought, once, in no order.

    Raises:
        InvalidFrame: A table that is asked is missing, or its columns are not those of the fact
            table.
        InvalidValue: A field has the name of another or reads one behind it, or does not fit the
            fields before it.
        UnknownName: A field reads another that there is not.
        RuleTypeError: An expression does not fit the fields before it.
        EngineRefused: The engine cannot answer a field exactly.
        MissingExtra: The extra `frames` is not installed.
    """
    check_as_of(as_of)
    book = SalesBook() if custom_fields is None else SalesBook(custom_fields=custom_fields)
    # Of no facts at all: what the fields are, and every fault in them, is the same on frames.
    facts = Facts.of(book, as_of=as_of)
    schema = customer_table(facts, fields).schema
    given = _Given(facts=facts, frames=tables)
    is_scored = any(isinstance(one, RfmFields) and one.months is None for one in fields)
    table = _listed(given, as_of, schema, is_scored=is_scored)
    growing = _Growing(given=given, day=as_of, schema=schema, table=table)
    for declared in fields:
        growing.add(declared)
    table = growing.table.select(*(name for name in schema.names if name in growing.names))
    return CustomerFrame(
        as_of=as_of, schema=schema, native=given_back(settled(table), given.engine)
    )


@attrs.frozen(kw_only=True)
class _Given:
    """The fact tables as they were handed in."""

    facts: Facts
    frames: Mapping[str, Native]

    def opened(self, name: str, columns: Sequence[str]) -> Frame:
        """Return a fact table, checked in some columns."""
        if name not in self.frames:
            raise InvalidFrame(name, ("the table is missing; hand it in by its name",))
        schema = self.facts.schema(name)
        return open_frame(self.frames[name], schema, columns=columns, absent_as_null=True)

    def columns_of(self, name: str) -> frozenset[str]:
        """Return the columns that a fact table has."""
        self.opened(name, (KEY,))
        return frozenset(narwhals().from_native(self.frames[name]).collect_schema().names())

    @property
    def engine(self) -> str:
        """Return who works on the frames."""
        return self.opened("customers", (KEY,)).engine


def _listed(given: _Given, as_of: date, schema: FieldTable, *, is_scored: bool) -> Table:
    """
    Return everybody who is listed or bought, with the day and the tags.

    Where all of the past is scored too, what each customer bought comes with it: it tells who is
    not listed, and is not worked out twice.
    """
    nw = narwhals()
    there = given.columns_of("customers")
    fields = (*given.facts.schema("customers").fields, schema.field(TAGS))
    names = [one.name for one in fields if one.name in there]
    known = attrs.evolve(schema, fields=fields)
    frame = open_frame(given.frames["customers"], known, columns=(KEY, *names), absent_as_null=True)
    columns = [
        frame_expression(FieldRef(one), frame).expr.alias(one) for one in names if one != TAGS
    ]
    if TAGS in there:
        # A rule asks a set of texts and never yields one, so the column goes on as it is.
        columns.append(nw.col(TAGS).cast(nw.String))
    table = frame.nw.select(*columns)
    bought = _bought(given, as_of) if is_scored else None
    if bought is None:
        table = _with_strangers(table, given)
    else:
        table = like_given(settled(with_listed(bought, table, is_complete=False)), table)
    no_tags = nw.lit(SEPARATOR)
    tags = nw.coalesce(nw.col(TAGS), no_tags) if TAGS in there else no_tags
    return table.with_columns(nw.lit(as_of).alias(AS_OF), tags.alias(TAGS))


def _bought(given: _Given, as_of: date) -> Table | None:
    """Return who bought, if that is everybody who has a line at all; else `None`."""
    nw = narwhals()
    lines = given.opened(_SOLD, LINE_FIELDS)
    day = frame_expression(F.sold_on, lines).expr
    is_other = day.is_null() | (day > nw.lit(as_of))
    if rows_of(lines.nw.filter(is_other).select(KEY).head(1)):
        return None
    return who_bought(lines, as_of, None)


def _with_strangers(table: Table, given: _Given) -> Table:
    """Return the same with who bought by a document of which the customers do not know."""
    if _SOLD not in given.frames:
        return table
    nw = narwhals()
    sold = given.opened(_SOLD, (KEY,))
    keys = sold.nw.select(frame_expression(F.customer_id, sold).expr.alias(KEY))
    strangers = keys.filter(~nw.col(KEY).is_null()).join(table.select(KEY), on=KEY, how="anti")
    strangers = settled(strangers.unique())
    if not rows_of(strangers.head(1)):
        return table
    return (
        table.join(strangers, on=KEY, how="full", suffix=" sold")
        .with_columns(nw.coalesce(nw.col(KEY), nw.col(f"{KEY} sold")).alias(KEY))
        .drop(f"{KEY} sold")
    )


@attrs.define(kw_only=True)
class _Growing:
    """Customers with the fields so far."""

    given: _Given
    day: date
    schema: FieldTable
    table: Table

    @property
    def names(self) -> list[str]:
        """Return the columns so far."""
        return list(self.table.collect_schema().names())

    def frame(self, fields: Sequence[str]) -> Frame:
        """Return the customers so far as a frame, checked in some fields."""
        return open_frame(
            self.table.to_native(), self.schema, columns=fields, absent_as_null=True
        ).raw

    def during(self, months: int | None) -> Period | None:
        """Return the months up to the day of grading."""
        return None if months is None else Period.trailing(self.day, months)

    def add(self, declared: CustomerField) -> None:
        """Add a declared field."""
        nw = narwhals()
        match declared:
            case CustomerFigure():
                self._add_figure(declared)
            case DerivedField(name=name, of=of):
                found = frame_expression(of, self.frame(fields_of(of)))
                self.table = self.table.with_columns(found.expr.alias(name))
            case AbcField(name=name, by=by, cuts=cuts):
                self._add_abc(name, by, cuts)
            case RfmFields():
                self._add_rfm(declared)
            case ScoreField(name=name, card=card):
                lines = [line for line in card.lines if not isinstance(line, EventLine)]
                read = [field for line in lines for field in fields_of(line.when)]
                events = {
                    line.table: self.given.opened(line.table, _event_columns(line))
                    for line in card.lines
                    if isinstance(line, EventLine)
                }
                points = scored(self.frame((KEY, *read)), card, self.day, events, name)
                self.table = self.table.join(points, on=KEY, how="left")
            case TableFields(table=table):
                native = decide_frame(
                    self.table.to_native(), table, self.schema, absent_as_null=True
                )
                self.table = nw.from_native(native)
            case _:
                assert_never(declared)

    def _add_figure(self, figure: CustomerFigure) -> None:
        nw = narwhals()
        measure = figure.measure
        read = [
            name
            for rule in (measure.of, measure.where)
            if rule is not None
            for name in fields_of(rule)
        ]
        dated = [] if measure.date is None else [measure.date]
        frame = self.given.opened(measure.table, (KEY, *dated, *read))
        found = by_customer(frame, measure, self.during(figure.months), figure.name)
        self.table = self.table.join(found, on=KEY, how="left")
        if measure.aggregate in _ADDS_UP:
            kind = found.collect_schema()[figure.name]
            nothing = nw.lit(0).cast(kind)
            value = nw.when(nw.col("is counted").is_null()).then(nothing)
            self.table = self.table.with_columns(
                value.otherwise(nw.col(figure.name)).alias(figure.name)
            )
        self.table = self.table.drop("is counted")

    def _add_abc(self, name: str, by: str, cuts: Sequence[Any]) -> None:
        schema = attrs.evolve(self.schema, fields=(self.schema.field(KEY), self.schema.field(by)))
        items = open_frame(
            self.table.to_native(), schema, columns=(KEY, by), absent_as_null=True
        ).raw
        columns = [*self.names, name]
        self.table = with_classes(items, cuts, name).select(*columns)

    def _add_rfm(self, declared: RfmFields) -> None:
        nw = narwhals()
        if declared.months is None and LAST_ON in self.names:
            found = with_scores(self.table, declared.scheme, self.day)
        else:
            self.table = self.table.drop(*(one for one in BOUGHT if one in self.names))
            found = rfm_table(
                self.given.opened(_SOLD, LINE_FIELDS),
                declared.scheme,
                as_of=self.day,
                listed=self.table,
                during=self.during(declared.months),
                is_complete=True,
            )
        name = declared.name
        scores = found.select(
            *self.names,
            nw.col(R_SCORE).alias(f"{name}_r"),
            nw.col(F_SCORE).alias(f"{name}_f"),
            nw.col(M_SCORE).alias(f"{name}_m"),
            segment_of(found, declared.segments).alias(f"{name}_segment"),
        )
        self.table = like_given(scores, self.table)


def _event_columns(line: EventLine) -> tuple[str, ...]:
    read = () if line.where is None else fields_of(line.where)
    return (KEY, line.date, *read)
