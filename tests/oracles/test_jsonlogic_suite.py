"""The public cases of JsonLogic, each passed or outside with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import jsonlogic_cases
from tools.jsonlogic_cases import PASSED, WRONG, Outcome

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Outcome]:
    """Return what becomes of every case."""
    return jsonlogic_cases.outcomes(shared / "suites" / "jsonlogic" / "tests.json")


def test_no_case_gives_a_wrong_answer(found: list[Outcome]) -> None:
    """Each of the 277 cases equals the published result or is outside with a reason."""
    assert [one.rule for one in found if one.word == WRONG] == []
    assert all(bool(one.reason) == (one.word != PASSED) for one in found)
    assert len(found) == 277


def test_the_counts_are_those_we_publish(found: list[Outcome]) -> None:
    """190 cases pass, and 87 are outside."""
    assert sum(one.word == PASSED for one in found) == 190
    assert sum(bool(one.reason) for one in found) == 87


def test_every_case_outside_walks_arrays_or_returns_what_no_rule_can(found: list[Outcome]) -> None:
    """Nothing is outside for a coercion: all those cases are of constants, which are worked out."""
    reasons = {one.reason.split(": ", 1)[1] for one in found if one.reason}
    assert reasons == {
        "a list of missing names; ask {'==': [x, null]}",
        "a name that is computed",
        "a walk over an array",
        "an array as a result",
        "an array of computed values",
        "null as a result",
        "the row as a whole",
    }


def test_the_page_is_in_step(found: list[Outcome]) -> None:
    """The published table is what the code does now."""
    page = jsonlogic_cases.PAGE.read_text(encoding="utf-8")
    in_step = jsonlogic_cases.filled(page, found) == page
    assert in_step, "jsonlogic.md is out of step: run python -m tools.jsonlogic_cases"


def test_a_wrong_answer_would_be_called_wrong() -> None:
    """The word is taken from the comparison: true is not 1, and another value is wrong."""
    assert jsonlogic_cases.outcome({"===": [1, 1]}, {}, expected=1).word == WRONG
    assert jsonlogic_cases.outcome({"+": [1, {"var": "a"}]}, {"a": 2}, expected=3).reason
    assert jsonlogic_cases.outcome({"var": "a"}, {"a": 2}, expected=3).word == WRONG
    assert jsonlogic_cases.outcome({"var": "a"}, {"a": 2}, expected=2).word == PASSED
