from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.entities import RECORD_TABLES, record_table
from salescore.plain import Field, FieldTable, Kind
from tools import write_tables

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(
    page for page in DOCS.rglob("*.md") if "<!-- begin " in page.read_text(encoding="utf-8")
)
RECORDED = "Known from `recorded_at`, else "
OLD = "# Page\n\nBefore.\n\n<!-- begin files: by a tool -->\nold\n<!-- end files -->\n\nAfter.\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_tables_of_a_page_are_in_step(page: Path) -> None:
    """Tables in the documentation are what the code says now."""
    text = page.read_text(encoding="utf-8")
    in_step = text == write_tables.filled(text)
    assert in_step, f"{page.name} is out of step: run python tools/write_tables.py"


def test_every_table_stands_in_one_page_between_two_marks() -> None:
    """No mark is misspelt or without its other half, and no table is without a page."""
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    begun = sum(text.count("<!-- begin ") for text in texts)
    ended = sum(text.count("<!-- end ") for text in texts)
    found = [match["name"] for text in texts for match in write_tables.BETWEEN.finditer(text)]
    assert sorted(found) == sorted(write_tables.MAKERS)
    assert begun == ended == len(found)


def test_only_what_stands_between_the_marks_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tool keeps the words around a table, names what it wrote, and writes nothing twice."""
    page = tmp_path / "page.md"
    page.write_text(OLD, encoding="utf-8")
    assert write_tables.main(tmp_path) == 0
    assert capsys.readouterr().out == "page.md: tables written\n"
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Page\n\nBefore.\n\n<!-- begin files: by a tool -->\n\n| file ")
    assert text.endswith(" |\n\n<!-- end files -->\n\nAfter.\n")
    assert "`order_lines.csv`" in text
    assert "old" not in text.split("Before.")[1].split("|")[0]
    assert write_tables.main(tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_columns_line_up_also_under_wide_signs() -> None:
    """A table can be read as it stands in the file: a Chinese sign is two columns wide."""
    assert write_tables.table(["a", "b"], [["客户", "long text"], ["", "x"]]) == (
        "| a    | b |\n| ---- | --- |\n| 客户 | long text |\n| –    | x |"
    )


@pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
def test_every_field_of_a_record_has_its_words(table: FieldTable) -> None:
    """A docstring tells of each field of its class, in their order, and says what null is."""
    words = write_tables.attributes(write_tables.of(table))
    assert tuple(words) == (*table.names, "custom")
    silent = [one.name for one in table.fields if one.nullable and "`None`" not in words[one.name]]
    assert not silent, f"{table.name} do not say what null means in {silent}"


def test_words_over_several_lines_are_one_sentence() -> None:
    """What a docstring breaks for its width stands on one line of the table."""

    class Thing:
        """
        A thing.

        Attributes:
            id: What others call it.
            size: How large it is; `None` when nobody
                measured it.
        """

    assert write_tables.attributes(Thing) == {
        "id": "What others call it.",
        "size": "How large it is; `None` when nobody measured it.",
    }


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({}, []),
        ({"minimum": Decimal(0)}, ["at least 0"]),
        ({"minimum": Decimal(0), "is_above_minimum": True}, ["above 0"]),
        ({"maximum": Decimal(5)}, ["at most 5"]),
        ({"minimum": Decimal(0), "maximum": Decimal(1)}, ["0 to 1"]),
    ],
)
def test_ranges_are_told_in_words(limits: dict[str, Any], said: list[str]) -> None:
    """A number with a bound on one side says which side, and whether the bound is allowed."""
    field = Field(name="a", kind=Kind.DECIMAL, nullable=True, labels=("A", "甲"), **limits)
    assert write_tables.limits(field) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("teams", "Known always."),
        ("returns", f"{RECORDED}from `returned_on`."),
        ("return_lines", "Known together with the records behind `return_id`, `order_line_id`."),
        ("order_lines", "Known together with the record behind `order_id`."),
        ("customers", f"{RECORDED}from `created_on`, else always."),
        (
            "allocations",
            f"{RECORDED}from `allocated_on`, else together with the record behind `payment_id`.",
        ),
        ("targets", f"{RECORDED}from `set_on`, else always."),
        ("territory_assignments", f"{RECORDED}from the earliest of `starts_on`, `ends_on`."),
    ],
)
def test_the_date_that_makes_a_record_known_is_told(name: str, said: str) -> None:
    """A record is known from its recording, its earliest happening, or what it refers to."""
    assert write_tables.known(record_table(name)) == said


def test_dates_of_what_happened_are_told_from_plans() -> None:
    """A due day is marked as a plan, and a value that a date makes known with that date."""
    marks = {one.name: write_tables.marks(one) for one in record_table("orders").fields}
    assert marks["ordered_on"] == ["happened"]
    assert marks["required_on"] == ["plan or term"]
    assert marks["status"] == ["since `voided_on`"]
    assert marks["recorded_at"] == []


def test_every_record_type_stands_under_a_theme() -> None:
    """The contents of the page link to every record type, and each heading is there."""
    page = write_tables.records()
    for table in RECORD_TABLES:
        assert f"[`{table.name}`](#{table.name})" in page.partition("## ")[0]
        assert f"\n\n### `{table.name}`\n\n" in page
    for heading in write_tables.THEMES.values():
        assert f"\n\n## {heading}\n\n" in page
