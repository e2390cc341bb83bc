"""The example of forecasts runs as it stands, and its numbers hang together."""

import os
import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "sales_forecast.py"


def test_the_example_says_what_may_come_how_often_it_held_and_what_to_order() -> None:
    """Ranges hold their means, held months are some of all, and orders reach a plan of months."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ranges = re.findall(r"([\d,]+) \(([\d,]+) to ([\d,]+)\)", done.stdout)
    assert len(ranges) == 4
    for mean, low, high in (tuple(int(one.replace(",", "")) for one in found) for found in ranges):
        assert low < mean < high
    of, held = map(
        int, re.findall(r"of (\d+) months before, such ranges held (\d+)", done.stdout)[0]
    )
    assert 0 < held <= of == 12
    assert re.search(r"against a mean of months: [+-]\d+% \((no_skill|better|worse)\)", done.stdout)
    assert re.search(r"order again at \d+ where", done.stdout)
    assert re.search(r"from 50 on, order \d+, \d+\s", done.stdout)
