"""A real Spark: on this machine, and as a cluster of a master and two workers of which one is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.batches.spark import SparkError, start_session
from tests.gongkai.commands import gongkai, write_log
from tests.gongkai.test_county_batches import AS_OF, ROOT, judged, province, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow

pyspark = pytest.importorskip("pyspark")
HOME = Path(pyspark.__file__).parent


def waited(said: Callable[[], object], *, seconds: float = 40) -> object:
    """Return what a question gives as soon as it gives anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = said()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("waited in vain")


def started(folder: Path, name: str, *command: str) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a part of the cluster, in a process group of its own; return it, and its log."""
    log = folder / f"{name}.log"
    environment = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [HOME / "bin" / "spark-class", *command],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    return process, log


def _end(process: subprocess.Popen[Any]) -> None:
    """End a process and all that it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


def _says(log: Path, text: bytes) -> bool:
    return text in log.read_bytes()


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a standalone master and two workers of one processor each; give its address and the workers."""
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    package = "org.apache.spark.deploy"
    where = ("--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
    master, log = started(tmp_path, "master", f"{package}.master.Master", *where)
    parts = [master]
    try:
        waited(partial(_says, log, b"I have been elected leader"))
        for number in (1, 2):
            options = ("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0")
            place = ("--work-dir", str(tmp_path / f"work{number}"))
            worker, said = started(tmp_path, f"worker{number}", f"{package}.worker.Worker", *options, *place, address)
            parts.append(worker)
            waited(partial(_says, said, b"Successfully registered"))
        yield address, parts[1:]
    finally:
        for part in reversed(parts):
            _end(part)


def test_a_worker_lost_in_the_middle_changes_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    """The executors get the packed environment; the batches of the lost one are done again, and written once."""
    address, workers = cluster
    province(tmp_path / "events", range(8))
    archive = tmp_path / "environment.tar.gz"
    pack = [sys.executable, "-m", "gongkai.evaluation.counties.spark_environment", str(archive)]
    subprocess.run(pack, check=True, cwd=ROOT, capture_output=True, timeout=60)
    settings = tmp_path / "conf"
    settings.mkdir()
    (settings / "spark-defaults.conf").write_text(
        f"spark.archives {archive}#environment\n"
        "spark.executorEnv.PYTHONPATH environment\n"
        "spark.driver.host 127.0.0.1\nspark.driver.bindAddress 127.0.0.1\nspark.ui.enabled false\n"
        "spark.executor.memory 512m\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "SPARK_CONF_DIR": str(settings), "SPARK_LOCAL_IP": "127.0.0.1"}
    # a Python without this project's libraries: what the executors import comes from the archive
    environment["PYSPARK_PYTHON"] = str(Path(sys.executable).resolve())
    out = tmp_path / "out"
    run = subprocess.Popen(
        [
            *(sys.executable, "-m", "gongkai", "evaluate", "--events", tmp_path / "events", "--as-of", AS_OF),
            *("--out", out, "--engine", "spark", "--master", address, "--batch-events", "1"),
        ],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        written = tmp_path / ".out.batches" / "verdicts"
        waited(lambda: list(written.glob("*/part.parquet")) or run.poll() is not None, seconds=80)
        assert run.poll() is None, run.stderr.read() if run.stderr is not None else ""
        os.killpg(workers[0].pid, signal.SIGKILL)
        _, said = run.communicate(timeout=90)
    finally:
        _end(run)
    assert run.returncode == 0, said
    assert json.loads((out / "run.json").read_text("utf-8"))["engine"] == "spark"
    assert rows(out) == judged(tmp_path / "events", tmp_path / "here")
    assert list(tmp_path.glob("work*/*/*/environment/engine/batches/run.py"))


def test_the_readme_command_runs_on_this_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--engine spark --master "local[2]"` gives the rows of a run without Spark."""
    province(tmp_path / "events", [4, 5, 6], length=150)
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF)
    command = [sys.executable, "-m", "gongkai", *map(str, ask), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--engine", "spark", "--master", "local[2]"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    outcome = gongkai(capsys, *ask, "--out", tmp_path / "here")
    assert outcome.status == 0
    assert rows(tmp_path / "out") == rows(tmp_path / "here")


def test_a_master_that_is_none_is_a_problem_with_a_cure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    province(tmp_path / "events", [1], length=20)
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF, "--out", tmp_path / "out")
    outcome = gongkai(capsys, *ask, "--engine", "spark", "--master", "nowhere")
    assert outcome.status == 2
    assert "--master" in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "out").exists()


def test_the_log_of_one_county_is_judged_here_and_that_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "minzheng", "occurred_at": "2023-05-01"})
    ask = ("evaluate", "--events", log, "--as-of", AS_OF, "--out", tmp_path / "out", "--no-reports")
    outcome = gongkai(capsys, *ask, "--engine", "spark")
    assert outcome.status == 0
    assert "[one-county]" in outcome.err


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkError, match="Java"):
        start_session("local[1]")
