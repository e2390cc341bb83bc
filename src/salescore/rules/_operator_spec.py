"""What is declared of an operator: its JSON form, what null does to it, an example."""

from __future__ import annotations

from enum import Enum

import attrs


class ArgumentKind(Enum):
    """
    What stands in one place of an operator's arguments.

    Attributes:
        RULE: Any rule, a literal included.
        LITERALS: A list of literals.
        TEXT: A text.
        TEXTS: A list of texts.
        FIELD: Name of a field.
        DIGITS: A whole number of digits behind the point.
        ROUNDING: Name of a way to round.
        DECIMAL: A number as text.
        DATE: A date as text.
        INSTANT: An instant as text.
    """

    RULE = "rule"
    LITERALS = "literals"
    TEXT = "text"
    TEXTS = "texts"
    FIELD = "field"
    DIGITS = "digits"
    ROUNDING = "rounding"
    DECIMAL = "decimal"
    DATE = "date"
    INSTANT = "instant"


@attrs.frozen(kw_only=True)
class OperatorSpec:
    """
    An operator of the language, as it is read, checked and told.

    Attributes:
        name: Key of its JSON form.
        labels: English and Chinese label.
        takes: What stands in each place; with more arguments, more of the last.
        least: Fewest arguments.
        most: Most arguments.
        arguments: The arguments in words.
        yields: Type of the result in words.
        nulls: What null among the arguments does.
        example: An example as JSON text.
        python: The same example in Python.
        value: What the example yields on `EXAMPLE_ROW`, as JSON text; `null` is unknown.
    """

    name: str
    labels: tuple[str, str]
    takes: tuple[ArgumentKind, ...]
    least: int
    most: int
    arguments: str
    yields: str
    nulls: str
    example: str
    python: str
    value: str

    def takes_at(self, place: int) -> ArgumentKind:
        """Return what stands in a place, counted from 0."""
        return self.takes[min(place, len(self.takes) - 1)]


EITHER = "null when either argument is"
VALUE = "null when the value is"

_RULE = ArgumentKind.RULE


def comparison(name: str, en: str, zh: str, example: str, python: str, value: str) -> OperatorSpec:
    """Return a comparison of two values."""
    unfit = "tags" if name in ("==", "!=") else "truth values or tags"
    return OperatorSpec(
        name=name,
        labels=(en, zh),
        takes=(_RULE, _RULE),
        least=2,
        most=2,
        arguments=f"two values of one type, not {unfit}",
        yields="truth value",
        nulls=EITHER,
        example=example,
        python=python,
        value=value,
    )


def literal(
    kind: ArgumentKind, en: str, zh: str, arguments: str, yields: str, example: str, python: str
) -> OperatorSpec:
    """Return a literal: a tag on a text."""
    return OperatorSpec(
        name=kind.value,
        labels=(en, zh),
        takes=(kind,),
        least=1,
        most=1,
        arguments=arguments,
        yields=yields,
        nulls="a literal is never null",
        example=example,
        python=python,
        value=example,
    )


def arithmetic(
    name: str, en: str, zh: str, most: int, example: str, python: str, value: str
) -> OperatorSpec:
    """Return an operation on numbers."""
    return OperatorSpec(
        name=name,
        labels=(en, zh),
        takes=(_RULE,),
        least=2,
        most=most,
        arguments="two numbers" + ("" if most == 2 else "; more are joined from left to right"),  # noqa: PLR2004 - both sides
        yields="number, exact",
        nulls=EITHER,
        example=example,
        python=python,
        value=value,
    )


def text_test(name: str, en: str, zh: str, example: str, python: str) -> OperatorSpec:
    """Return a test of a text."""
    return OperatorSpec(
        name=name,
        labels=(en, zh),
        takes=(_RULE, ArgumentKind.TEXT),
        least=2,
        most=2,
        arguments="a text; the text looked for, whose letter case counts",
        yields="truth value",
        nulls=VALUE,
        example=example,
        python=python,
        value="true",
    )


def tag_test(
    name: str, en: str, zh: str, empty: str, example: str, python: str, value: str
) -> OperatorSpec:
    """Return a test of a set of tags."""
    return OperatorSpec(
        name=name,
        labels=(en, zh),
        takes=(_RULE, ArgumentKind.TEXTS),
        least=2,
        most=2,
        arguments=f"a set of tags; the tags asked for, with none of them {empty}",
        yields="truth value",
        nulls=VALUE,
        example=example,
        python=python,
        value=value,
    )
