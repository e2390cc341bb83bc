"""What an explanation holds, and how it reads: as an indented text and as plain data."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import assert_never

import attrs

from salescore.errors import InvalidValue
from salescore.plain import FieldTable
from salescore.render import Language, clip
from salescore.rules._explain_text import Speaker, plain_value
from salescore.rules._json import rule_to_data
from salescore.rules._text import rule_text
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    FieldRef,
    FieldValue,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    TagTest,
    TextTest,
    fields_of,
)

_RULE_WIDTH = 200
_INDENT = "  "


class Verdict(Enum):
    """What became of a part of a rule."""

    FIRED = "fired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    VALUE = "value"


_MARKS = {
    Verdict.FIRED: "✓",
    Verdict.FAILED: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.VALUE: "•",
}

_SIGNS = {
    Comparator.EQ: "=",
    Comparator.NE: "≠",
    Comparator.LT: "<",
    Comparator.LE: "≤",
    Comparator.GT: ">",
    Comparator.GE: "≥",
}

_OPERATIONS = {Operator.ADD: "+", Operator.SUBTRACT: "−", Operator.MULTIPLY: "×"}


@attrs.frozen
class Explanation:
    """
    An expression on one row: its value, what that means, and the same for each of its parts.

    Attributes:
        expression: The expression, or part of one.
        value: Its value; `None` is null, which is unknown.
        verdict: Whether a condition fired, failed or is unknown; `VALUE` for all that is none.
        parts: Every part, also those that decided nothing; the options of a list are no parts.
        missing: Names of the fields whose null made the value null, in order of appearance; none
            where there is a value, and none where a conditional without else left it null.
        fault: Why the value could not be worked out exactly; `None` where it could.
        table: Field table that labels come from; `None` leaves bare field names.
    """

    expression: Expression
    value: FieldValue
    verdict: Verdict
    parts: tuple[Explanation, ...] = attrs.field(repr=False)
    missing: tuple[str, ...]
    fault: str | None = None
    table: FieldTable | None = attrs.field(default=None, repr=False, eq=False)

    def text(self, language: Language = Language.EN, *, hide_personal: bool = False) -> str:
        """
        Return the explanation as an indented tree, one line a condition.

        A line begins with ✓ where its condition fired, ✗ where it failed and ? where it is unknown.
        Texts are quoted and made harmless, and of a list ten values are shown.

        Args:
            language: Language of labels and phrases.
            hide_personal: Whether values of personal data are kept back; verdicts are not, and
                what the rule itself compares with is no data of the row.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        return "\n".join(_lines(self, "{}", 0, self._speaker(language, hide=hide_personal)))

    def as_data(self, *, hide_personal: bool = False) -> dict[str, object]:
        """
        Return the explanation as plain data that any JSON writer accepts.

        The root has `expression`, the rule as `rule_to_data` writes it. The root and every
        condition below have `verdict`, `rule` (text, cut at 200 columns), `value`, `fields` (values
        by name, of a condition that joins no others), `missing` and `parts`; and `fault` where one
        is. Numbers, dates and instants are text.

        Args:
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
            RuleTypeError: A text of the rule that no JSON could hold.
        """
        say = self._speaker(Language.EN, hide=hide_personal)
        return {"expression": rule_to_data(self.expression), **_data(self, say)}

    def _speaker(self, language: Language, *, hide: bool) -> Speaker:
        if hide and self.table is None:
            fault = "without a field table nobody knows what is personal; explain with one"
            raise InvalidValue("hide_personal", hide, fault)
        return Speaker(language, self.table, hide)


def _inner(node: Explanation) -> list[tuple[str, Explanation]]:
    """Return the conditions that stand on lines of their own below a node, and as what."""
    match node.expression:
        case Conjunction() | Disjunction():
            return [("", part) for part in node.parts]
        case Negation(part):
            return [] if _is_plain_null_test(part) else [("", node.parts[0])]
        case Conditional(branches, otherwise) if node.verdict is not Verdict.VALUE:
            roles = ["if", "then"] * len(branches) + ([] if otherwise is None else ["else"])
            return list(zip(roles, node.parts, strict=True))
        case Coalesce() if node.verdict is not Verdict.VALUE:
            return [("", part) for part in node.parts]
        case Comparison(Comparator.EQ | Comparator.NE) | Membership() | NullTest():
            return [("", part) for part in node.parts] if _joins(node) else []
        case _:
            return []


def _joins(node: Explanation) -> bool:
    """Return whether a node is about conditions that are more than a field or a truth value."""
    return any(part.verdict is not Verdict.VALUE and not _is_leaf(part) for part in node.parts)


def _is_leaf(node: Explanation) -> bool:
    return isinstance(node.expression, FieldRef | Literal)


def _is_plain_null_test(tree: Expression) -> bool:
    return isinstance(tree, NullTest) and isinstance(tree.value, FieldRef)


def _lines(node: Explanation, frame: str, depth: int, say: Speaker) -> list[str]:
    inner = _inner(node)
    words = _heading(node, say) if inner else _sentence(node, say)
    if not inner and not _is_leaf(node) and node.verdict is Verdict.VALUE:
        words = f"{words} = {_value(node, say)}"
    lines = [f"{_INDENT * depth}{_MARKS[node.verdict]} {frame.format(words)}"]
    for role, part in inner:
        lines += _lines(part, say.say(role, "{}") if role else "{}", depth + 1, say)
    return lines


def _heading(node: Explanation, say: Speaker) -> str:
    """Return the words above conditions that stand on lines of their own."""
    match node.expression:
        case Conjunction():
            return say.say("all")
        case Disjunction():
            return say.say("any")
        case Negation():
            return say.say("not")
        case Conditional():
            return say.say("first case")
        case Coalesce():
            return say.say("first known")
        case Comparison(sign):
            return say.say(sign.value)
        case Membership(_, options):
            return say.say("this is in", say.listed([option.value for option in options]))
        case _:
            return say.say("this is null")


def _sentence(node: Explanation, say: Speaker) -> str:  # noqa: C901, PLR0912 - a case per kind
    """Return a node on one line, every field with its value."""
    in_percent = _is_about_fractions(node, say)
    words = [_operand(part, say, in_percent=in_percent) for part in node.parts]
    match node.expression:
        case FieldRef(name):
            return say.field(name, node.value)
        case Literal(value):
            return say.value(value)
        case Comparison(sign):
            return f"{words[0]} {_SIGNS[sign]} {words[1]}"
        case Arithmetic(sign):
            return f"{words[0]} {_OPERATIONS[sign]} {words[1]}"
        case Membership(_, options):
            values = [option.value for option in options]
            return say.say("in", *words, say.listed(values, in_percent=in_percent))
        case Between():
            return say.say("between", *words)
        case TextTest(match, _, text):
            return say.say(match.value, *words, say.value(text))
        case TagTest(match, _, tags):
            return say.say(match.value, *words, say.listed(tags))
        case NullTest():
            return _null_test(node, "is_null", say)
        case Negation(part) if _is_plain_null_test(part):
            return _null_test(node.parts[0], "is_known", say)
        case Negation():
            return f"{say.say('not')} {words[0]}"
        case Conjunction():
            return say.say("and").join(words) or say.say("nothing", say.say("all"))
        case Disjunction():
            return say.say("or").join(words) or say.say("nothing", say.say("any"))
        case Coalesce():
            return say.say("coalesce", say.apart(words))
        case Conditional(_, otherwise):
            return _cases(words, has_else=otherwise is not None, say=say)
        case DaysBetween():
            return say.say("days", *words)
        case Rounded(_, digits, mode):
            step = Decimal((0, (1,), -digits))
            return say.say("rounded", *words, say.value(step), say.mode(mode))
        case _:
            assert_never(node.expression)


def _null_test(node: Explanation, phrase: str, say: Speaker) -> str:
    """Return a test for null; the value of a field stands behind it, where there is one."""
    (part,) = node.parts
    if not isinstance(part.expression, FieldRef):
        return say.say(phrase, _operand(part, say))
    name = part.expression.name
    words = say.say(phrase, say.label(name))
    if part.value is None:
        return words
    if say.hides((name,), part.value):
        return f"{words} {say.say('hidden')}"
    return say.say("having", words, say.field_value(name, part.value))


def _cases(words: list[str], *, has_else: bool, say: Speaker) -> str:
    pairs = zip(words[::2], words[1::2], strict=False)
    cases = [f"{say.say('if', test)} {say.say('then', way)}" for test, way in pairs]
    return say.apart([*cases, say.say("else", words[-1])] if has_else else cases)


def _is_about_fractions(node: Explanation, say: Speaker) -> bool:
    """Return whether values of a rule stand beside a field that is read in percent."""
    return isinstance(node.expression, Comparison | Between | Membership | Coalesce) and any(
        _is_fraction(part.expression, say) for part in node.parts
    )


def _is_fraction(tree: Expression, say: Speaker) -> bool:
    """Return whether a value is a fraction, as far as fields tell."""
    if isinstance(tree, Coalesce):
        return any(_is_fraction(part, say) for part in tree.parts)
    return isinstance(tree, FieldRef) and say.is_fraction(tree.name)


def _operand(node: Explanation, say: Speaker, *, in_percent: bool = False) -> str:
    """Return a part of a line: a field or a value as it is, all else in brackets."""
    if isinstance(node.expression, Literal):
        return say.compared(node.value, in_percent=in_percent)
    words = _sentence(node, say)
    if _is_leaf(node):
        return words
    return f"({words} = {_value(node, say)})" if node.verdict is Verdict.VALUE else f"({words})"


def _value(node: Explanation, say: Speaker) -> str:
    """Return the value of a node that is no condition."""
    if node.fault is not None:
        return say.say("inexact")
    if say.hides(fields_of(node.expression), node.value):
        return say.say("hidden")
    return say.compared(node.value, in_percent=_is_fraction(node.expression, say))


def _data(node: Explanation, say: Speaker) -> dict[str, object]:
    inner = [part for _, part in _inner(node)]
    is_hidden = node.verdict is Verdict.VALUE and say.hides(fields_of(node.expression), node.value)
    data: dict[str, object] = {
        "verdict": node.verdict.value,
        "rule": clip(rule_text(node.expression), _RULE_WIDTH),
        "value": say.say("hidden") if is_hidden else plain_value(node.value),
        "fields": {} if inner else _fields(node, say),
        "missing": list(node.missing),
        "parts": [_data(part, say) for part in inner],
    }
    return data if node.fault is None else {**data, "fault": node.fault}


def _fields(node: Explanation, say: Speaker) -> dict[str, object]:
    """Return the values of the fields that a node reads, by name."""
    if isinstance(node.expression, FieldRef):
        name = node.expression.name
        is_hidden = say.hides((name,), node.value)
        return {name: say.say("hidden") if is_hidden else plain_value(node.value)}
    found: dict[str, object] = {}
    for part in node.parts:
        found.update(_fields(part, say))
    return found
