"""A ledger that grew is read from where it was; what comes out is what reading all of it gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from events.ledger.importing.imports import Provenance, import_stage
from events.ledger.importing.stage import Stage
from events.read import LogReader, ReadResult, read_events, read_further
from events.vocabulary import load_vocabulary
from gongkai.options import DEFAULT_UNITS
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from rules.units import Registry

FIRST = [
    {"id": "1", "type": "training.held", "unit": "minzheng", "occurred_at": "2023-03-01"},
    {"id": "2", "type": "policy.issued", "unit": "minzheng", "subject": "甲", "occurred_at": "2023-04-01"},
]
MORE = [
    {"id": "3", "type": "policy.issued", "unit": "renshe", "subject": "乙", "occurred_at": "2023-05-01T09:30"},
    {"id": "4", "type": "training.held", "unit": "minzheng", "occurred_at": "2023-03-02", "corrects": "1"},
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    found, _ = load_registry(DEFAULT_UNITS)
    assert found is not None
    return found


def _add(ledger: Path, events: list[dict[str, str]], registry: Registry, name: str) -> None:
    file = ledger.parent / name
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events), encoding="utf-8")
    with Stage() as stage:
        read = read_events((file,), registry)
        # a correction may lead to an entry that the file itself does not have
        for table in LogReader(load_vocabulary(), registry, None).read(file):
            stage.add(table, name)
        stage.end(name, read.files[0].sha256, len(events))
        done, problems = import_stage(ledger, stage, Provenance("2023-09-20T10:00:00", "x", "0", "0"))
    assert done is not None, problems


def _whole(ledger: Path, registry: Registry) -> ReadResult:
    return read_events((ledger,), registry)


def test_new_entries_alone_are_read_and_the_log_is_the_same(tmp_path: Path, registry: Registry) -> None:
    ledger = tmp_path / "ledger"
    _add(ledger, FIRST, registry, "one.jsonl")
    before = _whole(ledger, registry)
    same = read_further(ledger, before.ledgers[0], registry)
    assert same is not None
    assert same.table.equals(before.table)
    _add(ledger, MORE, registry, "two.jsonl")
    after = _whole(ledger, registry)
    grown = read_further(ledger, before.ledgers[0], registry)
    assert grown is not None
    assert grown.table.equals(after.table)
    one, other = grown.ledgers[0].loaded, after.ledgers[0].loaded
    assert (one.head, one.heads) == (other.head, other.heads)
    assert one.origin.equals(other.origin)
    assert grown.ledgers[0].loaded.table.equals(other.table)


def test_it_does_not_look_at_what_it_knows(tmp_path: Path, registry: Registry) -> None:
    ledger = tmp_path / "ledger"
    _add(ledger, FIRST, registry, "one.jsonl")
    before = _whole(ledger, registry)
    _add(ledger, MORE, registry, "two.jsonl")
    entries = ledger / "entries.jsonl"
    raw = bytearray(entries.read_bytes())
    raw[before.ledgers[0].loaded.head.size // 2] ^= 1
    entries.write_bytes(raw)
    assert read_further(ledger, before.ledgers[0], registry) is not None
    assert [one.code for one in _whole(ledger, registry).problems if one.severity == "error"]


def test_another_history_is_read_from_the_beginning(tmp_path: Path, registry: Registry) -> None:
    for name, events in (("a", FIRST), ("b", [*MORE[:1], *FIRST]), ("c", FIRST[:1])):
        (tmp_path / name).mkdir()
        _add(tmp_path / name / "ledger", events, registry, f"{name}.jsonl")
    before = _whole(tmp_path / "a" / "ledger", registry).ledgers[0]
    assert read_further(tmp_path / "b" / "ledger", before, registry) is None
    assert read_further(tmp_path / "c" / "ledger", before, registry) is None


def test_ids_that_units_share_are_told_apart_by_reading_everything(tmp_path: Path, registry: Registry) -> None:
    ledger = tmp_path / "ledger"
    _add(ledger, FIRST, registry, "one.jsonl")
    before = _whole(ledger, registry)
    _add(ledger, [{**MORE[0], "id": "1"}], registry, "two.jsonl")
    assert read_further(ledger, before.ledgers[0], registry) is None
    assert "minzheng:1" in _whole(ledger, registry).table["id"].to_pylist()
