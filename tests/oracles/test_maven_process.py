"""Maven's sales process through the command line: a funnel of its stages, visits of its days."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.oracles.conftest import close
from tests.oracles.test_maven_pipeline import FUNNEL, visits_of

from salescore.__main__ import main
from salescore.book import SalesBook
from salescore.exchange import write_folder
from salescore.funnel import LimitUnit, ServiceLimit
from salescore.playbook import Playbook

pytestmark = [pytest.mark.shared]

LAST = date(2017, 12, 31)
LIMIT = 90
LONGEST_WON = 138


@pytest.fixture(scope="module")
def process(maven_book: SalesBook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the process of 2017 as the command line writes it; engaging may last 90 days."""
    folder = tmp_path_factory.mktemp("maven_process")
    visits = [visit for one in maven_book.opportunities for visit in visits_of(one)]
    write_folder(attrs.evolve(maven_book, stage_visits=visits), folder / "facts")
    limit = ServiceLimit(amount=LIMIT, unit=LimitUnit.DAYS)
    stages = [
        attrs.evolve(one, limit=limit) if one.key == "Engaging" else one for one in FUNNEL.stages
    ]
    rules = Playbook(name="m", version="1", funnels=[attrs.evolve(FUNNEL, stages=stages)])
    (folder / "rules.json").write_text(json.dumps(rules.as_data()), encoding="utf-8")
    options = ["--during", "2017", "--playbook", str(folder / "rules.json"), "--format", "json"]
    out = str(folder / "review.json")
    assert main(["review", str(folder / "facts"), *options, "--out", out]) == 0
    found: dict[str, Any] = json.loads(Path(out).read_text(encoding="utf-8"))["process"]
    return found


@pytest.fixture(scope="module")
def engaging(shared: Path) -> Counter[int]:
    """Return how many are engaging on the last day, by age in days, straight from the file."""
    (path,) = (shared / "data" / "maven_crm").glob("*pipeline*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return Counter(
            (LAST - date.fromisoformat(row["engage_date"])).days
            for row in csv.DictReader(file)
            if row["deal_stage"] == "Engaging"
        )


def test_the_funnel_of_the_year(process: dict[str, Any], maven: dict[str, Any]) -> None:
    """Who engaged in 2017, and how many of them are won, lost and open, as the months add up."""
    months = [one for month, one in maven["engage_cohort"].items() if month.startswith("2017")]
    truth = {key: sum(one[key] for one in months) for key in ("engaged", "won", "lost", "open")}
    (funnel,) = process["funnels"]
    stage = next(one for one in funnel["stages"] if one["key"] == "Engaging")
    assert (stage["n"], stage["converted"]) == (truth["engaged"], truth["won"])
    assert (stage["given_up"], stage["open"]) == (truth["lost"], truth["open"])
    assert funnel["stages"][-1]["n"] == maven["stage_counts"]["Won"]


def test_against_the_year_before(process: dict[str, Any], maven: dict[str, Any]) -> None:
    """The 358 that engaged in 2016 were all still open at its end: none of them had converted."""
    months = [one for month, one in maven["engage_cohort"].items() if month.startswith("2016")]
    (funnel,) = process["funnels"]
    gap = next(one for one in funnel["bottleneck"]["rows"] if one["key"] == "Engaging")
    assert funnel["bottleneck"]["compared_with"] == "2016"
    assert (gap["benchmark_n"], gap["benchmark"]) == (sum(one["engaged"] for one in months), "0")


def test_figures_without_a_funnel(process: dict[str, Any], maven: dict[str, Any]) -> None:
    """Velocity, losses and the reps' rates are the published ones, and nobody stands out."""
    assert close(Decimal(process["velocity"]["value"]), maven["sales_velocity_per_day"]["open_all"])
    assert process["losses"]["n"] == maven["stage_counts"]["Lost"]
    assert {row["stage"] for row in process["losses"]["rows"]} == {"Engaging"}
    truth = maven["by_sales_agent"]
    rows = process["reps"]["rows"]
    assert {row["label"]: row["won"] for row in rows if row["closed"]} == {
        name: one["won"] for name, one in truth.items()
    }
    assert {row["verdict"] for row in rows} == {"no_difference"}


def test_time_in_stage(process: dict[str, Any], maven: dict[str, Any]) -> None:
    """8,300 engaged, of whom 1,589 still do."""
    (times,) = process["time_in_stage"]
    row = next(one for one in times["rows"] if one["key"] == "Engaging")
    assert row["n"] == maven["funnel_reached"]["engaged_or_later"]
    assert row["running"] == maven["stage_counts"]["Engaging"]


def test_what_is_stale_and_what_is_due(
    process: dict[str, Any], engaging: Counter[int], maven: dict[str, Any]
) -> None:
    """Beyond 138 days, the longest that any won one took, and beyond the limit of 90 days."""
    assert maven["cycle_days"]["max"] == LONGEST_WON
    stale = process["stale"]
    beyond = sum(n for age, n in engaging.items() if age > LONGEST_WON)
    assert stale["by_reason"] == {"long_in_stage": beyond, "past_precedent": beyond}
    assert (stale["n"], stale["left_out"]) == (beyond, beyond - 100)
    (funnel,) = process["funnels"]
    due = funnel["due"]
    assert due["overdue"] == sum(n for age, n in engaging.items() if age > LIMIT)
    assert due["today"] == engaging[LIMIT]
    assert due["overdue"] + due["today"] + due["in_time"] == maven["stage_counts"]["Engaging"]
    oldest = LAST - timedelta(days=max(engaging))
    assert due["rows"][0]["entered_on"] == oldest.isoformat()
