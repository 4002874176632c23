"""The process of a run: a child of the same program, one at a time, so that pages go on while it runs."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from django.db import close_old_connections, transaction

from gongkai.cli.edge.terminal import PROGRESS
from gongkai.console.clock import now
from gongkai.console.folder import RUNS, current
from gongkai.console.models import office_store as rows
from gongkai.console.models.runs import DONE, FAILED, QUEUED, RUNNING
from gongkai.console.office.runs import folder_of, manifest
from gongkai.console.web.errors import keep

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.console.models import CountyRun

_TOLD = 4000
_LANE = threading.Lock()
_POLITE = 10
"""How much a run gives way to pages (`nice`)."""


def start() -> None:
    """Work off the runs that wait, in a thread of its own; does nothing where one is at it."""
    threading.Thread(target=_in_thread, name="runs", daemon=True).start()


def _in_thread() -> None:
    try:
        work_off()
    except Exception as error:  # noqa: BLE001 (the server must live on; the details are kept)
        keep(error)
    finally:
        close_old_connections()


def work_off() -> int:
    """Work off the runs that wait, one after the other, and return how many there were."""
    count = 0
    with _LANE:
        while (run := rows.runs().filter(state=QUEUED).order_by("number").first()) is not None:
            _work(run)
            count += 1
    return count


def recover() -> None:
    """Put runs that a stop of the server broke off back into the queue; nothing of them was written."""
    rows.runs().filter(state=RUNNING).update(state=QUEUED, progress="服务重新启动，重新运行")
    if rows.runs().filter(state=QUEUED).exists():
        start()


def log_of(run: CountyRun) -> Path:
    """Return the file with what the process of a run said."""
    return current().root / RUNS / f"{run.number}.log"


def progress_of(run: CountyRun) -> str:
    """Return what the process of a run said last."""
    if run.state != RUNNING:
        return run.progress
    try:
        lines = log_of(run).read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def _work(run: CountyRun) -> None:
    """Run one."""
    rows.runs().filter(pk=run.pk).update(state=RUNNING, progress="")
    out = f"{RUNS}/{run.number}"
    command = [sys.executable, "-m", "gongkai", "evaluate", *map(str, run.arguments), "--out", out]
    environment = {**os.environ, PROGRESS: "lines", "PYTHONUTF8": "1"}
    with log_of(run).open("wb") as log:
        process = subprocess.Popen(command, cwd=current().root, stdout=log, stderr=log, env=environment)  # noqa: S603 (ourselves)
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _POLITE)
        status = process.wait()
    _end(run, status)


def _end(run: CountyRun, status: int) -> None:
    """Keep what became of a run."""
    folder = folder_of(run)
    done = status == 0 and (folder / "run.json").is_file()
    with transaction.atomic():
        locked = rows.lock_run(run.pk)
        locked.state, locked.ended_at = DONE if done else FAILED, now()
        locked.progress = log_of(run).read_text("utf-8", "replace")[-_TOLD:]
        if done:
            locked.files = manifest(folder)
            locked.statuses = _statuses(folder)
        locked.save()


def _statuses(folder: Path) -> dict[str, int]:
    """Return the number of verdicts by status."""
    found: dict[str, int] = {}
    for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines():
        status = json.loads(line)["status"]
        found[status] = found.get(status, 0) + 1
    return dict(sorted(found.items()))
