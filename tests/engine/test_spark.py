"""A real Spark against DuckDB: the whole rulebook, random logs as counties of one run, and the command line."""

from __future__ import annotations

import random
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine.backends.duck import DuckBackend
from engine.backends.spark import SparkBackend, SparkError, start_session
from engine.compile.plan import County
from engine.evaluate import calendar_span
from engine.judge import Question, judge
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.load import load_books
from rules.loading.registry import UNITS as REGISTRIES
from rules.loading.registry import load_registry
from tests.engine.strategies import KINDS as FIELDS
from tests.engine.strategies import scenes
from tests.engine.test_oracle_agrees import SMALL, random_log, rules_of
from tests.gongkai.commands import gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyarrow import Table
    from pyspark.sql import SparkSession

    from tests.engine.strategies import Scene

BOOK = "jinxiang-2023"
LOGS = 3
"""Random logs of each kind of rule, all judged in one run."""


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    pytest.importorskip("pyspark")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        session = start_session(
            "local[2]",
            {
                "spark.sql.shuffle.partitions": "1",
                "spark.sql.adaptive.enabled": "false",
                "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
                "spark.sql.codegen.wholeStage": "false",
                "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            },
        )
        yield session
        session.stop()


def by_duckdb(events: Table, question: Question) -> Table:
    with DuckBackend() as backend:
        backend.load("events", events)
        return backend.fetch(judge(backend, question))


def by_spark(session: SparkSession, folder: Path, events: Table, question: Question) -> Table:
    pq.write_table(events, folder / "events.parquet")
    with SparkBackend(session, folder / "scratch") as backend:
        backend.read("events", [folder / "events.parquet"])
        backend.write(judge(backend, question), folder / "verdicts")
        return pq.read_table(folder / "verdicts")


def rows(table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def test_spark_says_of_the_whole_rulebook_what_duckdb_says(session: SparkSession, tmp_path: Path) -> None:
    registry, _ = load_registry(REGISTRIES / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books((BOOK,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    as_of = AsOf.parse("2023-12-31")
    log = table_of(random_log(random.Random(1), registry, books[0]), load_vocabulary())
    calendar = china_calendar(*calendar_span(books, as_of))
    question = Question((County(registry, books),), as_of, calendar)
    wanted = rows(by_duckdb(log, question))
    assert len({row["status"] for row in wanted}) > 5
    assert rows(by_spark(session, tmp_path, log, question)) == wanted


def scenes_of(kind: str) -> list[Scene]:
    """Return random logs of a kind of rule, the same ones each time; the first that are made are the smallest."""
    found: list[Scene] = []

    @settings(
        max_examples=LOGS * 3,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(scenes(kind))
    def collect(scene: Scene) -> None:
        found.append(scene)

    collect()
    return found[-LOGS:]


def test_spark_says_of_random_logs_as_counties_of_one_run_what_duckdb_says(
    session: SparkSession, tmp_path: Path
) -> None:
    counties, tables = [], []
    for number, scene in enumerate(scene for kind in sorted(FIELDS) for scene in scenes_of(kind)):
        name = f"c{number}"
        book = replace(rules_of(scene), id=f"book{number}")
        counties.append(County(replace(SMALL, county=name), (book,)))
        events = [
            replace(
                event,
                id=f"{name}-{event.id}",
                corrects=event.corrects and f"{name}-{event.corrects}",
                retracts=event.retracts and f"{name}-{event.retracts}",
            )
            for event in scene.events
        ]
        table = table_of(events, load_vocabulary())
        tables.append(table.append_column("county", pa.array([name] * table.num_rows, pa.string())))
    books = [book for county in counties for book in county.books]
    as_of = AsOf.parse("2023-10-09T12:00")
    question = Question(tuple(counties), as_of, china_calendar(*calendar_span(books, as_of)), several=True)
    log = pa.concat_tables(tables)
    wanted = rows(by_duckdb(log, question))
    assert {row["county"] for row in wanted} == {county.registry.county for county in counties}
    assert rows(by_spark(session, tmp_path, log, question)) == wanted


def test_a_master_that_is_none_is_a_problem_with_a_cure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "minzheng", "occurred_at": "2023-05-01"})
    ask = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out", "--engine", "spark")
    outcome = gongkai(capsys, *ask, "--master", "nowhere")
    assert outcome.status == 2
    assert "--master" in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "out").exists()


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkError, match="Java"):
        start_session("local[1]")
