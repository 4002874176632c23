"""Names and folders: a class is called like no other, a module like none above it, and a folder can be looked over."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("events", "rules", "engine", "reports", "gongkai")
MOST_MODULES = 13


@pytest.fixture(scope="module")
def modules() -> dict[Path, ast.Module]:
    """The parsed modules, by their path within the project; those that Django wants under names of its own apart."""
    files = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    files = [path for path in files if path.name != "apps.py" and path.parent.name != "migrations"]
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def test_no_two_classes_have_one_name(modules: dict[Path, ast.Module]) -> None:
    places = defaultdict(list)
    for path, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_module_has_the_name_of_one_above_it(modules: dict[Path, ast.Module]) -> None:
    # screens of the console are called after what they show
    plain = {path for path in modules if path.name != "__init__.py" and "console" not in path.parts}
    above = {path: [up / path.name for up in path.parent.parents if up.parts] for path in plain}
    assert {str(path): str(one) for path, ones in above.items() for one in ones if one in plain} == {}
    assert [str(path) for path in plain if path.with_suffix("") / "__init__.py" in modules] == []


def test_the_first_line_of_a_module_names_a_thing(modules: dict[Path, ast.Module]) -> None:
    first = {path: (ast.get_docstring(tree) or "").partition("\n")[0] for path, tree in modules.items()}
    assert [str(path) for path, line in first.items() if not line or line.startswith(("What ", "Helpers"))] == []


def test_folders_can_be_looked_over(modules: dict[Path, ast.Module]) -> None:
    counts: dict[str, int] = defaultdict(int)
    for path in modules:
        counts[str(path.parent)] += path.name != "__init__.py"
    assert {folder: number for folder, number in counts.items() if number > MOST_MODULES} == {}
