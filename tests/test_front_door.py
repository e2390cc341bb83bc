"""The front door: the names typed daily, each loaded when it is first used."""

import subprocess
import sys
from importlib import import_module

import pytest

import salescore

NAMES = {
    "book": ["Facts", "SalesBook", "check_book"],
    "entities": [
        *("Activity", "Customer", "Expense", "Opportunity", "Order", "OrderLine", "Product"),
        *("SalesRep", "StageKind", "Team"),
    ],
    "exchange": ["Profile", "read_folder"],
    "metrics": [
        *("Aggregate", "FigureDefinition", "Measure", "Part", "abc", "compare", "figure"),
        *("rows_behind", "slices"),
    ],
    "review": ["review_book", "review_data", "review_text"],
    "rules": ["F"],
    "values": ["Calendar", "ConstantRates", "Finding", "Money", "Period"],
}


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after running some code."""
    found = subprocess.run(
        [sys.executable, "-I", "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(found.stdout.split())


def test_all_is_exact() -> None:
    """`__all__` holds exactly the names of the rooms, sorted, each once."""
    assert salescore.__all__ == sorted(name for names in NAMES.values() for name in names)


@pytest.mark.parametrize(("room", "name"), [(room, one) for room in NAMES for one in NAMES[room]])
def test_every_name_is_that_of_its_room(room: str, name: str) -> None:
    """A name at the front door is the very object behind the door of its room."""
    behind = import_module(f"salescore.{room}")
    assert getattr(salescore, name) is getattr(behind, name)
    assert name in behind.__all__


def test_names_can_be_listed() -> None:
    """`dir()` tells every name, loaded or not, and nothing of `__all__` is missing."""
    assert set(salescore.__all__) <= set(dir(salescore))
    assert dir(salescore) == sorted(dir(salescore))


def test_an_unknown_name() -> None:
    """A name that does not exist is an `AttributeError`, as of any module."""
    with pytest.raises(AttributeError, match="module 'salescore' has no attribute 'Deal'"):
        _ = salescore.Deal  # type: ignore[attr-defined]
    assert not hasattr(salescore, "net_profit")


def test_a_name_is_looked_up_once() -> None:
    """Once used, a name is a plain attribute of the module."""
    salescore.__dict__.pop("Team", None)
    assert salescore.Team is vars(salescore)["Team"]


OPTIONAL = {"hypothesis", "pytest", "jsonschema", "pandas", "numpy", "polars", "pyarrow"}


def test_importing_loads_nothing() -> None:
    """`import salescore` loads neither pendulum nor dateutil nor any room nor optional package."""
    loaded = loaded_by("import salescore")
    assert "salescore" in loaded
    assert not {one for one in loaded if one.startswith("salescore.")}
    assert not loaded & ({"pendulum", "dateutil", "attrs", "attr"} | OPTIONAL)


def test_money_loads_no_calendar() -> None:
    """Money needs neither zones nor months, so it loads neither pendulum nor dateutil."""
    loaded = loaded_by("import salescore; salescore.Money.of(1, 'USD')")
    assert "salescore.values" in loaded
    assert not loaded & ({"pendulum", "dateutil", "salescore.entities"} | OPTIONAL)


def test_a_star_import_gives_every_name() -> None:
    """`from salescore import *` binds all the names, and loads no optional package."""
    loaded = loaded_by("from salescore import *\nassert review_book and Money and F")
    assert "salescore.review" in loaded
    assert not loaded & OPTIONAL
