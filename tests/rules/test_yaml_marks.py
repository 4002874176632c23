from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.yaml.nodes import MAX_BYTES, parse_yaml, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

BOMB = "a: &a [" + ",".join("x" * 9) + "]\n"
BOMB += "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_every_key_and_value_has_its_place() -> None:
    node, problems = parse_yaml("rules:\n  - id: a\n    quote: 甲乙\n", "f.yaml")
    assert problems == ()
    assert node is not None
    rule = node.items("rules")[0]
    assert str(rule.where) == "f.yaml:2:5"
    assert str(rule.children["quote"].key) == "f.yaml:3:5"
    assert str(rule.children["quote"].where) == "f.yaml:3:12"


def test_identifiers_dates_and_quoted_text_stay_text() -> None:
    node, _ = parse_yaml("clause: 3.10\nsubject: 0107\nby: 2023-02-31\nk: yes\nq: '1'\nn: 3.10\nt: true\nz: 010\n", "f")
    assert node is not None
    assert node.plain() == {
        "clause": "3.10",
        "subject": "0107",
        "by": "2023-02-31",
        "k": "yes",
        "q": "1",
        "n": 3.1,
        "t": True,
        "z": "010",
    }


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (BOMB, "file-too-large", "f.yaml:1:"),
        ("&a [*a]", "nested-too-deep", "f.yaml:1:1"),
        ("[" * 5000, "nested-too-deep", "f.yaml:1:41"),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "f.yaml:3:1"),
        ("a: [1\n", "yaml-syntax", "f.yaml:2:1"),
        ("a:\n\tb: 1\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: *nowhere\n", "yaml-syntax", "f.yaml:1:4"),
        ("a: !!python/object/apply:os.system [x]\n", "yaml-tag", "f.yaml:1:4"),
        ('a: "\\UFFFFFFFF"\n', "yaml-syntax", "f.yaml:1:1"),
        ("a: \x01", "yaml-syntax", "f.yaml:1:1"),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", "f.yaml:2:1"),
        ("? [a]\n: b\n", "bad-key", "f.yaml:1:3"),
        ("", "empty-file", "f.yaml:1:1"),
    ],
)
def test_what_is_not_yaml_is_a_problem_at_its_place(text: str, code: str, place: str) -> None:
    _, problems = parse_yaml(text, "f.yaml")
    assert [problem.code for problem in problems] == [code]
    assert str(problems[0].where).startswith(place)
    assert problems[0].fact.zh
    assert problems[0].cure.en


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: b\nc: 甲".encode("gbk"))
    node, problems = read_yaml(path)
    assert node is None
    assert [(p.code, p.where.line, p.where.column) for p in problems] == [("not-utf8", 2, 4)]


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    assert [problem.code for problem in read_yaml(path)[1]] == ["file-too-large"]


def test_a_file_that_is_not_there_or_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert [problem.code for problem in read_yaml(tmp_path / "none.yaml")[1]] == ["unreadable-file"]
    assert [problem.code for problem in read_yaml(tmp_path)[1]] == ["unreadable-file"]


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("\ufeffa: 1\n", encoding="utf-8")
    node, _ = read_yaml(path)
    assert node is not None
    assert node.plain() == {"a": 1}
