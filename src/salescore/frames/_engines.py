"""Engines: which ones answer exactly, and what sets them apart."""

from __future__ import annotations

from typing import Any, Final

import attrs

from salescore.errors import MissingExtra


@attrs.frozen(kw_only=True)
class Engine:
    """
    What sets an engine apart.

    Attributes:
        name: Its name in errors and in `Frame.engine`.
        carries: Whether it gives each sum and product one digit more than needed, and refuses or
            cuts where that does not fit.
        widens: Whether it works in the precision of the operands, so that these must have that of
            the result.
        rescales: Whether a product keeps the larger scale of its sides, so that one of them needs
            that of the result.
    """

    name: str
    carries: bool = False
    widens: bool = False
    rescales: bool = False


_KNOWN: Final = (
    Engine(name="polars", rescales=True),
    Engine(name="duckdb", widens=True),
    Engine(name="pyarrow", carries=True),
    Engine(name="pandas", carries=True),
    Engine(name="spark", carries=True),
)
_LIKE_PANDAS: Final = ("modin", "cudf", "dask")
ARROW: Final = ("pyarrow", "pandas")
"""Engines whose frames are read as Arrow tables of the checked columns alone."""

_BY_NAME: Final = {engine.name: engine for engine in _KNOWN}


def engine_of(name: str) -> Engine:
    """Return what sets an engine apart; one that we have not tried gets the narrowest way."""
    return _BY_NAME.get(name, Engine(name=name, carries=True, widens=True, rescales=True))


def engine_fault(name: str) -> str | None:
    """Return why frames of an engine are not read; `None` where they are."""
    if name not in _LIKE_PANDAS:
        return None
    fault = "may take a comparison with null for false"
    return f"columns of {name} {fault}; hand it in as a frame of pandas, PyArrow or Polars"


def narwhals() -> Any:  # noqa: ANN401 - an optional package, loaded when a frame is opened
    """
    Return the interface to all dataframes.

    Raises:
        MissingExtra: The extra `frames` is not installed.
    """
    try:
        import narwhals.stable.v2 as nw  # noqa: PLC0415 - only who opens a frame needs it
    except ImportError:
        raise MissingExtra("narwhals", "frames") from None
    return nw
