"""Exchange rates out of a file of their own."""

from __future__ import annotations

from pathlib import Path

import attrs

from salescore.errors import ImportRefused
from salescore.exchange._folder import FolderReader
from salescore.exchange._profile import CANONICAL
from salescore.exchange._report import Import

_TABLE = "exchange_rates.csv"


def read_rates(path: str | Path, *, encoding: str | None = None) -> Import:
    """
    Return the exchange rates that a CSV file holds, and every problem in it.

    Args:
        path: The file, laid out like `exchange_rates.csv` of a folder of facts; any name will do.
        encoding: Its encoding; `None` for UTF-8, or what its byte order mark says.

    Returns:
        A book of exchange rates alone, with all findings.

    Raises:
        ImportRefused: There is no such file, or it is a folder.
    """
    file = Path(path)
    if not file.is_file():
        fault = "it is a folder; name the file" if file.is_dir() else "there is no such file"
        raise ImportRefused(str(file), fault)
    rule = next(one for one in CANONICAL.files if one.file == _TABLE)
    profile = attrs.evolve(
        CANONICAL,
        files=(attrs.evolve(rule, file=file.name),),
        warns_of_unmapped=False,
        notes=(),
    )
    return FolderReader(file.parent, profile, encoding=encoding).read()
