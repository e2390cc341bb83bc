"""A finding is plain data that says what, where and how often."""

import json

import pytest

from salescore.errors import InvalidRecord
from salescore.values import Finding, Place, Severity


def test_as_data() -> None:
    """A finding becomes JSON data without nulls."""
    finding = Finding(
        code="unknown-currency",
        severity=Severity.ERROR,
        message="no currency 'US'; did you mean 'USD'?",
        place=Place("orders.csv", 7, "currency", "US"),
        subject="orders/CA-1",
        count=2,
    )
    assert json.loads(json.dumps(finding.as_data())) == {
        "code": "unknown-currency",
        "severity": "error",
        "message": "no currency 'US'; did you mean 'USD'?",
        "place": {"file": "orders.csv", "row": 7, "column": "currency", "raw": "US"},
        "subject": "orders/CA-1",
        "count": 2,
    }


def test_as_data_omits_nulls() -> None:
    """What is not known is left out."""
    bare = Finding(code="no-rate", severity=Severity.INFO, message="No rate.")
    assert list(bare.as_data()) == ["code", "severity", "message", "count"]
    assert Place.of("a.csv").as_data() == {"file": "a.csv"}


def test_raw_is_cut() -> None:
    """A place keeps at most 200 characters of what stood there."""
    assert Place.of("a.csv", raw="x" * 200).raw == "x" * 200
    cut = Place.of("a.csv", raw="x" * 201).raw
    assert cut == "x" * 199 + "…"
    assert Place.of("a.csv", 1, "id").raw is None


@pytest.mark.parametrize(
    "code", ["", "NoRate", "no_rate", "no--rate", "-no", "no-", "1-no", "no\n"]
)
def test_codes(code: str) -> None:
    """A code is kebab-case, so that programs may rely on it."""
    with pytest.raises(InvalidRecord, match=r"Finding\.code"):
        Finding(code=code, severity=Severity.INFO, message="x")


def test_count() -> None:
    """What was found was found at least once."""
    with pytest.raises(InvalidRecord, match=r"Finding\.count is 0"):
        Finding(code="x", severity=Severity.INFO, message="x", count=0)
