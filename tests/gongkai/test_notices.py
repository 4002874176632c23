"""Notices in Word: one a unit, from the shipped template or the office's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
import yaml

from gongkai.cli import run
from rules.loading.registry import UNITS
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    Capsys = pytest.CaptureFixture[str]

HOSTILE = '=HYPERLINK("http://x")<script>{{ county }}</script>&一'
NAME = "../../x<b>局"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run in which two units have problems; the name of one of them is hostile."""
    home = tmp_path_factory.mktemp("notices")
    units = yaml.safe_load((UNITS / "jinxiang.yaml").read_text(encoding="utf-8"))
    for unit in units["units"]:
        if unit["id"] == "caizheng":
            unit["aliases"] = [*unit.get("aliases", []), unit["name"]]
            unit["name"] = NAME
    (home / "units.yaml").write_text(yaml.safe_dump(units, allow_unicode=True), encoding="utf-8")
    other = {**decision("乙", "2023-03-02"), "unit": "caizheng"}
    log = write_log(home / "log.jsonl", decision("甲", "2023-03-01"), decision(HOSTILE, "2023-03-03"), other)
    ask = ["--events", str(log), "--units", str(home / "units.yaml"), "--as-of", "2023-06-30"]
    only = ["--unit", "县民政局", "--unit", "caizheng", "--rectify-within", "10 working days"]
    assert run(["evaluate", *ask, *only, "--out", str(home / "run")]) == 0
    return home / "run"


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_each_unit_gets_its_notice_with_its_own_problems(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    outcome = gongkai(capsys, "notices", folder, "--out", tmp_path / "out")
    assert outcome.status == 0, outcome.err
    names = sorted(path.name for path in (tmp_path / "out").rglob("*"))
    assert names == ["整改通知单__.._x_b_局.docx", "整改通知单_县民政局.docx"]
    assert f"{NAME}：" in text_of(tmp_path / "out" / names[0])
    said = text_of(tmp_path / "out" / "整改通知单_县民政局.docx")
    assert "金乡县政务公开问题整改通知单" in said
    assert "县民政局：" in said
    assert "决策文件出台后的3个工作日内" in said
    assert "2023年7月14日前交回" in said
    assert "81" in said.split("\n"), "working days overdue, by the calendar of the run"
    assert HOSTILE in said, "what the log says is text, and no placeholder"
    assert "乙" not in said
    assert "【文号：待填】" in said
    assert "{{" not in said.replace(HOSTILE, "")


def test_the_same_run_gives_the_same_bytes(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        assert gongkai(capsys, "notices", folder, "--out", tmp_path / name, "--unit", "县民政局").status == 0
        made.append((tmp_path / name / "整改通知单_县民政局.docx").read_bytes())
    assert made[0] == made[1]


def test_who_is_interviewed_is_stated_and_never_made_up(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    ask = ("notices", folder, "--kind", "interview", "--out", tmp_path / "out")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert "--unit" in outcome.err
    assert not (tmp_path / "out").exists()
    assert gongkai(capsys, *ask, "--unit", "县民政局").status == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["约谈通知_县民政局.docx"]
    assert "约谈你单位负责同志" in text_of(tmp_path / "out" / "约谈通知_县民政局.docx")


def test_an_unknown_unit_is_named_with_the_nearest(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    outcome = gongkai(capsys, "notices", folder, "--out", tmp_path / "out", "--unit", "县民正局")
    assert outcome.status == 2
    assert "县民政局" in outcome.err


def test_the_office_edits_the_template_and_a_broken_one_is_a_problem(
    capsys: Capsys, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.docx"
    assert gongkai(capsys, "notices", "--save-template", own).status == 0
    ask = ("notices", folder, "--out", tmp_path / "out", "--unit", "县民政局", "--template", own)
    document = docx.Document(str(own))
    added = document.add_paragraph("抄送：{{ unit }}分管负责同志，共{{ open_count }}项")
    document.save(str(own))
    assert gongkai(capsys, *ask).status == 0
    assert "抄送：县民政局分管负责同志，共" in text_of(tmp_path / "out" / "整改通知单_县民政局.docx")
    for wrong, hint in (
        ("{{ unti }}", "unit"),
        ("{% for %}", "bad-template"),
        ("{{ ''.__class__.mro() }}", "bad-template"),
    ):
        added.text = wrong
        document.save(str(own))
        outcome = gongkai(capsys, *ask)
        assert outcome.status == 2, wrong
        assert hint in outcome.err
        assert "Traceback" not in outcome.err
    own.write_bytes(b"not a document")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert "bad-template" in outcome.err
