"""Recording: events that are given as the fields of the contract are added to a ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.importing.imports import Checks, Provenance, import_stage
from events.ledger.importing.known import Known
from events.ledger.importing.stage import Stage
from events.problems import Problem, has_errors, sort_problems
from events.read import LogReader
from events.vocabulary import load_vocabulary
from gongkai.evaluation.receipt import product_version
from gongkai.options import DEFAULT_UNITS
from gongkai.services.ledger.imports import ImportResult
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gongkai.options import RegistryOptions
    from rules.units import Registry

NAME = "record.jsonl"
"""What the record of an import calls events that came from no file."""


@dataclass(slots=True)
class OpenLedger:
    """A ledger that is added to again and again: its ids and its state stay in memory, whoever else adds to it.

    Attributes:
        path: the folder; the first entry makes it.
        registry: whose units the entries are of.
    """

    path: Path
    registry: Registry
    _known: Known = field(default_factory=Known)

    def record(
        self, events: Iterable[Mapping[str, object]], *, by: str, at: str, name: str = NAME
    ) -> tuple[ImportResult | None, tuple[Problem, ...]]:
        """Add events, all or none; one that is there already with the same content is passed over.

        Args:
            events: the fields of the contract: `id`, `type`, `unit`, `occurred_at` and so on; `data` is a mapping.
            by: who logs them.
            at: when, as ISO date-time without a zone (Asia/Shanghai).
            name: what stands in the ledger as their file.

        Returns:
            What was added, None where an error is in them and nothing was; and what is wrong, each with its number as
            line.

        Raises:
            DamageError: the ledger is damaged, or cannot be written; it is as it was.
        """
        lines = [json.dumps(dict(event), ensure_ascii=False, default=str) for event in events]
        log = LogReader(load_vocabulary(), self.registry, None)
        with Stage() as stage:
            for table in log.read_bytes(Path(name), "".join(f"{line}\n" for line in lines).encode()):
                stage.add(table, name)
            stage.end(name, log.files[-1].sha256, log.files[-1].rows)
            problems = sort_problems(log.problems)
            if has_errors(problems):
                return None, problems
            checks = Checks(log.rejected, self.registry.evaluates, self._known)
            provenance = Provenance(at, by, product_version(), self.registry.sha256)
            done, wrong = import_stage(self.path, stage, provenance, checks)
        problems = sort_problems([*problems, *wrong])
        if done is None:
            return None, problems
        return ImportResult(((name, done.added[0], done.known[0]),), done.head), problems


def open_for_adding(ledger: Path, options: RegistryOptions) -> tuple[OpenLedger | None, tuple[Problem, ...]]:
    """Return a ledger to add to, None where the registry is not usable, and what is wrong with that."""
    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    return (None if registry is None or has_errors(problems) else OpenLedger(ledger, registry)), problems


def record(
    ledger: Path, event: Mapping[str, object], options: RegistryOptions, *, by: str, at: str
) -> tuple[ImportResult | None, tuple[Problem, ...]]:
    """Add one event to a ledger; see `OpenLedger.record`."""
    opened, problems = open_for_adding(ledger, options)
    if opened is None:
        return None, problems
    return opened.record([event], by=by, at=at)
