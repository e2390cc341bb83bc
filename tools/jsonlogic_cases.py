"""Read the public cases of JsonLogic as rules, and write what became of them into their page."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from salescore.errors import InvalidDocument, RuleTypeError
from salescore.plain import Field, FieldTable, Kind, parse_json
from salescore.rules import evaluate, from_jsonlogic
from tools.write_tables import code, table

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "jsonlogic.md"
CASES = ROOT.parent / "shared" / "suites" / "jsonlogic" / "tests.json"
BETWEEN = re.compile(r"(?<=<!-- cases -->\n).*(?=<!-- end of cases -->)", re.DOTALL)

PASSED = "passed"
WRONG = "wrong"
LONGEST = 100


class Outcome(NamedTuple):
    """What became of one case: passed, wrong, or outside for a reason."""

    rule: object
    data: object
    word: str
    operator: str
    reason: str = ""


def outcomes(path: Path = CASES) -> list[Outcome]:
    """Return what becomes of every case of the suite, in its order."""
    found: Any = parse_json(path.read_text(encoding="utf-8"))
    return [outcome(*case) for case in found if isinstance(case, list)]


def outcome(rule: object, data: object, expected: object) -> Outcome:
    """Return what becomes of one case."""
    outer = next(iter(rule)) if isinstance(rule, dict) else "constant"
    schema, row = schema_of(rule, data)
    try:
        tree = from_jsonlogic(rule, schema)
    except (RuleTypeError, InvalidDocument) as error:
        return Outcome(rule, data, "outside", outer, f"{error.args[0]}: {reason_of(error)}")
    value = evaluate(tree, row)
    same = value == expected and isinstance(value, bool) == isinstance(expected, bool)
    return Outcome(rule, data, PASSED if same else WRONG, outer)


def reason_of(error: RuleTypeError | InvalidDocument) -> str:
    """Return why a case is outside, without the word."""
    return error.fault.removeprefix("outside: ")


def schema_of(rule: object, data: object) -> tuple[FieldTable, dict[str, Any]]:
    """
    Return a table that fits the data of a case, and its row.

    Every value that is no array or object is a field under its path; what the rule reads beyond
    the data is a field that is null, of the type of the default that the rule gives it.
    """
    row = dict(leaves(data))
    kinds = {name: kind_of(value) for name, value in row.items()}
    for name, default in variables(rule):
        if name not in row:
            row[name], kinds[name] = None, kind_of(default)
    fields = [
        Field(name=name, kind=kind, nullable=True, labels=(name, name))
        for name, kind in kinds.items()
    ]
    return FieldTable(name="case", fields=tuple(fields)), row


def leaves(data: object, before: str = "") -> Iterator[tuple[str, object]]:
    """Yield the path and value of everything in the data that is no array or object."""
    pairs: Sequence[tuple[object, Any]] = []
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from leaves(value, f"{before}{key}.")
        else:
            number = isinstance(value, int) and not isinstance(value, bool)
            yield f"{before}{key}", Decimal(value) if number else value


def variables(rule: object) -> Iterator[tuple[str, object]]:
    """Yield the name and the default of every `var` in a rule that names a field."""
    if isinstance(rule, dict):
        for operator, given in rule.items():
            name, *default = given if isinstance(given, list) and given else [given]
            if operator == "var" and isinstance(name, str | int) and name != "":
                yield str(name), default[0] if default else None
            yield from variables(given)
    elif isinstance(rule, list):
        for part in rule:
            yield from variables(part)


def kind_of(value: object) -> Kind:
    """Return what a field holds that has had this value; text where it has had none."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.DECIMAL if isinstance(value, int | Decimal) else Kind.TEXT


# The page -----------------------------------------------------------------------------------


def page_of(found: Sequence[Outcome]) -> str:
    """Return the tables of the page."""
    outside = [one for one in found if one.reason]
    passed = sum(one.word == PASSED for one in found)
    said = f"Of {len(found)} cases {passed} pass and {len(outside)} are outside; none is wrong."
    return "\n\n".join(
        [
            f"\n{said}",
            by_operator(found),
            "### Reasons",
            by_reason(outside),
            "### Cases outside",
            each(outside),
        ]
    )


def by_operator(found: Sequence[Outcome]) -> str:
    """Return how many cases passed by the outermost operator."""
    rows: list[list[str]] = []
    for operator in dict.fromkeys(one.operator for one in found):
        those = [one for one in found if one.operator == operator]
        passed = sum(one.word == PASSED for one in those)
        name = operator if operator == "constant" else code(operator)
        rows.append([name, str(len(those)), str(passed), str(len(those) - passed)])
    return table(["operator", "cases", "passed", "outside"], rows)


def by_reason(outside: Sequence[Outcome]) -> str:
    """Return how many cases are outside for each reason, and where it was found."""
    counts = Counter(tuple(one.reason.split(": ", 1)) for one in outside)
    rows = [[code(where), reason, str(count)] for (where, reason), count in counts.most_common()]
    return table(["at", "outside because of", "cases"], rows)


def each(outside: Sequence[Outcome]) -> str:
    """Return every case that is outside."""
    rows = [
        [code(short(one.rule)), code(short(one.data)), one.reason.split(": ", 1)[1]]
        for one in outside
    ]
    return table(["rule", "data", "outside because of"], rows)


def short(data: object) -> str:
    """Return JSON on one line, cut where it is long."""
    text = json.dumps(data, ensure_ascii=False, default=float)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def filled(page: str, found: Sequence[Outcome]) -> str:
    """Return the text of the page with its tables made anew."""
    return BETWEEN.sub(lambda _: f"{page_of(found)}\n\n", page)


def main() -> int:
    """Write the page and return 0, or 1 where a case is wrong."""
    found = outcomes()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8", newline="\n")
    wrong = [one for one in found if one.word == WRONG]
    for one in wrong:
        print(f"wrong: {json.dumps(one.rule, default=float)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
