"""Standard policies as data, to be used as they are or changed."""

from __future__ import annotations

from decimal import Decimal

from salescore.grading import _figures as figures
from salescore.grading._fields import (
    AbcField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    TableFields,
)
from salescore.grading._policy import Grade, GradingPolicy
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.metrics import RFM_SEGMENTS, QuantileCuts, RfmScheme
from salescore.rules import (
    DecisionTable,
    Expression,
    F,
    HitPolicy,
    Input,
    OneOf,
    Output,
    Row,
    Term,
    days_between,
)

_FRESH_DAYS = 180


def _has(en: str, zh: str, key: str, rule: Term) -> Requirement:
    return Requirement(key=key, labels=(en, zh), rule=rule)


_NEEDS = _has("Needs are on record", "有需求记录", "needs", ~F.needs.is_null())
_TRANSACTIONS = _has("Purchases are on record", "有交易记录", "transactions", F.orders >= 1)


def _talked(days: int) -> Requirement:
    return _has(
        f"A contact of the last {days} days is on record",
        f"近{days}天内有沟通记录",
        "communication",
        days_between(F.last_contact_on, F.as_of) <= days,
    )


_FEEDBACK = _has("Feedback is on record", "有反馈记录", "feedback", ~F.last_answer_on.is_null())
_REACHABLE = _has(
    "A phone number or mail address is on record",
    "有电话或邮箱",
    "reachable",
    ~F.phone.is_null() | ~F.email.is_null(),
)


def _updated(days: int) -> Requirement:
    return _has(
        f"Something was heard of it within {days} days",
        f"{days}天内有更新",
        "updated",
        (days_between(F.last_contact_on, F.as_of) <= days)
        | (days_between(F.last_sold_on, F.as_of) <= days)
        | (days_between(F.created_on, F.as_of) <= days),
    )


_ABOUT_CONTACT = (figures.last_contact_on(), figures.last_answer_on(), figures.last_sold_on())
_YEAR = 12


def lifecycle_policy() -> GradingPolicy:
    """
    Return the policy prospect, regular, VIP (潜在 / 普通 / VIP).

    Who never bought is a prospect; who did is regular; VIP are those who make the first 80 % of the
    revenue of twelve months, until they are beyond 95 %. It needs no threshold in money.

    Source:
        Founding text 000 on grading customers; the bounds are those of ABC analysis.
    """
    return GradingPolicy(
        name="lifecycle",
        version="1",
        labels=("Prospect, regular, VIP", "潜在 / 普通 / VIP"),
        fields=[figures.orders(), figures.revenue(_YEAR), _abc(), *_ABOUT_CONTACT],
        grades=[
            Grade(key="prospect", labels=("Prospect", "潜在")),
            Grade(
                key="regular",
                labels=("Regular", "普通"),
                entry=F.orders >= 1,
                exit=F.orders < 1,
            ),
            Grade(
                key="vip",
                labels=("VIP", "VIP"),
                entry=(F.orders >= 1) & (F.abc_class == "A"),
                exit=F.abc_class == "C",
            ),
        ],
        services=[
            ServicePlan(
                grade="prospect", contact_days=14, benefits=[_TRIAL], requirements=[_REACHABLE]
            ),
            ServicePlan(
                grade="regular", contact_days=90, requirements=[_REACHABLE, _updated(_FRESH_DAYS)]
            ),
            ServicePlan(
                grade="vip",
                contact_days=30,
                benefits=[_VIP_SERVICE],
                requirements=[_REACHABLE, _NEEDS, _TRANSACTIONS, _talked(90)],
            ),
        ],
        minimum_stay_days=90,
        review_months=3,
        grace_days=30,
    )


_TRIAL = ("Trial or discount", "试用或折扣")
_VIP_SERVICE = ("VIP service", "VIP 服务")


def _abc(by: str = "revenue_12m") -> AbcField:
    return AbcField(name="abc_class", by=by)


def value_policy() -> GradingPolicy:
    """
    Return the policy ordinary, potential, high value (一般 / 潜在 / 高价值) with its service plans.

    High value are those who make the first 80 % of the revenue of twelve months; potential are
    those with open business, or who have not bought yet.

    Source:
        Founding text 002 on classes of customers, what each is owed and what is kept of it.
    """
    return GradingPolicy(
        name="value",
        version="1",
        labels=("Ordinary, potential, high value", "一般 / 潜在 / 高价值"),
        fields=[
            figures.orders(),
            figures.revenue(_YEAR),
            _abc(),
            figures.open_opportunities(),
            *_ABOUT_CONTACT,
        ],
        grades=[
            Grade(key="ordinary", labels=("Ordinary", "一般")),
            Grade(
                key="potential",
                labels=("Potential", "潜在"),
                entry=(F.open_opportunities >= 1) | (F.orders == 0),
                exit=(F.open_opportunities == 0) & (F.orders >= 1),
            ),
            Grade(
                key="high_value",
                labels=("High value", "高价值"),
                entry=(F.orders >= 1) & (F.abc_class == "A"),
                exit=F.abc_class == "C",
            ),
        ],
        services=[
            ServicePlan(
                grade="ordinary",
                contact_days=180,
                benefits=[("Mail or phone", "邮件或电话")],
                hours=Decimal(2),
                requirements=[_REACHABLE, _updated(_FRESH_DAYS)],
            ),
            ServicePlan(
                grade="potential",
                contact_days=30,
                benefits=[_TRIAL],
                hours=Decimal(12),
                requirements=[_talked(90), _FEEDBACK],
            ),
            ServicePlan(
                grade="high_value",
                contact_days=30,
                benefits=[("Regular visits", "定期拜访"), _VIP_SERVICE],
                hours=Decimal(48),
                requirements=[_NEEDS, _TRANSACTIONS],
            ),
        ],
        minimum_stay_days=90,
        review_months=3,
        grace_days=30,
    )


def rfm_policy(scheme: RfmScheme | None = None) -> GradingPolicy:
    """
    Return the eleven usual segments by recency, frequency and money as grades.

    Segments are no steps of a ladder: whoever is in another segment moves there, without stay or
    grace. Their order is that of `RFM_SEGMENTS`, turned round.

    Args:
        scheme: How values become scores; by default by quantiles in five parts.

    Source:
        Hebbali, A., R package rfm 0.3.0, README.
    """
    grades = [
        Grade(
            key=one.name,
            labels=one.labels or (one.name, one.name),
            entry=F.rfm_segment == one.name,
            exit=F.rfm_segment != one.name,
        )
        for one in reversed(RFM_SEGMENTS)
    ]
    return GradingPolicy(
        name="rfm",
        version="1",
        labels=("RFM segments", "RFM 细分"),
        fields=[RfmFields(scheme=scheme or QuantileCuts())],
        grades=[Grade(key="none", labels=("No purchase", "未购买")), *grades],
    )


def abc_policy(by: CustomerFigure | None = None) -> GradingPolicy:
    """
    Return the classes A, B and C by a figure as grades.

    Args:
        by: The figure; by default the revenue of twelve months.

    Source:
        Decision record 10 on ABC by the share before.
    """
    figure = by or figures.revenue(_YEAR)
    return GradingPolicy(
        name="abc",
        version="1",
        labels=("ABC classes", "ABC 分类"),
        fields=[figure, _abc(figure.name)],
        grades=[
            Grade(key="C", labels=("C", "C")),
            *(
                Grade(
                    key=key,
                    labels=(key, key),
                    entry=F.abc_class == key,
                    exit=F.abc_class != key,
                )
                for key in ("B", "A")
            ),
        ],
    )


_QUADRANTS = (
    ("basic", ("Basic", "基础客户"), False, False),
    ("develop", ("Develop", "重点发展客户"), False, True),
    ("maintain", ("Maintain", "重点维护客户"), True, False),
    ("key_account", ("Key account", "关键客户"), True, True),
)


def matrix_policy(
    importance: CustomerFigure | None = None,
    potential: CustomerFigure | Term | Expression | None = None,
) -> GradingPolicy:
    """
    Return the matrix of importance by potential value as grades.

    A customer is important, or of high potential, while it is among those who make the first 80 %
    of the figure. Of whom one of the two is unknown, nothing is decided; it is basic.

    Args:
        importance: The figure that says how important a customer is; by default the revenue of
            twelve months.
        potential: What says how much it could be: a figure, or an expression over the fields of
            customers, such as a registered field with a declared wallet, or a forecast; by default
            the amount of open opportunities.

    Source:
        Founding text 002; the portfolio of customers by Fiocca, "Account portfolio analysis for
        strategy development", Industrial Marketing Management 11 (1982), in its plainest form.
    """
    important = importance or figures.revenue(_YEAR)
    given = figures.open_pipeline() if potential is None else potential
    if isinstance(given, CustomerFigure):
        fields: list[CustomerFigure | DerivedField] = [important, given]
        worth = given.name
    else:
        worth = "potential_value"
        fields = [
            important,
            DerivedField(name=worth, of=given, labels=("Potential value", "潜在价值")),
        ]
    table = DecisionTable(
        name="importance_by_potential",
        version="1",
        hit_policy=HitPolicy.UNIQUE,
        inputs=[Input("importance", F.importance_class), Input("potential", F.potential_class)],
        outputs=[Output("quadrant", ("Quadrant", "象限"))],
        rows=[
            Row([OneOf(["A"], is_negated=not high), OneOf(["A"], is_negated=not able)], [key])
            for key, _, high, able in _QUADRANTS
        ],
    )
    return GradingPolicy(
        name="matrix",
        version="1",
        labels=("Importance by potential", "重要性 × 潜在价值"),
        fields=[
            *fields,
            AbcField(name="importance_class", by=important.name, labels=("Importance", "重要性")),
            AbcField(name="potential_class", by=worth, labels=("Potential", "潜力")),
            TableFields(table=table),
        ],
        grades=[
            Grade(key="basic", labels=("Basic", "基础客户")),
            *(
                Grade(key=key, labels=labels, entry=F.quadrant == key, exit=F.quadrant != key)
                for key, labels, _, _ in _QUADRANTS[1:]
            ),
        ],
    )


STANDARD_POLICIES = (
    lifecycle_policy(),
    value_policy(),
    rfm_policy(),
    abc_policy(),
    matrix_policy(),
)
"""The standard policies with their defaults."""
