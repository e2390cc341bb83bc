from pathlib import Path

import pytest

from tools import write_tables

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(
    page for page in DOCS.rglob("*.md") if "<!-- begin " in page.read_text(encoding="utf-8")
)
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
