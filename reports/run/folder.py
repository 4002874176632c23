"""The folder of a run: verdicts, receipt, summary, kept inputs, scores and records, each file read once."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from engine.time.asof import AsOf
from events.problems import Problem, ProblemError, Text, Where
from events.storage.ordinary import parse_json, read_ordinary
from reports.output.interrupted import recover
from reports.output.receipts import RECEIPT, seal
from reports.output.texts import BREACHES
from reports.run.evaluation import build_evaluation
from rules.book import clause_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reports.run.evaluation import Evaluation
    from reports.run.kept_inputs import KeptInputs
    from reports.run.sources import Sources

    Row = Mapping[str, Any]

P = ParamSpec("P")
T = TypeVar("T")

VERDICTS = "verdicts.jsonl"
TABLE = "verdicts.parquet"
SUMMARY = "summary.json"
SCORES = "scores.json"
RECORDS = "rectification.jsonl"

NEEDED = (
    "obligation",
    "book",
    "rule",
    "clause",
    "unit",
    "unit_name",
    "subject",
    "opened_on",
    "due_on",
    "met_on",
    "status",
    "evidence",
    "trigger",
    "waiver",
    "reason",
)
"""The columns that every run has; a run of an earlier version may lack others."""

_DAYS = ("opened_on", "due_on", "met_on")
_DAMAGE = (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, pa.ArrowException)


class RunFolderError(ProblemError):
    """A folder is not the whole folder of a run.

    Attributes:
        why: what is missing or damaged, as the system says it.
    """

    def __init__(self, problem: Problem, why: str) -> None:
        """Say the problem in a line."""
        super().__init__(problem)
        self.why = why


def _whole(read: Callable[Concatenate[RunFolder, P], T]) -> Callable[Concatenate[RunFolder, P], T]:
    """Return a reader whose failures are all told as `RunFolderError`."""

    def checked(run: RunFolder, /, *args: P.args, **options: P.kwargs) -> T:
        try:
            return read(run, *args, **options)
        except _DAMAGE as error:
            raise RunFolderError(run.unusable(error), str(error)) from error

    checked.__doc__ = read.__doc__
    return checked


class RunFolder:
    """What `evaluate` has written into a folder.

    Each file is read when something of it is asked for, and once. Whatever is asked for raises `RunFolderError` where
    its file is missing or damaged.
    """

    def __init__(self, path: Path, option: str | None = None) -> None:
        """Name a folder; nothing is read yet.

        Args:
            path: the folder.
            option: the option that names it, for the problem; None where it is an argument.
        """
        self.path = path
        self.option = option

    def unusable(self, error: Exception) -> Problem:
        """Return the problem that the folder is not the whole folder of a run."""
        fact = Text(
            f"“{self.path}”不是一次评估的完整结果（{error}）", f"{self.path} is not the whole folder of a run ({error})"
        )
        cure = Text("给出 gongkai evaluate --out 写出的文件夹", "Give a folder that gongkai evaluate --out has written")
        if self.option is None:
            return Problem("not-a-run", Where(str(self.path)), fact, cure)
        return Problem("not-a-run", Where(self.option), fact, cure, str(self.path))

    def _bytes(self, name: str) -> bytes:
        return read_ordinary(self.path / name)

    def _has(self, name: str) -> bool:
        return (self.path / name).is_file()

    @cached_property
    @_whole
    def _receipt(self) -> tuple[Mapping[str, Any], str]:
        raw = self._bytes(RECEIPT)
        return dict(parse_json(raw)), hashlib.sha256(raw).hexdigest()

    @property
    def receipt(self) -> Mapping[str, Any]:
        """What `run.json` says."""
        return self._receipt[0]

    @property
    def receipt_digest(self) -> str:
        """SHA-256 of `run.json`."""
        return self._receipt[1]

    @property
    def sealed(self) -> bool:
        """Whether `run.json` is as it was written."""
        return bool(self.receipt.get("receipt") == seal(self.receipt))

    @cached_property
    @_whole
    def as_of(self) -> AsOf:
        """Its as-of moment."""
        return AsOf.parse(self.receipt["as_of"])

    @cached_property
    @_whole
    def known_by(self) -> AsOf:
        """The moment up to which recordings counted; its as-of moment where the receipt does not say."""
        said = self.receipt.get("known_by")
        return AsOf.parse(said) if said else self.as_of

    @cached_property
    @_whole
    def heads(self) -> tuple[str, ...]:
        """The heads of the ledgers that it read."""
        return tuple(str(one["head"]) for one in self.receipt.get("ledgers", ()))

    @cached_property
    @_whole
    def rectify_by(self) -> date | None:
        """The day by which its list asked for rectification, or None."""
        due = self.receipt.get("list", {}).get("due_on")
        return date.fromisoformat(due) if due else None

    @cached_property
    @_whole
    def _rows(self) -> tuple[Mapping[str, Row], str]:
        raw = self._bytes(VERDICTS)
        rows = [parse_json(line) for line in raw.decode("utf-8-sig").splitlines()]
        for row in rows:
            for name in NEEDED:
                row[name]
        return {row["obligation"]: row for row in rows}, hashlib.sha256(raw).hexdigest()

    @property
    def rows(self) -> Mapping[str, Row]:
        """The lines of `verdicts.jsonl` by obligation; days are their ISO texts."""
        return self._rows[0]

    @property
    def rows_digest(self) -> str:
        """SHA-256 of `verdicts.jsonl`."""
        return self._rows[1]

    @cached_property
    @_whole
    def breaches(self) -> Mapping[str, Row]:
        """The rows that are violated or late, by obligation; days are days."""
        return {name: _dated(row) for name, row in self.rows.items() if row["status"] in BREACHES}

    @cached_property
    @_whole
    def _parquet(self) -> bytes:
        return self._bytes(TABLE)

    @property
    @_whole
    def untouched(self) -> bool:
        """Whether `verdicts.parquet` is as the receipt says that it was written."""
        return hashlib.sha256(self._parquet).hexdigest() == str(self.receipt["verdicts"]["sha256"])

    @cached_property
    @_whole
    def table(self) -> pa.Table:
        """The verdicts as a table (`engine.verdicts.SCHEMA`); only a file as it was written is read."""
        if not self.untouched:
            message = f"{TABLE}: 后来有改动 · changed since"
            raise ValueError(message)
        return pq.read_table(io.BytesIO(self._parquet))

    @cached_property
    @_whole
    def summary(self) -> Mapping[str, Any]:
        """What `summary.json` says."""
        return dict(parse_json(self._bytes(SUMMARY)))

    @cached_property
    @_whole
    def kept(self) -> KeptInputs | None:
        """What it was made from; None where the run did not keep it (`--no-reports`, or an earlier version)."""
        from reports.run.kept_inputs import read_inputs  # noqa: PLC0415 (only where runs are held against one another)

        return read_inputs(self.path)

    @cached_property
    @_whole
    def scores(self) -> Mapping[str, Any] | None:
        """What `scores.json` says, or None where the run was not scored."""
        return dict(parse_json(self._bytes(SCORES))) if self._has(SCORES) else None

    @cached_property
    @_whole
    def records(self) -> Mapping[str, Row]:
        """What became of earlier problems, by obligation; nothing where the run followed nothing up."""
        lines = self._bytes(RECORDS).decode("utf-8-sig").splitlines() if self._has(RECORDS) else []
        return {row["obligation"]: row for row in map(parse_json, lines)}

    def title(self, row: Row) -> str:
        """Return what the rule of a row asks, or the rule's id where that was not kept."""
        return str(self._rule(row).get("title") or row["rule"])

    def cited(self, row: Row) -> str:
        """Return the clause of a row as people cite it, by its id where the run did not keep more."""
        return str(self._rule(row).get("cited") or clause_name(str(row["clause"])).zh)

    def limit_source(self, row: Row) -> str:
        """Return where the limit of a row comes from; empty where its own quote says it, or it was not kept."""
        return str(self._rule(row).get("limit_source") or "")

    def reading(self, row: Row) -> str:
        """Return the reading that a row was judged under, with its reason; empty where there is one only."""
        return str(self._rule(row).get("reading") or "")

    def basis(self, row: Row) -> tuple[str, ...]:
        """Return the document of a row with its day of issue, the reading used and where the limit is from."""
        issued = str(self._rule(row).get("issued_on") or "")
        lines = [f"{self.document(row)}（{issued}印发）" if issued else self.document(row)]
        more = (("读法", self.reading(row)), ("期限", self.limit_source(row)))
        return (*lines, *(f"{head}：{words}" for head, words in more if words))

    def mendable(self, row: Row) -> bool:
        """Say whether a breach can still be made good, late; where it was not kept, it is taken that it can."""
        return bool(self._rule(row).get("mendable", True))

    def quote(self, row: Row) -> str:
        """Return the words of the clause that a row rests on; empty where they were not kept."""
        return str(self._rule(row).get("quote", ""))

    def document(self, row: Row) -> str:
        """Return the number of the document whose words a row's clause is."""
        own = next((str(one["document"]) for one in self.receipt["books"] if one["id"] == row["book"]), "")
        return str(row.get("document") or own)

    def _rule(self, row: Row) -> Mapping[str, Any]:
        """Return what was kept of a row's rule."""
        return (self.kept.rules.get((row["book"], row["rule"])) or {}) if self.kept is not None else {}

    @_whole
    def evaluation(self, sources: Sources) -> Evaluation:
        """Return what reports show of the run, without judging again.

        Args:
            sources: the log, rulebooks, units and calendar that it was made from, loaded again.
        """
        kept = {name: value for name, value in self.receipt.items() if name not in {"written", "receipt"}}
        return build_evaluation(sources, self.table, kept)


def _dated(row: Row) -> Row:
    """Return a row with its days as days."""
    return {name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in row.items()}


def open_run(path: Path, option: str | None = None) -> tuple[RunFolder | None, tuple[Problem, ...]]:
    """Return the run in a folder, its verdicts, receipt and kept inputs read.

    Args:
        path: the folder that `evaluate` wrote.
        option: the option that names it; None where it is an argument.

    Returns:
        The run, or None with the problem where the folder is none; and a warning where its writer was killed.
    """
    run = RunFolder(path, option)
    problems = recover(path)
    try:
        _ = run.rows, run.as_of, run.rectify_by, run.kept
    except RunFolderError as error:
        return None, (*problems, error.problem)
    return run, problems
