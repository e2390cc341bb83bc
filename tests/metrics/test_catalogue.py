"""The catalogue is data: every figure says what it is, in what unit, and where it comes from."""

import re
from decimal import Decimal

import pytest

from salescore.errors import InvalidNumber, InvalidValue, SalesCoreError, UnknownName
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    FRACTION,
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    dimensions_of,
    find_dimension,
    find_figure,
)
from salescore.rules import F
from salescore.values import ChangeKind

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

LINES = Measure(name="lines", table="order_lines", aggregate=Aggregate.COUNT, date="ordered_on")
NETS = Measure(
    name="nets",
    table="order_lines",
    aggregate=Aggregate.VALUES,
    of=F.net_amount,
    date="ordered_on",
)
PIPELINE = Measure(name="open", table="opportunities", aggregate=Aggregate.COUNT)
CONTRACT = (
    "win_rate",
    "win_rate_broad",
    "win_rate_by_value",
    "won_amount",
    "sales_cycle_mean",
    "sales_cycle_median",
    "sales_cycle_p90",
    "collection_ratio_period",
)
GLOSSARY = (
    "revenue",
    "gross_revenue",
    "volume",
    "gross_profit",
    "gross_margin",
    "sales_profit",
    "sales_margin",
    "revenue_per_customer",
    "average_order_value",
    "new_customers",
    "collections",
    "conversion_rate",
)
ISSUE = ("orders", "customers", "weighted_pipeline")


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_a_figure_explains_itself(one: FigureDefinition) -> None:
    """Name, both labels, one sentence, unit and source are there and have the right form."""
    english, chinese = one.labels
    assert SNAKE_CASE.fullmatch(one.name)
    assert english[0].isupper()
    assert english.isascii()
    assert CHINESE.search(chinese)
    assert one.words.endswith(".")
    assert one.words.count(". ") == 0
    assert one.unit
    assert one.source


def test_names_and_labels_are_unique() -> None:
    """No two figures share a name, an English or a Chinese label; nor do two dimensions."""
    for names in (
        [one.name for one in CATALOGUE],
        [one.labels[0] for one in CATALOGUE],
        [one.labels[1] for one in CATALOGUE],
        [one.name for one in DIMENSIONS],
        [one.labels[0] for one in DIMENSIONS],
        [one.labels[1] for one in DIMENSIONS],
    ):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", [*CONTRACT, *GLOSSARY, *ISSUE])
def test_names_that_outsiders_rely_on(name: str) -> None:
    """The names that the contract, the glossary and the issue give to figures exist."""
    assert find_figure(name).name == name


@pytest.mark.parametrize(
    "name",
    [
        *("product", "product_family", "customer", "segment", "region", "territory", "team", "rep"),
        *("channel", "source", "currency", "year", "quarter", "month", "week"),
    ],
)
def test_dimensions_that_outsiders_rely_on(name: str) -> None:
    """The dimensions that the contract names exist, and some figure can be sliced by each."""
    assert find_dimension(name).name == name
    assert any(name in dimensions_of(one) for one in CATALOGUE)


def test_rates_change_in_points_and_amounts_in_percent() -> None:
    """Exactly the figures whose unit is a fraction change in percentage points."""
    points = {one.name for one in CATALOGUE if one.change_kind is ChangeKind.POINTS}
    assert points == {
        "gross_margin",
        "sales_margin",
        "win_rate",
        "win_rate_broad",
        "win_rate_by_value",
        "collection_ratio_period",
        "on_time_delivery_rate",
        "conversion_rate",
        "conversion_open_share",
        "stage_conversion",
        "stage_open_share",
        "stage_win_rate",
    }
    assert points == {one.name for one in CATALOGUE if one.unit == FRACTION}


def test_figures_of_a_moment() -> None:
    """The open pipeline and what is known at all describe a moment; all else a period."""
    assert {one.name for one in CATALOGUE if one.is_stock} == {
        "open_opportunities",
        "open_pipeline",
        "weighted_pipeline",
        "opportunities",
    }


def test_less_is_better() -> None:
    """Days, costs and losses are better when there are fewer of them; all else when more."""
    assert {one.name for one in CATALOGUE if one.is_lower_better} == {
        "selling_expenses",
        "cost_per_lead",
        "cost_per_conversion",
        "lost_opportunities",
        *(one.name for one in CATALOGUE if one.unit == "days"),
    }


def test_shares_of_counted_rows() -> None:
    """Rates that count rows among rows are shares and get an interval; ratios of money are not."""
    assert {one.name for one in CATALOGUE if one.is_share} == {
        "win_rate",
        "win_rate_broad",
        "on_time_delivery_rate",
        "conversion_rate",
        "conversion_open_share",
        "stage_conversion",
        "stage_open_share",
        "stage_win_rate",
    }


def test_one_column_can_mean_two_things() -> None:
    """The kind of a lead is no kind of stage, the category of a case none of an expense."""
    assert "lead_kind" in dimensions_of("conversion_rate")
    assert "stage_kind" not in dimensions_of("conversion_rate")
    assert "stage_kind" in dimensions_of("win_rate")
    assert "lead_kind" not in dimensions_of("win_rate")
    assert "expense_category" in dimensions_of("selling_expenses")
    assert "case_category" not in dimensions_of("selling_expenses")


def test_distinct_counts_and_ratios_are_not_additive() -> None:
    """Orders and customers count once, ratios divide, quantiles rank: their slices do not sum."""
    assert {one.name for one in CATALOGUE if one.is_additive} == {
        "revenue",
        "gross_revenue",
        "volume",
        "free_volume",
        "invoiced_amount",
        "collections",
        "leads_created",
        "revenue_target",
        "gross_profit",
        "selling_expenses",
        "sales_profit",
        "new_customers",
        "new_customers_acquired",
        "won_amount",
        "won_opportunities",
        "lost_opportunities",
        "open_opportunities",
        "open_pipeline",
        "weighted_pipeline",
        "opportunities",
        "activities",
    }


def test_dimensions_of_a_figure() -> None:
    """A figure can be sliced by what its facts have; a figure of a moment by no unit of time."""
    assert dimensions_of("revenue") == (
        *("product", "product_family", "product_subfamily", "customer", "segment", "industry"),
        *("country", "region", "territory", "team", "rep", "channel", "source", "currency"),
        *("year", "quarter", "month", "week"),
    )
    assert {"stage", "stage_kind", "competitor", "loss_reason"} < set(dimensions_of("win_rate"))
    assert not {"year", "month", "week"} & set(dimensions_of("open_pipeline"))
    assert "product" not in dimensions_of("new_customers")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: find_figure("win_rat"), "no figure 'win_rat'; did you mean 'win_rate'?"),
        (lambda: find_figure("客单价"), "no figure '客单价'; known are 'revenue'"),
        (
            lambda: find_dimension("produkt"),
            "no dimension 'produkt'; did you mean 'product'?",
        ),
        (lambda: dimensions_of("revenu"), "did you mean 'revenue'?"),
    ],
)
def test_unknown_names_offer_the_closest(ask: object, message: str) -> None:
    """A wrong name is answered with the name that was probably meant."""
    assert callable(ask)
    with pytest.raises(UnknownName) as found:
        ask()
    assert message in str(found.value)


def definition(**fields: object) -> FigureDefinition:
    """Return a definition that differs from a right one in the given fields."""
    values: dict[str, object] = {
        "name": "mine",
        "labels": ("Mine", "我的"),
        "words": "Mine.",
        "unit": "lines",
        "source": "here",
        "numerator": [Part(LINES)],
    }
    return FigureDefinition(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "error", "fault"),
    [
        ({"numerator": []}, InvalidValue, "there must be at least one measure"),
        ({"numerator": [Part(NETS)]}, InvalidValue, "a measure of values needs a quantile"),
        (
            {"denominator": [Part(NETS)]},
            InvalidValue,
            "a measure of values needs a quantile",
        ),
        ({"quantile": "0.5"}, InvalidValue, "a quantile is of one measure of values"),
        (
            {"numerator": [Part(NETS), Part(NETS)], "quantile": "0.5"},
            InvalidValue,
            "a quantile is of one measure of values",
        ),
        (
            {"numerator": [Part(NETS)], "denominator": [Part(LINES)], "quantile": "0.5"},
            InvalidValue,
            "a quantile is of one measure of values",
        ),
        (
            {"numerator": [Part(NETS, -1)], "quantile": "0.5"},
            InvalidValue,
            "a quantile is of one measure of values",
        ),
        (
            {"numerator": [Part(NETS)], "quantile": "1.5"},
            InvalidValue,
            "quantile of mine is Decimal('1.5'): a share lies between 0 and 1",
        ),
        ({"numerator": [Part(NETS)], "quantile": "-0.1"}, InvalidValue, "between 0 and 1"),
        ({"numerator": [Part(NETS)], "quantile": "NaN"}, InvalidNumber, "only finite numbers"),
        (
            {"denominator": [Part(PIPELINE)]},
            InvalidValue,
            "it mixes measures of a period with those of a moment",
        ),
    ],
)
def test_refused_definitions(
    fields: dict[str, object], error: type[SalesCoreError], fault: str
) -> None:
    """A definition that cannot be right is refused when it is made."""
    if "quantile" in fields:
        fields = {**fields, "quantile": Decimal(str(fields["quantile"]))}
    with pytest.raises(error) as found:
        definition(**fields)
    assert fault in str(found.value)


def test_a_quantile_is_a_decimal() -> None:
    """A float is refused as everywhere else."""
    with pytest.raises(InvalidNumber, match="expected a Decimal, not a float"):
        definition(numerator=[Part(NETS)], quantile=0.5)


@pytest.mark.parametrize("weight", [0, 2, -2])
def test_a_part_is_added_or_subtracted(weight: int) -> None:
    """Any other weight would count in the figure differently than in its rows."""
    with pytest.raises(InvalidValue, match="1 adds and -1 subtracts"):
        Part(LINES, weight)


def test_a_definition_finds_itself() -> None:
    """A definition of your own stands wherever a name of the catalogue does."""
    mine = definition()
    assert find_figure(mine) is mine
    assert mine.measures == (LINES,)
