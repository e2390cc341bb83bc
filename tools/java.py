"""Java for PySpark: where it is, Debian's package of it, and a local session that ends cleanly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGE = "default-jre-headless"
_PATIENCE = ("-o", "DPkg::Lock::Timeout=300")


def java() -> str | None:
    """Return the path of Java, or `None` where there is none."""
    home = os.environ.get("JAVA_HOME")
    own = None if home is None else shutil.which("java", path=os.path.join(home, "bin"))  # noqa: PTH118 - a search path is text
    return own or shutil.which("java")


def install() -> str | None:
    """Return the path of Java, installed first where it is absent; `None` where nobody may."""
    found = java()
    apt = shutil.which("apt-get")
    if found is not None or apt is None or os.geteuid() != 0:
        return found
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for act in (("update",), ("install", "--yes", "--no-install-recommends", PACKAGE)):
        # Standard output is kept free; what apt says goes where errors go.
        subprocess.run((apt, "-qq", *_PATIENCE, *act), env=quiet, stdout=sys.stderr, check=False)  # noqa: S603 - a fixed command
    return java()


@contextmanager
def spark_session(folder: Path, threads: int = 2) -> Iterator[Any]:
    """
    Open a Spark session on this machine alone, and end it together with its Java.

    Java hangs on a pipe of this process, so it ends also where the process is killed.

    Args:
        folder: Where Spark may write.
        threads: Partitions worked on at the same time.
    """
    from pyspark import SparkContext  # noqa: PLC0415 - finding Java needs no Spark
    from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = SparkSession.builder.master(f"local[{threads}]").appName("salescore")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            process = SparkContext._gateway.proc  # noqa: SLF001 - Spark offers no other way to it
            session.stop()
            SparkContext._gateway.shutdown()  # noqa: SLF001 - as above
            SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - a later session starts anew
            process.stdin.close()
            process.wait(timeout=60)


def main() -> int:
    """Print where Java is; fail where there is none."""
    found = install()
    if found is None:
        print(f"there is no Java here; install it, on Debian the package {PACKAGE}")
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
