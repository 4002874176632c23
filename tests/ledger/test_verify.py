from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.events.reading import jsonl
from tests.gongkai.commands import gongkai
from tests.ledger.ledgers import head_of, import_into, lines, rewrite, state, training, verified

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTRIES = 15


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a ledger of three imports, of four events each."""
    for number in range(3):
        events = [training(f"{number}-{one}", data={"note": "甲乙丙", "title": f"第{one}次"}) for one in range(4)]
        assert import_into(tmp_path / "ledger", capsys, jsonl(tmp_path / f"{number}.jsonl", *events)).status == 0
    assert len(lines(tmp_path / "ledger")) == ENTRIES
    return tmp_path / "ledger"


def first_wrong(ledger: Path) -> int | None:
    """Return the number of the entry that is named, None where it is the state."""
    found = verified(ledger)
    assert found.head is None
    (problem,) = found.problems
    assert problem.code == "ledger-damaged", problem
    return problem.where.line


def test_every_byte_of_every_file_matters(ledger: Path) -> None:
    tried = 0
    chance = random.Random(5)
    files = {name: content for name, content in state(ledger).items() if content}
    assert set(files) == {"entries.jsonl", "head.json"}
    for name, content in files.items():
        line = 1
        for position, byte in enumerate(content):
            other = chance.choice([one for one in range(256) if one != byte])
            (ledger / name).write_bytes(content[:position] + bytes([other]) + content[position + 1 :])
            near = {line, line - 1} if name == "entries.jsonl" else {None, ENTRIES, ENTRIES + 1}
            assert first_wrong(ledger) in near
            tried += 1
            line += byte == ord("\n")
        (ledger / name).write_bytes(content)
    assert tried >= 3000
    assert verified(ledger).problems == ()


@pytest.mark.parametrize("block", [400, 700, 1300])
def test_entries_that_are_looked_at_a_few_at_a_time_are_found_and_named_the_same(
    ledger: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = lines(ledger)
    ways: dict[str, Callable[[int], list[bytes]]] = {
        "changed": lambda at: [*entries[:at], entries[at].replace(b'"id":"', b'"id":"x'), *entries[at + 1 :]],
        "removed": lambda at: [*entries[:at], *entries[at + 1 :]],
        "inserted": lambda at: [*entries[:at], entries[0], *entries[at:]],
        "cut": lambda at: [*entries[:at], entries[at][:-1], *entries[at + 1 :]],
    }
    whole = {}
    for name, change in ways.items():
        for at in range(ENTRIES):
            rewrite(ledger, change(at))
            whole[name, at] = verified(ledger)
    monkeypatch.setattr("events.ledger.entries._BLOCK", block)
    for (name, at), found in whole.items():
        rewrite(ledger, ways[name](at))
        assert verified(ledger) == found
    rewrite(ledger, entries)
    assert verified(ledger).problems == ()


def test_a_changed_byte_inside_an_entry_names_that_entry(ledger: Path) -> None:
    entries = lines(ledger)
    for number, entry in enumerate(entries, 1):
        changed = (
            entry.replace("甲".encode(), "丁".encode()) if b'"event"' in entry else entry.replace(b"2024", b"2023")
        )
        assert changed != entry
        rewrite(ledger, [*entries[: number - 1], changed, *entries[number:]])
        assert first_wrong(ledger) == number


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(lambda one: [*one[:6], *one[7:]], 6, id="an entry removed: the one before it"),
        pytest.param(lambda one: one[1:], 1, id="the first removed"),
        pytest.param(lambda one: one[:-1], ENTRIES, id="the last removed"),
        pytest.param(lambda one: one[:-5], ENTRIES - 4, id="the last import removed"),
        pytest.param(lambda one: [*one[:6], one[7], one[6], *one[8:]], 7, id="two exchanged"),
        pytest.param(lambda one: one[5:] + one[:5], 1, id="turned round"),
        pytest.param(lambda one: [*one[:6], one[3], *one[6:]], 7, id="one repeated further down"),
        pytest.param(lambda one: [*one, one[-1]], ENTRIES + 1, id="the last one repeated"),
        pytest.param(lambda _: [], 1, id="all removed"),
    ],
)
def test_removed_reordered_and_inserted_entries_are_found(
    ledger: Path, capsys: pytest.CaptureFixture[str], change: Callable[[list[bytes]], list[bytes]], named: int
) -> None:
    rewrite(ledger, change(lines(ledger)))
    before = state(ledger)
    assert first_wrong(ledger) == named
    outcome = gongkai(capsys, "events", "verify", ledger)
    assert outcome.status == 1
    assert f"entries.jsonl:{named}:" in outcome.err
    if named <= ENTRIES:
        log = jsonl(ledger.parent / "more.jsonl", training("more"))
        assert import_into(ledger, capsys, log).status == 2
        assert gongkai(capsys, "events", "export", ledger, "--out", ledger.parent / "out").status == 2
        asked = ("evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out", ledger.parent / "run")
        assert gongkai(capsys, *asked).status == 2
        assert not (ledger.parent / "run").exists()
        assert state(ledger) == before


def test_an_entry_forged_with_the_right_hash_is_found(ledger: Path) -> None:
    entries = lines(ledger)
    forged = f'{{"prev":"{head_of(ledger)}","event":{{"id":"x"}},"place":"1"}}'.encode()
    rewrite(ledger, [*entries, forged])
    assert first_wrong(ledger) == ENTRIES + 1
    before = entries[6].split(b'"')[3].decode()
    inside = forged.replace(head_of(ledger).encode(), before.encode())
    rewrite(ledger, [*entries[:6], inside, *entries[6:]])
    assert first_wrong(ledger) == 7


def test_every_way_of_cutting_the_end_off_is_found(ledger: Path) -> None:
    content = (ledger / "entries.jsonl").read_bytes()
    for size in range(0, len(content), 7):
        (ledger / "entries.jsonl").write_bytes(content[:size])
        assert first_wrong(ledger) == content.count(b"\n", 0, size) + 1
    for name in ("entries.jsonl", "head.json"):
        (ledger / "entries.jsonl").write_bytes(content)
        (ledger / name).unlink()
        assert first_wrong(ledger) in {None, 1}


def test_the_state_that_a_report_was_made_from_is_found_again_or_missed(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = head_of(ledger)
    other = tmp_path / "other"
    shutil.copytree(ledger, other)
    for place, name in ((ledger, "a"), (other, "b")):
        assert import_into(place, capsys, jsonl(tmp_path / f"{name}.jsonl", training(name))).status == 0
    for place in (ledger, other):
        assert gongkai(capsys, "events", "verify", place, "--head", known).status == 0
    outcome = gongkai(capsys, "events", "verify", ledger, "--head", head_of(other))
    assert outcome.status == 1
    assert "unknown-head" in outcome.err
