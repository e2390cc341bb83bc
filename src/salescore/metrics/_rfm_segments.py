"""Segments of customers by their RFM scores: named boxes, the first that fits."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from salescore.errors import InvalidValue
from salescore.metrics._rfm import RfmScore
from salescore.plain import Node, as_tuple

Bounds = tuple[int, int]
"""Least and greatest score that lie within."""

OTHER_SEGMENT = "Others"
"""The segment of scores that no bounds take."""

_LIMITS = (1, 9)
_SCORES = range(_LIMITS[0], _LIMITS[1] + 1)
_PAIRS = frozenset((low, high) for low in _SCORES for high in _SCORES if low <= high)


@attrs.frozen(kw_only=True)
class SegmentBounds:
    """
    A segment and the scores that belong to it.

    Attributes:
        name: Name; it is the segment's key.
        labels: English and Chinese label; `None` shows the name in both.
        r: Least and greatest score of recency, from 1 to 9, both included.
        f: Of frequency, likewise.
        m: Of money, likewise.
    """

    name: str
    r: Bounds = attrs.field(converter=as_tuple)
    f: Bounds = attrs.field(converter=as_tuple)
    m: Bounds = attrs.field(converter=as_tuple)
    labels: tuple[str, str] | None = None

    def __attrs_post_init__(self) -> None:
        for axis, bounds in zip("rfm", (self.r, self.f, self.m), strict=True):
            if any(type(one) is not int for one in bounds) or bounds not in _PAIRS:
                fault = f"give the least and the greatest score, from {_LIMITS[0]} to {_LIMITS[1]}"
                raise InvalidValue(f"{axis} of {self.name}", bounds, fault)

    def holds(self, r: int, f: int, m: int) -> bool:
        """Return whether three scores lie within."""
        return (
            self.r[0] <= r <= self.r[1]
            and self.f[0] <= f <= self.f[1]
            and self.m[0] <= m <= self.m[1]
        )

    def as_data(self) -> dict[str, object]:
        """Return the segment as plain JSON data, in the form that `from_data` reads."""
        found: dict[str, object] = {"name": self.name}
        if self.labels is not None:
            found["labels"] = list(self.labels)
        return {**found, "r": list(self.r), "f": list(self.f), "m": list(self.m)}

    @classmethod
    def from_data(cls, data: object, path: str = "segment") -> SegmentBounds:
        """
        Return the segment that plain JSON data describe.

        Args:
            data: What `as_data` gives, or a `Node` of a larger document; `labels` may be left out.
            path: Where the data stand, for error messages; a `Node` knows its own.

        Raises:
            InvalidDocument: A key is unknown or missing, or a value is wrong.
        """
        node = data if isinstance(data, Node) else Node(data, path)
        found = node.object(("name", "labels", "r", "f", "m"), required=("name", "r", "f", "m"))
        try:
            return cls(
                name=found["name"].text(),
                labels=found["labels"].labels() if "labels" in found else None,
                **{axis: _pair(found[axis]) for axis in "rfm"},
            )
        except InvalidValue as error:
            node.refuse(str(error))


def _pair(node: Node) -> Bounds:
    parts = node.items()
    if len(parts) != len(_LIMITS):
        node.refuse("expected the least and the greatest score")
    return parts[0].whole(), parts[1].whole()


def _segment(name: str, label_zh: str, r: Bounds, f: Bounds, m: Bounds) -> SegmentBounds:
    return SegmentBounds(name=name, labels=(name, label_zh), r=r, f=f, m=m)


RFM_SEGMENTS: tuple[SegmentBounds, ...] = (
    _segment("Champions", "冠军客户", (5, 5), (5, 5), (5, 5)),
    _segment("Potential Loyalist", "有望忠诚客户", (3, 5), (3, 5), (2, 5)),
    _segment("Loyal Customers", "忠诚客户", (2, 4), (2, 4), (2, 4)),
    _segment("Promising", "有前景客户", (3, 4), (1, 3), (3, 5)),
    _segment("New Customers", "新近客户", (4, 5), (1, 3), (1, 5)),
    _segment("Can't Lose Them", "不能失去的客户", (1, 2), (3, 4), (4, 5)),
    _segment("At Risk", "有流失风险的客户", (1, 2), (2, 5), (4, 5)),
    _segment("Need Attention", "需要关注的客户", (1, 3), (3, 5), (3, 5)),
    _segment("About To Sleep", "即将沉睡的客户", (2, 3), (1, 3), (1, 4)),
    _segment("Lost", "流失客户", (1, 1), (1, 5), (1, 5)),
    _segment(OTHER_SEGMENT, "其他客户", (1, 9), (1, 9), (1, 9)),
)
"""
The eleven usual segments of scores from 1 to 5, with the bounds of the R package rfm.

Source: Hebbali, A., R package rfm 0.3.0, README; the bounds overlap, and the first that fits
decides. The Chinese labels are our own.

:meta hide-value:
"""


def rfm_segment(score: RfmScore, segments: Sequence[SegmentBounds] = RFM_SEGMENTS) -> str | None:
    """
    Return the name of the first segment that a customer's scores lie in.

    Args:
        score: Scores of one customer.
        segments: Segments in the order in which they are tried.

    Returns:
        `Others` where no bounds fit; `None` for a customer without a purchase, and for one whose
        score of money is unknown.

    Examples:
        >>> from decimal import Decimal
        >>> rfm_segment(RfmScore("ann", 3, Decimal(9), Decimal(900), 5, 5, 5))
        'Champions'
    """
    if not score.r or score.m is None:
        return None
    for one in segments:
        if one.holds(score.r, score.f, score.m):
            return one.name
    return OTHER_SEGMENT
