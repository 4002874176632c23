from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kinds import KINDS
from rules.load import load_book
from rules.yaml.nodes import parse_yaml
from tests.rules.small_book import BOOK, READINGS, RULES, SOURCE

pytestmark = pytest.mark.slow

LINES = (RULES + READINGS).splitlines()
JUNK = ("[]", "{}", "null", "-1", "1e400", "x: y", '"', "- a", "*a", "&a b", "!!x y", "2023-13-01", "甲", ".inf", "")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("abc:- \n\t[]{}&*!|>'\"%@`#,?01甲\x00\ufeff"), max_size=60))
def test_any_text_is_read_or_is_a_problem(text: str) -> None:
    node, problems = parse_yaml(text, "f.yaml")
    assert node is not None or problems
    assert all(problem.where.line for problem in problems)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(LINES) - 1), st.sampled_from(JUNK), st.sampled_from(("key", "line")))
def test_any_broken_line_of_a_rule_is_a_problem_and_no_exception(
    tmp_path_factory: pytest.TempPathFactory, line: int, junk: str, replaced: str
) -> None:
    folder = tmp_path_factory.mktemp("book")
    key = LINES[line].split(":")[0] + ": " if replaced == "key" else ""
    rules = [*LINES[:line], key + junk, *LINES[line + 1 :]]
    for name, text in {"book.yaml": BOOK, "source.txt": SOURCE, "rules.yaml": "\n".join(rules) + "\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    book, problems = load_book(folder, KINDS)
    assert book is not None or problems
    assert all(problem.where.line and problem.fact.zh and problem.cure.en for problem in problems)
