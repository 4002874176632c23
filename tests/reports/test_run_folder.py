"""One class reads the folder of a run: each file once, damage told in one way, reports again without judging."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import events.storage.ordinary
from gongkai.evaluation.build import sources_of
from gongkai.evaluation.inputs import load_inputs
from gongkai.options import RunRequest
from gongkai.services.evaluate import run
from reports.run.data_files import write_summary, write_verdicts
from reports.run.folder import RunFolder, RunFolderError, open_run
from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("log")
    return write_log(
        home / "log.jsonl", decision("甲", "2023-03-01"), decision("乙", "2023-05-04"), feedback("乙", "2023-05-05")
    )


@pytest.fixture(scope="module")
def earlier(log: Path) -> Path:
    """The folder of a run of half a year, asked in full."""
    out = log.parent / "earlier"
    made = run(RunRequest(events=(log,), as_of="2023-06-30", only=("县民政局",), rectify_within="10 working days"), out)
    assert made.written == out, made.problems
    return out


def test_what_is_named_as_previous_is_read_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log: Path, earlier: Path
) -> None:
    opened: Counter[str] = Counter()
    plain = events.storage.ordinary.open_ordinary

    def counted(path: Path) -> BinaryIO:
        if path.parent == earlier:
            opened[path.name] += 1
        return plain(path)

    monkeypatch.setattr(events.storage.ordinary, "open_ordinary", counted)
    asked: list[str | Path] = [
        "--events",
        log,
        "--as-of",
        "2023-12-31",
        "--unit",
        "县民政局",
        "--previous",
        earlier,
        "--out",
        tmp_path / "out",
    ]
    assert gongkai(capsys, "evaluate", *asked).status == 0
    assert opened["verdicts.jsonl"] == 1
    assert opened["run.json"] == 1
    assert "· 2023-06-30</p>" in (tmp_path / "out" / "rectification.html").read_text(encoding="utf-8")
    receipt = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    digest = RunFolder(earlier).rows_digest
    assert receipt["earlier"] == [{"as_of": "2023-06-30", "sha256": digest}]
    assert receipt["list"]["previous"] == [{"as_of": "2023-06-30", "verdicts": digest}]


def test_a_stored_run_is_an_evaluation_again_without_judging(tmp_path: Path, log: Path, earlier: Path) -> None:
    inputs, _ = load_inputs(RunRequest(events=(log,), as_of="2023-06-30", only=("县民政局",)))
    assert inputs is not None
    stored = RunFolder(earlier)
    evaluation = stored.evaluation(sources_of(inputs, "zh"))
    write_verdicts(stored.table, tmp_path)
    write_summary(evaluation, tmp_path)
    for name in ("verdicts.jsonl", "summary.json"):
        assert (tmp_path / name).read_bytes() == (earlier / name).read_bytes(), name
    assert evaluation.breaches()[0].derivation


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verdicts.jsonl", None),
        ("verdicts.jsonl", b'{"obligation": "a"}\n'),
        ("verdicts.jsonl", b"\xff\xfe"),
        ("run.json", None),
        ("run.json", b"[]"),
        ("run.json", b'{"as_of": "soon"}'),
        ("inputs/rules.parquet", b"PAR1"),
        ("inputs/log.parquet", None),
    ],
)
def test_a_damaged_folder_is_one_problem(tmp_path: Path, earlier: Path, name: str, content: bytes | None) -> None:
    folder = tmp_path / "run"
    shutil.copytree(earlier, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    found, problems = open_run(folder, "--previous")
    assert found is None
    assert [(one.code, one.where.file) for one in problems] == [("not-a-run", "--previous")]


def test_a_table_that_was_changed_is_not_read(tmp_path: Path, earlier: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(earlier, folder)
    changed = (folder / "verdicts.parquet").read_bytes()[:-1] + b"\0"
    (folder / "verdicts.parquet").write_bytes(changed)
    with pytest.raises(RunFolderError, match="changed since"):
        _ = RunFolder(folder).table
