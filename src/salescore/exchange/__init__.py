"""
Exchange: folders of CSV files, our own and other systems', read into a book.

`read_folder` is a dry run: it stores nothing and returns an `Import`, the facts that would be kept
together with every problem by file, row and column.
A `Profile` says how the files of another system are laid out; `CANONICAL` says it of our own.
"""

from salescore.exchange._folder import read_folder
from salescore.exchange._profile import CANONICAL, Profile, shipped_profiles
from salescore.exchange._report import ColumnTotal, FileReport, Import, RecordReport
from salescore.exchange._schema import profile_schema

__all__ = [
    "CANONICAL",
    "ColumnTotal",
    "FileReport",
    "Import",
    "Profile",
    "RecordReport",
    "profile_schema",
    "read_folder",
    "shipped_profiles",
]
