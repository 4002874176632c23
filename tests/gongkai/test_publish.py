"""What a county publishes of a run: nobody's name, no places in files, no ids; tied to the run by its receipt."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest

from gongkai.cli import run
from tests.gongkai.commands import decision, gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from pathlib import Path

    Capsys = pytest.CaptureFixture[str]

PRIVATE = ("王秀英", "赵六", "申〔2023〕7号", "GK-0001", "GK-0003", "台账.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run over a log with names of staff and applicants."""
    home = tmp_path_factory.mktemp("publish")
    unit = {"unit": "县民政局"}
    events = [
        {"id": "GK-0001", "type": "staff.appointed", "subject": "王秀英", "occurred_at": "2023-01-03", **unit},
        {"id": "GK-0002", "type": "staff.released", "subject": "王秀英", "occurred_at": "2023-10-09", **unit},
        {"id": "GK-0003", **decision("金民发〔2023〕9号", "2023-09-04")},
        {
            "id": "GK-0004",
            "type": "request.received",
            "subject": "赵六 申〔2023〕7号",
            "occurred_at": "2023-09-04",
            "data": {"channel": "counter", "applicant": "natural_person"},
            **unit,
        },
        {"id": "GK-0005", "type": "training.held", "occurred_at": "2023-05-10", **unit},
    ]
    log = write_log(home / "台账.jsonl", *events)
    ask = ["--events", str(log), "--as-of", "2023-12-31", "--unit", "县民政局", "--out", str(home / "run")]
    assert run(["evaluate", *ask]) == 0
    return home / "run"


def texts(out: Path) -> str:
    """Return everything that the files say."""
    book = openpyxl.load_workbook(out / "published.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]
    page, receipt = ((out / name).read_text(encoding="utf-8") for name in ("index.html", "receipt.json"))
    return "\n".join([page, receipt, *cells])


def test_nobody_is_named_and_nothing_says_where_it_is_recorded(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    assert any("王秀英" in row["reason"] for row in read_verdicts(folder)), "the run itself says who was missing"
    outcome = gongkai(capsys, "publish", folder, "--out", tmp_path / "out", "--reason", "violated", "--reason", "met")
    assert outcome.status == 0, outcome.err
    assert {path.name for path in (tmp_path / "out").iterdir()} - {".gongkai-written"} == {
        "index.html",
        "published.xlsx",
        "receipt.json",
    }
    said = texts(tmp_path / "out")
    assert [one for one in PRIVATE if one in said] == []
    assert not re.search(r"/minzheng/|![A-Z]+\d", said), "neither obligations nor cells"
    assert "金民发〔2023〕9号" in said, "a document's number is public"
    assert "×××自2023-10-09起不在" in said


def test_the_office_chooses_statuses_and_reasons(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    ask = ("publish", folder, "--out", tmp_path / "out")
    assert gongkai(capsys, *ask).status == 0
    usual = texts(tmp_path / "out")
    assert "逾期" in usual
    assert "待核定" not in usual
    assert gongkai(capsys, *ask, "--status", "未落实", "--status", "unassessed", "--reason", "none").status == 0
    chosen = texts(tmp_path / "out")
    assert "待核定" in chosen
    assert "按期完成" not in chosen.partition("published.xlsx")[0].replace("按期完成的只计数", "")
    assert "空缺" not in chosen
    receipt = json.loads((tmp_path / "out" / "receipt.json").read_text(encoding="utf-8"))
    assert (receipt["statuses"], receipt["reasons"]) == (["violated", "unassessed"], [])
    outcome = gongkai(capsys, *ask, "--status", "violatd")
    assert outcome.status == 2
    assert "violated" in outcome.err


def test_the_receipt_ties_it_to_the_run_and_the_same_run_gives_the_same_bytes(
    capsys: Capsys, folder: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        assert gongkai(capsys, "publish", folder, "--out", tmp_path / name).status == 0
    receipt = json.loads((tmp_path / "a" / "receipt.json").read_text(encoding="utf-8"))
    kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert receipt["run"] == kept["receipt"]
    assert receipt["verdicts"] == kept["verdicts"]
    assert receipt["as_of"] == "2023-12-31"
    files = [sorted((tmp_path / name).iterdir()) for name in ("a", "b")]
    one, other = ([hashlib.sha256(path.read_bytes()).hexdigest() for path in found] for found in files)
    assert one == other


def test_a_run_that_somebody_changed_is_not_published(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "run"
    shutil.copytree(folder, changed)
    path = changed / "verdicts.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"violated"', '"met"'), encoding="utf-8")
    outcome = gongkai(capsys, "publish", changed, "--out", tmp_path / "out")
    assert outcome.status == 2
    assert "changed-run" in outcome.err
    assert not (tmp_path / "out").exists()
    assert gongkai(capsys, "publish", tmp_path, "--out", tmp_path / "out").status == 2


def test_somebody_s_own_file_is_not_written_over(capsys: Capsys, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine", encoding="utf-8")
    gongkai(capsys, "publish", folder, "--out", out)
    kept = [path for path in out.iterdir() if path.is_file() and path.read_bytes() == b"mine"]
    assert len(kept) == 1
