import ast
import importlib
from pathlib import Path

# That `__all__` is sorted is ruff's to say (RUF022).
LONGEST = 400
SAYS_NOTHING = {"base", "common", "helper", "manager", "misc", "service", "type", "util"}


def test_a_room_says_what_it_is_for(room: str) -> None:
    """The first line of a room's docstring is a sentence."""
    docstring = importlib.import_module(f"salescore.{room}").__doc__
    assert docstring, f"salescore.{room} has no docstring"
    first = docstring.strip().split("\n\n")[0]
    assert first.rstrip().endswith((".", ":")), first


def test_a_room_lists_its_names(room: str) -> None:
    """A room has an `__all__` without doubles, each name of which exists and is public."""
    module = importlib.import_module(f"salescore.{room}")
    names = list(module.__all__)
    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith("_")] == []
    assert [name for name in names if not hasattr(module, name)] == []


def test_the_face_lists_its_names() -> None:
    """The package itself has an `__all__` without doubles, and `dir()` shows those names."""
    package = importlib.import_module("salescore")
    names = list(package.__all__)
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(package, name)] == []
    assert set(names) <= set(dir(package))


def test_the_face_shows_type_checkers_what_it_loads(root: Path) -> None:
    """The names written out for type checkers are the names of `__all__`, none more, none less."""
    face = root / "src" / "salescore" / "__init__.py"
    written: set[str] = set()
    for node in ast.parse(face.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for statement in ast.walk(node):
                if isinstance(statement, ast.ImportFrom):
                    written.update(alias.asname or alias.name for alias in statement.names)
    names = importlib.import_module("salescore").__all__
    assert written == {name for name in names if not name.startswith("__")}


def test_a_door_holds_a_docstring_imports_and_its_list(root: Path, room: str) -> None:
    """The `__init__` of a folder defines nothing itself; its modules are private."""
    folder = root / "src" / "salescore" / room
    if not folder.is_dir():
        return
    door = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)
    strange = [node.lineno for node in door.body if not isinstance(node, allowed)]
    assert strange == [], f"salescore/{room}/__init__.py defines something in lines {strange}"
    open_modules = [path.name for path in folder.rglob("*.py") if not path.name.startswith("_")]
    assert open_modules == []


def test_a_module_is_short(source: Path) -> None:
    """No module is longer than 400 lines; beyond that a room wants a neighbour."""
    assert len(source.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_a_module_name_tells_a_reader_something(source: Path) -> None:
    """No module is called helpers, utils, common, misc, base, types, manager or service."""
    for name in (source.stem, source.parent.name):
        assert name.strip("_").rstrip("s") not in SAYS_NOTHING


def test_a_module_says_what_it_is_for(source: Path) -> None:
    """Every module opens with a docstring."""
    assert ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))


def test_a_room_has_a_page_of_reference(root: Path, room: str) -> None:
    """Each room has one page in the reference that is made from its docstrings."""
    page = root / "docs" / "reference" / f"{room}.md"
    assert page.is_file(), f"docs/reference/{room}.md is missing"
    assert f"automodule:: salescore.{room}" in page.read_text(encoding="utf-8")
