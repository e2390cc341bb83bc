"""The sections of the sales process: funnel, bottleneck, times, losses, what is stale and due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from salescore.book import NO_CURRENCY
from salescore.funnel import NoDue, limit_words
from salescore.pipeline import (
    LossRow,
    RepVerdict,
    Slippage,
    StageGap,
    StageTime,
    StaleCode,
    StaleOpportunity,
    StaleReason,
)
from salescore.render import NOTHING, Language, clip, number, percent, text_table
from salescore.review._cells import digits_of, on_lines, shown
from salescore.review._process import DueSale, DueState, FunnelReview, ProcessReview
from salescore.review._words import word
from salescore.stats import ConfidenceInterval, TimeQuantile
from salescore.values import Period

_MOST_ROWS = 8
_NAME = 24
_SHORT = 12
_TITLE = 44
_STALE = (StaleCode.PAST_PRECEDENT, StaleCode.LONG_IN_STAGE, StaleCode.PAST_CLOSE_DATE)


def process_tables(
    one: ProcessReview, during: Period, currency: str, language: Language
) -> Iterator[list[str]]:
    """
    Yield the lines of each section of the sales process; those without rows are left out.

    Args:
        one: What is told.
        during: Period under review.
        currency: Reporting currency.
        language: Language of the labels.
    """
    page = _Page(one, during, currency, language)
    for funnel in one.funnels:
        yield page.funnel(funnel)
        yield from page.bottleneck(funnel)
        yield from page.due(funnel)
    yield from page.times()
    yield from page.losses()
    yield from page.slippage()
    yield from page.velocity()
    yield page.stale()
    yield from page.reps()


def process_reasons(one: ProcessReview, language: Language) -> Iterator[str]:
    """
    Yield why sections of the sales process have nothing to tell, each reason once.

    Args:
        one: What is told.
        language: Language of the names of the sections; reasons are English.
    """
    found: dict[str, dict[str, None]] = {}
    for key, reason in _lacks(one):
        if reason is not None:
            found.setdefault(reason, {})[word(language, key)] = None
    for reason, names in found.items():
        yield word(language, "undefined", "; ".join(names), reason)
    for note in one.stale.notes:
        yield f"{word(language, 'stale')}: {note}."


def _lacks(one: ProcessReview) -> Iterator[tuple[str, str | None]]:
    """Yield the name of each section that may be undefined, and why it is."""
    yield from ((key, one.no_funnel) for key in ("stage by stage", "bottleneck", "due"))
    for funnel in one.funnels:
        yield "stage by stage", funnel.ways.lack
        yield "bottleneck", funnel.ways.lack
        steps = [step for step in funnel.conversions if step.n]
        yield from (("stage by stage", step.figure.reason) for step in steps)
        if funnel.compared_with is None:
            yield "bottleneck", "nothing lies before the period"
    yield from (("time in stage", times.lack) for times in one.times)
    yield "pushed dates", one.open_slippage.total.pushed_share.reason
    yield "losses", one.losses.reason
    yield "velocity", one.velocity.reason
    yield "stale", one.stale.lack


class _Page:
    """What is told of the sales process, in one language."""

    def __init__(
        self, one: ProcessReview, during: Period, currency: str, language: Language
    ) -> None:
        self.one = one
        self.during = during
        self.currency = NOTHING if currency == NO_CURRENCY else currency
        self.digits = digits_of(currency)
        self.language = language

    def say(self, key: str, *parts: object) -> str:
        return word(self.language, key, *parts)

    def head(self, title: str, *keys: str) -> list[str]:
        return [title.upper(), *map(self.say, keys)]

    def money(self, amount: Decimal | None) -> str:
        return number(amount, self.digits)

    def stage(self, key: str | None) -> str:
        """Return what a reader calls a stage of whichever funnel has it."""
        if key is None:
            return self.say("unknown")
        return self.one.label(key, self.language) or key

    def told(self, key: str, *parts: object) -> list[str]:
        """Return a sentence below a table."""
        return on_lines(self.say(key, *parts), first="  ")

    def funnel(self, one: FunnelReview) -> list[str]:
        """Return how many reached each stage in the period, and what became of them."""
        name = self.language.pick(one.funnel.labels) or one.funnel.name
        rows = [
            [
                clip(one.label(step.source, self.language), _NAME),
                f"{step.n:,}",
                f"{step.converted:,}",
                percent(step.value),
                between(step.interval),
                f"{step.given_up:,}",
                f"{step.open:,}",
            ]
            for step in one.conversions
        ]
        last = clip(one.label(one.ways.stages[-1], self.language), _NAME)
        rows.append([last, f"{one.last_reached:,}", *[""] * 5])
        keys = ("reached", "went on", "went on share", "interval", "given up", "still open")
        lines = text_table(self.head(self.say("funnel of", name), *keys), rows)
        return [*lines, *self.told("funnel days", self.during.key, self.one.as_of)]

    def bottleneck(self, one: FunnelReview) -> Iterator[list[str]]:
        """Yield what each stage costs against the period before, where that can be told."""
        costs, before, until = one.bottlenecks, one.compared_with, one.compared_until
        if costs is None or before is None or until is None:
            return
        told = [row for row in costs.rows if row.lost_wins is not None]
        if told:
            days = before.key if until == before.last_day else f"{before.start}..{until}"
            title = self.say("bottleneck against", days)
            keys = ("went on share", "before", "wins lost", "interval", "beyond chance")
            rows = [self.gap(one, row) for row in told]
            lines = text_table(self.head(title, *keys), rows, widest=_TITLE, left=[5])
            yield [*lines, *self.told("bottleneck days", before.start, until)]

    def gap(self, one: FunnelReview, row: StageGap) -> list[str]:
        low, high = (None, None) if row.interval is None else (row.interval.low, row.interval.high)
        return [
            clip(one.label(row.stage, self.language), _NAME),
            percent(row.conversion.value),
            percent(row.benchmark),
            number(row.lost_wins, 1),
            f"{number(low, 1)} … {number(high, 1)}",
            self.say(_verdict(row)),
        ]

    def due(self, one: FunnelReview) -> Iterator[list[str]]:
        """Yield what is overdue or due on the day, and how much is not."""
        if not one.has_limits:
            return
        listed = one.of_state(DueState.OVERDUE, DueState.TODAY)
        title = self.say("due by", self.one.as_of)
        counts = Counter(sale.state for sale in one.dues)
        left = [self.say(f"due {state.value}", f"{counts[state]:,}") for state in DueState]
        lines = [title.upper()]
        if listed:
            rows = [self.due_row(one, sale) for sale in listed[:_MOST_ROWS]]
            keys = ("rep", "stage", "limit", "entered on", "due on", "days late in all")
            lines = text_table(self.head(title, *keys), rows, left=range(6))
        lines += self.more(len(listed), *left)
        if counts[DueState.UNKNOWN]:
            lines += self.unknown(one)
        yield lines

    def due_row(self, one: FunnelReview, sale: DueSale) -> list[str]:
        found = sale.due
        return [
            clip(sale.name, _NAME),
            clip(sale.rep_name or NOTHING, _SHORT),
            clip(one.label(found.stage.key, self.language), _NAME),
            limit_words(found.limit, self.language),
            str(found.entered_at.date()),
            str(sale.due_on),
            NOTHING if sale.due_on is None else f"{(self.one.as_of - sale.due_on).days:,}",
        ]

    def unknown(self, one: FunnelReview) -> Iterator[str]:
        """Yield why nobody can say when opportunities are due."""
        reasons = {sale.due.no_due for sale in one.of_state(DueState.UNKNOWN)}
        for reason in NoDue:
            if reason in reasons:
                yield f"  {self.say(reason.value)}"

    def times(self) -> Iterator[list[str]]:
        """Yield how long sales stay in each stage that anybody was in."""
        told = [row for times in self.one.times for row in times.stages if row.n]
        if told:
            title = self.say("until", self.say("time in stage"), self.one.as_of)
            head = self.head(title, "stays", "still there")
            head += ["25 %", self.say("median"), self.say("interval"), "75 %"]
            yield text_table(head, [self.time(row) for row in told])

    def time(self, one: StageTime) -> list[str]:
        return [
            clip(self.language.pick(one.names), _NAME),
            f"{one.n:,}",
            f"{one.running:,}",
            number(one.lower_quartile.time, 0),
            number(one.median.time, 0),
            _days(one.median),
            number(one.upper_quartile.time, 0),
        ]

    def losses(self) -> Iterator[list[str]]:
        """Yield where and why sales were lost."""
        found = self.one.losses
        if not found.n:
            return
        rows = [self.loss(row) for row in found.rows[:_MOST_ROWS]]
        keys = ("reason", "opportunities", "share", "amount", "share of amount")
        lines = text_table(self.head(self.say("losses"), *keys), rows, left=[1])
        yield [*lines, *self.more(len(found.rows))]

    def loss(self, one: LossRow) -> list[str]:
        return [
            clip(self.stage(one.stage), _NAME),
            clip(one.loss_reason or self.say("unknown"), _NAME),
            f"{one.n:,}",
            percent(one.share),
            self.money(one.amount),
            percent(one.amount_share),
        ]

    def slippage(self) -> Iterator[list[str]]:
        """Yield how close dates moved, of what is open and of what closed in the period."""
        opened, closed = self.one.open_slippage.total, self.one.closed_slippage.total
        now = self.say("open on", self.one.as_of)
        told = [(now, opened)] if opened.pushed_share.n or opened.past_due else []
        told += [(self.say("closed"), closed)] if closed.pushed_share.n else []
        if told:
            keys = ("pushed", "pushed share", "days a push", "past due", "open amount")
            rows = [[label, *self.pushes(found)] for label, found in told]
            yield text_table(self.head(self.say("close dates"), *keys), rows)

    def pushes(self, one: Slippage) -> list[str]:
        return [
            NOTHING if one.pushed is None else f"{one.pushed:,}",
            percent(one.pushed_share.value),
            number(one.mean_push_days, 1),
            NOTHING if one.past_due is None else f"{one.past_due:,}",
            self.money(one.past_due_amount),
        ]

    def velocity(self) -> Iterator[list[str]]:
        """Yield what the open pipeline brings a day, every part of it shown."""
        found = self.one.velocity
        if found.value is not None:
            head = self.head(self.say("velocity"))
            head += [self.say("open on", self.one.as_of)]
            head += map(self.say, ("win rate", "average won", "cycle days", "a day"))
            row = [self.currency, *map(shown, found.parts), self.money(found.value)]
            yield text_table(head, [row])

    def stale(self) -> list[str]:
        """Return what somebody should look at, and why."""
        found = self.one.stale
        title = self.say("stale on", self.one.as_of)
        if not found.rows:
            return [title.upper(), f"  {self.say('none of', f'{found.n:,}')}"]
        rows = [self.stale_row(row) for row in found.rows[:_MOST_ROWS]]
        keys = ("stage", "amount", "days open", "days in the stage", "days past the date")
        lines = text_table(self.head(title, *keys), rows, left=[1])
        lines += self.more(len(found.rows), self.say("out of", f"{found.n:,}"))
        has_limit = any(" > " in cell for row in rows for cell in row[3:])
        return [*lines, f"  {self.say('beyond won')}"] if has_limit else lines

    def stale_row(self, one: StaleOpportunity) -> list[str]:
        """Return an opportunity with a number for each reason, and the limit that it passes."""
        told = {reason.code: _passed(reason) for reason in reversed(one.reasons)}
        return [
            clip(one.name, _NAME),
            clip(self.stage(one.stage), _NAME),
            self.money(one.amount),
            *(told.get(code, NOTHING) for code in _STALE),
        ]

    def reps(self) -> Iterator[list[str]]:
        """Yield who wins more or less often than chance would make of the others' rate."""
        found = self.one.reps
        if not found.rows:
            return
        outstanding = found.outstanding[:_MOST_ROWS]
        title = self.say("reps compared")
        lines = [title.upper()]
        if outstanding:
            keys = ("won", "closed", "win rate", "interval", "others", "verdict")
            rows = [
                [
                    clip(row.label, _NAME),
                    f"{row.won:,}",
                    f"{row.closed:,}",
                    percent(row.win_rate),
                    between(row.interval),
                    percent(row.others_rate),
                    row.verdict.words(self.language),
                ]
                for row in outstanding
            ]
            lines = text_table(self.head(title, *keys), rows, left=[6])
        counts = Counter(row.verdict for row in found.rows)
        rest = (RepVerdict.NO_DIFFERENCE, RepVerdict.TOO_FEW, RepVerdict.NO_OTHERS)
        colon = self.language.pick((": ", "："))
        lines += [
            f"  {one.words(self.language)}{colon}{counts[one]:,}" for one in rest if counts[one]
        ]
        yield lines

    def more(self, many: int, *words: str) -> Sequence[str]:
        """Return how many rows are left out, if any are."""
        left = [self.say("more", f"{many - _MOST_ROWS:,}")] if many > _MOST_ROWS else []
        told = " · ".join([*left, *words])
        return [f"  {told}"] if told else []


def _verdict(row: StageGap) -> str:
    """Return whether a stage is better or worse than before, beyond chance."""
    if not row.is_real or row.gap is None:
        return "no"
    return "worse" if row.gap > 0 else "better"


def between(found: ConfidenceInterval | None) -> str:
    """Return where a share lies."""
    return NOTHING if found is None else f"{percent(found.low)} … {percent(found.high)}"


def _passed(reason: StaleReason) -> str:
    """Return the days of a reason, and the most that any won one took."""
    limit = "" if reason.limit is None else f" > {number(reason.limit, 0)}"
    return f"{reason.days:,}{limit}"


def _days(found: TimeQuantile) -> str:
    """Return where a number of days lies; an end that was not seen is open."""
    low, high = (NOTHING if one is None else number(one, 0) for one in (found.low, found.high))
    return NOTHING if found.time is None and found.low is None else f"{low} … {high}"
