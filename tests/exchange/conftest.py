"""Folders written for one test, and a check that every import counts all of its rows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from salescore.exchange import Import, Profile, read_folder

Files = dict[str, str | bytes]
Read = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return what writes files and reads the folder; each import obeys the law of rows."""

    def write_and_read(files: Files, profile: Profile | dict[str, object] | None = None) -> Import:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(data)
        if isinstance(profile, dict):
            profile = Profile.parse(json.dumps(profile))
        found = read_folder(tmp_path, profile)
        for file in found.files:
            for one in file.records:
                assert one.read == file.rows
                assert one.read == one.accepted + one.refused + one.merged + one.filtered
        return found

    return write_and_read
