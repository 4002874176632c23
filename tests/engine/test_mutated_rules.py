"""Rules broken at random: whatever the check of a rulebook lets through runs."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.problems import has_errors
from events.read import read_events
from events.vocabulary import load_vocabulary
from rules.lint.whole_book import lint_book
from rules.load import load_book
from rules.loading.packaged import BOOKS
from rules.loading.registry import load_registry, packaged_registry
from tests.gongkai.commands import write_log

if TYPE_CHECKING:
    from pathlib import Path

ODD: tuple[Any, ...] = (
    *(0, -1, 1, 7, 2**31, 10**20, 0.5, float("inf"), float("nan"), 1e300, True, False, None),
    *(
        "",
        " ",
        "甲",
        "3",
        "true",
        "95%",
        "视频",
        "网上",
        "0 days",
        "3 working days",
        "9999 months",
        "2023-06-30",
        "9999-12-31",
    ),
    *(
        [],
        ["甲"],
        ["picture", "video"],
        [1, 2],
        {},
        {"equals": "甲"},
        {"at_least": 3},
        {"includes": "3"},
        {"one_of": ["甲"]},
    ),
    *(
        {"excludes": ["甲"]},
        {"or_missing": True},
        {"only_recorded": True},
        {"event": "training.held"},
        "opinion.answered",
    ),
)
WORDS = ("id", "clause", "title", "quote", "note", "basis", "readings", "look_for")
LOG = (
    {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"},
    {
        "type": "request.received",
        "unit": "县民政局",
        "subject": "甲",
        "occurred_at": "2023-03-01",
        "data": {"channel": "post"},
    },
    {"type": "request.answered", "unit": "县民政局", "subject": "甲", "occurred_at": "2023-03-20"},
    {
        "type": "policy.interpreted",
        "unit": "县民政局",
        "subject": "策",
        "occurred_at": "2023-04-01",
        "data": {"forms": ["video"]},
    },
    {
        "type": "indicator.reported",
        "unit": "县民政局",
        "occurred_at": "2023-04-01",
        "data": {"indicator": "甲", "value": 3},
    },
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - YAML values
    """Return the ways to every value inside a rule that is no word for people."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, one in value.items():
            found += _places(one, (*path, key)) if path or key not in WORDS else []
    elif isinstance(value, list):
        for key, one in enumerate(value):
            found += _places(one, (*path, key))
    return found


def _mutated(rng: random.Random, rule: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with one or two of its values replaced, taken out, or taken from another rule."""
    made = copy.deepcopy(rule)
    for _ in range(rng.choice((1, 1, 2))):
        path = rng.choice(_places(made))
        holder = made
        for step in path[:-1]:
            holder = holder[step]
        how = rng.random()
        if how < 0.15 and isinstance(holder, dict):
            del holder[path[-1]]
        elif how < 0.35:
            taken: Any = other
            for step in rng.choice(_places(other)):
                taken = taken[step]
            holder[path[-1]] = copy.deepcopy(taken)
        else:
            holder[path[-1]] = copy.deepcopy(rng.choice(ODD))
    return made


def _write(folder: Path, rules: list[dict[str, Any]]) -> None:
    text = "\n".join(rule["quote"] for rule in rules)
    clause = {"id": "A", "section": "一", "text": text}
    book = {
        "id": "odd-2023",
        "title": {"zh": "试"},
        "document": "试",
        "issued_on": "2023-01-01",
        "in_force": {"from": "2023-01-01", "to": "2023-12-31"},
        "source": "source.txt",
        "clauses": [clause],
    }
    folder.mkdir(exist_ok=True)
    (folder / "source.txt").write_text(text, encoding="utf-8")
    for name, value in (("book", book), ("rules", {"rules": rules})):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("seed", [0, 1, 100])
def test_whatever_the_check_lets_through_runs(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    shipped = [
        rule
        for name in ("jinxiang-2023", "regulation-2019")
        for path in sorted((BOOKS / name).glob("*.yaml"))
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules", ())
    ]
    registry, _ = load_registry(packaged_registry())
    assert registry is not None
    passed = []
    for number in range(120):
        rule = _mutated(rng, rng.choice(shipped), rng.choice(shipped))
        rule |= {"id": f"A.r{number}", "clause": "A"}
        _write(tmp_path / "one", [rule])
        if not has_errors(lint_book(tmp_path / "one", KINDS, vocabulary=load_vocabulary(), registry=registry)):
            passed.append(rule)
    assert 0 < len(passed) < 120
    _write(tmp_path / "all", passed)
    book, problems = load_book(tmp_path / "all", KINDS, vocabulary=load_vocabulary(), registry=registry)
    assert book is not None, problems
    as_of = AsOf.parse("2023-12-31")
    log = read_events((write_log(tmp_path / "log.jsonl", *LOG),), registry)
    rows = evaluate(log.table, [book], registry, as_of, china_calendar(*calendar_span([book], as_of))).to_pylist()
    assert {row["rule"] for row in rows} <= {rule["id"] for rule in passed}
