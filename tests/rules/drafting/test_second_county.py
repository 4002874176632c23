"""A made-up county's notice of 2024 from the document to the report, as the documentation walks through it."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest

from gongkai.files.words import use_words
from tests.gongkai.commands import gongkai

ROOT = Path(__file__).parents[3]
COUNTY = ROOT / "examples" / "qinglan"
PAGE = ROOT / "docs" / "rulebooks.md"
HEADING = "## 一个下午"


@pytest.fixture(autouse=True)
def words_of_the_product_alone() -> None:
    """Leave out what the console of another test has taken over in this process; a command starts without it."""
    use_words()


def commands() -> list[list[str]]:
    """Return the commands of the walk-through, in their order."""
    section = PAGE.read_text("utf-8").split(HEADING, 1)[1].split("\n## ", 1)[0]
    lines = [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("gongkai ")]


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the county's folder, to work in."""
    home = tmp_path / "qinglan"
    shutil.copytree(COUNTY, home)
    monkeypatch.chdir(home)
    return home


def listed(path: Path) -> list[tuple[str, str]]:
    """Return the obligations of a violation list, with their status."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["obligation"], row["status"]) for row in csv.DictReader(file)]


def test_every_command_of_the_walk_through_runs(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = commands()
    assert len(found) >= 10
    said = {}
    for words in found:
        outcome = gongkai(capsys, *words)
        assert outcome.status == 0, (words, outcome.out[-800:], outcome.err[-800:])
        said[words[1] if words[0] == "rules" else words[0]] = outcome.out
    assert "15个条款，拟出16条规则" in said["draft"]
    assert "错误0处，提醒0处" in said["check"]
    assert "用例30个，通过30个" in said["test"]
    assert "约束2个单位：青源镇、上坝乡" in said["preview"]
    assert "1200" in said["explain"]
    assert listed(county / "报告" / "violations.csv") == listed(county / "report" / "violations.csv")


def test_the_page_shows_new_kinds_of_act_shares_and_values(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gongkai(capsys, *commands()[0]).status == 0
    page = (county / "草稿" / "review.html").read_text("utf-8")
    assert "N4 政策宣讲会 → own.act_2" in page
    assert "<dt>shares</dt><dd>{县人力资源和社会保障局: 1800, 县工业和信息化局: 1200}</dd>" in page
    assert "<dt>distinct</dt><dd>{attribute: forms}</dd>" in page


def test_the_draft_in_the_repository_is_what_the_notice_gives(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the drafting changes, `drafted` is made anew by the first command of the walk-through."""
    assert gongkai(capsys, *commands()[0]).status == 0
    for path in sorted((county / "drafted").glob("*.*")):
        if path.name.startswith("."):
            continue
        assert (county / "草稿" / path.name).read_text("utf-8") == path.read_text("utf-8"), path.name


def test_the_draft_tells_what_no_rule_says_and_names_the_new_kinds_of_act() -> None:
    rules = (COUNTY / "drafted" / "rules.yaml").read_text("utf-8")
    assert "没有拟成规则的数：提前3个工作日" in rules
    assert "own.act_2" in rules
    words = (COUNTY / "drafted" / "vocabulary.yaml").read_text("utf-8")
    assert "zh: 政策宣讲会" in words
    assert "zh: 河道水质监测结果公示" in words


def test_the_check_says_by_line_what_is_left_to_decide(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each thing that the page says is open stands in the check with its line; what is taken over is not there."""
    asked = ("rules", "check", "--book", county / "drafted", "--units", county / "units.yaml")
    told = [line for line in gongkai(capsys, *asked).err.splitlines() if "[to-decide]" in line]
    lines = (county / "drafted" / "rules.yaml").read_text("utf-8").splitlines()
    said = [line.strip()[2:] for line in lines if line.startswith("      - ") and "：" in line]
    assert len(said) >= 5
    for text in said:
        number = next(number for number, line in enumerate(lines, 1) if line.strip() == f"- {text}")
        assert any(f"rules.yaml:{number}:" in line and text in line for line in told), text
    assert any("N3.times 还没有定下" in line for line in told)
    assert gongkai(capsys, "rules", "accept", county / "drafted", "N3.times").status == 0
    assert "N3.times 还没有定下" not in gongkai(capsys, *asked).err
