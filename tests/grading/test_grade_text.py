"""Decisions in words and as plain data."""

import json
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grading.ladder import having, history, ladder

from salescore import testing
from salescore.errors import InvalidValue
from salescore.grading import GradeHistory, GradeReason, Move, ReasonCode, grade
from salescore.grading._decision_text import move_words, reason_words
from salescore.plain import PersonalData
from salescore.render import Language
from salescore.testing import LADDER_FIELDS

DAY = timedelta(days=1)
START, MAY, JULY = date(2017, 1, 1), date(2017, 5, 10), date(2017, 7, 1)


def test_a_fall_in_english() -> None:
    """The headline tells what happened; each reason its rule, with labels, values and days."""
    held = history(("gold", START)).warned(MAY, on=MAY)
    found = grade(ladder(grace_days=30), having(41), JULY, held)
    assert found.text(table=LADDER_FIELDS, name="Acme").splitlines() == [
        "2017-07-01 Acme: Gold → Silver (fell)",
        "  Due to leave Gold since 2017-05-10",
        "    ✓ Revenue, 12 months 41 < 80",
    ]


def test_a_warning_in_chinese() -> None:
    """Every phrase and label is Chinese, and what stands in the way says until when."""
    policy = ladder(review_months=3, minimum_stay_days=200, grace_days=30)
    found = grade(policy, having(41), MAY, history(("gold", START)))
    assert found.text(Language.ZH, LADDER_FIELDS).splitlines() == [
        "2017-05-10 C1：金（预警，即将降级）",
        "  应退出“金”（自2017-05-10起）",
        "    ✓ 近12个月销售额 41 < 80",
        "  在“金”未满最短保留期（至2017-07-19）",
        "  “金”的宽限期未满（至2017-06-08）",
        "  非复核日，不从“金”降级（至2017-06-30）",
    ]


def test_without_a_table_fields_have_their_bare_names() -> None:
    """Labels come from the fields of customers."""
    text = grade(ladder(), having(60), MAY).text()
    assert text.splitlines() == [
        "2017-05-10 C1: Silver (first grade)",
        "  Fulfils what Silver asks",
        "    ✓ revenue_12m 60 ≥ 50",
    ]


def test_what_is_over_says_how_long_it_held() -> None:
    """An expired override names its last day, and the way goes from its grade."""
    held = history(("silver", START)).overridden(
        "gold", MAY, reason="promised", decided_by="Ann", expires_on=JULY
    )
    over = grade(ladder(), having(45), JULY + DAY, held).text()
    assert over.splitlines()[0] == "2017-07-02 C1: Gold → Silver (fell)"
    assert over.splitlines()[-1] == "  A person's word for Gold has expired (held until 2017-07-01)"
    during = grade(ladder(), having(45), MAY, held).text().splitlines()
    assert during == [
        "2017-05-10 C1: Gold (set by a person)",
        "  A person's word holds: Gold (until 2017-07-01)",
    ]


def test_an_unknown_grade_is_shown_by_its_key() -> None:
    """A policy has no label for it."""
    text = grade(ladder(), having(45), MAY, history(("platinum", START))).text()
    assert text.splitlines()[0] == "2017-05-10 C1: platinum → Base (graded anew)"
    assert text.splitlines()[-1] == "  The grade on record, platinum, is none of the policy's"


@pytest.mark.parametrize("language", Language)
def test_every_kind_of_reason_and_move_has_words(language: Language) -> None:
    """No two kinds share their words, in either language."""
    reasons = {reason_words(language, GradeReason(code, "gold"), "Gold") for code in ReasonCode}
    assert len(reasons) == len(ReasonCode)
    assert all("Gold" in one for one in reasons)
    moves = {move_words(language, one, on=MAY, name="A", grades=("x", "y")) for one in Move}
    assert len(moves) == len(Move)


def test_where_grades_are_no_ladder_nobody_falls() -> None:
    """Words for a move, a warning and a day without review name no direction."""
    policy = ladder(is_ladder=False, review_months=3)
    moved = grade(policy, having(41), JULY, history(("gold", START)))
    assert moved.text(table=LADDER_FIELDS).splitlines() == [
        "2017-07-01 C1: Gold → Base (moved)",
        "  Due to leave Gold",
        "    ✓ Revenue, 12 months 41 < 80",
        "  Fulfils what no grade asks; Base takes whoever has no other",
    ]
    assert moved.text(Language.ZH).splitlines()[0] == "2017-07-01 C1：金 → 基础（变更）"
    assert moved.as_data()["move"] == "moved"
    warned = grade(policy, having(41), MAY, history(("gold", START)))
    lines = warned.text().splitlines()
    assert lines[0] == "2017-05-10 C1: Gold (about to move)"
    assert lines[-1] == "  Nobody leaves Gold without a review (until 2017-06-30)"
    lines = warned.text(Language.ZH).splitlines()
    assert lines[0] == "2017-05-10 C1：金（预警，即将变更）"
    assert lines[-1] == "  非复核日，不退出“金”（至2017-06-30）"


def test_texts_are_harmless() -> None:
    """A name or label with line breaks stays on its line."""
    text = grade(ladder(), having(0), MAY).text(name="Evil\nname\x1b[31m")
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text


@given(st.data())
def test_every_decision_can_be_told_and_kept(data: st.DataObject) -> None:
    """Text and data exist for any decision; the data are JSON, one entry for each reason."""
    policy = data.draw(testing.grading_policies())
    held = data.draw(testing.graded_histories(policy))
    day = data.draw(testing.days(held.intervals[0].starts_on, date(2020, 12, 31)))
    found = grade(policy, data.draw(testing.policy_rows(policy)), day, held)
    for language in Language:
        lines = found.text(language, LADDER_FIELDS).splitlines()
        told = [line for line in lines if line.startswith("  ") and not line.startswith("   ")]
        assert len(told) == len(found.reasons)
    written = json.loads(json.dumps(found.as_data(LADDER_FIELDS)))
    assert [one["code"] for one in written["reasons"]] == [one.code.value for one in found.reasons]
    assert written["after"] == found.after


def test_a_decision_as_data() -> None:
    """Days are text, and the rule stands beside the code with its verdict."""
    held = history(("gold", START))
    data = grade(ladder(grace_days=5), having(41), MAY, held).as_data()
    reasons = data.pop("reasons")
    assert data == {
        "customer_id": "C1",
        "on": "2017-05-10",
        "policy": "ladder",
        "version": "1",
        "before": "gold",
        "after": "gold",
        "move": "warned",
        "warned_on": "2017-05-10",
    }
    assert isinstance(reasons, list)
    assert reasons[1] == {
        "code": "grace",
        "grade": "gold",
        "until": "2017-05-14",
        "explanation": None,
    }
    assert reasons[0]["explanation"]["verdict"] == "fired"
    assert reasons[0]["explanation"]["fields"] == {"revenue_12m": "41"}
    first = grade(ladder(), having(0), MAY).as_data()
    assert (first["before"], first["warned_on"]) == (None, None)


def test_personal_data_can_be_kept_back() -> None:
    """Values of personal fields are hidden; without a table nobody knows which those are."""
    fields = [
        attrs.evolve(one, personal=PersonalData.IDENTITY) if one.name == "revenue_12m" else one
        for one in LADDER_FIELDS.fields
    ]
    table = attrs.evolve(LADDER_FIELDS, fields=tuple(fields))
    found = grade(ladder(), having(41), MAY, history(("gold", START)))
    assert "41" not in found.text(table=table, hide_personal=True)
    assert '"41"' not in json.dumps(found.as_data(table, hide_personal=True))
    with pytest.raises(InvalidValue, match="hide_personal"):
        found.text(hide_personal=True)


def test_a_grade_that_a_fall_passes_has_no_day_of_warning() -> None:
    """Only the grade on record has been warned of."""
    held = history(("gold", START)).warned(MAY, on=MAY)
    lines = grade(ladder(), having(0), JULY, held).text().splitlines()
    assert lines[1] == "  Due to leave Gold since 2017-05-10"
    assert lines[3] == "  Due to leave Silver"
    empty = GradeHistory(customer_id="C1", policy="ladder")
    over = empty.followed("silver", START).overridden(
        "silver", MAY, reason="so", decided_by="A", expires_on=MAY
    )
    assert "since" not in grade(ladder(), having(0), JULY, over).text()
    assert Decimal(0) == having(0)["revenue_12m"]
