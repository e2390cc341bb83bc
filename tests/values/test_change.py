"""A change says what it counts in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidRecord
from salescore.values import Change, ChangeKind, change

PERCENT, POINTS = ChangeKind.PERCENT, ChangeKind.POINTS
VALUES = st.decimals(min_value=-(10**6), max_value=10**6, allow_nan=False, places=2)


@pytest.mark.parametrize(
    ("old", "new", "kind", "value", "text"),
    [
        ("0.7", "0.9", POINTS, "0.2", "+20.0 pp"),
        ("0.7", "0.9", PERCENT, "0.2857142857142857142857142857", "+28.6 %"),
        ("100", "130", PERCENT, "0.3", "+30.0 %"),
        ("5", "2", PERCENT, "-0.6", "-60.0 %"),
        ("5", "5", PERCENT, "0", "0.0 %"),
        ("-100", "-50", PERCENT, "0.5", "+50.0 %"),
        ("-100", "50", PERCENT, "1.5", "+150.0 %"),
        ("1", "13", PERCENT, "12", "+1,200.0 %"),
        ("0", "0.1", POINTS, "0.1", "+10.0 pp"),
        ("10000", "9999", PERCENT, "-0.0001", "0.0 %"),
    ],
)
def test_change(old: str, new: str, kind: ChangeKind, value: str, text: str) -> None:
    """
    Percent is of the old value's size, points are the difference.

    Source:
        The seeds in SEMANTICS 1.5: 70 % to 90 %, 100 to 130, 5 days to 2.
    """
    found = change(Decimal(old), Decimal(new), kind=kind)
    assert found == Change(kind, Decimal(value))
    assert found.text() == text


def test_digits() -> None:
    """The text rounds to the digits asked for, half to even."""
    found = change(Decimal("0.7"), Decimal("0.9"), kind=PERCENT)
    assert found.text(2) == "+28.57 %"
    assert Change(PERCENT, Decimal("0.125")).text(0) == "+12 %"


@pytest.mark.parametrize(
    ("old", "new", "kind", "reason"),
    [
        (Decimal(0), Decimal(5), PERCENT, "the old value is 0"),
        (Decimal(0), Decimal(0), PERCENT, "the old value is 0"),
        (None, Decimal(5), PERCENT, "the old value is undefined"),
        (Decimal(5), None, POINTS, "the new value is undefined"),
        (None, None, POINTS, "the old value is undefined"),
    ],
)
def test_undefined(old: Decimal | None, new: Decimal | None, kind: ChangeKind, reason: str) -> None:
    """From zero or from nothing there is no change, and the reason is said."""
    found = change(old, new, kind=kind)
    assert found == Change(kind, None, reason)
    assert found.text() == f"undefined: {reason}"


@given(VALUES, VALUES)
def test_sign(old: Decimal, new: Decimal) -> None:
    """A change is positive exactly when the figure rose."""
    assert change(old, new, kind=POINTS).value == new - old
    value = change(old, new, kind=PERCENT).value
    assert (value is None) == (old == 0)
    if value is not None:
        assert (value > 0, value < 0) == (new > old, new < old)


def test_refuses() -> None:
    """Only admissible decimals change, and a change is either defined or explained."""
    with pytest.raises(InvalidNumber):
        change(Decimal("NaN"), Decimal(1), kind=PERCENT)
    with pytest.raises(InvalidNumber):
        change(Decimal(1), Decimal("1E+999999"), kind=POINTS)
    with pytest.raises(InvalidRecord):
        Change(PERCENT, None)
    with pytest.raises(InvalidRecord):
        Change(PERCENT, Decimal(1), "why")
