"""The process of a run: a child of the same program, one at a time, so that pages go on while it runs."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import close_old_connections, transaction

from gongkai.cli.edge.terminal import PROGRESS
from gongkai.console.clock import now
from gongkai.console.folder import RUNS, current
from gongkai.console.models import office_store as rows
from gongkai.console.models.runs import DONE, FAILED, QUEUED, RUNNING
from gongkai.console.office.runs import folder_of, manifest
from gongkai.console.web.errors import ConflictError, keep
from reports.output.interrupted import recover as put_right

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.console.models import CountyRun, Person

_TOLD = 4000
_CHILD = "gongkai.console.office.child"
OVER = "这次运行已经结束，不能取消。"


@dataclass(slots=True)
class _Lane:
    """Where runs go one after the other.

    Attributes:
        turn: held by the thread that works them off.
        guard: held while the rest is looked at.
        children: the process of the run that is going on.
        cancelled: what is said of a run that somebody does not want any more.
        stopping: set while the server ends.
    """

    turn: threading.Lock = field(default_factory=threading.Lock)
    guard: threading.Lock = field(default_factory=threading.Lock)
    children: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    cancelled: dict[int, str] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)


_LANE = _Lane()
_POLITE = 10
"""How much a run gives way to pages (`nice`)."""


def start() -> None:
    """Work off the runs that wait, in a thread of its own; does nothing where one is at it."""
    _LANE.stopping.clear()
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
    with _LANE.turn:
        while not _LANE.stopping.is_set():
            run = rows.runs().filter(state=QUEUED).order_by("number").first()
            if run is None:
                break
            _work(run)
            count += 1
    return count


def recover() -> None:
    """Put runs that a stop of the server broke off back into the queue; what was half written of them goes away."""
    for run in rows.runs().filter(state=RUNNING):
        put_right(folder_of(run))
    rows.runs().filter(state=RUNNING).update(state=QUEUED, progress="服务重新启动，重新运行")
    if rows.runs().filter(state=QUEUED).exists():
        start()


def stop() -> None:
    """End the process of the run that is going on, because the server ends; the next start runs it again."""
    _LANE.stopping.set()
    with _LANE.guard:
        children = list(_LANE.children.values())
    for child in children:
        child.kill()


def cancel(person: Person, run: CountyRun) -> None:
    """Take a run out of the queue, or end its process; nothing of it stays.

    Raises:
        ConflictError: it has ended already.
    """
    said = f"{person.name}取消了这次运行。"
    with transaction.atomic():
        locked = rows.lock_run(run.pk)
        if locked.state == QUEUED:
            locked.state, locked.ended_at, locked.progress = FAILED, now(), said
            locked.save()
            return
    if locked.state != RUNNING:
        raise ConflictError(OVER)
    with _LANE.guard:
        _LANE.cancelled[run.pk] = said
        child = _LANE.children.get(run.pk)
    if child is not None:
        child.kill()


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
    """Run one; whatever goes wrong with it, it ends, and the next has its turn."""
    if not rows.runs().filter(pk=run.pk, state=QUEUED).update(state=RUNNING, progress=""):
        return  # somebody took it out of the queue
    try:
        status = _evaluated(run)
        if not _LANE.stopping.is_set():
            _end(run, status)
    except Exception as error:  # noqa: BLE001 (one run that cannot be run must not hold up the others)
        said = f"程序出错，编号 {keep(error)}"
        rows.runs().filter(pk=run.pk).update(state=FAILED, ended_at=now(), progress=said)
    finally:
        with _LANE.guard:
            _LANE.cancelled.pop(run.pk, None)


def _evaluated(run: CountyRun) -> int:
    """Let `gongkai evaluate` do it in a process, and return its exit status."""
    command = [sys.executable, "-m", _CHILD, "evaluate", *map(str, run.arguments), "--out", f"{RUNS}/{run.number}"]
    environment = {**os.environ, PROGRESS: "lines", "PYTHONUTF8": "1"}
    # the input is the process's tie to the server: it ends with it
    with (
        log_of(run).open("wb") as log,
        subprocess.Popen(  # noqa: S603 (ourselves)
            command, cwd=current().root, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
        ) as process,
    ):
        with _LANE.guard:
            _LANE.children[run.pk] = process
            unwanted = run.pk in _LANE.cancelled or _LANE.stopping.is_set()
        if unwanted:
            process.kill()
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _POLITE)
        try:
            return process.wait()
        finally:
            with _LANE.guard:
                _LANE.children.pop(run.pk, None)


def _end(run: CountyRun, status: int) -> None:
    """Keep what became of a run; its folder is read before the database is held."""
    folder = folder_of(run)
    done = status == 0 and (folder / "run.json").is_file()
    if not done:
        put_right(folder)
    files, statuses = (manifest(folder), _statuses(folder)) if done else ({}, {})
    said = _LANE.cancelled.get(run.pk) if not done else None
    with transaction.atomic():
        locked = rows.lock_run(run.pk)
        locked.state, locked.ended_at = DONE if done else FAILED, now()
        locked.progress = said or log_of(run).read_text("utf-8", "replace")[-_TOLD:]
        locked.files, locked.statuses = files, statuses
        locked.save()


def _statuses(folder: Path) -> dict[str, int]:
    """Return the number of verdicts by status."""
    found: dict[str, int] = {}
    for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines():
        status = json.loads(line)["status"]
        found[status] = found.get(status, 0) + 1
    return dict(sorted(found.items()))
