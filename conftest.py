"""
Run the examples in documentation and docstrings as tests.

A fence marked `python` runs; fences marked `console`, `text`, `json` and the like do not.
Blocks of one document share their names, in order, as a reader would type them.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def java_path() -> str:
    """Return the path of Java, which Spark needs; skipped or failed as `postgres_url` is."""
    from tools import java  # noqa: PLC0415 - only tests of Spark ask for Java

    found = java.install()
    if found is None:
        if os.environ.get("SALESCORE_REQUIRE_SHARED") == "1":
            pytest.fail("SALESCORE_REQUIRE_SHARED=1, yet there is no Java", pytrace=False)
        pytest.skip(f"needs Java, such as the package {java.PACKAGE}")
    return found


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory, java_path: str) -> Iterator[Any]:  # noqa: ARG001 - Java must be there
    """Return a Spark session of two local threads; it and its Java end with the tests."""
    from tools import java  # noqa: PLC0415 - only tests of Spark ask for Java

    with java.spark_session(tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """
    Return the SQLAlchemy URL of a private Postgres, one per worker; a test makes its own schema.

    Skipped where there is no Postgres and none can be installed; a failure where the environment
    requires everything.
    """
    from tools import postgres  # noqa: PLC0415 - only tests that ask a server need it

    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres.postgres_cluster())
        except postgres.PostgresMissing as missing:
            if os.environ.get("SALESCORE_REQUIRE_SHARED") == "1":
                pytest.fail(f"SALESCORE_REQUIRE_SHARED=1, yet {missing}", pytrace=False)
            pytest.skip(f"needs Postgres: {missing}")
        yield cluster.url
