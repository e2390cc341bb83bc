"""Reading a folder or workbook: tables in the order of the profile, into one book and findings."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from salescore.book import SalesBook
from salescore.entities import RECORD_TABLES
from salescore.errors import ImportRefused, InvalidValue, UnknownName
from salescore.exchange._collect import Collector
from salescore.exchange._entries import few, first_of, nearest
from salescore.exchange._evaluate import Chunk, Evaluator
from salescore.exchange._filters import filtered, tell_deleted, undeleted
from salescore.exchange._headings import called, doubled
from salescore.exchange._kept import Findings, Kept
from salescore.exchange._layout import FileRule
from salescore.exchange._lookups import lookup_table
from salescore.exchange._parse import ENCODINGS
from salescore.exchange._profile import Profile, canonical_with
from salescore.exchange._report import FileReport, Import
from salescore.exchange._suggest import profiles_for
from salescore.exchange._tables import Source, Table, is_book, source_at
from salescore.exchange._text import CHUNK, BrokenRow, counted, is_blank
from salescore.plain import CustomFields
from salescore.values import Finding, Place, Severity

Progress = Callable[[str, int], None]
_REGISTER = "; a field of your own is registered with custom_fields (--custom-fields)"
_TAKEN_AS_BOOK = "a workbook is read by its own path, or named in a profile"


def read_folder(
    path: str | Path,
    profile: Profile | str | Path | None = None,
    *,
    encoding: str | None = None,
    custom_fields: CustomFields | None = None,
    faulty: Literal["refuse", "null"] | None = None,
    progress: Progress | None = None,
) -> Import:
    """
    Return the facts that a folder of files or a workbook holds, and every problem in it.

    Nothing is stored. In a workbook each sheet stands for the file of its name: `customers` for
    `customers.csv`.

    Args:
        path: The folder, or a workbook (.xlsx).
        profile: How its files are laid out: a profile, the name of a shipped one, or the path of a
            JSON file; `None` for a folder of facts in our own layout.
        encoding: Encoding of all text files, such as `gb18030`, whatever the profile says; `None`
            for that of the profile, which is UTF-8 where it names none. A byte order mark in a
            file overrides both.
        custom_fields: Fields that an application registered, which are columns of our own layout
            and which a profile by name or path may name; `None` for none, or for those of the
            profile.
        faulty: In our own layout, whether a fault in a cell that may be empty refuses its row, or
            empties the cell (`null`), with a finding either way; `None` for `refuse`. A profile
            says it itself.
        progress: Told the name of a file and how many of its rows are read, from time to time.

    Returns:
        The book, all findings, and counts and sums by file and record type.

    Raises:
        ImportRefused: The path is no folder or workbook that can be read, or holds none of the
            files that the profile names.
        UnknownName: There is no such shipped profile or encoding, or no such way with faults.
        InvalidDocument: The profile is wrong.
        InvalidValue: A registered field has the name of one of our own, or is handed in beside a
            profile that was made without it; or `faulty` is handed in beside a profile.
        MissingExtra: A workbook is to be read, and the extra `excel` is not installed.
    """
    if faulty is not None and profile is not None:
        raise InvalidValue(
            "faulty", faulty, 'the profile says it: "faulty", at its top or a column'
        )
    if isinstance(profile, str | Path):
        profile = Profile.load(profile, custom_fields=custom_fields)
    elif profile is None:
        profile = canonical_with(custom_fields or CustomFields(), faulty=faulty)
    elif custom_fields not in (None, profile.custom_fields):
        fault = "the profile was made without them; hand them to Profile.parse or Profile.load"
        raise InvalidValue("custom_fields", custom_fields, fault)
    known = None if encoding is None else _known_encoding(encoding)
    return FolderReader(Path(path), profile, progress, encoding=known).read()


class FolderReader:
    """Reads one folder or workbook, once."""

    _source: Source

    def __init__(
        self,
        path: Path,
        profile: Profile,
        progress: Progress | None = None,
        chunk: int = CHUNK,
        encoding: str | None = None,
    ) -> None:
        """Keep what is read, and how many rows of it at once."""
        self._chunk = chunk
        self._path = path
        self._encoding = encoding
        self._profile = profile
        self._progress = progress
        self._rules = {rule.file: rule for rule in profile.files}
        distinct = {one.record for rule in profile.files for one in rule.records if one.distinct}
        self._kept = {table.name: Kept(compares=table.name in distinct) for table in RECORD_TABLES}
        self._lookups: dict[tuple[str, str, str], dict[str, str | None]] = {}
        self._looked_up: dict[str, list[str]] = {}
        for one in (one for rule in profile.files for one in rule.lookups):
            self._looked_up.setdefault(one.file, []).extend((one.key, one.value))
        self._findings: list[Finding] = []

    def read(self) -> Import:
        """Return the facts and the problems of the folder or workbook."""
        with closing(source_at(self._path, self._encoding)) as self._source:
            self._expect_tables()
            reports = [self._file(rule) for rule in self._profile.files if self._is_there(rule)]
            self._findings.extend(self._source.notes())
        self._findings.extend(
            Finding(code="profile-note", severity=Severity.INFO, message=note)
            for note in self._profile.notes
        )
        records: dict[str, Any] = {name: kept.filled() for name, kept in self._kept.items()}
        return Import(
            book=SalesBook(custom_fields=self._profile.custom_fields, **records),
            findings=tuple(self._findings),
            files=tuple(reports),
        )

    def _expect_tables(self) -> None:
        """Warn of tables that are not read, and refuse a source that has none to be read."""
        source = self._source
        names = source.names()
        known = {source.called(file): file for file in self._rules}
        if not any(map(source.has, self._rules)):
            expected = first_of(list(known))
            fault = f"it holds none of the {source.kind}s expected: {expected}"
            raise ImportRefused(str(self._path), fault + self._at_hand(names, known))
        for name in names:
            hint = self._respelt(name, known)
            if name not in known and (hint or self._profile.warns_of_unmapped):
                hint = hint or (_TAKEN_AS_BOOK if is_book(name) else nearest(name, list(known)))
                fault = f"{name} is not read; {hint}"
                self._add(f"unknown-{source.kind}", fault, name, severity=Severity.WARNING)

    def _at_hand(self, names: list[str], known: Mapping[str, str]) -> str:
        """Return what there is in place of the tables that are expected."""
        books = [name for name in names if self._source.kind == "file" and is_book(name)]
        others = [name for name in names if name not in books]
        what = "sheets" if self._source.kind == "sheet" else ".csv files"
        told = f"; the {what} in it are {few(others)}" if others else ""
        if books:
            told += f"; the workbooks in it are {few(books)}: {_TAKEN_AS_BOOK}"
        hints = (hint for name in names if (hint := self._respelt(name, known)))
        hint = next(hints, None) or (self._of_another() if others else None)
        return told if hint is None else f"{told}; {hint}"

    def _of_another(self) -> str | None:
        """Return which shipped profile reads what is there, or that one is needed."""
        found = " or ".join(map(repr, profiles_for(self._source)))
        if self._profile.is_own:
            need = "files of another system need a profile (profile= or --profile)"
            return f"{need}: here {found}" if found else need
        return f"the profile {found} knows such a name" if found else None

    def _respelt(self, name: str, known: Mapping[str, str]) -> str | None:
        """Return how a missing table must be spelt, where a name differs in capitals alone."""
        for right, file in known.items():
            if right.casefold() == name.casefold() and not self._source.has(file):
                if right.islower():
                    return f"names are in lower case: {right!r}"
                return f"capitals count in names: {right!r}"
        return None

    def _is_there(self, rule: FileRule) -> bool:
        found = self._source.has(rule.file)
        if not found and not rule.optional:
            name = self._source.called(rule.file)
            fault = f"{name} is missing; the profile {self._profile.name!r} needs it"
            self._add(f"missing-{self._source.kind}", fault, name)
        return found

    def _add(
        self,
        code: str,
        message: str,
        file: str,
        row: int | None = None,
        column: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        place = Place.of(file, row, column)
        self._findings.append(Finding(code=code, severity=severity, message=message, place=place))

    # One file -----------------------------------------------------------------------------------

    def _file(self, rule: FileRule) -> FileReport:
        opened = self._source.open(rule, self._needed(rule))
        if isinstance(opened, Finding):
            self._findings.append(opened)
            name = rule.file if opened.place is None else opened.place.file
            return FileReport(file=name, is_refused=True)
        if not (self._has_headings(opened) and self._has_lookups(opened)):
            self._findings.extend(opened.told(()))
            return FileReport(file=opened.name, is_refused=True)
        return self._rows(opened)

    def _needed(self, rule: FileRule) -> frozenset[str]:
        """Return the headings of the columns that this file or another reads."""
        return frozenset((*_names(rule), *self._looked_up.get(rule.file, ())))

    def _has_headings(self, opened: Table) -> bool:
        header, rule = opened.header, opened.rule
        right = True
        for column in rule.columns:
            count = header.count(column.name)
            if count > 1:
                fault = f"{count} columns have this heading"
                self._add("duplicate-column", fault, opened.name, opened.header_row, column.name)
                right = False
            elif not count and not column.optional:
                hint = nearest(column.name, header)
                if column.name in opened.below:
                    hint = "the row below has it; delete what stands above the headings"
                nor = f", nor {' or '.join(map(repr, column.others))}" if column.others else ""
                fault = f"there is no such column{nor}; {hint}"
                self._add("missing-column", fault, opened.name, opened.header_row, column.name)
                right = False
        for name, others in doubled(self._rules[rule.file], header):
            fault = f"the column stands also as {few(others)}; {name!r} was read"
            row = opened.header_row
            self._add("several-headings", fault, opened.name, row, name, Severity.WARNING)
        if self._profile.warns_of_unmapped:
            looked_up = self._looked_up.get(rule.file, ())
            own = _REGISTER if self._profile.is_own else ""
            whole = self._rules[rule.file]  # also what this file lacks
            names = (*_names(whole), *looked_up)
            known = list(dict.fromkeys(called(whole, header, name) for name in names))
            for name in header:
                if name not in known:
                    fault = f"this column is not read; {nearest(name, known)}{own}"
                    row = opened.header_row
                    self._add("unknown-column", fault, opened.name, row, name, Severity.WARNING)
        return right

    def _rows(self, opened: Table) -> FileReport:
        rule = opened.rule
        findings = Findings(opened.name, opened.header)
        evaluator = Evaluator(rule, self._lookups, self._rules)
        collectors = [
            Collector(one, evaluator, self._kept[one.record], findings) for one in rule.records
        ]
        others = [one for one in rule.filters if not one.is_deletion]
        read = blank = deleted = 0
        for first, rows in opened.batches(self._chunk):
            chunk, empty, broken = _sifted(opened, first, rows, findings)
            blank += empty
            read += len(rows) - empty
            chunk, gone = undeleted(chunk, rule.filters, evaluator)
            deleted += gone
            chunk, left_out = filtered(chunk, others, evaluator)
            left_out += gone
            for collector in collectors:
                collector.count("refused", broken)
                collector.count("filtered", left_out)
                if len(chunk):
                    collector.take(chunk)
            if self._progress is not None:
                self._progress(opened.name, read)
        tell_deleted(deleted, rule.filters, findings)
        if not read:
            findings.add("no-rows", f"{opened.name} holds no rows", severity=Severity.INFO)
        reports = tuple(collector.report() for collector in collectors)
        self._findings.extend(opened.told(findings.sorted()))
        return FileReport(file=opened.name, rows=read, blank=blank, records=reports)

    # Other files that are looked things up in ---------------------------------------------------

    def _has_lookups(self, opened: Table) -> bool:
        rule, right = opened.rule, True
        for key in dict.fromkeys((one.file, one.key, one.value) for one in rule.lookups):
            fault = None if key in self._lookups else self._load(key)
            if fault is not None:
                fault = f"{opened.name} was not read: it looks up {key[2]!r} in {key[0]}, {fault}"
                self._add("missing-lookup", fault, opened.name)
                right = False
        return right

    def _load(self, key: tuple[str, str, str]) -> str | None:
        """Keep what can be looked up in another file; return the fault if that is nothing."""
        file, key_column, value_column = key
        rule = self._rules[file]
        if not self._source.has(file):
            return "which is not there"
        opened = self._source.open(rule, self._needed(rule))
        if isinstance(opened, Finding):
            return "which cannot be read"
        found = lookup_table(opened, self._rules[file], key_column, value_column)
        if isinstance(found, str):
            return found
        self._lookups[key] = found
        return None


def _known_encoding(encoding: str) -> str:
    """Return the name under which a profile would know an encoding."""
    names = {codecs.lookup(known).name: known for known in ENCODINGS}
    names["utf-8-sig"] = "utf-8"  # the mark is seen in any case
    try:
        return names[codecs.lookup(encoding).name]
    except (LookupError, ValueError):
        raise UnknownName("encoding", encoding, ENCODINGS) from None


def _names(rule: FileRule) -> Iterator[str]:
    return (column.name for column in rule.columns)


def _sifted(
    opened: Table, first: int, rows: list[list[str]], findings: Findings
) -> tuple[Chunk, int, int]:
    """Return the rows of full width by column, the number of blank and that of broken rows."""
    width = len(opened.header)
    numbers: Sequence[int] = range(first, first + len(rows))
    blank = broken = 0
    is_whole = set(map(len, rows)) == {width}
    cells = list(zip(*rows, strict=True)) if is_whole else []
    if not is_whole or "" in map(str.strip, cells[0]):
        whole: list[tuple[int, list[str]]] = []
        for number, row in zip(numbers, rows, strict=True):
            if isinstance(row, BrokenRow):
                findings.add("csv", row.told(number - opened.header_row - 1), number)
                broken += 1
            elif is_blank(row):
                blank += 1
            elif len(row) != width:
                fault = (
                    f"it has {counted(len(row), 'cell')}; expected {width}, one for each heading"
                )
                findings.add("row-length", fault, number, raw=opened.rule.delimiter.join(row))
                broken += 1
            else:
                whole.append((number, row))
        numbers = [number for number, _ in whole]
        cells = list(zip(*(row for _, row in whole), strict=True)) or [()] * width
    needed = {column.name for column in opened.rule.columns}
    columns = {name: cells[place] for place, name in enumerate(opened.header) if name in needed}
    return Chunk(numbers, columns), blank, broken
