"""The example of the how-to runs as it stands."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]

EXAMPLE = Path(__file__).parents[2] / "examples" / "on_spark.py"


@pytest.mark.usefixtures("java_path")
def test_the_example_says_what_rows_say() -> None:
    """Revenue, margins and rows on Spark are those that the shipped data have."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert lines[0] == "73040.0070"
    assert "West 13.7%" in lines
    assert lines[-1].endswith("lines in the West and the East")
