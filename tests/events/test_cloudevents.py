from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.events.reading import column, jsonl, only, read

if TYPE_CHECKING:
    from pathlib import Path

CLOUD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "type": "request.received",
    "source": "县民政局",
    "subject": "申请1号",
    "time": "2023-07-14T01:30:00Z",
}


def test_the_context_becomes_the_fields_of_the_contract(tmp_path: Path) -> None:
    cloud = {
        **CLOUD,
        "recordedat": "2023-07-15",
        "datacontenttype": "application/json; charset=utf-8",
        "dataschema": "https://example.org/schema",
        "traceparent": "00-0af7",
        "data": {"channel": "post"},
    }
    log = read(jsonl(tmp_path / "log.jsonl", cloud, {**CLOUD, "id": "2", "corrects": "1"}))
    assert log.problems == ()
    first, second = log.table.to_pylist()
    assert (first["id"], first["type"], first["unit"], first["subject"]) == (
        "1",
        "request.received",
        "minzheng",
        "申请1号",
    )
    assert (first["occurred_at"], first["timed"]) == (datetime(2023, 7, 14, 9, 30), True)
    assert (first["recorded_at"], first["data.channel"]) == (datetime(2023, 7, 15), "post")
    assert (second["corrects"], second["recorded_at"]) == ("1", datetime(2023, 7, 14, 9, 30))


@pytest.mark.parametrize(
    "source",
    [
        "minzheng",
        "/units/minzheng",
        "https://www.jinxiang.gov.cn/minzheng/",
        "urn:unit:minzheng",
        "/%E9%87%91%E4%B9%A1%E5%8E%BF/%E5%8E%BF%E6%B0%91%E6%94%BF%E5%B1%80",
    ],
)
def test_the_last_part_of_the_source_is_the_unit(tmp_path: Path, source: str) -> None:
    assert column(read(jsonl(tmp_path / "log.jsonl", {**CLOUD, "source": source})), "unit") == ["minzheng"]


def test_a_batch_is_read_and_may_be_mixed_with_events_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    own = {"id": "2", "type": "training.held", "unit": "县民政局", "occurred_at": "2023-07-14"}
    path.write_text(json.dumps([CLOUD, own]), encoding="utf-8")
    assert column(read(path), "id") == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"specversion": "0.3"}, "cloudevents-version"),
        ({"specversion": 1.0}, "cloudevents-version"),
        ({"data_base64": "AA=="}, "cloudevents-data"),
        ({"datacontenttype": "text/xml", "data": "<a/>"}, "cloudevents-data"),
        ({"datacontenttype": 7}, "cloudevents-data"),
        ({"data": [1]}, "bad-value"),
        ({"source": "/units/minzhen"}, "unknown-unit"),
        ({"source": {"a": 1}}, "bad-value"),
        ({"time": "yesterday"}, "bad-date"),
        ({"time": None}, "missing-value"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_its_line(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    problem = only(read(jsonl(tmp_path / "log.jsonl", {**CLOUD, **change})))
    assert (problem.code, problem.where.line) == (code, 1)
