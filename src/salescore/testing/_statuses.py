"""Strategies for status tables: states of every kind, and moves of every form between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from salescore.entities import DocumentKind
from salescore.funnel import Criterion, QualificationPolicy, Status, StatusMove, StatusTable
from salescore.rules import F
from salescore.testing._hypothesis import st

Strategy = st.SearchStrategy[Any]

_KEYS = ("draft", "sent", "agreed", "done", "off")
_DATES: Mapping[str, tuple[str | None, ...]] = {
    "quotes": (None, "accepted_on", "voided_on"),
    "contracts": (None, "signed_on", "voided_on"),
    "orders": (None, "voided_on"),
}
_FIELDS = ("customer_id", "number", "rep_id")
_ROLES = ("rep", "manager")
_GUARDS = (
    Criterion(key="known", rule=~F.customer_id.is_null()),
    Criterion(key="numbered", rule=F.number.starts_with("A")),
    Criterion(key="checked", rule=F.open_points == 0),
)


def _some(*of: Any) -> Strategy:  # noqa: ANN401 - names or criteria
    return st.lists(st.sampled_from(of), max_size=1)


@st.composite
def _tables(draw: st.DrawFn) -> StatusTable:
    records = draw(st.sampled_from(sorted(_DATES)))
    keys = draw(st.lists(st.sampled_from(_KEYS), min_size=1, unique=True))
    kinds = st.sampled_from(DocumentKind)
    targets = draw(st.lists(st.sampled_from(keys), unique=True)) if len(keys) > 1 else []
    return StatusTable(
        name="drawn",
        version="1",
        records=records,
        statuses=[
            Status(key=key, kind=draw(kinds), labels=draw(_LABELS).get(key, ("", "")))
            for key in keys
        ],
        moves=[
            draw(_moves([one for one in keys if one != key], key, _DATES[records]))
            for key in targets
        ],
        override_roles=draw(_some(*_ROLES)),
    )


_LABELS = st.sampled_from([dict[str, tuple[str, str]](), {"sent": ("Sent", "已发送")}])


def _moves(sources: list[str], target: str, dates: tuple[str | None, ...]) -> Strategy:
    return st.builds(
        StatusMove,
        sources=st.lists(st.sampled_from(sources), min_size=1, unique=True),
        target=st.just(target),
        guards=_some(*_GUARDS),
        required=_some(*_FIELDS),
        roles=_some(*_ROLES),
        needs_reason=st.booleans(),
        sets=st.sampled_from(dates),
        clears=_some("voided_on"),
    )


def _policies() -> Strategy:
    return st.builds(
        QualificationPolicy,
        name=st.just("drawn"),
        version=st.just("1"),
        required=_some("needs", "phone"),
        criteria=_some(*_GUARDS),
        override_roles=_some(*_ROLES),
    )


OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        QualificationPolicy: _policies,
        StatusMove: lambda: _moves(["draft", "sent"], "done", _DATES["quotes"]),
        StatusTable: _tables,
    }
)
"""Types, each with what draws it."""
