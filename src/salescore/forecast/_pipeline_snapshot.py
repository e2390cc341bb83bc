"""The pipeline as it was known on a day: open opportunities with what a forecast needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._numbers import finite
from salescore.forecast._pipeline_checks import check_chance, check_day, each_of
from salescore.forecast._pipeline_facts import SHOWN_KEYS, open_reduction, running_reduction
from salescore.forecast._pipeline_words import LeftOut, Words, left_out
from salescore.funnel import Funnel
from salescore.metrics import AnyFacts, FigureSource, find_dimension, source_of
from salescore.pipeline import Since
from salescore.plain import as_tuple

_STARTS = {
    "created": "created_on",
    "first_contact": "first_contact_on",
    "lead": "lead_created_on",
}
_UNITS = frozenset({"year", "quarter", "month", "week"})
_ON_HOLD: Words = ("on hold", "已搁置")
_OTHER_FUNNEL: Words = ("of another funnel", "属于其他销售漏斗")
_TWICE: Words = ("its id stands there twice", "编号重复")


class ChanceSource(Enum):
    """
    Where the chance of an opportunity comes from.

    Attributes:
        PINNED: Set by hand.
        STATED: On its record.
        STAGE: The default of its stage in the funnel.
    """

    PINNED = "pinned"
    STATED = "stated"
    STAGE = "stage"


@attrs.frozen(kw_only=True)
class OpenOpportunity:
    """
    An opportunity as it was known on the day of a snapshot.

    Attributes:
        id: Its id.
        stage: Its stage; `None` where nobody can tell.
        is_on_hold: Whether it is on hold.
        chance: Chance to be won in the end that is stated, from 0 to 1; `None` where none is.
        chance_source: Where that comes from; `None` where there is none.
        amount: Amount in the reporting currency; `None` where it is unknown or has no rate.
        unpriced: Currency of an amount that has no exchange rate; `None` for any other.
        expected_close_on: Day it should close; `None` where nobody stated one.
        began_on: Day from which its age counts; `None` where unknown.
        age_days: Its age in days; `None` where unknown.
        stage_days: Days in its stage; `None` where no running stay is on record.
        category: Forecast category that its record states, else that of its stage; `None` without.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        team_id: Team of the rep; `None` without.
        customer_id: Customer; `None` when unknown.
        product_id: Product; `None` when none or several.
        keys: Values of the dimensions by which the snapshot groups, in their order.
    """

    id: str
    stage: str | None
    is_on_hold: bool = False
    chance: Decimal | None = None
    chance_source: ChanceSource | None = None
    amount: Decimal | None = None
    unpriced: str | None = None
    expected_close_on: date | None = None
    began_on: date | None = None
    age_days: int | None = None
    stage_days: int | None = None
    category: str | None = None
    rep_id: str | None = None
    team_id: str | None = None
    customer_id: str | None = None
    product_id: str | None = None
    keys: tuple[str | None, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if self.chance is not None:
            check_chance(f"chance of {self.id}", self.chance)
        if self.amount is not None:
            finite(self.amount)

    @property
    def lacks(self) -> tuple[Words, ...]:
        """Return what a forecast out of stated facts would need and it does not state."""
        found: list[Words] = []
        if self.amount is None and self.unpriced is not None:
            code = self.unpriced
            found.append((f"no exchange rate for {code}", f"缺少{code}汇率"))
        elif self.amount is None:
            found.append(("amount unknown", "金额未知"))
        if self.chance is None:
            found.append(("chance unknown", "赢单概率未知"))
        return tuple(found)


@attrs.frozen(kw_only=True)
class PipelineSnapshot:
    """
    Open opportunities as known on a day.

    Attributes:
        as_of: Last day whose facts are seen.
        currency: Reporting currency of the amounts.
        since: From which day on ages count: `created`, `first_contact` or `lead`.
        by: Names of the dimensions by which opportunities are grouped; empty for none.
        opportunities: The open opportunities, by id; those that lack something too.
        left_out: Those that no forecast counts, such as those on hold, with reasons.
    """

    as_of: date
    currency: str
    since: Since = "created"
    by: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    opportunities: tuple[OpenOpportunity, ...] = attrs.field(converter=as_tuple)
    left_out: tuple[LeftOut, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if len({one.id for one in self.opportunities}) < len(self.opportunities):
            raise InvalidValue("opportunities", len(self.opportunities), "an id stands there twice")

    @property
    def lacking(self) -> tuple[LeftOut, ...]:
        """Return which opportunities state no amount, rate or chance, with reasons."""
        return left_out((one.id, lack) for one in self.opportunities for lack in one.lacks)

    def of(self, key: str) -> OpenOpportunity:
        """
        Return an opportunity by its id.

        Raises:
            UnknownName: There is none of this id.
        """
        for one in self.opportunities:
            if one.id == key:
                return one
        raise UnknownName("open opportunity", key, tuple(one.id for one in self.opportunities))


def source_of_day(facts: AnyFacts, as_of: date) -> FigureSource:
    """
    Return what figures ask, as of a day.

    Raises:
        InvalidValue: `as_of` is no day, lies after the last day that the facts may tell of, or is
            one of which they tell nothing, as dataframes of another day.
    """
    check_day("as_of", as_of)
    source = source_of(facts)
    if source.as_of is not None and source.as_of < as_of:
        raise InvalidValue("as_of", as_of, f"the facts are seen up to {source.as_of} only")
    found = source.at(as_of)
    if found.lack is not None:
        raise InvalidValue("as_of", as_of, found.lack)
    return found


def start_column_of(since: Since) -> str:
    """
    Return the column of the day from which on ages count.

    Raises:
        InvalidValue: It is none of `created`, `first_contact` and `lead`.
    """
    if not isinstance(cast("object", since), str) or since not in _STARTS:
        raise InvalidValue("since", since, f"it must be one of {', '.join(_STARTS)}")
    return _STARTS[since]


def group_columns(source: FigureSource, by: str | Sequence[str] | None) -> dict[str, str]:
    """
    Return the column of the fact table behind each dimension.

    Raises:
        UnknownName: There is no such dimension.
        InvalidValue: It is a unit of the calendar, or not one of opportunities.
    """
    schema = source.schema("opportunities")
    names = () if by is None else (by,) if isinstance(by, str) else by
    found: dict[str, str] = {}
    for name in each_of("by", names, str, "names of dimensions"):
        one = find_dimension(name, [schema])
        if one.column in _UNITS or not one.is_in(schema):
            raise InvalidValue("by", name, "it must be a dimension of opportunities, no time")
        found[one.name] = one.column
    return found


def pipeline_snapshot(
    facts: AnyFacts,
    *,
    as_of: date,
    funnel: Funnel | None = None,
    by: str | Sequence[str] | None = None,
    since: Since = "created",
    with_hold: bool = False,
) -> PipelineSnapshot:
    """
    Return the open opportunities as known on a day.

    The chance is that set by hand, else that on the record, else the default of the stage.
    What was recorded later changes nothing; of an opportunity that moved or closed later nobody
    kept the chance and the category, so that those of the stage at the time stand in.
    The amount is the last one on record: where a book overwrites it when a sale closes, take the
    snapshot from a book kept on the day, or learn amounts from those won before.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        funnel: The funnel, for the chances and categories of its stages; opportunities of another
            one are left out. `None` takes all, with what their records state.
        by: Dimension or dimensions by which methods that learn from history group, such as
            `product`.
        since: From which day on ages count: creation, first contact, or creation of the lead.
        with_hold: Whether opportunities on hold count, too.

    Raises:
        InvalidValue: `as_of` is no day or later than the facts are seen, `since` none of the three,
            a dimension one of the calendar, or a chance lies outside 0 to 1.
        UnknownName: There is no such dimension.

    Examples:
        >>> from salescore.book import Facts, SalesBook
        >>> pipeline_snapshot(Facts.of(SalesBook()), as_of=date(2026, 3, 31)).opportunities
        ()
    """
    began = start_column_of(since)
    if funnel is not None:
        check_kind("funnel", funnel, Funnel, "a Funnel")
    source = source_of_day(facts, as_of)
    groups = group_columns(source, by)
    sales, stays = source.reduce(
        [open_reduction(began, tuple(groups.values())), running_reduction(as_of)], None
    )
    since_on: dict[str, dict[str, date]] = {}
    for (key, stage), first in zip(stays.keys, stays.values[0], strict=True):
        if key is not None and stage is not None and first is not None:
            since_on.setdefault(key, {})[stage] = first
    read = _Reader(as_of, funnel, tuple(groups.values()), since_on)
    found: dict[str, OpenOpportunity] = {}
    gone: list[tuple[str, Words]] = []
    for keys, n, *values in zip(sales.keys, *sales.values, strict=True):
        row = dict(zip(sales.reduction.keys, keys, strict=True))
        if not n or row["id"] is None:
            continue
        if funnel is not None and row["funnel"] not in (None, funnel.name):
            gone.append((row["id"], _OTHER_FUNNEL))
        elif row["kind"] == "hold" and not with_hold:
            gone.append((row["id"], _ON_HOLD))
        elif row["id"] in found:
            gone.append((row["id"], _TWICE))
        else:
            found[row["id"]] = read.row(row, *values)
            if n > 1:
                gone.append((row["id"], _TWICE))
    return PipelineSnapshot(
        as_of=as_of,
        currency=source.currency,
        since=since,
        by=tuple(groups),
        opportunities=[found[key] for key in sorted(found)],
        left_out=left_out(gone),
    )


@attrs.frozen
class _Reader:
    """Reads the rows of the reduced fact table."""

    as_of: date
    funnel: Funnel | None
    groups: tuple[str, ...]
    since_on: Mapping[str, Mapping[str, date]]

    def row(
        self,
        row: Mapping[str, str | None],
        chance: Decimal | None,
        is_pinned: int,
        amount: Decimal | None,
        began_on: date | None,
        due_on: date | None,
    ) -> OpenOpportunity:
        """Return an opportunity."""
        key, name = str(row["id"]), row["stage"]
        stage = None if self.funnel is None or name is None else self.funnel.by_key.get(name)
        source = ChanceSource.PINNED if is_pinned else ChanceSource.STATED
        if chance is None and stage is not None:
            chance, source = stage.chance, ChanceSource.STAGE
        stays = self.since_on.get(key, {})
        first = stays.get(name or "") or min(stays.values(), default=None)
        return OpenOpportunity(
            id=key,
            stage=name,
            is_on_hold=row["kind"] == "hold",
            chance=chance,
            chance_source=None if chance is None else source,
            amount=amount,
            unpriced=row["currency"] if amount is None else None,
            expected_close_on=due_on,
            began_on=began_on,
            age_days=None if began_on is None else (self.as_of - began_on).days,
            stage_days=None if first is None else (self.as_of - first).days,
            category=row["forecast_category"]
            or (None if stage is None else stage.forecast_category),
            **{column: row[column] for column in SHOWN_KEYS},
            keys=tuple(row[column] for column in self.groups),
        )
