"""Say whether the installed wheel is whole: importable, typed, and from no checkout."""

import importlib
import importlib.metadata
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    """Return 0 for a whole wheel, else 1 after naming what is missing."""
    package = importlib.import_module("salescore")
    home = Path(package.__file__ or "").parent
    faults: list[str] = []
    if "site-packages" not in home.parts:
        faults.append(f"imported from {home}, not from an installed wheel")
    if not (home / "py.typed").is_file():
        faults.append("py.typed is missing: type checkers would not read the package")
    faults += [
        f"{folder} is missing: readers in other languages need its schemas"
        for folder in ("entities/schemas", "exchange/profiles", "grading/schemas", "rules/schemas")
        if not any((home / folder).glob("*.schema.json"))
    ]
    rooms = sorted(
        module.name
        for module in pkgutil.iter_modules([str(home)])
        if not module.name.startswith("_") and module.name != "testing"  # testing needs its extra
    )
    for room in rooms:
        importlib.import_module(f"salescore.{room}")
    for name in package.__all__:
        getattr(package, name)
    for fault in faults:
        print(f"wheel: {fault}")
    version = importlib.metadata.version("salescore")
    print(f"salescore {version}: {len(rooms)} rooms, {len(package.__all__)} names on its face")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
