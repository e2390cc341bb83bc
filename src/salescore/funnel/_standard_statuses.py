"""Standard status tables of quotes, contracts and orders, to be used as they are or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from salescore.entities import DeliveryLine, DocumentKind, Order, OrderLine
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel._stage import Criterion
from salescore.funnel._status_table import Status, StatusMove, StatusTable
from salescore.plain import Field, Kind
from salescore.rules import F
from salescore.values import exact_sum

_DRAFT = Status(key="draft", kind=DocumentKind.DRAFT, labels=("Draft", "草稿"))

_SOURCE = "Our own; the states are those of the mission, the moves what a sales manager expects"

DELIVERED, UNDELIVERED = "delivered_lines", "undelivered_lines"

DELIVERY_FIELDS = (
    Field(
        name=DELIVERED,
        kind=Kind.DECIMAL,
        nullable=False,
        labels=("Order lines of which something was delivered", "已有发货的订单行数"),
        unit="count",
    ),
    Field(
        name=UNDELIVERED,
        kind=Kind.DECIMAL,
        nullable=False,
        labels=("Order lines of which something is to be delivered", "未发完的订单行数"),
        unit="count",
    ),
)
"""Fields that deliveries give to guards of the status table of orders."""


def delivery_row(
    order: Order, lines: Iterable[OrderLine], delivered: Iterable[DeliveryLine]
) -> Mapping[str, Decimal]:
    """
    Return what guards read of the deliveries of an order, as `DELIVERY_FIELDS` says.

    Args:
        order: The order.
        lines: Its lines; one of quantity 0 or below waits for nothing.
        delivered: Lines of deliveries; those that name none of the order lines are left out.

    Raises:
        InvalidValue: A line is one of another order.
    """
    ordered: dict[str, Decimal] = {}
    for line in lines:
        if line.order_id != order.id:
            raise InvalidValue(f"line of {order.id}", line.id, f"it is one of {line.order_id}")
        ordered[line.id] = line.quantity
    sent: dict[str, list[Decimal]] = {key: [] for key in ordered}
    for one in delivered:
        if one.order_line_id in sent:
            sent[one.order_line_id].append(one.quantity)
    sums = {key: exact_sum(quantities) for key, quantities in sent.items()}
    return {
        DELIVERED: Decimal(sum(quantity > 0 for quantity in sums.values())),
        UNDELIVERED: Decimal(sum(sums[key] < wanted for key, wanted in ordered.items())),
    }


def quote_statuses() -> StatusTable:
    """Return the states of quotes: draft, sent, accepted, declined, expired, void."""
    in_force = Criterion(
        key="in_force",
        rule=F.valid_until.is_null() | (F.valid_until >= F.event_on),
        labels=("Still valid on the day", "当日仍在有效期内"),
    )
    run_out = Criterion(
        key="run_out",
        rule=F.valid_until < F.event_on,
        labels=("No longer valid on the day", "当日已过有效期"),
    )
    return StatusTable(
        name="quote",
        version="1",
        records="quotes",
        labels=("Quote", "报价"),
        statuses=[
            _DRAFT,
            Status(key="sent", kind=DocumentKind.OPEN, labels=("Sent", "已发送")),
            Status(key="accepted", kind=DocumentKind.CLOSED, labels=("Accepted", "已接受")),
            Status(key="declined", kind=DocumentKind.VOID, labels=("Declined", "已拒绝")),
            Status(key="expired", kind=DocumentKind.CLOSED, labels=("Expired", "已过期")),
            Status(key="void", kind=DocumentKind.VOID, labels=("Void", "已作废")),
        ],
        moves=[
            StatusMove(sources=["draft"], target="sent", required=["customer_id"]),
            StatusMove(sources=["sent"], target="accepted", guards=[in_force], sets="accepted_on"),
            StatusMove(sources=["expired"], target="sent", guards=[in_force]),
            StatusMove(sources=["sent"], target="declined", needs_reason=True, sets="voided_on"),
            StatusMove(sources=["sent"], target="expired", guards=[run_out]),
            StatusMove(
                sources=["draft", "sent", "expired"],
                target="void",
                needs_reason=True,
                sets="voided_on",
            ),
        ],
        source=_SOURCE,
    )


def contract_statuses() -> StatusTable:
    """Return the states of contracts: draft, in review, signed, active, expired, terminated."""
    settled = Criterion(
        key="clauses_settled",
        rule=F.open_clauses == 0,
        labels=("Every clause of the checklist is settled", "条款清单均已商定"),
    )
    begun = Criterion(
        key="begun",
        rule=F.starts_on <= F.event_on,
        labels=("The first day has come", "已到生效日"),
    )
    run_out = Criterion(
        key="run_out",
        rule=F.ends_on < F.event_on,
        labels=("The last day has passed", "已过到期日"),
    )
    return StatusTable(
        name="contract",
        version="1",
        records="contracts",
        labels=("Contract", "合同"),
        statuses=[
            _DRAFT,
            Status(key="in_review", kind=DocumentKind.DRAFT, labels=("In review", "审核中")),
            Status(key="signed", kind=DocumentKind.OPEN, labels=("Signed", "已签订")),
            Status(key="active", kind=DocumentKind.OPEN, labels=("Active", "履行中")),
            Status(key="expired", kind=DocumentKind.CLOSED, labels=("Expired", "已到期")),
            Status(key="terminated", kind=DocumentKind.VOID, labels=("Terminated", "已终止")),
        ],
        moves=[
            StatusMove(sources=["draft"], target="in_review", required=["customer_id"]),
            StatusMove(sources=["in_review"], target="draft", needs_reason=True),
            StatusMove(
                sources=["in_review"],
                target="signed",
                guards=[settled],
                required=["customer_id", "amount"],
                sets="signed_on",
            ),
            StatusMove(sources=["signed"], target="active", guards=[begun]),
            StatusMove(sources=["signed", "active"], target="expired", guards=[run_out]),
            StatusMove(
                sources=["draft", "in_review", "signed", "active"],
                target="terminated",
                needs_reason=True,
                sets="voided_on",
            ),
        ],
        source=_SOURCE,
    )


def order_statuses() -> StatusTable:
    """Return the states of orders, from draft over deliveries to closed or cancelled."""
    some = Criterion(
        key="some_delivered",
        rule=F.delivered_lines > 0,
        labels=("Something was delivered", "已有发货"),
    )
    everything = Criterion(
        key="all_delivered",
        rule=F.undelivered_lines == 0,
        labels=("Every line was delivered", "全部订单行已发完"),
    )
    nothing = Criterion(
        key="none_delivered",
        rule=F.delivered_lines == 0,
        labels=("Nothing was delivered yet", "尚无发货"),
    )
    return StatusTable(
        name="order",
        version="1",
        records="orders",
        labels=("Order", "订单"),
        statuses=[
            _DRAFT,
            Status(key="confirmed", kind=DocumentKind.OPEN, labels=("Confirmed", "已确认")),
            Status(
                key="partly_delivered",
                kind=DocumentKind.OPEN,
                labels=("Partly delivered", "部分发货"),
            ),
            Status(key="delivered", kind=DocumentKind.OPEN, labels=("Delivered", "已发货")),
            Status(key="closed", kind=DocumentKind.CLOSED, labels=("Closed", "已完成")),
            Status(key="cancelled", kind=DocumentKind.VOID, labels=("Cancelled", "已取消")),
        ],
        moves=[
            StatusMove(sources=["draft"], target="confirmed", required=["customer_id"]),
            StatusMove(sources=["confirmed"], target="partly_delivered", guards=[some]),
            StatusMove(
                sources=["confirmed", "partly_delivered"],
                target="delivered",
                guards=[some, everything],
            ),
            StatusMove(sources=["delivered"], target="closed"),
            StatusMove(sources=["partly_delivered"], target="closed", needs_reason=True),
            StatusMove(sources=["draft"], target="cancelled", needs_reason=True, sets="voided_on"),
            StatusMove(
                sources=["confirmed"],
                target="cancelled",
                guards=[nothing],
                needs_reason=True,
                sets="voided_on",
            ),
        ],
        source=_SOURCE,
    )


STANDARD_STATUS_TABLES = (quote_statuses(), contract_statuses(), order_statuses())
"""The states of quotes, contracts and orders."""


def standard_status_table(name: str) -> StatusTable:
    """
    Return a standard status table.

    Args:
        name: Its name: quote, contract or order.

    Raises:
        UnknownName: There is no such table.

    Examples:
        >>> [one.key for one in standard_status_table("order").statuses]
        ['draft', 'confirmed', 'partly_delivered', 'delivered', 'closed', 'cancelled']
    """
    for one in STANDARD_STATUS_TABLES:
        if one.name == name:
            return one
    known = tuple(one.name for one in STANDARD_STATUS_TABLES)
    raise UnknownName("standard status table", name, known)
