"""The private Postgres of the tests: reachable while it is needed, gone afterwards."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tools.postgres import PostgresMissing, postgres_cluster

pytestmark = pytest.mark.engine


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cluster_answers_and_leaves_nothing_behind(postgres_url: str) -> None:
    """A cluster listens on its own socket, and neither process nor folder outlives the block."""
    with postgres_cluster() as cluster:
        assert cluster.url != postgres_url
        assert cluster.home.is_dir()
        with psycopg.connect(cluster.dsn) as connection:
            asked = connection.execute("show listen_addresses").fetchall()
            assert asked == [("",)]
        process = cluster.process
        assert _is_running(process)
    assert not _is_running(process)
    assert not cluster.home.exists()


def test_a_cluster_sorts_texts_in_english_unless_told_otherwise(postgres_url: str) -> None:
    """A store that forgets to name its order of texts gets another one than that of Python."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        asked = connection.execute("""select 'a' < 'B', 'a' < 'B' collate "C" """).fetchall()
    assert asked == [(True, False)]


@pytest.mark.slow
def test_a_cluster_ends_when_its_starter_is_killed(root: Path) -> None:
    """The shell beside the server ends it when nobody is left to do so."""
    starter = subprocess.Popen(
        [sys.executable, str(root / "tools" / "postgres.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    assert starter.stdin is not None
    home = Path(starter.stdout.readline().strip().partition("host=")[2])
    process = int((home / "data" / "postmaster.pid").read_text().split()[0])
    handle = os.pidfd_open(process)
    try:
        starter.kill()
        starter.wait()
        starter.stdin.close()
        starter.stdout.close()
        ended, _, _ = select.select([handle], [], [], 30)
        assert ended, "the server outlived its starter"
    finally:
        os.close(handle)


def test_a_machine_without_postgres_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither binaries nor a way to install them are found, the error says so."""
    monkeypatch.setattr("tools.postgres._installed", lambda: None)
    monkeypatch.setattr("tools.postgres.shutil.which", lambda _: None)
    with pytest.raises(PostgresMissing, match="package postgresql"), postgres_cluster():
        pass
