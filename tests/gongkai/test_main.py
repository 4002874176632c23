from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gongkai.cli
from gongkai import __main__ as door


def test_a_fault_of_the_program_is_a_sentence_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError(arguments)

    monkeypatch.setattr(gongkai.cli, "run", fail)
    monkeypatch.setattr(sys, "argv", ["gongkai", "evaluate"])
    with pytest.raises(SystemExit) as stopped:
        door.main()
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    (name,) = set(re.findall(r"\S+\.log", said))
    kept = Path(name)
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")
    kept.unlink()


def test_a_reader_who_goes_away_hears_nothing() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-u", "-m", "gongkai", "rules", "list"]
    run = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "Traceback" not in run.stderr
    assert "内部" not in run.stderr
