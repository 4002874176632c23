from __future__ import annotations

import importlib
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

import gongkai

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = (
    {
        "id": "E1",
        "type": "decision.issued",
        "unit": "县民政局",
        "subject": "D1",
        "occurred_at": "2023-09-28",
        "data": {"consulted": True},
    },
    {"id": "E2", "type": "training.held", "unit": "县民政局", "subject": "T1", "occurred_at": "2023-05-04"},
)
OVERDUE = "jinxiang-2023/8.2.feedback/minzheng/E1"


@pytest.fixture
def result(tmp_path: Path) -> gongkai.Result:
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(event) + "\n" for event in EVENTS), encoding="utf-8")
    return gongkai.evaluate(log, "2023-12-31", only=["县民政局"])


def test_verdicts_are_the_same_in_arrow_pandas_and_polars(result: gongkai.Result) -> None:
    arrow = result.verdicts.to_pylist()
    assert result.to_polars().to_dicts() == arrow
    pandas = result.to_pandas()
    assert list(pandas["obligation"]) == [row["obligation"] for row in arrow]
    row = pandas.set_index("obligation").loc[OVERDUE]
    assert (row["status"], row["due_on"]) == ("violated", date(2023, 10, 9))
    assert list(pandas["due_on"].isna()) == [row["due_on"] is None for row in arrow]


def test_verdicts_of_one_status(result: gongkai.Result) -> None:
    violated = result.with_status("violated")
    assert OVERDUE in violated["obligation"].to_pylist()
    assert set(violated["status"].to_pylist()) == {"violated"}
    assert result.with_status("violated", "met").num_rows > violated.num_rows
    with pytest.raises(ValueError, match="violated"):
        result.with_status("violeted")


def test_missing_library_is_named_with_its_cure(result: gongkai.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(ModuleNotFoundError, match=r"gongkai\[polars\]"):
        result.to_polars()
    with pytest.raises(ModuleNotFoundError, match=r"gongkai\[pandas\]"):
        result.to_pandas()


def test_unusable_input_carries_its_problems(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"id": "E1", "type": "decision.isued", "unit": "县民正局"}\n', encoding="utf-8")
    with pytest.raises(gongkai.InputError) as caught:
        gongkai.evaluate(log, "2023-12-32", only=["县民证局"])
    assert {problem.code for problem in caught.value.problems} >= {"bad-option", "unknown-type", "unknown-unit"}
