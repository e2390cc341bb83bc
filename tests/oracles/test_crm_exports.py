"""Salesforce and HubSpot tables against `crm_exports` in the shared `datasets.json`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salescore.entities import StageKind
from salescore.exchange import Import, Profile, merge_import, read_folder
from salescore.values import exact_sum

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def truth(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the published figures."""
    found: dict[str, Any] = truths["crm_exports"]["values"]
    return found


@pytest.fixture(scope="module")
def salesforce(shared: Path) -> Import:
    """Return the Salesforce tables with the rows that Salesforce marks as deleted."""
    profile = Profile.load("salesforce").keeping_deleted()
    return read_folder(shared / "data/crm_exports/salesforce", profile)


@pytest.fixture(scope="module")
def hubspot(shared: Path) -> Import:
    """Return the HubSpot tables."""
    return read_folder(shared / "data/crm_exports/hubspot", "hubspot")


def test_deleted_rows_are_left_out_and_counted(shared: Path, truth: dict[str, Any]) -> None:
    """All ten opportunities are marked as deleted: none is imported, and a finding says so."""
    found = read_folder(shared / "data/crm_exports/salesforce", "salesforce")
    counts = {one.place.file: one.count for one in found.findings if one.place}
    assert counts["sf_opportunity_data.csv"] == truth["salesforce"]["opportunities"]
    assert counts["sf_account_data.csv"] == 9
    assert found.book.opportunities == ()
    assert [one.name for one in found.book.customers] == ["Eric's Test"]
    assert len(found.book.sales_reps) == counts["sf_user_data.csv"] == 5


def test_salesforce_opportunities(salesforce: Import, truth: dict[str, Any]) -> None:
    """Amounts, stages and kinds, which two columns say, are those of the tables."""
    wanted, found = truth["salesforce"], salesforce.book.opportunities
    assert len(found) == wanted["opportunities"]
    assert exact_sum(one.amount.amount for one in found if one.amount) == wanted["amount_sum"]
    assert Counter(one.stage for one in found) == wanted["by_stage"]
    kinds = Counter(one.kind for one in found)
    assert kinds[StageKind.WON] == wanted["won"]
    assert kinds[StageKind.WON] + kinds[StageKind.LOST] == wanted["closed"]
    assert sum(one.closed_on is not None for one in found) == wanted["closed"]
    assert all(one.expected_close_on is not None for one in found)


def test_salesforce_probability_beyond_its_scale(salesforce: Import) -> None:
    """Probability 1000 on a percent scale is no probability: the cell is told, the row kept."""
    (finding,) = [one for one in salesforce.findings if one.code == "out-of-range"]
    assert finding.place is not None
    assert (finding.place.row, finding.place.column, finding.place.raw) == (
        2,
        "probability",
        "1000",
    )
    assert finding.message == (
        "'1000', which is 10, is not allowed; it must be at most 1; read as no value"
    )
    chances = [one.probability for one in salesforce.book.opportunities]
    assert chances[0] is None
    assert [str(one) for one in chances[1:]] == ["1.00"] * 4 + ["0.00"] * 4 + ["0.65"]


def test_salesforce_days_and_moments(salesforce: Import) -> None:
    """A close date with an idle time is a day; a creation is a moment, on its day in UTC."""
    first = salesforce.book.opportunities[0]
    assert first.closed_on == first.created_on == date(2018, 12, 19)
    assert first.recorded_at is not None
    assert first.recorded_at.isoformat() == "2018-12-19T19:51:13+00:00"


def test_salesforce_references_to_what_is_not_there(salesforce: Import) -> None:
    """Owners and accounts that the tables lack are listed, and no record is made up for them."""
    codes = Counter(one.code for one in salesforce.check())
    assert codes["dangling-reference"] > 0
    assert len(salesforce.book.customers) == 10


def test_hubspot_deals_without_a_stage(hubspot: Import, truth: dict[str, Any]) -> None:
    """Each of the 44 deals lacks its stage: each has its finding, and none is invented."""
    wanted = truth["hubspot"]
    found = [one for one in hubspot.findings if one.place and one.place.file == "deal_data.csv"]
    assert Counter(one.code for one in found) == {
        "missing-value": wanted["deals_with_unknown_stage"]
    }
    assert {one.place.column for one in found if one.place} == {"deal_pipeline_stage_id"}
    assert hubspot.book.opportunities == ()
    (report,) = [file.records[0] for file in hubspot.files if file.file == "deal_data.csv"]
    assert (report.read, report.refused) == (wanted["deals"], wanted["deals"])
    assert report.totals == ()  # not one amount among the refused


def test_hubspot_other_tables(hubspot: Import) -> None:
    """Companies, owners, teams and stage visits are read; of two teams the primary one holds."""
    book = hubspot.book
    assert (len(book.customers), len(book.sales_reps), len(book.teams)) == (24, 100, 3)
    teams = {one.id: one.team_id for one in book.sales_reps if one.team_id}
    assert set(teams.items()) <= {("35252170", "6789"), ("40706000", "1234")}
    assert len(book.stage_visits) == 14
    visit = book.stage_visits[0]
    assert (visit.entered_on, visit.left_on) == (date(2021, 1, 7), None)
    assert visit.entered_at is not None
    assert visit.entered_at.isoformat() == "2021-01-07T06:49:18+00:00"


def test_hubspot_stages_say_what_they_are(
    shared: Path, tmp_path: Path, truth: dict[str, Any]
) -> None:
    """With a stage of the stage table a deal has its label, kind and chance; 5 stages are won."""
    folder = shared / "data/crm_exports/hubspot"
    for name in ("deal_pipeline_stage_data.csv", "deal_company_data.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    lines = (folder / "deal_pipeline_stage_data.csv").read_text("utf-8").splitlines()
    assert len(lines) - 1 == truth["hubspot"]["stages"]
    ids = [line.split(",")[7] for line in lines[1:]]
    header = (folder / "deal_data.csv").read_text("utf-8").splitlines()[0]
    rows = [
        f"{place},false,,{stage},,1,Deal,,250,2019-12-04 12:48:22,2019-10-07 20:36:05"
        for place, stage in enumerate(ids)
    ]
    (tmp_path / "deal_data.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    (tmp_path / "owner_team_data.csv").write_text("owner_id,team_id,is_team_primary\n")
    found = read_folder(tmp_path, "hubspot")
    deals = found.book.opportunities
    assert len(deals) == len(ids)
    won = [one for one in deals if one.kind is StageKind.WON]
    assert len(won) == truth["hubspot"]["stages_closed_won"]
    assert all(one.closed_on == date(2019, 12, 4) for one in won)
    still = [one for one in deals if one.kind is StageKind.OPEN]
    assert all(one.closed_on is None and one.expected_close_on for one in still)
    assert {str(one.probability) for one in deals} >= {"0.8", "1.0", "0.0"}


@pytest.mark.parametrize("name", ["salesforce", "hubspot"])
def test_the_same_folder_twice_changes_nothing(
    name: str, salesforce: Import, hubspot: Import
) -> None:
    """Merging an import into its own book adds nothing and changes nothing."""
    found = {"salesforce": salesforce, "hubspot": hubspot}[name]
    once = merge_import(found.book, found)
    assert once.book == found.book
