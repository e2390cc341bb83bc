"""Cells: from the text of one cell to a value that its field allows, or a fault."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import assert_never

import attrs

from salescore.errors import InvalidDate, InvalidNumber
from salescore.exchange._guard import unguarded
from salescore.exchange._hints import day_hint, number_hint
from salescore.exchange._layout import HOUR, ISO_DATE, Column, FileRule
from salescore.exchange._moments import read_day, read_instant
from salescore.exchange._numerals import Numbers, Scale, marked_number
from salescore.plain import Field, FieldTable, Kind, value_fault
from salescore.values import (
    EXACT,
    check_decimal,
    currencies,
    is_currency,
    parse_decimal,
)

CURRENCY = "currency"
#: Kinds whose cells may bear the guard; numbers and dates never do.
GUARDED = (Kind.ID, Kind.TEXT, Kind.CHOICE)
#: Fields that hold currency codes, though any text would do for their records.
_CODES = (("exchange_rates", "base"), ("exchange_rates", "quote"))
_SHOWN = 60
_CODE_LIKE = 4


@attrs.frozen
class CellFault:
    """
    What is wrong with one cell.

    Attributes:
        code: Kind of fault, the code of its finding.
        message: One sentence.
        column: Heading of the column; `None` if the value comes from no column.
        is_day: Whether the cell holds but a day where a moment is meant.
    """

    code: str
    message: str
    column: str | None
    is_day: bool = False


@attrs.frozen
class Fault:
    """
    Stands in a column where a value should be.

    Attributes:
        cells: The faults of all cells that the value comes from.
    """

    cells: tuple[CellFault, ...]


@attrs.frozen
class Target:
    """
    What a text is read as.

    Attributes:
        kind: Kind of the value; an amount of money is read as a decimal.
        name: What it is, for messages, such as "order_lines.net_amount".
        field: Field that must allow the value; `None` for parts of a value.
        is_currency: Whether it is a currency code.
    """

    kind: Kind
    name: str
    field: Field | None = None
    is_currency: bool = False

    @property
    def part_text(self) -> Target:
        """Return the target of a text that is a part of this value."""
        return Target(Kind.TEXT, self.name)

    @property
    def part_number(self) -> Target:
        """Return the target of a number that is a part of this value."""
        return Target(Kind.DECIMAL, self.name)

    def told(self, sentence: str, column: str | None) -> str:
        """Return a sentence, with the name before it unless the column says the same."""
        return sentence if says(column, self.name) else f"{self.name}: {sentence}"


def says(column: str | None, name: str) -> bool:
    """Return whether a finding in a column need not name the field, such as "orders.id"."""
    return column == name.rpartition(".")[2]


def target_of(table: FieldTable, name: str) -> Target:
    """Return what the texts for a field, or for the currency of the row, are read as."""
    if name == CURRENCY and name not in table:
        return Target(Kind.TEXT, f"{table.name}.{CURRENCY}", is_currency=True)
    field = table.field(name)
    if field.kind is Kind.MONEY:
        return Target(Kind.DECIMAL, f"{table.name}.{name}")
    is_code = (table.name, name) in _CODES
    return Target(field.kind, f"{table.name}.{name}", field, is_currency=is_code)


@attrs.frozen
class Notation:
    """
    How the values of one column are written.

    Attributes:
        dates: Date formats, tried in order.
        decimal: Decimal mark.
        group: Mark between thousands, or empty.
        numbers: What else may stand around a number; `None` for nothing.
        zone: Time zone of moments that name no offset, or `None`.
        day_zone: Time zone in which a moment falls on its day; `None` for `zone`.
        booleans: Texts for true and false, besides `true` and `false`.
        is_own: Whether the layout is our own, so that a fault can tell what would be right.
    """

    dates: tuple[str, ...] = (ISO_DATE,)
    decimal: str = "."
    group: str = ""
    numbers: Numbers | None = None
    zone: str | None = None
    day_zone: str | None = None
    booleans: tuple[tuple[str, bool], ...] = ()
    is_own: bool = False

    @property
    def is_plain_number(self) -> bool:
        """Return whether numbers are written as Python writes them."""
        return self.decimal == "." and not self.group and self.numbers is None


OURS = Notation()


def notation_in(rule: FileRule, target: Target, column: Column | None = None) -> Notation:
    """
    Return how the values of a column are written.

    Args:
        rule: How its file is written.
        target: What they are read as.
        column: What the profile says of the column; `None` where that is nothing.
    """
    column = column or Column("")
    numbers = column.numbers or Numbers()
    return Notation(
        column.dates or rule.dates,
        rule.decimal if numbers.decimal is None else numbers.decimal,
        rule.group if numbers.group is None else numbers.group,
        numbers if numbers.has_marks else None,
        column.zone or (rule.zone if target.kind is Kind.INSTANT else None),
        rule.day_zone,
        rule.booleans,
        rule.guarded,
    )


def read_text(text: str, target: Target, notation: Notation, column: str | None) -> object:
    """
    Return the value that a text states, or its fault; every slow and fast path agrees with this.

    Args:
        text: The text, cleaned and not null.
        target: What it is read as.
        notation: How it is written.
        column: Where it stands, for the fault.
    """
    try:
        value = _value(text, target, notation)
    except InvalidNumber as error:
        message = f"{error}{number_hint(text) if notation.is_own else ''}"
        return _fault("invalid-number", target.told(message, column), column)
    except InvalidDate as error:
        is_day = target.kind is Kind.INSTANT and _is_day(text, notation)
        hint = day_hint(text) if notation.is_own and target.kind is Kind.DATE else ""
        message = target.told(f"{error}{hint}", column)
        return Fault((CellFault("invalid-date", message, column, is_day),))
    scale = Scale.FRACTION if notation.numbers is None else notation.numbers.scale
    if scale is Scale.FRACTION or not isinstance(value, Decimal):
        return _held(value, text, target, column)
    return _held(value, text, target, column, f", which is {EXACT.normalize(value):f},")


def _is_day(text: str, notation: Notation) -> bool:
    """Return whether a text that is no moment is a day."""
    days = tuple(form for form in notation.dates if HOUR not in form)
    try:
        read_day(text, days or (ISO_DATE,), None, None)
    except InvalidDate:
        return False
    return True


def hold(value: object, target: Target, column: str | None) -> object:
    """Return a composed value if its field allows it, or its fault."""
    if isinstance(value, Decimal):
        try:
            value = _bounded(value)
        except InvalidNumber as error:
            return _fault("invalid-number", target.told(str(error), column), column)
    return _held(value, str(value), target, column)


def _bounded(value: Decimal) -> Decimal:
    """Return a decimal within the limits; idle zeros are dropped where they alone break them."""
    try:
        check_decimal(value)
    except InvalidNumber:
        value = check_decimal(EXACT.normalize(value))
    return value or value.copy_abs()


def _held(value: object, text: str, target: Target, column: str | None, told: str = "") -> object:
    if isinstance(value, str) and "\0" in value:
        message = target.told(f"{shown(text)} holds a NUL character", column)
        return _fault("invalid-text", message, column)
    if target.is_currency and not is_currency(text):
        return _fault("unknown-currency", target.told(no_currency(text), column), column)
    if target.field is None:
        return value
    fault = value_fault(target.field, value)
    if fault is None:
        return value
    code = "out-of-range" if target.kind is Kind.DECIMAL else "invalid-text"
    if target.kind in (Kind.CHOICE, Kind.BOOLEAN):
        code = "unknown-value"
    return _fault(code, target.told(f"{shown(text)}{told} is not allowed; {fault}", column), column)


def no_currency(text: str) -> str:
    """Return the fault of a text that is no currency, with the code that stands in it."""
    close = None
    if len(text) <= _CODE_LIKE:  # no other text is but a code in disguise
        codes = (one.code for one in currencies())
        close = next((code for code in codes if code in text.upper()), None)
    right = (
        "expected an ISO 4217 code such as 'USD'" if close is None else f"did you mean {close!r}?"
    )
    return f"no currency {shown(text)}; {right}"


def _value(text: str, target: Target, notation: Notation) -> object:
    match target.kind:
        case Kind.DECIMAL | Kind.MONEY:
            return _number(text, notation)[0]
        case Kind.DATE:
            return read_day(text, notation.dates, notation.zone, notation.day_zone)
        case Kind.INSTANT:
            return read_instant(text, notation.dates, notation.zone)
        case Kind.CHOICE:
            field = target.field
            known = field is not None and field.choice_type is not None and text in field.choices
            return field.choice_type(text) if known and field and field.choice_type else text
        case Kind.BOOLEAN:
            return {"true": True, "false": False, **dict(notation.booleans)}.get(text, text)
        case Kind.ID | Kind.TEXT:
            return text
        case _:
            assert_never(target.kind)


def _number(text: str, notation: Notation) -> tuple[Decimal, str | None]:
    """Return the number that a text states, and its currency where it names one."""
    if notation.numbers is None:
        return parse_decimal(text, decimal=notation.decimal, group=notation.group), None
    value, code = marked_number(text, notation.numbers, notation.decimal, notation.group)
    return _bounded(value), code


def stated_currency(text: str, notation: Notation) -> str | None:
    """Return the currency that the text of an amount names, `None` where it names none."""
    try:
        return _number(text, notation)[1]
    except InvalidNumber:
        return None  # the amount has that fault


def _fault(code: str, message: str, column: str | None) -> Fault:
    return Fault((CellFault(code, message, column),))


def fault(code: str, message: str, column: str | None) -> Fault:
    """Return the fault of one cell."""
    return _fault(code, message, column)


def shown(text: str) -> str:
    """Return a text as a reader should see it, cut where it grows too long."""
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}…"


def is_guarded(rule: FileRule, target: Target) -> bool:
    """Return whether the guard may stand before the cells of a field, which only texts have."""
    return rule.guarded and target.kind in GUARDED and not target.is_currency


def cleaner(
    rule: FileRule, column: str, nulls: frozenset[str], *, guarded: bool = False
) -> Callable[[str], str | None]:
    """
    Return what makes of a raw cell its text: spaces off, alias on, `None` for no value.

    Args:
        rule: How the file is written.
        column: Heading of the column.
        nulls: Texts that mean no value, besides those of the file.
        guarded: Whether a text behind the guard is taken as it stands.
    """
    aliases = rule.aliases_by_column.get(column, {})
    nothing = rule.nulls | nulls | {""}

    def clean(raw: str) -> str | None:
        text = raw.strip(" ")
        text = aliases.get(text, text)
        return None if text in nothing else text

    def clean_guarded(raw: str) -> str | None:
        text = unguarded(raw)
        return clean(raw) if text is None else text

    return clean_guarded if guarded else clean


class Memo(dict[str, object]):
    """
    Values by raw cell, read once each.

    Attributes:
        nulls: Whether any of them is no value.
        faults: Whether any of them is a fault.
    """

    def __init__(self, read: Callable[[str], object]) -> None:
        """Keep the reader of a raw cell."""
        super().__init__()
        self._read = read
        self.nulls = False
        self.faults = False

    def __missing__(self, raw: str) -> object:
        value = self[raw] = self._read(raw)
        if value is None:
            self.nulls = True
        elif isinstance(value, Fault):
            self.faults = True
        return value
