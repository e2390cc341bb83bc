"""The command line: `python -m salescore review FOLDER`, and `check`, `rows`, `tables`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from salescore.book import Facts, RateChoice, SalesBook, book_rates
from salescore.errors import ImportRefused, InvalidValue, SalesCoreError
from salescore.exchange import (
    Import,
    add_rates,
    read_folder,
    read_rates,
    shipped_profiles,
    write_tables,
)
from salescore.plain import CustomFields, parse_json
from salescore.playbook import STANDARD_PLAYBOOK, Playbook, standard_playbook
from salescore.render import Language
from salescore.review import (
    check_data,
    check_text,
    review_book,
    review_data,
    review_text,
    trace,
    trace_data,
    trace_text,
)
from salescore.values import Calendar, Period, RatePolicy, Severity, WorkingCalendar, parse_date

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
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:
        options.fail(f"unrecognized arguments: {' '.join(unknown)}")
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
        prog="salescore", description="Review, check and trace the facts of a sales organisation."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    facts, seen, answer = _facts_options(), _seen_options(), _answer_options()
    page = [facts, seen, answer, _language_option()]

    review = commands.add_parser("review", parents=page, help="write the sales review of a folder")
    review.add_argument("--by", metavar="DIMENSIONS", help=_BY)
    review.add_argument("--playbook", metavar="P", help=_PLAYBOOK)
    review.add_argument("--working-calendar", metavar="W", type=Path, help=_WORKING)
    review.set_defaults(act=_review, fail=review.error)

    rows = commands.add_parser(
        "rows", parents=page, help="list the rows behind a figure, or one slice of it"
    )
    rows.add_argument("figure", metavar="FIGURE", help="name of a figure, such as revenue")
    rows.add_argument(
        "--where",
        metavar="D=K",
        action="append",
        default=[],
        help="dimension and key of a slice, such as region=West; may stand several times",
    )
    rows.set_defaults(act=_rows, fail=rows.error)

    check = commands.add_parser(
        "check", parents=[facts, answer], help="list what is wrong with the files of a folder"
    )
    check.set_defaults(act=_check, fail=check.error)

    tables = commands.add_parser(
        "tables", parents=[facts, seen], help="write tidy tables for other tools into a folder"
    )
    tables.add_argument("--into", metavar="FOLDER", type=Path, required=True, help="a new folder")
    tables.add_argument(
        "--as", dest="form", choices=("csv", "parquet"), default="csv", help="default: csv"
    )
    tables.add_argument("--by", metavar="DIMENSIONS", help=_BY)
    tables.add_argument(
        "--replace", action="store_true", help="let the files of an earlier set give way"
    )
    tables.set_defaults(act=_tables, fail=tables.error)
    return parser


_BY = "what to slice figures by, such as product,rep"
_PLAYBOOK = "rules and funnels of the business: a JSON file, or standard; default: none"
_WORKING = "JSON file of the working days and hours that service limits of stages count in"


def _facts_options() -> argparse.ArgumentParser:
    """Return what says where the facts are."""
    facts = argparse.ArgumentParser(add_help=False)
    facts.add_argument("folder", metavar="FOLDER", help="folder of CSV files, or an .xlsx workbook")
    facts.add_argument(
        "--profile",
        metavar="P",
        help="how to read foreign files: a JSON file, or one of " + ", ".join(shipped_profiles()),
    )
    facts.add_argument(
        "--encoding", metavar="E", help="encoding of the files, such as gb18030; default: UTF-8"
    )
    facts.add_argument(
        "--faulty",
        choices=("refuse", "null"),
        help="what a bad cell that may be empty costs in our own layout: its row, or itself; "
        "default: refuse",
    )
    facts.add_argument(
        "--custom-fields", metavar="F", type=Path, help="JSON file of the fields you registered"
    )
    return facts


def _answer_options() -> argparse.ArgumentParser:
    """Return what says in which form the answer is written, and where it goes."""
    answer = argparse.ArgumentParser(add_help=False)
    answer.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    answer.add_argument(
        "--out", metavar="F", type=Path, help="file to write to instead of the screen"
    )
    return answer


def _language_option() -> argparse.ArgumentParser:
    """Return what says in which language labels are written."""
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument(
        "--lang",
        choices=[one.value for one in Language],
        default=Language.EN.value,
        help="language of the labels; default: en",
    )
    return language


def _seen_options() -> argparse.ArgumentParser:
    """Return what says how the facts are seen: when, in which calendar and currency."""
    seen = argparse.ArgumentParser(add_help=False)
    seen.add_argument(
        "--as-of", metavar="D", help="last day whose facts are seen, such as 2017-12-31"
    )
    seen.add_argument(
        "--during", metavar="T", help="2017, 2017-Q4, 2017-12, 2017-W50 or first..last day"
    )
    seen.add_argument(
        "--calendar",
        metavar="C",
        default="gregorian",
        help="gregorian, gregorian-04 for years from April (gregorian-04-last where they bear the "
        "number of the year they end in), nrf, iso, or a JSON file",
    )
    seen.add_argument("--currency", metavar="C", help="reporting currency, such as USD")
    seen.add_argument(
        "--rates", metavar="F", type=Path, help="CSV file laid out like exchange_rates.csv"
    )
    seen.add_argument(
        "--rate-policy",
        choices=[one.value for one in RateChoice],
        default=RateChoice.EVENT_DATE.value,
        help="which rate a row is converted at; default: that of its own date",
    )
    seen.add_argument(
        "--max-rate-age",
        metavar="DAYS",
        type=int,
        help="most days that a rate may be old; default: any age",
    )
    return seen


def _review(options: argparse.Namespace) -> int:
    calendar = _calendar(options.calendar)
    during = None if options.during is None else calendar.parse(options.during)
    as_of = None if options.as_of is None else parse_date(options.as_of)
    path: Path | None = options.working_calendar
    imported = _read_with_rates(options)
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
        rates=_policy(options, imported.book, calendar, as_of),
        by=_dimensions(options.by),
        playbook=_playbook(options.playbook, imported.book),
        working=None if path is None else WorkingCalendar.from_data(_document(path)),
        findings=imported.findings,
        files=imported.files,
    )
    language = Language(options.lang)
    if options.format == "json":
        _write(options, _json(options, review_data(review, language)))
    else:
        _write(options, review_text(review, language))
    return 0


def _playbook(text: str | None, book: SalesBook) -> Playbook | None:
    """Return the rules behind `--playbook`."""
    if text is None:
        return None
    if text == STANDARD_PLAYBOOK.name:
        return standard_playbook(Facts.of(book))
    path = Path(text)
    return Playbook.from_data(_document(path), path.name)


def _dimensions(text: str | None) -> list[str] | None:
    """Return the names behind `--by`."""
    return None if text is None else [name.strip() for name in text.split(",")]


def _rows(options: argparse.Namespace) -> int:
    where: dict[str, str | None] = {}
    for text in options.where:
        name, sign, key = text.partition("=")
        if not sign:
            raise InvalidValue("--where", text, "write a dimension and a key, such as region=West")
        if name.strip() in where:
            raise InvalidValue("--where", text, f"{name.strip()} stands there already")
        where[name.strip()] = key.strip() or None
    facts, during = _facts(options)
    found = trace(options.figure, facts, during=during, where=where)
    if options.format == "json":
        _write(options, _json(options, trace_data(found)))
    else:
        _write(options, trace_text(found, Language(options.lang)))
    return 0


def _tables(options: argparse.Namespace) -> int:
    facts, during = _facts(options)
    names = write_tables(
        facts,
        options.into,
        during=during,
        by=_dimensions(options.by),
        format=options.form,
        replace=options.replace,
    )
    _show("".join(f"{name}\n" for name in names))
    return 0


def _facts(options: argparse.Namespace) -> tuple[Facts, Period | None]:
    """Return the fact tables asked for, and the period."""
    calendar = _calendar(options.calendar)
    during = None if options.during is None else calendar.parse(options.during)
    book = _read_with_rates(options).book
    as_of = book.last_known if options.as_of is None else parse_date(options.as_of)
    facts = Facts.of(
        book,
        currency=options.currency,
        rates=_policy(options, book, calendar, as_of),
        calendar=calendar,
        as_of=as_of,
    )
    return facts, during


def _policy(
    options: argparse.Namespace, book: SalesBook, calendar: Calendar, as_of: date | None
) -> RatePolicy | RateChoice:
    """Return which exchange rates rows are converted at."""
    choice = RateChoice(options.rate_policy)
    if options.max_rate_age is None:
        return choice
    currency = options.currency or book.currency
    return book_rates(book, currency, choice, calendar, as_of, options.max_rate_age)


def _calendar(text: str) -> Calendar:
    """Return the calendar of a name, or that in a JSON file."""
    path = Path(text)
    if path.suffix == ".json" or path.is_file():
        return Calendar.from_data(_document(path))
    return Calendar.named(text)


def _read_with_rates(options: argparse.Namespace) -> Import:
    """Return what the folder holds, with the rates of `--rates`."""
    imported = _read(options)
    if options.rates is None:
        return imported
    given = read_rates(options.rates, encoding=options.encoding)
    return add_rates(imported, given, options.rates.name)


def _check(options: argparse.Namespace) -> int:
    imported = _read(options)
    findings = imported.check()
    if options.format == "json":
        _write(options, _json(options, check_data(imported)))
    else:
        _write(options, check_text(imported))
    return FAULTY if any(one.severity is Severity.ERROR for one in findings) else 0


def _read(options: argparse.Namespace) -> Import:
    read = partial(
        read_folder,
        options.folder,
        options.profile,
        encoding=options.encoding,
        custom_fields=_custom_fields(options.custom_fields),
        faulty=options.faulty,
    )
    if not sys.stderr.isatty():
        return read()

    def progress(file: str, rows: int) -> None:
        print(f"\r{file}: {rows:,} rows\033[K", end="", file=sys.stderr, flush=True)

    try:
        return read(progress=progress)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _custom_fields(path: Path | None) -> CustomFields | None:
    return None if path is None else CustomFields.from_data(_document(path), path.name)


def _document(path: Path) -> object:
    """Return the plain data in a JSON file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise ImportRefused(str(path), "expected a UTF-8 text file") from error
    return parse_json(text, path.name)


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
        _show(text)
    else:
        options.out.write_text(text, encoding="utf-8", newline="\n")


def _show(text: str) -> None:
    sys.stdout.write(_printable(text))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
