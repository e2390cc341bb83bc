"""
The main job: a book becomes a sales review.

`review_book` brings every figure together with its past, its slices and the findings;
`review_facts` does so for facts on another engine.
`review_text` is the page for a person, `review_data` the plain data for a program;
`check_text` and `check_data` tell the same two what an import found.
"""

from salescore.review._check import check_data, check_text
from salescore.review._data import SCHEMA, review_data
from salescore.review._grades import GradeCount, GradeMove, GradeReview, MoveDirection, Warned
from salescore.review._process import DueSale, DueState, FunnelReview, ProcessReview
from salescore.review._review import Review, review_book, review_facts
from salescore.review._rows import Trace, trace, trace_data, trace_text
from salescore.review._slices import DEFAULT_DIMENSIONS
from salescore.review._text import review_text

__all__ = [
    "DEFAULT_DIMENSIONS",
    "SCHEMA",
    "DueSale",
    "DueState",
    "FunnelReview",
    "GradeCount",
    "GradeMove",
    "GradeReview",
    "MoveDirection",
    "ProcessReview",
    "Review",
    "Trace",
    "Warned",
    "check_data",
    "check_text",
    "review_book",
    "review_data",
    "review_facts",
    "review_text",
    "trace",
    "trace_data",
    "trace_text",
]
