"""Records out of chunks: faults become findings, repeats merge or are refused, the rest stays."""

from __future__ import annotations

import decimal
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import compress
from typing import Any

import attrs

from salescore.entities import record_table
from salescore.exchange._cells import CURRENCY, CellFault, Fault, Target, fault, says, target_of
from salescore.exchange._evaluate import Cells, Chunk, Evaluator
from salescore.exchange._filters import filtered
from salescore.exchange._kept import Conflict, Findings, Kept
from salescore.exchange._layout import Column, RecordRule, SignOf, Value, column_of, walk
from salescore.exchange._report import ColumnTotal, RecordReport
from salescore.plain import CUSTOM, FieldTable, Kind, bulk_records
from salescore.values import EXACT, Severity, bulk_money

Columns = dict[str, list[Any]]

_OUTCOMES = ("read", "accepted", "refused", "merged", "filtered")


class Collector:
    """Turns the rows of one file into the records of one type."""

    def __init__(
        self, rule: RecordRule, evaluator: Evaluator, kept: Kept, findings: Findings
    ) -> None:
        """Keep how rows become records, and where these go."""
        self._rule = rule
        self._table: FieldTable = _table(rule)
        self._evaluator = evaluator
        self._kept = kept
        self._findings = findings
        self._targets: dict[str, Target] = {
            name: target_of(self._table, name) for name, _ in rule.fields
        }
        self._names = tuple(self._targets)
        self._money = tuple(name for name in self._table.money_fields if name in self._targets)
        self._custom = sorted(one.name for one in rule.custom if one.name in self._targets)
        self._signed = {name: _signed(value) for name, value in rule.fields if name in self._money}
        self._counts: dict[str, int] = dict.fromkeys(_OUTCOMES, 0)
        self._totals: dict[tuple[str, str | None], list[Decimal]] = defaultdict(
            lambda: [Decimal(0), Decimal(0)]
        )
        self._conflicts: dict[tuple[str, str, object], Conflict] = {}
        #: Row and column of every cell that told no time, by field.
        self._days: defaultdict[str, list[tuple[int, str | None]]] = defaultdict(list)

    # Counting -----------------------------------------------------------------------------------

    def count(self, outcome: str, rows: int) -> None:
        """Count rows that never came to be looked at, or were left out by the file."""
        self._counts["read"] += rows
        self._counts[outcome] += rows

    def report(self) -> RecordReport:
        """Return what became of the rows, and say where rows disagreed."""
        for (key, field, _), one in self._conflicts.items():
            what = "it" if says(one.column, field) else field
            self._findings.add(
                "conflicting-value",
                f"{self._table.name}/{key}: {what} was '{one.kept!s}' before "
                f"and is '{one.other!s}' here; the first was kept",
                one.row,
                one.column,
                one.raw,
                severity=Severity.WARNING,
                subject=f"{self._table.name}/{key}",
                count=one.count,
            )
        self._tell_days()
        order = {name: place for place, name in enumerate(self._table.names)}
        keys = sorted(self._totals, key=lambda key: (order[key[0]], key[1] or ""))
        totals = tuple(
            ColumnTotal(
                field=field,
                currency=currency,
                accepted=self._totals[field, currency][0],
                refused=self._totals[field, currency][1],
            )
            for field, currency in keys
        )
        return RecordReport(record=self._table.name, **self._counts, totals=totals)

    def _tell_days(self) -> None:
        """Count the days in each field of moments: no time is made up, and none is at fault."""
        for name, cells in self._days.items():
            if cells:
                (row, column), count = cells[0], len(cells)
                told = "1 cell holds" if count == 1 else f"{count:,} cells hold"
                message = f"{told} a day without a time; {self._table.name}.{name} is empty there"
                info = Severity.INFO
                self._findings.add("no-time", message, row, column, severity=info, count=count)

    def _add(self, columns: Columns, *, refused: bool) -> None:
        """Add the numbers of some rows to the totals."""
        place = int(refused)
        currencies = columns.get(CURRENCY, [])
        for name in self._names:
            if name in self._money:
                for currency, amounts in _by_currency(columns[name], currencies):
                    self._sum((name, currency), place, amounts)
            elif self._targets[name].kind is Kind.DECIMAL:
                self._sum((name, None), place, columns[name])

    def _sum(self, key: tuple[str, str | None], place: int, cells: Sequence[Any]) -> None:
        numbers = cells
        if set(map(type, cells)) != {Decimal}:
            numbers = [cell for cell in cells if isinstance(cell, Decimal)]
        if numbers:
            with decimal.localcontext(EXACT):
                self._totals[key][place] += sum(numbers)

    # Rows ---------------------------------------------------------------------------------------

    def take(self, chunk: Chunk) -> None:
        """Keep the records in some rows, and find every fault in them."""
        self._counts["read"] += len(chunk)
        chunk, left_out = filtered(chunk, self._rule.filters, self._evaluator)
        self._counts["filtered"] += left_out
        cells = {
            name: self._evaluator.cells(value, self._targets[name], chunk)
            for name, value in self._rule.fields
        }
        if self._rule.distinct and cells["id"].nulls:
            chunk, cells = self._named(chunk, cells)
        self._agree(chunk, cells)
        self._require(cells)
        emptied = self._emptied(chunk, cells)
        columns = {name: one.values for name, one in cells.items()}
        if any(one.faults for one in cells.values()):
            chunk, columns = self._faultless(chunk, columns)
        for source, place, cell in emptied:  # behind the faults that refuse a row: these count
            self._found(source, place, cell)
        chunk, columns = self._distinct(chunk, columns)
        if len(chunk):
            self._keep(columns, len(chunk))

    def _named(self, chunk: Chunk, cells: dict[str, Cells]) -> tuple[Chunk, dict[str, Cells]]:
        """Leave out the rows that name no record of this type: their id is empty."""
        keep = [value is not None for value in cells["id"].values]
        left_out = keep.count(False)
        if not left_out:
            return chunk, cells
        self._counts["filtered"] += left_out
        kept = {
            name: Cells(list(compress(one.values, keep)), one.nulls, one.faults)
            for name, one in cells.items()
        }
        return chunk.only(keep), kept

    def _agree(self, chunk: Chunk, cells: dict[str, Cells]) -> None:
        """Put a fault where an amount states another currency than its row."""
        for name, columns in self._signed.items():
            for column in columns:
                target = self._targets[name]
                stated = self._evaluator.cells(SignOf(column), target, chunk).values
                found = list(cells[name].values)
                for place, (code, right) in enumerate(
                    zip(stated, cells[CURRENCY].values, strict=True)
                ):
                    if code is not None and isinstance(right, str) and code != right:
                        message = f"the amount is in {code}, its row in {right}"
                        told = target.told(message, column.name)
                        found[place] = fault("conflicting-currency", told, column.name)
                        cells[name] = Cells(found, cells[name].nulls, faults=True)

    def _emptied(self, chunk: Chunk, cells: dict[str, Cells]) -> list[tuple[Chunk, int, CellFault]]:
        """Empty the faulty cells of fields for which the profile says so, and return the faults."""
        found: list[tuple[Chunk, int, CellFault]] = []
        for name, one in list(cells.items()):
            if not one.faults or name not in self._rule.nulled:
                continue
            faults = [
                (place, cell)
                for place, value in enumerate(one.values)
                if isinstance(value, Fault)
                for cell in value.cells
            ]
            found.extend(
                (chunk, place, attrs.evolve(cell, message=f"{cell.message}; read as no value"))
                for place, cell in faults
                if not cell.is_day
            )
            self._days[name].extend(
                (chunk.numbers[place], cell.column) for place, cell in faults if cell.is_day
            )
            values = [None if isinstance(value, Fault) else value for value in one.values]
            cells[name] = Cells(values, nulls=True, faults=False)
        return found

    def _require(self, cells: dict[str, Cells]) -> None:
        """Put a fault where a required value is missing, or money has no currency."""
        for name in self._names:
            if name == CURRENCY or not cells[name].nulls or self._table.field(name).nullable:
                continue
            column = column_of(self._rule.by_field[name])
            what = "a value" if says(column, name) else f"{self._table.name}.{name}"
            missing = fault("missing-value", f"{what} is required", column)
            bad = [value is None for value in cells[name].values]
            cells[name] = _faulted(cells[name], bad, missing)
        if not self._money:
            return
        currencies = cells[CURRENCY]
        if not currencies.nulls:
            return
        for name in self._money:
            column = column_of(self._rule.by_field[CURRENCY])
            message = f"{self._table.name}.{name} is an amount without a currency"
            missing = fault("missing-currency", message, column)
            bad = [
                currency is None and isinstance(amount, Decimal)
                for currency, amount in zip(currencies.values, cells[name].values, strict=True)
            ]
            cells[name] = _faulted(cells[name], bad, missing)

    def _faultless(self, chunk: Chunk, columns: Columns) -> tuple[Chunk, Columns]:
        """Refuse the rows in which any cell is at fault, with a finding for each cell."""
        bad: set[int] = set()
        for column in columns.values():
            for place, value in enumerate(column):
                if isinstance(value, Fault):
                    bad.add(place)
                    for cell in value.cells:
                        self._found(chunk, place, cell)
        return self._refuse(chunk, columns, bad)

    def _refuse(self, chunk: Chunk, columns: Columns, bad: set[int]) -> tuple[Chunk, Columns]:
        if not bad:
            return chunk, columns
        self._counts["refused"] += len(bad)
        self._add(
            {name: [column[place] for place in sorted(bad)] for name, column in columns.items()},
            refused=True,
        )
        keep = [place not in bad for place in range(len(chunk))]
        return chunk.only(keep), _only(columns, keep)

    def _found(self, chunk: Chunk, place: int, cell: CellFault) -> None:
        raw = None if cell.column is None else chunk.columns.get(cell.column)
        self._findings.add(
            cell.code,
            cell.message,
            chunk.numbers[place],
            cell.column,
            None if raw is None else raw[place],
        )

    # Repeats ------------------------------------------------------------------------------------

    def _distinct(self, chunk: Chunk, columns: Columns) -> tuple[Chunk, Columns]:
        """Return the rows that describe a record not seen before."""
        kept = self._kept
        ids: list[str] = columns["id"]
        fresh = set(ids)
        if len(fresh) == len(ids) and fresh.isdisjoint(kept.ids):
            kept.ids |= fresh
            if kept.compares:
                rows = zip(*columns.values(), strict=True)
                kept.values.update(
                    (key, (self._names, row)) for key, row in zip(ids, rows, strict=True)
                )
            return chunk, columns
        if self._rule.distinct:
            return self._merge(chunk, columns)
        bad: set[int] = set()
        for place, key in enumerate(ids):
            if key in kept.ids:
                bad.add(place)
                message = f"{self._table.name}/{key} is there already; the first was kept"
                column = column_of(self._rule.by_field["id"])
                self._found(chunk, place, CellFault("duplicate-id", message, column))
            kept.ids.add(key)
            if kept.compares and place not in bad:
                kept.values[key] = (self._names, tuple(one[place] for one in columns.values()))
        return self._refuse(chunk, columns, bad)

    def _merge(self, chunk: Chunk, columns: Columns) -> tuple[Chunk, Columns]:
        known = self._kept.values
        names = self._names
        keep = [False] * len(chunk)
        for place, row in enumerate(zip(*columns.values(), strict=True)):
            key = columns["id"][place]
            found = known.get(key)
            if found is None:
                known[key] = (names, row)
                self._kept.ids.add(key)
                keep[place] = True
            elif found[1] != row or found[0] != names:
                self._compare(chunk, place, dict(zip(*found, strict=True)), row)
        self._counts["merged"] += keep.count(False)
        return chunk.only(keep), _only(columns, keep)

    def _compare(
        self, chunk: Chunk, place: int, kept: dict[str, Any], row: tuple[Any, ...]
    ) -> None:
        """Note where a further row says something else of a record; an empty cell says nothing."""
        for name, value in zip(self._names, row, strict=True):
            if value is None or value == kept.get(name):
                continue
            if kept.get(name) is None and name not in (*self._money, CURRENCY):
                self._kept.fill(kept, name, value)
                continue
            where = (str(kept["id"]), name, value)
            if where not in self._conflicts:
                column = column_of(self._rule.by_field[name])
                raw = None if column is None else chunk.columns.get(column)
                self._conflicts[where] = Conflict(
                    row=chunk.numbers[place],
                    column=column,
                    raw=None if raw is None else raw[place],
                    kept=kept.get(name),
                    other=value,
                )
            self._conflicts[where].count += 1

    def _keep(self, columns: Columns, count: int) -> None:
        self._counts["accepted"] += count
        self._add(columns, refused=False)
        made: dict[str, Sequence[object]] = {
            name: column for name, column in columns.items() if name != CURRENCY
        }
        for name in self._money:
            made[name] = bulk_money(columns[name], columns[CURRENCY])
        if self._custom:
            custom = [made.pop(name) for name in self._custom]
            made[CUSTOM] = [
                tuple(pair for pair in zip(self._custom, row, strict=True) if pair[1] is not None)
                for row in zip(*custom, strict=True)
            ]
        record = self._table.record
        assert record is not None  # noqa: S101 - a record type has a class
        self._kept.records.extend(bulk_records(record, made, count))


def _signed(value: Value) -> tuple[Column, ...]:
    """Return the columns of a value whose cells may state a currency."""
    return tuple(
        part
        for part in walk(value)
        if isinstance(part, Column) and part.numbers is not None and part.numbers.signs is not None
    )


def _table(rule: RecordRule) -> FieldTable:
    """Return the field table of a record type, with what an application registered."""
    table = record_table(rule.record)
    return attrs.evolve(table, fields=(*table.fields, *rule.custom)) if rule.custom else table


def _only(columns: Columns, keep: Sequence[bool]) -> Columns:
    return {name: list(compress(column, keep)) for name, column in columns.items()}


def _faulted(cells: Cells, bad: Sequence[bool], instead: Fault) -> Cells:
    """Return cells with a fault where they are bad."""
    if True not in bad:
        return cells
    values = [instead if is_bad else value for value, is_bad in zip(cells.values, bad, strict=True)]
    return Cells(values, cells.nulls, faults=True)


def _by_currency(
    amounts: Sequence[Any], currencies: Sequence[Any]
) -> list[tuple[str | None, Sequence[Any]]]:
    """Return amounts by currency."""
    codes = set(currencies)
    if len(codes) == 1 and isinstance(code := codes.pop(), str):
        return [(code, amounts)]
    found: dict[str | None, list[Any]] = defaultdict(list)
    for amount, code in zip(amounts, currencies, strict=True):
        if amount is not None:
            found[code if isinstance(code, str) else None].append(amount)
    return list(found.items())
