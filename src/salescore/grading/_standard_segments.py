"""Standard segments as data: by industry, size, frequency and behaviour."""

from __future__ import annotations

from collections.abc import Iterable

from salescore.grading import _figures as figures
from salescore.grading._segments import Segment
from salescore.rules import F, Term, days_between

_YEAR = 12
_ACTIVE_DAYS = 90
_YEAR_DAYS = 365
_CONTACT_DAYS = 90
_SMALL = 10
_MEDIUM = 50
_LARGE = 250
_OFTEN = 6

_SOLD_DAYS = days_between(F.last_sold_on, F.as_of)
_CONTACT = days_between(F.last_contact_on, F.as_of)


def _bought(rule: Term) -> Term:
    """Return a rule about the last purchase, which is not true of who never bought."""
    return ~F.last_sold_on.is_null() & rule


def _segment(key: str, en: str, zh: str, rule: Term) -> Segment:
    return Segment(key=key, labels=(en, zh), rule=rule)


SIZE_SEGMENTS = (
    _segment("size_micro", "Up to 9 employees", "微型（9人及以下）", F.employees < _SMALL),
    _segment(
        "size_small",
        "10 to 49 employees",
        "小型（10–49人）",
        (F.employees >= _SMALL) & (F.employees < _MEDIUM),
    ),
    _segment(
        "size_medium",
        "50 to 249 employees",
        "中型（50–249人）",
        (F.employees >= _MEDIUM) & (F.employees < _LARGE),
    ),
    _segment("size_large", "250 employees or more", "大型（250人及以上）", F.employees >= _LARGE),
)
"""
By employees; whose number nobody knows is unknown in all of them.

Source: Commission Recommendation 2003/361/EC, annex, article 2 (ceilings of staff headcount).
"""

FREQUENCY_SEGMENTS = (
    _segment("bought_never", "No order in 12 months", "近12个月未下单", F.orders_12m == 0),
    _segment("bought_once", "One order in 12 months", "近12个月下单1次", F.orders_12m == 1),
    _segment(
        "bought_repeatedly",
        "2 to 5 orders in 12 months",
        "近12个月下单2–5次",
        F.orders_12m.between(2, 5),
    ),
    _segment(
        "bought_often",
        "6 orders or more in 12 months",
        "近12个月下单6次及以上",
        F.orders_12m >= _OFTEN,
    ),
)
"""By orders of twelve months, from one a year to one every other month."""

BEHAVIOUR_SEGMENTS = (
    _segment(
        "active", "Bought within 90 days", "90天内有购买", _bought(_SOLD_DAYS <= _ACTIVE_DAYS)
    ),
    _segment(
        "quiet",
        "Last bought 91 to 365 days ago",
        "91–365天未购买",
        _bought((_SOLD_DAYS > _ACTIVE_DAYS) & (_SOLD_DAYS <= _YEAR_DAYS)),
    ),
    _segment(
        "lapsed",
        "Last bought more than 365 days ago",
        "超过365天未购买",
        _bought(_SOLD_DAYS > _YEAR_DAYS),
    ),
    _segment("no_purchase", "Never bought", "从未购买", F.last_sold_on.is_null()),
    _segment(
        "neglected",
        "Not contacted for more than 90 days",
        "超过90天未联系",
        F.last_contact_on.is_null() | (_CONTACT > _CONTACT_DAYS),
    ),
)
"""By days since the last purchase, of which one holds, and since the last contact."""

STANDARD_SEGMENTS = (*SIZE_SEGMENTS, *FREQUENCY_SEGMENTS, *BEHAVIOUR_SEGMENTS)
"""
Segments by size, frequency and behaviour; `value_segments` makes those by industry.

:meta hide-value:
"""

STANDARD_SEGMENT_FIELDS = (
    figures.orders(_YEAR),
    figures.last_sold_on(),
    figures.last_contact_on(),
)
"""
What the standard segments read beyond the records of customers.

:meta hide-value:
"""


def value_segments(field: str, values: Iterable[str]) -> tuple[Segment, ...]:
    """
    Return a segment for each value of a text field, such as the industry.

    Args:
        field: Name of the field, such as `industry` or `country`.
        values: The values, each of which is the label of its segment in every language.

    Returns:
        Segments with the keys `<field>:<value>`, in the order of the values, each once.

    Examples:
        >>> [one.key for one in value_segments("industry", ["Retail", "Steel"])]
        ['industry:Retail', 'industry:Steel']
    """
    return tuple(
        Segment(key=f"{field}:{value}", labels=(value, value), rule=F[field] == value)
        for value in dict.fromkeys(values)
    )
