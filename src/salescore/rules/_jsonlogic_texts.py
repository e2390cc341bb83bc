"""Tests of texts and tags that every engine of JsonLogic answers alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from salescore.rules._jsonlogic_formula import (
    FALSE,
    TRUE,
    Formula,
    any_of,
    constant,
    listed,
    made,
)
from salescore.rules._tree import TextMatch

_MARK = "="
"""What stands before texts that some engine would compare as dates or durations."""

_FIRST_SURROGATE = "\ud800"


def same_text(left: Formula, right: Formula) -> Formula:
    """
    Return whether two texts, neither of them null, are the same.

    An engine may take `1d` and `24h` for one duration; no text without a digit is read so.
    """
    return made("===", *behind_mark(left, right))


def is_one_of(value: Formula, texts: Iterable[str]) -> Formula:
    """Return whether a text that is not null is one of several."""
    options = sorted(set(texts))
    if len(options) <= 1:
        return same_text(value, constant(options[0])) if options else FALSE
    if any(map(_has_digit, options)):
        return made("in", _marked(value), listed(_MARK + one for one in options))
    return made("in", value, listed(options))


def is_ordered_alike(text: str) -> bool:
    """
    Return whether engines agree which texts come before a text.

    Some order by code points and some by the halves of surrogate pairs; both orders tell a sign
    below the surrogates from any other in the same way.
    """
    return all(sign < _FIRST_SURROGATE for sign in text)


def behind_mark(left: Formula, right: Formula) -> tuple[Formula, Formula]:
    """Return two texts so that no engine takes both for dates or durations."""
    if _is_plain(left) or _is_plain(right):
        return left, right
    return _marked(left), _marked(right)


def text_test(match: TextMatch, value: Formula, text: str) -> Formula:
    """Return whether a text that is not null has another at its start, its end or anywhere."""
    if not text:
        return TRUE
    match match:
        case TextMatch.CONTAINS:
            return made("in", constant(text), value)
        case TextMatch.STARTS_WITH:
            cuts = [made("substr", value, constant(0), constant(one)) for one in _lengths(text)]
        case TextMatch.ENDS_WITH:
            cuts = [made("substr", value, constant(-one)) for one in _lengths(text)]
        case _:
            assert_never(match)
    return any_of(*(same_text(cut, constant(text)) for cut in cuts))


def has_tag(value: Formula, tag: str) -> Formula:
    """Return whether a list of texts that is not null has a text."""
    if not _has_digit(tag):
        return made("in", constant(tag), value)
    element = made("var", constant(""))
    return made("some", value, same_text(element, constant(tag)))


def _lengths(text: str) -> Sequence[int]:
    """
    Return the lengths that engines give a text: in code points and in halves of surrogate pairs.

    A part of the wrong length is too short or, in the whole text alone, too long to be the same.
    """
    return sorted({len(text), len(text.encode("utf-16-le")) // 2})


def _is_plain(part: Formula) -> bool:
    return isinstance(part.value, str) and not _has_digit(part.value)


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))


def _marked(part: Formula) -> Formula:
    if isinstance(part.value, str):
        return constant(_MARK + part.value)
    return made("cat", constant(_MARK), part)
