"""The bytes of a ledger: what an event is written as does not change from version to version, and is read again."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.ledger.damage import DamageError
from events.ledger.importing.imports import Provenance, import_stage
from events.ledger.importing.stage import Stage
from events.ledger.load import load_ledger
from events.table import schema
from events.vocabulary import load_vocabulary
from tests.ledger.ledgers import hash_by_hand, import_into, lines, state, verified

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).parents[1] / "data" / "ledger"
COLUMNS = schema(load_vocabulary())
AT = Provenance("2024-01-05T09:00:00", "张三", "1", "0")
PREFIX = len('{"prev":"",') + 64
ORDER = ("id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts", "data")


def test_events_of_every_kind_of_value_are_written_as_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_into(tmp_path / "ledger", capsys, DATA / "values.jsonl").status == 0
    entries = lines(tmp_path / "ledger")[1:]
    assert b"".join(one[PREFIX:] + b"\n" for one in entries) == (DATA / "values.entries").read_bytes()
    for before, entry in zip(lines(tmp_path / "ledger"), entries, strict=False):
        assert entry.startswith(f'{{"prev":"{hash_by_hand(before)}",'.encode())


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
MOMENT = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1))


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw some events, in columns that some of them have and others have not."""
    used = draw(st.sets(st.sampled_from(["subject", "corrects", "note", "value", "pieces", "clear", "topics"])))
    values = {
        "subject": TEXT,
        "corrects": TEXT,
        "data.note": TEXT,
        "data.value": st.floats(allow_nan=False, allow_infinity=False),
        "data.pieces": st.integers(0, 2**63 - 1),
        "data.clear": st.booleans(),
        "data.topics": st.lists(TEXT, max_size=3),
    }
    found = []
    for number in range(draw(st.integers(1, 6))):
        occurred = draw(st.one_of(MOMENT, MOMENT.map(lambda one: one.replace(microsecond=0))))
        timed = draw(st.booleans())
        occurred = occurred if timed else datetime.combine(occurred.date(), datetime.min.time())
        later = draw(st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(microseconds=5)]))
        row = {"id": f"{number}{draw(TEXT)}", "type": "training.held", "unit": "minzheng", "timed": timed}
        row |= {"occurred_at": occurred, "recorded_at": occurred + later}
        row |= {"file": draw(st.sampled_from(["a", 'b"\n'])), "place": draw(TEXT)}
        optional = {name: draw(st.none() | one) for name, one in values.items() if name.split(".")[-1] in used}
        found.append({**row, **optional})
    return found


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Return what an entry says of an event, made without the product."""
    day, same = row["occurred_at"], row["recorded_at"] == row["occurred_at"]
    data = {name[5:]: row[name] for name in sorted(row) if name.startswith("data.") and row[name] is not None}
    fields = {
        **{name: row.get(name) for name in ORDER},
        "occurred_at": day.isoformat() if row["timed"] else day.date().isoformat(),
        "recorded_at": None if same else row["recorded_at"].isoformat(),
        "data": data or None,
    }
    event = {name: value for name, value in fields.items() if value is not None}
    return {"event": event, "place": row["place"], **({} if row["file"] == "a" else {"file": row["file"]})}


def staged(events: Sequence[dict[str, Any]]) -> Stage:
    """Return a stage with the events of the file `a`."""
    stage = Stage()
    stage.add(pa.Table.from_pylist(list(events), schema=COLUMNS), "a")
    stage.end("a", "0", len(events))
    return stage


@settings(max_examples=40, deadline=None)
@given(rows())
def test_whatever_events_say_stands_in_their_entries_on_one_line_each(events: list[dict[str, Any]]) -> None:
    with staged(events) as stage:
        bodies = list(stage.bodies())
    found = [json.loads(b"{" + one) for one in bodies]
    assert found == [said(one) for one in events]
    assert [list(one["event"]) for one in found] == [list(said(one)["event"]) for one in events], "in their order"
    for body in bodies:
        assert body.endswith(b"}\n")
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", body.decode()[:-1])


@settings(max_examples=15, deadline=None)
@given(rows())
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, events: list[dict[str, Any]]) -> None:
    ledger = tmp_path_factory.mktemp("ledger") / "ledger"
    chained = [{**one, "corrects": None} for one in events]
    with staged(chained) as stage:
        assert import_stage(ledger, stage, AT)[1] == ()
    assert verified(ledger).problems == ()
    wanted = pa.Table.from_pylist(chained, schema=COLUMNS)
    assert load_ledger(ledger, load_vocabulary()).table.combine_chunks().equals(wanted.combine_chunks())


def test_a_byte_that_turns_on_the_disk_while_entries_are_written_keeps_them_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(number: int) -> dict[str, Any]:
        at = datetime(2023, 7, 14)
        event = {"id": f"{number}", "type": "training.held", "unit": "minzheng", "occurred_at": at, "recorded_at": at}
        return {**event, "timed": False, "file": "a", "place": f"{number}"}

    ledger = tmp_path / "ledger"
    with staged([row(0)]) as stage:
        import_stage(ledger, stage, AT)
    before, sync = state(ledger), os.fsync
    size = len(before["entries.jsonl"])
    for turned in range(0, 600, 41):

        def rotten(descriptor: int, turned: int = turned) -> None:
            """Turn a byte of what was written."""
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if path.name == "entries.jsonl":
                content = bytearray(path.read_bytes())
                content[size + turned] ^= 1
                path.write_bytes(content)
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", rotten)
        with staged([row(1), row(2), row(3)]) as stage, pytest.raises(DamageError):
            import_stage(ledger, stage, AT)
        monkeypatch.undo()
        assert state(ledger) == before
    with staged([row(1)]) as stage:
        assert import_stage(ledger, stage, AT)[1] == ()
