from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gongkai.commands import decision, feedback, write_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = '=HYPERLINK("http://example.com","看")<script>document.title="taken"</script>'


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Path]:
    """Evaluate a small log, some of it hostile, through the command line; return the folder of the reports."""
    from gongkai.cli import run as command  # noqa: PLC0415 (a test that needs no run must not wait for it)

    def evaluated(*arguments: str, out: str = "out", as_of: str = "2023-12-31") -> Path:
        log = write_log(
            tmp_path / "log.jsonl",
            decision(HOSTILE, "2023-09-28", title=HOSTILE),
            decision("金民发〔2023〕10号", "2023-11-01"),
            feedback("金民发〔2023〕10号", "2023-11-03"),
            decision("金民发〔2023〕12号", "2023-12-29"),
            {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"},
        )
        folder = tmp_path / out
        status = command(["evaluate", "--events", str(log), "--as-of", as_of, "--out", str(folder), *arguments])
        assert status == 0
        return folder

    return evaluated
