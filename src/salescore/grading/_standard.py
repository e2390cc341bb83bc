"""Standard policies as data, to be used as they are or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salescore.book import Facts
from salescore.grading import _figures as figures
from salescore.grading._fields import (
    AbcField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    TableFields,
)
from salescore.grading._policy import Grade, GradingPolicy
from salescore.grading._standard_services import (
    BOUGHT,
    NEVER_BOUGHT,
    SERVICE_FIELDS,
    lifecycle_services,
    value_services,
)
from salescore.metrics import (
    OTHER_SEGMENT,
    RFM_SEGMENTS,
    Cut,
    QuantileCuts,
    RfmScheme,
    SegmentBounds,
)
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
    coalesce,
    when,
)

TOP_CUTS = (Cut("A", Decimal("0.50")), Cut("B", Decimal("0.80")))
"""
The cuts of the standard policies: in with the first half of a figure, out beyond 80 % of it.

Source: Our own decision. A club is small: of the 793 customers of the Superstore data set, graded
at each review of two years, half hold a place that is entered at 80 % and left at 95 %, and a fifth
one that is entered at 50 % and left at 80 %.
"""

_FRESH_DAYS = 180
_YEAR = 12
_STAY_DAYS = 90
_REVIEW_MONTHS = 3
_GRACE_DAYS = 30


def lifecycle_policy(
    revenue: CustomerFigure | None = None,
    *,
    fresh_days: int = _FRESH_DAYS,
    budgets: Mapping[str, Decimal] | None = None,
) -> GradingPolicy:
    """
    Return the policy prospect, regular, VIP (潜在 / 普通 / VIP).

    Who never bought is a prospect; who did is regular; VIP are those who make the first half of
    the revenue of twelve months, until they are beyond 80 %. It needs no threshold in money.

    Args:
        revenue: The figure by which customers are VIP; by default the revenue of twelve months.
            Where the books hold no sales, `customer_figure("won_amount", 12)` takes won
            opportunities instead.
        fresh_days: Days within which something is to be heard of regular customers.
        budgets: Money that a customer takes in a year, in the reporting currency, by key of the
            grade; `None` says nothing of money.

    Raises:
        UnknownName: A budget for a grade that there is not.
        InvalidValue: A budget is below 0.

    Source:
        Founding text 000 on grading customers; classes by the share before, as in ABC analysis,
        with cuts of our own at 50 % and 80 %.
    """
    worth = revenue or figures.revenue(_YEAR)
    return GradingPolicy(
        name="lifecycle",
        version="1",
        labels=("Prospect, regular, VIP", "潜在 / 普通 / VIP"),
        fields=[*_with(SERVICE_FIELDS, worth), _top(worth)],
        grades=[
            Grade(key="prospect", labels=("Prospect", "潜在")),
            Grade(key="regular", labels=("Regular", "普通"), entry=BOUGHT, exit=NEVER_BOUGHT),
            Grade(
                key="vip",
                labels=("VIP", "VIP"),
                entry=F.top_class == "A",
                exit=F.top_class == "C",
            ),
        ],
        services=lifecycle_services(fresh_days, budgets),
        minimum_stay_days=_STAY_DAYS,
        review_months=_REVIEW_MONTHS,
        grace_days=_GRACE_DAYS,
    )


def value_policy(
    revenue: CustomerFigure | None = None,
    *,
    fresh_days: int = _FRESH_DAYS,
    budgets: Mapping[str, Decimal] | None = None,
) -> GradingPolicy:
    """
    Return the policy ordinary, potential, high value (一般 / 潜在 / 高价值) with its service plans.

    High value are those who make the first half of the revenue of twelve months, until they are
    beyond 80 %; potential are those with open business, or who have not bought yet.

    Args:
        revenue: As for `lifecycle_policy`.
        fresh_days: Days within which something is to be heard of ordinary customers.
        budgets: As for `lifecycle_policy`.

    Raises:
        UnknownName: A budget for a grade that there is not.
        InvalidValue: A budget is below 0.

    Source:
        Founding text 002 on classes of customers, what each is owed and what is kept of it; cuts
        as for `lifecycle_policy`.
    """
    worth = revenue or figures.revenue(_YEAR)
    return GradingPolicy(
        name="value",
        version="1",
        labels=("Ordinary, potential, high value", "一般 / 潜在 / 高价值"),
        fields=[*_with((*SERVICE_FIELDS, figures.open_opportunities()), worth), _top(worth)],
        grades=[
            Grade(key="ordinary", labels=("Ordinary", "一般")),
            Grade(
                key="potential",
                labels=("Potential", "潜在"),
                entry=(F.open_opportunities >= 1) | NEVER_BOUGHT,
                exit=(F.open_opportunities == 0) & BOUGHT,
            ),
            Grade(
                key="high_value",
                labels=("High value", "高价值"),
                entry=F.top_class == "A",
                exit=F.top_class == "C",
            ),
        ],
        services=value_services(fresh_days, budgets),
        minimum_stay_days=_STAY_DAYS,
        review_months=_REVIEW_MONTHS,
        grace_days=_GRACE_DAYS,
    )


def _with(fields: Sequence[CustomerFigure], one: CustomerFigure) -> tuple[CustomerFigure, ...]:
    """Return fields and one more, unless it stands there already."""
    return tuple(fields) if one in fields else (*fields, one)


def _top(by: CustomerFigure) -> AbcField:
    return AbcField(
        name="top_class", by=by.name, cuts=TOP_CUTS, labels=("Class of value", "价值分类")
    )


def _apart(field: str, keys: Sequence[tuple[str, tuple[str, str]]]) -> list[Grade]:
    """Return grades that are no steps of a ladder: a customer is where the field says."""
    return [
        Grade(key=key, labels=labels, entry=F[field] == key, exit=F[field] != key)
        for key, labels in keys
    ]


def rfm_policy(
    scheme: RfmScheme | None = None,
    *,
    months: int | None = None,
    segments: Sequence[SegmentBounds] = RFM_SEGMENTS,
) -> GradingPolicy:
    """
    Return the segments by recency, frequency and money as grades, by default the eleven usual ones.

    Segments are no steps of a ladder: whoever is in another segment moves there, without stay or
    grace, and the move is neither a rise nor a fall. Their order is that in which they are tried,
    turned round, above those without a purchase, so more spending may lead to a lower one. Of whom
    the money is unknown, also in part, nothing is decided; without a segment before, it is unknown.

    Args:
        scheme: How values become scores; by default by quantiles in five parts.
        months: How many months up to the day are looked at; `None` looks at all of the past.
        segments: The segments; scores outside all of them are `Others`.

    Source:
        Hebbali, A., R package rfm 0.3.0, README.
    """
    keys = [(one.name, one.labels or (one.name, one.name)) for one in reversed(segments)]
    if OTHER_SEGMENT not in dict(keys):
        keys.insert(0, (OTHER_SEGMENT, _OTHER_LABELS))
    return GradingPolicy(
        name="rfm",
        version="1",
        labels=("RFM segments", "RFM 细分"),
        fields=[
            RfmFields(scheme=scheme or QuantileCuts(), months=months, segments=segments),
            DerivedField(
                name="rfm_grade",
                of=when((F.rfm_r == 0, _NO_PURCHASE), otherwise=F.rfm_segment),
                labels=("RFM segment or none", "RFM 细分或未购买"),
            ),
        ],
        grades=[
            Grade(key=_NO_PURCHASE, labels=("No purchase", "未购买")),
            Grade(
                key=_UNKNOWN,
                labels=("Unknown", "未知"),
                entry=(F.rfm_r > 0) & F.rfm_segment.is_null(),
                exit=(F.rfm_r == 0) | ~F.rfm_segment.is_null(),
            ),
            *_apart("rfm_grade", keys),
        ],
        is_ladder=False,
    )


_NO_PURCHASE = "none"
_UNKNOWN = "unknown"
_OTHER_LABELS = next(
    one.labels for one in RFM_SEGMENTS if one.name == OTHER_SEGMENT and one.labels is not None
)


def abc_policy(by: CustomerFigure | None = None) -> GradingPolicy:
    """
    Return the classes A, B and C by a figure as grades.

    Whoever is in another class moves there at once, without stay or grace. Of whom the figure is
    unknown, nothing is decided; without a grade before, it is C.

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
        fields=[figure, AbcField(name="abc_class", by=figure.name)],
        grades=[
            Grade(key="C", labels=("C", "C")),
            *_apart("abc_class", [("B", ("B", "B")), ("A", ("A", "A"))]),
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

    A customer is important, or of high potential, while it is among those who make the first half
    of the figure. Quadrants are no steps of a ladder: a move is neither a rise nor a fall. Where
    one of the two is unknown, the other alone puts the customer to develop or to maintain, and
    nobody falls for it.

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
        fields: tuple[CustomerFigure | DerivedField, ...] = _with((important,), given)
        worth = given.name
    else:
        worth = "potential_value"
        labels = ("Potential value", "潜在价值")
        fields = (important, DerivedField(name=worth, of=given, labels=labels))
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
    alone = when(
        (F.importance_class == "A", "maintain"),
        (F.potential_class == "A", "develop"),
        otherwise="basic",
    )
    return GradingPolicy(
        name="matrix",
        version="1",
        labels=("Importance by potential", "重要性 × 潜在价值"),
        fields=[
            *fields,
            AbcField(
                name="importance_class",
                by=important.name,
                cuts=TOP_CUTS,
                labels=("Importance", "重要性"),
            ),
            AbcField(name="potential_class", by=worth, cuts=TOP_CUTS, labels=("Potential", "潜力")),
            TableFields(table=table),
            DerivedField(
                name="first_quadrant",
                of=coalesce(F.quadrant, alone),
                labels=("Quadrant by what is known", "按已知信息的象限"),
            ),
        ],
        grades=[
            Grade(key="basic", labels=("Basic", "基础客户")),
            *(
                Grade(
                    key=key,
                    labels=labels,
                    entry=F.first_quadrant == key,
                    exit=(F.quadrant != key) & (F.first_quadrant != key),
                )
                for key, labels, _, _ in _QUADRANTS[1:]
            ),
        ],
        is_ladder=False,
    )


STANDARD_POLICIES = (
    lifecycle_policy(),
    value_policy(),
    rfm_policy(),
    abc_policy(),
    matrix_policy(),
)
"""
The standard policies with their defaults.

:meta hide-value:
"""


def standard_policies(facts: Facts) -> tuple[GradingPolicy, ...]:
    """
    Return the standard policies by figures that a book can tell.

    Where it holds no sales, customers are graded by what they were won for in twelve months, and
    not by RFM, which needs sales.

    Args:
        facts: The fact tables; of sales and of opportunities it matters only whether there are any.
    """
    if len(facts.table("sales_lines")) or not len(facts.table("opportunities")):
        return STANDARD_POLICIES
    won = figures.won_amount(_YEAR)
    return (lifecycle_policy(won), value_policy(won), abc_policy(won), matrix_policy(won))
