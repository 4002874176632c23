"""Running one program: its wall time, its processor time, the peak of its memory, and what it says of itself."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.environment import timed_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

_PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a program.

    Attributes:
        wall: seconds from its start to its end.
        work: seconds of the work, after libraries and rules were loaded, as the program tells.
        cpu: seconds of processors, of all its threads, from its start to its end.
        effort: seconds of processors of the work alone, as the program tells.
        peak: the most memory that it had, in MiB, as it tells: what `wait4` says begins with the parent's.
    """

    wall: float
    work: float
    cpu: float
    effort: float
    peak: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A program that gave no answer, and why in a few words."""

    why: str


def run(command: Sequence[str], limit: float) -> Sample | Failure:
    """Run a program to its end, or until the limit of so many seconds; Python keeps its bytecode, as a user's does.

    Args:
        command: the program and its arguments; the last line that it prints is JSON with `work`, `effort` and `peak`.
        limit: seconds after which it is stopped.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=out, stderr=error, env=timed_environment()) as process:
            cpu = _wait(process, start + limit)
        wall = time.perf_counter() - start
        out.seek(0)
        error.seek(0)
        if cpu is None:
            return Failure(f"did not finish in {limit:.0f} s")
        if process.returncode:
            lines = error.read().decode(errors="replace").strip().splitlines() or ["no message"]
            return Failure(f"failed: {lines[-1][:160]}")
        told = json.loads(out.read().decode().strip().splitlines()[-1])
    return Sample(wall, told["work"], cpu, told["effort"], told["peak"])


def _wait(process: subprocess.Popen[bytes], deadline: float) -> float | None:
    """Return the processor seconds of a program, None where it ran beyond the deadline and was stopped."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime
        if time.perf_counter() > deadline:
            process.kill()
            return None
        time.sleep(_PAUSE)


@dataclass(frozen=True, slots=True)
class Figures:
    """The medians of several runs of one program."""

    wall: float
    work: float
    cpu: float
    effort: float
    peak: float
    runs: int


def interleave(
    tasks: Mapping[str, Callable[[], Sample | Failure]], runs: int, once: Collection[str] = ()
) -> dict[str, Figures | Failure]:
    """Run every task so many times, in turns, so that whatever else the machine does touches all alike.

    Args:
        tasks: what is run, by its name. A task that failed is not run again.
        runs: how often.
        once: names of tasks that are run in the first turn only.
    """
    found: dict[str, list[Sample]] = {name: [] for name in tasks}
    failed: dict[str, Failure] = {}
    for turn in range(runs):
        for name, task in tasks.items():
            if name in failed or (turn and name in once):
                continue
            one = task()
            sys.stderr.write(f"  {turn + 1}/{runs} {name}: {one}\n")
            if isinstance(one, Failure):
                failed[name] = one
            else:
                found[name].append(one)
    return {name: failed[name] if name in failed else _medians(samples) for name, samples in found.items()}


def _medians(samples: Sequence[Sample]) -> Figures:
    """Return the medians of the figures."""
    middle = {name: statistics.median(getattr(one, name) for one in samples) for name in Sample.__slots__}
    return Figures(**middle, runs=len(samples))
