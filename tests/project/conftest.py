"""What the tests of the project itself look at: its rooms and its files."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "salescore"


def rooms() -> list[str]:
    """Return the names of all rooms that are built, modules and folders alike."""
    folders = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    modules = [path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")]
    return sorted(folders + modules)


def sources() -> list[Path]:
    """Return every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def kept_files() -> list[Path]:
    """Return every file that is, or would be, under version control."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listing = subprocess.run(
            [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:  # an unpacked source distribution
        paths = [path for path in ROOT.rglob("*") if not made(path.relative_to(ROOT))]
    return sorted(path for path in paths if path.is_file())


def made(path: Path) -> bool:
    """Return whether a path belongs to what commands create: environments, caches, builds."""
    return any(
        part in {"__pycache__", "_build", "build", "dist", "htmlcov", "out"}
        or (part.startswith(".") and part not in {".ci", ".gitignore"})
        for part in path.parts
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that asks for a `room` or a `source` one case per room or file."""
    if "room" in metafunc.fixturenames:
        metafunc.parametrize("room", rooms())
    if "source" in metafunc.fixturenames:
        metafunc.parametrize("source", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Return every file that is, or would be, under version control."""
    return kept_files()
