"""What the grades of the standard policies are owed, and what is to be kept of their customers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from salescore.errors import UnknownName
from salescore.grading import _figures as figures
from salescore.grading._fields import CustomerFigure
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.metrics import Aggregate, Measure
from salescore.rules import F, Term, days_between

_TALKED_DAYS = 90

_TRIAL = ("Trial or discount", "试用或折扣")
_VIP_SERVICE = ("VIP service", "VIP 服务")
_VISITS = ("Regular visits", "定期拜访")
_BY_WIRE = ("Mail or phone", "邮件或电话")

WON_OPPORTUNITIES = CustomerFigure(
    name="won_opportunities",
    measure=Measure(
        name="won_opportunities",
        table="opportunities",
        aggregate=Aggregate.COUNT,
        where=F.kind == "won",
        date="closed_on",
    ),
    labels=("Won opportunities", "赢单数"),
    unit="opportunities",
)
"""How many opportunities a customer gave us, ever."""

SERVICE_FIELDS = (
    figures.orders(),
    WON_OPPORTUNITIES,
    figures.last_contact_on(),
    figures.last_answer_on(),
    figures.last_sold_on(),
)
"""What the rules on customers and on what is kept of them read."""

BOUGHT = (F.orders >= 1) | (F.won_opportunities >= 1)
"""Whether a customer bought: a purchase is among the sales, or an opportunity was won."""

NEVER_BOUGHT = (F.orders == 0) & (F.won_opportunities == 0)


def _has(en: str, zh: str, key: str, rule: Term) -> Requirement:
    return Requirement(key=key, labels=(en, zh), rule=rule)


_NEEDS = _has("Needs", "需求记录", "needs", ~F.needs.is_null())
_TRANSACTIONS = _has("Purchases", "交易记录", "transactions", BOUGHT)
_TALKED = _has(
    f"Contact within {_TALKED_DAYS} days",
    f"近{_TALKED_DAYS}天内的沟通记录",
    "communication",
    days_between(F.last_contact_on, F.as_of) <= _TALKED_DAYS,
)
_FEEDBACK = _has("Feedback", "反馈记录", "feedback", ~F.last_answer_on.is_null())
_REACHABLE = _has(
    "Phone number or mail address",
    "电话或邮箱",
    "reachable",
    ~F.phone.is_null() | ~F.email.is_null(),
)


def _updated(days: int) -> Requirement:
    return _has(
        f"News within {days} days",
        f"近{days}天内的更新",
        "updated",
        (days_between(F.last_contact_on, F.as_of) <= days)
        | (days_between(F.last_sold_on, F.as_of) <= days)
        | (days_between(F.created_on, F.as_of) <= days),
    )


def lifecycle_services(
    fresh_days: int, budgets: Mapping[str, Decimal] | None
) -> tuple[ServicePlan, ...]:
    """Return the service plans of prospects, regular customers and VIP."""
    return _with_budgets(
        budgets,
        ServicePlan(
            grade="prospect",
            contact_days=30,
            benefits=[_TRIAL],
            hours=Decimal(12),
            requirements=[_REACHABLE, _TALKED],
        ),
        ServicePlan(
            grade="regular",
            contact_days=90,
            benefits=[_BY_WIRE],
            hours=Decimal(6),
            requirements=[_REACHABLE, _updated(fresh_days)],
        ),
        ServicePlan(
            grade="vip",
            contact_days=30,
            benefits=[_VISITS, _VIP_SERVICE],
            hours=Decimal(48),
            requirements=[_REACHABLE, _NEEDS, _TRANSACTIONS, _TALKED],
        ),
    )


def value_services(
    fresh_days: int, budgets: Mapping[str, Decimal] | None
) -> tuple[ServicePlan, ...]:
    """Return the service plans of ordinary and potential customers and those of high value."""
    return _with_budgets(
        budgets,
        ServicePlan(
            grade="ordinary",
            contact_days=180,
            benefits=[_BY_WIRE],
            hours=Decimal(2),
            requirements=[_REACHABLE, _updated(fresh_days)],
        ),
        ServicePlan(
            grade="potential",
            contact_days=30,
            benefits=[_TRIAL],
            hours=Decimal(12),
            requirements=[_TALKED, _FEEDBACK],
        ),
        ServicePlan(
            grade="high_value",
            contact_days=30,
            benefits=[_VISITS, _VIP_SERVICE],
            hours=Decimal(48),
            requirements=[_NEEDS, _TRANSACTIONS],
        ),
    )


def _with_budgets(
    budgets: Mapping[str, Decimal] | None, *plans: ServicePlan
) -> tuple[ServicePlan, ...]:
    """Return service plans with the money that each takes."""
    given = budgets or {}
    known = tuple(plan.grade for plan in plans)
    for grade in given:
        if grade not in known:
            raise UnknownName("grade", grade, known)
    return tuple(attrs.evolve(plan, budget=given.get(plan.grade)) for plan in plans)
