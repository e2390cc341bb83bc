"""A review as a page of text that a sales manager reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from salescore.book import NO_CURRENCY
from salescore.metrics import Comparison, Dimension, Slice
from salescore.render import (
    NOTHING,
    Language,
    number,
    percent,
    text_table,
)
from salescore.review._cells import (
    aligned,
    digits_of,
    figure_label,
    is_partial,
    marked,
    on_lines,
    padded,
    shown,
    valued,
)
from salescore.review._check import place_text
from salescore.review._grades_text import grade_tables, segment_table
from salescore.review._process_text import process_reasons, process_tables
from salescore.review._review import Review
from salescore.review._stage_tables import stage_tables
from salescore.review._targets import target_table
from salescore.review._words import section, severities, severity_word, word
from salescore.values import Change, Finding, Period, Severity, exact_sum

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
_LEADS = ("leads_created", "conversion_rate", "conversion_open_share")
_DELIVERY = ("on_time_delivery_rate", "order_handling_days_mean")
_COLLECTIONS = ("invoiced_amount", "collections", "collection_ratio_period")
_SALES_COLUMNS = ("revenue", "gross_profit", "gross_margin", "orders", "customers")
_FUNNEL_COLUMNS = (
    "won_amount",
    "won_opportunities",
    "win_rate",
    "sales_cycle_mean",
    "open_opportunities",
)
_SECTIONS = ("product_family", "product", "segment", "region", "team", "rep", "month")
_MOST_ROWS = 12
_MOST_COLUMNS = 4
_MOST_OF_A_KIND = 2
_ZERO = Decimal(0)


def review_text(review: Review, language: Language = Language.EN) -> str:
    """
    Return a review as a page of text, for a terminal of about 100 columns.

    Args:
        review: The review.
        language: Language of every label; what findings and notes say is English.
    """
    page = _Page(review, language)
    return "\n\n".join("\n".join(lines) for lines in page.sections()) + "\n"


@attrs.frozen
class _Page:
    """A review on its way to a page."""

    review: Review
    language: Language

    def sections(self) -> Iterator[list[str]]:
        """Yield the lines of each section."""
        review = self.review
        yield self._head()
        yield from self._overview("quantities", _QUANTITIES, "revenue")
        yield from self._extra("collections", _COLLECTIONS)
        yield from self._extra("delivery", _DELIVERY)
        yield from target_table(review.attainments, review.period, self.language)
        yield from self._trends()
        yield from self._extra("leads", _LEADS)
        yield from self._overview("funnel", _FUNNEL, "opportunities")
        yield from stage_tables(review, self.language)
        if review.process is not None:
            told = (review.process, review.period, review.currency)
            yield from process_tables(*told, self.language)
        yield from self._breakdowns()
        yield from self._customers()
        for one in review.grades:
            yield from grade_tables(one, self.language)
        yield from segment_table(review.segments, self.language)
        yield self._findings()
        yield from self._notes()

    def _say(self, key: str, *parts: object) -> str:
        return word(self.language, key, *parts)

    def _title(self, key: str, *parts: object) -> str:
        return self._say(key, *parts).upper()

    def _name(self, one: Comparison) -> str:
        return self.language.pick(one.definition.labels)

    def _heading_of(self, name: str) -> str:
        return self._name(self.review.comparison(name)).lower()

    def _head(self) -> list[str]:
        review, period = self.review, self.review.period
        facts = [
            self._say("range", period.start, period.last_day),
            self._say("calendar", review.calendar),
            *([] if review.currency == NO_CURRENCY else [review.currency]),
        ]
        if review.as_of is not None:
            facts.append(self._say("known", review.as_of))
        lines = [self._title("review", period.key), " · ".join(facts)]
        if period.unit is None:
            main = review.comparison("revenue")
            ranges = (("before", main.previous), ("year ago", main.year_ago))
            told = [f"{self._say(key)}: {one.during}" for key, one in ranges if one is not None]
            lines.append(" · ".join(told))
        return lines

    def _overview(self, title: str, names: Sequence[str], main: str) -> Iterator[list[str]]:
        found = [one for one in map(self.review.comparison, names) if _is_told(one)]
        if not found:
            reason = self.review.comparison(main).figure.reason
            yield [self._title(title), f"  {self._say('none')}: {reason}"]
            return
        first = found[0]
        pairs = [("before", [(one.previous, one.since_previous) for one in found])]
        if first.year_ago is not None and (
            first.previous is None or first.year_ago.during != first.previous.during
        ):
            pairs.append(("year ago", [(one.year_ago, one.since_year_ago) for one in found]))
        columns = [self._period_heading(self.review.period, "period")]
        rows = [[self._name(one), marked(one.figure, one.figure.excluded)] for one in found]
        numbers = [1]
        for key, earlier in pairs:
            if earlier[0][0] is not None:
                numbers.append(len(rows[0]))
                columns += [self._period_heading(earlier[0][0].during, key), self._say("change")]
                for row, (figure, change) in zip(rows, earlier, strict=True):
                    row += [
                        NOTHING if figure is None else marked(figure, figure.excluded),
                        NOTHING if change is None else self._moved(change),
                    ]
        yield text_table([self._title(title), *columns], aligned(rows, numbers))

    def _extra(self, title: str, names: Sequence[str]) -> Iterator[list[str]]:
        """Yield an overview only where the facts have anything to say."""
        if any(_is_told(self.review.comparison(name)) for name in names):
            yield from self._overview(title, names, names[0])

    def _trends(self) -> Iterator[list[str]]:
        rows = [
            [
                figure_label(one.name, self.language),
                f"{one.n:,}",
                valued(one.slope, unit),
                f"{valued(one.interval.low, unit)} … {valued(one.interval.high, unit)}",
                self._say(f"trend {one.tendency.value}"),
            ]
            for one in self.review.trends
            if one.interval is not None
            and one.tendency is not None
            # Where most months are alike, nothing is left to be told of a line through them.
            and one.interval.low != one.interval.high
            for unit in (one.points[-1].figure.unit,)
        ]
        if rows:
            keys = ("months fitted", "slope", "interval", "tendency")
            yield text_table([self._title("trends"), *map(self._say, keys)], rows)

    def _period_heading(self, period: Period | None, key: str) -> str:
        """Return the name of a column: a range of days is too wide, so the head names these."""
        return self._say(key) if period is None or period.unit is None else period.key

    def _moved(self, change: Change) -> str:
        if change.value is None:
            return NOTHING
        return change.text().replace("pp", self._say("points"))

    def _breakdowns(self) -> Iterator[list[str]]:
        told = {dimension for _, dimension, _ in self.review.slices}
        dimensions = {one.name: one for one in self.review.dimensions if one.name in told}
        for name in dict.fromkeys((*_SECTIONS, *sorted(dimensions))):
            if name in dimensions and name != "stage":
                one = dimensions[name]
                tables = [
                    *self._breakdown(one, _SALES_COLUMNS),
                    *self._breakdown(one, _FUNNEL_COLUMNS),
                ]
                yield from tables or self._breakdown(one, self._further(name))

    def _further(self, dimension: str) -> Sequence[str]:
        """Return the first figures by a dimension that is none of sales and funnel."""
        found = [name for name, by, _ in self.review.slices if by == dimension]
        return found[:_MOST_COLUMNS]

    def _breakdown(self, by: Dimension, names: Sequence[str]) -> Iterator[list[str]]:
        dimension = by.name
        by_name = {name: self._by_key(name, dimension) for name in names}
        # Not only the rows of the first column: who won nothing still lost, or has open business.
        labels = {
            key: one.label for found in reversed(by_name.values()) for key, one in found.items()
        }
        keys = list(dict.fromkeys(key for found in by_name.values() for key in found))
        if all(key is None for key in keys):
            return
        if dimension == "month":
            keys.sort(key=lambda key: (key is None, key))
        there = [name for name in names if by_name[name]]
        is_long = len(keys) > _MOST_ROWS and dimension != "month"
        first, left = (keys[: _MOST_ROWS - 1], keys[_MOST_ROWS - 1 :]) if is_long else (keys, [])
        rows = [
            [labels[key], *(self._cell(name, by_name[name].get(key)) for name in there)]
            for key in first
        ]
        if left:
            is_additive = self.review.comparison(names[0]).definition.is_additive
            parts = by_name[names[0]] if is_additive else {}
            rest = [parts[key] for key in left if key in parts]
            rows.append([self._say("more", f"{len(left):,}"), *_rest(rest, len(there))])
        title = section(self.language, by).upper()
        yield text_table([title, *map(self._heading_of, there)], rows)

    def _by_key(self, name: str, dimension: str) -> dict[str | None, Slice]:
        return {one.key: one for one in self.review.slices_by(name, dimension)}

    def _cell(self, name: str, found: Slice | None) -> str:
        """Return a number; where a figure has no row, a sum or count is 0, all else undefined."""
        if found is not None:
            return shown(found.figure)
        comparison = self.review.comparison(name)
        if not comparison.definition.is_additive:
            return NOTHING
        return number(_ZERO, digits_of(comparison.figure.unit))

    def _customers(self) -> Iterator[list[str]]:
        found, figure = self.review.abc, self.review.abc_figure
        if found is None or figure is None:
            return
        if found.reason is not None:
            yield [self._title("abc"), f"  {self._say('none')}: {found.reason}"]
            return
        label, share = self._heading_of(figure), self._say("share")
        digits = digits_of(self.review.currency)
        yield text_table(
            [self._title("abc"), self._say("customers"), label, share],
            [
                [
                    self._say("class of", one.grade),
                    f"{one.n:,}",
                    number(one.value, digits),
                    percent(one.share),
                ]
                for one in found.classes
            ],
        )
        yield text_table(
            [self._title("largest"), label, share, self._say("class")],
            [
                [item.label, number(item.value, digits), percent(item.share), item.grade]
                for item in found.items[:10]
            ],
        )

    def _findings(self) -> list[str]:
        found = self.review.findings
        title = self._title("findings")
        if not found:
            return [title, f"  {self._say('none')}"]
        lines = [f"{title}: {severities(self.language, found)}"]
        kinds: dict[tuple[Severity, str], list[Finding]] = {}
        for one in found:
            kinds.setdefault((one.severity, one.code), []).append(one)
        for (severity, _), those in kinds.items():
            first = padded(f"  {severity_word(self.language, severity, 1)}", 10)
            for one in those[:_MOST_OF_A_KIND]:
                lines += on_lines(place_text(one.place) + one.message, first=first)
            if len(those) > _MOST_OF_A_KIND:
                left = self._say("more of kind", f"{len(those) - _MOST_OF_A_KIND:,}")
                lines.append(f"{' ' * 10}{left}")
        return lines

    def _notes(self) -> Iterator[list[str]]:
        notes = [*self._marked(), *self._undefined(), *self.review.notes]
        if notes:
            lines = (on_lines(note, first="  ") for note in notes)
            yield [self._title("notes"), *(line for note in lines for line in note)]

    def _marked(self) -> Iterator[str]:
        """Yield what the mark behind a number means, where there is one."""
        names = (*_QUANTITIES, *_COLLECTIONS, *_DELIVERY, *_LEADS, *_FUNNEL)
        figures = [
            figure
            for one in map(self.review.comparison, names)
            for figure in (one.figure, one.previous, one.year_ago)
            if figure is not None
        ]
        if any(is_partial(one, one.excluded) for one in figures) or any(
            is_partial(one.actual, one.excluded) for one in self.review.attainments
        ):
            yield self._say("marked")

    def _undefined(self) -> Iterator[str]:
        """Yield why figures are missing from a table that the review has."""
        for names in (_QUANTITIES, _FUNNEL):
            found = [self.review.comparison(name) for name in names]
            if not any(map(_is_told, found)):
                continue
            reasons: dict[str, list[str]] = {}
            for one in found:
                if one.figure.reason is not None:
                    reasons.setdefault(one.figure.reason, []).append(self._name(one))
            for reason, who in reasons.items():
                yield self._say("undefined", "; ".join(who), reason)
        if self.review.process is not None:
            yield from process_reasons(self.review.process, self.language)


def _is_told(one: Comparison) -> bool:
    """Return whether a figure has anything to say now or before; one that never had is left out."""
    figures = (one.figure, one.previous, one.year_ago)
    return any(figure is not None and figure.value is not None for figure in figures)


def _rest(left: Sequence[Slice], columns: int) -> list[str]:
    """Return what the rows not shown add up to in the first column, which is additive."""
    if not left:
        return [""] * columns
    total = exact_sum(one.value for one in left if one.value is not None)
    return [number(total, digits_of(left[0].figure.unit)), *[""] * (columns - 1)]
