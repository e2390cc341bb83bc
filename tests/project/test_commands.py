import re
import shlex
from pathlib import Path

import pytest

from salescore.__main__ import main

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "command-line.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMANDS = sorted(
    {
        line
        for page in PAGES
        for block in BLOCK.findall(page.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.startswith("python -m salescore ") and "examples/data" in line
    }
)


SHOWN = re.compile(r"^```(console|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TUTORIAL = ROOT / "docs" / "tutorial"
EXAMPLES = [TUTORIAL / "review.md", TUTORIAL / "grade-your-customers.md", REFERENCE]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_documentation_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever types a command of the documentation from the root of a checkout gets an answer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    assert main(shlex.split(command, comments=True)[3:]) == 0


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_the_documentation_shows_is_what_a_command_prints(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A block of text behind a command is a part of its answer, but for where lines break."""
    monkeypatch.chdir(ROOT)
    printed = ""
    for kind, block in SHOWN.findall(page.read_text(encoding="utf-8")):
        if kind == "text":
            assert not printed or squeezed(block) in printed
        elif block.rstrip() in COMMANDS and "--out" not in block and "--into" not in block:
            assert main(shlex.split(block)[3:]) == 0
            printed += squeezed(capsys.readouterr().out)
    assert printed


def squeezed(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


@pytest.mark.parametrize("command", ["review", "rows", "check", "tables"])
def test_every_option_stands_in_the_reference(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that `--help` shows is explained under its command or for all of them."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    told = set(re.findall(r"^\| `(--[a-z-]+)", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert shown <= told


def test_the_reference_has_no_option_that_nobody_reads(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that is gone from every command is gone from the reference."""
    shown = ""
    for command in ("review", "rows", "check", "tables"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        shown += capsys.readouterr().out
    told = re.findall(r"^\| `(--[a-z-]+)", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(told) <= set(re.findall(r"--[a-z-]+", shown))
