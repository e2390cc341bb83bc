"""Maven's CRM data against its ground truth, `maven_crm` in the shared `datasets.json`."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.oracles.conftest import close

from salescore.__main__ import main
from salescore.book import Facts, SalesBook
from salescore.exchange import Import, Profile, read_folder
from salescore.metrics import (
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    abc,
    compare,
    figure,
    find_figure,
    slices,
)
from salescore.rules import F
from salescore.values import Calendar, ChangeKind, change

pytestmark = [pytest.mark.shared, pytest.mark.filterwarnings("error")]

YEAR = Calendar().parse("2017")
GROUPS = [
    ("rep", "by_sales_agent"),
    ("team", "by_manager"),
    ("region", "by_regional_office"),
    ("product", "by_product"),
    ("product_family", "by_series"),
    ("segment", "by_sector"),
    ("industry", "by_sector"),
]


@pytest.fixture(scope="module")
def review(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the review that the command line writes, as JSON."""
    out = tmp_path_factory.mktemp("maven") / "review.json"
    folder = str(shared / "data" / "maven_crm")
    by = "rep,team,region,product,product_family,segment,stage,month,quarter,customer"
    code = main(
        [
            *("review", folder, "--profile", "maven_crm", "--during", "2017", "--by", by),
            *("--format", "json", "--out", str(out)),
        ]
    )
    assert code == 0
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_every_row_is_accepted(maven_import: Import, maven: dict[str, Any]) -> None:
    """No row is refused, and the counts of records are those of the files."""
    book = maven_import.book
    assert [one.code for one in maven_import.findings] == ["profile-note"]
    assert len(book.customers) == maven["rows"]["accounts"]
    assert len(book.products) == maven["rows"]["products"]
    assert len(book.sales_reps) == maven["rows"]["sales_teams"]
    assert len(book.opportunities) == maven["rows"]["pipeline"]
    assert len(book.teams) == len(maven["by_manager"])


def test_what_is_missing_stays_missing(maven_book: SalesBook, maven: dict[str, Any]) -> None:
    """Blank accounts and dates are null in the book, as often as they are blank in the file."""
    missing = maven["missing"]
    blank = [one for one in maven_book.opportunities if one.customer_id is None]
    assert len(blank) == missing["account_blank"]
    assert Counter(one.stage for one in blank) == missing["account_blank_by_stage"]
    first = [one.first_contact_on for one in maven_book.opportunities]
    assert first.count(None) == missing["engage_date_blank"]
    closed = [one.closed_on for one in maven_book.opportunities]
    assert closed.count(None) == missing["close_blank"]
    days = sorted(day for day in first if day is not None)
    assert [str(days[0]), str(days[-1])] == maven["date_range"]["engage"]
    days = sorted(day for day in closed if day is not None)
    assert [str(days[0]), str(days[-1])] == maven["date_range"]["close"]


def test_aliases_join_what_belongs_together(maven_book: SalesBook, maven: dict[str, Any]) -> None:
    """`GTXPro` is `GTX Pro` and `technolgy` is `technology`, so no reference dangles."""
    products = {one.product_id for one in maven_book.opportunities}
    assert products == {one.id for one in maven_book.products}
    assert "GTXPro" not in products
    assert {one.segment for one in maven_book.customers} == set(maven["by_sector"])


def test_the_review_has_the_headline_figures(review: dict[str, Any], maven: dict[str, Any]) -> None:
    """Counts, the won amount to the cent, the win rate to 1e-8, means and medians."""
    figures = review["figures"]
    value = {name: one["value"] and Decimal(one["value"]) for name, one in figures.items()}
    assert value["won_opportunities"] == maven["stage_counts"]["Won"]
    assert value["lost_opportunities"] == maven["stage_counts"]["Lost"]
    assert value["won_amount"] == maven["won_value_total"]
    assert close(value["win_rate"], maven["win_rate_closed"])
    assert value["win_rate_broad"] == value["win_rate"]
    assert close(value["average_won_amount"], maven["avg_won_value"])
    assert value["median_won_amount"] == maven["median_won_value"]
    assert close(value["sales_cycle_mean"], maven["cycle_days"]["won_mean"])
    assert value["sales_cycle_median"] == maven["cycle_days"]["won_median"]
    assert value["sales_cycle_p90"] == maven["cycle_days"]["won_p90_linear"]
    assert value["opportunities"] == maven["rows"]["pipeline"]
    assert value["open_opportunities"] == 1589 + 500
    assert value["open_pipeline"] == maven["open_pipeline_list_price"]["total"]


def test_the_review_is_as_of_the_last_date(review: dict[str, Any]) -> None:
    """Without an as-of day the review takes the last date among the facts, and says so."""
    assert review["as_of"] == "2017-12-31"
    assert any("2017-12-31 is the last date" in note for note in review["notes"])


def test_stages_are_counted(review: dict[str, Any], maven: dict[str, Any]) -> None:
    """Opportunities by stage, and the open pipeline by stage at list prices."""
    counts = {one["key"]: int(one["value"]) for one in review["slices"]["opportunities"]["stage"]}
    assert counts == maven["stage_counts"]
    amounts = {
        one["key"]: Decimal(one["value"]) for one in review["slices"]["open_pipeline"]["stage"]
    }
    truth = maven["open_pipeline_list_price"]
    assert amounts == {name: truth[name] for name in ("Engaging", "Prospecting")}


@pytest.mark.parametrize(("dimension", "truth"), GROUPS)
def test_each_group_has_its_figures(
    maven_facts: Facts, maven: dict[str, Any], dimension: str, truth: str
) -> None:
    """Won, lost, won amount, win rate, cycle and average by rep, team, region, product, segment."""
    columns = {
        "won": "won_opportunities",
        "lost": "lost_opportunities",
        "won_value": "won_amount",
        "won_cycle_mean": "sales_cycle_mean",
        "win_rate": "win_rate",
        "avg_won": "average_won_amount",
        "open": "open_opportunities",
    }
    found = {
        column: {
            one.label: one.figure for one in slices(name, maven_facts, by=dimension) if one.key
        }
        for column, name in columns.items()
    }
    for label, wanted in maven[truth].items():
        for column, number in wanted.items():
            if column == "open" and not number:
                assert label not in found[column]
            else:
                assert close(found[column][label].value, number), (label, column)
        rate = found["win_rate"][label].exact
        closed = wanted["won"] + wanted["lost"]
        assert rate == Fraction(wanted["won"], closed)
    assert set(found["won_value"]) == set(maven[truth])


@pytest.mark.parametrize(
    ("unit", "truth"), [("quarter", "by_close_quarter"), ("month", "by_close_month")]
)
def test_each_period_has_its_figures(
    review: dict[str, Any], maven: dict[str, Any], unit: str, truth: str
) -> None:
    """Closed, won, lost, won amount, win rate and growth by quarter and month of closing."""
    by = {
        name: {one["key"]: one for one in review["slices"][name][unit]}
        for name in ("won_opportunities", "lost_opportunities", "won_amount", "win_rate")
    }
    previous: Decimal | None = None
    for key, wanted in maven[truth].items():
        own = f"{key[:4]}-{key[4:]}" if unit == "quarter" else key
        assert Decimal(by["won_opportunities"][own]["value"]) == wanted["won"]
        assert Decimal(by["lost_opportunities"][own]["value"]) == wanted["lost"]
        assert by["win_rate"][own]["n"] == wanted["closed"]
        won_amount = Decimal(by["won_amount"][own]["value"])
        assert won_amount == wanted["won_value"]
        assert close(Decimal(by["win_rate"][own]["value"]), wanted["win_rate"])
        growth = change(previous, won_amount, kind=ChangeKind.PERCENT).value
        if wanted["won_value_growth"] is None:
            assert growth is None
        else:
            assert close(growth, wanted["won_value_growth"])
        previous = won_amount
    assert set(by["won_amount"]) == {
        f"{key[:4]}-{key[4:]}" if unit == "quarter" else key for key in maven[truth]
    }


def test_a_quarter_is_compared_with_the_one_before(
    maven_book: SalesBook, maven: dict[str, Any]
) -> None:
    """The change of the won amount since the previous quarter is its published growth."""
    quarters = maven["by_close_quarter"]
    found = compare(
        ["won_amount", "win_rate"], Facts.of(maven_book), during=Calendar().parse("2017-Q3")
    )
    amount, rate = found
    assert amount.previous.value == quarters["2017Q2"]["won_value"]
    assert close(amount.since_previous.value, quarters["2017Q3"]["won_value_growth"])
    assert rate.since_previous.kind is ChangeKind.POINTS
    points = quarters["2017Q3"]["win_rate"] - quarters["2017Q2"]["win_rate"]
    assert rate.since_previous.value is not None
    assert abs(rate.since_previous.value - points) < Decimal("2e-6")


def test_rep_by_quarter(maven_facts: Facts, maven: dict[str, Any]) -> None:
    """Won amounts of each rep in each quarter, two dimensions at once."""
    found = {
        one.keys: one.value for one in slices("won_amount", maven_facts, by=("rep", "quarter"))
    }
    wanted = {
        (rep, f"{key[:4]}-{key[4:]}"): amount
        for rep, quarters in maven["won_value_agent_quarter"].items()
        for key, amount in quarters.items()
    }
    assert found == wanted


def test_abc_of_customers_and_reps(
    review: dict[str, Any], maven_facts: Facts, maven: dict[str, Any]
) -> None:
    """Classes by the share before an item, and the shares of the largest."""
    truth = maven["account_concentration"]
    found = review["abc"]
    assert {one["grade"]: one["n"] for one in found["classes"]} == truth["abc_80_95_counts"]
    assert len(found["items"]) == truth["n"]
    assert Decimal(found["total"]) == truth["total"]
    items = found["items"]
    assert {one["label"]: Decimal(one["value"]) for one in items[:10]} == maven["top10_accounts"]
    for most, name in ((1, "top1_share"), (5, "top5_share"), (10, "top10_share")):
        assert close(sum((Decimal(one["share"]) for one in items[:most]), Decimal(0)), truth[name])
    reps = abc(slices("won_amount", maven_facts, by="rep"))
    truth = maven["rep_concentration"]
    assert {one.grade: one.n for one in reps.classes} == truth["abc_80_95_counts"]
    assert close(reps.items[0].share, truth["top1_share"])


def test_reps_without_any_opportunity_are_named(
    review: dict[str, Any], maven: dict[str, Any]
) -> None:
    """Five reps of the team list have no opportunity; the review says who."""
    (finding,) = [one for one in review["findings"] if one["code"] == "idle-reps"]
    assert finding["count"] == len(maven["agents_without_any_deal"])
    assert all(name in finding["message"] for name in maven["agents_without_any_deal"])


def _of_days(
    aggregate: Aggregate, kinds: tuple[str, ...], quantile: str | None
) -> FigureDefinition:
    days = Measure(
        name="days",
        table="opportunities",
        aggregate=aggregate,
        of=F.cycle_days,
        where=F.kind.is_in(kinds),
        date="closed_on",
    )
    count = Measure(
        name="closed",
        table="opportunities",
        aggregate=Aggregate.COUNT,
        of=F.cycle_days,
        where=F.kind.is_in(kinds),
        date="closed_on",
    )
    return FigureDefinition(
        name="cycle_of_kinds",
        labels=("Cycle", "周期"),
        words="Days from first contact to close.",
        unit="days",
        source="this test",
        numerator=[Part(days)],
        denominator=[] if quantile else [Part(count)],
        quantile=None if quantile is None else Decimal(quantile),
    )


@pytest.mark.parametrize(
    ("truth", "kinds", "quantile"),
    [
        ("lost_mean", ("lost",), None),
        ("lost_median", ("lost",), "0.5"),
        ("closed_mean", ("won", "lost"), None),
        ("closed_median", ("won", "lost"), "0.5"),
        ("min", ("won", "lost"), "0"),
        ("max", ("won", "lost"), "1"),
    ],
)
def test_figures_of_ones_own_meet_the_truth(
    maven_facts: Facts,
    maven: dict[str, Any],
    truth: str,
    kinds: tuple[str, ...],
    quantile: str | None,
) -> None:
    """Cycles of lost and of all closed opportunities, defined here as a user would."""
    aggregate = Aggregate.SUM if quantile is None else Aggregate.VALUES
    found = figure(_of_days(aggregate, kinds, quantile), maven_facts, during=YEAR)
    assert close(found.value, maven["cycle_days"][truth])


def test_smallest_and_largest_won_amount(maven_facts: Facts, maven: dict[str, Any]) -> None:
    """Quantiles 0 and 1 of the won amounts are their bounds."""
    median = find_figure("median_won_amount")
    low = figure(attrs.evolve(median, quantile=Decimal(0)), maven_facts)
    high = figure(attrs.evolve(median, quantile=Decimal(1)), maven_facts)
    assert (low.value, high.value) == (maven["min_won_value"], maven["max_won_value"])


def test_won_over_all_created(maven_facts: Facts, maven: dict[str, Any]) -> None:
    """Won opportunities as a share of all, whatever their state."""
    won = figure("won_opportunities", maven_facts).value
    everything = figure("opportunities", maven_facts).value
    assert won is not None
    assert everything is not None
    assert close(won / everything, maven["won_over_all_created"])


def test_weighted_pipeline_needs_a_probability(maven_facts: Facts) -> None:
    """No open opportunity states a probability, so the weighted pipeline is undefined, not 0."""
    found = figure("weighted_pipeline", maven_facts)
    assert found.value is None
    assert found.reason == "probability unknown in 2,089 opportunities"


def test_weighted_pipeline_with_a_stated_probability(shared: Path, maven: dict[str, Any]) -> None:
    """With the overall win rate stated for Engaging, the weighted pipeline is the published one."""
    profile = Profile.load("maven_crm")
    rate = Decimal(4238) / 6711
    text = (Path(__file__).parents[2] / "src/salescore/exchange/profiles/maven_crm.json").read_text(
        encoding="utf-8"
    )
    data = json.loads(text)
    data["stages"]["Engaging"]["probability"] = f"{rate:.18f}"
    assert profile.name == data["name"]
    book = read_folder(shared / "data" / "maven_crm", Profile.parse(json.dumps(data))).book
    found = figure("weighted_pipeline", Facts.of(book))
    assert close(found.value, maven["weighted_pipeline_engaging"]["at_overall_win_rate"])
    (left,) = found.excluded
    assert (left.reason, left.n) == ("probability unknown", maven["stage_counts"]["Prospecting"])
