from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import forecast_accuracy

AMOUNTS = st.decimals(-1000, 1000, places=2)
ROWS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12)


def numbers(*values: int) -> list[Decimal]:
    """Return whole numbers as decimals."""
    return [Decimal(one) for one in values]


def test_all_measures_of_a_worked_example() -> None:
    """Errors 10 and -5 on 100 and 50, after steps of 10 and 30 in the history."""
    found = forecast_accuracy(numbers(100, 50), numbers(90, 55), history=numbers(60, 70, 40))
    assert found is not None
    assert (found.n, found.mean_error, found.mae) == (2, Decimal("2.5"), Decimal("7.5"))
    assert found.rmse**2 == pytest.approx(Decimal("62.5"))
    assert (found.mape, found.wape) == (Decimal(10), Decimal(10))
    assert float(found.smape) == pytest.approx(100 * (10 / 190 + 5 / 105))
    assert found.mase == Decimal("0.375")


def test_a_season_scales_by_its_own_steps() -> None:
    """With a season of two the steps over two periods count: 1 and 3."""
    history = numbers(1, 5, 2, 8)
    found = forecast_accuracy(numbers(4), numbers(0), history=history, season=2)
    assert found is not None
    assert found.mase == 2


def test_what_is_undefined_is_none() -> None:
    """A share of 0 is not taken, nor a scale of nothing; nothing at all gives nothing."""
    assert forecast_accuracy([], []) is None
    zero = forecast_accuracy(numbers(0, 0), numbers(0, 1), history=numbers(3, 3))
    assert zero is not None
    assert (zero.mape, zero.wape, zero.mase) == (None, None, None)
    assert zero.smape == 100
    some = forecast_accuracy(numbers(0, 4), numbers(1, 4))
    assert some is not None
    assert (some.mape, some.wape, some.mase) == (None, Decimal(25), None)


def test_bad_input_is_refused() -> None:
    """Rows of unequal length, a season of nothing, and what is no decimal."""
    with pytest.raises(InvalidValue, match="number of forecasts"):
        forecast_accuracy(numbers(1), [])
    with pytest.raises(InvalidValue, match="season"):
        forecast_accuracy(numbers(1), numbers(1), season=0)
    with pytest.raises(InvalidValue, match="finite"):
        forecast_accuracy([Decimal("NaN")], numbers(1))


@given(ROWS)
def test_a_mean_of_sizes_lies_between_the_mean_error_and_the_root(
    rows: list[tuple[Decimal, Decimal]],
) -> None:
    """|mean error| ≤ MAE ≤ RMSE, and sMAPE lies from 0 to 200."""
    found = forecast_accuracy([a for a, _ in rows], [b for _, b in rows])
    assert found is not None
    slack = Decimal("1E-20")
    assert abs(found.mean_error) <= found.mae + slack
    assert found.mae <= found.rmse + slack
    assert 0 <= found.smape <= 200


@given(ROWS, st.integers(1, 1000))
def test_percentages_do_not_know_the_unit(rows: list[tuple[Decimal, Decimal]], factor: int) -> None:
    """In a smaller unit all amounts grow, sMAPE stays."""
    first = forecast_accuracy([a for a, _ in rows], [b for _, b in rows])
    other = forecast_accuracy([a * factor for a, _ in rows], [b * factor for _, b in rows])
    assert first is not None
    assert other is not None
    assert other.smape == first.smape
    assert abs(other.mae - first.mae * factor) <= Decimal("1E-18")
