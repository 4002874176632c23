"""A ledger of the application: read, added to, verified, written as one file."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.load import load_ledger
from events.vocabulary import load_vocabulary, using
from gongkai.api import InputError
from gongkai.files.words import use_words
from gongkai.options import LogOptions
from gongkai.services.ledger.imports import ImportRequest, export, import_files, verify
from gongkai.services.ledger.recording import open_for_adding
from gongkai.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gongkai.options import Request
    from gongkai.services.ledger.imports import ImportResult, LedgerVerified
    from gongkai.services.ledger.recording import OpenLedger


@dataclass(slots=True)
class LedgerFile:
    """A ledger with the setting that its files are read with.

    Attributes:
        path: its folder.
        request: the setting.
    """

    path: Path
    request: Request
    _open: OpenLedger | None = None

    @property
    def options(self) -> LogOptions:
        """How files are read."""
        shared = {name: getattr(self.request, name) for name in LogOptions.__dataclass_fields__}
        return LogOptions(**shared)

    @contextmanager
    def _words(self) -> Iterator[None]:
        """Let the words of the setting be in use for a while."""
        with using():
            use_words(self.request.books, self.request.vocabulary)
            yield

    def read(self, head: str | None = None) -> Table:
        """Return the entries, as they were at an earlier head where one is named.

        Raises:
            ProblemError: it cannot be read.
        """
        with self._words():
            return Table(load_ledger(self.path, load_vocabulary(), head).table)

    def append(self, files: Sequence[str | Path], *, by: str, at: str) -> ImportResult:
        """Add files, all or none; what is there already is passed over.

        Args:
            files: files and folders.
            by: who adds them.
            at: when, as ISO date-time.

        Raises:
            InputError: an error is in the files; nothing was added.
            ProblemError: the ledger cannot be written.
        """
        paths = tuple(map(Path, files))
        with using():
            done, problems = import_files(ImportRequest(paths, self.path, self.options, by=by, at=at))
        if done is None:
            raise InputError(problems)
        return done

    def record(self, *events: Mapping[str, object], by: str, at: str) -> ImportResult:
        """Add events that are given as the fields of the contract, all or none.

        Args:
            events: each with `id`, `type`, `unit`, `occurred_at` and so on; `data` is a mapping.
            by: who logs them.
            at: when, as ISO date-time.

        Raises:
            InputError: one of them is not usable; nothing was added.
            ProblemError: the ledger cannot be written.
        """
        if self._open is None:
            with using():
                self._open, wrong = open_for_adding(self.path, self.options)
            if self._open is None:
                raise InputError(wrong)
        with self._words():
            done, problems = self._open.record(events, by=by, at=at)
        if done is None:
            raise InputError(problems)
        return done

    def verify(self, head: str | None = None) -> LedgerVerified:
        """Return whether the ledger is whole, and was once at a head."""
        with self._words():
            return verify(self.path, head)[0]

    def export(self, out: str | Path) -> str:
        """Write all entries into one file, and return the head.

        Raises:
            ProblemError: the ledger cannot be read, or the file not be written.
        """
        with self._words():
            return export(self.path, Path(out))[0].hash

    def _repr_html_(self) -> str:
        """Return the entries as a notebook shows them."""
        return self.read()._repr_html_()
