from __future__ import annotations

from pathlib import Path

import pytest

from events.read import read_events
from gongkai.options import DEFAULT_UNITS
from rules.loading.registry import load_registry
from tests.events.reading import codes, csv_file, only, read

OFFICES = Path(__file__).parents[1] / "data" / "offices"
HEAD = ("编号", "类型", "单位", "日期", "条款", "评价结论", "评价人")


def test_judgements_of_a_unit_on_itself_are_told_once_with_their_number() -> None:
    registry, _ = load_registry(DEFAULT_UNITS)
    assert registry is not None
    problem = only(read_events([OFFICES / "self.csv"], registry))
    assert (problem.code, problem.severity, problem.value, problem.where.line) == (
        "judgement-of-nobody",
        "warning",
        "minzheng",
        2,
    )
    assert "13条" in problem.fact.zh


@pytest.mark.parametrize(
    ("unit", "evaluator", "word"),
    [
        ("县民政局", "县民政局", "本单位"),
        ("县民政局", "县民政局 张三", "本单位"),
        ("金乡街道", "金乡街道", "本单位"),
        ("县民政局", "张三", "负责评估"),
        ("金乡街道", "县民政局", "负责评估"),
        ("县民政局", "", "没有写明"),
        ("县民政局", "金乡街道", None),
        ("县民政局", "金乡街道 李四", None),
    ],
)
def test_who_a_judgement_has_to_be_by(tmp_path: Path, unit: str, evaluator: str, word: str | None) -> None:
    log = read(csv_file(tmp_path / "log.csv", [HEAD, ("1", "评价记录", unit, "2023-12-20", "10.1", "合格", evaluator)]))
    if word is None:
        assert codes(log) == []
    else:
        assert (codes(log), word in log.problems[0].fact.zh) == (["judgement-of-nobody"], True)
