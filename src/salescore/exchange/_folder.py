"""Reading a folder: files in the order of the profile, into one book and one list of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from salescore.book import SalesBook
from salescore.entities import RECORD_TABLES
from salescore.errors import ImportRefused
from salescore.exchange._cells import cleaner
from salescore.exchange._collect import Collector, Findings, Kept, filtered
from salescore.exchange._entries import csv_names, entry_fault, few, is_there, nearest
from salescore.exchange._evaluate import Chunk, Evaluator
from salescore.exchange._layout import FileRule
from salescore.exchange._profile import CANONICAL, Profile
from salescore.exchange._report import FileReport, Import
from salescore.exchange._text import CHUNK, BrokenRow, Opened, counted, is_blank, open_file
from salescore.values import Finding, Place, Severity

Progress = Callable[[str, int], None]


def read_folder(
    path: str | Path,
    profile: Profile | str | Path | None = None,
    *,
    progress: Progress | None = None,
) -> Import:
    """
    Return the facts that a folder of CSV files holds, and every problem in it; nothing is stored.

    Args:
        path: The folder.
        profile: How its files are laid out: a profile, the name of a shipped one, or the path of a
            JSON file; `None` for a folder of facts in our own layout.
        progress: Told the name of a file and how many of its rows are read, from time to time.

    Returns:
        The book, all findings, and counts and sums by file and record type.

    Raises:
        ImportRefused: The path is no folder that can be read, or holds none of the files that the
            profile names.
        UnknownName: There is no shipped profile of that name.
        InvalidDocument: The profile is wrong.
    """
    if isinstance(profile, str | Path):
        profile = Profile.load(profile)
    return FolderReader(Path(path), profile or CANONICAL, progress).read()


class FolderReader:
    """Reads one folder, once."""

    def __init__(
        self,
        folder: Path,
        profile: Profile,
        progress: Progress | None = None,
        chunk: int = CHUNK,
    ) -> None:
        """Keep what is read, and how many rows of it at once."""
        self._chunk = chunk
        self._folder = folder
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
        """Return the facts and the problems of the folder."""
        self._expect_files()
        reports = [self._file(rule) for rule in self._profile.files if self._is_there(rule)]
        self._findings.extend(
            Finding(code="profile-note", severity=Severity.INFO, message=note)
            for note in self._profile.notes
        )
        book = SalesBook(**{name: kept.filled() for name, kept in self._kept.items()})
        return Import(book=book, findings=tuple(self._findings), files=tuple(reports))

    def _expect_files(self) -> None:
        if not self._folder.is_dir():
            fault = (
                "it is a file; name the folder"
                if self._folder.exists()
                else "there is no such folder"
            )
            raise ImportRefused(str(self._folder), fault)
        try:
            names = csv_names(entry.name for entry in self._folder.iterdir())
        except OSError as error:
            raise ImportRefused(str(self._folder), f"{error.strerror}") from error
        if not any(is_there(self._folder / name) for name in self._rules):
            fault = f"it holds none of the files expected: {', '.join(self._rules)}"
            if names:
                fault = f"{fault}; the .csv files in it are {few(names)}"
                fault += next((f"; {hint}" for name in names if (hint := self._respelt(name))), "")
            raise ImportRefused(str(self._folder), fault)
        for name in names:
            hint = self._respelt(name)
            if name not in self._rules and (hint or self._profile.warns_of_unmapped):
                fault = f"{name} is not read; {hint or nearest(name, list(self._rules))}"
                self._add("unknown-file", fault, name, severity=Severity.WARNING)

    def _respelt(self, name: str) -> str | None:
        """Return how a missing file must be spelt, where a name differs in capitals alone."""
        for known in self._rules:
            if known.casefold() == name.casefold() and not is_there(self._folder / known):
                if known.islower():
                    return f"names are in lower case: {known!r}"
                return f"capitals count in names: {known!r}"
        return None

    def _is_there(self, rule: FileRule) -> bool:
        found = is_there(self._folder / rule.file)
        if not found and not rule.optional:
            fault = f"{rule.file} is missing; the profile {self._profile.name!r} needs it"
            self._add("missing-file", fault, rule.file)
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
        opened = self._open(rule)
        if isinstance(opened, Finding):
            self._findings.append(opened)
            return FileReport(file=rule.file, is_refused=True)
        if not (self._has_headings(opened) and self._has_lookups(rule)):
            return FileReport(file=rule.file, is_refused=True)
        return self._rows(opened)

    def _open(self, rule: FileRule) -> Opened | Finding:
        path = self._folder / rule.file
        fault = entry_fault(path)
        if fault is None:
            try:
                return open_file(path, rule)
            except OSError as error:
                fault = str(error.strerror)
        return Finding(
            code="unreadable",
            severity=Severity.ERROR,
            message=f"{rule.file} cannot be opened: {fault}",
            place=Place(rule.file),
        )

    def _has_headings(self, opened: Opened) -> bool:
        header, rule = opened.header, opened.rule
        right = True
        for column in rule.columns:
            count = header.count(column.name)
            if count > 1:
                fault = f"{count} columns have this heading"
                self._add("duplicate-column", fault, rule.file, opened.header_row, column.name)
                right = False
            elif not count and not column.optional:
                fault = f"there is no such column; {nearest(column.name, header)}"
                self._add("missing-column", fault, rule.file, opened.header_row, column.name)
                right = False
        if self._profile.warns_of_unmapped:
            known = list(dict.fromkeys((*_names(rule), *self._looked_up.get(rule.file, ()))))
            for name in header:
                if name not in known:
                    fault = f"this column is not read; {nearest(name, known)}"
                    row = opened.header_row
                    self._add("unknown-column", fault, rule.file, row, name, Severity.WARNING)
        return right

    def _rows(self, opened: Opened) -> FileReport:
        rule = opened.rule
        findings = Findings(rule.file, opened.header)
        evaluator = Evaluator(rule, self._lookups, self._rules)
        collectors = [
            Collector(one, evaluator, self._kept[one.record], findings) for one in rule.records
        ]
        read = blank = 0
        for first, rows in opened.batches(self._chunk):
            chunk, empty, broken = _sifted(opened, first, rows, findings)
            blank += empty
            read += len(rows) - empty
            chunk, left_out = filtered(chunk, rule.filters, evaluator)
            for collector in collectors:
                collector.count("refused", broken)
                collector.count("filtered", left_out)
                if len(chunk):
                    collector.take(chunk)
            if self._progress is not None:
                self._progress(rule.file, read)
        if not read:
            findings.add("no-rows", f"{rule.file} holds no rows", severity=Severity.INFO)
        reports = tuple(collector.report() for collector in collectors)
        self._findings.extend(findings.sorted())
        return FileReport(file=rule.file, rows=read, blank=blank, records=reports)

    # Other files that are looked things up in ---------------------------------------------------

    def _has_lookups(self, rule: FileRule) -> bool:
        right = True
        for key in dict.fromkeys((one.file, one.key, one.value) for one in rule.lookups):
            fault = None if key in self._lookups else self._load(key)
            if fault is not None:
                fault = f"{rule.file} was not read: it looks up {key[2]!r} in {key[0]}, {fault}"
                self._add("missing-lookup", fault, rule.file)
                right = False
        return right

    def _load(self, key: tuple[str, str, str]) -> str | None:
        """Keep what can be looked up in another file; return the fault if that is nothing."""
        file, key_column, value_column = key
        rule = self._rules[file]
        if not is_there(self._folder / file):
            return "which is not there"
        opened = self._open(rule)
        if isinstance(opened, Finding):
            return "which cannot be read"
        for name in (key_column, value_column):
            count = opened.header.count(name)
            if not count:
                return f"which has no column {name!r}; {nearest(name, opened.header)}"
            if count > 1:
                return f"which has {count} columns with the heading {name!r}"
        clean_key = cleaner(rule, key_column, frozenset())
        clean_value = cleaner(rule, value_column, frozenset())
        at_key, at_value = map(opened.header.index, (key_column, value_column))
        found: dict[str, str | None] = {}
        for _, rows in opened.batches():
            for row in rows:
                if len(row) == len(opened.header):
                    text = clean_key(row[at_key])
                    if text is not None:
                        found.setdefault(text, clean_value(row[at_value]))
        self._lookups[key] = found
        return None


def _names(rule: FileRule) -> Iterator[str]:
    return (column.name for column in rule.columns)


def _sifted(
    opened: Opened, first: int, rows: list[list[str]], findings: Findings
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
