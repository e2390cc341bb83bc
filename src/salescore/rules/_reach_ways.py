"""What it takes: changes of fields, ways made of them, and how they read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import attrs

from salescore.errors import InvalidValue
from salescore.plain import FieldTable, PersonalData
from salescore.render import Language, number
from salescore.rules._tree import (
    Between,
    Comparison,
    Expression,
    FieldValue,
    Membership,
    Scalar,
    children,
    fields_of,
)
from salescore.values import EXACT, format_instant, scale_of


class NoWay(Enum):
    """
    Why there is no way.

    Attributes:
        NO_LEVER: The rule reads no field that may change.
        IMPOSSIBLE: It is proven that no change does it.
        NOT_FOUND: None was found, and there may be one that was not tried.
        UNNAMED_TEXT: A text that the rule does not name would do, and no options name one.
    """

    NO_LEVER = "no_lever"
    IMPOSSIBLE = "impossible"
    NOT_FOUND = "not_found"
    UNNAMED_TEXT = "unnamed_text"


_REASONS: dict[NoWay, tuple[str, str]] = {
    NoWay.NO_LEVER: (
        "no field that may change is read by the rule",
        "规则未读取任何可调整的字段",
    ),
    NoWay.IMPOSSIBLE: ("no change of these fields reaches it", "调整这些字段无法达到"),
    NoWay.NOT_FOUND: (
        "none was found; there may be one that is not tried",
        "未找到方案；可能存在未尝试的方案",
    ),
    NoWay.UNNAMED_TEXT: (
        "any other text of {field} would do; name some as options",
        "{field}改为任何其他文本即可；请用 options 列出可选文本",
    ),
}

_HIDDEN = ("(hidden)", "（已隐藏）")
_AND = (" and ", "，且")
_YES_NO = (("no", "否"), ("yes", "是"))


@attrs.frozen
class Change:
    """
    One field that changes.

    Attributes:
        field: Name of the field.
        before: Its value now; `None` is unknown.
        after: The value it has to take, never `None`.
        cost: What the change costs, in the unit the levers share.
        is_personal: Whether it tells personal data: the field holds some, or the rule tests it
            together with a field that does; `None` where no field table said so.
    """

    field: str
    before: FieldValue
    after: Scalar | frozenset[str]
    cost: Decimal
    is_personal: bool | None = None

    def as_data(self, *, hide_personal: bool = False) -> dict[str, object]:
        """
        Return the change as plain JSON data; numbers are text, tags a sorted list.

        Args:
            hide_personal: Whether values of personal data are kept back; null stays null.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.

        Examples:
            >>> Change("orders", Decimal(2), Decimal(3), Decimal(1)).as_data()
            {'field': 'orders', 'before': '2', 'after': '3', 'cost': '1'}
        """
        hides = self._hides(hide=hide_personal)
        return {
            "field": self.field,
            "before": _HIDDEN[0] if hides and self.before is not None else _plain(self.before),
            "after": _HIDDEN[0] if hides else _plain(self.after),
            "cost": _plain(self.cost),
        }

    def text(
        self,
        language: Language = Language.EN,
        table: FieldTable | None = None,
        *,
        hide_personal: bool = False,
    ) -> str:
        """
        Return the change in words.

        Args:
            language: Language of the words.
            table: Field table that labels the field; `None` shows its name.
            hide_personal: Whether values of personal data are kept back; unknown stays unknown.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.

        Examples:
            >>> Change("orders", Decimal(2), Decimal(3), Decimal(1)).text()
            'orders from 2 to 3 (+1)'
        """
        label = _label(self.field, language, table)
        if self._hides(hide=hide_personal):
            after = language.pick(_HIDDEN)
            before = _shown(None, language) if self.before is None else after
            return language.pick(
                (f"{label} from {before} to {after}", f"{label}从{before}变为{after}")
            )
        if isinstance(self.after, frozenset):
            return _tags_text(label, self.before, self.after, language)
        before, after = _shown(self.before, language), _shown(self.after, language)
        moved = _moved(self.before, self.after, language)
        if language is Language.ZH:
            # No space parts Chinese words, but one sets numbers apart from them.
            words = (
                f"{label}从{_spaced(self.before, before)}变为{_spaced(self.after, after)}".rstrip()
            )
            return f"{words}（{moved}）" if moved else words
        return f"{label} from {before} to {after}" + (f" ({moved})" if moved else "")

    def _hides(self, *, hide: bool) -> bool:
        if hide and self.is_personal is None:
            fault = "without a field table nobody knows what is personal; reach with one"
            raise InvalidValue("hide_personal", hide, fault)
        return hide and bool(self.is_personal)


@attrs.frozen
class Way:
    """
    Changes that together give a rule the wanted value; none of them can be left out.

    Attributes:
        changes: The changes, in the order in which the rule reads their fields; none where the
            rule has the wanted value already.
        cost: What they cost together.
    """

    changes: tuple[Change, ...]
    cost: Decimal

    def applied(self, row: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
        """Return a copy of a row with the changes made."""
        return {**row, **{change.field: change.after for change in self.changes}}

    def as_data(self, *, hide_personal: bool = False) -> dict[str, object]:
        """
        Return the way as plain JSON data.

        Args:
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        return {
            "cost": _plain(self.cost),
            "changes": [change.as_data(hide_personal=hide_personal) for change in self.changes],
        }

    def text(
        self,
        language: Language = Language.EN,
        table: FieldTable | None = None,
        *,
        hide_personal: bool = False,
    ) -> str:
        """
        Return the way in words.

        Args:
            language: Language of the words.
            table: Field table that labels the fields; `None` shows their names.
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        if not self.changes:
            return language.pick(("nothing has to change", "无需调整"))
        parts = [
            change.text(language, table, hide_personal=hide_personal) for change in self.changes
        ]
        return language.pick(_AND).join(parts)


@attrs.frozen
class Reach:
    """
    What it would take for a rule to have a wanted value on a row.

    Attributes:
        wanted: The value asked for.
        value: The value now; `None` is unknown.
        ways: The cheapest ways, cheapest first, then fewest changes, then the smallest; one
            without changes where the value is the wanted one; none where there is no way.
        is_exact: Whether it is proven that no way is cheaper than the first, or, without a way,
            that there is none.
        no_way: Why there is no way; `None` where there is one.
        unnamed: Field of which any other text would do; `None` but for `NoWay.UNNAMED_TEXT`.
    """

    wanted: bool
    value: bool | None
    ways: tuple[Way, ...]
    is_exact: bool
    no_way: NoWay | None = None
    unnamed: str | None = None

    @property
    def reason(self) -> str | None:
        """Why there is no way, in English; `None` where there is one."""
        return self.reason_in(Language.EN)

    def reason_in(self, language: Language, table: FieldTable | None = None) -> str | None:
        """
        Return why there is no way, in a language; `None` where there is one.

        Args:
            language: Language of the words.
            table: Field table that labels the fields; `None` shows their names.
        """
        if self.no_way is None:
            return None
        label = "" if self.unnamed is None else _label(self.unnamed, language, table)
        return language.pick(_REASONS[self.no_way]).format(field=label)

    def as_data(self, *, hide_personal: bool = False) -> dict[str, object]:
        """
        Return it all as plain JSON data.

        Args:
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        return {
            "wanted": self.wanted,
            "value": self.value,
            "is_exact": self.is_exact,
            "reason": self.reason,
            "ways": [way.as_data(hide_personal=hide_personal) for way in self.ways],
        }

    def text(
        self,
        language: Language = Language.EN,
        table: FieldTable | None = None,
        *,
        hide_personal: bool = False,
    ) -> str:
        """
        Return the ways in words, one a line, or the reason why there is none.

        Args:
            language: Language of the words.
            table: Field table that labels the fields; `None` shows their names.
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        reason = self.reason_in(language, table)
        if reason is not None:
            return reason
        return "\n".join(
            way.text(language, table, hide_personal=hide_personal) for way in self.ways
        )


def telling(rule: Expression, table: FieldTable) -> frozenset[str]:
    """
    Return the fields whose new value may tell personal data.

    Args:
        rule: A rule.
        table: Field table that it was checked against.

    Returns:
        Fields of the rule that hold some, and those that it tests together with one: what such a
        field has to become is made of the other's value.
    """
    personal = {
        name for name in fields_of(rule) if table.field(name).personal is not PersonalData.NONE
    }
    found = set(personal)
    waiting = [rule] if personal else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Comparison | Between | Membership):
            together = fields_of(node)
            if not personal.isdisjoint(together):
                found.update(together)
        waiting.extend(children(node))
    return frozenset(found)


def _label(name: str, language: Language, table: FieldTable | None) -> str:
    return name if table is None else language.pick(table.field(name).labels)


def _plain(value: FieldValue) -> object:
    match value:
        case Decimal():
            return format(value or value.copy_abs(), "f")
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case _:
            return value


def _shown(value: FieldValue, language: Language) -> str:
    match value:
        case None:
            return language.pick(("unknown", "未知"))
        case bool():
            return language.pick(_YES_NO[value])
        case Decimal():
            return number(value, scale_of(value))
        case str():
            return f"“{value}”"
        case _:
            return str(_plain(value))


def _spaced(value: FieldValue, shown: str) -> str:
    return f" {shown} " if isinstance(value, Decimal | date) else shown


def _moved(before: FieldValue, after: Scalar, language: Language) -> str:
    """Return by how much a value moves, empty where that says nothing."""
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        size = EXACT.subtract(after, before)
        sign = "+" if size > 0 else "−"
        return sign + number(abs(size), scale_of(size))
    if isinstance(after, datetime) or not isinstance(after, date):
        return ""
    if not isinstance(before, date):
        return ""
    days = (after - before).days
    count = f"{'+' if days > 0 else '−'}{abs(days):,}"
    return language.pick((f"{count} day{'s' * (abs(days) != 1)}", f"{count} 天"))


def _tags_text(label: str, before: FieldValue, after: frozenset[str], language: Language) -> str:
    old = before if isinstance(before, frozenset) else frozenset[str]()
    added, removed = sorted(after - old), sorted(old - after)
    parts = [
        language.pick((f"{act} {_listed(tags, language)}", f"{zh}{_listed(tags, language)}"))
        for act, zh, tags in (("add", "增加", added), ("remove", "去掉", removed))
        if tags
    ]
    if not parts:
        parts = [language.pick(("known to be none", "确认为无"))]
    return language.pick((f"{label}: {', '.join(parts)}", f"{label}：{'，'.join(parts)}"))


def _listed(tags: list[str], language: Language) -> str:
    return language.pick((", ", "、")).join(f"“{tag}”" for tag in tags)
