from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def log_of(tmp_path: Path) -> Path:
    return write_log(
        tmp_path / "log.jsonl",
        decision("甲", "2023-05-04"),
        decision("乙", "2023-05-08"),
        feedback("乙", "2023-08-01"),
    )


def test_a_preset_gives_day_title_and_what_it_is_compared_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log, out = log_of(tmp_path), tmp_path / "out"
    assert gongkai(capsys, "evaluate", "--events", log, "--preset", "annual", "--out", out).status == 0
    receipt = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (receipt["as_of"], receipt["preset"]) == ("2023-12-31", "annual")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "年度评估，期间 2023-01-01 至 2023-12-31" in page
    assert '<th scope="col" class="n">2023-06-30</th>' in page  # judged again from the same log
    mid = tmp_path / "mid"
    assert gongkai(capsys, "evaluate", "--events", log, "--preset", "mid-year", "--out", mid).status == 0
    assert json.loads((mid / "run.json").read_text(encoding="utf-8"))["as_of"] == "2023-06-30"
    given = tmp_path / "given"
    arguments = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--earlier", mid, "--out", given)
    assert gongkai(capsys, *arguments).status == 0
    compared = (given / "index.html").read_text(encoding="utf-8")
    assert "先前未落实、现在仍未落实的2项" not in compared
    assert "历次评估的结论" in compared
    assert compared.count("2023-06-30") >= 2


def test_a_preset_of_ones_own_and_its_mistakes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log, preset = log_of(tmp_path), tmp_path / "quarter.yaml"
    preset.write_text(
        "title: {zh: 三季度评估}\nperiod: {from: 2023-07-01, to: 2023-09-30}\nas_of: 2023-09-30\n", encoding="utf-8"
    )
    out = tmp_path / "out"
    assert gongkai(capsys, "evaluate", "--events", log, "--preset", preset, "--out", out).status == 0
    assert "三季度评估" in (out / "index.html").read_text(encoding="utf-8")
    near = gongkai(capsys, "evaluate", "--events", log, "--preset", "anual", "--out", out)
    assert (near.status, "annual" in near.err) == (2, True)
    preset.write_text("title: {zh: 评估}\nperiod: {from: 02-30, to: 12-31}\nas_of: 12-31\n", encoding="utf-8")
    assert gongkai(capsys, "evaluate", "--events", log, "--preset", preset, "--out", out).status == 2
    without = gongkai(capsys, "evaluate", "--events", log, "--out", out)
    assert (without.status, "--as-of" in without.err) == (2, True)
    wrong = gongkai(
        capsys, "evaluate", "--events", log, "--as-of", "2023-12-31", "--earlier", tmp_path, "--out", tmp_path / "no"
    )
    assert (wrong.status, "gongkai evaluate --out" in wrong.err) == (2, True)
