"""What people read, as it was last looked at.

`pytest tests/gongkai/test_snapshots.py --snapshot-update` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from engine.compile.plan import kind_name
from engine.compile.verdict_rows import MARKS
from engine.kinds import KINDS
from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Callable

    Capsys = pytest.CaptureFixture[str]
    Snapshot = Callable[[str, str], None]

KEPT = Path(__file__).parents[1] / "data" / "snapshots"
BOOK = KEPT / "book"


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Hold a text to what is kept under a name, or keep it."""

    def held(name: str, text: str) -> None:
        path = KEPT / name
        lines = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
        if request.config.getoption("--snapshot-update"):
            path.write_text(lines, encoding="utf-8")
        assert lines == path.read_text(encoding="utf-8")

    return held


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    write_log(
        tmp_path / "log.jsonl",
        decision("甲", "2023-09-28"),
        feedback("甲", "2023-10-08"),
        decision("乙", "2023-10-09"),
        {"type": "training.held", "unit": "县教育和体育局", "occurred_at": "2023-03-01"},
    )
    return ["--events", "log.jsonl", "--as-of", "2023-12-31", "--book", str(BOOK)]


def test_explain(asked: list[str], snapshot: Snapshot, capsys: Capsys) -> None:
    met = gongkai(capsys, "explain", "small-2023/X1.feedback/minzheng/e1", *asked)
    violated = gongkai(capsys, "explain", "small-2023/X1.feedback/minzheng/e3", *asked, "--lang", "en")
    snapshot("explain.txt", f"{met.out}\n{violated.out}")


def test_check(asked: list[str], snapshot: Snapshot, capsys: Capsys) -> None:
    snapshot("check.txt", gongkai(capsys, "check", "--unit", "县民政局", *asked).out)


def test_a_unit_page(asked: list[str], snapshot: Snapshot, capsys: Capsys) -> None:
    outcome = gongkai(capsys, "evaluate", *asked, "--out", "run", "--unit", "县民政局")
    assert outcome.status == 0, outcome.err
    page = Path("run/units/minzheng.html").read_text(encoding="utf-8")
    body = page[page.index("<body") :]
    body = re.sub(r"<(svg|script)\b.*?</\1>", r"<\1/>", body, flags=re.DOTALL)
    body = re.sub(r"[0-9a-f]{12,64}", "#", body)
    snapshot("unit.html", re.sub(r"\n\s*\n+", "\n", body))


def test_a_notice(asked: list[str], snapshot: Snapshot, capsys: Capsys) -> None:
    assert gongkai(capsys, "evaluate", *asked, "--out", "run").status == 0
    assert gongkai(capsys, "notices", "run", "--unit", "县民政局", "--out", "notices").status == 0
    [path] = Path("notices").glob("*.docx")
    notice = Document(str(path))
    lines = [paragraph.text for paragraph in notice.paragraphs]
    lines += [" | ".join(cell.text for cell in row.cells) for table in notice.tables for row in table.rows]
    snapshot("notice.txt", "\n".join([path.name, *lines]))


SAID: dict[str, object] = {
    "start": "2023-01-01",
    "opened_on": "2023-03-01",
    "due_on": "2023-12-31",
    "met_on": "2023-06-01",
    "as_of": "2023-12-31",
    "required": "10",
    "measured": "9",
    "overdue": "3",
    "over": {"zh": "3个工作日", "en": "3 working days"},
    "since": "2023-08-01",
    "until": "2023-08-31",
    "rest": "2",
    "limit": "2023-12-31",
    "issued": "2023-07-14",
    "early": "2023-02-01",
    "behind": "2023-12-01",
    "ahead": "2023-02-02",
    "done": "2023-06-01",
}
DETAIL = {
    "count": "次",
    "hold": "M1",
    "reach": "≥",
    "refresh": "2023-05-01",
    "never": "2023-05-01",
    "assess": "2023-05-01",
}


def test_every_sentence_of_a_verdict(snapshot: Snapshot) -> None:
    """Each was read aloud once; one that changes is to be read again, by whoever changes it."""
    lines = []
    for kind in KINDS:
        for outcome, text in kind.messages.items():
            lines.append(outcome)
            for lang in ("zh", "en"):
                said = {name: one[lang] if isinstance(one, dict) else one for name, one in SAID.items()}
                lines.append(f"  {getattr(text, lang).format(**said, detail=DETAIL.get(kind_name(kind), '甲、乙'))}")
    lines += [
        line for name, text in MARKS for line in (name, *(f"  {one.format(**SAID)}" for one in (text.zh, text.en)))
    ]
    snapshot("sentences.txt", "\n".join(lines) + "\n")
