"""The rows that measures leave out of a dataframe, by key and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from salescore.frames._compile import frame_expression
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame
from salescore.frames._reduce_atoms import PREFIX
from salescore.frames._reduce_known import Known, collected
from salescore.frames._reduce_scan import key_text
from salescore.metrics import Dimension, Exclusion, Measure, exclusions_of, unknown_value
from salescore.plain import Field, Kind
from salescore.rules import FieldRef, fields_of
from salescore.values import Period

Key = tuple[str | None, ...]

_CURRENCY = f"{PREFIX}currency"


@attrs.frozen(eq=False)
class _Case:
    """
    Rows that a measure leaves out for one reason.

    Attributes:
        condition: Which rows these are.
        reason: Why.
        is_priced: Whether a missing exchange rate comes before the reason.
    """

    condition: Any
    reason: str
    is_priced: bool = False


def left_out_of(
    known: Mapping[str, Known],
    requests: Sequence[Sequence[Measure]],
    by: Sequence[Dimension],
    during: Period | None,
    currency: str,
) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
    """
    Return the rows left out, by key and reason, in one scan of each fact table.

    Args:
        known: The frames, by name of fact table.
        requests: Measures of one figure each; a row that several of them miss counts once, for the
            reason that the first of them has.
        by: Dimensions of the keys; one that a table lacks, and a unit of the calendar, has the key
            `None`.
        during: Period; `None` takes every date.
        currency: Reporting currency.
    """
    told: list[Counter[tuple[Key, str, str]]] = [Counter() for _ in requests]
    for table in dict.fromkeys(one.table for measures in requests for one in measures):
        if table not in known:
            continue
        cases = {
            number: list(_cases(known[table].frame, measures, during))
            for number, measures in enumerate(
                [one for one in measures if one.table == table] for measures in requests
            )
        }
        _count(known[table], {n: found for n, found in cases.items() if found}, by, currency, told)
    return tuple(map(exclusions_of, told))


def _cases(frame: Frame, measures: Sequence[Measure], during: Period | None) -> Iterator[_Case]:
    for measure in measures:
        where = [] if measure.where is None else [frame_expression(measure.where, frame).expr]
        dated = list(where)
        if measure.date is not None:
            day = _column(frame, measure.date)
            dated.append(~day.is_null())
            if during is not None:
                dated += [day >= during.start, day <= during.last_day]
        if measure.of is not None:
            unknown = frame_expression(measure.of, frame).expr.is_null()
            for name in fields_of(measure.of):
                field = frame.schema.field(name)
                nulls = _column(frame, name).is_null()
                yield _Case(_all(*dated, unknown, nulls), _unknown(field), _is_money(field))
            yield _Case(_all(*dated, unknown), unknown_value(measure.of))
        if measure.date is not None:
            undated = _column(frame, measure.date).is_null()
            yield _Case(_all(*where, undated), _unknown(frame.schema.field(measure.date)))


def _column(frame: Frame, name: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
    return frame_expression(FieldRef(name), frame).expr


def _all(*conditions: Any) -> Any:  # noqa: ANN401 - an expression of Narwhals
    found = conditions[0]
    for one in conditions[1:]:
        found &= one
    return found


def _unknown(field: Field) -> str:
    return f"{field.labels[0].lower()} unknown"


def _is_money(field: Field) -> bool:
    return field.kind is Kind.DECIMAL and (field.unit or "").startswith("money")


def _count(
    known: Known,
    cases: Mapping[int, Sequence[_Case]],
    by: Sequence[Dimension],
    currency: str,
    told: Sequence[Counter[tuple[Key, str, str]]],
) -> None:
    """Count the rows of a table by key, case of each request and currency without a rate."""
    if not cases:
        return
    nw, frame = narwhals(), known.frame
    names = {number: f"{PREFIX}case_{number}" for number in cases}
    exprs: list[Any] = []
    for number, found in cases.items():
        code = nw.lit(None).cast(nw.Int32)
        for place in reversed(range(len(found))):
            code = nw.when(found[place].condition).then(nw.lit(place, nw.Int32)).otherwise(code)
        exprs.append(code.alias(names[number]))
    there = [
        f"{PREFIX}key_{place}" if one.is_in(frame.schema) and frame.column(one.column) else None
        for place, one in enumerate(by)
    ]
    exprs += [
        nw.col(one.column).alias(name)
        for one, name in zip(by, there, strict=True)
        if name is not None
    ]
    exprs.append(_without_rate(frame, currency).alias(_CURRENCY))
    columns = [*(name for name in there if name is not None), *names.values(), _CURRENCY]
    rows = known.lazy.with_columns(*exprs).select(*columns)
    rows = rows.filter(
        nw.any_horizontal(*(~nw.col(one).is_null() for one in names.values()), ignore_nulls=True)
    )
    counted = collected(rows.group_by(*columns).agg(nw.len().alias(f"{PREFIX}rows")))
    for row in counted.rows(named=True):
        key = tuple(None if name is None else key_text(row[name]) for name in there)
        for number, name in names.items():
            if row[name] is not None:
                case = cases[number][int(row[name])]
                reason = case.reason
                if case.is_priced and row[_CURRENCY] is not None:
                    reason = f"no exchange rate from {row[_CURRENCY]} to {currency}"
                told[number][key, frame.schema.name, reason] += int(row[f"{PREFIX}rows"])


def _without_rate(frame: Frame, currency: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return the currency of a row that has no exchange rate and needs one, else null."""
    nw = narwhals()
    if "currency" not in frame.schema or frame.optional("currency") is None:
        return nw.lit(None).cast(nw.String)
    code = nw.col("currency").cast(nw.String)
    needs = code != currency
    if frame.optional("exchange_rate") is not None:
        needs &= nw.col("exchange_rate").is_null()
    return nw.when(needs).then(code)
