"""Types of answers: what to draw and ask instead of drawing them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BOOK = "draw books()"
_GRADING = f"{_BOOK} and grading_policies(), and ask"
_FRAME = "it holds a dataframe of an engine, or what one is asked"

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "plain.Node": "it reads a document: build it around any JSON data",
        "plain.Upcaster": "it is a function and its version: write it",
        "plain.Upcasters": "they are functions and their versions: write them",
        "grading.CustomerTable": f"{_BOOK} and ask customer_table()",
        "grading.GradeDecision": "draw grading_policies() and policy_rows(), and ask grade()",
        "grading.Grading": f"{_GRADING} grade_customers()",
        "grading.LeadFactor": "draw instances of LeadExample and ask LeadModel.learn(…).score()",
        "grading.LeadModel": "draw instances of LeadExample and ask LeadModel.learn()",
        "grading.LeadScore": "draw instances of LeadExample and ask LeadModel.learn(…).score()",
        "grading.NearBoundary": f"{_GRADING} near_boundaries()",
        "grading.Score": "draw instances of ScoreCard and rows(), and ask score()",
        "grading.SkillReport": "draw instances of LeadExample and ask skill_report()",
        "grading.ServiceGap": f"{_GRADING} service_review()",
        "grading.ServiceReview": f"{_GRADING} service_review()",
        "review.GradeMove": f"{_GRADING} review_book()",
        "review.GradeReview": f"{_GRADING} review_book()",
        "review.Review": f"{_BOOK} and ask review_book()",
        "review.Warned": f"{_GRADING} review_book()",
        "storage.Entry": "draw instances of Unit, commit them, and ask the store's entries",
        "frames.Column": f"{_FRAME}: {_BOOK} and ask fact_frames(), then open_frame()",
        "frames.Compiled": f"{_FRAME}: draw rules() and ask frame_expression()",
        "frames.CustomerFrame": f"{_FRAME}: {_BOOK} and ask fact_frames()",
        "frames.FactsFolder": f"{_FRAME}: {_BOOK} and ask write_facts_parquet()",
        "frames.Frame": f"{_FRAME}: {_BOOK} and ask fact_frames(), then open_frame()",
        "frames.FrameFacts": f"{_FRAME}: {_BOOK} and ask fact_frames()",
        "frames.GradedFrame": f"{_FRAME}: {_BOOK} and ask fact_frames()",
        "frames.Plan": f"{_FRAME}: draw instances of Reduction and ask explain_plan()",
        "frames.Progress": f"{_FRAME}: {_BOOK} and give FrameFacts.of(..., progress=)",
        "frames.Scan": f"{_FRAME}: draw instances of Reduction and ask explain_plan()",
        "frames.SqlStatement": "draw rules() and ask sql_rule()",
        "testing": "what tests a store or an engine is not drawn itself",
    }
)
"""Per type, or room, what to do instead."""


def answer_of(kind: type[object]) -> str | None:
    """Return what to do instead of drawing a type; `None` for one that can be drawn."""
    room = kind.__module__.removeprefix("salescore.").partition(".")[0]
    return ANSWERS.get(room, ANSWERS.get(f"{room}.{kind.__name__}"))
