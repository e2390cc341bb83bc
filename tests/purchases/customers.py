"""Histories of customers for the tests of purchase behaviour."""

from decimal import Decimal
from itertools import starmap

from hypothesis import strategies as st

from salescore.purchases import BgNbd, PurchaseHistory

CDNOW = BgNbd(r=Decimal("0.243"), alpha=Decimal("4.414"), a=Decimal("0.793"), b=Decimal("2.426"))
"""The parameters that Fader, Hardie and Lee (2005) publish, to three digits."""

MODIFIED = BgNbd(
    r=Decimal("0.5248"),
    alpha=Decimal("6.1830"),
    a=Decimal("0.8914"),
    b=Decimal("1.6140"),
    is_modified=True,
)

Row = tuple[int, str, str] | tuple[int, str, str, str | None]


def history(
    repeats: int, recency: str, age: str, value: str | None = None, key: str = "c"
) -> PurchaseHistory:
    """Return a history, its numbers as text."""
    return PurchaseHistory(
        key=key,
        repeats=repeats,
        recency=Decimal(recency),
        age=Decimal(age),
        mean_value=None if value is None else Decimal(value),
    )


def histories(*rows: Row) -> list[PurchaseHistory]:
    """Return the histories of several customers, numbered."""
    return list(starmap(_numbered, enumerate(rows)))


def _numbered(number: int, row: Row) -> PurchaseHistory:
    return history(row[0], row[1], row[2], row[3] if len(row) > 3 else None, f"c{number}")


MIXED = histories(
    *[(0, "0", str(age)) for age in range(20, 40)],
    *[(1, str(recency), "38") for recency in range(2, 38, 4)],
    *[(3, str(recency), "39") for recency in range(10, 39, 5)],
    *[(7, str(recency), "36.5") for recency in (12, 30, 35, 36)],
)
"""Customers of many kinds, enough for a fit that comes to rest."""


def some_history() -> st.SearchStrategy[PurchaseHistory]:
    """Return any history of a usual size."""
    ages = st.integers(1, 400)
    return st.tuples(st.integers(0, 30), ages, st.integers(1, 400)).map(
        lambda row: history(
            row[0], str(min(row[1], row[2])) if row[0] else "0", str(max(row[1], row[2]))
        )
    )


def some_model() -> st.SearchStrategy[BgNbd]:
    """Return a model of any kind, parameters around and beyond 1."""
    sizes = st.sampled_from(["0.05", "0.3", "0.793", "1", "1.000001", "2.4", "11"]).map(Decimal)
    scales = st.sampled_from(["0.4", "4.414", "60"]).map(Decimal)
    return st.builds(BgNbd, r=sizes, alpha=scales, a=sizes, b=sizes, is_modified=st.booleans())
