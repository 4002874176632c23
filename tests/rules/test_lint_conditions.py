"""Books whose conditions cannot run, or that no log can meet: refused by every command, with line and cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.lint.whole_book import lint_book
from rules.load import load_book
from tests.gongkai.commands import gongkai, write_log
from tests.rules.small_book import BOOK, RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.problems import Problem

HEAD = RULES[: RULES.index("    kind")]
EVENT = {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"}


def counted(event: str, where: str) -> str:
    """Return a rule that counts events under a condition."""
    return f"{HEAD}    kind: count\n    counted: {{event: {event}, where: {{{where}}}}}\n    at_least: 1\n"


def _lint(folder: Path) -> tuple[Problem, ...]:
    return lint_book(folder, KINDS, vocabulary=load_vocabulary())


@pytest.mark.parametrize(
    ("event", "where", "cure"),
    [
        ("information.published", "sensitive: state_secret", "Use includes"),
        ("column.updated", "topics: {equals: double_reduction}", "Use includes"),
        ("information.published", "sensitive: {one_of: [state_secret, privacy]}", "includes: [a, b]"),
        ("executive_meeting.attended", 'delegates: {includes: "3"}', "whole number"),
        ("executive_meeting.attended", "delegates: 2.5", "whole number"),
        ("executive_meeting.attended", "delegates: {more_than: 2, less_than: 3}", "Check the bounds"),
        ("executive_meeting.attended", "delegates: {one_of: [1, 2], at_least: 3}", "Check the bounds"),
        ("executive_meeting.attended", "delegates: {at_least: .inf}", "Write a number"),
        ("executive_meeting.attended", "delegates: {at_most: .nan}", "Write a number"),
        ("executive_meeting.attended", "delegates: true", "whole number"),
        ("request.received", "channel: {at_least: 3}", "equals or one_of"),
        ("request.received", "channel: {includes: post}", "equals or one_of"),
        ("request.received", "channel: 3", "There are"),
        ("request.received", "channel: {}", "Give a value or a bound"),
        ("request.received", "channel: {only_recorded: true}", "Give a value or a bound"),
        ("request.received", "channel: {equals: post, or_missing: true, only_recorded: true}", "Keep one"),
        ("request.extended", "approved: {at_least: 1}", "true or false"),
        ("request.extended", 'approved: "true"', "true or false"),
        ("request.extended", "working_days: ten", "whole number"),
        ("request.deferred", "until: {at_most: 5}", "Use equals or one_of, with dates"),
        ("request.deferred", "until: soon", "with dates"),
        ("assessment.recorded", "result: {one_of: [pass, 良好]}", "There are pass, fail"),
    ],
)
def test_a_condition_that_no_event_meets_is_refused(
    book_folder: Callable[..., Path], event: str, where: str, cure: str
) -> None:
    problems = [one for one in _lint(book_folder(rules=counted(event, where))) if one.severity == "error"]
    assert problems
    assert problems[0].where.line == 8
    assert problems[0].where.column
    assert any(cure in one.cure.en for one in problems)


def test_evaluate_refuses_what_the_check_refuses(
    book_folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = book_folder(rules=counted("request.received", "channel: {at_least: 3}"))
    log = write_log(tmp_path / "log.jsonl", EVENT)
    checked = gongkai(capsys, "rules", "check", "--book", folder)
    told = next(line for line in (checked.out + checked.err).splitlines() if "[unreachable-rule]" in line)
    common = ("--book", folder, "--events", log, "--as-of", "2023-12-31")
    runs = [
        gongkai(capsys, "evaluate", *common, "--out", tmp_path / "out"),
        gongkai(capsys, "check", "--unit", "县民政局", *common),
        gongkai(capsys, "due", "--within", "10 working days", *common),
        gongkai(capsys, "explain", "small-2023/3.10.training/minzheng/2023", *common),
    ]
    for run in (checked, *runs):
        assert run.status == 2
        assert told in run.out + run.err
    assert not (tmp_path / "out").exists()


def test_a_quote_that_is_not_the_clauses_is_refused_by_evaluate(
    book_folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = book_folder(rules=RULES.replace("每年至少培训 1 次", "每年至少培训 2 次"))
    log = write_log(tmp_path / "log.jsonl", EVENT)
    run = gongkai(
        capsys,
        "evaluate",
        "--book",
        str(folder),
        "--events",
        str(log),
        "--as-of",
        "2023-12-31",
        "--out",
        str(tmp_path / "o"),
    )
    assert run.status == 2
    assert "quote-not-in-clause" in run.out + run.err


@pytest.mark.parametrize(
    ("event", "where", "known"),
    [
        ("request.received", "channel: 网上", {"channel": "internet"}),
        ("policy.interpreted", "forms: {includes: 视频}", {"forms": "video"}),
        ("request.received", "applicant: {one_of: [自然人]}", {"applicant": "natural_person"}),
        ("依申请公开收到", "申请渠道: 邮寄", {"channel": "post"}),
    ],
)
def test_the_vocabularys_own_words_are_read_as_its_ids(
    book_folder: Callable[..., Path], event: str, where: str, known: dict[str, str]
) -> None:
    vocabulary = load_vocabulary()
    written = event if "." in event else vocabulary.types["request.received"].label.zh
    book, problems = load_book(book_folder(rules=counted(written, where)), KINDS, vocabulary=vocabulary)
    assert not problems
    assert book is not None
    group = book.rules[0].selectors()[0][1].where[0]
    found = {}
    for name, one in group.items():
        found[name] = one.equals or one.includes or (one.one_of or ("",))[0]
    assert found == known


def test_includes_with_several_words_is_any_of_them(
    book_folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = counted("policy.interpreted", "forms: {includes: [picture, 视频]}").replace(
        "owed_by: units", "owed_by: 县民政局"
    )
    base = {"type": "policy.interpreted", "unit": "县民政局", "occurred_at": "2023-05-10", "subject": "策"}
    statuses = []
    for form in ("picture", "video", "text"):
        log = write_log(tmp_path / f"{form}.jsonl", base | {"data": {"forms": [form]}})
        out = tmp_path / form
        folder = book_folder(rules=rules)
        options = ("--book", folder, "--as-of", "2023-12-31", "--out", out, "--no-reports")
        assert gongkai(capsys, "evaluate", "--events", log, *options).status == 0
        statuses.append('"status":"met"' in (out / "verdicts.jsonl").read_text().replace(" ", ""))
    assert statuses == [True, True, False]


@pytest.mark.parametrize(
    "fields",
    [
        "kind: respond\n    trigger: opinion.detected\n    response: opinion.detected\n    within: 3 working days",
        "kind: precede\n    act: information.published\n    before: information.published",
        "kind: cover\n    of: policy.issued\n    covered_by: policy.issued\n    by: 2023-12-31",
        "kind: count\n    counted: training.held\n    at_least: 0",
        "kind: hold\n    opened: staff.appointed\n    closed: staff.released\n    at_least: 0",
        "kind: due\n    expected: policy.evaluated\n    applies_if: policy.evaluated\n    by: 2023-12-31",
        "kind: reach\n    reported: indicator.reported\n    target: 0\n    figure: {zh: 人}\n    by: 2023-12-31",
    ],
)
def test_a_rule_that_is_true_by_itself_is_warned_of(book_folder: Callable[..., Path], fields: str) -> None:
    problems = _lint(book_folder(rules=f"{HEAD}    {fields}\n"))
    assert ("always-true", "warning") in {(one.code, one.severity) for one in problems}
    assert all(one.severity == "warning" for one in problems)


@pytest.mark.parametrize(
    "fields",
    [
        "kind: count\n    counted: training.held\n    at_least: 99999999999",
        "kind: reach\n    reported: indicator.reported\n    target: .inf\n    figure: {zh: 人}\n    by: 2023-12-31",
        "kind: due\n    expected: training.held\n    by: 9999-12-31",
        'kind: contain\n    act: {event: decision_page.opened, elements_in: page_contents}\n    covers: [""]',
        "kind: cover\n    items: [县民政局, '  ']\n    covered_by: institution.assessed\n    by: 2023-12-31",
    ],
)
def test_a_value_that_nothing_can_be_computed_with_is_refused(book_folder: Callable[..., Path], fields: str) -> None:
    problems = _lint(book_folder(rules=f"{HEAD}    {fields}\n"))
    assert "error" in {one.severity for one in problems}


@pytest.mark.parametrize("owed_by", ["[]", '["  "]', "[units, '']"])
def test_nobody_is_no_unit(book_folder: Callable[..., Path], owed_by: str) -> None:
    problems = _lint(book_folder(rules=RULES.replace("owed_by: units", f"owed_by: {owed_by}")))
    assert "error" in {one.severity for one in problems}


def test_a_unit_that_the_registry_lacks_is_told_once_and_stops_every_command(
    book_folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = RULES.replace("3.10.training", "3.10.again").replace("rules:\n", "")
    rules = (RULES + second).replace("owed_by: units", "owed_by: [县民政局, 县司发局]")
    folder = book_folder(rules=rules)
    log = write_log(tmp_path / "log.jsonl", EVENT)
    for run in (
        gongkai(capsys, "rules", "check", "--book", folder),
        gongkai(capsys, "evaluate", "--book", folder, "--events", log, "--as-of", "2023-12-31", "--out", "o"),
    ):
        said = run.out + run.err
        assert run.status == 2
        assert said.count("县司发局") == 1
        assert "县司法局" in said


def test_a_percentage_and_a_share_are_one_number(book_folder: Callable[..., Path]) -> None:
    text = "各单位政策解读率不低于95%。"
    book = _book_with(text)
    for share in ("0.95", "95%"):
        rules = (
            f"{HEAD}    kind: cover\n    of: policy.issued\n    covered_by: policy.interpreted\n"
            f"    share: {share}\n    by: 2023-12-31\n"
        ).replace("每年至少培训 1 次", text[:-1])
        folder = book_folder(book=book, rules=rules, source=text + "\n各单位应当公开年度方案。")
        assert {one.code for one in _lint(folder)} <= {"no-cases", "unaccounted-clause"}


def _book_with(text: str) -> str:
    return BOOK.replace("各单位每年至少培训 1 次。", text)


@pytest.mark.parametrize(
    ("title", "change", "told"),
    [
        ("每年至少培训 10 次", "at_least: 12", True),
        ("每年至少培训十次", "at_least: 12", True),
        ("每年至少培训 110 次", "at_least: 12", False),
        ("每年至少培训 10 次", "at_least: 12, title: {zh: 每年至少培训 12 次}", False),
        ("每年至少培训 10 次", "distinct: day", False),
    ],
)
def test_a_title_that_says_the_old_number_is_told(
    book_folder: Callable[..., Path], tmp_path: Path, title: str, change: str, *, told: bool
) -> None:
    rules = RULES.replace("at_least: 1", "at_least: 10").replace("{zh: 培训}", f"{{zh: {title}}}")
    base = book_folder(rules=rules)
    later = tmp_path / "later"
    later.mkdir()
    (later / "book.yaml").write_text(
        f"id: later-2023\ntitle: {{zh: 后来}}\ndocument: 甲\nissued_on: 2023-08-01\n"
        f"in_force: {{from: 2023-01-01, to: 2023-12-31}}\nextends: {base}\n"
        f"changes:\n  - rule: 3.10.training\n    set: {{{change}}}\n    reason: {{zh: 后来的要求}}\n"
    )
    assert ("stale-title" in {one.code for one in _lint(later)}) is told
