"""Grading on Spark gives what grading row by row gives."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.frames.grading_cases import by_key, frame_of, history_frame
from tests.frames.test_abc_frame import FINE_CUTS, ITEMS, abc_frame, classes
from tests.frames.test_customer_frame import DAY, FIELDS, check, sales_of
from tests.frames.test_grade_frame import APRIL, NEW_YEAR, TEMPERED, told

from salescore.book import Facts
from salescore.frames import grade_frame
from salescore.grading import GradeHistory, grade
from salescore.metrics import ABC_CUTS
from salescore.testing import LADDER_FIELDS

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_the_fields_of_customers(spark: Any) -> None:  # noqa: ANN401 - a session of Spark
    """Figures, classes, RFM, points and decisions are those of the rows, and so are the grades."""
    chance = random.Random(5)  # noqa: S311 - made-up cases
    facts = Facts.of(sales_of(chance), currency="USD", as_of=DAY)
    fields = [FIELDS[place] for place in (0, 8, 11, 13, 14, 15)]
    assert [type(one).__name__ for one in fields] == [
        "CustomerFigure",
        "CustomerFigure",
        "AbcField",
        "RfmFields",
        "ScoreField",
        "TableFields",
    ]
    check(facts, "spark", fields, spark)


def test_classes(spark: Any) -> None:  # noqa: ANN401 - as above
    """Classes, with ties torn in the order of keys, are those of the rows."""
    known: dict[str, Decimal | None] = dict.fromkeys("jih客édcba", Decimal("1.25"))
    known |= {"big": Decimal("4.5"), "debt": Decimal(-2), "unknown": None}
    rows = [{"customer_id": key, "worth": value} for key, value in known.items()]
    frame = frame_of(ITEMS, rows, "spark", spark)
    for cuts in (ABC_CUTS, FINE_CUTS):
        found = by_key(abc_frame(frame, "worth", cuts=cuts))
        assert {key: row["abc"] for key, row in found.items()} == classes(known, cuts)


def test_decisions(spark: Any) -> None:  # noqa: ANN401 - as above
    """Decisions on any history, with warnings and words of persons, are those of the rows."""
    chance = random.Random(3)  # noqa: S311 - made-up cases
    rows: list[dict[str, Any]] = []
    histories: dict[str, GradeHistory] = {}
    for number in range(40):
        key = f"客{number}"
        worth = chance.choice([None, 0, 39, 40, 60, 85, 120])
        rows.append({"customer_id": key, "revenue_12m": None if worth is None else Decimal(worth)})
        kept = GradeHistory(customer_id=key, policy="ladder")
        day = NEW_YEAR
        for _ in range(chance.randrange(4)):
            grade_key = chance.choice(["base", "silver", "gold"])
            if chance.random() < 0.3:
                until = chance.choice([None, day + timedelta(days=20)])
                kept = kept.overridden(
                    grade_key, day, reason="promised", decided_by="Ann", expires_on=until
                )
            else:
                warned = chance.choice([None, day])
                kept = kept.followed(grade_key, day, version="1", warned_on=warned)
            day += timedelta(days=chance.choice([20, 40, 70]))
        histories[key] = kept
    customers = frame_of(LADDER_FIELDS, rows, "spark", spark)
    records = [one for kept in histories.values() for one in kept.records]
    previous = history_frame(records, "spark", spark)
    found = grade_frame(customers, TEMPERED, as_of=APRIL, previous=previous, schema=LADDER_FIELDS)
    expected = [grade(TEMPERED, row, APRIL, histories[row["customer_id"]]) for row in rows]
    assert by_key(found.decisions) == {one.customer_id: told(one) for one in expected}
