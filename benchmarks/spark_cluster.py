"""A standalone Spark on this machine, to be measured: a master and workers of one processor each."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds that a part of the cluster may take to start."""
DEPLOY = "org.apache.spark.deploy"
SETTINGS = """\
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.ui.enabled false
spark.executor.memory 2g
"""


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[tuple[str, dict[str, str]]]:
    """Run a cluster; give its address, and the environment that a program needs to use it.

    Args:
        folder: where its logs and work go.
        workers: how many workers it has.

    Raises:
        SystemExit: a part did not start.
    """
    import pyspark  # noqa: PLC0415 - an extra

    home = Path(pyspark.__file__).parent
    (folder / "conf").mkdir()
    (folder / "conf" / "spark-defaults.conf").write_text(SETTINGS, encoding="utf-8")
    environment = {"SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    parts: list[subprocess.Popen[bytes]] = []

    def start(name: str, ready: bytes, *command: str) -> None:
        log = folder / f"{name}.log"
        with log.open("wb") as sink:
            program = [str(home / "bin" / "spark-class"), *command]
            env = {**os.environ, **environment}
            part = subprocess.Popen(program, stdout=sink, stderr=sink, env=env, start_new_session=True)
        parts.append(part)
        end = time.monotonic() + PATIENCE
        while ready not in log.read_bytes():
            if part.poll() is not None or time.monotonic() > end:
                raise SystemExit(log.read_text("utf-8", "replace")[-2000:])
            time.sleep(0.1)

    try:
        where = ("--host", "127.0.0.1", "--webui-port", "0")
        start("master", b"I have been elected leader", f"{DEPLOY}.master.Master", *where, "--port", str(port))
        for number in range(workers):
            share = ("--cores", "1", "--memory", "2g", "--work-dir", str(folder / f"work{number}"))
            command = (f"{DEPLOY}.worker.Worker", *where, *share, address)
            start(f"worker{number}", b"Successfully registered", *command)
        yield address, environment
    finally:
        for part in reversed(parts):
            if part.poll() is None:
                os.killpg(part.pid, signal.SIGKILL)
            part.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
