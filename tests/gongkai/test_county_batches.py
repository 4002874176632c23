"""Batches of counties: the same rows whatever the batches and whoever judges them; damage, kills and repeated ids."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.table import table_of
from events.vocabulary import load_vocabulary
from gongkai.evaluation.counties.run import run_counties
from gongkai.evaluation.judge import element_labels
from gongkai.options import RunRequest
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry
from tests.engine.test_oracle_agrees import random_log
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.book import Book
    from rules.units import Registry

pytestmark = pytest.mark.slow

AS_OF = "2023-12-31"
BOOK = "jinxiang-2023"
ROOT = Path(__file__).parents[2]


def setting() -> tuple[Registry, tuple[Book, ...]]:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books((BOOK,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    return registry, books


def province(folder: Path, seeds: Sequence[int], *, length: int = 400) -> dict[str, pa.Table]:
    """Write a random log a county; ids repeat from county to county, since each counts from 1."""
    registry, books = setting()
    tables = {}
    for number, seed in enumerate(seeds, 1):
        name = f"c{number:04}"
        events = random_log(random.Random(seed), registry, books[0])[:length]
        kept = {event.id for event in events}
        events = [event for event in events if (event.corrects or event.retracts or event.id) in kept]
        tables[name] = table_of(events, load_vocabulary())
        place = folder / f"county={name}"
        place.mkdir(parents=True)
        pq.write_table(tables[name], place / "part.parquet")
    return tables


def rows(out: Path) -> list[dict[str, Any]]:
    """Return the verdicts of a run, in their order."""
    by_county = pads.partitioning(pa.schema([("county", pa.string())]), flavor="hive")
    found: list[dict[str, Any]] = pq.read_table(out / "verdicts.parquet", partitioning=by_county).to_pylist()
    return found


def judged(events: Path, out: Path, *, batch_events: int = 10**6, jobs: int = 1) -> list[dict[str, Any]]:
    """Run over many counties, and return the verdicts."""
    request = RunRequest(as_of=AS_OF, events=(events,), batch_events=batch_events, jobs=jobs)
    result = run_counties(request, out)
    assert result.totals is not None, result.problems
    assert sum(result.totals.values()) == json.loads((out / "summary.json").read_text("utf-8"))["obligations"]
    return rows(out)


def alone(events: pa.Table, county: str) -> list[dict[str, Any]]:
    """Return the verdicts of one county judged by itself, named as in a run over many."""
    registry, books = setting()
    as_of = AsOf.parse(AS_OF)
    calendar = china_calendar(*calendar_span(books, as_of))
    table = evaluate(events, books, registry, as_of, calendar, labels=element_labels("zh"))
    found = []
    for row in table.to_pylist():
        book, rule, rest = row["obligation"].split("/", 2)
        named = f"{book}/{rule}/{county}/{rest}"
        cause = named if row["cause"] == row["obligation"] else row["cause"]
        found.append({**row, "obligation": named, "cause": cause, "county": county})
    return sorted(found, key=lambda row: str(row["obligation"]))


@settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=4), most=st.sampled_from((1, 500, 10**6)))
def test_the_rows_are_those_of_each_county_alone_whatever_the_batches(
    tmp_path_factory: pytest.TempPathFactory, seeds: list[int], most: int
) -> None:
    folder = tmp_path_factory.mktemp("province")
    tables = province(folder / "events", seeds, length=120)
    found = judged(folder / "events", folder / "out", batch_events=most)
    wanted = [row for name, events in tables.items() for row in alone(events, name)]
    assert found == [{name: row[name] for name in found[0]} for row in wanted]


def test_processes_side_by_side_give_the_same_bytes(tmp_path: Path) -> None:
    province(tmp_path / "events", [1, 2, 3])
    judged(tmp_path / "events", tmp_path / "one", batch_events=500)
    judged(tmp_path / "events", tmp_path / "two", jobs=2, batch_events=500)
    one, two = (
        {file.relative_to(tmp_path / name): file.read_bytes() for file in (tmp_path / name).rglob("part.parquet")}
        for name in ("one", "two")
    )
    assert len(one) == 3
    assert one == two


def test_units_of_a_county_may_share_ids(tmp_path: Path) -> None:
    """Two units that each number their entries 1, 2, 3 do not collide, and evidence says whose entry it is."""
    day = datetime(2023, 3, 1)
    entries = [
        {"id": "1", "type": "training.held", "unit": unit, "occurred_at": day, "recorded_at": day, "timed": False}
        for unit in ("minzheng", "shangwu")
    ]
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("id", "type", "unit")),
            *((name, pa.timestamp("us")) for name in ("occurred_at", "recorded_at")),
            ("timed", pa.bool_()),
        ]
    )
    place = tmp_path / "events" / "county=370828"
    place.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(entries, schema=schema), place / "part.parquet")
    found = judged(tmp_path / "events", tmp_path / "out")
    assert {row["county"] for row in found} == {"370828"}
    evidence = {row["unit"]: row["evidence"] for row in found if row["rule"] == "N6.training" and row["evidence"]}
    assert evidence == {"minzheng": ["minzheng:1"], "shangwu": ["shangwu:1"]}


def test_every_damaged_file_is_named_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files without a footer, files with a damaged page, and files of no county are told in one run."""
    province(tmp_path / "events", [1, 2, 3])
    first, second = (tmp_path / "events" / f"county=c000{number}" / "part.parquet" for number in (1, 2))
    first.write_bytes(first.read_bytes()[:-10])
    content = bytearray(second.read_bytes())
    content[200:2000] = os.urandom(1800)
    second.write_bytes(bytes(content))
    os.mkfifo(tmp_path / "events" / "county=c0003" / "pipe.parquet")
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF, "--out", tmp_path / "out", "--lang", "en")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert outcome.err.count("[damaged-file]") == 2
    assert "county=c0001/part.parquet" in outcome.err
    assert "pipe.parquet" in outcome.err
    first.unlink()
    (tmp_path / "events" / "county=c0003" / "pipe.parquet").unlink()
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert "county=c0002/part.parquet" in outcome.err
    assert "Traceback" not in outcome.err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["events"]


def test_faults_of_all_batches_are_told_in_one_run(tmp_path: Path) -> None:
    tables = province(tmp_path / "events", [1, 2])
    for name, events in tables.items():
        place = events.column_names.index("unit")
        units = pa.array([f"nobody-{name}", *events["unit"].to_pylist()[1:]], pa.string())
        changed = events.set_column(place, "unit", units)
        pq.write_table(changed, tmp_path / "events" / f"county={name}" / "part.parquet")
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",), batch_events=1), tmp_path / "out")
    assert result.totals is None
    assert [(one.code, one.value) for one in result.problems] == [
        ("unknown-unit", "nobody-c0001（1）"),
        ("unknown-unit", "nobody-c0002（1）"),
    ]
    assert not (tmp_path / "out").exists()


def test_a_county_without_a_registry_and_an_address_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    province(tmp_path / "events", [1])
    registries = tmp_path / "units"
    registries.mkdir()
    text = (UNITS / "jinxiang.yaml").read_text("utf-8").replace("id: jinxiang", "id: c0002")
    (registries / "c0002.yaml").write_text(text, encoding="utf-8")
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF, "--lang", "en")
    outcome = gongkai(capsys, *ask, "--units", registries, "--out", tmp_path / "out")
    assert outcome.status == 2
    assert "c0001" in outcome.err
    outcome = gongkai(capsys, *ask, "--out", "s3a://bucket/out")
    assert outcome.status == 2
    assert "NFS" in outcome.err


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """The batches that are done are not judged again; other inputs begin anew."""
    province(tmp_path / "events", range(6))
    out = tmp_path / "out"
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF, "--batch-events", "1", "--out", out)
    process = subprocess.Popen([sys.executable, "-m", "gongkai", *ask], cwd=ROOT, stderr=subprocess.DEVNULL)
    work = tmp_path / ".out.batches"
    deadline = time.monotonic() + 120
    while not list(work.glob("batch-*.json")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not out.exists()
    done = {file: file.stat().st_mtime_ns for file in (work / "verdicts").rglob("part.parquet")}
    finished = {int(file.stem.removeprefix("batch-")) for file in work.glob("batch-*.json")}
    assert finished
    found = judged(tmp_path / "events", out, batch_events=1)
    kept = [
        file for file in (out / "verdicts.parquet").rglob("part.parquet") if file.stat().st_mtime_ns in done.values()
    ]
    assert len(kept) >= len(finished)
    assert not work.exists()
    assert found == judged(tmp_path / "events", tmp_path / "again")


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A hidden folder that merely has the name of ours stays, and the run says so."""
    province(tmp_path / "events", [1])
    theirs = tmp_path / ".out.batches" / "mine.txt"
    theirs.parent.mkdir()
    theirs.write_text("mine", encoding="utf-8")
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",)), tmp_path / "out")
    assert result.totals is None
    assert [one.code for one in result.problems] == ["not-writable"]
    assert theirs.read_text("utf-8") == "mine"
