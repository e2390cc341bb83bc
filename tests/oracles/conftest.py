"""Ground truth of the shared data sets, and the books that the shipped profiles make of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.exchange import Import, read_folder


@pytest.fixture(scope="session")
def truths(shared: Path) -> dict[str, Any]:
    """Return all ground truth, numbers with a point as decimals."""
    text = (shared / "oracles" / "datasets.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return found


@pytest.fixture(scope="session")
def maven(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the ground truth of Maven's CRM data."""
    found: dict[str, Any] = truths["maven_crm"]["values"]
    return found


@pytest.fixture(scope="session")
def superstore(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the ground truth of Superstore."""
    found: dict[str, Any] = truths["superstore_npm"]["values"]
    return found


@pytest.fixture(scope="session")
def maven_import(shared: Path) -> Import:
    """Return Maven's CRM data, read through the shipped profile."""
    return read_folder(shared / "data" / "maven_crm", "maven_crm")


@pytest.fixture(scope="session")
def superstore_import(shared: Path) -> Import:
    """Return Superstore, read through the shipped profile."""
    return read_folder(shared / "data" / "superstore", "superstore")


@pytest.fixture(scope="session")
def maven_book(maven_import: Import) -> SalesBook:
    """Return Maven's book."""
    return maven_import.book


@pytest.fixture(scope="session")
def maven_facts(maven_book: SalesBook) -> Facts:
    """Return Maven's fact tables."""
    return Facts.of(maven_book)


@pytest.fixture(scope="session")
def superstore_book(superstore_import: Import) -> SalesBook:
    """Return Superstore's book."""
    return superstore_import.book


@pytest.fixture(scope="session")
def superstore_facts(superstore_book: SalesBook) -> Facts:
    """Return Superstore's fact tables."""
    return Facts.of(superstore_book)


def close(value: Decimal | None, truth: Decimal | float) -> bool:
    """Return whether a value rounds to the truth at the digits that the truth is given with."""
    digits = Decimal(truth).as_tuple().exponent
    assert isinstance(digits, int)
    return value is not None and abs(value - Decimal(truth)) <= Decimal(5).scaleb(digits - 1)
