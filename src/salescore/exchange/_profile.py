"""Profiles: how the files of one system are laid out, as data."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import attrs

from salescore.entities import RECORD_TABLES, StageKind, record_table
from salescore.errors import ImportRefused, UnknownName
from salescore.exchange._cells import OURS, Fault, no_currency, read_text, target_of
from salescore.exchange._layout import Column, FileRule, RecordRule, Stage
from salescore.exchange._parse import Context, read_file
from salescore.exchange._strict import Node
from salescore.plain import FieldTable, parse_json
from salescore.values import is_currency

PROFILE_SCHEMA = "salescore/profile/1"
PROFILE_KEYS = (
    "schema",
    "name",
    "title",
    "source",
    "currency",
    "stages",
    "unmapped",
    "notes",
    "files",
)
UNMAPPED = ("ignore", "warn")
_SCHEMA_FILE = "profile.schema.json"


@attrs.frozen(kw_only=True)
class Profile:
    """
    How the files of one system become records.

    Attributes:
        name: Short name, such as `superstore`.
        title: What it reads, for people.
        files: The files, in the order in which they are read.
        source: Where such files come from; `None` when unsaid.
        currency: Currency of money whose row names none; `None` where every row names its own.
        stages: What the stages of opportunities stand for; empty where the rows say it.
        warns_of_unmapped: Whether files and columns that are not read are worth a warning.
        notes: What a reader must know of the facts it makes; each import carries them as findings.
    """

    name: str
    title: str
    files: tuple[FileRule, ...]
    source: str | None = None
    currency: str | None = None
    stages: tuple[Stage, ...] = ()
    warns_of_unmapped: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, name: str = "profile") -> Profile:
        """
        Return the profile that a JSON text describes.

        Args:
            text: The text.
            name: What the text is, for error messages.

        Returns:
            The profile; every record in it has all its required fields.

        Raises:
            InvalidDocument: The text is not JSON, or no profile; the error names the place.
        """
        return _profile(Node(parse_json(text, name), ""))

    @classmethod
    def load(cls, name_or_path: str | Path) -> Profile:
        """
        Return a shipped profile by name, or the profile in a JSON file.

        Args:
            name_or_path: A name such as `superstore`, or the path of a JSON file; where both
                exist, the shipped profile is meant.

        Returns:
            The profile.

        Raises:
            UnknownName: There is no shipped profile of that name, and no such file.
            ImportRefused: The file cannot be read.
            InvalidDocument: The file holds no profile.
        """
        if isinstance(name_or_path, str) and name_or_path in shipped_profiles():
            file = resources.files("salescore.exchange") / "profiles" / f"{name_or_path}.json"
            return cls.parse(file.read_text(encoding="utf-8"), name_or_path)
        path = Path(name_or_path)
        if not path.is_file():
            raise UnknownName("profile or file", str(name_or_path), shipped_profiles())
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError) as error:
            raise ImportRefused(str(path), f"expected a UTF-8 text file; {error}") from error
        return cls.parse(text, path.name)


def shipped_profiles() -> tuple[str, ...]:
    """
    Return the names of the profiles that come with the library, sorted.

    Examples:
        >>> shipped_profiles()
        ('maven_crm', 'superstore')
    """
    folder = resources.files("salescore.exchange") / "profiles"
    return tuple(
        sorted(
            entry.name.removesuffix(".json")
            for entry in folder.iterdir()
            if entry.name.endswith(".json") and entry.name != _SCHEMA_FILE
        )
    )


def _profile(node: Node) -> Profile:
    top = node.object(PROFILE_KEYS, required=("schema", "name", "title", "files"))
    top["schema"].choice((PROFILE_SCHEMA,), "profile schema")
    currency = top["currency"].text() if "currency" in top else None
    if currency is not None and not is_currency(currency):
        top["currency"].refuse(no_currency(currency))
    stages = tuple(_stage(*pair) for pair in top["stages"].pairs()) if "stages" in top else ()
    files = dict(top["files"].pairs())
    if not files:
        top["files"].refuse("it must name at least one file")
    context = Context(tuple(files), currency, stages)
    rules = tuple(read_file(file, below, context) for file, below in files.items())
    looked_up = {one.file for rule in rules for one in rule.lookups}
    for rule in rules:
        if not rule.records and rule.file not in looked_up:
            fault = "it must name at least one record, for no other file looks anything up here"
            files[rule.file].below("records", []).refuse(fault)
    unmapped = top["unmapped"].choice(UNMAPPED, "choice") if "unmapped" in top else UNMAPPED[0]
    return Profile(
        name=top["name"].text(),
        title=top["title"].text(),
        source=top["source"].text() if "source" in top else None,
        currency=currency,
        stages=stages,
        files=rules,
        warns_of_unmapped=unmapped == "warn",
        notes=tuple(one.text() for one in top["notes"].items()) if "notes" in top else (),
    )


def _stage(name: str, node: Node) -> Stage:
    keys = node.object(("kind", "probability"), required=("kind",))
    kind = keys["kind"].choice([kind.value for kind in StageKind], "stage kind")
    if "probability" not in keys:
        return Stage(name, kind)
    probability = keys["probability"].text_or_null()
    if probability is not None:
        found = read_text(probability, _PROBABILITY, OURS, None)
        if isinstance(found, Fault):
            keys["probability"].refuse(found.cells[0].message)
    return Stage(name, kind, probability)


_PROBABILITY = target_of(record_table("opportunities"), "probability")


def _canonical() -> Profile:
    """Return the profile of our own layout: one file per record type, columns named like fields."""
    return Profile(
        name="canonical",
        title="Folder of facts: one CSV file per record type, columns named like fields",
        warns_of_unmapped=True,
        files=tuple(
            FileRule(
                file=f"{table.name}.csv",
                optional=True,
                records=(
                    RecordRule(
                        record=table.name,
                        fields=tuple(
                            (name, Column(name, optional=_may_lack(table, name)))
                            for name in table.csv_columns
                        ),
                    ),
                ),
            )
            for table in RECORD_TABLES
        ),
    )


def _may_lack(table: FieldTable, name: str) -> bool:
    """Return whether a column of our own layout may be missing."""
    if name in table:
        return table.field(name).nullable
    return all(table.field(money).nullable for money in table.money_fields)


#: Our own layout, read like any other.
CANONICAL: Profile = _canonical()
