"""Summaries of purchases count days, refuse what cannot have happened, and forget no row."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.purchases import Purchase, PurchaseHistory, purchase_histories

AS_OF = date(2026, 3, 31)
PURCHASES = st.lists(
    st.builds(
        Purchase,
        st.sampled_from(["ann", "bob", "eve"]),
        st.integers(-300, 20).map(lambda days: AS_OF + timedelta(days=days)),
        st.none() | st.integers(-5, 90).map(Decimal),
    ),
    max_size=30,
)


def of(key: str, *bought: tuple[int, str | None], unit: str = "7") -> PurchaseHistory:
    """Return the history of purchases so many days before the day of the summary."""
    rows = [
        Purchase(key, AS_OF - timedelta(days=days), None if value is None else Decimal(value))
        for days, value in bought
    ]
    (found,) = purchase_histories(rows, AS_OF, unit_days=Decimal(unit)).histories
    return found


def test_the_first_purchase_is_no_repeat() -> None:
    """Repeats, recency and value leave the first purchase out, the age begins with it."""
    found = of("ann", (70, "1000"), (35, "10"), (14, "20"))
    assert (found.repeats, found.recency, found.age) == (2, Decimal(8), Decimal(10))
    assert (found.mean_value, found.silence) == (Decimal(15), Decimal(2))


def test_several_purchases_on_one_day_are_one() -> None:
    """Two lines of one day add up, also on the first day, where they make no repeat."""
    found = of("ann", (70, "1"), (70, "2"), (7, "10"), (7, "30"))
    assert (found.repeats, found.mean_value) == (1, Decimal(40))


def test_one_purchase() -> None:
    """Who bought once has no recency and no mean value; who did so today has no age either."""
    assert of("ann", (70, "5")) == PurchaseHistory(
        key="ann", repeats=0, recency=Decimal(0), age=Decimal(10)
    )
    assert of("ann", (0, "5")).age == 0


def test_an_unknown_value_leaves_no_mean() -> None:
    """A mean of the known part would be too low; the value of the first day does not matter."""
    assert of("ann", (70, "5"), (35, None), (7, "5")).mean_value is None
    assert of("ann", (70, "5"), (35, "1"), (35, None)).mean_value is None
    assert of("ann", (70, None), (35, "5")).mean_value == 5


def test_the_unit_of_time_is_free() -> None:
    """Days, weeks or anything else: times are divided by the length of the unit."""
    found = of("ann", (70, None), (35, None), unit="1")
    assert (found.recency, found.age) == (Decimal(35), Decimal(70))
    assert of("ann", (70, None), (35, None), unit="30.5").age == Decimal("2.29508196721")


def test_later_purchases_are_counted_and_left_out() -> None:
    """A purchase after the day of the summary changes nothing but the note of it."""
    rows = [Purchase("ann", AS_OF, Decimal(1)), Purchase("ann", AS_OF + timedelta(days=1))]
    found = purchase_histories(rows, AS_OF)
    assert [one.repeats for one in found] == [0]
    assert found.excluded == (Exclusion("purchases", "after the day of the summary", 1),)
    assert (len(found), found.as_of, found.unit_days) == (1, AS_OF, 7)


def test_nobody() -> None:
    """No purchases make no histories."""
    assert len(purchase_histories([], AS_OF)) == 0


@given(PURCHASES)
def test_summaries_agree_with_a_slow_count(rows: list[Purchase]) -> None:
    """Repeats are the further days, recency and age spans of days, whatever the order of rows."""
    found = purchase_histories(rows, AS_OF, unit_days=Decimal(1))
    assert found == purchase_histories(rows[::-1], AS_OF, unit_days=Decimal(1))
    seen = [one for one in rows if one.day <= AS_OF]
    assert [one.key for one in found] == sorted({one.key for one in seen})
    for one in found:
        days = sorted({row.day for row in seen if row.key == one.key})
        assert one.repeats == len(days) - 1
        assert one.recency == (days[-1] - days[0]).days
        assert one.age == (AS_OF - days[0]).days
        later = [row.value for row in seen if row.key == one.key and row.day > days[0]]
        if not later or None in later:
            assert one.mean_value is None
        else:
            total = sum(value for value in later if value is not None)
            assert one.mean_value == pytest.approx(Decimal(total) / one.repeats)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"key": 7}, "must be a text"),
        ({"recency": Decimal("39.1")}, "within the age"),
        ({"recency": Decimal(-1)}, "at 0 or above"),
        ({"recency": Decimal(0)}, "above 0 with some"),
        ({"repeats": 0, "mean_value": None}, "0 with no repeated purchase"),
        ({"repeats": -1}, "whole number from 0 on"),
        ({"repeats": True}, "whole number from 0 on"),
        ({"repeats": 1.5}, "whole number from 0 on"),
        ({"age": Decimal("NaN")}, "finite Decimal"),
        ({"age": 39.0}, "finite Decimal"),
        ({"age": Decimal("1E+999999")}, "between"),
        ({"mean_value": Decimal("Infinity")}, "finite Decimal, or None"),
        ({"mean_value": 3.5}, "finite Decimal, or None"),
        ({"repeats": 0, "recency": Decimal(0)}, "without a repeated purchase"),
    ],
)
def test_what_cannot_have_happened(changes: dict[str, object], fault: str) -> None:
    """A last purchase before the first, or after the day, and numbers that are none are refused."""
    sound = {
        "key": "ann",
        "repeats": 2,
        "recency": Decimal(30),
        "age": Decimal(39),
        "mean_value": Decimal(5),
    }
    with pytest.raises(InvalidValue, match=fault):
        PurchaseHistory(**(sound | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "as_of", "unit", "fault"),
    [
        ([], datetime(2026, 3, 31), Decimal(7), "must be a day"),  # noqa: DTZ001
        ([], AS_OF, Decimal(0), "above 0"),
        ([Purchase("ann", "2026-03-31")], AS_OF, Decimal(7), "must be a day"),  # type: ignore[arg-type]
        ([Purchase("ann", AS_OF, Decimal("NaN"))], AS_OF, Decimal(7), "finite Decimal"),
        ([("ann", AS_OF)], AS_OF, Decimal(7), "must be a Purchase"),
        ([Purchase(7, AS_OF)], AS_OF, Decimal(7), "must be a text"),  # type: ignore[arg-type]
        (Purchase("ann", AS_OF), AS_OF, Decimal(7), "give several"),
        ([Purchase("ann", AS_OF, 3.5)], AS_OF, Decimal(7), "finite Decimal"),  # type: ignore[arg-type]
    ],
)
def test_rows_that_cannot_be_summed(
    rows: list[Purchase], as_of: date, unit: Decimal, fault: str
) -> None:
    """Instants for days, floats for money and a unit of nothing are refused."""
    with pytest.raises(InvalidValue, match=fault):
        purchase_histories(rows, as_of, unit_days=unit)
