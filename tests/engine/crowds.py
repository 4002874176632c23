"""Crowds of random scenes, which are judged in one pass as so many counties, each a county of its own.

What a judging costs hardly depends on how many small logs it is of: a crowd is judged at many of the moments that its
scenes ask about, which are more cases than one judging for each scene, and take a fraction of the time.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings

from tests.engine.agreeing import THOROUGH, differences, expected, judged, judged_apart, rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

    from hypothesis.strategies import SearchStrategy

    from rules.units import Registry
    from tests.engine.strategies import Scene

    Asked = tuple[str, str | None, tuple[date, date] | None]

CROWD = 60
CROWDS = 10 if THOROUGH else 1
QUESTIONS = 4
"""At how many moments each crowd is judged."""
ALONE = 1
"""How many scenes of a crowd are judged by themselves too, as the log of the only county."""


def draw_crowds(scenes: SearchStrategy[Scene]) -> list[list[Scene]]:
    """Return crowds of random scenes, the same in every run where it is not a thorough one."""
    found: list[Scene] = []

    @settings(
        max_examples=CROWD * CROWDS,
        derandomize=not THOROUGH,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(scenes)
    def draw(scene: Scene) -> None:
        found.append(scene)

    draw()
    assert len(found) >= CROWD * CROWDS
    return [found[start : start + CROWD] for start in range(0, CROWD * CROWDS, CROWD)]


def asked(scene: Scene) -> Asked:
    """Return what a scene asks: the moment, what was known by when, and which days."""
    return scene.as_of, scene.known_by, scene.period


def questions(crowd: Sequence[Scene]) -> list[Asked]:
    """Return what some scenes of a crowd ask, all of it different."""
    return Random(len(crowd)).sample(sorted({asked(scene) for scene in crowd}, key=str), QUESTIONS)


def alone(crowd: Sequence[Scene]) -> list[Scene]:
    """Return some scenes of a crowd, of those with the longest logs."""
    longest = sorted(crowd, key=lambda scene: -len(scene.events))[: len(crowd) // 2]
    return Random(len(crowd)).sample(longest, ALONE)


def together(crowd: Sequence[Scene], registry: Registry, question: Asked) -> list[list[dict[str, Any]]]:
    """Return the verdicts of each scene of a crowd, sorted; the book of each is called after its place."""
    logs = [(scene.events, replace(rules_of(scene), id=f"book{place}")) for place, scene in enumerate(crowd)]
    return [
        sorted(rows, key=lambda row: (row["obligation"], row["trigger"] or ""))
        for rows in judged_apart(logs, registry, *question)
    ]


def agree_together(crowd: Sequence[Scene], registry: Registry) -> None:
    """Hold what the engine says of all scenes of a crowd against the oracle; the least of what fails is shown."""
    for question in questions(crowd):
        for place, (scene, found) in enumerate(zip(crowd, together(crowd, registry, question), strict=True)):
            book = replace(rules_of(scene), id=f"book{place}")
            if wrong := differences(found, expected(scene.events, book, registry, *question)):
                agree_alone(scene, registry, question)
                raise AssertionError(wrong, "though not where it is judged alone", question, scene)


def agree_alone(scene: Scene, registry: Registry, question: Asked | None = None) -> None:
    """Hold what the engine says of one scene against the oracle."""
    question = question or asked(scene)
    if differs(scene, registry, question):
        least = smallest(scene, registry, question)
        raise AssertionError(differs(least, registry, question), question, least)


def differs(scene: Scene, registry: Registry, question: Asked) -> list[str]:
    """Return where the engine and the oracle differ over a scene that is judged by itself."""
    book = rules_of(scene)
    return differences(
        judged(scene.events, book, registry, *question), expected(scene.events, book, registry, *question)
    )


def smallest(scene: Scene, registry: Registry, question: Asked) -> Scene:
    """Return a scene without the rules and the entries that it differs without."""
    rules = (replace(scene, rules=(rule,)) for rule in scene.rules) if len(scene.rules) > 1 else ()
    scene = next((one for one in rules if differs(one, registry, question)), scene)
    for event in reversed(scene.events):
        rest = tuple(one for one in scene.events if one is not event)
        kept = not any(event.id in (one.corrects, one.retracts) for one in rest)
        if kept and differs(less := replace(scene, events=rest), registry, question):
            scene = less
    return scene
