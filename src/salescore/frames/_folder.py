"""Fact tables as a folder of Parquet files, written once and read without being loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from salescore.book import FACT_TABLES, Facts
from salescore.errors import (
    ExportRefused,
    ImportRefused,
    InvalidFrame,
    SalesCoreError,
    UnknownName,
)
from salescore.frames._facts import FrameFacts
from salescore.frames._folder_settings import SETTINGS_FILE, FactSettings
from salescore.frames._frame import open_frame
from salescore.frames._plan import Progress
from salescore.frames._reduce_known import MEMORY
from salescore.frames._write_columns import arrow
from salescore.frames._write_engines import Native, polars, session_of, spark_session
from salescore.frames._write_facts import fact_arrow, table_names
from salescore.plain import as_tuple

_ENDING = ".parquet"
_FILES = (SETTINGS_FILE, *(f"{schema.name}{_ENDING}" for schema in FACT_TABLES))
"""Every file that a set of fact tables may consist of."""

_GROUP = 131_072
"""Rows of one group of a file: what an engine holds in memory of a column at a time."""


def write_facts_parquet(
    facts: Facts,
    folder: str | Path,
    *,
    tables: Iterable[str] | None = None,
    replace: bool = False,
) -> tuple[str, ...]:
    """
    Write fact tables into a folder, a Parquet file each, which any engine reads.

    Beside them stands `facts.json`: currency, calendar, day of knowledge, the names behind ids and
    the registered fields. Columns with personal data are written like all others.

    Args:
        facts: The facts.
        folder: The folder; it is made if it is not there.
        tables: Names of the fact tables; `None` for all.
        replace: Whether an earlier set in the folder gives way.

    Returns:
        Names of the files.

    Raises:
        UnknownName: There is no such fact table.
        InvalidFrame: Numbers of more than 38 digits, or texts that no frame carries.
        ExportRefused: The folder has such files already, or cannot be written to. The folder is
            as it was.
        MissingExtra: The extra `frames` is not installed.
    """
    arrow()
    names = table_names(facts, tables)
    settings = FactSettings.of(facts, names)
    path = Path(folder)
    try:
        present = [name for name in _FILES if (path / name).exists()]
        if present and not replace:
            fault = "it is there already; replace it by saying so: replace=True"
            raise ExportRefused(str(path / present[0]), fault)
        return _written(facts, names, settings, path, present)
    except OSError as error:
        raise ExportRefused(str(error.filename or path), f"{error.strerror}") from error


def _written(
    facts: Facts,
    names: tuple[str, ...],
    settings: FactSettings,
    path: Path,
    present: Iterable[str],
) -> tuple[str, ...]:
    """Write all files aside, then put them in place; what stands there goes last of all."""
    _, parquet = _parquet()
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path) as aside:
        fresh, former = Path(aside, "new"), Path(aside, "old")
        fresh.mkdir()
        former.mkdir()
        files = [f"{name}{_ENDING}" for name in names]
        for name, file in zip(names, files, strict=True):
            with (fresh / file).open("wb") as stream:
                parquet.write_table(fact_arrow(facts, name), stream, row_group_size=_GROUP)
        (fresh / SETTINGS_FILE).write_text(settings.as_text(), encoding="utf-8", newline="\n")
        files.append(SETTINGS_FILE)
        moves = [(path / file, former / file) for file in present]
        moves += [(fresh / file, path / file) for file in files]
        done: list[tuple[Path, Path]] = []
        try:
            for source, target in moves:
                source.rename(target)
                done.append((source, target))
        except BaseException:
            for source, target in reversed(done):
                target.rename(source)
            raise
    return tuple(files)


@attrs.frozen(kw_only=True, eq=False)
class FactsFolder:
    """
    Fact tables that stand in a folder, as frames of an engine that read them when they are asked.

    Attributes:
        settings: Currency, calendar, day of knowledge, and the names behind ids.
        engine: The engine.
        tables: Name of each fact table and its frame, lazy where the engine has lazy frames.
    """

    settings: FactSettings
    engine: str
    tables: tuple[tuple[str, Native], ...] = attrs.field(converter=as_tuple, repr=False)

    @cached_property
    def frames(self) -> Mapping[str, Native]:
        """Return the frames by name of fact table."""
        return MappingProxyType(dict(self.tables))

    def facts(
        self,
        *,
        memory: int = MEMORY,
        progress: Callable[[Progress], object] | None = None,
    ) -> FrameFacts:
        """
        Return the tables as facts that figures and reviews are asked of.

        They say how things stood when the folder was written: a figure of a moment as of an
        earlier day is undefined, for which `FrameFacts.of(…, at=…)` takes another folder.

        Args:
            memory: Bytes of rows to keep at most while several slices of a table are worked out.
            progress: What is told after each scan how far a question is; `None` tells nobody.
        """
        settings = self.settings
        return FrameFacts.of(
            {name: open_frame(one, settings.schema(name)) for name, one in self.tables},
            currency=settings.currency,
            calendar=settings.calendar,
            as_of=settings.as_of,
            labels={records: dict(pairs) for records, pairs in settings.labels},
            memory=memory,
            progress=progress,
        )


def read_facts_parquet(
    folder: str | Path,
    engine: str = "duckdb",
    *,
    tables: Iterable[str] | None = None,
    session: object = None,
) -> FactsFolder:
    """
    Return the fact tables in a folder of Parquet files, without loading them.

    A table is one file, `sales_lines.parquet`, or a folder of that name with any number of parts,
    as Spark writes them. Only footers are read now; what is asked later is read by the engine, a
    part at a time. PyArrow alone has no lazy frames and loads the tables.

    Args:
        folder: What `write_facts_parquet` wrote, or another program in the same form.
        engine: `duckdb`, `polars`, `spark` or `pyarrow`.
        tables: Names of the fact tables; `None` for all that are there.
        session: The Spark session, which `spark` needs; or the connection of DuckDB, whose limit
            of memory then holds. By default DuckDB gets one of its own.

    Raises:
        UnknownName: There is no such engine, or the folder has no such fact table.
        ImportRefused: A file is missing or is no Parquet.
        InvalidDocument: `facts.json` has another form.
        InvalidFrame: Columns that are missing or of another type, of all tables at once.
        InvalidValue: Spark without its session.
        MissingExtra: The engine is not installed.
    """
    if engine not in _SCANS:
        raise UnknownName("engine that reads Parquet", engine, tuple(_SCANS))
    path = Path(folder)
    settings = _settings(path / SETTINGS_FILE)
    names = tuple(one.name for one in settings.schemas)
    if tables is not None:
        names = tuple(settings.schema(name).name for name in dict.fromkeys(tables))
    own = session_of(engine, session)
    found = tuple((name, _scanned(engine, path / f"{name}{_ENDING}", own)) for name in names)
    faults: list[tuple[str, tuple[str, ...]]] = []
    for name, native in found:
        try:
            open_frame(native, settings.schema(name))
        except InvalidFrame as error:
            faults.append((name, error.faults))
    if len(faults) == 1:
        raise InvalidFrame(*faults[0])
    if faults:
        told = tuple(f"{name}: {fault}" for name, those in faults for fault in those)
        raise InvalidFrame(", ".join(name for name, _ in faults), told)
    return FactsFolder(settings=settings, engine=engine, tables=found)


def _settings(path: Path) -> FactSettings:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImportRefused(str(path), f"{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ImportRefused(str(path), "it is not UTF-8") from error
    return FactSettings.from_text(text, SETTINGS_FILE)


def _scanned(engine: str, path: Path, session: object) -> Native:
    if not path.exists():
        fault = f"it is not there, though {SETTINGS_FILE} names the table"
        raise ImportRefused(str(path), fault)
    if path.is_dir() and not any(path.glob(f"*{_ENDING}")):
        raise ImportRefused(str(path), f"the folder has no part, a file that ends in {_ENDING}")
    try:
        return _SCANS[engine](path, session)
    except (SalesCoreError, ImportError):
        raise
    except Exception as error:  # what engines raise has no type in common
        first = str(error).strip().partition("\n")[0]
        raise ImportRefused(str(path), first or type(error).__name__) from error


def _parts(path: Path) -> str:
    return str(path / f"*{_ENDING}") if path.is_dir() else str(path)


def _parquet() -> tuple[Any, Any]:
    pa = arrow()
    from pyarrow import parquet  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] # noqa: PLC0415 - as pyarrow itself

    return pa, parquet


def _scan_duckdb(path: Path, session: Any) -> Native:  # noqa: ANN401 - a connection
    return session.read_parquet(_parts(path))


def _scan_polars(path: Path, _session: object) -> Native:
    found = polars().scan_parquet(_parts(path))
    found.collect_schema()  # a file that is no Parquet is told of now
    return found


def _scan_spark(path: Path, session: object) -> Native:
    return spark_session(session).read.parquet(str(path))


def _scan_pyarrow(path: Path, _session: object) -> Native:
    _, parquet = _parquet()
    return parquet.read_table(str(path))


_SCANS: Mapping[str, Callable[[Path, Any], Native]] = MappingProxyType(
    {
        "duckdb": _scan_duckdb,
        "polars": _scan_polars,
        "spark": _scan_spark,
        "pyarrow": _scan_pyarrow,
    }
)
