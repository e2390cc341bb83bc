"""The words of explanations: values, fields and phrases in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

import attrs

from salescore.plain import FieldTable, PersonalData
from salescore.render import Language, clip
from salescore.rules._tree import FieldValue, Scalar
from salescore.values import EXACT, Rounding, format_instant

_WIDEST = 60
_MOST = 10

_PHRASES: dict[str, tuple[str, str]] = {
    "all": ("all of", "全部满足"),
    "any": ("any of", "任一满足"),
    "not": ("not", "非"),
    "nothing": ("{} (no conditions)", "{}（无条件）"),
    "first case": ("the first case that applies", "首个成立的情形"),
    "first known": ("the first that is known", "首个已知"),
    "if": ("if {}", "若 {}"),
    "then": ("then {}", "则 {}"),
    "else": ("else {}", "否则 {}"),
    "==": ("these two agree", "两者一致"),
    "!=": ("these two differ", "两者不同"),
    "this is in": ("this is one of {}", "此项属于 {}"),
    "this is null": ("this is unknown", "此项未知"),
    "and": (" and ", " 且 "),
    "or": (" or ", " 或 "),
    "in": ("{} is one of {}", "{} 属于 {}"),
    "is_null": ("{} is unknown", "{} 未知"),
    "is_known": ("{} is known", "{} 已知"),
    "having": ("{} ({})", "{}（{}）"),
    "between": ("{} is between {} and {}", "{} 介于 {} 与 {} 之间"),
    "starts_with": ("{} starts with {}", "{} 以 {} 开头"),
    "contains": ("{} contains {}", "{} 包含 {}"),
    "ends_with": ("{} ends with {}", "{} 以 {} 结尾"),
    "has_any": ("{} has any of {}", "{} 含任一 {}"),
    "has_all": ("{} has all of {}", "{} 含全部 {}"),
    "has_none": ("{} has none of {}", "{} 不含 {}"),
    "days": ("days from {} to {}", "{} 至 {} 的天数"),
    "rounded": ("{} rounded to {} ({})", "{} 舍入到 {}（{}）"),
    "coalesce": ("first known of {}", "首个已知：{}"),
    "more": ("… {:,} more", "… 另 {:,} 项"),
    "none": ("none", "无"),
    "no options": ("nothing", "空列表"),
    "unknown": ("unknown", "未知"),
    "inexact": ("beyond exact arithmetic", "超出精确运算"),
    "hidden": ("(hidden)", "（已隐藏）"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
}

_MODES: dict[Rounding, tuple[str, str]] = {
    Rounding.HALF_EVEN: ("half to even", "四舍六入五成双"),
    Rounding.HALF_UP: ("half up", "四舍五入"),
    Rounding.UP: ("away from zero", "向远离零"),
    Rounding.DOWN: ("towards zero", "截尾"),
    Rounding.FLOOR: ("down", "向下"),
    Rounding.CEILING: ("up", "向上"),
}

_FRACTION = "fraction"

_UNSAID = frozenset({"1", "money"})
"""Units that a reader sees from the label; of money the currency is that of all facts."""

_UNITS_ZH = {
    "activities": "次",
    "customers": "个",
    "days": "天",
    "minutes": "分钟",
    "orders": "单",
    "people": "人",
    "points": "分",
    "units": "件",
}


@attrs.frozen
class Speaker:
    """
    How the parts of an explanation are put into words.

    Attributes:
        language: Language of labels and phrases.
        table: Field table with the labels; `None` leaves bare field names.
        hide_personal: Whether values of personal data are kept back.
    """

    language: Language
    table: FieldTable | None
    hide_personal: bool

    def say(self, phrase: str, *words: object) -> str:
        """Return a phrase with words in its gaps."""
        return self.language.pick(_PHRASES[phrase]).format(*words)

    def label(self, name: str) -> str:
        """Return the label of a field, its name where there is none."""
        found = ""
        if self.table is not None and name in self.table:
            found = self.language.pick(self.table.field(name).labels)
        return clip(found or name, _WIDEST)

    def field(self, name: str, value: FieldValue) -> str:
        """Return a field with its value."""
        return f"{self.label(name)} {self.field_value(name, value)}"

    def field_value(self, name: str, value: FieldValue) -> str:
        """Return the value of a field with its unit."""
        if self.hides((name,), value):
            return self.say("hidden")
        unit = self.unit(name) if isinstance(value, Decimal) else None
        if unit == _FRACTION:
            return self.compared(value, in_percent=True)
        shown = self.value(value)
        if unit is None or unit in _UNSAID:
            return shown
        words = _UNITS_ZH.get(unit, unit) if self.language is Language.ZH else unit
        if words.casefold() in self.label(name).casefold():
            return shown
        return f"{shown} {clip(words, _WIDEST)}"

    def unit(self, name: str) -> str | None:
        """Return what a field counts, where the table tells."""
        known = self.table is not None and name in self.table
        return self.table.field(name).unit if self.table is not None and known else None

    def is_fraction(self, name: str) -> bool:
        """Return whether a field holds fractions, which people read in percent."""
        return self.unit(name) == _FRACTION

    def compared(self, value: FieldValue, *, in_percent: bool) -> str:
        """Return a value in the form of the field that it is held against."""
        if in_percent and isinstance(value, Decimal):
            return f"{self.value(EXACT.scaleb(value, 2))} %"
        return self.value(value)

    def hides(self, names: Iterable[str], value: FieldValue) -> bool:
        """Return whether a value that was made of these fields is kept back."""
        if not self.hide_personal or value is None:
            return False
        # A field that the table does not know may tell of anybody.
        return any(
            self.table is None
            or name not in self.table
            or self.table.field(name).personal is not PersonalData.NONE
            for name in names
        )

    def value(self, value: FieldValue) -> str:
        """Return a value as a person reads it, safe on one line."""
        match value:
            case None:
                return self.say("unknown")
            case bool():
                return self.say("yes" if value else "no")
            case Decimal():
                return clip(f"{value or value.copy_abs():,f}", _WIDEST)
            case str():
                return f"“{clip(value, _WIDEST)}”"
            case datetime():
                return format_instant(value)
            case date():
                return value.isoformat()
            case frozenset():
                return self.listed(sorted(value)) if value else self.say("none")
            case _:
                assert_never(value)

    def listed(self, values: Sequence[Scalar], *, in_percent: bool = False) -> str:
        """Return values with commas between them, and how many more there are after ten."""
        shown = [self.compared(value, in_percent=in_percent) for value in values[:_MOST]]
        if len(values) > _MOST:
            shown.append(self.say("more", len(values) - _MOST))
        return self.joined(shown) or self.say("no options")

    def joined(self, words: Iterable[str]) -> str:
        """Return words with commas between them."""
        return self.language.pick((", ", "、")).join(words)

    def apart(self, words: Iterable[str]) -> str:
        """Return words that may have commas within, with semicolons between them."""
        return self.language.pick(("; ", "；")).join(words)

    def mode(self, mode: Rounding) -> str:
        """Return a way of rounding in words."""
        return self.language.pick(_MODES[mode])


def plain_value(value: FieldValue) -> object:
    """Return a value as plain data: numbers, dates and instants as text, sets in order."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return f"{value or value.copy_abs():f}"
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case _:
            assert_never(value)
