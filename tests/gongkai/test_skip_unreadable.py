from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.events.reading import csv_file
from tests.gongkai.commands import gongkai, read_verdicts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HEAD = ("编号", "类型", "单位", "日期")


def test_what_cannot_be_read_is_left_out_and_named_on_top(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        HEAD,
        ("1", "业务培训", "县民政局", "2023-05-01"),
        ("2", "业务培训", "县民政局", "昨天"),
        ("3", "不知道", "县司法局", "2023-05-02"),
    ]
    log = csv_file(tmp_path / "台账.csv", rows)
    no_log = csv_file(tmp_path / "县水务局.csv", [("甲", "乙"), ("1", "2")])
    out = tmp_path / "报告"
    options = ("--events", log, no_log, "--as-of", "2023-12-31", "--unit", "县民政局", "--out", out)
    assert gongkai(capsys, "evaluate", *options).status == 2
    outcome = gongkai(capsys, "evaluate", *options, "--skip-unreadable")
    assert (outcome.status, "[bad-date]" in outcome.err, "错误" in outcome.err) == (0, True, False)
    [training] = [one for one in read_verdicts(out) if one["rule"] == "N6.training"]
    assert (training["status"], training["evidence"]) == ("met", ["1"])
    left = [(one["unit"], one["file"], one["place"]) for one in json.loads((out / "run.json").read_text())["left_out"]]
    assert sorted(left) == [("minzheng", "台账.csv", "3"), ("shuiwu", "县水务局.csv", "1"), ("sifa", "台账.csv", "4")]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.index("没有读取的台账") < page.index("突出问题</h2>")
    assert "县司法局：台账.csv 4，没有事件类型“不知道”" in page
    own = (out / "units" / "minzheng.html").read_text(encoding="utf-8")
    assert own.index("没有读取的台账") < own.index('class="cards"')
    assert "台账.csv 3，“昨天”不是日期" in own
    assert "台账.csv 4" not in own, "what was left out of others is theirs"
    told = gongkai(capsys, "notices", out, "--kind", "rectification", "--out", tmp_path / "通知").err
    assert "[log-incomplete] 县民政局的台账有1处没有读取" in told
    assert "县司法局" not in told, "it gets no notice from a run of one unit"


def test_nothing_that_can_be_read_is_still_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = csv_file(tmp_path / "台账.csv", [HEAD, ("1", "业务培训", "县民政局", "昨天")])
    options = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "报告", "--skip-unreadable")
    assert gongkai(capsys, "evaluate", *options).status == 2


def test_headings_without_rows_are_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "events", "check", csv_file(tmp_path / "台账.csv", [("县民政局台账",), HEAD]))
    assert outcome.status == 0
    assert "台账.csv:2:1: 提醒 [no-entries] 只有列名，没有一条记录" in outcome.err
