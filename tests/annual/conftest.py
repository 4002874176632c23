from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Checks = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., tuple[int, Checks]]:
    """Check a file through the command line; return the status and each comparison by check and scope."""

    def checked(file: Path, *arguments: str | Path) -> tuple[int, Checks]:
        result = tmp_path / "checks.json"
        result.unlink(missing_ok=True)
        outcome = gongkai(capsys, "annual-report", "check", file, "--json", result, *arguments)
        assert result.is_file(), outcome.err
        content = json.loads(result.read_text(encoding="utf-8"))
        return outcome.status, {(one["check"], one["scope"]): one for one in content["checks"]}

    return checked
