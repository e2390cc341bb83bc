"""A review as a page of text that a sales manager reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from salescore.metrics import FRACTION, Comparison, Figure, Slice
from salescore.render import NOTHING, clip, number, percent, text_table, wrapped
from salescore.review._check import place_text
from salescore.review._review import Review
from salescore.values import Change, Finding, Period, Severity, currency, exact_sum

_QUANTITIES = (
    "revenue",
    "gross_revenue",
    "volume",
    "gross_profit",
    "gross_margin",
    "selling_expenses",
    "sales_profit",
    "sales_margin",
    "orders",
    "customers",
    "new_customers",
    "average_order_value",
    "revenue_per_customer",
)
_FUNNEL = (
    "won_amount",
    "won_opportunities",
    "lost_opportunities",
    "win_rate",
    "win_rate_broad",
    "win_rate_by_value",
    "average_won_amount",
    "median_won_amount",
    "sales_cycle_mean",
    "sales_cycle_median",
    "sales_cycle_p90",
    "open_opportunities",
    "open_pipeline",
    "weighted_pipeline",
)
_SALES_COLUMNS = ("revenue", "gross_profit", "gross_margin", "orders", "customers")
_FUNNEL_COLUMNS = (
    "won_amount",
    "won_opportunities",
    "win_rate",
    "sales_cycle_mean",
    "open_opportunities",
)
_SECTIONS = (
    ("product_family", "Product families"),
    ("product", "Products"),
    ("segment", "Segments"),
    ("region", "Regions"),
    ("team", "Teams"),
    ("rep", "Sales reps"),
    ("month", "Months"),
)
_MOST_ROWS = 12
_MOST_OF_A_KIND = 2
_WIDTH = 100


def review_text(review: Review) -> str:
    """
    Return a review as a page of text, for a terminal of about 100 columns.

    Args:
        review: The review.
    """
    sections = [
        _head(review),
        *_overview(review, "Quantities", _QUANTITIES, "revenue"),
        *_overview(review, "Funnel", _FUNNEL, "opportunities"),
        *_stages(review),
        *_breakdowns(review),
        *_customers(review),
        _findings(review),
        *_notes(review),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _head(review: Review) -> list[str]:
    period = review.period
    known = [] if review.as_of is None else [f"known as of {review.as_of}"]
    facts = (f"{period.start} to {period.last_day}", f"{review.calendar} calendar", review.currency)
    lines = [f"SALES REVIEW {period.key}", " · ".join((*facts, *known))]
    if period.unit is None:
        main = review.comparison("revenue")
        ranges = (("before", main.previous), ("year ago", main.year_ago))
        told = [f"{word}: {one.during}" for word, one in ranges if one is not None]
        lines.append(" · ".join(told))
    return lines


def _overview(review: Review, title: str, names: Sequence[str], main: str) -> Iterator[list[str]]:
    found = [one for one in map(review.comparison, names) if _is_told(one)]
    if not found:
        yield [title.upper(), f"  none: {review.comparison(main).figure.reason}"]
        return
    earlier = found[0].year_ago
    previous = found[0].previous.during
    columns = [_heading(review.period, "period"), _heading(previous, "before"), "change"]
    with_year = earlier is not None and earlier.during != previous
    if with_year and earlier is not None:
        columns += [_heading(earlier.during, "year ago"), "change"]
    rows: list[list[str]] = []
    for one in found:
        row = [
            one.definition.labels[0],
            _shown(one.figure),
            _shown(one.previous),
            _moved(one.since_previous),
        ]
        if with_year and one.year_ago is not None and one.since_year_ago is not None:
            row += [_shown(one.year_ago), _moved(one.since_year_ago)]
        rows.append(row)
    yield text_table([title.upper(), *columns], rows)


def _heading(period: Period | None, word: str) -> str:
    """Return the name of a column: a range of days is too wide for it, so the head names these."""
    return word if period is None or period.unit is None else period.key


def _is_told(one: Comparison) -> bool:
    """Return whether a figure has anything to say now or before; one that never had is left out."""
    figures = (one.figure, one.previous, one.year_ago)
    return any(figure is not None and figure.value is not None for figure in figures)


def _stages(review: Review) -> Iterator[list[str]]:
    stages = review.slices_by("opportunities", "stage")
    amounts = {one.key: one.figure for one in review.slices_by("open_pipeline", "stage")}
    if stages:
        rows = [
            [
                one.label,
                _shown(one.figure),
                _shown(amounts[one.key]) if one.key in amounts else NOTHING,
            ]
            for one in stages
        ]
        yield text_table(["STAGES", "opportunities", "open amount"], rows)


def _breakdowns(review: Review) -> Iterator[list[str]]:
    told = {dimension for _, dimension, _ in review.slices}
    known = [*_SECTIONS, *((name, name.replace("_", " ").capitalize()) for name in sorted(told))]
    done: set[str] = {"stage"}
    for dimension, title in known:
        if dimension in told and dimension not in done:
            for columns in (_SALES_COLUMNS, _FUNNEL_COLUMNS):
                yield from _breakdown(review, dimension, title, columns)
        done.add(dimension)


def _breakdown(
    review: Review, dimension: str, title: str, names: Sequence[str]
) -> Iterator[list[str]]:
    by_name = {name: _by_key(review, name, dimension) for name in names}
    # Not only the rows of the first column: who won nothing still lost, or has open business.
    labels = {key: one.label for found in reversed(by_name.values()) for key, one in found.items()}
    keys = list(dict.fromkeys(key for found in by_name.values() for key in found))
    if all(key is None for key in keys):
        return
    if dimension == "month":
        keys.sort(key=lambda key: (key is None, key))
    there = [name for name in names if by_name[name]]
    is_long = len(keys) > _MOST_ROWS and dimension != "month"
    shown, left = (keys[: _MOST_ROWS - 1], keys[_MOST_ROWS - 1 :]) if is_long else (keys, [])
    rows = [
        [labels[key], *(_cell(review, name, by_name[name].get(key)) for name in there)]
        for key in shown
    ]
    if left:
        rest = [by_name[names[0]][key] for key in left if key in by_name[names[0]]]
        rows.append([f"… {len(left):,} more", *_rest(rest, len(there))])
    head = [review.comparison(name).definition.labels[0].lower() for name in there]
    yield text_table([title.upper(), *head], rows)


def _by_key(review: Review, name: str, dimension: str) -> dict[str | None, Slice]:
    return {one.key: one for one in review.slices_by(name, dimension)}


def _cell(review: Review, name: str, found: Slice | None) -> str:
    """Return a number; where a figure has no row, a sum or count is 0 and all else undefined."""
    if found is not None:
        return _shown(found.figure)
    comparison = review.comparison(name)
    return (
        number(_ZERO, _digits(comparison.figure.unit))
        if comparison.definition.is_additive
        else NOTHING
    )


_ZERO = Decimal(0)


def _rest(left: Sequence[Slice], columns: int) -> list[str]:
    """Return what the rows not shown add up to in the first column, which is additive."""
    if not left:
        return [""] * columns
    total = exact_sum(one.value for one in left if one.value is not None)
    return [number(total, _digits(left[0].figure.unit)), *[""] * (columns - 1)]


def _customers(review: Review) -> Iterator[list[str]]:
    found = review.abc
    if found is None or review.abc_figure is None:
        return
    label = review.comparison(review.abc_figure).definition.labels[0].lower()
    if found.reason is not None:
        yield ["CUSTOMERS BY ABC", f"  none: {found.reason}"]
        return
    digits = _digits(review.currency)
    yield text_table(
        ["CUSTOMERS BY ABC", "customers", label, "share"],
        [
            [f"Class {one.grade}", f"{one.n:,}", number(one.value, digits), percent(one.share)]
            for one in found.classes
        ],
    )
    yield text_table(
        ["LARGEST CUSTOMERS", label, "share", "class"],
        [
            [item.label, number(item.value, digits), percent(item.share), item.grade]
            for item in found.items[:10]
        ],
    )


def _findings(review: Review) -> list[str]:
    counts = {
        severity: sum(one.severity is severity for one in review.findings) for severity in Severity
    }
    if not review.findings:
        return ["FINDINGS", "  none"]
    summary = ", ".join(
        f"{count:,} {severity.value}{'s' if count > 1 and severity is not Severity.INFO else ''}"
        for severity, count in counts.items()
        if count
    )
    lines = [f"FINDINGS: {summary}"]
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for one in review.findings:
        kinds.setdefault((one.severity, one.code), []).append(one)
    for (severity, _), found in kinds.items():
        first = f"  {severity.value:<8}"
        for one in found[:_MOST_OF_A_KIND]:
            lines += _wrapped(place_text(one.place) + one.message, first=first)
        if len(found) > _MOST_OF_A_KIND:
            lines.append(f"{' ' * len(first)}… {len(found) - _MOST_OF_A_KIND:,} more of this kind")
    return lines


def _wrapped(text: str, *, first: str) -> list[str]:
    """Return a text on lines of the page's width; a word that is longer, such as an id, is cut."""
    return [clip(line, _WIDTH) for line in wrapped(text, first=first, width=_WIDTH)]


def _notes(review: Review) -> Iterator[list[str]]:
    notes = [*_undefined(review), *review.notes]
    if notes:
        lines = (_wrapped(note, first="  ") for note in notes)
        yield ["NOTES", *(line for note in lines for line in note)]


def _undefined(review: Review) -> Iterator[str]:
    """Yield why figures are missing from a table that the review has."""
    for names in (_QUANTITIES, _FUNNEL):
        if not any(_is_told(one) for one in map(review.comparison, names)):
            continue
        reasons: dict[str, list[str]] = {}
        for one in map(review.comparison, names):
            if one.figure.reason is not None:
                reasons.setdefault(one.figure.reason, []).append(one.definition.labels[0])
        yield from (f"{'; '.join(who)}: undefined, {reason}." for reason, who in reasons.items())


def _shown(figure: Figure) -> str:
    if figure.unit == FRACTION:
        return percent(figure.value)
    return number(figure.value, _digits(figure.unit))


def _digits(unit: str) -> int:
    """Return digits behind the point: the currency's for money, one for days, none for counts."""
    first = unit.split(" ", 1)[0]
    if first.isupper():
        return currency(first).minor_units
    return 1 if unit == "days" else 0


def _moved(change: Change) -> str:
    return NOTHING if change.value is None else change.text()
