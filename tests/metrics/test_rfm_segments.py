"""Segments by RFM scores: the first that fits, and nothing for who has not bought."""

import json
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDocument, InvalidValue
from salescore.metrics import (
    OTHER_SEGMENT,
    RFM_SEGMENTS,
    RfmScore,
    SegmentBounds,
    rfm_segment,
)
from salescore.plain import Node, parse_json


def score(r: int, f: int, m: int | None) -> RfmScore:
    """Return a score of a customer."""
    return RfmScore("c", 3, Decimal(1), Decimal(1), r, f, m)


@pytest.mark.parametrize(
    ("code", "segment"),
    [
        ((5, 5, 5), "Champions"),
        ((3, 4, 3), "Potential Loyalist"),
        ((4, 1, 2), "New Customers"),
        ((3, 2, 3), "Loyal Customers"),
        ((3, 1, 5), "Promising"),
        ((2, 3, 5), "Can't Lose Them"),
        ((1, 2, 4), "At Risk"),
        ((1, 5, 3), "Need Attention"),
        ((2, 1, 1), "About To Sleep"),
        ((1, 1, 1), "Lost"),
        ((2, 1, 5), "Others"),
    ],
)
def test_the_eleven_segments(code: tuple[int, int, int], segment: str) -> None:
    """
    Each of the eleven names has scores of its own.

    Source:
        R package rfm 0.3.0, README; the published rows are in tests/oracles/test_rfm.py.
    """
    assert rfm_segment(score(*code)) == segment


def test_every_score_has_one_of_the_eleven_names() -> None:
    """All 125 scores fall in a segment, and each segment is somebody's."""
    found = {rfm_segment(score(*code)) for code in product(range(1, 6), repeat=3)}
    assert found == {one.name for one in RFM_SEGMENTS}
    assert len(found) == 11


def test_labels_in_two_languages() -> None:
    """Each segment has a label in English, which is its name, and one in Chinese of its own."""
    labels = [one.labels for one in RFM_SEGMENTS]
    assert [label and label[0] for label in labels] == [one.name for one in RFM_SEGMENTS]
    chinese = {label[1] for label in labels if label is not None}
    assert len(chinese) == 11
    assert not any(text.isascii() for text in chinese)


def test_nobody_without_a_purchase_has_a_segment() -> None:
    """Neither has a customer whose money is unknown: unknown grants nothing, not even Others."""
    anybody = SegmentBounds(name="all", r=(1, 9), f=(1, 9), m=(1, 9))
    for segments in (RFM_SEGMENTS, (anybody,), ()):
        assert rfm_segment(RfmScore("c", None, Decimal(0), None, 0, 0, 0), segments) is None
        assert rfm_segment(score(5, 5, None), segments) is None


def test_the_first_that_fits_decides() -> None:
    """Bounds may overlap: the order of the segments says which comes first; no match is Others."""
    wide = SegmentBounds(name="wide", r=(2, 5), f=(1, 5), m=(1, 5))
    late = SegmentBounds(name="late", r=(2, 2), f=(1, 5), m=(1, 5))
    assert rfm_segment(score(2, 3, 3), (wide, late)) == "wide"
    assert rfm_segment(score(2, 3, 3), (late, wide)) == "late"
    assert rfm_segment(score(1, 3, 3), (late, wide)) == OTHER_SEGMENT
    assert rfm_segment(score(9, 9, 9)) == OTHER_SEGMENT


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ((2, 3, 4), True),
        ((3, 5, 4), True),
        ((1, 4, 4), False),
        ((4, 4, 4), False),
        ((2, 2, 4), False),
        ((2, 6, 4), False),
        ((2, 4, 3), False),
        ((2, 4, 5), False),
    ],
)
def test_both_bounds_are_included(code: tuple[int, int, int], *, inside: bool) -> None:
    """A segment holds the least and the greatest score that it names, and nothing beyond."""
    one = SegmentBounds(name="x", r=(2, 3), f=(3, 5), m=(4, 4))
    assert one.holds(*code) is inside


@pytest.mark.parametrize("bounds", [(0, 5), (1, 10), (3, 2), (1,), (1, 2, 3), (1, 2.0), (True, 2)])
def test_refused_bounds(bounds: tuple[int, int]) -> None:
    """Bounds are two whole numbers from 1 to 9, the least first; 0 is who has not bought."""
    with pytest.raises(InvalidValue, match=r"f of x is .*: give the least and the greatest score"):
        SegmentBounds(name="x", r=(1, 5), f=bounds, m=(1, 5))


def test_a_segment_as_data() -> None:
    """A segment is a name, labels where it has any, and three pairs."""
    data = {"name": "x", "labels": ["X", "某"], "r": [1, 2], "f": [3, 3], "m": [4, 5]}
    one = SegmentBounds(name="x", labels=("X", "某"), r=(1, 2), f=(3, 3), m=(4, 5))
    assert one.as_data() == data
    assert SegmentBounds.from_data(data) == one
    assert SegmentBounds.from_data(Node(data, "policy/segments/0")) == one
    bare = SegmentBounds(name="x", r=(1, 2), f=(3, 3), m=(4, 5))
    assert "labels" not in bare.as_data()
    assert SegmentBounds.from_data(bare.as_data()) == bare


_PAIRS = st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda pair: (min(pair), max(pair)))


@given(
    st.sampled_from(RFM_SEGMENTS)
    | st.builds(SegmentBounds, name=st.text(min_size=1), r=_PAIRS, f=_PAIRS, m=_PAIRS)
)
def test_any_segment_goes_through_json_and_back(one: SegmentBounds) -> None:
    """Reading what was written gives the same segment."""
    assert SegmentBounds.from_data(parse_json(json.dumps(one.as_data()))) == one


GOOD = {"name": "x", "r": [1, 2], "f": [3, 3], "m": [4, 5]}


@pytest.mark.parametrize(
    ("data", "path", "fault"),
    [
        ([], "segment", "expected an object"),
        ({**GOOD, "s": [1, 2]}, "segment/s", "no key 's'"),
        ({"name": "x", "r": [1, 2], "f": [3, 3]}, "segment", "the key 'm' is missing"),
        ({**GOOD, "name": ""}, "segment/name", "must not be empty"),
        ({**GOOD, "labels": ["X"]}, "segment/labels", "an English and a Chinese label"),
        ({**GOOD, "labels": ["X", 5]}, "segment/labels/1", "expected a text"),
        ({**GOOD, "r": 5}, "segment/r", "expected a list"),
        ({**GOOD, "r": [1]}, "segment/r", "the least and the greatest score"),
        ({**GOOD, "r": [1, "2"]}, "segment/r/1", "expected a whole number"),
        ({**GOOD, "r": [1, 2, "3"]}, "segment/r", "the least and the greatest score"),
        ({**GOOD, "r": [True, 2]}, "segment/r/0", "expected a whole number"),
        ({**GOOD, "r": [0, 2]}, "segment", "from 1 to 9"),
    ],
)
def test_refused_data(data: object, path: str, fault: str) -> None:
    """A fault is named with its place in the document."""
    with pytest.raises(InvalidDocument) as found:
        SegmentBounds.from_data(data)
    assert found.value.path == path
    assert fault in str(found.value)
