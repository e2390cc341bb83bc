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


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_documentation_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever types a command of the documentation from the root of a checkout gets an answer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    assert main(shlex.split(command, comments=True)[3:]) == 0


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
