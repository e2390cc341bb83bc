"""Categories of a forecast: commit, best case, pipeline, each alone and with all before it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._judgement import Judgement
from salescore.forecast._pipeline_amounts import WonAmounts
from salescore.forecast._pipeline_chances import Standing, WinChances
from salescore.forecast._pipeline_checks import check_chance, check_text, each_of
from salescore.forecast._pipeline_forecast import PipelineForecast
from salescore.forecast._pipeline_slices import Members
from salescore.forecast._pipeline_snapshot import OpenOpportunity, PipelineSnapshot
from salescore.forecast._pipeline_words import Words
from salescore.funnel import Funnel
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.values import exact_sum


def _texts(found: Iterable[str]) -> tuple[str, ...]:
    return each_of("names and stages of a category", found, str, "texts")


@attrs.frozen(kw_only=True)
class ForecastCategory:
    """
    A category of a forecast, and what belongs to it.

    An opportunity that names a category belongs to the one that has its name; any other to the
    first that holds its stage or its stated chance.

    Attributes:
        key: What it is called.
        labels: English and Chinese label.
        names: Categories on the record that mean it, in any case of letters.
        stages: Keys of stages that belong to it.
        lowest: Least stated chance that belongs to it, from 0 to 1; `None` where chances do not
            tell.
    """

    key: str
    labels: Words = ("", "")
    names: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    stages: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    lowest: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        check_text("key of a category", self.key)
        if len(each_of(f"labels of {self.key}", self.labels, str, "texts")) != len(Language):
            fault = "it has two, English and Chinese"
            raise InvalidValue(f"labels of {self.key}", self.labels, fault)
        if self.lowest is not None:
            check_chance(f"lowest of {self.key}", self.lowest)

    def is_named(self, one: OpenOpportunity) -> bool:
        """Return whether an opportunity names this category."""
        return one.category is not None and one.category.casefold() in {
            name.casefold() for name in (self.key, *self.names)
        }

    def holds(self, one: OpenOpportunity) -> bool:
        """Return whether its stage or its stated chance puts an opportunity here."""
        if one.stage is not None and one.stage in self.stages:
            return True
        return self.lowest is not None and one.chance is not None and one.chance >= self.lowest


FORECAST_CATEGORIES = (
    ForecastCategory(key="commit", labels=("Commit", "承诺"), names=("Commit", "forecast")),
    ForecastCategory(
        key="best_case", labels=("Best case", "最佳情况"), names=("Best Case", "bestcase", "upside")
    ),
    ForecastCategory(key="pipeline", labels=("Pipeline", "管道"), names=("Pipeline",)),
)
"""The categories that most systems know, the surest first."""


@attrs.frozen(kw_only=True)
class CategoryRow:
    """
    A category of the roll-up.

    Attributes:
        category: The category.
        members: Its opportunities, by id.
        amount: What they state together, not weighted; `None` where some are and none states any.
        forecast: What they may bring.
        cumulative_members: Those of this category and of all surer ones, by id.
        cumulative_amount: What these state together.
        cumulative: What these may bring.
    """

    category: ForecastCategory
    members: tuple[str, ...]
    amount: Decimal | None
    forecast: PipelineForecast
    cumulative_members: tuple[str, ...]
    cumulative_amount: Decimal | None
    cumulative: PipelineForecast


@attrs.frozen(kw_only=True)
class CategoryRollUp:
    """
    A forecast by category, each alone and together with all surer ones.

    Attributes:
        rows: The categories, the surest first.
        others: Opportunities of no category, by id.
        outside: Opportunities that do not belong to the period, by id.
    """

    rows: tuple[CategoryRow, ...] = attrs.field(converter=as_tuple)
    others: tuple[str, ...] = attrs.field(converter=as_tuple)
    outside: tuple[str, ...] = attrs.field(converter=as_tuple)


def funnel_categories(funnel: Funnel) -> tuple[ForecastCategory, ...]:
    """
    Return the categories that the open stages of a funnel name, that of the latest stage first.

    Args:
        funnel: The funnel.
    """
    check_kind("funnel", funnel, Funnel, "a Funnel")
    found: dict[str, list[str]] = {}
    for stage in reversed(funnel.stages):
        if stage.forecast_category is not None and not stage.is_closed:
            found.setdefault(stage.forecast_category, []).append(stage.key)
    return tuple(
        ForecastCategory(key=key, labels=(key, key), stages=stages) for key, stages in found.items()
    )


def category_roll_up(
    snapshot: PipelineSnapshot,
    chances: WinChances,
    categories: Iterable[ForecastCategory] = FORECAST_CATEGORIES,
    *,
    amounts: WonAmounts | None = None,
    judgements: Iterable[Judgement] = (),
    correlation: Decimal = Decimal(0),
    points: int = 4096,
) -> CategoryRollUp:
    """
    Return what the opportunities of each category may bring, alone and with all surer categories.

    Args:
        snapshot: The open opportunities.
        chances: Their chances; those that they place outside the period are of no category.
        categories: The categories, the surest first.
        amounts: What opportunities come to if won; `None` takes what they state.
        judgements: What people judge otherwise of opportunities; one of the total is of no
            category and changes nothing here.
        correlation: As in `pipeline_forecast`.
        points: As in `pipeline_forecast`.

    Raises:
        InvalidValue: There is no category, one stands there twice, or as `pipeline_forecast`.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    wanted = each_of("categories", categories, ForecastCategory, "categories of a forecast")
    said = each_of("judgements", judgements, Judgement, "judgements")
    if not wanted or len({one.key for one in wanted}) < len(wanted):
        keys = tuple(one.key for one in wanted)
        raise InvalidValue("categories", keys, "at least one, and none twice")
    part = Members(snapshot, chances, amounts, said, correlation, points)
    is_outside = {one.id for one in chances.rows if one.standing is Standing.OUTSIDE}
    homes = {
        one.id: _home(one, wanted) for one in snapshot.opportunities if one.id not in is_outside
    }

    rows: list[CategoryRow] = []
    so_far: list[str] = []
    for category in wanted:
        members = [key for key, home in homes.items() if home is category]
        so_far += members
        rows.append(
            CategoryRow(
                category=category,
                members=tuple(members),
                amount=_stated(snapshot, members),
                forecast=part.forecast(members),
                cumulative_members=tuple(sorted(so_far)),
                cumulative_amount=_stated(snapshot, so_far),
                cumulative=part.forecast(so_far),
            )
        )
    return CategoryRollUp(
        rows=rows,
        others=[key for key, home in homes.items() if home is None],
        outside=sorted(is_outside),
    )


def _home(
    one: OpenOpportunity, categories: tuple[ForecastCategory, ...]
) -> ForecastCategory | None:
    for category in categories:
        if category.is_named(one):
            return category
    return next((category for category in categories if category.holds(one)), None)


def _stated(snapshot: PipelineSnapshot, members: Iterable[str]) -> Decimal | None:
    wanted = set(members)
    amounts = [one.amount for one in snapshot.opportunities if one.id in wanted]
    known = [one for one in amounts if one is not None]
    return exact_sum(known) if known or not amounts else None
