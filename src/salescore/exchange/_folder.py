"""Reading a folder: files in the order of the profile, into one book and one list of findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

from salescore.book import SalesBook
from salescore.entities import RECORD_TABLES
from salescore.errors import ImportRefused
from salescore.exchange._cells import cleaner
from salescore.exchange._collect import Collector, Findings, Kept, filtered
from salescore.exchange._evaluate import Chunk, Evaluator
from salescore.exchange._layout import FileRule
from salescore.exchange._profile import CANONICAL, Profile
from salescore.exchange._report import FileReport, Import
from salescore.exchange._text import CHUNK, BrokenRow, Opened, open_file
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
        ImportRefused: The path is no folder, or holds none of the files that the profile names.
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
        self._findings: list[Finding] = []

    def read(self) -> Import:
        """Return the facts and the problems of the folder."""
        self._expect_files()
        reports = [self._file(rule) for rule in self._profile.files if self._is_there(rule)]
        book = SalesBook(**{name: kept.records for name, kept in self._kept.items()})
        return Import(book=book, findings=tuple(self._findings), files=tuple(reports))

    def _expect_files(self) -> None:
        if not self._folder.is_dir():
            fault = (
                "it is a file; name the folder"
                if self._folder.exists()
                else "there is no such folder"
            )
            raise ImportRefused(str(self._folder), fault)
        if not any((self._folder / name).is_file() for name in self._rules):
            names = ", ".join(self._rules)
            raise ImportRefused(str(self._folder), f"it holds none of the files expected: {names}")
        if self._profile.warns_of_unmapped:
            for name in sorted(entry.name for entry in self._folder.iterdir()):
                if name.endswith(".csv") and name not in self._rules:
                    fault = f"{name} is not read; {_nearest(name, list(self._rules))}"
                    self._add("unknown-file", fault, name, severity=Severity.WARNING)

    def _is_there(self, rule: FileRule) -> bool:
        is_there = (self._folder / rule.file).is_file()
        if not is_there and not rule.optional:
            fault = f"{rule.file} is missing; the profile {self._profile.name!r} needs it"
            self._add("missing-file", fault, rule.file)
        return is_there

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
        try:
            opened = open_file(self._folder / rule.file, rule)
        except OSError as error:
            self._add("unreadable", f"{rule.file} cannot be opened: {error.strerror}", rule.file)
            return FileReport(file=rule.file, is_refused=True)
        if isinstance(opened, Finding):
            self._findings.append(opened)
            return FileReport(file=rule.file, is_refused=True)
        if not (self._has_headings(opened) and self._has_lookups(rule)):
            return FileReport(file=rule.file, is_refused=True)
        return self._rows(opened)

    def _has_headings(self, opened: Opened) -> bool:
        header, rule = opened.header, opened.rule
        right = True
        for column in rule.columns:
            count = header.count(column.name)
            if count > 1:
                fault = f"{rule.file} has {count} columns with the heading {column.name!r}"
                self._add("duplicate-column", fault, rule.file, opened.header_row, column.name)
                right = False
            elif not count and not column.optional:
                fault = (
                    f"{rule.file} has no column {column.name!r}; {_nearest(column.name, header)}"
                )
                self._add("missing-column", fault, rule.file, opened.header_row, column.name)
                right = False
        if self._profile.warns_of_unmapped:
            known = [column.name for column in rule.columns]
            for name in header:
                if name not in known:
                    fault = f"the column {name!r} is not read; {_nearest(name, known)}"
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
        for one in rule.lookups:
            key = (one.file, one.key, one.value)
            if key not in self._lookups and not self._load(key):
                fault = (
                    f"it looks up {one.value!r} in {one.file}, which cannot be read; so it was not"
                )
                self._add("missing-lookup", fault, rule.file)
                right = False
        return right

    def _load(self, key: tuple[str, str, str]) -> bool:
        file, key_column, value_column = key
        rule = self._rules[file]
        path = self._folder / file
        opened = open_file(path, rule) if path.is_file() else None
        if not isinstance(opened, Opened) or not {key_column, value_column} <= set(opened.header):
            return False
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
        return True


def _sifted(
    opened: Opened, first: int, rows: list[list[str]], findings: Findings
) -> tuple[Chunk, int, int]:
    """Return the rows of full width by column, the number of blank and that of broken rows."""
    width = len(opened.header)
    numbers: Sequence[int] = range(first, first + len(rows))
    blank = broken = 0
    is_whole = set(map(len, rows)) == {width}
    cells = list(zip(*rows, strict=True)) if is_whole else []
    if not is_whole or "" in cells[0]:
        whole: list[tuple[int, list[str]]] = []
        for number, row in zip(numbers, rows, strict=True):
            if isinstance(row, BrokenRow):
                findings.add("csv", f"row {number}: {row.fault}", number)
                broken += 1
            elif not any(row):
                blank += 1
            elif len(row) != width:
                fault = f"row {number} has {len(row)} cells, the headings are {width}"
                findings.add("row-length", fault, number, raw=opened.rule.delimiter.join(row))
                broken += 1
            else:
                whole.append((number, row))
        numbers = [number for number, _ in whole]
        cells = list(zip(*(row for _, row in whole), strict=True)) or [()] * width
    needed = {column.name for column in opened.rule.columns}
    columns = {name: cells[place] for place, name in enumerate(opened.header) if name in needed}
    return Chunk(numbers, columns), blank, broken


def _nearest(name: str, known: Sequence[str]) -> str:
    """Return what would have been right."""
    close = get_close_matches(name[:60], known, n=1, cutoff=0.5)
    if close:
        return f"the nearest known is {close[0]!r}"
    few = ", ".join(repr(one) for one in known[:5])
    more = " …" if len(known) > 5 else ""  # noqa: PLR2004 - a short list
    return f"known are {few}{more}"
