"""How far forecasts of numbers were off, in the measures that the literature compares by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.stats._digits import WORKING, exact_fraction, rounded


@attrs.frozen(kw_only=True)
class Accuracy:
    """
    How far a row of forecasts was off, in six measures.

    Attributes:
        n: Pairs of actual value and forecast.
        mean_error: Mean of actual less forecast, in the unit of the values; above 0 the forecasts
            were too low.
        rmse: Root of the mean squared error, in that unit.
        mae: Mean absolute error, in that unit.
        mape: Mean absolute error in percent of the actual value; `None` where one of them is 0.
        smape: Mean absolute error in percent of the mean of both absolute values, from 0 to 200; a
            pair of zeros counts 0.
        wape: Sum of absolute errors in percent of the sum of absolute actual values; `None` where
            all of them are 0.
        mase: Mean absolute error ÷ that of the seasonal naive forecast on the history; `None`
            without history, or where that never changed.
    """

    n: int
    mean_error: Decimal
    rmse: Decimal
    mae: Decimal
    mape: Decimal | None
    smape: Decimal
    wape: Decimal | None
    mase: Decimal | None


def forecast_accuracy(
    actual: Sequence[Decimal],
    forecast: Sequence[Decimal],
    *,
    history: Sequence[Decimal] = (),
    season: int = 1,
) -> Accuracy | None:
    """
    Return how far forecasts were off.

    With the errors e = actual - forecast: `RMSE = √(Σe² ÷ n)`, `MAE = Σ|e| ÷ n`,
    `MAPE = 100 Σ|e ÷ actual| ÷ n`, `sMAPE = 200 Σ(|e| ÷ (|actual| + |forecast|)) ÷ n`,
    `MASE = MAE ÷ mean |yₜ - yₜ₋ₘ|` over the history with the season m.

    Args:
        actual: What happened, in any unit.
        forecast: What was expected, in the same order and unit.
        history: What was known when the forecast was made, the earliest first; for MASE alone.
        season: Periods in a season; 1 for none.

    Returns:
        All measures to 28 significant digits; `None` without values.

    Raises:
        InvalidValue: There are more of one than of the other, a value is no finite decimal, or the
            season is none.

    Examples:
        >>> found = forecast_accuracy([Decimal(100), Decimal(50)], [Decimal(90), Decimal(55)])
        >>> found.mae, found.mape
        (Decimal('7.5'), Decimal('10'))

    Source:
        Hyndman and Koehler, Another look at measures of forecast accuracy, International Journal
        of Forecasting 22 (2006), 679-688; sMAPE as in Makridakis and Hibon, The M3-Competition,
        International Journal of Forecasting 16 (2000), 451-476.
    """
    if len(actual) != len(forecast):
        fault = f"one per actual value, of which there are {len(actual)}"
        raise InvalidValue("number of forecasts", len(forecast), fault)
    if isinstance(season, bool) or season < 1:
        raise InvalidValue("season", season, "a whole number of periods from 1 on")
    truth, stated = _exact(actual), _exact(forecast)
    n = len(truth)
    if not n:
        return None
    errors = [a - b for a, b in zip(truth, stated, strict=True)]
    sizes = [abs(one) for one in errors]
    off = sum(sizes, Fraction(0))
    whole = sum(map(abs, truth), Fraction(0))
    relative = [size / abs(a) for size, a in zip(sizes, truth, strict=True) if a]
    both = [abs(a) + abs(b) for a, b in zip(truth, stated, strict=True)]
    halves = [size / width for size, width in zip(sizes, both, strict=True) if width]
    step = _naive_step(_exact(history), season)
    return Accuracy(
        n=n,
        mean_error=_shown(sum(errors, Fraction(0)) / n),
        rmse=_root(sum((one**2 for one in errors), Fraction(0)) / n),
        mae=_shown(off / n),
        mape=_shown(100 * sum(relative, Fraction(0)) / n) if len(relative) == n else None,
        smape=_shown(200 * sum(halves, Fraction(0)) / n),
        wape=_shown(100 * off / whole) if whole else None,
        mase=_shown(off / n / step) if step else None,
    )


def _exact(values: Sequence[Decimal]) -> list[Fraction]:
    found: list[Fraction] = []
    for one in values:
        exact = exact_fraction(one)
        if exact is None:
            raise InvalidValue("value", one, "expected a finite Decimal")
        found.append(exact)
    return found


def _naive_step(history: Sequence[Fraction], season: int) -> Fraction | None:
    """Return the mean absolute step over a season; `None` where the history is too short."""
    steps = [abs(b - a) for a, b in zip(history, history[season:], strict=False)]
    return sum(steps, Fraction(0)) / len(steps) if steps else None


def _shown(value: Fraction) -> Decimal:
    return rounded(WORKING.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _root(value: Fraction) -> Decimal:
    return rounded(
        WORKING.sqrt(WORKING.divide(Decimal(value.numerator), Decimal(value.denominator)))
    )
