"""
The folder of shared data beside the checkout, and what happens where it is absent.

A test that needs it is marked `shared`; it is skipped only where the folder is absent.
With `SALESCORE_REQUIRE_SHARED=1` in the environment an absent folder is a failure instead.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared data; ask for it only in tests marked `shared`."""
    return SHARED


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a `shared` test where the folder is absent, or fail it where it is required."""
    marked = item.get_closest_marker("shared") is not None
    if "shared" in getattr(item, "fixturenames", ()) and not marked:
        pytest.fail("uses the fixture 'shared' without the mark 'shared'", pytrace=False)
    if marked and not SHARED.is_dir():
        if os.environ.get("SALESCORE_REQUIRE_SHARED") == "1":
            pytest.fail("SALESCORE_REQUIRE_SHARED=1, yet ../shared is absent", pytrace=False)
        pytest.skip("needs ../shared")
