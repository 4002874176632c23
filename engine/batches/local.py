"""Batches on one machine: in this process, or in several side by side."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.batches.model import Outcome
from engine.batches.run import judge_batch
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from engine.batches.model import Task


def judge_locally(tasks: Iterable[Task], jobs: int = 1) -> Iterator[Outcome]:
    """Judge batches, and give what came of each as soon as it is done.

    Once a batch has faults the batches that have not begun are only checked: nothing will be written.

    Args:
        tasks: the batches; not more than twice `jobs` of them are taken ahead.
        jobs: how many are judged side by side, each in a process of its own; 1 judges here.
    """
    if jobs <= 1:
        yield from _here(tasks)
    else:
        yield from _side_by_side(tasks, jobs)


def _side_by_side(tasks: Iterable[Task], jobs: int) -> Iterator[Outcome]:
    faulty = False
    # a child that starts anew holds nothing of this process's locks and threads, on every system
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        waiting: set[Future[Outcome]] = set()
        source = iter(tasks)
        while True:
            while len(waiting) < 2 * jobs and (task := next(source, None)) is not None:
                waiting.add(pool.submit(judge_batch, replace(task, slots=jobs, only_check=faulty)))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    yield Outcome(-1, problems=(_killed(),))
                    return
                faulty = faulty or bool(outcome.problems)
                yield outcome


def _here(tasks: Iterable[Task]) -> Iterator[Outcome]:
    faulty = False
    for task in tasks:
        outcome = judge_batch(replace(task, slots=1, only_check=faulty))
        faulty = faulty or bool(outcome.problems)
        yield outcome


def _killed() -> Problem:
    fact = Text("一个评估进程被系统终止了（多半是内存不够）", "a judging process was killed (most likely for memory)")
    cure = Text(
        "把 --jobs 改小，再运行同一条命令；已经评估的批次保留着",
        "Use fewer --jobs and run the same command again; the batches that are done are kept",
    )
    return Problem("process-killed", Where("--jobs"), fact, cure)
