"""AdventureWorks against its ground truth, `adventureworks_oltp` in the shared `datasets.json`."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.conftest import close

from salescore.entities import Target
from salescore.exchange import Import, Profile, read_folder
from salescore.plain import CustomFields, Kind, custom_field
from salescore.values import Money, RateKind, exact_sum

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def truth(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the published figures."""
    found: dict[str, Any] = truths["adventureworks_oltp"]["values"]
    return found


@pytest.fixture(scope="module")
def imported(shared: Path) -> Import:
    """Return the tables, read through the shipped profile."""
    return read_folder(shared / "data" / "adventureworks", "adventureworks")


def total(targets: list[Target]) -> Decimal:
    """Return the sum of some quotas."""
    return exact_sum(one.amount.amount for one in targets if one.amount is not None)


def test_every_row_becomes_a_record(imported: Import, truth: dict[str, Any]) -> None:
    """Nothing is refused and nothing dangles; what the tables say that cannot be is told."""
    counts = {one.code: one.count for one in imported.check() if one.code != "profile-note"}
    dollars = [one for one in imported.book.exchange_rates if one.base == one.quote]
    assert counts == {"assignments-overlap": 5, "rate-of-nothing": len(dollars)}
    assert all(one.refused == 0 for file in imported.files for one in file.records)
    assert len(imported.book.targets) == truth["quota_rows"]
    assert len(imported.book.sales_reps) == len(truth["person"])


def test_quotas(imported: Import, truth: dict[str, Any]) -> None:
    """The sum of all quotas, and those by rep, by year and by day."""
    targets = imported.book.targets
    assert total(list(targets)) == truth["quota_total"]
    by = {
        "quota_by_person": [str(one.rep_id) for one in targets],
        "quota_by_year": [str(one.starts_on.year) for one in targets],
        "quota_by_date": [one.starts_on.isoformat() for one in targets],
    }
    for name, keys in by.items():
        found = {
            key: total([one for one, own in zip(targets, keys, strict=True) if own == key])
            for key in set(keys)
        }
        assert found == truth[name]


def test_quotas_of_a_rep_follow_each_other(imported: Import) -> None:
    """No day has two quotas of one rep, and none between two quotas has no quota."""
    targets = sorted(imported.book.targets, key=lambda one: (str(one.rep_id), one.starts_on))
    for one, following in pairwise(targets):
        assert one.starts_on < one.ends_on
        if one.rep_id == following.rep_id:
            assert one.ends_on + timedelta(days=1) == following.starts_on


def test_rates(imported: Import, truth: dict[str, Any]) -> None:
    """Each row states a spot rate and an average; pairs, days and a sample are as published."""
    wanted, rates = truth["currency_rates"], imported.book.exchange_rates
    kinds = Counter(one.kind for one in rates)
    assert kinds == {RateKind.SPOT: wanted["rows"], RateKind.AVERAGE: wanted["rows"]}
    assert len({(one.base, one.quote) for one in rates}) == wanted["pairs"]
    days = sorted({one.valid_from.isoformat() for one in rates})
    assert (len(days), days[0], days[-1]) == (wanted["dates"], wanted["first"], wanted["last"])
    (euro,) = [
        one.rate
        for one in rates
        if (one.quote, one.kind, one.valid_from.isoformat())
        == ("EUR", RateKind.AVERAGE, wanted["first"])
    ]
    assert euro == wanted["sample"]["2011-05-31 USD->EUR avg"]


def test_histories(imported: Import) -> None:
    """List prices, costs and territories hold from a day until another, or still."""
    book = imported.book
    assert len(book.price_book_entries) == len(book.product_costs) == 395
    assert sum(one.ends_on is None for one in book.territory_assignments) == 13
    (first, *_) = [one for one in book.product_costs if one.product_id == "707"]
    assert first.cost == Money(Decimal("12.0278"), "USD")
    assert str(first.valid_until) == "2012-05-29"


FIGURES = CustomFields.of(
    {
        "sales_reps": [
            custom_field("sales_to_date", Kind.MONEY, "Sales to date", "本年销售额"),
            custom_field("sales_last_year", Kind.MONEY, "Sales last year", "上年销售额"),
            custom_field("commission", Kind.MONEY, "Commission", "佣金"),
            custom_field("bonus", Kind.MONEY, "Bonus", "奖金"),
        ]
    }
)


def test_fields_of_an_application(shared: Path, truth: dict[str, Any]) -> None:
    """Registered fields take what our own have no place for: sales to date, commission, bonus."""
    file = resources.files("salescore.exchange") / "profiles" / "adventureworks.json"
    data = json.loads(file.read_text("utf-8"))
    data["files"]["SalesPerson.csv"]["records"][0]["fields"] |= {
        "sales_to_date": "SalesYTD",
        "sales_last_year": "SalesLastYear",
        "commission": {"multiply": ["SalesYTD", "CommissionPct"]},
        "bonus": "Bonus",
    }
    profile = Profile.parse(json.dumps(data), custom_fields=FIGURES)
    found = read_folder(shared / "data" / "adventureworks", profile, custom_fields=FIGURES)
    own = {str(one.id): dict(one.custom) for one in found.book.sales_reps}
    assert set(own) == set(truth["person"])

    def amount(rep: str, name: str) -> Decimal:
        money = own[rep][name]
        assert isinstance(money, Money)
        return money.amount

    for rep, wanted in truth["person"].items():
        assert amount(rep, "sales_to_date") == wanted["ytd"]
        assert amount(rep, "sales_last_year") == wanted["last_year"]
        assert close(amount(rep, "commission"), wanted["commission"])
    assert exact_sum(amount(rep, "sales_to_date") for rep in own) == truth["sales_ytd_total"]
    assert (
        exact_sum(amount(rep, "sales_last_year") for rep in own) == (truth["sales_last_year_total"])
    )
    assert exact_sum(amount(rep, "bonus") for rep in own) == truth["bonus_total"]
    commissions = exact_sum(amount(rep, "commission") for rep in own)
    assert close(commissions, truth["commission_ytd_total(SalesYTD*CommissionPct)"])
