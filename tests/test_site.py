from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built; a broken link or a page outside the navigation fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return folder


def test_the_reference_has_every_kind_event_type_and_command(site: Path) -> None:
    language = (site / "reference/rule-language.html").read_text(encoding="utf-8")
    assert {kind.__module__.rpartition(".")[2] for kind in KINDS} <= set(re.findall(r'<h2 id="(\w+)"', language))
    events = (site / "reference/events.html").read_text(encoding="utf-8")
    assert not [name for name in load_vocabulary().types if f"<code>{name}</code>" not in events]
    commands = (site / "reference/commands.html").read_text(encoding="utf-8")
    wanted = ("evaluate", "check", "due", "explain", "compare", "demo", "rules check", "events check", "calendar add")
    assert not [name for name in wanted if f"<code>gongkai {name}</code>" not in commands]


def test_the_site_fetches_nothing(site: Path) -> None:
    fetched = re.compile(
        r'<(?:script|img|iframe)[^>]*\ssrc="https?:|<link[^>]*rel="(?:stylesheet|preload)"[^>]*href="https?:'
    )
    pages = sorted(site.rglob("*.html"))
    assert pages
    assert not [page.name for page in pages if fetched.search(page.read_text(encoding="utf-8"))]


def test_the_notebook_page_runs_as_it_stands(demo_year: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(encoding="utf-8"), re.DOTALL)
    code = blocks[-1].replace('"build/demo"', repr(str(demo_year))) + "\nprint(worst.head(5), lateness)\n"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "clause" in run.stdout
    assert "unit_name" in run.stdout
