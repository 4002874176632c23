"""Work handed out to processes of their own, one piece at a time each: what ends or hangs one costs its piece only."""

from __future__ import annotations

import multiprocessing
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from events.limits import limits, using
from gongkai.process import get_worker_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from events.limits import Limits

_OOM = Path("/proc/self/oom_score_adj")
_GRACE = 5.0
OUT_OF_MEMORY = 77
"""The exit code of a process whose piece asked for more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What became of a piece whose process gave no result.

    Attributes:
        why: the process ended (`ended`), for want of memory (`memory`), or was ended for taking too long (`late`).
        code: the exit code of a process that ended; a negative one is the signal's.
    """

    why: Literal["ended", "memory", "late"]
    code: int | None = None


def hand_out(
    work: Callable[..., Any], pieces: Sequence[tuple[Any, ...]], jobs: int, seconds: float
) -> Iterator[object]:
    """Yield what a function gives for each piece, in their order; `Lost` for one whose process gave nothing.

    Args:
        work: a function of a module.
        pieces: its arguments.
        jobs: how many processes work at once.
        seconds: how long a piece may take.
    """
    workers = [_Worker(work) for _ in range(min(jobs, len(pieces)))]
    results: dict[int, object] = {}
    given = 0
    try:
        for number in range(len(pieces)):
            while number not in results:
                for worker in workers:
                    if worker.number is None and given < len(pieces):
                        worker.give(given, pieces[given], seconds)
                        given += 1
                _wait(workers)
                results.update(dict(found for worker in workers if (found := worker.result()) is not None))
            yield results.pop(number)
    finally:
        for worker in workers:
            worker.end()


def _wait(workers: Sequence[_Worker]) -> None:
    """Wait until a worker has something to say, has ended, or has taken too long."""
    busy = [one for one in workers if one.number is not None]
    until = min(one.until for one in busy)
    wait([thing for one in busy for thing in one.watched()], max(until - time.monotonic(), 0))


class _Worker:
    """A process that works on one piece after another.

    Attributes:
        number: the piece that it works on, or None.
        until: by when it must be done.
    """

    def __init__(self, work: Callable[..., Any]) -> None:
        self._work = work
        self.number: int | None = None
        self.until = 0.0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not have
        self._line, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._work, limits()))
        self._process.start()
        other.close()
        self._started, self._ready = True, False

    def give(self, number: int, piece: tuple[Any, ...], seconds: float) -> None:
        """Let it work on a piece."""
        if not self._started:  # it was lost over the piece before; after the last one none is needed
            self._start()
        with suppress(EOFError, OSError):  # it has ended; its sentinel says so
            if not self._ready:  # starting does not count: a busy machine is slow at it
                self._ready = bool(self._line.recv())
            self._line.send(piece)
        self.number, self.until = number, time.monotonic() + seconds

    def watched(self) -> tuple[Any, ...]:
        """Return what says that there is something to look at."""
        return self._line, self._process.sentinel

    def result(self) -> tuple[int, object] | None:
        """Return the number of its piece and what came of it, None while it is at it."""
        number = self.number
        if number is None:
            return None
        try:
            found = self._line.recv() if self._line.poll() else None
        except (EOFError, OSError):
            found = None
        if found is None:
            if self._process.is_alive() and time.monotonic() < self.until:
                return None
            found = self._lost()
        self.number = None
        return number, found

    def _lost(self) -> Lost:
        self._process.join(0 if self._process.is_alive() and time.monotonic() >= self.until else _GRACE)
        late = self._process.is_alive()
        self.end()
        code = self._process.exitcode
        return Lost("late" if late else "memory" if code == OUT_OF_MEMORY else "ended", code)

    def end(self) -> None:
        """End the process, whatever it is at."""
        if not self._started:
            return
        self._started = False
        self._line.close()
        self._process.join(0 if self.number is not None else _GRACE)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


def _serve(line: Connection, work: Callable[..., Any], most: Limits) -> None:
    """Work on what comes down the line until it is closed."""
    get_worker_ready()
    with suppress(OSError):  # where memory runs out, this process goes and not the one that has the others
        _OOM.write_text("1000")
    bound_memory(most.run_bytes)
    with suppress(EOFError, OSError), using(most):  # the other end is closed: there is nothing more to do
        line.send(True)  # noqa: FBT003 (it is ready)
        while True:
            line.send(_done(work, line.recv()))


def _done(work: Callable[..., Any], piece: tuple[Any, ...]) -> object:
    """Return what comes of a piece; end the process where memory does not suffice for it."""
    try:
        return work(*piece)
    except MemoryError:  # what is left of the piece may still hold it: the next one gets a new process
        sys.exit(OUT_OF_MEMORY)


def bound_memory(most: int) -> None:
    """Let this process have no more memory that it may write in.

    Addresses are not counted: libraries, and the Java machine of Spark, set aside far more of them than they use.
    Where the machine has less, the system ends this process first. Windows has no such bound, macOS does not keep it.
    """
    try:
        import resource  # noqa: PLC0415 (POSIX only)

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (ImportError, ValueError, OSError):
        pass
