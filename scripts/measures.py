"""Measures of the code: files a folder, lines a file and a function, parameters over six; `measures.py [ROOT]`."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

PACKAGES = ("events", "rules", "engine", "reports", "gongkai")
MOST_PARAMETERS = 6
FULL = 13


def _ninth(numbers: list[int]) -> int:
    """Return the number that nine of ten do not exceed."""
    return round(quantiles(numbers, n=10)[-1]) if len(numbers) > 1 else sum(numbers)


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many parameters a function has, `self` and `cls` left out."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def measure(root: Path) -> dict[str, object]:
    """Return the measures of a tree, by what is measured."""
    files = sorted(path for name in PACKAGES for path in (root / name).rglob("*.py"))
    folders: Counter[str] = Counter()
    lines, lengths, many = [], [], 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.name != "__init__.py":
            folders[str(path.parent.relative_to(root))] += 1
            lines.append(len(text.splitlines()))
        for function in _functions(ast.parse(text)):
            lengths.append((function.end_lineno or function.lineno) - function.lineno + 1)
            many += _parameters(function) > MOST_PARAMETERS
    counts = sorted(folders.values())
    full = [f"{folder} {number}" for folder, number in folders.most_common() if number > FULL]
    return {
        "modules": len(lines),
        "folders": len(counts),
        "modules a folder, median / 90 % / most": f"{median(counts):g} / {_ninth(counts)} / {counts[-1]}",
        f"folders over {FULL}": ", ".join(full) or "none",
        "lines a file, median / 90 % / most": f"{median(lines):g} / {_ninth(lines)} / {max(lines)}",
        "functions": len(lengths),
        "lines a function, median / 90 % / most": f"{median(lengths):g} / {_ninth(lengths)} / {max(lengths)}",
        f"functions with over {MOST_PARAMETERS} parameters": many,
    }


if __name__ == "__main__":
    for name, value in measure(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]).items():
        sys.stdout.write(f"{name:<44} {value}\n")
