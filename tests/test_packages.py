from __future__ import annotations

import ast
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("events", "rules", "engine", "reports", "gongkai")
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
SOURCES = sorted(chain.from_iterable((ROOT / folder).rglob("*.py") for folder in (*PACKAGES, "tests")))


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_not_shadowed_by_another_distribution(package: str, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", f"import {package}; print({package}.__file__)"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert Path(result.stdout.strip()).resolve() == ROOT / package / "__init__.py"


@pytest.mark.parametrize("package", PACKAGES)
def test_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_files_keep_to_their_budget() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert not {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > MAX_FILE_LINES}


def test_functions_keep_to_their_budget() -> None:
    assert not {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": size
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
