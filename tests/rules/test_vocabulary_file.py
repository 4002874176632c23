from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest

from events.vocabulary import load_vocabulary, product_vocabulary, use_vocabulary
from rules.loading.vocabulary import words_of
from rules.schema import vocabulary_schema
from tests.events.reading import codes, column, csv_file, read

if TYPE_CHECKING:
    from pathlib import Path

WORDS = """\
attributes:
  hearing_place: {type: text, zh: 听证地点, synonyms: [地点]}
  channel: {values: [{value: app, zh: 掌上办, synonyms: [APP]}]}
types:
  hearing.held:
    {zh: 听证会, en: hearing, subject: required, attributes: [hearing_place, participants], synonyms: [召开听证会]}
  training.held: {synonyms: [业务学习]}
fields:
  unit: {synonyms: [主办科室单位]}
ignored: [流水]
"""


def _file(folder: Path, text: str = WORDS) -> Path:
    path = folder / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_adds_types_attributes_values_and_headings(tmp_path: Path) -> None:
    grown, problems = words_of(product_vocabulary(), files=[_file(tmp_path)])
    assert problems == ()
    assert grown.find_type("召开听证会") == "hearing.held"
    assert grown.find_type("业务学习") == "training.held"
    assert grown.has("hearing.held", "hearing_place")
    assert grown.attributes["channel"].find_value("app") == "app"
    assert "听证会" in grown.near_type("听证会议")
    assert product_vocabulary().find_type("听证会") is None


def test_a_log_is_read_with_the_words_in_use_and_with_no_other_context(tmp_path: Path) -> None:
    grown, _ = words_of(product_vocabulary(), files=[_file(tmp_path)])
    rows = [
        ("流水", "类型", "主办科室单位", "主题", "日期", "地点"),
        (1, "听证会", "县民政局", "甲", "2023-07-14", "二楼"),
    ]
    log = csv_file(tmp_path / "log.csv", rows)

    def inside() -> tuple[list[str], list[str], list[str]]:
        use_vocabulary(grown)
        result = read(log)
        return codes(result), column(result, "type"), column(result, "data.hearing_place")

    assert copy_context().run(inside) == ([], ["hearing.held"], ["二楼"])
    assert load_vocabulary() is product_vocabulary()
    assert "missing-column" in codes(read(log))


@pytest.mark.parametrize(
    ("text", "code", "value", "hint"),
    [
        ("types:\n  hearing.held: {en: x}\n", "missing-key", "hearing.held", "zh"),
        ("types:\n  Hearing: {zh: 听证会}\n", "bad-value", "Hearing", "hearing.held"),
        ("types:\n  a.b: {zh: 甲, attributes: [deleg]}\n", "unknown-attribute", "deleg", "delegates"),
        ("types:\n  a.b: {zh: 培训}\n", "word-taken", "培训", "换一个"),
        ("types:\n  training.held: {subject: required}\n", "vocabulary-conflict", "required", "同义词"),
        ("attributes:\n  a: {zh: 甲}\n", "missing-key", "a", "type"),
        ("attributes:\n  a: {type: text, zh: 单位}\n", "word-taken", "单位", "换一个"),
        ("attributes:\n  channel: {type: list}\n", "vocabulary-conflict", "list", "同义词"),
        ("attributes:\n  channel: {values: [{value: a, zh: 邮寄}]}\n", "word-taken", "邮寄", "换一个"),
        ("fields:\n  unti: {synonyms: [甲]}\n", "unknown-attribute", "unti", "unit"),
    ],
)
def test_what_cannot_be_added_is_told_with_its_line_and_nothing_is_added(
    tmp_path: Path, text: str, code: str, value: str, hint: str
) -> None:
    grown, problems = words_of(product_vocabulary(), files=[_file(tmp_path, text)])
    assert [(one.code, one.where.line, one.value) for one in problems] == [(code, 2, value)]
    assert hint in problems[0].cure.zh
    assert grown == product_vocabulary()


def test_a_key_that_there_is_not_is_told(tmp_path: Path) -> None:
    _, [problem] = words_of(product_vocabulary(), files=[_file(tmp_path, "typse: {}\n")])
    assert (problem.where.line, "types" in problem.cure.zh) == (1, True)


def test_the_same_words_of_two_files_are_no_conflict(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(WORDS, encoding="utf-8")
    _, problems = words_of(product_vocabulary(), files=[_file(tmp_path), other])
    assert problems == ()


def test_an_editor_knows_the_file() -> None:
    schema = vocabulary_schema()
    assert set(schema["properties"]) == {"fields", "attributes", "types", "ignored"}
    assert schema["additionalProperties"] is False
    assert {"zh", "subject", "attributes", "entered_by"} <= set(schema["$defs"]["TypeEntry"]["properties"])
