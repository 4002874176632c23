"""The clock of the engine against the oracle's, which goes from day to day, on random lives of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.clock_scenes import scenes
from tests.test_oracle_agrees import CHECKS, EXAMPLES, SMALL, differences, expected, judged, rules_of

if TYPE_CHECKING:
    from tests.strategies import Scene


@settings(CHECKS, max_examples=EXAMPLES)
@given(scenes())
def test_the_clock_says_what_the_oracle_counts_from_day_to_day(scene: Scene) -> None:
    book = rules_of(scene)
    found = judged(scene.events, book, SMALL, scene.as_of)
    assert differences(found, expected(scene.events, book, SMALL, scene.as_of)) == []
