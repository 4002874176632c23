"""Notices in Word: one a unit, from the shipped template or the office's own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
import yaml

from gongkai.cli import run
from rules.loading.registry import UNITS
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    Capsys = pytest.CaptureFixture[str]

HOSTILE = '=HYPERLINK("http://x")<script>{{ county }}</script>&一'
NAME = "../../x<b>局"
SCORING = Path(__file__).parents[2] / "examples" / "scoring"
FILED = ("县民政局", "县财政局", "县教育和体育局", "羊山镇", "胡集镇")


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
    letters = ["整改通知单__.._x_b_局.docx", "整改通知单_县民政局.docx"]
    assert names == [*letters, "问题清单__.._x_b_局.xlsx", "问题清单_县民政局.xlsx"]
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
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["约谈通知_县民政局.docx", "问题清单_县民政局.xlsx"]
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
        ("{{ 'x' * 10 ** 9 }}", "bad-template"),
        ("{{ unit.ljust(10000000000) }}", "bad-template"),
        ("{{ unit|center(10000000000) }}", "bad-template"),
        ("{% for one in range(100000) %}x{% endfor %}", "bad-template"),
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


def test_a_template_without_what_a_notice_is_for_is_told(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    """The unit and its problems have to be in it; how many they are is not enough."""
    own = tmp_path / "own.docx"
    assert gongkai(capsys, "notices", "--save-template", own).status == 0
    ask = ("notices", folder, "--out", tmp_path / "out", "--unit", "县民政局", "--template", own)
    assert "placeholder-missing" not in gongkai(capsys, *ask).err
    document = docx.Document(str(own))
    for table in document.tables:
        table._tbl.getparent().remove(table._tbl)
    for paragraph in document.paragraphs:
        if "{{ unit }}" in paragraph.text:
            paragraph.text = "单位："
    document.save(str(own))
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 0
    assert outcome.err.count("[placeholder-missing]") == 2
    assert "占位符 unit（" in outcome.err
    assert "占位符 problems（" in outcome.err


def request(number: str, day: str) -> dict[str, Any]:
    return {"type": "request.received", "unit": "县民政局", "subject": number, "occurred_at": day}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run of a year, scored by a policy of the county's own, in which most units filed nothing."""
    home = tmp_path_factory.mktemp("year")
    example = (SCORING / "example.yaml").read_text(encoding="utf-8").replace("example: true", "example: false")
    (home / "policy.yaml").write_text(example, encoding="utf-8")
    staff = {"type": "staff.appointed", "subject": "M1", "occurred_at": "2023-03-01"}
    events = [
        request("申1", "2023-03-01"),
        decision("甲", "2023-03-01"),
        decision("乙", "2023-10-09"),
        *({"type": "training.held", "unit": unit, "occurred_at": "2023-05-10"} for unit in FILED[1:]),
        *({**staff, "unit": unit} for unit in FILED[2:]),
    ]
    ask = ["--events", str(write_log(home / "log.jsonl", *events)), "--as-of", "2023-12-31"]
    options = ["--policy", str(home / "policy.yaml"), "--rectify-within", "5 working days"]
    assert run(["evaluate", *ask, *options, "--out", str(home / "run")]) == 0
    return home / "run"


def test_a_notice_says_the_task_where_a_limit_is_from_and_what_lies_before_the_document(
    capsys: Capsys, year: Path, tmp_path: Path
) -> None:
    assert gongkai(capsys, "notices", year, "--unit", "县民政局", "--out", tmp_path / "out").status == 0
    document = docx.Document(str(tmp_path / "out" / "整改通知单_县民政局.docx"))
    head, *rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert head[2:4] == ["任务", "要求原文"]
    found = {row[2]: row for row in rows if "乙" not in row[4]}
    reply = found["收到申请之日起 20 个工作日内答复"]
    assert "期限出自《政府信息公开条例》第三十三条" in reply[3]
    assert reply[0].endswith("※"), "the request came before the day of issue"
    feedback = next(row for row in rows if row[4].startswith("乙："))
    assert "期限：" not in feedback[3], "its own words have the limit"
    assert not feedback[0].endswith("※")
    assert "标※的" in text_of(tmp_path / "out" / "整改通知单_县民政局.docx")


def test_only_what_can_be_made_good_is_to_be_rectified(capsys: Capsys, year: Path, tmp_path: Path) -> None:
    ask = ("notices", year, "--unit", "县民政局", "--out", tmp_path / "out")
    assert gongkai(capsys, *ask).status == 0
    document = docx.Document(str(tmp_path / "out" / "整改通知单_县民政局.docx"))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    by_clause = {row[1]: row[-1] for row in rows}
    assert by_clause["N6"] == "不能补做，说明情况", "the year of the training is over"
    assert by_clause["8.2"] == "2024-01-08"
    assert "时间已过、不能补做" in text_of(tmp_path / "out" / "整改通知单_县民政局.docx")


def test_no_day_to_rectify_by_lies_before_the_working_day_of_the_notice(
    capsys: Capsys, year: Path, tmp_path: Path
) -> None:
    ask = ("notices", year, "--unit", "县民政局", "--out", tmp_path / "out")
    # 31 December 2023 is a Sunday and 1 January a holiday: the first working day is 2 January
    for day in ("2023-12-29", "2024-01-01"):
        outcome = gongkai(capsys, *ask, "--rectify-by", day)
        assert outcome.status == 2, day
        assert "2024-01-02" in outcome.err
    assert not (tmp_path / "out").exists()
    assert gongkai(capsys, *ask, "--rectify-by", "2024-01-02").status == 0
    outcome = gongkai(capsys, *ask, "--today", "2024-02-01")
    assert outcome.status == 0
    assert "rectify-by-over" in outcome.err, "the day that the list asked for is over by then"
    document = docx.Document(str(tmp_path / "out" / "整改通知单_县民政局.docx"))
    assert {row.cells[-1].text for row in document.tables[0].rows[1:]} == {"", "不能补做，说明情况"}


def test_the_list_beside_a_notice_comes_back(capsys: Capsys, year: Path, tmp_path: Path) -> None:
    assert gongkai(capsys, "notices", year, "--unit", "县民政局", "--out", tmp_path / "out").status == 0
    path = tmp_path / "out" / "问题清单_县民政局.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    assert heads.index("任务") < heads.index("要求原文")
    column = heads.index("条款") + 1
    number = next(one for one in range(2, sheet.max_row + 1) if sheet.cell(one, column).value == "8.2")
    sheet.cell(number, heads.index("整改情况") + 1, "已公开")
    sheet.cell(number, heads.index("整改完成日期") + 1, datetime(2024, 1, 4))
    book.save(path)
    outcome = gongkai(capsys, "events", "check", path, "--show")
    assert outcome.status == 0, outcome.err
    assert "读到1条事件" in outcome.out, "rows left blank are none"


def test_a_circular_names_who_filed_nothing_first_and_ranks_only_under_a_policy(
    capsys: Capsys, year: Path, tmp_path: Path
) -> None:
    ask = ("notices", year, "--kind", "circular", "--out", tmp_path / "out")
    assert gongkai(capsys, *ask).status == 0
    path = tmp_path / "out" / "情况通报.docx"
    said = text_of(path)
    silent = next(line for line in said.split("\n") if "未报送台账的单位" in line)
    assert "县财政局" not in silent
    assert "县商务局" in silent
    assert said.index("未报送台账的单位") < said.index("未落实")
    assert "名次" not in said, "without a policy nobody is first or last"
    clauses = [row.cells[0].text for row in docx.Document(str(path)).tables[1].rows]
    assert clauses[1:3] == ["N1", "N2"]
    outcome = gongkai(capsys, *ask, "--policy", year.parent / "policy.yaml")
    assert outcome.status == 0, outcome.err
    tables = docx.Document(str(path)).tables
    named = {cell.text for table in tables[2:] for row in table.rows for cell in row.cells}
    assert named & {*FILED}
    assert "县商务局" not in named, "who filed nothing has no rank"
    assert gongkai(capsys, *ask, "--unit", "县民政局").status == 2


def test_who_is_praised_is_stated_and_never_made_up(capsys: Capsys, year: Path, tmp_path: Path) -> None:
    ask = ("notices", year, "--kind", "praise", "--out", tmp_path / "out")
    outcome = gongkai(capsys, *ask)
    assert outcome.status == 2
    assert "--unit" in outcome.err
    assert gongkai(capsys, *ask, "--unit", "县财政局").status == 0
    said = text_of(tmp_path / "out" / "表扬通报.docx")
    assert "以下1个单位予以表扬" in said
    assert "县财政局" in said.split("\n")
    own = tmp_path / "own.docx"
    assert gongkai(capsys, "notices", "--save-template", own, "--kind", "praise").status == 0
    document = docx.Document(str(own))
    document.add_paragraph("共{{ unit_count }}个单位，{{ praisd }}")
    document.save(str(own))
    outcome = gongkai(capsys, *ask, "--unit", "县财政局", "--template", own)
    assert outcome.status == 2
    assert "praised" in outcome.err
