"""One rule at a time: from templates, by options or questions; looked at beforehand; tested again at each change."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from gongkai.cli.rulebooks import rules as rules_commands
from rules.templates.template import templates
from tests.gongkai.commands import gongkai, write_log
from tests.rules.test_shares_and_tags import book

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gongkai.commands import Outcome

NAMES = [one.name for one in templates()]


def new(capsys: pytest.CaptureFixture[str], home: Path, units: Path, *more: str | Path) -> Outcome:
    ask = ("rules", "new", home, "--units", units, "--clause", "1", "--owed-by", "县商务局")
    return gongkai(capsys, *ask, *more)


def rules_in(home: Path) -> dict[str, dict[str, Any]]:
    listed = yaml.safe_load((home / "rules.yaml").read_text("utf-8"))["rules"]
    return {rule["id"]: rule for rule in listed}


def test_the_twelve_commonest_duties_have_templates() -> None:
    assert len(NAMES) >= 12
    assert {one.rule["kind"] for one in templates()} >= {
        "count",
        "respond",
        "due",
        "precede",
        "cover",
        "contain",
        "refresh",
        "reach",
        "hold",
        "never",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_template_makes_a_rule_that_loads_and_whose_cases_hold(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, units = book(tmp_path)
    outcome = new(capsys, home, units, "--template", name)
    assert outcome.status == 0, outcome.out + outcome.err
    [rule] = rules_in(home).values()
    cases = yaml.safe_load((home / "cases" / f"{rule['id']}.yaml").read_text("utf-8"))["cases"]
    assert {one["status"] for case in cases for one in case["expect"]} >= {"met"} or name == "kept-updated"
    assert "violated" in {one["status"] for case in cases for one in case["expect"]}
    assert "$" not in (home / "rules.yaml").read_text("utf-8")
    outcome = gongkai(capsys, "rules", "check", "--book", home, "--units", units)
    assert "错误0处" in outcome.out, outcome.err
    outcome = gongkai(capsys, "rules", "test", "--book", home, "--units", units)
    assert outcome.status == 0, outcome.out
    assert f"用例{len(cases)}个，通过{len(cases)}个" in outcome.out


def test_other_values_change_the_rule_and_its_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, units = book(tmp_path)
    said = ("--set", "counted=policy.interpreted", "--set", "at_least=3", "--set", "every=half-year")
    outcome = new(capsys, home, units, "--template", "times-a-quarter", "--id", "1.half", *said)
    rule = rules_in(home)["1.half"]
    assert (rule["counted"], rule["at_least"], rule["every"]) == ("policy.interpreted", 3, "half-year")
    assert rule["title"] == {"zh": "每季度至少3次"}
    # the case lists four quarters and the year has two halves: what does not fit is said, the rule is there
    assert outcome.status == 1
    assert "no such verdict" in outcome.out


def test_a_second_rule_goes_to_the_end_and_the_first_stays_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, units = book(tmp_path)
    assert new(capsys, home, units, "--template", "by-date").status == 0
    text = "# 手写的说明\n" + (home / "rules.yaml").read_text("utf-8")
    (home / "rules.yaml").write_text(text, "utf-8")
    assert new(capsys, home, units, "--template", "staff").status == 0
    assert (home / "rules.yaml").read_text("utf-8").startswith(text.rstrip())
    assert list(rules_in(home)) == ["1.by-date", "1.staff"]


@pytest.mark.parametrize(
    ("more", "code", "hint"),
    [
        (("--template", "times-a-yaer"), "bad-option", "times-a-year"),
        (("--template", "by-date", "--set", "bye=1"), "bad-option", "by"),
        (("--template", "by-date", "--set", "expected=training.hold"), "unknown-event", "training.held"),
        (("--template", "by-date", "--quote", "别的话"), "quote-not-in-clause", "条款"),
        (("--template", "times-a-year", "--set", "at_least=许多"), "bad-value", "rules.yaml"),
        (("--template", "by-date", "--set", "by=2024-02-30"), "bad-value", "rules.yaml"),
        (("--template", "by-date", "--owed-by", "县商物局"), "bad-option", "县商务局"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], code: str, hint: str
) -> None:
    home, units = book(tmp_path)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    outcome = new(capsys, home, units, *more)
    assert outcome.status == 2
    assert f"[{code}]" in outcome.err, outcome.err
    assert hint in outcome.err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_rule_by_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clause and template first, then id, quote and owners, then what the template asks."""
    home, units = book(tmp_path)
    answers = ["1", "times-a-year", "1.lessons", "公开课不少于10次", "县商务局、县工信局", "open_day.held", "10"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    outcome = gongkai(capsys, "rules", "new", home, "--units", units, "--ask")
    assert outcome.status == 0, outcome.out + outcome.err
    rule = rules_in(home)["1.lessons"]
    assert (rule["quote"], rule["owed_by"]) == ("公开课不少于10次", ["县商务局", "县工信局"])
    assert (rule["counted"], rule["at_least"]) == ("open_day.held", 10)


def test_a_rule_is_looked_at_before_it_is_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whom it binds, how many obligations, and what a log gives, other rules left out; proposals too."""
    home, units = book(tmp_path)
    ask = ("--template", "times-a-year", "--owed-by", "sort:town", "--set", "at_least=1")
    assert new(capsys, home, units, *ask).status == 0
    text = (home / "rules.yaml").read_text("utf-8")
    (home / "rules.yaml").write_text(text.replace("    kind:", "    status: proposed\n    kind:"), "utf-8")
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "河西镇", "occurred_at": "2024-03-01"})
    look = ("--book", home, "--units", units, "--events", log, "--as-of", "2024-12-31")
    outcome = gongkai(capsys, "rules", "preview", "1.times-a-year", *look)
    assert outcome.status == 0, outcome.err
    assert "约束3个单位：县商务局、河西镇、山口镇" in outcome.out
    assert "这份台账得出3项：落实1，未落实2" in outcome.out
    assert gongkai(capsys, "rules", "preview", "1.times-a-yaer", *look).status == 2
    undated = gongkai(capsys, "rules", "preview", "1.times-a-year", *look[:-2])
    assert undated.out == outcome.out


def test_cases_run_again_when_a_file_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, units = book(tmp_path)
    assert new(capsys, home, units, "--template", "times-a-year").status == 0
    waits: list[float] = []

    def change(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 1:
            raise KeyboardInterrupt
        rules = home / "rules.yaml"
        rules.write_text(rules.read_text("utf-8").replace("at_least: 2", "at_least: 30"), "utf-8")

    monkeypatch.setattr(rules_commands, "wait", change)
    outcome = gongkai(capsys, "rules", "test", "--book", home, "--units", units, "--watch", "--rule", "1.times-a-year")
    assert outcome.out.count("用例3个") == 2
    assert "用例3个，通过3个" in outcome.out
    assert "用例3个，通过2个" in outcome.out
    assert outcome.status == 0


def test_the_snippets_of_the_editor_are_rules_that_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what stands at each stop at first, all of them together are a file of rules without an error."""
    found = json.loads(gongkai(capsys, "rules", "schema", "snippets").out)
    assert {one["prefix"] for one in found.values()} == {f"gk-{name}" for name in NAMES}
    text = "\n".join(line for one in found.values() for line in one["body"])
    plain = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}", lambda stop: stop[1].replace("\\}", "}"), text)
    for name in NAMES:
        plain = plain.replace("id: 1.rule", f"id: 1.{name}", 1)
    home, units = book(tmp_path)
    plain = plain.replace("条款的原话", "全年新增就业3000人").replace("owed_by: units", "owed_by: sort:town")
    (home / "rules.yaml").write_text(f"rules:\n{plain}\n", "utf-8")
    assert len(rules_in(home)) == len(NAMES)
    outcome = gongkai(capsys, "rules", "check", "--book", home, "--units", units)
    assert "错误0处" in outcome.out, outcome.err


def test_every_word_of_the_templates_is_there_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    chinese, english = (gongkai(capsys, "rules", "new", "--templates", "--lang", lang).out for lang in ("zh", "en"))
    assert all(name in chinese and name in english for name in NAMES)
    assert "用哪一类记录证明" in chinese
    assert "which record proves it" in english
