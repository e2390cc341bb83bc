"""Figures of the funnel: opportunities, how they end and how long they take."""

from __future__ import annotations

from decimal import Decimal

from salescore.metrics._figures import FRACTION, MONEY, FigureDefinition, Part
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._sources import PIPELINE, QUANTILES
from salescore.rules import F, Term


def _closed(
    name: str, aggregate: Aggregate, kinds: tuple[str, ...], of: Term | None = None
) -> Measure:
    return Measure(
        name=name,
        table="opportunities",
        aggregate=aggregate,
        of=of,
        where=F.kind.is_in(kinds),
        date="closed_on",
    )


def _open(name: str, aggregate: Aggregate, of: Term | None = None) -> Measure:
    return Measure(
        name=name, table="opportunities", aggregate=aggregate, of=of, where=F.kind == "open"
    )


_WON = _closed("won", Aggregate.COUNT, ("won",))
_WON_AMOUNT = _closed("won_amount", Aggregate.SUM, ("won",), F.amount)
_WON_PRICED = _closed("won_priced", Aggregate.COUNT, ("won",), F.amount)

FUNNEL = (
    FigureDefinition(
        name="won_amount",
        labels=("Won amount", "赢单金额"),
        words="Amount of the opportunities won in the period.",
        unit=MONEY,
        source=PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
    ),
    FigureDefinition(
        name="won_opportunities",
        labels=("Won", "赢单数"),
        words="Opportunities won in the period.",
        unit="opportunities",
        source=PIPELINE,
        numerator=[Part(_WON)],
    ),
    FigureDefinition(
        name="lost_opportunities",
        labels=("Lost", "输单数"),
        words="Opportunities lost in the period.",
        unit="opportunities",
        source=PIPELINE,
        numerator=[Part(_closed("lost", Aggregate.COUNT, ("lost",)))],
        is_lower_better=True,
    ),
    FigureDefinition(
        name="average_won_amount",
        labels=("Average won amount", "平均赢单金额"),
        words="Won amount per won opportunity whose amount is known.",
        unit="money per opportunity",
        source=PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
        denominator=[Part(_WON_PRICED)],
    ),
    FigureDefinition(
        name="median_won_amount",
        labels=("Median won amount", "赢单金额中位数"),
        words="Amount that half of the won opportunities stay below.",
        unit=MONEY,
        source=QUANTILES,
        numerator=[Part(_closed("won_amounts", Aggregate.VALUES, ("won",), F.amount))],
        quantile=Decimal("0.5"),
    ),
    FigureDefinition(
        name="win_rate",
        labels=("Win rate", "赢单率"),
        words="Share of won among won and lost opportunities closed in the period.",
        unit=FRACTION,
        source=PIPELINE,
        numerator=[Part(_WON)],
        denominator=[Part(_closed("won_or_lost", Aggregate.COUNT, ("won", "lost")))],
    ),
    FigureDefinition(
        name="win_rate_broad",
        labels=("Win rate, broad", "赢单率（含无决定）"),
        words="Share of won among all opportunities closed in the period, without a decision too.",
        unit=FRACTION,
        source=PIPELINE,
        numerator=[Part(_WON)],
        denominator=[Part(_closed("closed", Aggregate.COUNT, ("won", "lost", "void")))],
    ),
    FigureDefinition(
        name="win_rate_by_value",
        labels=("Win rate by value", "赢单率（按金额）"),
        words="Won amount as a share of the won and lost amount closed in the period.",
        unit=FRACTION,
        source=PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
        denominator=[Part(_closed("closed_amount", Aggregate.SUM, ("won", "lost"), F.amount))],
    ),
    FigureDefinition(
        name="open_opportunities",
        labels=("Open opportunities", "进行中商机"),
        words="Opportunities open at the moment of the review.",
        unit="opportunities",
        source=PIPELINE,
        numerator=[Part(_open("open", Aggregate.COUNT))],
    ),
    FigureDefinition(
        name="open_pipeline",
        labels=("Open pipeline", "销售管道"),
        words="Amount of the opportunities open at the moment of the review.",
        unit=MONEY,
        source=PIPELINE,
        numerator=[Part(_open("open_amount", Aggregate.SUM, F.amount))],
    ),
    FigureDefinition(
        name="weighted_pipeline",
        labels=("Weighted pipeline", "加权管道"),
        words="Sum of amount times probability over the open opportunities that state both.",
        unit=MONEY,
        source=PIPELINE,
        numerator=[Part(_open("weighted", Aggregate.SUM, F.amount * F.probability))],
    ),
    FigureDefinition(
        name="opportunities",
        labels=("Opportunities", "商机数"),
        words="All opportunities known at the moment of the review, whatever their state.",
        unit="opportunities",
        source=PIPELINE,
        numerator=[
            Part(Measure(name="opportunities", table="opportunities", aggregate=Aggregate.COUNT))
        ],
    ),
    FigureDefinition(
        name="activities",
        labels=("Activities", "跟进次数"),
        words="Contacts that happened in the period.",
        unit="activities",
        source=PIPELINE,
        numerator=[
            Part(
                Measure(
                    name="activities",
                    table="activities",
                    aggregate=Aggregate.COUNT,
                    date="happened_on",
                )
            )
        ],
    ),
)
"""Opportunities and activities."""


def _cycle(prefix: str, column: str, since: tuple[str, str]) -> tuple[FigureDefinition, ...]:
    """Return mean, median and 90th percentile of one kind of sales cycle."""
    days = _closed(f"{prefix}_days", Aggregate.SUM, ("won",), F[column])
    known = _closed(f"{prefix}_known", Aggregate.COUNT, ("won",), F[column])
    values = _closed(f"{prefix}_values", Aggregate.VALUES, ("won",), F[column])
    mean = FigureDefinition(
        name=f"{prefix}_mean",
        labels=(f"Sales cycle{since[0]}, mean", f"销售周期{since[1]}（平均）"),
        words=f"Mean days{since[0] or ' from first contact'} to close of the opportunities won.",
        unit="days",
        source=PIPELINE,
        numerator=[Part(days)],
        denominator=[Part(known)],
        is_lower_better=True,
    )
    return mean, *(
        FigureDefinition(
            name=f"{prefix}_{suffix}",
            labels=(f"Sales cycle{since[0]}, {en}", f"销售周期{since[1]}（{zh}）"),
            words=f"Days{since[0] or ' from first contact'} to close that {p} of the opportunities "
            "won in the period stay within.",
            unit="days",
            source=QUANTILES,
            numerator=[Part(values)],
            quantile=Decimal(p),
            is_lower_better=True,
        )
        for suffix, en, zh, p in (
            ("median", "median", "中位数", "0.5"),
            ("p90", "90th percentile", "90 分位", "0.9"),
        )
    )


CYCLES = (
    *_cycle("sales_cycle", "cycle_days", ("", "")),
    *_cycle(
        "sales_cycle_from_creation", "cycle_days_from_creation", (" from creation", "（自创建）")
    ),
    *_cycle(
        "sales_cycle_from_lead", "cycle_days_from_lead", (" from lead creation", "（自线索创建）")
    ),
)
"""How long it takes to win."""
