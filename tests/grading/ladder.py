"""A ladder of three grades by one number, and customers on it, for the tests of grading."""

from datetime import date
from decimal import Decimal
from typing import Any

from salescore.grading import Grade, GradeHistory, GradingPolicy
from salescore.rules import F


def ladder(**given: Any) -> GradingPolicy:  # noqa: ANN401 - whatever a policy takes
    """Return base, silver (in at 50, out below 40) and gold (in at 100, out below 80)."""
    return GradingPolicy(
        name="ladder",
        version="1",
        labels=("Ladder", "阶梯"),
        grades=[
            Grade(key="base", labels=("Base", "基础")),
            Grade(
                key="silver",
                labels=("Silver", "银"),
                entry=F.revenue_12m >= 50,
                exit=F.revenue_12m < 40,
            ),
            Grade(
                key="gold",
                labels=("Gold", "金"),
                entry=F.revenue_12m >= 100,
                exit=F.revenue_12m < 80,
            ),
        ],
        **given,
    )


def having(revenue: int | None) -> dict[str, Any]:
    """Return a customer with so much revenue."""
    return {
        "customer_id": "C1",
        "revenue_12m": None if revenue is None else Decimal(revenue),
    }


def history(*grades: tuple[str, date]) -> GradeHistory:
    """Return grades given by the policy from their days on."""
    found = GradeHistory(customer_id="C1", policy="ladder")
    for key, day in grades:
        found = found.followed(key, day, version="1")
    return found
