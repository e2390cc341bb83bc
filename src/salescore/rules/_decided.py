"""What a decision table decided on one row of facts, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import assert_never

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.plain import FieldTable
from salescore.render import Language
from salescore.rules._cells import Band, Cell, IsNull, OneOf, is_holding
from salescore.rules._decision_table import Collect, DecisionTable, HitPolicy
from salescore.rules._explain_text import Speaker
from salescore.rules._json import scalar_to_data
from salescore.rules._tree import FieldRef, Scalar, fields_of
from salescore.values import format_instant

Outcome = tuple[Scalar, ...]
"""One value per output of a table."""

_SHOWN_OPTIONS = 5
_SHOWN_TEXT = 60
_NEAREST = 3


class Undecided(Enum):
    """
    Why a table decides nothing.

    Attributes:
        NO_MATCH: No row matches, and there is no default.
        SEVERAL_MATCH: Several rows match where only one may.
        DISAGREEMENT: The rows that match do not say the same.
    """

    NO_MATCH = "no_match"
    SEVERAL_MATCH = "several_match"
    DISAGREEMENT = "disagreement"


_REASONS: dict[Undecided, tuple[str, str]] = {
    Undecided.NO_MATCH: ("no row matches", "没有匹配的行"),
    Undecided.SEVERAL_MATCH: ("rows {rows} match where only one may", "第 {rows} 行同时匹配"),
    Undecided.DISAGREEMENT: ("rows {rows} match and disagree", "第 {rows} 行匹配但结果不一致"),
}


@attrs.frozen(kw_only=True)
class Decided:
    """
    What a table decided on one row of facts, and why.

    Attributes:
        table: The table asked.
        inputs: Name and value of each input, in order; a value of `None` is unknown.
        matched: Numbers of the rows that matched, counted from 1.
        decisive: Numbers of those whose outputs were given or gathered; empty where the default
            applied or nothing was decided.
        outcomes: One value per output, once; of `Collect.LIST` once per row that matched. `None`
            where nothing was decided.
        undecided: Why nothing was decided; `None` where something was.
        fields: Field table of the row: labels for inputs that are plain fields and have none of
            their own, and what is personal data; `None` leaves both unknown.
    """

    table: DecisionTable
    inputs: tuple[tuple[str, Scalar | None], ...]
    matched: tuple[int, ...]
    decisive: tuple[int, ...]
    outcomes: tuple[Outcome, ...] | None
    undecided: Undecided | None
    fields: FieldTable | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def is_decided(self) -> bool:
        """Whether there is an outcome, be it an empty list."""
        return self.outcomes is not None

    @property
    def is_default(self) -> bool:
        """Whether no row matched and the default of the table applied."""
        return not self.matched and self.table.default is not None

    @property
    def reason(self) -> str | None:
        """Why nothing was decided, in English; `None` where something was."""
        return self.reason_in(Language.EN)

    def reason_in(self, language: Language) -> str | None:
        """Return why nothing was decided, in a language; `None` where something was."""
        if self.undecided is None:
            return None
        return language.pick(_REASONS[self.undecided]).format(rows=_numbers(self.matched))

    def value(self, output: str) -> Scalar | None:
        """
        Return the value of an output.

        Args:
            output: Name of the output.

        Returns:
            The value; `None` where nothing was decided.

        Raises:
            UnknownName: The table has no such output.
            InvalidValue: The table collects a list; ask for `values`.
        """
        if self.table.collect is Collect.LIST:
            fault = "the table collects a list, so ask for its values"
            raise InvalidValue("output", output, fault)
        return next(iter(self.values(output)), None)

    def values(self, output: str) -> tuple[Scalar, ...]:
        """
        Return the values of an output, one per outcome; none where nothing was decided.

        Args:
            output: Name of the output.

        Raises:
            UnknownName: The table has no such output.
        """
        names = tuple(one.name for one in self.table.outputs)
        if output not in names:
            raise UnknownName(f"output of {self.table.name}", output, names)
        place = names.index(output)
        return tuple(outcome[place] for outcome in self.outcomes or ())

    def nearest(self) -> tuple[int, ...]:
        """Return the numbers of the rows with the fewest cells that fail, at most three."""
        failing = [len(self.failing(number)) for number in range(1, len(self.table.rows) + 1)]
        least = min(failing)
        return tuple(place + 1 for place, count in enumerate(failing) if count == least)[:_NEAREST]

    def failing(self, number: int) -> tuple[str, ...]:
        """
        Return the names of the inputs whose cells do not hold in a row.

        Args:
            number: Number of the row, counted from 1.

        Raises:
            InvalidValue: The table has no such row.
        """
        return tuple(name for name, _, _, holds in self._tests(number) if not holds)

    def _tests(self, number: int) -> list[tuple[str, Scalar | None, Cell, bool]]:
        """Return per input its name and value, the cell of a row, and whether it holds."""
        if not 1 <= number <= len(self.table.rows):
            fault = f"{self.table.name} has rows 1 to {len(self.table.rows)}"
            raise InvalidValue("row number", number, fault)
        cells = self.table.rows[number - 1].cells
        return [
            (name, value, cell, is_holding(cell, value))
            for (name, value), cell in zip(self.inputs, cells, strict=True)
        ]

    def _told(self) -> tuple[int, ...]:
        """Return the numbers of the rows worth telling of."""
        return self.decisive or self.matched or self.nearest()

    def _speaker(self, language: Language, *, hide: bool) -> Speaker:
        if hide and self.fields is None:
            fault = "without a field table nobody knows what is personal; decide with one"
            raise InvalidValue("hide_personal", hide, fault)
        return Speaker(language, self.fields, hide)

    def _hides(self, place: int, say: Speaker) -> bool:
        """Return whether the value of an input is kept back."""
        return say.hides(fields_of(self.table.inputs[place].of), self.inputs[place][1])

    def _label(self, place: int, say: Speaker) -> str:
        """Return the label of an input: its own, that of its field, or its name."""
        given = self.table.inputs[place]
        if given.labels is None and self.fields is not None and isinstance(given.of, FieldRef):
            return say.label(given.of.name)
        return given.label(say.language)

    def text(self, language: Language = Language.EN, *, hide_personal: bool = False) -> str:
        """
        Return the decision as a few lines for people.

        Args:
            language: Language of the words and labels.
            hide_personal: Whether values of inputs that read personal data are kept back; what the
                table asks for, and whether it holds, is not.

        Returns:
            What was decided, then each row that decided, matched, or came nearest, with its cells.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        say = self._speaker(language, hide=hide_personal)
        table = self.table
        told = [f"{table.label(language)} {table.version}: {self._headline(language)}"]
        for outcome in self.outcomes or ():
            pairs = zip(table.outputs, outcome, strict=True)
            said = [f"{one.label(language)} = {_shown(value, language)}" for one, value in pairs]
            told.append(f"  → {', '.join(said)}")
        for number in self._told():
            told.append(self._row_line(number, language))
            for place, (_, value, cell, holds) in enumerate(self._tests(number)):
                sign = "✓" if holds else "✗"
                shown = say.say("hidden") if self._hides(place, say) else _shown(value, language)
                asked = _cell_text(cell, language)
                told.append(f"    {sign} {self._label(place, say)} {shown}: {asked}")
        return "\n".join(told)

    def _headline(self, language: Language) -> str:
        if self.undecided is not None:
            nothing = language.pick(("nothing is decided, ", "无法决定："))
            return f"{nothing}{self.reason_in(language)}"
        if self.decisive:
            rows = _numbers(self.decisive)
            plural = "s" if len(self.decisive) > 1 else ""
            if self.table.hit_policy is HitPolicy.COLLECT:
                return language.pick((f"row{plural} {rows} gathered", f"汇总第 {rows} 行"))
            return language.pick((f"row {rows} decides", f"由第 {rows} 行决定"))
        if self.is_default:
            return language.pick(("no row matches, so the default applies", "无匹配行，取默认值"))
        return language.pick(("no row matches", "没有匹配的行"))

    def _row_line(self, number: int, language: Language) -> str:
        note = self.table.rows[number - 1].note
        nearest = "" if self.matched else language.pick((", nearest", "（最接近）"))
        line = language.pick((f"  row {number}", f"  第 {number} 行")) + nearest
        return line if note is None else f"{line}: {note}"

    def as_data(self, *, hide_personal: bool = False) -> dict[str, object]:
        """
        Return the decision as plain JSON data.

        Args:
            hide_personal: Whether values of inputs that read personal data are kept back.

        Returns:
            Table, version, inputs, the numbers of the rows, outcomes by output name (`None` where
            nothing was decided, then with a reason), and the cells of the rows worth telling of.
            Values are spelled as in rules: `{"decimal": ["12.50"]}`.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        say = self._speaker(Language.EN, hide=hide_personal)
        outcomes: list[dict[str, object]] | None = None
        if self.outcomes is not None:
            names = [one.name for one in self.table.outputs]
            outcomes = [
                {name: scalar_to_data(value) for name, value in zip(names, outcome, strict=True)}
                for outcome in self.outcomes
            ]
        return {
            "table": self.table.name,
            "version": self.table.version,
            "inputs": {
                name: say.say("hidden") if self._hides(place, say) else _data_of(value)
                for place, (name, value) in enumerate(self.inputs)
            },
            "matched": list(self.matched),
            "decisive": list(self.decisive),
            "outcomes": outcomes,
            "is_default": self.is_default,
            "reason": self.reason,
            "rows": [self._row_data(number) for number in self._told()],
        }

    def _row_data(self, number: int) -> dict[str, object]:
        return {
            "row": number,
            "note": self.table.rows[number - 1].note,
            "cells": [
                {"input": name, "asked": _cell_text(cell, Language.EN), "holds": holds}
                for name, _, cell, holds in self._tests(number)
            ],
        }


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _data_of(value: Scalar | None) -> object:
    return None if value is None else scalar_to_data(value)


def _shown(value: Scalar | None, language: Language = Language.EN) -> str:
    """Return a value as a reader should see it."""
    match value:
        case None:
            return language.pick(("unknown", "未知"))
        case bool():
            return language.pick(("true", "是") if value else ("false", "否"))
        case str():
            cut = value if len(value) <= _SHOWN_TEXT else f"{value[:_SHOWN_TEXT]}…"
            return repr(cut)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return format_instant(value)
        case _:
            return value.isoformat()


def pairs_text(pairs: Iterable[tuple[str, Scalar | None]]) -> str:
    """Return names with their values as text for messages, such as "region 'West', net 5"."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in pairs)


def _cell_text(cell: Cell, language: Language) -> str:
    """Return what a cell asks."""
    match cell:
        case None:
            return language.pick(("any", "任意"))
        case IsNull(is_negated):
            return language.pick(("known", "已知") if is_negated else ("unknown", "未知"))
        case Band(low, high, includes_low, includes_high):
            lower = "" if low is None else f"{'>=' if includes_low else '>'} {_shown(low)}"
            upper = "" if high is None else f"{'<=' if includes_high else '<'} {_shown(high)}"
            return ", ".join(filter(None, (lower, upper)))
        case OneOf((option,), is_negated):
            return f"{'!=' if is_negated else '='} {_shown(option, language)}"
        case OneOf(options, is_negated):
            some = ", ".join(_shown(one, language) for one in options[:_SHOWN_OPTIONS])
            more = " …" if len(options) > _SHOWN_OPTIONS else ""
            words = ("none of ", "不属于 ") if is_negated else ("one of ", "属于 ")
            return f"{language.pick(words)}{some}{more}"
        case _:
            assert_never(cell)
