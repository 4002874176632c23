"""The clock of the engine against the oracle's, which goes from day to day, on random lives of requests."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from engine.evaluate import calendar_span
from engine.explain.clock_lines import ClockStory
from engine.kinds.respond import RespondRule
from engine.time.asof import AsOf
from events.problems import Text
from events.table import table_of
from events.vocabulary import load_vocabulary
from tests.engine.agreeing import SMALL, THOROUGH, calendar_for, differences, expected, judged, rules_of
from tests.engine.clock_crowds import life, moments, rules
from tests.engine.clock_scenes import scenes
from tests.engine.crowds import agree_alone, agree_together, alone, draw_crowds, questions, together
from tests.engine.strategies import Scene

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.slow

CROWDS = 60 if THOROUGH else 10
LIVES = 250
TIED = 25
"""A crowd with two stops of the same workdays, which two windows once put in two orders."""


def triggered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what only says that nothing triggered a rule: it depends on all lives together."""
    return [row for row in rows if row["trigger"] is not None]


@pytest.mark.parametrize("seed", sorted({*range(CROWDS), TIED}))
def test_the_clock_says_of_each_in_a_crowd_what_the_oracle_says_of_it_alone(seed: int) -> None:
    rng = Random(seed)
    lives = [life(rng, number) for number in range(LIVES)]
    as_of = moments(rng)
    book = rules_of(Scene((), tuple(rules()), as_of))
    found = triggered(judged([event for one in lives for event in one], book, SMALL, as_of))
    alone = [row for one in lives for row in triggered(expected(one, book, SMALL, as_of))]
    assert differences(found, alone) == []
    assert len({row["status"] for row in found}) >= 5, "a crowd has all sorts of ends"


def test_the_clock_says_what_the_oracle_counts_from_day_to_day() -> None:
    for crowd in draw_crowds(scenes()):
        agree_together(crowd, SMALL)
        for scene in alone(crowd):
            agree_alone(scene, SMALL)
        for question in questions(crowd):
            for scene, found in zip(crowd, together(crowd, SMALL, question), strict=True):
                comes_to_the_same_day(scene, question[0], found)


def comes_to_the_same_day(scene: Scene, as_of: str, found: list[dict[str, Any]]) -> None:
    """What explain prints comes to the day of the verdict."""
    book = rules_of(scene)
    calendar = calendar_for(*calendar_span([book], AsOf.parse(as_of)))
    rows = {row["id"]: row for row in table_of(scene.events, load_vocabulary()).to_pylist()}
    rules = {rule.id: rule for rule in book.rules if isinstance(rule, RespondRule) and rule.clock is not None}
    for verdict in found:
        if verdict["rule"] in rules and verdict["trigger"] is not None:
            others = [rows[event] for event in verdict["evidence"] if event != verdict["trigger"]]
            story = ClockStory(
                rules[verdict["rule"]], rows[verdict["trigger"]], others, calendar, lambda act: Text(act["id"], "")
            )
            assert story.due == verdict["due_on"], [verdict["obligation"], *(line.zh for line in story.lines)]
