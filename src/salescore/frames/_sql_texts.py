"""Tests of texts in SQL: literal, case-sensitive, sorted by code point."""

from __future__ import annotations

import json
from collections.abc import Sequence

from salescore.errors import EngineRefused
from salescore.frames._sql import Dialect, SqlStatement, is_storable, listed, placeholder, woven
from salescore.frames._sql_values import MARK, checked_text
from salescore.rules import Comparator, TagMatch, TextMatch

_TYPES = {Dialect.POSTGRES: "TEXT", Dialect.DUCKDB: "VARCHAR", Dialect.SPARK: "STRING"}

_BY_CODE_POINT = {
    Dialect.SQLITE: "{} COLLATE BINARY",
    Dialect.POSTGRES: '{} COLLATE "C"',
    Dialect.DUCKDB: "{}",
    Dialect.SPARK: "{}",
}

_TESTS = {
    (Dialect.POSTGRES, TextMatch.STARTS_WITH): "starts_with({}, {})",
    (Dialect.POSTGRES, TextMatch.CONTAINS): '(strpos({} COLLATE "C", {}) > 0)',
    (Dialect.DUCKDB, TextMatch.STARTS_WITH): "starts_with({}, {})",
    (Dialect.DUCKDB, TextMatch.CONTAINS): "contains({}, {})",
    (Dialect.DUCKDB, TextMatch.ENDS_WITH): "ends_with({}, {})",
    (Dialect.SPARK, TextMatch.STARTS_WITH): "startswith({}, {})",
    (Dialect.SPARK, TextMatch.CONTAINS): "contains({}, {})",
    (Dialect.SPARK, TextMatch.ENDS_WITH): "endswith({}, {})",
}


def known(value: SqlStatement, dialect: Dialect, *, answer: bool) -> SqlStatement:
    """Return an answer that is the same for every known value, and unknown for null."""
    word = truth(dialect, answer=answer)
    return woven(f"(CASE WHEN {{}} IS NOT NULL THEN {word} END)", value)


def truth(dialect: Dialect, *, answer: bool) -> str:
    """Return how a truth value is written."""
    if dialect is Dialect.SQLITE:
        return "1" if answer else "0"
    return "TRUE" if answer else "FALSE"


def text_literal(text: str, dialect: Dialect) -> SqlStatement:
    """
    Return a text as a parameter.

    Raises:
        EngineRefused: The database cannot hold it.
    """
    checked_text(text, dialect)
    sign = placeholder(dialect)
    if dialect is Dialect.SQLITE:
        return SqlStatement(sign, (text,))
    return SqlStatement(f"CAST({sign} AS {_TYPES[dialect]})", (text,))


def by_code_point(value: SqlStatement, dialect: Dialect) -> SqlStatement:
    """Return a text so that it is compared and sorted by code point."""
    return woven(_BY_CODE_POINT[dialect], value)


def compared_texts(
    comparator: Comparator, left: SqlStatement, right: SqlStatement, dialect: Dialect
) -> SqlStatement:
    """Return the comparison of two texts."""
    sign = SIGNS[comparator]
    return woven(f"({{}} {sign} {{}})", by_code_point(left, dialect), right)


SIGNS = {
    Comparator.EQ: "=",
    Comparator.NE: "<>",
    Comparator.LT: "<",
    Comparator.LE: "<=",
    Comparator.GT: ">",
    Comparator.GE: ">=",
}
"""Signs of comparison in SQL."""


def compared_with_text(
    comparator: Comparator, value: SqlStatement, text: str, dialect: Dialect
) -> SqlStatement:
    """Return the comparison of a text with one written into the rule."""
    held, sep, _ = text.partition("\0")
    if dialect is not Dialect.POSTGRES or not sep:
        return compared_texts(comparator, value, text_literal(text, dialect), dialect)
    # No text there has the character NUL, so each sorts beside this one as it does beside what
    # stands before the NUL, and that itself sorts first.
    if comparator in (Comparator.EQ, Comparator.NE):
        return known(value, dialect, answer=comparator is Comparator.NE)
    is_below = comparator in (Comparator.LT, Comparator.LE)
    stands = Comparator.LE if is_below else Comparator.GT
    return compared_texts(stands, value, text_literal(held, dialect), dialect)


def can_occur(text: str, dialect: Dialect) -> bool:
    """
    Return whether a text can be part of one that a database holds.

    Raises:
        EngineRefused: It cannot be written as UTF-8.
    """
    if not is_storable(text):
        raise EngineRefused(dialect.value, repr(text), "a text must be Unicode")
    return dialect is not Dialect.POSTGRES or "\0" not in text


def text_test(match: TextMatch, value: SqlStatement, text: str, dialect: Dialect) -> SqlStatement:
    """Return whether a text has another at its start, at its end or anywhere."""
    if not text:
        return known(value, dialect, answer=True)
    if not can_occur(text, dialect):
        return known(value, dialect, answer=False)
    if dialect is Dialect.SQLITE:
        return _bytes_test(match, value, text.encode())
    if dialect is Dialect.POSTGRES and match is TextMatch.ENDS_WITH:
        end = woven(f"right({{}}, {len(text)})", value)
        return compared_texts(Comparator.EQ, end, text_literal(text, dialect), dialect)
    return woven(_TESTS[dialect, match], value, text_literal(text, dialect))


def _bytes_test(match: TextMatch, value: SqlStatement, wanted: bytes) -> SqlStatement:
    # On texts SQLite's functions stop at a NUL; on bytes they do not, and UTF-8 matches by bytes.
    # Part of no bytes would be null, so a byte that is in no UTF-8 stands before the text.
    pattern = {
        TextMatch.STARTS_WITH: f"(substr(CAST(X'FF' || {{}} AS BLOB), 2, {len(wanted)}) = {{}})",
        TextMatch.CONTAINS: "(instr(CAST({} AS BLOB), {}) > 0)",
        TextMatch.ENDS_WITH: f"(substr(CAST(X'FF' || {{}} AS BLOB), -{len(wanted)}) = {{}})",
    }[match]
    return woven(pattern, value, SqlStatement("?", (wanted,)))


def member_texts(value: SqlStatement, options: Sequence[str], dialect: Dialect) -> SqlStatement:
    """Return whether a text is one of several."""
    possible = [one for one in options if can_occur(one, dialect)]
    if not possible:
        return known(value, dialect, answer=False)
    place = by_code_point(value, dialect)
    if dialect is Dialect.POSTGRES:
        return woven("({} = ANY({}))", place, SqlStatement("CAST(%s AS TEXT[])", (possible,)))
    if dialect is Dialect.SPARK and len(possible) > SPARK_OPTIONS:
        return woven("array_contains({}, {})", spark_texts(possible), place)
    return woven("({} IN ({}))", place, listed(text_literal(one, dialect) for one in possible))


SPARK_OPTIONS = 50
"""Most parameters of one list in Spark, which takes milliseconds to bind each."""


def spark_texts(texts: Sequence[str]) -> SqlStatement:
    """Return an array of texts as one parameter."""
    return SqlStatement("from_json(?, 'array<string>')", (json.dumps(texts),))


def tag_test(
    match: TagMatch, value: SqlStatement, tags: Sequence[str], dialect: Dialect
) -> SqlStatement:
    """
    Return whether a set of texts has some, all or none of those asked for.

    Args:
        match: How many of them it must have.
        value: The set as one text, written once or more.
        tags: The texts asked for.
        dialect: The language of the database.
    """
    asked = list(dict.fromkeys(tags))
    possible = [tag for tag in asked if MARK not in tag and can_occur(tag, dialect)]
    if match is TagMatch.ALL and len(possible) < len(asked):
        return known(value, dialect, answer=False)
    if not possible:
        return known(value, dialect, answer=match is not TagMatch.ANY)
    found = [
        text_test(TextMatch.CONTAINS, value, f"{MARK}{tag}{MARK}", dialect) for tag in possible
    ]
    if match is TagMatch.ALL:
        return balanced(found, "AND")
    some = balanced(found, "OR")
    return some if match is TagMatch.ANY else woven("(NOT {})", some)


def balanced(parts: Sequence[SqlStatement], word: str) -> SqlStatement:
    """Return parts joined by a word, in brackets as shallow as can be; parsers count brackets."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = balanced(parts[:middle], word), balanced(parts[middle:], word)
    return woven(f"({{}} {word} {{}})", left, right)
