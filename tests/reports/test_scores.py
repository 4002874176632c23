"""Scores: between 0 and the most, never raised by a fault, the same in any order; and what a bad policy is told."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.run.evaluation import Verdict
from reports.scoring.policy import Policy
from reports.scoring.scores import score_unit
from rules.units import Unit
from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.run.sources import Grounds

    Run = Callable[..., Path]

EXAMPLE = Path(__file__).parents[2] / "examples" / "scoring" / "example.yaml"
UNIT = Unit("u", "县民政局", "department")
RULES = ("1.1.a", "1.1.b", "2.1.a", "2.2.a", "3.1.veto", "4.1.extra")
STATUSES = ("met", "late", "violated", "pending", "not_applicable", "waived", "unassessed", "not_taken")
NO_GROUNDS = cast("Grounds", None)
"""Scores ask for no evidence."""
POINTS = st.integers(1, 60).map(lambda n: n / 4)


def verdict(rule: str, status: str, number: int = 0) -> Verdict:
    clause = rule.rpartition(".")[0]
    row = {"obligation": f"book/{rule}/u/{number}", "book": "book", "rule": rule, "clause": clause, "unit": "u"}
    row |= {"status": status}
    return Verdict({**row, "subject": None, "due_on": date(2023, 12, 31)}, rule, "…", NO_GROUNDS)


@st.composite
def deducting(draw: st.DrawFn, number: int, rules: list[str]) -> dict[str, object]:
    deductions = [
        {"status": status, "points": draw(POINTS), "cap": draw(st.none() | POINTS)}
        for status in draw(
            st.lists(st.sampled_from(("violated", "late", "unassessed")), min_size=1, max_size=3, unique=True)
        )
    ]
    if all(one["status"] != "violated" for one in deductions):
        # a fault that costs less than what it takes the place of would be the policy's own doing
        deductions = [{"status": "violated", "points": 15, "cap": None}]
    return {"id": f"i{number}", "title": {"zh": "指标"}, "weight": draw(POINTS), "rules": rules, "deduct": deductions}


@st.composite
def sharing(draw: st.DrawFn, number: int, rules: list[str]) -> dict[str, object]:
    share = {
        "late": draw(st.sampled_from((0, 0.25, 0.5, 1))),
        "unassessed": draw(st.sampled_from(("left_out", "zero"))),
    }
    weights = {rule: draw(POINTS) for rule in draw(st.lists(st.sampled_from(rules), unique=True))}
    own = {"id": f"i{number}", "title": {"zh": "指标"}, "weight": draw(POINTS), "rules": rules}
    return {**own, "share": share, "weights": weights}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    first = draw(st.integers(1, 3))
    parts = (list(RULES[:first]), list(RULES[first:4]))
    indicators = [
        draw(draw(st.sampled_from((deducting, sharing)))(number, rules)) for number, rules in enumerate(parts)
    ]
    veto = {"title": {"zh": "否决"}, "rules": ["3.*"], "score": draw(st.integers(0, 59))}
    item = {"title": {"zh": "加分"}, "rules": ["4.1"], "each": draw(POINTS), "cap": draw(st.none() | POINTS)}
    bonus = {"max": draw(POINTS), "above": draw(st.integers(0, 20)), "items": [item]}
    return Policy.model_validate(
        {"title": {"zh": "办法"}, "indicators": indicators, "vetoes": [veto], "bonus": draw(st.none() | st.just(bonus))}
    )


LOGS = st.lists(st.tuples(st.sampled_from(RULES), st.sampled_from(STATUSES)), max_size=14).map(
    lambda rows: [verdict(rule, status, number) for number, (rule, status) in enumerate(rows)]
)


@settings(deadline=None)
@given(policies(), LOGS)
def test_a_score_lies_between_nothing_and_the_most(policy: Policy, log: list[Verdict]) -> None:
    total = score_unit(UNIT, log, policy).total
    assert total is None or 0 <= total <= Fraction(str(policy.most))


@settings(deadline=None)
@given(policies(), LOGS, st.data())
def test_one_more_violation_never_raises_a_score(policy: Policy, log: list[Verdict], data: st.DataObject) -> None:
    before = score_unit(UNIT, log, policy).total
    if before is None:
        return
    owed = sorted({one.row["rule"] for one in log})
    worse = score_unit(UNIT, [*log, verdict(data.draw(st.sampled_from(owed)), "violated", 99)], policy).total
    assert worse is not None
    assert worse <= before


@settings(deadline=None)
@given(policies(), LOGS, st.randoms(use_true_random=False))
def test_the_order_of_the_verdicts_does_not_matter(policy: Policy, log: list[Verdict], random: object) -> None:
    shuffled = sorted(log, key=lambda one: hash((str(random), one.row["obligation"])))
    assert score_unit(UNIT, shuffled, policy) == score_unit(UNIT, log, policy)


def policy(**more: object) -> Policy:
    indicators = [
        {
            "id": "a",
            "title": {"zh": "甲"},
            "weight": 60,
            "rules": ["1.1"],
            "deduct": [{"status": "violated", "points": 5, "cap": 8}],
        },
        {"id": "b", "title": {"zh": "乙"}, "weight": 40, "rules": ["2.*"], "share": {"late": 0.5}},
    ]
    return Policy.model_validate({"title": {"zh": "办法"}, "indicators": indicators, **more})


def test_deductions_stop_at_their_cap_and_what_does_not_apply_is_shared_out() -> None:
    two = [verdict("1.1.a", "violated", number) for number in range(2)]
    alone = score_unit(UNIT, two, policy())
    assert alone.parts[0].lines[0].points == -8
    assert alone.parts[0].lines[0].uncapped == -10
    assert alone.total == Fraction(52) * 100 / 60  # the 40 points of what does not apply
    late = score_unit(UNIT, [*two, verdict("2.1.a", "late"), verdict("2.1.a", "met", 1)], policy())
    assert late.total == 52 + 40 * Fraction(3, 4)


def test_the_bonus_has_a_gate_and_a_veto_fails_whatever_else_was_done() -> None:
    bonus = {"max": 5, "above": 80, "items": [{"title": {"zh": "加分"}, "rules": ["4.1"], "each": 3}]}
    veto = {"title": {"zh": "否决"}, "rules": ["3.1.veto"], "score": 59}
    rules = policy(bonus=bonus, vetoes=[veto], grades=[{"title": {"zh": "合格"}, "at_least": 60}])
    good = [
        verdict("1.1.a", "met"),
        verdict("2.1.a", "met"),
        verdict("4.1.extra", "met"),
        verdict("4.1.extra", "met", 1),
    ]
    assert score_unit(UNIT, good, rules).total == 105
    gated = [*good, *(verdict("2.1.a", "violated", number) for number in range(1, 2))]
    assert score_unit(UNIT, gated, rules).gated
    assert score_unit(UNIT, gated, rules).total == 80
    vetoed = score_unit(UNIT, [*good, verdict("3.1.veto", "violated")], rules)
    assert vetoed.total == 59
    assert vetoed.grade is None
    assert len(vetoed.vetoes) == 1


def test_without_a_policy_there_is_no_score_and_no_ranking(run: Run) -> None:
    folder = run()
    assert not (folder / "scores.csv").exists()
    assert "名次" not in (folder / "index.html").read_text(encoding="utf-8")


def test_an_example_says_so_wherever_it_is_used_and_the_receipt_has_its_hash(run: Run, tmp_path: Path) -> None:
    # a unit that filed nothing has no score, the one that evaluates included
    entry = {"id": "office", "type": "training.held", "unit": "县政府办公室", "occurred_at": "2023-05-11"}
    office = write_log(tmp_path / "office.jsonl", entry)
    folder = run("--policy", str(EXAMPLE), "--events", str(office))
    for name in ("index.html", "units/minzheng.html"):
        assert "不能作为考核结果" in (folder / name).read_text(encoding="utf-8")
    with (folder / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["unit"]: row for row in csv.DictReader(file)}
    assert rows["minzheng"]["example"] == "true"
    assert rows["zhengfuban"]["evaluates"] == "true"
    assert rows.keys() == {"minzheng", "zhengfuban"}
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    assert re.fullmatch("[0-9a-f]{64}", scores["sha256"])
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["policy"]["sha256"] == scores["sha256"]
    unit = next(one for one in scores["units"] if one["unit"] == "minzheng")
    listed = {one["obligation"] for one in read_verdicts(folder)}
    told = {one for part in unit["parts"] for line in part["lines"] for one in line["obligations"]}
    assert told
    assert told <= listed
    page = (folder / "units" / "minzheng.html").read_text(encoding="utf-8")
    assert re.search(r"扣 \d+", page)
    assert (
        run("--policy", str(EXAMPLE), "--events", str(office), out="again").joinpath("scores.json").read_bytes()
        == (folder / "scores.json").read_bytes()
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rules: [N2, N6, N7]", "rules: [N2, N66]", "N66"),
        ("points: 5", "points: -5", "-5"),
        ("share: {late: 0.5}", "shares: {late: 0.5}", "share"),
        ('rules: ["10.*"]', 'rules: ["10.*", N6]', "N6.training"),
    ],
)
def test_a_mistake_in_a_policy_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    path = tmp_path / "policy.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    log = tmp_path / "log.jsonl"
    log.write_text(
        '{"id": "1", "type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-01"}\n', encoding="utf-8"
    )
    outcome = gongkai(
        capsys, "evaluate", "--events", log, "--preset", "annual", "--policy", path, "--out", tmp_path / "out"
    )
    assert outcome.status == 2
    assert f"policy.yaml:{line}:" in outcome.err
    assert said in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_unit_that_filed_nothing_cannot_come_first_or_be_praised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.jsonl"
    entry = {"id": "1", "type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"}
    assessed = {
        "id": "2",
        "type": "assessment.recorded",
        "unit": "县水务局",
        "occurred_at": "2023-06-10",
        "data": {"clause": "N9", "result": "pass", "evaluator": "县政府办公室"},
    }
    withdrawn = {"id": "3", "type": "training.held", "unit": "县财政局", "occurred_at": "2023-05-10"}
    gone = {"id": "4", "type": "training.held", "unit": "县财政局", "occurred_at": "2023-05-11", "retracts": "3"}
    last_year = {"id": "5", "type": "training.held", "unit": "县商务局", "occurred_at": "2022-05-10"}
    lines = [json.dumps(one, ensure_ascii=False) for one in (entry, assessed, withdrawn, gone, last_year)]
    log.write_text("\n".join(lines), encoding="utf-8")
    options = ("--as-of", "2023-12-31", "--no-reports", "--policy", EXAMPLE, "--out", tmp_path / "out")
    outcome = gongkai(capsys, "evaluate", "--events", log, *options)
    assert outcome.status == 0, outcome.err
    scores = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))
    by_unit = {one["unit_name"]: one for one in scores["units"]}
    assert by_unit["县民政局"]["rank"] == 1, "the one that filed is first of its group"
    assert {"县水务局", "县财政局", "县商务局"} & set(by_unit) == set(), "who filed nothing has neither score nor rank"
    assert [one["unit_name"] for one in scores["units"] if one["praise"]] in ([], ["县民政局"])
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert "minzheng" not in summary["unfiled"]
    assert {"shuiwu", "caizheng", "shangwu"} <= set(summary["unfiled"])
