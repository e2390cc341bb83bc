import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "salescore"
PAGE = ROOT / "docs" / "reference" / "findings.md"
TELLERS = re.compile(r"_?(Finding|Fault|CellFault|fault|finding|add|note|seen|ranges|refused)")
"""Names of what makes a finding, and is told its code."""

CODE = re.compile(r"[a-z]+(-[a-z]+)*")
WITHOUT = ("errors", "frames", "storage", "testing")
"""Rooms that return no finding."""

NO_CODES = {
    "date-time",
    "euc-kr",
    "mon-fri",
    "p-value",
    "status-table",
    "x-label-zh",
    "x-personal-data",
}
"""Words with a hyphen that are the code of no finding."""

PUT_TOGETHER = {"missing-file", "missing-sheet", "unknown-file", "unknown-sheet"}
"""Codes that stand in no one place of the source: of files and sheets the same is told."""


def said_in(source: Path) -> set[str]:
    """Return the codes in a module: texts with a hyphen, and texts that a finding is made of."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value:
            found |= {node.value} - NO_CODES
        if isinstance(node, ast.Call) and TELLERS.fullmatch(named(node.func)):
            given = [*(one.value for one in node.keywords if one.arg == "code"), *node.args]
            texts = [str(one.value) for one in given if isinstance(one, ast.Constant)]
            found |= set(texts[:1] if len(node.args) != 1 else ())
    return {one for one in found if CODE.fullmatch(one)}


def named(function: ast.expr) -> str:
    """Return the last part of the name of what is called."""
    return getattr(function, "attr", getattr(function, "id", ""))


def codes() -> set[str]:
    """Return the code of every finding that the library can return."""
    return PUT_TOGETHER.union(*map(said_in, modules()))


def modules() -> list[Path]:
    """Return the modules of the rooms that may return findings."""
    aside = [PACKAGE / room for room in WITHOUT]
    return [one for one in PACKAGE.rglob("*.py") if not any(map(one.is_relative_to, aside))]


def test_rooms_without_findings_make_none() -> None:
    """What is not searched for codes has none."""
    makers = re.compile(r"\bFinding\(")
    searched = set(modules())
    making = [
        one.name
        for one in PACKAGE.rglob("*.py")
        if one not in searched and makers.search(one.read_text(encoding="utf-8"))
    ]
    assert making == []


def documented() -> set[str]:
    """Return the codes in the first column of the tables of the page."""
    rows = re.findall(r"^\|([^|]*)\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


SEVERITIES = {"error", "warning", "info"}


def test_every_finding_stands_in_the_reference() -> None:
    """Whoever meets a code can look it up."""
    missing = codes() - documented()
    assert not missing, f"findings.md says nothing of {sorted(missing)}"


def test_the_reference_knows_no_finding_that_nobody_returns() -> None:
    """A code that is gone from the library is gone from its reference."""
    texts = "".join(one.read_text(encoding="utf-8") for one in PACKAGE.rglob("*.py"))
    gone = {code for code in documented() - SEVERITIES - PUT_TOGETHER if f'"{code}"' not in texts}
    assert not gone, f"findings.md tells of {sorted(gone)}, which nobody returns"


def test_codes_are_found_wherever_a_finding_is_made(tmp_path: Path) -> None:
    """The search sees keywords, plain arguments and codes handed on through a variable."""
    source = tmp_path / "module.py"
    source.write_text(
        'Finding(code="circle")\n'
        'self._note("hidden", f"it is {name}")\n'
        'pairs = [("id-too-long", 1), ("utf-8", 2)]\n'
        'names.add("customers")\n'
        'print("other", "words")\n',
        encoding="utf-8",
    )
    assert said_in(source) == {"circle", "hidden", "id-too-long"}
