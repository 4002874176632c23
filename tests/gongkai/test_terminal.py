"""What reaches the terminal: nothing that steers it, in whatever encoding it has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongkai.process import degraded
from tests.events.hostile import ROW
from tests.events.reading import HEADINGS, csv_file, xlsx
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
NASTY = "甲\x1b[31m\u202e\u2028\x9b乙"

Capture = pytest.CaptureFixture[str]


def run(*arguments: str | Path, env: Mapping[str, str] | None = None, code: str = "") -> tuple[int, bytes]:
    """Run the command line in a process of its own; return its status and everything that it printed."""
    start = f"import sys\n{code}\nsys.argv[0] = 'gongkai'\nfrom gongkai.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", start, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout


def steers(text: str) -> bool:
    """Say whether something in a text steers a terminal, or begins a line that nobody meant."""
    return STEERING.search(text) is not None or any(line.startswith("乙") for line in text.splitlines())


def test_names_options_sheets_and_events_do_not_steer_the_terminal(capsys: Capture, tmp_path: Path) -> None:
    nasty = f"{NASTY}\n乙"
    file = csv_file(tmp_path / f"{nasty}.csv", [HEADINGS, ROW, ("2", nasty, nasty, nasty)])
    book = xlsx(
        tmp_path / "log.xlsx", [HEADINGS, ("1", "没有的类型", "县民政局", "2023-07-14")], sheet=NASTY[:2] + "\u202e乙"
    )
    log = write_log(tmp_path / "log.jsonl", decision(f"1号{NASTY}", "2023-03-01"))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(f'columns: {{"谁": "{NASTY!r}", "x\\e[31m": "\\u202e乙"}}\n', encoding="utf-8")
    for arguments in (
        ("events", "check", file),
        ("events", "check", "--show", file),
        ("events", "check", "--show", book),
        ("events", "check", log, "--mapping", mapping),
        ("check", "--unit", nasty, "--events", log, "--as-of", "2023-12-31"),
        ("check", "--unit", "县民政局", "--events", log, "--as-of", nasty),
        ("explain", nasty, "--events", log, "--as-of", "2023-12-31"),
        ("due", "--events", log, "--as-of", "2023-03-01", "--within", nasty),
        ("rules", "show", nasty),
        ("rules", "check", "--book", nasty),
        ("calendar", "add", nasty, nasty),
        (nasty,),
        ("evaluate", f"--{nasty}"),
    ):
        outcome = gongkai(capsys, *arguments)
        assert not steers(outcome.out + outcome.err), (arguments, outcome)


def test_a_books_own_words_do_not_steer_the_terminal(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(
        'id: "a\\e[31m\\u202eb"\ntitle: {zh: "\\x9b", oops: "\\u2028"}\n', encoding="utf-8"
    )
    outcome = gongkai(capsys, "rules", "check", "--book", tmp_path)
    assert outcome.status == 2
    assert "\\x1b" in outcome.err
    assert not steers(outcome.out + outcome.err)


@pytest.mark.parametrize(("encoding", "sign"), [("gbk", "√"), ("ascii", "OK"), ("cp936", "√"), ("latin-1", "OK")])
def test_a_terminal_in_another_encoding_gets_other_signs(tmp_path: Path, encoding: str, sign: str) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("1号 😀 ✓", "2023-03-01"))
    command = ("check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31")
    status, printed = run(*command, env={"PYTHONIOENCODING": encoding})
    text = printed.decode(encoding)
    assert status == 1
    assert f"1号 \\U0001f600 {sign}" in text or f"1\\u53f7 \\U0001f600 {sign}" in text
    assert "The program itself failed" not in text


def test_every_sign_has_one_that_every_encoding_has() -> None:
    for encoding in ("ascii", "gbk"):
        for sign in "✓✗△○…–→＊■█░·�":
            error = UnicodeEncodeError(encoding, sign, 0, 1, "")
            degraded(error)[0].encode(encoding)


def test_a_user_without_a_name_in_the_system_can_import(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("1号", "2023-03-01"))
    nobody = (
        "import getpass, os, pathlib; [os.environ.pop(n, None) for n in ('LOGNAME','USER','LNAME','USERNAME','HOME')]\n"
        "def gone(*_): raise KeyError('getpwuid(): uid not found: 4711')\n"
        "import pwd; pwd.getpwuid = gone"
    )
    code = f"exec({nobody!r})"
    status, printed = run("events", "import", log, "--ledger", tmp_path / "ledger", env={"LANG": "C.UTF-8"}, code=code)
    assert (status, b"failed" in printed) == (0, False), printed.decode()
    assert b"uid " in (tmp_path / "ledger" / "entries.jsonl").read_bytes()


def test_a_self_check_says_the_same_with_and_without_colours(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("甲", "2023-03-01"))
    asked = ("check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31")
    without = gongkai(capsys, *asked)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = gongkai(capsys, *asked)
    assert "\x1b" not in without.out
    assert "\x1b[1;31m" in coloured.out
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured.out) == without.out
