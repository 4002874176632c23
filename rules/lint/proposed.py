"""Open questions of proposed rules: the same that the page of a draft says, by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.loading.resolved import LoadedRule


def left_to_decide(loaded: LoadedRule) -> Iterator[Problem]:
    """Find what is left to decide of a proposed rule: each thing at its line, or that it waits to be taken over."""
    rule = loaded.rule
    if rule.status is None:
        return
    cure = Text(
        f"改定以后 gongkai rules accept … {rule.id}，不要的删去",
        f"Put it right and accept {rule.id}, or delete it",
    )
    places = loaded.node.items("open")
    for text, place in zip(rule.open, places, strict=False):
        fact = Text(f"拟议的 {rule.id} 待定：{text}", f"proposed {rule.id}, to decide: {text}")
        yield Problem("to-decide", place.where, fact, cure, text, severity="warning")
    if not places:
        fact = Text(f"拟议的 {rule.id} 还没有定下", f"proposed {rule.id} has not been taken over")
        yield Problem("to-decide", loaded.node.where, fact, cure, rule.id, severity="warning")
