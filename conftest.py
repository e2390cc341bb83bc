"""
Run the examples in documentation and docstrings as tests.

A fence marked `python` runs; fences marked `console`, `text`, `json` and the like do not.
Blocks of one document share their names, in order, as a reader would type them.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

ROOT = Path(__file__).parent

# Where CI is set, the same code sees the same examples; every other run looks for new ones.
settings.register_profile("default", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile(
    "quick", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a documentation block from the root of the repository, where a reader would stand."""
    monkeypatch.chdir(ROOT)


pages = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["*.md"],
    excludes=["_build/*", "_build/**/*"],
    fixtures=["at_root"],
)
docstrings = Sybil(path="src", parsers=[DocTestParser()], patterns=["*.py"], fixtures=["at_root"])

pytest_collect_file = (pages + docstrings).pytest()
