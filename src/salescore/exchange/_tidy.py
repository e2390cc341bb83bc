"""Tables for BI tools: facts, dimensions, figures and the dictionary that explains them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

from salescore.book import FACT_TABLES, Facts
from salescore.errors import ExportRefused, InvalidValue, UnknownName
from salescore.exchange._dictionary import DICTIONARY, dictionary_json, dictionary_table, entries
from salescore.exchange._parquet import arrow, write_parquet
from salescore.exchange._tidy_dimensions import dimension_tables, with_joins_to
from salescore.exchange._tidy_facts import CALENDAR, LISTED, fact_tables, table_of
from salescore.exchange._tidy_figures import (
    FIGURES,
    definitions_of,
    dimensions_for,
    figure_table,
)
from salescore.exchange._tidy_table import TidyTable, write_csv
from salescore.exchange._write import (
    IS_THERE,
    text_fault_in,
    writing,
)
from salescore.metrics import FigureDefinition
from salescore.plain import PersonalData
from salescore.values import Period

_FORMATS = ("csv", "parquet")
_JSON = f"{DICTIONARY}.json"
_TABLES = (
    *(f"fact_{schema.name}" for schema in FACT_TABLES),
    *map(table_of, LISTED),
    *(CALENDAR, FIGURES, DICTIONARY),
)
_FILES = (*(f"{name}.{ending}" for name in _TABLES for ending in _FORMATS), _JSON)
"""Every file that a set of tables may consist of."""

_Write = Callable[[Path], object]


def write_tables(
    facts: Facts,
    path: str | Path,
    *,
    during: Period | None = None,
    figures: Iterable[str | FigureDefinition] | str | FigureDefinition | None = None,
    by: Iterable[str] | str | None = None,
    format: str = "csv",  # noqa: A002 - the word of the command line
    personal: Iterable[PersonalData] = (PersonalData.IDENTITY,),
    replace: bool = False,
) -> tuple[str, ...]:
    """
    Write facts and figures into a folder as tidy tables that a BI tool joins by itself.

    There is a `fact_` table for each fact table with rows, a `dim_` table for whatever its ids and
    dates refer to, `figures`, and a data dictionary that explains every column. Money stands in
    the reporting currency. Every key that a fact uses has a row in its dimension. The same facts
    write the same bytes of CSV.

    Args:
        facts: The facts.
        path: The folder; it is made if it is not there.
        during: Period of the figures; `None` takes every date. Fact tables hold all rows anyway.
        figures: Names in the catalogue, or definitions; `None` for the whole catalogue.
        by: Dimensions that figures are sliced by, one at a time; `None` for those that have a
            table of their own and the units of the calendar.
        format: `csv`, or `parquet` with the extra `frames`. The dictionary is CSV and JSON in
            both.
        personal: Personal-data classes of which columns are written; names alone by default, so
            that mail addresses, phone numbers and free texts stay out.
        replace: Whether the files of an earlier set, in either format, give way.

    Returns:
        Names of the files.

    Raises:
        MissingExtra: The extra `frames` is not installed.
        UnknownName: There is no such format, figure or dimension of these figures.
        InvalidValue: `during` or a member of `personal` is of another type, two figures share a
            name, or the keys of a dimension are personal data that are left out.
        InvalidRecord: A text holds a NUL or half a surrogate pair, which no file carries.
        ExportRefused: A file is there already, the folder cannot be written to, or a number has
            more digits than Parquet holds. As with every error, the folder is as it was.
    """
    if format not in _FORMATS:
        raise UnknownName("format of tables", format, _FORMATS)
    if format == "parquet":
        arrow()
    if during is not None and not isinstance(cast("object", during), Period):
        fault = "it must be a Period; Calendar().parse('2017-Q4') makes one"
        raise InvalidValue("during", during, fault)
    shown = frozenset(personal)
    for one in shown:
        if not isinstance(cast("object", one), PersonalData):
            raise InvalidValue("personal", one, "it must be a PersonalData class")
    definitions = definitions_of(figures)
    dimensions = dimensions_for(facts, definitions, by, shown)
    folder = Path(path)
    present = _present(folder, replace=replace)
    seen = fact_tables(facts, definitions, shown)
    tables = list(with_joins_to((*seen, *dimension_tables(facts, seen, shown))))
    if definitions:
        tables.append(figure_table(facts, definitions, dimensions, during, shown))
    rows = entries(facts, tables, definitions, dimensions, during)
    dictionary = dictionary_table(rows)
    fault_of = text_fault_in("utf-8")
    for table in (*tables, dictionary):
        table.check_texts(fault_of)
    settings = [(row.column, row.value) for row in rows if row.kind == "setting"]
    said = [(column, value) for column, value in settings if column and value]
    files: dict[str, _Write] = {
        f"{table.name}.{format}": _writer(table, format, said) for table in tables
    }
    files[f"{DICTIONARY}.csv"] = partial(write_csv, table=dictionary)
    files[_JSON] = partial(_write_text, text=dictionary_json(rows))
    with writing(folder):
        _swap(folder, files, present)
    return tuple(files)


def _present(folder: Path, *, replace: bool) -> list[str]:
    """
    Return the files of an earlier set, which will give way.

    Raises:
        ExportRefused: They shall not, or one of them is a folder.
    """
    found = [name for name in _FILES if os.path.lexists(folder / name)]
    for name in found:
        if not replace:
            raise ExportRefused(str(folder / name), IS_THERE)
        if (folder / name).is_dir():
            raise ExportRefused(str(folder / name), "it is a folder; remove it first")
    return found


def _writer(table: TidyTable, form: str, settings: list[tuple[str, str]]) -> _Write:
    if form == "parquet":
        return partial(write_parquet, table=table, settings=settings)
    return partial(write_csv, table=table)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(folder: Path, files: dict[str, _Write], present: Iterable[str]) -> None:
    """Write all files aside, then put them in place of those present; undo it where one fails."""
    is_new = not folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    done: list[tuple[Path, Path]] = []
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as name:
            fresh, former = Path(name, "new"), Path(name, "old")
            fresh.mkdir()
            former.mkdir()
            for file, write in files.items():
                write(fresh / file)
            moves = [(folder / file, former / file) for file in present]
            moves += [(fresh / file, folder / file) for file in files]
            try:
                for source, target in moves:
                    source.rename(target)
                    done.append((source, target))
            except BaseException:
                for source, target in reversed(done):
                    target.rename(source)
                raise
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise
