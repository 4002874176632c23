"""A batch of counties, the task of judging it, and what came of it: all of it can be sent to another process."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.judge import Question
    from events.problems import Problem
    from events.vocabulary import Vocabulary

PART: Final = "part.parquet"
"""The file of a county's verdicts, in its folder `county=…`."""


@dataclass(frozen=True, slots=True)
class CountyFiles:
    """The files of one county's log.

    Attributes:
        county: the county's id, which is the name of the partition.
        files: Parquet files, sorted.
        events: how many rows they have together.
    """

    county: str
    files: tuple[str, ...] = ()
    events: int = 0

    @property
    def place(self) -> str:
        """Return where the county's log is: its file, or the folder of its files."""
        return self.files[0] if len(self.files) == 1 else os.path.commonpath(self.files) if self.files else self.county


@dataclass(frozen=True, slots=True)
class Batch:
    """Counties that are judged together.

    Attributes:
        number: its place in the order of work, from 0.
        counties: the counties, sorted by id.
    """

    number: int
    counties: tuple[CountyFiles, ...]

    @property
    def events(self) -> int:
        """Return how many rows the batch has."""
        return sum(one.events for one in self.counties)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files of all counties."""
        return tuple(file for one in self.counties for file in one.files)


@dataclass(frozen=True, slots=True)
class Task:
    """The judging of one batch.

    Attributes:
        batch: the counties and their files.
        question: what is asked, with the units, books and waivers of these counties.
        folder: where `county=…` folders of verdicts go; every process that takes tasks must reach it.
        slots: how many tasks run on a machine at a time, which share its memory and its processors.
        only_check: look for faults and judge nothing: another batch had faults, so that nothing will be written.
        vocabulary: the words of the logs; those of the product without.
    """

    batch: Batch
    question: Question
    folder: str
    slots: int = 1
    only_check: bool = False
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch.

    Attributes:
        number: the batch's number.
        counts: verdicts by county and status.
        problems: what is wrong with its files; then nothing was judged.
        told: warnings about its entries.
    """

    number: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()
