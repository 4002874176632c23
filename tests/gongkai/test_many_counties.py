"""Many counties in one run: exactly the planted faults, each county as judged alone, and what cannot be judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.gongkai.commands import gongkai, read_verdicts

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2023-12-31"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from gongkai.demo.many import make_many  # noqa: PLC0415
    from rules.loading.registry import UNITS, load_registry  # noqa: PLC0415

    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    out = tmp_path_factory.mktemp("many") / "demo"
    make_many(out, registry, counties=2, events=1, seed=3)
    return out


def test_the_faults_of_all_counties_are_found_and_each_is_judged_as_if_it_were_alone(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = gongkai(capsys, "evaluate", "--events", demo / "events", "--as-of", AS_OF, "--out", tmp_path / "all")
    assert outcome.status == 0, outcome.err
    together: list[dict[str, Any]] = pq.read_table(tmp_path / "all" / "verdicts.parquet").to_pylist()
    ids = [row["obligation"] for row in together]
    assert [(row["county"], row["obligation"]) for row in together] == sorted(
        (row["county"], row["obligation"]) for row in together
    )
    assert len(ids) == len(set(ids))
    breaches = {row["obligation"] for row in together if row["status"] in ("violated", "late")}
    faults = pq.read_table(demo / "answers" / "faults.parquet")
    assert breaches == set(faults["obligation"].to_pylist())

    county = pq.read_table(demo / "events" / "county=c0002", partitioning=None)
    alone = tmp_path / "log.parquet"
    pq.write_table(county.drop_columns("county") if "county" in county.column_names else county, alone)
    outcome = gongkai(capsys, "evaluate", "--events", alone, "--as-of", AS_OF, "--out", tmp_path / "one")
    assert outcome.status == 0, outcome.err
    columns = ("clause", "status", "due_on", "met_on", "required", "measured", "evidence", "reason")
    found = {
        row["obligation"].replace("/c0002/", "/"): {name: row[name] for name in columns}
        for row in together
        if row["county"] == "c0002"
    }
    for row in found.values():
        row.update({name: row[name] and row[name].isoformat() for name in ("due_on", "met_on")})
    assert found == {
        row["obligation"]: {name: row[name] for name in columns} for row in read_verdicts(tmp_path / "one")
    }

    summary = json.loads((tmp_path / "all" / "summary.json").read_text("utf-8"))
    assert summary["obligations"] == len(together)
    assert [one["county"] for one in summary["counties"]] == ["c0001", "c0002"]


def test_what_is_wrong_in_the_events_of_many_counties_is_said_and_nothing_written(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = pq.read_table(demo / "events" / "county=c0001", partitioning=None).slice(0, 3)
    for name, value in (("unit", "nobody"), ("type", "no.such"), ("corrects", "nothing")):
        place = events.column_names.index(name)
        column = pa.array([value, *events[name].to_pylist()[1:]], pa.string())
        events = events.set_column(place, name, column)
    twice = pa.concat_tables([events, events.slice(2, 1)])
    folder = tmp_path / "events" / "county=c0001"
    folder.mkdir(parents=True)
    pq.write_table(twice, folder / "part.parquet")
    ask = ("evaluate", "--events", tmp_path / "events", "--as-of", AS_OF, "--out", tmp_path / "out")
    outcome = gongkai(capsys, *ask, "--lang", "en")
    assert outcome.status == 2
    for code in ("unknown-unit", "unknown-type", "duplicate-id", "unknown-target"):
        assert f"[{code}]" in outcome.err
    assert not (tmp_path / "out").exists()
    outcome = gongkai(capsys, *ask, "--unit", "minzheng")
    assert outcome.status == 2
    assert "--unit" in outcome.err
