"""
Start a private Postgres cluster for tests, and leave nothing behind.

    python tools/postgres.py            # prints a URL and serves until Enter or an end of input
    python tools/postgres.py COMMAND …  # runs a command with the URL in SALESCORE_POSTGRES

The server listens on a socket in its own temporary folder alone. It ends and its folder goes when
the block is left, and also when whoever started it is killed: a small shell beside the server
waits for the end of its input.

Its default order of texts is English, not that of code points, so that a store which forgets to
name its order of texts is seen in tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs

_PATIENCE = 60.0
_GRACE = 10.0
_OWNERS = ("postgres", "nobody")
_WATCH = (
    'home=$1; shift; "$@" </dev/null >"$home/log" 2>&1 & server=$!; '
    'read -r _; kill -INT "$server" 2>/dev/null; wait "$server"; rm -rf -- "$home"'
)
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_PRIVATE = {"listen_addresses": "", "max_connections": "60", "shared_buffers": "64MB"}


class PostgresMissing(RuntimeError):
    """There is no Postgres on this machine, and it cannot be installed; the text says why."""


@attrs.frozen(kw_only=True)
class Cluster:
    """
    A running server.

    Attributes:
        url: URL for SQLAlchemy with psycopg.
        dsn: Connection text for psycopg itself.
        home: Folder of the socket, the log and the data.
    """

    url: str
    dsn: str
    home: Path

    @property
    def process(self) -> int:
        """Return the id of the server's first process."""
        return _process(self.home)


@contextmanager
def postgres_cluster(
    *, is_safe: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """
    Run a private cluster for the time of a block.

    Args:
        is_safe: Whether it syncs like a server in earnest; tests of what is asked, rather than of
            what is kept, need not wait for the disk.
        settings: Further settings of the server.

    Raises:
        PostgresMissing: There are no binaries, or the server did not come up.
    """
    binaries = _binaries()
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="salescore-pg-"))
    all_settings = {**_PRIVATE, **({} if is_safe else _FAST), **(settings or {})}
    try:
        if owner is not None:
            shutil.chown(home, owner.pw_uid, owner.pw_gid)
        _initialise(binaries, home, owner)
        options = [
            part for name, value in all_settings.items() for part in ("-c", f"{name}={value}")
        ]
        shell = ("/bin/sh", "-c", _WATCH, "sh", str(home))
        watch = _start(
            [
                *shell,
                str(binaries / "postgres"),
                "-D",
                str(home / "data"),
                "-k",
                str(home),
                *options,
            ],
            home,
            owner,
        )
        try:
            _await_ready(home, watch)
            yield Cluster(
                url=f"postgresql+psycopg://postgres@/postgres?host={home}",
                dsn=f"host={home} user=postgres dbname=postgres",
                home=home,
            )
        finally:
            _end(watch, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _initialise(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> None:
    plain = [str(binaries / "initdb"), "-D", str(home / "data"), "--username=postgres"]
    plain += ["--auth=trust", "--encoding=UTF8", "--no-sync"]
    english = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"]
    made = _run([*plain, *english], home, owner)
    if made.returncode != 0:  # before version 15, or built without ICU
        shutil.rmtree(home / "data", ignore_errors=True)
        made = _run([*plain, "--locale=C"], home, owner)
    if made.returncode != 0:
        raise PostgresMissing(f"initdb failed: {made.stderr.strip()[-500:]}")


def _binaries() -> Path:
    """Return the folder with initdb and postgres, installing them where that is possible."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = _installed()
    if found is None:
        raise PostgresMissing(
            "neither PATH nor /usr/lib/postgresql has initdb and postgres, and they can be "
            "installed only by root with apt-get (package postgresql)"
        )
    return found


def _installed() -> Path | None:
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda one: float(one.parent.name), reverse=True)
    for folder in folders:
        if all((folder / name).is_file() for name in ("initdb", "postgres")):
            return folder
    return None


def _install() -> None:
    """Install Debian's packages, without the cluster that they would make and start."""
    configured = Path("/etc/postgresql-common/createcluster.conf")
    if not configured.exists():
        configured.parent.mkdir(parents=True, exist_ok=True)
        configured.write_text("create_main_cluster = false\n", encoding="utf-8")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
        done = subprocess.run(  # noqa: S603 - our own words
            [*apt, *step], env=quiet, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise PostgresMissing(f"{' '.join(['apt-get', *step])}: {done.stderr.strip()[-500:]}")


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server belongs to where root starts it, for it refuses root itself."""
    if os.geteuid() != 0:
        return None
    for name in _OWNERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing(f"root cannot run it, and there is no user {' or '.join(_OWNERS)}")


def _run(
    command: list[str], home: Path, owner: pwd.struct_passwd | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words
        command,
        cwd=home,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        **_as(owner),
    )


def _start(
    command: list[str], home: Path, owner: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd=home,
        env=_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_as(owner),
    )


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}


def _await_ready(home: Path, watch: subprocess.Popen[bytes]) -> None:
    state = home / "data" / "postmaster.pid"
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        lines = state.read_text().splitlines() if state.exists() else []
        if len(lines) > 7 and lines[7].strip() == "ready":  # noqa: PLR2004 - the line of the state
            return
        if watch.poll() is not None:
            break
        time.sleep(0.02)
    log = home / "log"
    said = log.read_text(errors="replace")[-500:] if log.exists() else "it said nothing"
    raise PostgresMissing(f"the server did not come up: {said}")


def _end(watch: subprocess.Popen[bytes], home: Path) -> None:
    """Let the shell end the server; where it takes long, end the server by its id at once."""
    if watch.stdin is not None:
        watch.stdin.close()
    for urge in (signal.SIGQUIT, signal.SIGKILL):
        try:
            watch.wait(_GRACE)
        except subprocess.TimeoutExpired:
            with suppress(OSError, ValueError):
                os.kill(_process(home), urge)
        else:
            return
    watch.kill()
    watch.wait()


def _process(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def main(command: list[str]) -> int:
    """Serve until the input ends, or for the time of a command."""
    with postgres_cluster() as cluster:
        if command:
            known = {**os.environ, "SALESCORE_POSTGRES": cluster.url}
            return subprocess.run(command, env=known, check=False).returncode  # noqa: S603 - as typed
        print(cluster.url, flush=True)
        sys.stdin.readline()
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
