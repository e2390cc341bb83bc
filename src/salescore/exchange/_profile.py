"""Profiles: how the files of one system are laid out, as data."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import attrs

from salescore.entities import RECORD_TABLES, StageKind, record_table
from salescore.errors import ImportRefused, UnknownName
from salescore.exchange._cells import OURS, Fault, no_currency, read_text, target_of
from salescore.exchange._layout import (
    Column,
    Constant,
    FileRule,
    First,
    Join,
    RecordRule,
    Stage,
    Value,
)
from salescore.exchange._parse import read_file
from salescore.exchange._values import FAULTY, Context, read_zone
from salescore.plain import CustomFields, FieldTable, Node, parse_json
from salescore.values import RateKind, is_currency

PROFILE_SCHEMA = "salescore/profile/1"
PROFILE_KEYS = (
    "schema",
    "name",
    "title",
    "source",
    "currency",
    "stages",
    "headings",
    "faulty",
    "booleans",
    "zone",
    "day_zone",
    "unmapped",
    "notes",
    "files",
)
HEADINGS = ("exact", "folded")
UNMAPPED = ("ignore", "warn")
_SCHEMA_FILE = "profile.schema.json"
_NONE = CustomFields()


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
        custom_fields: Fields of records that an application registered, which its files may hold.
    """

    name: str
    title: str
    files: tuple[FileRule, ...]
    source: str | None = None
    currency: str | None = None
    stages: tuple[Stage, ...] = ()
    warns_of_unmapped: bool = False
    notes: tuple[str, ...] = ()
    custom_fields: CustomFields = _NONE

    @property
    def is_own(self) -> bool:
        """Whether it is that of our own layout."""
        return all(rule.guarded for rule in self.files)

    @classmethod
    def parse(
        cls, text: str, name: str = "profile", *, custom_fields: CustomFields | None = None
    ) -> Profile:
        """
        Return the profile that a JSON text describes.

        Args:
            text: The text.
            name: What the text is, for error messages.
            custom_fields: Fields that an application registered, which the profile may name;
                `None` for none.

        Returns:
            The profile; every record in it has all its required fields.

        Raises:
            InvalidDocument: The text is not JSON, or no profile; the error names the place.
            InvalidValue: A registered field has the name of one of our own.
        """
        return _profile(Node(parse_json(text, name), ""), custom_fields or _NONE)

    @classmethod
    def load(
        cls, name_or_path: str | Path, *, custom_fields: CustomFields | None = None
    ) -> Profile:
        """
        Return a shipped profile by name, or the profile in a JSON file.

        Args:
            name_or_path: A name such as `superstore`, or the path of a JSON file; where both
                exist, the shipped profile is meant.
            custom_fields: Fields that an application registered, which the profile may name;
                `None` for none.

        Returns:
            The profile.

        Raises:
            InvalidValue: A registered field has the name of one of our own.
            UnknownName: There is no shipped profile of that name, and no such file.
            ImportRefused: The file cannot be read.
            InvalidDocument: The file holds no profile.
        """
        if isinstance(name_or_path, str) and name_or_path in shipped_profiles():
            file = resources.files("salescore.exchange") / "profiles" / f"{name_or_path}.json"
            text = file.read_text(encoding="utf-8")
            return cls.parse(text, name_or_path, custom_fields=custom_fields)
        path = Path(name_or_path)
        if not path.is_file():
            raise UnknownName("profile or file", str(name_or_path), shipped_profiles())
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError) as error:
            raise ImportRefused(str(path), f"expected a UTF-8 text file; {error}") from error
        return cls.parse(text, path.name, custom_fields=custom_fields)

    def keeping_deleted(self) -> Profile:
        """Return the same profile, which reads rows marked as deleted like any other."""
        files = tuple(
            attrs.evolve(rule, filters=tuple(one for one in rule.filters if not one.is_deletion))
            for rule in self.files
        )
        return attrs.evolve(self, files=files)


def canonical_with(
    custom_fields: CustomFields, *, faulty: Literal["refuse", "null"] | None = None
) -> Profile:
    """
    Return the profile of our own layout with a column for each registered field.

    Args:
        custom_fields: Fields that an application registered.
        faulty: Whether a fault in a cell that may be empty refuses its row, or empties the cell
            (`null`); `None` for `refuse`.

    Raises:
        InvalidValue: A registered field has the name of one of our own.
        UnknownName: There is no such way with faults.

    Examples:
        >>> canonical_with(CustomFields()) == CANONICAL
        True
    """
    if faulty not in (None, *FAULTY):
        raise UnknownName("way with faults", faulty, FAULTY)
    if not custom_fields.tables and faulty != "null":
        return CANONICAL
    return _canonical(custom_fields, is_nulled=faulty == "null")


def shipped_profiles() -> tuple[str, ...]:
    """
    Return the names of the profiles that come with the library, sorted.

    Examples:
        >>> "salesforce" in shipped_profiles()
        True
    """
    folder = resources.files("salescore.exchange") / "profiles"
    return tuple(
        sorted(
            entry.name.removesuffix(".json")
            for entry in folder.iterdir()
            if entry.name.endswith(".json") and entry.name != _SCHEMA_FILE
        )
    )


def _profile(node: Node, custom_fields: CustomFields) -> Profile:
    top = node.object(PROFILE_KEYS, required=("schema", "name", "title", "files"))
    top["schema"].choice((PROFILE_SCHEMA,), "profile schema")
    currency = top["currency"].text() if "currency" in top else None
    if currency is not None and not is_currency(currency):
        top["currency"].refuse(no_currency(currency))
    stages = tuple(_stage(*pair) for pair in top["stages"].pairs()) if "stages" in top else ()
    files = dict(top["files"].pairs())
    if not files:
        top["files"].refuse("it must name at least one file")
    context = Context(
        files=tuple(files),
        currency=currency,
        stages=stages,
        custom_fields=custom_fields,
        is_nulled="faulty" in top and top["faulty"].choice(FAULTY, "choice") == "null",
        is_folded="headings" in top and top["headings"].choice(HEADINGS, "choice") == "folded",
        booleans=_booleans(top["booleans"]) if "booleans" in top else (),
        zone=read_zone(top["zone"]) if "zone" in top else None,
        day_zone=read_zone(top["day_zone"]) if "day_zone" in top else None,
    )
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
        custom_fields=custom_fields,
    )


def _booleans(node: Node) -> tuple[tuple[str, bool], ...]:
    keys = node.object(("true", "false"))
    found = tuple((text, word == "true") for word in keys for text in keys[word].texts())
    if len({text for text, _ in found}) < len(found) or "" in dict(found):
        node.refuse("a text is either true or false, and none is empty")
    return found


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


#: What identifies a record of our own layout without an id: no two may agree in all of it.
_NATURAL_KEYS: dict[str, tuple[Value, ...]] = {
    "exchange_rates": (
        Column("base"),
        Column("quote"),
        First((Column("kind", optional=True), Constant(RateKind.SPOT.value))),
        Column("valid_from"),
        First((Column("source", optional=True), Constant("-"))),
    ),
    "market_sizes": (
        Column("starts_on"),
        Column("ends_on"),
        *(
            First((Column(name, optional=True), Constant("-")))
            for name in ("region", "segment", "product_family", "basis", "source")
        ),
    ),
}


def _canonical(custom_fields: CustomFields, *, is_nulled: bool) -> Profile:
    """Return the profile of our own layout: one file per record type, columns named like fields."""
    tables = tuple(map(custom_fields.extend, RECORD_TABLES))
    return Profile(
        name="canonical",
        title="Folder of facts: one CSV file per record type, columns named like fields",
        warns_of_unmapped=True,
        custom_fields=custom_fields,
        files=tuple(
            FileRule(
                file=f"{table.name}.csv",
                optional=True,
                guarded=True,
                records=(
                    RecordRule(
                        record=table.name,
                        fields=tuple((name, _own(table, name)) for name in table.csv_columns),
                        nulled=frozenset(one.name for one in table.fields if one.nullable)
                        if is_nulled
                        else frozenset(),
                        custom=table.custom_fields,
                    ),
                ),
            )
            for table in tables
        ),
    )


def _own(table: FieldTable, name: str) -> Value:
    """Return the value of a field in our own layout."""
    if name == "id" and table.name in _NATURAL_KEYS:
        key = Join(_NATURAL_KEYS[table.name], "/")
        return First((Column(name, optional=True), key))
    return Column(name, optional=_may_lack(table, name))


def _may_lack(table: FieldTable, name: str) -> bool:
    """Return whether a column of our own layout may be missing."""
    if name in table:
        return table.field(name).nullable
    return all(table.field(money).nullable for money in table.money_fields)


#: Our own layout, read like any other.
CANONICAL: Profile = _canonical(_NONE, is_nulled=False)
