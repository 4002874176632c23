from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.events.reading import csv_file
from tests.gongkai.commands import gongkai, read_verdicts
from tests.rules.small_book import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

WORDS = "types:\n  hearing.held: {zh: 听证会, en: hearing, subject: optional, attributes: [participants]}\n"
CASES = """\
rule: 3.10.training
cases:
  - name: 开过一次听证会
    as_of: 2023-12-31
    events: [{id: e1, type: hearing.held, unit: 县民政局, occurred_at: 2023-05-01}]
    expect: [{unit: 县民政局, status: met}]
  - name: 没有开过
    as_of: 2023-12-31
    events: []
    expect: [{unit: 县民政局, status: violated}]
"""


def _book(write: Callable[..., Path], words: str | None = WORDS) -> Path:
    folder = write(RULES.replace("training.held", "hearing.held"), **{"3.10.training": CASES})
    if words is not None:
        (folder / "vocabulary.yaml").write_text(words, encoding="utf-8")
    return folder


def test_a_book_adds_the_event_type_that_its_rule_asks_for(
    book_folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = _book(book_folder)
    checked = gongkai(capsys, "rules", "check", "--book", book)
    assert (checked.status, "错误" in checked.err) == (0, False), checked.err
    assert gongkai(capsys, "rules", "test", "--book", book).status == 0
    log = csv_file(tmp_path / "log.csv", [("编号", "类型", "单位", "日期"), ("1", "听证会", "县民政局", "2023-05-01")])
    out = tmp_path / "out"
    options = ("--events", log, "--book", book, "--as-of", "2023-12-31", "--unit", "县民政局", "--out", out)
    assert gongkai(capsys, "evaluate", *options).status == 0
    assert [(one["status"], one["evidence"]) for one in read_verdicts(out)] == [("met", ["1"])]
    assert "听证会" in (out / "units" / "minzheng.html").read_text(encoding="utf-8")
    explained = gongkai(capsys, "explain", "3.10.training/minzheng", *options[:-2][:6])
    assert (explained.status, "听证会" in explained.out) == (0, True), explained.err


def test_without_its_words_the_book_is_refused(
    book_folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = gongkai(capsys, "rules", "check", "--book", _book(book_folder, None))
    assert (outcome.status, "hearing.held" in outcome.err) == (2, True)


def test_a_mistake_in_the_words_of_a_book_is_told_with_its_line(
    book_folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = gongkai(
        capsys, "rules", "check", "--book", _book(book_folder, "types:\n  training.held: {subject: required}\n")
    )
    assert (outcome.status, "vocabulary.yaml:2:3: 错误 [vocabulary-conflict]" in outcome.err) == (2, True)


def test_the_schema_of_the_words_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "types" in json.loads(gongkai(capsys, "rules", "schema", "vocabulary").out)["properties"]
