"""Stores that break the laws of writing."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

import attrs

from salescore.errors import KeyReused, SalesCoreError, VersionConflict
from salescore.storage import Committed, Kept, Put, Unit
from salescore.testing._broken_wrapped import (
    Changed,
    Mapped,
    Wrapped,
    texts_changed,
    values_changed,
)
from salescore.values import Money


class LostUpdate(Wrapped):
    """It looks at the version first and writes afterwards, and another may come in between."""

    def commit(self, unit: Unit, /) -> Committed:
        """Check, then write whatever came in between."""
        probe = attrs.evolve(unit, key=None)
        for one in unit.changes:
            if one.expected is not None and isinstance(one, Put):
                kept = self._of(one.record)
                found = 0 if kept is None else kept.version
                if one.expected != found:
                    return self.inner.commit(probe)
        time.sleep(0)
        changes = [
            attrs.evolve(one, expected=None) if isinstance(one, Put) else one
            for one in unit.changes
        ]
        return self.inner.commit(attrs.evolve(unit, changes=changes))

    def _of(self, record: Any) -> Kept | None:  # noqa: ANN401 - a record of any type
        table = next(one for one in self.tables if one.record is type(record))
        return self.inner.read(table.name, record.id)


class HalfUnit(Wrapped):
    """Where a unit conflicts, the changes before the conflict stay."""

    def commit(self, unit: Unit, /) -> Committed:
        """Leave what could be kept."""
        try:
            return self.inner.commit(unit)
        except VersionConflict:
            for one in unit.changes:
                part = Unit(recorded_at=unit.recorded_at, changes=(one,))
                try:
                    self.inner.commit(part)
                except SalesCoreError:
                    break
            raise


class EventsBeforeConflict(Wrapped):
    """Events go out before the changes of their unit are known to be kept."""

    def commit(self, unit: Unit, /) -> Committed:
        """Append first."""
        try:
            return self.inner.commit(unit)
        except VersionConflict:
            if unit.events:
                self.inner.commit(attrs.evolve(unit, changes=(), key=None))
            raise


class HalfLoad(Wrapped):
    """A load keeps record by record, and leaves those before a conflict."""

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep one after the other where the load conflicts."""
        given = list(records)
        try:
            return self.inner.load(given, recorded_at=recorded_at)
        except VersionConflict:
            for one in given:
                self.inner.load([one], recorded_at=recorded_at)
            raise


class RetryTwice(Wrapped):
    """A retry is applied as if it were new."""

    def commit(self, unit: Unit, /) -> Committed:
        """Forget what the key is for."""
        answer = self.inner.commit(unit)
        if answer.is_repeat:
            try:
                self.inner.commit(attrs.evolve(unit, key=None))
            except VersionConflict:
                return answer
        return answer


class AnyContentOfKey(Wrapped):
    """A key that was used answers for any content."""

    def __init__(self) -> None:
        """Begin without keys."""
        super().__init__()
        self._answers: dict[str, Committed] = {}

    def commit(self, unit: Unit, /) -> Committed:
        """Answer by the key alone."""
        try:
            answer = self.inner.commit(unit)
        except KeyReused as reused:
            if reused.key in self._answers:
                return attrs.evolve(self._answers[reused.key], is_repeat=True)
            raise
        if unit.key is not None:
            self._answers.setdefault(unit.key, answer)
        return answer


class ForgottenKey(Wrapped):
    """A key is remembered until the next one is used."""

    def __init__(self) -> None:
        """Begin without a key."""
        super().__init__()
        self._used: list[str] = []

    def commit(self, unit: Unit, /) -> Committed:
        """Remember the last key alone."""
        is_forgotten = unit.key in self._used[:-1]
        answer = self.inner.commit(attrs.evolve(unit, key=None) if is_forgotten else unit)
        if unit.key is not None and unit.key not in self._used:
            self._used.append(unit.key)
        return answer


class SkippedVersions(Mapped):
    """Versions of records are 1, 3, 5 …, as from a counter that others use too."""

    def shown(self, kept: Kept) -> Kept:
        """Show odd numbers."""
        return attrs.evolve(kept, version=kept.version * 2 - 1)

    def commit(self, unit: Unit, /) -> Committed:
        """Take odd numbers, and answer with them."""
        changes = [
            one
            if one.expected in (None, 0)
            else attrs.evolve(one, expected=(one.expected + 1) // 2)
            for one in unit.changes
        ]
        answer = self.inner.commit(attrs.evolve(unit, changes=changes))
        return attrs.evolve(answer, versions=tuple(one * 2 - 1 for one in answer.versions))


class ClockAsGiven(Mapped):
    """Units count as recorded when they say so, also where that was before the last one."""

    def __init__(self) -> None:
        """Begin without a unit."""
        super().__init__()
        self._given: dict[int, datetime] = {}

    def answered(self, unit: Unit, answer: Committed) -> Committed:
        """Answer with what was given."""
        self._given.setdefault(answer.position, unit.recorded_at)
        return attrs.evolve(answer, recorded_at=self._given[answer.position])

    def shown(self, kept: Kept) -> Kept:
        """Show what was given."""
        return attrs.evolve(kept, recorded_at=self._given.get(kept.position, kept.recorded_at))


class WholeSeconds(Wrapped):
    """Times of recording lose what is behind the second."""

    def commit(self, unit: Unit, /) -> Committed:
        """Cut the instant."""
        return self.inner.commit(
            attrs.evolve(unit, recorded_at=unit.recorded_at.replace(microsecond=0))
        )


class FloatNumbers(Changed):
    """Numbers and amounts go through binary floating point."""

    def changed(self, record: Any) -> Any:  # noqa: ANN401 - a record of any type
        """Round as floats do."""
        found = values_changed(record, Decimal, _as_float)
        return values_changed(found, Money, lambda one: Money(_as_float(one.amount), one.currency))


def _as_float(value: Decimal) -> Decimal:
    return Decimal(float(value)).quantize(value, context=Context(prec=80))


class NormalTexts(Changed):
    """Texts are brought into a normal form of Unicode."""

    def changed(self, record: Any) -> Any:  # noqa: ANN401 - a record of any type
        """Compose what can be composed."""
        return texts_changed(record, lambda text: unicodedata.normalize("NFC", text))
