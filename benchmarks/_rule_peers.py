"""One condition and one decision table in the spelling of every library that is compared."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import Any

from salescore.rules import (
    Band,
    DecisionTable,
    F,
    HitPolicy,
    Input,
    Output,
    Row,
    compile_expression,
)

Record = Mapping[str, Any]
Contestant = tuple[Callable[[Any], Any], Sequence[Any]]
"""What answers for one record, and the records in the form that it reads fastest."""

LEAST = Decimal(50_000)
REGIONS = frozenset({"West", "East", "North"})
SINCE = date(2016, 6, 30)

CONDITION = (
    (F.revenue_12m >= LEAST)
    & F.region.is_in(sorted(REGIONS))
    & (F.last_order_on >= SINCE)
    & F.closed_on.is_null()
)

BANDS = (0, 25_000, 50_000, 100_000, 150_000, None)
TABLE = DecisionTable(
    name="discount",
    version="1",
    hit_policy=HitPolicy.FIRST,
    inputs=[Input("region", F.region), Input("revenue", F.revenue_12m)],
    outputs=[Output("percent")],
    rows=[
        Row([region, Band(low, high)], [10 * place + step])
        for place, region in enumerate(("North", "South", "East", "West"))
        for step, (low, high) in enumerate(pairwise(BANDS))
    ],
)


def installed(name: str) -> str | None:
    """Return the version of a package, `None` where it is absent."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def by_hand(rows: Sequence[Record]) -> Contestant:
    """Return the condition as one would write it, with the nulls that it must mind."""
    return (
        lambda row: (
            row["revenue_12m"] is not None
            and row["revenue_12m"] >= LEAST
            and row["region"] in REGIONS
            and row["last_order_on"] is not None
            and row["last_order_on"] >= SINCE
            and row["closed_on"] is None
        ),
        rows,
    )


def salescore(rows: Sequence[Record]) -> Contestant:
    """Return the condition out of this library, on the same rows."""
    return compile_expression(CONDITION.tree, operator.itemgetter), rows


def salescore_columns(rows: Sequence[Record]) -> Contestant:
    """Return the condition out of this library, over columns, as fact tables have them."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    by_number = compile_expression(CONDITION.tree, lambda name: columns[name].__getitem__)
    return by_number, range(len(rows))


def rule_engine(rows: Sequence[Record]) -> Contestant:
    """Return the condition in rule-engine: decimals, and instants for dates."""
    import rule_engine as peer  # noqa: PLC0415 - a peer may be absent

    rule = peer.Rule(
        "revenue_12m != null and revenue_12m >= 50000 and region in ['West', 'East', 'North']"
        " and last_order_on != null and last_order_on >= d'2016-06-30' and closed_on == null"
    )
    return rule.matches, [{name: _instant(value) for name, value in row.items()} for row in rows]


def json_logic(rows: Sequence[Record]) -> Contestant:
    """Return the condition in JsonLogic: amounts in cents, dates as texts."""
    from json_logic import jsonLogic  # noqa: PLC0415 - a peer may be absent

    revenue, region, last, closed = (
        {"var": name} for name in ("revenue_12m", "region", "last_order_on", "closed_on")
    )
    rule = {
        "and": [
            {"!==": [revenue, None]},
            {">=": [revenue, 5_000_000]},
            {"in": [region, sorted(REGIONS)]},
            {"!==": [last, None]},
            {">=": [last, "2016-06-30"]},
            {"===": [closed, None]},
        ]
    }
    return lambda row: jsonLogic(rule, row), [_as_json(row, cents=True) for row in rows]


def cel(rows: Sequence[Record]) -> Contestant:
    """Return the condition in cel-python: doubles and timestamps, null fields left out."""
    import celpy  # noqa: PLC0415 - a peer may be absent
    from celpy import celtypes  # noqa: PLC0415 - a peer may be absent

    environment = celpy.Environment()
    program = environment.program(
        environment.compile(
            "has(row.revenue_12m) && row.revenue_12m >= 50000.0"
            " && has(row.region) && row.region in ['West', 'East', 'North']"
            " && has(row.last_order_on)"
            " && row.last_order_on >= timestamp('2016-06-30T00:00:00Z')"
            " && !has(row.closed_on)"
        )
    )

    def typed(row: Record) -> Any:  # noqa: ANN401 - a type of the peer
        found = celtypes.MapType()
        for name, value in row.items():
            if isinstance(value, Decimal):
                found[celtypes.StringType(name)] = celtypes.DoubleType(float(value))
            elif isinstance(value, date):
                found[celtypes.StringType(name)] = celtypes.TimestampType(f"{value}T00:00:00Z")
            elif value is not None:
                found[celtypes.StringType(name)] = celtypes.StringType(value)
        return {"row": found}

    return lambda row: bool(program.evaluate(row)), [typed(row) for row in rows]


def zen(rows: Sequence[Record]) -> Contestant:
    """Return the condition in zen-engine: floats, dates as texts that the rule reads."""
    import zen as peer  # noqa: PLC0415 - a peer may be absent

    rule = peer.compile_expression(
        "revenue_12m != null and revenue_12m >= 50000 and region in ['West', 'East', 'North']"
        " and last_order_on != null and date(last_order_on) >= date('2016-06-30')"
        " and closed_on == null"
    )
    return rule.evaluate, [_as_json(row, cents=False) for row in rows]


def zen_table(rows: Sequence[Record]) -> Contestant:
    """Return the decision table in zen-engine, parsed once."""
    import zen as peer  # noqa: PLC0415 - a peer may be absent

    rules = [
        {
            "_id": f"row{number}",
            "region": json.dumps(row.cells[0].options[0]),
            "revenue": _interval(row.cells[1]),
            "percent": str(row.outputs[0]),
        }
        for number, row in enumerate(TABLE.rows)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "region", "name": "region", "field": "region"},
            {"id": "revenue", "name": "revenue", "field": "revenue_12m"},
        ],
        "outputs": [{"id": "percent", "name": "percent", "field": "percent"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    document = json.dumps(
        {"nodes": [node | {"position": {"x": 0, "y": 0}} for node in nodes], "edges": edges}
    )
    decision = peer.ZenEngine().create_decision(document)
    asked = [{name: row[name] for name in ("region", "revenue_12m")} for row in rows]
    return decision.evaluate, [_as_json(row, cents=False) for row in asked]


def _interval(band: Any) -> str:  # noqa: ANN401 - the second cell of each row is a band
    return f">= {band.low}" if band.high is None else f"[{band.low}..{band.high})"


def _instant(value: object) -> object:
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value  # noqa: DTZ001 - the peer's own dates have no zone


def _as_json(row: Record, *, cents: bool) -> dict[str, Any]:
    return {name: _plain(value, cents=cents) for name, value in row.items()}


def _plain(value: object, *, cents: bool) -> object:
    if isinstance(value, Decimal):
        return int(value.scaleb(2)) if cents else float(value)
    return value.isoformat() if isinstance(value, date) else value
