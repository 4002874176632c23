"""Many counties from a manifest: one's bad input does not stop the rest, and a killed batch goes on where it was."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from gongkai.services.batch import DONE
from reports.output.folder import alone_in
from tests.gongkai.commands import decision, gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    Capsys = pytest.CaptureFixture[str]

pytestmark = pytest.mark.slow

RULES = """\
rules:
  - id: X1.feedback
    clause: X1
    title: {zh: 按期反馈, en: feedback in time}
    quote: 出台后三个工作日内反馈
    owed_by: units
    kind: respond
    trigger: {event: decision.issued, where: {consulted: true}}
    response: {event: consultation.feedback_published}
    within: 3 working days
"""
BOOK = """\
id: small-2023
title: {zh: 小规则, en: a small book}
document: 测〔2023〕1号
issued_on: 2023-01-01
in_force: {from: 2023-01-01, to: 2023-12-31}
source: source.txt
clauses:
  - {id: X1, section: 一, text: 出台后三个工作日内反馈}
"""


def made(home: Path, runs: str) -> Path:
    """Write a small book, a log and a manifest; return the manifest."""
    (home / "small").mkdir(exist_ok=True)
    (home / "small" / "book.yaml").write_text(BOOK, encoding="utf-8")
    (home / "small" / "source.txt").write_text("出台后三个工作日内反馈\n", encoding="utf-8")
    (home / "small" / "rules.yaml").write_text(RULES, encoding="utf-8")
    write_log(home / "log.jsonl", decision("甲", "2023-03-01"))
    write_log(home / "bad.jsonl", {**decision("甲", "2023-02-30"), "unit": "县民正局"})
    manifest = home / "batch.yaml"
    manifest.write_text(
        f"defaults: {{as_of: 2023-06-30, books: small, events: log.jsonl}}\nruns:\n{runs}", encoding="utf-8"
    )
    return manifest


def test_one_bad_county_does_not_stop_the_rest_and_what_is_unchanged_is_not_done_again(
    capsys: Capsys, tmp_path: Path
) -> None:
    manifest = made(
        tmp_path, "  - name: 甲县\n  - {name: 乙县, events: bad.jsonl}\n  - {name: ../丙/县, as_of: 2023-03-02}\n"
    )
    out = tmp_path / "out"
    outcome = gongkai(capsys, "batch", manifest, "--out", out)
    assert outcome.status == 2, outcome.err
    assert [line.split("\t")[1] for line in outcome.out.splitlines()[:3]] == ["已评估", "输入不可用", "已评估"]
    problems = (out / "乙县" / "problems.txt").read_text(encoding="utf-8")
    assert "bad.jsonl:1" in problems
    assert "县民政局" in problems
    assert "2023-02-30" in problems
    assert not (out / "乙县" / "index.html").exists()
    assert not (tmp_path / "丙").exists()
    [odd] = [path for path in out.iterdir() if path.is_dir() and path.name.endswith("丙_县")]
    assert {row["status"] for row in read_verdicts(odd) if row["subject"]} == {"pending"}
    with (out / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert rows["甲县"]["violated"] == "1"
    assert rows["乙县"]["state"] == "unusable"
    sheet = openpyxl.load_workbook(out / "summary.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["甲县", "乙县", "../丙/县"]
    assert 'href="%E7%94%B2%E5%8E%BF/index.html"' in (out / "summary.html").read_text(encoding="utf-8")

    before = (out / "甲县" / "run.json").stat().st_mtime_ns
    write_log(tmp_path / "bad.jsonl", decision("乙", "2023-03-01"))
    outcome = gongkai(capsys, "batch", manifest, "--out", out, "--jobs", "2")
    assert outcome.status == 0, outcome.err
    states = [line.split("\t")[1] for line in outcome.out.splitlines()[:3]]
    assert states == ["没有变化，未重做", "已评估", "没有变化，未重做"]
    assert (out / "甲县" / "run.json").stat().st_mtime_ns == before
    assert not (out / "乙县" / "problems.txt").exists()

    (tmp_path / "small" / "rules.yaml").write_text(RULES.replace("within: 3", "within: 5"), encoding="utf-8")
    outcome = gongkai(capsys, "batch", manifest, "--out", out)
    assert [line.split("\t")[1] for line in outcome.out.splitlines()[:3]] == ["已评估"] * 3, "a rule has changed"


def _noted(out: Path) -> list[str]:
    """Return the runs that the batch has noted as done; a run's folder is there a moment before its note."""
    lines = (out / DONE).read_text(encoding="utf-8").splitlines() if (out / DONE).exists() else []
    return [json.loads(line)["folder"] for line in lines if line.endswith("}")]


def test_a_killed_batch_goes_on_where_it_was(tmp_path: Path) -> None:
    names = [f"县{number}" for number in range(4)]
    manifest = made(tmp_path, "".join(f"  - name: {name}\n" for name in names))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "gongkai", "batch", str(manifest), "--out", str(out)]
    here = Path(__file__).parents[2]
    killed = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not _noted(out):
        assert killed.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    whole = [name for name in names if (out / name).exists()]
    noted = _noted(out)
    assert 1 <= len(noted) <= len(whole) < len(names)
    assert whole[: len(noted)] == noted
    assert len(whole) <= len(noted) + 1, "a run is noted before the next is made"
    assert all((out / name / "run.json").exists() for name in whole), "a folder is there whole or not at all"
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=True)
    states = [line.split("\t")[1] for line in done.stdout.splitlines()[: len(names)]]
    assert states == ["没有变化，未重做"] * len(noted) + ["已评估"] * (len(names) - len(noted))
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def test_a_second_batch_into_the_same_folder_is_refused_while_the_first_writes(capsys: Capsys, tmp_path: Path) -> None:
    manifest, out = made(tmp_path, "  - name: 甲县\n"), tmp_path / "out"
    with alone_in(out):
        outcome = gongkai(capsys, "batch", manifest, "--out", out)
        assert (outcome.status, outcome.out) == (2, "")
        assert f"[batch-running] 另一个批量评估正在写“{out}”。等它结束再运行，或者换一个 --out。" in outcome.err
        assert not out.exists()
        assert gongkai(capsys, "batch", manifest, "--out", tmp_path / "other").status == 0
    assert gongkai(capsys, "batch", manifest, "--out", out).status == 0


def test_a_folder_that_cannot_be_made_is_a_problem(capsys: Capsys, tmp_path: Path) -> None:
    manifest = made(tmp_path, "  - name: 甲县\n")
    for out in (manifest, manifest / "under"):
        outcome = gongkai(capsys, "batch", manifest, "--out", out)
        assert outcome.status == 2
        assert "[not-writable]" in outcome.err


def test_mistakes_of_a_manifest_have_their_places(capsys: Capsys, tmp_path: Path) -> None:
    runs = "  - name: 甲县\n    event: x\n  - {name: 乙县, sheets_per_unit: maybe}\n"
    outcome = gongkai(capsys, "batch", made(tmp_path, runs), "--out", tmp_path / "out")
    assert outcome.status == 2
    lines = outcome.err.splitlines()
    assert any("batch.yaml:4:5" in line and "events" in line for line in lines), outcome.err
    assert any("batch.yaml:5:" in line for line in lines)
    assert not (tmp_path / "out").exists()
    clash = made(tmp_path, "  - name: 甲/县\n  - name: 甲:县\n")
    outcome = gongkai(capsys, "batch", clash, "--out", tmp_path / "out")
    assert outcome.status == 2
    assert "same-name" in outcome.err
    assert "Traceback" not in outcome.err
