"""Hints: what would be right in our own layout, where a cell can only mean one thing."""

from __future__ import annotations

import re
from decimal import Decimal

from salescore.errors import InvalidDate
from salescore.values import EXACT, parse_date

_PERCENT = re.compile(r"(?P<number>[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?) ?%")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?P<mark>[, ])[0-9]{3})(?:(?P=mark)[0-9]{3})*\.[0-9]+")
_SIGNED = re.compile(
    r"(?:[$€£¥￥]|[A-Z]{3}) ?[+-]?[0-9][0-9.,]*|[+-]?[0-9][0-9.,]* ?(?:[$€£]|[A-Z]{3})"
)
_TIMED = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<time>[T ][0-9:.]+)(?P<offset>.*)")
_FORMS = ("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")


def number_hint(text: str) -> str:
    """
    Return how to write what is no number in our own layout, behind a semicolon, or nothing.

    Args:
        text: The text.

    Examples:
        >>> number_hint("30%"), number_hint("1,234.50"), number_hint("many")
        ('; write 0.30', '; write 1234.50', '')
    """
    found = _PERCENT.fullmatch(text)
    if found is not None:
        return f"; write {EXACT.scaleb(Decimal(found['number']), -2):f}"
    found = _GROUPED.fullmatch(text)
    if found is not None:
        return f"; write {text.replace(found['mark'], '')}"
    if _SIGNED.fullmatch(text):
        return "; write the number alone, its currency stands in the column 'currency'"
    return ""


def day_hint(text: str) -> str:
    """
    Return how to write what is no day in our own layout, behind a semicolon, or nothing.

    Args:
        text: The text.

    Examples:
        >>> day_hint("2025-12-15T10:30:00"), day_hint("2025/12/15"), day_hint("15/12/2025")
        ('; a day is written without a time: 2025-12-15', '; write 2025-12-15', '')
    """
    found = _TIMED.fullmatch(text)
    if found is not None:
        day = "" if found["offset"] else f": {found['day']}"  # with an offset the zone decides
        return f"; a day is written without a time{day}"
    for form in _FORMS:
        try:
            return f"; write {parse_date(text, form).isoformat()}"
        except InvalidDate:
            continue
    return ""
