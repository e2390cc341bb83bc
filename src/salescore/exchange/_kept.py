"""What an import keeps while it reads: records, their repeats, and the problems of one file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from salescore.plain import CUSTOM, custom_values
from salescore.values import Finding, Place, Severity


class Kept:
    """
    The records of one type that were accepted so far, from all files.

    Attributes:
        records: The records, in order.
        ids: Their ids.
        values: Fields and values by id, where later rows may describe the same record.
        compares: Whether `values` is needed.
    """

    def __init__(self, *, compares: bool) -> None:
        """Begin with nothing."""
        self.records: list[Any] = []
        self.ids: set[str] = set()
        self.values: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {}
        self.compares = compares
        self._fills: dict[str, dict[str, Any]] = {}

    def fill(self, kept: dict[str, Any], name: str, value: object) -> None:
        """Take from a further row what the kept one left empty."""
        key = kept["id"]
        kept[name] = value
        self.values[key] = (tuple(kept), tuple(kept.values()))
        self._fills.setdefault(key, {})[name] = value

    def filled(self) -> list[Any]:
        """Return the records with what further rows added to them."""
        if not self._fills:
            return self.records
        return [
            _filled(one, self._fills[one.id]) if one.id in self._fills else one
            for one in self.records
        ]


class Findings:
    """The problems of one file, each cell once for each fault."""

    def __init__(self, file: str, header: Sequence[str]) -> None:
        """Begin with none."""
        self._file = file
        self._position = {name: place for place, name in reversed(list(enumerate(header)))}
        self._found: dict[tuple[int, int, str, str], Finding] = {}

    def add(
        self,
        code: str,
        message: str,
        row: int | None = None,
        column: str | None = None,
        raw: str | None = None,
        *,
        severity: Severity = Severity.ERROR,
        subject: str | None = None,
        count: int = 1,
    ) -> None:
        """Keep one problem, unless the same cell was found guilty of the same before."""
        position = -1 if column is None else self._position.get(column, len(self._position))
        key = (row or 0, position, code, "" if column is not None and subject is None else message)
        if key not in self._found:
            self._found[key] = Finding(
                code=code,
                severity=severity,
                message=message,
                place=Place.of(self._file, row, column, raw),
                subject=subject,
                count=count,
            )

    def sorted(self) -> list[Finding]:
        """Return all problems by row and column."""
        return [self._found[key] for key in sorted(self._found)]


@attrs.define
class Conflict:
    """A value that differs from the one kept: where it first stood, and how often it stood."""

    row: int
    column: str | None
    raw: str | None
    kept: object
    other: object
    count: int = 0


def _filled(record: Any, fills: dict[str, Any]) -> Any:  # noqa: ANN401 - a record of any type
    """Return a record with what further rows added to it, registered fields too."""
    own = {field.name for field in attrs.fields(record.__class__)}
    values = {name: value for name, value in fills.items() if name in own}
    others = {name: value for name, value in fills.items() if name not in own}
    if others:
        values[CUSTOM] = custom_values(**{**dict(record.custom), **others})
    return attrs.evolve(record, **values)
