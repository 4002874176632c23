"""Words that a book takes over from another and that its own document does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.problems import Problem, Text
from rules.yaml.folded import departs, fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.loading.draft import BookDraft

SHOWN: Final = 5
"""How many clauses are shown with the words where they depart; the others by their ids."""


def inherited_words(draft: BookDraft) -> Iterator[Problem]:
    """Find the inherited clauses whose words the book's own document does not have; one warning for all of them.

    A book whose document does not say the old one again says so (`restates: false`).
    """
    own = fold_text(draft.own_source)
    if not own or not draft.entry.restates:
        return
    gone = [(one.id, missing) for one in draft.inherited if (missing := departs(one.text, own)) is not None]
    if not gone:
        return
    shown = "；".join(f"{name}（从“{missing}”起）" for name, missing in gone[:SHOWN])
    said = "; ".join(f"{name} (from {missing!r} on)" for name, missing in gone[:SHOWN])
    rest = [name for name, _ in gone[SHOWN:]]
    fact = Text(
        f"沿用的{len(draft.inherited)}个条款里，{len(gone)}个的原话新文件里没有：{shown}"
        + (f"；还有 {'、'.join(rest)}" if rest else ""),
        f"{len(gone)} of {len(draft.inherited)} inherited clauses have words that the new document lacks: {said}"
        + (f"; and {', '.join(rest)}" if rest else ""),
    )
    cure = Text(
        "新文件改了的，写成本规则库自己的条款，或者 drops；新文件不重述原文件的，写 restates: false",
        "Write what it changed as clauses of your own, or drop it; where it restates nothing, say restates: false",
    )
    where = draft.node.children["extends"].where
    yield Problem("words-not-in-document", where, fact, cure, str(len(gone)), severity="warning")
