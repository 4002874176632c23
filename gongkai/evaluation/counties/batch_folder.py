"""The folder beside a run's output in which its batches are put together, so that a killed run can go on."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.batches.model import Outcome
from events.problems import Problem, Text, Where
from events.storage.ordinary import parse_json, read_ordinary, read_ordinary_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.batches.model import Batch

_MARK: Final = "gongkai-batches.json"
"""The file that says whose folder this is: of which inputs. A folder without it is somebody else's."""


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """Verdicts of batches that are done, and a record of each.

    Attributes:
        path: the folder, hidden beside the output.
        inputs: the hash of everything that the verdicts follow from.
    """

    path: Path
    inputs: str

    @classmethod
    def beside(cls, out: Path, receipt: Mapping[str, Any], batches: Sequence[Batch]) -> BatchFolder:
        """Return the folder of a run into `out`: its inputs are the receipt and the size and time of every file."""
        hashed = hashlib.sha256(json.dumps(receipt, ensure_ascii=False, sort_keys=True).encode())
        for batch in batches:
            for one in batch.counties:
                hashed.update(f"{batch.number}/{one.county}\n".encode())
                for file in one.files:
                    found = Path(file).stat()
                    hashed.update(f"{file}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
        absolute = out.absolute()
        return cls(absolute.with_name(f".{absolute.name}.batches"), hashed.hexdigest())

    @property
    def verdicts(self) -> Path:
        """Return the folder of the verdicts by county."""
        return self.path / "verdicts"

    def open(self) -> None:
        """Make the folder, or take it up where it is of the same inputs; what is of others is begun anew.

        Raises:
            FileExistsError: there is a folder of that name that is not this program's.
            OSError: the folder cannot be made.
        """
        mark = self.path / _MARK
        if self.path.exists():
            if not mark.is_file():
                raise FileExistsError(17, "File exists", str(self.path))
            if parse_json(read_ordinary_text(mark) or "{}").get("inputs") == self.inputs:
                return
            self.remove()
        self.path.mkdir(parents=True)
        mark.write_text(json.dumps({"inputs": self.inputs}) + "\n", encoding="utf-8", newline="\n")
        self.verdicts.mkdir()

    def _record(self, number: int) -> Path:
        return self.path / f"batch-{number}.json"

    def recorded(self, number: int) -> Outcome | None:
        """Return what came of a batch that is done, or None."""
        try:
            found = parse_json(read_ordinary(self._record(number)))
            return Outcome(number, found["counts"], told=tuple(map(_problem, found["told"])))
        except FileNotFoundError:
            return None

    def record(self, outcome: Outcome) -> None:
        """Record that a batch is done; its verdicts are in place."""
        staged = self.path / f".batch-{outcome.number}"
        kept = {"counts": outcome.counts, "told": [asdict(one) for one in outcome.told]}
        staged.write_text(json.dumps(kept, ensure_ascii=False, sort_keys=True), encoding="utf-8", newline="\n")
        staged.replace(self._record(outcome.number))

    def remove(self) -> None:
        """Remove the folder, if it is this program's."""
        if (self.path / _MARK).is_file():
            shutil.rmtree(self.path)


def _problem(kept: Mapping[str, Any]) -> Problem:
    """Return a problem as it was recorded."""
    return Problem(
        kept["code"],
        Where(**kept["where"]),
        Text(**kept["fact"]),
        Text(**kept["cure"]),
        kept["value"],
        kept["severity"],
    )
