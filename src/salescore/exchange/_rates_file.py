"""Exchange rates out of a file of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs

from salescore.entities import ExchangeRate, ExchangeRateId
from salescore.errors import ImportRefused
from salescore.exchange._folder import FolderReader
from salescore.exchange._profile import CANONICAL
from salescore.exchange._report import Import
from salescore.values import RateKind

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


def add_rates(imported: Import, given: Import, name: str) -> Import:
    """
    Return an import with further exchange rates, which hold where they contradict its own.

    Two rates speak of the same where their pair, either way round, their kind and their first day
    are the same; then the further one stands alone. All others stay.

    Args:
        imported: Facts, perhaps with exchange rates of their own.
        given: What `read_rates` returned.
        name: Name of the file, which goes before an id that the facts have already.

    Returns:
        The facts with both, the findings of both, and the reports of both.
    """
    further = given.book.exchange_rates
    said = {_said(one) for one in further}
    own = [one for one in imported.book.exchange_rates if _said(one) not in said]
    taken = {one.id for one in own}
    rates = [
        attrs.evolve(one, id=ExchangeRateId(f"{name}:{one.id}")) if one.id in taken else one
        for one in further
    ]
    return Import(
        book=attrs.evolve(imported.book, exchange_rates=[*rates, *own]),
        findings=(*imported.findings, *given.findings),
        files=(*imported.files, *given.files),
    )


def _said(one: ExchangeRate) -> tuple[frozenset[str], RateKind, date]:
    """Return what a rate speaks of."""
    return frozenset((one.base, one.quote)), one.kind or RateKind.SPOT, one.valid_from
