"""Notices of an interview by a scoring policy's list: those on it, no others, and what is wrong is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gongkai.cli import run
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gongkai.commands import Outcome

    Capsys = pytest.CaptureFixture[str]

POLICY = """
title: {zh: 金乡县评分办法, en: Policy}
indicators:
  - {id: a, title: {zh: 意见反馈}, weight: 100, rules: ["8.2"], deduct: [{status: violated, points: 30}]}
interview: {score_below: 60}
"""
MINZHENG, CAIZHENG = "约谈通知_县民政局.docx", "约谈通知_县财政局.docx"


def evaluated(home: Path, policy: str | None, as_of: str = "2023-06-30") -> Path:
    """Return a run in which one unit has two violations and another has one."""
    other = {**decision("丙", "2023-03-02"), "unit": "caizheng"}
    staff: list[dict[str, Any]] = [
        {"type": "training.held", "unit": unit, "occurred_at": "2023-01-03"} for unit in ("minzheng", "caizheng")
    ]
    staff += [
        {"type": "staff.appointed", "unit": unit, "subject": unit, "occurred_at": "2022-12-01"}
        for unit in ("minzheng", "caizheng")
    ]
    log = write_log(home / "log.jsonl", decision("甲", "2023-03-01"), decision("乙", "2023-03-03"), other, *staff)
    (home / "policy.yaml").write_text(policy or POLICY, encoding="utf-8")
    scored = ["--policy", str(home / "policy.yaml")] if policy is not None else []
    only = ["--unit", "县民政局", "--unit", "caizheng"]
    arguments = ["--events", str(log), "--as-of", as_of, *only, *scored, "--out", str(home / "run")]
    assert run(["evaluate", *arguments]) == 0
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated(tmp_path_factory.mktemp("listed"), POLICY)


def notices(capsys: Capsys, home: Path, out: Path, *more: str | Path, kind: str = "interview") -> Outcome:
    asked = () if "--policy" in more else ("--policy", home / "policy.yaml")
    return gongkai(capsys, "notices", home / "run", "--kind", kind, "--out", out, "--lang", "en", *asked, *more)


def written(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob("*.docx")) if out.exists() else []


def test_each_unit_on_the_list_gets_a_notice_and_no_other(capsys: Capsys, home: Path, tmp_path: Path) -> None:
    scores = json.loads((home / "run" / "scores.json").read_text(encoding="utf-8"))
    assert {one["unit"]: (one["violated"] > 0, one["interview"]) for one in scores["units"]} == {
        "minzheng": (True, True),
        "caizheng": (True, False),
    }
    outcome = notices(capsys, home, tmp_path / "out")
    assert (outcome.status, outcome.err) == (0, "")
    assert written(tmp_path / "out") == [MINZHENG]


def test_two_units_on_the_list_get_one_notice_each(capsys: Capsys, tmp_path: Path) -> None:
    home = evaluated(tmp_path, POLICY.replace("score_below: 60", "score_below: 80"))
    assert notices(capsys, home, tmp_path / "out").status == 0
    assert written(tmp_path / "out") == [MINZHENG, CAIZHENG]


def test_a_unit_that_is_named_is_one_of_the_list(capsys: Capsys, home: Path, tmp_path: Path) -> None:
    outcome = notices(capsys, home, tmp_path / "out", "--unit", "caizheng", "--unit", "县民政局")
    assert outcome.status == 2
    assert "[not-listed]" in outcome.err
    assert "'caizheng'" in outcome.err
    assert written(tmp_path / "out") == []
    assert notices(capsys, home, tmp_path / "out", "--unit", "县民政局").status == 0
    assert written(tmp_path / "out") == [MINZHENG]


def test_an_empty_list_writes_nothing(capsys: Capsys, tmp_path: Path) -> None:
    home = evaluated(tmp_path, POLICY.replace("score_below: 60", "score_below: 1"))
    outcome = notices(capsys, home, tmp_path / "out")
    assert (outcome.status, outcome.out, outcome.err) == (0, "No unit needs a notice.\n", "")
    assert written(tmp_path / "out") == []


def test_an_example_is_said_to_be_one(capsys: Capsys, tmp_path: Path) -> None:
    outcome = notices(capsys, evaluated(tmp_path, f"example: true\n{POLICY}"), tmp_path / "out")
    assert outcome.status == 0
    assert "[example-policy]" in outcome.err
    assert "made up" in outcome.err
    assert written(tmp_path / "out") == [MINZHENG]


def test_a_listed_unit_without_anything_to_name_is_said(capsys: Capsys, tmp_path: Path) -> None:
    home = evaluated(tmp_path, POLICY.replace("score_below: 60", "score_below: 999"), as_of="2023-01-05")
    outcome = notices(capsys, home, tmp_path / "out")
    assert outcome.status == 0
    assert outcome.err.count("[no-problems]") == 2
    assert written(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("score_below: 60", "score_below: 80"), "other-policy", "evaluate"),  # changed since the run
        (("interview: {score_below: 60}", ""), "no-interview-list", "--unit"),
        (("points: 30", "points: -30"), "bad-value", "policy.yaml:4"),
        (("interview:", "interviews:"), "unknown-key", "policy.yaml:5"),
    ],
)
def test_a_wrong_policy_is_a_problem_and_nothing_is_written(
    change: tuple[str, str], code: str, said: str, capsys: Capsys, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "policy.yaml"
    other.write_text(POLICY.replace(*change), encoding="utf-8")
    outcome = notices(capsys, home, tmp_path / "out", "--policy", other)
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err
    assert said in outcome.err
    assert written(tmp_path / "out") == []


def test_a_run_that_was_not_scored_has_no_list(capsys: Capsys, tmp_path: Path) -> None:
    home = evaluated(tmp_path, None)
    outcome = notices(capsys, home, tmp_path / "out")
    assert outcome.status == 2
    assert "[not-scored]" in outcome.err
    assert "--policy" in outcome.err
    for damage in ("{", "[]", '{"sha256": "", "policy": "", "units": [{"unit": "minzheng"}]}'):
        (home / "run" / "scores.json").write_text(damage, encoding="utf-8")
        outcome = notices(capsys, home, tmp_path / "out")
        assert outcome.status == 2, damage
        assert "[bad-scores]" in outcome.err
    assert written(tmp_path / "out") == []


def test_the_list_is_for_interviews_only(capsys: Capsys, home: Path, tmp_path: Path) -> None:
    outcome = notices(capsys, home, tmp_path / "out", kind="rectification")
    assert outcome.status == 2
    assert "[bad-option]" in outcome.err
    assert written(tmp_path / "out") == []
