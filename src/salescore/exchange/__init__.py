"""
Exchange: folders of CSV files, our own and other systems', read into a book.

`read_folder` is a dry run: it stores nothing and returns an `Import`, the facts that would be kept
together with every problem by file, row and column.
A `Profile` says how the files of another system are laid out; `CANONICAL` says it of our own.
`merge_import` adds an import to a book, and the same import twice adds nothing.
`write_folder` writes a book out, to be read back as the same book.
`write_tables` writes facts and figures as tidy tables for BI tools, with a data dictionary.
"""

from salescore.exchange._folder import read_folder
from salescore.exchange._merge import (
    FieldChange,
    MergeCount,
    Merged,
    OnChange,
    merge_import,
)
from salescore.exchange._profile import CANONICAL, Profile, canonical_with, shipped_profiles
from salescore.exchange._rates_file import add_rates, read_rates
from salescore.exchange._report import ColumnTotal, FileReport, Import, RecordReport
from salescore.exchange._schema import profile_schema
from salescore.exchange._sources import with_source, without_source
from salescore.exchange._tidy import write_tables
from salescore.exchange._write import write_folder
from salescore.exchange._write_workbook import write_workbook

__all__ = [
    "CANONICAL",
    "ColumnTotal",
    "FieldChange",
    "FileReport",
    "Import",
    "MergeCount",
    "Merged",
    "OnChange",
    "Profile",
    "RecordReport",
    "add_rates",
    "canonical_with",
    "merge_import",
    "profile_schema",
    "read_folder",
    "read_rates",
    "shipped_profiles",
    "with_source",
    "without_source",
    "write_folder",
    "write_tables",
    "write_workbook",
]
