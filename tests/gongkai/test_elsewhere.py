"""What another system than this one has not: no command needs it, and what is written is the same there."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.cli import command_tree
from tests.gongkai.test_every_output import CONSOLE, LOG, WRITES, called, home, made, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["home", "made"]

ROOT = Path(__file__).parents[2]
PACKAGES = ("events", "rules", "engine", "reports", "gongkai")
POSIX = ("fcntl", "resource", "pwd", "grp", "termios")
NAMES = (
    *("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "fchmod", "fchown", "chown", "getuid", "geteuid", "fork"),
    *("link", "statvfs", "mkfifo", "getpgid", "setsid", "killpg"),
)
READING = {
    "calendar add": ("calendar", "add", "2023-09-28", "3 working days"),
    "calendar between": ("calendar", "between", "2023-09-28", "2023-10-09"),
    "calendar show": ("calendar", "show", "2023"),
    "check": ("check", "--unit", "县民政局", *LOG),
    "events check": ("events", "check", "in/log.jsonl", "--show"),
    "events verify": ("events", "verify", "ledger"),
    "explain": ("explain", "3.10.training/minzheng", *LOG),
    "request fee": ("request", "fee", "--pieces", "12"),
    "rules accept": ("rules", "accept", "draft", "--all"),
    "rules check": ("rules", "check", "--book", "book"),
    "rules coverage": ("rules", "coverage", "--book", "book"),
    "rules diff": ("rules", "diff", "book", "book"),
    "rules list": ("rules", "list", "--book", "book"),
    "rules new": ("rules", "new", "--templates"),
    "rules preview": ("rules", "preview", "3.10.training", *LOG),
    "rules schema": ("rules", "schema"),
    "rules show": ("rules", "show", "3.10.training", "--book", "book"),
}
"""Commands that write nothing, or into what they are asked to edit."""

PROGRAM = f"""
import json, os, signal, sys, traceback
for name in {POSIX}: sys.modules[name] = None
for name in {NAMES}: delattr(os, name)
del signal.SIGKILL
from gongkai.__main__ import spread
from gongkai.cli import run
from gongkai.process import degrade_output
degrade_output()
for arguments in json.loads(sys.argv[1]):
    try:
        status = run(spread(arguments))
    except Exception:
        traceback.print_exc()
        status = 99
    if status not in (0, 1):
        print("FAILED", status, arguments)
"""
"""Runs commands one after another without what only POSIX has."""


def test_every_command_runs_without_what_only_posix_has_and_prints_in_gbk(home: Path) -> None:
    commands = list(READING.values())
    for number, key in enumerate(WRITES):
        commands.append(tuple(called(home, key, home / f"out{number}{'.xlsx' if 'template' in key[0] else '.csv'}")))
        if key == ("rules draft", "--out"):
            commands.append(tuple(called(home, key, home / "draft")))
    commands.sort(key=lambda one: one[:2] == ("rules", "accept"))
    named = {name for name, _, _ in parameters(command_tree()) if name.split()[0] not in CONSOLE}
    assert named == READING.keys() | {name for name, _ in WRITES}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "gbk"},
        cwd=home,
        timeout=300,
        check=False,
    )
    text = done.stdout.decode("gbk")
    assert done.returncode == 0, text
    assert "FAILED" not in text, text
    assert "内部出错" not in text
    assert "Traceback" not in text


@cache
def calls() -> tuple[tuple[str, ast.Call, str], ...]:
    """Return every call in the product: its place, it, and the name of what is called."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node, name


def test_texts_are_written_in_an_encoding_and_with_ends_of_lines_that_no_system_changes() -> None:
    wrong = []
    for place, node, name in calls():
        words = {one.arg for one in node.keywords}
        if name in {"write_text", "open", "fdopen"}:
            modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            text = name == "write_text" or any(mode in {"w", "x", "a", "w+", "r+"} for mode in modes)
            if text and not {"encoding", "newline"} <= words and "/proc/" not in place:
                wrong.append(place)
        if name == "read_text" and isinstance(node.func, ast.Attribute) and not node.args and "encoding" not in words:
            wrong.append(place)
    assert [one.split(":")[0] for one in wrong] == ["gongkai/services/workers.py"]  # a number, for Linux alone


def test_what_only_posix_has_is_asked_for_with_care() -> None:
    names = {"fchmod", "fchown", "chown", "fork", "statvfs", "mkfifo", "setsid", "killpg", "getpwuid", "flock"}
    assert [place for place, _, name in calls() if name in names] == []
