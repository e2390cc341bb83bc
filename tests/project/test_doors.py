import importlib
import re
from pathlib import Path

import pytest

PAGES = sorted(
    page
    for page in (Path(__file__).parents[2] / "docs" / "reference").glob("*.md")
    if "\n## At a glance\n" in page.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_a_room_lists_what_is_public(page: Path) -> None:
    """A name behind a door stands in the overview of its page, and no other does."""
    text = page.read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| (`[^|]+) \|$", text, re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(importlib.import_module(f"salescore.{page.stem}").__all__)


def test_the_rooms_with_many_names_have_an_overview() -> None:
    """The pages above are those of the rooms in which a reader would get lost."""
    assert {"exchange", "plain", "review", "testing", "values"} <= {page.stem for page in PAGES}
