import importlib
import inspect
import pkgutil
import pydoc
import re
from pathlib import Path

import pytest

import salescore

PAGES = sorted(
    page
    for page in (Path(__file__).parents[2] / "docs" / "reference").glob("*.md")
    if "\n## At a glance\n" in page.read_text(encoding="utf-8")
)

ROOMS = sorted(
    room.name
    for room in pkgutil.iter_modules(salescore.__path__)
    if room.ispkg and not room.name.startswith("_")
)

MOST_HELP = 16_000
"""Most characters of the help on one name: some screens, the largest of values among them."""


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


@pytest.mark.parametrize("door", ROOMS)
def test_the_help_on_a_public_name_can_be_read(door: str) -> None:
    """No default is so large that `help` would print it over hundreds of screens."""
    behind = importlib.import_module(f"salescore.{door}")
    named = [(name, getattr(behind, name)) for name in behind.__all__]
    told = [
        (len(pydoc.render_doc(one, renderer=pydoc.TextDoc())), name)
        for name, one in named
        if inspect.isclass(one) or inspect.isfunction(one)
    ]
    assert not [one for one in told if one[0] > MOST_HELP]
