"""The command line: `python -m salescore review FOLDER` and `python -m salescore check FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from salescore.errors import SalesCoreError
from salescore.exchange import Import, read_folder, shipped_profiles
from salescore.review import check_data, check_text, review_book, review_data, review_text
from salescore.values import Calendar, Severity, parse_date

REFUSED = 2
"""Exit code where nothing could be done: wrong arguments, no readable facts."""

FAULTY = 1
"""Exit code of `check` where it found an error."""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command line.

    Args:
        arguments: What stands behind the program's name; by default those of the process.

    Returns:
        The exit code: 0, `FAULTY` or `REFUSED`.
    """
    options = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = options.act
    try:
        return act(options)
    except SalesCoreError as error:
        print(f"salescore: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing is left to be flushed at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"salescore: {error.filename}: {error.strerror}", file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="salescore", description="Review and check the facts of a sales organisation."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    facts = argparse.ArgumentParser(add_help=False)
    facts.add_argument("folder", metavar="FOLDER", help="folder of CSV files")
    facts.add_argument(
        "--profile",
        metavar="P",
        help="how to read foreign files: a JSON file, or one of " + ", ".join(shipped_profiles()),
    )
    facts.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    facts.add_argument(
        "--out", metavar="F", type=Path, help="file to write to instead of the screen"
    )

    review = commands.add_parser(
        "review", parents=[facts], help="write the sales review of a folder"
    )
    review.add_argument(
        "--as-of", metavar="D", help="last day whose facts are seen, such as 2017-12-31"
    )
    review.add_argument(
        "--during", metavar="T", help="2017, 2017-Q4, 2017-12, 2017-W50 or first..last day"
    )
    review.add_argument(
        "--calendar",
        metavar="C",
        default="gregorian",
        help="gregorian, or gregorian-04 for years from April",
    )
    review.add_argument("--currency", metavar="C", help="reporting currency, such as USD")
    review.add_argument("--by", metavar="DIMENSIONS", help="what to slice by, such as product,rep")
    review.set_defaults(act=_review)

    check = commands.add_parser(
        "check", parents=[facts], help="list what is wrong with the files of a folder"
    )
    check.set_defaults(act=_check)
    return parser


def _review(options: argparse.Namespace) -> int:
    calendar = Calendar.named(options.calendar)
    during = None if options.during is None else calendar.parse(options.during)
    as_of = None if options.as_of is None else parse_date(options.as_of)
    imported = _read(options)
    if during is None and as_of is None and imported.book.last_day is None:
        sys.stderr.write(check_text(imported))
        fault = "nothing that could be read has a date; mend the files, or say --during"
        print(f"\nsalescore: {fault}", file=sys.stderr)
        return REFUSED
    review = review_book(
        imported.book,
        during=during,
        as_of=as_of,
        calendar=calendar,
        currency=options.currency,
        by=None if options.by is None else [name.strip() for name in options.by.split(",")],
        findings=imported.findings,
    )
    is_json = options.format == "json"
    _write(options, _json(options, review_data(review)) if is_json else review_text(review))
    return 0


def _check(options: argparse.Namespace) -> int:
    imported = _read(options)
    findings = imported.check()
    if options.format == "json":
        _write(options, _json(options, check_data(imported)))
    else:
        _write(options, check_text(imported))
    return FAULTY if any(one.severity is Severity.ERROR for one in findings) else 0


def _read(options: argparse.Namespace) -> Import:
    if not sys.stderr.isatty():
        return read_folder(options.folder, options.profile)

    def progress(file: str, rows: int) -> None:
        print(f"\r{file}: {rows:,} rows\033[K", end="", file=sys.stderr, flush=True)

    try:
        return read_folder(options.folder, options.profile, progress=progress)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _json(options: argparse.Namespace, data: dict[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if options.out is None and _printable(text) != text:
        return json.dumps(data, indent=1) + "\n"
    return text


def _printable(text: str) -> str:
    """Return a text with a question mark for what the screen or pipe cannot take."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def _write(options: argparse.Namespace, text: str) -> None:
    if options.out is None:
        sys.stdout.write(_printable(text))
        sys.stdout.flush()
    else:
        options.out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
