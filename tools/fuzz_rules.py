"""
Throw made-up, mutated and senseless rules at the reader, the type check and the evaluation.

Nothing but an error of ours may come out, no text may ever run as code, and the work must stay in
proportion to the size of the input. `python tools/fuzz_rules.py --count 1000000 --seed 1` prints
how many inputs met which outcome, and the slowest of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from time import perf_counter
from typing import Any, Protocol

import attrs

from salescore.errors import InexactResult, InvalidDocument, RuleTypeError, UnknownName
from salescore.rules import (
    EXAMPLE_ROW,
    EXAMPLE_TABLE,
    Expression,
    RuleType,
    check_types,
    compile_expression,
    parse_rule,
    rule_from_data,
    rule_text,
    rule_to_data,
)

MARK = "salescore_fuzz_ran"
CODE = (
    f"__import__('builtins').{MARK} = 1",
    f"setattr(__import__('builtins'), '{MARK}', 1)",
    "{0.__class__.__mro__}",
    "%(region)s",
    "${jndi:x}",
)
"""Texts that leave a mark on `builtins`, or fail aloud, wherever something runs them."""

TEXTS = ("West", "East", "华东", "", "a" * 50, "vip", "\u0000", "\U0001f600", *CODE)
FIELDS = {
    "boolean": ("is_active",),
    "number": ("revenue", "wallet", "orders"),
    "text": ("region",),
    "date": ("created_on",),
    "instant": ("changed_at",),
    "tags": ("tags",),
}
VALUES = ("boolean", "number", "text", "date", "instant")
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
ROUNDINGS = ("half_even", "half_up", "up", "down", "floor", "ceiling")
EPOCH = date(1990, 1, 1)
DEPTHS = (1, 1, 2, 2, 2, 3, 3, 4)
LARGE = 1_500
"""One input of so many is as large as the limits allow, or a little larger."""


# Rules that are right -----------------------------------------------------------------------


def literal(rng: Random, kind: str) -> object:
    """Return a literal of a type."""
    match kind:
        case "boolean":
            return rng.random() < 0.5  # noqa: PLR2004 - a coin
        case "number" if rng.random() < 0.3:  # noqa: PLR2004 - whole JSON numbers are rarer
            return rng.choice((0, 1, -1, 3, 2**53 - 1, 1 - 2**53))
        case "number":
            whole = rng.randrange(10 ** rng.choice((1, 3, 6, 20)))
            digits = rng.choice(("", "0", "5", "125", "000000000000000001"))
            return {"decimal": [f"{rng.choice(('', '-'))}{whole}{digits and '.' + digits}"]}
        case "date":
            return {"date": [(EPOCH + timedelta(days=rng.randrange(20_000))).isoformat()]}
        case "instant":
            day = EPOCH + timedelta(days=rng.randrange(20_000))
            return {"instant": [f"{day.isoformat()}T{rng.randrange(24):02d}:00:00Z"]}
        case _:
            return rng.choice(TEXTS)


def rule(rng: Random, kind: str, depth: int) -> object:
    """Return the data of a rule that yields a type; it reads and passes the type check."""
    if depth < 1 or rng.random() < 0.2:  # noqa: PLR2004 - a leaf now and then
        return leaf(rng, kind)
    if kind in ("boolean", "number") and rng.random() < 0.9:  # noqa: PLR2004 - mostly their own
        return (condition if kind == "boolean" else number)(rng, depth - 1)
    if rng.random() < 0.5:  # noqa: PLR2004 - a coin
        return {"coalesce": [rule(rng, kind, depth - 1) for _ in range(rng.randint(1, 3))]}
    ways = [
        rule(rng, one, depth - 1) for _ in range(rng.randint(1, 2)) for one in ("boolean", kind)
    ]
    return {"if": ways + [rule(rng, kind, depth - 1)] * rng.randint(0, 1)}


def leaf(rng: Random, kind: str) -> object:
    """Return a field or a literal of a type; a set of tags is always a field."""
    if kind == "tags" or rng.random() < 0.7:  # noqa: PLR2004 - rules are about fields
        return {"field": [rng.choice(FIELDS[kind])]}
    return literal(rng, kind)


def condition(rng: Random, depth: int) -> object:
    """Return a condition of one operator over parts of a depth."""
    kind = rng.choice(VALUES)
    match rng.randrange(8):
        case 0:
            return {rng.choice(("and", "or")): parts(rng, "boolean", depth, rng.randrange(4))}
        case 1:
            return {"not": parts(rng, "boolean", depth, 1)}
        case 2:
            return {"is_null": parts(rng, rng.choice((*VALUES, "tags")), depth, 1)}
        case 3:
            kind = rng.choice(VALUES[1:])
            return {"between": parts(rng, kind, depth, 3)}
        case 4:
            options = [literal(rng, kind) for _ in range(rng.randrange(5))]
            return {"in": [rule(rng, kind, depth), options]}
        case 5:
            name = rng.choice(("starts_with", "contains", "ends_with"))
            return {name: [rule(rng, "text", depth), rng.choice(TEXTS)]}
        case 6:
            tags = [rng.choice(TEXTS) for _ in range(rng.randrange(4))]
            return {rng.choice(("has_any", "has_all", "has_none")): [rule(rng, "tags", 1), tags]}
        case _:
            signs = SIGNS[:2] if kind == "boolean" else SIGNS
            return {rng.choice(signs): parts(rng, kind, depth, 2)}


def number(rng: Random, depth: int) -> object:
    """Return a number of one operator over parts of a depth."""
    match rng.randrange(4):
        case 0:
            digits = rng.randrange(19)
            return {"round": [rule(rng, "number", depth), digits, rng.choice(ROUNDINGS)]}
        case 1:
            return {"days_between": parts(rng, "date", depth, 2)}
        case 2:
            return {"-": parts(rng, "number", depth, 2)}
        case _:
            return {rng.choice("+*"): parts(rng, "number", depth, rng.randint(2, 4))}


def parts(rng: Random, kind: str, depth: int, count: int) -> list[object]:
    """Return several rules of a type."""
    return [rule(rng, kind, depth) for _ in range(count)]


def large(rng: Random) -> object:
    """Return a rule about as large as the limits allow."""
    size = rng.choice((0.5, 0.99, 1, 1.01, 2))
    match rng.randrange(8):
        case 0:
            return {"in": [{"field": ["region"]}, [str(i) for i in range(int(10_000 * size))]]}
        case 1:
            return {"contains": [{"field": ["region"]}, "x" * int(65_536 * size)]}
        case 2:
            return {"and": [{"field": ["is_active"]}] * int(2_000 * size)}
        case 3:
            return {"+": [{"field": ["revenue"]}] * int(32 * size)}
        case 4:
            return {"*": [{"decimal": ["9" * 38]}] * int(27 * size)}
        case 6:
            product = {"*": [{"decimal": ["9" * 38]}] * max(2, int(26 * size))}
            return {"round": [product, rng.randrange(19), rng.choice(ROUNDINGS)]}
        case 5:
            found: object = {"field": ["is_active"]}
            for _ in range(int(32 * size)):
                found = {"not": [found]}
            return found
        case _:
            many = [{"date": [f"{year:04d}-01-01"]} for year in range(1, 10_000)]
            test = {"in": [{"field": ["created_on"]}, many]}
            return {"or": [test] * int(4 * size)}


# Faults -------------------------------------------------------------------------------------


class OwnList(list):  # type: ignore[type-arg]
    """A list that is not plain."""


def strange(rng: Random) -> object:
    """Return what has no place in a rule, or only in another place."""
    loop: list[Any] = []
    loop.append({"and": loop})
    knot: dict[str, Any] = {}
    knot["not"] = [knot]
    shared: object = {"field": ["is_active"]}
    for _ in range(rng.choice((1, 2, 3, 40))):
        shared = {"or": [shared] * rng.randint(1, 3)}
    return rng.choice(
        (
            None,
            0.1,
            float("nan"),
            float("-inf"),
            10**400,
            -(2**53),
            Decimal("NaN"),
            Decimal("1E+999999"),
            "\ud800",
            b"West",
            (1, 2),
            {"x"},
            object(),
            date(2017, 3, 1),
            datetime(2017, 3, 1, tzinfo=UTC),
            OwnList([1]),
            {},
            [],
            [[]],
            {1: [2]},
            {"and": None},
            {"and": "xy"},
            {"__class__": ["x"]},
            {"eval": [rng.choice(CODE)]},
            {"decimal": ["1e9"]},
            {"decimal": [" 1"]},
            {"decimal": ["\uff11"]},
            {"decimal": ["9" * 39]},
            {"date": ["2017-02-30"]},
            {"date": ["0000-01-01"]},
            {"instant": ["2017-03-01T00:00:00+00:00"]},
            {"instant": ["2017-03-01T24:00:00Z"]},
            {"field": [rng.choice(CODE)]},
            {"field": [""]},
            {"==": [1, 1], "!=": [1, 1]},
            True,
            "West",
            loop,
            knot,
            shared,
            rule(rng, rng.choice(VALUES), 2),
        )
    )


def spots(data: object) -> list[tuple[Any, Any]]:
    """Return every place of plain data: a container and a key."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [data]
    while waiting:
        one = waiting.pop()
        keys = one if isinstance(one, dict) else range(len(one) if isinstance(one, list) else 0)
        for key in keys:
            found.append((one, key))
            waiting.append(one[key])
    return found


def mutated_data(rng: Random, data: object) -> object:
    """Return the data of a rule with one to three faults; the data themselves are changed."""
    root = [data]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = spots(root) if rng.random() < 0.9 else [(root, 0)]  # noqa: PLR2004 - inside, mostly
        if len(places) > LARGE:
            places = [(root, 0)]
        holder, key = rng.choice(places)
        match rng.randrange(9):
            case 0 if holder is not root:
                del holder[key]
            case 1 if isinstance(holder, list) and holder is not root:
                holder.insert(key, strange(rng))
            case 2 if isinstance(holder, dict):
                holder[rng.choice(("and", "==", "=", "fields", "x", "\udc00", "if"))] = holder[key]
                if rng.random() < 0.7:  # noqa: PLR2004 - another operator, or one more
                    del holder[key]
            case 3:
                holder[key] = {rng.choice((*SIGNS, "+", "not", "if")): [holder[key]] * 2}
            case 4 | 5 | 6 | 7 if holder is not root:
                holder[key] = rule(rng, rng.choice(VALUES), 1)
            case _:
                holder[key] = strange(rng)
        if is_knotted(root):
            break
    return root[0]


def is_knotted(root: object) -> bool:
    """Return whether data may hold themselves, so that listing their places would not end."""
    seen = 0
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        seen += 1
        if seen > LARGE:
            return True
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False


SNIPPETS = (
    *("{", "}", "[", "]", ",", ":", '"', "\\", "null", "NaN", "Infinity", "-Infinity", "1e999"),
    *("1E+999999999", "0.1", "-0", "00", "1_000", '"\\ud800"', "\\u0000", '{"and":[', "[[[[[[[["),
    *(
        '"==":[1,1],',
        '"field":["region"],',
        "true",
        " ",
        "\n",
        "\ufeff",
        "\uff19",
        "9" * 400,
        *CODE,
    ),
)


def mutated_text(rng: Random, text: str) -> str:
    """Return a text with one to four faults."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randrange(12))
        match rng.randrange(5):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + text[start:end] * 2 + text[end:]
            case 2:
                text = text[:start] + chr(rng.randrange(1, 0x10000)) + text[start:]
            case 3:
                text = text[:start] + rng.choice(SNIPPETS) + text[end:]
            case _:
                text = text[:start] + rng.choice(SNIPPETS) + text[start:]
    return text


def garbage(rng: Random) -> str:
    """Return a text that nobody meant as a rule."""
    if rng.random() < 0.02:  # noqa: PLR2004 - deep brackets are slow to print
        return rng.choice(("[", '{"and":[', '{"not":[', "-", "9")) * rng.choice((100, 20_000))
    return "".join(rng.choice(SNIPPETS) for _ in range(rng.randrange(30)))


# Trials -------------------------------------------------------------------------------------


def inputs(rng: Random) -> Iterator[tuple[str, bool, object]]:
    """Yield inputs without end: how each was made, whether it is text, and itself."""
    while True:
        if rng.randrange(LARGE) == 0:
            yield "large", False, large(rng)
            continue
        kind = rng.choice(("boolean", "boolean", "boolean", "number", *VALUES))
        data = rule(rng, kind, rng.choice(DEPTHS))
        match rng.randrange(6):
            case 0:
                yield "right data", False, data
            case 1:
                yield "right text", True, json.dumps(data, ensure_ascii=rng.random() < 0.5)  # noqa: PLR2004 - a coin
            case 2 | 3:
                yield "mutated data", False, mutated_data(rng, data)
            case 4:
                yield "mutated text", True, mutated_text(rng, json.dumps(data))
            case _ if rng.random() < 0.5:  # noqa: PLR2004 - a coin
                yield "garbage text", True, garbage(rng)
            case _:
                yield "garbage data", False, strange(rng)


def row(rng: Random) -> dict[str, Any]:
    """Return a row of the example's table: as it stands, or some of it unknown."""
    known = rng.choice((0, 0.5, 1))
    return {name: value if rng.random() < known else None for name, value in EXAMPLE_ROW.items()}


def outcome(given: Any, rows: list[dict[str, Any]], *, is_text: bool) -> str:  # noqa: ANN401 - any object at all
    """
    Return what became of an input: refused when read, refused by its types, or evaluated.

    Raises:
        AssertionError: What was read is not written and read again as the same.
    """
    try:
        tree = parse_rule(given) if is_text else rule_from_data(given)
    except InvalidDocument as error:
        str(error).encode()
        return "refused when read"
    rule_text(tree)
    check_same(tree)
    try:
        kind = check_types(tree, EXAMPLE_TABLE)
    except (RuleTypeError, UnknownName) as error:
        str(error)
        return "refused by its types"
    value_of: Callable[[dict[str, Any]], Any] = compile_expression(
        tree, lambda name: lambda one: one[name]
    )
    try:
        found = [value_of(one) for one in rows]
    except InexactResult as error:
        str(error)
        return "not exact"
    if kind is RuleType.BOOLEAN and any(one not in (True, False, None) for one in found):
        raise AssertionError(f"a condition came out as {found}")
    return f"evaluated to {kind.value}"


def check_same(tree: Expression) -> None:
    """Refuse a tree that is not written and read again as the same, and written the same again."""
    data = rule_to_data(tree)
    again = rule_from_data(data)
    if again != tree or rule_to_data(again) != data:
        raise AssertionError(f"{rule_text(tree)} is written as {data}")


class Trial(Protocol):
    """What an input is put to: it returns what was met, or lets a fault out."""

    def __call__(self, given: Any, rows: list[dict[str, Any]], *, is_text: bool) -> str:  # noqa: ANN401 - any object at all
        """Return what was met."""
        ...


@attrs.define
class Tally:
    """
    What a run has met.

    Attributes:
        outcomes: How many inputs met which outcome, by how they were made.
        faults: Inputs at which something else than an error of ours came out, with it.
        slowest: Seconds, size, how it was made and outcome of the slowest input.
        dearest: The same of the input that took longest for its size; from 1,000 up.
    """

    outcomes: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    faults: list[str] = attrs.field(factory=list)
    slowest: tuple[float, int, str, str] = (0.0, 1, "", "")
    dearest: tuple[float, int, str, str] = (0.0, 1, "", "")


def size_of(given: object) -> int:
    """Return how many members and characters an input holds, shared parts counted once."""
    seen: set[int] = set()
    found = 0
    waiting: list[Any] = [given]
    while waiting:
        one = waiting.pop()
        found += len(one) if isinstance(one, str) else 1
        if isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return found


def run(count: int, seed: int, trial: Trial = outcome) -> Tally:
    """Return what so many inputs met in a trial; the same seed makes the same inputs."""
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    tally = Tally()
    rows = [dict(EXAMPLE_ROW), dict.fromkeys(EXAMPLE_ROW), row(rng), row(rng)]
    made = inputs(rng)
    for _ in range(count):
        how, is_text, given = next(made)
        began = perf_counter()
        try:
            met = trial(given, rows, is_text=is_text)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what this looks for
            met = f"UNCAUGHT {type(error).__name__}"
            tally.faults.append(f"{how}: {ascii(given)[:2000]} -> {error!r}")
        seconds = perf_counter() - began
        tally.outcomes[how, met] += 1
        if seconds > tally.slowest[0]:
            tally.slowest = (seconds, size_of(given), how, met)
        if seconds > 0.0005:  # noqa: PLR2004 - below half a millisecond nothing is dear
            size = max(size_of(given), 1_000)
            if seconds / size > tally.dearest[0] / tally.dearest[1]:
                tally.dearest = (seconds, size, how, met)
    return tally


WATCHED = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "code.")


def main(arguments: list[str] | None = None) -> int:
    """Run, print what was met, and return 1 if it was anything else than an error of ours."""
    parser = argparse.ArgumentParser(description="Throw senseless rules at the language.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    run(200, options.seed)  # whatever is loaded on first use is loaded now
    events: Counter[str] = Counter()

    def watch(event: str, _given: object) -> None:
        if event.startswith(WATCHED):
            events[event] += 1

    sys.addaudithook(watch)
    began = perf_counter()
    tally = run(options.count, options.seed)
    seconds = perf_counter() - began
    ran = dict(events)
    for (how, met), number_of in sorted(tally.outcomes.items()):
        print(f"{number_of:>9,}  {how:<13} {met}")
    for label, (spent, size, how, met) in (("slowest", tally.slowest), ("dearest", tally.dearest)):
        print(f"{label}: {spent * 1000:.1f} ms for a size of {size:,} ({how}, {met})")
    print(f"{options.count:,} inputs in {seconds:.0f} s; code run by the machine: {ran or 'none'}")
    for fault in tally.faults[:10]:
        print(f"FAULT {fault}")
    return 1 if tally.faults or ran else 0


if __name__ == "__main__":
    sys.exit(main())
