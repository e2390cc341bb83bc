import re
import tomllib
from pathlib import Path

import pytest

# Assembled, so that this file does not hold what it looks for.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarnpkg" + ".com",
    "anaconda" + ".org",
    "deb." + "debian.org",
    "--index" + "-url",
    "find" + "-links",
]
FOLDERS = ["home", "root", "Users", "work", "opt"]
MACHINE_PATH = re.compile(rf"(?<![\w.~)>*-])/(?:{'|'.join(FOLDERS)})/\w")

SECTIONS = ["Status", "Context", "Options", "Decision", "Consequences", "Revisited"]
DECISIONS = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("[0-9]*.md"))


def texts(files: list[Path]) -> list[tuple[Path, str]]:
    """Return each file that is text with what it says."""
    found: list[tuple[Path, str]] = []
    for path in files:
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_the_host_of_a_registry(project_files: list[Path]) -> None:
    """Packages are named, never where they are fetched from: every machine has its own registry."""
    found = [
        f"{path}: {host}" for path, text in texts(project_files) for host in HOSTS if host in text
    ]
    assert found == []


def test_no_file_holds_a_path_of_one_machine(project_files: list[Path]) -> None:
    """Nothing kept works on one machine only."""
    found = [
        f"{path}: {match.group()}"
        for path, text in texts(project_files)
        for match in MACHINE_PATH.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("open('/" + "home/ann/x.csv')", True),
        ("cd /" + "work/x", True),
        ("src/salescore/" + "home/x", False),
        ("before and/" + "work/after", False),
    ],
    ids=["quoted", "typed", "relative", "in words"],
)
def test_a_machine_path_is_told_from_a_relative_one(line: str, *, caught: bool) -> None:
    """A path is a machine's when it starts at the root of the disk."""
    assert (MACHINE_PATH.search(line) is not None) == caught


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_record_has_its_sections(page: Path) -> None:
    """Each record says status, context, options, decision, consequences and when to look again."""
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert headings == SECTIONS


def test_decision_records_are_numbered_without_gaps() -> None:
    """A record is found by its number."""
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_readme_shows_the_two_commands_first(root: Path) -> None:
    """A newcomer sees both commands within the first forty lines."""
    first = "\n".join((root / "README.md").read_text(encoding="utf-8").splitlines()[:40])
    assert "make review" in first
    assert "make test" in first


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_front_pages_list_every_extra(page: str) -> None:
    """The table of extras has a row for each one that users may install, and no other."""
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = (root / page).read_text(encoding="utf-8").partition("| extra |")[2].partition("\n\n")[0]
    told = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row[:40])]
    assert sorted(told) == sorted(set(project["optional-dependencies"]) - {"dev"})
