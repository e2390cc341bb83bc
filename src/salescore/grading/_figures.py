"""Figures of customers that most policies ask for, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from salescore.errors import InvalidValue, UnknownName
from salescore.grading._fields import CustomerFigure
from salescore.metrics import IS_PURCHASE, Aggregate, Measure
from salescore.rules import Expression, F, Term, coalesce

_MONEY = "money"


def _named(name: str, months: int | None) -> str:
    return name if months is None else f"{name}_{months}m"


def _labels(en: str, zh: str, months: int | None) -> tuple[str, str]:
    return (en, zh) if months is None else (f"{en}, {months} months", f"近{months}个月{zh}")


def _figure(
    name: str,
    labels: tuple[str, str],
    months: int | None,
    unit: str | None,
    *,
    table: str,
    aggregate: Aggregate,
    of: Term | Expression | None,
    where: Term | Expression | None = None,
    date: str | None = None,
) -> CustomerFigure:
    full = _named(name, months)
    measure = Measure(name=full, table=table, aggregate=aggregate, of=of, where=where, date=date)
    return CustomerFigure(
        name=full, measure=measure, labels=_labels(*labels, months), months=months, unit=unit
    )


def revenue(months: int | None = None) -> CustomerFigure:
    """Return net revenue, named `revenue` or `revenue_12m`."""
    return _figure(
        "revenue",
        ("Revenue", "销售额"),
        months,
        _MONEY,
        table="sales_lines",
        aggregate=Aggregate.SUM,
        of=F.net_amount,
        date="sold_on",
    )


def gross_profit(months: int | None = None) -> CustomerFigure:
    """Return net revenue less recorded cost; unknown where a cost is."""
    return _figure(
        "gross_profit",
        ("Gross profit", "毛利"),
        months,
        _MONEY,
        table="sales_lines",
        aggregate=Aggregate.SUM,
        of=F.net_amount - F.cost,
        date="sold_on",
    )


def orders(months: int | None = None) -> CustomerFigure:
    """Return orders, and invoices without one, that hold a purchase; equal ids count once."""
    return _figure(
        "orders",
        ("Orders", "订单数"),
        months,
        "orders",
        table="sales_lines",
        aggregate=Aggregate.DISTINCT,
        of=coalesce(F.order_id, F.invoice_id),
        where=IS_PURCHASE,
        date="sold_on",
    )


def last_sold_on() -> CustomerFigure:
    """Return the day of the last purchase."""
    return _figure(
        "last_sold_on",
        ("Last purchase", "最近购买日期"),
        None,
        None,
        table="sales_lines",
        aggregate=Aggregate.MAX,
        of=F.sold_on,
        where=IS_PURCHASE,
        date="sold_on",
    )


def collections(months: int | None = None) -> CustomerFigure:
    """Return money received."""
    return _figure(
        "collections",
        ("Collections", "回款"),
        months,
        _MONEY,
        table="payments",
        aggregate=Aggregate.SUM,
        of=F.amount,
        date="received_on",
    )


def activities(months: int | None = None) -> CustomerFigure:
    """Return calls, visits, mails and the like that happened."""
    return _figure(
        "activities",
        ("Activities", "跟进次数"),
        months,
        "activities",
        table="activities",
        aggregate=Aggregate.COUNT,
        of=None,
        date="happened_on",
    )


def last_contact_on() -> CustomerFigure:
    """Return the day of the last contact."""
    return _figure(
        "last_contact_on",
        ("Last contact", "最近联系日期"),
        None,
        None,
        table="activities",
        aggregate=Aggregate.MAX,
        of=F.happened_on,
        date="happened_on",
    )


def last_answer_on() -> CustomerFigure:
    """Return the day of the last answer to a survey."""
    return _figure(
        "last_answer_on",
        ("Last feedback", "最近反馈日期"),
        None,
        None,
        table="survey_responses",
        aggregate=Aggregate.MAX,
        of=F.answered_on,
        date="answered_on",
    )


def open_opportunities() -> CustomerFigure:
    """Return open opportunities."""
    return _figure(
        "open_opportunities",
        ("Open opportunities", "在途商机数"),
        None,
        "opportunities",
        table="opportunities",
        aggregate=Aggregate.COUNT,
        of=None,
        where=F.kind == "open",
    )


def open_pipeline() -> CustomerFigure:
    """Return the amount of open opportunities; unknown where one states none."""
    return _figure(
        "open_pipeline",
        ("Open pipeline", "在途商机金额"),
        None,
        _MONEY,
        table="opportunities",
        aggregate=Aggregate.SUM,
        of=F.amount,
        where=F.kind == "open",
    )


def won_amount(months: int | None = None) -> CustomerFigure:
    """Return the amount of won opportunities."""
    return _figure(
        "won_amount",
        ("Won amount", "赢单额"),
        months,
        _MONEY,
        table="opportunities",
        aggregate=Aggregate.SUM,
        of=F.amount,
        where=F.kind == "won",
        date="closed_on",
    )


_OF_A_WINDOW: Mapping[str, Callable[[int | None], CustomerFigure]] = MappingProxyType(
    {
        "activities": activities,
        "collections": collections,
        "gross_profit": gross_profit,
        "orders": orders,
        "revenue": revenue,
        "won_amount": won_amount,
    }
)

_OF_NOW: Mapping[str, Callable[[], CustomerFigure]] = MappingProxyType(
    {
        "last_answer_on": last_answer_on,
        "last_contact_on": last_contact_on,
        "last_sold_on": last_sold_on,
        "open_opportunities": open_opportunities,
        "open_pipeline": open_pipeline,
    }
)

CUSTOMER_FIGURES = tuple(sorted((*_OF_A_WINDOW, *_OF_NOW)))
"""
Names of the figures that `customer_figure` makes.

:meta hide-value:
"""


def customer_figure(name: str, months: int | None = None) -> CustomerFigure:
    """
    Return a usual figure of customers, to be declared as a field.

    Args:
        name: One of `CUSTOMER_FIGURES`, such as `revenue` or `last_contact_on`.
        months: How many months up to the day are looked at, which the name of the field then says,
            as in `revenue_12m`; `None` looks at all of the past. What tells of a last day, or of
            now, has no window.

    Raises:
        UnknownName: There is no such figure.
        InvalidValue: The months are out of range, or the figure has no window.

    Examples:
        >>> customer_figure("revenue", months=12).name
        'revenue_12m'
    """
    if name in _OF_A_WINDOW:
        return _OF_A_WINDOW[name](months)
    if name not in _OF_NOW:
        raise UnknownName("figure of customers", name, CUSTOMER_FIGURES)
    if months is not None:
        raise InvalidValue(f"months of {name}", months, "it has no window; leave them out")
    return _OF_NOW[name]()
