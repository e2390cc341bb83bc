"""The example of the sales process runs as it stands, on the sales that the tool makes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from salescore.exchange import write_folder
from salescore.funnel import funnel_from_data
from tools.make_machines import machines

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "sales_process.py"
SALES = ROOT / "examples" / "data" / "machines"


def test_the_example_says_what_became_of_one_sale_and_of_many() -> None:
    """A refusal with its reason and its way out, a kept win, and the figures of 260 sales."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.strip() for line in done.stdout.splitlines()]
    refused = lines.index("win: refused")
    assert lines[refused + 1 : refused + 4] == [
        "- not fulfilled: Within the reps' limit (amount <= 100000)",
        "- or, to won: only manager may do it",
        "would do: Amount from 140,000 to 100,000 (−40,000)",
    ]
    assert "kept as version 6, 26 days of trial" in lines
    assert "trial         122 →   74  60.7%" in lines
    assert "The bottleneck of the south: trial, 11 wins lost" in lines


def test_the_tool_writes_the_sales_again_byte_by_byte(tmp_path: Path) -> None:
    """What ships is what `tools/make_machines.py` decides through the shipped funnel."""
    funnel = funnel_from_data(json.loads((ROOT / "examples" / "funnel.json").read_text("utf-8")))
    names = write_folder(machines(funnel), tmp_path)
    assert sorted(names) == sorted(one.name for one in SALES.glob("*.csv"))
    for name in names:
        assert (tmp_path / name).read_bytes() == (SALES / name).read_bytes(), name
