"""RFM on frames: how lately, how often and for how much each customer bought, on any engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import product
from typing import Any

from salescore.errors import InvalidFrame, InvalidValue
from salescore.frames._compile import frame_expression
from salescore.frames._digits import MOST_DIGITS, Digits
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, Native, open_frame
from salescore.frames._grading_reasons import text_of
from salescore.frames._grading_tables import (
    Table,
    check_sums,
    deferred,
    engine_name,
    given_back,
    like_given,
    row_of,
    rows_of,
    settled,
)
from salescore.frames._rfm_checks import check_one_engine, check_orders
from salescore.frames._rfm_cuts import scale_of_days, scale_of_numbers
from salescore.metrics import IS_PURCHASE, OTHER_SEGMENT, RfmScheme, SegmentBounds, Thresholds
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term, days_between
from salescore.values import Period

KEY = "customer_id"
"""Column of the customer."""

LAST_ON, ORDERS, REVENUE, DAYS = "rfm last_on", "rfm orders", "rfm revenue", "rfm days"
R_SCORE, F_SCORE, M_SCORE = "rfm r score", "rfm f score", "rfm m score"
"""Columns of the library's own, which no field is named like."""

BOUGHT = (LAST_ON, ORDERS, REVENUE)
_IS_SOLD = "rfm is sold"
_NAMES = (
    (DAYS, "recency_days"),
    (ORDERS, "orders"),
    (REVENUE, "revenue"),
    (R_SCORE, "r"),
    (F_SCORE, "f"),
    (M_SCORE, "m"),
)

LINE_FIELDS = (KEY, "sold_on", "record", "quantity", "net_amount", "order_id", "invoice_id")

_LISTED = FieldTable(
    name="customers",
    fields=(Field(name=KEY, kind=Kind.ID, nullable=False, labels=("Customer", "客户")),),
)
_LAST = FieldTable(
    name="rfm",
    fields=(
        Field(name=LAST_ON, kind=Kind.DATE, nullable=True, labels=("Last purchase", "最近购买")),
    ),
)


def rfm_frame(
    lines: Native,
    scheme: RfmScheme,
    *,
    as_of: date,
    customers: Native | None = None,
    during: Period | None = None,
    segments: Sequence[SegmentBounds] | None = None,
) -> Native:
    """
    Return the scores of customers by recency, frequency and money, out of sales lines in a frame.

    The same as `metrics.rfm` on `metrics.rfm_inputs` of the same lines, for every customer and to
    the last digit. Bounds are found from a handful of values in order and from how many lie below
    them; then each score is a few comparisons, so no engine needs to number its rows.

    Args:
        lines: Sales lines, as the fact table `sales_lines`, as they were known on the day.
        scheme: Fixed thresholds, quantile cuts, or mid-ranks.
        as_of: Last day whose sales count, and day to which days are counted.
        customers: Who is listed, one row each with `customer_id`, as the fact table `customers`,
            on the same engine; `None` for none but who bought.
        during: Window in which a sale counts; `None` takes all.
        segments: Names of ranges of scores, of which the first that holds counts; `None` leaves
            out the column `segment`.

    Returns:
        The same kind of frame as `lines`, in no order: `customer_id`, `recency_days`, `orders`,
        `revenue`, `r`, `f`, `m` and where asked for `segment`, as in `RfmScore`. Without a purchase
        days are null and scores 0; where a line has no price, `revenue` and `m` are null.

    Raises:
        InvalidFrame: The columns are not those of the fact tables, a customer stands twice, the
            lines have neither a column of orders nor of invoices, or both are of two engines.
        InvalidValue: `as_of` is no day, `during` no period, or who bought has neither an order nor
            an invoice.
        EngineRefused: A sum may need more than 38 digits.
        MissingExtra: The extra `frames` is not installed.

    Source:
        As for `metrics.rfm`.
    """
    opened = open_frame(lines, "sales_lines", columns=LINE_FIELDS, absent_as_null=True)
    check_orders(opened)
    listed = None
    if customers is not None:
        some = open_frame(customers, _LISTED, columns=(KEY,))
        check_one_engine(opened, some)
        listed = some.nw.select(frame_expression(F.customer_id, some).expr.alias(KEY))
    found = rfm_table(opened, scheme, as_of=as_of, listed=listed, during=during)
    columns = [narwhals().col(column).alias(name) for column, name in _NAMES]
    if segments is not None:
        columns.append(segment_of(found, segments).alias("segment"))
    return given_back(like_given(found.select(KEY, *columns), opened.nw), opened.engine)


def rfm_table(
    lines: Frame,
    scheme: RfmScheme,
    *,
    as_of: date,
    listed: Table | None,
    during: Period | None,
    is_complete: bool = False,
) -> Table:
    """
    Return the scores of customers as a table of Narwhals; arguments as of `rfm_frame`.

    Args:
        lines: Sales lines.
        scheme: The scheme.
        as_of: The day.
        listed: Who is listed, with any other columns, which stay where it is complete.
        during: The window.
        is_complete: Whether everybody who bought is listed, once.
    """
    check_as_of(as_of)
    bought = who_bought(lines, as_of, during)
    if listed is not None:
        bought = with_listed(bought, listed, is_complete=is_complete)
    bought = settled(bought)
    if listed is not None and not is_complete:
        _refuse_twice(bought)
    return with_scores(bought, scheme, as_of)


def with_scores(bought: Table, scheme: RfmScheme, as_of: date) -> Table:
    """
    Return customers with their days and scores.

    Args:
        bought: Customers with what `who_bought` tells of them.
        scheme: The scheme.
        as_of: The day.

    Raises:
        InvalidValue: Who bought has neither an order nor an invoice.
    """
    nw = narwhals()
    _refuse_nameless(bought)
    buyers = bought.filter(~nw.col(LAST_ON).is_null())
    paying = buyers.filter(~nw.col(REVENUE).is_null())
    fixed = scheme if isinstance(scheme, Thresholds) else None
    behind = bought.collect_schema()[REVENUE].scale
    r = scale_of_days(buyers, LAST_ON, scheme, as_of)
    f = scale_of_numbers(buyers, ORDERS, scheme, fixed.frequency if fixed else (), 0)
    m = scale_of_numbers(paying, REVENUE, scheme, fixed.monetary if fixed else (), behind)
    days = frame_expression(
        days_between(F[LAST_ON], as_of),
        open_frame(bought.to_native(), _LAST, columns=[LAST_ON], absent_as_null=True).raw,
    )
    never = nw.col(LAST_ON).is_null()
    none = nw.lit(0, dtype=nw.Int64)
    return deferred(bought).with_columns(
        days.expr.cast(nw.Int64).alias(DAYS),
        nw.when(never).then(none).otherwise(r.scores(LAST_ON)).alias(R_SCORE),
        nw.when(never).then(none).otherwise(f.scores(ORDERS)).alias(F_SCORE),
        nw.when(never).then(none).otherwise(m.scores(REVENUE)).alias(M_SCORE),
    )


def who_bought(lines: Frame, as_of: date, during: Period | None) -> Table:
    """Return last day, orders and revenue of each customer that has a line."""
    nw = narwhals()
    known: Term = F.sold_on <= as_of
    if during is not None:
        known = known & (F.sold_on >= during.start) & (F.sold_on < during.end)
    within = frame_expression(known & ~F.customer_id.is_null(), lines)
    is_purchase = frame_expression(IS_PURCHASE, lines).expr
    amount = frame_expression(F.net_amount, lines)
    digits = amount.digits or Digits(1, 0)
    order, invoice = (frame_expression(F[name], lines).expr for name in ("order_id", "invoice_id"))
    day = frame_expression(F.sold_on, lines).expr
    rows = (
        deferred(lines.nw)
        .filter(within.expr)
        .select(
            frame_expression(F.customer_id, lines).expr.alias(KEY),
            nw.when(is_purchase).then(day).alias("day"),
            nw.when(is_purchase).then(order).alias("order"),
            nw.when(is_purchase & order.is_null()).then(invoice).alias("loose"),
            amount.expr.alias("amount"),
        )
    )
    check_sums(rows, "amount", digits, lines.engine, "revenue by customer")
    is_loose = lines.column("invoice_id") is not None and bool(
        rows_of(rows.filter(~nw.col("loose").is_null()).select("loose").head(1))
    )
    names = ["order", "loose"] if is_loose else ["order"]
    grouped = (
        rows.group_by(KEY)
        .agg(
            nw.col("day").max().alias(LAST_ON),
            nw.col("amount").sum().alias("sum"),
            nw.col("amount").count().alias("priced"),
            nw.len().alias("lines"),
            *(nw.col(name).n_unique().alias(name) for name in names),
            *(nw.col(name).count().alias(f"{name} known") for name in names),
        )
        .with_columns(*(_different(name).alias(name) for name in names))
    )
    orders = nw.col("order") + nw.col("loose") if is_loose else nw.col("order")
    is_priced = nw.col("priced").cast(nw.Int64) == nw.col("lines").cast(nw.Int64)
    revenue = nw.col("sum").cast(nw.Decimal(MOST_DIGITS, digits.behind))
    return grouped.select(
        nw.col(KEY),
        nw.col(LAST_ON),
        orders.alias(ORDERS),
        nw.when(is_priced).then(revenue).alias(REVENUE),
        nw.lit(True).alias(_IS_SOLD),
    )


def with_listed(bought: Table, listed: Table, *, is_complete: bool) -> Table:
    """
    Return who bought and who is listed; without a line there are 0 orders and no revenue.

    Args:
        bought: What `who_bought` gave; each customer once.
        listed: Who is listed.
        is_complete: Whether everybody who bought is listed, once.
    """
    nw = narwhals()
    money = bought.collect_schema()[REVENUE]
    how = "left" if is_complete else "full"
    joined = deferred(listed).join(bought, on=KEY, how=how, suffix=" bought")
    nothing = nw.col(_IS_SOLD).is_null()
    none = nw.lit(0, dtype=nw.Int64)
    found = joined.with_columns(
        nw.when(nothing).then(none).otherwise(nw.col(ORDERS)).alias(ORDERS),
        nw.when(nothing).then(nw.lit(0).cast(money)).otherwise(nw.col(REVENUE)).alias(REVENUE),
    ).drop(_IS_SOLD)
    if is_complete:
        return found
    key = nw.coalesce(nw.col(KEY), nw.col(f"{KEY} bought"))
    return found.with_columns(key.alias(KEY)).drop(f"{KEY} bought")


def _different(name: str) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return how many different values there are, where null has been counted as one of them."""
    nw = narwhals()
    known = nw.col(f"{name} known").cast(nw.Int64)
    is_null_among = (known < nw.col("lines").cast(nw.Int64)).cast(nw.Int64)
    return nw.col(name).cast(nw.Int64) - is_null_among


def _refuse_nameless(bought: Table) -> None:
    """Refuse a purchase that nobody can count, as it is of no order and no invoice."""
    nw = narwhals()
    is_nameless = ~nw.col(LAST_ON).is_null() & (nw.col(ORDERS) == 0)
    found = rows_of(bought.filter(is_nameless).select(KEY).head(1))
    if found:
        fault = "with a last purchase it must be above 0"
        raise InvalidValue(f"orders of {found[0][KEY]}", "0", fault)


def _refuse_twice(bought: Table) -> None:
    """Refuse a customer that stands twice."""
    nw = narwhals()
    row = row_of(bought, nw.col(KEY).n_unique().alias("different"), nw.len().alias("n"))
    if int(row["different"] or 0) < int(row["n"]):
        raise InvalidFrame("customers", (f"column {KEY!r} names a customer twice; give each once",))


def check_as_of(value: object) -> None:
    """Refuse what is no day."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue("as_of", value, "it must be a day, such as date(2026, 3, 31)")


def segment_of(table: Table, segments: Sequence[SegmentBounds]) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return the name of the first segment that three scores lie in, as `rfm_segment` does."""
    nw = narwhals()
    r, f, m = nw.col(R_SCORE), nw.col(F_SCORE), nw.col(M_SCORE)
    is_scored = (r > 0) & ~m.is_null()
    if engine_name(table) == "polars":
        # Scores have one digit each, and a look into a table costs less than eleven comparisons.
        texts = {
            100 * scores[0] + 10 * scores[1] + scores[2]: next(
                (one.name for one in segments if one.holds(*scores)), OTHER_SEGMENT
            )
            for scores in product(range(1, 10), repeat=3)
        }
        return text_of(table, nw.when(is_scored).then(100 * r + 10 * f + m), texts)
    found = nw.lit(OTHER_SEGMENT)
    for one in reversed(segments):
        sides = [
            (of >= low) & (of <= high) for of, (low, high) in ((r, one.r), (f, one.f), (m, one.m))
        ]
        found = nw.when(sides[0] & sides[1] & sides[2]).then(nw.lit(one.name)).otherwise(found)
    return nw.when(is_scored).then(found)
