"""
Cut the example data out of the full sample, as `examples/data/superstore/README.md` describes.

    python tools/cut_superstore.py FULL.csv > examples/data/superstore/superstore.csv

Kept is every order of the customers whose number can be divided by 20: whole orders and whole
customer histories, the same ones on every run, each line as it stands in the source.
"""

import csv
import sys
from pathlib import Path

DIVISOR = 20


def main() -> int:
    """Write the header and the lines that are kept."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines(keepends=True)
    rows = csv.reader(lines)
    place = next(rows).index("Customer ID")
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    sys.stdout.write(lines[0])
    for line, row in zip(lines[1:], rows, strict=True):
        if int(row[place].split("-")[1]) % DIVISOR == 0:
            sys.stdout.write(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
