from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("events", "rules", "engine", "reports", "gongkai")
BREACHES = {
    "gongkai -> reports -> engine -> rules -> events": ("events/limits.py", "import rules.units"),
    "gongkai: cli -> application -> services": ("gongkai/files/waivers.py", "import gongkai.services.log"),
    "services neither print nor exit": ("gongkai/services/log.py", "import rich"),
    "reports: write -> selfcheck": ("reports/run/sources.py", "import reports.scoring.scores"),
    "engine: batches, evaluate -> judge": ("engine/kinds/count.py", "import engine.judge"),
    "events: read -> ledger, formats": ("events/values/text.py", "import events.sheets.body"),
    "a kind never imports another": ("engine/kinds/count.py", "import engine.kinds.hold"),
    "nothing but the console imports Django": ("gongkai/services/notices.py", "import django"),
    "screens -> forms": ("gongkai/console/models/__init__.py", "import gongkai.console.entry"),
    "no screen imports another": ("gongkai/console/screens/account.py", "import gongkai.console.screens.audit_log"),
    "the oracle shares no evaluator code": ("tests/oracle/__init__.py", "import engine.judge"),
}
"""What would break each contract, by the first words of its name."""

ENDS = {word: re.compile(rf" {word}( \(\d+ ignored imports?\))?$") for word in ("KEPT", "BROKEN")}


def linted(folder: Path) -> str:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "300"})
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and the contracts, in a folder of their own."""
    folder = tmp_path_factory.mktemp("layers")
    for name in (*PACKAGES, "tests/oracle"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.yaml", "locale"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_each_contract_is_broken_by_a_breach(copy: Path) -> None:
    whole = linted(copy)
    assert "0 broken" in whole, whole
    kept = [line for line in whole.splitlines() if ENDS["KEPT"].search(line)]
    for file, line in BREACHES.values():
        path = copy / file
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}  # a seeded breach\n", encoding="utf-8")
    broken = [line for line in linted(copy).splitlines() if ENDS["BROKEN"].search(line)]
    assert len(broken) == len(kept) == len(BREACHES)
    for name in BREACHES:
        assert any(line.startswith(name) for line in broken), name


def imports() -> dict[str, set[str]]:
    """Return what each module imports, under TYPE_CHECKING and inside functions too."""
    modules = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        targets = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                whole = {f"{node.module}.{one.name}" for one in node.names}
                targets |= {one if one in modules else node.module for one in whole}
            elif isinstance(node, ast.Import):
                targets |= {one.name for one in node.names}
        found[name] = (targets & set(modules)) - {name}
    return found


def test_no_module_imports_itself_by_a_detour() -> None:
    left = imports()
    while True:  # what imports nothing that is left is in no circle
        free = {name for name, targets in left.items() if not targets & set(left)}
        if not free:
            break
        left = {name: targets for name, targets in left.items() if name not in free}
    assert not left, sorted(left)
