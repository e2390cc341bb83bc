"""Allocated parts sum to the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.values import allocate

WEIGHTS = st.lists(
    st.integers(0, 10**6) | st.decimals(0, 1000, allow_nan=False, places=3), min_size=1, max_size=12
).filter(any)
TOTALS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, (1, 1, 1), (3334, 3333, 3333)),
        (5, (3, 7), (2, 3)),
        (100, (30, 20, 10), (50, 33, 17)),
    ],
)
def test_published(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    """
    Largest remainder gives the published parts.

    Source:
        Fowler's Money pattern and worked examples of largest remainder, as in SEMANTICS 1.3.
    """
    assert allocate(total, weights) == parts


def test_decimal_weights() -> None:
    """Weights may be decimals of any sensible size, mixed with whole numbers."""
    assert allocate(100, [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")]) == (50, 25, 25)
    assert allocate(10, [Decimal("1E+2"), 100]) == (5, 5)
    assert allocate(7, [0, 1, Decimal(0)]) == (0, 7, 0)


@given(TOTALS, WEIGHTS)
def test_conserves(total: int, weights: list[Decimal | int]) -> None:
    """The parts sum to the total, and each lies within one unit of its exact share."""
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(weight) * total / whole) < 1
        assert weight or not part


@given(TOTALS, WEIGHTS)
def test_symmetric(total: int, weights: list[Decimal | int]) -> None:
    """A negative total is shared as the positive one."""
    assert allocate(-total, weights) == tuple(-part for part in allocate(total, weights))


@given(TOTALS, WEIGHTS, st.integers(1, 1000))
def test_scale_of_weights(total: int, weights: list[Decimal | int], factor: int) -> None:
    """Only the proportion of the weights counts."""
    assert allocate(total, [weight * factor for weight in weights]) == allocate(total, weights)


@given(TOTALS.filter(lambda total: total >= 0), WEIGHTS)
def test_monotone(total: int, weights: list[Decimal | int]) -> None:
    """A larger weight never gets less; of equal weights the earlier gets the unit over."""
    parts = allocate(total, weights)
    ranked = sorted(range(len(parts)), key=lambda place: (-Fraction(weights[place]), place))
    assert [parts[place] for place in ranked] == sorted(parts, reverse=True)


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ([], "above 0"),
        ([0, Decimal("0.0")], "above 0"),
        ([1, -1], "negative"),
        ([Decimal(-1), 2], "negative"),
        ([Decimal("NaN")], "finite"),
        ([Decimal("Infinity")], "finite"),
        ([Decimal("1E+999999")], "sensible size"),
        ([Decimal("1E-999999")], "sensible size"),
        ([1.5], "int or a Decimal"),
        ([True], "int or a Decimal"),
    ],
)
def test_refuses_weights(weights: list[Decimal | int], fault: str) -> None:
    """No weights, all-zero, negative, endless and untyped weights are refused."""
    with pytest.raises(InvalidValue, match=fault):
        allocate(10, weights)


@pytest.mark.parametrize("total", [1.0, Decimal(1), True])
def test_refuses_totals(total: int) -> None:
    """Only a whole number of units can be shared in whole units."""
    with pytest.raises(InvalidValue, match="the total"):
        allocate(total, [1])
