from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.loading.registry import load_registry, packaged_registry
from tests.rules.small_book import BOOK, RULES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rules.units import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    found, problems = load_registry(packaged_registry())
    assert found is not None, problems
    return found


@pytest.fixture
def book_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a small rulebook; the arguments stand in for its files."""

    def write(rules: str = RULES, book: str = BOOK, source: str = SOURCE, **cases: str) -> Path:
        folder = tmp_path / "small-2023"
        (folder / "cases").mkdir(parents=True, exist_ok=True)
        (folder / "book.yaml").write_text(book, encoding="utf-8")
        (folder / "source.txt").write_text(source, encoding="utf-8")
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
        for name, text in cases.items():
            (folder / "cases" / f"{name}.yaml").write_text(text, encoding="utf-8")
        return folder

    return write
