"""Suggestions: files of another system are told which shipped profile reads them."""

from pathlib import Path

import pytest

from salescore.errors import ImportRefused
from salescore.exchange import read_folder

DEALS = "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Deal owner,Associated Company"
NEEDED = "files of another system need a profile (profile= or --profile)"


@pytest.mark.parametrize(
    ("files", "profile", "end"),
    [
        ({"superstore.csv": "a\n"}, None, f"; {NEEDED}: here 'superstore'"),
        ({"deals.csv": f"{DEALS}\n"}, None, f"; {NEEDED}: here 'hubspot_export'"),
        (
            {"deals.csv": "a\n"},
            None,
            f"; {NEEDED}: here 'hubspot_export' or 'pipedrive' or 'zoho'",
        ),
        ({"superstore.csv": ""}, None, f"; {NEEDED}: here 'superstore'"),
        ({"x.csv": ""}, None, f"'x.csv'; {NEEDED}"),
        ({"superstore.csv": "a\n"}, "zoho", "; the profile 'superstore' knows such a name"),
        ({"x.csv": ""}, "zoho", "; the .csv files in it are 'x.csv'"),
    ],
)
def test_refusal(tmp_path: Path, files: dict[str, str], profile: str | None, end: str) -> None:
    """A profile is named if its files are there, and before others if its headings are."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ImportRefused) as caught:
        read_folder(tmp_path, profile)
    assert str(caught.value).endswith(end)
