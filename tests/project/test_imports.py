import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from os import environ
from pathlib import Path

import grimp
import pytest

from tools.doors import trespasses

HEAVY = ("attr", "pendulum", "dateutil", "salescore.entities", "salescore.values")


def modules_after(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after one statement."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8"
    )
    return set(json.loads(done.stdout))


def test_importing_the_package_loads_nothing_heavy(root: Path) -> None:
    """`import salescore` loads no calendar library, no optional package and no record class."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {
        contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]
    }
    forbidden = {*HEAVY, *contracts["core"]["forbidden_modules"]}
    assert modules_after("import salescore") & forbidden == set()


def test_only_rooms_not_built_stand_in_brackets(root: Path) -> None:
    """A room that exists is a required layer, so that it cannot vanish unnoticed."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    bracketed = {name for layer in layers for name in re.findall(r"\((\w+)\)", layer)}
    package = root / "src" / "salescore"
    built = {name for name in bracketed if (package / f"{name}.py").is_file()}
    built |= {name for name in bracketed if (package / name / "__init__.py").is_file()}
    assert built == set()


def test_the_python_dateutil_under_test_is_the_one_announced() -> None:
    """The two runs of the suite really use python-dateutil 2.9 and 4."""
    major = version("python-dateutil").split(".")[0]
    announced = environ.get("SALESCORE_DATEUTIL_MAJOR")
    assert major in ({announced} if announced else {"2", "4"})


@pytest.fixture
def house() -> grimp.ImportGraph:
    """Return a small house: two rooms, each with a private module, and a command line."""
    graph = grimp.ImportGraph()
    for module in ("h", "h.a", "h.a._x", "h.b", "h.b._y", "h.__main__"):
        graph.add_module(module)
    return graph


def add(graph: grimp.ImportGraph, importer: str, imported: str) -> None:
    """Add one import to the graph."""
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import")


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("h.b._y", "h.a"),
        ("h.b", "h.b._y"),
        ("h.b._y", "h.b"),
        ("h", "h.a"),
        ("h.__main__", "h"),
    ],
)
def test_a_door_may_be_used(house: grimp.ImportGraph, importer: str, imported: str) -> None:
    """Doors, the modules of one's own room, and the front door from outside the rooms are open."""
    add(house, importer, imported)
    assert trespasses(house, "h", frozenset({"h.__main__"})) == ()


@pytest.mark.parametrize(
    ("importer", "imported", "door"),
    [
        ("h.b._y", "h.a._x", "h.a"),
        ("h", "h.a._x", "h.a"),
        ("h.a", "h", None),
        ("h.a._x", "h", None),
    ],
)
def test_a_wall_is_not_climbed(
    house: grimp.ImportGraph, importer: str, imported: str, door: str | None
) -> None:
    """A neighbour's private module and the front door from inside a room are closed."""
    add(house, importer, imported)
    (found,) = trespasses(house, "h", frozenset({"h.__main__"}))
    assert (found.importer, found.imported, found.door) == (importer, imported, door)
    assert found.lines == (7,)
