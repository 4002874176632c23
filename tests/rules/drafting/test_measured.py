"""How much of the hand-written rulebook of 2023 the draft of its document proposes, measured rule by rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from rules.drafting.draft import draft_of
from rules.drafting.notice import read_notice
from rules.drafting.reading.files import read_document
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry
from tests.rules.drafting.shapes import SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.book import Book
    from rules.model import Rule

DOCS = Path(__file__).parents[3] / "docs" / "rulebooks.md"

Figure = tuple[str, str, str]
"""A number, how it is compared, and the unit that it is counted in, where the rule says one."""


@pytest.fixture(scope="module")
def book() -> Book:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    [found], _ = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    return found


@pytest.fixture(scope="module")
def proposed() -> Mapping[str, list[dict[str, Any]]]:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    draft = draft_of(read_notice(read_document(SOURCE), SOURCE.name), load_vocabulary(), registry)
    return {one.clause.id: [dict(each.rule) for each in one.proposals] for one in draft.clauses}


def figure(rule: Mapping[str, Any]) -> Figure | None:
    """Return the number of a rule, None where it has none."""
    match rule["kind"]:
        case "reach":
            return (f"{rule['target']:g}", rule.get("compare") or "at_least", rule["figure"]["zh"])
        case "count":
            bound = "at_least" if rule.get("at_least") is not None else "at_most"
            return (f"{rule[bound]:g}", bound, "")
        case "hold":
            return (f"{rule['at_least']:g}", "at_least", "")
        case "respond" | "cover" | "contain" | "refresh":
            limit = rule.get("every" if rule["kind"] == "refresh" else "within")
            return limit and (str(limit).partition(" ")[0], "within", str(limit).partition(" ")[2])
    return None


def conditions(rule: Mapping[str, Any]) -> list[str]:
    """Return the numbers that the conditions of a rule hold its acts to."""
    acts = [one for one in rule.values() if isinstance(one, dict) and one.get("where")]
    tests = [test for act in acts for where in act["where"] for test in where.values()]
    bounds = [test.get(bound) for test in tests for bound in ("at_least", "more_than", "at_most", "less_than")]
    return [f"{bound:g}" for bound in bounds if bound is not None]


def written(number: str, words: str) -> bool:
    """Say whether a number stands in a text as one of its own: the 0 of 3900 does not."""
    return re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", words) is not None


def same(own: Figure, words: str, rule: Mapping[str, Any]) -> bool:
    """Say whether a proposal of the same words has a number, its comparison and unit: that of its quote, without."""
    other, quote, words = figure(rule), "".join(rule["quote"].split()), "".join(words.split())
    if other is None or own[:2] != other[:2] or not (quote in words or words in quote):
        return False
    return own[2] == other[2] or ("" in (own[2], other[2]) and f"{own[0]}{own[2] or other[2]}" in quote)


def test_numbers_of_hand_written_rules_stand_in_proposals(
    book: Book, proposed: Mapping[str, list[dict[str, Any]]]
) -> None:
    """Of the numbers that the clauses' words have, 95 % with comparison and unit, 80 % in a rule of that kind."""
    words = {clause.id: "".join(clause.text.split()) for clause in book.clauses}
    carrying, own_words, found, kind, bounds, alike = 0, 0, 0, 0, 0, 0
    for rule in book.rules:
        bounds += sum(written(bound, rule.quote) for bound in conditions(as_yaml(rule)))
        own = figure(as_yaml(rule))
        if own is None:
            continue
        carrying += 1
        alike += any(one["kind"] == rule.kind for one in proposed[rule.clause])
        if not written(own[0], words[rule.clause]):
            continue
        fitting = [one for one in proposed[rule.clause] if same(own, rule.quote, one)]
        own_words += 1
        found += bool(fitting)
        kind += any(one["kind"] == rule.kind for one in fitting)
    assert found / (own_words + bounds) >= 0.95
    assert kind / own_words >= 0.8
    assert carrying > own_words > 50
    page = "".join(DOCS.read_text("utf-8").split())
    for told in (
        f"{carrying}条带数，{own_words}条的数出自原文",
        f"加上条件里的{bounds}个，出自原文的{own_words + bounds}个数里，{found}个在拟议的规则里",
        f"{kind}条有同类型的拟议",
        f"全部{carrying}条带数的规则里，{alike}条",
    ):
        assert told in page, told


def as_yaml(rule: Rule) -> dict[str, Any]:
    return rule.model_dump(mode="json")


Counts = tuple[int, int, int, int]
"""Of the hand-written rules of a kind: how many, and how many have a proposal of the kind, owner and event type."""


def events_of(rule: Mapping[str, Any]) -> set[str]:
    """Return the event types that a rule names, and those that a proposal offers."""
    roles = ("counted", "trigger", "response", "expected", "act", "before", "of", "covered_by", "opened", "closed")
    named = [rule.get(role) for role in (*roles, "refreshed", "reported", "forbidden")]
    found = {one["event"] if isinstance(one, dict) else one for one in named if one}
    found |= {event for offered in (rule.get("candidates") or {}).values() for event in offered}
    return found | ({"assessment.recorded"} if rule["kind"] == "assess" else set())


def measured(book: Book, proposed: Mapping[str, list[dict[str, Any]]]) -> dict[str, Counts]:
    """Return by kind what the proposals of its clause have of each hand-written rule."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    found: dict[str, list[int]] = {}
    for rule in book.rules:
        offered = proposed[rule.clause]
        own, owners = as_yaml(rule), registry.members(rule.owed_by)
        counts = found.setdefault(rule.kind, [0, 0, 0, 0])
        counts[0] += 1
        counts[1] += any(one["kind"] == rule.kind for one in offered)
        counts[2] += any(registry.members(tuple(one["owed_by"])) == owners for one in offered)
        counts[3] += any(events_of(one) & events_of(own) for one in offered)
    return {kind: (a, b, c, d) for kind, (a, b, c, d) in sorted(found.items())}


def test_the_table_of_the_documentation_is_what_is_measured(
    book: Book, proposed: Mapping[str, list[dict[str, Any]]]
) -> None:
    """How many hand-written rules of each kind have a proposal of the same kind, owner, event type in their clause."""
    found = measured(book, proposed)
    whole = tuple(sum(counts) for counts in zip(*found.values(), strict=True))
    rows = [f"| `{kind}` | {a} | {b} | {c} | {d} |" for kind, (a, b, c, d) in found.items()]
    rows.append("| **合计** | " + " | ".join(map(str, whole)) + " |")
    page = DOCS.read_text("utf-8")
    assert [row for row in rows if row not in page] == [], "\n".join(rows)
