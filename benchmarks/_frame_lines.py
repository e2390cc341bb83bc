"""Made-up sales lines as Parquet, of any size, with memory for one part at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

PART = 1_000_000
REGIONS = ("North", "South", "East", "West", "Centre")
PRODUCTS, CUSTOMERS, REPS = 50, 5_000, 40
FIRST, DAYS = date(2016, 1, 1), 730

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("record", pa.string()),
        ("order_id", pa.string()),
        ("sold_on", pa.date32()),
        ("customer_id", pa.string()),
        ("segment", pa.string()),
        ("product_id", pa.string()),
        ("product_family", pa.string()),
        ("region", pa.string()),
        ("rep_id", pa.string()),
        ("team_id", pa.string()),
        ("currency", pa.string()),
        ("exchange_rate", pa.decimal128(5, 4)),
        ("quantity", pa.decimal128(9, 0)),
        ("net_amount", pa.decimal128(12, 2)),
        ("gross_amount", pa.decimal128(12, 2)),
        ("cost", pa.decimal128(12, 2)),
        ("is_free", pa.bool_()),
    ]
)


def _cents(
    numbers: np.ndarray, digits: int, scale: int, null: np.ndarray | None = None
) -> pa.Array:
    """Return whole numbers as decimals, by their 128 bits rather than one by one."""
    wide = np.zeros((len(numbers), 2), dtype=np.int64)
    wide[:, 0] = numbers
    wide[:, 1] = numbers >> 63
    valid = None
    if null is not None:
        valid = pa.array(~null).buffers()[1]
    return pa.Array.from_buffers(
        pa.decimal128(digits, scale), len(numbers), [valid, pa.py_buffer(wide.tobytes())]
    )


def _texts(codes: np.ndarray, texts: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32")), pa.array(texts)).cast(
        pa.string()
    )


def made_lines(rows: int, seed: int) -> pa.Table:
    """Return so many sales lines, five to an order."""
    chance = np.random.default_rng(seed)
    start = np.datetime64(FIRST)
    product = chance.integers(0, PRODUCTS, rows)
    customer = chance.integers(0, CUSTOMERS, rows)
    rep = customer % REPS
    net = chance.integers(100, 1_000_000, rows)
    ids = pa.array(np.arange(seed * PART, seed * PART + rows).astype(str))
    orders = pa.array((np.arange(seed * PART, seed * PART + rows) // 5).astype(str))
    columns = [
        ids,
        pa.repeat("order_lines", rows),
        orders,
        pa.array(start + chance.integers(0, DAYS, rows), pa.date32()),
        _texts(customer, [f"C{number}" for number in range(CUSTOMERS)]),
        _texts(customer % 3, ["Consumer", "Corporate", "政府"]),
        _texts(product, [f"P{number}" for number in range(PRODUCTS)]),
        _texts(product % 7, [f"F{number}" for number in range(7)]),
        _texts(customer % len(REGIONS), list(REGIONS)),
        _texts(rep, [f"R{number}" for number in range(REPS)]),
        _texts(rep % 6, [f"T{number}" for number in range(6)]),
        pa.repeat("USD", rows),
        pa.repeat(pa.scalar(Decimal("1.0000"), pa.decimal128(5, 4)), rows),
        _cents(chance.integers(1, 20, rows), 9, 0),
        _cents(net, 12, 2),
        _cents(net + net // 10, 12, 2),
        _cents(net * 7 // 10, 12, 2, chance.random(rows) < 0.02),
        pa.array(chance.random(rows) < 0.01),
    ]
    return pa.table(columns, schema=SCHEMA)


def write_lines(folder: Path, rows: int) -> Path:
    """Write so many sales lines into a folder of Parquet, unless they are there already."""
    place = folder / f"sales_lines_{rows}"
    done = place / "_done"
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        for number in range(max(1, rows // PART)):
            part = made_lines(min(PART, rows), number)
            parquet.write_table(part, place / f"part-{number:04}.parquet", compression="zstd")
        done.touch()
    return place
